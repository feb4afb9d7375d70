// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"spate/batch"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/agg"
	"spate/internal/state"
	"spate/schema"
)

// session aggregates over sessions: rows of a key that are at most the gap apart.
type session struct {
	op.Base
	sessions
	spec *graph.WindowAggSpec
	prog *agg.Program
	in   []*schema.Type
	out  []*schema.Type
	tabs *agg.Tables // The sessions.

	b       *batch.Batch
	looked  bool // The keys of the batch are found.
	rows    []int32
	next    int     // The first row that has no session yet.
	runIDs  []int32 // Sessions of the rows of a run.
	runRows []int32
	runW    []int64
	signed  bool // Rows may be taken away.

	until  flow.Millis
	output sessionOutput
}

func newSession(spec *graph.WindowAggSpec, in, out []*schema.Type) (op.Operator, error) {
	prog, err := agg.Compile(spec.Aggs, in, agg.Options{Retract: spec.Retract, Owners: true})
	if err != nil {
		return nil, err
	}
	c, err := newClock(&spec.Window)
	if err != nil {
		return nil, err
	}
	s := &session{spec: spec, prog: prog, in: in, out: out}
	s.clock, s.gap = c, flow.Millis(spec.Window.Size)
	return s, nil
}

// Open implements op.Operator.
func (s *session) Open(rt op.Runtime) error {
	s.keyTable(rt, s.in, s.spec.Keys)
	s.tabs = s.prog.Declare(&rt.State().Space, state.Spec{Name: "sessions", Owner: s.keys, List: true, Fields: sessionFields()})
	s.sessionTable(s.tabs.Root)
	s.merge = func(dst, src int32) {
		s.prog.MergeOwned(s.tabs, dst, s.tabs, src)
		s.prog.DeleteOwned(s.tabs, src)
	}
	s.output.init(s, rt)
	return nil
}

// Process implements op.Operator.
func (s *session) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	s.b = b
	if s.rows = b.Sel(); s.rows == nil {
		s.rows = identity(b.Len())
	}
	s.signed = s.spec.Retract && b.Kinds() != nil
	s.next, s.looked = 0, false
	if err := s.load(b, s.rows); err != nil {
		s.release()
		return op.Result{}, err
	}
	return s.Continue()
}

// Continue implements op.Operator.
func (s *session) Continue() (op.Result, error) {
	if s.b == nil {
		return s.step()
	}
	if !s.looked && !s.lookup() {
		return op.Result{Wait: true}, nil
	}
	s.looked = true
	for s.next < len(s.rows) {
		w := s.run()
		if err := s.prog.Update(s.tabs, s.b.Cols(), s.runIDs, s.runRows, w); err != nil {
			return op.Result{}, err
		}
	}
	s.done()
	s.release()
	return op.Result{}, nil
}

func (s *session) release() {
	if s.b != nil {
		s.b.Release()
		s.b = nil
	}
}

// run finds the sessions of a run of rows, up to one that takes sessions together: these may hold rows of the run that are not added
// up yet. It returns the weights of the rows.
func (s *session) run() []int64 {
	s.runIDs, s.runRows, s.runW, s.fresh = s.runIDs[:0], s.runRows[:0], s.runW[:0], s.fresh[:0]
	for s.next < len(s.rows) {
		id, merges := s.place(s.next, len(s.runIDs) > 0)
		if merges {
			break
		}
		at := s.rows[s.next]
		s.next++
		if id < 0 {
			continue
		}
		s.runIDs, s.runRows = append(s.runIDs, id), append(s.runRows, at)
		if s.signed {
			s.runW = append(s.runW, int64(s.b.Kind(int(at)).Weight()))
		}
	}
	s.prog.Init(s.tabs, s.fresh)
	s.table.TouchAll(s.runIDs)
	if !s.signed {
		return nil
	}
	return s.runW
}

