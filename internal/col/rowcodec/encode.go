// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowcodec

import (
	"encoding/binary"
	"math"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/internal/sys/invariant"
	"spate/schema"
)

var le = binary.LittleEndian

// encodeSingle writes one NOT NULL column of 8 bytes, the most frequent key. It says no when values need canonical forms.
func (c *Codec) encodeSingle(v *batch.Vector, sel []int32, n int, data []byte) bool {
	if v.Physical() != schema.PhysInt64 || v.HasNulls() {
		return false
	}
	vals := batch.Values[uint64](v)
	switch sel := c.selection(v, sel, n); sel {
	case nil:
		copy(data, mem.Bytes(vals[:n]))
	default:
		for k, i := range sel {
			le.PutUint64(data[8*k:], vals[i])
		}
	}
	return true
}

// encodeFixed writes the values of the fixed-width columns and the null mask, which is zero before.
func (c *Codec) encodeFixed(cols []*batch.Vector, sel []int32, n int, data []byte, starts []int32) {
	for i := range c.cols {
		col, v := &c.cols[i], cols[i]
		s := c.selection(v, sel, n)
		if !col.vary {
			c.putFixed(col, v, s, n, data, starts)
		}
		if v.HasNulls() {
			putNulls(col, v, s, n, data, starts)
		} else if col.phys == schema.PhysNone && col.null >= 0 {
			for _, p := range starts[:n] {
				data[int(p)+col.null>>3] |= 1 << (col.null & 7)
			}
		}
	}
}

func putNulls(col *column, v *batch.Vector, sel []int32, n int, data []byte, starts []int32) {
	valid := v.Valid()
	for k := range n {
		i := int32(k)
		if sel != nil {
			i = sel[k]
		}
		if valid[i>>6]>>(uint(i)&63)&1 != 0 {
			continue
		}
		if invariant.Enabled && col.null < 0 {
			panic("BUG: NULL in a key column of type " + v.Type().String())
		}
		p := int(starts[k])
		if col.null >= 0 {
			data[p+col.null>>3] |= 1 << (col.null & 7)
		}
		if !col.vary {
			clear(data[p+col.off : p+col.off+col.width])
		}
	}
}

func (c *Codec) putFixed(col *column, v *batch.Vector, sel []int32, n int, data []byte, starts []int32) {
	starts = starts[:n]
	switch col.phys {
	case schema.PhysBool:
		putBool(data, starts, col.off, v, sel)
	case schema.PhysInt8:
		put1(data, starts, col.off, batch.Values[uint8](v), sel)
	case schema.PhysInt16:
		put2(data, starts, col.off, batch.Values[uint16](v), sel)
	case schema.PhysInt32:
		put4(data, starts, col.off, batch.Values[uint32](v), sel)
	case schema.PhysInt64:
		put8(data, starts, col.off, batch.Values[uint64](v), sel)
	case schema.PhysFloat32:
		put4(data, starts, col.off, batch.Values[uint32](v), sel)
		if c.key {
			canonicalFloats(data, starts, col.off)
		}
	case schema.PhysFloat64:
		put8(data, starts, col.off, batch.Values[uint64](v), sel)
		if c.key {
			canonicalDoubles(data, starts, col.off)
		}
	case schema.PhysInt128:
		put16(data, starts, col.off, batch.Values[schema.Int128](v), sel)
	case schema.PhysTime9:
		put8(data, starts, col.off, batch.Values[uint64](v), sel)
		put2(data, starts, col.off+8, v.Nanos(), sel)
	case schema.PhysNone, schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
	}
}

func putBool(data []byte, starts []int32, off int, v *batch.Vector, sel []int32) {
	bits := v.Bits()
	for k, p := range starts {
		i := uint(k)
		if sel != nil {
			i = uint(sel[k])
		}
		data[int(p)+off] = byte(bits[i>>6] >> (i & 63) & 1)
	}
}

func put1(data []byte, starts []int32, off int, vals []uint8, sel []int32) {
	if sel == nil {
		vals = vals[:len(starts)]
		for k, p := range starts {
			data[int(p)+off] = vals[k]
		}
		return
	}
	for k, i := range sel[:len(starts)] {
		data[int(starts[k])+off] = vals[i]
	}
}

func put2[T int16 | uint16](data []byte, starts []int32, off int, vals []T, sel []int32) {
	if sel == nil {
		vals = vals[:len(starts)]
		for k, p := range starts {
			le.PutUint16(data[int(p)+off:], uint16(vals[k]))
		}
		return
	}
	for k, i := range sel[:len(starts)] {
		le.PutUint16(data[int(starts[k])+off:], uint16(vals[i]))
	}
}

func put4(data []byte, starts []int32, off int, vals []uint32, sel []int32) {
	if sel == nil {
		vals = vals[:len(starts)]
		for k, p := range starts {
			le.PutUint32(data[int(p)+off:], vals[k])
		}
		return
	}
	for k, i := range sel[:len(starts)] {
		le.PutUint32(data[int(starts[k])+off:], vals[i])
	}
}

func put8(data []byte, starts []int32, off int, vals []uint64, sel []int32) {
	if sel == nil {
		vals = vals[:len(starts)]
		for k, p := range starts {
			le.PutUint64(data[int(p)+off:], vals[k])
		}
		return
	}
	for k, i := range sel[:len(starts)] {
		le.PutUint64(data[int(starts[k])+off:], vals[i])
	}
}

