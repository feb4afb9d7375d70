// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/schema"
)

// maxSteps bounds the calls of Continue after one event: an operator that asks for more without end is at fault.
const maxSteps = 1 << 22

// Harness drives one operator as a task would and checks the contract of package op.
type Harness struct {
	Op op.Operator
	RT *Runtime
	// Emit takes each output batch, which is released after it. Nil drops them.
	Emit func(*batch.Batch)
	// Outputs and Rows count what was emitted.
	Outputs, Rows int
	out           []*schema.Type
	inputs        int
}

// NewHarness opens an operator with the given number of inputs and output types.
func NewHarness(o op.Operator, inputs int, out []*schema.Type, opt Options) (*Harness, error) {
	h := &Harness{Op: o, RT: NewRuntime(opt), out: out, inputs: inputs}
	if err := o.Open(h.RT); err != nil {
		return nil, err
	}
	return h, nil
}

// Process hands a batch to an input.
func (h *Harness) Process(input int, b *batch.Batch) error {
	if err := h.run(h.Op.Process(input, b)); err != nil || !h.RT.idle {
		return err
	}
	return h.Flush()
}

// Watermark ends the bundle and advances event time.
func (h *Harness) Watermark(wm flow.Watermark) error {
	if err := h.Flush(); err != nil {
		return err
	}
	return h.run(h.Op.Advance(wm))
}

// Flush ends the bundle.
func (h *Harness) Flush() error {
	h.RT.hasFlush, h.RT.idle = false, false
	return h.run(h.Op.Flush())
}

// Time moves processing time on to at; what was asked for on the way happens in its order.
func (h *Harness) Time(at flow.Millis) error {
	for {
		flush := h.RT.hasFlush && h.RT.flushAt <= at
		timer := len(h.RT.timers) > 0 && h.RT.timers[0] <= at
		switch {
		case flush && (!timer || h.RT.flushAt <= h.RT.timers[0]):
			h.RT.now = max(h.RT.now, h.RT.flushAt)
			if err := h.Flush(); err != nil {
				return err
			}
		case timer:
			h.RT.now = max(h.RT.now, h.RT.timers[0])
			h.RT.timers = h.RT.timers[1:]
			if err := h.run(h.Op.Timer(h.RT.now)); err != nil {
				return err
			}
		default:
			h.RT.now = max(h.RT.now, at)
			return nil
		}
	}
}

// End ends all inputs, as bounded ones end.
func (h *Harness) End() error {
	if err := h.Watermark(flow.MaxWatermark); err != nil {
		return err
	}
	for i := range h.inputs {
		if err := h.run(h.Op.EndInput(i)); err != nil {
			return err
		}
	}
	return nil
}

// Close closes operator and runtime and fails when memory was not given back.
func (h *Harness) Close() error {
	if err := h.Op.Close(); err != nil {
		return err
	}
	if n := h.RT.close(); n != 0 {
		return fmt.Errorf("%d bytes are still charged: a batch was not released", n)
	}
	return nil
}

// run passes on the outcome of a call and calls Continue as long as there is more.
func (h *Harness) run(r op.Result, err error) error {
	for range maxSteps {
		if err != nil {
			return err
		}
		if err := h.take(r); err != nil {
			return err
		}
		if err := h.RT.store.Err(); err != nil {
			return err
		}
		if !r.More && !r.Wait {
			return nil
		}
		for r.Wait && !h.RT.store.Resident() {
			continue
		}
		r, err = h.Op.Continue()
	}
	return fmt.Errorf("the operator asked for more %d times", maxSteps)
}

// take checks and passes on one output.
func (h *Harness) take(r op.Result) error {
	b := r.Out
	if b == nil {
		return nil
	}
	if err := h.check(b); err != nil {
		return err
	}
	h.Outputs++
	h.Rows += b.Rows()
	if h.Emit != nil {
		h.Emit(b)
	}
	b.Release()
	return nil
}

func (h *Harness) check(b *batch.Batch) error {
	if b.Rows() == 0 {
		return errors.New("an output batch is empty")
	}
	if b.Len() > h.RT.o.BatchRows && b.Rows() > h.RT.o.BatchRows {
		return fmt.Errorf("an output batch has %d rows, more than %d", b.Rows(), h.RT.o.BatchRows)
	}
	if b.NumCols() != len(h.out) {
		return fmt.Errorf("an output batch has %d columns instead of %d", b.NumCols(), len(h.out))
	}
	for i, t := range h.out {
		v := b.Col(i)
		if v.Len() != b.Len() {
			return fmt.Errorf("column %d has %d rows in a batch of %d", i, v.Len(), b.Len())
		}
		if v.Physical() != t.Physical() {
			return fmt.Errorf("column %d is not %v", i, t)
		}
		if v.IsConst() {
			return fmt.Errorf("column %d is constant", i)
		}
	}
	if k := b.Kinds(); k != nil && len(k) != b.Len() {
		return fmt.Errorf("%d row kinds for %d rows", len(k), b.Len())
	}
	for j, p := range b.Sel() {
		if int(p) >= b.Len() || j > 0 && p <= b.Sel()[j-1] {
			return fmt.Errorf("selection %v is not ascending below %d", b.Sel(), b.Len())
		}
	}
	return nil
}
