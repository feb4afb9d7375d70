// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"fmt"
	"strings"

	"spate/internal/expr"
	"spate/internal/sql/phys"
	"spate/internal/sql/plan"
)

// Logical prints plans as trees, the way they are before operators are chosen.
func Logical(roots []plan.Node) string {
	var b strings.Builder
	for i, r := range roots {
		if i > 0 {
			b.WriteByte('\n')
		}
		tree(&b, r, "", "")
	}
	return b.String()
}

func tree(b *strings.Builder, n plan.Node, first, rest string) {
	b.WriteString(first + title(n) + "\n")
	in := plan.Inputs(n)
	for i, x := range in {
		if i < len(in)-1 {
			tree(b, x, rest+":- ", rest+":  ")
		} else {
			tree(b, x, rest+"+- ", rest+"   ")
		}
	}
}

// title describes one node of a logical plan.
func title(n plan.Node) string {
	switch n := n.(type) {
	case *plan.Project:
		in := n.Input.Schema().Names()
		parts := make([]string, len(n.Exprs))
		for i, e := range n.Exprs {
			parts[i] = n.Names[i] + "=[" + text(e, in) + "]"
		}
		return "LogicalProject(" + strings.Join(parts, ", ") + ")"
	case *plan.Filter:
		return "LogicalFilter(condition=[" + text(n.Cond, n.Input.Schema().Names()) + "])"
	case *plan.Scan:
		s := phys.Describe(n)
		if len(n.Filters) > 0 || n.Watermark != nil {
			s = strings.TrimSuffix(s, ")") + phys.ScanExtras(n) + ")"
		}
		return "Logical" + s
	case *plan.Join:
		cond := "true"
		if n.Cond != nil {
			cond = text(n.Cond, append(n.Left.Schema().Names(), n.Right.Schema().Names()...))
		}
		return fmt.Sprintf("LogicalJoin(condition=[%s], joinType=[%s])", cond, strings.ToLower(string(n.Kind)))
	case *plan.Over:
		in := n.Input.Schema()
		var calls []string
		for i := range n.Calls {
			c := &n.Calls[i]
			calls = append(calls, fmt.Sprintf("%s=[%s]", c.Name, phys.OverText(c, in)))
		}
		return "LogicalOver(" + strings.Join(calls, ", ") + ")"
	case *plan.Sink, *plan.Collect:
		return "Logical" + phys.Describe(n)
	default:
		return "Logical" + phys.Describe(n)
	}
}

// maxText bounds the length of one expression: a statement may be a megabyte long.
const maxText = 400

func text(e expr.Expr, names []string) string {
	s := expr.Format(e, names)
	if len(s) > maxText {
		s = s[:maxText] + "..."
	}
	return s
}
