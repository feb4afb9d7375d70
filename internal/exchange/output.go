// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"spate/batch"
	"spate/internal/col/hash"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/schema"
)

// Target is one channel of a gate.
type Target struct {
	Gate    *Gate
	Channel int
}

// Carrier passes a batch to the other side: in one process by pointer. Tests put one in between that goes through frame bytes.
type Carrier interface {
	// Carry takes ownership of b and returns the batch that the receiver shall own.
	Carry(b *batch.Batch) (*batch.Batch, error)
}

// OutputConfig describes the sending side of one edge in one subtask.
type OutputConfig struct {
	Partitioning   graph.Partitioning
	Types          []*schema.Type
	Subtask        int // Of the sender.
	Parallelism    int // Of the sender.
	MaxParallelism int
	Targets        []Target
	Wake           Signal      // The sending task's.
	Views          *batch.Pool // Makes the headers of shared batches.
	Carrier        Carrier     // nil: by pointer.
}

// Output is the sending side of an edge in one subtask: it spreads batches over the targets. It holds at most one batch that is
// partly sent.
type Output struct {
	c    OutputConfig
	next int // Of Rebalance and Rescale: the next target.
	// Rescale: the targets of this sender, first to last-1; Rebalance has all of them.
	first, last int

	pending []parcel // What is still to be sent, in order; control elements included.
	head    int

	hashes []uint64
	counts []int32
	fill   []int32
	keys   []*batch.Vector
}

// parcel is an element with its target.
type parcel struct {
	Element
	target int
	bytes  int64
}

// NewOutput returns the sending side of an edge.
func NewOutput(c OutputConfig) *Output {
	o := &Output{c: c, counts: make([]int32, len(c.Targets)+1), fill: make([]int32, len(c.Targets))}
	n := len(c.Targets)
	o.first, o.last = 0, n
	if c.Partitioning.Ship == graph.Rescale && c.Parallelism > 0 {
		// Neighbours only: the targets are divided among the senders, or each sender has one.
		o.first = c.Subtask * n / c.Parallelism
		o.last = max(o.first+1, (c.Subtask+1)*n/c.Parallelism)
	}
	// Senders start at different targets, so that few rows still spread.
	o.next = o.first + c.Subtask%(o.last-o.first)
	return o
}

// Blocked tells whether something waits for credit; Put must not be called then.
func (o *Output) Blocked() bool { return o.head < len(o.pending) }

// Hungry tells whether a target has nothing queued: a partial batch is better sent now than later.
func (o *Output) Hungry() bool {
	for _, t := range o.c.Targets {
		if t.Gate.Empty() {
			return true
		}
	}
	return false
}

// Put takes ownership of a batch and sends it as far as credit goes; the rest is sent by Flush.
func (o *Output) Put(b *batch.Batch) error {
	n := len(o.c.Targets)
	switch ship := o.c.Partitioning.Ship; {
	case ship == graph.Broadcast && n > 1:
		b.Share(n - 1)
		for t := range n {
			if err := o.add(t, o.view(b, nil)); err != nil {
				return err
			}
		}
	case n == 1 || ship == graph.Global:
		if err := o.add(0, b); err != nil {
			return err
		}
	case ship == graph.Forward:
		if err := o.add(o.c.Subtask, b); err != nil {
			return err
		}
	case ship == graph.Hash:
		if err := o.putHashed(b); err != nil {
			return err
		}
	default:
		t := o.next
		if o.next++; o.next == o.last {
			o.next = o.first
		}
		if err := o.add(t, b); err != nil {
			return err
		}
	}
	o.Flush()
	return nil
}

// PutControl sends a control element to all targets.
func (o *Output) PutControl(e Element) {
	for t := range o.c.Targets {
		o.pending = append(o.pending, parcel{Element: e, target: t})
	}
	o.Flush()
}

// Flush sends what waits for credit, as far as there is any, and reports whether all is sent.
func (o *Output) Flush() bool {
	for o.head < len(o.pending) {
		p := &o.pending[o.head]
		t := o.c.Targets[p.target]
		if !t.Gate.send(t.Channel, p.Element, p.bytes, o.c.Wake) {
			return false
		}
		*p = parcel{}
		o.head++
	}
	o.pending, o.head = o.pending[:0], 0
	return true
}

// Close releases what was not sent.
func (o *Output) Close() {
	for _, p := range o.pending[o.head:] {
		if p.Batch != nil {
			p.Batch.Release()
		}
	}
	o.pending, o.head = nil, 0
}

func (o *Output) add(target int, b *batch.Batch) error {
	if o.c.Carrier != nil {
		var err error
		if b, err = o.c.Carrier.Carry(b); err != nil {
			return err
		}
	}
	o.pending = append(o.pending, parcel{Element: Element{Kind: Data, Batch: b}, target: target, bytes: b.Bytes()})
	return nil
}

// view returns a header of its own for one holder of a shared batch.
func (o *Output) view(b *batch.Batch, sel []int32) *batch.Batch {
	v := o.c.Views.View(b)
	if sel != nil {
		v.SetSel(sel)
	}
	return v
}

// putHashed gives each target the rows of its key groups: all targets share the batch, each with a selection of its own, since
// copying strings costs far more than skipping rows.
func (o *Output) putHashed(b *batch.Batch) error {
	o.keys = o.keys[:0]
	for _, k := range o.c.Partitioning.Keys {
		o.keys = append(o.keys, b.Col(k))
	}
	rows := b.Rows()
	if cap(o.hashes) < rows {
		o.hashes = make([]uint64, max(rows, batch.MaxRows))
	}
	hs := o.hashes[:rows]
	hash.Route(o.keys, b.Sel(), hs)
	n, counts := len(o.c.Targets), o.counts
	clear(counts)
	for k, h := range hs {
		t := o.target(h)
		hs[k] = uint64(t)
		counts[t+1]++
	}
	for t := range n {
		if int(counts[t+1]) == rows { // All of them go to one target.
			return o.add(t, b)
		}
	}
	return o.scatter(b, hs)
}

// target returns the subtask that owns a routing hash.
func (o *Output) target(h uint64) int {
	return flow.SubtaskOf(flow.KeyGroupOf(h, o.c.MaxParallelism), o.c.MaxParallelism, len(o.c.Targets))
}

// scatter sends the rows to the targets that targets lists, row by selected row; o.counts holds the rows per target, shifted by one.
func (o *Output) scatter(b *batch.Batch, targets []uint64) error {
	n, counts := len(o.c.Targets), o.counts
	rows := b.Rows()
	holders := 0
	for t := range n {
		if counts[t+1] > 0 {
			holders++
		}
		counts[t+1] += counts[t]
	}
	// One buffer of positions lives with the first view's batch: all views keep b alive, and so its buffer.
	pos := b.SplitBuf(rows)
	fill := o.fill
	copy(fill, counts[:n])
	sel := b.Sel()
	for k, t := range targets {
		r := int32(k)
		if sel != nil {
			r = sel[k]
		}
		pos[fill[t]] = r
		fill[t]++
	}
	b.Share(holders - 1)
	for t := range n {
		if counts[t] == counts[t+1] {
			continue
		}
		if err := o.add(t, o.view(b, pos[counts[t]:counts[t+1]:counts[t+1]])); err != nil {
			return err
		}
	}
	return nil
}
