// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package batch is the unit of work of the engine: a columnar batch of rows with row kinds and an optional selection.
//
// Invariants:
//
//	B1. A batch has at most MaxRows rows and MaxBytes variable bytes; a bigger row travels alone.
//	B2. Columns are flat. Row order is arrival order.
//	B3. Whoever receives a batch owns it and releases it once. A shared batch (Share) is immutable for all its holders.
//	B4. Row kinds are nil when every row is +I. The selection is nil when every row counts; otherwise it lists the
//	    positions of the rows that count, ascending.
//	B5. A batch never straddles a watermark or a barrier.
//
// Memory is pooled: a Pool makes batches of one layout and takes them back on Release, from any goroutine. A batch may
// borrow columns of another batch (Adopt), which it then owns and releases with itself.
package batch

import (
	"sync/atomic"

	"spate/internal/sys/invariant"
	"spate/schema"
)

// Limits of a batch.
const (
	MaxRows     = 4096
	MaxBytes    = 4 << 20  // Variable bytes of a column.
	MaxRowBytes = 16 << 20 // A row that travels alone.
)

// Batch is a set of rows in columns.
type Batch struct {
	n      int
	cols   []*Vector
	own    []*Vector
	kinds  []schema.RowKind
	sel    []int32
	kbuf   []schema.RowKind
	sbuf   []int32
	split  []int32
	pool   *Pool
	parent *Batch
	refs   atomic.Int32 // Holders beyond the first.
	free   bool         // Released: to find what is released twice.
}

// New returns a batch of its own, outside any pool: for tests and for cold paths.
func New(types []*schema.Type) *Batch { return NewPool(types, nil).Get() }

// Len returns the number of rows in the columns, selected or not.
func (b *Batch) Len() int { return b.n }

// Rows returns the number of rows that count.
func (b *Batch) Rows() int {
	if b.sel != nil {
		return len(b.sel)
	}
	return b.n
}

// NumCols returns the number of columns.
func (b *Batch) NumCols() int { return len(b.cols) }

// Col returns column i.
func (b *Batch) Col(i int) *Vector { return b.cols[i] }

// Cols returns the columns.
func (b *Batch) Cols() []*Vector { return b.cols }

// Own returns the batch's own vector i for writing, also after SetCol replaced the column.
func (b *Batch) Own(i int) *Vector { return b.own[i] }

// SetCol makes v column i: a vector of a batch that this one owns by Adopt, or one of its own.
func (b *Batch) SetCol(i int, v *Vector) { b.cols[i] = v }

// SetLen declares the number of rows once the columns are written.
func (b *Batch) SetLen(n int) { b.n = n }

// Kinds returns the row kinds by position, or nil when all rows are +I.
func (b *Batch) Kinds() []schema.RowKind { return b.kinds }

// Kind returns the kind of the row at position i.
func (b *Batch) Kind(i int) schema.RowKind {
	if b.kinds == nil {
		return schema.Insert
	}
	return b.kinds[i]
}

// MakeKinds returns the row kinds for writing, for n rows: those set so far stay (an adopted batch's are copied), the others are +I.
func (b *Batch) MakeKinds(n int) []schema.RowKind {
	if cap(b.kbuf) < n {
		nb := make([]schema.RowKind, max(64, n, 2*cap(b.kbuf)))
		copy(nb, b.kinds)
		b.kbuf = nb
	} else if len(b.kinds) > 0 && &b.kinds[0] != &b.kbuf[:1][0] {
		copy(b.kbuf[:n], b.kinds)
	}
	b.kbuf = b.kbuf[:cap(b.kbuf)]
	if old := len(b.kinds); n > old {
		clear(b.kbuf[old:n])
	}
	b.kinds = b.kbuf[:n]
	return b.kinds
}

// SetKinds makes the row kinds those of another batch that this one owns by Adopt, or nil.
func (b *Batch) SetKinds(k []schema.RowKind) { b.kinds = k }

// Sel returns the selection, or nil when all rows count.
func (b *Batch) Sel() []int32 { return b.sel }

// SetSel sets the selection; the slice must live as long as the batch (SelBuf, or that of an adopted batch).
func (b *Batch) SetSel(sel []int32) { b.sel = sel }

// Truncate drops the rows from n on of the batch's own columns, as after a malformed row that was half written.
func (b *Batch) Truncate(n int) {
	for _, v := range b.own {
		v.Truncate(n)
	}
	b.n = n
	if b.kinds != nil {
		b.kinds = b.kinds[:min(n, len(b.kinds))]
	}
}

// SelBuf returns a scratch of n positions that lives with the batch, for a selection.
func (b *Batch) SelBuf(n int) []int32 {
	if cap(b.sbuf) < n {
		b.sbuf = make([]int32, max(64, n))
	}
	return b.sbuf[:n]
}

// Adopt makes b the owner of in: in is released when b is. The length, kinds and selection of in are taken over.
// b may then borrow columns of in by SetCol or Vector.Borrow.
func (b *Batch) Adopt(in *Batch) {
	invariant.Check(b.parent == nil, "a batch adopts a second batch")
	b.parent = in
	b.n, b.kinds, b.sel = in.n, in.kinds, in.sel
}

// Share adds k holders to the batch, which all of them must treat as immutable from now on; each calls Release once.
func (b *Batch) Share(k int) { b.refs.Add(int32(k)) }

// Release gives the batch back. The caller must not touch it any more.
func (b *Batch) Release() {
	if b.refs.Add(-1) >= 0 {
		return
	}
	b.refs.Store(0)
	invariant.Check(!b.free, "a batch is released twice")
	b.free = true
	if p := b.parent; p != nil {
		b.parent = nil
		p.Release()
	}
	b.pool.put(b)
}

// reset empties the batch for its next use.
func (b *Batch) reset() {
	b.n, b.kinds, b.sel = 0, nil, nil
	copy(b.cols, b.own)
	for _, v := range b.own {
		v.Reset()
	}
}

// AppendRow adds a row of values with a kind: for tests and cold paths.
func (b *Batch) AppendRow(kind schema.RowKind, row ...schema.Value) {
	for i, x := range row {
		b.own[i].AppendValue(x)
	}
	b.n++
	if kind != schema.Insert || b.kinds != nil {
		b.MakeKinds(b.n)[b.n-1] = kind
	}
}

// AppendKind records the kind of the row whose values were just appended to the own vectors, and counts the row.
func (b *Batch) AppendKind(kind schema.RowKind) {
	b.n++
	if kind != schema.Insert || b.kinds != nil {
		b.MakeKinds(b.n)[b.n-1] = kind
	}
}

// Row returns the row at position i as plain values: for tests and cold paths.
func (b *Batch) Row(i int) []schema.Value {
	row := make([]schema.Value, len(b.cols))
	for c, v := range b.cols {
		row[c] = v.Value(i)
	}
	return row
}

// SplitBuf is a second scratch of n positions that lives with the batch, for the selections of its views: SelBuf may hold the
// batch's own selection.
func (b *Batch) SplitBuf(n int) []int32 {
	if cap(b.split) < n {
		b.split = make([]int32, max(64, n))
	}
	return b.split[:n]
}
