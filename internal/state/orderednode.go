// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import "spate/internal/col/mem"

// A node's header: number of entries in bits 0-15, level in bits 16-31 (0: leaf), parent plus one in the high half.

func countOf(row []uint64) int { return int(uint16(row[0])) }

func setCount(row []uint64, n int) { row[0] = row[0]&^(1<<16-1) | uint64(n) }

func levelOf(row []uint64) int { return int(uint16(row[0] >> 16)) }

func parentOf(row []uint64) int32 { return int32(uint32(row[0]>>32)) - 1 }

func setParent(row []uint64, p int32) { row[0] = row[0]&(1<<32-1) | uint64(uint32(p+1))<<32 }

// firsts returns the ids of the first row below each child of an inner node, all places.
func firsts(row []uint64) []int32 { return mem.View[int32](mem.Bytes(row[firstAt:])) }

func childAt(row []uint64, child int32) int {
	for i := range countOf(row) {
		if int32(uint32(row[innerAt+i])) == child {
			return i
		}
	}
	panic("BUG: a node is not among the children of its parent")
}

// rootOf takes a head word apart.
func rootOf(head uint64) (node int32, inner bool) {
	return int32(uint32(head)>>1) - 1, head&1 != 0
}

func rootWord(node int32, inner bool) uint64 {
	w := uint64(uint32(node+1)) << 1
	if inner {
		w |= 1
	}
	return w
}

// node returns the row of a node of a level.
func (o *Ordered) node(n int32, level int) []uint64 {
	if level == 0 {
		return o.leaves.At(n)
	}
	return o.inners.At(n)
}

// first returns the id of the first row below a node.
func (o *Ordered) first(n int32, level int) int32 {
	if level == 0 {
		return o.slots(n)[0]
	}
	return firsts(o.inners.At(n))[0]
}

// climb adds to the row counts above a leaf, and corrects the ids of first rows when that of the leaf changed.
func (o *Ordered) climb(leaf int32, by int, newFirst bool) {
	child, level := leaf, 0
	for up := parentOf(o.leaves.At(leaf)); up >= 0; {
		row := o.inners.At(up)
		i := childAt(row, child)
		row[innerAt+i] += uint64(by) << 32
		if newFirst {
			firsts(row)[i] = o.first(child, level)
			newFirst = i == 0
		}
		level++
		child, up = up, parentOf(row)
	}
}

// splitLeaf moves the upper half of a full leaf to a new one and returns where place i of the old leaf is now.
func (o *Ordered) splitLeaf(owner, leaf int32, i int) (int32, int) {
	right := o.leaves.take()
	from, to := o.slots(leaf), o.slots(right)
	half := fanout / 2
	if i == fanout {
		// Rows come in ascending order: leave the old leaf full.
		half = fanout - 1
	}
	copy(to, from[half:])
	o.setCount(leaf, half)
	o.setCount(right, fanout-half)
	for _, id := range to[:fanout-half] {
		o.setLeaf(id, right)
	}
	o.addSibling(owner, leaf, right, 0, fanout-half)
	if i <= half && i < fanout {
		return leaf, i
	}
	return right, i - half
}

// addSibling enters the node right, with rows rows moved out of left, into the parent of left.
func (o *Ordered) addSibling(owner, left, right int32, level, rows int) {
	up := parentOf(o.node(left, level))
	if up < 0 {
		up = o.inners.take()
		row := o.inners.At(up)
		row[0] = 1 | uint64(level+1)<<16
		head := o.owner.Word(owner, o.headAt)
		row[innerAt] = uint64(uint32(left)) | *head>>32<<32
		firsts(row)[0] = o.first(left, level)
		setParent(o.node(left, level), up)
		*head = *head>>32<<32 | rootWord(up, true)
	}
	if countOf(o.inners.At(up)) == fanout {
		up = o.splitInner(owner, up, left)
	}
	row := o.inners.At(up)
	n, i := countOf(row), childAt(row, left)
	row[innerAt+i] -= uint64(rows) << 32
	copy(row[innerAt+i+2:innerAt+n+1], row[innerAt+i+1:innerAt+n])
	row[innerAt+i+1] = uint64(uint32(right)) | uint64(rows)<<32
	f := firsts(row)
	copy(f[i+2:n+1], f[i+1:n])
	f[i+1] = o.first(right, level)
	setCount(row, n+1)
	setParent(o.node(right, level), up)
}

// splitInner moves the upper half of a full inner node to a new one and returns the one that has the child.
func (o *Ordered) splitInner(owner, node, child int32) int32 {
	right := o.inners.take()
	from, to := o.inners.At(node), o.inners.At(right)
	level := levelOf(from)
	const half = fanout / 2
	to[0] = (fanout - half) | uint64(level)<<16
	copy(to[innerAt:], from[innerAt+half:innerAt+fanout])
	copy(firsts(to), firsts(from)[half:fanout])
	setCount(from, half)
	rows, found := 0, false
	for i := range fanout - half {
		c := int32(uint32(to[innerAt+i]))
		rows += int(to[innerAt+i] >> 32)
		setParent(o.node(c, level-1), right)
		found = found || c == child
	}
	o.addSibling(owner, node, right, level, rows)
	if found {
		return right
	}
	return node
}

// prune frees an empty leaf and the inner nodes that it leaves empty.
func (o *Ordered) prune(leaf int32, head *uint64) {
	up := parentOf(o.leaves.At(leaf))
	o.leaves.give(leaf)
	if up < 0 {
		*head = 0
		return
	}
	child, level := leaf, 0
	for {
		row := o.inners.At(up)
		n, i := countOf(row), childAt(row, child)
		if n > 1 {
			copy(row[innerAt+i:innerAt+n-1], row[innerAt+i+1:innerAt+n])
			f := firsts(row)
			copy(f[i:n-1], f[i+1:n])
			setCount(row, n-1)
			o.climbInner(up, level+1, i == 0)
			break
		}
		child, level = up, level+1
		up = parentOf(row)
		o.inners.give(child)
		if up < 0 {
			*head = 0
			return
		}
	}
	o.shrink(head)
}

// climbInner takes one row off the counts above an inner node, like climb.
func (o *Ordered) climbInner(node int32, level int, newFirst bool) {
	child := node
	for up := parentOf(o.inners.At(node)); up >= 0; level++ {
		row := o.inners.At(up)
		i := childAt(row, child)
		row[innerAt+i] -= 1 << 32
		if newFirst {
			firsts(row)[i] = o.first(child, level)
			newFirst = i == 0
		}
		child, up = up, parentOf(row)
	}
}

// shrink takes roots with a single child away.
func (o *Ordered) shrink(head *uint64) {
	for {
		root, inner := rootOf(*head)
		if !inner {
			return
		}
		row := o.inners.At(root)
		if countOf(row) > 1 {
			return
		}
		child, level := int32(uint32(row[innerAt])), levelOf(row)-1
		setParent(o.node(child, level), -1)
		*head = *head>>32<<32 | rootWord(child, level > 0)
		o.inners.give(root)
	}
}

// reset forgets all nodes; the rows are reset with the other tables of the space.
func (o *Ordered) reset() {
	o.leaves.reset(0)
	o.inners.reset(0)
}
