// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"context"
	"errors"
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/schema"
)

// askAgain is when an enumerator that has nothing and names no wake-up is asked again, in milliseconds.
const askAgain = 100

// Splits gives out the splits of a source; it is shared by the subtasks of the source and safe for concurrent use.
type Splits interface {
	Next(ctx context.Context, subtask int) (splits []connector.Split, done bool, wake <-chan struct{}, err error)
}

// source drives the reader of one subtask: it collects rows into batches, makes the watermarks, asks for splits.
type source struct {
	name     string
	reader   connector.Reader
	splits   Splits
	subtask  int
	limit    int   // Rows of a batch.
	timeout  int64 // Milliseconds that a partial batch may wait.
	pool     *batch.Pool
	cur      *batch.Batch
	curSince int64 // When the first row of cur came.
	// fresh tells that the reader was asked since the last batch or watermark went out and since the source last slept. What is due
	// waits for that: rows that came in the meantime belong before it. One read is enough, so that nothing waits for ever.
	fresh bool

	asked   bool // The reader has no split left.
	askAt   int64
	askWake <-chan struct{}
	noMore  bool // The enumerator has no more splits.
	ended   bool

	wakeAt int64
	wake   <-chan struct{}

	mark *sourceMarks // nil: no watermark is declared.
}

// sourceMarks makes the watermarks of a source: the least over its splits of the greatest value in each.
type sourceMarks struct {
	spec     *graph.WatermarkSpec
	program  *expr.Program // nil: the source's own event time less a delay.
	values   *batch.Vector
	perSplit []splitMark
	last     flow.Watermark
	lastAt   int64 // When a periodic watermark was last due.
	idleMs   int64 // Idle timeout; 0: none.
	idle     bool  // Downstream was told.
}

type splitMark struct {
	mark   flow.Watermark
	seenAt int64 // Last activity.
	ended  bool
}

// polled is what a source came to.
type polled struct {
	frame  frame
	has    bool // frame is to be run.
	idle   bool // Downstream is to be told that the source is idle (or active again: active).
	active bool
	more   bool // Poll again at once.
	wakeAt int64
	wake   <-chan struct{}
	ended  bool
}

// poll does one bounded piece of work. hungry tells that a consumer has nothing to do.
func (s *source) poll(ctx context.Context, now int64, hungry func() bool) (polled, error) {
	if s.ended {
		return polled{ended: true}, nil
	}
	onEvent := s.mark != nil && s.mark.spec.OnEvent // A watermark directly follows its row.
	if s.fresh || onEvent || !s.readable(now) {
		if p, ok := s.dueMark(now); ok {
			return p, nil
		}
		if s.cur != nil && s.cur.Len() > 0 && s.flushDue(now, hungry) {
			return s.emit(now), nil
		}
	}
	if s.asked {
		if p, ready, err := s.ask(ctx, now); !ready || err != nil {
			return p, err
		}
	}
	if !s.readable(now) {
		select {
		case <-s.wake: // A nil channel never is ready.
		default:
			return s.sleep(now), nil
		}
	}
	return s.read(now)
}

// readable tells whether the reader may have rows at this time, as far as is known without asking it.
func (s *source) readable(now int64) bool {
	return !s.asked && s.wakeAt <= now && (s.wakeAt > 0 || s.wake == nil)
}

// sleep says until when the source has nothing to do: the reader's time, the flush of a partial batch, or the next watermark.
func (s *source) sleep(now int64) polled {
	s.fresh = false
	p := polled{wakeAt: s.wakeAt, wake: s.wake}
	if s.asked {
		p.wakeAt, p.wake = s.askAt, s.askWake
	}
	if s.cur != nil && s.cur.Len() > 0 {
		p.wakeAt = earlier(p.wakeAt, s.curSince+s.timeout)
	}
	if m := s.mark; m != nil {
		if m.spec.Interval > 0 && m.combined(now) > m.last {
			p.wakeAt = earlier(p.wakeAt, (m.tick(m.lastAt)+1)*m.spec.Interval)
		}
		if m.idleMs > 0 && !m.idle {
			p.wakeAt = earlier(p.wakeAt, m.nextIdle(now))
		}
	}
	return p
}

func earlier(a, b int64) int64 {
	if a == 0 || b < a {
		return b
	}
	return a
}

// flushDue tells whether the partial batch should go: it is full, old, or somebody waits for it. While the reader has more, a
// full batch is worth more than an early one, unless the time-out has passed.
func (s *source) flushDue(now int64, hungry func() bool) bool {
	if s.cur.Len() >= s.limit || now-s.curSince >= s.timeout || s.noMore && s.asked {
		return true
	}
	waiting := s.wakeAt > now || s.wake != nil || s.asked
	return waiting && hungry()
}

