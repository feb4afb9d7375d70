// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"strings"

	"spate/internal/aggs"
	"spate/internal/expr"
	"spate/internal/sql/ast"
)

// call binds a function call: scalar, aggregate, OVER call, or an auxiliary function of a legacy window.
func (b *Binder) call(c *ctx, e *ast.Call) (expr.Expr, error) {
	name := strings.ToUpper(e.Name.Last())
	if len(e.Name.Parts) > 1 {
		return nil, notFound(e.Name, e.Name.Last(), nil, "function `%s` not found", strings.Join(e.Name.Strings(), "."))
	}
	if e.Over != nil {
		return b.overCall(c, e, name)
	}
	if fn, ok := aggs.Lookup(name); ok {
		return b.aggregate(c, e, fn)
	}
	if rankFunctions[name] {
		return nil, invalid(e, "%s needs an OVER clause", name)
	}
	switch name {
	case "GROUPING", "GROUPING_ID", "GROUP_ID":
		return b.grouping(c, e, name)
	}
	if w, ok := legacyWindow(name); ok {
		return b.windowFunction(c, e, name, w)
	}
	if e.Quantifier == ast.DistinctArgs || e.Filter != nil || e.Star || len(e.WithinGroup) > 0 {
		return nil, noAggregate(e, name)
	}
	if e.JSON != nil {
		return b.jsonCall(c, e, name)
	}
	args, err := b.args(c, e)
	if err != nil {
		return nil, err
	}
	return b.bindCall(e, name, args...)
}

func (b *Binder) args(c *ctx, e *ast.Call) ([]expr.Expr, error) {
	out := make([]expr.Expr, len(e.Args))
	for i, a := range e.Args {
		if a.Name != nil {
			return nil, unsupported(a, "a named argument of a scalar function")
		}
		x, err := b.expr(c, a.Value)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}
