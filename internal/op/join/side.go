// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"errors"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/state"
	"spate/schema"
)

// form is how a side keeps its rows under a key.
type form uint8

const (
	list     form = iota // Rows are only ever added: a chain of them.
	unique               // At most one row per value of a unique key.
	multiset             // Each distinct row with its number.
)

// errRetract is the planner's mistake of sending a retraction to a side that was declared append-only.
var errRetract = errors.New("join input was planned as append-only and got a retraction")

// side is one input's rows in state.
type side struct {
	name    string
	types   []*schema.Type
	keyCols []int
	unique  []int
	form    form
	outer   bool // Rows keep the number of their associations.
	ttl     int64

	table  *state.Table
	codec  *rowcodec.Codec
	nested *state.Keys
	null   []byte // A row of NULLs.
	rowAt  int    // Word offset of the view of the row's bytes.
	count  int    // Word offset of the number of equal rows; multiset only.
	assoc  int    // Word offset of the number of associations; outer only.
	timers *state.Timers

	rows     rowcodec.Rows // Of the batch at hand.
	vec      *batch.Vector // The same as a column of bytes; multiset only.
	cols     []*batch.Vector
	replaced []bool // By keyed row: an add met a row with its unique key. Empty when none did.
}

func newSide(name string, types []*schema.Type, keys, uniq []int, retract bool, ttl int64) *side {
	s := &side{name: name, types: types, keyCols: keys, unique: uniq, ttl: ttl}
	switch {
	case uniq != nil:
		s.form = unique
	case retract:
		s.form = multiset
	}
	return s
}

// open declares the side's table.
func (s *side) open(st *state.Store, keys *state.Table) {
	nullable := make([]*schema.Type, len(s.types))
	for i, t := range s.types {
		nullable[i] = t.WithNull(true)
	}
	// A row of a multiset is found by its bytes, so they must be equal when and only when the rows are.
	s.codec = rowcodec.New(nullable, rowcodec.Options{Key: s.form == multiset})
	s.null = nullRow(s.codec, nullable)
	spec := state.Spec{Name: s.name, Owner: keys, Chained: true}
	switch s.form {
	case list:
		spec.Chained, spec.List = false, true
		spec.Fields = []state.Field{{Name: "row", Kind: state.Bytes}}
	case unique:
		for _, c := range s.unique {
			spec.Key = append(spec.Key, s.types[c])
		}
		spec.Fields = []state.Field{{Name: "row", Kind: state.Bytes}}
	case multiset:
		spec.Key = []*schema.Type{schema.TypeBytes.NotNull()}
		spec.Fields = []state.Field{{Name: "count", Kind: state.Word}}
		s.vec = batch.NewVector(spec.Key[0])
	}
	if s.outer {
		spec.Fields = append(spec.Fields, state.Field{Name: "assoc", Kind: state.Word})
	}
	if s.ttl > 0 {
		spec.Fields = append(spec.Fields, state.Field{Name: "expires", Kind: state.Time})
	}
	s.table = st.Table(spec)
	s.nested = state.NewKeys(spec.Key, true)
	s.rowAt, s.assoc = s.table.Off(0), s.table.Off(len(spec.Fields)-1)
	if s.form == multiset {
		s.rowAt, s.count = s.table.KeyOff(0), s.table.Off(0)
	}
	if s.outer {
		s.assoc = s.table.Off(1)
	}
	if s.ttl > 0 {
		s.timers = s.table.Timers()
	}
}

// nullRow returns the encoded row of NULLs.
func nullRow(c *rowcodec.Codec, types []*schema.Type) []byte {
	b := batch.New(types)
	defer b.Release()
	row := make([]schema.Value, len(types))
	for i := range row {
		row[i] = schema.NullValue
	}
	b.AppendRow(schema.Insert, row...)
	var rows rowcodec.Rows
	c.Encode(b.Cols(), nil, 1, &rows)
	return rows.Row(0)
}

// encode turns the keyed rows of the batch into bytes.
func (s *side) encode(b *batch.Batch, r *inputRows) error {
	s.codec.Encode(b.Cols(), r.keyedSel(b), len(r.keyed), &s.rows)
	if s.form != list || b.Kinds() == nil {
		return nil
	}
	kinds := b.Kinds()
	for _, p := range r.keyed {
		if !kinds[p].IsAdd() {
			return errRetract
		}
	}
	return nil
}

