// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"bytes"
	"math"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// resKind is how a result is read from a row.
type resKind uint8

const (
	resCount  resKind = iota
	resWord           // An integer, a date, a time, a BOOLEAN; the average of integers.
	resFloat          // Single precision bits.
	resDouble         // Double precision bits, also of averages.
	resReal           // The extreme of floats.
	resWide           // A sum of DECIMAL, or its average.
	resPair           // A wide DECIMAL.
	resTime9
	resBytes
	resValue // An encoded row of one value; none when empty.
	resMoments
)

// result is one output column.
type result struct {
	kind  resKind
	acc   int
	null  int // The accumulator that makes the result NULL when it is zero, or -1. Of averages it is the divisor.
	avg   bool
	scale int // Of the sum of DECIMAL.
	fn    string
	typ   *schema.Type
	codec *rowcodec.Codec
}

// NumResults returns the number of result columns.
func (p *Program) NumResults() int { return len(p.results) }

// AppendResults appends the results of n copied rows (state.Table.Copy of Tables.Root) to the vectors, one per aggregate.
func (p *Program) AppendResults(t *Tables, rows []uint64, n int, into []*batch.Vector) {
	if n == 0 {
		return
	}
	w := t.Root.Width()
	for i := range p.results {
		r := &p.results[i]
		v := into[i]
		n0 := v.Len()
		p.appendResult(t, r, rows, n, w, v)
		if r.null < 0 {
			continue
		}
		off := p.accs[r.null].off
		for j := range n {
			if rows[j*w+off] == 0 {
				v.SetNull(n0 + j)
			}
		}
	}
}

func (p *Program) appendResult(t *Tables, r *result, rows []uint64, n, w int, v *batch.Vector) {
	off := p.accs[r.acc].off
	n0 := v.Len()
	switch r.kind {
	case resCount:
		takeInts(batch.Resize[int64](v, n0+n)[n0:], rows[off:], w)
	case resWord:
		p.appendWord(r, rows, n, w, v)
	case resFloat:
		d := batch.Resize[float32](v, n0+n)[n0:]
		for j := range d {
			d[j] = math.Float32frombits(uint32(rows[j*w+off]))
		}
	case resDouble, resReal:
		p.appendReal(r, rows, n, w, v)
	case resWide:
		p.appendWide(r, rows, n, w, v)
	case resPair:
		d := batch.Resize[schema.Int128](v, n0+n)[n0:]
		for j := range d {
			d[j] = schema.Int128{Lo: rows[j*w+off], Hi: int64(rows[j*w+off+1])}
		}
	case resTime9:
		for j := range n {
			v.AppendTime9(int64(rows[j*w+off]), int16(rows[j*w+off+1]))
		}
	case resBytes:
		t.Root.AppendViews(rows[off:], n, v)
	case resValue:
		p.vecs[0] = v
		for j := range n {
			b := t.Root.ViewBytes(rows[j*w+off:], p.bufA[:0])
			if len(b) == 0 {
				v.AppendNull()
				continue
			}
			r.codec.AppendRow(p.vecs[:], b)
		}
	case resMoments:
		p.appendMoments(r, rows, n, w, v)
	}
}

func takeInts[T int8 | int16 | int32 | int64](dst []T, rows []uint64, step int) {
	for j := range dst {
		dst[j] = T(rows[j*step])
	}
}

// takeMeans divides sums by counts, cutting towards zero.
func takeMeans[T int8 | int16 | int32 | int64](dst []T, rows []uint64, sum, count, step int) {
	for j := range dst {
		if n := int64(rows[j*step+count]); n != 0 {
			dst[j] = T(int64(rows[j*step+sum]) / n)
		}
	}
}

func (p *Program) appendWord(r *result, rows []uint64, n, w int, v *batch.Vector) {
	off, n0 := p.accs[r.acc].off, v.Len()
	count := 0
	if r.avg {
		count = p.accs[r.null].off
	}
	switch phys := v.Physical(); {
	case phys == schema.PhysBool:
		for j := range n {
			v.AppendBool(rows[j*w+off] == 1)
		}
	case phys == schema.PhysInt8 && r.avg:
		takeMeans(batch.Resize[int8](v, n0+n)[n0:], rows, off, count, w)
	case phys == schema.PhysInt8:
		takeInts(batch.Resize[int8](v, n0+n)[n0:], rows[off:], w)
	case phys == schema.PhysInt16 && r.avg:
		takeMeans(batch.Resize[int16](v, n0+n)[n0:], rows, off, count, w)
	case phys == schema.PhysInt16:
		takeInts(batch.Resize[int16](v, n0+n)[n0:], rows[off:], w)
	case phys == schema.PhysInt32 && r.avg:
		takeMeans(batch.Resize[int32](v, n0+n)[n0:], rows, off, count, w)
	case phys == schema.PhysInt32:
		takeInts(batch.Resize[int32](v, n0+n)[n0:], rows[off:], w)
	case r.avg:
		takeMeans(batch.Resize[int64](v, n0+n)[n0:], rows, off, count, w)
	default:
		takeInts(batch.Resize[int64](v, n0+n)[n0:], rows[off:], w)
	}
}

func (p *Program) appendReal(r *result, rows []uint64, n, w int, v *batch.Vector) {
	n0 := v.Len()
	if v.Physical() == schema.PhysFloat32 {
		d := batch.Resize[float32](v, n0+n)[n0:]
		for j := range d {
			d[j] = float32(p.real(r, rows[j*w:]))
		}
		return
	}
	d := batch.Resize[float64](v, n0+n)[n0:]
	for j := range d {
		d[j] = p.real(r, rows[j*w:])
	}
}

