// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import "spate/schema"

// replace exchanges row id for another one with a key of its own, which may lie elsewhere in the order.
func (r *ranked) replace(part, id int32, key, row []byte) {
	if r.holds || !r.spec.Bundle.PerRow {
		r.remove(part, id)
		r.insert(part, key, row)
		return
	}
	old, from := r.kept(id), r.tree.Rank(id)
	r.tree.Delete(id)
	fresh, _ := r.tree.Insert(part, key)
	r.tree.SetBytes(fresh, r.rowAt, row)
	to := r.tree.Rank(fresh)
	if r.positional {
		r.shift(part, old, from, to)
		return
	}
	switch wasIn, isIn := from < r.end, to < r.end; {
	case wasIn && isIn:
		r.emit.replace(r.emit.end, old, row)
	case wasIn:
		r.emit.change(schema.Delete, r.emit.end, old)
		r.emit.change(schema.Insert, r.emit.end, r.kept(r.tree.Nth(part, r.end-1)))
	case isIn:
		r.emit.change(schema.Delete, r.emit.end, r.kept(r.tree.Nth(part, r.end)))
		r.emit.change(schema.Insert, r.emit.end, row)
	}
}

// shift emits the places that got another row when a row moved between two places: old is the row as it was before.
func (r *ranked) shift(part int32, old []byte, from, to int) {
	if to <= from {
		// Up: the rows between are one place lower now.
		for at := to; at <= min(from, r.end-1); at++ {
			was := old
			if at < from {
				was = r.kept(r.tree.Nth(part, at+1))
			}
			r.emit.replace(int64(at+1), was, r.kept(r.tree.Nth(part, at)))
		}
		return
	}
	for at := from; at <= min(to, r.end-1); at++ {
		was := old
		if at > from {
			was = r.kept(r.tree.Nth(part, at-1))
		}
		r.emit.replace(int64(at+1), was, r.kept(r.tree.Nth(part, at)))
	}
}
