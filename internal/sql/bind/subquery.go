// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strconv"

	"spate/internal/aggs"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// subBase is where references to scalar sub-queries lie, until these are joined to the rows that they are computed for.
const subBase = 5 << 24

// subqueries collects the scalar sub-queries of a clause.
type subqueries struct{ list []scalarSub }

// scalarSub is a scalar sub-query: at most one row of node for each outer row, and the value over the columns of node, all of
// which are NULL where there is no row. A correlated one is joined by its first columns to the outer expressions.
type scalarSub struct {
	node  plan.Node
	outer []expr.Expr
	value expr.Expr
	t     *schema.Type
}

// join appends the values of the sub-queries to a node; the returned function points expressions at them.
func (s *subqueries) join(in plan.Node) (plan.Node, func(expr.Expr) expr.Expr) {
	if s == nil || len(s.list) == 0 {
		return in, func(e expr.Expr) expr.Expr { return e }
	}
	values := make([]expr.Expr, len(s.list))
	for i, q := range s.list {
		width := len(in.Schema())
		j := &plan.Join{Left: in, Right: q.node, Kind: graph.Left}
		var conds []expr.Expr
		right := q.node.Schema()
		for k, o := range q.outer {
			conds = append(conds, plan.Eq(o, expr.Shift(plan.ColOf(right, k), 0, width)))
		}
		j.Cond = plan.And(conds...)
		in = j
		values[i] = plan.Retype(expr.Rewrite(q.value, func(e expr.Expr) expr.Expr {
			if c, ok := e.(*expr.Col); ok {
				return &expr.Col{Index: c.Index + width, T: c.T.WithNull(true)}
			}
			return e
		}), q.t)
	}
	return in, func(e expr.Expr) expr.Expr {
		return expr.Rewrite(e, func(x expr.Expr) expr.Expr {
			if c, ok := x.(*expr.Col); ok && c.Index >= subBase {
				return values[c.Index-subBase]
			}
			return x
		})
	}
}

// scalarQuery binds a query as a scalar.
func (b *Binder) scalarQuery(c *ctx, e *ast.Subquery) (expr.Expr, error) {
	if c.subs == nil || c.noAgg || c.inOver {
		return nil, unsupported(e, "a query as a scalar value in %s", c.clause)
	}
	n, err := b.query(e.Query, c.scope)
	if err != nil {
		return nil, err
	}
	if out := n.Schema(); len(out) != 1 {
		return nil, invalid(e, "a query that stands for a value must have one column, this has %d", len(out))
	}
	sub := scalarSub{node: n, value: plan.ColOf(n.Schema(), 0), t: n.Schema()[0].Type.WithNull(true).WithAttr(schema.NotTimeAttr)}
	correlated := false
	plan.Each(n, func(x plan.Node) { correlated = correlated || refersOut(x) })
	switch {
	case correlated:
		if err := decorrelate(e, &sub); err != nil {
			return nil, err
		}
	case !isOneRow(n):
		t, err := aggs.Infer("SINGLE_VALUE", []*schema.Type{sub.t}, false)
		if err != nil {
			return nil, unsupported(e, "a value of type %s from a query", sub.t)
		}
		sub.node = &plan.Aggregate{
			Input: n, Names: n.Schema().Names(),
			Aggs: []graph.AggCall{{Fn: "SINGLE_VALUE", Args: []int{0}, Filter: -1, Type: t.WithNull(true)}},
		}
	}
	c.subs.list = append(c.subs.list, sub)
	return &expr.Col{Index: subBase + len(c.subs.list) - 1, T: sub.t}, nil
}

// isOneRow tells whether a node always gives exactly one row.
func isOneRow(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Project:
		return isOneRow(n.Input)
	case *plan.Aggregate:
		return len(n.Keys) == 0 && n.Window == nil
	case *plan.Values:
		return len(n.Rows) == 1
	default:
		return false
	}
}

