// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"bytes"
	"cmp"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/schema"
)

// Equal tells whether row i of a and row j of b, vectors of one type, are equal. Two NULLs are equal here; maps are equal when they
// hold the same entries in whatever order.
func Equal(a *batch.Vector, i int, b *batch.Vector, j int) bool {
	if an, bn := a.IsNull(i), b.IsNull(j); an || bn {
		return an && bn
	}
	i, j = constRow(a, i), constRow(b, j)
	switch a.Physical() {
	case schema.PhysList:
		ao, bo := a.Offsets(), b.Offsets()
		n := ao[i+1] - ao[i]
		if bo[j+1]-bo[j] != n {
			return false
		}
		for k := range n {
			if !Equal(a.Child(0), int(ao[i]+k), b.Child(0), int(bo[j]+k)) {
				return false
			}
		}
		return true
	case schema.PhysMap:
		return equalMaps(a, i, b, j)
	case schema.PhysStruct:
		for k := range a.NumChildren() {
			if !Equal(a.Child(k), i, b.Child(k), j) {
				return false
			}
		}
		return true
	default:
		return Order(a, i, b, j) == 0
	}
}

func equalMaps(a *batch.Vector, i int, b *batch.Vector, j int) bool {
	ao, bo := a.Offsets(), b.Offsets()
	if ao[i+1]-ao[i] != bo[j+1]-bo[j] {
		return false
	}
	for x := ao[i]; x < ao[i+1]; x++ {
		y := FindKey(b, j, a.Child(0), int(x))
		if y < 0 || !Equal(a.Child(1), int(x), b.Child(1), y) {
			return false
		}
	}
	return true
}

// FindKey returns the position in the children of map m, row i, of the entry whose key equals row k of keys, or -1.
func FindKey(m *batch.Vector, i int, keys *batch.Vector, k int) int {
	o := m.Offsets()
	i = constRow(m, i)
	// The last of equal keys counts.
	for x := int(o[i+1]) - 1; x >= int(o[i]); x-- {
		if Equal(m.Child(0), x, keys, k) {
			return x
		}
	}
	return -1
}

// Order compares row i of a and row j of b, vectors of one type; NULL comes first and equals NULL. Lists and rows compare element by
// element, maps do not compare.
func Order(a *batch.Vector, i int, b *batch.Vector, j int) int {
	if an, bn := a.IsNull(i), b.IsNull(j); an || bn {
		switch {
		case an && bn:
			return 0
		case an:
			return -1
		}
		return 1
	}
	i, j = constRow(a, i), constRow(b, j)
	switch a.Physical() {
	case schema.PhysBool:
		return int(bit(a.Bool(i))) - int(bit(b.Bool(j)))
	case schema.PhysInt8:
		return cmp.Compare(batch.Values[int8](a)[i], batch.Values[int8](b)[j])
	case schema.PhysInt16:
		return cmp.Compare(batch.Values[int16](a)[i], batch.Values[int16](b)[j])
	case schema.PhysInt32:
		return cmp.Compare(batch.Values[int32](a)[i], batch.Values[int32](b)[j])
	case schema.PhysInt64:
		return cmp.Compare(batch.Values[int64](a)[i], batch.Values[int64](b)[j])
	case schema.PhysFloat32:
		return order(batch.Values[float32](a)[i], batch.Values[float32](b)[j])
	case schema.PhysFloat64:
		return order(batch.Values[float64](a)[i], batch.Values[float64](b)[j])
	case schema.PhysInt128:
		return decimal.Cmp(batch.Values[schema.Int128](a)[i], batch.Values[schema.Int128](b)[j])
	case schema.PhysTime9:
		return cmp.Or(cmp.Compare(batch.Values[int64](a)[i], batch.Values[int64](b)[j]), cmp.Compare(a.Nanos()[i], b.Nanos()[j]))
	case schema.PhysBytes:
		return bytes.Compare(a.Bytes(i), b.Bytes(j))
	case schema.PhysList, schema.PhysMap:
		return orderLists(a, i, b, j)
	case schema.PhysStruct:
		for k := range a.NumChildren() {
			if c := Order(a.Child(k), i, b.Child(k), j); c != 0 {
				return c
			}
		}
	case schema.PhysNone:
	}
	return 0
}

func orderLists(a *batch.Vector, i int, b *batch.Vector, j int) int {
	ao, bo := a.Offsets(), b.Offsets()
	n, m := ao[i+1]-ao[i], bo[j+1]-bo[j]
	for k := range min(n, m) {
		for c := range a.NumChildren() {
			if o := Order(a.Child(c), int(ao[i]+k), b.Child(c), int(bo[j]+k)); o != 0 {
				return o
			}
		}
	}
	return cmp.Compare(n, m)
}

func constRow(v *batch.Vector, i int) int {
	if v.IsConst() {
		return 0
	}
	return i
}
