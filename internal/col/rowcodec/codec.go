// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package rowcodec turns rows of column vectors into bytes and back: the form in which state keeps keys and rows.
//
// A row of a layout is
//
//	null mask      one bit per maskable column, set when NULL, in whole bytes; absent when no column is maskable
//	fixed values   of the fixed-width columns in column order, little endian, packed; zero under NULL
//	lengths        uint32 of each variable column in column order; zero under NULL
//	(padding)      zeros up to a multiple of 8: only in keys without variable columns
//	bytes          of the variable columns in column order
//
// Nested values (ARRAY, MAP, MULTISET, ROW) are variable columns; inside them each value is a NULL flag followed by the value,
// see nested.go.
//
// Invariants:
//
//	R1. A row depends on the logical values only: equal rows have equal bytes, whatever the layout of the batch was.
//	R2. For keys (Options.Key) the reverse holds too, with Java's equality of floats: all NaN are one value, -0.0 is not 0.0;
//	    map entries have no order.
//	R3. The bytes hold no pointers, offsets are relative to the row: rows may be moved and stored.
//
// Version names the layout. It is stored once beside the rows (page, snapshot), never in a row.
//
// Threading: a Codec has scratch memory and belongs to one goroutine.
package rowcodec

import (
	"spate/batch"
	"spate/schema"
)

// Version is the version of the row layout that this package writes.
const Version = 1

// Rows is a list of encoded rows in one buffer. The zero value is ready; Encode reuses its memory.
type Rows struct {
	Fixed   int     // Bytes of every row, or 0 when rows differ in size.
	N       int     // Number of rows.
	Data    []byte  // The rows, one after the other.
	Offsets []int32 // N+1 starts of rows in Data, when Fixed is 0.
}

// Row returns row i; it aliases Data.
func (r *Rows) Row(i int) []byte {
	if r.Fixed > 0 {
		return r.Data[i*r.Fixed : (i+1)*r.Fixed : (i+1)*r.Fixed]
	}
	lo, hi := r.Offsets[i], r.Offsets[i+1]
	return r.Data[lo:hi:hi]
}

// Options say what the rows are for.
type Options struct {
	// Key makes bytes equal when and only when the values are (R2), takes no room for NULL where the type is NOT NULL, and pads
	// fixed-size rows to a multiple of 8 bytes.
	Key bool
}

// column is the place of one column in a row.
type column struct {
	typ   *schema.Type
	phys  schema.Physical
	off   int  // Of the value, or of the length of a variable column.
	null  int  // Bit in the mask, or -1.
	vary  bool // Bytes or nested: has a length and bytes.
	width int  // Bytes of a fixed value.
}

// Codec encodes and decodes rows of one list of types.
type Codec struct {
	cols   []column
	key    bool
	mask   int // Bytes of the null mask.
	header int // Bytes before the variable part.
	fixed  int // Bytes of a row when there is no variable column, else 0.

	starts  []int32 // Scratch: start of each row.
	cur     []int32 // Scratch: where the next variable column of each row goes or is.
	zeros   []int32 // Scratch: a selection of row 0, for constant vectors.
	nest    nestScratch
	list    [][]byte
	union   []byte // Null masks of several rows, ored.
	entries entrySorter
}

// New returns a codec of rows with the given column types.
func New(types []*schema.Type, o Options) *Codec {
	c := &Codec{key: o.Key, cols: make([]column, len(types))}
	bits := 0
	for i, t := range types {
		col := column{typ: t, phys: t.Physical(), null: -1}
		if t.Nullable || !o.Key {
			col.null = bits
			bits++
		}
		col.width = fixedWidth(col.phys)
		col.vary = col.width < 0
		c.cols[i] = col
	}
	c.mask = (bits + 7) / 8
	c.header = c.mask
	vary := false
	for i := range c.cols {
		if col := &c.cols[i]; !col.vary {
			col.off = c.header
			c.header += col.width
		}
	}
	for i := range c.cols {
		if col := &c.cols[i]; col.vary {
			col.off = c.header
			c.header += 4
			vary = true
		}
	}
	if !vary {
		c.fixed = c.header
		if o.Key {
			c.fixed = (c.header + 7) &^ 7
		}
		c.fixed = max(1, c.fixed)
		c.header = c.fixed
	}
	return c
}

// fixedWidth returns the bytes of a value of a fixed-width form, or -1.
func fixedWidth(p schema.Physical) int {
	switch p {
	case schema.PhysNone:
		return 0
	case schema.PhysBool, schema.PhysInt8:
		return 1
	case schema.PhysInt16:
		return 2
	case schema.PhysInt32, schema.PhysFloat32:
		return 4
	case schema.PhysInt64, schema.PhysFloat64:
		return 8
	case schema.PhysTime9:
		return 10
	case schema.PhysInt128:
		return 16
	case schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
		return -1
	}
	return -1
}

// Fixed returns the bytes of every row, or 0 when rows differ in size.
func (c *Codec) Fixed() int { return c.fixed }

// MinSize returns the bytes of the smallest row.
func (c *Codec) MinSize() int { return c.header }

// Encode replaces dst with the rows of cols: positions 0..n-1, or those of sel in its order when it is not nil.
func (c *Codec) Encode(cols []*batch.Vector, sel []int32, n int, dst *Rows) {
	if sel != nil {
		n = len(sel)
	}
	dst.N, dst.Fixed = n, c.fixed
	if c.fixed > 0 {
		dst.Data = sized(dst.Data, n*c.fixed)
		if c.fixed == 8 && len(c.cols) == 1 && c.cols[0].width == 8 && c.cols[0].null < 0 && c.encodeSingle(cols[0], sel, n, dst.Data) {
			return
		}
		clear(dst.Data)
		c.starts = strides(c.starts, n, c.fixed)
		c.encodeFixed(cols, sel, n, dst.Data, c.starts)
		return
	}
	c.encodeVary(cols, sel, n, dst)
}

// strides fills s with 0, step, 2*step, ... for n rows.
func strides(s []int32, n, step int) []int32 {
	s = sized(s, n)
	for k := range s {
		s[k] = int32(k * step)
	}
	return s
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, min(2*cap(s), n+n/2), 64))
	}
	return s[:n]
}

// selection returns the selection to read v by: that of the caller, or row 0 throughout for a constant vector.
func (c *Codec) selection(v *batch.Vector, sel []int32, n int) []int32 {
	if !v.IsConst() {
		return sel
	}
	if len(c.zeros) < n {
		c.zeros = make([]int32, n)
	}
	return c.zeros[:n]
}
