// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"bytes"
	"cmp"

	"spate/internal/col/decimal"
)

// Op is a comparison as the set of outcomes that satisfy it: bit 0 less, bit 1 equal, bit 2 greater.
type Op uint8

// The comparisons.
const (
	LT Op = 1
	EQ Op = 2
	LE Op = 3
	GT Op = 4
	NE Op = 5
	GE Op = 6
)

// Swap returns the comparison with its sides exchanged.
func (o Op) Swap() Op { return o&EQ | o>>2 | o<<2&GT }

// Holds tells whether the outcome (-1, 0, 1) satisfies the comparison.
func (o Op) Holds(c int) bool { return o>>uint(c+1)&1 != 0 }

// Ordered is the set of element types that compare with the operators of the language.
type Ordered interface {
	int8 | int16 | int32 | int64 | float32 | float64
}

func bit(b bool) uint64 {
	var x uint64
	if b {
		x = 1
	}
	return x
}

// CompareConst sets bit i of dst to a[i] op c, for all i or those selected. Comparisons with NaN are false, except NE.
func CompareConst[T Ordered](op Op, a []T, c T, sel []int32, dst []uint64) {
	if sel != nil {
		compareConstSel(op, a, c, sel, dst)
		return
	}
	switch op {
	case LT:
		ltConst(a, c, dst)
	case LE:
		leConst(a, c, dst)
	case EQ:
		eqConst(a, c, dst)
	case NE:
		eqConst(a, c, dst)
		Not(dst[:Words(len(a))], dst)
	case GT:
		gtConst(a, c, dst)
	case GE:
		geConst(a, c, dst)
	}
}

func ltConst[T Ordered](a []T, c T, dst []uint64) {
	for len(a) >= 64 {
		var m uint64
		for j := 0; j < 64; j += 8 {
			x := a[j : j+8 : j+8]
			m |= (bit(x[0] < c) | bit(x[1] < c)<<1 | bit(x[2] < c)<<2 | bit(x[3] < c)<<3 |
				bit(x[4] < c)<<4 | bit(x[5] < c)<<5 | bit(x[6] < c)<<6 | bit(x[7] < c)<<7) << uint(j)
		}
		dst[0] = m
		a, dst = a[64:], dst[1:]
	}
	if len(a) > 0 {
		var m uint64
		for j, x := range a {
			m |= bit(x < c) << uint(j&63)
		}
		dst[0] = m
	}
}

func leConst[T Ordered](a []T, c T, dst []uint64) {
	for len(a) >= 64 {
		var m uint64
		for j := 0; j < 64; j += 8 {
			x := a[j : j+8 : j+8]
			m |= (bit(x[0] <= c) | bit(x[1] <= c)<<1 | bit(x[2] <= c)<<2 | bit(x[3] <= c)<<3 |
				bit(x[4] <= c)<<4 | bit(x[5] <= c)<<5 | bit(x[6] <= c)<<6 | bit(x[7] <= c)<<7) << uint(j)
		}
		dst[0] = m
		a, dst = a[64:], dst[1:]
	}
	if len(a) > 0 {
		var m uint64
		for j, x := range a {
			m |= bit(x <= c) << uint(j&63)
		}
		dst[0] = m
	}
}

func gtConst[T Ordered](a []T, c T, dst []uint64) {
	for len(a) >= 64 {
		var m uint64
		for j := 0; j < 64; j += 8 {
			x := a[j : j+8 : j+8]
			m |= (bit(x[0] > c) | bit(x[1] > c)<<1 | bit(x[2] > c)<<2 | bit(x[3] > c)<<3 |
				bit(x[4] > c)<<4 | bit(x[5] > c)<<5 | bit(x[6] > c)<<6 | bit(x[7] > c)<<7) << uint(j)
		}
		dst[0] = m
		a, dst = a[64:], dst[1:]
	}
	if len(a) > 0 {
		var m uint64
		for j, x := range a {
			m |= bit(x > c) << uint(j&63)
		}
		dst[0] = m
	}
}

