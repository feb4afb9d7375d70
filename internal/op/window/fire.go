// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"spate/batch"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/op/agg"
)

// firePhase is where the firing of windows stands between two calls.
type firePhase uint8

const (
	fireNext firePhase = iota
	fireMerge
	fireEmit
)

// firing is the state of a run over the windows that are due.
type firing struct {
	until  flow.Millis
	phase  firePhase
	window flow.Millis
	tabs   *agg.Tables   // The groups of the window.
	merge  []flow.Millis // Slices that are to be merged into tabs,
	merged int           // and how many of them are.
	drop   flow.Millis   // The slice that goes when the merge of it is through; late: none.
	busy   bool          // A merge is under way.
	at     int32         // The next group to be emitted.
}

// step goes on with firing until there is an output batch or nothing more to do.
func (s *sliced) step() (op.Result, error) {
	f := &s.fire
	for {
		switch f.phase {
		case fireNext:
			if !s.begin() {
				s.pass(f.until)
				s.next = never
				if names := s.fam.Names(); len(names) > 0 {
					s.schedule(flow.Millis(names[0]))
				}
				return op.Result{Out: s.output.take()}, nil
			}
			f.phase, f.at = fireMerge, 0
		case fireMerge:
			if !f.busy {
				if f.merged == len(f.merge) {
					f.phase = fireEmit
					continue
				}
				from, _ := s.fam.Find(int64(f.merge[f.merged]))
				s.merger.Start(f.tabs, from)
				f.busy = true
			}
			if !s.merger.Step() {
				return op.Result{More: true}, nil
			}
			f.busy = false
			f.merged++
		case fireEmit:
			full, through := s.output.groups(f.tabs, &f.at, f.window)
			if through {
				s.end()
				f.phase = fireNext
			}
			if full {
				return op.Result{Out: s.output.take(), More: true}, nil
			}
		}
	}
}

// begin finds the next window that is due and the groups of it.
func (s *sliced) begin() bool {
	f := &s.fire
	for {
		names := s.fam.Names()
		if len(names) == 0 {
			return false
		}
		first := flow.Millis(names[0])
		w, ok := s.upcoming(first)
		if !ok {
			// Nothing is left to fire for the slice.
			s.fam.Drop(int64(first))
			continue
		}
		if s.clock.due(w) > f.until {
			return false
		}
		f.window, f.merge, f.merged, f.drop = w, f.merge[:0], 0, late
		s.gather(w, names)
		return true
	}
}

// gather decides which groups are those of a window: the ones of a single slice, or a merge of several.
func (s *sliced) gather(w flow.Millis, names []int64) {
	f := &s.fire
	sl := &s.clock.slices
	switch {
	case s.spec.Window.Attached:
		f.tabs = s.fam.Get(int64(w))
	case sl.Cumulative():
		first := sl.FirstSlice(w)
		if _, ok := s.fam.Find(int64(w)); ok && w != first {
			f.merge, f.drop = append(f.merge, w), w
		}
		f.tabs = s.fam.Get(int64(first))
	default:
		for _, n := range names {
			if flow.Millis(n) > w {
				break
			}
			f.merge = append(f.merge, flow.Millis(n))
		}
		if len(f.merge) == 1 {
			f.tabs = s.fam.Get(int64(f.merge[0]))
			f.merge = f.merge[:0]
			return
		}
		s.scratch.Reset()
		f.tabs = s.merged
	}
}

// end drops the slices that no window needs any more.
func (s *sliced) end() {
	f := &s.fire
	s.after = f.window
	if f.drop != late {
		s.fam.Drop(int64(f.drop))
	}
	for {
		names := s.fam.Names()
		if len(names) == 0 {
			return
		}
		first := flow.Millis(names[0])
		last := first
		if !s.spec.Window.Attached {
			last = s.clock.slices.Last(first)
		}
		if last > f.window {
			return
		}
		s.fam.Drop(int64(first))
	}
}

// output collects the results of windows.
type output struct {
	s       *sliced
	pool    *batch.Pool
	cut     int
	cur     *batch.Batch
	rows    int
	cols    []*batch.Vector
	staged  []uint64
	ids     []int32
	keyCols []*batch.Vector
	starts  *batch.Vector // Of attached windows: the start of each group's window.
}

// stageRows is the number of groups that are decoded at once.
const stageRows = 256

func (o *output) init(s *sliced, rt op.Runtime) {
	o.s, o.pool, o.cut = s, rt.Pool(s.out), rt.BatchRows()
	if s.spec.Window.Attached {
		o.starts = batch.NewVector(s.in[s.spec.Window.StartCol])
	}
}

// groups appends the results of groups from id at on. It returns whether the batch is full, and whether the groups are through.
func (o *output) groups(t *agg.Tables, at *int32, window flow.Millis) (full, through bool) {
	s := o.s
	root := t.Root
	for {
		o.ids = o.ids[:0]
		room := min(stageRows, o.cut-o.rows)
		id := root.Walk(*at)
		for ; id >= 0 && len(o.ids) < room; id = root.Walk(id + 1) {
			*at = id + 1
			if s.spec.Retract && s.prog.RowCount(root.Row(id)) == 0 {
				continue
			}
			o.ids = append(o.ids, id)
		}
		if n := len(o.ids); n > 0 {
			o.append(t, window)
		}
		if id < 0 {
			return o.rows >= o.cut, true
		}
		if o.rows >= o.cut {
			return true, false
		}
	}
}

// append decodes the groups in ids.
func (o *output) append(t *agg.Tables, window flow.Millis) {
	s, n := o.s, len(o.ids)
	if o.cur == nil {
		o.cur = o.pool.Get()
		o.cols = o.cols[:0]
		for i := range s.out {
			o.cols = append(o.cols, o.cur.Own(i))
		}
	}
	s.prog.Finish(t, o.ids)
	w := t.Root.Width()
	o.staged = sized(o.staged, stageRows*w)[:n*w]
	t.Root.Copy(o.ids, o.staged)
	keys := len(s.spec.Keys)
	rest := o.cols[keys:]
	props := rest[s.prog.NumResults():]
	if s.spec.Window.Attached {
		o.starts.Reset()
		o.keyCols = append(append(o.keyCols[:0], o.cols[:keys]...), o.starts)
		t.Root.AppendKeys(o.staged, n, o.keyCols)
		starts := batch.Values[int64](o.starts)
		for k := range n {
			s.clock.props(s.spec.Props, o.start(starts[k]), window, 1, props)
		}
	} else {
		t.Root.AppendKeys(o.staged, n, o.cols[:keys])
		s.clock.props(s.spec.Props, s.clock.slices.Start(window), window, n, props)
	}
	s.prog.AppendResults(t, o.staged, n, rest[:s.prog.NumResults()])
	o.rows += n
}

// start returns a start that was read from a column, in milliseconds.
func (o *output) start(x int64) flow.Millis {
	if o.starts.Type().Precision > 3 {
		x /= 1000
	}
	return flow.Millis(x)
}

// take returns the output batch, or nil when it has no rows.
func (o *output) take() *batch.Batch {
	b := o.cur
	if b == nil {
		return nil
	}
	b.SetLen(o.rows)
	o.cur, o.rows = nil, 0
	return b
}

func (o *output) close() {
	if o.cur != nil {
		o.cur.Release()
		o.cur = nil
	}
}