// decorrelate turns SELECT f(agg(..)) FROM t WHERE t.k = outer.k AND ... into the aggregation of t by k, to be joined on k.
func decorrelate(at ast.Node, sub *scalarSub) error {
	refuse := unsupported(at, "a sub-query that refers to the query around it in this way")
	top, ok := sub.node.(*plan.Project)
	if !ok {
		return refuse
	}
	agg, ok := top.Input.(*plan.Aggregate)
	if !ok || len(agg.Keys) > 0 || agg.Window != nil {
		return refuse
	}
	args, ok := agg.Input.(*plan.Project)
	if !ok {
		return refuse
	}
	filter, ok := args.Input.(*plan.Filter)
	if !ok || hasOuter(args.Exprs...) || hasOuter(top.Exprs...) {
		return refuse
	}
	deeper := false
	plan.Each(filter.Input, func(x plan.Node) { deeper = deeper || refersOut(x) })
	if deeper {
		return refuse
	}
	var stay, keys []expr.Expr
	for _, c := range plan.Conjuncts(filter.Cond) {
		if !hasOuter(c) {
			stay = append(stay, c)
			continue
		}
		inner, outer, ok := outerEquality(c)
		if !ok {
			return refuse
		}
		keys, sub.outer = append(keys, inner), append(sub.outer, outer)
	}
	in := filter.Input
	if cond := plan.And(stay...); cond != nil {
		in = &plan.Filter{Input: in, Cond: cond}
	}
	p := &plan.Project{Input: in, Exprs: slices.Concat(keys, args.Exprs), Names: make([]string, 0, len(keys)+len(args.Names))}
	grouped := &plan.Aggregate{Input: p}
	for i := range keys {
		name := "$key" + strconv.Itoa(i)
		p.Names, grouped.Names = append(p.Names, name), append(grouped.Names, name)
		grouped.Keys = append(grouped.Keys, i)
	}
	p.Names = append(p.Names, args.Names...)
	grouped.Names = append(grouped.Names, agg.Names...)
	for _, a := range agg.Aggs {
		a.Args = slices.Clone(a.Args)
		for i := range a.Args {
			a.Args[i] += len(keys)
		}
		if a.Filter >= 0 {
			a.Filter += len(keys)
		}
		grouped.Aggs = append(grouped.Aggs, a)
	}
	sub.node = grouped
	sub.value = orEmpty(expr.Shift(top.Exprs[0], 0, len(keys)), grouped)
	return nil
}

// orEmpty makes the value of a decorrelated sub-query what it is of no rows where there is no group: NULL but for counts.
func orEmpty(value expr.Expr, grouped *plan.Aggregate) expr.Expr {
	return expr.Rewrite(value, func(e expr.Expr) expr.Expr {
		c, ok := e.(*expr.Col)
		if !ok {
			return e
		}
		f, ok := aggs.Lookup(grouped.Aggs[c.Index-len(grouped.Keys)].Fn)
		if !ok || !f.Never || !c.T.IsInteger() {
			return e
		}
		zero := &expr.Lit{Value: schema.IntValue(0), T: c.T.NotNull()}
		return &expr.Call{Fn: "COALESCE", Version: 1, Args: []expr.Expr{&expr.Col{Index: c.Index, T: c.T.WithNull(true)}, zero}, T: c.T.NotNull()}
	})
}

// outerEquality takes apart inner = outer.
func outerEquality(c expr.Expr) (inner, outer expr.Expr, ok bool) {
	call, isCall := c.(*expr.Call)
	if !isCall || call.Fn != "=" {
		return nil, nil, false
	}
	a, b := call.Args[0], call.Args[1]
	if hasOuter(a) {
		a, b = b, a
	}
	onlyOuter := true
	for _, i := range expr.Columns(b) {
		onlyOuter = onlyOuter && i >= outerBase && i < subBase
	}
	if hasOuter(a) || !onlyOuter {
		return nil, nil, false
	}
	return a, expr.Remap(b, func(i int) int { return i - outerBase }), true
}