// Advance implements op.Operator.
func (s *session) Advance(wm flow.Watermark) (op.Result, error) {
	if s.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	s.until = wm
	return s.step()
}

// Timer implements op.Operator.
func (s *session) Timer(now flow.Millis) (op.Result, error) {
	if !s.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	s.until = now
	return s.step()
}

// step fires sessions that are over.
func (s *session) step() (op.Result, error) {
	for {
		if s.output.full() {
			return op.Result{Out: s.output.take(), More: true}, nil
		}
		id, end := s.pop(s.until)
		if id < 0 {
			break
		}
		s.output.add(id, end)
	}
	s.output.drain()
	s.pass(s.until)
	return op.Result{Out: s.output.take()}, nil
}

// Close implements op.Operator.
func (s *session) Close() error {
	s.release()
	s.output.close()
	return nil
}

// sessionOutput collects the results of sessions. The timer of a session that is taken in was cleared; its end is kept here.
type sessionOutput struct {
	s      *session
	pool   *batch.Pool
	cut    int
	cur    *batch.Batch
	rows   int
	cols   []*batch.Vector
	ids    []int32
	ends   []flow.Millis
	owners []int32
	staged []uint64
}

func (o *sessionOutput) init(s *session, rt op.Runtime) {
	o.s, o.pool, o.cut = s, rt.Pool(s.out), rt.BatchRows()
}

// full tells whether the output batch has all the rows that it may have; they are decoded then.
func (o *sessionOutput) full() bool {
	if o.rows+len(o.ids) < o.cut {
		return false
	}
	o.drain()
	return true
}

// add takes in a session that fires.
func (o *sessionOutput) add(id int32, end flow.Millis) {
	s := o.s
	s.table.Touch(id)
	if s.spec.Retract && s.prog.RowCount(s.table.Row(id)) == 0 {
		o.remove(id)
		return
	}
	o.ids, o.ends = append(o.ids, id), append(o.ends, end)
	if len(o.ids) == stageRows {
		o.drain()
	}
}

// drain decodes the sessions that were taken in and removes them.
func (o *sessionOutput) drain() {
	n := len(o.ids)
	if n == 0 {
		return
	}
	s, t := o.s, o.s.table
	if o.cur == nil {
		o.cur = o.pool.Get()
		o.cols = o.cols[:0]
		for i := range s.out {
			o.cols = append(o.cols, o.cur.Own(i))
		}
	}
	s.prog.Finish(s.tabs, o.ids)
	keys, results := len(s.spec.Keys), s.prog.NumResults()
	o.owners = o.owners[:0]
	for _, id := range o.ids {
		o.owners = append(o.owners, t.OwnerOf(id))
	}
	o.staged = sized(o.staged, stageRows*max(s.keys.Width(), t.Width()))
	s.keys.Copy(o.owners, o.staged)
	s.keys.AppendKeys(o.staged, n, o.cols[:keys])
	t.Copy(o.ids, o.staged)
	s.prog.AppendResults(s.tabs, o.staged, n, o.cols[keys:keys+results])
	for k, id := range o.ids {
		s.clock.props(s.spec.Props, s.startOf(id), o.ends[k], 1, o.cols[keys+results:])
	}
	for _, id := range o.ids {
		o.remove(id)
	}
	o.rows += n
	o.ids, o.ends = o.ids[:0], o.ends[:0]
}

func (o *sessionOutput) remove(id int32) {
	o.s.prog.DeleteOwned(o.s.tabs, id)
	o.s.remove(id)
}

// take returns the output batch, or nil when it has no rows.
func (o *sessionOutput) take() *batch.Batch {
	b := o.cur
	if b == nil {
		return nil
	}
	b.SetLen(o.rows)
	o.cur, o.rows = nil, 0
	return b
}

func (o *sessionOutput) close() {
	if o.cur != nil {
		o.cur.Release()
		o.cur = nil
	}
}
