// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package pattern

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// CompileSimilar compiles a pattern of SIMILAR TO: the wildcards of LIKE plus | * + ? {n,m} ( ) [ ] of regular expressions.
func CompileSimilar(pat string, escape rune) (*Regexp, error) {
	var b strings.Builder
	b.WriteString(`(?s)\A(?:`)
	inClass := false
	for i := 0; i < len(pat); {
		r, size := utf8.DecodeRuneInString(pat[i:])
		i += size
		switch {
		case escape != 0 && r == escape:
			n, nsize := utf8.DecodeRuneInString(pat[i:])
			if nsize == 0 {
				return nil, fmt.Errorf("Invalid escape sequence '%s', %d", pat, i-size) //nolint:staticcheck // Flink's text.
			}
			b.WriteString(regexp.QuoteMeta(string(n)))
			i += nsize
		case inClass:
			if r == '\\' {
				b.WriteByte('\\')
			}
			inClass = r != ']'
			b.WriteRune(r)
		case r == '[':
			inClass = true
			b.WriteRune(r)
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteByte('.')
		case r == '\\':
			b.WriteString(`\\`)
		default:
			// Characters that SQL does not mention mean what they mean in regular expressions, as in Flink.
			b.WriteRune(r)
		}
	}
	b.WriteString(`)\z`)
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, fmt.Errorf("invalid pattern '%s' of SIMILAR TO: %w", pat, err)
	}
	return &Regexp{re: re}, nil
}
