// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
)

// pushFilters moves conditions towards the sources, as deep as they mean the same, and into sources that take them.
func (o *Options) pushFilters(n plan.Node) plan.Node {
	p := &pusher{o: o, done: map[plan.Node]plan.Node{}}
	return p.push(n, nil)
}

type pusher struct {
	o *Options
	// done remembers nodes that were reached without conditions, so that shared ones stay shared.
	done map[plan.Node]plan.Node
}

// push returns n with the conditions applied to its output.
func (p *pusher) push(n plan.Node, conds []expr.Expr) plan.Node {
	if len(conds) > 0 {
		return p.into(n, conds)
	}
	if r, ok := p.done[n]; ok {
		return r
	}
	r := p.into(n, nil)
	p.done[n] = r
	return r
}

// above puts conditions on top of a node.
func above(n plan.Node, conds []expr.Expr) plan.Node {
	if c := plan.And(conds...); c != nil {
		return &plan.Filter{Input: n, Cond: c}
	}
	return n
}

func (p *pusher) into(n plan.Node, conds []expr.Expr) plan.Node {
	switch n := n.(type) {
	case *plan.Filter:
		return p.push(n.Input, append(slices.Clone(plan.Conjuncts(n.Cond)), conds...))
	case *plan.Project:
		down, stay := part(conds, func(c expr.Expr) bool {
			return p.o.deterministic(c) && p.o.deterministic(exprsAt(n.Exprs, expr.Columns(c))...)
		})
		for i, c := range down {
			down[i] = substitute(c, n.Exprs)
		}
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.Join:
		return p.join(n, conds)
	case *plan.Union:
		in := make([]plan.Node, len(n.Inputs))
		for i := range in {
			in[i] = p.push(n.Inputs[i], slices.Clone(conds))
		}
		return plan.WithInputs(n, in)
	case *plan.Aggregate:
		down, stay := part(conds, func(c expr.Expr) bool {
			cols := expr.Columns(c)
			return p.o.deterministic(c) && len(cols) > 0 && cols[len(cols)-1] < len(n.Keys)
		})
		for i, c := range down {
			down[i] = expr.Remap(c, func(k int) int { return n.Keys[k] })
		}
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.WindowTable:
		inner := len(n.Input.Schema())
		down, stay := part(conds, func(c expr.Expr) bool {
			cols := expr.Columns(c)
			if n.Window.Kind == graph.Session && !subset(cols, n.Keys) {
				return false // Rows that a filter drops may hold a session together.
			}
			return p.o.deterministic(c) && len(cols) > 0 && cols[len(cols)-1] < inner
		})
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.Over:
		down, stay := part(conds, func(c expr.Expr) bool {
			cols := expr.Columns(c)
			for _, call := range n.Calls {
				if !subset(cols, call.Partition) {
					return false
				}
			}
			return p.o.deterministic(c) && len(cols) > 0
		})
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.Unnest:
		down, stay := part(conds, func(c expr.Expr) bool {
			cols := expr.Columns(c)
			return p.o.deterministic(c) && len(cols) > 0 && cols[len(cols)-1] < len(n.Keep)
		})
		for i, c := range down {
			down[i] = expr.Remap(c, func(k int) int { return n.Keep[k] })
		}
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.TopN:
		down, stay := part(conds, func(c expr.Expr) bool {
			cols := expr.Columns(c)
			return p.o.deterministic(c) && len(cols) > 0 && subset(cols, n.Partition)
		})
		return above(plan.WithInputs(n, []plan.Node{p.push(n.Input, down)}), stay)
	case *plan.Scan:
		return filterScan(n, conds)
	default:
		old := plan.Inputs(n)
		in := make([]plan.Node, len(old))
		for i := range old {
			in[i] = p.push(old[i], nil)
		}
		return above(plan.WithInputs(n, in), conds)
	}
}

