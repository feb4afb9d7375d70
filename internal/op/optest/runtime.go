// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import (
	"slices"

	"spate/batch"
	"spate/connector"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/internal/sys/budget"
	"spate/schema"
)

// Options say how an operator is run. The zero value is a plain run.
type Options struct {
	BatchRows   int    // Where the operator cuts its output; 0: batch.MaxRows.
	NotResident uint64 // Seed of random "not resident" answers; 0: none.
	Poison      bool   // Overwrite output batches after their release.
	Track       bool   // Keep lists of changed rows, as with checkpoints.
	Env         expr.Env
}

// Runtime is an op.Runtime with virtual time.
type Runtime struct {
	o        Options
	budget   *budget.Node
	store    *state.Store
	pools    []*batch.Pool
	now      flow.Millis
	timers   []flow.Millis // Ascending.
	flushAt  flow.Millis
	hasFlush bool
	idle     bool // A flush was asked for when input pauses: the harness pauses after every batch.
	counts   map[string]int64
	prepared []connector.Committable
}

var _ op.Runtime = (*Runtime)(nil)

// NewRuntime returns a runtime of the only subtask at time 0.
func NewRuntime(o Options) *Runtime {
	if o.BatchRows == 0 {
		o.BatchRows = batch.MaxRows
	}
	if o.Env.TimeZone == "" {
		o.Env.TimeZone = "UTC"
	}
	b := budget.New("operator", 0)
	first, last := flow.KeyGroupRange(0, flow.DefaultLowerMaxParallelism, 1)
	r := &Runtime{o: o, budget: b, counts: map[string]int64{}}
	r.o.Env.NowMillis = func() int64 { return int64(r.now) }
	r.store = state.NewStore(state.Config{
		Budget: b, First: first, Last: last, MaxParallelism: flow.DefaultLowerMaxParallelism,
		Track: o.Track, NotResident: o.NotResident,
	})
	return r
}

// Subtask implements op.Runtime.
func (*Runtime) Subtask() int { return 0 }

// Parallelism implements op.Runtime.
func (*Runtime) Parallelism() int { return 1 }

// MaxParallelism implements op.Runtime.
func (*Runtime) MaxParallelism() int { return flow.DefaultLowerMaxParallelism }

// Env implements op.Runtime.
func (r *Runtime) Env() *expr.Env { return &r.o.Env }

// Registry implements op.Runtime.
func (*Runtime) Registry() *expr.Registry { return expr.Builtins() }

// Pool implements op.Runtime.
func (r *Runtime) Pool(types []*schema.Type) *batch.Pool {
	p := batch.NewPool(types, r.budget)
	if r.o.Poison {
		p.Poison()
	}
	r.pools = append(r.pools, p)
	return p
}

// BatchRows implements op.Runtime.
func (r *Runtime) BatchRows() int { return r.o.BatchRows }

// State implements op.Runtime.
func (r *Runtime) State() *state.Store { return r.store }

// Now implements op.Runtime.
func (r *Runtime) Now() flow.Millis { return r.now }

// ProcTimer implements op.Runtime.
func (r *Runtime) ProcTimer(at flow.Millis) {
	if i, found := slices.BinarySearch(r.timers, at); !found {
		r.timers = slices.Insert(r.timers, i, at)
	}
}

// FlushAt implements op.Runtime.
func (r *Runtime) FlushAt(at flow.Millis) {
	if !r.hasFlush || at < r.flushAt {
		r.flushAt, r.hasFlush = at, true
	}
}

// FlushIdle implements op.Runtime.
func (r *Runtime) FlushIdle() { r.idle = true }

// Prepared implements op.Runtime.
func (r *Runtime) Prepared(_ int64, work []connector.Committable) {
	r.prepared = append(r.prepared, work...)
}

// Count implements op.Runtime.
func (r *Runtime) Count(metric string, n int64) { r.counts[metric] += n }

// close frees everything and returns the bytes that are still charged: those of batches that were never released.
func (r *Runtime) close() int64 {
	r.store.Close()
	for _, p := range r.pools {
		p.Close()
	}
	return r.budget.Used()
}

// Counted returns what was added to a metric.
func (r *Runtime) Counted(metric string) int64 { return r.counts[metric] }