// locate finds or makes the stored rows of the keyed rows, except those of a list. It returns false when some are not resident.
func (s *side) locate(b *batch.Batch, r *inputRows) bool {
	switch s.form {
	case list:
		return true
	case unique:
		s.cols = s.cols[:0]
		for _, c := range s.unique {
			s.cols = append(s.cols, b.Col(c))
		}
		s.nested.LoadNested(r.ids, s.cols, r.keyed)
	case multiset:
		s.fillVec()
		s.cols = append(s.cols[:0], s.vec)
		s.nested.LoadNested(r.ids, s.cols, nil)
	}
	_, ok := s.table.Upsert(s.nested, r.ownK)
	return ok
}

// fillVec makes the encoded rows a column of bytes.
func (s *side) fillVec() {
	s.vec.Reset()
	n := s.rows.N
	size := n * s.rows.Fixed
	if s.rows.Fixed == 0 {
		size = int(s.rows.Offsets[n])
	}
	offs, data := s.vec.ResizeBytes(n, size)
	copy(data, s.rows.Data[:size])
	if s.rows.Fixed == 0 {
		copy(offs, s.rows.Offsets[:n+1])
		return
	}
	for i := range offs {
		offs[i] = int32(i * s.rows.Fixed)
	}
}

// store brings the side's state up to date with the keyed rows. Rows that fall to zero stay until sweep, so that their ids hold
// during the batch.
func (s *side) store(b *batch.Batch, r *inputRows) {
	s.replaced = s.replaced[:0]
	kinds := b.Kinds()
	switch s.form {
	case list:
		for k, owner := range r.ids {
			id := s.table.Append(owner)
			s.table.SetBytes(id, s.rowAt, s.rows.Row(k))
			r.ownK[k] = id
		}
	case unique:
		s.storeUnique(kinds, r)
	case multiset:
		s.storeMultiset(kinds, r)
	}
	r.spreadOwn()
}

func (s *side) storeUnique(kinds []schema.RowKind, r *inputRows) {
	found := false
	s.replaced = sized(s.replaced, len(r.ids))
	clear(s.replaced)
	for k, id := range r.ownK {
		s.table.Touch(id)
		if !isAdd(kinds, r.keyed[k]) {
			s.table.SetBytes(id, s.rowAt, nil)
			continue
		}
		if s.size(id) > 0 {
			s.replaced[k], found = true, true
		}
		s.table.SetBytes(id, s.rowAt, s.rows.Row(k))
	}
	if !found {
		s.replaced = s.replaced[:0]
	}
}

func (s *side) storeMultiset(kinds []schema.RowKind, r *inputRows) {
	view := s.table.View()
	for k, id := range r.ownK {
		n := view.Word(id, s.count)
		s.table.Touch(id)
		switch {
		case isAdd(kinds, r.keyed[k]):
			*n++
		case *n > 0:
			*n--
		}
	}
}

// isAdd tells whether the row at a position adds a row; kinds may be nil.
func isAdd(kinds []schema.RowKind, pos int32) bool { return len(kinds) == 0 || kinds[pos].IsAdd() }

// size returns the length of a stored row's bytes.
func (s *side) size(id int32) int { return int(uint32(*s.table.Word(id, s.rowAt))) }

// sweep removes the rows that the batch has emptied, and appends the ids of keys that may have none left to gone.
func (s *side) sweep(b *batch.Batch, r *inputRows, gone []int32) []int32 {
	kinds := b.Kinds()
	if kinds == nil || s.form == list {
		return gone
	}
	start := len(gone)
	for k, p := range r.keyed {
		if !kinds[p].IsAdd() && s.emptied(r.ownK[k]) {
			gone = append(gone, r.ownK[k])
		}
	}
	rows := compact(gone[start:])
	for i, id := range rows {
		rows[i] = s.table.OwnerOf(id)
		s.table.Delete(id)
	}
	return gone[:start+len(rows)]
}

// emptied tells whether a stored row stands for no row any more.
func (s *side) emptied(id int32) bool {
	if s.form == unique {
		return s.size(id) == 0
	}
	return *s.table.Word(id, s.count) == 0
}
