// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/sql/plan"
	"spate/schema"
)

// watermarkToSource lets sources make the watermarks: per split, and, where the source knows the time of every event and the
// watermark lags behind it by a constant, also for events that filters leave out.
func (o *Options) watermarkToSource(n plan.Node) plan.Node {
	return plan.Rewrite(n, func(n plan.Node) plan.Node {
		w, ok := n.(*plan.Watermark)
		if !ok {
			return n
		}
		var exprs []expr.Expr
		var names []string
		in := w.Input
		if p, ok := in.(*plan.Project); ok {
			exprs, names, in = slices.Clone(p.Exprs), p.Names, p.Input
		}
		scan, ok := in.(*plan.Scan)
		if !ok || scan.Watermark != nil {
			return n
		}
		if exprs == nil {
			exprs, names = plan.Identity(scan.Out), scan.Out.Names()
		}
		mark := o.simple(expr.Substitute(w.Mark, exprs))
		if !o.deterministic(mark) {
			return n
		}
		s := *scan
		src := *scan.Source
		src.WatermarkOnEvent, src.IdleTimeout = w.OnEvent, w.IdleTimeout
		s.Source = &src
		s.Watermark = &plan.ScanWatermark{Mark: mark}
		if delay, ok := o.constantDelay(mark, &s); ok && !w.OnEvent {
			s.Watermark = &plan.ScanWatermark{Delay: delay}
		}
		exprs[w.Col] = plan.Retype(exprs[w.Col], exprs[w.Col].Type().WithAttr(schema.RowTime))
		return &plan.Project{Input: &s, Exprs: exprs, Names: names}
	})
}

// constantDelay tells whether a watermark is the event's own time, as the source knows it, less a constant: under each of the
// source's guards the expression must come down to the guarded column, and always with the same delay.
func (o *Options) constantDelay(mark expr.Expr, scan *plan.Scan) (int64, bool) {
	guards := scan.Source.Caps.EventTime
	if len(guards) == 0 {
		return 0, false
	}
	var delay int64
	for i, g := range guards {
		e := mark
		facts := scanFacts(scan, g.Guard)
		if len(facts) > 0 {
			e = o.simple(applyFacts(e, facts))
		}
		col, d, ok := lag(e)
		if !ok || i > 0 && d != delay || plan.ExprDigest(col) != plan.ExprDigest(pathExpr(scan, g.Path)) {
			return 0, false
		}
		delay = d
	}
	return delay, true
}

// lag takes apart t - INTERVAL and t.
func lag(e expr.Expr) (expr.Expr, int64, bool) {
	c, ok := e.(*expr.Call)
	if !ok {
		return e, 0, e.Type().IsTimestamp()
	}
	if c.Fn == "-" && len(c.Args) == 2 && c.Args[0].Type().IsTimestamp() {
		if l, ok := c.Args[1].(*expr.Lit); ok && l.T.Root == schema.IntervalDayTime && !l.Value.Null {
			return c.Args[0], l.Value.I, true
		}
		return nil, 0, false
	}
	return e, 0, c.Fn == "FIELD"
}

// pathExpr returns the expression of a path into the physical columns over the columns of a scan; nil when the scan does not
// produce it.
func pathExpr(scan *plan.Scan, path []int) expr.Expr {
	for i, c := range scan.Columns {
		if c.Metadata != "" || len(c.Path) > len(path) || !slices.Equal(c.Path, path[:len(c.Path)]) {
			continue
		}
		e := expr.Expr(plan.ColOf(scan.Out, i))
		for _, f := range path[len(c.Path):] {
			e = expr.FieldOf(e, f, expr.Pos{})
		}
		return e
	}
	return nil
}

// scanFacts are what equalities of the source's filters say about expressions over the scan.
func scanFacts(scan *plan.Scan, filters []connector.Filter) []fact {
	var facts []fact
	for _, f := range filters {
		if f.Op != connector.Eq {
			continue
		}
		if e := pathExpr(scan, f.Path); e != nil && provable(e.Type()) {
			facts = append(facts, fact{e, &expr.Lit{Value: f.Value, T: e.Type()}})
		}
	}
	return facts
}
