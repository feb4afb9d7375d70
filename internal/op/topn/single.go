// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"bytes"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// single keeps the first row of each partition of an append-only input.
//
// In a bundle the rows of a batch first compete with each other and with the stored row, and only the winners are stored. The new
// rows go out as a selection of the input batch, whose columns are borrowed.
type single struct {
	op.Base
	partitions
	rt     op.Runtime
	pool   *batch.Pool
	codec  *rowcodec.Codec
	limit  int
	last   bool // Ties go to the later row.
	sortAt int  // Word offset of the stored row's sort key.
	rowAt  int  // Word offset of the stored row.
	markAt int  // Word offset of the number, plus one, of the row of the batch that leads.
	ttl    ttl

	in    *batch.Batch
	phase phase
	row   int // Next row, or next winner, that is to be emitted.
	emit  emitter
	rows  rowcodec.Rows
	wins  []int32 // Positions of the winners.
	winID []int32
	kinds []schema.RowKind
}

// phase is how far the batch at hand is.
type phase uint8

const (
	idle     phase = iota
	look           // Partitions are to be looked up.
	lookRows       // Rows are to be looked up in their partitions; ranked only.
	apply          // Rows are applied one by one.
	before         // -U rows are emitted; single only.
	after          // New rows are emitted; single only.
	flush          // Changes of the bundle are emitted; ranked only.
)

func newSingle(p *partitions) *single { return &single{partitions: *p} }

// Open implements op.Operator.
func (s *single) Open(rt op.Runtime) error {
	s.rt, s.pool, s.limit = rt, rt.Pool(s.out), max(1, rt.BatchRows())
	s.codec = rowcodec.New(s.partitions.in, rowcodec.Options{})
	s.emit = newEmitter(s.spec, s.codec)
	s.last = s.keepsLast()
	fields := []state.Field{{Name: "sort", Kind: state.Bytes}, {Name: "row", Kind: state.Bytes}, {Name: "mark", Kind: state.Scratch}}
	if err := s.open(rt, s.ttl.fields(fields, s.spec.TTL), 0); err != nil {
		return err
	}
	s.sortAt, s.rowAt, s.markAt = s.table.Off(0), s.table.Off(1), s.table.Off(2)
	s.ttl.open(rt, s.table, s.forget)
	return nil
}

// Process implements op.Operator.
func (s *single) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	if kinds := b.Kinds(); kinds != nil {
		if err := onlyAdds(b, kinds); err != nil {
			b.Release()
			return op.Result{}, err
		}
	}
	s.ttl.expire(s.rt.Now())
	s.in, s.phase = b, look
	s.load(b)
	return s.Continue()
}

// Continue implements op.Operator.
func (s *single) Continue() (op.Result, error) {
	if s.phase == look {
		if !s.locate(s.in) {
			return op.Result{Wait: true}, nil
		}
		s.ttl.touch(s.ids)
		if s.spec.Bundle.PerRow {
			s.codec.Encode(s.in.Cols(), s.in.Sel(), s.in.Rows(), &s.rows)
			s.row, s.phase = 0, apply
		} else {
			s.compete()
			s.codec.Encode(s.in.Cols(), s.wins, len(s.wins), &s.rows)
			s.phase = before
		}
	}
	switch s.phase {
	case apply:
		return s.applyRows(), nil
	case before:
		return s.emitBefore(), nil
	case after:
		return s.emitAfter(), nil
	default:
		return op.Result{}, nil
	}
}

// beats tells whether a sort key wins against the one that leads.
func (s *single) beats(key, leader []byte) bool {
	c := bytes.Compare(key, leader)
	return c < 0 || c == 0 && s.last
}

// compete finds the winners of the batch.
func (s *single) compete() {
	view := s.table.View()
	var buf [16]byte
	for k, id := range s.ids {
		row := view.At(id)
		key := s.sorts.Row(k)
		switch m := row[s.markAt]; {
		case m != 0:
			if !s.beats(key, s.sorts.Row(int(m-1))) {
				continue
			}
		case uint32(row[s.rowAt]) != 0:
			if !s.beats(key, s.table.Bytes(id, s.sortAt, buf[:0])) {
				continue
			}
		}
		row[s.markAt] = uint64(k + 1)
	}
	s.wins, s.winID, s.kinds = s.wins[:0], s.winID[:0], s.kinds[:0]
	for k, id := range s.ids {
		row := view.At(id)
		if row[s.markAt] != uint64(k+1) {
			continue
		}
		s.wins, s.winID = append(s.wins, s.pos[k]), append(s.winID, id)
		kind := schema.Insert
		if uint32(row[s.rowAt]) != 0 {
			kind = schema.UpdateAfter
			if s.emit.before {
				s.emit.change(schema.UpdateBefore, 1, s.table.Bytes(id, s.rowAt, s.emit.Room()))
			}
		}
		s.kinds = append(s.kinds, kind)
	}
}

