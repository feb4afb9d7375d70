// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// windowAggregates turns GROUP BY over both bounds of a window into a window aggregation. Directly above a windowing table
// function it assigns the windows itself, so that rows are not multiplied; elsewhere the rows carry their window.
func windowAggregates(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		a, ok := n.(*plan.Aggregate)
		if !ok || a.Window != nil {
			return n
		}
		w := plan.WindowOf(a.Input)
		if w == nil || !grouped(a, w.Start) || !grouped(a, w.End) {
			return n
		}
		if r := absorb(a, w); r != nil {
			return r
		}
		if w.Window.Kind == graph.Session {
			return n // Sessions of other keys than those grouped by: their rows are grouped over all time.
		}
		return attach(a, w)
	})
}

func grouped(a *plan.Aggregate, cols []int) bool {
	return slices.ContainsFunc(a.Keys, func(k int) bool { return slices.Contains(cols, k) })
}

// bound tells which property of the window a column is.
func bound(w *plan.WindowCols, col int) (graph.WindowProp, bool) {
	switch {
	case slices.Contains(w.Start, col):
		return graph.WindowStart, true
	case slices.Contains(w.End, col):
		return graph.WindowEnd, true
	case slices.Contains(w.Time, col):
		return graph.WindowTime, true
	}
	return "", false
}

// windowed starts a window aggregation: the keys besides the bounds become keys, the bounds become properties. It also says
// where each old key lies in the new output.
func windowed(a *plan.Aggregate, w *plan.WindowCols) (*plan.Aggregate, []int) {
	c := &plan.Aggregate{Aggs: a.Aggs}
	out := a.Schema()
	where := make([]int, len(a.Keys))
	var names []string
	for i, k := range a.Keys {
		p, isBound := bound(w, k)
		if !isBound {
			where[i] = len(c.Keys)
			c.Keys = append(c.Keys, k)
			names = append(names, out[i].Name)
			continue
		}
		at := slices.Index(c.Props, p)
		if at < 0 {
			at = len(c.Props)
			c.Props = append(c.Props, p)
			c.PropTypes = append(c.PropTypes, out[i].Type)
		}
		where[i] = -1 - at
	}
	for i := range where {
		if where[i] < 0 {
			where[i] = len(c.Keys) + len(a.Aggs) + (-1 - where[i])
		}
	}
	for i := range a.Aggs {
		names = append(names, out[len(a.Keys)+i].Name)
	}
	for _, p := range c.Props {
		names = append(names, map[graph.WindowProp]string{
			graph.WindowStart: plan.ColWindowStart, graph.WindowEnd: plan.ColWindowEnd, graph.WindowTime: plan.ColWindowTime,
		}[p])
	}
	c.Names = names
	return c, where
}

// restore puts the columns of a window aggregation back into the order of the aggregation it stands for.
func restore(c, old *plan.Aggregate, where []int) plan.Node {
	out, was := c.Schema(), old.Schema()
	exprs := make([]expr.Expr, len(was))
	for i := range was {
		at := len(c.Keys) + i - len(old.Keys)
		if i < len(old.Keys) {
			at = where[i]
		}
		exprs[i] = plan.ColOf(out, at)
	}
	return &plan.Project{Input: c, Exprs: exprs, Names: was.Names()}
}

// absorb makes the aggregation assign the windows when it stands on a windowing table function with nothing but a projection
// between, and nothing but its keys reads the bounds; nil when that is not so.
func absorb(a *plan.Aggregate, w *plan.WindowCols) plan.Node {
	in := a.Input
	var exprs []expr.Expr
	var names []string
	if p, ok := in.(*plan.Project); ok {
		exprs, names, in = p.Exprs, p.Names, p.Input
	}
	t, ok := in.(*plan.WindowTable)
	if !ok {
		return nil
	}
	if exprs == nil {
		exprs, names = plan.Identity(t.Schema()), t.Schema().Names()
	}
	inner := len(t.Input.Schema())
	c, where := windowed(a, w)
	// The projection without the bounds, and with the time column.
	to := make([]int, len(exprs))
	p := &plan.Project{Input: t.Input}
	for i, e := range exprs {
		to[i] = -1
		if _, isBound := bound(w, i); isBound {
			continue
		}
		if cols := expr.Columns(e); len(cols) > 0 && cols[len(cols)-1] >= inner {
			if used(a, i) {
				return nil // Something is computed from the bounds.
			}
			continue
		}
		to[i] = len(p.Exprs)
		p.Exprs = append(p.Exprs, e)
		p.Names = append(p.Names, names[i])
	}
	window := t.Window
	timeCol := plan.ColOf(t.Input.Schema(), t.Window.TimeCol)
	window.TimeCol = len(p.Exprs)
	p.Exprs = append(p.Exprs, timeCol)
	p.Names = append(p.Names, t.Input.Schema()[t.Window.TimeCol].Name)
	for i, k := range c.Keys {
		c.Keys[i] = to[k]
	}
	if t.Window.Kind == graph.Session && !sameKeys(t, p, c.Keys) {
		return nil
	}
	c.Aggs = slices.Clone(c.Aggs)
	for i := range c.Aggs {
		g := &c.Aggs[i]
		g.Args = slices.Clone(g.Args)
		for j, arg := range g.Args {
			if g.Args[j] = to[arg]; to[arg] < 0 {
				return nil
			}
		}
		if g.Filter >= 0 {
			if g.Filter = to[g.Filter]; g.Filter < 0 {
				return nil
			}
		}
	}
	c.Input, c.Window = p, &window
	return restore(c, a, where)
}

// used tells whether an aggregation reads a column.
func used(a *plan.Aggregate, col int) bool {
	if slices.Contains(a.Keys, col) {
		return true
	}
	return slices.ContainsFunc(a.Aggs, func(g graph.AggCall) bool { return g.Filter == col || slices.Contains(g.Args, col) })
}

// sameKeys tells whether the sessions of a table function are those of the keys of the aggregation.
func sameKeys(t *plan.WindowTable, p *plan.Project, keys []int) bool {
	var cols []int
	for _, k := range keys {
		c, ok := p.Exprs[k].(*expr.Col)
		if !ok {
			return false
		}
		cols = append(cols, c.Index)
	}
	return subset(cols, t.Keys) && subset(t.Keys, cols)
}

// attach makes a window aggregation over rows that carry their window. Without other keys the bounds are the keys, so that
// windows can be spread over subtasks.
func attach(a *plan.Aggregate, w *plan.WindowCols) plan.Node {
	c, where := windowed(a, w)
	window := w.Window
	window.Attached, window.TimeCol = true, -1
	window.StartCol, window.EndCol = w.Start[0], w.End[0]
	c.Input, c.Window = a.Input, &window
	if len(c.Keys) > 0 {
		return restore(c, a, where)
	}
	c.Keys = []int{window.StartCol, window.EndCol}
	names := []string{plan.ColWindowStart, plan.ColWindowEnd}
	at := map[graph.WindowProp]int{graph.WindowStart: 0, graph.WindowEnd: 1}
	for i := range c.Aggs {
		names = append(names, a.Names[len(a.Keys)+i])
	}
	var props []graph.WindowProp
	var types []*schema.Type
	for i, p := range c.Props {
		if p == graph.WindowTime {
			at[p] = 2 + len(c.Aggs)
			props, types, names = append(props, p), append(types, c.PropTypes[i]), append(names, plan.ColWindowTime)
		}
	}
	for i, k := range a.Keys {
		p, _ := bound(w, k)
		where[i] = at[p]
	}
	c.Names, c.Props, c.PropTypes = names, props, types
	return restore(c, a, where)
}
