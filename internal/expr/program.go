// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Program evaluates a list of expressions over batches. Equal sub-expressions are evaluated once a batch. It owns scratch
// memory that it keeps from batch to batch, so it belongs to one goroutine.
//
// A caller that evaluates several expressions over one batch says so by Begin; without it every call stands alone.
type Program struct {
	exprs  []Expr
	roots  []*node
	scopes []scope

	b     *batch.Batch
	n     int
	inst  uint64 // The last scope instance given out.
	base  uint64 // Instance of the root scope that stands for all rows of the batch; 0 outside of Begin.
	begun bool
	last  Rows // The rows of the last Eval within Begin, and their instance.
	lasti uint64
}

// scope is a set of rows that nodes are evaluated on. Scope 0 is that of the call; the others are narrowed by special forms.
// Every time its rows are set a scope gets a new instance number: a node's value holds for one instance.
type scope struct {
	rows Rows
	inst uint64
	buf  []int32
}

// EvalError is the failure of an expression on one row.
type EvalError struct {
	Row    int // Position in the batch.
	Pos    Pos // Of the call in the SQL text.
	Fn     string
	Reason string
}

// Error implements error.
func (e *EvalError) Error() string { return e.Reason }

// Code implements errs.Coded.
func (*EvalError) Code() errs.Code { return errs.EvaluationFailed }

// Is matches the code and its class.
func (*EvalError) Is(target error) bool { return errs.EvaluationFailed.Matches(target) }

// Len returns the number of expressions.
func (p *Program) Len() int { return len(p.exprs) }

// Expr returns expression i as compiled, constants folded.
func (p *Program) Expr(i int) Expr { return p.exprs[i] }

// Begin starts the evaluation of several expressions over b: until the next Begin, all rows given to Filter and Eval are among
// those that count in b, and what was computed for one expression serves the others. The content of b must not change.
func (p *Program) Begin(b *batch.Batch) {
	p.enter(b, RowsOf(b))
	p.begun, p.base = true, p.inst
	p.last, p.lasti = Rows{}, 0
}

// End forgets the batch of Begin.
func (p *Program) End() {
	p.begun, p.base, p.b = false, 0, nil
}

// enter makes rows of b the rows of scope 0, under a new instance.
func (p *Program) enter(b *batch.Batch, rows Rows) {
	p.b, p.n = b, rows.N
	p.begun, p.base = false, 0
	p.setScope(0, rows)
}

func (p *Program) setScope(s int, rows Rows) {
	p.inst++
	p.scopes[s].rows, p.scopes[s].inst = rows, p.inst
}

// target sets scope 0 for a call on b.
func (p *Program) target(b *batch.Batch, rows Rows) {
	if !p.begun || p.b != b {
		p.enter(b, rows)
		return
	}
	if sameSel(rows, RowsOf(b)) {
		p.scopes[0].rows, p.scopes[0].inst = rows, p.base
		return
	}
	if p.lasti == 0 || !sameSel(rows, p.last) {
		p.setScope(0, rows)
		p.last, p.lasti = rows, p.inst
		return
	}
	p.scopes[0].rows, p.scopes[0].inst = rows, p.lasti
}

// sameSel tells whether two row sets are the same slice.
func sameSel(a, b Rows) bool {
	if a.N != b.N || len(a.Sel) != len(b.Sel) || (a.Sel == nil) != (b.Sel == nil) {
		return false
	}
	return len(a.Sel) == 0 || &a.Sel[0] == &b.Sel[0]
}

