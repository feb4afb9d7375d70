// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package topn keeps the first rows of each partition by an order: Top-N, and keep-first and keep-last deduplication.
//
// Three operators share the work. single keeps one row per partition (End = 1, no retractions). ranked keeps an ordered table per
// partition: at most End rows when the input is append-only, all rows when rows can be retracted or replaced, since any of them may
// move up. held is ranked for rows that are to be emitted only when they are final: those of a window, or of a bounded input.
//
// The order is that of the sort columns, then of arrival. When the one sort column is a time attribute and one row is kept, it is a
// deduplication: keep-last (descending) takes the later of two rows of equal time, keep-first the earlier.
//
// With Bundle.PerRow the changelog is Flink's, row for row: without rank numbers rows that leave and enter the first N, with them (or
// with an offset) every rank that gets another row. Else one change per rank or row is emitted for each batch.
//
// Invariants:
//
//	N1. A partition without rows has no state.
//	N2. Rows of a partition lie in the order of sort key and arrival number, which is unique; the number of the next row is part
//	    of the partition's state, so that order survives a restore.
//	N3. Bytes that are to be emitted stay untouched until they are: nothing is inserted while output is pending.
//
// An operator belongs to the goroutine of its task and holds at most one input batch.
package topn

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/rowkey"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// New makes the operator of a TopNSpec.
func New(spec *graph.TopNSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("Top-N takes one input, not %d", len(in))
	}
	want := len(in[0])
	if spec.OutputRank {
		want++
	}
	if len(out) != want {
		return nil, fmt.Errorf("Top-N makes %d columns, not %d", want, len(out))
	}
	if spec.Start < 1 || spec.End < spec.Start {
		return nil, fmt.Errorf("Top-N of rows %d to %d", spec.Start, spec.End)
	}
	if spec.OutputRank && out[want-1].Physical() != schema.PhysInt64 {
		return nil, fmt.Errorf("Top-N writes its rank to a column of type %s", out[want-1])
	}
	p := &partitions{spec: spec, in: in[0], out: out}
	for _, c := range spec.Partition {
		if c < 0 || c >= len(p.in) {
			return nil, fmt.Errorf("Top-N has no column %d to partition by", c)
		}
		p.keyTypes = append(p.keyTypes, p.in[c])
	}
	for _, k := range spec.Sort {
		if k.Col < 0 || k.Col >= len(p.in) {
			return nil, fmt.Errorf("Top-N has no column %d to sort by", k.Col)
		}
		p.sortTypes = append(p.sortTypes, p.in[k.Col])
		p.orders = append(p.orders, rowkey.Order{Desc: k.Desc, NullsLast: k.NullsLast})
	}
	if spec.Hold != graph.HoldNot {
		return newHeld(p)
	}
	if spec.End == 1 && !spec.Retract && spec.Unique == nil {
		return newSingle(p), nil
	}
	return newRanked(p), nil
}

// partitions is what both operators have in common: the specification and the lookup of a batch's partitions.
type partitions struct {
	spec      *graph.TopNSpec
	in        []*schema.Type
	out       []*schema.Type
	keyTypes  []*schema.Type
	sortTypes []*schema.Type
	orders    []rowkey.Order

	table *state.Table
	keys  *state.Keys
	order *rowkey.Ordered
	cols  []*batch.Vector
	ids   []int32 // Partition of each selected row.
	pos   []int32 // Position of each selected row.
	sorts rowkey.Keys
}

// open declares the table of partitions.
func (p *partitions) open(rt op.Runtime, fields []state.Field, chains int) error {
	order, err := rowkey.NewOrdered(p.sortTypes, p.orders)
	if err != nil {
		return fmt.Errorf("ordering the rows of a Top-N: %w", err)
	}
	p.order = order
	p.table = rt.State().Table(state.Spec{Name: "partitions", Key: p.keyTypes, Fields: fields, Chains: chains})
	p.keys = state.NewKeys(p.keyTypes, false)
	return nil
}

// load takes the positions and the sort keys of the rows of b.
func (p *partitions) load(b *batch.Batch) {
	n := b.Rows()
	p.pos, p.ids = sized(p.pos, n), sized(p.ids, n)
	if sel := b.Sel(); sel != nil {
		copy(p.pos, sel)
	} else {
		for i := range p.pos {
			p.pos[i] = int32(i)
		}
	}
	p.cols = p.cols[:0]
	for _, k := range p.spec.Sort {
		p.cols = append(p.cols, b.Col(k.Col))
	}
	p.order.Encode(p.cols, b.Sel(), n, &p.sorts)
}

// locate finds or makes the partitions of the rows of b. It returns false when some are not resident.
func (p *partitions) locate(b *batch.Batch) bool {
	p.cols = p.cols[:0]
	for _, c := range p.spec.Partition {
		p.cols = append(p.cols, b.Col(c))
	}
	p.keys.Load(p.cols, b.Sel(), b.Rows())
	_, ok := p.table.Upsert(p.keys, p.ids)
	return ok
}

// keepsLast tells whether of two rows with equal sort keys the later one wins.
func (p *partitions) keepsLast() bool {
	s := p.spec
	return s.End == 1 && len(s.Sort) == 1 && s.Sort[0].Desc && !s.OutputRank && (s.LastWins || p.sortTypes[0].IsTimeAttr())
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, 2*cap(s), 64))
	}
	return s[:n]
}
