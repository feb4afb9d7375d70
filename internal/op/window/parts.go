// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"slices"

	"spate/batch"
	"spate/internal/flow"
)

// part is a run of rows of one slice.
type part struct {
	slice  flow.Millis
	lo, hi int
}

// parts is the rows of a batch in the order of the slices that they go into.
type parts struct {
	rows []int32 // Positions in the batch.
	list []part

	times []flow.Millis
	of    []int32 // Part of each row, negative when it is dropped.
	buf   []int32
	cache [cacheSize]int32 // Part plus one by slice, a guess.
}

// cacheSize is the number of guesses at the part of a slice.
const cacheSize = 64

// Rows that are dropped: those that are late, and those that lie between windows that leave gaps.
const (
	noPart   = -1
	noWindow = -2
)

// assign finds the slice of every row of the batch.
func (s *sliced) assign(b *batch.Batch) error {
	p := &s.parts
	rows := b.Sel()
	if rows == nil {
		rows = identity(b.Len())
	}
	p.list = p.list[:0]
	p.times, p.of = sized(p.times, len(rows)), sized(p.of, len(rows))
	p.cache = [cacheSize]int32{}
	if w := &s.spec.Window; w.Attached {
		v := b.Col(w.EndCol)
		if hasNull(v, rows) {
			return errNullTime
		}
		readMillis(v, rows, p.times)
	} else if err := s.clock.times(b, rows, s.rt.Now(), p.times); err != nil {
		return err
	}
	if n := s.split(); n > 0 {
		s.rt.Count(lateDropped, int64(n))
	}
	p.order(rows)
	return nil
}

// split sets the part of every row and counts rows per part; it returns how many rows are late.
func (s *sliced) split() (tooLate int) {
	p := &s.parts
	last, lo, hi := int32(noPart), flow.Millis(0), flow.Millis(0) // The slice seen last spans lo..hi-1.
	for k, at := range p.times {
		if at < lo || at >= hi {
			last, lo, hi = s.partOf(at)
		}
		p.of[k] = last
		if last >= 0 {
			p.list[last].hi++
		} else if last == noPart {
			tooLate++
		}
	}
	return tooLate
}

// partOf returns the part of a time and the bounds of its slice.
func (s *sliced) partOf(at flow.Millis) (part int32, lo, hi flow.Millis) {
	if s.spec.Window.Attached {
		return s.parts.find(at, s.target(at)), at, at + 1
	}
	sl := &s.clock.slices
	slice := sl.Of(at)
	if sl.First(slice) > sl.Last(slice) {
		return noWindow, slice - sl.Length(), slice
	}
	return s.parts.find(slice, s.target(slice)), slice - sl.Length(), slice
}

// late is no slice: its rows are dropped.
const late = flow.MinWatermark

// target returns the slice that rows of a slice go into: their own, or for cumulating windows that have begun to fire the first of
// the window; late when all windows of the slice have fired.
func (s *sliced) target(slice flow.Millis) flow.Millis {
	w, ok := s.upcoming(slice)
	switch {
	case !ok:
		return late
	case s.clock.slices.Cumulative() && !s.spec.Window.Attached && w > slice:
		return s.clock.slices.FirstSlice(slice)
	}
	return slice
}

// find returns the part of a target slice, made when there is none; slice is where its rows come from.
func (p *parts) find(slice, target flow.Millis) int32 {
	if target == late {
		return noPart
	}
	guess := &p.cache[uint64(slice)*0x9e3779b97f4a7c15>>58]
	if g := *guess - 1; g >= 0 && p.list[g].slice == target {
		return g
	}
	i := int32(slices.IndexFunc(p.list, func(q part) bool { return q.slice == target }))
	if i < 0 {
		i = int32(len(p.list))
		p.list = append(p.list, part{slice: target})
	}
	*guess = i + 1
	return i
}

// order sorts the rows by part, keeping their order within.
func (p *parts) order(rows []int32) {
	if len(p.list) == 1 && p.list[0].hi == len(rows) {
		p.rows = rows
		return
	}
	at := 0
	for i := range p.list {
		n := p.list[i].hi
		p.list[i].lo, p.list[i].hi = at, at
		at += n
	}
	p.buf = sized(p.buf, at)
	for k, i := range p.of[:len(rows)] {
		if i < 0 {
			continue
		}
		q := &p.list[i]
		p.buf[q.hi] = rows[k]
		q.hi++
	}
	p.rows = p.buf[:at]
}

// identities is 0, 1, 2, ..., for batches without selection.
var identities = func() []int32 {
	s := make([]int32, batch.MaxRows)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}()

// identity returns the positions 0..n-1.
func identity(n int) []int32 {
	if n <= len(identities) {
		return identities[:n]
	}
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}
