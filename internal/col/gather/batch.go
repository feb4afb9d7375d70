// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package gather

import "spate/batch"

// Batch appends the rows of src at the positions of sel to the own vectors of dst, with their kinds.
func Batch(dst, src *batch.Batch, sel []int32) {
	n0 := dst.Len()
	for c := range src.NumCols() {
		Append(dst.Own(c), src.Col(c), sel)
	}
	dst.SetLen(n0 + len(sel))
	if kinds := src.Kinds(); kinds != nil {
		out := dst.MakeKinds(n0 + len(sel))[n0:]
		for k, i := range sel {
			out[k] = kinds[i]
		}
	} else if dst.Kinds() != nil {
		dst.MakeKinds(n0 + len(sel))
	}
}

// BatchRange appends the rows lo..hi-1 of src, whether its selection has them or not, to the own vectors of dst.
func BatchRange(dst, src *batch.Batch, lo, hi int) {
	n0, n := dst.Len(), dst.Len()+hi-lo
	for c := range src.NumCols() {
		AppendRange(dst.Own(c), src.Col(c), lo, hi)
	}
	dst.SetLen(n)
	if kinds := src.Kinds(); kinds != nil {
		copy(dst.MakeKinds(n)[n0:], kinds[lo:hi])
	} else if dst.Kinds() != nil {
		dst.MakeKinds(n)
	}
}

// Concat appends the rows of src that count to the own vectors of dst.
func Concat(dst, src *batch.Batch) {
	if sel := src.Sel(); sel != nil {
		Batch(dst, src, sel)
		return
	}
	BatchRange(dst, src, 0, src.Len())
}

// Compact takes ownership of b and returns a batch with only the rows that count: b itself when it has no selection, else one of the
// pool, which must have b's layout.
func Compact(pool *batch.Pool, b *batch.Batch) *batch.Batch {
	if b.Sel() == nil {
		return b
	}
	out := pool.Get()
	Batch(out, b, b.Sel())
	b.Release()
	return out
}

// Slice returns a batch of the pool with copies of the rows that count from number lo up to hi-1; b stays the caller's.
func Slice(pool *batch.Pool, b *batch.Batch, lo, hi int) *batch.Batch {
	out := pool.Get()
	if sel := b.Sel(); sel != nil {
		Batch(out, b, sel[lo:hi])
	} else {
		BatchRange(out, b, lo, hi)
	}
	return out
}
