// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"math"
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// overToTopN turns ROW_NUMBER() OVER (...) that a filter bounds from above into a Top-N.
func overToTopN(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		f, ok := n.(*plan.Filter)
		if !ok {
			return n
		}
		o, ok := f.Input.(*plan.Over)
		if !ok || len(o.Calls) != 1 || o.Calls[0].Agg.Fn != "ROW_NUMBER" {
			return n
		}
		rank := len(o.Input.Schema())
		start, end := int64(1), int64(math.MaxInt64)
		var rest []expr.Expr
		for _, c := range plan.Conjuncts(f.Cond) {
			low, high, ok := rankRange(c, rank)
			if !ok {
				rest = append(rest, c)
				continue
			}
			start, end = max(start, low), min(end, high)
		}
		if end == math.MaxInt64 {
			return n
		}
		if end < start {
			return &plan.Values{Out: n.Schema()}
		}
		call := o.Calls[0]
		t := &plan.TopN{
			Input: o.Input, Partition: call.Partition, Sort: call.Sort, Start: start, End: end, OutputRank: true, RankName: call.Name,
		}
		holdWindow(t)
		return above(constantRank(t), rest)
	})
}

// holdWindow makes a Top-N within windows emit what it kept at the end of each window.
func holdWindow(t *plan.TopN) {
	w := plan.WindowOf(t.Input)
	if w == nil || w.Window.ProcTime {
		return
	}
	of := func(cols []int) int {
		return slices.IndexFunc(t.Partition, func(p int) bool { return slices.Contains(cols, p) })
	}
	if start, end := of(w.Start), of(w.End); start >= 0 && end >= 0 {
		t.Hold, t.TimeCol, t.Zone = graph.HoldWindow, t.Partition[end], w.Window.Zone
	}
}

// constantRank writes the rank of a Top-1 as a constant.
func constantRank(t *plan.TopN) plan.Node {
	if t.Start != t.End {
		return t
	}
	out := t.Schema()
	c := *t
	c.OutputRank = false
	rank := len(out) - 1
	exprs := plan.Identity(out)
	exprs[rank] = &expr.Lit{Value: schema.IntValue(t.Start), T: out[rank].Type}
	return &plan.Project{Input: &c, Exprs: exprs, Names: out.Names()}
}

// rankRange returns the ranks that a condition on the rank lets pass.
func rankRange(c expr.Expr, rank int) (low, high int64, ok bool) {
	low, high = 1, math.MaxInt64
	call, isCall := c.(*expr.Call)
	if !isCall || len(call.Args) != 2 {
		return 0, 0, false
	}
	op := call.Fn
	a, b := bare(call.Args[0]), call.Args[1]
	if _, lit := a.(*expr.Lit); lit {
		a, b = bare(b), a
		op = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
	}
	col, isCol := a.(*expr.Col)
	l, isLit := b.(*expr.Lit)
	if !isCol || !isLit || col.Index != rank || !l.T.IsInteger() || l.Value.Null {
		return 0, 0, false
	}
	switch op {
	case "=":
		return l.Value.I, l.Value.I, true
	case "<":
		return low, l.Value.I - 1, true
	case "<=":
		return low, l.Value.I, true
	case ">":
		return l.Value.I + 1, high, true
	case ">=":
		return l.Value.I, high, true
	}
	return 0, 0, false
}
