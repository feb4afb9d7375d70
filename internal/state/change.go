// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import "spate/internal/sys/invariant"

// Touch records that row id changes in this epoch.
func (t *Table) Touch(id int32) {
	if t.space.track() {
		t.touch(id)
	}
}

// TouchAll is Touch for many rows; an id may occur more than once, and negative ids are passed over.
func (t *Table) TouchAll(ids []int32) {
	if !t.space.track() {
		return
	}
	for _, id := range ids {
		if id >= 0 {
			t.touch(id)
		}
	}
}

// track tells whether changes are recorded.
func (sp *Space) track() bool { return sp.store.track && !sp.scratch }

func (t *Table) touch(id int32) {
	w := t.Word(id, 0)
	if epoch := uint64(t.space.store.epoch); *w&(1<<32-1) != epoch {
		*w = *w&^(1<<32-1) | epoch
		t.dirty = append(t.dirty, id)
	}
}

// born records that row id came into being.
func (t *Table) born(id int32) {
	if t.space.track() {
		t.touch(id)
	}
}

// Delete removes a row. Its chained rows must be gone or go with it (DeleteOwned); its id may be used for another row from now on,
// or with Config.Track once the epoch was written.
func (t *Table) Delete(id int32) {
	row := t.At(id)
	invariant.Check(row[0]&liveBit != 0, "row %d of table %s is deleted twice", id, t.spec.Name)
	if !t.spec.List {
		t.leave(row, id)
	}
	t.unlink(id, row)
	for _, o := range t.views {
		t.dropView(row[o], row[o+1])
		row[o], row[o+1] = 0, 0
	}
	if t.timers != nil {
		row[t.timers.off] = 0
	}
	if t.space.track() {
		t.touch(id)
		row[0] &^= liveBit
		t.live--
		t.dead = append(t.dead, id)
		return
	}
	t.bury(id, row)
}

// bury gives the id of a deleted row and the strings of its key back.
func (t *Table) bury(id int32, row []uint64) {
	for _, o := range t.key.views {
		t.dropView(row[1+o], row[2+o])
	}
	t.give(id)
}

func (t *Table) dropView(w0, w1 uint64) {
	if !isLong(w0) {
		return
	}
	if t.hold {
		t.held = append(t.held, block{uint32(w1), uint32(w0)})
		return
	}
	t.slab.drop(uint32(w1), viewLen(w0))
}

// block is a string in the slab.
type block struct{ handle, size uint32 }

// Hold keeps strings that are replaced or deleted from now on until Unhold: copies of rows (Copy) stay readable so long.
func (t *Table) Hold() { t.hold = true }

// Unhold frees what was kept since Hold.
func (t *Table) Unhold() {
	t.hold = false
	for _, b := range t.held {
		t.slab.drop(b.handle, int(b.size))
	}
	t.held = t.held[:0]
}

// Live tells whether there is a row id.
func (t *Table) Live(id int32) bool { return t.isLive(id) }

// DeleteOwned removes all rows of an owner. The table must be chained.
func (t *Table) DeleteOwned(owner int32) {
	for id := t.First(owner); id >= 0; {
		next := t.Next(id)
		for _, k := range t.kids {
			if k.links > 0 {
				k.DeleteOwned(id)
			}
		}
		for _, o := range t.orders {
			o.DeleteOwned(id)
		}
		t.Delete(id)
		id = next
	}
}

// Bytes returns the string of the Bytes field at word offset off. It is valid until the next change of a Bytes field or insertion.
// Strings of at most 12 bytes are unpacked into buf, which must have room for 16.
func (t *Table) Bytes(id int32, off int, buf []byte) []byte {
	row := t.At(id)
	return t.view(row[off], row[off+1], buf)
}

// view returns the string of a view that was copied out of a row, as long as the row has not changed since.
func (t *Table) view(w0, w1 uint64, buf []byte) []byte {
	if isLong(w0) {
		return t.slab.get(uint32(w1), viewLen(w0))
	}
	return appendInline(buf[:0], w0, w1)
}

