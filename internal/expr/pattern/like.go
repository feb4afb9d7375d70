// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package pattern

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"spate/internal/col/mem"
)

// likeKind is the shape of a LIKE pattern.
type likeKind uint8

const (
	likeExact likeKind = iota
	likePrefix
	likeSuffix
	likeContains
	likeBoth // prefix%suffix
	likeAny  // %
	likeGeneral
)

// Like is a compiled LIKE pattern.
type Like struct {
	kind        likeKind
	first, last []byte
	parts       []part
	minLen      int
	fold        bool
	foldBuf     []byte
}

// part is one element of a general pattern.
type part struct {
	text []byte // Literal bytes.
	many bool   // %: any text.
	one  bool   // _: one code point.
}

// CompileLike compiles a pattern of LIKE: % is any text, _ one character, and escape, unless it is 0, takes the character after it
// literally, which must be %, _ or itself. With fold letters match in either case.
func CompileLike(pat string, escape rune, fold bool) (*Like, error) {
	l := &Like{fold: fold}
	if fold {
		pat = string(bytes.ToLower([]byte(pat)))
	}
	var lit []byte
	flush := func() {
		if len(lit) > 0 {
			l.parts = append(l.parts, part{text: lit})
			lit = nil
		}
	}
	for i, n := 0, 0; i < len(pat); n++ {
		r, size := utf8.DecodeRuneInString(pat[i:])
		switch {
		case escape != 0 && r == escape:
			next, nsize := utf8.DecodeRuneInString(pat[i+size:])
			if nsize == 0 || next != '%' && next != '_' && next != escape {
				return nil, fmt.Errorf("Invalid escape sequence '%s', %d", pat, n) //nolint:staticcheck // Flink's text.
			}
			lit = append(lit, pat[i+size:i+size+nsize]...)
			size += nsize
			n++
		case r == '%':
			flush()
			if len(l.parts) == 0 || !l.parts[len(l.parts)-1].many {
				l.parts = append(l.parts, part{many: true})
			}
		case r == '_':
			flush()
			// Neighbouring _ and % commute; the _ comes first.
			if k := len(l.parts); k > 0 && l.parts[k-1].many {
				l.parts[k-1] = part{one: true}
				l.parts = append(l.parts, part{many: true})
			} else {
				l.parts = append(l.parts, part{one: true})
			}
		default:
			lit = append(lit, pat[i:i+size]...)
		}
		i += size
	}
	flush()
	l.classify()
	return l, nil
}

// EscapeRune checks the argument of ESCAPE: one character.
func EscapeRune(s string) (rune, error) {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || size != len(s) {
		return 0, errors.New("Invalid escape character '" + s + "'")
	}
	return r, nil
}

func (l *Like) classify() {
	var shape []byte
	for _, p := range l.parts {
		switch {
		case p.many:
			shape = append(shape, '%')
		case p.one:
			shape = append(shape, '_')
			l.minLen++
		default:
			shape = append(shape, 't')
			l.minLen += len(p.text)
		}
	}
	switch string(shape) {
	case "":
		l.kind = likeExact
	case "t":
		l.kind, l.first = likeExact, l.parts[0].text
	case "t%":
		l.kind, l.first = likePrefix, l.parts[0].text
	case "%t":
		l.kind, l.last = likeSuffix, l.parts[1].text
	case "%t%":
		l.kind, l.first = likeContains, l.parts[1].text
	case "t%t":
		l.kind, l.first, l.last = likeBoth, l.parts[0].text, l.parts[2].text
	case "%":
		l.kind = likeAny
	default:
		l.kind = likeGeneral
	}
}

// Match tells whether the whole text matches.
func (l *Like) Match(s []byte) bool {
	if l.fold {
		l.foldBuf = append(l.foldBuf[:0], s...)
		s = lowerInPlace(l.foldBuf)
	}
	switch l.kind {
	case likeExact:
		return string(s) == mem.String(l.first)
	case likePrefix:
		return bytes.HasPrefix(s, l.first)
	case likeSuffix:
		return bytes.HasSuffix(s, l.last)
	case likeContains:
		return bytes.Contains(s, l.first)
	case likeBoth:
		return len(s) >= l.minLen && bytes.HasPrefix(s, l.first) && bytes.HasSuffix(s, l.last)
	case likeAny:
		return true
	default:
		return len(s) >= l.minLen && l.general(s)
	}
}

// general matches greedily with one point to fall back to: the last % seen.
func (l *Like) general(s []byte) bool {
	i, p := 0, 0
	backP, backI := -1, 0
	for {
		ok := true
		switch {
		case p == len(l.parts):
			if i == len(s) {
				return true
			}
			ok = false
		case l.parts[p].many:
			if p == len(l.parts)-1 {
				return true
			}
			backP, backI = p+1, i
			p++
		case l.parts[p].one:
			if i >= len(s) {
				return false
			}
			i += runeLen(s[i:])
			p++
		default:
			t := l.parts[p].text
			if len(s)-i >= len(t) && bytes.Equal(s[i:i+len(t)], t) {
				i += len(t)
				p++
			} else {
				ok = false
			}
		}
		if ok {
			continue
		}
		if backP < 0 || backI >= len(s) {
			return false
		}
		backI += runeLen(s[backI:])
		// A literal after the % is searched for at once.
		if t := l.parts[backP].text; t != nil {
			k := bytes.Index(s[backI:], t)
			if k < 0 {
				return false
			}
			backI += k
		}
		i, p = backI, backP
	}
}

func runeLen(s []byte) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRune(s)
	return n
}

// lowerInPlace lowers ASCII in place and falls back to a copy for the rest.
func lowerInPlace(s []byte) []byte {
	for i, c := range s {
		if c >= utf8.RuneSelf {
			return bytes.ToLower(s)
		}
		if c >= 'A' && c <= 'Z' {
			s[i] = c + 'a' - 'A'
		}
	}
	return s
}