func geConst[T Ordered](a []T, c T, dst []uint64) {
	for len(a) >= 64 {
		var m uint64
		for j := 0; j < 64; j += 8 {
			x := a[j : j+8 : j+8]
			m |= (bit(x[0] >= c) | bit(x[1] >= c)<<1 | bit(x[2] >= c)<<2 | bit(x[3] >= c)<<3 |
				bit(x[4] >= c)<<4 | bit(x[5] >= c)<<5 | bit(x[6] >= c)<<6 | bit(x[7] >= c)<<7) << uint(j)
		}
		dst[0] = m
		a, dst = a[64:], dst[1:]
	}
	if len(a) > 0 {
		var m uint64
		for j, x := range a {
			m |= bit(x >= c) << uint(j&63)
		}
		dst[0] = m
	}
}

func eqConst[T Ordered](a []T, c T, dst []uint64) {
	for len(a) >= 64 {
		var m uint64
		for j := 0; j < 64; j += 8 {
			x := a[j : j+8 : j+8]
			m |= (bit(x[0] == c) | bit(x[1] == c)<<1 | bit(x[2] == c)<<2 | bit(x[3] == c)<<3 |
				bit(x[4] == c)<<4 | bit(x[5] == c)<<5 | bit(x[6] == c)<<6 | bit(x[7] == c)<<7) << uint(j)
		}
		dst[0] = m
		a, dst = a[64:], dst[1:]
	}
	if len(a) > 0 {
		var m uint64
		for j, x := range a {
			m |= bit(x == c) << uint(j&63)
		}
		dst[0] = m
	}
}

// outcome of comparing two ordered values as a set of one: 0 when unordered (NaN).
func outcome[T Ordered](a, b T) uint64 {
	return bit(a < b) | bit(a == b)<<1 | bit(a > b)<<2
}

// put sets bit r of dst.
func put(dst []uint64, r int32, b uint64) {
	s := uint(r) & 63
	w := &dst[r>>6]
	*w = *w&^(1<<s) | b<<s
}

func compareConstSel[T Ordered](op Op, a []T, c T, sel []int32, dst []uint64) {
	for _, r := range sel {
		o := outcome(a[r], c)
		put(dst, r, holds(op, o))
	}
}

// holds tells as a bit whether the outcome o satisfies op; an unordered outcome satisfies NE only.
func holds(op Op, o uint64) uint64 {
	return bit(uint64(op)&o != 0 || o == 0 && op == NE)
}

// Compare sets bit i of dst to a[i] op b[i], for all i or those selected.
func Compare[T Ordered](op Op, a, b []T, sel []int32, dst []uint64) {
	if sel != nil {
		for _, r := range sel {
			put(dst, r, holds(op, outcome(a[r], b[r])))
		}
		return
	}
	switch op {
	case LT:
		ltVec(a, b, dst)
	case GT:
		ltVec(b, a, dst)
	case LE:
		leVec(a, b, dst)
	case GE:
		leVec(b, a, dst)
	case EQ:
		eqVec(a, b, dst)
	case NE:
		eqVec(a, b, dst)
		Not(dst[:Words(len(a))], dst)
	}
}

func ltVec[T Ordered](a, b []T, dst []uint64) {
	b = b[:len(a)]
	for w := 0; w<<6 < len(a); w++ {
		x := a[w<<6 : min(len(a), w<<6+64)]
		y := b[w<<6:]
		y = y[:len(x)]
		var m uint64
		for j := range x {
			m |= bit(x[j] < y[j]) << uint(j&63)
		}
		dst[w] = m
	}
}

func leVec[T Ordered](a, b []T, dst []uint64) {
	b = b[:len(a)]
	for w := 0; w<<6 < len(a); w++ {
		x := a[w<<6 : min(len(a), w<<6+64)]
		y := b[w<<6:]
		y = y[:len(x)]
		var m uint64
		for j := range x {
			m |= bit(x[j] <= y[j]) << uint(j&63)
		}
		dst[w] = m
	}
}