// part splits conditions by a predicate.
func part(conds []expr.Expr, f func(expr.Expr) bool) (yes, no []expr.Expr) {
	for _, c := range conds {
		if f(c) {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	return yes, no
}

func subset(a, b []int) bool {
	return !slices.ContainsFunc(a, func(x int) bool { return !slices.Contains(b, x) })
}

func exprsAt(es []expr.Expr, cols []int) []expr.Expr {
	out := make([]expr.Expr, len(cols))
	for i, c := range cols {
		out[i] = es[c]
	}
	return out
}

// join distributes the conditions above a join and its own over the inputs and the join.
func (p *pusher) join(n *plan.Join, conds []expr.Expr) plan.Node {
	nLeft := len(n.Left.Schema())
	kind := n.Kind
	conds = slices.Clone(conds)
	if kind == graph.Left || kind == graph.Right || kind == graph.Full {
		kind = strengthen(kind, conds, nLeft)
	}
	keepsLeft := kind == graph.Inner || kind == graph.Left || kind == graph.Semi || kind == graph.Anti
	keepsRight := kind == graph.Inner || kind == graph.Right
	var left, right, stay, on []expr.Expr
	for _, c := range conds {
		switch {
		case !p.o.deterministic(c):
			stay = append(stay, c)
		case keepsLeft && plan.OnlyLeft(c, nLeft):
			left = append(left, c)
		case keepsRight && plan.OnlyRight(c, nLeft):
			right = append(right, expr.Shift(c, 0, -nLeft))
		case kind == graph.Inner:
			on = append(on, c)
		default:
			stay = append(stay, c)
		}
	}
	for _, c := range plan.Conjuncts(n.Cond) {
		switch {
		case !p.o.deterministic(c) || len(expr.Columns(c)) == 0:
			on = append(on, c)
		case plan.OnlyLeft(c, nLeft) && (kind == graph.Inner || kind == graph.Right || kind == graph.Semi):
			left = append(left, c)
		case plan.OnlyRight(c, nLeft) && (kind == graph.Inner || kind == graph.Left || kind == graph.Semi || kind == graph.Anti):
			right = append(right, expr.Shift(c, 0, -nLeft))
		default:
			on = append(on, c)
		}
	}
	j := *n
	j.Kind = kind
	j.Left, j.Right = p.push(n.Left, left), p.push(n.Right, right)
	j.Cond = plan.And(on...)
	out := plan.Node(&j)
	if kind != n.Kind && !sameTypes(&j, n) {
		// The outer side is no longer nullable inside; outside nothing changes (R1).
		s := n.Schema()
		out = &plan.Project{Input: &j, Exprs: plan.Identity(s), Names: s.Names()}
	}
	return above(out, stay)
}

// strengthen turns an outer join into a narrower one when a condition above it throws away the rows that it would pad.
func strengthen(kind graph.JoinKind, conds []expr.Expr, nLeft int) graph.JoinKind {
	dropsLeft, dropsRight := false, false
	for _, c := range conds {
		for _, col := range rejectsNull(c) {
			if col < nLeft {
				dropsLeft = true
			} else {
				dropsRight = true
			}
		}
	}
	padsRight := (kind == graph.Left || kind == graph.Full) && !dropsRight
	padsLeft := (kind == graph.Right || kind == graph.Full) && !dropsLeft
	switch {
	case padsRight && padsLeft:
		return graph.Full
	case padsRight:
		return graph.Left
	case padsLeft:
		return graph.Right
	}
	return graph.Inner
}

// rejectsNull returns columns such that the condition is not TRUE when one of them is NULL.
func rejectsNull(c expr.Expr) []int {
	call, ok := c.(*expr.Call)
	if !ok {
		return nil
	}
	switch call.Fn {
	case "=", "<>", "<", "<=", ">", ">=", "LIKE", "IN", "IS NOT NULL":
		var cols []int
		for _, a := range call.Args {
			if col, ok := bare(a).(*expr.Col); ok {
				cols = append(cols, col.Index)
			}
		}
		return cols
	}
	return nil
}

// bare looks through casts.
func bare(e expr.Expr) expr.Expr {
	for {
		c, ok := e.(*expr.Call)
		if !ok || c.Fn != "CAST" && c.Fn != "REINTERPRET" {
			return e
		}
		e = c.Args[0]
	}
}
