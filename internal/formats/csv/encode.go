// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package csv

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/text"
	"spate/internal/formats/fill"
	"spate/schema"
)

// encoder writes records as Flink does: texts are quoted when they are long or hold a character up to the delimiter and the quote, so
// most texts with blanks are.
type encoder struct {
	config
	columns schema.Schema
	wanted  []int
	safe    byte // Characters below are quoted.
	scratch []byte
}

// longest is the number of UTF-16 characters above which a text is quoted without a look at it.
const longest = 24

func newEncoder(c *connector.FormatContext) (connector.Encoder, error) {
	cfg, err := newConfig(c.Options)
	if err != nil {
		return nil, err
	}
	e := &encoder{config: cfg, columns: c.Columns, wanted: c.Wanted, safe: max(cfg.delimiter, cfg.quote, '\n') + 1}
	if e.wanted == nil {
		for i := range c.Columns {
			e.wanted = append(e.wanted, i)
		}
	}
	written := make(schema.Schema, 0, len(e.wanted))
	for _, i := range e.wanted {
		written = append(written, c.Columns[i])
	}
	return e, check(written)
}

// Header implements connector.Encoder.
func (e *encoder) Header() []byte {
	if !e.header {
		return nil
	}
	var dst []byte
	for k, i := range e.wanted {
		if k > 0 {
			dst = append(dst, e.delimiter)
		}
		dst = e.quoted(dst, []byte(e.columns[i].Name))
	}
	return append(dst, '\n')
}

// Encode implements connector.Encoder.
func (e *encoder) Encode(dst []byte, b *batch.Batch, positions []int32) ([]byte, error) {
	for _, row := range positions {
		for k, i := range e.wanted {
			if k > 0 {
				dst = append(dst, e.delimiter)
			}
			dst = e.value(dst, b.Col(i), int(row))
		}
		dst = append(dst, '\n')
	}
	return dst, nil
}

// value writes one field.
func (e *encoder) value(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, e.null...)
	}
	switch v.Type().Root {
	case schema.Char, schema.Varchar:
		return e.quoted(dst, v.Bytes(i))
	case schema.Array, schema.Row, schema.Binary, schema.Varbinary, schema.Date, schema.Time, schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		e.scratch = e.plain(e.scratch[:0], v, i)
		return e.quoted(dst, e.scratch)
	default:
		return e.plain(dst, v, i)
	}
}

// plain writes a value without quotes.
func (e *encoder) plain(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, e.null...)
	}
	switch v.Type().Root {
	case schema.Char, schema.Varchar:
		return append(dst, v.Bytes(i)...)
	case schema.Boolean:
		return strconv.AppendBool(dst, v.Bool(i))
	case schema.Decimal:
		return fill.AppendDecimal(dst, v, i, !e.scientific)
	case schema.Binary, schema.Varbinary:
		return base64.StdEncoding.AppendEncode(dst, v.Bytes(i))
	case schema.Time:
		return fill.AppendTime(dst, v, i)
	case schema.Timestamp, schema.TimestampTZ:
		return fill.AppendStamp(dst, v, i, ' ')
	case schema.TimestampLTZ:
		return append(fill.AppendStamp(dst, v, i, ' '), 'Z')
	case schema.IntervalYearMonth:
		return strconv.AppendInt(dst, int64(batch.Values[int32](v)[i]), 10)
	case schema.IntervalDayTime:
		return strconv.AppendInt(dst, batch.Values[int64](v)[i], 10)
	case schema.Array:
		o := v.Offsets()
		for j := int(o[i]); j < int(o[i+1]); j++ {
			if j > int(o[i]) {
				dst = append(dst, e.arrayDelimiter...)
			}
			dst = e.plain(dst, v.Child(0), j)
		}
		return dst
	case schema.Row:
		for c := range v.NumChildren() {
			if c > 0 {
				dst = append(dst, e.arrayDelimiter...)
			}
			dst = e.plain(dst, v.Child(c), i)
		}
		return dst
	default:
		return text.AppendValue(dst, v, i, nil)
	}
}

// quoted writes a text, with quotes where needed.
func (e *encoder) quoted(dst, s []byte) []byte {
	if !e.quoting {
		if !e.escaping {
			return append(dst, s...)
		}
		for _, c := range s {
			if c == e.delimiter || c == e.escape {
				dst = append(dst, e.escape)
			}
			dst = append(dst, c)
		}
		return dst
	}
	if !e.needsQuotes(s) {
		return append(dst, s...)
	}
	dst = append(dst, e.quote)
	for _, c := range s {
		switch {
		case e.escaping && (c == e.quote || c == e.escape):
			dst = append(dst, e.escape)
		case c == e.quote:
			dst = append(dst, e.quote)
		}
		dst = append(dst, c)
	}
	return append(dst, e.quote)
}

func (e *encoder) needsQuotes(s []byte) bool {
	if len(s) > longest && utf16Len(s) > longest {
		return true
	}
	for _, c := range s {
		if c < e.safe || e.escaping && c == e.escape {
			return true
		}
	}
	return false
}

// utf16Len is the number of UTF-16 characters of a text.
func utf16Len(s []byte) int {
	n := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		if n++; r > 0xFFFF {
			n++
		}
		s = s[size:]
	}
	return n
}
