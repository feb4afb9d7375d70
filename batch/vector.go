// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch

import (
	"math/bits"

	"spate/internal/col/mem"
	"spate/schema"
)

// Vector is one column: n values of one type in Arrow's memory layout. A vector is written by its single owner (first
// Reset, then appends or Resize and writes by index) and is immutable once its batch was sent. Values under NULL are
// unspecified and never read.
//
// A constant vector (only inside expression evaluation, never in a batch) holds one value at row 0 that stands for every row.
type Vector struct {
	typ      *schema.Type
	phys     schema.Physical
	width    int // Bytes a row in data: 0 for bitmaps, structs and NULL; 4 for offsets.
	n        int
	room     int // Rows that fit into data and valid: appends below it need not look. Never too high, often too low.
	nulls    bool
	constant bool
	borrowed bool // data, aux and kids belong to another vector.

	valid []uint64 // Bit i set: row i is valid. Counts only when nulls is set; all bits up to the capacity are then defined.
	data  []byte   // Values, bitmap of BOOLEAN, or n+1 int32 offsets.
	aux   []byte   // Bytes of PhysBytes, int16 nanoseconds of PhysTime9.
	kids  []*Vector

	ownData, ownAux []byte
	ownKids         []*Vector
	pool            *Pool
}

// NewVector returns an empty vector of a type, outside any pool.
func NewVector(t *schema.Type) *Vector { return newVector(t, nil) }

func newVector(t *schema.Type, p *Pool) *Vector {
	v := &Vector{typ: t, phys: t.Physical(), pool: p}
	switch v.phys {
	case schema.PhysInt8:
		v.width = 1
	case schema.PhysInt16:
		v.width = 2
	case schema.PhysInt32, schema.PhysFloat32, schema.PhysBytes, schema.PhysList, schema.PhysMap:
		v.width = 4
	case schema.PhysInt64, schema.PhysFloat64, schema.PhysTime9:
		v.width = 8
	case schema.PhysInt128:
		v.width = 16
	case schema.PhysNone, schema.PhysBool, schema.PhysStruct:
	}
	for _, k := range t.Children() {
		v.ownKids = append(v.ownKids, newVector(k, p))
	}
	v.kids = v.ownKids
	v.Reset()
	return v
}

// Type returns the logical type.
func (v *Vector) Type() *schema.Type { return v.typ }

// Physical returns the memory form.
func (v *Vector) Physical() schema.Physical { return v.phys }

// Len returns the number of rows.
func (v *Vector) Len() int { return v.n }

// IsConst tells whether row 0 stands for every row.
func (v *Vector) IsConst() bool { return v.constant }

// HasNulls tells whether the vector has a validity bitmap; without one no row is NULL.
func (v *Vector) HasNulls() bool { return v.nulls }

// Valid returns the validity bitmap, bit i of word i/64, or nil when no row is NULL. Bits at and above Len are unspecified.
func (v *Vector) Valid() []uint64 {
	if !v.nulls {
		return nil
	}
	return v.valid[:words(v.stored())]
}

// stored returns the number of rows in memory: 1 for a constant vector.
func (v *Vector) stored() int {
	if v.constant {
		return 1
	}
	return v.n
}

// IsNull tells whether row i is NULL.
func (v *Vector) IsNull(i int) bool {
	if v.phys == schema.PhysNone {
		return true
	}
	if !v.nulls {
		return false
	}
	if v.constant {
		i = 0
	}
	return v.valid[i>>6]&(1<<(uint(i)&63)) == 0
}

// Values returns the n values of a fixed-width vector: T must have the width of the physical form (int32 for DATE, int64 for
// compact DECIMAL, schema.Int128 for the wide one, ...). A constant vector has one.
func Values[T mem.Fixed](v *Vector) []T {
	return mem.View[T](v.data)[:v.stored()]
}

// Bits returns the bitmap of a BOOLEAN vector. Bits at and above Len are unspecified.
func (v *Vector) Bits() []uint64 { return mem.View[uint64](v.data)[:words(v.stored())] }

// Bool returns row i of a BOOLEAN vector.
func (v *Vector) Bool(i int) bool {
	if v.constant {
		i = 0
	}
	return mem.View[uint64](v.data)[i>>6]>>(uint(i)&63)&1 != 0
}

// Offsets returns the n+1 offsets of a PhysBytes, PhysList or PhysMap vector.
func (v *Vector) Offsets() []int32 {
	return mem.View[int32](v.data)[:v.stored()+1]
}

// Data returns the bytes that Offsets point into.
func (v *Vector) Data() []byte { return v.aux }

// Nanos returns the nanosecond parts (0-999) of a PhysTime9 vector, whose Values are microseconds.
func (v *Vector) Nanos() []int16 {
	return mem.View[int16](v.aux)[:v.stored()]
}

