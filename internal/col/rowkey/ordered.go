// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowkey

import (
	"encoding/binary"
	"fmt"
	"math"

	"spate/batch"
	"spate/schema"
)

// An ordered key is, for each column, a byte that places NULL (absent when the type is NOT NULL) and the value; for DESC all bytes of
// the value are inverted. Values are
//
//	BOOLEAN          0 or 1
//	integers, times  big endian with the sign bit flipped; 16 bytes for wide DECIMAL; micros and nanos for TIMESTAMP(7-9)
//	FLOAT, DOUBLE    big endian bits, sign bit flipped when positive, all bits when negative: -0.0 < 0.0 < NaN, as Double.compare
//	bytes            each 0x00 written 0x00 0xff, ended by 0x00 0x00: the order of unsigned bytes, that of Flink's strings
//	ARRAY            each element a 0x01 and an element with its NULL byte, ended by 0x00: element by element, then by length
//	ROW              fields with their NULL bytes
//
// Inside values NULL comes first.

const (
	nullFirst = 0x00
	present   = 0x01
	nullLast  = 0x02

	escaped = 0xff // Follows a 0x00 that belongs to the value.
	ended   = 0x00 // Follows the 0x00 that ends a value.

	elementFollows = 0x01
	noMoreElements = 0x00
)

// Order is the direction of one key column.
type Order struct {
	Desc      bool
	NullsLast bool
}

// DefaultOrder is Flink's: NULL is lower than everything, so first when ascending and last when descending.
func DefaultOrder(desc bool) Order { return Order{Desc: desc, NullsLast: desc} }

// Ordered makes keys whose byte order is the SQL order. It is stateless after New and safe for concurrent use.
type Ordered struct {
	types  []*schema.Type
	orders []Order
	fixed  int
}

// NewOrdered returns an encoder of ordered keys. It fails for types that have no order: MAP, MULTISET, VARIANT, BITMAP, RAW and what
// contains them.
func NewOrdered(types []*schema.Type, orders []Order) (*Ordered, error) {
	o := &Ordered{types: types, orders: orders}
	fixed := true
	for _, t := range types {
		if !Comparable(t) {
			return nil, fmt.Errorf("type %s has no order", t.Summary())
		}
		w := orderedWidth(t.Physical())
		if w < 0 || t.Nullable {
			// NULL takes one byte, a value more: the size varies.
			fixed = false
		}
		o.fixed += w
	}
	if !fixed {
		o.fixed = 0
	}
	return o, nil
}

// Comparable tells whether values of the type have an order.
func Comparable(t *schema.Type) bool {
	switch t.Root {
	case schema.Map, schema.Multiset, schema.Variant, schema.Bitmap, schema.Raw, schema.Invalid, schema.Symbol, schema.Descriptor:
		return false
	default:
	}
	for _, k := range t.Children() {
		if !Comparable(k) {
			return false
		}
	}
	return true
}

func orderedWidth(p schema.Physical) int {
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
	}
	return -1
}

// Fixed returns the size of all keys in bytes, or 0 when keys have their own sizes.
func (o *Ordered) Fixed() int { return o.fixed }

// AppendKey appends the key of row i of cols to dst.
func (o *Ordered) AppendKey(dst []byte, cols []*batch.Vector, i int) []byte {
	for c, v := range cols {
		ord := o.orders[c]
		if v.IsNull(i) {
			if ord.NullsLast {
				dst = append(dst, nullLast)
			} else {
				dst = append(dst, nullFirst)
			}
			continue
		}
		if o.types[c].Nullable {
			dst = append(dst, present)
		}
		at := len(dst)
		dst = appendOrdered(dst, v, i)
		if ord.Desc {
			for k := at; k < len(dst); k++ {
				dst[k] = ^dst[k]
			}
		}
	}
	return dst
}

// Encode replaces dst with the keys of cols, one for each of the positions 0..n-1, or of those in sel when it is not nil.
func (o *Ordered) Encode(cols []*batch.Vector, sel []int32, n int, dst *Keys) {
	if sel != nil {
		n = len(sel)
	}
	dst.N, dst.Fixed = n, o.fixed
	dst.Data, dst.Offsets = dst.Data[:0], dst.Offsets[:0]
	for k := range n {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
		dst.Data = o.AppendKey(dst.Data, cols, i)
	}
	dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
}

// appendOrdered appends the value of row i, which is not NULL.
func appendOrdered(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsConst() {
		i = 0
	}
	be := binary.BigEndian
	switch v.Physical() {
	case schema.PhysNone:
		return dst
	case schema.PhysBool:
		if v.Bool(i) {
			return append(dst, 1)
		}
		return append(dst, 0)
	case schema.PhysInt8:
		return append(dst, batch.Values[uint8](v)[i]^1<<7)
	case schema.PhysInt16:
		return be.AppendUint16(dst, batch.Values[uint16](v)[i]^1<<15)
	case schema.PhysInt32:
		return be.AppendUint32(dst, batch.Values[uint32](v)[i]^1<<31)
	case schema.PhysInt64:
		return be.AppendUint64(dst, batch.Values[uint64](v)[i]^1<<63)
	case schema.PhysFloat32:
		return be.AppendUint32(dst, orderedFloat32(batch.Values[float32](v)[i]))
	case schema.PhysFloat64:
		return be.AppendUint64(dst, orderedFloat64(batch.Values[float64](v)[i]))
	case schema.PhysInt128:
		x := batch.Values[schema.Int128](v)[i]
		return be.AppendUint64(be.AppendUint64(dst, uint64(x.Hi)^1<<63), x.Lo)
	case schema.PhysTime9:
		dst = be.AppendUint64(dst, batch.Values[uint64](v)[i]^1<<63)
		return be.AppendUint16(dst, uint16(v.Nanos()[i]))
	case schema.PhysBytes:
		return appendEscaped(dst, v.Bytes(i))
	case schema.PhysList:
		o := v.Offsets()
		for j := int(o[i]); j < int(o[i+1]); j++ {
			dst = appendPlaced(append(dst, elementFollows), v.Child(0), j)
		}
		return append(dst, noMoreElements)
	case schema.PhysStruct:
		for f := range v.NumChildren() {
			dst = appendPlaced(dst, v.Child(f), i)
		}
		return dst
	case schema.PhysMap:
	}
	panic("BUG: ordered key of " + v.Type().String())
}

// appendPlaced appends a nested value with its NULL byte.
func appendPlaced(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, nullFirst)
	}
	return appendOrdered(append(dst, present), v, i)
}

func appendEscaped(dst, b []byte) []byte {
	from := 0
	for k, c := range b {
		if c == 0 {
			dst = append(append(dst, b[from:k]...), 0, escaped)
			from = k + 1
		}
	}
	return append(append(dst, b[from:]...), 0, ended)
}

func orderedFloat64(f float64) uint64 {
	b := math.Float64bits(f)
	switch {
	case f != f:
		return 1<<63 | 0x7ff8000000000000
	case b>>63 == 0:
		return b | 1<<63
	default:
		return ^b
	}
}

func orderedFloat32(f float32) uint32 {
	b := math.Float32bits(f)
	switch {
	case f != f:
		return 1<<31 | 0x7fc00000
	case b>>31 == 0:
		return b | 1<<31
	default:
		return ^b
	}
}