// SetBytes replaces the string of a Bytes field. b may not alias a string of this table.
func (t *Table) SetBytes(id int32, off int, b []byte) {
	row := t.At(id)
	t.dropView(row[off], row[off+1])
	if len(b) <= inlineBytes {
		row[off], row[off+1] = inlineView(b)
		return
	}
	w0, w1 := longView(b, 0)
	row[off], row[off+1] = w0, w1|uint64(t.slab.put(b))
}

// Zero makes field i of row id zero, or empty.
func (t *Table) Zero(id int32, i int) {
	row, o := t.At(id), t.offs[i]
	switch t.spec.Fields[i].Kind {
	case Bytes:
		t.dropView(row[o], row[o+1])
		row[o], row[o+1] = 0, 0
	case Pair:
		row[o], row[o+1] = 0, 0
	case Word, Scratch, Time:
		row[o] = 0
	}
}

// link appends a new row to the chain of its owner. Links: next plus one in the low half, previous plus one in the high half; a head
// holds the first row plus one in the low half and the last plus one in the high half.
func (t *Table) link(id int32, row []uint64) {
	if t.links == 0 {
		return
	}
	head := t.spec.Owner.Word(int32(uint32(row[1])), t.headAt)
	last := uint32(*head >> 32)
	if last == 0 {
		*head = uint64(uint32(id+1)) | uint64(uint32(id+1))<<32
		row[t.links] = 0
		return
	}
	row[t.links] = uint64(last) << 32
	lw := t.Word(int32(last)-1, t.links)
	*lw = *lw&^(1<<32-1) | uint64(uint32(id+1))
	*head = *head&(1<<32-1) | uint64(uint32(id+1))<<32
}

// unlink takes a row out of the chain of its owner.
func (t *Table) unlink(_ int32, row []uint64) {
	if t.links == 0 {
		return
	}
	next, prev := uint32(row[t.links]), uint32(row[t.links]>>32)
	head := t.spec.Owner.Word(int32(uint32(row[1])), t.headAt)
	if prev == 0 {
		*head = *head&^(1<<32-1) | uint64(next)
	} else {
		w := t.Word(int32(prev)-1, t.links)
		*w = *w&^(1<<32-1) | uint64(next)
	}
	if next == 0 {
		*head = *head&(1<<32-1) | uint64(prev)<<32
	} else {
		w := t.Word(int32(next)-1, t.links)
		*w = *w&(1<<32-1) | uint64(prev)<<32
	}
}

// First returns the oldest row of an owner, or Absent. The table must be chained.
func (t *Table) First(owner int32) int32 {
	return int32(uint32(*t.spec.Owner.Word(owner, t.headAt))) - 1
}

// Last returns the newest row of an owner, or Absent. The table must be chained.
func (t *Table) Last(owner int32) int32 {
	return int32(uint32(*t.spec.Owner.Word(owner, t.headAt)>>32)) - 1
}

// Next returns the row after id in the chain of its owner, or Absent. The table must be chained.
func (t *Table) Next(id int32) int32 { return int32(uint32(*t.Word(id, t.links))) - 1 }

// Prev returns the row before id in the chain of its owner, or Absent. The table must be chained.
func (t *Table) Prev(id int32) int32 { return int32(uint32(*t.Word(id, t.links)>>32)) - 1 }

// Append adds a row to the list of an owner and returns its id; its fields are zero.
func (t *Table) Append(owner int32) int32 {
	id := t.take()
	row := t.At(id)
	row[1] = uint64(uint32(owner))
	row[0] = liveBit | t.spec.Owner.At(owner)[0]&(groupMask<<groupShift)
	t.link(id, row)
	t.born(id)
	return id
}

// Walk returns the first live row at or above id, or Absent: for walks over a whole table, in no promised order (the order of
// insertion as long as nothing was deleted).
func (t *Table) Walk(id int32) int32 {
	for ; id < t.next; id++ {
		if t.isLive(id) {
			return id
		}
	}
	return Absent
}

// reset forgets all rows.
func (t *Table) reset() {
	t.rowStore.reset(t.live)
	t.slab.reset()
	t.space.store.alloc.release(t.slots)
	t.slots, t.homes, t.limit = nil, 0, 0
	t.dirty, t.dead, t.held = t.dirty[:0], t.dead[:0], t.held[:0]
	if t.timers != nil {
		t.timers.heap = t.timers.heap[:0]
	}
	for _, o := range t.orders {
		o.reset()
	}
}
