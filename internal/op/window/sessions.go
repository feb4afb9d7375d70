// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"spate/batch"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// sessions keeps the sessions of keys: a table of keys owns one of sessions, whose rows hold their start, and their end in a timer
// field. Two sessions of a key are taken together when a row falls between them. What else a session has is up to its user.
type sessions struct {
	clock *clock
	gap   flow.Millis
	cols  []int // Key columns.
	rt    op.Runtime
	keys  *state.Table
	table *state.Table
	// merge moves what session src owns to session dst; src is deleted after it.
	merge  func(dst, src int32)
	timers *state.Timers
	start  int // Word offset of a session's start.
	now    flow.Watermark

	batchKeys *state.Keys
	keyCols   []*batch.Vector
	times     []flow.Millis
	ids       []int32 // Keys of the batch's rows.
	fresh     []int32 // Sessions that were made since begin.
	late      int64
}

// sessionFields are the fields that a table of sessions begins with.
func sessionFields() []state.Field {
	return []state.Field{{Name: "start"}, {Name: "end", Kind: state.Time}}
}

// keyTable declares the table of keys.
func (s *sessions) keyTable(rt op.Runtime, in []*schema.Type, cols []int) {
	s.rt, s.cols, s.now = rt, cols, flow.MinWatermark
	types := make([]*schema.Type, len(cols))
	for i, k := range cols {
		types[i] = in[k]
	}
	s.batchKeys = state.NewKeys(types, false)
	s.keys = rt.State().Table(state.Spec{Name: "keys", Key: types, Chains: 1})
}

// sessionTable takes the table of sessions.
func (s *sessions) sessionTable(t *state.Table) {
	s.table, s.start, s.timers = t, t.Off(0), t.Timers()
}

// load reads keys and times of the rows of a batch.
func (s *sessions) load(b *batch.Batch, rows []int32) error {
	s.times, s.ids = sized(s.times, len(rows)), sized(s.ids, len(rows))
	s.late = 0
	if err := s.clock.times(b, rows, s.rt.Now(), s.times); err != nil {
		return err
	}
	s.keyCols = s.keyCols[:0]
	for _, k := range s.cols {
		s.keyCols = append(s.keyCols, b.Col(k))
	}
	s.batchKeys.Load(s.keyCols, rows, len(rows))
	return nil
}

// lookup finds or makes the keys of the batch; it returns false when some are not resident.
func (s *sessions) lookup() bool {
	_, ok := s.keys.Upsert(s.batchKeys, s.ids)
	return ok
}

// done counts the late rows of the batch and removes keys that have no session because of them.
func (s *sessions) done() {
	if s.late == 0 {
		return
	}
	s.rt.Count(lateDropped, s.late)
	for _, k := range s.ids {
		if s.keys.Live(k) && s.table.First(k) < 0 {
			s.keys.Delete(k)
		}
	}
}

// place returns the session of row k of the batch, or Absent when the row is late. When sessions would have to be taken together and
// pending is set, nothing is done and merges is true.
func (s *sessions) place(k int, pending bool) (id int32, merges bool) {
	key, lo := s.ids[k], s.times[k]
	hi := lo + s.gap
	found := state.Absent
	for x := s.table.First(key); x >= 0; {
		next := s.table.Next(x)
		start, end := s.span(x)
		switch {
		case start > hi || end < lo:
		case found < 0:
			found, lo, hi = x, min(lo, start), max(hi, end)
		case pending:
			return state.Absent, true
		default:
			// The row bridges a gap: the younger session goes into the older one.
			lo, hi = min(lo, start), max(hi, end)
			s.merge(found, x)
			s.table.Delete(x)
		}
		x = next
	}
	if found < 0 {
		if !s.clock.spec.ProcTime && s.clock.due(hi) <= s.now {
			s.late++
			return state.Absent, false
		}
		found = s.table.Append(key)
		s.fresh = append(s.fresh, found)
	}
	*s.table.Word(found, s.start) = uint64(lo)
	s.setEnd(found, hi)
	return found, false
}

// span returns start and end of a session.
func (s *sessions) span(id int32) (start, end flow.Millis) {
	end, _ = s.timers.Get(id)
	return s.startOf(id), end
}

func (s *sessions) startOf(id int32) flow.Millis { return flow.Millis(*s.table.Word(id, s.start)) }

func (s *sessions) setEnd(id int32, end flow.Millis) {
	old, ok := s.timers.Get(id)
	if ok && old == end {
		return
	}
	s.timers.Set(id, end)
	if !ok {
		s.wake()
	}
}

// wake asks for a call at the processing time at which the next session may be over.
func (s *sessions) wake() {
	if end, ok := s.timers.Peek(); ok && s.clock.spec.ProcTime {
		s.rt.ProcTimer(s.clock.due(end))
	}
}

// pop takes the next session that is over at a time; its timer is cleared. It returns Absent when there is none.
func (s *sessions) pop(at flow.Millis) (int32, flow.Millis) {
	limit := never - 1
	if at < limit {
		limit = s.clock.zone.Local(at) + s.clock.slack() + 1
	}
	for {
		id, end := s.timers.Pop(limit)
		if id < 0 || s.clock.due(end) <= at {
			return id, end
		}
		// Clocks may have been moved within the hours that limit allows for.
		s.timers.Set(id, end)
		limit = end - 1
	}
}

// pass notes that all sessions up to a time have fired.
func (s *sessions) pass(at flow.Millis) {
	s.wake()
	if !s.clock.spec.ProcTime {
		s.now = max(s.now, at)
	}
}

// remove deletes a session that owns nothing any more, and its key when that has no other.
func (s *sessions) remove(id int32) {
	owner := s.table.OwnerOf(id)
	s.table.Delete(id)
	if s.table.First(owner) < 0 {
		s.keys.Delete(owner)
	}
}
