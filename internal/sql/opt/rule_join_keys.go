// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"strconv"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
)

// joinKeys computes the keys of joins below them, so that every equality between the sides compares two columns.
func joinKeys(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		j, ok := n.(*plan.Join)
		if !ok {
			return n
		}
		keys, rest := plan.SplitJoin(j)
		plain := true
		for _, k := range keys {
			plain = plain && isCol(k.Left) && isCol(k.Right)
		}
		if plain {
			return n
		}
		left, right := j.Left.Schema(), j.Right.Schema()
		lp := &plan.Project{Input: j.Left, Exprs: plan.Identity(left), Names: left.Names()}
		rp := &plan.Project{Input: j.Right, Exprs: plan.Identity(right), Names: right.Names()}
		add := func(p *plan.Project, e expr.Expr) int {
			if c, ok := e.(*expr.Col); ok {
				return c.Index
			}
			d := plan.ExprDigest(e)
			for i, x := range p.Exprs {
				if plan.ExprDigest(x) == d {
					return i
				}
			}
			p.Exprs = append(p.Exprs, e)
			p.Names = append(p.Names, "$key"+strconv.Itoa(len(p.Exprs)))
			return len(p.Exprs) - 1
		}
		type pair struct{ l, r int }
		pairs := make([]pair, len(keys))
		for i, k := range keys {
			pairs[i] = pair{add(lp, k.Left), add(rp, k.Right)}
		}
		nLeft, wide := len(left), len(lp.Exprs)
		move := func(i int) int {
			if i >= nLeft {
				return i + wide - nLeft
			}
			return i
		}
		var conds []expr.Expr
		for i, p := range pairs {
			fn := "="
			if keys[i].NullSafe {
				fn = "IS NOT DISTINCT FROM"
			}
			a := &expr.Col{Index: p.l, T: lp.Exprs[p.l].Type()}
			b := &expr.Col{Index: wide + p.r, T: rp.Exprs[p.r].Type()}
			eq := plan.Eq(a, b).(*expr.Call) //nolint:forcetypeassert // Eq makes a call.
			if eq.Fn = fn; keys[i].NullSafe {
				eq.T = eq.T.NotNull()
			}
			conds = append(conds, eq)
		}
		if rest != nil {
			conds = append(conds, expr.Remap(rest, move))
		}
		c := *j
		c.Left, c.Right, c.Cond = lp, rp, plan.And(conds...)
		out := j.Schema()
		exprs := plan.Identity(out)
		if j.Kind != graph.Semi && j.Kind != graph.Anti {
			for i := range exprs {
				exprs[i] = expr.Remap(exprs[i], move)
			}
		}
		return &plan.Project{Input: &c, Exprs: exprs, Names: out.Names()}
	})
}

func isCol(e expr.Expr) bool {
	_, ok := e.(*expr.Col)
	return ok
}
