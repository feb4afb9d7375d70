// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package fill is what the text formats share: columns that are written row by row from text, reading of numbers and times in words of
// eight bytes, and the conversion of text to values as Flink's formats do it.
//
// A decoder calls Begin, then for every row writes each column once at the row's index (or calls Undo to take the row back), then End.
// Columns of the common types expose their slices, so that a decoder writes them without a call; all others are appended to their
// vector. A Rows belongs to one decoder and is not safe for concurrent use.
package fill

import (
	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// Kind is how a column is written.
type Kind uint8

// Kinds of columns.
const (
	Skip   Kind = iota // Not asked for.
	Int64              // BIGINT, INTERVAL DAY TO SECOND: into Ints.
	Int32              // INT, INTERVAL YEAR TO MONTH: into Ints32.
	Millis             // TIMESTAMP(3): into Ints.
	Text               // CHAR, VARCHAR: appended to Data, the end in Off.
	Other              // Appended to Vec.
)

// Column is a column in the making.
type Column struct {
	Name string
	Type *schema.Type
	Kind Kind
	Own  int // Index of the own vector of the batch; -1 for Skip.
	Vec  *batch.Vector

	Ints   []int64
	Ints32 []int32
	Off    []int32
	Data   []byte

	// Stamp is free for the decoder, to tell which columns a row has.
	Stamp int
}

// Rows is the columns of a stream of rows, in the order of the data.
type Rows struct {
	Columns []Column
	first   int // Row at Begin.
	room    int // Rows that the columns have room for.
	start   int // Bytes of the fullest text column at Begin.
}

// NewRows returns the columns of a schema; wanted lists those to produce, into their own vectors, nil for 0..len-1.
func NewRows(columns schema.Schema, wanted, into []int) *Rows {
	r := &Rows{Columns: make([]Column, len(columns))}
	for i, c := range columns {
		r.Columns[i] = Column{Name: c.Name, Type: c.Type, Own: -1}
	}
	for k, i := range wanted {
		c := &r.Columns[i]
		c.Own, c.Kind = k, kindOf(c.Type)
		if into != nil {
			c.Own = into[k]
		}
	}
	return r
}

func kindOf(t *schema.Type) Kind {
	switch t.Root {
	case schema.BigInt, schema.IntervalDayTime:
		return Int64
	case schema.Int, schema.IntervalYearMonth:
		return Int32
	case schema.Char, schema.Varchar:
		return Text
	case schema.Timestamp:
		if t.Precision == 3 {
			return Millis
		}
		return Other
	default:
		return Other
	}
}

// Begin makes room for limit rows behind those that the batch has and returns the index of the first.
func (r *Rows) Begin(b *batch.Batch, limit int) int {
	r.first, r.room, r.start = b.Len(), b.Len()+limit, 0
	for i := range r.Columns {
		c := &r.Columns[i]
		if c.Kind == Skip {
			continue
		}
		c.Vec = b.Own(c.Own)
		c.Stamp = -1
		switch c.Kind {
		case Int64, Millis:
			c.Ints = batch.Resize[int64](c.Vec, r.room)
		case Int32:
			c.Ints32 = batch.Resize[int32](c.Vec, r.room)
		case Text:
			size := len(c.Vec.Data())
			c.Off, _ = c.Vec.ResizeBytes(r.room, size)
			c.Data = c.Vec.GrowData(0)
			r.start = max(r.start, size)
		case Other, Skip:
		}
	}
	return r.first
}

// TextLeft is how many bytes may be decoded before a text column could exceed the bound of a batch.
func (r *Rows) TextLeft() int { return max(batch.MaxBytes-r.start, 1) }

// End closes the columns at rows rows and tells the batch.
func (r *Rows) End(b *batch.Batch, rows int) {
	for i := range r.Columns {
		c := &r.Columns[i]
		switch c.Kind {
		case Int64, Millis:
			batch.Resize[int64](c.Vec, rows)
		case Int32:
			batch.Resize[int32](c.Vec, rows)
		case Text:
			c.Vec.SetData(c.Data)
			c.Vec.ResizeBytes(rows, len(c.Data))
		case Other, Skip:
		}
		c.Vec, c.Ints, c.Ints32, c.Off, c.Data = nil, nil, nil, nil, nil
	}
	b.SetLen(rows)
}

// Undo takes back what was written of a row.
func (r *Rows) Undo(row int) {
	for i := range r.Columns {
		r.Columns[i].Undo(row)
	}
}

// Undo takes back the column's value of a row, if it was written.
func (c *Column) Undo(row int) {
	switch c.Kind {
	case Skip:
		return
	case Other:
		Truncate(c.Vec, row)
		return
	case Text:
		c.Data = c.Data[:c.Off[row]]
	case Int64, Int32, Millis:
	}
	if c.Vec.HasNulls() {
		c.Vec.MakeValid()[row>>6] |= 1 << (uint(row) & 63)
	}
}

// SetNull makes the column's value of a row NULL.
func (c *Column) SetNull(row int) {
	switch c.Kind {
	case Skip:
		return
	case Other:
		c.Vec.AppendNull()
		return
	case Text:
		c.Off[row+1] = int32(len(c.Data))
	case Int64, Int32, Millis:
	}
	c.Vec.SetNull(row)
}

// Room makes room for n more bytes of text.
func (c *Column) Room(n int) {
	if cap(c.Data)-len(c.Data) < n {
		c.Vec.SetData(c.Data)
		c.Data = c.Vec.GrowData(n)
	}
}

// minGrowth is the least room that Grow makes.
const minGrowth = 1024

// Grow makes room for more text behind the first n bytes of the column's data, which may reach beyond its length, and returns the
// data up to its capacity.
func (c *Column) Grow(n int) []byte {
	c.Vec.SetData(c.Data[:n])
	d := c.Vec.GrowData(minGrowth)
	c.Data = d[:len(c.Data)]
	return d[:cap(d)]
}

// SetText sets the column's value of a row to the bytes; the column is of kind Text.
func (c *Column) SetText(row int, s []byte) {
	c.Room(len(s))
	c.Data = append(c.Data, s...)
	c.Off[row+1] = int32(len(c.Data))
}

// Truncate cuts a vector that is being appended to down to n rows, and takes back what was appended to the children of a row that did not
// come to its end.
func Truncate(v *batch.Vector, n int) {
	if v.Len() < n || v.Len() == n && v.NumChildren() == 0 {
		return
	}
	if v.HasNulls() && v.Len() > n {
		valid := v.MakeValid()
		for i := n; i < v.Len(); i++ {
			valid[i>>6] |= 1 << (uint(i) & 63)
		}
	}
	switch v.Physical() {
	case schema.PhysNone, schema.PhysStruct:
		v.ResizeRows(n)
		for i := range v.NumChildren() {
			Truncate(v.Child(i), n)
		}
	case schema.PhysBool:
		v.ResizeBits(n)
	case schema.PhysInt8:
		truncate[int8](v, n)
	case schema.PhysInt16:
		truncate[int16](v, n)
	case schema.PhysInt32, schema.PhysFloat32:
		truncate[int32](v, n)
	case schema.PhysInt64, schema.PhysFloat64, schema.PhysTime9:
		truncate[int64](v, n)
	case schema.PhysInt128:
		truncate[schema.Int128](v, n)
	case schema.PhysBytes:
		v.ResizeBytes(n, int(v.Offsets()[n]))
	case schema.PhysList, schema.PhysMap:
		end := int(v.ResizeList(n)[n])
		for i := range v.NumChildren() {
			Truncate(v.Child(i), end)
		}
	}
}

func truncate[T mem.Fixed](v *batch.Vector, n int) { batch.Resize[T](v, n) }
