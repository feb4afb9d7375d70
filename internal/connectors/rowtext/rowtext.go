// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package rowtext prints rows as Flink's Row.toString does: `+I[1, abc, null]`, every value as the text of the Java object that Flink
// hands to a print sink or to a test.
//
// That differs from CAST to STRING (package text): true instead of TRUE, null instead of NULL, 2020-10-10T00:00 for a timestamp
// without seconds, signed decimals for bytes, rows with their kind. Functions append to a buffer and hold no state.
package rowtext

import (
	"strconv"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/schema"
)

// AppendRow appends the row at position i: its kind and the fields.
func AppendRow(dst []byte, b *batch.Batch, i int) []byte {
	dst = append(dst, b.Kind(i).String()...)
	dst = append(dst, '[')
	for c, v := range b.Cols() {
		if c > 0 {
			dst = append(dst, ", "...)
		}
		dst = AppendValue(dst, v, i)
	}
	return append(dst, ']')
}

// AppendValue appends row i of a vector.
func AppendValue(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, "null"...)
	}
	t := v.Type()
	switch t.Root {
	case schema.Char, schema.Varchar:
		return append(dst, v.Bytes(i)...)
	case schema.Boolean:
		return strconv.AppendBool(dst, v.Bool(i))
	case schema.Decimal:
		return appendDecimal(dst, v, i)
	case schema.Binary, schema.Varbinary:
		return appendBytes(dst, v.Bytes(i))
	case schema.Date:
		return text.AppendDate(dst, batch.Values[int32](v)[i])
	case schema.Time:
		return appendTime(dst, int64(batch.Values[int32](v)[i])*nanosPerMilli, false)
	case schema.Timestamp, schema.TimestampTZ:
		micros, nanos := text.Micros(v, i)
		return appendDateTime(dst, micros, nanos, false)
	case schema.TimestampLTZ:
		micros, nanos := text.Micros(v, i)
		return append(appendDateTime(dst, micros, nanos, true), 'Z')
	case schema.IntervalYearMonth:
		return appendPeriod(dst, t.Unit, batch.Values[int32](v)[i])
	case schema.IntervalDayTime:
		return appendDuration(dst, batch.Values[int64](v)[i])
	case schema.Array:
		return appendList(dst, v, i)
	case schema.Map, schema.Multiset:
		return appendMap(dst, v, i)
	case schema.Row, schema.Structured:
		return appendNested(dst, v, i)
	default:
		return text.AppendValue(dst, v, i, nil)
	}
}

func appendList(dst []byte, v *batch.Vector, i int) []byte {
	o := v.Offsets()
	dst = append(dst, '[')
	for j := int(o[i]); j < int(o[i+1]); j++ {
		if j > int(o[i]) {
			dst = append(dst, ", "...)
		}
		dst = AppendValue(dst, v.Child(0), j)
	}
	return append(dst, ']')
}

func appendMap(dst []byte, v *batch.Vector, i int) []byte {
	o := v.Offsets()
	dst = append(dst, '{')
	for j := int(o[i]); j < int(o[i+1]); j++ {
		if j > int(o[i]) {
			dst = append(dst, ", "...)
		}
		dst = append(AppendValue(dst, v.Child(0), j), '=')
		dst = AppendValue(dst, v.Child(1), j)
	}
	return append(dst, '}')
}

// appendNested prints a ROW, which is always +I inside another row, and a structured type as its class with named fields.
func appendNested(dst []byte, v *batch.Vector, i int) []byte {
	structured := v.Type().Root == schema.Structured
	opening, closing := "+I[", byte(']')
	if structured {
		opening, closing = "(", ')'
	}
	dst = append(dst, opening...)
	for c := range v.NumChildren() {
		if c > 0 {
			dst = append(dst, ", "...)
		}
		if structured {
			dst = append(append(dst, v.Type().Fields[c].Name...), '=')
		}
		dst = AppendValue(dst, v.Child(c), i)
	}
	return append(dst, closing)
}

// appendBytes prints bytes as Java's Arrays.toString: signed numbers.
func appendBytes(dst, b []byte) []byte {
	dst = append(dst, '[')
	for i, c := range b {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = strconv.AppendInt(dst, int64(int8(c)), 10)
	}
	return append(dst, ']')
}

