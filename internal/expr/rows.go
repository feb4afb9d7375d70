// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math/bits"

	"spate/batch"
)

// Count returns the number of rows.
func (r Rows) Count() int {
	if r.Sel != nil {
		return len(r.Sel)
	}
	return r.N
}

// At returns the position of the i-th row.
func (r Rows) At(i int) int {
	if r.Sel != nil {
		return int(r.Sel[i])
	}
	return i
}

// Sparse tells whether the rows are so few of the positions that a loop over the selection beats one over all positions.
// Kernels that cannot fail may work on all positions when they are not.
func (r Rows) Sparse() bool { return r.Sel != nil && len(r.Sel)*4 < r.N }

// All returns the rows 0..n-1.
func All(n int) Rows { return Rows{N: n} }

// RowsOf returns the rows of a batch that count.
func RowsOf(b *batch.Batch) Rows { return Rows{N: b.Len(), Sel: b.Sel()} }

// selectBits appends to dst the rows whose bit is set; with invert those whose bit is clear. dst has room for all rows.
func selectBits(dst []int32, rows Rows, set []uint64, invert bool) []int32 {
	var flip uint64
	if invert {
		flip = ^flip
	}
	if rows.Sel != nil {
		k := len(dst)
		dst = dst[:k+len(rows.Sel)]
		for _, r := range rows.Sel {
			dst[k] = r
			k += int((set[r>>6] ^ flip) >> (uint(r) & 63) & 1)
		}
		return dst[:k]
	}
	k := len(dst)
	dst = dst[:k+rows.N]
	for w := 0; w<<6 < rows.N; w++ {
		m := set[w] ^ flip
		if left := rows.N - w<<6; left < 64 {
			m &= 1<<uint(left) - 1
		}
		base := int32(w << 6)
		if m == ^uint64(0) {
			for j := range int32(64) {
				dst[k+int(j)] = base + j
			}
			k += 64
			continue
		}
		for m != 0 {
			dst[k] = base + int32(bits.TrailingZeros64(m))
			k++
			m &= m - 1
		}
	}
	return dst[:k]
}

// room returns buf emptied, with a capacity of at least n.
func room(buf []int32, n int) []int32 {
	if cap(buf) < n {
		return make([]int32, 0, max(n, 64))
	}
	return buf[:0]
}

// words returns the number of 64-bit words of a bitmap of n bits.
func words(n int) int { return (n + 63) >> 6 }
