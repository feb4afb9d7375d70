// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package csv

import (
	"bytes"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/internal/formats/fill"
	"spate/schema"
)

// field reads the field at p and returns its bytes, which alias src or the scratch buffer, and the index of the delimiter or line end
// behind it (or len(src) at the end of the input).
func (d *decoder) field(src []byte, p int, eof bool) (field []byte, next int, what outcome) {
	if p < len(src) && d.quoting && src[p] == d.quote {
		return d.quoted(src, p, eof)
	}
	if d.escaping {
		return d.escaped(src, p, eof)
	}
	start := p
	for ; p+fill.WordSize <= len(src); p += fill.WordSize {
		w := mem.Load64(src, p)
		if m := fill.Match2(w, d.delimiters, d.newlines); m != 0 {
			p += fill.First(m)
			return trimReturn(src, start, p), p, good
		}
	}
	for ; p < len(src); p++ {
		if src[p] == d.delimiter || src[p] == '\n' {
			return trimReturn(src, start, p), p, good
		}
	}
	if !eof {
		return nil, p, incomplete
	}
	return bytes.TrimSuffix(src[start:p], []byte{'\r'}), p, good
}

// trimReturn cuts the carriage return off a field that ends at a line end.
func trimReturn(src []byte, start, end int) []byte {
	if src[end] == '\n' && end > start && src[end-1] == '\r' {
		return src[start : end-1]
	}
	return src[start:end]
}

// unescaped returns what a character behind the escape character stands for.
func unescaped(c byte) byte {
	switch c {
	case '0':
		return 0
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// escaped reads an unquoted field with escapes.
func (d *decoder) escaped(src []byte, p int, eof bool) ([]byte, int, outcome) {
	d.scratch = d.scratch[:0]
	for ; p < len(src); p++ {
		c := src[p]
		switch c {
		case d.escape:
			p++
			if p == len(src) {
				if eof {
					return nil, p, d.fail(p-1, -1, "the input ends behind an escape character")
				}
				return nil, p, incomplete
			}
			d.scratch = append(d.scratch, unescaped(src[p]))
		case d.delimiter:
			return d.scratch, p, good
		case '\n':
			if src[p-min(p, 1)] == '\r' && len(d.scratch) > 0 {
				d.scratch = d.scratch[:len(d.scratch)-1]
			}
			return d.scratch, p, good
		default:
			d.scratch = append(d.scratch, c)
		}
	}
	if !eof {
		return nil, p, incomplete
	}
	return d.scratch, p, good
}

// quoted reads a field that starts with a quote.
func (d *decoder) quoted(src []byte, p int, eof bool) ([]byte, int, outcome) {
	open := p
	d.scratch = d.scratch[:0]
	lines := int64(0)
	for p++; ; p++ {
		if p >= len(src) {
			if !eof {
				return nil, p, incomplete
			}
			d.fail(open, -1, "the closing quote is missing")
			d.resume = len(src) // All the rest belongs to the field.
			return nil, p, malformed
		}
		c := src[p]
		if d.escaping && c == d.escape && c != d.quote {
			p++
			if p < len(src) {
				d.scratch = append(d.scratch, unescaped(src[p]))
			}
			continue
		}
		if c == '\n' {
			lines++
		}
		if c != d.quote {
			d.scratch = append(d.scratch, c)
			continue
		}
		if p+1 == len(src) && !eof {
			return nil, p, incomplete
		}
		if p+1 < len(src) && src[p+1] == d.quote {
			d.scratch = append(d.scratch, c)
			p++
			continue
		}
		break
	}
	// Blanks may follow the closing quote, nothing else.
	for p++; p < len(src) && src[p] != d.delimiter && src[p] != '\n'; p++ {
		if src[p] > ' ' {
			d.line += lines
			return nil, p, d.fail(p, -1, "there is more behind the closing quote")
		}
	}
	if p >= len(src) && !eof {
		return nil, p, incomplete
	}
	d.line += lines
	return d.scratch, p, good
}

// nested reads an array or a row from a field.
func (d *decoder) nested(v *batch.Vector, field []byte) (reason string) {
	d.values = d.values[:0]
	for rest := field; len(field) > 0; {
		i := bytes.Index(rest, mem.StringBytes(d.arrayDelimiter))
		if i < 0 {
			d.values = append(d.values, rest)
			break
		}
		d.values = append(d.values, rest[:i])
		rest = rest[i+len(d.arrayDelimiter):]
	}
	n := v.Len()
	if v.Type().Root == schema.Row {
		if len(d.values) == 0 {
			v.AppendNull()
			return ""
		}
		if len(d.values) != v.NumChildren() && !d.ignore || len(d.values) > v.NumChildren() {
			return "has another number of fields than the row"
		}
		for i := range v.NumChildren() {
			if i >= len(d.values) {
				v.Child(i).AppendNull()
			} else if reason = d.element(v.Child(i), d.values[i]); reason != "" {
				for k := range i {
					fill.Truncate(v.Child(k), n)
				}
				return reason
			}
		}
		v.EndStruct()
		return ""
	}
	before := v.Child(0).Len()
	for _, s := range d.values {
		if reason = d.element(v.Child(0), s); reason != "" {
			fill.Truncate(v.Child(0), before)
			return reason
		}
	}
	v.EndList()
	return ""
}

// element appends an element of a collection; one that is malformed is NULL when errors are ignored.
func (d *decoder) element(v *batch.Vector, s []byte) string {
	if d.hasNull && string(s) == d.null {
		v.AppendNull()
		return ""
	}
	reason := fill.AppendText(v, s, &style)
	if reason == "" {
		return ""
	}
	if d.ignore {
		d.fieldErrors++
		v.AppendNull()
		return ""
	}
	return "holds '" + textOf(s) + "', which " + reason
}