// emitBefore emits the rows that are replaced, then stores their successors.
func (s *single) emitBefore() op.Result {
	if s.emit.Len() > 0 {
		return op.Result{Out: s.emit.batch(s.pool, s.limit), More: true}
	}
	view := s.table.View()
	for i, id := range s.winID {
		row := view.At(id)
		k := int(row[s.markAt] - 1)
		row[s.markAt] = 0
		s.table.Touch(id)
		s.table.SetBytes(id, s.sortAt, s.sorts.Row(k))
		s.table.SetBytes(id, s.rowAt, s.rows.Row(i))
	}
	s.row, s.phase = 0, after
	return s.emitAfter()
}

// emitAfter emits the winners as a selection of the input, cut into batches of the size that is asked for.
func (s *single) emitAfter() op.Result {
	wins, kindsOf := s.wins[s.row:], s.kinds[s.row:]
	n := min(len(wins), s.limit)
	if n == 0 {
		s.drop()
		return op.Result{}
	}
	out := s.pool.Get()
	if n < len(wins) {
		s.in.Share(1)
	}
	out.Adopt(s.in)
	for c, v := range s.in.Cols() {
		out.SetCol(c, v)
	}
	rows := s.in.Len()
	if s.spec.OutputRank {
		ranks := batch.Resize[int64](out.Own(len(s.out)-1), rows)
		for i := range ranks {
			ranks[i] = 1
		}
	}
	sel := out.SelBuf(n)
	copy(sel, wins)
	out.SetSel(sel)
	out.SetKinds(nil)
	for _, k := range kindsOf[:n] {
		if k != schema.Insert {
			kinds := out.MakeKinds(rows)
			for i, p := range sel {
				kinds[p] = kindsOf[i]
			}
			break
		}
	}
	s.row += n
	if s.row < len(s.wins) {
		return op.Result{Out: out, More: true}
	}
	s.in, s.phase = nil, idle
	return op.Result{Out: out}
}

// applyRows applies the rows one by one until there is a batch of output.
func (s *single) applyRows() op.Result {
	var buf [16]byte
	for ; s.row < len(s.ids) && s.emit.Len() < s.limit; s.row++ {
		id := s.ids[s.row]
		key, row := s.sorts.Row(s.row), s.rows.Row(s.row)
		old := s.table.Bytes(id, s.rowAt, buf[:0])
		if len(old) == 0 {
			s.emit.change(schema.Insert, 1, row)
		} else {
			var b [16]byte
			if !s.beats(key, s.table.Bytes(id, s.sortAt, b[:0])) {
				continue
			}
			s.emit.replace(1, s.emit.Keep(old), row)
		}
		s.table.Touch(id)
		s.table.SetBytes(id, s.sortAt, key)
		s.table.SetBytes(id, s.rowAt, row)
	}
	if s.emit.Len() == 0 {
		s.drop()
		return op.Result{}
	}
	out := s.emit.batch(s.pool, s.limit)
	if s.emit.Len() == 0 && s.row == len(s.ids) {
		s.drop()
		return op.Result{Out: out}
	}
	return op.Result{Out: out, More: true}
}

// forget removes a partition whose time has come.
func (s *single) forget(id int32) { s.table.Delete(id) }

// Timer implements op.Operator.
func (s *single) Timer(now flow.Millis) (op.Result, error) {
	s.ttl.fired()
	s.ttl.expire(now)
	return op.Result{}, nil
}

// drop releases the batch at hand.
func (s *single) drop() {
	if s.in != nil {
		s.in.Release()
		s.in = nil
	}
	s.phase = idle
}

// Close implements op.Operator.
func (s *single) Close() error {
	s.drop()
	return nil
}
