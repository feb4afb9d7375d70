// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/sql/plan"
)

// onlyAfter tells whether a node can do without -U: its consumers find the row to replace by a key.
func (t *traits) onlyAfter(n plan.Node) bool {
	if !t.changes(n).update {
		return true
	}
	switch n := n.(type) {
	case *plan.Scan, *plan.Aggregate, *plan.TopN:
		return true
	case *plan.Unnest:
		return false // The elements of the old collection have to go.
	case *plan.Filter:
		// A row may leave by an update that the filter drops; only conditions over the key are the same before and after.
		cols := expr.Columns(n.Cond)
		if !slices.ContainsFunc(t.unique(n.Input), func(k []int) bool { return contains(k, cols) }) {
			return false
		}
		return t.onlyAfter(n.Input)
	case *plan.Join:
		lk, rk := joinColumns(n)
		return t.sideOnlyAfter(n.Left, lk) && t.sideOnlyAfter(n.Right, rk)
	default:
		for _, in := range plan.Inputs(n) {
			if !t.onlyAfter(in) {
				return false
			}
		}
		return true
	}
}

// sideOnlyAfter is onlyAfter for an input of a join: an update must not move a row to another join key.
func (t *traits) sideOnlyAfter(n plan.Node, joinKey []int) bool {
	if !t.changes(n).update {
		return true
	}
	keyed := slices.ContainsFunc(t.unique(n), func(k []int) bool { return contains(k, joinKey) })
	return keyed && t.onlyAfter(n)
}

// mark demands -U of a node, or not, and deletes with all columns, or not, and passes the demands on to what it is made from.
func (t *traits) mark(n plan.Node, before, full bool) {
	before = before && t.changes(n).update
	if t.marked[n] && (!before || t.before[n]) && (!full || t.full[n]) {
		return
	}
	t.marked[n] = true
	t.before[n] = t.before[n] || before
	t.full[n] = t.full[n] || full
	before, full = t.before[n], t.full[n]
	switch n := n.(type) {
	case *plan.Project:
		t.mark(n.Input, before, full)
	case *plan.Filter:
		cols := expr.Columns(n.Cond)
		byKey := slices.ContainsFunc(t.unique(n.Input), func(k []int) bool { return contains(k, cols) })
		t.mark(n.Input, before, full || !byKey)
	case *plan.Sink:
		t.mark(n.Input, t.sinkNeedsBefore(n), !n.Target.Caps.DeleteByKey)
	case *plan.Join:
		lk, rk := joinColumns(n)
		for i, in := range []plan.Node{n.Left, n.Right} {
			keys := [][]int{lk, rk}[i]
			keyed := slices.ContainsFunc(t.unique(in), func(k []int) bool { return contains(k, keys) })
			t.mark(in, before, full || !keyed)
		}
	case *plan.Union:
		for _, in := range n.Inputs {
			t.mark(in, before, full)
		}
	case *plan.TopN:
		t.mark(n.Input, t.replaces(n) == nil, true)
	default:
		for _, in := range plan.Inputs(n) {
			t.mark(in, true, true)
		}
	}
}

// sinkKinds is the set of kinds that a sink takes.
func sinkKinds(s *plan.Target) connector.Changelog {
	if s.Caps.Accepts == 0 {
		return connector.AllKinds
	}
	return s.Caps.Accepts
}

// matchesKey tells whether the rows that come to a sink are updated by exactly its primary key.
func (t *traits) matchesKey(n *plan.Sink) bool {
	pk := slices.Sorted(slices.Values(n.Target.Table.PrimaryKey))
	return slices.ContainsFunc(t.upsert(n.Input), func(k []int) bool { return slices.Equal(k, pk) })
}

// sinkNeedsBefore tells whether a sink's input must carry -U.
func (t *traits) sinkNeedsBefore(n *plan.Sink) bool {
	if sinkKinds(n.Target)&connector.KindUpdateBefore != 0 {
		return true
	}
	if len(n.Target.Table.PrimaryKey) > 0 && !t.matchesKey(n) {
		return true
	}
	return !t.onlyAfter(n.Input)
}

// kindsOf is the set of row kinds that a node emits.
func (t *traits) kindsOf(n plan.Node) connector.Changelog {
	c := t.changes(n)
	k := connector.KindInsert
	if c.update {
		k |= connector.KindUpdateAfter
		if t.before[n] {
			k |= connector.KindUpdateBefore
		}
	}
	if c.delete {
		k |= connector.KindDelete
	}
	return k
}

// retracts tells whether a node emits -U or -D.
func (t *traits) retracts(n plan.Node) bool {
	return t.kindsOf(n)&(connector.KindUpdateBefore|connector.KindDelete) != 0
}

// updates tells whether a node emits anything but inserts.
func (t *traits) updates(n plan.Node) bool { return t.changes(n).any() }
