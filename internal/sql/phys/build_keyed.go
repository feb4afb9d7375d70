// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
)

func (b *builder) aggregate(n *plan.Aggregate) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	keys := n.Keys
	out := make([]int, len(keys))
	for i := range out {
		out[i] = i
	}
	m := node{in: []input{keyed(in, keys)}, dist: distOf(out)}
	if n.Window == nil {
		spec := &graph.GroupAggSpec{
			Keys: keys, Aggs: n.Aggs, Retract: b.t.retracts(n.Input), UpdateBefore: b.t.before[n], Bundle: b.bundle, TTL: b.ttl,
		}
		return b.add(n, "GroupAggregate", spec, "", m), nil
	}
	spec := &graph.WindowAggSpec{
		Keys: keys, Aggs: n.Aggs, Window: *n.Window, Props: n.Props, Retract: b.t.retracts(n.Input), Legacy: n.Legacy,
	}
	name := "WindowAggregate"
	if n.Legacy {
		name = "GroupWindowAggregate"
	}
	return b.add(n, name, spec, "", m), nil
}

func (b *builder) join(n *plan.Join) (*node, error) {
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.build(n.Right)
	if err != nil {
		return nil, err
	}
	keys, rest := plan.SplitJoin(n)
	if n.KeepTime && plan.IsWindowJoin(n) {
		return b.windowJoin(n, left, right, keys, rest)
	}
	spec := &graph.JoinSpec{
		Kind: n.Kind, LeftTypes: n.Left.Schema().Types(), RightTypes: n.Right.Schema().Types(), Condition: graph.Box(rest),
		LeftUnique: first(b.t.unique(n.Left)), RightUnique: first(b.t.unique(n.Right)),
		LeftRetract: b.t.updates(n.Left), RightRetract: b.t.updates(n.Right), UpdateBefore: b.t.before[n],
		Bundle: b.bundle, LeftTTL: b.ttl, RightTTL: b.ttl,
	}
	spec.LeftKeys, spec.RightKeys, spec.NullSafe = keyColumns(keys)
	if spec.LeftKeys == nil {
		spec.LeftKeys, spec.RightKeys = []int{}, []int{}
	}
	m := node{in: []input{keyed(left, spec.LeftKeys), keyed(right, spec.RightKeys)}}
	b.align(&m, left, right, spec.LeftKeys, spec.RightKeys)
	if n.Kind == graph.Inner || n.Kind == graph.Left || n.Kind == graph.Semi || n.Kind == graph.Anti {
		m.dist = distOf(spec.LeftKeys)
	}
	return b.add(n, "Join", spec, "", m), nil
}

// align makes both inputs of a join meet: where one side is left where it is, the other must be partitioned into the same
// subtasks, which holds only when the side already runs with the parallelism of keyed operators.
func (b *builder) align(m *node, left, right *node, leftKeys, rightKeys []int) {
	if len(leftKeys) == 0 {
		m.in[0].ship = graph.Partitioning{Ship: graph.Global}
		m.in[1].ship = graph.Partitioning{Ship: graph.Global}
		return
	}
	m.parallelism = b.p
	for i, side := range []*node{left, right} {
		if m.in[i].ship.Ship == graph.Forward && side.parallelism != b.p {
			m.in[i].ship = graph.Partitioning{Ship: graph.Hash, Keys: [][]int{leftKeys, rightKeys}[i]}
		}
	}
}

// first is the shortest unique key, nil when there is none.
func first(keys [][]int) []int {
	if len(keys) == 0 {
		return nil
	}
	return keys[0]
}

// keyColumns returns the columns of equalities; null-safety is nil when none has it.
func keyColumns(keys []plan.JoinKey) (left, right []int, nullSafe []bool) {
	safe := false
	for _, k := range keys {
		left = append(left, k.Left.(*expr.Col).Index)    //nolint:forcetypeassert // A rule of the optimiser made it so.
		right = append(right, k.Right.(*expr.Col).Index) //nolint:forcetypeassert // As above.
		nullSafe = append(nullSafe, k.NullSafe)
		safe = safe || k.NullSafe
	}
	if !safe {
		nullSafe = nil
	}
	return left, right, nullSafe
}

// windowJoin joins within windows: equality of the bounds is what makes the windows, the other equalities are the keys. Without
// others the bounds are the keys, so that windows can be spread over subtasks.
func (b *builder) windowJoin(n *plan.Join, left, right *node, keys []plan.JoinKey, rest expr.Expr) (*node, error) {
	for _, side := range []plan.Node{n.Left, n.Right} {
		if b.t.updates(side) {
			return nil, consumes(n, side, b.t)
		}
	}
	l, r := plan.WindowOf(n.Left), plan.WindowOf(n.Right)
	isBound := func(k plan.JoinKey) bool {
		lc, rc := k.Left.(*expr.Col).Index, k.Right.(*expr.Col).Index //nolint:forcetypeassert // A rule made it so.
		return slices.Contains(l.Start, lc) && slices.Contains(r.Start, rc) || slices.Contains(l.End, lc) && slices.Contains(r.End, rc)
	}
	spec := &graph.WindowJoinSpec{
		Kind: n.Kind, LeftEnd: l.End[0], RightEnd: r.End[0], Condition: graph.Box(rest),
		LeftTypes: n.Left.Schema().Types(), RightTypes: n.Right.Schema().Types(), Zone: l.Window.Zone,
	}
	var others []plan.JoinKey
	for _, k := range keys {
		if isBound(k) {
			if k.NullSafe {
				k.NullSafe = false // The bounds are never NULL.
			}
			continue
		}
		others = append(others, k)
	}
	if len(others) == 0 {
		for _, k := range keys {
			k.NullSafe = false
			others = append(others, k)
		}
	}
	spec.LeftKeys, spec.RightKeys, spec.NullSafe = keyColumns(others)
	m := node{in: []input{keyed(left, spec.LeftKeys), keyed(right, spec.RightKeys)}}
	b.align(&m, left, right, spec.LeftKeys, spec.RightKeys)
	if n.Kind != graph.Right && n.Kind != graph.Full {
		m.dist = distOf(spec.LeftKeys)
	}
	return b.add(n, "WindowJoin", spec, "", m), nil
}
