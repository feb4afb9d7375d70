// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// IsFixed tells whether values of the form have a fixed width and no children, bits included.
func IsFixed(p schema.Physical) bool {
	switch p {
	case schema.PhysNone, schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
		return false
	default:
		return true
	}
}

// FillNull makes out n rows of NULL.
func FillNull(out *batch.Vector, n int) {
	out.Reset()
	for range n {
		out.AppendNull()
	}
}

// Copy writes the rows of src, n in all or those selected, to out, which is empty and gets n rows. src may be constant; out is flat.
func Copy(src *batch.Vector, n int, sel []int32, out *batch.Vector) {
	switch src.Physical() {
	case schema.PhysNone:
		FillNull(out, n)
		return
	case schema.PhysBytes:
		copyBytes(src, n, sel, out)
	case schema.PhysList, schema.PhysMap, schema.PhysStruct:
		copyNested(src, n, sel, out)
		return
	default:
		if sel != nil || src.IsConst() {
			Scatter(src, sel, n, out)
			return
		}
		copyFixed(src, n, out)
	}
	if src.HasNulls() {
		if !src.IsConst() {
			out.SetValid(src.Valid())
		} else if src.IsNull(0) {
			Fill(out.MakeValid(), 0)
		}
	}
}

func copyFixed(src *batch.Vector, n int, out *batch.Vector) {
	switch src.Physical() {
	case schema.PhysBool:
		copy(out.ResizeBits(n), src.Bits())
	case schema.PhysInt8:
		copy(batch.Resize[int8](out, n), batch.Values[int8](src))
	case schema.PhysInt16:
		copy(batch.Resize[int16](out, n), batch.Values[int16](src))
	case schema.PhysInt32, schema.PhysFloat32:
		copy(batch.Resize[int32](out, n), batch.Values[int32](src))
	case schema.PhysInt64, schema.PhysFloat64:
		copy(batch.Resize[int64](out, n), batch.Values[int64](src))
	case schema.PhysInt128:
		copy(batch.Resize[schema.Int128](out, n), batch.Values[schema.Int128](src))
	case schema.PhysTime9:
		copy(batch.Resize[int64](out, n), batch.Values[int64](src))
		copy(out.ResizeNanos(), src.Nanos())
	default:
		panic("BUG: copying a form that is not fixed")
	}
}

// Scatter writes the selected rows of a fixed-width src (all when sel is nil) to the same positions of out and leaves its other
// rows alone. out gets n rows.
func Scatter(src *batch.Vector, sel []int32, n int, out *batch.Vector) {
	fresh := out.Len() == 0
	switch src.Physical() {
	case schema.PhysNone:
		resizeFixed(out, n)
	case schema.PhysBool:
		scatterBits(src, sel, out.ResizeBits(n))
	case schema.PhysInt8:
		scatter(batch.Values[int8](src), src.IsConst(), sel, batch.Resize[int8](out, n))
	case schema.PhysInt16:
		scatter(batch.Values[int16](src), src.IsConst(), sel, batch.Resize[int16](out, n))
	case schema.PhysInt32, schema.PhysFloat32:
		scatter(batch.Values[int32](src), src.IsConst(), sel, batch.Resize[int32](out, n))
	case schema.PhysInt64, schema.PhysFloat64:
		scatter(batch.Values[int64](src), src.IsConst(), sel, batch.Resize[int64](out, n))
	case schema.PhysInt128:
		scatter(batch.Values[schema.Int128](src), src.IsConst(), sel, batch.Resize[schema.Int128](out, n))
	case schema.PhysTime9:
		scatter(batch.Values[int64](src), src.IsConst(), sel, batch.Resize[int64](out, n))
		scatter(src.Nanos(), src.IsConst(), sel, out.ResizeNanos())
	default:
		panic("BUG: scattering a form that is not fixed")
	}
	scatterValid(src, sel, out, fresh)
}

func resizeFixed(out *batch.Vector, n int) {
	switch out.Physical() {
	case schema.PhysBool:
		out.ResizeBits(n)
	case schema.PhysInt8:
		batch.Resize[int8](out, n)
	case schema.PhysInt16:
		batch.Resize[int16](out, n)
	case schema.PhysInt32, schema.PhysFloat32:
		batch.Resize[int32](out, n)
	case schema.PhysInt128:
		batch.Resize[schema.Int128](out, n)
	default:
		batch.Resize[int64](out, n)
	}
}

func scatter[T mem.Fixed](src []T, constant bool, sel []int32, dst []T) {
	switch {
	case constant && sel == nil:
		x := src[0]
		for i := range dst {
			dst[i] = x
		}
	case constant:
		x := src[0]
		for _, r := range sel {
			dst[r] = x
		}
	case sel == nil:
		copy(dst, src)
	default:
		for _, r := range sel {
			dst[r] = src[r]
		}
	}
}

func scatterBits(src *batch.Vector, sel []int32, dst []uint64) {
	switch {
	case src.IsConst():
		bit := src.Bool(0)
		if sel == nil {
			if bit {
				Fill(dst, ^uint64(0))
			} else {
				Fill(dst, 0)
			}
			return
		}
		for _, r := range sel {
			SetAt(dst, int(r), bit)
		}
	case sel == nil:
		copy(dst, src.Bits())
	default:
		set := src.Bits()
		for _, r := range sel {
			m := uint64(1) << (uint(r) & 63)
			dst[r>>6] = dst[r>>6]&^m | set[r>>6]&m
		}
	}
}

