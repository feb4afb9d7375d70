// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"math"
	"math/bits"
	"slices"
	"strconv"

	"spate/internal/col/decimal"
	"spate/internal/col/mem"
)

// AppendDouble appends a DOUBLE as Java's Double.toString: the shortest digits that give the value back, at least one after the
// point, in scientific notation outside of [1e-3, 1e7).
func AppendDouble(dst []byte, f float64) []byte { return appendFloat(dst, f, 64) }

// AppendFloat appends a FLOAT as Java's Float.toString.
func AppendFloat(dst []byte, f float32) []byte { return appendFloat(dst, float64(f), 32) }

func appendFloat(dst []byte, f float64, bitSize int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case f == 0:
		if math.Signbit(f) {
			return append(dst, "-0.0"...)
		}
		return append(dst, "0.0"...)
	}
	m := math.Abs(f)
	if m >= 1e-3 && m < 1e7 {
		start := len(dst)
		dst = strconv.AppendFloat(dst, f, 'f', -1, bitSize)
		if slices.Contains(dst[start:], '.') {
			return dst
		}
		return append(dst, ".0"...)
	}
	// Go prints d.ddde-07 or de+20; Java d.dddE-7 and d.0E20.
	var buf [32]byte
	var s []byte
	if m < 1<<63 && (bitSize == 64 && m >= 1<<53 || bitSize == 32 && m >= 1<<24) {
		s = appendBigWhole(buf[:0], f, bitSize)
	} else if s = strconv.AppendFloat(buf[:0], f, 'e', -1, bitSize); s[1] == 'e' || s[2] == 'e' {
		// Java prints two digits at least, and then those nearest to the value: 4.9E-324.
		var two [32]byte
		t := strconv.AppendFloat(two[:0], f, 'e', 1, bitSize)
		if back, err := strconv.ParseFloat(mem.String(t), bitSize); err == nil && back == f {
			s = append(buf[:0], t...)
		}
	}
	e := len(s) - 1
	for s[e] != 'e' {
		e--
	}
	mantissa, exp := s[:e], s[e+1:]
	dst = append(dst, mantissa...)
	if len(mantissa) <= 2 && mantissa[len(mantissa)-1] != '.' {
		dst = append(dst, ".0"...)
	}
	dst = append(dst, 'E')
	if exp[0] == '-' {
		dst = append(dst, '-')
	}
	exp = exp[1:]
	for len(exp) > 1 && exp[0] == '0' {
		exp = exp[1:]
	}
	return append(dst, exp...)
}

// appendBigWhole appends a whole number from the first that not all integers have up to 2^63, as releases of Java before 19 print it:
// all digits but those that are lost in the steps between neighbours, which are rounded away.
func appendBigWhole(dst []byte, f float64, bitSize int) []byte {
	if f < 0 {
		dst = append(dst, '-')
		f = -f
	}
	significant := 53
	if bitSize == 32 {
		significant = 24
	}
	v := uint64(f)
	exp := 0
	if lost := bits.Len64(v) - 1 - significant - 1; lost > 1 {
		for unit := uint64(10); unit <= 1<<uint(lost); unit *= 10 {
			exp++
		}
		unit := decimal.Pow64(exp)
		rest := v % unit
		v /= unit
		if rest >= unit/2 {
			v++
		}
	}
	for v%10 == 0 {
		v /= 10
		exp++
	}
	start := len(dst)
	dst = strconv.AppendUint(dst, v, 10)
	exp += len(dst) - start - 1
	if len(dst)-start > 1 {
		dst = append(dst, 0)
		copy(dst[start+2:], dst[start+1:])
		dst[start+1] = '.'
	}
	return strconv.AppendInt(append(dst, 'e', '+'), int64(exp), 10)
}

// AppendDecimal appends an unscaled DECIMAL value in plain notation.
func AppendDecimal(dst []byte, x decimal.Int, scale int) []byte { return decimal.Append(dst, x, scale) }

