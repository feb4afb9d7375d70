// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"bytes"
	"math"
	"math/bits"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/state"
	"spate/schema"
)

func addCount(rows *state.Rows, off int, l *list) {
	if l.w == nil {
		for _, id := range l.ids {
			*rows.Word(id, off)++
		}
		return
	}
	w := l.w[:len(l.ids)]
	for k, id := range l.ids {
		*rows.Word(id, off) += uint64(w[k])
	}
}

func addInts[T int8 | int16 | int32 | int64](rows *state.Rows, off int, l *list, vals []T) {
	pos := l.pos[:len(l.ids)]
	if l.w == nil {
		for k, id := range l.ids {
			*rows.Word(id, off) += uint64(int64(vals[pos[k]]))
		}
		return
	}
	w := l.w[:len(l.ids)]
	for k, id := range l.ids {
		*rows.Word(id, off) += uint64(int64(vals[pos[k]]) * w[k])
	}
}

// addFloat32 adds in single precision, as Flink sums FLOAT.
func addFloat32(rows *state.Rows, off int, l *list, vals []float32) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		x := vals[pos[k]]
		if l.takesAway(k) {
			x = -x
		}
		w := rows.Word(id, off)
		*w = uint64(math.Float32bits(math.Float32frombits(uint32(*w)) + x))
	}
}

func addFloat64[T float32 | float64](rows *state.Rows, off int, l *list, vals []T) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		x := float64(vals[pos[k]])
		if l.takesAway(k) {
			x = -x
		}
		w := rows.Word(id, off)
		*w = math.Float64bits(math.Float64frombits(*w) + x)
	}
}

func addWide64(rows *state.Rows, off int, l *list, vals []int64) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		x := vals[pos[k]]
		if l.takesAway(k) {
			x = -x
		}
		row := rows.At(id)
		lo, carry := bits.Add64(row[off], uint64(x), 0)
		row[off] = lo
		row[off+1] += uint64(x>>63) + carry
	}
}

func addWide(rows *state.Rows, off int, l *list, vals []schema.Int128) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		x := vals[pos[k]]
		row := rows.At(id)
		if l.takesAway(k) {
			lo, borrow := bits.Sub64(row[off], x.Lo, 0)
			row[off] = lo
			row[off+1] -= uint64(x.Hi) + borrow
			continue
		}
		lo, carry := bits.Add64(row[off], x.Lo, 0)
		row[off] = lo
		row[off+1] += uint64(x.Hi) + carry
	}
}

// unsetFloat marks an extreme of floats that has seen no value: a NaN that no arithmetic makes.
const unsetFloat = 0x7ff8dead00000000

// emptyExtreme returns the words of an extreme that has seen no value: whatever comes replaces it.
func emptyExtreme(a *acc) (lo, hi uint64) {
	minimum := a.kind == accMin
	switch a.phys {
	case schema.PhysFloat32, schema.PhysFloat64:
		return unsetFloat, 0
	case schema.PhysInt128:
		if minimum {
			return math.MaxUint64, math.MaxInt64
		}
		return 0, 1 << 63
	case schema.PhysBytes:
		return 0, 0
	default:
		if minimum {
			return math.MaxInt64, math.MaxInt64
		}
		return 1 << 63, 0
	}
}

// extreme keeps the least or greatest value.
func (p *Program) extreme(t *Tables, a *acc, l *list) {
	v := p.run.cols[a.arg]
	rows := &p.run.rows
	if a.kind == accMin {
		switch a.phys {
		case schema.PhysInt8:
			minInts(rows, a.off, l, batch.Values[int8](v))
			return
		case schema.PhysInt16:
			minInts(rows, a.off, l, batch.Values[int16](v))
			return
		case schema.PhysInt32:
			minInts(rows, a.off, l, batch.Values[int32](v))
			return
		case schema.PhysInt64:
			minInts(rows, a.off, l, batch.Values[int64](v))
			return
		default:
		}
	}
	switch a.phys {
	case schema.PhysInt8:
		maxInts(rows, a.off, l, batch.Values[int8](v))
	case schema.PhysInt16:
		maxInts(rows, a.off, l, batch.Values[int16](v))
	case schema.PhysInt32:
		maxInts(rows, a.off, l, batch.Values[int32](v))
	case schema.PhysInt64:
		maxInts(rows, a.off, l, batch.Values[int64](v))
	case schema.PhysFloat32:
		extremeFloats(rows, a, l, batch.Values[float32](v))
	case schema.PhysFloat64:
		extremeFloats(rows, a, l, batch.Values[float64](v))
	case schema.PhysBool:
		extremeBools(rows, a, l, v)
	case schema.PhysInt128, schema.PhysTime9:
		extremePairs(rows, a, l, v)
	case schema.PhysBytes:
		p.extremeBytes(t, a, l, v)
	case schema.PhysNone, schema.PhysList, schema.PhysMap, schema.PhysStruct:
	}
}

func minInts[T int8 | int16 | int32 | int64](rows *state.Rows, off int, l *list, vals []T) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		w := rows.Word(id, off)
		*w = uint64(min(int64(*w), int64(vals[pos[k]])))
	}
}

func maxInts[T int8 | int16 | int32 | int64](rows *state.Rows, off int, l *list, vals []T) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		w := rows.Word(id, off)
		*w = uint64(max(int64(*w), int64(vals[pos[k]])))
	}
}

// extremeFloats compares as Java's < does: a NaN that came first stays.
func extremeFloats[T float32 | float64](rows *state.Rows, a *acc, l *list, vals []T) {
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		w := rows.Word(id, a.off)
		*w = pickFloat(a.kind, *w, state.FloatBits(float64(vals[pos[k]])))
	}
}

