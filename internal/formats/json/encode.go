// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json

import (
	"encoding/base64"
	"math"
	"strconv"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/text"
	"spate/internal/formats/fill"
	"spate/internal/sys/errs"
	"spate/schema"
)

// encoder writes rows as Flink does.
type encoder struct {
	config
	wanted []int
	keys   [][]byte // "name": of each wanted column.
	nodes  []*written
}

// written is a type within a column: the keys of a ROW, and the children in their physical order.
type written struct {
	keys [][]byte
	kids []*written
}

func newWritten(t *schema.Type) *written {
	w := &written{}
	if t.Root == schema.Row {
		for _, f := range t.Fields {
			w.keys = append(w.keys, keyOf(f.Name))
		}
	}
	for _, c := range t.Children() {
		w.kids = append(w.kids, newWritten(c))
	}
	return w
}

func newEncoder(c *connector.FormatContext) (connector.Encoder, error) {
	cfg, err := newConfig(c.Options)
	if err != nil {
		return nil, err
	}
	e := &encoder{config: cfg, wanted: c.Wanted}
	if e.wanted == nil {
		for i := range c.Columns {
			e.wanted = append(e.wanted, i)
		}
	}
	columns := make(schema.Schema, 0, len(e.wanted))
	for _, i := range e.wanted {
		columns = append(columns, c.Columns[i])
		e.keys = append(e.keys, keyOf(c.Columns[i].Name))
		e.nodes = append(e.nodes, newWritten(c.Columns[i].Type))
	}
	return e, check(columns)
}

func keyOf(name string) []byte { return append(appendString(nil, []byte(name)), ':') }

// Header implements connector.Encoder.
func (*encoder) Header() []byte { return nil }

// Encode implements connector.Encoder.
func (e *encoder) Encode(dst []byte, b *batch.Batch, positions []int32) ([]byte, error) {
	var err error
	for _, row := range positions {
		dst = append(dst, '{')
		first := true
		for k, i := range e.wanted {
			v := b.Col(i)
			if e.skipNulls && v.IsNull(int(row)) {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(dst, e.keys[k]...)
			if dst, err = e.value(dst, v, e.nodes[k], int(row)); err != nil {
				return dst, err
			}
		}
		dst = append(dst, "}\n"...)
	}
	return dst, nil
}

func (e *encoder) value(dst []byte, v *batch.Vector, w *written, i int) ([]byte, error) {
	if v.IsNull(i) {
		return append(dst, "null"...), nil
	}
	switch v.Type().Root {
	case schema.Char, schema.Varchar:
		return appendString(dst, v.Bytes(i)), nil
	case schema.Boolean:
		return strconv.AppendBool(dst, v.Bool(i)), nil
	case schema.Float:
		x := batch.Values[float32](v)[i]
		return quoteSpecial(float64(x), text.AppendFloat(dst, x), len(dst)), nil
	case schema.Double:
		x := batch.Values[float64](v)[i]
		return quoteSpecial(x, text.AppendDouble(dst, x), len(dst)), nil
	case schema.Decimal:
		return fill.AppendDecimal(dst, v, i, e.plain), nil
	case schema.Binary, schema.Varbinary:
		return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v.Bytes(i)), '"'), nil
	case schema.Date:
		return append(text.AppendDate(append(dst, '"'), batch.Values[int32](v)[i]), '"'), nil
	case schema.Time:
		return append(fill.AppendTime(append(dst, '"'), v, i), '"'), nil
	case schema.Timestamp, schema.TimestampTZ:
		dst = fill.AppendStamp(append(dst, '"'), v, i, e.style.Separator)
		if e.offset {
			dst = append(dst, 'Z')
		}
		return append(dst, '"'), nil
	case schema.TimestampLTZ:
		return append(fill.AppendStamp(append(dst, '"'), v, i, e.style.Separator), `Z"`...), nil
	case schema.IntervalYearMonth:
		return strconv.AppendInt(dst, int64(batch.Values[int32](v)[i]), 10), nil
	case schema.IntervalDayTime:
		return strconv.AppendInt(dst, batch.Values[int64](v)[i], 10), nil
	case schema.Array:
		return e.list(dst, v, w, i)
	case schema.Map, schema.Multiset:
		return e.entries(dst, v, w, i)
	case schema.Row:
		return e.row(dst, v, w, i)
	default:
		return text.AppendValue(dst, v, i, nil), nil
	}
}

// quoteSpecial puts quotes around NaN and the infinities, which JSON does not have.
func quoteSpecial(x float64, dst []byte, at int) []byte {
	if !math.IsNaN(x) && !math.IsInf(x, 0) {
		return dst
	}
	dst = append(dst, 0, '"')
	copy(dst[at+1:], dst[at:len(dst)-2])
	dst[at] = '"'
	return dst
}

func (e *encoder) list(dst []byte, v *batch.Vector, w *written, i int) ([]byte, error) {
	var err error
	o := v.Offsets()
	dst = append(dst, '[')
	for j := int(o[i]); j < int(o[i+1]); j++ {
		if j > int(o[i]) {
			dst = append(dst, ',')
		}
		if dst, err = e.value(dst, v.Child(0), w.kids[0], j); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func (e *encoder) entries(dst []byte, v *batch.Vector, w *written, i int) ([]byte, error) {
	var err error
	o, keys := v.Offsets(), v.Child(0)
	dst = append(dst, '{')
	first := true
	for j := int(o[i]); j < int(o[i+1]); j++ {
		var name []byte
		if !keys.IsNull(j) {
			name = keys.Bytes(j)
		} else {
			switch e.nullMode {
			case nullDrop:
				continue
			case nullLiteral:
				name = []byte(e.nullLiteral)
			default:
				return dst, errs.New(errs.BadRecord, "a map has a NULL key, which JSON cannot hold; set 'json.%s' to DROP or LITERAL", keyNullMode)
			}
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, name), ':')
		if dst, err = e.value(dst, v.Child(1), w.kids[1], j); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func (e *encoder) row(dst []byte, v *batch.Vector, w *written, i int) ([]byte, error) {
	var err error
	dst = append(dst, '{')
	first := true
	for c, key := range w.keys {
		if e.skipNulls && v.Child(c).IsNull(i) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, key...)
		if dst, err = e.value(dst, v.Child(c), w.kids[c], i); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

const hexDigits = "0123456789ABCDEF"

// appendString appends a JSON string. It escapes quotes, backslashes and control characters only.
func appendString(dst, s []byte) []byte {
	dst = append(dst, '"')
	start := 0
	for i, c := range s {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, s[start:]...), '"')
}
