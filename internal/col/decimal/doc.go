// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package decimal is arithmetic on the unscaled values of DECIMAL: 128-bit integers with a scale that the type holds.
//
// Values are plain and immutable; nothing allocates. Every function that can leave the range of 38 digits says so by a last result;
// rounding is HALF_UP (ties away from zero) throughout, as in Flink.
package decimal

import (
	"math/bits"

	"spate/schema"
)

// Int is the unscaled value of a DECIMAL.
type Int = schema.Int128

// MaxDigits is the greatest precision.
const MaxDigits = schema.MaxDecimal

// pow10 holds the powers of ten that fit.
var pow10 = func() (p [MaxDigits + 1]Int) {
	p[0] = Int{Lo: 1}
	for i := 1; i <= MaxDigits; i++ {
		p[i] = mulSmall(p[i-1], 10)
	}
	return p
}()

var pow64 = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < 20; i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// Pow10 returns 10^n for 0 <= n <= 38.
func Pow10(n int) Int { return pow10[n] }

// Pow64 returns 10^n for 0 <= n <= 19.
func Pow64(n int) uint64 { return pow64[n] }

// FromInt64 returns x.
func FromInt64(x int64) Int { return Int{Lo: uint64(x), Hi: x >> 63} }

// Int64 returns x as int64, and whether it fits.
func Int64(x Int) (int64, bool) { return int64(x.Lo), x.Hi == int64(x.Lo)>>63 }

// Neg returns -x.
func Neg(x Int) Int {
	lo, borrow := bits.Sub64(0, x.Lo, 0)
	hi, _ := bits.Sub64(0, uint64(x.Hi), borrow)
	return Int{Lo: lo, Hi: int64(hi)}
}

// Abs returns the magnitude of x and whether x is negative.
func Abs(x Int) (Int, bool) {
	if x.Hi < 0 {
		return Neg(x), true
	}
	return x, false
}

// Sign returns -1, 0 or 1.
func Sign(x Int) int {
	switch {
	case x.Hi < 0:
		return -1
	case x.Hi == 0 && x.Lo == 0:
		return 0
	}
	return 1
}

// Cmp compares two values of one scale.
func Cmp(a, b Int) int {
	switch {
	case a.Hi < b.Hi:
		return -1
	case a.Hi > b.Hi:
		return 1
	case a.Lo < b.Lo:
		return -1
	case a.Lo > b.Lo:
		return 1
	}
	return 0
}

// Less tells whether a < b, for values of one scale.
func Less(a, b Int) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

// Add returns a + b, which fits in 128 bits for values of at most 38 digits.
func Add(a, b Int) Int {
	lo, carry := bits.Add64(a.Lo, b.Lo, 0)
	hi, _ := bits.Add64(uint64(a.Hi), uint64(b.Hi), carry)
	return Int{Lo: lo, Hi: int64(hi)}
}

// Sub returns a - b, which fits in 128 bits for values of at most 38 digits.
func Sub(a, b Int) Int {
	lo, borrow := bits.Sub64(a.Lo, b.Lo, 0)
	hi, _ := bits.Sub64(uint64(a.Hi), uint64(b.Hi), borrow)
	return Int{Lo: lo, Hi: int64(hi)}
}

// mulSmall returns x*m for x >= 0, without a check.
func mulSmall(x Int, m uint64) Int {
	hi, lo := bits.Mul64(x.Lo, m)
	return Int{Lo: lo, Hi: int64(hi + uint64(x.Hi)*m)}
}

// Mul64 returns a*b exactly.
func Mul64(a, b int64) Int {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return Int{Lo: lo, Hi: int64(hi)}
}

// Fits tells whether x has at most precision digits.
func Fits(x Int, precision int) bool {
	m, _ := Abs(x)
	return m.Hi >= 0 && Less(m, pow10[precision])
}

// Digits returns the number of decimal digits of x; 1 for 0.
func Digits(x Int) int {
	m, _ := Abs(x)
	n := 1
	for n < MaxDigits && !Less(m, pow10[n]) {
		n++
	}
	if n == MaxDigits && !Less(m, pow10[n]) {
		n++
	}
	return n
}

