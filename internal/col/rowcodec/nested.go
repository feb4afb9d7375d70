// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowcodec

import (
	"bytes"
	"sort"

	"spate/batch"
	"spate/schema"
)

// A nested value is encoded as
//
//	array          uint32 number of elements, elements
//	map, multiset  uint32 number of entries, then key and value of each; in keys sorted by the bytes of key and value
//	row            fields
//
// where elements, keys, values and fields are a byte, 1 for NULL, else 0 followed by the value: fixed-width values as in a row,
// bytes as uint32 length and bytes, nested ones as above.

// nestScratch holds the encoded nested columns of one batch.
type nestScratch struct {
	cols []nestColumn
	n    int
}

type nestColumn struct {
	offs []int32
	data []byte
}

func (s *nestScratch) reset() { s.n = 0 }

func (s *nestScratch) next() *nestColumn {
	if s.n == len(s.cols) {
		s.cols = append(s.cols, nestColumn{})
	}
	s.n++
	return s.last()
}

func (s *nestScratch) last() *nestColumn { return &s.cols[s.n-1] }

// encodeNested encodes the rows of a nested column into the scratch.
func (c *Codec) encodeNested(v *batch.Vector, sel []int32, n int) {
	b := c.nest.next()
	b.offs = append(b.offs[:0], 0)
	b.data = b.data[:0]
	for k := range n {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		if !v.IsNull(i) {
			b.data = c.appendValue(b.data, v, i)
		}
		b.offs = append(b.offs, int32(len(b.data)))
	}
}

// appendFlagged appends the NULL flag and the value of row i.
func (c *Codec) appendFlagged(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, 1)
	}
	return c.appendValue(append(dst, 0), v, i)
}

// appendValue appends the value of row i, which is not NULL.
func (c *Codec) appendValue(dst []byte, v *batch.Vector, i int) []byte {
	switch v.Physical() {
	case schema.PhysNone:
		return dst
	case schema.PhysBool:
		if v.Bool(i) {
			return append(dst, 1)
		}
		return append(dst, 0)
	case schema.PhysInt8:
		return append(dst, batch.Values[uint8](v)[i])
	case schema.PhysInt16:
		return le.AppendUint16(dst, batch.Values[uint16](v)[i])
	case schema.PhysInt32:
		return le.AppendUint32(dst, batch.Values[uint32](v)[i])
	case schema.PhysInt64:
		return le.AppendUint64(dst, batch.Values[uint64](v)[i])
	case schema.PhysFloat32:
		x := batch.Values[uint32](v)[i]
		if c.key && x&^(1<<31) > 0x7f800000 {
			x = canonicalNaN32
		}
		return le.AppendUint32(dst, x)
	case schema.PhysFloat64:
		x := batch.Values[uint64](v)[i]
		if c.key && x&^(1<<63) > 0x7ff0000000000000 {
			x = canonicalNaN64
		}
		return le.AppendUint64(dst, x)
	case schema.PhysInt128:
		x := batch.Values[schema.Int128](v)[i]
		return le.AppendUint64(le.AppendUint64(dst, x.Lo), uint64(x.Hi))
	case schema.PhysTime9:
		dst = le.AppendUint64(dst, batch.Values[uint64](v)[i])
		return le.AppendUint16(dst, uint16(v.Nanos()[i]))
	case schema.PhysBytes:
		b := v.Bytes(i)
		return append(le.AppendUint32(dst, uint32(len(b))), b...)
	case schema.PhysList:
		o := v.Offsets()
		dst = le.AppendUint32(dst, uint32(o[i+1]-o[i]))
		for j := int(o[i]); j < int(o[i+1]); j++ {
			dst = c.appendFlagged(dst, v.Child(0), j)
		}
		return dst
	case schema.PhysMap:
		return c.appendMap(dst, v, i)
	case schema.PhysStruct:
		for f := range v.NumChildren() {
			dst = c.appendFlagged(dst, v.Child(f), i)
		}
		return dst
	}
	return dst
}

func (c *Codec) appendMap(dst []byte, v *batch.Vector, i int) []byte {
	o := v.Offsets()
	lo, hi := int(o[i]), int(o[i+1])
	dst = le.AppendUint32(dst, uint32(hi-lo))
	start := len(dst)
	var ends []int
	for j := lo; j < hi; j++ {
		dst = c.appendFlagged(dst, v.Child(0), j)
		dst = c.appendFlagged(dst, v.Child(1), j)
		if c.key && hi-lo > 1 {
			ends = append(ends, len(dst))
		}
	}
	if ends != nil {
		c.entries.sort(dst, start, ends)
	}
	return dst
}

// entrySorter brings the entries of a map into the order of their bytes.
type entrySorter struct {
	list [][]byte
	copy []byte
}

func (s *entrySorter) sort(b []byte, start int, ends []int) {
	s.copy = append(s.copy[:0], b[start:]...)
	s.list = s.list[:0]
	lo := start
	for _, hi := range ends {
		s.list = append(s.list, s.copy[lo-start:hi-start])
		lo = hi
	}
	sort.Slice(s.list, func(i, j int) bool { return bytes.Compare(s.list[i], s.list[j]) < 0 })
	at := start
	for _, e := range s.list {
		at += copy(b[at:], e)
	}
}

// readFlagged appends one flagged value to v and returns the rest of the bytes.
func readFlagged(v *batch.Vector, b []byte) []byte {
	if b[0] != 0 {
		v.AppendNull()
		return b[1:]
	}
	return readValue(v, b[1:])
}

// readValue appends one value to v and returns the rest of the bytes.
func readValue(v *batch.Vector, b []byte) []byte {
	switch v.Physical() {
	case schema.PhysNone:
		v.AppendNull()
		return b
	case schema.PhysBool:
		v.AppendBool(b[0] != 0)
		return b[1:]
	case schema.PhysInt8:
		batch.Append(v, b[0])
		return b[1:]
	case schema.PhysInt16:
		batch.Append(v, le.Uint16(b))
		return b[2:]
	case schema.PhysInt32, schema.PhysFloat32:
		batch.Append(v, le.Uint32(b))
		return b[4:]
	case schema.PhysInt64, schema.PhysFloat64:
		batch.Append(v, le.Uint64(b))
		return b[8:]
	case schema.PhysInt128:
		batch.Append(v, schema.Int128{Lo: le.Uint64(b), Hi: int64(le.Uint64(b[8:]))})
		return b[16:]
	case schema.PhysTime9:
		v.AppendTime9(int64(le.Uint64(b)), int16(le.Uint16(b[8:])))
		return b[10:]
	case schema.PhysBytes:
		n := le.Uint32(b)
		v.AppendBytes(b[4 : 4+n])
		return b[4+n:]
	case schema.PhysList, schema.PhysMap:
		n := le.Uint32(b)
		b = b[4:]
		for range n {
			for k := range v.NumChildren() {
				b = readFlagged(v.Child(k), b)
			}
		}
		v.EndList()
		return b
	case schema.PhysStruct:
		for k := range v.NumChildren() {
			b = readFlagged(v.Child(k), b)
		}
		v.EndStruct()
		return b
	}
	return b
}
