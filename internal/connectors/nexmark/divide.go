// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import "math/bits"

// divider divides numbers below 2^63 by a constant with a multiplication (Granlund and Montgomery, 1994). With l the binary
// logarithm of the divisor rounded up and m = floor(2^(63+l) / d) + 1, floor(n m / 2^(63+l)) is exact for n < 2^63.
type divider struct {
	magic uint64
	shift uint
	by    int64
}

func newDivider(d int64) divider {
	l := uint(bits.Len64(uint64(d - 1)))
	hi, lo := uint64(0), uint64(0)
	if l == 0 {
		lo = 1 << 63
	} else {
		hi = 1 << (l - 1)
	}
	q, _ := bits.Div64(hi, lo, uint64(d))
	return divider{magic: q + 1, shift: l, by: d}
}

// div returns n / d for 0 <= n < 2^63.
func (d *divider) div(n int64) int64 {
	hi, _ := bits.Mul64(uint64(n)<<1, d.magic)
	return int64(hi >> (d.shift & 63))
}