// Rescale gives x of scale from the scale to, rounding, and tells whether the result has at most precision digits.
func Rescale(x Int, from, to, precision int) (Int, bool) {
	m, neg := Abs(x)
	w := wide{m.Lo, uint64(m.Hi)}
	w, ok := w.rescale(to - from)
	if !ok {
		return Int{}, false
	}
	return w.finish(neg, precision)
}

// Mul multiplies x of scale sx by y of scale sy into a value of the given precision and scale.
func Mul(x Int, sx int, y Int, sy, precision, scale int) (Int, bool) {
	a, an := Abs(x)
	b, bn := Abs(y)
	w, ok := mulWide(a, b).rescale(scale - sx - sy)
	if !ok {
		return Int{}, false
	}
	return w.finish(an != bn, precision)
}

// Div divides x of scale sx by y of scale sy, which must not be 0, into a value of the given precision and scale.
func Div(x Int, sx int, y Int, sy, precision, scale int) (Int, bool) {
	a, an := Abs(x)
	b, bn := Abs(y)
	// x / 10^sx / (y / 10^sy) * 10^scale = x * 10^(scale + sy - sx) / y.
	shift := scale + sy - sx
	num := wide{a.Lo, uint64(a.Hi)}
	if shift < 0 {
		// Dividing by y * 10^-shift in one step rounds once.
		d := mulWide(b, pow10[min(-shift, MaxDigits)])
		if d[2]|d[3] != 0 || int64(d[1]) < 0 || -shift > MaxDigits {
			return Int{}, true
		}
		b = Int{Lo: d[0], Hi: int64(d[1])}
	} else {
		var ok bool
		if num, ok = num.rescale(shift); !ok {
			return Int{}, false
		}
	}
	q, r := num.divmod(b)
	// Round half up: 2r >= b, without overflow.
	if rest := Sub(b, r); !Less(r, rest) {
		q = q.inc()
	}
	return q.finish(an != bn, precision)
}

// Rem returns x of scale sx modulo y of scale sy (sign of x) at the greater of both scales, as a value of the given precision and
// scale. y must not be 0.
func Rem(x Int, sx int, y Int, sy, precision, scale int) (Int, bool) {
	a, an := Abs(x)
	b, _ := Abs(y)
	s := max(sx, sy)
	num, ok := wide{a.Lo, uint64(a.Hi)}.rescale(s - sx)
	if !ok {
		return Int{}, false
	}
	den, ok := wide{b.Lo, uint64(b.Hi)}.rescale(s - sy)
	if !ok {
		return Int{}, false
	}
	var r wide
	if den[2]|den[3] != 0 || int64(den[1]) < 0 {
		// The divisor is greater than any 128-bit value; so the number is the remainder unless it is as great.
		r = num
		for !r.less(den) {
			r = r.sub(den)
		}
	} else {
		_, rem := num.divmod(Int{Lo: den[0], Hi: int64(den[1])})
		r = wide{rem.Lo, uint64(rem.Hi)}
	}
	if r, ok = r.rescale(scale - s); !ok {
		return Int{}, false
	}
	return r.finish(an, precision)
}

// Compare compares values of different scales exactly.
func Compare(x Int, sx int, y Int, sy int) int {
	if sx == sy {
		return Cmp(x, y)
	}
	if a, b := Sign(x), Sign(y); a != b {
		if a < b {
			return -1
		}
		return 1
	}
	a, neg := Abs(x)
	b, _ := Abs(y)
	s := max(sx, sy)
	wa, _ := wide{a.Lo, uint64(a.Hi)}.rescale(s - sx)
	wb, _ := wide{b.Lo, uint64(b.Hi)}.rescale(s - sy)
	c := 0
	if wa.less(wb) {
		c = -1
	} else if wb.less(wa) {
		c = 1
	}
	if neg {
		return -c
	}
	return c
}
