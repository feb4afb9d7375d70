// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

// AppendJSON appends row i as one JSON object in column order, without a newline. Numbers are JSON numbers (DECIMAL in plain
// notation with all digits of its scale, NaN and infinities as strings), DATE, TIME and TIMESTAMP are text with exactly as many
// digits as the type's precision, TIMESTAMP_LTZ is in UTC with a Z, BYTES are base64, a MAP is an object whose keys are texts, and
// all other types are text as CAST to STRING prints it.
func AppendJSON(dst []byte, names []string, b *batch.Batch, i int) []byte {
	dst = append(dst, '{')
	for c, v := range b.Cols() {
		if c > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, names[c]), ':')
		dst = appendJSONValue(dst, v, i)
	}
	return append(dst, '}')
}

func appendJSONValue(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, "null"...)
	}
	if v.IsConst() {
		i = 0
	}
	switch t := v.Type(); t.Root {
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.Decimal:
		return text.AppendValue(dst, v, i, time.UTC)
	case schema.Boolean:
		return strconv.AppendBool(dst, v.Bool(i))
	case schema.Float:
		return appendJSONFloat(dst, float64(batch.Values[float32](v)[i]), v, i)
	case schema.Double:
		return appendJSONFloat(dst, batch.Values[float64](v)[i], v, i)
	case schema.Binary, schema.Varbinary:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes(i))
		return append(dst, '"')
	case schema.TimestampLTZ:
		dst = append(dst, '"')
		dst = text.AppendValue(dst, v, i, time.UTC)
		return append(dst, `Z"`...)
	case schema.Date, schema.Time, schema.Timestamp:
		dst = append(dst, '"')
		dst = text.AppendValue(dst, v, i, time.UTC)
		return append(dst, '"')
	case schema.Array:
		dst = append(dst, '[')
		o := v.Offsets()
		for j := int(o[i]); j < int(o[i+1]); j++ {
			if j > int(o[i]) {
				dst = append(dst, ',')
			}
			dst = appendJSONValue(dst, v.Child(0), j)
		}
		return append(dst, ']')
	case schema.Map, schema.Multiset:
		dst = append(dst, '{')
		o := v.Offsets()
		for j := int(o[i]); j < int(o[i+1]); j++ {
			if j > int(o[i]) {
				dst = append(dst, ',')
			}
			dst = append(appendQuoted(dst, string(text.AppendValue(nil, v.Child(0), j, time.UTC))), ':')
			dst = appendJSONValue(dst, v.Child(1), j)
		}
		return append(dst, '}')
	case schema.Row, schema.Structured:
		dst = append(dst, '{')
		for c, f := range t.Fields {
			if c > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendQuoted(dst, f.Name), ':')
			dst = appendJSONValue(dst, v.Child(c), i)
		}
		return append(dst, '}')
	default:
		return appendQuoted(dst, string(text.AppendValue(nil, v, i, time.UTC)))
	}
}

// appendJSONFloat appends a number that JSON can hold, else its name as text.
func appendJSONFloat(dst []byte, f float64, v *batch.Vector, i int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return appendQuoted(dst, string(text.AppendValue(nil, v, i, nil)))
	}
	return text.AppendValue(dst, v, i, nil)
}

// appendQuoted appends a JSON string; bytes that are no UTF-8 become U+FFFD.
func appendQuoted(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s { // An invalid byte comes as utf8.RuneError.
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// AppendJSONTexts appends an object of texts, without a newline.
func AppendJSONTexts(dst []byte, names, cells []string) []byte {
	dst = append(dst, '{')
	for c, name := range names {
		if c > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, name), ':')
		dst = appendQuoted(dst, cells[c])
	}
	return append(dst, '}')
}
