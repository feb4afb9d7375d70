// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"crypto/md5"  //nolint:gosec // MD5() is a function of SQL.
	"crypto/sha1" //nolint:gosec // SHA1() is a function of SQL.
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

func codeFunctions() []*Function { //nolint:funlen // A list of declarations.
	str, num, bin := P("", FamString), P("", FamInt), P("", FamBinary)
	return []*Function{
		{
			Name: "ASCII", Doc: "The code of the first byte of a text; 0 when it is empty.", Example: "ASCII('abc')", Result: "97", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeInt)}},
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
				if b := args[0].Bytes(r); len(b) > 0 {
					return int32(int8(b[0])), true
				}
				return 0, true
			})),
		},
		{
			Name: "CHR", Doc: "The character of a code, modulo 256; the empty text for negative ones.", Example: "CHR(97)", Result: "a", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{num}, Result: RetNull(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				n := intAt(args[0], r)
				if n < 0 {
					return dst, true
				}
				return utf8.AppendRune(dst, rune(n&0xFF)), true
			}),
		},
		{
			Name: "BIN", Doc: "A whole number in binary digits.", Example: "BIN(4)", Result: "100", Category: "arithmetic", Strict: true,
			Overloads: []Overload{{Params: []Param{num}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				return strconv.AppendUint(dst, uint64(intAt(args[0], r)), 2), true
			}),
		},
		{
			Name: "HEX", Doc: "A whole number, or the bytes of a text, in hexadecimal digits.", Example: "HEX('hello')", Result: "68656C6C6F", Category: "arithmetic", Strict: true,
			Overloads: []Overload{{Params: []Param{num}, Result: Ret(schema.TypeString)}, {Params: []Param{str}, Result: Ret(schema.TypeString)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				isText := call.Args[0].Type().IsString()
				return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
					if isText {
						return appendHex(dst, args[0].Bytes(r), "0123456789ABCDEF"), true
					}
					start := len(dst)
					dst = strconv.AppendUint(dst, uint64(intAt(args[0], r)), 16)
					for i := start; i < len(dst); i++ {
						if dst[i] >= 'a' {
							dst[i] -= 'a' - 'A'
						}
					}
					return dst, true
				}), nil
			},
		},
		{
			Name: "UNHEX", Doc: "The bytes of hexadecimal digits; NULL when the text is none.", Example: "CAST(UNHEX('466C696E6B') AS STRING)", Result: "Flink", Category: "arithmetic",
			Strict: true, Overloads: []Overload{{Params: []Param{P("expr", FamString)}, Result: RetNull(schema.TypeBytes)}}, Compile: textCompile(unhex),
		},
		{
			Name: "TO_BASE64", Doc: "The bytes of a text in base 64.", Example: "TO_BASE64('hello world')", Result: "aGVsbG8gd29ybGQ=", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeString)}, {Params: []Param{bin}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				return base64.StdEncoding.AppendEncode(dst, args[0].Bytes(r)), true
			}),
		},
		{
			Name: "FROM_BASE64", Doc: "The text that a text in base 64 stands for.", Example: "FROM_BASE64('aGVsbG8gd29ybGQ=')", Result: "hello world", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeString)}, {Params: []Param{bin}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				b, err := base64.StdEncoding.AppendDecode(dst, args[0].Bytes(r))
				return b, err == nil
			}),
		},
		{
			Name: "ENCODE", Doc: "A text as bytes in a character set: UTF-8, UTF-16, UTF-16BE, UTF-16LE, ISO-8859-1, US-ASCII.", Example: "HEX(DECODE(ENCODE('a', 'UTF-8'), 'UTF-8'))",
			Result: "61", Category: "string", Strict: true, Overloads: []Overload{{Params: []Param{str, str}, Result: Ret(schema.TypeBytes)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				return encodeText(dst, args[0].Bytes(r), string(args[1].Bytes(r)))
			}),
		},
		{
			Name: "DECODE", Doc: "Bytes in a character set as text.", Example: "DECODE(ENCODE('a', 'UTF-16'), 'UTF-16')", Result: "a", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{bin, str}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				return decodeText(dst, args[0].Bytes(r), string(args[1].Bytes(r)))
			}),
		},
		hashFunction("MD5", 32, func(b []byte) []byte { s := md5.Sum(b); return s[:] }, "900150983cd24fb0d6963f7d28e17f72"),
		hashFunction("SHA1", 40, func(b []byte) []byte { s := sha1.Sum(b); return s[:] }, "a9993e364706816aba3e25717850c26c9cd0d89d"),
		hashFunction("SHA224", 56, func(b []byte) []byte { s := sha256.Sum224(b); return s[:] }, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
		hashFunction("SHA256", 64, sha256Sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
		hashFunction("SHA384", 96, func(b []byte) []byte { s := sha512.Sum384(b); return s[:] },
			"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"),
		hashFunction("SHA512", 128, func(b []byte) []byte { s := sha512.Sum512(b); return s[:] },
			"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
		sha2(),
		{
			Name: "HASH_CODE", Doc: "The hash code that Java gives the value; of a text that of its characters.", Example: "HASH_CODE('abc')", Result: "96354", Category: "string",
			Strict: true, Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeInt)}},
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
				var h int32
				for _, u := range utf16.Encode([]rune(string(args[0].Bytes(r)))) {
					h = h*31 + int32(u)
				}
				return h, true
			})),
		},
		{
			Name: "IS_VALID_UTF8", Doc: "Whether bytes are valid UTF-8.", Example: "IS_VALID_UTF8(x'61')", Result: "TRUE", Category: "conversion", Strict: true,
			Overloads: []Overload{{Params: []Param{bin}, Result: Ret(schema.TypeBoolean)}},
			Compile:   fixedKernel(boolKernel(func(args []*batch.Vector, r int) (bool, bool) { return utf8.Valid(args[0].Bytes(r)), true })),
		},
		{
			Name: "MAKE_VALID_UTF8", Doc: "Bytes as text, with U+FFFD in place of what is no UTF-8.", Example: "MAKE_VALID_UTF8(x'61')", Result: "a", Category: "conversion", Strict: true,
			Overloads: []Overload{{Params: []Param{bin}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				return text.AppendUTF8(dst, args[0].Bytes(r)), true
			}),
		},
	}
}

