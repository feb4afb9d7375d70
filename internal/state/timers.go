// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import "spate/internal/flow"

// Timers fires the rows of a table at the time that each holds in its Time field. The fields are the truth and part of snapshots;
// the heap beside them only finds the next one: for every row with a time there is at least one entry that is not later.
// Entries that turn out to be stale are dropped or moved when they come up, so that postponing a timer costs one store.
type Timers struct {
	table *Table
	off   int
	heap  []timer
}

type timer struct {
	at int64
	id int32
}

// bias maps times so that 0, the value of a new row, means that there is none.
const bias = uint64(1) << 63

// Timers returns the timers of the table, which has a Time field.
func (t *Table) Timers() *Timers {
	if t.timers != nil {
		return t.timers
	}
	for i, f := range t.spec.Fields {
		if f.Kind == Time {
			t.timers = &Timers{table: t, off: t.offs[i]}
			return t.timers
		}
	}
	panic("BUG: table " + t.spec.Name + " has no time field")
}

// Set makes row id fire at a time, instead of the one before. The time must be above math.MinInt64.
func (tm *Timers) Set(id int32, at flow.Millis) {
	w := tm.table.Word(id, tm.off)
	old := *w
	*w = uint64(at) ^ bias
	if old == 0 || old > *w {
		if len(tm.heap) > 2*tm.table.Len()+maxStale {
			tm.rebuild()
			return
		}
		tm.push(timer{int64(at), id})
	}
}

// maxStale bounds the stale entries of the heap: beyond it and the number of rows the heap is made anew.
const maxStale = 1024

// Clear takes the timer of row id away.
func (tm *Timers) Clear(id int32) { *tm.table.Word(id, tm.off) = 0 }

// Get returns the time of row id, and whether it has one.
func (tm *Timers) Get(id int32) (flow.Millis, bool) {
	w := *tm.table.Word(id, tm.off)
	return flow.Millis(w ^ bias), w != 0
}

// Pop takes the earliest timer at or before until: it is cleared, and its row returned. Timers of equal time come in the order of
// their ids. It returns Absent when there is none.
func (tm *Timers) Pop(until flow.Millis) (int32, flow.Millis) {
	for len(tm.heap) > 0 && tm.heap[0].at <= int64(until) {
		e := tm.heap[0]
		w := tm.table.Word(e.id, tm.off)
		at := int64(*w ^ bias)
		switch {
		case *w == 0 || at < e.at:
			// Cleared, fired, or another entry is earlier.
			tm.remove()
		case at > e.at:
			tm.heap[0].at = at
			tm.down(0)
		default:
			tm.remove()
			*w = 0
			return e.id, flow.Millis(at)
		}
	}
	return Absent, 0
}

// Peek returns the earliest time at which Pop might return a row, and whether there is one; it may be too early, never too late.
func (tm *Timers) Peek() (flow.Millis, bool) {
	if len(tm.heap) == 0 {
		return 0, false
	}
	return flow.Millis(tm.heap[0].at), true
}

func (a timer) less(b timer) bool { return a.at < b.at || a.at == b.at && a.id < b.id }

func (tm *Timers) push(e timer) {
	tm.heap = append(tm.heap, e)
	h := tm.heap
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.less(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

func (tm *Timers) remove() {
	n := len(tm.heap) - 1
	tm.heap[0] = tm.heap[n]
	tm.heap = tm.heap[:n]
	if n > 0 {
		tm.down(0)
	}
}

func (tm *Timers) down(i int) {
	h := tm.heap
	e := h[i]
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		best := first
		for c := first + 1; c < min(first+4, len(h)); c++ {
			if h[c].less(h[best]) {
				best = c
			}
		}
		if !h[best].less(e) {
			break
		}
		h[i] = h[best]
		i = best
	}
	h[i] = e
}

// rebuild makes the heap anew from the rows.
func (tm *Timers) rebuild() {
	tm.heap = tm.heap[:0]
	for id := tm.table.Walk(0); id >= 0; id = tm.table.Walk(id + 1) {
		if at, ok := tm.Get(id); ok {
			tm.push(timer{int64(at), id})
		}
	}
}
