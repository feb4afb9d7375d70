// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package hash computes hashes of key columns, whole batches at a time.
//
// There are two families that share no bits: Route decides where a row goes (key groups, subtasks), Index where it lies in a
// table. Tables that indexed by the bits that routing had used up would be 90 times slower. Both are finalised: any bits will do.
//
// Invariants:
//
//	H1. A hash depends on the values only: equal values of types that are equal up to nullability and length have equal hashes,
//	    whatever the layout of the batch. NULL hashes to a constant, all NaN are one value, -0.0 is not 0.0, the entries of a map
//	    have no order.
//	H2. Route is part of the durable format (it places keys in key groups): its results never change. A golden test holds them.
//	    Index may change between releases; it is never stored.
//
// The functions are pure and allocate nothing.
package hash

import (
	"encoding/binary"
	"math/bits"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// secret holds the constants of one family: odd, with bits set evenly.
type secret struct{ start, a, b, c, null uint64 }

var (
	route = secret{
		start: 0x9ae16a3b2f90404f, a: 0xd6e8feb86659fd93, b: 0xc2b2ae3d27d4eb4f, c: 0xa24baed4963ee407,
		null: 0x71d67fffeda60001,
	}
	index = secret{
		start: 0x5851f42d4c957f2d, a: 0xe7037ed1a0b428db, b: 0x8ebc6af09c88c6e3, c: 0xb492b66fbe98f273,
		null: 0x589965cc75374cc3,
	}
)

// mum multiplies to 128 bits and folds.
func mum(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x, y)
	return hi ^ lo
}

// word hashes one word into h. The high bits are folded down first: a multiplication moves differences upwards only.
func (s *secret) word(h, x uint64) uint64 {
	h ^= x
	h ^= h >> 32
	return h * s.a
}

// finish spreads the last word over all bits.
func (s *secret) finish(h uint64) uint64 {
	h ^= h >> 32
	h *= s.b
	return h ^ h>>29
}

// bytes hashes a string of bytes into h.
func (s *secret) bytes(h uint64, p []byte) uint64 {
	n := len(p)
	var x, y uint64
	switch {
	case n > 16:
		i := 0
		for ; i+16 < n; i += 16 {
			h = mum(mem.Load64(p, i)^s.a, mem.Load64(p, i+8)^h)
		}
		x, y = mem.Load64(p, n-16), mem.Load64(p, n-8)
	case n >= 8:
		x, y = mem.Load64(p, 0), mem.Load64(p, n-8)
	case n >= 4:
		x, y = uint64(binary.LittleEndian.Uint32(p)), uint64(binary.LittleEndian.Uint32(p[n-4:]))
	case n > 0:
		x = uint64(p[0])<<16 | uint64(p[n>>1])<<8 | uint64(p[n-1])
	}
	h = mum(x^s.a, y^h)
	return mum(h^s.b, uint64(n)^s.c)
}

// Route writes the routing hashes of the key columns to out: out[k] is that of row k, or of row sel[k] when sel is not nil.
// len(out) is the number of rows.
func Route(cols []*batch.Vector, sel []int32, out []uint64) { route.columns(cols, sel, out) }

// Index writes the index hashes of the key columns to out, like Route.
func Index(cols []*batch.Vector, sel []int32, out []uint64) { index.columns(cols, sel, out) }

// RouteBytes returns the routing hash of a string of bytes. It is not that of a column with this value.
func RouteBytes(p []byte) uint64 { return route.finish(route.bytes(route.start, p)) }

// IndexBytes returns the index hash of an encoded key (package rowkey) whose size is not fixed.
func IndexBytes(key []byte) uint64 { return index.finish(index.bytes(index.start, key)) }

// IndexWord returns the index hash of an encoded key of 8 bytes, taken as a little-endian word.
func IndexWord(key uint64) uint64 { return index.finish(index.word(index.start, key)) }

// IndexWords writes the index hashes of encoded keys of 8 bytes each to out: out[k] = IndexWord of key k.
func IndexWords(keys []byte, out []uint64) {
	oneWord(&index, mem.View[uint64](keys), out)
}

// IndexFixed writes the index hashes of encoded keys of size bytes each, a multiple of 8, to out.
func IndexFixed(keys []byte, size int, out []uint64) {
	if size == 8 {
		IndexWords(keys, out)
		return
	}
	words := mem.View[uint64](keys)
	per := size / 8
	for k := range out {
		h := index.start
		for _, x := range words[k*per : (k+1)*per] {
			h = index.word(h, x)
		}
		out[k] = index.finish(h)
	}
}

// IndexVary writes the index hashes of encoded keys that start at the given offsets to out.
func IndexVary(keys []byte, offsets []int32, out []uint64) {
	offsets = offsets[:len(out)+1]
	for k := range out {
		out[k] = IndexBytes(keys[offsets[k]:offsets[k+1]])
	}
}

func (s *secret) columns(cols []*batch.Vector, sel []int32, out []uint64) {
	if len(cols) == 1 && sel == nil && s.single(cols[0], out) {
		return
	}
	for k := range out {
		out[k] = s.start
	}
	for _, v := range cols {
		s.column(v, sel, out)
	}
	b := s.b
	for k, h := range out {
		h ^= h >> 32
		h *= b
		out[k] = h ^ h>>29
	}
}

// single does all in one pass for the most frequent keys: one integer column without NULL, all rows. It says no to others.
func (s *secret) single(v *batch.Vector, out []uint64) bool {
	if v.IsConst() || v.HasNulls() {
		return false
	}
	switch v.Physical() {
	case schema.PhysInt32:
		oneWord(s, batch.Values[int32](v), out)
	case schema.PhysInt64:
		oneWord(s, batch.Values[int64](v), out)
	default:
		return false
	}
	return true
}

