// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package fill

import (
	"strconv"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/schema"
)

// AppendDecimal appends a DECIMAL as Flink's text formats do: without zeros at the end and, unless plain is asked for, in scientific
// notation where Java's BigDecimal prints it so (1E+2, 2.7E-8).
func AppendDecimal(dst []byte, v *batch.Vector, i int, plain bool) []byte {
	var x decimal.Int
	if v.Physical() == schema.PhysInt64 {
		x = decimal.FromInt64(batch.Values[int64](v)[i])
	} else {
		x = batch.Values[schema.Int128](v)[i]
	}
	if decimal.Sign(x) == 0 {
		return append(dst, '0')
	}
	scale := v.Type().Scale
	at := len(dst)
	dst = decimal.Append(dst, x, 0)
	first := at
	if dst[first] == '-' {
		first++
	}
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
		scale--
	}
	digits := len(dst) - first
	exponent := digits - 1 - scale
	if !plain && (scale < 0 || exponent < -6) {
		if digits > 1 {
			dst = append(dst, 0)
			copy(dst[first+2:], dst[first+1:])
			dst[first+1] = '.'
		}
		dst = append(dst, 'E')
		if exponent > 0 {
			dst = append(dst, '+')
		}
		return strconv.AppendInt(dst, int64(exponent), 10)
	}
	switch {
	case scale <= 0:
		for range -scale {
			dst = append(dst, '0')
		}
	case scale < digits:
		dst = append(dst, 0)
		copy(dst[len(dst)-scale:], dst[len(dst)-scale-1:])
		dst[len(dst)-scale-1] = '.'
	default:
		for range scale - digits + 2 {
			dst = append(dst, 0)
		}
		copy(dst[len(dst)-digits:], dst[first:first+digits])
		dst[first], dst[first+1] = '0', '.'
		for k := first + 2; k < len(dst)-digits; k++ {
			dst[k] = '0'
		}
	}
	return dst
}

// AppendTime appends a TIME as HH:mm:ss and as many digits of a fraction as it has.
func AppendTime(dst []byte, v *batch.Vector, i int) []byte {
	ms := batch.Values[int32](v)[i]
	precision := 0
	if ms%civil.MillisPerSecond != 0 {
		precision = 3
	}
	return text.AppendTime(dst, ms, precision)
}

// AppendStamp appends a timestamp with seconds and as many digits of a fraction as it has.
func AppendStamp(dst []byte, v *batch.Vector, i int, separator byte) []byte {
	micros, nanos := text.Micros(v, i)
	if separator == 'T' {
		return text.AppendTimestampISO(dst, micros, nanos, 0)
	}
	return text.AppendTimestampNanos(dst, micros, nanos, 0)
}
