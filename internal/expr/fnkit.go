// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/schema"
)

// This file holds what function declarations are built from: readers of arguments and writers of results.
//
// A row function, a Go func called for every row, is for functions whose work is far above the two nanoseconds of the call: regular
// expressions, JSON, transcendental functions. Cheaper ones have loops of their own.

// sparse returns the selection when a loop over it is worthwhile, else nil: the kernel works on all rows.
func (r Rows) sparse() []int32 {
	if r.Sparse() {
		return r.Sel
	}
	return nil
}

// validity returns the validity bitmap of an argument, constant ones included; buf is scratch for those. All set without NULLs.
func validity(v *batch.Vector, n int, buf *[]uint64) []uint64 {
	if v.HasNulls() && !v.IsConst() {
		return v.Valid()
	}
	*buf = kernel.Grow(*buf, words(n))
	if v.Physical() == schema.PhysNone || v.IsConst() && v.IsNull(0) {
		kernel.Fill(*buf, 0)
	} else {
		kernel.Fill(*buf, ^uint64(0))
	}
	return *buf
}

// byteWriter writes a column of variable size row by row, in ascending order of rows; rows left out are empty.
type byteWriter struct {
	out  *batch.Vector
	offs []int32
	buf  []byte
	next int
}

// writeBytes starts writing n rows; hint is the expected size of all of them.
func writeBytes(out *batch.Vector, n, hint int) byteWriter {
	offs, _ := out.ResizeBytes(n, 0)
	offs[0] = 0
	return byteWriter{out: out, offs: offs, buf: out.GrowData(hint)}
}

// room makes sure that more bytes fit in buf, which the caller may then append to.
func (w *byteWriter) room(more int) {
	if cap(w.buf)-len(w.buf) < more {
		w.out.SetData(w.buf)
		w.buf = w.out.GrowData(more)
	}
}

// add writes row r.
func (w *byteWriter) add(r int, b []byte) {
	w.skip(r)
	w.room(len(b))
	w.buf = append(w.buf, b...)
	w.end(r)
}

// skip leaves the rows before r empty; what is appended to buf after it belongs to r.
func (w *byteWriter) skip(r int) {
	for at := int32(len(w.buf)); w.next < r; w.next++ {
		w.offs[w.next+1] = at
	}
}

// end closes row r.
func (w *byteWriter) end(r int) {
	w.offs[r+1] = int32(len(w.buf))
	w.next = r + 1
}

// null makes row r NULL.
func (w *byteWriter) null(r int) {
	w.skip(r)
	w.end(r)
	w.out.SetNull(r)
}

// done ends the column. A result beyond what offsets can address is an error.
func (w *byteWriter) done(n int) error {
	if len(w.buf) > math.MaxInt32 {
		return &RowError{Row: n - 1, Reason: "the strings of one batch exceed 2 GiB"}
	}
	w.skip(n)
	w.out.SetData(w.buf)
	return nil
}

// litString returns the value of argument i when it is a literal string that is not NULL.
func litString(call *Call, i int) (string, bool) {
	if i >= len(call.Args) {
		return "", false
	}
	l, ok := call.Args[i].(*Lit)
	if !ok || l.Value.Null {
		return "", false
	}
	return l.Value.S, true
}

// litInt returns the value of argument i when it is a literal integer that is not NULL.
func litInt(call *Call, i int) (int64, bool) {
	if i >= len(call.Args) {
		return 0, false
	}
	l, ok := call.Args[i].(*Lit)
	if !ok || l.Value.Null {
		return 0, false
	}
	return l.Value.I, true
}

// symbol returns a keyword argument.
func symbol(call *Call, i int) string {
	s, _ := litString(call, i)
	return s
}

// ints reads an integer argument of any width.
type ints struct {
	v8  []int8
	v16 []int16
	v32 []int32
	v64 []int64
	fix bool
}

func readInts(v *batch.Vector) ints {
	x := ints{fix: v.IsConst()}
	switch v.Physical() {
	case schema.PhysInt8:
		x.v8 = batch.Values[int8](v)
	case schema.PhysInt16:
		x.v16 = batch.Values[int16](v)
	case schema.PhysInt32:
		x.v32 = batch.Values[int32](v)
	default:
		x.v64 = batch.Values[int64](v)
	}
	return x
}

func (x *ints) at(r int) int64 {
	if x.fix {
		r = 0
	}
	switch {
	case x.v64 != nil:
		return x.v64[r]
	case x.v32 != nil:
		return int64(x.v32[r])
	case x.v16 != nil:
		return int64(x.v16[r])
	}
	return int64(x.v8[r])
}

// numbers reads an exact numeric argument as unscaled decimal values.
type numbers struct {
	ints
	wide  []schema.Int128
	scale int
}

func readNumbers(v *batch.Vector) numbers {
	t := v.Type()
	if v.Physical() == schema.PhysInt128 {
		return numbers{wide: batch.Values[schema.Int128](v), scale: t.Scale, ints: ints{fix: v.IsConst()}}
	}
	x := numbers{ints: readInts(v)}
	if t.Root == schema.Decimal {
		x.scale = t.Scale
	}
	return x
}

func (x *numbers) dec(r int) decimal.Int {
	if x.wide != nil {
		if x.fix {
			r = 0
		}
		return x.wide[r]
	}
	return decimal.FromInt64(x.at(r))
}

// floats reads a numeric argument of any type as DOUBLE.
type floats struct {
	numbers
	f32  []float32
	f64  []float64
	kind schema.Physical
}

func readFloats(v *batch.Vector) floats {
	x := floats{kind: v.Physical()}
	x.fix = v.IsConst()
	switch x.kind {
	case schema.PhysFloat32:
		x.f32 = batch.Values[float32](v)
	case schema.PhysFloat64:
		x.f64 = batch.Values[float64](v)
	default:
		x.numbers = readNumbers(v)
	}
	return x
}

func (x *floats) float(r int) float64 {
	switch x.kind {
	case schema.PhysFloat32:
		if x.fix {
			r = 0
		}
		return float64(x.f32[r])
	case schema.PhysFloat64:
		if x.fix {
			r = 0
		}
		return x.f64[r]
	default:
		if x.scale == 0 && x.wide == nil {
			return float64(x.at(r))
		}
		return decimal.Float(x.dec(r), x.scale)
	}
}

// decimalOut writes unscaled values to a result of either decimal form.
type decimalOut struct {
	compact []int64
	wide    []schema.Int128
	out     *batch.Vector
}

func writeDecimals(out *batch.Vector, n int) decimalOut {
	if out.Physical() == schema.PhysInt64 {
		return decimalOut{compact: batch.Resize[int64](out, n), out: out}
	}
	return decimalOut{wide: batch.Resize[schema.Int128](out, n), out: out}
}

// set writes row r; a value that does not fit is NULL.
func (w *decimalOut) set(r int, x decimal.Int, fits bool) {
	switch {
	case !fits:
		w.out.SetNull(r)
	case w.compact != nil:
		w.compact[r] = int64(x.Lo)
	default:
		w.wide[r] = x
	}
}