// appendDecimal prints as BigDecimal.toString, which turns to scientific notation below 10^-6.
func appendDecimal(dst []byte, v *batch.Vector, i int) []byte {
	var x decimal.Int
	if v.Physical() == schema.PhysInt64 {
		x = decimal.FromInt64(batch.Values[int64](v)[i])
	} else {
		x = batch.Values[schema.Int128](v)[i]
	}
	return AppendBigDecimal(dst, x, v.Type().Scale)
}

// leastExponent is the exponent below which BigDecimal.toString uses scientific notation.
const leastExponent = -6

// AppendBigDecimal appends an unscaled value of a scale as Java's BigDecimal.toString.
func AppendBigDecimal(dst []byte, x decimal.Int, scale int) []byte {
	digits := max(decimal.Digits(x), 1)
	exponent := digits - 1 - scale
	if exponent >= leastExponent {
		return decimal.Append(dst, x, scale)
	}
	at := len(dst)
	dst = decimal.Append(dst, x, 0)
	if dst[at] == '-' {
		at++
	}
	if digits > 1 {
		dst = append(dst, 0)
		copy(dst[at+2:], dst[at+1:])
		dst[at+1] = '.'
	}
	return strconv.AppendInt(append(dst, 'E'), int64(exponent), 10)
}

const (
	nanosPerMilli  = 1_000_000
	nanosPerMicro  = 1_000
	nanosPerSecond = 1_000_000_000
)

// appendDateTime prints as LocalDateTime.toString, or as Instant.toString, which always has seconds.
func appendDateTime(dst []byte, micros int64, nanos int16, seconds bool) []byte {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	dst = append(text.AppendDate(dst, int32(days)), 'T')
	return appendTime(dst, (micros-days*civil.MicrosPerDay)*nanosPerMicro+int64(nanos), seconds)
}

// appendTime prints as LocalTime.toString: seconds when they or the fraction are not 0, the fraction with 3, 6 or 9 digits.
func appendTime(dst []byte, nanos int64, seconds bool) []byte {
	s, fraction := int(nanos/nanosPerSecond), int(nanos%nanosPerSecond)
	dst = two(dst, s/3600)
	dst = two(append(dst, ':'), s/60%60)
	if s%60 == 0 && fraction == 0 && !seconds {
		return dst
	}
	dst = two(append(dst, ':'), s%60)
	if fraction == 0 {
		return dst
	}
	digits := 9
	for digits > 3 && fraction%1000 == 0 {
		fraction /= 1000
		digits -= 3
	}
	dst = append(dst, '.')
	at := len(dst)
	for range digits {
		dst = append(dst, '0')
	}
	for k := at + digits - 1; k >= at; k-- {
		dst[k] = byte('0' + fraction%10)
		fraction /= 10
	}
	return dst
}

func two(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// appendPeriod prints as java.time.Period.
func appendPeriod(dst []byte, unit schema.IntervalUnit, months int32) []byte {
	if months == 0 {
		return append(dst, "P0D"...)
	}
	dst = append(dst, 'P')
	years := int32(0)
	if unit != schema.UnitMonth {
		years, months = months/12, months%12
	}
	if years != 0 {
		dst = append(strconv.AppendInt(dst, int64(years), 10), 'Y')
	}
	if months != 0 {
		dst = append(strconv.AppendInt(dst, int64(months), 10), 'M')
	}
	return dst
}

// appendDuration prints milliseconds as java.time.Duration.
func appendDuration(dst []byte, millis int64) []byte {
	if millis == 0 {
		return append(dst, "PT0S"...)
	}
	dst = append(dst, "PT"...)
	whole := millis / 1000
	fraction := millis % 1000
	if h := whole / 3600; h != 0 {
		dst = append(strconv.AppendInt(dst, h, 10), 'H')
	}
	if m := whole / 60 % 60; m != 0 {
		dst = append(strconv.AppendInt(dst, m, 10), 'M')
	}
	s := whole % 60
	if s == 0 && fraction == 0 {
		return dst
	}
	if millis < 0 {
		dst = append(dst, '-')
		s, fraction = -s, -fraction
	}
	dst = strconv.AppendInt(dst, s, 10)
	if fraction != 0 {
		dst = append(dst, '.', byte('0'+fraction/100), byte('0'+fraction/10%10), byte('0'+fraction%10))
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, 'S')
}
