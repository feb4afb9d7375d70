// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"spate/internal/expr"
	"spate/internal/sql/plan"
)

// simplify folds constants and simplifies conditions in all expressions of a plan.
func (o *Options) simplify(n plan.Node) plan.Node {
	return plan.Rewrite(n, func(n plan.Node) plan.Node {
		switch n := n.(type) {
		case *plan.Project:
			c := *n
			c.Exprs = make([]expr.Expr, len(n.Exprs))
			for i, e := range n.Exprs {
				c.Exprs[i] = o.simple(e)
			}
			return foldValues(&c)
		case *plan.Filter:
			cond := o.condition(n.Cond)
			switch {
			case cond == nil:
				return n.Input
			case expr.IsFalse(cond) || expr.IsNullLit(cond):
				return &plan.Values{Out: n.Schema()}
			}
			return &plan.Filter{Input: n.Input, Cond: cond}
		case *plan.Join:
			if n.Cond == nil {
				return n
			}
			c := *n
			c.Cond = o.condition(n.Cond)
			return &c
		case *plan.Watermark:
			c := *n
			c.Mark = o.simple(n.Mark)
			return &c
		default:
			return n
		}
	})
}

// simple simplifies an expression without changing its type.
func (o *Options) simple(e expr.Expr) expr.Expr {
	t := e.Type()
	r, err := expr.Fold(o.Functions, o.Env, e)
	if err != nil || !r.Type().EqualIgnoreNull(t) {
		return e // What is wrong shows when it is compiled.
	}
	return plan.Retype(r, t)
}

// condition simplifies a condition; nil is TRUE.
func (o *Options) condition(e expr.Expr) expr.Expr {
	var parts []expr.Expr
	for _, c := range plan.Conjuncts(e) {
		r := o.simple(c)
		if expr.IsFalse(r) || expr.IsNullLit(r) {
			return r
		}
		parts = append(parts, plan.Conjuncts(r)...)
	}
	return plan.And(parts...)
}

// foldValues turns a projection of constants over one constant row into a constant row.
func foldValues(p *plan.Project) plan.Node {
	v, ok := p.Input.(*plan.Values)
	if !ok || len(v.Rows) != 1 {
		return p
	}
	out := &plan.Values{Out: p.Schema()}
	row := v.Rows[0][:0:0]
	for _, e := range p.Exprs {
		switch e := e.(type) {
		case *expr.Lit:
			row = append(row, e.Value)
		case *expr.Col:
			row = append(row, v.Rows[0][e.Index])
		default:
			return p
		}
	}
	out.Rows = append(out.Rows, row)
	return out
}
