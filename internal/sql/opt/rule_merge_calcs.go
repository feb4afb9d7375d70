// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/sql/plan"
)

// mergeCalcs melts projections into those above them and filters into those below, and drops projections that change nothing
// but names, except at the root.
func (o *Options) mergeCalcs(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		switch n := n.(type) {
		case *plan.Project:
			return o.mergeProject(n)
		case *plan.Filter:
			if f, ok := n.Input.(*plan.Filter); ok {
				return &plan.Filter{Input: f.Input, Cond: plan.And(f.Cond, n.Cond)}
			}
			return n
		default:
			return n
		}
	})
}

func (o *Options) mergeProject(n *plan.Project) plan.Node {
	in, ok := n.Input.(*plan.Project)
	if !ok {
		if plan.IsIdentity(n.Exprs, len(n.Input.Schema())) && sameSchema(n, n.Input) {
			return n.Input
		}
		return n
	}
	if !o.mayMerge(n, in) {
		return n
	}
	c := &plan.Project{Input: in.Input, Names: n.Names, Exprs: make([]expr.Expr, len(n.Exprs))}
	for i, e := range n.Exprs {
		c.Exprs[i] = substitute(e, in.Exprs)
	}
	return o.mergeProject(c)
}

// substitute replaces columns by expressions, keeping the type of what a column alone stood for: it may have been retyped.
func substitute(e expr.Expr, by []expr.Expr) expr.Expr {
	return expr.Rewrite(e, func(x expr.Expr) expr.Expr {
		c, ok := x.(*expr.Col)
		if !ok {
			return x
		}
		r := by[c.Index]
		if r.Type() != c.T && r.Type().EqualIgnoreNull(c.T) {
			r = plan.Retype(r, c.T)
		}
		return r
	})
}

// mayMerge refuses to double what must be evaluated once, and keeps expressions from growing without bound.
func (o *Options) mayMerge(n, in *plan.Project) bool {
	uses := make([]int, len(in.Exprs))
	for _, e := range n.Exprs {
		expr.Walk(e, func(x expr.Expr) bool {
			if c, ok := x.(*expr.Col); ok {
				uses[c.Index]++
			}
			return true
		})
	}
	total := 0
	for i, e := range in.Exprs {
		if uses[i] > 1 {
			if !o.deterministic(e) {
				return false
			}
			total += (uses[i] - 1) * size(e)
		}
	}
	return total < maxGrowth
}

// maxGrowth bounds the expression nodes that a merge may double.
const maxGrowth = 2000

func size(e expr.Expr) int {
	n := 0
	expr.Walk(e, func(expr.Expr) bool { n++; return true })
	return n
}

// sameSchema tells whether two nodes have the same names, types and time attributes.
func sameSchema(a, b plan.Node) bool {
	x, y := a.Schema(), b.Schema()
	return slices.Equal(x.Names(), y.Names()) && sameTypes(a, b)
}

// sameTypes is sameSchema without the names.
func sameTypes(a, b plan.Node) bool {
	x, y := a.Schema(), b.Schema()
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !x[i].Type.Equal(y[i].Type) || x[i].Type.Attr != y[i].Type.Attr {
			return false
		}
	}
	return true
}
