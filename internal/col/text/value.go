// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strconv"
	"time"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/bitmap"
	"spate/internal/col/civil"
	"spate/schema"
)

// AppendValue appends row i of a vector as CAST to STRING prints it; NULL is "NULL" (inside of arrays, maps and rows too). zone is
// that of TIMESTAMP_LTZ values, nil for UTC.
func AppendValue(dst []byte, v *batch.Vector, i int, zone *time.Location) []byte {
	if v.IsNull(i) {
		return append(dst, "NULL"...)
	}
	if v.IsConst() {
		i = 0
	}
	t := v.Type()
	switch t.Root {
	case schema.Char, schema.Varchar:
		return append(dst, v.Bytes(i)...)
	case schema.Bitmap:
		return bitmap.AppendText(dst, v.Bytes(i))
	case schema.Binary, schema.Varbinary, schema.Variant, schema.Raw:
		return AppendUTF8(dst, v.Bytes(i))
	case schema.Boolean:
		return AppendBool(dst, v.Bool(i))
	case schema.Decimal:
		if v.Physical() == schema.PhysInt64 {
			return AppendDecimal64(dst, batch.Values[int64](v)[i], t.Scale)
		}
		return AppendDecimal(dst, batch.Values[schema.Int128](v)[i], t.Scale)
	case schema.TinyInt:
		return strconv.AppendInt(dst, int64(batch.Values[int8](v)[i]), 10)
	case schema.SmallInt:
		return strconv.AppendInt(dst, int64(batch.Values[int16](v)[i]), 10)
	case schema.Int:
		return strconv.AppendInt(dst, int64(batch.Values[int32](v)[i]), 10)
	case schema.BigInt:
		return strconv.AppendInt(dst, batch.Values[int64](v)[i], 10)
	case schema.Float:
		return AppendFloat(dst, batch.Values[float32](v)[i])
	case schema.Double:
		return AppendDouble(dst, batch.Values[float64](v)[i])
	case schema.Date:
		return AppendDate(dst, batch.Values[int32](v)[i])
	case schema.Time:
		return AppendTime(dst, batch.Values[int32](v)[i], t.Precision)
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		micros, nanos := Micros(v, i)
		if t.Root == schema.TimestampLTZ {
			micros = Local(micros, zone)
		}
		return AppendTimestampNanos(dst, micros, nanos, t.Precision)
	case schema.IntervalYearMonth:
		return AppendYearMonth(dst, batch.Values[int32](v)[i])
	case schema.IntervalDayTime:
		return AppendDayTime(dst, batch.Values[int64](v)[i])
	case schema.Array:
		return appendList(dst, v, i, zone)
	case schema.Map, schema.Multiset:
		return appendMap(dst, v, i, zone)
	case schema.Row, schema.Structured:
		return appendRow(dst, v, i, zone)
	default:
		return append(dst, "NULL"...)
	}
}

// Micros returns row i of a timestamp vector of any precision as microseconds and the nanoseconds below.
func Micros(v *batch.Vector, i int) (int64, int16) {
	x := batch.Values[int64](v)[i]
	switch p := v.Type().Precision; {
	case p <= 3:
		return x * 1000, 0
	case p <= 6:
		return x, 0
	}
	return x, v.Nanos()[i]
}

// Local returns the wall clock of a zone at an instant, both in microseconds; nil is UTC.
func Local(micros int64, zone *time.Location) int64 {
	if zone == nil || zone == time.UTC {
		return micros
	}
	_, offset := time.Unix(civil.FloorDiv(micros, 1_000_000), 0).In(zone).Zone()
	return micros + int64(offset)*1_000_000
}

func appendList(dst []byte, v *batch.Vector, i int, zone *time.Location) []byte {
	o := v.Offsets()
	dst = append(dst, '[')
	for j := int(o[i]); j < int(o[i+1]); j++ {
		if j > int(o[i]) {
			dst = append(dst, ", "...)
		}
		dst = AppendValue(dst, v.Child(0), j, zone)
	}
	return append(dst, ']')
}

func appendMap(dst []byte, v *batch.Vector, i int, zone *time.Location) []byte {
	o := v.Offsets()
	dst = append(dst, '{')
	for j := int(o[i]); j < int(o[i+1]); j++ {
		if j > int(o[i]) {
			dst = append(dst, ", "...)
		}
		dst = append(AppendValue(dst, v.Child(0), j, zone), '=')
		dst = AppendValue(dst, v.Child(1), j, zone)
	}
	return append(dst, '}')
}

func appendRow(dst []byte, v *batch.Vector, i int, zone *time.Location) []byte {
	dst = append(dst, '(')
	for c := range v.NumChildren() {
		if c > 0 {
			dst = append(dst, ", "...)
		}
		if v.Type().Root == schema.Structured {
			dst = append(append(dst, v.Type().Fields[c].Name...), '=')
		}
		dst = AppendValue(dst, v.Child(c), i, zone)
	}
	return append(dst, ')')
}

// AppendUTF8 appends bytes as text, with U+FFFD in place of what is no UTF-8.
func AppendUTF8(dst, b []byte) []byte {
	if utf8.Valid(b) {
		return append(dst, b...)
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		dst = utf8.AppendRune(dst, r)
		b = b[n:]
	}
	return dst
}
