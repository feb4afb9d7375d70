// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"container/heap"

	"spate/batch"
	"spate/connector"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/internal/sys/budget"
	"spate/schema"
)

// runtime is an operator's view of its task.
type runtime struct {
	task   *Task
	env    *expr.Env
	budget *budget.Node
	store  *state.Store
	pools  []*batch.Pool

	timers  millisHeap
	flushAt int64 // 0: none.
	idle    bool  // A flush was asked for when no input waits.
	counts  map[string]int64
	staged  func(checkpoint int64, work []connector.Committable)
}

var _ op.Runtime = (*runtime)(nil)

func (r *runtime) Subtask() int             { return r.task.c.Subtask }
func (r *runtime) Parallelism() int         { return r.task.c.Vertex.Parallelism }
func (r *runtime) MaxParallelism() int      { return r.task.c.Vertex.MaxParallelism }
func (r *runtime) Env() *expr.Env           { return r.env }
func (r *runtime) Registry() *expr.Registry { return r.task.c.Registry }
func (r *runtime) BatchRows() int           { return r.task.c.BatchRows }
func (r *runtime) State() *state.Store      { return r.store }
func (r *runtime) Now() flow.Millis         { return flow.Millis(r.task.now) }

// Pool implements op.Runtime.
func (r *runtime) Pool(types []*schema.Type) *batch.Pool {
	p := batch.NewPool(types, r.budget)
	if r.task.c.Poison {
		p.Poison()
	}
	r.pools = append(r.pools, p)
	return p
}

// ProcTimer implements op.Runtime.
func (r *runtime) ProcTimer(at flow.Millis) {
	if len(r.timers) > 0 && r.timers[0] == int64(at) {
		return
	}
	heap.Push(&r.timers, int64(at))
}

// FlushAt implements op.Runtime.
func (r *runtime) FlushAt(at flow.Millis) { r.flushAt = earlier(r.flushAt, int64(at)) }

// FlushIdle implements op.Runtime.
func (r *runtime) FlushIdle() { r.idle = true }

// Prepared implements op.Runtime.
func (r *runtime) Prepared(checkpoint int64, work []connector.Committable) {
	if r.staged != nil && len(work) > 0 {
		r.staged(checkpoint, work)
	}
}

// Count implements op.Runtime.
func (r *runtime) Count(metric string, n int64) {
	if r.counts == nil {
		r.counts = make(map[string]int64)
	}
	r.counts[metric] += n
	r.task.countsDirty = true
}

// flushed forgets the flush that was asked for: one is about to happen.
func (r *runtime) flushed() { r.flushAt, r.idle = 0, false }

// resident tells whether the state that the operator waits for is there.
func (r *runtime) resident() bool { return r.store.Resident() }

// err returns the first charge over the budget by the operator's state or one of its pools.
func (r *runtime) err() error {
	if err := r.store.Err(); err != nil {
		return err
	}
	for _, p := range r.pools {
		if err := p.Err(); err != nil {
			return err
		}
	}
	return nil
}

// deadline returns the next time that the operator asked to be called at, or 0.
func (r *runtime) deadline() int64 {
	d := r.flushAt
	if len(r.timers) > 0 {
		d = earlier(d, r.timers[0])
	}
	return d
}

func (r *runtime) close() {
	for _, p := range r.pools {
		p.Close()
	}
	r.store.Close()
}

// millisHeap is a min-heap of times.
type millisHeap []int64

func (h millisHeap) Len() int           { return len(h) }
func (h millisHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h millisHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *millisHeap) Push(x any) { *h = append(*h, x.(int64)) }

// Pop implements heap.Interface.
func (h *millisHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
