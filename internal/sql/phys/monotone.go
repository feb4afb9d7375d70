// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
)

// direction is how the values of one key move with its updates.
type direction uint8

const (
	anyway direction = iota
	rising
	falling
	fixed
)

// replaces returns a key by which an updated row takes the place of its former self in a Top-N, so that retractions are not
// needed: updates only ever move rows up. Nil when that is not so, or nothing is updated.
func (t *traits) replaces(n *plan.TopN) []int {
	c := t.changes(n.Input)
	if !c.update || c.delete || n.Hold != graph.HoldNot || !t.onlyAfter(n.Input) {
		return nil
	}
	for _, k := range t.upsert(n.Input) {
		if !contains(k, n.Partition) {
			continue
		}
		up := true
		for _, s := range n.Sort {
			d := fixed
			if !slices.Contains(k, s.Col) {
				d = t.direction(n.Input, s.Col)
			}
			up = up && (d == fixed || d == rising && s.Desc || d == falling && !s.Desc)
		}
		if up {
			return k
		}
	}
	return nil
}

// direction tells how a column's value moves for one key.
func (t *traits) direction(n plan.Node, col int) direction {
	switch n := n.(type) {
	case *plan.Project:
		switch e := n.Exprs[col].(type) {
		case *expr.Col:
			return t.direction(n.Input, e.Index)
		case *expr.Lit:
			return fixed
		default:
			return anyway
		}
	case *plan.Filter:
		return t.direction(n.Input, col)
	case *plan.Aggregate:
		if t.updates(n.Input) || n.Window != nil {
			return anyway
		}
		if col < len(n.Keys) {
			return fixed
		}
		switch n.Aggs[col-len(n.Keys)].Fn {
		case "COUNT", "MAX":
			return rising
		case "MIN":
			return falling
		}
	}
	return anyway
}
