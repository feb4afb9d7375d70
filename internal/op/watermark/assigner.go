// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package watermark is the operator that assigns watermarks behind a source, where the source cannot make them itself: the
// time attribute is computed by operators in between, or several sources are united first.
//
// Watermarks from upstream are swallowed, except the last (the end of the input). The operator belongs to its task's goroutine.
package watermark

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// Assigner is the operator.
type Assigner struct {
	op.Base
	spec    *graph.WatermarkSpec
	in      []*schema.Type
	rt      op.Runtime
	program *expr.Program
	values  *batch.Vector
	heads   *batch.Pool

	max    flow.Watermark // Greatest value so far.
	sent   flow.Watermark
	timer  bool         // A timer for the next periodic watermark is set.
	cut    *batch.Batch // Batch that is being cut row by row, under on-event.
	cutPos []int32
	next   int
}

// New makes the operator for rows of the given types.
func New(spec *graph.WatermarkAssignerSpec, in []*schema.Type) (*Assigner, error) {
	e := spec.Watermark.Expr.Expr
	if e == nil {
		return nil, errors.New("BUG: watermark assigner without expression")
	}
	return &Assigner{spec: &spec.Watermark, in: in, max: flow.MinWatermark, sent: flow.MinWatermark}, nil
}

// Open implements op.Operator.
func (a *Assigner) Open(rt op.Runtime) error {
	a.rt = rt
	e := a.spec.Expr.Expr
	p, err := expr.Compile(rt.Registry(), rt.Env(), []expr.Expr{e}, a.in)
	if err != nil {
		return fmt.Errorf("compiling watermark: %w", err)
	}
	a.program, a.values = p, batch.NewVector(e.Type())
	a.heads = rt.Pool(a.in)
	return nil
}

// Process implements op.Operator.
func (a *Assigner) Process(_ int, b *batch.Batch) (op.Result, error) {
	a.values.Reset()
	if err := a.program.Eval(0, b, expr.Rows{N: b.Len(), Sel: b.Sel()}, a.values); err != nil {
		b.Release()
		return op.Result{}, err
	}
	if a.spec.OnEvent {
		a.cut, a.next = b, 0
		a.cutPos = a.cutPos[:0]
		if sel := b.Sel(); sel != nil {
			a.cutPos = append(a.cutPos, sel...)
		} else {
			for i := range b.Len() {
				a.cutPos = append(a.cutPos, int32(i))
			}
		}
		return a.Continue()
	}
	r := op.Result{Out: b}
	a.max = max(a.max, a.greatest(b))
	switch {
	case a.max <= a.sent:
	case a.spec.Interval <= 0:
		r.Mark, r.HasMark, a.sent = a.max, true, a.max
	case !a.timer:
		a.timer = true
		a.rt.ProcTimer(a.rt.Now() + flow.Millis(a.spec.Interval))
	}
	return r, nil
}

// Continue implements op.Operator: under on-event, one row and its watermark.
func (a *Assigner) Continue() (op.Result, error) {
	if a.cut == nil {
		return op.Result{}, nil
	}
	i := a.next
	a.next++
	last := a.next == len(a.cutPos)
	if !last {
		a.cut.Share(1)
	}
	out := a.heads.View(a.cut)
	sel := out.SelBuf(1)
	sel[0] = a.cutPos[i]
	out.SetSel(sel)
	r := op.Result{Out: out, More: !last}
	a.max = max(a.max, a.at(int(a.cutPos[i])))
	if a.max > a.sent {
		r.Mark, r.HasMark, a.sent = a.max, true, a.max
	}
	if last {
		a.cut = nil
	}
	return r, nil
}

// Timer implements op.Operator: the periodic watermark.
func (a *Assigner) Timer(flow.Millis) (op.Result, error) {
	a.timer = false
	if a.max <= a.sent {
		return op.Result{}, nil
	}
	a.sent = a.max
	return op.Result{Mark: a.max, HasMark: true}, nil
}

// Close implements op.Operator.
func (a *Assigner) Close() error {
	if a.cut != nil {
		a.cut.Release()
		a.cut = nil
	}
	return nil
}

// at returns the watermark of one row; NULL has none.
func (a *Assigner) at(row int) flow.Watermark {
	if a.values.IsNull(row) {
		return flow.MinWatermark
	}
	if a.values.IsConst() {
		row = 0
	}
	return flow.Watermark(batch.Values[int64](a.values)[row])
}

func (a *Assigner) greatest(b *batch.Batch) flow.Watermark {
	w := flow.MinWatermark
	if sel := b.Sel(); sel != nil {
		for _, i := range sel {
			w = max(w, a.at(int(i)))
		}
		return w
	}
	if !a.values.HasNulls() && !a.values.IsConst() {
		for _, x := range batch.Values[int64](a.values)[:b.Len()] {
			w = max(w, flow.Watermark(x))
		}
		return w
	}
	for i := range b.Len() {
		w = max(w, a.at(i))
	}
	return w
}
