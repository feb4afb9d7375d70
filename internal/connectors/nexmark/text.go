// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import "spate/batch"

// copyPad bounds the texts that are copied with the length of the longest of their column, whatever their own: a copy of a few
// more bytes is cheaper than the mispredicted branches of a copy of varying length. Tables and columns have as many bytes to spare.
const copyPad = 256

// textColumn writes a column of type STRING front to back. Rows that are not written are empty.
type textColumn struct {
	v    *batch.Vector
	off  []int32
	data []byte
	row  int
	end  int
}

// newTextColumn resizes the vector to the generator's rows; texts of at most width bytes for the new rows of a kind are to come.
func (g *generator) newTextColumn(v *batch.Vector, kind, width int) textColumn {
	end := len(v.Data())
	off, data := v.ResizeBytes(g.rows, end+g.ofKind[kind]*width+copyPad)
	return textColumn{v: v, off: off, data: data, row: g.base, end: end}
}

// skipTo leaves the rows before the given one empty.
func (t *textColumn) skipTo(row int) {
	for ; t.row < row; t.row++ {
		t.off[t.row+1] = int32(t.end)
	}
}

// add appends bytes to the row in the making.
func (t *textColumn) add(s []byte) { t.end += copy(t.data[t.end:], s) }

// addText appends text i of a list to the row in the making.
func (t *textColumn) addText(list *texts, i uint64) { t.add(list.data[list.off[i]:list.off[i+1]]) }

// addByte appends one byte to the row in the making.
func (t *textColumn) addByte(c byte) {
	t.data[t.end] = c
	t.end++
}

// endRow ends the row in the making.
func (t *textColumn) endRow() {
	t.off[t.row+1] = int32(t.end)
	t.row++
}

// finish leaves the rest of the rows empty.
func (t *textColumn) finish(rows int) {
	t.skipTo(rows)
	t.v.TruncateData(t.end)
}

// blockWidth is the number of bytes to copy for every text of a column whose longest is width, or 0 for exact copies.
func blockWidth(width int) int {
	if width > copyPad {
		return 0
	}
	return max(width, 1)
}

// extraSize is the arithmetic of the lengths of the field extra for events of one size.
type extraSize struct {
	none  bool
	least int
	span  uint64
}

func newExtraSize(used, average int) extraSize {
	if used > average {
		return extraSize{none: true}
	}
	d := average - used
	delta := (2*d + 5) / 10
	return extraSize{least: d - delta, span: uint64(2 * delta)}
}

// length returns the length for a draw; below(r, 0) is 0.
func (x *extraSize) length(r uint64) int { return x.least + int(below(r, x.span)) }

// longest returns a bound of length.
func (x *extraSize) longest() int { return x.least + int(x.span) }
