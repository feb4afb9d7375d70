// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"strconv"

	"spate/internal/aggs"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// rankFunctions are the functions that need an OVER clause and take no argument.
var rankFunctions = map[string]bool{
	"ROW_NUMBER": true, "RANK": true, "DENSE_RANK": true, "CUME_DIST": true, "PERCENT_RANK": true, "NTILE": true, "LEAD": true, "LAG": true,
}

// overCall binds a call with OVER and returns a reference to its result.
func (b *Binder) overCall(c *ctx, e *ast.Call, name string) (expr.Expr, error) {
	if c.sel == nil || c.noAgg || c.inOver {
		return nil, invalid(e, "an OVER call is not allowed in %s", c.clause)
	}
	if c.clause == "HAVING" || c.clause == "WHERE" {
		return nil, invalid(e, "an OVER call is not allowed in %s", c.clause).
			WithHint("put it into a sub-query and filter by its result there")
	}
	o := overCall{at: e}
	switch fn, isAgg := aggs.Lookup(name); {
	case name == "ROW_NUMBER" || name == "RANK" || name == "DENSE_RANK":
		if len(e.Args) > 0 {
			return nil, invalid(e, "%s takes no arguments", name)
		}
		o.call = aggCall{fn: name, t: schema.TypeBigInt.NotNull()}
	case isAgg:
		call, err := b.aggCall(&ctx{scope: c.scope, clause: c.clause}, e, fn, true)
		if err != nil {
			return nil, err
		}
		o.call = call
	case rankFunctions[name]:
		return nil, unsupported(e, "%s", name)
	default:
		return nil, invalid(e, "%s is no function for OVER", name)
	}
	if err := b.overSpec(c, e, &o); err != nil {
		return nil, err
	}
	c.sel.overs = append(c.sel.overs, o)
	return &expr.Col{Index: overBase + len(c.sel.overs) - 1, T: o.call.t}, nil
}

// overSpec binds the window of an OVER call.
func (b *Binder) overSpec(c *ctx, e *ast.Call, o *overCall) error {
	spec := e.Over
	if spec.Ref != nil || spec.Base != nil {
		ref := spec.Ref
		if ref == nil {
			ref = spec.Base
		}
		named, ok := c.sel.windows[ref.Name]
		if !ok {
			return notFound(ref, ref.Name, nil, "window `%s` not found", ref.Name)
		}
		merged := *named
		if spec.Base != nil {
			merged.PartitionBy = append(merged.PartitionBy, spec.PartitionBy...)
			merged.OrderBy = append(merged.OrderBy, spec.OrderBy...)
			merged.Frame = spec.Frame
		}
		spec = &merged
	}
	inner := &ctx{scope: c.scope, clause: "OVER", sel: c.sel, inOver: true}
	for _, p := range spec.PartitionBy {
		x, err := b.expr(inner, p)
		if err != nil {
			return err
		}
		o.partition = append(o.partition, x)
	}
	for i := range spec.OrderBy {
		it := &spec.OrderBy[i]
		x, err := b.expr(inner, it.Expr)
		if err != nil {
			return err
		}
		o.sort = append(o.sort, sortExpr{e: x, desc: it.Desc, nullsLast: nullsLast(it)})
	}
	if rankFunctions[o.call.fn] && len(spec.OrderBy) == 0 {
		return invalid(e, "%s needs ORDER BY in its OVER clause", o.call.fn)
	}
	return nil
}

// over lays out the OVER calls and points the expressions above at their results.
func (k *block) over(in plan.Node) (plan.Node, error) {
	inner := in.Schema()
	p := newProjector()
	for i, e := range plan.Identity(inner) {
		p.exprs = append(p.exprs, e)
		p.names = append(p.names, inner[i].Name)
		p.known[plan.ExprDigest(e)] = i
	}
	o := &plan.Over{}
	for i := range k.s.overs {
		c := &k.s.overs[i]
		name := "$over" + strconv.Itoa(i)
		call := plan.OverCall{
			Name: name, Place: k.b.place(c.at),
			Agg: graph.AggCall{Fn: c.call.fn, Distinct: c.call.distinct, Filter: -1, Type: c.call.t, Lits: c.call.lits, Args: []int{}},
		}
		for j, a := range c.call.args {
			call.Agg.Args = append(call.Agg.Args, p.add(a, name+"_arg"+strconv.Itoa(j)))
		}
		if c.call.filter != nil {
			call.Agg.Filter = p.add(c.call.filter, name+"_filter")
		}
		for j, e := range c.partition {
			call.Partition = append(call.Partition, p.add(e, name+"_partition"+strconv.Itoa(j)))
		}
		for j, s := range c.sort {
			call.Sort = append(call.Sort, graph.SortKey{Col: p.add(s.e, name+"_sort"+strconv.Itoa(j)), Desc: s.desc, NullsLast: s.nullsLast})
		}
		o.Calls = append(o.Calls, call)
	}
	o.Input = in
	if len(p.exprs) > len(inner) {
		o.Input = &plan.Project{Input: in, Exprs: p.exprs, Names: p.names}
	}
	first := len(p.exprs)
	err := k.rewriteAll(func(e expr.Expr, _ ast.Node) (expr.Expr, error) {
		return expr.Remap(e, func(i int) int {
			if i >= overBase && i < propBase {
				return first + i - overBase
			}
			return i
		}), nil
	})
	return o, err
}
