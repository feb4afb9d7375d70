// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json

import (
	"unicode/utf16"
	"unicode/utf8"

	"spate/internal/col/mem"
	"spate/internal/formats/fill"
)

// str reads the string at p, which is a quote. The result aliases src or the scratch buffer.
func (d *decoder) str(src []byte, p int) (s []byte, next int) {
	p++
	start, end, ok := plainEnd(src, p)
	if !ok {
		return nil, d.failEnd(src)
	}
	if src[end] == '"' {
		s = src[start:end]
		if !utf8.Valid(s) {
			return nil, d.fail(start, "a string is not UTF-8")
		}
		return s, end + 1
	}
	d.scratch = d.scratch[:0]
	next = d.escapedString(src, p)
	if next < 0 {
		return nil, next
	}
	return d.scratch, next
}

// plainEnd returns the index of the first byte from p on that is a quote, a backslash or a control character.
func plainEnd(src []byte, p int) (start, end int, ok bool) {
	start = p
	for ; p+fill.WordSize <= len(src); p += fill.WordSize {
		w := mem.Load64(src, p)
		if m := fill.Special(w); m != 0 {
			return start, p + fill.First(m), true
		}
	}
	for ; p < len(src); p++ {
		if c := src[p]; c == '"' || c == '\\' || c < ' ' {
			return start, p, true
		}
	}
	return start, p, false
}

// escapedString appends the string whose first byte is at p to the scratch buffer and returns the index behind its quote.
func (d *decoder) escapedString(src []byte, p int) int {
	for {
		start, end, ok := plainEnd(src, p)
		if !ok {
			return d.failEnd(src)
		}
		if !utf8.Valid(src[start:end]) {
			return d.fail(start, "a string is not UTF-8")
		}
		d.scratch = append(d.scratch, src[start:end]...)
		switch {
		case src[end] == '"':
			return end + 1
		case src[end] != '\\':
			return d.fail(end, "a string holds a control character")
		}
		if p = d.escape(src, end); p < 0 {
			return p
		}
	}
}

// escape appends what the escape at p stands for and returns the index behind it.
func (d *decoder) escape(src []byte, p int) int {
	if p+1 >= len(src) {
		return d.failEnd(src)
	}
	switch c := plainEscapes[src[p+1]]; {
	case c != 0:
		d.scratch = append(d.scratch, c)
		return p + 2
	case src[p+1] == 'u':
		return d.unicode(src, p)
	}
	return d.fail(p, "an escape is not known")
}

// unicode reads \uXXXX, or two of them that make one character. A half of such a pair becomes a question mark, as in Flink.
func (d *decoder) unicode(src []byte, p int) int {
	r, ok := hex4(src, p)
	if !ok {
		if p+6 > len(src) {
			return d.failEnd(src)
		}
		return d.fail(p, "an escape is not known")
	}
	p += 6
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(src, p); ok {
			if c := utf16.DecodeRune(r, low); c != utf8.RuneError {
				d.scratch = utf8.AppendRune(d.scratch, c)
				return p + 6
			}
		}
		d.scratch = append(d.scratch, '?')
		return p
	}
	d.scratch = utf8.AppendRune(d.scratch, r)
	return p
}

// hex4 reads \uXXXX at p.
func hex4(src []byte, p int) (rune, bool) {
	if p+6 > len(src) || src[p] != '\\' || src[p+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range src[p+2 : p+6] {
		switch {
		case c-'0' <= 9:
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// skip passes the value at p.
func (d *decoder) skip(src []byte, p, depth int) int {
	if depth > maxDepth {
		return d.fail(p, "the values are nested too deep")
	}
	if p >= len(src) {
		return d.failEnd(src)
	}
	switch src[p] {
	case '"':
		return d.skipString(src, p)
	case '{', '[':
		return d.skipCollection(src, p, depth)
	default:
		_, next := d.scalar(src, p)
		return next
	}
}

func (d *decoder) skipString(src []byte, p int) int {
	for p++; ; {
		start, end, ok := plainEnd(src, p)
		if !ok {
			return d.failEnd(src)
		}
		if !utf8.Valid(src[start:end]) {
			return d.fail(start, "a string is not UTF-8")
		}
		switch {
		case src[end] == '"':
			return end + 1
		case src[end] != '\\':
			return d.fail(end, "a string holds a control character")
		}
		d.scratch = d.scratch[:0]
		if p = d.escape(src, end); p < 0 {
			return p
		}
	}
}

// skipCollection passes an object or array.
func (d *decoder) skipCollection(src []byte, p, depth int) int {
	isObject := src[p] == '{'
	closing := src[p] + 2 // } and ] are two behind { and [.
	p = space(src, p+1)
	if p < len(src) && src[p] == closing {
		return p + 1
	}
	for {
		if isObject {
			if p == len(src) || src[p] != '"' {
				return d.fail(p, "a key in quotes is expected")
			}
			if p = d.skipString(src, p); p < 0 {
				return p
			}
			if p = space(src, p); p == len(src) || src[p] != ':' {
				return d.fail(p, "a colon is expected")
			}
			p = space(src, p+1)
		}
		if p = d.skip(src, p, depth+1); p < 0 {
			return p
		}
		p = space(src, p)
		switch {
		case p == len(src):
			return d.failEnd(src)
		case src[p] == closing:
			return p + 1
		case src[p] != ',':
			return d.fail(p, "a comma or "+string(closing)+" is expected")
		}
		p = space(src, p+1)
	}
}

// compact appends the value at p to the scratch buffer, without blanks and with the escapes of the encoder, and returns the index behind it.
func (d *decoder) compact(src []byte, p, depth int) int {
	if depth > maxDepth {
		return d.fail(p, "the values are nested too deep")
	}
	if p >= len(src) {
		return d.failEnd(src)
	}
	switch src[p] {
	case '"':
		return d.compactString(src, p)
	case '{', '[':
	default:
		t, next := d.scalar(src, p)
		d.scratch = append(d.scratch, t.text...)
		return next
	}
	isObject, closing := src[p] == '{', src[p]+2
	d.scratch = append(d.scratch, src[p])
	p = space(src, p+1)
	for first := true; ; first = false {
		switch {
		case p == len(src):
			return d.failEnd(src)
		case src[p] == closing:
			d.scratch = append(d.scratch, closing)
			return p + 1
		case !first && src[p] != ',':
			return d.fail(p, "a comma or "+string(closing)+" is expected")
		case !first:
			d.scratch = append(d.scratch, ',')
			p = space(src, p+1)
		}
		if isObject {
			if p == len(src) || src[p] != '"' {
				return d.fail(p, "a key in quotes is expected")
			}
			if p = d.compactString(src, p); p < 0 {
				return p
			}
			if p = space(src, p); p == len(src) || src[p] != ':' {
				return d.fail(p, "a colon is expected")
			}
			d.scratch = append(d.scratch, ':')
			p = space(src, p+1)
		}
		if p = d.compact(src, p, depth+1); p < 0 {
			return p
		}
		p = space(src, p)
	}
}

// compactString appends a string as the encoder writes it.
func (d *decoder) compactString(src []byte, p int) int {
	at := len(d.scratch)
	next := d.escapedString(src, p+1)
	if next < 0 {
		return next
	}
	decoded := len(d.scratch)
	d.scratch = appendString(d.scratch, d.scratch[at:decoded])
	d.scratch = append(d.scratch[:at], d.scratch[decoded:]...)
	return next
}