func oneWord[T int32 | int64 | uint64](s *secret, vals []T, out []uint64) {
	start, a, b := s.start, s.a, s.b
	vals = vals[:len(out)]
	for k, x := range vals {
		h := uint64(int64(x)) ^ start
		h ^= h >> 32
		h *= a
		h ^= h >> 32
		h *= b
		out[k] = h ^ h>>29
	}
}

// column hashes one column into out.
func (s *secret) column(v *batch.Vector, sel []int32, out []uint64) {
	if v.IsConst() {
		s.general(v, sel, out)
		return
	}
	switch v.Physical() {
	case schema.PhysInt8:
		words(s, batch.Values[int8](v), v.Valid(), sel, out)
	case schema.PhysInt16:
		words(s, batch.Values[int16](v), v.Valid(), sel, out)
	case schema.PhysInt32:
		words(s, batch.Values[int32](v), v.Valid(), sel, out)
	case schema.PhysInt64:
		words(s, batch.Values[int64](v), v.Valid(), sel, out)
	case schema.PhysBytes:
		if v.HasNulls() {
			s.general(v, sel, out)
			return
		}
		offs, data := v.Offsets(), v.Data()
		if sel == nil {
			offs = offs[:len(out)+1]
			for k := range out {
				out[k] = s.bytes(out[k], data[offs[k]:offs[k+1]])
			}
			return
		}
		for k, i := range sel[:len(out)] {
			out[k] = s.bytes(out[k], data[offs[i]:offs[i+1]])
		}
	default:
		s.general(v, sel, out)
	}
}

func words[T int8 | int16 | int32 | int64](s *secret, vals []T, valid []uint64, sel []int32, out []uint64) {
	a, null := s.a, s.null
	switch {
	case valid != nil:
		for k, h := range out {
			i := int32(k)
			if sel != nil {
				i = sel[k]
			}
			x := uint64(int64(vals[i]))
			if valid[i>>6]>>(uint(i)&63)&1 == 0 {
				x = null
			}
			h ^= x
			out[k] = (h ^ h>>32) * a
		}
	case sel == nil:
		vals = vals[:len(out)]
		for k, x := range vals {
			h := out[k] ^ uint64(int64(x))
			out[k] = (h ^ h>>32) * a
		}
	default:
		out = out[:len(sel)]
		for k, i := range sel {
			h := out[k] ^ uint64(int64(vals[i]))
			out[k] = (h ^ h>>32) * a
		}
	}
}

// general hashes any column, row by row.
func (s *secret) general(v *batch.Vector, sel []int32, out []uint64) {
	for k := range out {
		i := k
		switch {
		case v.IsConst():
			i = 0
		case sel != nil:
			i = int(sel[k])
		}
		out[k] = s.value(out[k], v, i)
	}
}

// value hashes row i of any vector into h.
func (s *secret) value(h uint64, v *batch.Vector, i int) uint64 {
	if v.IsNull(i) {
		return s.word(h, s.null)
	}
	switch v.Physical() {
	case schema.PhysBool:
		if v.Bool(i) {
			return s.word(h, 1)
		}
		return s.word(h, 0)
	case schema.PhysInt8:
		return s.word(h, uint64(int64(batch.Values[int8](v)[i])))
	case schema.PhysInt16:
		return s.word(h, uint64(int64(batch.Values[int16](v)[i])))
	case schema.PhysInt32:
		return s.word(h, uint64(int64(batch.Values[int32](v)[i])))
	case schema.PhysInt64:
		return s.word(h, uint64(batch.Values[int64](v)[i]))
	case schema.PhysFloat32:
		x := batch.Values[uint32](v)[i]
		if x&^(1<<31) > 0x7f800000 {
			x = 0x7fc00000
		}
		return s.word(h, uint64(x))
	case schema.PhysFloat64:
		x := batch.Values[uint64](v)[i]
		if x&^(1<<63) > 0x7ff0000000000000 {
			x = 0x7ff8000000000000
		}
		return s.word(h, x)
	case schema.PhysInt128:
		x := batch.Values[schema.Int128](v)[i]
		return s.word(s.word(h, x.Lo), uint64(x.Hi))
	case schema.PhysTime9:
		return s.word(s.word(h, batch.Values[uint64](v)[i]), uint64(v.Nanos()[i]))
	case schema.PhysBytes:
		return s.bytes(h, v.Bytes(i))
	case schema.PhysList, schema.PhysMap, schema.PhysStruct, schema.PhysNone:
		return s.nested(h, v, i)
	}
	return h
}

func (s *secret) nested(h uint64, v *batch.Vector, i int) uint64 {
	switch v.Physical() {
	case schema.PhysList:
		o := v.Offsets()
		h = s.word(h, uint64(o[i+1]-o[i]))
		for j := int(o[i]); j < int(o[i+1]); j++ {
			h = s.value(h, v.Child(0), j)
		}
	case schema.PhysMap:
		// The entries have no order: their hashes are added.
		o := v.Offsets()
		var sum uint64
		for j := int(o[i]); j < int(o[i+1]); j++ {
			sum += s.value(s.value(s.start, v.Child(0), j), v.Child(1), j)
		}
		h = s.word(s.word(h, uint64(o[i+1]-o[i])), sum)
	case schema.PhysStruct:
		for f := range v.NumChildren() {
			h = s.value(h, v.Child(f), i)
		}
	default:
	}
	return h
}
