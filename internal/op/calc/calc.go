// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package calc has the operators that work on each row for itself: calc (filter and project, fused), expand, union and the
// dropping of -U rows. None of them keeps state, and all but Expand emit at most one batch per batch.
//
// Invariants:
//
//	C1. No row is copied: what an output batch does not compute it borrows from the input batch, which it then owns. Row kinds
//	    and order are those of the input.
//	C2. A batch that no row survives is released and nothing is emitted.
//	C3. Nothing is allocated per batch once the pool and the scratch memory of the program have grown.
//
// An operator belongs to the goroutine of its task.
package calc

import (
	"fmt"

	"spate/batch"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// calc filters and projects.
type calc struct {
	op.Base
	spec *graph.CalcSpec
	in   []*schema.Type
	out  []*schema.Type

	prog   *expr.Program
	pool   *batch.Pool
	filter int   // Index in prog, -1 for none.
	first  int   // Index in prog of the first output column.
	cols   []int // Input column of each output column that is taken as it is, else -1.
}

// New makes the operator of a CalcSpec.
func New(spec *graph.CalcSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("calc takes one input, not %d", len(in))
	}
	if len(spec.Exprs) != len(out) {
		return nil, fmt.Errorf("calc of %d expressions does not make %d columns", len(spec.Exprs), len(out))
	}
	for i, e := range spec.Exprs {
		if e.IsZero() {
			return nil, fmt.Errorf("calc has no expression for column %d", i)
		}
		if e.Expr.Type().Physical() != out[i].Physical() {
			return nil, fmt.Errorf("calc makes column %d as %s, it should be %s", i, e.Expr.Type(), out[i])
		}
	}
	return &calc{spec: spec, in: in[0], out: out}, nil
}

// Open implements op.Operator.
func (c *calc) Open(rt op.Runtime) error {
	exprs := make([]expr.Expr, 0, len(c.spec.Exprs)+1)
	c.filter = -1
	if !c.spec.Filter.IsZero() {
		c.filter = 0
		exprs = append(exprs, c.spec.Filter.Expr)
	}
	c.first = len(exprs)
	for _, e := range c.spec.Exprs {
		exprs = append(exprs, e.Expr)
	}
	p, err := expr.Compile(rt.Registry(), rt.Env(), exprs, c.in)
	if err != nil {
		return fmt.Errorf("compiling: %w", err)
	}
	c.prog, c.pool = p, rt.Pool(c.out)
	c.cols = make([]int, len(c.out))
	for i := range c.cols {
		c.cols[i] = -1
		if src, ok := p.ColumnOf(c.first + i); ok {
			c.cols[i] = src
		}
	}
	return nil
}

// Process implements op.Operator.
func (c *calc) Process(_ int, b *batch.Batch) (op.Result, error) {
	out := c.pool.Get()
	out.Adopt(b)
	c.prog.Begin(b)
	err := c.run(b, out)
	c.prog.End()
	if err != nil || out.Rows() == 0 {
		out.Release()
		return op.Result{}, err
	}
	return op.Result{Out: out}, nil
}

func (c *calc) run(b, out *batch.Batch) error {
	rows := expr.RowsOf(b)
	if c.filter >= 0 {
		sel, err := c.prog.Filter(c.filter, b, out.SelBuf(b.Rows()))
		if err != nil {
			return err
		}
		if len(sel) < b.Rows() {
			out.SetSel(sel)
			rows.Sel = sel
		}
	}
	if rows.Count() == 0 {
		return nil
	}
	for i, src := range c.cols {
		if src >= 0 {
			out.SetCol(i, b.Col(src))
			continue
		}
		// Fields of rows are borrowed like columns.
		if c.prog.Borrow(c.first+i, b, out.Own(i)) {
			continue
		}
		if err := c.prog.Eval(c.first+i, b, rows, out.Own(i)); err != nil {
			return err
		}
	}
	return nil
}