// Filter appends to sel the positions of the rows of b that count and whose BOOLEAN expression i is TRUE, ascending. sel is
// emptied first; with a capacity of b.Rows() nothing is allocated.
func (p *Program) Filter(i int, b *batch.Batch, sel []int32) ([]int32, error) {
	rows := RowsOf(b)
	p.target(b, rows)
	sel = room(sel, rows.Count())
	if rows.Count() == 0 {
		return sel, nil
	}
	v, err := p.value(p.roots[i])
	if err != nil {
		return sel, err
	}
	if v.IsConst() || v.Physical() == schema.PhysNone {
		if v.IsNull(0) || !v.Bool(0) {
			return sel, nil
		}
		if rows.Sel != nil {
			return append(sel, rows.Sel...), nil
		}
		sel = sel[:rows.N]
		for j := range sel {
			sel[j] = int32(j)
		}
		return sel, nil
	}
	root := p.roots[i]
	set := v.Bits()
	if v.HasNulls() {
		root.bits = kernel.Grow(root.bits, words(p.n))
		kernel.And(root.bits, set, v.Valid())
		set = root.bits
	}
	return selectBits(sel, rows, set, false), nil
}

// Eval writes expression i on the given rows of b to out, which is emptied first and gets rows.N rows; what stands at other
// positions is unspecified. out never aliases b.
func (p *Program) Eval(i int, b *batch.Batch, rows Rows, out *batch.Vector) error {
	p.target(b, rows)
	out.Reset()
	if rows.Count() == 0 {
		kernel.FillNull(out, rows.N)
		return nil
	}
	n := p.roots[i]
	var v *batch.Vector
	var err error
	if n.refs == 1 && !p.fresh(n) {
		v, err = p.run(n, out)
	} else {
		v, err = p.value(n)
	}
	if err != nil {
		return err
	}
	if v == out {
		if !v.IsConst() {
			return nil
		}
		n.own.Reset()
		n.own.AppendFrom(out, 0)
		n.own.SetConst(p.n)
		v = n.own
	}
	out.Reset() // A special form may have begun to write before it found one branch to hold all rows.
	kernel.Copy(v, rows.N, rows.Sel, out)
	return nil
}

// ColumnOf tells whether expression i is a plain column, and which.
func (p *Program) ColumnOf(i int) (index int, ok bool) {
	if n := p.roots[i]; n.kind == nodeCol {
		return n.index, true
	}
	return 0, false
}

// Borrow makes out an alias of what expression i refers to in b, when the expression is a column or a field of one, nested as
// deep as you like; else it does nothing and returns false. out must not outlive b (see batch.Vector.Borrow).
func (p *Program) Borrow(i int, b *batch.Batch, out *batch.Vector) bool {
	n := p.roots[i]
	if !n.borrowable() {
		return false
	}
	out.Reset()
	n.borrow(b, out)
	return true
}

func (n *node) borrowable() bool {
	switch n.kind {
	case nodeCol:
		return true
	case nodeField, nodeAlias:
		return n.args[0].borrowable()
	default:
		return false
	}
}

// source returns the vector that the path of fields leads to.
func (n *node) source(b *batch.Batch) *batch.Vector {
	switch n.kind {
	case nodeField:
		return n.args[0].source(b).Child(n.index)
	case nodeAlias:
		return n.args[0].source(b)
	default:
		return b.Col(n.index)
	}
}

func (n *node) borrow(b *batch.Batch, out *batch.Vector) {
	out.Borrow(n.source(b), nil)
	for n.kind != nodeCol {
		n = n.args[0]
		if v := n.source(b); v.HasNulls() {
			valid := out.MakeValid()
			kernel.And(valid, valid, v.Valid())
		}
	}
}

// fresh tells whether the node's value holds for the present rows of its scope.
func (p *Program) fresh(n *node) bool {
	return n.memo != 0 && (n.memo == p.scopes[n.scope].inst || n.scope == 0 && n.memo == p.base)
}

// value returns the node's vector for the rows of its scope, computing it when needed.
func (p *Program) value(n *node) (*batch.Vector, error) {
	if p.fresh(n) {
		return n.val, nil
	}
	v, err := p.run(n, n.own)
	if err != nil {
		return nil, err
	}
	n.val, n.memo = v, p.scopes[n.scope].inst
	return v, nil
}

