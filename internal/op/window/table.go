// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"spate/batch"
	"spate/internal/col/gather"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// nullDropped is Flink's metric of rows without a time.
const nullDropped = "numNullRowTimeRecordsDropped"

// windowProps are the columns that a windowing table function appends.
var windowProps = []graph.WindowProp{graph.WindowStart, graph.WindowEnd, graph.WindowTime}

// NewTable makes the operator of a windowing table function. Output columns: those of the input, then the start, the end and the time
// of the window.
func NewTable(spec *graph.WindowTableSpec, in, out []*schema.Type) (op.Operator, error) {
	c, err := newClock(&spec.Window)
	if err != nil {
		return nil, err
	}
	if spec.Window.Kind == graph.Session {
		return newSessionTable(spec, c, in, out), nil
	}
	return &table{clock: c, in: in, out: out}, nil
}

// table appends their windows to rows, once per window of a row. It has no state.
type table struct {
	op.Base
	clock *clock
	in    []*schema.Type
	out   []*schema.Type

	rt    op.Runtime
	pool  *batch.Pool
	cut   int
	b     *batch.Batch
	rows  []int32
	kept  []int32
	times []flow.Millis
	next  int         // The row that comes next,
	after flow.Millis // and its window that was emitted last, when begun is set.
	begun bool
	pos   []int32
	ends  []flow.Millis
}

// Open implements op.Operator.
func (t *table) Open(rt op.Runtime) error {
	t.rt, t.pool, t.cut = rt, rt.Pool(t.out), rt.BatchRows()
	return nil
}

// Process implements op.Operator.
func (t *table) Process(_ int, b *batch.Batch) (op.Result, error) {
	t.b = b
	if t.rows = b.Sel(); t.rows == nil {
		t.rows = identity(b.Len())
	}
	t.rows, t.kept = dropNulls(t.rt, t.clock, b, t.rows, t.kept)
	t.times = sized(t.times, len(t.rows))
	if err := t.clock.times(b, t.rows, t.rt.Now(), t.times); err != nil {
		t.release()
		return op.Result{}, err
	}
	t.next, t.begun = 0, false
	return t.Continue()
}

// dropNulls returns the rows that have a time, and the buffer that it may have used for them.
func dropNulls(rt op.Runtime, c *clock, b *batch.Batch, rows, buf []int32) (kept, newBuf []int32) {
	if c.spec.ProcTime || !hasNull(b.Col(c.spec.TimeCol), rows) {
		return rows, buf
	}
	v := b.Col(c.spec.TimeCol)
	buf = buf[:0]
	for _, at := range rows {
		if !v.IsNull(int(at)) {
			buf = append(buf, at)
		}
	}
	rt.Count(nullDropped, int64(len(rows)-len(buf)))
	return buf, buf
}

// Continue implements op.Operator.
func (t *table) Continue() (op.Result, error) {
	t.collect()
	var out *batch.Batch
	if len(t.pos) > 0 {
		out = t.pool.Get()
		for c := range t.in {
			gather.Append(out.Own(c), t.b.Col(c), t.pos)
		}
		t.appendWindows(out)
		out.SetLen(len(t.pos))
		if kinds := t.b.Kinds(); kinds != nil {
			to := out.MakeKinds(len(t.pos))
			for k, at := range t.pos {
				to[k] = kinds[at]
			}
		}
	}
	more := t.next < len(t.rows)
	if !more {
		t.release()
	}
	return op.Result{Out: out, More: more}, nil
}

func (t *table) release() {
	if t.b != nil {
		t.b.Release()
		t.b = nil
	}
}

// collect lists positions and windows of the next output batch. Windows of a row come in Flink's order: hopping ones from the last
// to the first, cumulating ones from the first to the last.
func (t *table) collect() {
	t.pos, t.ends = t.pos[:0], t.ends[:0]
	sl := &t.clock.slices
	for ; t.next < len(t.rows); t.next, t.begun = t.next+1, false {
		slice := sl.Of(t.times[t.next])
		first, last := sl.First(slice), sl.Last(slice)
		step := sl.Next(first) - first
		w := last
		if sl.Cumulative() {
			w = first
		} else {
			step = -step
		}
		if t.begun {
			w = t.after + step
		}
		for ; w >= first && w <= last; w += step {
			if len(t.pos) == t.cut {
				return
			}
			t.pos, t.ends = append(t.pos, t.rows[t.next]), append(t.ends, w)
			t.after, t.begun = w, true
		}
	}
}

// appendWindows appends the window columns, a run of equal windows at a time.
func (t *table) appendWindows(out *batch.Batch) {
	into := make([]*batch.Vector, 0, len(windowProps))
	for i := range windowProps {
		into = append(into, out.Own(len(t.in)+i))
	}
	for lo := 0; lo < len(t.ends); {
		hi := lo + 1
		for hi < len(t.ends) && t.ends[hi] == t.ends[lo] {
			hi++
		}
		t.clock.props(windowProps, t.clock.slices.Start(t.ends[lo]), t.ends[lo], hi-lo, into)
		lo = hi
	}
}

// Close implements op.Operator.
func (t *table) Close() error {
	t.release()
	return nil
}
