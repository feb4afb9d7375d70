// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package unnest is the operator that makes rows of the elements of a collection: UNNEST, and table functions whose result is an array.
//
// It keeps no state: a row that is retracted takes back the rows of its elements. The columns beside the elements are copied for
// each element.
//
// An operator belongs to the goroutine of its task and holds at most one input batch.
package unnest

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/gather"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// none is the position of an element, or of its row, that is not there: NULL stands for it.
const none = -1

// operator emits a row per element.
type operator struct {
	op.Base
	spec *graph.UnnestSpec
	coll *schema.Type
	out  []*schema.Type

	pool  *batch.Pool
	limit int

	in   *batch.Batch
	row  int   // Next selected row.
	elem int32 // Next element of it, counted from its first.
	copy int32 // Copies of a multiset's element that were made.
	done int32 // Output rows of it.

	rows  []int32 // Position of the input row of each output row.
	elems []int32 // Position of its element in the child vectors, or none.
	ords  []int32 // Its number, from 1; 0 for none.
	parts []int32
}

// New makes the operator of an UnnestSpec.
func New(spec *graph.UnnestSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("unnesting takes one input, not %d", len(in))
	}
	for _, c := range append([]int{spec.Col}, spec.Keep...) {
		if c < 0 || c >= len(in[0]) {
			return nil, fmt.Errorf("unnesting has no column %d", c)
		}
	}
	o := &operator{spec: spec, coll: in[0][spec.Col], out: out}
	want := len(spec.Keep)
	switch o.coll.Root {
	case schema.Array, schema.Multiset:
		if spec.Expand {
			want += len(o.coll.Elem.Fields)
		} else {
			want++
		}
	case schema.Map:
		want += 2
	default:
		return nil, fmt.Errorf("unnesting a column of type %s", o.coll)
	}
	if spec.Expand && o.coll.Elem.Physical() != schema.PhysStruct {
		return nil, fmt.Errorf("unnesting the fields of %s", o.coll.Elem)
	}
	if spec.Ordinality {
		want++
	}
	if len(out) != want {
		return nil, fmt.Errorf("unnesting makes %d columns, not %d", want, len(out))
	}
	return o, nil
}

// Open implements op.Operator.
func (o *operator) Open(rt op.Runtime) error {
	o.pool, o.limit = rt.Pool(o.out), max(1, rt.BatchRows())
	return nil
}

// Process implements op.Operator.
func (o *operator) Process(_ int, b *batch.Batch) (op.Result, error) {
	o.in, o.row, o.elem, o.copy, o.done = b, 0, 0, 0, 0
	return o.Continue()
}

// Continue implements op.Operator.
func (o *operator) Continue() (op.Result, error) {
	if o.in == nil {
		return op.Result{}, nil
	}
	o.list()
	var res op.Result
	if len(o.rows) > 0 {
		res.Out = o.emit()
	}
	if res.More = o.row < o.in.Rows(); !res.More {
		o.drop()
	}
	return res, nil
}

// list lists the next output rows, at most a batch of them.
func (o *operator) list() {
	o.rows, o.elems, o.ords = o.rows[:0], o.elems[:0], o.ords[:0]
	sel := o.in.Sel()
	v := o.in.Col(o.spec.Col)
	offsets := v.Offsets()
	var counts []int32
	if o.coll.Root == schema.Multiset {
		counts = batch.Values[int32](v.Child(1))
	}
	for n := o.in.Rows(); o.row < n && len(o.rows) < o.limit; o.row++ {
		p := int32(o.row)
		if sel != nil {
			p = sel[o.row]
		}
		at := p
		if v.IsConst() {
			at = 0
		}
		size := int32(0)
		if !v.IsNull(int(p)) {
			size = offsets[at+1] - offsets[at]
		}
		if size == 0 && o.spec.Left {
			o.add(p, none, 0)
		}
		if size > 0 && !o.elements(p, offsets[at], size, counts) {
			return
		}
		o.elem, o.copy, o.done = 0, 0, 0
	}
}

// elements lists the elements of a row from o.elem on. It returns false when the batch is full before their end.
func (o *operator) elements(p, first, size int32, counts []int32) bool {
	for ; o.elem < size; o.elem++ {
		at := first + o.elem
		times := int32(1)
		if counts != nil {
			times = counts[at]
		}
		for ; o.copy < times; o.copy++ {
			if len(o.rows) == o.limit {
				return false
			}
			o.done++
			o.add(p, at, o.done)
		}
		o.copy = 0
	}
	return true
}

func (o *operator) add(row, elem, ord int32) {
	o.rows, o.elems, o.ords = append(o.rows, row), append(o.elems, elem), append(o.ords, ord)
}

// emit makes a batch of the listed rows.
func (o *operator) emit() *batch.Batch {
	out := o.pool.Get()
	for i, c := range o.spec.Keep {
		gather.Append(out.Own(i), o.in.Col(c), o.rows)
	}
	at := len(o.spec.Keep)
	v := o.in.Col(o.spec.Col)
	switch {
	case o.spec.Expand:
		elem := v.Child(0)
		o.parts = append(o.parts[:0], o.elems...)
		for i, e := range o.parts {
			if e >= 0 && elem.IsNull(int(e)) {
				o.parts[i] = none // The fields of a row that is NULL are NULL.
			}
		}
		for f := range elem.NumChildren() {
			appendPadded(out.Own(at), elem.Child(f), o.parts)
			at++
		}
	case o.coll.Root == schema.Map:
		appendPadded(out.Own(at), v.Child(0), o.elems)
		appendPadded(out.Own(at+1), v.Child(1), o.elems)
		at += 2
	default:
		appendPadded(out.Own(at), v.Child(0), o.elems)
		at++
	}
	if o.spec.Ordinality {
		copy(batch.Resize[int32](out.Own(at), len(o.ords)), o.ords)
		for i, n := range o.ords {
			if n == 0 {
				out.Own(at).SetNull(i)
			}
		}
	}
	out.SetLen(len(o.rows))
	if kinds := o.in.Kinds(); kinds != nil {
		to := out.MakeKinds(len(o.rows))
		for i, p := range o.rows {
			to[i] = kinds[p]
		}
	}
	return out
}

// appendPadded appends the chosen rows of a vector, and NULL where there is none.
func appendPadded(dst, src *batch.Vector, pos []int32) {
	for len(pos) > 0 {
		n := 0
		for n < len(pos) && pos[n] >= 0 {
			n++
		}
		if n > 0 {
			gather.Append(dst, src, pos[:n])
		}
		for pos = pos[n:]; len(pos) > 0 && pos[0] < 0; pos = pos[1:] {
			dst.AppendNull()
		}
	}
}

// drop releases the batch at hand.
func (o *operator) drop() {
	if o.in != nil {
		o.in.Release()
		o.in = nil
	}
}

// Close implements op.Operator.
func (o *operator) Close() error {
	o.drop()
	return nil
}
