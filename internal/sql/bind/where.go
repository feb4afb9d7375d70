// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
)

// where binds the condition of WHERE. Conditions IN (query) and EXISTS (query) become semi and anti joins.
func (b *Binder) where(in plan.Node, sc *scope, e ast.Expr) (plan.Node, error) {
	var conds []expr.Expr
	c := &ctx{scope: sc, clause: "WHERE", subs: &subqueries{}}
	for _, part := range conjuncts(e) {
		x, not := part, false
		for {
			u, ok := x.(*ast.Unary)
			if !ok || u.Op != ast.OpNot {
				break
			}
			x, not = u.X, !not
		}
		var err error
		switch q := x.(type) {
		case *ast.In:
			if q.Query != nil {
				if in, err = b.semiIn(in, sc, q, not != q.Not); err != nil {
					return nil, err
				}
				continue
			}
		case *ast.Exists:
			if in, err = b.semiExists(in, sc, q, not); err != nil {
				return nil, err
			}
			continue
		}
		cond, err := b.condition(c, part)
		if err != nil {
			return nil, err
		}
		conds = append(conds, cond)
	}
	cond := expr.And(conds...)
	if cond == nil {
		return in, nil
	}
	width := len(in.Schema())
	joined, move := c.subs.join(in)
	n := plan.Node(&plan.Filter{Input: joined, Cond: move(cond)})
	if joined != in {
		out := in.Schema()
		n = &plan.Project{Input: n, Exprs: plan.Identity(out)[:width], Names: out.Names()}
	}
	return n, nil
}

// conjuncts splits a condition at its outermost ANDs.
func conjuncts(e ast.Expr) []ast.Expr {
	if l, ok := e.(*ast.Logical); ok && !l.Or {
		var out []ast.Expr
		for _, x := range l.Operands {
			out = append(out, conjuncts(x)...)
		}
		return out
	}
	return []ast.Expr{e}
}

// semiIn binds x [NOT] IN (query).
func (b *Binder) semiIn(in plan.Node, sc *scope, q *ast.In, not bool) (plan.Node, error) {
	left := []ast.Expr{q.X}
	if row, ok := q.X.(*ast.RowCtor); ok {
		left = row.Elems
	}
	xs, err := b.exprs(&ctx{scope: sc, clause: "WHERE"}, left)
	if err != nil {
		return nil, err
	}
	sub, corr, err := b.correlated(q.Query, sc)
	if err != nil {
		return nil, err
	}
	out := sub.Schema()
	visible := len(out) - corr.hidden
	if visible != len(xs) {
		return nil, invalid(q, "the query of IN gives %d columns, the left side has %d", visible, len(xs))
	}
	shift := len(in.Schema())
	var conds []expr.Expr
	for i, x := range xs {
		right := expr.Expr(&expr.Col{Index: shift + i, T: out[i].Type})
		eq, err := b.bindCall(q, "=", x, right)
		if err != nil {
			return nil, err
		}
		// NOT IN is not TRUE as soon as the comparison is unknown.
		if not && (x.Type().Nullable || right.Type().Nullable) {
			if eq, err = b.bindCall(q, "IS NOT FALSE", eq); err != nil {
				return nil, err
			}
		}
		conds = append(conds, eq)
	}
	return semiJoin(in, sub, append(conds, corr.at(shift)...), not), nil
}

// semiExists binds [NOT] EXISTS (query).
func (b *Binder) semiExists(in plan.Node, sc *scope, q *ast.Exists, not bool) (plan.Node, error) {
	sub, corr, err := b.correlated(q.Query, sc)
	if err != nil {
		return nil, err
	}
	return semiJoin(in, sub, corr.at(len(in.Schema())), not), nil
}

func semiJoin(in, sub plan.Node, conds []expr.Expr, not bool) plan.Node {
	kind := graph.Semi
	if not {
		kind = graph.Anti
	}
	j := &plan.Join{Left: in, Right: sub, Kind: kind, Cond: plan.And(conds...)}
	j.KeepTime = plan.IsWindowJoin(j)
	return j
}

// correlation is what a sub-query says about the query around it: conditions over columns of the outer query (at outerBase)
// and columns of the sub-query's output, the last hidden of which only they need.
type correlation struct {
	conds  []expr.Expr
	hidden int
}

// at returns the conditions for a join whose left input has the given number of columns.
func (c *correlation) at(shift int) []expr.Expr {
	out := make([]expr.Expr, len(c.conds))
	for i, x := range c.conds {
		out[i] = expr.Remap(x, func(i int) int {
			if i >= outerBase {
				return i - outerBase
			}
			return i + shift
		})
	}
	return out
}

// correlated binds a sub-query that may refer to the query around it, in its WHERE only.
func (b *Binder) correlated(q *ast.Query, outer *scope) (plan.Node, *correlation, error) {
	n, err := b.query(q, outer)
	if err != nil {
		return nil, nil, err
	}
	corr := &correlation{}
	p, ok := n.(*plan.Project)
	if ok {
		if f, isFilter := p.Input.(*plan.Filter); isFilter {
			n = corr.lift(p, f)
		}
	}
	bad := false
	plan.Each(n, func(x plan.Node) { bad = bad || refersOut(x) })
	if bad {
		return nil, nil, unsupported(q, "a sub-query that refers to the query around it outside of its own WHERE")
	}
	return n, corr, nil
}

// lift moves conditions over outer columns out of a sub-query; columns that they need are added to its output.
func (c *correlation) lift(p *plan.Project, f *plan.Filter) plan.Node {
	in := f.Input.Schema()
	var stay []expr.Expr
	exprs, names := slices.Clone(p.Exprs), slices.Clone(p.Names)
	for _, x := range plan.Conjuncts(f.Cond) {
		if !hasOuter(x) {
			stay = append(stay, x)
			continue
		}
		c.conds = append(c.conds, expr.Remap(x, func(i int) int {
			if i >= outerBase {
				return i
			}
			at := slices.IndexFunc(exprs, func(e expr.Expr) bool {
				col, ok := e.(*expr.Col)
				return ok && col.Index == i
			})
			if at < 0 {
				at = len(exprs)
				exprs = append(exprs, plan.ColOf(in, i))
				names = append(names, in[i].Name)
				c.hidden++
			}
			return at
		}))
	}
	if len(c.conds) == 0 {
		return p
	}
	n := f.Input
	if cond := plan.And(stay...); cond != nil {
		n = &plan.Filter{Input: n, Cond: cond}
	}
	return &plan.Project{Input: n, Exprs: exprs, Names: names}
}

func hasOuter(es ...expr.Expr) bool {
	cols := expr.Columns(es...)
	return len(cols) > 0 && cols[len(cols)-1] >= outerBase
}

// refersOut tells whether a node's expressions refer to an outer query.
func refersOut(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Project:
		return hasOuter(n.Exprs...)
	case *plan.Filter:
		return hasOuter(n.Cond)
	case *plan.Join:
		return n.Cond != nil && hasOuter(n.Cond)
	default:
		return false
	}
}
