// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package task runs one subtask of a vertex: its mailbox (gate or source), its chain of operators, its outputs, timers and life
// cycle. One goroutine owns all of it; nothing inside needs a lock.
//
// Invariants:
//
//	T1. The chain does bounded work per step; between two steps the task can be cancelled.
//	T2. The next event is taken only when the chain is idle, so every operator sees events in order: rows, then the watermark
//	    that follows them.
//	T3. Run returns only when the operators are closed and all batches of the task are released; the caller starts the goroutine
//	    and waits for it.
package task

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/exchange"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/sys/budget"
)

// Config describes a task.
type Config struct {
	Job      string
	Vertex   *graph.Vertex
	Subtask  int
	Registry *expr.Registry
	Env      expr.Env // Copied per operator.
	Budget   *budget.Node
	Gate     *exchange.Gate // nil for sources.
	Wake     exchange.Signal
	// Outputs are the sending sides per node of the vertex.
	Outputs [][]*exchange.Output
	// Splits gives out the splits of a source vertex.
	Splits Splits
	// Tables makes sources and sinks from table specs.
	Tables Tables
	// Collect receives the batches of CollectSpec nodes; it must not keep them.
	Collect func(id string, subtask int, b *batch.Batch) error
	// Staged receives what sinks prepared.
	Staged func(nodeUID string, checkpoint int64, work []connector.Committable)

	BatchRows     int   // 0: batch.MaxRows.
	BufferTimeout int64 // Milliseconds that a source may hold a partial batch back.
	NowMillis     func() int64
	// Until returns the time left until a time in milliseconds, finer than NowMillis can tell; nil: the difference of the two.
	Until       func(at int64) time.Duration
	Poison      bool   // Tests: released buffers are overwritten.
	NotResident uint64 // Tests: seed of random "not resident" answers; 0: none.
}

// Tables makes the connectors of table specs.
type Tables interface {
	Source(t *graph.TableSpec) (connector.Source, error)
	Sink(t *graph.TableSpec) (connector.Sink, error)
}

// Metrics are the counters of a task, safe to read while it runs.
type Metrics struct {
	RowsIn    atomic.Int64
	RowsOut   atomic.Int64
	Watermark atomic.Int64
	SinkRows  atomic.Int64 // Received by sinks of the chain.
	Late      atomic.Int64
	Errors    atomic.Int64 // Rows that a source skipped.
	Filtered  atomic.Int64 // Records that a source read and a pushed-down filter dropped.
	Done      atomic.Bool
}

// Task is one subtask.
type Task struct {
	c       Config
	Metrics Metrics

	chain  chain
	source *source
	now    int64

	idle        bool
	ended       bool
	countsDirty bool
	timer       *time.Timer
}

// New builds the operators of a task; nothing is opened yet.
func New(c Config) (*Task, error) {
	if c.BatchRows <= 0 || c.BatchRows > batch.MaxRows {
		c.BatchRows = batch.MaxRows
	}
	t := &Task{c: c, now: c.NowMillis()}
	t.Metrics.Watermark.Store(int64(flow.MinWatermark))
	if err := t.build(); err != nil {
		return nil, fmt.Errorf("building %s: %w", c.Vertex.Name, errors.Join(err, t.release()))
	}
	return t, nil
}

// Run drives the task to its end, to an error, or to the end of the context. It always releases everything.
func (t *Task) Run(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("task %s (%d): %v\n%s", t.c.Vertex.Name, t.c.Subtask, p, debug.Stack())
		}
		if cerr := t.release(); err == nil {
			err = cerr
		}
		t.Metrics.Done.Store(true)
	}()
	for _, n := range t.chain.nodes {
		if n.op == nil {
			continue
		}
		if err := n.op.Open(n.rt); err != nil {
			return fmt.Errorf("opening %s: %w", n.graph.Name, err)
		}
	}
	t.timer = time.NewTimer(time.Hour)
	defer t.timer.Stop()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, err := t.turn(ctx)
		if err != nil || done {
			return err
		}
	}
}