// real returns the value of a result of kind resDouble or resReal.
func (p *Program) real(r *result, row []uint64) float64 {
	x := math.Float64frombits(row[p.accs[r.acc].off])
	if r.avg {
		x /= float64(int64(row[p.accs[r.null].off]))
	}
	return x
}

func (p *Program) appendWide(r *result, rows []uint64, n, w int, v *batch.Vector) {
	n0 := v.Len()
	d := batch.Resize[schema.Int128](v, n0+n)[n0:]
	for j := range n {
		x, ok := p.wide(r, rows[j*w:])
		d[j] = x
		if !ok {
			v.SetNull(n0 + j)
		}
	}
}

// wide returns the value of a result of kind resWide, and whether it fits.
func (p *Program) wide(r *result, row []uint64) (decimal.Int, bool) {
	off := p.accs[r.acc].off
	sum := decimal.Int{Lo: row[off], Hi: int64(row[off+1])}
	if !r.avg {
		return sum, decimal.Fits(sum, schema.MaxDecimal)
	}
	n := int64(row[p.accs[r.null].off])
	if n == 0 {
		return decimal.Int{}, false
	}
	return decimal.Div(sum, r.scale, decimal.FromInt64(n), 0, r.typ.Precision, r.typ.Scale)
}

// moment returns the value of a result of kind resMoments, and whether it is not NULL.
func (p *Program) moment(r *result, row []uint64) (float64, bool) {
	off := p.accs[r.acc].off
	n := float64(row[off])
	if r.fn == "STDDEV_SAMP" || r.fn == "VAR_SAMP" {
		n--
	}
	if row[off] == 0 || n <= 0 {
		return 0, false
	}
	x := math.Float64frombits(row[off+2]) / n
	if r.fn == "STDDEV_POP" || r.fn == "STDDEV_SAMP" {
		x = math.Sqrt(x)
	}
	return x, true
}

func (p *Program) appendMoments(r *result, rows []uint64, n, w int, v *batch.Vector) {
	for j := range n {
		x, ok := p.moment(r, rows[j*w:])
		if !ok {
			v.AppendNull()
			continue
		}
		appendDouble(v, r.typ, x)
	}
}

// appendDouble appends a DOUBLE cast to a numeric type.
func appendDouble(v *batch.Vector, t *schema.Type, x float64) {
	switch v.Physical() {
	case schema.PhysInt8:
		batch.Append(v, int8(int32(x)))
	case schema.PhysInt16:
		batch.Append(v, int16(int32(x)))
	case schema.PhysInt32:
		batch.Append(v, int32(x))
	case schema.PhysFloat32:
		batch.Append(v, float32(x))
	case schema.PhysFloat64:
		batch.Append(v, x)
	case schema.PhysInt128:
		d, ok := decimal.FromFloat(x, 64, t.Precision, t.Scale)
		if !ok {
			v.AppendNull()
			return
		}
		batch.Append(v, d)
	default:
		if t.Root == schema.Decimal {
			d, ok := decimal.FromFloat(x, 64, t.Precision, t.Scale)
			if !ok {
				v.AppendNull()
				return
			}
			batch.Append(v, int64(d.Lo))
			return
		}
		batch.Append(v, int64(x))
	}
}

// Equal tells whether two copied rows of a group have the same results. Strings of the older one must still be held.
func (p *Program) Equal(t *Tables, a, b []uint64) bool {
	for i := range p.results {
		if !p.equal(t, &p.results[i], a, b) {
			return false
		}
	}
	return true
}

func (p *Program) equal(t *Tables, r *result, a, b []uint64) bool {
	if r.null >= 0 {
		off := p.accs[r.null].off
		if (a[off] == 0) != (b[off] == 0) {
			return false
		}
		if a[off] == 0 {
			return true
		}
	}
	off := p.accs[r.acc].off
	switch r.kind {
	case resCount, resFloat:
		return a[off] == b[off]
	case resWord:
		return p.word(r, a) == p.word(r, b)
	case resDouble, resReal:
		return state64(p.real(r, a)) == state64(p.real(r, b))
	case resWide:
		x, okx := p.wide(r, a)
		y, oky := p.wide(r, b)
		return okx == oky && (!okx || x == y)
	case resPair, resTime9:
		return a[off] == b[off] && a[off+1] == b[off+1]
	case resBytes, resValue:
		if a[off] == b[off] && a[off+1] == b[off+1] {
			return true
		}
		return bytes.Equal(t.Root.ViewBytes(a[off:], p.bufA[:0]), t.Root.ViewBytes(b[off:], p.bufB[:0]))
	case resMoments:
		x, okx := p.moment(r, a)
		y, oky := p.moment(r, b)
		return okx == oky && x == y
	}
	return false
}

// state64 makes floats comparable: NaN equals itself, -0.0 equals 0.0.
func state64(x float64) uint64 {
	if x == 0 {
		return 0
	}
	return math.Float64bits(x)
}

// word returns the value of a result of kind resWord, cut to its type.
func (p *Program) word(r *result, row []uint64) int64 {
	x := int64(row[p.accs[r.acc].off])
	if r.avg {
		n := int64(row[p.accs[r.null].off])
		if n == 0 {
			return 0
		}
		x /= n
	}
	switch r.typ.Physical() {
	case schema.PhysInt8:
		return int64(int8(x))
	case schema.PhysInt16:
		return int64(int16(x))
	case schema.PhysInt32:
		return int64(int32(x))
	default:
		return x
	}
}