// Bytes returns row i of a PhysBytes vector; it aliases the vector.
func (v *Vector) Bytes(i int) []byte {
	if v.constant {
		i = 0
	}
	o := mem.View[int32](v.data)
	return v.aux[o[i]:o[i+1]:o[i+1]]
}

// Child returns child i: the element of an array, key and value of a map, field i of a row.
func (v *Vector) Child(i int) *Vector { return v.kids[i] }

// NumChildren returns the number of children.
func (v *Vector) NumChildren() int { return len(v.kids) }

// Reset empties the vector for writing by its owner and drops whatever it borrowed.
func (v *Vector) Reset() {
	v.n, v.room, v.nulls, v.constant = 0, 0, false, false
	if v.borrowed {
		v.borrowed = false
		v.data, v.aux, v.kids = v.ownData, v.ownAux, v.ownKids
	}
	switch v.phys {
	case schema.PhysBytes, schema.PhysList, schema.PhysMap:
		v.reserveData(4)
		*mem.At[int32](v.data, 0) = 0
		v.aux = v.aux[:0]
	default:
	}
	for _, k := range v.kids {
		k.Reset()
	}
}

// Truncate drops the rows from n on, as a decoder does with a malformed row that it has half written; the children of a struct are cut
// too, those of which got ahead included. The vector must own its content.
func (v *Vector) Truncate(n int) {
	switch v.phys {
	case schema.PhysBytes:
		v.aux = v.aux[:*mem.At[int32](v.data, n)]
	case schema.PhysList, schema.PhysMap:
		for _, k := range v.kids {
			k.Truncate(int(*mem.At[int32](v.data, n)))
		}
	case schema.PhysStruct:
		for _, k := range v.kids {
			k.Truncate(n)
		}
	default:
	}
	v.n = min(v.n, n)
	if v.nulls {
		w := n >> 6
		if w < len(v.valid) {
			v.valid[w] |= ^uint64(0) << (uint(n) & 63)
			for i := w + 1; i < len(v.valid); i++ {
				v.valid[i] = ^uint64(0)
			}
		}
	}
}

// Borrow makes v an alias of src (same physical form), NULL also where valid (if not nil) has a clear bit. src must outlive v's
// content; a batch guarantees that by owning the batch of src.
func (v *Vector) Borrow(src *Vector, valid []uint64) {
	v.n, v.room, v.constant, v.borrowed = src.n, 0, src.constant, true
	v.data, v.aux, v.kids = src.data, src.aux, src.kids
	v.nulls = false
	if valid == nil && !src.nulls {
		return
	}
	v.makeValid(v.n)
	a := v.valid[:words(v.stored())]
	if src.nulls {
		copy(a, src.valid)
	}
	for i, w := range valid[:min(len(valid), len(a))] {
		a[i] &= w
	}
}

// Alias makes v a view of n rows in memory that belongs to somebody else: data holds the values, the bitmap or the n+1 offsets (the first
// of them 0), aux the bytes or the nanoseconds, in the layout of the physical form; the children are aliased on their own. The validity
// bitmap is copied; nil means that no row is NULL. The memory must be aligned to 8 bytes, long enough, and stay as it is while v has it.
func (v *Vector) Alias(n int, valid []uint64, data, aux []byte) {
	v.Reset()
	v.n, v.borrowed = n, true
	v.data, v.aux = data, aux
	v.SetValid(valid)
}

// Resize sets the length of a fixed-width vector to n and returns its values for writing; existing values stay, new ones are
// unspecified, and all rows are valid unless SetNull says otherwise.
func Resize[T mem.Fixed](v *Vector, n int) []T {
	v.reserve(n)
	v.n = n
	return mem.View[T](v.data)[:n]
}

// ResizeBits sets the length of a BOOLEAN vector to n and returns its bitmap for writing.
func (v *Vector) ResizeBits(n int) []uint64 {
	v.reserve(n)
	v.n = n
	return mem.View[uint64](v.data)[:words(n)]
}

// ResizeNanos returns the nanosecond parts for writing; call it after Resize.
func (v *Vector) ResizeNanos() []int16 { return mem.View[int16](v.aux)[:v.n] }

// ResizeRows sets the length of a struct or NULL vector; the children are resized on their own.
func (v *Vector) ResizeRows(n int) {
	v.reserve(n)
	v.n = n
}

// ResizeBytes sets the length of a PhysBytes vector to n and the size of its data to size, and returns both for writing.
// The writer must fill all n+1 offsets, the first being 0, and end at size or shrink with TruncateData.
func (v *Vector) ResizeBytes(n, size int) (offsets []int32, data []byte) {
	v.reserve(n)
	v.n = n
	v.reserveAux(size)
	v.aux = v.aux[:size]
	return mem.View[int32](v.data)[:n+1], v.aux
}

