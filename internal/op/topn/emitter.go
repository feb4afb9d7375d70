// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/graph"
	"spate/internal/op/changelog"
	"spate/schema"
)

// emitter holds changes of ranks that are to be emitted and makes batches of them.
type emitter struct {
	changelog.Buffer
	ranks  []int64
	ranked bool // The rank is the last column.
	start  int64
	end    int64
	before bool // -U is wanted.
}

func newEmitter(spec *graph.TopNSpec, codec *rowcodec.Codec) emitter {
	return emitter{
		Buffer: changelog.NewBuffer(codec), ranked: spec.OutputRank, start: spec.Start, end: spec.End, before: spec.UpdateBefore,
	}
}

// change adds a change of the row at a rank, unless the rank is not among those that are asked for or the kind is not wanted.
func (e *emitter) change(k schema.RowKind, rank int64, row []byte) {
	if rank < e.start || rank > e.end || k == schema.UpdateBefore && !e.before {
		return
	}
	if e.Len() == 0 {
		e.ranks = e.ranks[:0]
	}
	e.Add(k, row)
	e.ranks = append(e.ranks, rank)
}

// replace adds the change of a rank from one row to another.
func (e *emitter) replace(rank int64, from, to []byte) {
	e.change(schema.UpdateBefore, rank, from)
	e.change(schema.UpdateAfter, rank, to)
}

// batch makes a batch of the next changes, at most limit rows.
func (e *emitter) batch(p *batch.Pool, limit int) *batch.Batch {
	out := p.Get()
	n := out.NumCols()
	lo, hi := e.Next(limit)
	if e.ranked {
		n--
		copy(batch.Resize[int64](out.Own(n), hi-lo), e.ranks[lo:hi])
	}
	e.Fill(out, n, lo, hi)
	return out
}
