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

// pruneNested asks sources for the fields of rows that are read instead of whole rows.
func pruneNested(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		p, ok := n.(*plan.Project)
		if !ok {
			return n
		}
		in := p.Input
		f, hasFilter := in.(*plan.Filter)
		if hasFilter {
			in = f.Input
		}
		scan, ok := in.(*plan.Scan)
		if !ok || !scan.Source.Caps.NestedProjection {
			return n
		}
		reads := slices.Clone(p.Exprs)
		if hasFilter {
			reads = append(reads, f.Cond)
		}
		if scan.Watermark != nil && scan.Watermark.Mark != nil {
			reads = append(reads, scan.Watermark.Mark)
		}
		s, rewrite := nestedScan(scan, reads)
		if s == nil {
			return n
		}
		c := &plan.Project{Input: s, Names: p.Names, Exprs: make([]expr.Expr, len(p.Exprs))}
		for i, e := range p.Exprs {
			c.Exprs[i] = plan.Retype(rewrite(e), e.Type())
		}
		if hasFilter {
			c.Input = &plan.Filter{Input: s, Cond: rewrite(f.Cond)}
		}
		return c
	})
}

// nestedScan narrows a scan to the paths that expressions read. It returns nil when there is nothing to narrow.
func nestedScan(scan *plan.Scan, reads []expr.Expr) (*plan.Scan, func(expr.Expr) expr.Expr) {
	type read struct {
		path []int
		t    *schema.Type
	}
	var paths []read
	add := func(path []int, t *schema.Type) {
		for _, r := range paths {
			if slices.Equal(r.path, path) {
				return
			}
		}
		paths = append(paths, read{path, t})
	}
	narrower := false
	for _, k := range keyColumns(scan) {
		add(scan.Columns[k].Path, scan.Out[k].Type)
	}
	for _, e := range reads {
		plan.TransformDown(e, func(x expr.Expr) (expr.Expr, bool) {
			if path, ok := scanPath(scan, x); ok {
				_, isCol := x.(*expr.Col)
				narrower = narrower || !isCol
				add(path, x.Type())
				return x, true
			}
			return x, false
		})
	}
	if !narrower {
		return nil, nil
	}
	s := *scan
	s.Columns, s.Out = nil, nil
	slices.SortStableFunc(paths, func(a, b read) int { return slices.Compare(a.path, b.path) })
	for _, r := range paths {
		// A whole row that is read anyway has its fields.
		if n := len(s.Columns); n > 0 && isPrefix(s.Columns[n-1].Path, r.path) {
			continue
		}
		s.Columns = append(s.Columns, connector.ScanColumn{Path: r.path})
		s.Out = append(s.Out, schema.Field{Name: plan.PathName(scan.Source.Table.Columns, r.path), Type: r.t.WithAttr(schema.NotTimeAttr)})
	}
	for i, c := range scan.Columns {
		if c.Metadata != "" {
			s.Columns = append(s.Columns, c)
			s.Out = append(s.Out, scan.Out[i])
		}
	}
	rewrite := func(e expr.Expr) expr.Expr {
		return plan.TransformDown(e, func(x expr.Expr) (expr.Expr, bool) {
			if col, ok := x.(*expr.Col); ok && scan.Columns[col.Index].Metadata != "" {
				for i, c := range s.Columns {
					if c.Metadata == scan.Columns[col.Index].Metadata {
						return &expr.Col{Index: i, T: col.T}, true
					}
				}
			}
			if path, ok := scanPath(scan, x); ok {
				return plan.Retype(pathExpr(&s, path), x.Type()), true
			}
			return x, false
		})
	}
	if scan.Watermark != nil {
		w := *scan.Watermark
		if w.Mark != nil {
			w.Mark = rewrite(w.Mark)
		}
		s.Watermark = &w
	}
	return &s, rewrite
}

func isPrefix(a, b []int) bool { return len(a) > 0 && len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }
