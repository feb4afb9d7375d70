// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"math/bits"

	"spate/internal/col/decimal"
)

// Number is the set of element types with arithmetic. Integers wrap around on overflow.
type Number = Ordered

// Integer is the set of integer element types.
type Integer interface {
	int8 | int16 | int32 | int64
}

// Add sets dst to a + b.
func Add[T Number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// AddConst sets dst to a + c.
func AddConst[T Number](dst, a []T, c T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + c
	}
}

// Sub sets dst to a - b.
func Sub[T Number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

// ConstSub sets dst to c - a.
func ConstSub[T Number](dst []T, c T, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = c - a[i]
	}
}

// Mul sets dst to a * b.
func Mul[T Number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// MulConst sets dst to a * c.
func MulConst[T Number](dst, a []T, c T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * c
	}
}

// Neg sets dst to -a.
func Neg[T Number](dst, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = -a[i]
	}
}

// DivFloat sets dst to a / b; dividing by zero gives the infinities and NaN.
func DivFloat[T float32 | float64](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] / b[i]
	}
}

// MulExact sets dst to the exact products a * c.
func MulExact(dst []decimal.Int, a []int64, c int64) {
	a = a[:len(dst)]
	if c >= 0 {
		// The sign of a alone corrects the unsigned product.
		u := uint64(c)
		for i, x := range a {
			hi, lo := bits.Mul64(uint64(x), u)
			dst[i] = decimal.Int{Lo: lo, Hi: int64(hi) - x>>63&c}
		}
		return
	}
	for i, x := range a {
		dst[i] = decimal.Mul64(x, c)
	}
}

// Divisor divides int64 by a positive constant without a division instruction.
type Divisor struct {
	d     int64
	magic uint64
	shift uint
	small bool // The divisor is a power of two.
}

// NewDivisor returns the divisor d > 0.
func NewDivisor(d int64) Divisor {
	if d&(d-1) == 0 {
		return Divisor{d: d, shift: uint(bits.TrailingZeros64(uint64(d))), small: true}
	}
	// For 0 <= x < 2^63: x/d = hi(x * magic) >> (l-1) with magic = ceil(2^(63+l)/d), l = ceil(log2 d).
	l := uint(bits.Len64(uint64(d - 1)))
	q, r := bits.Div64(1<<(l-1), 0, uint64(d))
	if r != 0 {
		q++
	}
	return Divisor{d: d, magic: q, shift: l - 1}
}

// Div returns x/d, rounded to zero.
func (d *Divisor) Div(x int64) int64 {
	s := x >> 63
	u := uint64((x ^ s) - s)
	var q int64
	if d.small {
		q = int64(u >> d.shift)
	} else {
		hi, _ := bits.Mul64(u, d.magic)
		q = int64(hi >> d.shift)
	}
	return (q ^ s) - s
}

// DivConst sets dst to a / d.
func DivConst[T Integer](dst, a []T, d *Divisor) {
	a = a[:len(dst)]
	for i, x := range a {
		dst[i] = T(d.Div(int64(x)))
	}
}

// ModConst sets dst to a modulo d, with the sign of a.
func ModConst[T Integer](dst, a []T, d *Divisor) {
	a = a[:len(dst)]
	for i, x := range a {
		dst[i] = x - T(d.Div(int64(x))*d.d)
	}
}
