// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/sql/plan"
	"spate/schema"
)

// rowOfNothing lets an aggregation without keys give its row also when its input is empty, as batch queries do: a row that no
// aggregate counts joins the input.
func rowOfNothing(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		a, ok := n.(*plan.Aggregate)
		if !ok || len(a.Keys) > 0 || a.Window != nil {
			return n
		}
		in := a.Input.Schema()
		isReal := len(in)
		exprs, names := plan.Identity(in), append(in.Names(), "$real")
		row := make([]schema.Value, isReal, isReal+1)
		for i := range exprs {
			exprs[i] = plan.Retype(exprs[i], in[i].Type.WithNull(true).WithAttr(schema.NotTimeAttr))
			row[i] = schema.NullValue
		}
		yes := schema.TypeBoolean.NotNull()
		exprs = append(exprs, &expr.Lit{Value: schema.BoolValue(true), T: yes})
		rows := &plan.Project{Input: a.Input, Exprs: exprs, Names: names}
		nothing := &plan.Values{Rows: [][]schema.Value{append(row, schema.BoolValue(false))}, Out: rows.Schema()}
		union := &plan.Union{Inputs: []plan.Node{rows, nothing}, Out: rows.Schema()}
		// Behind the union: the filter of each aggregate, or whether the row is one of the input.
		all := plan.Identity(union.Out)
		p := &plan.Project{Input: union, Exprs: all, Names: names}
		c := *a
		c.Aggs = slices.Clone(a.Aggs)
		for i := range c.Aggs {
			g := &c.Aggs[i]
			if g.Filter < 0 {
				g.Filter = isReal
				continue
			}
			p.Exprs = append(p.Exprs, plan.And(all[g.Filter], all[isReal]))
			p.Names = append(p.Names, "$filter")
			g.Filter = len(p.Exprs) - 1
		}
		c.Input = p
		return &c
	})
}