// emit hands the batch on and accounts for its watermark.
func (s *source) emit(now int64) polled {
	b := s.cur
	s.cur, s.fresh = nil, false
	return polled{frame: frame{node: 0, event: evData, phase: phDone, out: b}, has: true, active: s.wakeUp(now)}
}

// wakeUp tells whether downstream must hear that the source is active again.
func (s *source) wakeUp(int64) bool {
	if s.mark != nil && s.mark.idle {
		s.mark.idle = false
		return true
	}
	return false
}

// ask asks for splits. ready: the reader may be polled.
func (s *source) ask(ctx context.Context, now int64) (p polled, ready bool, err error) {
	if s.noMore {
		s.ended = true
		return polled{frame: frame{node: 0, event: evMark, phase: phPropagate, mark: flow.MaxWatermark}, has: true}, false, nil
	}
	if s.askAt > now {
		select {
		case <-s.askWake:
		default:
			return s.sleep(now), false, nil
		}
	}
	splits, done, wake, err := s.splits.Next(ctx, s.subtask)
	if err != nil {
		return p, false, fmt.Errorf("%s: finding splits: %w", s.name, err)
	}
	s.noMore = done
	if len(splits) == 0 {
		s.askAt, s.askWake = now+askAgain, wake
		return polled{more: done}, false, nil
	}
	if err := s.reader.AddSplits(splits); err != nil {
		return p, false, fmt.Errorf("%s: opening splits: %w", s.name, err)
	}
	s.asked, s.askAt, s.askWake = false, 0, nil
	if s.mark != nil {
		for range splits {
			s.mark.perSplit = append(s.mark.perSplit, splitMark{mark: flow.MinWatermark, seenAt: now})
		}
	}
	return p, true, nil
}

// read lets the reader add rows to the batch.
func (s *source) read(now int64) (polled, error) {
	if s.cur == nil {
		s.cur = s.pool.Get()
	}
	s.fresh = true
	before := s.cur.Len()
	limit := s.limit - before
	if s.mark != nil && s.mark.spec.OnEvent {
		limit = 1
	}
	st, err := s.reader.Next(s.cur, limit)
	if err != nil {
		return polled{}, fmt.Errorf("%s: %w", s.name, err)
	}
	if err := s.pool.Err(); err != nil {
		return polled{}, fmt.Errorf("%s: %w", s.name, err)
	}
	s.wakeAt, s.wake = 0, nil
	switch st.State {
	case connector.More:
	case connector.Wait:
		s.wakeAt, s.wake = st.WakeAt, st.Wake
		if s.wakeAt == 0 && s.wake == nil {
			s.wakeAt = now + askAgain
		}
	case connector.Starve:
		s.asked = true
	}
	rows := s.cur.Len()
	if rows > before {
		if before == 0 {
			s.curSince = now
		}
	}
	if s.mark != nil {
		if err := s.mark.observe(s.cur, before, st, now); err != nil {
			return polled{}, fmt.Errorf("%s: watermark: %w", s.name, err)
		}
		// Several live splits, or a watermark after every row: no collecting, since a batch must not straddle either.
		if rows > 0 && (s.mark.spec.OnEvent || len(s.mark.perSplit) > 1) {
			p := s.emit(now)
			s.fresh = true // Its watermark, if due, follows at once.
			return p, nil
		}
	}
	return polled{more: true}, nil
}

// dueMark returns the watermark, or idleness, that is due. A batch in the making goes first: its rows precede the watermark.
func (s *source) dueMark(now int64) (polled, bool) {
	m := s.mark
	if m == nil {
		return polled{}, false
	}
	w := m.combined(now)
	if w > m.last && w != flow.MaxWatermark && (m.spec.OnEvent || m.spec.Interval <= 0 || m.tick(now) > m.tick(m.lastAt)) {
		if s.cur != nil && s.cur.Len() > 0 {
			p := s.emit(now)
			s.fresh = true // The watermark follows at once.
			return p, true
		}
		m.last, m.lastAt, s.fresh = w, now, false
		return polled{frame: frame{node: 0, event: evMark, phase: phPropagate, mark: w}, has: true}, true
	}
	if m.idleMs > 0 && !m.idle && m.allIdle(now) && (s.cur == nil || s.cur.Len() == 0) {
		m.idle = true
		return polled{idle: true, more: true}, true
	}
	return polled{}, false
}

// tick returns the number of the watermark interval that a time lies in. Intervals are aligned to the clock, so that windows whose
// ends are multiples of the interval fire as soon as they end.
func (m *sourceMarks) tick(at int64) int64 { return at / m.spec.Interval }

