// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"fmt"

	"spate/connector"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/agg"
	"spate/internal/op/calc"
	"spate/internal/op/changelog"
	"spate/internal/op/join"
	"spate/internal/op/sink"
	"spate/internal/op/topn"
	"spate/internal/op/unnest"
	"spate/internal/op/watermark"
	"spate/internal/op/window"
	"spate/internal/state"
	"spate/schema"
)

// build makes the nodes of the chain.
func (t *Task) build() error {
	v := t.c.Vertex
	for i, g := range v.Nodes {
		n := &node{graph: g, outputs: t.c.Outputs[i], inputs: 1, rt: t.newRuntime(g)}
		t.chain.nodes = append(t.chain.nodes, n)
		if g.From >= 0 {
			t.chain.nodes[g.From].children = append(t.chain.nodes[g.From].children, i)
		}
	}
	for i, n := range t.chain.nodes {
		if n.consumers() > 1 {
			n.views = n.rt.Pool(n.graph.Out)
		}
		if err := t.buildNode(i, n); err != nil {
			return fmt.Errorf("%s: %w", n.graph.Name, err)
		}
	}
	return nil
}

// newRuntime makes an operator's view of the task.
func (t *Task) newRuntime(g *graph.Node) *runtime {
	r := &runtime{task: t, env: &t.c.Env, budget: t.c.Budget.Child(g.Name, 0)}
	first, last := flow.KeyGroupRange(t.c.Subtask, t.c.Vertex.MaxParallelism, t.c.Vertex.Parallelism)
	r.store = state.NewStore(state.Config{
		Budget: r.budget, First: first, Last: last, MaxParallelism: t.c.Vertex.MaxParallelism, NotResident: t.c.NotResident,
	})
	r.staged = func(checkpoint int64, work []connector.Committable) {
		if t.c.Staged != nil {
			t.c.Staged(g.UID, checkpoint, work)
		}
	}
	return r
}

// inputs returns the column types of each input of node i.
func (t *Task) inputs(i int, n *node) [][]*schema.Type {
	switch s := n.graph.Spec.(type) {
	case *graph.JoinSpec:
		return [][]*schema.Type{s.LeftTypes, s.RightTypes}
	case *graph.WindowJoinSpec:
		return [][]*schema.Type{s.LeftTypes, s.RightTypes}
	default:
	}
	if n.graph.From >= 0 {
		return [][]*schema.Type{t.c.Vertex.Nodes[n.graph.From].Out}
	}
	return [][]*schema.Type{t.c.Vertex.Nodes[i].In}
}

// buildNode makes the operator, or the source, of a node.
func (t *Task) buildNode(i int, n *node) error {
	in := t.inputs(i, n)
	n.inputs = len(in)
	out := n.graph.Out
	var err error
	switch s := n.graph.Spec.(type) {
	case *graph.SourceSpec:
		return t.buildSource(n, s)
	case *graph.ValuesSpec:
		t.source = t.newSource(n, &constants{rows: s.Rows}, &oneSplit{})
	case *graph.WatermarkAssignerSpec:
		n.swallowsMarks = true
		n.op, err = watermark.New(s, in[0])
	case *graph.CalcSpec:
		n.op, err = calc.New(s, in, out)
	case *graph.ExpandSpec:
		n.op, err = calc.NewExpand(s, in, out)
	case *graph.UnnestSpec:
		n.op, err = unnest.New(s, in, out)
	case *graph.UnionSpec:
		n.op, err = calc.NewUnion(s, in, out)
	case *graph.DropUpdateBeforeSpec:
		n.op, err = calc.NewDropUpdateBefore(s, in, out)
	case *graph.NormalizeSpec:
		n.op, err = changelog.NewNormalize(s, in, out)
	case *graph.GroupAggSpec:
		n.op, err = agg.New(s, in[0], out)
	case *graph.WindowAggSpec:
		n.op, err = window.NewAggregate(s, in[0], out)
	case *graph.WindowTableSpec:
		n.op, err = window.NewTable(s, in[0], out)
	case *graph.JoinSpec:
		n.op, err = join.New(s, in, out)
	case *graph.WindowJoinSpec:
		n.op, err = join.NewWindow(s, in, out)
	case *graph.TopNSpec:
		n.op, err = topn.New(s, in, out)
	case *graph.CollectSpec:
		n.op = &collect{id: s.ID, subtask: t.c.Subtask, sink: t.c.Collect}
	case *graph.SinkSpec:
		err = t.buildSink(n, s, in)
	}
	return err
}

// buildSink makes a sink operator around the writer of the table.
func (t *Task) buildSink(n *node, s *graph.SinkSpec, in [][]*schema.Type) error {
	table, err := t.c.Tables.Sink(&s.Table)
	if err != nil {
		return err
	}
	n.isSink = true
	n.op, err = sink.New(s, in, table, t.c.Job)
	return err
}

// buildSource makes the reader of a source vertex.
func (t *Task) buildSource(n *node, s *graph.SourceSpec) error {
	table, err := t.c.Tables.Source(&s.Table)
	if err != nil {
		return err
	}
	r, err := table.Reader(&s.Scan, &connector.ReaderContext{
		Subtask: t.c.Subtask, Parallelism: t.c.Vertex.Parallelism, NewPool: n.rt.Pool, Count: n.rt.Count, NowMillis: t.c.NowMillis,
	})
	if err != nil {
		return err
	}
	t.source = t.newSource(n, r, t.c.Splits)
	t.source.mark, err = newSourceMarks(t.c.Registry, &t.c.Env, s, n.graph.Out)
	return err
}

// newSource makes the driver of a reader.
func (t *Task) newSource(n *node, r connector.Reader, splits Splits) *source {
	return &source{
		name: n.graph.Name, reader: r, splits: splits, subtask: t.c.Subtask, limit: t.c.BatchRows, timeout: t.c.BufferTimeout,
		pool: n.rt.Pool(n.graph.Out), asked: true,
	}
}

var _ op.Operator = (*collect)(nil)
