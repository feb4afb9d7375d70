// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"math"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// Copy copies rows one after the other into dst, which has room for them, all their words.
func (t *Table) Copy(ids []int32, dst []uint64) {
	w := t.width
	for j, id := range ids {
		copy(dst[j*w:(j+1)*w], t.At(id))
	}
}

// AppendKeys appends the key columns of n copied rows (Copy) to the vectors, one per key column. Strings of the key are read from
// the table, so the rows must still be there.
func (t *Table) AppendKeys(rows []uint64, n int, into []*batch.Vector) {
	if n == 0 {
		return
	}
	var nulls uint64
	for j := range n {
		nulls |= rows[j*t.width]
	}
	for i := range t.key.cols {
		c := &t.key.cols[i]
		v := into[i]
		n0 := v.Len()
		t.appendKey(i, rows, n, v)
		switch {
		case c.phys == schema.PhysNone:
		case i >= nullBits:
			o, bit := 1+t.key.nullAt+(i-nullBits)/64, uint((i-nullBits)%64)
			for j := range n {
				if rows[j*t.width+o]>>bit&1 != 0 {
					v.SetNull(n0 + j)
				}
			}
		case nulls>>(nullShift+i)&1 != 0:
			for j := range n {
				if rows[j*t.width]>>(nullShift+i)&1 != 0 {
					v.SetNull(n0 + j)
				}
			}
		}
	}
}

// appendKey appends one key column, zero where it is NULL.
func (t *Table) appendKey(i int, rows []uint64, n int, v *batch.Vector) {
	c := &t.key.cols[i]
	off, w := 1+c.off, t.width
	n0 := v.Len()
	switch c.phys {
	case schema.PhysNone:
		v.ResizeRows(n0 + n)
	case schema.PhysBool:
		for j := range n {
			v.AppendBool(rows[j*w+off] != 0)
		}
	case schema.PhysInt8:
		takeInts(batch.Resize[int8](v, n0+n)[n0:], rows[off:], w)
	case schema.PhysInt16:
		takeInts(batch.Resize[int16](v, n0+n)[n0:], rows[off:], w)
	case schema.PhysInt32:
		takeInts(batch.Resize[int32](v, n0+n)[n0:], rows[off:], w)
	case schema.PhysInt64:
		takeInts(batch.Resize[int64](v, n0+n)[n0:], rows[off:], w)
	case schema.PhysFloat32:
		d := batch.Resize[float32](v, n0+n)[n0:]
		for j := range d {
			d[j] = float32(math.Float64frombits(rows[j*w+off]))
		}
	case schema.PhysFloat64:
		d := batch.Resize[float64](v, n0+n)[n0:]
		for j := range d {
			d[j] = math.Float64frombits(rows[j*w+off])
		}
	case schema.PhysInt128:
		d := batch.Resize[schema.Int128](v, n0+n)[n0:]
		for j := range d {
			d[j] = schema.Int128{Lo: rows[j*w+off], Hi: int64(rows[j*w+off+1])}
		}
	case schema.PhysTime9:
		for j := range n {
			v.AppendTime9(int64(rows[j*w+off]), int16(rows[j*w+off+1]))
		}
	case schema.PhysBytes:
		t.AppendViews(rows[off:], n, v)
	case schema.PhysList, schema.PhysMap, schema.PhysStruct:
		t.appendNested(i, rows, n, v)
	}
}

func takeInts[T int8 | int16 | int32 | int64](dst []T, rows []uint64, step int) {
	for j := range dst {
		dst[j] = T(rows[j*step])
	}
}

// AppendViews appends the strings of a view in n copied rows to a vector; rows starts at the view's first word.
func (t *Table) AppendViews(rows []uint64, n int, v *batch.Vector) {
	var buf [16]byte
	for j := range n {
		v.AppendBytes(t.view(rows[j*t.width], rows[j*t.width+1], buf[:0]))
	}
}

// ViewBytes returns the string of a Bytes field in a copied row, given the row from the field on. It is valid as long as the string is
// in the table (Hold) and up to the next change of a Bytes field.
func (t *Table) ViewBytes(row []uint64, buf []byte) []byte { return t.view(row[0], row[1], buf) }

func (t *Table) appendNested(i int, rows []uint64, n int, v *batch.Vector) {
	c := &t.key.cols[i]
	if t.codecs == nil {
		t.codecs = make([]*rowcodec.Codec, len(t.key.cols))
	}
	if t.codecs[i] == nil {
		t.codecs[i] = rowcodec.New([]*schema.Type{c.typ.WithNull(true)}, rowcodec.Options{Key: true})
	}
	var buf [16]byte
	for j := range n {
		r := rows[j*t.width:]
		if r[0]>>(nullShift+i)&1 != 0 && i < nullBits || viewLen(r[1+c.off]) == 0 {
			v.AppendNull()
			continue
		}
		t.codecs[i].AppendRow([]*batch.Vector{v}, t.view(r[1+c.off], r[2+c.off], buf[:0]))
	}
}
