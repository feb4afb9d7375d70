// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/sql/plan"
)

// scan hands conditions over to a source that applies them exactly. A source whose watermarks are made from its rows must
// produce all of them (R2).
func filterScan(n *plan.Scan, conds []expr.Expr) plan.Node {
	accept := n.Source.Caps.AcceptFilter
	if accept == nil || len(conds) == 0 || n.Watermark != nil && n.Watermark.Mark != nil {
		return above(n, conds)
	}
	var stay []expr.Expr
	s := *n
	s.Filters = slices.Clone(n.Filters)
	for _, c := range conds {
		f, ok := sourceFilter(n, c)
		if ok && n.Source.Normalize && !slices.Contains(n.Source.Table.PrimaryKey, f.Path[0]) {
			ok = false // The row that an update replaces may pass where the new one does not.
		}
		if ok && accept(f) {
			s.Filters = append(s.Filters, f)
		} else {
			stay = append(stay, c)
		}
	}
	if len(s.Filters) == len(n.Filters) {
		return above(n, conds)
	}
	return above(&s, stay)
}

// flipped are the comparisons with their sides exchanged.
var flipped = map[connector.Op]connector.Op{
	connector.Eq: connector.Eq, connector.Ne: connector.Ne, connector.Lt: connector.Gt, connector.Le: connector.Ge,
	connector.Gt: connector.Lt, connector.Ge: connector.Le,
}

// sourceFilter recognises a comparison of a physical column, or a field of one, with a literal.
func sourceFilter(scan *plan.Scan, c expr.Expr) (connector.Filter, bool) {
	call, ok := c.(*expr.Call)
	if !ok || len(call.Args) != 2 {
		return connector.Filter{}, false
	}
	op := connector.Op(call.Fn)
	if _, ok := flipped[op]; !ok {
		return connector.Filter{}, false
	}
	a, b := call.Args[0], call.Args[1]
	if _, ok := a.(*expr.Lit); ok {
		a, b, op = b, a, flipped[op]
	}
	l, ok := b.(*expr.Lit)
	if !ok || l.Value.Null || !a.Type().EqualIgnoreNull(l.T) && (a.Type().Physical() != l.T.Physical() || !a.Type().IsString()) {
		return connector.Filter{}, false
	}
	path, ok := scanPath(scan, a)
	if !ok {
		return connector.Filter{}, false
	}
	return connector.Filter{Path: path, Op: op, Value: l.Value}, true
}

// scanPath returns the path into the physical columns that an expression reads.
func scanPath(scan *plan.Scan, e expr.Expr) ([]int, bool) {
	var fields []int
	for {
		switch x := e.(type) {
		case *expr.Col:
			c := scan.Columns[x.Index]
			if c.Metadata != "" {
				return nil, false
			}
			path := slices.Clone(c.Path)
			for _, f := range slices.Backward(fields) {
				path = append(path, f)
			}
			return path, true
		case *expr.Call:
			if x.Fn != "FIELD" {
				return nil, false
			}
			l, ok := x.Args[1].(*expr.Lit)
			if !ok {
				return nil, false
			}
			fields = append(fields, int(l.Value.I))
			e = x.Args[0]
		default:
			return nil, false
		}
	}
}