// run computes the node for the rows of its scope. The result is out, or a vector that already holds it.
func (p *Program) run(n *node, out *batch.Vector) (*batch.Vector, error) {
	switch n.kind {
	case nodeCol:
		return p.b.Col(n.index), nil
	case nodeLit:
		n.own.SetConst(p.n)
		return n.own, nil
	case nodeField:
		return p.runField(n)
	case nodeAlias:
		return p.value(n.args[0])
	case nodeJunction:
		return p.runJunction(n, out)
	case nodeCase:
		return p.runCase(n, out)
	case nodeCoalesce:
		return p.runCoalesce(n, out)
	case nodeCall:
		return p.runCall(n, out)
	}
	panic("BUG: unknown node kind")
}

// constNull makes out the constant NULL.
func (p *Program) constNull(out *batch.Vector) *batch.Vector {
	out.Reset()
	out.AppendNull()
	out.SetConst(p.n)
	return out
}

func (p *Program) runCall(n *node, out *batch.Vector) (*batch.Vector, error) {
	allConst, nulls := !n.volatile, false
	for i, a := range n.args {
		v, err := p.value(a)
		if err != nil {
			return nil, err
		}
		n.in[i] = v
		switch {
		case a.symbol:
			continue
		case v.Physical() == schema.PhysNone || v.IsConst() && v.IsNull(0):
			if n.strict {
				return p.constNull(out), nil
			}
		case v.HasNulls():
			nulls = true
		}
		allConst = allConst && (v.IsConst() || v.Physical() == schema.PhysNone)
	}
	rows := p.scopes[n.scope].rows
	out.Reset()
	if allConst {
		if rows.Count() == 0 {
			return p.constNull(out), nil
		}
		if err := n.kernel(n.in, Rows{N: 1}, out); err != nil {
			return nil, n.fail(err, rows.At(0))
		}
		out.SetConst(p.n)
		return out, nil
	}
	if n.strict && n.fallible && nulls {
		rows = n.validRows(rows)
	}
	if err := n.kernel(n.in, rows, out); err != nil {
		return nil, n.fail(err, -1)
	}
	if n.strict && nulls {
		valid := out.MakeValid()
		for _, v := range n.in {
			if v.HasNulls() && !v.IsConst() {
				kernel.And(valid, valid, v.Valid())
			}
		}
	}
	return out, nil
}

// validRows narrows rows to those where no argument is NULL.
func (n *node) validRows(rows Rows) Rows {
	first := true
	n.bits = kernel.Grow(n.bits, words(rows.N))
	for _, v := range n.in {
		switch {
		case !v.HasNulls() || v.IsConst():
		case first:
			copy(n.bits, v.Valid())
			first = false
		default:
			kernel.And(n.bits, n.bits, v.Valid())
		}
	}
	n.sel = selectBits(room(n.sel, rows.Count()), rows, n.bits, false)
	return Rows{N: rows.N, Sel: n.sel}
}

// fail gives a kernel's error its place; row replaces that of the error when it is not negative.
func (n *node) fail(err error, row int) error {
	var re *RowError
	if !errors.As(err, &re) {
		return err
	}
	if row < 0 {
		row = re.Row
	}
	return &EvalError{Row: row, Pos: n.pos, Fn: n.fn, Reason: re.Reason}
}

func (p *Program) runField(n *node) (*batch.Vector, error) {
	v, err := p.value(n.args[0])
	if err != nil {
		return nil, err
	}
	if v.IsConst() {
		if v.IsNull(0) {
			return p.constNull(n.own), nil
		}
		n.own.Reset()
		n.own.AppendFrom(v.Child(n.index), 0)
		n.own.SetConst(p.n)
		return n.own, nil
	}
	c := v.Child(n.index)
	if !v.HasNulls() {
		return c, nil
	}
	n.own.Reset()
	n.own.Borrow(c, v.Valid())
	return n.own, nil
}
