// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package op is the contract between a task and its operators.
//
// An operator is driven by one goroutine, that of its task. Each call does bounded work, makes at most one output batch and says
// whether there is more; while there is, the driver calls Continue before anything else, after it has passed the output on. So
// cancellation, barriers and fairness work inside a thousand-fold join. Operators start no goroutines, read no clocks, take no
// locks and never block; all that they need of the world comes from Runtime.
//
// Invariants:
//
//	O1. Process takes ownership of its batch, also when it returns an error, and releases it exactly once.
//	O2. While Result.More or Result.Wait was returned, only Continue is called.
//	O3. Advance(wm) is called with rising watermarks, after all rows before it; what it emits precedes the watermark downstream.
//	O4. EndInput(i) is the last call for input i; after that of the last input and its Continues, the operator's output has ended.
//	    The driver calls Advance(MaxWatermark) before the last EndInput of bounded inputs.
//	O5. Flush ends a bundle: all changes that were held back are emitted. The driver calls it before a watermark, a barrier and the
//	    end of input, and at the time asked for by Runtime.FlushAt.
package op

import (
	"spate/batch"
	"spate/connector"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/state"
	"spate/schema"
)

// Result is the outcome of one call.
type Result struct {
	Out  *batch.Batch // Owned by the driver from now on; nil when there is none. Never empty.
	More bool         // There is more to do: call Continue.
	Wait bool         // State is being fetched: call Continue after Runtime.Resident says so.
	// Mark is a watermark of the operator's own that follows Out; only watermark assigners set it.
	Mark    flow.Watermark
	HasMark bool
}

// Operator is a step of a chain.
type Operator interface {
	Open(rt Runtime) error
	Process(input int, b *batch.Batch) (Result, error)
	Advance(wm flow.Watermark) (Result, error)
	// Timer is called when a processing time that was asked for by Runtime.ProcTimer has come.
	Timer(now flow.Millis) (Result, error)
	Flush() (Result, error)
	EndInput(input int) (Result, error)
	Continue() (Result, error)
	Close() error
}

// Base is embedded by operators that do nothing on some events.
type Base struct{}

// Advance implements Operator.
func (Base) Advance(flow.Watermark) (Result, error) { return Result{}, nil }

// Timer implements Operator.
func (Base) Timer(flow.Millis) (Result, error) { return Result{}, nil }

// Flush implements Operator.
func (Base) Flush() (Result, error) { return Result{}, nil }

// EndInput implements Operator.
func (Base) EndInput(int) (Result, error) { return Result{}, nil }

// Continue implements Operator.
func (Base) Continue() (Result, error) { return Result{}, nil }

// Close implements Operator.
func (Base) Close() error { return nil }

// Runtime is what an operator may use of its task. It is implemented by package task.
type Runtime interface {
	Subtask() int
	Parallelism() int
	MaxParallelism() int
	// Env is the surroundings for compiled expressions.
	Env() *expr.Env
	// Registry is the functions.
	Registry() *expr.Registry
	// Pool makes a pool of output batches charged to the operator's budget. The task closes it.
	Pool(types []*schema.Type) *batch.Pool
	// BatchRows is the number of rows at which an operator should cut its output batches (at most batch.MaxRows).
	BatchRows() int
	// State is the operator's keyed state.
	State() *state.Store
	// Now is the processing time of the current batch, read once a batch.
	Now() flow.Millis
	// ProcTimer asks for a Timer call at or after the given processing time; earlier requests that are still to come stay.
	ProcTimer(at flow.Millis)
	// FlushAt asks for a Flush call at or after the given processing time, unless a Flush came before.
	FlushAt(at flow.Millis)
	// FlushIdle asks for a Flush call as soon as the task has no more input waiting, unless a Flush came before: a bundle may so
	// take in the fragments that an exchange makes of batches, and costs nobody any time.
	FlushIdle()
	// Prepared hands over what a sink's writer prepared: it is committed when the checkpoint completes, or at the end of a
	// bounded job.
	Prepared(checkpoint int64, work []connector.Committable)
	// Count adds to a metric of the operator, for example "numLateRecordsDropped".
	Count(metric string, n int64)
}
