// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowcodec

import (
	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// Decode appends all rows to the vectors, one per column.
func (c *Codec) Decode(rows *Rows, into []*batch.Vector) {
	c.list = sized(c.list, rows.N)
	for i := range c.list {
		c.list[i] = rows.Row(i)
	}
	c.AppendRows(into, c.list)
	clear(c.list)
}

// AppendRow appends one encoded row to the vectors, one per column. AppendRows is faster for many.
func (c *Codec) AppendRow(into []*batch.Vector, row []byte) {
	at := c.header
	for i := range c.cols {
		col, v := &c.cols[i], into[i]
		if col.isNull(row) {
			v.AppendNull()
			continue
		}
		b := row[col.off:]
		switch col.phys {
		case schema.PhysInt64, schema.PhysFloat64:
			batch.Append(v, le.Uint64(b))
		case schema.PhysInt32, schema.PhysFloat32:
			batch.Append(v, le.Uint32(b))
		case schema.PhysBytes:
			end := at + int(le.Uint32(b))
			v.AppendBytes(row[at:end])
			at = end
		case schema.PhysList, schema.PhysMap, schema.PhysStruct:
			end := at + int(le.Uint32(b))
			readValue(v, row[at:end])
			at = end
		default:
			readValue(v, b)
		}
	}
}

// AppendRows appends encoded rows to the vectors, one per column. The rows must have been written by a codec of the same types,
// options and version, and reached the caller unharmed (checksums are the business of whoever stored them); other bytes panic or
// give other values.
func (c *Codec) AppendRows(into []*batch.Vector, rows [][]byte) {
	nulls := c.maskUnion(rows)
	c.cur = sized(c.cur, len(rows))
	for k := range c.cur {
		c.cur[k] = int32(c.header)
	}
	for i := range c.cols {
		col, v := &c.cols[i], into[i]
		n0 := v.Len()
		hasNulls := col.null >= 0 && nulls[col.null>>3]>>(col.null&7)&1 != 0
		switch {
		case col.phys == schema.PhysBytes:
			c.takeBytes(col, v, rows)
		case col.vary:
			c.takeNested(col, v, rows)
			continue
		default:
			takeFixed(col, v, rows)
		}
		if hasNulls {
			for k, r := range rows {
				if col.isNull(r) {
					v.SetNull(n0 + k)
				}
			}
		}
	}
}

func (col *column) isNull(row []byte) bool {
	return col.null >= 0 && row[col.null>>3]>>(col.null&7)&1 != 0
}

// maskUnion returns the null mask of all rows together.
func (c *Codec) maskUnion(rows [][]byte) []byte {
	c.union = sized(c.union, c.mask)
	switch c.mask {
	case 0:
	case 1:
		var u byte
		for _, r := range rows {
			u |= r[0]
		}
		c.union[0] = u
	default:
		clear(c.union)
		for _, r := range rows {
			for j, m := range r[:c.mask] {
				c.union[j] |= m
			}
		}
	}
	return c.union
}

func takeFixed(col *column, v *batch.Vector, rows [][]byte) {
	n0, n := v.Len(), v.Len()+len(rows)
	switch col.phys {
	case schema.PhysBool:
		for _, r := range rows {
			v.AppendBool(r[col.off] != 0)
		}
	case schema.PhysInt8:
		for k, d := 0, batch.Resize[uint8](v, n)[n0:]; k < len(rows); k++ {
			d[k] = rows[k][col.off]
		}
	case schema.PhysInt16:
		for k, d := 0, batch.Resize[uint16](v, n)[n0:]; k < len(rows); k++ {
			d[k] = le.Uint16(rows[k][col.off:])
		}
	case schema.PhysInt32, schema.PhysFloat32:
		for k, d := 0, batch.Resize[uint32](v, n)[n0:]; k < len(rows); k++ {
			d[k] = le.Uint32(rows[k][col.off:])
		}
	case schema.PhysInt64, schema.PhysFloat64:
		for k, d := 0, batch.Resize[uint64](v, n)[n0:]; k < len(rows); k++ {
			d[k] = le.Uint64(rows[k][col.off:])
		}
	case schema.PhysInt128:
		for k, d := 0, batch.Resize[schema.Int128](v, n)[n0:]; k < len(rows); k++ {
			b := rows[k][col.off : col.off+16]
			d[k] = schema.Int128{Lo: le.Uint64(b), Hi: int64(le.Uint64(b[8:]))}
		}
	case schema.PhysTime9:
		d := batch.Resize[uint64](v, n)[n0:]
		nanos := v.ResizeNanos()[n0:]
		for k, r := range rows {
			d[k] = le.Uint64(r[col.off:])
			nanos[k] = int16(le.Uint16(r[col.off+8:]))
		}
	case schema.PhysNone:
		v.ResizeRows(n)
	case schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
	}
}

// takeBytes appends the bytes of one variable column and moves the cursors.
func (c *Codec) takeBytes(col *column, v *batch.Vector, rows [][]byte) {
	cur := c.cur[:len(rows)]
	size := 0
	for _, r := range rows {
		size += int(le.Uint32(r[col.off:]))
	}
	n0 := v.Len()
	at := len(v.Data())
	offs, data := v.ResizeBytes(n0+len(rows), at+size+mem.ShortCopy)
	offs = offs[n0+1:][:len(rows)]
	for k, r := range rows {
		lo := int(cur[k])
		n := int(le.Uint32(r[col.off:]))
		if n <= mem.ShortCopy && lo+mem.ShortCopy <= len(r) {
			mem.CopyShort(data, at, r, lo, n)
		} else {
			copy(data[at:], r[lo:lo+n])
		}
		at += n
		offs[k] = int32(at)
		cur[k] = int32(lo + n)
	}
	v.TruncateData(at)
}

// takeNested appends the values of one nested column and moves the cursors.
func (c *Codec) takeNested(col *column, v *batch.Vector, rows [][]byte) {
	for k, r := range rows {
		lo := c.cur[k]
		hi := lo + int32(le.Uint32(r[col.off:]))
		c.cur[k] = hi
		if col.isNull(r) {
			v.AppendNull()
			continue
		}
		readValue(v, r[lo:hi])
	}
}
