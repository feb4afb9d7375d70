// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"strings"

	"spate/connector"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
)

func (b *builder) sink(n *plan.Sink) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	t := n.Target
	accepts := sinkKinds(t)
	spec := &graph.SinkSpec{Table: t.Table, Accepts: uint8(accepts)}
	nested, _ := b.o.Config.Text("table.exec.sink.nested-constraint-enforcer")
	spec.NotNullNested = strings.ToUpper(nested)
	if len(t.NotNull) > 0 || spec.NotNullNested != "" {
		spec.NotNull, spec.NotNullEnforce = t.NotNull, conf.NotNullEnforcer.Get(b.o.Config)
	}
	if err := b.conflicts(n); err != nil {
		return nil, err
	}
	if t.OnConflict == "NOTHING" {
		in = b.keepFirst(n, in)
	}
	if spec.Materialize = b.materialize(n); spec.Materialize {
		spec.UpsertKey = first(b.t.upsert(n.Input))
	}
	kinds := in.kinds
	if kinds&connector.KindUpdateBefore != 0 && accepts&connector.KindUpdateBefore == 0 && !spec.Materialize {
		kinds &^= connector.KindUpdateBefore
		in = b.dropBefore(n, in)
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
func (b *builder) materialize(n *plan.Sink) bool {
	pk := n.Target.Table.PrimaryKey
	kinds := sinkKinds(n.Target)
	// A sink that takes retractions puts nothing in order by key.
	if len(pk) == 0 || kinds == connector.InsertOnly || kinds&connector.KindUpdateBefore != 0 || n.Target.OnConflict == "NOTHING" {
		return false
	}
	switch conf.UpsertMaterialize.Get(b.o.Config) {
	case "NONE":
		return false
	case "FORCE":
		return true
	}
	if !b.t.matchesKey(n) {
		return b.t.updates(n.Input) || n.Target.OnConflict != ""
	}
	// A -U without a +U behind it, as a filter leaves them, must become a -D: it cannot just be dropped.
	return !b.t.onlyAfter(n.Input)
}

// conflicts checks what the statement says about rows of one primary key that are not changes of one row.
func (b *builder) conflicts(n *plan.Sink) error {
	t := n.Target
	name := t.Table.Name
	upsert := sinkKinds(t)&(connector.KindUpdateAfter|connector.KindUpdateBefore) == connector.KindUpdateAfter
	if t.OnConflict != "" {
		switch {
		case len(t.Table.PrimaryKey) == 0:
			return t.Place.Errorf(errs.InvalidStatement, "ON CONFLICT clause is only allowed for upsert sinks. The sink '%s' is not an upsert sink because it does not have a primary key.", name)
		case !upsert && sinkKinds(t)&connector.KindUpdateBefore != 0:
			return t.Place.Errorf(errs.InvalidStatement, "ON CONFLICT clause is only allowed for upsert sinks. The sink '%s' is not an upsert sink because it requires UPDATE_BEFORE (retract mode).", name)
		case !upsert:
			return t.Place.Errorf(errs.InvalidStatement, "ON CONFLICT clause is only allowed for upsert sinks. The sink '%s' is not an upsert sink because it only accepts append-only (insert-only) input.", name)
		case t.OnConflict == "ERROR" && !allWatermarks(n):
			return t.Place.Errorf(errs.InvalidStatement, "ON CONFLICT DO ERROR requires all source tables to define watermarks")
		case t.OnConflict == "ERROR":
			return t.Place.Errorf(errs.NotSupported, "ON CONFLICT DO ERROR is not supported yet")
		case t.OnConflict == "NOTHING" && b.t.updates(n.Input):
			return t.Place.Errorf(errs.NotSupported, "ON CONFLICT DO NOTHING over a query that updates its rows is not supported yet")
		}
		return nil
	}
	demand, _ := b.o.Config.Text("table.exec.sink.require-on-conflict")
	if strings.EqualFold(demand, "false") || !upsert || len(t.Table.PrimaryKey) == 0 || !b.t.updates(n.Input) || b.t.matchesKey(n) {
		return nil
	}
	cols := t.Table.Columns
	var keys []string
	for _, k := range b.t.upsert(n.Input) {
		keys = append(keys, "["+colNames(k, cols)+"]")
	}
	if len(keys) == 0 {
		keys = []string{"none"}
	}
	return t.Place.Errorf(errs.InvalidStatement, "The query has an upsert key that differs from the primary key of the sink table '%s'. Primary key: [%s], upsert key: %s.",
		name, colNames(t.Table.PrimaryKey, cols), strings.Join(keys, ", ")).
		WithHint("say what happens to rows of the same key: INSERT INTO ... ON CONFLICT DO DEDUPLICATE, or SET 'table.exec.sink.require-on-conflict' = 'false'")
}

// allWatermarks tells whether all sources below have watermarks.
func allWatermarks(n plan.Node) bool {
	all := true
	plan.Each(n, func(x plan.Node) {
		if s, ok := x.(*plan.Scan); ok && s.Watermark == nil {
			all = false
		}
	})
	return all
}

// keepFirst lets only the first row of every primary key pass: ON CONFLICT DO NOTHING.
func (b *builder) keepFirst(n *plan.Sink, in *node) *node {
	pk := n.Target.Table.PrimaryKey
	spec := &graph.TopNSpec{Partition: pk, Start: 1, End: 1, Bundle: b.bundle, TTL: b.ttl}
	return b.add(n, "Deduplicate", spec, "f", node{in: []input{keyed(in, pk)}, out: in.out, kinds: in.kinds, dist: pk})
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
