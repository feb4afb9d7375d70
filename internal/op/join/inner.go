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
	j.mat.batchSide(out, j.offset(j.input), j.in, j.pairs.pos)
	j.mat.storedSide(out, j.offset(1-j.input), other, j.pairs.data)
	out.SetLen(n)
	copyKinds(out, j.in.Kinds(), j.pairs.pos)
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
