// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javatime

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Dialect is a family of patterns.
type Dialect uint8

// The dialects.
const (
	DateTime Dialect = iota // java.time.format.DateTimeFormatter.
	Simple                  // java.text.SimpleDateFormat.
)

// field is one element of a pattern: a letter and how often it stands, or a literal.
type field struct {
	letter byte // 0 for a literal; '[' and ']' for the bounds of an optional part.
	n      int
	lit    string
}

// Format is a compiled pattern.
type Format struct {
	fields  []field
	dialect Dialect
	unit    int64 // The output is the same within this many microseconds; 0: it differs with every nanosecond.
}

const (
	dateTimeLetters = "GuyDMLdQqYwWEecFaBhKkHmsSAnNVvzOXxZp"
	simpleLetters   = "GyYMLwWDdFEuaHkKhmsSzZX"
)

// Compile compiles a pattern. Letters that the dialect does not know are an error.
func Compile(pattern string, d Dialect) (*Format, error) {
	f := &Format{dialect: d}
	known := dateTimeLetters
	if d == Simple {
		known = simpleLetters
	}
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := 1
			for i+n < len(pattern) && pattern[i+n] == c {
				n++
			}
			if strings.IndexByte(known, c) < 0 {
				if d == Simple {
					return nil, fmt.Errorf("Illegal pattern character '%c'", c) //nolint:staticcheck // Java's text.
				}
				return nil, fmt.Errorf("Unknown pattern letter: %c", c) //nolint:staticcheck // Java's text.
			}
			if limit, ok := widths[c]; ok && d == DateTime && n > limit {
				return nil, fmt.Errorf("Too many pattern letters: %c", c) //nolint:staticcheck // Java's text.
			}
			f.fields = append(f.fields, field{letter: c, n: n})
			i += n
		case c == '\'':
			lit, end, err := quoted(pattern, i)
			if err != nil {
				return nil, err
			}
			f.literal(lit)
			i = end
		case d == DateTime && (c == '[' || c == ']'):
			f.fields = append(f.fields, field{letter: c})
			i++
		case d == DateTime && (c == '{' || c == '}' || c == '#'):
			return nil, fmt.Errorf("Pattern includes reserved character: '%c'", c) //nolint:staticcheck // Java's text.
		default:
			_, n := utf8.DecodeRuneInString(pattern[i:])
			f.literal(pattern[i : i+n])
			i += n
		}
	}
	f.unit = f.finest()
	err := f.check()
	return f, err
}

// widths bounds the repetition of letters.
var widths = map[byte]int{
	'd': 2, 'H': 2, 'h': 2, 'K': 2, 'k': 2, 'm': 2, 's': 2, 'D': 3, 'F': 1, 'S': 9, 'M': 5, 'L': 5, 'E': 5, 'a': 1, 'Q': 5, 'q': 5, 'w': 2, 'W': 1, 'G': 5,
	'e': 5, 'c': 5,
}

func (f *Format) literal(s string) {
	if k := len(f.fields); k > 0 && f.fields[k-1].letter == 0 {
		f.fields[k-1].lit += s
		return
	}
	f.fields = append(f.fields, field{lit: s})
}

// quoted reads a text in quotes that starts at i; two quotes are one.
func quoted(p string, i int) (lit string, end int, err error) {
	if strings.HasPrefix(p[i:], "''") {
		return "'", i + 2, nil
	}
	var b strings.Builder
	for i++; i < len(p); i++ {
		if p[i] != '\'' {
			b.WriteByte(p[i])
			continue
		}
		if i+1 < len(p) && p[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return b.String(), i + 1, nil
	}
	return "", 0, fmt.Errorf("Pattern ends with an incomplete string literal: %s", p) //nolint:staticcheck // Java's text.
}

func (f *Format) check() error {
	depth := 0
	for _, x := range f.fields {
		switch x.letter {
		case '[':
			depth++
		case ']':
			depth--
			if depth < 0 {
				return errors.New("Pattern invalid as it contains ] without previous [") //nolint:staticcheck // Java's text.
			}
		}
	}
	return nil
}

// finest returns the smallest span in which the output cannot change.
func (f *Format) finest() int64 {
	const second, minute, hour, day = int64(1_000_000), int64(60_000_000), int64(3_600_000_000), int64(86_400_000_000)
	unit := day
	for _, x := range f.fields {
		switch x.letter {
		case 'S', 'A', 'n', 'N':
			return 0
		case 's':
			unit = min(unit, second)
		case 'm':
			unit = min(unit, minute)
		case 'h', 'H', 'k', 'K', 'a', 'B', 'z', 'Z', 'X', 'x', 'O', 'V', 'v':
			unit = min(unit, hour)
		}
	}
	return unit
}