func sha256Sum(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

func appendHex(dst, b []byte, digits string) []byte {
	for _, c := range b {
		dst = append(dst, digits[c>>4], digits[c&15])
	}
	return dst
}

func unhex(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	s := args[0].Bytes(r)
	if len(s)%2 == 1 {
		// Flink gives a byte 0 for the odd digit, whatever it is.
		if unhexDigit(s[0]) > 15 {
			return dst, false
		}
		dst, s = append(dst, 0), s[1:]
	}
	b, err := hex.AppendDecode(dst, s)
	return b, err == nil
}

// hashFunction declares a hash of a text or of bytes, in lower-case hexadecimal digits. The example is of 'abc'.
func hashFunction(name string, n int, sum func([]byte) []byte, result string) *Function {
	char := func(args []Arg) *schema.Type { return schema.NewChar(n).WithNull(anyNull(args)) }
	return &Function{
		Name: name, Doc: "The " + name + " hash in hexadecimal digits.", Example: name + "('abc')", Result: result, Category: "hash", Strict: true,
		Overloads: []Overload{{Params: []Param{P("", FamString)}, Result: char}, {Params: []Param{P("", FamBinary)}, Result: char}},
		Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
			return appendHex(dst, sum(args[0].Bytes(r)), "0123456789abcdef"), true
		}),
	}
}

func sha2() *Function {
	return &Function{
		Name: "SHA2", Doc: "A hash of the SHA-2 family of 224, 256, 384 or 512 bits, in hexadecimal digits.", Example: "SHA2('abc', 224)",
		Result: "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", Category: "hash", Strict: true, Fallible: true,
		Overloads: []Overload{
			{Params: []Param{P("", FamString), P("", FamInt)}, Result: Ret(schema.NewVarchar(128))},
			{Params: []Param{P("", FamBinary), P("", FamInt)}, Result: Ret(schema.NewVarchar(128))},
		},
		Compile: func(*Call, *Env) (Kernel, error) {
			return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
				b := args[0].Bytes(r)
				var s []byte
				switch n := intAt(args[1], r); n {
				case 224:
					x := sha256.Sum224(b)
					s = x[:]
				case 256:
					s = sha256Sum(b)
				case 384:
					x := sha512.Sum384(b)
					s = x[:]
				case 512:
					x := sha512.Sum512(b)
					s = x[:]
				default:
					return dst, false, fmt.Sprintf("Unsupported algorithm: SHA-%d", n)
				}
				return appendHex(dst, s, "0123456789abcdef"), true, ""
			}), nil
		},
	}
}

// encodeText appends a text in a character set; an unknown set gives NULL.
func encodeText(dst, s []byte, set string) ([]byte, bool) {
	switch strings.ToUpper(set) {
	case "UTF-8", "UTF8":
		return append(dst, s...), true
	case "US-ASCII", "ASCII", "ISO-8859-1":
		limit := rune(0x7F)
		if strings.EqualFold(set, "ISO-8859-1") {
			limit = 0xFF
		}
		for _, r := range string(s) {
			if r > limit {
				r = '?'
			}
			dst = append(dst, byte(r))
		}
		return dst, true
	case "UTF-16", "UTF-16BE", "UTF-16LE":
		if strings.EqualFold(set, "UTF-16") {
			dst = append(dst, 0xFE, 0xFF)
		}
		for _, u := range utf16.Encode([]rune(string(s))) {
			if strings.EqualFold(set, "UTF-16LE") {
				dst = append(dst, byte(u), byte(u>>8))
			} else {
				dst = append(dst, byte(u>>8), byte(u))
			}
		}
		return dst, true
	}
	return dst, false
}

// decodeText appends the text of bytes in a character set.
func decodeText(dst, b []byte, set string) ([]byte, bool) {
	switch strings.ToUpper(set) {
	case "UTF-8", "UTF8":
		return text.AppendUTF8(dst, b), true
	case "US-ASCII", "ASCII":
		for _, c := range b {
			if c >= utf8.RuneSelf {
				dst = utf8.AppendRune(dst, utf8.RuneError)
			} else {
				dst = append(dst, c)
			}
		}
		return dst, true
	case "ISO-8859-1":
		for _, c := range b {
			dst = utf8.AppendRune(dst, rune(c))
		}
		return dst, true
	case "UTF-16", "UTF-16BE", "UTF-16LE":
		little := strings.EqualFold(set, "UTF-16LE")
		if strings.EqualFold(set, "UTF-16") && len(b) >= 2 && (b[0] == 0xFE && b[1] == 0xFF || b[0] == 0xFF && b[1] == 0xFE) {
			little = b[0] == 0xFF
			b = b[2:]
		}
		us := make([]uint16, 0, len(b)/2)
		for ; len(b) >= 2; b = b[2:] {
			u := uint16(b[0])<<8 | uint16(b[1])
			if little {
				u = uint16(b[1])<<8 | uint16(b[0])
			}
			us = append(us, u)
		}
		return append(dst, string(utf16.Decode(us))...), true
	}
	return dst, false
}
