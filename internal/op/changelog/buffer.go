// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package changelog has the operators that bring a changelog into another form, and the buffer of changes that operators with
// rows in state emit from.
//
//   - Normalize makes a clean changelog by key of one with upserts, duplicates and deletes that know the key only.
//   - Materializer keeps the rows of each primary key of a sink in order of arrival and lets the last one through, since changes
//     of one primary key that come from different rows upstream may overtake each other.
//
// Both are exact, row for row, as Flink's ChangelogNormalize and SinkUpsertMaterializer, whatever the bundle.
//
// Invariants:
//
//	G1. A key without a row has no state.
//	G2. What Normalize and Materializer emit is a changelog by key: +I, then any number of -U and +U, then -D.
//
// An operator belongs to the goroutine of its task and holds at most one input batch.
package changelog

import (
	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// Buffer holds changes that are to be emitted, as encoded rows, and makes batches of them. A row that is added must stay as it is
// until it was emitted: rows in state that may change before must go through Keep.
type Buffer struct {
	codec *rowcodec.Codec
	kinds []schema.RowKind
	data  [][]byte
	next  int
	arena []byte
	into  []*batch.Vector
}

// NewBuffer returns an empty buffer of rows that codec has encoded.
func NewBuffer(codec *rowcodec.Codec) Buffer { return Buffer{codec: codec} }

// Len returns the number of changes that are not emitted yet.
func (b *Buffer) Len() int { return len(b.kinds) - b.next }

// Add appends a change.
func (b *Buffer) Add(k schema.RowKind, row []byte) {
	b.kinds = append(b.kinds, k)
	b.data = append(b.data, row)
}

// Keep copies a row to where it stays until all changes are emitted.
func (b *Buffer) Keep(row []byte) []byte {
	n := b.room(len(row))
	b.arena = append(b.arena, row...)
	return b.arena[n:len(b.arena):len(b.arena)]
}

// Room returns an empty slice with the capacity that the state tables want for a short string; what they put there is kept.
func (b *Buffer) Room() []byte {
	const size = 16
	n := b.room(size)
	b.arena = b.arena[:n+size]
	return b.arena[n : n : n+size]
}

// room makes room for n bytes more and returns where they go. Rows that were kept before stay where they are.
func (b *Buffer) room(n int) int {
	if len(b.arena)+n > cap(b.arena) {
		b.arena = make([]byte, 0, max(2*cap(b.arena), n, 1<<12))
	}
	return len(b.arena)
}

// Next takes the next changes, at most limit and about batch.MaxBytes bytes of them, and returns their range for Fill.
func (b *Buffer) Next(limit int) (lo, hi int) {
	lo, hi = b.next, b.next
	for size := 0; hi < len(b.kinds) && hi-lo < limit && (size <= batch.MaxBytes || hi == lo); hi++ {
		size += len(b.data[hi])
	}
	b.next = hi
	return lo, hi
}

// Fill writes the changes of a range to out, from its first column on, with length and row kinds. When they were the last ones the
// buffer is empty afterwards.
func (b *Buffer) Fill(out *batch.Batch, columns, lo, hi int) {
	b.into = b.into[:0]
	for c := range columns {
		b.into = append(b.into, out.Own(c))
	}
	b.codec.AppendRows(b.into, b.data[lo:hi])
	out.SetLen(hi - lo)
	for i, k := range b.kinds[lo:hi] {
		if k != schema.Insert {
			copy(out.MakeKinds(hi - lo)[i:], b.kinds[lo+i:hi])
			break
		}
	}
	if b.Len() == 0 {
		b.Reset()
	}
}

// Reset drops all changes.
func (b *Buffer) Reset() {
	clear(b.data)
	b.kinds, b.data, b.next, b.arena = b.kinds[:0], b.data[:0], 0, b.arena[:0]
}