func put16(data []byte, starts []int32, off int, vals []schema.Int128, sel []int32) {
	for k, p := range starts {
		i := int32(k)
		if sel != nil {
			i = sel[k]
		}
		d := data[int(p)+off : int(p)+off+16]
		le.PutUint64(d, vals[i].Lo)
		le.PutUint64(d[8:], uint64(vals[i].Hi))
	}
}

// canonicalNaN64 and canonicalNaN32 are the one NaN of keys, that of Java.
const (
	canonicalNaN64 = 0x7ff8000000000000
	canonicalNaN32 = 0x7fc00000
)

func canonicalDoubles(data []byte, starts []int32, off int) {
	for _, p := range starts {
		d := data[int(p)+off : int(p)+off+8]
		if le.Uint64(d)&^(1<<63) > 0x7ff0000000000000 {
			le.PutUint64(d, canonicalNaN64)
		}
	}
}

func canonicalFloats(data []byte, starts []int32, off int) {
	for _, p := range starts {
		d := data[int(p)+off : int(p)+off+4]
		if le.Uint32(d)&^(1<<31) > 0x7f800000 {
			le.PutUint32(d, canonicalNaN32)
		}
	}
}

// encodeVary writes rows with variable columns: sizes first, then column by column.
func (c *Codec) encodeVary(cols []*batch.Vector, sel []int32, n int, dst *Rows) {
	c.nest.reset()
	dst.Offsets = sized(dst.Offsets, n+1)
	offs := dst.Offsets
	for k := range offs {
		offs[k] = int32(k * c.header)
	}
	total := int64(n) * int64(c.header)
	for i := range c.cols {
		col, v := &c.cols[i], cols[i]
		if !col.vary {
			continue
		}
		s := c.selection(v, sel, n)
		if col.phys != schema.PhysBytes {
			c.encodeNested(v, s, n)
			total += addSizes(offs, c.nest.last().offs, nil, nil)
			continue
		}
		total += addSizes(offs, v.Offsets(), v.Valid(), s)
	}
	if total > math.MaxInt32 {
		panic("BUG: encoded rows of one batch exceed 2 GiB")
	}
	dst.Data = sized(dst.Data, int(total))
	c.starts = append(c.starts[:0], offs[:n]...)
	c.clearMask(dst.Data)
	c.encodeFixed(cols, sel, n, dst.Data, c.starts)
	c.cur = sized(c.cur, n)
	for k, p := range c.starts {
		c.cur[k] = p + int32(c.header)
	}
	nested := 0
	for i := range c.cols {
		col, v := &c.cols[i], cols[i]
		if !col.vary {
			continue
		}
		if col.phys != schema.PhysBytes {
			b := &c.nest.cols[nested]
			nested++
			c.putBytes(dst, col.off, b.offs, b.data, nil, nil)
			continue
		}
		c.putBytes(dst, col.off, v.Offsets(), v.Data(), v.Valid(), c.selection(v, sel, n))
	}
}

func (c *Codec) clearMask(data []byte) {
	switch c.mask {
	case 0:
	case 1:
		for _, p := range c.starts {
			data[p] = 0
		}
	default:
		for _, p := range c.starts {
			clear(data[p : int(p)+c.mask])
		}
	}
}

// addSizes adds the running sizes of the values to ends[1:] and returns their sum.
func addSizes(ends, offs []int32, valid []uint64, sel []int32) int64 {
	ends = ends[1:]
	var acc int64
	switch {
	case valid == nil && sel == nil:
		offs = offs[:len(ends)+1]
		base := offs[0]
		for k := range ends {
			ends[k] += offs[k+1] - base
		}
		return int64(offs[len(ends)] - base)
	case valid == nil:
		for k, i := range sel[:len(ends)] {
			acc += int64(offs[i+1] - offs[i])
			ends[k] += int32(acc)
		}
	default:
		for k := range ends {
			i := int32(k)
			if sel != nil {
				i = sel[k]
			}
			if valid[i>>6]>>(uint(i)&63)&1 != 0 {
				acc += int64(offs[i+1] - offs[i])
			}
			ends[k] += int32(acc)
		}
	}
	return acc
}

// putBytes writes the lengths and bytes of one variable column and moves the cursors. A short copy spills behind the value, which must
// stay within the row: what is there belongs to later columns, which are written later.
func (c *Codec) putBytes(rows *Rows, off int, offs []int32, src []byte, valid []uint64, sel []int32) {
	data, starts := rows.Data, c.starts
	ends := rows.Offsets[1:][:len(starts)]
	cur := c.cur[:len(starts)]
	safe := len(src) - mem.ShortCopy
	for k, p := range starts {
		i := int32(k)
		if sel != nil {
			i = sel[k]
		}
		lo, hi := offs[i], offs[i+1]
		if len(valid) > 0 && valid[i>>6]>>(uint(i)&63)&1 == 0 {
			lo = hi
		}
		le.PutUint32(data[int(p)+off:], uint32(hi-lo))
		at := cur[k]
		if n := int(hi - lo); n <= mem.ShortCopy && int(lo) <= safe && at+mem.ShortCopy <= ends[k] {
			mem.CopyShort(data, int(at), src, int(lo), n)
		} else {
			copy(data[at:], src[lo:hi])
		}
		cur[k] = at + hi - lo
	}
}
