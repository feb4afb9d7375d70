// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"bytes"

	"spate/schema"
)

// bundle remembers what stood at the places of the partitions that a bundle has changed.
type bundle struct {
	parts []touched
	rows  []oldRow
	next  int // First partition whose changes are not listed yet.
	arena []byte
}

// touched is a changed partition; its old rows are rows[lo:hi].
type touched struct {
	id     int32
	lo, hi int
}

// oldRow is a row that stood at a place: still in the table, or gone with its bytes kept here (id is negative).
type oldRow struct {
	id   int32
	data []byte
}

func (b *bundle) reset() {
	clear(b.rows)
	b.parts, b.rows, b.next = b.parts[:0], b.rows[:0], 0
	b.arena = b.arena[:0]
}

// note remembers the places of a partition before its first change in the bundle.
func (r *ranked) note(part int32) {
	w := &r.table.Row(part)[r.noteAt]
	if *w != 0 {
		return
	}
	b := &r.bundle
	t := touched{id: part, lo: len(b.rows)}
	id := r.tree.Nth(part, r.start)
	for at := r.start; at < r.end && id >= 0; at++ {
		b.rows = append(b.rows, oldRow{id: id})
		r.tree.Row(id)[r.markAt] = 1
		id = r.tree.Next(id)
	}
	t.hi = len(b.rows)
	b.parts = append(b.parts, t)
	*w = uint64(len(b.parts))
}

// preserve keeps the bytes of a row that is about to go, if it stood at a place.
func (b *bundle) preserve(r *ranked, part, id int32) {
	if r.tree.Row(id)[r.markAt] == 0 {
		return
	}
	t := b.parts[r.table.Row(part)[r.noteAt]-1]
	for i := t.lo; i < t.hi; i++ {
		if b.rows[i].id == id {
			var buf [16]byte
			b.rows[i] = oldRow{id: -1, data: b.keep(r.tree.Bytes(id, r.rowAt, buf[:0]))}
			return
		}
	}
}

func (b *bundle) keep(row []byte) []byte {
	if len(b.arena)+len(row) > cap(b.arena) {
		b.arena = make([]byte, 0, max(2*cap(b.arena), len(row), 1<<12))
	}
	n := len(b.arena)
	b.arena = append(b.arena, row...)
	return b.arena[n:len(b.arena):len(b.arena)]
}

// diff lists the changes of a partition over the bundle.
func (r *ranked) diff(t *touched) {
	if r.positional {
		r.diffPlaces(t)
	} else {
		r.diffRows(t)
	}
}

// bytesOf returns an old row.
func (r *ranked) bytesOf(o oldRow) []byte {
	if o.id < 0 {
		return o.data
	}
	return r.tree.Bytes(o.id, r.rowAt, r.emit.Room())
}

// diffPlaces lists the places that hold another row than before.
func (r *ranked) diffPlaces(t *touched) {
	old := r.bundle.rows[t.lo:t.hi]
	id := r.tree.Nth(t.id, r.start)
	at := r.start
	for ; at < r.end && id >= 0; at++ {
		i, rank := at-r.start, int64(at+1)
		switch {
		case i >= len(old):
			r.emit.change(schema.Insert, rank, r.tree.Bytes(id, r.rowAt, r.emit.Room()))
		case old[i].id != id:
			was, is := r.bytesOf(old[i]), r.tree.Bytes(id, r.rowAt, r.emit.Room())
			if !bytes.Equal(was, is) {
				r.emit.replace(rank, was, is)
			}
		}
		id = r.tree.Next(id)
	}
	for i := at - r.start; i < len(old); i++ {
		r.emit.change(schema.Delete, int64(r.start+i+1), r.bytesOf(old[i]))
	}
	for _, o := range old {
		if o.id >= 0 {
			r.tree.Row(o.id)[r.markAt] = 0
		}
	}
}

// Marks of rows while a partition's changes are listed.
const (
	wasPlaced  = 1 // Stood at a place before.
	stayPlaced = 2 // And does so now.
)

// diffRows lists the rows that left and those that entered.
func (r *ranked) diffRows(t *touched) {
	first := r.tree.Nth(t.id, r.start)
	id := first
	for at := r.start; at < r.end && id >= 0; at++ {
		if m := &r.tree.Row(id)[r.markAt]; *m == wasPlaced {
			*m = stayPlaced
		}
		id = r.tree.Next(id)
	}
	for _, o := range r.bundle.rows[t.lo:t.hi] {
		if o.id < 0 || r.tree.Row(o.id)[r.markAt] == wasPlaced {
			r.emit.change(schema.Delete, r.emit.end, r.bytesOf(o))
		}
	}
	id = first
	for at := r.start; at < r.end && id >= 0; at++ {
		if r.tree.Row(id)[r.markAt] == 0 {
			r.emit.change(schema.Insert, r.emit.end, r.tree.Bytes(id, r.rowAt, r.emit.Room()))
		}
		id = r.tree.Next(id)
	}
	for _, o := range r.bundle.rows[t.lo:t.hi] {
		if o.id >= 0 {
			r.tree.Row(o.id)[r.markAt] = 0
		}
	}
}
