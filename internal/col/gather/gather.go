// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package gather copies chosen rows of vectors and batches: compaction, concatenation, partitioning.
//
// Rows are appended to the own vectors of the target in the order of the selection, so every split is stable. Sources may be borrowed
// or constant; they are not changed. Nothing is allocated once buffers have grown.
//
// Threading: functions are pure but for their target; Partitions has scratch memory and belongs to one goroutine.
package gather

import (
	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// Append appends the rows of src at the positions of sel to dst, a vector of the same physical form.
func Append(dst, src *batch.Vector, sel []int32) {
	if src.IsConst() {
		for range sel {
			dst.AppendFrom(src, 0)
		}
		return
	}
	n0, n := dst.Len(), dst.Len()+len(sel)
	switch dst.Physical() {
	case schema.PhysNone:
		dst.ResizeRows(n)
		return
	case schema.PhysBool:
		appendBits(dst, src, sel)
	case schema.PhysInt8:
		pick(batch.Resize[uint8](dst, n)[n0:], batch.Values[uint8](src), sel)
	case schema.PhysInt16:
		pick(batch.Resize[uint16](dst, n)[n0:], batch.Values[uint16](src), sel)
	case schema.PhysInt32, schema.PhysFloat32:
		pick(batch.Resize[uint32](dst, n)[n0:], batch.Values[uint32](src), sel)
	case schema.PhysInt64, schema.PhysFloat64:
		pick(batch.Resize[uint64](dst, n)[n0:], batch.Values[uint64](src), sel)
	case schema.PhysInt128:
		pick(batch.Resize[schema.Int128](dst, n)[n0:], batch.Values[schema.Int128](src), sel)
	case schema.PhysTime9:
		pick(batch.Resize[uint64](dst, n)[n0:], batch.Values[uint64](src), sel)
		pick(dst.ResizeNanos()[n0:], src.Nanos(), sel)
	case schema.PhysBytes:
		appendBytes(dst, src, sel)
	case schema.PhysList, schema.PhysMap:
		appendLists(dst, src, sel)
	case schema.PhysStruct:
		for k := range dst.NumChildren() {
			Append(dst.Child(k), src.Child(k), sel)
		}
		dst.ResizeRows(n)
	}
	if valid := src.Valid(); valid != nil {
		for k, i := range sel {
			if valid[i>>6]>>(uint(i)&63)&1 == 0 {
				dst.SetNull(n0 + k)
			}
		}
	}
}

func pick[T mem.Fixed](dst, src []T, sel []int32) {
	dst = dst[:len(sel)]
	for k, i := range sel {
		dst[k] = src[i]
	}
}

func appendBits(dst, src *batch.Vector, sel []int32) {
	n0 := dst.Len()
	from := src.Bits()
	to := dst.ResizeBits(n0 + len(sel))
	for k, i := range sel {
		at := uint(n0 + k)
		bit := from[i>>6] >> (uint(i) & 63) & 1
		to[at>>6] = to[at>>6]&^(1<<(at&63)) | bit<<(at&63)
	}
}

// appendBytes sets the offsets first and copies afterwards, neighbours together.
func appendBytes(dst, src *batch.Vector, sel []int32) {
	n0, at := dst.Len(), len(dst.Data())
	from, data := src.Offsets(), src.Data()
	size := 0
	for _, i := range sel {
		size += int(from[i+1] - from[i])
	}
	offs, to := dst.ResizeBytes(n0+len(sel), at+size+mem.ShortCopy)
	offs = offs[n0+1:][:len(sel)]
	safe := len(data) - mem.ShortCopy
	for k := 0; k < len(sel); {
		i := sel[k]
		lo := from[i]
		base := int32(at) - lo
		hi := from[i+1]
		offs[k] = base + hi
		k++
		for k < len(sel) && sel[k] == i+1 {
			i++
			hi = from[i+1]
			offs[k] = base + hi
			k++
		}
		if n := int(hi - lo); n <= mem.ShortCopy && int(lo) <= safe {
			mem.CopyShort(to, at, data, int(lo), n)
			at += n
		} else {
			at += copy(to[at:], data[lo:hi])
		}
	}
	dst.TruncateData(at)
}

func appendLists(dst, src *batch.Vector, sel []int32) {
	n0 := dst.Len()
	from := src.Offsets()
	offs := dst.ResizeList(n0 + len(sel))[n0:]
	at := offs[0]
	for k, i := range sel {
		at += from[i+1] - from[i]
		offs[k+1] = at
	}
	for c := range dst.NumChildren() {
		for k := 0; k < len(sel); {
			i := sel[k]
			lo := from[i]
			for k++; k < len(sel) && sel[k] == i+1; k++ {
				i++
			}
			AppendRange(dst.Child(c), src.Child(c), int(lo), int(from[i+1]))
		}
	}
}

// AppendRange appends the rows lo..hi-1 of src to dst, a vector of the same physical form.
func AppendRange(dst, src *batch.Vector, lo, hi int) {
	if src.IsConst() {
		for range hi - lo {
			dst.AppendFrom(src, 0)
		}
		return
	}
	if hi <= lo {
		return
	}
	n0, n := dst.Len(), dst.Len()+hi-lo
	switch dst.Physical() {
	case schema.PhysNone:
		dst.ResizeRows(n)
		return
	case schema.PhysBool:
		for i := lo; i < hi; i++ {
			dst.AppendBool(src.Bool(i))
		}
	case schema.PhysInt8:
		copy(batch.Resize[uint8](dst, n)[n0:], batch.Values[uint8](src)[lo:hi])
	case schema.PhysInt16:
		copy(batch.Resize[uint16](dst, n)[n0:], batch.Values[uint16](src)[lo:hi])
	case schema.PhysInt32, schema.PhysFloat32:
		copy(batch.Resize[uint32](dst, n)[n0:], batch.Values[uint32](src)[lo:hi])
	case schema.PhysInt64, schema.PhysFloat64:
		copy(batch.Resize[uint64](dst, n)[n0:], batch.Values[uint64](src)[lo:hi])
	case schema.PhysInt128:
		copy(batch.Resize[schema.Int128](dst, n)[n0:], batch.Values[schema.Int128](src)[lo:hi])
	case schema.PhysTime9:
		copy(batch.Resize[uint64](dst, n)[n0:], batch.Values[uint64](src)[lo:hi])
		copy(dst.ResizeNanos()[n0:], src.Nanos()[lo:hi])
	case schema.PhysBytes:
		from, at := src.Offsets(), len(dst.Data())
		offs, to := dst.ResizeBytes(n, at+int(from[hi]-from[lo]))
		copy(to[at:], src.Data()[from[lo]:from[hi]])
		shift(offs[n0+1:], from[lo+1:hi+1], int32(at)-from[lo])
	case schema.PhysList, schema.PhysMap:
		from := src.Offsets()
		offs := dst.ResizeList(n)
		shift(offs[n0+1:], from[lo+1:hi+1], offs[n0]-from[lo])
		for c := range dst.NumChildren() {
			AppendRange(dst.Child(c), src.Child(c), int(from[lo]), int(from[hi]))
		}
	case schema.PhysStruct:
		for c := range dst.NumChildren() {
			AppendRange(dst.Child(c), src.Child(c), lo, hi)
		}
		dst.ResizeRows(n)
	}
	appendNulls(dst, src, n0, lo, hi)
}

func shift(dst, src []int32, by int32) {
	dst = dst[:len(src)]
	for k, o := range src {
		dst[k] = o + by
	}
}

// appendNulls makes the rows from n0 on NULL where those of src from lo on are, a word of validity at a time.
func appendNulls(dst, src *batch.Vector, n0, lo, hi int) {
	valid := src.Valid()
	if valid == nil {
		return
	}
	for i := lo; i < hi; {
		end := min(hi, i|63+1)
		mask := ^uint64(0) >> (64 - uint(end-i)) << (uint(i) & 63)
		if valid[i>>6]&mask == mask {
			i = end
			continue
		}
		for ; i < end; i++ {
			if valid[i>>6]>>(uint(i)&63)&1 == 0 {
				dst.SetNull(n0 + i - lo)
			}
		}
	}
}
