// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"

	"spate/internal/flow"
	"spate/schema"
)

// A full snapshot is a stream of
//
//	magic and version
//	the layout: every table's name, key types and fields, in order of declaration
//	for every key group with rows: 'G', the group, then the tables of the store, then 'F' and, for each namespace of each
//	family with rows in the group, the family's number, the namespace and its tables; 0 ends the list
//	'E', and the CRC-32C of all before
//
// Tables without owner come in order of declaration: their rows in byte order of their keys, each followed by the rows of the tables
// that it owns, in the same form; 0 ends a table. Integers are varints, words little endian.
const (
	snapshotMagic   = "SPST"
	snapshotVersion = 1
	tagGroup        = 'G'
	tagFamilies     = 'F'
	tagEnd          = 'E'
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Snapshot writes all live rows in a form that depends on their content only (S6).
func (st *Store) Snapshot(w io.Writer) error {
	s := &snapshotter{w: w, store: st, owned: map[*Table]*ownedRows{}}
	s.buf = append(append(s.buf, snapshotMagic...), snapshotVersion)
	s.buf = st.appendLayout(s.buf)
	spaces := [][]rootRows{rootsOf(st.tables)}
	for _, f := range st.families {
		for _, sp := range f.spaces {
			spaces = append(spaces, rootsOf(sp.tables))
		}
	}
	for g := st.cfg.First; g <= st.cfg.Last; g++ {
		if err := s.group(g, spaces); err != nil {
			return err
		}
	}
	s.buf = append(s.buf, tagEnd)
	if err := s.flush(); err != nil {
		return err
	}
	s.buf = binary.LittleEndian.AppendUint32(s.buf, s.sum)
	return s.flush()
}

// appendLayout describes the tables, so that a snapshot is only read into tables that fit.
func (st *Store) appendLayout(b []byte) []byte {
	b = appendTables(b, st.tables)
	b = binary.AppendUvarint(b, uint64(len(st.families)))
	for _, f := range st.families {
		b = appendString(b, f.name)
		b = appendTables(b, f.template().tables)
	}
	return b
}

func appendTables(b []byte, tables []*Table) []byte {
	b = binary.AppendUvarint(b, uint64(len(tables)))
	for _, t := range tables {
		b = appendString(b, t.spec.Name)
		b = binary.AppendUvarint(b, uint64(slices.Index(tables, t.spec.Owner)+1))
		b = binary.AppendUvarint(b, uint64(len(t.spec.Key)))
		for _, k := range t.spec.Key {
			b = appendString(b, k.String())
		}
		b = binary.AppendUvarint(b, uint64(len(t.spec.Fields)))
		for _, f := range t.spec.Fields {
			b = appendString(b, f.Name)
			b = append(b, byte(f.Kind))
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// rootRows is a table without owner with its live rows sorted by key group.
type rootRows struct {
	t   *Table
	ids []int32
	at  int // The first row that was not written yet.
}

func rootsOf(tables []*Table) []rootRows {
	var rs []rootRows
	for _, t := range tables {
		if t.spec.Owner != nil {
			continue
		}
		r := rootRows{t: t}
		for id := t.Walk(0); id >= 0; id = t.Walk(id + 1) {
			r.ids = append(r.ids, id)
		}
		slices.SortStableFunc(r.ids, func(a, b int32) int { return int(t.Group(a)) - int(t.Group(b)) })
		rs = append(rs, r)
	}
	return rs
}

// take returns the rows of the next key group if it is g.
func (r *rootRows) take(g flow.KeyGroup) []int32 {
	lo := r.at
	for r.at < len(r.ids) && r.t.Group(r.ids[r.at]) == g {
		r.at++
	}
	return r.ids[lo:r.at]
}

type snapshotter struct {
	w     io.Writer
	store *Store
	buf   []byte
	sum   uint32
	owned map[*Table]*ownedRows
}

func (s *snapshotter) flush() error {
	s.sum = crc32.Update(s.sum, castagnoli, s.buf)
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

// group writes one key group, if it has rows.
func (s *snapshotter) group(g flow.KeyGroup, spaces [][]rootRows) error {
	parts := make([][][]int32, len(spaces))
	found := false
	for i := range spaces {
		for j := range spaces[i] {
			ids := spaces[i][j].take(g)
			parts[i] = append(parts[i], ids)
			found = found || len(ids) > 0
		}
	}
	if !found {
		return nil
	}
	s.buf = append(s.buf, tagGroup)
	s.buf = binary.AppendUvarint(s.buf, uint64(g))
	if err := s.tables(spaces[0], parts[0]); err != nil {
		return err
	}
	s.buf = append(s.buf, tagFamilies)
	at := 1
	for i, f := range s.store.families {
		for _, ns := range f.names {
			if slices.ContainsFunc(parts[at], func(ids []int32) bool { return len(ids) > 0 }) {
				s.buf = binary.AppendUvarint(s.buf, uint64(i+1))
				s.buf = binary.AppendVarint(s.buf, ns)
				if err := s.tables(spaces[at], parts[at]); err != nil {
					return err
				}
			}
			at++
		}
	}
	s.buf = append(s.buf, 0)
	return s.flush()
}

func (s *snapshotter) tables(roots []rootRows, parts [][]int32) error {
	for i := range roots {
		if err := s.rows(roots[i].t, parts[i], true); err != nil {
			return err
		}
	}
	return nil
}

// snapshotChunk is the size at which a snapshot is handed to the writer.
const snapshotChunk = 1 << 18

// rows writes rows of one table: sorted by key, or as they are for lists and ordered tables.
func (s *snapshotter) rows(t *Table, ids []int32, sorted bool) error {
	keys := make([][]byte, len(ids))
	for i, id := range ids {
		keys[i] = t.appendKeyBytes(nil, t.At(id))
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	if sorted {
		slices.SortFunc(order, func(a, b int) int { return bytes.Compare(keys[a], keys[b]) })
	}
	for _, i := range order {
		s.buf = append(s.buf, 1)
		s.buf = append(s.buf, keys[i]...)
		s.buf = t.appendFields(s.buf, t.At(ids[i]))
		for _, k := range t.kids {
			if err := s.rows(k, s.kidsOf(k, ids[i]), !k.spec.List); err != nil {
				return err
			}
		}
		if len(s.buf) >= snapshotChunk {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	s.buf = append(s.buf, 0)
	return nil
}

// ownedRows finds the rows of an owner in a table that is not chained.
type ownedRows struct{ ids []int32 }

// kidsOf returns the rows of an owner.
func (s *snapshotter) kidsOf(k *Table, owner int32) []int32 {
	var ids []int32
	switch {
	case k.tree != nil:
		for id := k.tree.First(owner); id >= 0; id = k.tree.Next(id) {
			ids = append(ids, id)
		}
		return ids
	case k.links > 0:
		for id := k.First(owner); id >= 0; id = k.Next(id) {
			ids = append(ids, id)
		}
		return ids
	}
	o := s.owned[k]
	if o == nil {
		o = &ownedRows{}
		for id := k.Walk(0); id >= 0; id = k.Walk(id + 1) {
			o.ids = append(o.ids, id)
		}
		slices.SortFunc(o.ids, func(a, b int32) int { return int(k.OwnerOf(a)) - int(k.OwnerOf(b)) })
		s.owned[k] = o
	}
	lo, _ := slices.BinarySearchFunc(o.ids, owner, func(id, owner int32) int { return int(k.OwnerOf(id)) - int(owner) })
	hi := lo
	for hi < len(o.ids) && k.OwnerOf(o.ids[hi]) == owner {
		hi++
	}
	return o.ids[lo:hi]
}

// appendKeyBytes appends the canonical form of a row's key: null bits, then the columns.
func (t *Table) appendKeyBytes(b []byte, row []uint64) []byte {
	if len(t.key.cols) == 0 {
		return b
	}
	var buf [16]byte
	b = binary.BigEndian.AppendUint16(b, uint16(row[0]>>nullShift))
	for o := t.key.nullAt; o < t.key.words; o++ {
		b = binary.BigEndian.AppendUint64(b, row[1+o])
	}
	for i := range t.key.cols {
		c := &t.key.cols[i]
		switch {
		case c.view:
			v := t.view(row[1+c.off], row[2+c.off], buf[:0])
			b = append(binary.AppendUvarint(b, uint64(len(v))), v...)
		case c.phys == schema.PhysNone:
		default:
			for o := c.off; o < c.off+c.words(); o++ {
				b = binary.BigEndian.AppendUint64(b, row[1+o])
			}
		}
	}
	return b
}

// words returns the words of a column.
func (c *keyCol) words() int {
	switch {
	case c.phys == schema.PhysNone:
		return 0
	case c.view || c.phys == schema.PhysInt128 || c.phys == schema.PhysTime9:
		return 2
	}
	return 1
}

func (t *Table) appendFields(b []byte, row []uint64) []byte {
	var buf [16]byte
	for i, f := range t.spec.Fields {
		o := t.offs[i]
		switch f.Kind {
		case Word, Time:
			b = binary.LittleEndian.AppendUint64(b, row[o])
		case Pair:
			b = binary.LittleEndian.AppendUint64(b, row[o])
			b = binary.LittleEndian.AppendUint64(b, row[o+1])
		case Bytes:
			v := t.view(row[o], row[o+1], buf[:0])
			b = append(binary.AppendUvarint(b, uint64(len(v))), v...)
		case Scratch:
		}
	}
	return b
}
