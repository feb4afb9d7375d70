// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// lateMetric counts rows that came after their partition had been emitted.
const lateMetric = "numLateRecordsDropped"

// held is ranked, but says nothing of a partition before its rows are final: when the watermark passes the partition's time, or at
// the end of the input. Then the rows that are asked for go out as inserts, in order, and the partition is forgotten.
type held struct {
	ranked
	views *batch.Pool // Input batches without their late rows.
	zone  *flow.Zone
	mark  flow.Watermark
	ended bool

	part  int32 // Partition that is being emitted; -1 for none.
	place int   // Place of row next.
	next  int32
	done  []int32 // Emitted partitions.
}

func newHeld(p *partitions) (*held, error) {
	s := p.spec
	h := &held{ranked: *newRanked(p), mark: flow.MinWatermark, part: -1}
	h.holds, h.latest = true, p.keepsLast() && !s.Retract
	switch s.Hold {
	case graph.HoldEnd:
	case graph.HoldWindow, graph.HoldTime:
		if s.TimeCol < 0 || s.TimeCol >= len(p.in) || p.in[s.TimeCol].Physical() != schema.PhysInt64 || p.in[s.TimeCol].Precision > 3 {
			return nil, fmt.Errorf("Top-N holds rows by column %d, which is no TIMESTAMP(3)", s.TimeCol)
		}
		h.ttl.timed, h.due = true, h.arm
	case graph.HoldNot:
		return nil, errors.New("Top-N holds no rows")
	default:
		return nil, fmt.Errorf("Top-N holds rows for %q, which is unknown", s.Hold)
	}
	return h, nil
}

// Open implements op.Operator.
func (h *held) Open(rt op.Runtime) error {
	zone, err := flow.NewZone(h.spec.Zone)
	if err != nil {
		return fmt.Errorf("opening a Top-N: %w", err)
	}
	h.zone, h.views = zone, rt.Pool(h.partitions.in)
	return h.ranked.Open(rt)
}

// dueAt returns the watermark at which the partition of a row is final.
func (h *held) dueAt(at int64) flow.Watermark {
	if h.spec.Hold == graph.HoldWindow {
		return h.zone.Timer(flow.Millis(at - 1))
	}
	return flow.Watermark(at)
}

// Process implements op.Operator.
func (h *held) Process(input int, b *batch.Batch) (op.Result, error) {
	if h.ttl.timed && b.Rows() > 0 && h.mark != flow.MinWatermark {
		b = h.withoutLate(b)
	}
	return h.ranked.Process(input, b)
}

// withoutLate returns the batch without the rows of partitions that have been emitted.
func (h *held) withoutLate(b *batch.Batch) *batch.Batch {
	times := batch.Values[int64](b.Col(h.spec.TimeCol))
	isConst := b.Col(h.spec.TimeCol).IsConst()
	v := h.views.Get()
	kept := v.SelBuf(b.Rows())[:0]
	sel := b.Sel()
	for i := range b.Rows() {
		p := int32(i)
		if sel != nil {
			p = sel[i]
		}
		at := p
		if isConst {
			at = 0
		}
		if h.dueAt(times[at]) > h.mark {
			kept = append(kept, p)
		}
	}
	late := b.Rows() - len(kept)
	if late == 0 {
		v.Release()
		return b
	}
	h.rt.Count(lateMetric, int64(late))
	v.Adopt(b)
	for c, col := range b.Cols() {
		v.SetCol(c, col)
	}
	v.SetSel(kept)
	return v
}

// Continue implements op.Operator.
func (h *held) Continue() (op.Result, error) {
	if h.phase == idle {
		return h.step(), nil
	}
	return h.ranked.Continue()
}

// arm sets the times of the partitions of the batch at hand.
func (h *held) arm() {
	times := batch.Values[int64](h.in.Col(h.spec.TimeCol))
	isConst := h.in.Col(h.spec.TimeCol).IsConst()
	for k, id := range h.ids {
		at := h.pos[k]
		if isConst {
			at = 0
		}
		h.ttl.timers.Set(id, h.dueAt(times[at]))
	}
}

// Advance implements op.Operator.
func (h *held) Advance(wm flow.Watermark) (op.Result, error) {
	if !h.ttl.timed {
		return op.Result{}, nil
	}
	h.mark = max(h.mark, wm)
	return h.step(), nil
}

// EndInput implements op.Operator.
func (h *held) EndInput(int) (op.Result, error) {
	h.ended = true
	return h.step(), nil
}

// pick takes the next partition that is final.
func (h *held) pick() bool {
	if h.ttl.timed {
		h.part, _ = h.ttl.timers.Pop(h.mark)
	} else if h.part = -1; h.ended {
		first := int32(0)
		if n := len(h.done); n > 0 {
			first = h.done[n-1] + 1
		}
		h.part = h.table.Walk(first)
	}
	if h.part < 0 {
		return false
	}
	h.place, h.next = h.start, h.tree.Nth(h.part, h.start)
	return true
}

// step emits rows of final partitions, at most a batch of them.
func (h *held) step() op.Result {
	more := false
	for h.part >= 0 || h.pick() {
		for h.next >= 0 && h.place < h.end && h.emit.Len() < h.limit {
			h.emit.change(schema.Insert, int64(h.place+1), h.tree.Bytes(h.next, h.rowAt, h.emit.Room()))
			h.next = h.tree.Next(h.next)
			h.place++
		}
		if more = h.emit.Len() >= h.limit; more && h.next >= 0 && h.place < h.end {
			break
		}
		h.done = append(h.done, h.part)
		h.part = -1
		if more {
			break
		}
	}
	var res op.Result
	if h.emit.Len() > 0 {
		res = op.Result{Out: h.emit.batch(h.pool, h.limit), More: more}
	}
	for _, id := range h.done {
		h.forget(id)
	}
	h.done = h.done[:0]
	return res
}

// hold keeps a row without a word about it.
func (r *ranked) hold(part int32, key, row []byte) {
	id, _ := r.tree.Insert(part, key)
	r.tree.SetBytes(id, r.rowAt, row)
	if r.bounded && r.tree.Len(part) > r.end {
		r.tree.Delete(r.tree.Last(part))
	}
}