// scatterValid carries the validity of the selected rows over; fresh says that out had no rows before.
func scatterValid(src *batch.Vector, sel []int32, out *batch.Vector, fresh bool) {
	none := src.Physical() == schema.PhysNone
	switch {
	case none || src.IsConst() && src.IsNull(0):
		valid := out.MakeValid()
		if sel == nil {
			Fill(valid, 0)
			return
		}
		for _, r := range sel {
			valid[r>>6] &^= 1 << (uint(r) & 63)
		}
	case src.IsConst() || !src.HasNulls():
		if fresh || !out.HasNulls() {
			return
		}
		valid := out.MakeValid()
		for _, r := range sel {
			valid[r>>6] |= 1 << (uint(r) & 63)
		}
	default:
		if valid := out.MakeValid(); sel == nil {
			copy(valid, src.Valid())
		} else {
			from := src.Valid()
			for _, r := range sel {
				m := uint64(1) << (uint(r) & 63)
				valid[r>>6] = valid[r>>6]&^m | from[r>>6]&m
			}
		}
	}
}

func copyBytes(src *batch.Vector, n int, sel []int32, out *batch.Vector) {
	switch {
	case src.IsConst():
		x := src.Bytes(0)
		if sel == nil {
			offs, data := out.ResizeBytes(n, n*len(x))
			offs[0] = 0
			for i := range n {
				copy(data[i*len(x):], x)
				offs[i+1] = int32((i + 1) * len(x))
			}
			return
		}
		offs, data := out.ResizeBytes(n, len(sel)*len(x))
		at, next := 0, 0
		for _, r := range sel {
			for ; next <= int(r); next++ {
				offs[next] = int32(at)
			}
			at += copy(data[at:], x)
		}
		for ; next <= n; next++ {
			offs[next] = int32(at)
		}
	case sel == nil:
		from := src.Offsets()
		base := from[0]
		offs, data := out.ResizeBytes(n, int(from[n]-base))
		copy(data, src.Data()[base:from[n]])
		for i, o := range from[:n+1] {
			offs[i] = o - base
		}
	default:
		from, bytes := src.Offsets(), src.Data()
		size := 0
		for _, r := range sel {
			size += int(from[r+1] - from[r])
		}
		offs, data := out.ResizeBytes(n, size)
		at, next := 0, 0
		for _, r := range sel {
			for ; next <= int(r); next++ {
				offs[next] = int32(at)
			}
			at += copy(data[at:], bytes[from[r]:from[r+1]])
		}
		for ; next <= n; next++ {
			offs[next] = int32(at)
		}
	}
}

// copyNested copies row by row; rows that are not selected become NULL.
func copyNested(src *batch.Vector, n int, sel []int32, out *batch.Vector) {
	if sel == nil {
		for i := range n {
			out.AppendFrom(src, i)
		}
		return
	}
	next := 0
	for _, r := range sel {
		for ; next < int(r); next++ {
			out.AppendNull()
		}
		out.AppendFrom(src, next)
		next++
	}
	for ; next < n; next++ {
		out.AppendNull()
	}
}

// Merge writes to out, which is empty and gets n rows, for each selected row that row of vecs[pick[row]]. All vectors are of
// the physical form of out, which is not a fixed one.
func Merge(vecs []*batch.Vector, pick []uint16, n int, sel []int32, out *batch.Vector) {
	if out.Physical() == schema.PhysBytes {
		mergeBytes(vecs, pick, n, sel, out)
		return
	}
	next := 0
	for i, count := 0, countRows(n, sel); i < count; i++ {
		r := rowAt(sel, i)
		for ; next < r; next++ {
			out.AppendNull()
		}
		out.AppendFrom(vecs[pick[r]], r)
		next++
	}
	for ; next < n; next++ {
		out.AppendNull()
	}
}

func mergeBytes(vecs []*batch.Vector, pick []uint16, n int, sel []int32, out *batch.Vector) {
	size, nulls := 0, false
	for _, v := range vecs {
		nulls = nulls || v.HasNulls() || v.Physical() == schema.PhysNone
	}
	count := countRows(n, sel)
	for i := range count {
		r := rowAt(sel, i)
		if v := vecs[pick[r]]; v.Physical() == schema.PhysBytes {
			size += len(v.Bytes(r))
		}
	}
	offs, data := out.ResizeBytes(n, size)
	at, next := 0, 0
	for i := range count {
		r := rowAt(sel, i)
		for ; next <= r; next++ {
			offs[next] = int32(at)
		}
		if v := vecs[pick[r]]; v.Physical() == schema.PhysBytes {
			at += copy(data[at:], v.Bytes(r))
		}
	}
	for ; next <= n; next++ {
		offs[next] = int32(at)
	}
	if !nulls {
		return
	}
	valid := out.MakeValid()
	for i := range count {
		if r := rowAt(sel, i); vecs[pick[r]].IsNull(r) {
			valid[r>>6] &^= 1 << (uint(r) & 63)
		}
	}
}

func countRows(n int, sel []int32) int {
	if sel != nil {
		return len(sel)
	}
	return n
}

func rowAt(sel []int32, i int) int {
	if sel != nil {
		return int(sel[i])
	}
	return i
}
