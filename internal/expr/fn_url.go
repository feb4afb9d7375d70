// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"strings"

	"spate/batch"
	"spate/schema"
)

func urlFunctions() []*Function {
	str := P("", FamString)
	return []*Function{
		{
			Name: "URL_ENCODE", Doc: "A text in the form application/x-www-form-urlencoded.", Example: "URL_ENCODE('a b&c')", Result: "a+b%26c", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: RetNull(schema.TypeString)}}, Compile: textCompile(urlEncode),
		},
		{
			Name: "URL_DECODE", Doc: "The text of the form application/x-www-form-urlencoded; NULL when it is not of the form.", Example: "URL_DECODE('a+b%26c')", Result: "a b&c",
			Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: RetNull(schema.TypeString)}, {Params: []Param{str, P("", FamBool)}, Result: RetNull(schema.TypeString)}},
			Compile:   textCompile(urlDecode),
		},
		{
			Name: "PARSE_URL", Doc: "A part of a URL: HOST, PATH, QUERY (or one of its parameters), REF, PROTOCOL, AUTHORITY, FILE, USERINFO.",
			Example: "PARSE_URL('http://flink.apache.org/path?query=1', 'QUERY', 'query')", Result: "1", Category: "string", Strict: true,
			Overloads: []Overload{
				{Params: []Param{str, str}, Result: RetNull(schema.TypeString)}, {Params: []Param{str, str, str}, Result: RetNull(schema.TypeString)},
			},
			Compile: textCompile(parseURL),
		},
	}
}

func urlEncode(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	for _, c := range args[0].Bytes(r) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '*':
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = appendHex(append(dst, '%'), []byte{c}, "0123456789ABCDEF")
		}
	}
	return dst, true
}

func urlDecode(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	rounds := 1
	if len(args) == 2 && args[1].Bool(r) {
		rounds = maxDecodes
	}
	s := args[0].Bytes(r)
	for range rounds {
		out, ok := urlDecodeOnce(nil, s)
		if !ok {
			return dst, false
		}
		if bytes.Equal(out, s) {
			break
		}
		s = out
	}
	return append(dst, s...), true
}

// maxDecodes bounds the repeated decoding of URL_DECODE(text, TRUE).
const maxDecodes = 10

func urlDecodeOnce(dst, s []byte) ([]byte, bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '+':
			dst = append(dst, ' ')
		case '%':
			if i+2 >= len(s) {
				return dst, false
			}
			hi, lo := unhexDigit(s[i+1]), unhexDigit(s[i+2])
			if hi > 15 || lo > 15 {
				return dst, false
			}
			dst = append(dst, hi<<4|lo)
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst, true
}

// unhexDigit returns the value of a hexadecimal digit, above 15 when it is none.
func unhexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0xFF
}

// urlParts are those of java.net.URL; has says which are there.
type urlParts struct {
	protocol, authority, userInfo, host, path, query, ref string
	hasAuthority, hasUserInfo, hasQuery, hasRef           bool
}

// splitURL takes a URL apart as java.net.URL does: unknown protocols are refused.
func splitURL(s string) (u urlParts, ok bool) {
	scheme, rest, found := strings.Cut(s, ":")
	if !found {
		return u, false
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "ftp", "file", "jar", "mailto":
	default:
		return u, false
	}
	u.protocol = strings.ToLower(scheme)
	rest, u.ref, u.hasRef = strings.Cut(rest, "#")
	rest, u.query, u.hasQuery = strings.Cut(rest, "?")
	if after, found := strings.CutPrefix(rest, "//"); found {
		i := strings.IndexByte(after, '/')
		if i < 0 {
			i = len(after)
		}
		u.authority, u.path, u.hasAuthority = after[:i], after[i:], true
		u.host = u.authority
		if k := strings.LastIndexByte(u.authority, '@'); k >= 0 {
			u.userInfo, u.host, u.hasUserInfo = u.authority[:k], u.authority[k+1:], true
		}
		if k := strings.LastIndexByte(u.host, ':'); k >= 0 && !strings.HasSuffix(u.host, "]") {
			u.host = u.host[:k]
		}
		return u, true
	}
	u.path = rest
	return u, true
}

func parseURL(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	u, ok := splitURL(string(args[0].Bytes(r)))
	if !ok {
		return dst, false
	}
	part := string(args[1].Bytes(r))
	if len(args) == 3 {
		if part != "QUERY" || !u.hasQuery {
			return dst, false
		}
		key := string(args[2].Bytes(r))
		for p := range strings.SplitSeq(u.query, "&") {
			if k, v, found := strings.Cut(p, "="); found && k == key {
				return append(dst, v...), true
			}
		}
		return dst, false
	}
	switch part {
	case "PROTOCOL":
		return append(dst, u.protocol...), true
	case "HOST":
		return append(dst, u.host...), u.hasAuthority
	case "PATH":
		return append(dst, u.path...), true
	case "QUERY":
		return append(dst, u.query...), u.hasQuery
	case "REF":
		return append(dst, u.ref...), u.hasRef
	case "AUTHORITY":
		return append(dst, u.authority...), u.hasAuthority
	case "USERINFO":
		return append(dst, u.userInfo...), u.hasUserInfo
	case "FILE":
		dst = append(dst, u.path...)
		if u.hasQuery {
			dst = append(append(dst, '?'), u.query...)
		}
		return dst, true
	}
	return dst, false
}
