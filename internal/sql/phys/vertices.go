// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"strings"

	"spate/internal/graph"
	"spate/internal/sys/conf"
)

// place is where a node ended up.
type place struct {
	vertex *graph.Vertex
	index  int
}

// job chains the operators into vertices and connects them.
func (b *builder) job() *graph.Job {
	j := &graph.Job{Version: graph.Version, Name: b.o.Name, Config: b.o.Config.Map()}
	chaining := conf.OperatorChaining.Get(b.o.Config)
	at := map[*node]place{}
	number := 0
	for _, n := range b.nodes {
		if _, ok := n.spec.(*graph.UnionSpec); ok {
			continue
		}
		number++
		g := &graph.Node{UID: n.uid, Name: n.name + "[" + itoa(number) + "]", From: -1, Spec: n.spec, OutNames: n.out.Names()}
		if !isSink(n.spec) {
			g.Out = n.out.Types()
		}
		if strings.HasPrefix(n.name, "Sink: ") {
			g.Name = n.name
		}
		if chaining && n.chains() {
			p := at[n.in[0].from[0]]
			g.From = p.index
			p.vertex.Nodes = append(p.vertex.Nodes, g)
			p.vertex.Name += " -> " + g.Name
			at[n] = place{p.vertex, len(p.vertex.Nodes) - 1}
			continue
		}
		v := &graph.Vertex{
			ID: len(j.Vertices), UID: n.uid, Name: g.Name, Parallelism: n.parallelism, MaxParallelism: b.maxParallelism(n.parallelism),
			Nodes: []*graph.Node{g},
		}
		j.Vertices = append(j.Vertices, v)
		at[n] = place{v, 0}
		if len(n.in) == 1 {
			g.In = n.in[0].from[0].out.Types()
		}
		for i, in := range n.in {
			for _, f := range in.from {
				from := at[f]
				j.Edges = append(j.Edges, &graph.Edge{
					From: from.vertex.ID, FromNode: from.index, To: v.ID, Input: i, Partitioning: shipping(in.ship, f, n),
				})
			}
		}
	}
	return j
}

// shipping turns a forward edge between different parallelisms into one that spreads rows.
func shipping(p graph.Partitioning, from, to *node) graph.Partitioning {
	if p.Ship == graph.Forward && from.parallelism != to.parallelism {
		if to.parallelism == 1 {
			p.Ship = graph.Global
		} else {
			p.Ship = graph.Rebalance
		}
	}
	return p
}

// chains tells whether a node runs in the task of its input: Flink's conditions.
func (n *node) chains() bool {
	if len(n.in) != 1 || len(n.in[0].from) != 1 || n.in[0].ship.Ship != graph.Forward {
		return false
	}
	return n.in[0].from[0].parallelism == n.parallelism
}

func isSink(s graph.Spec) bool {
	switch s.(type) {
	case *graph.SinkSpec, *graph.CollectSpec:
		return true
	default:
		return false
	}
}

// shortName is the last part of a dotted table name.
func shortName(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i+1:]
	}
	return name
}
