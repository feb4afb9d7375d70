// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package decimal

import "math/bits"

// wide is an unsigned 256-bit integer, low word first: the room for products and scaled numerators.
type wide [4]uint64

// mulWide returns a*b for a, b >= 0.
func mulWide(a, b Int) wide {
	h0, l0 := bits.Mul64(a.Lo, b.Lo)
	h1, l1 := bits.Mul64(a.Lo, uint64(b.Hi))
	h2, l2 := bits.Mul64(uint64(a.Hi), b.Lo)
	h3, l3 := bits.Mul64(uint64(a.Hi), uint64(b.Hi))
	var w wide
	var c, d uint64
	w[0] = l0
	w[1], c = bits.Add64(h0, l1, 0)
	w[1], d = bits.Add64(w[1], l2, 0)
	w[2], c = bits.Add64(h1, l3, c)
	w[2], d = bits.Add64(w[2], h2, d)
	w[3] = h3 + c + d
	return w
}

// mul returns w*m and whether it fits.
func (w wide) mul(m uint64) (wide, bool) {
	var carry uint64
	for i := range w {
		hi, lo := bits.Mul64(w[i], m)
		var c uint64
		w[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	return w, carry == 0
}

// div returns w/d and the remainder.
func (w wide) div(d uint64) (wide, uint64) {
	var rem uint64
	for i := 3; i >= 0; i-- {
		w[i], rem = bits.Div64(rem, w[i], d)
	}
	return w, rem
}

func (w wide) inc() wide {
	carry := uint64(1)
	for i := range w {
		w[i], carry = bits.Add64(w[i], 0, carry)
	}
	return w
}

func (w wide) sub(o wide) wide {
	var borrow uint64
	for i := range w {
		w[i], borrow = bits.Sub64(w[i], o[i], borrow)
	}
	return w
}

func (w wide) less(o wide) bool {
	for i := 3; i >= 0; i-- {
		if w[i] != o[i] {
			return w[i] < o[i]
		}
	}
	return false
}

func (w wide) zero() bool { return w[0]|w[1]|w[2]|w[3] == 0 }

// rescale multiplies w by 10^n, or divides it by 10^-n and rounds half up. It tells whether the result fits.
func (w wide) rescale(n int) (wide, bool) {
	ok := true
	for n > 0 && ok && !w.zero() {
		k := min(n, 19)
		w, ok = w.mul(pow64[k])
		n -= k
	}
	if !ok {
		return w, false
	}
	// All digits dropped but the last cannot decide a tie, so they are cut off first.
	for n < -1 && !w.zero() {
		k := min(-n-1, 19)
		w, _ = w.div(pow64[k])
		n += k
	}
	if n < 0 {
		var digit uint64
		if w, digit = w.div(10); digit >= 5 {
			w = w.inc()
		}
	}
	return w, true
}

// divmod returns w/d and the remainder, for d > 0.
func (w wide) divmod(d Int) (wide, Int) {
	if d.Hi == 0 {
		q, r := w.div(d.Lo)
		return q, Int{Lo: r}
	}
	// The divisor has two words: schoolbook division in base 2^64 with a normalised divisor.
	shift := uint(bits.LeadingZeros64(uint64(d.Hi)))
	d1 := uint64(d.Hi)<<shift | d.Lo>>(64-shift)
	d0 := d.Lo << shift
	if shift == 0 {
		d1 = uint64(d.Hi)
	}
	var u [5]uint64
	u[4] = w[3] >> (64 - shift)
	for i := 3; i > 0; i-- {
		u[i] = w[i]<<shift | w[i-1]>>(64-shift)
	}
	u[0] = w[0] << shift
	var q wide
	for j := 2; j >= 0; j-- {
		q[j] = quotient(&u, j, d1, d0)
	}
	lo := u[0]>>shift | u[1]<<(64-shift)
	return q, Int{Lo: lo, Hi: int64(u[1] >> shift)}
}

// quotient computes one word of a long division: u[j+2..j] by d1:d0, leaving the remainder in u.
func quotient(u *[5]uint64, j int, d1, d0 uint64) uint64 {
	var qhat, rhat uint64
	over := false
	if u[j+2] >= d1 {
		qhat = ^uint64(0)
		var c uint64
		rhat, c = bits.Add64(u[j+1], d1, 0)
		over = c != 0
	} else {
		qhat, rhat = bits.Div64(u[j+2], u[j+1], d1)
	}
	for !over {
		hi, lo := bits.Mul64(qhat, d0)
		if hi < rhat || hi == rhat && lo <= u[j] {
			break
		}
		qhat--
		var c uint64
		rhat, c = bits.Add64(rhat, d1, 0)
		over = c != 0
	}
	h0, l0 := bits.Mul64(qhat, d0)
	h1, l1 := bits.Mul64(qhat, d1)
	mid, c := bits.Add64(h0, l1, 0)
	top := h1 + c
	var borrow uint64
	u[j], borrow = bits.Sub64(u[j], l0, 0)
	u[j+1], borrow = bits.Sub64(u[j+1], mid, borrow)
	u[j+2], borrow = bits.Sub64(u[j+2], top, borrow)
	if borrow != 0 {
		qhat--
		u[j], c = bits.Add64(u[j], d0, 0)
		u[j+1], c = bits.Add64(u[j+1], d1, c)
		u[j+2] += c
	}
	return qhat
}

// finish returns the signed value and whether it has at most precision digits.
func (w wide) finish(neg bool, precision int) (Int, bool) {
	if w[2]|w[3] != 0 || int64(w[1]) < 0 {
		return Int{}, false
	}
	x := Int{Lo: w[0], Hi: int64(w[1])}
	if !Less(x, pow10[precision]) {
		return Int{}, false
	}
	if neg {
		x = Neg(x)
	}
	return x, true
}
