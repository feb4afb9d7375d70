// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"hash/crc32"
	"math"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/internal/sys/budget"
	"spate/schema"
)

// Size reads the size of a frame from its first HeaderSize bytes, so that the rest can be received. A size above limit (bytes) or below
// what a header needs is an error.
func Size(header []byte, limit int) (int, error) {
	switch {
	case len(header) < HeaderSize:
		return 0, corrupt("%d bytes are no header", len(header))
	case le.Uint32(header) != magic:
		return 0, corrupt("it starts with %x", header[:4])
	case le.Uint16(header[4:]) != Version:
		return 0, corrupt("version %d is unknown", le.Uint16(header[4:]))
	}
	size := le.Uint64(header[16:])
	if size < HeaderSize || size%align != 0 || size > uint64(limit) {
		return 0, corrupt("it says that it has %d bytes, of at most %d", size, limit)
	}
	return int(size), nil
}

// Decoder reads frames of batches of one list of types. It belongs to one goroutine.
type Decoder struct {
	layout uint32

	data  []byte // The frame.
	table int    // Where the next length is.
	left  int    // Lengths not yet taken.
	at    int    // Where the next buffer is.
}

// NewDecoder returns a decoder for batches with the given column types.
func NewDecoder(types []*schema.Type) *Decoder { return &Decoder{layout: layout(types)} }

// Decode makes dst, an empty batch of the decoder's types, a view of the frame, which must be aligned to 8 bytes and must not change until
// dst is released. After an error dst is to be released.
func (d *Decoder) Decode(dst *batch.Batch, frame []byte) error {
	rows, flags, err := d.open(frame)
	if err != nil {
		return err
	}
	var kinds []byte
	if flags&flagKinds != 0 {
		if kinds, err = d.take(rows); err != nil {
			return err
		}
		for _, k := range kinds {
			if k > byte(schema.Delete) {
				return corrupt("row kind %d", k)
			}
		}
	}
	for c := range dst.NumCols() {
		if err := d.vector(dst.Own(c), rows); err != nil {
			return err
		}
	}
	if d.left != 0 || d.at != len(d.data) {
		return corrupt("%d buffers and %d bytes are left over", d.left, len(d.data)-d.at)
	}
	dst.SetLen(rows)
	if kinds != nil {
		dst.SetKinds(mem.Kinds(kinds))
	}
	d.data = nil
	return nil
}

// open checks the header and the checksum.
func (d *Decoder) open(frame []byte) (rows int, flags uint16, err error) {
	size, err := Size(frame, math.MaxInt32)
	if err != nil {
		return 0, 0, err
	}
	n := le.Uint32(frame[8:])
	flags = le.Uint16(frame[6:])
	buffers := uint64(le.Uint32(frame[12:]))
	sum := crc32.Update(0, castagnoli, frame[:HeaderSize-4])
	switch {
	case size != len(frame):
		return 0, 0, corrupt("it says that it has %d bytes and has %d", size, len(frame))
	case le.Uint32(frame[HeaderSize-4:]) != crc32.Update(sum, castagnoli, frame[HeaderSize:]):
		return 0, 0, corrupt("the checksum is wrong")
	case le.Uint32(frame[24:]) != d.layout:
		return 0, 0, corrupt("its columns are not those of the receiver")
	case flags&^flagKinds != 0:
		return 0, 0, corrupt("flags %x are unknown", flags)
	case n > batch.MaxRows:
		return 0, 0, corrupt("it has %d rows, of at most %d", n, batch.MaxRows)
	case HeaderSize+(4*buffers+align-1)&^(align-1) > uint64(size):
		return 0, 0, corrupt("%d buffers do not fit into %d bytes", buffers, size)
	case !mem.Aligned(frame):
		panic("BUG: a frame is not aligned to 8 bytes")
	}
	d.data, d.table, d.left = frame, HeaderSize, int(buffers)
	d.at = HeaderSize + (4*d.left+align-1)&^(align-1)
	return int(n), flags, nil
}

// next returns the next buffer.
func (d *Decoder) next() ([]byte, error) {
	if d.left == 0 {
		return nil, corrupt("buffers are missing")
	}
	n := uint64(le.Uint32(d.data[d.table:]))
	d.table += 4
	d.left--
	padded := (n + align - 1) &^ (align - 1)
	if padded > uint64(len(d.data)-d.at) {
		return nil, corrupt("a buffer of %d bytes where %d are left", n, len(d.data)-d.at)
	}
	b := d.data[d.at : d.at+int(n) : d.at+int(n)]
	d.at += int(padded)
	return b, nil
}

