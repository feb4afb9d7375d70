// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"spate/batch"
	"spate/schema"
)

// emitInner makes one batch of the next pairs and narrows it to those that the condition lets through. It returns nil when none does.
func (j *Join) emitInner() (*batch.Batch, error) {
	own, other := j.sides[j.input], j.sides[1-j.input]
	j.pairs.collect(&j.cursor, &j.rows, own, other, j.limit, false)
	n := len(j.pairs.pos)
	if n == 0 {
		return nil, nil
	}
	out := j.pool.Get()
	whole := isWhole(j.pairs.pos, j.in.Len())
	if whole {
		j.lend(out)
	} else {
		j.mat.batchSide(out, j.offset(j.input), j.in, j.pairs.pos)
	}
	j.mat.storedSide(out, j.offset(1-j.input), other, j.pairs.data)
	if !whole {
		out.SetLen(n)
		copyKinds(out, j.in.Kinds(), j.pairs.pos)
	}
	j.pairs.forget()
	if j.cond == nil {
		return out, nil
	}
	sel, err := j.cond.Filter(0, out, out.SelBuf(n))
	if err != nil || len(sel) == 0 {
		out.Release()
		return nil, err
	}
	if len(sel) < n {
		out.SetSel(sel)
	}
	return out, nil
}

// isWhole tells whether the positions are 0..n-1: every row of a batch of n has one match.
func isWhole(pos []int32, n int) bool {
	if len(pos) != n {
		return false
	}
	for i, p := range pos {
		if int(p) != i {
			return false
		}
	}
	return true
}

// lend makes out an owner of the batch at hand and lets it borrow its columns: the usual case of a join with a table of reference.
func (j *Join) lend(out *batch.Batch) {
	j.in.Share(1)
	out.Adopt(j.in)
	out.SetSel(nil)
	first := j.offset(j.input)
	for c, v := range j.in.Cols() {
		out.SetCol(first+c, v)
	}
}

// offset is the first output column of an input.
func (j *Join) offset(input int) int {
	if input == leftInput {
		return 0
	}
	return len(j.sides[leftInput].types)
}

// copyKinds gives the rows of out the kinds of the rows of a batch at pos.
func copyKinds(out *batch.Batch, kinds []schema.RowKind, pos []int32) {
	if kinds == nil {
		return
	}
	k := out.MakeKinds(len(pos))
	for i, p := range pos {
		k[i] = kinds[p]
	}
}