// waiting is what a task waits for.
type waiting struct {
	at   int64 // Milliseconds; 0: no time.
	wake <-chan struct{}
}

// turn takes the next event and drives it through the chain, or waits.
func (t *Task) turn(ctx context.Context) (done bool, err error) {
	t.now = t.c.NowMillis()
	got, w, err := t.next(ctx)
	if err != nil {
		return false, err
	}
	if !got {
		if t.ended {
			return t.finish(ctx)
		}
		t.publish()
		return false, t.wait(ctx, w)
	}
	if err := t.drive(ctx); err != nil {
		return false, err
	}
	t.publish()
	return false, nil
}

// drive runs the chain until it is idle again.
func (t *Task) drive(ctx context.Context) error {
	for t.chain.busy() {
		out, err := t.chain.step()
		if err != nil {
			return err
		}
		switch out {
		case blockedChain:
			if err := t.wait(ctx, waiting{}); err != nil {
				return err
			}
			t.now = t.c.NowMillis()
		case waitingState:
			// The state tier raises the task's signal when what was asked for is there; at the latest ask again soon.
			if err := t.wait(ctx, waiting{at: t.now + 1}); err != nil {
				return err
			}
			t.now = t.c.NowMillis()
		case idleChain, stepped:
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// finish waits until all outputs are sent.
func (t *Task) finish(ctx context.Context) (bool, error) {
	if t.chain.flushOutputs() {
		return true, nil
	}
	return false, t.wait(ctx, waiting{})
}

// next puts the next event on the chain, or says what to wait for.
func (t *Task) next(ctx context.Context) (got bool, w waiting, err error) {
	if t.dueTimer() {
		return true, w, nil
	}
	w.at = t.deadline()
	if t.ended {
		return false, w, nil
	}
	if !t.chain.flushOutputs() {
		return false, w, nil
	}
	if t.source != nil {
		got, w, err = t.nextOfSource(ctx, w)
	} else {
		got = t.nextOfGate()
	}
	if !got && err == nil && t.idleFlush() {
		return true, w, nil
	}
	return got, w, err
}

// idleFlush starts a flush that was asked for when no input waits.
func (t *Task) idleFlush() bool {
	for i, n := range t.chain.nodes {
		if n.rt.idle {
			t.chain.start(frame{node: i, event: evFlush, phase: phFlush})
			return true
		}
	}
	return false
}

// dueTimer starts a timer or flush that is due.
func (t *Task) dueTimer() bool {
	for i, n := range t.chain.nodes {
		r := n.rt
		if r.flushAt > 0 && r.flushAt <= t.now {
			r.flushAt = 0
			t.chain.start(frame{node: i, event: evFlush, phase: phFlush})
			return true
		}
		if len(r.timers) > 0 && r.timers[0] <= t.now {
			for len(r.timers) > 0 && r.timers[0] <= t.now {
				heap.Pop(&r.timers)
			}
			t.chain.start(frame{node: i, event: evTimer, phase: phCall, mark: flow.Watermark(t.now)})
			return true
		}
	}
	return false
}

func (t *Task) deadline() int64 {
	var d int64
	for _, n := range t.chain.nodes {
		if x := n.rt.deadline(); x > 0 {
			d = earlier(d, x)
		}
	}
	return d
}

func (t *Task) nextOfSource(ctx context.Context, w waiting) (bool, waiting, error) {
	p, err := t.source.poll(ctx, t.now, t.chain.hungry)
	if err != nil {
		return false, w, err
	}
	if p.active {
		t.chain.setIdle(false)
	}
	switch {
	case p.idle:
		t.chain.setIdle(true)
	case p.ended:
		t.ended = true
		t.chain.start(frame{node: 0, event: evEnd, phase: phPropagate})
		return true, w, nil
	case p.has:
		t.account(p.frame)
		t.chain.start(p.frame)
		return true, w, nil
	}
	if p.more || p.idle {
		return true, w, nil
	}
	if p.wakeAt > 0 {
		w.at = earlier(w.at, p.wakeAt)
	}
	w.wake = p.wake
	return false, w, nil
}

// account counts what the source makes: rows and watermarks do not pass through an operator's call.
func (t *Task) account(f frame) {
	n := t.chain.nodes[0]
	if f.out != nil {
		n.rowsIn += int64(f.out.Rows())
		n.rowsOut += int64(f.out.Rows())
	}
	if f.event == evMark {
		t.Metrics.Watermark.Store(int64(f.mark))
	}
}

// nextOfGate puts the next element of the gate on the chain, if there is one.
func (t *Task) nextOfGate() bool {
	e, ch, input, ok := t.c.Gate.Poll()
	if !ok {
		return false
	}
	switch e.Kind {
	case exchange.Data:
		t.chain.start(frame{node: 0, event: evData, phase: phCall, batch: e.Batch, input: input})
	case exchange.Mark:
		if m, rose := t.c.Gate.Advance(ch, e.Mark); rose {
			t.startMark(m)
		}
	case exchange.Idle, exchange.Active:
		m, rose, allIdle := t.c.Gate.SetIdle(ch, e.Kind == exchange.Idle)
		if allIdle != t.idle {
			t.idle = allIdle
			t.chain.setIdle(allIdle)
		}
		if rose && !allIdle {
			t.startMark(m)
		}
	case exchange.End:
		inputEnded, allEnded := t.c.Gate.EndChannel(ch)
		if inputEnded {
			t.chain.start(frame{node: 0, event: evEnd, phase: phFlush, input: input})
		}
		t.ended = allEnded
	}
	return true
}

func (t *Task) startMark(m flow.Watermark) {
	t.Metrics.Watermark.Store(int64(m))
	t.chain.start(frame{node: 0, event: evMark, phase: phFlush, mark: m})
}

// wait blocks until something happens: the signal, a time, the source's wake-up, the end of the context.
func (t *Task) wait(ctx context.Context, w waiting) error {
	var timer <-chan time.Time
	if w.at > 0 {
		d := t.until(w.at)
		if d <= 0 {
			return nil
		}
		t.timer.Reset(d)
		timer = t.timer.C
	}
	select {
	case <-t.c.Wake:
	case <-timer:
	case <-w.wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// until returns the time left until a time in milliseconds.
func (t *Task) until(at int64) time.Duration {
	if t.c.Until != nil {
		return t.c.Until(at)
	}
	return time.Duration(at-t.c.NowMillis()) * time.Millisecond
}

// publish copies the counters to where others may read them.
func (t *Task) publish() {
	ns := t.chain.nodes
	if len(ns) == 0 {
		return
	}
	t.Metrics.RowsIn.Store(ns[0].rowsIn)
	t.Metrics.RowsOut.Store(ns[len(ns)-1].rowsOut)
	var sunk int64
	for _, n := range ns {
		if n.isSink {
			sunk += n.rowsIn
		}
	}
	t.Metrics.SinkRows.Store(sunk)
	if !t.countsDirty {
		return
	}
	t.countsDirty = false
	var late, bad, filtered int64
	for _, n := range ns {
		late += n.rt.counts["numLateRecordsDropped"]
		bad += n.rt.counts["numRecordsInErrors"]
		filtered += n.rt.counts["numRecordsFiltered"]
	}
	t.Metrics.Filtered.Store(filtered)
	t.Metrics.Late.Store(late)
	t.Metrics.Errors.Store(bad)
}

// release closes the operators and gives all batches back.
func (t *Task) release() error {
	t.publish()
	t.chain.abort()
	err := t.chain.close()
	if t.source != nil {
		err = errors.Join(err, t.source.close())
	}
	if t.c.Gate != nil {
		t.c.Gate.Close()
	}
	return err
}
