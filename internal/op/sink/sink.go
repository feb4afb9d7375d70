// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package sink is the operator that writes a table: it enforces NOT NULL, drops what the table does not take, and drives the
// connector's writer.
//
// Invariants:
//
//	K1. A batch that reaches the writer holds only row kinds that the sink accepts and no NULL in a NOT NULL column.
//	K2. The writer is ticked after every batch, at every flush and at least every tickEvery of processing time, so that a sink
//	    can flush and roll by time.
//	K3. Prepare is called once per barrier (Operator.Prepare) and once at the end of input; what it returns goes to
//	    Runtime.Prepared in that order.
//
// An operator belongs to its task's goroutine. Batches are released when Write returns: writers copy what they keep.
package sink

import (
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/changelog"
	"spate/schema"
)

// tickEvery is the longest time in milliseconds between two ticks of the writer.
const tickEvery flow.Millis = 100

// EndCheckpoint is the checkpoint number under which the work of the end of input is handed over: the job's own end commits it.
const EndCheckpoint int64 = -1

// enforceDrop is the value of SinkSpec.NotNullEnforce that drops rows instead of failing.
const enforceDrop = "DROP"

// Operator is the sink operator.
type Operator struct {
	op.Base
	spec    *graph.SinkSpec
	sink    connector.Sink
	job     string
	columns schema.Schema
	accepts connector.Changelog
	nested  []int // Columns with NOT NULL values below them that are enforced.

	rt     op.Runtime
	writer connector.Writer
	last   op.Operator // Lets the last row of each primary key through; nil unless asked for.
	inputs int
}

// New makes the operator that writes to s: the sink that the table's connector made. The columns that arrive are those of the
// table, then its written metadata columns.
func New(spec *graph.SinkSpec, in [][]*schema.Type, s connector.Sink, job string) (*Operator, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("sink %s takes one input, not %d", spec.Table.Name, len(in))
	}
	columns := append(append(schema.Schema{}, spec.Table.Columns...), spec.Table.Metadata...)
	if len(columns) != len(in[0]) {
		return nil, fmt.Errorf("sink %s has %d columns and gets %d", spec.Table.Name, len(columns), len(in[0]))
	}
	for _, c := range spec.NotNull {
		if c < 0 || c >= len(columns) {
			return nil, fmt.Errorf("sink %s has no column %d to be NOT NULL", spec.Table.Name, c)
		}
	}
	o := &Operator{spec: spec, sink: s, job: job, columns: columns, accepts: connector.Changelog(spec.Accepts), inputs: 1}
	o.nested = nestedColumns(columns, spec.NotNullNested)
	if o.accepts == 0 {
		o.accepts = connector.AllKinds
	}
	if spec.Materialize {
		m, err := changelog.NewMaterializer(spec.Table.PrimaryKey, spec.UpsertKey, in[0])
		if err != nil {
			return nil, fmt.Errorf("sink %s: %w", spec.Table.Name, err)
		}
		o.last = m
	}
	return o, nil
}

// Open implements op.Operator.
func (o *Operator) Open(rt op.Runtime) error {
	o.rt = rt
	w, err := o.sink.Writer(&connector.WriterContext{
		Job: o.job, Subtask: rt.Subtask(), Parallelism: rt.Parallelism(), Columns: o.columns,
		NewPool: rt.Pool, Count: rt.Count, NowMillis: func() int64 { return int64(rt.Now()) },
	})
	if err != nil {
		return fmt.Errorf("opening a writer of %s: %w", o.spec.Table.Name, err)
	}
	o.writer = w
	if o.last != nil {
		if err := o.last.Open(rt); err != nil {
			return err
		}
	}
	rt.ProcTimer(rt.Now() + tickEvery)
	return nil
}

// Process implements op.Operator.
func (o *Operator) Process(_ int, b *batch.Batch) (op.Result, error) {
	if o.last != nil {
		return o.writeOut(o.last.Process(0, b))
	}
	return op.Result{}, o.write(b)
}

// Continue implements op.Operator.
func (o *Operator) Continue() (op.Result, error) {
	if o.last == nil {
		return op.Result{}, nil
	}
	return o.writeOut(o.last.Continue())
}

// writeOut writes what the materializer let through.
func (o *Operator) writeOut(r op.Result, err error) (op.Result, error) {
	if r.Out != nil {
		if werr := o.write(r.Out); err == nil {
			err = werr
		}
		r.Out = nil
	}
	return r, err
}

// write writes the rows of b that may be written, and releases it.
func (o *Operator) write(b *batch.Batch) error {
	defer b.Release()
	keep, narrowed, err := o.admit(b)
	if err != nil {
		return err
	}
	if narrowed {
		b.SetSel(keep)
	}
	if b.Rows() == 0 {
		return nil
	}
	if err := o.writer.Write(b); err != nil {
		return fmt.Errorf("writing to %s: %w", o.spec.Table.Name, err)
	}
	return o.tick()
}

// Timer implements op.Operator.
func (o *Operator) Timer(now flow.Millis) (op.Result, error) {
	o.rt.ProcTimer(now + tickEvery)
	return op.Result{}, o.tick()
}

// Flush implements op.Operator.
func (o *Operator) Flush() (op.Result, error) { return op.Result{}, o.tick() }

// EndInput implements op.Operator.
func (o *Operator) EndInput(int) (op.Result, error) {
	o.inputs--
	if o.inputs > 0 {
		return op.Result{}, nil
	}
	return op.Result{}, o.prepare(EndCheckpoint, true)
}

// Prepare ends the epoch of a checkpoint: the task calls it at the barrier, after Flush.
func (o *Operator) Prepare(checkpoint int64) error { return o.prepare(checkpoint, false) }

// Close implements op.Operator.
func (o *Operator) Close() error {
	if o.last != nil {
		if err := o.last.Close(); err != nil {
			return err
		}
	}
	if o.writer == nil {
		return nil
	}
	w := o.writer
	o.writer = nil
	if err := w.Close(); err != nil {
		return fmt.Errorf("closing the writer of %s: %w", o.spec.Table.Name, err)
	}
	return nil
}

func (o *Operator) tick() error {
	if err := o.writer.Tick(int64(o.rt.Now())); err != nil {
		return fmt.Errorf("flushing %s: %w", o.spec.Table.Name, err)
	}
	return nil
}

func (o *Operator) prepare(checkpoint int64, end bool) error {
	work, err := o.writer.Prepare(checkpoint, end)
	if err != nil {
		return fmt.Errorf("preparing %s for checkpoint %d: %w", o.spec.Table.Name, checkpoint, err)
	}
	if len(work) > 0 {
		o.rt.Prepared(checkpoint, work)
	}
	return nil
}
