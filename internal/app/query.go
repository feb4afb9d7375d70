// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"spate/batch"
	"spate/internal/control/worker"
	"spate/internal/graph"
	"spate/schema"
)

// queryBatches bounds the batches that wait for the reader of a query; then the job waits.
const queryBatches = 16

// Query is a running SELECT.
type Query struct {
	Schema schema.Schema
	Job    *worker.Job
	// Bounded tells that the query ends by itself, InsertOnly that all its rows are +I.
	Bounded, InsertOnly bool

	batches chan *batch.Batch
	err     error
}

// startQuery runs a graph whose result is collected.
func (e *Engine) startQuery(ctx context.Context, g *graph.Job, columns schema.Schema) (*Query, error) {
	q := &Query{Schema: columns, batches: make(chan *batch.Batch, queryBatches)}
	ctx, cancel := context.WithCancel(ctx)
	job, err := e.Start(ctx, g, func(_ string, _ int, b *batch.Batch) error {
		b.Share(1)
		select {
		case q.batches <- b:
			return nil
		case <-ctx.Done():
			b.Release()
			return ctx.Err()
		}
	})
	if err != nil {
		cancel()
		return nil, err
	}
	q.Job = job
	go func() { // Ends with the job.
		q.err = job.Wait()
		cancel()
		close(q.batches)
	}()
	return q, nil
}

// Next returns the next rows, which the caller releases, or nil at the end; then Err tells how it ended.
func (q *Query) Next() *batch.Batch { return <-q.batches }

// Err returns the job's error, after Next returned nil.
func (q *Query) Err() error { return q.err }

// Close cancels the query if it still runs, and waits for its end.
func (q *Query) Close() {
	q.Job.Cancel()
	for b := range q.batches {
		b.Release()
	}
}

// Change is one row of a changelog as plain values.
type Change struct {
	Kind schema.RowKind
	Row  []schema.Value
}

// All reads a query to its end.
func (q *Query) All() ([]Change, error) {
	var out []Change
	for b := q.Next(); b != nil; b = q.Next() {
		out = AppendChanges(out, b)
		b.Release()
	}
	return out, q.Err()
}

// AppendChanges appends the selected rows of a batch.
func AppendChanges(out []Change, b *batch.Batch) []Change {
	if sel := b.Sel(); sel != nil {
		for _, i := range sel {
			out = append(out, Change{Kind: b.Kind(int(i)), Row: b.Row(int(i))})
		}
		return out
	}
	for i := range b.Len() {
		out = append(out, Change{Kind: b.Kind(i), Row: b.Row(i)})
	}
	return out
}
