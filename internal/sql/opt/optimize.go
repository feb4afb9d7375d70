// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"spate/internal/expr"
	"spate/internal/sql/plan"
)

// Options is what rules may know besides the plan.
type Options struct {
	Functions *expr.Registry
	// Env is the surroundings for constant folding.
	Env *expr.Env
	// Batch: the input is read to its end before there is a result.
	Batch bool
	// ReuseSource reads equal sources once.
	ReuseSource bool
}

// Optimize rewrites the plans of one job together, so that they can share what they have in common. origins are stable digests of
// nodes that had to be changed for that: what they would be if their plan were alone.
func Optimize(roots []plan.Node, o *Options) (plans []plan.Node, origins map[plan.Node]string) {
	out := make([]plan.Node, len(roots))
	for i, n := range roots {
		out[i] = o.one(n)
	}
	origins = map[plan.Node]string{}
	if o.ReuseSource {
		out = reuseSources(out, origins)
	}
	return out, origins
}

// one optimises one plan.
func (o *Options) one(n plan.Node) plan.Node {
	if o.Batch {
		n = rowOfNothing(n)
	}
	n = o.simplify(n)
	n = o.mergeCalcs(n)
	n = o.watermarkToSource(n)
	n = o.pushFilters(n)
	n = overToTopN(n)
	n = o.sortToTopN(n)
	n = windowAggregates(n)
	n = joinKeys(n)
	n = o.pushFilters(n)
	n = o.mergeCalcs(n)
	n = o.propagateConstants(n)
	n = o.simplify(n)
	n = o.mergeCalcs(n)
	n = pruneColumns(n)
	n = o.mergeCalcs(n)
	n = pruneNested(n)
	return o.mergeCalcs(n)
}

// deterministic tells whether an expression always has the same value for the same row.
func (o *Options) deterministic(es ...expr.Expr) bool {
	ok := true
	for _, e := range es {
		expr.Walk(e, func(x expr.Expr) bool {
			if c, isCall := x.(*expr.Call); isCall {
				f, known := o.Functions.Lookup(c.Fn)
				ok = ok && (!known || f.Determinism == expr.Pure || f.Determinism == expr.PerQuery)
			}
			return ok
		})
	}
	return ok
}
