// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"fmt"
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/sql/plan"
	"spate/schema"
)

// reuseSources merges scans of one table with the same filters and watermarks into one that has the columns of all.
func reuseSources(roots []plan.Node) []plan.Node {
	groups := map[string][]*plan.Scan{}
	for _, r := range roots {
		plan.Each(r, func(n plan.Node) {
			if s, ok := n.(*plan.Scan); ok {
				k := reuseKey(s)
				if !slices.Contains(groups[k], s) {
					groups[k] = append(groups[k], s)
				}
			}
		})
	}
	merged := map[string]*plan.Scan{}
	for k, scans := range groups {
		if len(scans) > 1 {
			merged[k] = mergeScans(scans)
		}
	}
	if len(merged) == 0 {
		return roots
	}
	out := make([]plan.Node, len(roots))
	for i, r := range roots {
		out[i] = plan.Rewrite(r, func(n plan.Node) plan.Node {
			switch n := n.(type) {
			case *plan.Scan:
				m := merged[reuseKey(n)]
				if m == nil {
					return n
				}
				return narrow(m, n)
			case *plan.Project:
				// The projection above a scan takes its columns from the merged one.
				if in, ok := n.Input.(*plan.Project); ok {
					if _, ok := in.Input.(*plan.Scan); ok {
						c := &plan.Project{Input: in.Input, Names: n.Names, Exprs: make([]expr.Expr, len(n.Exprs))}
						for j, e := range n.Exprs {
							c.Exprs[j] = substitute(e, in.Exprs)
						}
						return c
					}
				}
			case *plan.Filter:
				// Filter over Project over Scan: the condition moves below, where calcs merge.
				if in, ok := n.Input.(*plan.Project); ok {
					if _, ok := in.Input.(*plan.Scan); ok {
						f := &plan.Filter{Input: in.Input, Cond: substitute(n.Cond, in.Exprs)}
						return &plan.Project{Input: f, Exprs: in.Exprs, Names: in.Names}
					}
				}
			}
			return n
		})
		out[i] = collapse(out[i])
	}
	return out
}

// collapse merges projections that pass columns only into those above.
func collapse(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		p, ok := n.(*plan.Project)
		if !ok {
			return n
		}
		in, ok := p.Input.(*plan.Project)
		if !ok || slices.ContainsFunc(in.Exprs, func(e expr.Expr) bool { return !isCol(e) }) {
			return n
		}
		c := &plan.Project{Input: in.Input, Names: p.Names, Exprs: make([]expr.Expr, len(p.Exprs))}
		for j, e := range p.Exprs {
			c.Exprs[j] = substitute(e, in.Exprs)
		}
		return c
	})
}

// reuseKey is equal for scans that can be one.
func reuseKey(s *plan.Scan) string {
	bare := *s
	bare.Columns, bare.Out, bare.Watermark = nil, nil, nil
	k := plan.NewDigests().Digest(&bare)
	switch {
	case s.Watermark == nil:
	case s.Watermark.Mark == nil:
		k += fmt.Sprintf("delay %d", s.Watermark.Delay)
	default:
		// By paths, since the columns of the scans differ.
		var paths []string
		for _, c := range expr.Columns(s.Watermark.Mark) {
			paths = append(paths, fmt.Sprint(s.Columns[c]))
		}
		cols := expr.Columns(s.Watermark.Mark)
		k += fmt.Sprint(paths) + plan.ExprDigest(expr.Remap(s.Watermark.Mark, func(i int) int { return slices.Index(cols, i) }))
	}
	return k
}

func mergeScans(scans []*plan.Scan) *plan.Scan {
	m := *scans[0]
	m.Columns, m.Out = nil, nil
	type col struct {
		c connector.ScanColumn
		f schema.Field
	}
	var cols []col
	for _, s := range scans {
		for i, c := range s.Columns {
			if !slices.ContainsFunc(cols, func(x col) bool { return sameColumn(x.c, c) }) {
				cols = append(cols, col{c, s.Out[i]})
			}
		}
	}
	slices.SortStableFunc(cols, func(a, b col) int {
		if (a.c.Metadata != "") != (b.c.Metadata != "") {
			return len(a.c.Metadata) - len(b.c.Metadata)
		}
		return slices.Compare(a.c.Path, b.c.Path)
	})
	for _, c := range cols {
		if n := len(m.Columns); n > 0 && c.c.Metadata == "" && m.Columns[n-1].Metadata == "" && isPrefix(m.Columns[n-1].Path, c.c.Path) {
			continue
		}
		m.Columns = append(m.Columns, c.c)
		m.Out = append(m.Out, c.f)
	}
	if w := scans[0].Watermark; w != nil && w.Mark != nil {
		m.Watermark = &plan.ScanWatermark{Mark: expr.Substitute(w.Mark, columnsOf(&m, scans[0]))}
	}
	return &m
}

func sameColumn(a, b connector.ScanColumn) bool {
	return a.Metadata == b.Metadata && slices.Equal(a.Path, b.Path)
}

// columnsOf are the columns of a scan as expressions over a merged one.
func columnsOf(m, s *plan.Scan) []expr.Expr {
	out := make([]expr.Expr, len(s.Columns))
	for i, c := range s.Columns {
		if c.Metadata != "" {
			at := slices.IndexFunc(m.Columns, func(x connector.ScanColumn) bool { return x.Metadata == c.Metadata })
			out[i] = plan.ColOf(m.Out, at)
			continue
		}
		out[i] = plan.Retype(pathExpr(m, c.Path), s.Out[i].Type)
	}
	return out
}

// narrow is a scan in terms of a merged one.
func narrow(m, s *plan.Scan) plan.Node {
	exprs := columnsOf(m, s)
	if plan.IsIdentity(exprs, len(m.Out)) {
		return m
	}
	return &plan.Project{Input: m, Exprs: exprs, Names: s.Out.Names()}
}
