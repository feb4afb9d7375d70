// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"strings"

	"spate/connector"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// Plan is the physical plan, for EXPLAIN.
type Plan struct {
	tops []*node
	t    *traits
}

// Text prints the physical plan as a tree with the changes that every operator emits; a part that is used several times is
// printed once and referred to afterwards.
func (p *Plan) Text(changelog bool) string {
	var b strings.Builder
	seen := map[*node]int{}
	for i, n := range p.tops {
		if i > 0 {
			b.WriteByte('\n')
		}
		printNode(&b, n, "", "", seen, changelog)
	}
	return b.String()
}

func printNode(b *strings.Builder, n *node, first, rest string, seen map[*node]int, changelog bool) {
	b.WriteString(first)
	if id, ok := seen[n]; ok {
		b.WriteString("Reused(reference_id=[" + itoa(id) + "])\n")
		return
	}
	seen[n] = len(seen) + 1
	b.WriteString(n.title())
	if changelog {
		b.WriteString(", changelogMode=[" + KindsText(n.kinds) + "]")
	}
	b.WriteByte('\n')
	var below []*node
	var ships []graph.Partitioning
	for _, in := range n.in {
		for _, f := range in.from {
			below = append(below, f)
			ships = append(ships, shipping(in.ship, f, n))
		}
	}
	for i, f := range below {
		head, tail := rest+"+- ", rest+"   "
		if i < len(below)-1 {
			head, tail = rest+":- ", rest+":  "
		}
		if s := ships[i]; s.Ship != graph.Forward {
			b.WriteString(head + "Exchange(distribution=[" + shipText(s, f) + "])\n")
			head, tail = tail+"+- ", tail+"   "
		}
		printNode(b, f, head, tail, seen, changelog)
	}
}

// title describes an operator.
func (n *node) title() string {
	switch s := n.spec.(type) {
	case *graph.SourceSpec:
		return sourceText(s, n)
	case *graph.NormalizeSpec:
		t := "ChangelogNormalize(key=[" + colNames(s.Keys, n.out) + "]"
		if !s.Filter.IsZero() {
			t += ", condition=[" + formatNames(s.Filter.Expr, n.out.Names()) + "]"
		}
		return t + ")"
	case *graph.DropUpdateBeforeSpec:
		return "DropUpdateBefore"
	case *graph.TopNSpec:
		if _, ok := n.of.(*plan.Sink); ok {
			return "Deduplicate(keep=[FirstRow], key=[" + colNames(s.Partition, n.out) + "])"
		}
		return Describe(n.of)
	case *graph.SinkSpec:
		t := Describe(n.of)
		if s.Materialize {
			t = strings.TrimSuffix(t, ")") + ", upsertMaterialize=[true])"
		}
		return t
	default:
		return Describe(n.of)
	}
}

func sourceText(s *graph.SourceSpec, n *node) string {
	var b strings.Builder
	b.WriteString("TableSourceScan(table=[" + dottedList(s.Table.Name) + "], fields=[" + strings.Join(n.out.Names(), ", ") + "]")
	if scan, ok := n.of.(*plan.Scan); ok {
		b.WriteString(ScanExtras(scan))
	}
	if s.IdleTimeout > 0 {
		b.WriteString(", idletimeout=[" + Span(s.IdleTimeout) + "]")
	}
	b.WriteByte(')')
	return b.String()
}

func shipText(p graph.Partitioning, from *node) string {
	switch p.Ship {
	case graph.Hash:
		return "hash[" + colNames(p.Keys, from.out) + "]"
	case graph.Global:
		return "single"
	default:
		return strings.ToLower(string(p.Ship))
	}
}

// KindsText writes a set of row kinds as Flink does: I,UB,UA,D.
func KindsText(k connector.Changelog) string {
	var parts []string
	for _, x := range []struct {
		k connector.Changelog
		s string
	}{{connector.KindInsert, "I"}, {connector.KindUpdateBefore, "UB"}, {connector.KindUpdateAfter, "UA"}, {connector.KindDelete, "D"}} {
		if k&x.k != 0 {
			parts = append(parts, x.s)
		}
	}
	if len(parts) == 0 {
		return "NONE"
	}
	return strings.Join(parts, ",")
}

func filterText(f *connector.Filter, cols schema.Schema) string {
	t := cols[f.Path[0]].Type
	for _, i := range f.Path[1:] {
		t = t.Fields[i].Type
	}
	return plan.PathName(cols, f.Path) + " " + string(f.Op) + " " + valueText(f.Value, t)
}

// InsertOnly tells whether everything that comes to the ends of the job is +I.
func (p *Plan) InsertOnly() bool {
	for _, n := range p.tops {
		if n.kinds&^connector.KindInsert != 0 {
			return false
		}
	}
	return true
}
