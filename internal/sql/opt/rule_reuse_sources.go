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

// reuseSources merges scans of one table with the same filters and watermarks into one that has the columns of all. origins keeps
// the digests that nodes had before: operator ids must not depend on what else reads the table.
func reuseSources(roots []plan.Node, origins map[plan.Node]string) []plan.Node {
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
	d := plan.NewStableDigests()
	done := map[plan.Node]plan.Node{}
	out := make([]plan.Node, len(roots))
	for i, r := range roots {
		out[i] = plan.RewriteFrom(r, done, func(old, n plan.Node) plan.Node {
			n = reuseMerged(n, merged)
			if _, isScan := old.(*plan.Scan); !isScan {
				origins[n] = d.Digest(old)
			}
			return n
		})
	}
	return out
}

// reuseMerged puts merged scans in the place of scans and lets the projections above take their columns from them.
func reuseMerged(n plan.Node, merged map[string]*plan.Scan) plan.Node {
	switch n := n.(type) {
	case *plan.Scan:
		if m := merged[reuseKey(n)]; m != nil {
			return narrow(m, n)
		}
	case *plan.Project:
		if in := narrowed(n.Input, merged); in != nil {
			c := &plan.Project{Input: in.Input, Names: n.Names, Exprs: make([]expr.Expr, len(n.Exprs))}
			for j, e := range n.Exprs {
				c.Exprs[j] = substitute(e, in.Exprs)
			}
			return c
		}
	case *plan.Filter:
		if in := narrowed(n.Input, merged); in != nil {
			f := &plan.Filter{Input: in.Input, Cond: substitute(n.Cond, in.Exprs)}
			return &plan.Project{Input: f, Exprs: in.Exprs, Names: in.Names}
		}
	}
	return n
}

// narrowed returns a projection that does nothing but take columns from a merged scan, directly or behind a filter.
func narrowed(n plan.Node, merged map[string]*plan.Scan) *plan.Project {
	p, ok := n.(*plan.Project)
	if !ok {
		return nil
	}
	in := p.Input
	if f, ok := in.(*plan.Filter); ok {
		in = f.Input
	}
	s, ok := in.(*plan.Scan)
	if !ok {
		return nil
	}
	for _, m := range merged {
		if m == s {
			return p
		}
	}
	return nil
}

// reuseKey is equal for scans that can be one.
func reuseKey(s *plan.Scan) string {
	k := plan.NewDigests().Bare(s)
	switch {
	case s.Watermark == nil:
	case s.Watermark.Mark == nil:
		k += fmt.Sprintf("delay %d", s.Watermark.Delay)
	default:
		// By paths, since the columns of the scans differ.
		cols := expr.Columns(s.Watermark.Mark)
		paths := make([]connector.ScanColumn, len(cols))
		for i, c := range cols {
			paths[i] = s.Columns[c]
		}
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
