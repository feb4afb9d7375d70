// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"fmt"
	"math"
	"strings"

	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// Describe names a node and its main properties, close to how Flink's messages do.
func Describe(n plan.Node) string {
	switch n := n.(type) {
	case *plan.Scan:
		return fmt.Sprintf("TableSourceScan(table=[%s], fields=[%s])", dottedList(n.Source.Table.Name), strings.Join(n.Out.Names(), ", "))
	case *plan.Project:
		if f, ok := n.Input.(*plan.Filter); ok {
			return fmt.Sprintf("Calc(select=[%s], where=[%s])", selectList(n), format(f.Cond, f.Input))
		}
		return fmt.Sprintf("Calc(select=[%s])", selectList(n))
	case *plan.Filter:
		return fmt.Sprintf("Calc(select=[%s], where=[%s])", strings.Join(n.Schema().Names(), ", "), format(n.Cond, n.Input))
	case *plan.Aggregate:
		return describeAggregate(n)
	case *plan.Join:
		return describeJoin(n)
	case *plan.Unnest:
		in, kind := n.Input.Schema(), graph.Inner
		if n.Left {
			kind = graph.Left
		}
		return fmt.Sprintf("Correlate(invocation=[UNNEST(%s)], select=[%s], joinType=[%s])", in[n.Col].Name, strings.Join(n.Schema().Names(), ", "), kind)
	case *plan.TopN:
		return describeTopN(n)
	case *plan.Union:
		return fmt.Sprintf("Union(all=[true], union=[%s])", strings.Join(n.Out.Names(), ", "))
	case *plan.WindowTable:
		return fmt.Sprintf("WindowTableFunction(window=[%s])", WindowText(&n.Window, n.Input.Schema()))
	case *plan.Values:
		return fmt.Sprintf("Values(tuples=[%d rows])", len(n.Rows))
	case *plan.Watermark:
		return fmt.Sprintf("WatermarkAssigner(rowtime=[%s], watermark=[%s])", n.Schema()[n.Col].Name, format(n.Mark, n.Input))
	case *plan.Sort:
		return fmt.Sprintf("Sort(orderBy=[%s])", sortText(n.Keys, n.Input.Schema()))
	case *plan.Expand:
		return fmt.Sprintf("Expand(projects=[%d grouping sets])", len(n.Sets))
	case *plan.Over:
		return "OverAggregate()"
	case *plan.Sink:
		return fmt.Sprintf("Sink(table=[%s], fields=[%s])", n.Target.Table.Name, strings.Join(n.Target.Table.Columns.Names(), ", "))
	case *plan.Collect:
		return "Sink(collect)"
	}
	return fmt.Sprintf("%T", n)
}

func dottedList(name string) string { return "[" + strings.ReplaceAll(name, ".", ", ") + "]" }

func selectList(p *plan.Project) string {
	in := p.Input.Schema().Names()
	parts := make([]string, len(p.Exprs))
	for i, e := range p.Exprs {
		parts[i] = formatNames(e, in)
		if parts[i] != p.Names[i] {
			parts[i] += " AS " + p.Names[i]
		}
	}
	return strings.Join(parts, ", ")
}

func colNames(cols []int, s schema.Schema) string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = s[c].Name
	}
	return strings.Join(names, ", ")
}

// AggText writes an aggregate over the columns of a schema.
func AggText(a *graph.AggCall, in schema.Schema) string {
	args := colNames(a.Args, in)
	if len(a.Args) == 0 {
		args = "*"
	}
	if a.Distinct {
		args = "DISTINCT " + args
	}
	s := a.Fn + "(" + args + ")"
	if a.Filter >= 0 {
		s += " FILTER " + in[a.Filter].Name
	}
	return s
}

func describeAggregate(n *plan.Aggregate) string {
	in := n.Input.Schema()
	name := "GroupAggregate"
	var parts []string
	if len(n.Keys) > 0 {
		parts = append(parts, "groupBy=["+colNames(n.Keys, in)+"]")
	}
	if n.Window != nil {
		name = "WindowAggregate"
		if n.Legacy {
			name = "GroupWindowAggregate"
		}
		parts = append(parts, "window=["+WindowText(n.Window, in)+"]")
	}
	var sel []string
	for _, k := range n.Keys {
		sel = append(sel, in[k].Name)
	}
	for i := range n.Aggs {
		sel = append(sel, AggText(&n.Aggs[i], in)+" AS "+n.Names[len(n.Keys)+i])
	}
	for i := range n.Props {
		sel = append(sel, string(n.Props[i])+"('w$) AS "+n.Names[len(n.Keys)+len(n.Aggs)+i])
	}
	parts = append(parts, "select=["+strings.Join(sel, ", ")+"]")
	return name + "(" + strings.Join(parts, ", ") + ")"
}

