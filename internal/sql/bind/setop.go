// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// setOp binds UNION, INTERSECT and EXCEPT.
func (b *Binder) setOp(q *ast.SetOp, outer *scope) (plan.Node, error) {
	// Chains are left-deep and may be long.
	chain := []*ast.SetOp{q}
	for {
		l, ok := chain[len(chain)-1].Left.(*ast.SetOp)
		if !ok {
			break
		}
		chain = append(chain, l)
	}
	n, err := b.body(chain[len(chain)-1].Left, outer)
	if err != nil {
		return nil, err
	}
	for _, op := range slices.Backward(chain) {
		right, err := b.body(op.Right, outer)
		if err != nil {
			return nil, err
		}
		if n, err = b.combine(op, n, right); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// setNames are the names of set operations in messages.
var setNames = map[ast.SetOpKind]string{ast.Union: "UNION", ast.Intersect: "INTERSECT", ast.Except: "EXCEPT"}

func (b *Binder) combine(op *ast.SetOp, left, right plan.Node) (plan.Node, error) {
	l, r := left.Schema(), right.Schema()
	name := setNames[op.Kind]
	if len(l) != len(r) {
		return nil, mismatch(op.Right, "Column count mismatch in %s: the first query has %d columns, the second %d", name, len(l), len(r))
	}
	out := make(schema.Schema, len(l))
	for i := range l {
		t, err := commonType(l[i].Type, r[i].Type)
		if err != nil {
			return nil, mismatch(op.Right, "Type mismatch in column %d of %s: %s and %s", i+1, name, l[i].Type, r[i].Type)
		}
		attr := schema.NotTimeAttr
		if l[i].Type.Attr == r[i].Type.Attr && l[i].Type.Root == r[i].Type.Root && op.Kind == ast.Union && op.All {
			attr = l[i].Type.Attr
		}
		out[i] = schema.Field{Name: l[i].Name, Type: t.WithAttr(attr)}
	}
	var err error
	if left, err = convert(op.Left, left, out); err != nil {
		return nil, err
	}
	if right, err = convert(op.Right, right, out); err != nil {
		return nil, err
	}
	switch {
	case op.Kind == ast.Union:
		u := &plan.Union{Out: out}
		for _, n := range []plan.Node{left, right} {
			if in, ok := n.(*plan.Union); ok && op.All && slices.EqualFunc(in.Out, out, sameField) {
				u.Inputs = append(u.Inputs, in.Inputs...)
			} else {
				u.Inputs = append(u.Inputs, n)
			}
		}
		if op.All {
			return u, nil
		}
		return distinct(u), nil
	case op.All:
		return nil, unsupported(op, "%s ALL", name)
	}
	kind := graph.Semi
	if op.Kind == ast.Except {
		kind = graph.Anti
	}
	j := &plan.Join{Left: distinct(left), Right: right, Kind: kind}
	var conds []expr.Expr
	for i := range out {
		a, c := plan.ColOf(j.Left.Schema(), i), plan.ColOf(right.Schema(), i)
		eq, err := b.bindCall(op, "IS NOT DISTINCT FROM", a, expr.Shift(c, 0, len(out)))
		if err != nil {
			return nil, err
		}
		conds = append(conds, eq)
	}
	j.Cond = expr.And(conds...)
	return j, nil
}

func sameField(a, b schema.Field) bool { return a.Type.Equal(b.Type) && a.Type.Attr == b.Type.Attr }

// convert casts the columns of a node to the types of a schema and names them by it.
func convert(at ast.Node, n plan.Node, out schema.Schema) (plan.Node, error) {
	in := n.Schema()
	exprs := make([]expr.Expr, len(out))
	same := true
	for i := range out {
		e, err := castTo(at, plan.ColOf(in, i), out[i].Type.WithNull(in[i].Type.Nullable))
		if err != nil {
			return nil, err
		}
		if e.Type().Attr != out[i].Type.Attr {
			e = plan.Retype(e, e.Type().WithAttr(out[i].Type.Attr))
		}
		exprs[i] = e
		same = same && sameField(schema.Field{Type: e.Type()}, in[i])
	}
	if same && plan.IsIdentity(exprs, len(in)) {
		return n, nil
	}
	return &plan.Project{Input: n, Exprs: exprs, Names: out.Names()}, nil
}
