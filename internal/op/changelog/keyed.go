// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package changelog

import (
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// keyed is what both operators have in common: rows are looked up by key, applied one by one, and what they change is emitted.
type keyed struct {
	types []*schema.Type
	keys  []int

	rt    op.Runtime
	pool  *batch.Pool
	limit int
	codec *rowcodec.Codec
	table *state.Table
	look  *state.Keys
	out   Buffer

	in     *batch.Batch
	looked bool
	row    int
	ids    []int32 // Key of each selected row.
	cols   []*batch.Vector
	rows   rowcodec.Rows
	gone   []int32 // Keys that may have no row left.
}

func newKeyed(what string, keys []int, in [][]*schema.Type, out []*schema.Type) (keyed, error) {
	if len(in) != 1 || len(in[0]) != len(out) {
		return keyed{}, fmt.Errorf("%s of %d inputs does not make %d columns", what, len(in), len(out))
	}
	for _, c := range keys {
		if c < 0 || c >= len(out) {
			return keyed{}, fmt.Errorf("%s has no column %d for its key", what, c)
		}
	}
	return keyed{types: out, keys: keys}, nil
}

// open declares the table of keys.
func (k *keyed) open(rt op.Runtime, fields []state.Field, chains int) {
	k.rt, k.pool, k.limit = rt, rt.Pool(k.types), max(1, rt.BatchRows())
	// Rows are compared by their bytes.
	k.codec = rowcodec.New(k.types, rowcodec.Options{Key: true})
	k.out = NewBuffer(k.codec)
	types := k.columnTypes(k.keys)
	k.table = rt.State().Table(state.Spec{Name: "keys", Key: types, Fields: fields, Chains: chains})
	k.look = state.NewKeys(types, false)
}

func (k *keyed) columnTypes(cols []int) []*schema.Type {
	types := make([]*schema.Type, len(cols))
	for i, c := range cols {
		types[i] = k.types[c]
	}
	return types
}

// begin takes a batch. It returns false, and has released it, when it is empty.
func (k *keyed) begin(b *batch.Batch) bool {
	if b.Rows() == 0 {
		b.Release()
		return false
	}
	k.in, k.looked, k.row = b, false, 0
	return true
}

// lookup finds or makes the keys of the batch and encodes its rows. It returns false when keys are not resident.
func (k *keyed) lookup() bool {
	b := k.in
	k.cols = k.cols[:0]
	for _, c := range k.keys {
		k.cols = append(k.cols, b.Col(c))
	}
	k.look.Load(k.cols, b.Sel(), b.Rows())
	if cap(k.ids) < b.Rows() {
		k.ids = make([]int32, max(b.Rows(), 64))
	}
	k.ids = k.ids[:b.Rows()]
	if _, ok := k.table.Upsert(k.look, k.ids); !ok {
		return false
	}
	k.codec.Encode(b.Cols(), b.Sel(), b.Rows(), &k.rows)
	k.looked = true
	return true
}

// kind returns the kind of row i of the selection.
func (k *keyed) kind(i int) schema.RowKind {
	if k.in.Kinds() == nil {
		return schema.Insert
	}
	if sel := k.in.Sel(); sel != nil {
		i = int(sel[i])
	}
	return k.in.Kinds()[i]
}

// full tells whether there is a batch of output.
func (k *keyed) full() bool { return k.out.Len() >= k.limit }

// emit makes a batch of output. When nothing is left to do it deletes the keys that empty holds for and releases the batch.
func (k *keyed) emit(empty func(id int32) bool) op.Result {
	var r op.Result
	if k.out.Len() > 0 {
		r.Out = k.pool.Get()
		lo, hi := k.out.Next(k.limit)
		k.out.Fill(r.Out, len(k.types), lo, hi)
	}
	if k.out.Len() > 0 || k.row < len(k.ids) {
		r.More = true
		return r
	}
	slices.Sort(k.gone)
	k.gone = slices.Compact(k.gone)
	for _, id := range k.gone {
		if empty(id) {
			k.table.Delete(id)
		}
	}
	k.gone = k.gone[:0]
	k.drop()
	return r
}

func (k *keyed) drop() {
	if k.in != nil {
		k.in.Release()
		k.in = nil
	}
}
