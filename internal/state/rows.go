// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import "math/bits"

// segmentBytes is the size of a full segment of rows. The first segment of a table starts small and doubles up to it.
const segmentBytes = 2 << 20

// firstRows is the number of rows that a table starts with.
const firstRows = 8

// The header word of a row: epoch in the low half, then key group, live bit, null bits of the key.
const (
	groupShift = 32
	groupMask  = 1<<15 - 1
	liveBit    = uint64(1) << 47
	nullShift  = 48
	nullBits   = 16
)

// Rows is a view of the rows of a table for loops over many ids. It is valid until the next insertion into the table.
type Rows struct {
	segs  [][]uint64
	width int
	shift uint8
	mask  uint32
}

// At returns row id, all its words.
func (r *Rows) At(id int32) []uint64 {
	o := int(uint32(id)&r.mask) * r.width
	return r.segs[uint32(id)>>r.shift][o : o+r.width]
}

// Word returns a pointer to one word of row id.
func (r *Rows) Word(id int32, off int) *uint64 {
	return &r.segs[uint32(id)>>r.shift][int(uint32(id)&r.mask)*r.width+off]
}

// Width returns the words of a row.
func (r *Rows) Width() int { return r.width }

// rowStore keeps rows of equal width under dense ids.
type rowStore struct {
	Rows
	alloc *allocator
	room  int32 // Rows that fit into the segments.
	next  int32 // Ids from here on were never used.
	free  int32 // Head of the list of free ids (the next one in the header's low half, plus one), plus one; 0: none.
	live  int32
	hint  int32 // Rows that the first segment should have room for.
}

func (r *rowStore) init(a *allocator, width int) {
	r.alloc = a
	r.width = width
	r.shift = uint8(bits.Len(uint(segmentBytes/8/width)) - 1)
	r.mask = 1<<r.shift - 1
}

// take returns a free id, whose row is zeroed and not live yet.
func (r *rowStore) take() int32 {
	r.live++
	if r.free != 0 {
		id := r.free - 1
		row := r.At(id)
		r.free = int32(uint32(row[0]))
		clear(row)
		return id
	}
	if r.next == r.room {
		r.grow()
	}
	id := r.next
	r.next++
	clear(r.At(id))
	return id
}

// give takes an id back.
func (r *rowStore) give(id int32) {
	r.live--
	row := r.At(id)
	row[0] = uint64(uint32(r.free))
	r.free = id + 1
}

func (r *rowStore) grow() {
	full := int32(1) << r.shift
	if r.room == 0 || r.room >= full {
		rows := full
		if r.room == 0 {
			rows = min(full, max(firstRows, r.hint))
		}
		seg := r.alloc.alloc(int(rows)*r.width, false)
		r.segs = append(r.segs, seg)
		r.room += min(full, int32(len(seg)/r.width))
		return
	}
	old := r.segs[0]
	seg := r.alloc.alloc(min(2*len(old), int(full)*r.width), false)
	copy(seg, old)
	r.alloc.release(old)
	r.segs[0] = seg
	r.room = min(full, int32(len(seg)/r.width))
}

// reset forgets all rows and gives all memory back; hint is the number of rows that are expected next.
func (r *rowStore) reset(hint int32) {
	r.hint = hint
	for i, s := range r.segs {
		r.alloc.release(s)
		r.segs[i] = nil
	}
	r.segs = r.segs[:0]
	r.room, r.next, r.free, r.live = 0, 0, 0, 0
}

// isLive tells whether id is a live row.
func (r *rowStore) isLive(id int32) bool { return r.At(id)[0]&liveBit != 0 }