// observe accounts for the rows that a read added to b from position before on.
func (m *sourceMarks) observe(b *batch.Batch, before int, st connector.Status, now int64) error {
	if m.lastAt == 0 {
		m.lastAt = now
	}
	if n := b.Len(); n > before || st.HasEventTime {
		sp := &m.perSplit[st.Split]
		sp.seenAt = now
		if m.program == nil {
			if st.HasEventTime {
				sp.mark = max(sp.mark, flow.Watermark(st.EventTime-m.spec.Delay))
			}
		} else if n > before {
			w, err := m.evaluate(b, before)
			if err != nil {
				return err
			}
			sp.mark = max(sp.mark, w)
		}
	}
	for _, i := range st.Finished {
		m.perSplit[i].ended = true
	}
	return nil
}

// evaluate returns the greatest watermark of the rows from position before on.
func (m *sourceMarks) evaluate(b *batch.Batch, before int) (flow.Watermark, error) {
	m.values.Reset()
	rows := expr.Rows{N: b.Len()}
	if before > 0 {
		sel := b.SplitBuf(b.Len())[:0]
		for i := before; i < b.Len(); i++ {
			sel = append(sel, int32(i))
		}
		rows.Sel = sel
	}
	if err := m.program.Eval(0, b, rows, m.values); err != nil {
		return 0, err
	}
	return greatest(m.values, before, b.Len(), nil), nil
}

// greatest returns the greatest valid value of a timestamp vector among positions from..to-1, or those in sel when it is not nil.
func greatest(v *batch.Vector, from, to int, sel []int32) flow.Watermark {
	w := flow.MinWatermark
	xs := batch.Values[int64](v)
	at := func(i int) flow.Watermark {
		if v.IsConst() {
			return flow.Watermark(xs[0])
		}
		return flow.Watermark(xs[i])
	}
	switch {
	case sel != nil:
		for _, i := range sel {
			if !v.IsNull(int(i)) {
				w = max(w, at(int(i)))
			}
		}
	case !v.HasNulls() && !v.IsConst():
		for _, x := range xs[from:to] {
			w = max(w, flow.Watermark(x))
		}
	default:
		for i := from; i < to; i++ {
			if !v.IsNull(i) {
				w = max(w, at(i))
			}
		}
	}
	return w
}

// combined returns the least watermark of the splits that count: neither at their end nor idle.
func (m *sourceMarks) combined(now int64) flow.Watermark {
	w, top, counts := flow.MaxWatermark, flow.MinWatermark, false
	for i := range m.perSplit {
		sp := &m.perSplit[i]
		top = max(top, sp.mark)
		if sp.ended || m.idleMs > 0 && now-sp.seenAt >= m.idleMs {
			continue
		}
		w, counts = min(w, sp.mark), true
	}
	if !counts { // All have ended: the watermark may rise to the highest of them.
		return top
	}
	return w
}

func (m *sourceMarks) allIdle(now int64) bool {
	for i := range m.perSplit {
		if sp := &m.perSplit[i]; !sp.ended && now-sp.seenAt < m.idleMs {
			return false
		}
	}
	return true
}

// nextIdle returns when the next split becomes idle.
func (m *sourceMarks) nextIdle(now int64) int64 {
	at := now + m.idleMs
	for i := range m.perSplit {
		if sp := &m.perSplit[i]; !sp.ended && sp.seenAt+m.idleMs > now {
			at = min(at, sp.seenAt+m.idleMs)
		}
	}
	return at
}

func (s *source) close() error {
	if s.cur != nil {
		s.cur.Release()
		s.cur = nil
	}
	return s.reader.Close()
}

// newSourceMarks compiles the watermark of a source.
func newSourceMarks(reg *expr.Registry, env *expr.Env, spec *graph.SourceSpec, out []*schema.Type) (*sourceMarks, error) {
	w := spec.Watermark
	if w == nil {
		return nil, nil
	}
	m := &sourceMarks{spec: w, last: flow.MinWatermark, idleMs: spec.IdleTimeout}
	if w.Expr.IsZero() {
		return m, nil
	}
	e := w.Expr.Expr
	if e.Type().Physical() != schema.PhysInt64 || !e.Type().IsTimestamp() || e.Type().Precision > 3 {
		return nil, errors.New("BUG: watermark of type " + e.Type().String())
	}
	p, err := expr.Compile(reg, env, []expr.Expr{e}, out)
	if err != nil {
		return nil, fmt.Errorf("compiling watermark: %w", err)
	}
	m.program, m.values = p, batch.NewVector(e.Type())
	return m, nil
}
