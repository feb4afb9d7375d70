// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"bytes"
	"encoding/binary"
	"slices"

	"spate/batch"
	"spate/internal/col/hash"
	"spate/internal/state"
	"spate/schema"
)

// finder finds the row of a partition that an update or a retraction means.
//
// With a unique key there is an entry per value of it, which holds the key of the row in the ordered table. Without one there is an
// entry per hash of a row's bytes, which lists the arrival numbers of the rows with that hash, oldest first: with the sort key
// that the retraction carries they are keys of the ordered table. Row ids would not survive a restore.
type finder struct {
	table *state.Table
	keyAt int // Of the ordered key; unique keys only.
	seqs  *state.Table
	seqAt int

	unique []int
	nested *state.Keys
	cols   []*batch.Vector
	hashes *batch.Vector
	ids    []int32 // Entry of each row of the batch.
	gone   []int32 // Entries that may be empty.
	key    []byte
}

// newFinder declares the tables. A row's hash is part of the durable form, so it is a routing hash.
func newFinder(st *state.Store, r *ranked) *finder {
	f := &finder{unique: r.spec.Unique}
	if f.unique != nil {
		types := make([]*schema.Type, len(f.unique))
		for i, c := range f.unique {
			types[i] = r.partitions.in[c]
		}
		f.table = st.Table(state.Spec{
			Name: "index", Key: types, Owner: r.table, Chained: true, Fields: []state.Field{{Name: "key", Kind: state.Bytes}},
		})
		f.keyAt = f.table.Off(0)
		f.nested = state.NewKeys(types, true)
		return f
	}
	types := []*schema.Type{schema.TypeBigInt.NotNull()}
	f.table = st.Table(state.Spec{Name: "index", Key: types, Owner: r.table, Chained: true, Chains: 1})
	f.seqs = st.Table(state.Spec{Name: "arrivals", Owner: f.table, List: true, Fields: []state.Field{{Name: "seq", Kind: state.Word}}})
	f.seqAt = f.seqs.Off(0)
	f.nested = state.NewKeys(types, true)
	f.hashes = batch.NewVector(types[0])
	return f
}

// locate finds or makes the entries of the rows of the batch. It returns false when some are not resident.
func (f *finder) locate(r *ranked) bool {
	f.cols = f.cols[:0]
	sel := r.pos
	if f.unique != nil {
		for _, c := range f.unique {
			f.cols = append(f.cols, r.in.Col(c))
		}
	} else {
		sel = nil
		f.hashes.Reset()
		hs := batch.Resize[uint64](f.hashes, len(r.ids))
		for k := range hs {
			hs[k] = hash.RouteBytes(r.rows.Row(k))
		}
		f.cols = append(f.cols, f.hashes)
	}
	f.ids = sized(f.ids, len(r.ids))
	f.nested.LoadNested(r.ids, f.cols, sel)
	_, ok := f.table.Upsert(f.nested, f.ids)
	return ok
}

// add inserts row k, or replaces the row with its unique key.
func (f *finder) add(r *ranked, k int) {
	part, entry, sort, row := r.ids[k], f.ids[k], r.sorts.Row(k), r.rows.Row(k)
	if f.unique == nil {
		seq := r.table.Row(part)[r.seqAt]
		id := f.seqs.Append(entry)
		f.seqs.Row(id)[f.seqAt] = seq
		r.insert(part, r.newKey(part, sort), row)
		return
	}
	var buf [16]byte
	f.key = append(f.key[:0], f.table.Bytes(entry, f.keyAt, buf[:0])...)
	old := state.Absent
	if len(f.key) > 0 {
		old = r.tree.Find(part, f.key)
	}
	key := f.key
	if old < 0 || !bytes.Equal(key[:len(key)-seqBytes], sort) {
		key = r.newKey(part, sort)
		f.table.Touch(entry)
		f.table.SetBytes(entry, f.keyAt, key)
	}
	if old < 0 {
		r.insert(part, key, row)
	} else {
		r.replace(part, old, key, row)
	}
}

// retract removes the row that row k of the batch means. A row that is not there is passed over: its state has expired.
func (f *finder) retract(r *ranked, k int) {
	part, entry := r.ids[k], f.ids[k]
	f.gone = append(f.gone, entry)
	if f.unique != nil {
		var buf [16]byte
		key := f.table.Bytes(entry, f.keyAt, buf[:0])
		if len(key) == 0 {
			return
		}
		if id := r.tree.Find(part, key); id >= 0 {
			r.remove(part, id)
		}
		f.table.Touch(entry)
		f.table.SetBytes(entry, f.keyAt, nil)
		return
	}
	var buf [16]byte
	for s := f.seqs.First(entry); s >= 0; s = f.seqs.Next(s) {
		f.key = binary.BigEndian.AppendUint64(append(f.key[:0], r.sorts.Row(k)...), f.seqs.Row(s)[f.seqAt])
		id := r.tree.Find(part, f.key)
		if id < 0 || !bytes.Equal(r.tree.Bytes(id, r.rowAt, buf[:0]), r.rows.Row(k)) {
			continue
		}
		r.remove(part, id)
		f.seqs.Delete(s)
		return
	}
}

// sweep deletes the entries that the batch has emptied.
func (f *finder) sweep() {
	slices.Sort(f.gone)
	f.gone = slices.Compact(f.gone)
	for _, e := range f.gone {
		var empty bool
		if f.unique != nil {
			var buf [16]byte
			empty = len(f.table.Bytes(e, f.keyAt, buf[:0])) == 0
		} else {
			empty = f.seqs.First(e) < 0
		}
		if empty {
			f.table.Delete(e)
		}
	}
	f.gone = f.gone[:0]
}