// ResizeList sets the length of a PhysList or PhysMap vector and returns its n+1 offsets for writing.
func (v *Vector) ResizeList(n int) []int32 {
	v.reserve(n)
	v.n = n
	return mem.View[int32](v.data)[:n+1]
}

// TruncateData cuts the data of a PhysBytes vector to size.
func (v *Vector) TruncateData(size int) { v.aux = v.aux[:size] }

// GrowData makes room for more bytes of data beyond the present ones and returns the data at its old length; append to it
// and give it back by SetData.
func (v *Vector) GrowData(more int) []byte {
	n := len(v.aux)
	v.reserveAux(n + more)
	return v.aux[:n]
}

// SetData takes back the slice that GrowData returned, with bytes appended. It is best grown within its capacity; a slice that append
// has moved becomes the vector's own.
func (v *Vector) SetData(b []byte) {
	if cap(b) != cap(v.aux) {
		v.charge(cap(b) - cap(v.aux))
		v.ownAux = b
	}
	v.aux = b
}

// MakeValid returns the validity bitmap for writing, for the n rows of now; it is all ones when there was none.
func (v *Vector) MakeValid() []uint64 {
	v.makeValid(v.n)
	return v.valid[:words(v.n)]
}

// SetValid sets the validity to a copy of the bitmap; nil means that all rows are valid.
func (v *Vector) SetValid(valid []uint64) {
	if valid == nil {
		v.nulls = false
		return
	}
	copy(v.MakeValid(), valid)
}

// SetNull makes row i NULL.
func (v *Vector) SetNull(i int) {
	v.makeValid(max(v.n, i+1))
	v.valid[i>>6] &^= 1 << (uint(i) & 63)
}

// SetConst declares that row 0 stands for all n rows. The vector must hold exactly one row.
func (v *Vector) SetConst(n int) {
	v.n, v.constant = n, true
}

func words(n int) int { return (n + 63) >> 6 }

func (v *Vector) makeValid(n int) {
	w := words(n)
	if !v.nulls {
		v.nulls = true
		v.valid = v.valid[:0]
		v.room = 0
	}
	if w <= len(v.valid) {
		return
	}
	old := len(v.valid)
	if w > cap(v.valid) {
		c := max(8, 1<<bits.Len(uint(w-1)))
		nv := make([]uint64, c)
		copy(nv, v.valid)
		v.charge(8 * (c - cap(v.valid)))
		v.valid = nv
	}
	v.valid = v.valid[:cap(v.valid)]
	for i := old; i < len(v.valid); i++ {
		v.valid[i] = ^uint64(0)
	}
}

// reserve makes room for n rows and, when there is a validity bitmap, defines it for them.
func (v *Vector) reserve(n int) {
	if n <= v.room {
		return
	}
	var room int
	switch v.phys {
	case schema.PhysBool:
		v.reserveData(words(n) * 8)
		room = len(v.data) * 8
	case schema.PhysNone, schema.PhysStruct:
		room = n
	case schema.PhysBytes, schema.PhysList, schema.PhysMap:
		v.reserveData((n + 1) * 4)
		room = len(v.data)/4 - 1
	case schema.PhysTime9:
		v.reserveData(n * 8)
		v.reserveAux(n * 2)
		v.aux = v.aux[:cap(v.aux)]
		room = min(len(v.data)/8, len(v.aux)/2)
	default:
		v.reserveData(n * v.width)
		room = len(v.data) / v.width
	}
	if v.nulls {
		v.makeValid(n)
		room = min(room, len(v.valid)*64)
	}
	v.room = room
}

func (v *Vector) reserveData(size int) {
	if size <= len(v.data) {
		return
	}
	old := cap(v.data)
	v.data = mem.Grow(v.data, len(v.data), size)
	v.data = v.data[:cap(v.data)]
	v.ownData = v.data
	v.charge(cap(v.data) - old)
}

func (v *Vector) reserveAux(size int) {
	if size <= cap(v.aux) {
		return
	}
	old := cap(v.aux)
	v.aux = mem.Grow(v.aux, len(v.aux), size)[:len(v.aux)]
	v.ownAux = v.aux
	v.charge(cap(v.aux) - old)
}

func (v *Vector) charge(n int) {
	if v.pool != nil {
		v.pool.charge(int64(n))
	}
}

// memory returns the bytes that the vector itself owns.
func (v *Vector) memory() int64 {
	n := int64(cap(v.ownData) + cap(v.ownAux) + 8*cap(v.valid))
	for _, k := range v.ownKids {
		n += k.memory()
	}
	return n
}
