// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package frame is the wire form of a batch: a checksummed header and the raw buffers of the columns, aligned, so that a received frame
// is used where it lies. docs/formats/frame.md describes it byte by byte.
//
// Invariants:
//
//	F1. What Decode accepts is a well-formed batch: every later access by index stays inside the frame's memory.
//	F2. Nothing is allocated by a length from outside before that length was checked.
//	F3. The types are the receiver's own; the frame's layout must agree with them.
//
// Threading: an Encoder belongs to one goroutine. Lifetime: a decoded batch refers to the frame's bytes until it is released; use Pool and
// DecodeOwned to recycle them.
package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// Constants of the format.
const (
	Version    = 1
	HeaderSize = 32

	magic     = 0x46545053 // "SPTF".
	flagKinds = 1
	align     = 8
)

// ErrCorrupt marks every error about the bytes of a frame.
var ErrCorrupt = errors.New("corrupt frame")

var (
	le         = binary.LittleEndian
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// layout returns the checksum of the physical forms.
func layout(types []*schema.Type) uint32 {
	return crc32.Checksum(appendForms(nil, types), castagnoli)
}

func appendForms(dst []byte, types []*schema.Type) []byte {
	for _, t := range types {
		p := t.Physical()
		dst = append(dst, byte(p))
		kids := t.Children()
		if p == schema.PhysStruct {
			dst = le.AppendUint16(dst, uint16(len(kids)))
		}
		dst = appendForms(dst, kids)
	}
	return dst
}

// Encoder makes frames of batches of one list of types.
type Encoder struct {
	layout  uint32
	head    []byte   // Header and table.
	pieces  [][]byte // The frame in pieces: head, then buffers and paddings.
	lengths []uint32
	size    int
}

// NewEncoder returns an encoder for batches with the given column types.
func NewEncoder(types []*schema.Type) *Encoder { return &Encoder{layout: layout(types)} }

var zeros [align]byte

// Pieces returns the frame of b as a list of byte slices for a vectored write, and its size. They alias b's memory and the encoder's:
// they are valid until b is released or the encoder is used again. b must have no selection (gather.Compact).
func (e *Encoder) Pieces(b *batch.Batch) (pieces [][]byte, size int) {
	if b.Sel() != nil || b.Len() > batch.MaxRows {
		panic("BUG: frame of a batch with a selection or too many rows")
	}
	e.pieces, e.lengths = append(e.pieces[:0], nil), e.lengths[:0]
	e.size = 0
	var flags uint16
	if kinds := b.Kinds(); kinds != nil {
		flags |= flagKinds
		e.add(mem.KindBytes(kinds[:b.Len()]))
	}
	for _, v := range b.Cols() {
		e.vector(v, b.Len())
	}
	e.header(flags, b.Len())
	return e.pieces, e.size
}

// Append appends the frame of b to dst, whose length must be a multiple of 8.
func (e *Encoder) Append(dst []byte, b *batch.Batch) []byte {
	pieces, _ := e.Pieces(b)
	for _, p := range pieces {
		dst = append(dst, p...)
	}
	return dst
}

// header fills the first piece and the checksum.
func (e *Encoder) header(flags uint16, rows int) {
	table := (4*len(e.lengths) + align - 1) &^ (align - 1)
	e.size += HeaderSize + table
	h := e.head[:0]
	h = le.AppendUint32(h, magic)
	h = le.AppendUint16(h, Version)
	h = le.AppendUint16(h, flags)
	h = le.AppendUint32(h, uint32(rows))
	h = le.AppendUint32(h, uint32(len(e.lengths)))
	h = le.AppendUint64(h, uint64(e.size))
	h = le.AppendUint32(h, e.layout)
	h = le.AppendUint32(h, 0)
	for _, n := range e.lengths {
		h = le.AppendUint32(h, n)
	}
	if len(e.lengths)%2 != 0 {
		h = le.AppendUint32(h, 0)
	}
	e.head = h
	e.pieces[0] = h
	sum := crc32.Update(0, castagnoli, h[:HeaderSize-4])
	sum = crc32.Update(sum, castagnoli, h[HeaderSize:])
	for _, p := range e.pieces[1:] {
		sum = crc32.Update(sum, castagnoli, p)
	}
	le.PutUint32(h[HeaderSize-4:], sum)
}

// add appends one buffer and its padding.
func (e *Encoder) add(b []byte) {
	if len(b) > math.MaxUint32 {
		panic("BUG: frame buffer above 4 GiB")
	}
	e.lengths = append(e.lengths, uint32(len(b)))
	if len(b) == 0 {
		return
	}
	e.pieces = append(e.pieces, b)
	e.size += len(b)
	if pad := -len(b) & (align - 1); pad > 0 {
		e.pieces = append(e.pieces, zeros[:pad])
		e.size += pad
	}
}

// vector appends the buffers of the first n rows of a column.
func (e *Encoder) vector(v *batch.Vector, n int) {
	p := v.Physical()
	if p == schema.PhysNone {
		return
	}
	if valid := v.Valid(); valid != nil {
		e.add(mem.Bytes(valid[:words(n)]))
	} else {
		e.add(nil)
	}
	switch p {
	case schema.PhysBool:
		e.add(mem.Bytes(v.Bits()[:words(n)]))
	case schema.PhysTime9:
		e.add(mem.Bytes(batch.Values[int64](v)[:n]))
		e.add(mem.Bytes(v.Nanos()[:n]))
	case schema.PhysBytes:
		offs := v.Offsets()[:n+1]
		e.add(mem.Bytes(offs))
		e.add(v.Data()[:offs[n]])
	case schema.PhysList, schema.PhysMap:
		offs := v.Offsets()[:n+1]
		e.add(mem.Bytes(offs))
		for k := range v.NumChildren() {
			e.vector(v.Child(k), int(offs[n]))
		}
	case schema.PhysStruct:
		for k := range v.NumChildren() {
			e.vector(v.Child(k), n)
		}
	default:
		e.add(raw(v, n))
	}
}

// raw returns the first n values of a fixed-width vector as bytes.
func raw(v *batch.Vector, n int) []byte {
	switch width(v.Physical()) {
	case 1:
		return mem.Bytes(batch.Values[uint8](v)[:n])
	case 2:
		return mem.Bytes(batch.Values[uint16](v)[:n])
	case 4:
		return mem.Bytes(batch.Values[uint32](v)[:n])
	case 8:
		return mem.Bytes(batch.Values[uint64](v)[:n])
	default:
		return mem.Bytes(batch.Values[schema.Int128](v)[:n])
	}
}

func words(n int) int { return (n + 63) / 64 }

// width returns the bytes of a value of a fixed form.
func width(p schema.Physical) int {
	switch p {
	case schema.PhysInt8:
		return 1
	case schema.PhysInt16:
		return 2
	case schema.PhysInt32, schema.PhysFloat32:
		return 4
	case schema.PhysInt64, schema.PhysFloat64, schema.PhysTime9:
		return 8
	case schema.PhysInt128:
		return 16
	default:
		panic(fmt.Sprintf("BUG: width of form %d", p))
	}
}
