// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"spate/batch"
	"spate/internal/state"
	"spate/schema"
)

// inputRows are the rows of the batch at hand. Rows are numbered 0..n-1 in the order of the selection; those whose key can match
// are numbered a second time, 0..len(keyed)-1.
type inputRows struct {
	n     int
	pos   []int32 // Position in the batch of each row.
	keyed []int32 // Position in the batch of each row with a key; the same slice as pos when all have one.
	index []int32 // Number among the keyed of each row, or -1; unused when all have one.
	all   bool    // All rows have a key.

	ids   []int32 // Key id of each keyed row.
	owner []int32 // Key id of each row, or -1.
	own   []int32 // Stored row of each row, or -1.
	ownK  []int32 // Stored row of each keyed row.

	posBuf, keyedBuf, ownerBuf, ownBuf []int32
	cols                               []*batch.Vector
}

// load numbers the rows of b. A NULL in a key column that is not null-safe takes a row's key away.
func (r *inputRows) load(b *batch.Batch, keyCols []int, nullSafe []bool) {
	r.n = b.Rows()
	r.posBuf = sized(r.posBuf, r.n)
	r.pos = r.posBuf
	if sel := b.Sel(); sel != nil {
		copy(r.pos, sel)
	} else {
		for i := range r.pos {
			r.pos[i] = int32(i)
		}
	}
	r.keyed, r.all = r.pos, true
	for i, c := range keyCols {
		if i < len(nullSafe) && nullSafe[i] {
			continue
		}
		if v := b.Col(c); v.HasNulls() || v.Physical() == schema.PhysNone {
			r.narrow(v)
		}
	}
	if r.all {
		return
	}
	r.index = sized(r.index, r.n)
	k := 0
	for i, p := range r.pos {
		r.index[i] = -1
		if k < len(r.keyed) && r.keyed[k] == p {
			r.index[i] = int32(k)
			k++
		}
	}
}

// narrow takes the rows where v is NULL out of the keyed ones.
func (r *inputRows) narrow(v *batch.Vector) {
	r.keyedBuf = sized(r.keyedBuf, r.n)
	n := 0
	for _, p := range r.keyed {
		r.keyedBuf[n] = p
		if !v.IsNull(int(p)) {
			n++
		}
	}
	r.keyed = r.keyedBuf[:n]
	r.all = n == r.n
	if r.all {
		r.keyed = r.pos
	}
}

// loadKeys loads the keys of the keyed rows for a lookup.
func (r *inputRows) loadKeys(k *state.Keys, b *batch.Batch, keyCols []int) {
	r.cols = r.cols[:0]
	for _, c := range keyCols {
		r.cols = append(r.cols, b.Col(c))
	}
	k.Load(r.cols, r.keyedSel(b), len(r.keyed))
	r.ids = sized(r.ids, len(r.keyed))
}

// keyedSel is the selection of the keyed rows, nil when these are the rows of the batch from the first to the last.
func (r *inputRows) keyedSel(b *batch.Batch) []int32 {
	if r.all && b.Sel() == nil {
		return nil
	}
	return r.keyed
}

func (r *inputRows) keyIDs() []int32 { return r.ids }

// spread gives every row its key id.
func (r *inputRows) spread() {
	r.ownK = sized(r.ownK, len(r.keyed))
	if r.all {
		r.owner, r.own = r.ids, r.ownK
		return
	}
	r.ownerBuf, r.ownBuf = sized(r.ownerBuf, r.n), sized(r.ownBuf, r.n)
	r.owner, r.own = r.ownerBuf, r.ownBuf
	for i, k := range r.index {
		r.owner[i] = -1
		if k >= 0 {
			r.owner[i] = r.ids[k]
		}
	}
}

// spreadOwn gives every row its stored row.
func (r *inputRows) spreadOwn() {
	if r.all {
		return
	}
	for i, k := range r.index {
		r.own[i] = -1
		if k >= 0 {
			r.own[i] = r.ownK[k]
		}
	}
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, 2*cap(s), 64))
	}
	return s[:n]
}
