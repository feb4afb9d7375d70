// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package decimal

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// Append appends x of a scale in plain notation, with all digits of the scale: -1.20.
func Append(dst []byte, x Int, scale int) []byte {
	if v, ok := Int64(x); ok {
		return Append64(dst, v, scale)
	}
	m, neg := Abs(x)
	if neg {
		dst = append(dst, '-')
	}
	var buf [MaxDigits + 2]byte
	at := len(buf)
	hi, lo := uint64(m.Hi), m.Lo
	for n := 0; n <= scale || hi|lo != 0; n++ {
		if n == scale && scale > 0 {
			at--
			buf[at] = '.'
		}
		var r uint64
		hi, r = hi/10, hi%10
		lo, r = bits.Div64(r, lo, 10)
		at--
		buf[at] = byte('0' + r)
	}
	return append(dst, buf[at:]...)
}

// Append64 appends x of a scale in plain notation.
func Append64(dst []byte, x int64, scale int) []byte {
	if scale == 0 {
		return strconv.AppendInt(dst, x, 10)
	}
	m := uint64(x)
	if x < 0 {
		dst = append(dst, '-')
		m = -m
	}
	var buf [MaxDigits + 2]byte
	at := len(buf)
	for n := 0; n <= scale || m != 0; n++ {
		if n == scale {
			at--
			buf[at] = '.'
		}
		at--
		buf[at] = byte('0' + m%10)
		m /= 10
	}
	return append(dst, buf[at:]...)
}

// Status is the outcome of parsing.
type Status uint8

// The outcomes.
const (
	OK Status = iota
	Malformed
	Overflow // More digits before the point than the precision allows.
)

// Parse reads a number in plain or scientific notation (-1.25e3) into a value of the given precision and scale, rounding.
// Blanks around the number are not allowed.
func Parse(s []byte, precision, scale int) (Int, Status) {
	i, neg := 0, false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	var w wide
	var digits, frac, dropped int // Significant digits taken, digits after the point, integer digits beyond room.
	seen, point, round := false, false, -1
	for ; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			if s[i] != '.' || point {
				break
			}
			point = true
			continue
		}
		seen = true
		if digits >= maxParsed {
			if round < 0 {
				round = int(c)
			}
			if !point {
				dropped++
			}
			continue
		}
		if digits > 0 || c != 0 {
			digits++
		}
		w, _ = w.mul(10)
		w = w.add(uint64(c))
		if point {
			frac++
		}
	}
	if !seen {
		return Int{}, Malformed
	}
	exp, ok := parseExponent(s[i:])
	if !ok {
		return Int{}, Malformed
	}
	if w.zero() {
		return Int{}, OK
	}
	shift := scale - frac + dropped + exp
	if shift > 2*maxParsed {
		return Int{}, Overflow
	}
	if shift < -2*maxParsed {
		return Int{}, OK
	}
	if shift == 0 && round >= 5 {
		w = w.inc()
	} else if w, ok = w.rescale(shift); !ok {
		return Int{}, Overflow
	}
	x, ok := w.finish(neg, precision)
	if !ok {
		return Int{}, Overflow
	}
	return x, OK
}

// maxParsed is how many significant digits Parse keeps: enough for any value and its rounding digit.
const maxParsed = 76

func (w wide) add(x uint64) wide {
	var c uint64
	w[0], c = bits.Add64(w[0], x, 0)
	for i := 1; c != 0 && i < 4; i++ {
		w[i], c = bits.Add64(w[i], 0, c)
	}
	return w
}

// maxExponent bounds the exponents that are told apart.
const maxExponent = 100_000

func parseExponent(s []byte) (int, bool) {
	if len(s) == 0 {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	s = s[1:]
	neg := false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if len(s) == 0 {
		return 0, false
	}
	n := 0
	for _, b := range s {
		c := b - '0'
		if c > 9 {
			return 0, false
		}
		n = min(n*10+int(c), maxExponent)
	}
	if neg {
		n = -n
	}
	return n, true
}

// FromFloat rounds the decimal text of a float, its shortest as Java prints it, to the precision and scale. NaN and the infinities do not fit.
func FromFloat(f float64, bitSize, precision, scale int) (Int, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Int{}, false
	}
	var buf [32]byte
	x, st := Parse(strconv.AppendFloat(buf[:0], f, 'e', -1, bitSize), precision, scale)
	return x, st == OK
}

// Float returns the double nearest to x of a scale.
func Float(x Int, scale int) float64 {
	if v, ok := Int64(x); ok && v > -1<<53 && v < 1<<53 && scale <= 22 {
		return float64(v) / float64pow[scale]
	}
	var buf [MaxDigits + 8]byte
	f, _ := strconv.ParseFloat(string(Append(buf[:0], x, scale)), 64)
	return f
}

var float64pow = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// Big returns x as a big integer, for tests and cold paths.
func Big(x Int) *big.Int {
	b := big.NewInt(x.Hi)
	b.Lsh(b, 64)
	return b.Add(b, new(big.Int).SetUint64(x.Lo))
}
