// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package datagen

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

const stateVersion = 1

// split is rows index, index+of, index+2*of, ... of which done were made.
type split struct {
	Version int   `json:"v"`
	Index   int64 `json:"index"`
	Of      int64 `json:"of"`
	Done    int64 `json:"done"`
}

func (s *split) row() int64 { return s.Index + s.Done*s.Of }

func (s *split) encode() (connector.Split, error) {
	state, err := json.Marshal(s)
	return connector.Split{ID: strconv.FormatInt(s.Index, 10) + "/" + strconv.FormatInt(s.Of, 10), State: state}, err
}

func decode(c connector.Split) (*split, error) {
	s := &split{}
	if err := json.Unmarshal(c.State, s); err != nil {
		return nil, fmt.Errorf("reading split %s: %w", c.ID, err)
	}
	if s.Version != stateVersion || s.Of < 1 || s.Index < 0 || s.Index >= s.Of || s.Done < 0 {
		return nil, fmt.Errorf("reading split %s: no valid state: %s", c.ID, c.State)
	}
	return s, nil
}

// enumerator gives every subtask the split of its number, and those that came back to whoever asks.
type enumerator struct {
	mu   sync.Mutex
	mine []connector.Split // By subtask; the zero Split was given out.
	back []connector.Split
}

// Enumerator implements connector.Source.
func (*source) Enumerator(_ *connector.Scan, parallelism int) (connector.Enumerator, error) {
	e := &enumerator{}
	for i := range parallelism {
		c, err := (&split{Version: stateVersion, Index: int64(i), Of: int64(parallelism)}).encode()
		if err != nil {
			return nil, err
		}
		e.mine = append(e.mine, c)
	}
	return e, nil
}

// Next implements connector.Enumerator.
func (e *enumerator) Next(_ context.Context, subtask int) ([]connector.Split, bool, <-chan struct{}, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []connector.Split
	if subtask < len(e.mine) && e.mine[subtask].ID != "" {
		out = append(out, e.mine[subtask])
		e.mine[subtask] = connector.Split{}
	} else if len(e.back) > 0 {
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

// Snapshot implements connector.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	open := append([]connector.Split{}, e.back...)
	for _, s := range e.mine {
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
		return fmt.Errorf("restoring the splits of a datagen source: %w", err)
	}
	e.mine, e.back = nil, open
	return nil
}

// Close implements connector.Enumerator.
func (*enumerator) Close() error { return nil }

// reader makes the rows of its splits, always from the one that is furthest behind.
type reader struct {
	source    *source
	columns   []int
	limit     int
	now       func() int64
	splits    []*split // nil when finished.
	started   bool
	startedAt int64 // Clock that row 0 corresponds to.
	keys      []uint64
	env       env
}

// Reader implements connector.Source.
func (s *source) Reader(scan *connector.Scan, rt *connector.ReaderContext) (connector.Reader, error) {
	r := &reader{source: s, limit: batch.MaxRows, now: rt.NowMillis}
	for own, c := range scan.Columns {
		if len(c.Path) != 1 || c.Path[0] < 0 || c.Path[0] >= len(s.columns) {
			return nil, fmt.Errorf("scanning made-up rows: column %d is not one of the table", own)
		}
		r.columns = append(r.columns, c.Path[0])
		r.limit = min(r.limit, max(1, batch.MaxBytes/max(1, s.columns[c.Path[0]].width)))
	}
	return r, nil
}

// AddSplits implements connector.Reader.
func (r *reader) AddSplits(splits []connector.Split) error {
	for _, c := range splits {
		s, err := decode(c)
		if err != nil {
			return err
		}
		r.splits = append(r.splits, s)
	}
	return nil
}

// Next implements connector.Reader.
func (r *reader) Next(b *batch.Batch, limit int) (connector.Status, error) {
	at := -1
	for i, s := range r.splits {
		if s != nil && (at < 0 || s.row() < r.splits[at].row()) {
			at = i
		}
	}
	if at < 0 {
		return connector.Status{State: connector.Starve}, nil
	}
	s, st := r.splits[at], connector.Status{Split: at}
	end := r.source.rows
	if end < 0 {
		end = math.MaxInt64
	}
	if s.row() >= end {
		r.splits[at] = nil
		st.Finished = []int{at}
		return st, nil
	}
	due, wakeAt := r.pace(s.row())
	if wakeAt > 0 {
		st.State, st.WakeAt = connector.Wait, wakeAt
		return st, nil
	}
	end = min(end, due)
	n := int(min((end-s.row()+s.Of-1)/s.Of, int64(min(limit, max(r.limit-b.Len(), 1)))))
	r.fill(b, s, n)
	s.Done += int64(n)
	return st, nil
}

// pace returns the row before which rows have come by now, or when the given one comes. Nothing is caught up on after a restore.
func (r *reader) pace(row int64) (due, wakeAt int64) {
	now, rate := r.now(), r.source.rate
	offset := row / rate * 1000
	offset += row % rate * 1000 / rate
	if !r.started {
		r.started, r.startedAt = true, now-offset
	}
	elapsed := now - r.startedAt
	if offset > elapsed {
		return 0, r.startedAt + offset
	}
	if elapsed >= math.MaxInt64/rate-1 {
		return math.MaxInt64, 0
	}
	return ((elapsed+1)*rate + 999) / 1000, 0
}

// fill appends n rows of a split.
func (r *reader) fill(b *batch.Batch, s *split, n int) {
	if cap(r.keys) < n {
		r.keys = make([]uint64, max(64, n))
	}
	keys := r.keys[:n]
	rows := b.Len() + n
	r.env.now = r.now()
	for own, c := range r.columns {
		f, v := r.source.columns[c], b.Own(own)
		if f.sequence {
			f.fillSequence(v, s.row(), s.Of, n)
			continue
		}
		z := f.seed + uint64(s.row())*golden
		for i := range keys {
			z += golden
			keys[i] = mix(z)
			z += uint64(s.Of-1) * golden
		}
		f.fill(v, keys, &r.env)
	}
	b.SetLen(rows)
}

// Snapshot implements connector.Reader.
func (r *reader) Snapshot() ([]connector.Split, error) {
	var out []connector.Split
	for _, s := range r.splits {
		if s == nil {
			continue
		}
		c, err := s.encode()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// Close implements connector.Reader.
func (*reader) Close() error { return nil }
