// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"sync"

	"spate/batch"
	"spate/connector"
)

// stateVersion is the version of a split's encoding.
const stateVersion = 1

// splitState is a split in a checkpoint.
type splitState struct {
	Version int   `json:"v"`
	Index   int64 `json:"index"`
	Of      int64 `json:"of"`
	Done    int64 `json:"done"`
	Max     int64 `json:"max"`
}

func encodeSplit(c *cursor) (connector.Split, error) {
	state, err := json.Marshal(splitState{Version: stateVersion, Index: c.index, Of: c.of, Done: c.done, Max: c.max})
	return connector.Split{ID: strconv.FormatInt(c.index, 10) + "/" + strconv.FormatInt(c.of, 10), State: state}, err
}

func decodeSplit(s connector.Split) (*cursor, error) {
	var st splitState
	if err := json.Unmarshal(s.State, &st); err != nil {
		return nil, fmt.Errorf("reading split %s: %w", s.ID, err)
	}
	if st.Version != stateVersion {
		return nil, fmt.Errorf("reading split %s: version %d is not known", s.ID, st.Version)
	}
	if st.Of < 1 || st.Index < 0 || st.Index >= st.Of || st.Done < 0 || st.Max < -1 {
		return nil, fmt.Errorf("reading split %s: no valid state: %s", s.ID, s.State)
	}
	return &cursor{index: st.Index, of: st.Of, done: st.Done, max: st.Max}, nil
}

// enumerator gives split i to subtask i at first; splits that come back go to whoever asks.
type enumerator struct {
	mu      sync.Mutex
	initial []connector.Split // By subtask; the zero Split was given out.
	back    []connector.Split
}

// Enumerator implements connector.Source.
func (*source) Enumerator(_ *connector.Scan, parallelism int) (connector.Enumerator, error) {
	e := &enumerator{}
	for i := range parallelism {
		split, err := encodeSplit(&cursor{index: int64(i), of: int64(parallelism), max: -1})
		if err != nil {
			return nil, err
		}
		e.initial = append(e.initial, split)
	}
	return e, nil
}

// Next implements connector.Enumerator.
func (e *enumerator) Next(_ context.Context, subtask int) ([]connector.Split, bool, <-chan struct{}, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []connector.Split
	if subtask < len(e.initial) && e.initial[subtask].ID != "" {
		out = append(out, e.initial[subtask])
		e.initial[subtask] = connector.Split{}
	}
	if len(out) == 0 && len(e.back) > 0 {
		out = append(out, e.back[0])
		e.back = e.back[1:]
	}
	return out, len(e.back) == 0, nil, nil
}

// Return implements connector.Enumerator.
func (e *enumerator) Return(splits []connector.Split) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.back = append(e.back, splits...)
}

// Snapshot implements connector.Enumerator: the splits that nobody has.
func (e *enumerator) Snapshot() ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	open := append([]connector.Split{}, e.back...)
	for _, s := range e.initial {
		if s.ID != "" {
			open = append(open, s)
		}
	}
	return json.Marshal(open)
}

// Restore implements connector.Enumerator.
func (e *enumerator) Restore(state []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var open []connector.Split
	if err := json.Unmarshal(state, &open); err != nil {
		return fmt.Errorf("restoring the splits of a nexmark source: %w", err)
	}
	e.initial, e.back = nil, open
	return nil
}

// Close implements connector.Enumerator.
func (*enumerator) Close() error { return nil }

// reader makes the events of its splits, always from the one that is furthest behind.
type reader struct {
	*layout
	gen       *generator
	withTime  bool
	now       func() int64
	count     func(metric string, n int64)
	splits    []*cursor // By order of AddSplits; nil when finished.
	started   bool
	startedAt int64 // Clock that event time base-time corresponds to, when events are paced.
}

// Reader implements connector.Source.
func (s *source) Reader(scan *connector.Scan, rt *connector.ReaderContext) (connector.Reader, error) {
	l, err := s.layout(scan)
	if err != nil {
		return nil, err
	}
	r := &reader{layout: l, gen: newGenerator(&s.config), withTime: scan.WatermarkDelay != nil, now: rt.NowMillis, count: rt.Count}
	r.gen.prepare(l.need)
	return r, nil
}

// AddSplits implements connector.Reader.
func (r *reader) AddSplits(splits []connector.Split) error {
	for _, s := range splits {
		c, err := decodeSplit(s)
		if err != nil {
			return err
		}
		r.splits = append(r.splits, c)
	}
	return nil
}

