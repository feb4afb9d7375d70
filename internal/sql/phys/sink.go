// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"spate/connector"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
)

func (b *builder) sink(n *plan.Sink) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	t := n.Target
	accepts := sinkKinds(t)
	spec := &graph.SinkSpec{Table: t.Table, Accepts: uint8(accepts)}
	if len(t.NotNull) > 0 {
		spec.NotNull, spec.NotNullEnforce = t.NotNull, conf.NotNullEnforcer.Get(b.o.Config)
	}
	spec.Materialize, err = b.materialize(n)
	if err != nil {
		return nil, err
	}
	kinds := in.kinds
	if kinds&connector.KindUpdateBefore != 0 && accepts&connector.KindUpdateBefore == 0 && !spec.Materialize {
		kinds &^= connector.KindUpdateBefore
		drop := node{in: forward(in), dist: in.dist, out: in.out, kinds: kinds}
		in = b.add(n, "DropUpdateBefore", &graph.DropUpdateBeforeSpec{}, "d", drop)
	}
	if spec.Materialize {
		kinds = accepts & (connector.Upsert | connector.KindUpdateBefore)
	}
	m := node{in: forward(in), kinds: kinds, parallelism: in.parallelism}
	if t.Caps.Parallelism > 0 {
		m.parallelism = t.Caps.Parallelism
	}
	if t.Parallelism > 0 {
		m.parallelism = t.Parallelism
	}
	pk := t.Table.PrimaryKey
	// All changes of one primary key go to one writer: they do when they are in order by it and stay where they are.
	inPlace := m.parallelism == in.parallelism && b.t.matchesKey(n)
	if spec.Materialize || b.t.updates(n.Input) && len(pk) > 0 && m.parallelism > 1 && !inPlace {
		m.in = []input{keyed(in, pk)}
		if m.in[0].ship.Ship == graph.Forward && m.parallelism != in.parallelism {
			m.in[0].ship = graph.Partitioning{Ship: graph.Hash, Keys: pk}
		}
	}
	return b.add(n, "Sink: "+shortName(t.Table.Name), spec, "", m), nil
}

// materialize tells whether the changes of one primary key may come out of order, so that the sink must keep them.
func (b *builder) materialize(n *plan.Sink) (bool, error) {
	pk := n.Target.Table.PrimaryKey
	if len(pk) == 0 || sinkKinds(n.Target) == connector.InsertOnly {
		return false, nil
	}
	switch conf.UpsertMaterialize.Get(b.o.Config) {
	case "NONE":
		return false, nil
	case "FORCE":
		return true, nil
	}
	if !b.t.updates(n.Input) || b.t.matchesKey(n) {
		return false, nil
	}
	if sinkKinds(n.Target)&connector.KindUpdateBefore != 0 {
		return false, nil // A sink that takes retractions puts nothing in order by key.
	}
	return true, nil
}

func (b *builder) collect(n *plan.Collect) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	m := node{in: forward(in), parallelism: 1}
	if in.parallelism != 1 || len(m.in[0].from) > 1 {
		m.in[0].ship.Ship = graph.Global
	}
	return b.add(n, "Sink: collect", &graph.CollectSpec{ID: n.ID}, "", m), nil
}