func eqVec[T Ordered](a, b []T, dst []uint64) {
	b = b[:len(a)]
	for w := 0; w<<6 < len(a); w++ {
		x := a[w<<6 : min(len(a), w<<6+64)]
		y := b[w<<6:]
		y = y[:len(x)]
		var m uint64
		for j := range x {
			m |= bit(x[j] == y[j]) << uint(j&63)
		}
		dst[w] = m
	}
}

// CompareWideConst is CompareConst for unscaled values of wide decimals.
func CompareWideConst(op Op, a []decimal.Int, c decimal.Int, n int, sel []int32, dst []uint64) {
	for i, count := 0, countRows(n, sel); i < count; i++ {
		r := rowAt(sel, i)
		put(dst, int32(r), bit(op.Holds(decimal.Cmp(a[r], c))))
	}
}

// CompareWide is Compare for unscaled values of wide decimals of one scale.
func CompareWide(op Op, a, b []decimal.Int, n int, sel []int32, dst []uint64) {
	for i, count := 0, countRows(n, sel); i < count; i++ {
		r := rowAt(sel, i)
		put(dst, int32(r), bit(op.Holds(decimal.Cmp(a[r], b[r]))))
	}
}

// EqualBytesConst sets bit i of dst to whether value i of a byte column is c; with invert, is not.
func EqualBytesConst(offs []int32, data, c []byte, n int, sel []int32, invert bool, dst []uint64) {
	size := int32(len(c))
	if sel != nil {
		for _, r := range sel {
			from, to := offs[r], offs[r+1]
			put(dst, r, bit((to-from == size && bytes.Equal(data[from:to], c)) != invert))
		}
		return
	}
	offs = offs[:n+1]
	var m uint64
	from := offs[0]
	for i, to := range offs[1:] {
		m |= bit((to-from == size && bytes.Equal(data[from:to], c)) != invert) << uint(i&63)
		from = to
		if i&63 == 63 {
			dst[i>>6] = m
			m = 0
		}
	}
	if n&63 != 0 {
		dst[n>>6] = m
	}
}

// CompareBytesConst sets bit i of dst to whether value i of a byte column compares to c as op says, byte by byte.
func CompareBytesConst(op Op, offs []int32, data, c []byte, n int, sel []int32, dst []uint64) {
	if op == EQ || op == NE {
		EqualBytesConst(offs, data, c, n, sel, op == NE, dst)
		return
	}
	for i, count := 0, countRows(n, sel); i < count; i++ {
		r := rowAt(sel, i)
		put(dst, int32(r), bit(op.Holds(bytes.Compare(data[offs[r]:offs[r+1]], c))))
	}
}

// CompareBytes sets bit i of dst to whether the values i of two byte columns compare as op says.
func CompareBytes(op Op, aOffs []int32, a []byte, bOffs []int32, b []byte, n int, sel []int32, dst []uint64) {
	for i, count := 0, countRows(n, sel); i < count; i++ {
		r := rowAt(sel, i)
		x, y := a[aOffs[r]:aOffs[r+1]], b[bOffs[r]:bOffs[r+1]]
		var o bool
		switch op {
		case EQ:
			o = bytes.Equal(x, y)
		case NE:
			o = !bytes.Equal(x, y)
		default:
			o = op.Holds(bytes.Compare(x, y))
		}
		put(dst, int32(r), bit(o))
	}
}

// CompareBits compares BOOLEAN columns, false before true.
func CompareBits(op Op, a, b, dst []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		var m uint64
		if op&LT != 0 {
			m |= ^a[i] & b[i]
		}
		if op&EQ != 0 {
			m |= ^(a[i] ^ b[i])
		}
		if op&GT != 0 {
			m |= a[i] &^ b[i]
		}
		dst[i] = m
	}
}

// order compares floats as Java's Double.compare does: NaN is greatest and equal to itself, -0.0 is below 0.0.
func order[T Ordered](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return -cmp.Compare(a, b) // Package cmp puts NaN first.
}
