// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package blackhole is the sink that takes everything and keeps nothing, for measurements.
//
// It is an honest sink: every value of every selected row is copied once, as a sink that writes would do, so that nothing upstream
// can be saved because the rows end here.
package blackhole

import (
	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// Identifier is the name of the connector.
const Identifier = "blackhole"

// Factory returns the connector.
func Factory() *connector.Factory {
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Receives every row and keeps none.",
		Sink:       func(*connector.Table) (connector.Sink, error) { return sink{}, nil },
	}
}

type sink struct{}

// Capabilities implements connector.Sink.
func (sink) Capabilities() connector.SinkCapabilities { return connector.SinkCapabilities{} }

// Writer implements connector.Sink.
func (sink) Writer(*connector.WriterContext) (connector.Writer, error) { return &writer{}, nil }

// Committer implements connector.Sink.
func (sink) Committer() (connector.Committer, error) { return nil, nil } //nolint:nilnil // No second phase.

// writer has one buffer that every column is copied to in turn: it stays in the cache.
type writer struct {
	bytes     []byte
	int8s     []int8
	int16s    []int16
	int32s    []int32
	int64s    []int64
	bits      []uint64
	int128s   []schema.Int128
	kinds     []schema.RowKind
	positions [][]int32 // Positions within children, a scratch a level of nesting.
}

// Write implements connector.Writer.
func (w *writer) Write(b *batch.Batch) error {
	sel := b.Sel()
	for _, v := range b.Cols() {
		w.column(v, sel, 0)
	}
	if k := b.Kinds(); k != nil {
		w.kinds = gather(w.kinds, k, sel)
	}
	return nil
}

// column copies the values of a vector at the selected positions, all with sel nil.
func (w *writer) column(v *batch.Vector, sel []int32, level int) {
	if valid := v.Valid(); valid != nil {
		w.bits = append(w.bits[:0], valid...)
	}
	switch v.Physical() {
	case schema.PhysNone:
	case schema.PhysBool:
		w.bits = append(w.bits[:0], v.Bits()...)
	case schema.PhysInt8:
		w.int8s = gather(w.int8s, batch.Values[int8](v), sel)
	case schema.PhysInt16:
		w.int16s = gather(w.int16s, batch.Values[int16](v), sel)
	case schema.PhysInt32, schema.PhysFloat32:
		w.int32s = gather(w.int32s, batch.Values[int32](v), sel)
	case schema.PhysInt64, schema.PhysFloat64:
		w.int64s = gather(w.int64s, batch.Values[int64](v), sel)
	case schema.PhysInt128:
		w.int128s = gather(w.int128s, batch.Values[schema.Int128](v), sel)
	case schema.PhysTime9:
		w.int64s = gather(w.int64s, batch.Values[int64](v), sel)
		w.int16s = gather(w.int16s, v.Nanos(), sel)
	case schema.PhysBytes:
		w.text(v, sel)
	case schema.PhysList, schema.PhysMap:
		inner := w.elements(v, sel, level)
		for c := range v.NumChildren() {
			w.column(v.Child(c), inner, level+1)
		}
	case schema.PhysStruct:
		for c := range v.NumChildren() {
			w.column(v.Child(c), sel, level+1)
		}
	}
}

func gather[T any](dst, src []T, sel []int32) []T {
	if sel == nil {
		return append(dst[:0], src...)
	}
	if cap(dst) < len(sel) {
		dst = make([]T, max(64, len(sel)))
	}
	dst = dst[:len(sel)]
	for k, i := range sel {
		dst[k] = src[i]
	}
	return dst
}

func (w *writer) text(v *batch.Vector, sel []int32) {
	if sel == nil {
		w.int32s = append(w.int32s[:0], v.Offsets()...)
		w.bytes = append(w.bytes[:0], v.Data()...)
		return
	}
	off, data := v.Offsets(), v.Data()
	buf := w.bytes[:0]
	for _, i := range sel {
		buf = append(buf, data[off[i]:off[i+1]]...)
	}
	w.bytes = buf
}

// elements returns the positions of the elements of the selected rows within the children; nil stands for all of them.
func (w *writer) elements(v *batch.Vector, sel []int32, level int) []int32 {
	w.int32s = append(w.int32s[:0], v.Offsets()...)
	if sel == nil {
		return nil
	}
	for len(w.positions) <= level {
		w.positions = append(w.positions, make([]int32, 0, 64))
	}
	off := v.Offsets()
	p := w.positions[level][:0]
	for _, i := range sel {
		for j := off[i]; j < off[i+1]; j++ {
			p = append(p, j)
		}
	}
	w.positions[level] = p
	return p
}

// Tick implements connector.Writer.
func (*writer) Tick(int64) error { return nil }

// Prepare implements connector.Writer.
func (*writer) Prepare(int64, bool) ([]connector.Committable, error) { return nil, nil }

// Close implements connector.Writer.
func (*writer) Close() error { return nil }
