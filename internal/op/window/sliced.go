// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"math"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/agg"
	"spate/internal/state"
	"spate/schema"
)

// sliced aggregates over windows that are made of slices. Attached windows are slices of their own: rows name the end of their
// window, and the start is part of the key.
type sliced struct {
	op.Base
	spec  *graph.WindowAggSpec
	prog  *agg.Program
	clock *clock
	in    []*schema.Type
	out   []*schema.Type

	rt      op.Runtime
	keyIdx  []int // Columns of the key: the keys, then the start of attached windows.
	types   []*schema.Type
	keys    *state.Keys
	fam     *state.Family[*agg.Tables]
	merged  *agg.Tables // Of the window that fires.
	scratch *state.Space
	merger  *agg.Merger
	now     flow.Watermark // How far event time has come.
	after   flow.Millis    // The last window that has fired.
	next    flow.Millis    // No window is due before.

	b       *batch.Batch
	parts   parts
	weights []int64
	partW   []int64
	keyCols []*batch.Vector
	ids     []int32
	part    int // The next part of the batch.

	fire   firing
	output output
}

// never is a time that does not come.
const never = flow.Millis(math.MaxInt64)

func newSliced(spec *graph.WindowAggSpec, in, out []*schema.Type) (op.Operator, error) {
	prog, err := agg.Compile(spec.Aggs, in, agg.Options{Retract: spec.Retract})
	if err != nil {
		return nil, err
	}
	c, err := newClock(&spec.Window)
	if err != nil {
		return nil, err
	}
	s := &sliced{spec: spec, prog: prog, clock: c, in: in, out: out, now: flow.MinWatermark, after: flow.MinWatermark}
	// The first watermark looks whether a restore brought windows.
	s.next = flow.MinWatermark
	if spec.Window.ProcTime {
		s.next = never
	}
	return s, nil
}

// Open implements op.Operator.
func (s *sliced) Open(rt op.Runtime) error {
	s.rt = rt
	s.keyIdx = append(s.keyIdx, s.spec.Keys...)
	if w := &s.spec.Window; w.Attached {
		s.keyIdx = append(s.keyIdx, w.StartCol)
	}
	for _, k := range s.keyIdx {
		s.types = append(s.types, s.in[k])
	}
	s.keys = state.NewKeys(s.types, false)
	declare := func(sp *state.Space) *agg.Tables {
		return s.prog.Declare(sp, state.Spec{Name: "groups", Key: s.types, Unrouted: len(s.keyIdx) - len(s.spec.Keys)})
	}
	s.fam = state.NewFamily(rt.State(), "slices", declare)
	s.scratch = rt.State().ScratchSpace()
	s.merged = declare(s.scratch)
	s.merger = s.prog.NewMerger(s.types)
	s.output.init(s, rt)
	return nil
}

// Process implements op.Operator.
func (s *sliced) Process(_ int, b *batch.Batch) (op.Result, error) {
	s.b = b
	n := b.Rows()
	if n == 0 {
		s.release()
		return op.Result{}, nil
	}
	if err := s.assign(b); err != nil {
		s.release()
		return op.Result{}, err
	}
	s.weights = nil
	if s.spec.Retract && b.Kinds() != nil {
		s.partW = s.partW[:0]
		for _, at := range s.parts.rows {
			s.partW = append(s.partW, int64(b.Kind(int(at)).Weight()))
		}
		s.weights = s.partW
	}
	s.keyCols = s.keyCols[:0]
	for _, k := range s.keyIdx {
		s.keyCols = append(s.keyCols, b.Col(k))
	}
	s.keys.Load(s.keyCols, s.parts.rows, len(s.parts.rows))
	s.ids = sized(s.ids, len(s.parts.rows))
	s.part = 0
	return s.Continue()
}

// Continue implements op.Operator.
func (s *sliced) Continue() (op.Result, error) {
	if s.b != nil {
		return s.update()
	}
	return s.step()
}

// update feeds the parts of the batch to their slices.
func (s *sliced) update() (op.Result, error) {
	for ; s.part < len(s.parts.list); s.part++ {
		p := &s.parts.list[s.part]
		tabs := s.fam.Get(int64(p.slice))
		fresh, ok := tabs.Root.UpsertPart(s.keys, p.lo, p.hi, s.ids)
		if !ok {
			return op.Result{Wait: true}, nil
		}
		s.prog.InitAt(tabs, s.ids, fresh)
		tabs.Root.TouchAll(s.ids[p.lo:p.hi])
		var w []int64
		if s.weights != nil {
			w = s.weights[p.lo:p.hi]
		}
		if err := s.prog.Update(tabs, s.b.Cols(), s.ids[p.lo:p.hi], s.parts.rows[p.lo:p.hi], w); err != nil {
			return op.Result{}, err
		}
		s.schedule(p.slice)
	}
	s.release()
	return op.Result{}, nil
}

func (s *sliced) release() {
	if s.b != nil {
		s.b.Release()
		s.b = nil
	}
}

// upcoming returns the first window of a slice that has not fired, and whether there is one.
func (s *sliced) upcoming(slice flow.Millis) (flow.Millis, bool) {
	if s.spec.Window.Attached {
		return slice, slice > s.after && s.clock.due(slice) > s.now
	}
	sl := &s.clock.slices
	last := sl.Last(slice)
	w := sl.First(slice)
	if s.after > flow.MinWatermark {
		w = sl.Ahead(w, s.after+1)
	}
	if s.now > flow.MinWatermark && s.now < flow.MaxWatermark {
		// What ends well before the local time of now has fired; the last hours are looked at one by one, for clocks may be moved.
		w = sl.Ahead(w, s.clock.zone.Local(s.now)-s.clock.slack())
	}
	for w <= last && s.clock.due(w) <= s.now {
		w = sl.Next(w)
	}
	return w, w <= last
}

// schedule makes sure that the next window of a slice is looked at in time.
func (s *sliced) schedule(slice flow.Millis) {
	w, ok := s.upcoming(slice)
	if !ok {
		return
	}
	if at := s.clock.due(w); at < s.next {
		s.next = at
		if s.spec.Window.ProcTime {
			s.rt.ProcTimer(at)
		}
	}
}

// Advance implements op.Operator.
func (s *sliced) Advance(wm flow.Watermark) (op.Result, error) {
	if s.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	return s.reach(wm)
}

// Timer implements op.Operator.
func (s *sliced) Timer(now flow.Millis) (op.Result, error) {
	if !s.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	return s.reach(now)
}

// reach fires the windows that are due at a time.
func (s *sliced) reach(at flow.Millis) (op.Result, error) {
	if at < s.next {
		s.pass(at)
		return op.Result{}, nil
	}
	s.fire.until = at
	return s.step()
}

// pass notes that all windows up to a time have fired.
func (s *sliced) pass(at flow.Millis) {
	if !s.spec.Window.ProcTime {
		s.now = max(s.now, at)
	}
}

// Close implements op.Operator.
func (s *sliced) Close() error {
	s.release()
	s.output.close()
	return nil
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, 64))
	}
	return s[:n]
}
