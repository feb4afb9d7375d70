// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package calc

import (
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// noneValid is a validity bitmap without a valid row.
var noneValid [batch.MaxRows / 64]uint64

// expand emits its input once per grouping set. The copies borrow the columns of the input, which they share; only the id of the
// set is written. Rows of different sets never belong together, so it does not matter that a batch goes out set by set and not
// row by row.
type expand struct {
	op.Base
	spec *graph.ExpandSpec
	out  []*schema.Type
	// null[s][c] tells whether column c is NULL in set s.
	null [][]bool

	pool *batch.Pool
	in   *batch.Batch
	next int
}

// NewExpand makes the operator of an ExpandSpec.
func NewExpand(spec *graph.ExpandSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 1 || len(in[0])+1 != len(out) {
		return nil, fmt.Errorf("expanding %d inputs does not make %d columns", len(in), len(out))
	}
	if len(spec.Sets) == 0 || len(spec.Sets) != len(spec.IDs) {
		return nil, fmt.Errorf("expanding to %d grouping sets with %d ids", len(spec.Sets), len(spec.IDs))
	}
	e := &expand{spec: spec, out: out}
	for _, set := range spec.Sets {
		null := make([]bool, len(in[0]))
		for _, c := range spec.Grouped {
			if c < 0 || c >= len(null) {
				return nil, fmt.Errorf("expanding by column %d of %d", c, len(null))
			}
			null[c] = !slices.Contains(set, c)
		}
		e.null = append(e.null, null)
	}
	return e, nil
}

// Open implements op.Operator.
func (e *expand) Open(rt op.Runtime) error {
	e.pool = rt.Pool(e.out)
	return nil
}

// Process implements op.Operator.
func (e *expand) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	b.Share(len(e.null) - 1)
	e.in, e.next = b, 0
	return e.Continue()
}

// Continue implements op.Operator.
func (e *expand) Continue() (op.Result, error) {
	null, id := e.null[e.next], e.spec.IDs[e.next]
	e.next++
	b := e.pool.Get()
	b.Adopt(e.in)
	n := e.in.Len()
	for c, gone := range null {
		if gone {
			b.Own(c).Borrow(e.in.Col(c), noneOf(n))
		} else {
			b.SetCol(c, e.in.Col(c))
		}
	}
	ids := batch.Resize[int64](b.Own(len(null)), n)
	for i := range ids {
		ids[i] = id
	}
	if e.next == len(e.null) {
		e.in = nil
		return op.Result{Out: b}, nil
	}
	return op.Result{Out: b, More: true}, nil
}

// noneOf returns an all NULL bitmap for n rows.
func noneOf(n int) []uint64 {
	if n <= batch.MaxRows {
		return noneValid[:(n+63)/64]
	}
	return make([]uint64, (n+63)/64)
}

// Close implements op.Operator.
func (e *expand) Close() error {
	for ; e.in != nil && e.next < len(e.null); e.next++ {
		e.in.Release()
	}
	e.in = nil
	return nil
}
