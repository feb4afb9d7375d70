// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"spate/internal/flow"
)

// maxString bounds the strings of a snapshot, against lengths that are not true.
const maxString = 64 << 20

// ErrLayout says that a snapshot is of other tables than those of the store.
var ErrLayout = errors.New("the snapshot is of tables with another layout")

// ErrCorrupt says that a snapshot is damaged.
var ErrCorrupt = errors.New("the snapshot is corrupt")

// Restore adds the rows of a snapshot whose key groups lie in the store's range. The tables must have been declared; several
// snapshots of disjoint key groups may be restored one after the other. Rows count as unchanged.
func (st *Store) Restore(r io.Reader) error {
	rs := &restorer{store: st, r: bufio.NewReaderSize(r, 1<<16)}
	if err := rs.all(); err != nil {
		return fmt.Errorf("restoring state: %w", err)
	}
	st.each(func(t *Table) {
		if t.timers != nil {
			t.timers.rebuild()
		}
	})
	return nil
}

type restorer struct {
	store *Store
	r     *bufio.Reader
	sum   uint32
	err   error
	buf   []byte
}

func (s *restorer) all() error {
	st := s.store
	head := append([]byte(snapshotMagic), snapshotVersion)
	if got := s.take(len(head)); !bytes.Equal(got, head) {
		s.fail(fmt.Errorf("%w: not a snapshot of version %d", ErrCorrupt, snapshotVersion))
		return s.err
	}
	layout := st.appendLayout(nil)
	if got := s.take(len(layout)); !bytes.Equal(got, layout) {
		s.fail(ErrLayout)
		return s.err
	}
	for s.err == nil {
		switch tag := s.byte(); tag {
		case tagGroup:
			s.group()
		case tagEnd:
			want := s.sum
			if got := s.take(4); s.err == nil && binary.LittleEndian.Uint32(got) != want {
				return fmt.Errorf("%w: its checksum is wrong", ErrCorrupt)
			}
			return s.err
		default:
			s.fail(fmt.Errorf("%w: unknown section %d", ErrCorrupt, tag))
		}
	}
	return s.err
}

// fail keeps the first error.
func (s *restorer) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// take reads n bytes; they are valid until the next call. After an error they are zero.
func (s *restorer) take(n int) []byte {
	if n > maxString {
		s.fail(fmt.Errorf("%w: a string of %d bytes", ErrCorrupt, n))
		n = 0
	}
	s.buf = sized(s.buf, n)
	if s.err == nil {
		if _, err := io.ReadFull(s.r, s.buf); err != nil {
			s.fail(fmt.Errorf("%w: %w", ErrCorrupt, err))
		}
		s.sum = crc32.Update(s.sum, castagnoli, s.buf)
	}
	if s.err != nil {
		clear(s.buf)
	}
	return s.buf
}

func (s *restorer) byte() byte {
	return s.take(1)[0]
}

func (s *restorer) uvarint() uint64 {
	var x uint64
	for shift := 0; shift < 64 && s.err == nil; shift += 7 {
		b := s.byte()
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return x
}

func (s *restorer) varint() int64 {
	x := s.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

func (s *restorer) group() {
	st := s.store
	g := flow.KeyGroup(s.uvarint())
	keep := g >= st.cfg.First && g <= st.cfg.Last
	s.tables(&st.Space, g, keep)
	if s.byte() != tagFamilies {
		s.fail(fmt.Errorf("%w: key group %d is cut off", ErrCorrupt, g))
	}
	for s.err == nil {
		n := int(s.uvarint())
		if n == 0 || s.err != nil {
			return
		}
		if n > len(st.families) {
			s.fail(fmt.Errorf("%w: family %d", ErrCorrupt, n))
			return
		}
		f := st.families[n-1]
		ns := s.varint()
		sp := f.template()
		if keep {
			sp = f.open(ns)
		}
		s.tables(sp, g, keep)
	}
}

func (s *restorer) tables(sp *Space, g flow.KeyGroup, keep bool) {
	for _, t := range sp.tables {
		if t.spec.Owner == nil {
			s.rows(t, Absent, g, keep)
		}
	}
}

// rows reads the rows of a table up to its end.
func (s *restorer) rows(t *Table, owner int32, g flow.KeyGroup, keep bool) {
	for s.err == nil && s.byte() == 1 {
		id := t.take()
		row := t.At(id)
		row[0] = liveBit | uint64(g)<<groupShift
		s.key(t, row, owner)
		s.fields(t, row)
		if keep && s.err == nil {
			enter(t, id, row)
		}
		for _, k := range t.kids {
			s.rows(k, id, g, keep)
		}
		if !keep || s.err != nil {
			for _, o := range t.views {
				t.dropView(row[o], row[o+1])
			}
			t.bury(id, t.At(id))
		}
	}
}

// enter makes a row that was read findable.
func enter(t *Table, id int32, row []uint64) {
	switch {
	case t.tree != nil:
		var buf [16]byte
		o := t.offs[keyField]
		key := append([]byte(nil), t.view(row[o], row[o+1], buf[:0])...)
		t.tree.enter(t.OwnerOf(id), id, key)
	case t.spec.List:
		t.link(id, row)
	default:
		t.link(id, row)
		t.enter(t.hashOf(row), id)
	}
}

func (s *restorer) key(t *Table, row []uint64, owner int32) {
	if t.key.nested {
		row[1] = uint64(uint32(owner))
	}
	if len(t.key.cols) == 0 {
		return
	}
	row[0] |= uint64(binary.BigEndian.Uint16(s.take(2))) << nullShift
	for o := t.key.nullAt; o < t.key.words; o++ {
		row[1+o] = binary.BigEndian.Uint64(s.take(8))
	}
	for i := range t.key.cols {
		c := &t.key.cols[i]
		if c.view {
			row[1+c.off], row[2+c.off] = s.view(t, true)
			continue
		}
		for o := c.off; o < c.off+c.words(); o++ {
			row[1+o] = binary.BigEndian.Uint64(s.take(8))
		}
	}
}

// view reads a string and stores it.
func (s *restorer) view(t *Table, key bool) (w0, w1 uint64) {
	b := s.take(int(min(s.uvarint(), maxString+1)))
	if len(b) <= inlineBytes {
		return inlineView(b)
	}
	if s.err != nil {
		return 0, 0
	}
	var h uint64
	if key {
		h = viewHash(b)
	}
	w0, w1 = longView(b, h)
	return w0, w1 | uint64(t.slab.put(b))
}

func (s *restorer) fields(t *Table, row []uint64) {
	for i, f := range t.spec.Fields {
		o := t.offs[i]
		switch f.Kind {
		case Word, Time:
			row[o] = binary.LittleEndian.Uint64(s.take(8))
		case Pair:
			row[o] = binary.LittleEndian.Uint64(s.take(8))
			row[o+1] = binary.LittleEndian.Uint64(s.take(8))
		case Bytes:
			row[o], row[o+1] = s.view(t, false)
		case Scratch:
		}
	}
}