// take returns the next buffer, which must have the given size.
func (d *Decoder) take(size int) ([]byte, error) {
	b, err := d.next()
	if err == nil && len(b) != size {
		err = corrupt("a buffer of %d bytes instead of %d", len(b), size)
	}
	return b, err
}

// vector makes v a view of the next buffers, n rows.
func (d *Decoder) vector(v *batch.Vector, n int) error {
	p := v.Physical()
	if p == schema.PhysNone {
		v.ResizeRows(n)
		return nil
	}
	bitmap, err := d.next()
	if err != nil {
		return err
	}
	var valid []uint64
	if len(bitmap) > 0 {
		if len(bitmap) != 8*words(n) {
			return corrupt("a validity of %d bytes for %d rows", len(bitmap), n)
		}
		valid = mem.View[uint64](bitmap)
	}
	switch p {
	case schema.PhysBytes:
		offs, err := d.offsets(n)
		if err != nil {
			return err
		}
		aux, err := d.take(int(mem.View[int32](offs)[n]))
		if err != nil {
			return err
		}
		v.Alias(n, valid, offs, aux)
	case schema.PhysList, schema.PhysMap:
		offs, err := d.offsets(n)
		if err != nil {
			return err
		}
		v.Alias(n, valid, offs, nil)
		return d.children(v, int(mem.View[int32](offs)[n]))
	case schema.PhysStruct:
		v.Alias(n, valid, nil, nil)
		return d.children(v, n)
	default:
		return d.fixed(v, n, valid)
	}
	return nil
}

func (d *Decoder) fixed(v *batch.Vector, n int, valid []uint64) error {
	p := v.Physical()
	size := 8 * words(n)
	if p != schema.PhysBool {
		size = n * width(p)
	}
	data, err := d.take(size)
	if err != nil {
		return err
	}
	var aux []byte
	if p == schema.PhysTime9 {
		if aux, err = d.take(2 * n); err != nil {
			return err
		}
	}
	v.Alias(n, valid, data, aux)
	return nil
}

func (d *Decoder) children(v *batch.Vector, n int) error {
	for k := range v.NumChildren() {
		if err := d.vector(v.Child(k), n); err != nil {
			return err
		}
	}
	return nil
}

// offsets returns n+1 offsets that start at 0 and never fall.
func (d *Decoder) offsets(n int) ([]byte, error) {
	b, err := d.take(4 * (n + 1))
	if err != nil {
		return nil, err
	}
	offs := mem.View[int32](b)
	last := offs[0]
	falls := last != 0
	for _, o := range offs {
		falls = falls || o < last
		last = o
	}
	if falls {
		return nil, corrupt("offsets do not rise from 0")
	}
	return b, nil
}

// Pool recycles the memory of received frames, charged to a budget. It is safe for concurrent use.
type Pool struct{ carriers *batch.Pool }

// NewPool returns a pool of frame memory.
func NewPool(b *budget.Node) *Pool {
	return &Pool{carriers: batch.NewPool([]*schema.Type{schema.TypeBytes.NotNull()}, b)}
}

// Buffer is memory for one frame. Whoever has it releases it or gives it to DecodeOwned.
type Buffer struct{ carrier *batch.Batch }

// Get returns memory for a frame of the given size, whose content is unspecified and aligned.
func (p *Pool) Get(size int) Buffer {
	c := p.carriers.Get()
	c.Own(0).ResizeBytes(1, size)
	return Buffer{carrier: c}
}

// Err returns the first request that went over the budget, or nil.
func (p *Pool) Err() error { return p.carriers.Err() }

// Close gives the budget of unused memory back.
func (p *Pool) Close() { p.carriers.Close() }

// Bytes returns the memory.
func (b Buffer) Bytes() []byte { return b.carrier.Own(0).Data() }

// Release gives the memory back.
func (b Buffer) Release() { b.carrier.Release() }

// DecodeOwned is Decode of a frame in b, which goes back to its pool when dst is released. dst owns b also after an error.
func (d *Decoder) DecodeOwned(dst *batch.Batch, b Buffer) error {
	dst.Adopt(b.carrier)
	return d.Decode(dst, b.Bytes())
}
