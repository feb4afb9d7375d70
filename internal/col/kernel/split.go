// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"math/bits"

	"spate/internal/col/mem"
)

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// Part returns where the k-th part (0-based) of data[from:to], split at a byte, begins and ends. ok is false when there are fewer
// parts. It looks at eight bytes at a time: bit 7 of each byte of the mask is set exactly where the byte is the separator.
func Part(data []byte, from, to int, separator byte, k int) (start, end int, ok bool) {
	pattern := uint64(separator) * lows
	start = from
	i := from
	for ; i+8 <= to; i += 8 {
		x := mem.Load64(data, i) ^ pattern
		m := ^(x&^highs + ^uint64(highs) | x) & highs
		if m == 0 {
			continue
		}
		if n := int(m >> 7 * lows >> 56); n < k {
			k -= n
			continue
		}
		for ; m != 0; m &= m - 1 {
			if k == 0 {
				return start, i + bits.TrailingZeros64(m)>>3, true
			}
			if k--; k == 0 {
				start = i + bits.TrailingZeros64(m)>>3 + 1
			}
		}
	}
	for ; i < to; i++ {
		if data[i] != separator {
			continue
		}
		if k == 0 {
			return start, i, true
		}
		if k--; k == 0 {
			start = i + 1
		}
	}
	return start, to, k == 0
}
