// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"fmt"
	"strings"

	"spate/internal/graph"
	"spate/internal/sql/phys"
)

// Graph prints a job graph: every vertex with its chain, what feeds it, and what it keeps in state.
func Graph(j *graph.Job) string {
	var b strings.Builder
	for _, v := range j.Vertices {
		fmt.Fprintf(&b, "Vertex %d (parallelism %d of %d)\n", v.ID, v.Parallelism, v.MaxParallelism)
		for _, e := range j.Edges {
			if e.To != v.ID {
				continue
			}
			fmt.Fprintf(&b, "  input %d: %s from %s\n", e.Input, shipText(e, j), j.Vertices[e.From].Nodes[e.FromNode].Name)
		}
		for i, n := range v.Nodes {
			from := ""
			if i > 0 && n.From != i-1 {
				from = " <- " + v.Nodes[n.From].Name
			}
			fmt.Fprintf(&b, "  %s%s: %s\n", n.Name, from, specText(j, v, n))
		}
	}
	return b.String()
}

func shipText(e *graph.Edge, j *graph.Job) string {
	s := string(e.Partitioning.Ship)
	if len(e.Partitioning.Keys) > 0 {
		names := j.Vertices[e.From].Nodes[e.FromNode].OutNames
		s += "[" + cols(e.Partitioning.Keys, names) + "]"
	}
	return s
}

func cols(list []int, names []string) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = fmt.Sprintf("$%d", c)
		if c >= 0 && c < len(names) {
			out[i] = names[c]
		}
	}
	return strings.Join(out, ", ")
}

// inNames are the columns that a node reads.
func inNames(j *graph.Job, v *graph.Vertex, n *graph.Node) []string {
	if n.From >= 0 {
		return v.Nodes[n.From].OutNames
	}
	var names []string
	for input := range 2 {
		for _, e := range j.Edges {
			if e.To == v.ID && e.Input == input {
				names = append(names, j.Vertices[e.From].Nodes[e.FromNode].OutNames...)
				break
			}
		}
	}
	return names
}

func specText(j *graph.Job, v *graph.Vertex, n *graph.Node) string {
	in := inNames(j, v, n)
	switch s := n.Spec.(type) {
	case *graph.SourceSpec:
		return "connector " + s.Table.Connector + ", columns " + strings.Join(n.OutNames, ", ")
	case *graph.CalcSpec:
		parts := make([]string, len(s.Exprs))
		for i, e := range s.Exprs {
			parts[i] = text(e.Expr, in)
		}
		t := strings.Join(parts, ", ")
		if !s.Filter.IsZero() {
			t += " where " + text(s.Filter.Expr, in)
		}
		return t
	case *graph.GroupAggSpec:
		return fmt.Sprintf("state: accumulators by key [%s]%s%s", cols(s.Keys, in), aggsText(s.Aggs, in), changeText(s.Retract, s.UpdateBefore, s.Bundle))
	case *graph.WindowAggSpec:
		return fmt.Sprintf("%s, state: accumulators by key [%s] and slice%s", s.Window.Kind, cols(s.Keys, in), aggsText(s.Aggs, in))
	case *graph.WindowTableSpec:
		return string(s.Window.Kind)
	case *graph.JoinSpec:
		return fmt.Sprintf("%s, state: rows of both sides by key [%s] and [%s]%s", s.Kind, cols(s.LeftKeys, in), cols(s.RightKeys, in[min(len(s.LeftTypes), len(in)):]),
			changeText(s.LeftRetract || s.RightRetract, s.UpdateBefore, s.Bundle))
	case *graph.WindowJoinSpec:
		return fmt.Sprintf("%s, state: rows of both sides by key [%s] and window", s.Kind, cols(s.LeftKeys, in))
	case *graph.TopNSpec:
		return fmt.Sprintf("rows %d to %d, state: rows by key [%s]%s", s.Start, s.End, cols(s.Partition, in), changeText(s.Retract, s.UpdateBefore, s.Bundle))
	case *graph.NormalizeSpec:
		return fmt.Sprintf("state: last row by key [%s]", cols(s.Keys, in))
	case *graph.SinkSpec:
		t := "connector " + s.Table.Connector
		if s.Materialize {
			t += ", state: rows by primary key"
		}
		if len(s.NotNull) > 0 {
			t += ", not null [" + cols(s.NotNull, s.Table.Columns.Names()) + "]: " + s.NotNullEnforce
		}
		return t
	case *graph.ValuesSpec:
		return fmt.Sprintf("%d rows", len(s.Rows))
	case *graph.WatermarkAssignerSpec:
		return text(s.Watermark.Expr.Expr, in)
	default:
		return graph.Kind(n.Spec)
	}
}

func aggsText(aggs []graph.AggCall, in []string) string {
	if len(aggs) == 0 {
		return ""
	}
	parts := make([]string, len(aggs))
	for i := range aggs {
		a := &aggs[i]
		arg := cols(a.Args, in)
		if arg == "" {
			arg = "*"
		}
		if a.Distinct {
			arg = "DISTINCT " + arg
		}
		parts[i] = a.Fn + "(" + arg + ")"
		if a.Filter >= 0 {
			parts[i] += " FILTER " + cols([]int{a.Filter}, in)
		}
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func changeText(retract, before bool, b graph.Bundle) string {
	var parts []string
	if retract {
		parts = append(parts, "takes retractions")
	}
	if before {
		parts = append(parts, "emits -U")
	}
	switch {
	case b.PerRow:
		parts = append(parts, "emits after every row")
	case b.Latency > 0 || b.Size > 0:
		parts = append(parts, fmt.Sprintf("emits after %s or %d rows", phys.Span(b.Latency), b.Size))
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}