func describeJoin(n *plan.Join) string {
	names := append(n.Left.Schema().Names(), n.Right.Schema().Names()...)
	kind := map[graph.JoinKind]string{
		graph.Inner: "InnerJoin", graph.Left: "LeftOuterJoin", graph.Right: "RightOuterJoin", graph.Full: "FullOuterJoin",
		graph.Semi: "LeftSemiJoin", graph.Anti: "LeftAntiJoin",
	}[n.Kind]
	name := "Join"
	if n.KeepTime {
		name = "WindowJoin"
	}
	where := "true"
	if n.Cond != nil {
		where = formatNames(n.Cond, names)
	}
	return fmt.Sprintf("%s(joinType=[%s], where=[%s], select=[%s])", name, kind, where, strings.Join(n.Schema().Names(), ", "))
}

func describeTopN(n *plan.TopN) string {
	in := n.Input.Schema()
	switch n.Hold {
	case graph.HoldTime:
		keys := append([]graph.SortKey{{Col: n.TimeCol}}, n.Sort...)
		return fmt.Sprintf("TemporalSort(orderBy=[%s])", sortText(keys, in))
	case graph.HoldEnd:
		if n.Start == 1 && n.End == math.MaxInt64 {
			return fmt.Sprintf("Sort(orderBy=[%s])", sortText(n.Sort, in))
		}
		return fmt.Sprintf("SortLimit(orderBy=[%s], offset=[%d], fetch=[%d])", sortText(n.Sort, in), n.Start-1, n.End-n.Start+1)
	case graph.HoldWindow, graph.HoldNot:
	}
	if len(n.Sort) == 0 {
		return fmt.Sprintf("Limit(offset=[%d], fetch=[%d])", n.Start-1, n.End-n.Start+1)
	}
	name := "Rank"
	if n.Hold == graph.HoldWindow {
		name = "WindowRank"
	}
	return name + fmt.Sprintf("(rankType=[ROW_NUMBER], rankRange=[rankStart=%d, rankEnd=%d], partitionBy=[%s], orderBy=[%s], select=[%s])",
		n.Start, n.End, colNames(n.Partition, in), sortText(n.Sort, in), strings.Join(n.Schema().Names(), ", "))
}

func sortText(keys []graph.SortKey, in schema.Schema) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = in[k.Col].Name + " ASC"
		if k.Desc {
			parts[i] = in[k.Col].Name + " DESC"
		}
		if k.NullsLast != k.Desc {
			parts[i] += map[bool]string{true: " NULLS LAST", false: " NULLS FIRST"}[k.NullsLast]
		}
	}
	return strings.Join(parts, ", ")
}

// OverText writes an OVER call over the columns of a schema.
func OverText(c *plan.OverCall, in schema.Schema) string {
	call := c.Agg.Fn + "()"
	if len(c.Agg.Args) > 0 || !strings.HasSuffix(c.Agg.Fn, "RANK") && c.Agg.Fn != "ROW_NUMBER" {
		call = AggText(&c.Agg, in)
	}
	var over []string
	if len(c.Partition) > 0 {
		over = append(over, "PARTITION BY "+colNames(c.Partition, in))
	}
	if len(c.Sort) > 0 {
		over = append(over, "ORDER BY "+sortText(c.Sort, in))
	}
	return call + " OVER (" + strings.Join(over, " ") + ")"
}

// ScanExtras describes what a scan has taken over from the plan above it: filters and the watermark.
func ScanExtras(n *plan.Scan) string {
	var b strings.Builder
	if len(n.Filters) > 0 {
		fs := make([]string, len(n.Filters))
		for i := range n.Filters {
			fs[i] = filterText(&n.Filters[i], n.Source.Table.Columns)
		}
		b.WriteString(", filter=[" + strings.Join(fs, " AND ") + "]")
	}
	if w := n.Watermark; w != nil {
		if w.Mark == nil {
			b.WriteString(", watermark=[event time - " + Span(w.Delay) + "]")
		} else {
			b.WriteString(", watermark=[" + formatNames(w.Mark, n.Out.Names()) + "]")
		}
		if n.Source.WatermarkOnEvent {
			b.WriteString(", watermarkEmitStrategy=[on-event]")
		}
	}
	return b.String()
}