func pickFloat(kind accKind, old, x uint64) uint64 {
	o, n := math.Float64frombits(old), math.Float64frombits(x)
	if old == unsetFloat || kind == accMin && n < o || kind == accMax && n > o {
		return x
	}
	return old
}

func extremeBools(rows *state.Rows, a *acc, l *list, v *batch.Vector) {
	for k, id := range l.ids {
		x := int64(0)
		if v.Bool(int(l.pos[k])) {
			x = 1
		}
		w := rows.Word(id, a.off)
		if a.kind == accMin {
			*w = uint64(min(int64(*w), x))
		} else {
			*w = uint64(max(int64(*w), x))
		}
	}
}

// lessPair compares two pairs of words: wide integers (low word first) or timestamps (microseconds, nanoseconds).
func lessPair(phys schema.Physical, a0, a1, b0, b1 uint64) bool {
	if phys == schema.PhysInt128 {
		a0, a1, b0, b1 = a1, a0, b1, b0
	}
	return int64(a0) < int64(b0) || a0 == b0 && a1 < b1
}

func extremePairs(rows *state.Rows, a *acc, l *list, v *batch.Vector) {
	var nanos []int16
	if a.phys == schema.PhysTime9 {
		nanos = v.Nanos()
	}
	for k, id := range l.ids {
		var x0, x1 uint64
		at := l.pos[k]
		if a.phys == schema.PhysInt128 {
			x := batch.Values[schema.Int128](v)[at]
			x0, x1 = x.Lo, uint64(x.Hi)
		} else {
			x0, x1 = uint64(batch.Values[int64](v)[at]), uint64(nanos[at])
		}
		row := rows.At(id)
		if a.kind == accMin && lessPair(a.phys, x0, x1, row[a.off], row[a.off+1]) ||
			a.kind == accMax && lessPair(a.phys, row[a.off], row[a.off+1], x0, x1) {
			row[a.off], row[a.off+1] = x0, x1
		}
	}
}

// extremeBytes keeps strings; a word behind the string tells whether there is one.
func (p *Program) extremeBytes(t *Tables, a *acc, l *list, v *batch.Vector) {
	for k, id := range l.ids {
		p.pickBytes(t, a, id, v.Bytes(int(l.pos[k])))
	}
}

func (p *Program) pickBytes(t *Tables, a *acc, id int32, x []byte) {
	row := t.Root.Row(id)
	if row[a.off2] != 0 {
		c := bytes.Compare(x, t.Root.Bytes(id, a.off, p.bufA[:0]))
		if c == 0 || (c < 0) != (a.kind == accMin) {
			return
		}
	}
	row[a.off2] = 1
	t.Root.SetBytes(id, a.off, x)
}

// moments updates number, mean and squared deviations by Welford's rule, and takes rows away by its inverse.
func (p *Program) moments(rows *state.Rows, a *acc, l *list) {
	v := p.run.cols[a.arg]
	scale := p.in[a.arg].Scale
	for k, id := range l.ids {
		m := rows.At(id)[a.off : a.off+3]
		x := double(v, int(l.pos[k]), scale)
		if !l.takesAway(k) {
			addMoment(m, x)
		} else {
			subMoment(m, x)
		}
	}
}

func addMoment(m []uint64, x float64) {
	n := m[0] + 1
	mean := math.Float64frombits(m[1])
	d := x - mean
	mean += d / float64(n)
	m2 := math.Float64frombits(m[2]) + d*(x-mean)
	m[0], m[1], m[2] = n, math.Float64bits(mean), math.Float64bits(m2)
}

func subMoment(m []uint64, x float64) {
	if m[0] <= 1 {
		m[0], m[1], m[2] = 0, 0, 0
		return
	}
	n := m[0] - 1
	mean := math.Float64frombits(m[1])
	d := x - mean
	mean -= d / float64(n)
	m2 := max(0, math.Float64frombits(m[2])-d*(x-mean))
	m[0], m[1], m[2] = n, math.Float64bits(mean), math.Float64bits(m2)
}

func mergeMoments(m, o []uint64) {
	na, nb := float64(m[0]), float64(o[0])
	if nb == 0 {
		return
	}
	ma, mb := math.Float64frombits(m[1]), math.Float64frombits(o[1])
	d, n := mb-ma, na+nb
	m2 := math.Float64frombits(m[2]) + math.Float64frombits(o[2]) + d*d*na*nb/n
	m[0] += o[0]
	m[1], m[2] = math.Float64bits(ma+d*nb/n), math.Float64bits(m2)
}

// double returns a number of any type as DOUBLE.
func double(v *batch.Vector, i, scale int) float64 {
	switch v.Physical() {
	case schema.PhysInt8:
		return float64(batch.Values[int8](v)[i])
	case schema.PhysInt16:
		return float64(batch.Values[int16](v)[i])
	case schema.PhysInt32:
		return float64(batch.Values[int32](v)[i])
	case schema.PhysInt64:
		if v.Type().Root == schema.Decimal {
			return decimal.Float(decimal.FromInt64(batch.Values[int64](v)[i]), scale)
		}
		return float64(batch.Values[int64](v)[i])
	case schema.PhysFloat32:
		return float64(batch.Values[float32](v)[i])
	case schema.PhysFloat64:
		return batch.Values[float64](v)[i]
	case schema.PhysInt128:
		return decimal.Float(batch.Values[schema.Int128](v)[i], scale)
	default:
		return 0
	}
}
