// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package worker deploys a job graph into this process: it makes the tasks, connects them, runs one goroutine per task and sees
// the job to its end.
//
// A Job is safe for concurrent use. Its goroutines end when the input ends, a task fails, or Cancel is called; Wait returns when
// all of them have.
package worker

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/exchange"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sys/budget"
	"spate/internal/task"
)

// Options are how a job is run, beyond what its graph says.
type Options struct {
	Registry *expr.Registry
	Tables   task.Tables
	Env      expr.Env // Zone, catalog and so on; the clock is filled in.
	Budget   *budget.Node
	// Collect receives the batches of SELECT results, from the goroutines of the tasks.
	Collect func(id string, subtask int, b *batch.Batch) error
	// BufferTimeout in milliseconds (execution.buffer-timeout.interval).
	BufferTimeout int64
	// BatchRows caps the rows of a batch; 0: batch.MaxRows.
	BatchRows int
	// NowMillis is the clock; nil: the machine's.
	NowMillis func() int64
	until     func(at int64) time.Duration // Of the machine's clock.
	// For tests: see task.Config; Carrier passes every exchanged batch through it.
	Poison      bool
	NotResident uint64
	Carrier     exchange.Carrier
}

// Job is a running job.
type Job struct {
	id     string
	graph  *graph.Job
	tasks  []*deployed
	cancel context.CancelCauseFunc
	done   chan struct{}
	err    error
	commit *commits

	mu         sync.Mutex
	splits     []*sharedSplits
	startedAt  time.Time
	finishedAt time.Time
}

// deployed is a task with its place in the graph.
type deployed struct {
	vertex  *graph.Vertex
	subtask int
	task    *task.Task
}

// errCanceled is the cause of a Cancel.
var errCanceled = errors.New("job was canceled")

// IsCanceled tells whether a job's error is that of a Cancel.
func IsCanceled(err error) bool { return errors.Is(err, errCanceled) }

// Start deploys a job and starts it. ctx ends it like Cancel does.
func Start(ctx context.Context, g *graph.Job, o Options) (*Job, error) {
	if o.NowMillis == nil {
		o.NowMillis = func() int64 { return time.Now().UnixMilli() }
		o.until = func(at int64) time.Duration { return time.Until(time.UnixMilli(at)) }
	}
	o.Env.NowMillis = o.NowMillis
	if o.Env.QueryStartMillis == 0 {
		o.Env.QueryStartMillis = o.NowMillis()
	}
	j := &Job{id: newID(), graph: g, done: make(chan struct{}), commit: newCommits(g, o.Tables), startedAt: time.Now()}
	if err := j.deploy(&o); err != nil {
		return nil, errors.Join(err, j.closeSplits())
	}
	jctx, cancel := context.WithCancelCause(ctx)
	j.cancel = cancel
	go j.run(jctx) // Ended by the tasks' end; Wait waits for it.
	return j, nil
}

// run starts the tasks, waits for all of them, and commits what bounded sinks prepared.
func (j *Job) run(ctx context.Context) {
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	for _, d := range j.tasks {
		wg.Go(func() { // Ended by its input's end or by ctx.
			if err := d.task.Run(ctx); err != nil {
				once.Do(func() { first = err })
				j.cancel(err)
			}
		})
	}
	wg.Wait()
	if first != nil {
		// A task that was told to stop reports the context's error; the cause says why.
		if cause := context.Cause(ctx); cause != nil && errors.Is(first, context.Canceled) {
			first = cause
		}
	} else {
		first = j.commit.finish(ctx)
	}
	j.err = errors.Join(first, j.closeSplits(), j.commit.close())
	if first != nil {
		j.err = first
	}
	j.mu.Lock()
	j.finishedAt = time.Now()
	j.mu.Unlock()
	j.cancel(nil)
	close(j.done)
}

// Cancel stops the job; Wait then returns an error that IsCanceled recognises.
func (j *Job) Cancel() { j.cancel(errCanceled) }

// Wait waits for the end of the job and returns its error.
func (j *Job) Wait() error {
	<-j.done
	return j.err
}

// Done is closed when the job has ended.
func (j *Job) Done() <-chan struct{} { return j.done }

// Graph returns the job's graph.
func (j *Job) Graph() *graph.Job { return j.graph }

