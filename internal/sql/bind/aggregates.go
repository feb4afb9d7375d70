// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/aggs"
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/internal/sys/suggest"
	"spate/schema"
)

// aggregate binds an aggregate and returns a reference to its result.
func (b *Binder) aggregate(c *ctx, e *ast.Call, fn *aggs.Function) (expr.Expr, error) {
	if c.noAgg {
		return nil, invalid(e, "aggregate functions cannot be nested")
	}
	if c.sel == nil {
		return nil, invalid(e, "aggregate function %s is not allowed in %s", fn.Name, c.clause)
	}
	call, err := b.aggCall(c, e, fn, c.sel.maybeEmpty)
	if err != nil {
		return nil, err
	}
	for i := range c.sel.aggs {
		if c.sel.aggs[i].digest == call.digest {
			return &expr.Col{Index: aggBase + i, T: c.sel.aggs[i].t}, nil
		}
	}
	c.sel.aggs = append(c.sel.aggs, call)
	return &expr.Col{Index: aggBase + len(c.sel.aggs) - 1, T: call.t}, nil
}

// aggCall binds the parts of an aggregate over the input of the SELECT.
func (b *Binder) aggCall(c *ctx, e *ast.Call, fn *aggs.Function, maybeEmpty bool) (aggCall, error) {
	call := aggCall{fn: fn.Name, distinct: e.Quantifier == ast.DistinctArgs && !fn.DistinctNoop}
	inner := &ctx{scope: c.scope, clause: "an aggregate", noAgg: true}
	if len(e.OrderBy) > 0 || len(e.WithinGroup) > 0 || e.NullTreatment != ast.NoNullTreatment {
		return call, unsupported(e, "%s with an order or a treatment of NULL", fn.Name)
	}
	if e.Star {
		if fn.Name != "COUNT" {
			return call, invalid(e, "only COUNT takes *")
		}
	} else {
		args, err := b.args(inner, e)
		if err != nil {
			return call, err
		}
		if len(args) == 0 && fn.MinArgs == 0 {
			return call, invalid(e, "%s needs an argument or *", fn.Name)
		}
		call.args = args
	}
	if e.Filter != nil {
		f, err := b.condition(&ctx{scope: c.scope, clause: "FILTER", noAgg: true}, e.Filter)
		if err != nil {
			return call, err
		}
		call.filter = f
	}
	if err := b.aggTypes(e, &call, fn, maybeEmpty || call.filter != nil); err != nil {
		return call, err
	}
	call.digest = aggDigest(&call)
	return call, nil
}

// aggTypes types an aggregate and takes literal arguments out of the columns.
func (b *Binder) aggTypes(e *ast.Call, call *aggCall, fn *aggs.Function, maybeEmpty bool) error {
	types := make([]*schema.Type, len(call.args))
	for i, a := range call.args {
		types[i] = a.Type()
	}
	t, err := aggs.Infer(fn.Name, types, call.distinct)
	if err != nil {
		return mismatch(e, "%s", err)
	}
	t = t.WithAttr(schema.NotTimeAttr)
	if maybeEmpty && fn.NullOnEmpty {
		t = t.WithNull(true)
	}
	call.t = t
	switch {
	case fn.Name == "LISTAGG":
		call.lits = []schema.Value{schema.StringValue(",")}
		if len(call.args) == 2 {
			l, ok := b.fold(call.args[1]).(*expr.Lit)
			if !ok {
				return invalid(e, "the separator of LISTAGG must be a literal")
			}
			call.args, call.lits = call.args[:1], []schema.Value{l.Value}
		}
	case fn.Name == "COUNT" && !call.distinct && !slices.ContainsFunc(types, func(t *schema.Type) bool { return t.Nullable }):
		call.args = nil // COUNT(x) of what is never NULL is COUNT(*).
	}
	return nil
}

// aggDigest is equal for aggregates that are one.
func aggDigest(call *aggCall) string {
	var d strings.Builder
	d.WriteString(call.fn)
	for _, a := range call.args {
		d.WriteString("|" + plan.ExprDigest(a))
	}
	d.WriteString("|" + plan.ExprDigest(call.filter))
	if call.distinct {
		d.WriteString("|distinct")
	}
	for _, l := range call.lits {
		d.WriteString("|" + l.S)
	}
	return d.String()
}

// noAggregate is the error of DISTINCT, FILTER or * in a call of something that is no aggregate.
func noAggregate(e *ast.Call, name string) error {
	err := invalid(e, "%s is no aggregate function", name)
	var known []string
	for _, f := range aggs.All() {
		known = append(known, f.Name)
	}
	if h := suggest.Hint(name, known); h != "" {
		err = err.WithHint("%s", h)
	}
	return err
}
