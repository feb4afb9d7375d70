// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"bytes"

	"spate/internal/col/mem"
)

// OrderedSpec declares an Ordered.
type OrderedSpec struct {
	Name   string
	Owner  *Table // Its Chains must have room for it.
	Fields []Field
}

// Ordered keeps rows of each owner in the order of their key bytes, which are unique within the owner. Package rowkey makes keys
// whose byte order is the SQL order; rows that are equal there are told apart by more bytes at the end (a counter, the row itself).
//
// Each owner has a B+ tree over the ids of its rows. Insertion, removal, Seek, Nth and Rank take logarithmic time; a step of Next or
// Prev is nearly constant. Ids stay the same until the row is deleted.
type Ordered struct {
	rows   *Table // Field 0 is the key, field 1 (Scratch) the leaf.
	owner  *Table
	headAt int // Root: number of rows in the high half; (node plus one) and, in the lowest bit, whether it is an inner node.
	leaves rowStore
	inners rowStore
}

const (
	fanout    = 32
	leafWords = 2 + fanout/2       // Header, unused, ids.
	innerAt   = 2                  // Children: node in the low half, number of rows below in the high half.
	firstAt   = innerAt + fanout   // Ids of the first row below each child.
	innerSize = firstAt + fanout/2 // Words of an inner node.
	keyField  = 0
	leafField = 1
)

// Ordered declares an ordered table.
func (sp *Space) Ordered(spec OrderedSpec) *Ordered {
	o := &Ordered{owner: spec.Owner, headAt: spec.Owner.takeHead(spec.Name)}
	fields := append([]Field{{Name: "key", Kind: Bytes}, {Name: "leaf", Kind: Scratch}}, spec.Fields...)
	o.rows = newTable(sp, Spec{Name: spec.Name, Owner: spec.Owner, Fields: fields, List: true, unchained: true})
	o.rows.tree = o
	o.leaves.init(sp.store.alloc, leafWords)
	o.inners.init(sp.store.alloc, innerSize)
	sp.tables = append(sp.tables, o.rows)
	spec.Owner.orders = append(spec.Owner.orders, o)
	return o
}

// Off returns the word offset of field i of the spec in a row.
func (o *Ordered) Off(i int) int { return o.rows.offs[i+2] }

// Row returns a row with all its words. Call Touch when changing it.
func (o *Ordered) Row(id int32) []uint64 { return o.rows.At(id) }

// View returns the rows for loops over many ids.
func (o *Ordered) View() Rows { return o.rows.Rows }

// Touch records that a row changes in this epoch.
func (o *Ordered) Touch(id int32) { o.rows.Touch(id) }

// Bytes returns the string of the Bytes field at word offset off, like Table.Bytes.
func (o *Ordered) Bytes(id int32, off int, buf []byte) []byte { return o.rows.Bytes(id, off, buf) }

// SetBytes replaces the string of a Bytes field, like Table.SetBytes.
func (o *Ordered) SetBytes(id int32, off int, b []byte) { o.rows.SetBytes(id, off, b) }

// Key returns the key bytes of a row, like Table.Bytes.
func (o *Ordered) Key(id int32, buf []byte) []byte {
	return o.rows.Bytes(id, o.rows.offs[keyField], buf)
}

// OwnerOf returns the owner's id of a row.
func (o *Ordered) OwnerOf(id int32) int32 { return o.rows.OwnerOf(id) }

// Len returns the number of rows of an owner.
func (o *Ordered) Len(owner int32) int { return int(*o.owner.Word(owner, o.headAt) >> 32) }

// Find returns the row with a key, or Absent.
func (o *Ordered) Find(owner int32, key []byte) int32 {
	leaf, i, found := o.locate(owner, key)
	if !found {
		return Absent
	}
	return o.ids(leaf)[i]
}

// Seek returns the first row whose key is not below key, or Absent.
func (o *Ordered) Seek(owner int32, key []byte) int32 {
	leaf, i, _ := o.locate(owner, key)
	if leaf < 0 {
		return Absent
	}
	if i < o.count(leaf) {
		return o.ids(leaf)[i]
	}
	if i == 0 {
		return Absent
	}
	return o.Next(o.ids(leaf)[i-1])
}

// Insert returns the row with a key, made with zero fields when there is none yet, and whether it was made.
func (o *Ordered) Insert(owner int32, key []byte) (id int32, fresh bool) {
	leaf, i, found := o.locate(owner, key)
	if found {
		return o.ids(leaf)[i], false
	}
	id = o.rows.Append(owner)
	o.rows.SetBytes(id, o.rows.offs[keyField], key)
	o.place(owner, id, leaf, i)
	return id, true
}

// enter puts a row that a restore made into the tree.
func (o *Ordered) enter(owner, id int32, key []byte) {
	leaf, i, _ := o.locate(owner, key)
	o.place(owner, id, leaf, i)
}

// place puts a row at place i of a leaf, or makes the first leaf of the owner.
func (o *Ordered) place(owner, id, leaf int32, i int) {
	head := o.owner.Word(owner, o.headAt)
	if leaf < 0 {
		leaf = o.leaves.take()
		*head = uint64(uint32(leaf+1)) << 1
	}
	if o.count(leaf) == fanout {
		leaf, i = o.splitLeaf(owner, leaf, i)
		head = o.owner.Word(owner, o.headAt)
	}
	n := o.count(leaf)
	ids := o.slots(leaf)
	copy(ids[i+1:n+1], ids[i:n])
	ids[i] = id
	o.setCount(leaf, n+1)
	o.setLeaf(id, leaf)
	*head += 1 << 32
	o.climb(leaf, 1, i == 0)
}