// behind returns the split whose position is the least, or -1.
func (r *reader) behind() int {
	at := -1
	for i, c := range r.splits {
		if c != nil && (at < 0 || c.position() < r.splits[at].position()) {
			at = i
		}
	}
	return at
}

// Next implements connector.Reader.
func (r *reader) Next(b *batch.Batch, limit int) (connector.Status, error) {
	at := r.behind()
	if at < 0 {
		return connector.Status{State: connector.Starve}, nil
	}
	c, g := r.splits[at], r.gen
	st := connector.Status{Split: at}
	until := int64(math.MaxInt64)
	if g.events > 0 {
		until = g.events
	}
	if c.position() >= until {
		r.eventTime(&st, c)
		if g.keepAlive {
			st.State = connector.Wait
			return st, nil
		}
		r.splits[at] = nil
		st.Finished = []int{at}
		return st, nil
	}
	if !g.maxSpeed {
		due := r.pace(c)
		if due.wakeAt != 0 {
			r.eventTime(&st, c)
			st.State, st.WakeAt = connector.Wait, due.wakeAt
			return st, nil
		}
		until = min(until, due.until)
	}
	before := c.done
	g.collect(c, b.Len(), min(limit, max(r.limit-b.Len(), 1)), until, r.mask)
	if filtered := c.done - before - int64(g.rows-g.base); filtered > 0 && r.count != nil {
		r.count("numRecordsFiltered", filtered)
	}
	r.fill(b)
	r.eventTime(&st, c)
	return st, nil
}

func (r *reader) eventTime(st *connector.Status, c *cursor) {
	if r.withTime && c.max >= 0 {
		st.EventTime, st.HasEventTime = r.gen.time(c.max), true
	}
}

// due says up to which position events have come by now, or when the next one comes.
type due struct {
	until  int64
	wakeAt int64
}

// pace starts the clock at the first event (also after a restore: nothing is caught up on), or at base-time when that lies ahead, and
// compares.
func (r *reader) pace(c *cursor) due {
	g, now, at := r.gen, r.now(), c.position()
	offset := g.time(at) - g.baseTime
	if !r.started {
		r.started, r.startedAt = true, max(now-offset, g.baseTime)
	}
	if elapsed := now - r.startedAt; offset <= elapsed {
		// The events with time <= elapsed: position * 1000 / rate <= elapsed.
		if elapsed >= math.MaxInt64/g.rate-1 {
			return due{until: math.MaxInt64}
		}
		return due{until: ((elapsed+1)*g.rate + 999) / 1000}
	}
	return due{wakeAt: r.startedAt + offset}
}

// fill writes all columns for the collected rows.
func (r *reader) fill(b *batch.Batch) {
	g := r.gen
	if g.rows == g.base {
		return
	}
	if r.need&needKeys != 0 {
		g.makeKeys()
	}
	if r.need&needPages != 0 && g.ofKind[bid] > 0 {
		g.makePages()
	}
	for i := range r.targets {
		t := &r.targets[i]
		v := t.vector(b)
		switch {
		case t.kind < 0:
			g.eventType(v)
		case g.ofKind[t.kind] == 0:
			g.allNull(v)
		default:
			t.field.fill(g, v)
			r.setValid(v, t.kind)
		}
	}
	for i := range r.rows {
		v := r.rows[i].vector(b)
		v.ResizeRows(g.rows)
		r.setValid(v, r.rows[i].kind)
	}
	b.SetLen(g.rows)
}

// setValid makes the rows of other kinds NULL.
func (r *reader) setValid(v *batch.Vector, kind int) {
	if r.gen.ofKind[kind] < r.gen.rows-r.gen.base {
		r.gen.clearOthers(v, kind)
	}
}

// allNull makes every new row of the column NULL.
func (g *generator) allNull(v *batch.Vector) {
	if v.Type().IsString() {
		end := len(v.Data())
		off, _ := v.ResizeBytes(g.rows, end)
		for i := g.base; i < g.rows; i++ {
			off[i+1] = int32(end)
		}
	} else {
		batch.Resize[int64](v, g.rows)
	}
	clearBits(v.MakeValid(), g.base, g.rows)
}

// Snapshot implements connector.Reader.
func (r *reader) Snapshot() ([]connector.Split, error) {
	var out []connector.Split
	for _, c := range r.splits {
		if c == nil {
			continue
		}
		s, err := encodeSplit(c)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Close implements connector.Reader.
func (*reader) Close() error { return nil }