// AppendDecimal64 appends the unscaled value of a DECIMAL of at most 18 digits in plain notation.
func AppendDecimal64(dst []byte, x int64, scale int) []byte { return decimal.Append64(dst, x, scale) }

// AppendBool appends TRUE or FALSE.
func AppendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "TRUE"...)
	}
	return append(dst, "FALSE"...)
}

// ParseDecimal reads a number in plain or scientific notation into a DECIMAL(precision, scale), rounding half up. false means that
// it is malformed or has too many digits before the point.
func ParseDecimal(s []byte, precision, scale int) (decimal.Int, bool) {
	x, st := decimal.Parse(s, precision, scale)
	return x, st == decimal.OK
}

// ParseInt reads a decimal integer with an optional sign.
func ParseInt(s []byte) (int64, bool) {
	i, neg := 0, false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		i = 1
	}
	if i == len(s) {
		return 0, false
	}
	var n uint64
	for ; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 || n > (1<<63)/10 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	if neg {
		return -int64(n), n <= 1<<63
	}
	return int64(n), n < 1<<63
}

// ParseIntPrefix reads an integer as ParseInt does and takes a fraction after it, which it cuts off: 1.9 is 1.
func ParseIntPrefix(s []byte) (int64, bool) {
	for i, c := range s {
		if c == '.' {
			for _, d := range s[i+1:] {
				if d-'0' > 9 {
					return 0, false
				}
			}
			if i == 0 || i == 1 && (s[0] == '-' || s[0] == '+') {
				return 0, len(s) > i+1
			}
			return ParseInt(s[:i])
		}
	}
	return ParseInt(s)
}

// ParseDouble reads a DOUBLE as Java's Double.parseDouble does: blanks around, a type suffix (1.5d, 1f), NaN, Infinity and
// hexadecimal floats are taken; underscores and the words inf and nan are not.
func ParseDouble(s []byte) (float64, bool) { return parseFloat(s, 64) }

// ParseFloat reads a FLOAT as Java's Float.parseFloat does.
func ParseFloat(s []byte) (float32, bool) {
	f, ok := parseFloat(s, 32)
	return float32(f), ok
}

func parseFloat(s []byte, bitSize int) (float64, bool) {
	s = TrimJava(s)
	if len(s) == 0 {
		return 0, false
	}
	body := s
	if body[0] == '-' || body[0] == '+' {
		body = body[1:]
	}
	switch {
	case len(body) == 0:
		return 0, false
	case string(body) == "NaN":
		return math.NaN(), true
	case string(body) == "Infinity":
		if s[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	hex := len(body) > 1 && body[0] == '0' && body[1]|0x20 == 'x'
	if c := body[len(body)-1] | 0x20; (c == 'd' || c == 'f') && len(body) > 1 && (!hex || hasExponent(body)) {
		s, body = s[:len(s)-1], body[:len(body)-1]
	}
	for _, c := range body {
		lower := c | 0x20
		if c == '_' || !hex && lower >= 'a' && lower <= 'z' && lower != 'e' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(mem.String(s), bitSize)
	if err != nil && math.IsInf(f, 0) {
		return f, true // Out of range is infinity in Java.
	}
	return f, err == nil
}

func hasExponent(s []byte) bool {
	for _, c := range s {
		if c|0x20 == 'p' {
			return true
		}
	}
	return false
}

// TrimJava cuts bytes up to and including the blank off both ends, as Java's String.trim does.
func TrimJava(s []byte) []byte {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// ParseBool reads the words that CAST to BOOLEAN knows, in any case: t, true, y, yes, 1 and f, false, n, no, 0.
func ParseBool(s []byte) (value, ok bool) {
	var buf [5]byte
	if len(s) > len(buf) {
		return false, false
	}
	for i, c := range s {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	switch string(buf[:len(s)]) {
	case "t", "true", "y", "yes", "1":
		return true, true
	case "f", "false", "n", "no", "0":
		return false, true
	}
	return false, false
}