// Delete removes a row.
func (o *Ordered) Delete(id int32) {
	owner, leaf := o.OwnerOf(id), o.leafOf(id)
	n := o.count(leaf)
	ids := o.slots(leaf)
	i := indexOf(ids[:n], id)
	copy(ids[i:n-1], ids[i+1:n])
	o.setCount(leaf, n-1)
	o.rows.Delete(id)
	head := o.owner.Word(owner, o.headAt)
	*head -= 1 << 32
	if n > 1 {
		o.climb(leaf, -1, i == 0)
		return
	}
	o.prune(leaf, head)
}

// DeleteOwned removes all rows of an owner.
func (o *Ordered) DeleteOwned(owner int32) {
	for id := o.First(owner); id >= 0; id = o.First(owner) {
		o.Delete(id)
	}
}

// First returns the row with the smallest key of an owner, or Absent.
func (o *Ordered) First(owner int32) int32 { return o.Nth(owner, 0) }

// Last returns the row with the greatest key of an owner, or Absent.
func (o *Ordered) Last(owner int32) int32 { return o.Nth(owner, o.Len(owner)-1) }

// Nth returns the row at a place in the order, counted from 0, or Absent.
func (o *Ordered) Nth(owner int32, n int) int32 {
	head := *o.owner.Word(owner, o.headAt)
	if n < 0 || n >= int(head>>32) {
		return Absent
	}
	node, inner := rootOf(head)
	for inner {
		row := o.inners.At(node)
		i := 0
		for ; n >= int(row[innerAt+i]>>32); i++ {
			n -= int(row[innerAt+i] >> 32)
		}
		inner = levelOf(row) > 1
		node = int32(uint32(row[innerAt+i]))
	}
	return o.slots(node)[n]
}

// Rank returns the place of a row in the order of its owner, counted from 0.
func (o *Ordered) Rank(id int32) int {
	leaf := o.leafOf(id)
	rank := indexOf(o.ids(leaf), id)
	child := leaf
	for up := parentOf(o.leaves.At(leaf)); up >= 0; {
		row := o.inners.At(up)
		for i := 0; int32(uint32(row[innerAt+i])) != child; i++ {
			rank += int(row[innerAt+i] >> 32)
		}
		child, up = up, parentOf(row)
	}
	return rank
}

// Next returns the row after id in the order of its owner, or Absent.
func (o *Ordered) Next(id int32) int32 {
	leaf := o.leafOf(id)
	ids := o.ids(leaf)
	if i := indexOf(ids, id); i+1 < len(ids) {
		return ids[i+1]
	}
	return o.step(leaf, 1)
}

// Prev returns the row before id in the order of its owner, or Absent.
func (o *Ordered) Prev(id int32) int32 {
	leaf := o.leafOf(id)
	ids := o.ids(leaf)
	if i := indexOf(ids, id); i > 0 {
		return ids[i-1]
	}
	return o.step(leaf, -1)
}

// step returns the first row of the leaf after, or the last row of the leaf before a leaf.
func (o *Ordered) step(leaf int32, by int) int32 {
	child, up := leaf, parentOf(o.leaves.At(leaf))
	for up >= 0 {
		row := o.inners.At(up)
		i := childAt(row, child) + by
		if i >= 0 && i < countOf(row) {
			if by > 0 {
				return firsts(row)[i]
			}
			return o.lastBelow(row, i)
		}
		child, up = up, parentOf(row)
	}
	return Absent
}

func (o *Ordered) lastBelow(row []uint64, i int) int32 {
	for {
		node := int32(uint32(row[innerAt+i]))
		if levelOf(row) == 1 {
			ids := o.ids(node)
			return ids[len(ids)-1]
		}
		row = o.inners.At(node)
		i = countOf(row) - 1
	}
}

// locate finds the leaf and the place in it where a key is or belongs; the leaf is negative when the owner has no rows.
func (o *Ordered) locate(owner int32, key []byte) (leaf int32, at int, found bool) {
	head := *o.owner.Word(owner, o.headAt)
	if head>>32 == 0 {
		return Absent, 0, false
	}
	node, inner := rootOf(head)
	for inner {
		row := o.inners.At(node)
		i, hit := o.search(firsts(row)[:countOf(row)], key)
		if !hit && i > 0 {
			i--
		}
		inner = levelOf(row) > 1
		node = int32(uint32(row[innerAt+i]))
	}
	at, found = o.search(o.ids(node), key)
	return node, at, found
}

// search returns the place of the first id whose key is not below key, and whether they are equal.
func (o *Ordered) search(ids []int32, key []byte) (at int, found bool) {
	var buf [16]byte
	lo, hi := 0, len(ids)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := bytes.Compare(o.Key(ids[mid], buf[:0]), key); {
		case c == 0:
			return mid, true
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return lo, false
}

func (o *Ordered) leafOf(id int32) int32 {
	return int32(uint32(*o.rows.Word(id, o.rows.offs[leafField])))
}

func (o *Ordered) setLeaf(id, leaf int32) {
	*o.rows.Word(id, o.rows.offs[leafField]) = uint64(uint32(leaf))
}

// slots returns the ids of a leaf, all its places.
func (o *Ordered) slots(leaf int32) []int32 { return mem.View[int32](mem.Bytes(o.leaves.At(leaf)[2:])) }

// ids returns the ids that a leaf holds.
func (o *Ordered) ids(leaf int32) []int32 { return o.slots(leaf)[:o.count(leaf)] }

func (o *Ordered) count(leaf int32) int { return countOf(o.leaves.At(leaf)) }

func (o *Ordered) setCount(leaf int32, n int) { setCount(o.leaves.At(leaf), n) }

func indexOf(ids []int32, id int32) int {
	for i, x := range ids {
		if x == id {
			return i
		}
	}
	panic("BUG: a row is not in its leaf")
}
