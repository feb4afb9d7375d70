// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// selection gathers, while the expressions of one SELECT are bound, what its clauses must make for them.
type selection struct {
	// grouped says that the SELECT aggregates; maybeEmpty that it gives a row for no input.
	grouped    bool
	maybeEmpty bool
	groups     []expr.Expr
	groupAt    []ast.Node
	// sets are the grouping sets as indexes into groups, nil for a plain GROUP BY.
	sets   [][]int
	aggs   []aggCall
	overs  []overCall
	window *window
	props  []graph.WindowProp
	// windows are those of the WINDOW clause.
	windows map[string]*ast.WindowSpec
	// groupingCalls are GROUPING(..) calls, by the groups they ask about; they are at propBase + groupingBase + i.
	groupingCalls [][]int
}

// groupingBase parts GROUPING calls from window properties among the references at propBase.
const groupingBase = 1 << 16

// prop returns a reference to a property of the window.
func (s *selection) prop(p graph.WindowProp, t *schema.Type) expr.Expr {
	i := slices.Index(s.props, p)
	if i < 0 {
		i = len(s.props)
		s.props = append(s.props, p)
	}
	return &expr.Col{Index: propBase + i, T: t}
}

// projector adds expressions to a projection, each once.
type projector struct {
	exprs []expr.Expr
	names []string
	known map[string]int
}

func newProjector() *projector { return &projector{known: map[string]int{}} }

// add returns the column of an expression.
func (p *projector) add(e expr.Expr, name string) int {
	d := plan.ExprDigest(e)
	if i, ok := p.known[d]; ok {
		return i
	}
	p.known[d] = len(p.exprs)
	p.exprs = append(p.exprs, e)
	p.names = append(p.names, name)
	return len(p.exprs) - 1
}

// nameOf is a readable name of an expression for inner projections.
func nameOf(e expr.Expr, in schema.Schema, def string) string {
	if c, ok := e.(*expr.Col); ok && c.Index < len(in) {
		return in[c.Index].Name
	}
	return def
}
