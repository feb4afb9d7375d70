// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"strconv"
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// maxText bounds the length of an expression in a description: a statement may be a megabyte long.
const maxText = 400

func format(e expr.Expr, in plan.Node) string { return formatNames(e, in.Schema().Names()) }

func formatNames(e expr.Expr, names []string) string {
	s := expr.Format(e, names)
	if len(s) > maxText {
		s = s[:maxText] + "..."
	}
	return s
}

// WindowText writes a window as Flink's plans do.
func WindowText(w *graph.Window, in schema.Schema) string {
	var p []string
	switch {
	case w.Attached:
		p = append(p, "win_start=["+in[w.StartCol].Name+"]", "win_end=["+in[w.EndCol].Name+"]")
	case w.TimeCol >= 0:
		p = append(p, "time_col=["+in[w.TimeCol].Name+"]")
	}
	switch w.Kind {
	case graph.Session:
		p = append(p, "gap=["+Span(w.Size)+"]")
	case graph.Cumulate:
		p = append(p, "max_size=["+Span(w.Size)+"]", "step=["+Span(w.Slide)+"]")
	case graph.Tumble, graph.Hop:
		p = append(p, "size=["+Span(w.Size)+"]")
		if w.Kind == graph.Hop {
			p = append(p, "slide=["+Span(w.Slide)+"]")
		}
	}
	if w.Offset != 0 {
		p = append(p, "offset=["+Span(w.Offset)+"]")
	}
	return string(w.Kind) + "(" + strings.Join(p, ", ") + ")"
}

// Span writes milliseconds in the largest unit that divides them.
func Span(ms int64) string {
	for _, u := range []struct {
		name string
		ms   int64
	}{{"d", 86_400_000}, {"h", 3_600_000}, {"min", 60_000}, {"s", 1000}} {
		if ms%u.ms == 0 {
			return strconv.FormatInt(ms/u.ms, 10) + " " + u.name
		}
	}
	return strconv.FormatInt(ms, 10) + " ms"
}

func valueText(v schema.Value, t *schema.Type) string {
	return expr.Format(&expr.Lit{Value: v, T: t}, nil)
}