// deploy makes gates, tasks and outputs.
func (j *Job) deploy(o *Options) error {
	gates := make(map[int][]*exchange.Gate)
	wakes := make(map[int][]exchange.Signal)
	byID := make(map[int]*graph.Vertex)
	for _, v := range j.graph.Vertices {
		byID[v.ID] = v
		inputs := channelInputs(j.graph, v, byParallelism(j.graph))
		for range v.Parallelism {
			wake := exchange.NewSignal()
			wakes[v.ID] = append(wakes[v.ID], wake)
			var g *exchange.Gate
			if len(inputs) > 0 {
				g = exchange.NewGate(inputs, wake)
			}
			gates[v.ID] = append(gates[v.ID], g)
		}
	}
	for _, v := range j.graph.Vertices {
		splits, err := j.enumerate(v, o)
		if err != nil {
			return err
		}
		for s := range v.Parallelism {
			c := task.Config{
				Job: j.graph.Name, Vertex: v, Subtask: s, Registry: o.Registry, Env: o.Env,
				Budget: o.Budget.Child(fmt.Sprintf("%s (%d/%d)", v.Name, s+1, v.Parallelism), 0),
				Gate:   gates[v.ID][s], Wake: wakes[v.ID][s],
				Outputs: make([][]*exchange.Output, len(v.Nodes)),
				Tables:  o.Tables, Collect: o.Collect, Staged: j.commit.stage,
				BatchRows: o.BatchRows, BufferTimeout: o.BufferTimeout, NowMillis: o.NowMillis, Until: o.until,
				Poison: o.Poison, NotResident: o.NotResident,
			}
			if splits != nil {
				c.Splits = splits
			}
			for _, e := range j.graph.Edges {
				if e.From == v.ID {
					c.Outputs[e.FromNode] = append(c.Outputs[e.FromNode], j.output(e, v, s, byID[e.To], gates[e.To], wakes[v.ID][s], o))
				}
			}
			t, err := task.New(c)
			if err != nil {
				return err
			}
			j.tasks = append(j.tasks, &deployed{vertex: v, subtask: s, task: t})
		}
	}
	return nil
}

// byParallelism returns the parallelism of each vertex.
func byParallelism(g *graph.Job) map[int]int {
	m := make(map[int]int)
	for _, v := range g.Vertices {
		m[v.ID] = v.Parallelism
	}
	return m
}

// channelInputs returns, for each channel of a gate of v, the input that it feeds. Channels are ordered by edge, then by sender;
// with Forward there is one sender.
func channelInputs(g *graph.Job, v *graph.Vertex, parallelism map[int]int) []int {
	var inputs []int
	for _, e := range g.Edges {
		if e.To != v.ID {
			continue
		}
		for range senders(e, parallelism) {
			inputs = append(inputs, e.Input)
		}
	}
	return inputs
}

// senders returns the number of subtasks that send to one subtask over an edge.
func senders(e *graph.Edge, parallelism map[int]int) int {
	if e.Partitioning.Ship == graph.Forward {
		return 1
	}
	return parallelism[e.From]
}

// output makes the sending side of an edge in one subtask of v.
func (j *Job) output(e *graph.Edge, v *graph.Vertex, subtask int, to *graph.Vertex, gates []*exchange.Gate, wake exchange.Signal, o *Options) *exchange.Output {
	parallelism := byParallelism(j.graph)
	first := 0 // Of the edge's channels in the gate.
	for _, other := range j.graph.Edges {
		if other == e {
			break
		}
		if other.To == e.To {
			first += senders(other, parallelism)
		}
	}
	targets := make([]exchange.Target, len(gates))
	for i, g := range gates {
		targets[i] = exchange.Target{Gate: g, Channel: first + subtask}
	}
	if e.Partitioning.Ship == graph.Forward {
		targets = []exchange.Target{{Gate: gates[subtask], Channel: first}}
	}
	types := v.Nodes[e.FromNode].Out
	return exchange.NewOutput(exchange.OutputConfig{
		Partitioning: e.Partitioning, Types: types, Subtask: subtask, Parallelism: v.Parallelism, MaxParallelism: to.MaxParallelism,
		Targets: targets, Wake: wake, Views: batch.NewPool(types, nil), Carrier: o.Carrier,
	})
}

// enumerate makes the enumerator of a source vertex.
func (j *Job) enumerate(v *graph.Vertex, o *Options) (*sharedSplits, error) {
	spec, ok := v.Nodes[0].Spec.(*graph.SourceSpec)
	if !ok {
		return nil, nil
	}
	src, err := o.Tables.Source(&spec.Table)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", spec.Table.Name, err)
	}
	e, err := src.Enumerator(&spec.Scan, v.Parallelism)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", spec.Table.Name, err)
	}
	s := &sharedSplits{e: e}
	j.splits = append(j.splits, s)
	return s, nil
}

func (j *Job) closeSplits() error {
	var err error
	for _, s := range j.splits {
		err = errors.Join(err, s.e.Close())
	}
	j.splits = nil
	return err
}

// sharedSplits lets the subtasks of a source share its enumerator.
type sharedSplits struct {
	mu sync.Mutex
	e  connector.Enumerator
}

// Next implements task.Splits. The lock is held over the enumerator's I/O: an enumerator is called by one goroutine at a time, and
// whoever waits here has no split and nothing else to do.
func (s *sharedSplits) Next(ctx context.Context, subtask int) ([]connector.Split, bool, <-chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.e.Next(ctx, subtask)
}

// ID returns the job's id: 32 hexadecimal digits, unique.
func (j *Job) ID() string { return j.id }

// StartMillis returns when the job was started, in milliseconds since the epoch.
func (j *Job) StartMillis() int64 { return j.startedAt.UnixMilli() }

// newID returns a random job id.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
