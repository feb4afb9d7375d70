// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"bytes"
	"encoding/binary"
	"slices"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// ranked keeps the rows of each partition in an ordered table. The key of a row there is its sort key and its arrival number.
type ranked struct {
	op.Base
	partitions
	rt    op.Runtime
	pool  *batch.Pool
	codec *rowcodec.Codec
	limit int
	start int // First place that is asked for, counted from 0.
	end   int // Places that are asked for end before this one.
	// positional: a change is that of a place, not of a row in or out.
	positional bool
	// bounded: rows that fall out of the first N are forgotten.
	bounded bool
	// holds: nothing is emitted as rows come and go, see held. latest: of rows that are equal in order the latest is first.
	holds, latest bool
	due           func()

	tree   *state.Ordered
	rowAt  int
	markAt int // Scratch: a row that was among the first N when the bundle began.
	seqAt  int // Of a partition: number of the next row.
	noteAt int // Scratch, of a partition: number in the bundle, plus one.
	index  *finder
	ttl    ttl

	in     *batch.Batch
	phase  phase
	row    int
	sortOf []int32 // Number of each chosen row among the sort keys; bounded only.
	rows   rowcodec.Rows
	key    []byte
	emit   emitter
	bundle bundle
	gone   []int32 // Partitions that may be empty.
}

func newRanked(p *partitions) *ranked {
	s := p.spec
	r := &ranked{partitions: *p, start: int(s.Start - 1), end: int(min(s.End, 1<<31-1))}
	r.positional = s.OutputRank || s.Start > 1 || s.End == 1 && !s.Retract
	r.bounded = !s.Retract && s.Unique == nil
	return r
}

// Open implements op.Operator.
func (r *ranked) Open(rt op.Runtime) error {
	r.rt, r.pool, r.limit = rt, rt.Pool(r.out), max(1, rt.BatchRows())
	// Rows that are retracted are found by their bytes.
	r.codec = rowcodec.New(r.partitions.in, rowcodec.Options{Key: !r.bounded})
	r.emit = newEmitter(r.spec, r.codec)
	fields := []state.Field{{Name: "seq", Kind: state.Word}, {Name: "note", Kind: state.Scratch}}
	if err := r.open(rt, r.ttl.fields(fields, r.spec.TTL), 2); err != nil {
		return err
	}
	r.seqAt, r.noteAt = r.table.Off(0), r.table.Off(1)
	r.tree = rt.State().Ordered(state.OrderedSpec{Name: "rows", Owner: r.table, Fields: []state.Field{
		{Name: "row", Kind: state.Bytes}, {Name: "mark", Kind: state.Scratch},
	}})
	r.rowAt, r.markAt = r.tree.Off(0), r.tree.Off(1)
	if !r.bounded {
		r.index = newFinder(rt.State(), r)
	}
	r.ttl.open(rt, r.table, r.forget)
	return nil
}

// Process implements op.Operator.
func (r *ranked) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	if kinds := b.Kinds(); kinds != nil && !r.spec.Retract {
		if err := onlyAdds(b, kinds); err != nil {
			b.Release()
			return op.Result{}, err
		}
	}
	r.ttl.expire(r.rt.Now())
	r.in, r.phase = b, look
	r.load(b)
	return r.Continue()
}

// Continue implements op.Operator.
func (r *ranked) Continue() (op.Result, error) {
	if r.phase == look {
		if !r.locate(r.in) {
			return op.Result{Wait: true}, nil
		}
		r.ttl.touch(r.ids)
		if r.due != nil {
			r.due()
		}
		r.sortOf = sized(r.sortOf, len(r.ids))
		r.choose()
		r.row, r.phase = 0, lookRows
	}
	if r.phase == lookRows {
		if r.index != nil && !r.index.locate(r) {
			return op.Result{Wait: true}, nil
		}
		r.phase = apply
	}
	if r.phase == apply {
		for ; r.row < len(r.ids) && r.emit.Len() < r.limit; r.row++ {
			r.apply(r.row)
		}
		if r.row == len(r.ids) {
			r.phase = flush
		}
	}
	if r.phase == flush {
		for r.emit.Len() < r.limit && r.bundle.next < len(r.bundle.parts) {
			r.diff(&r.bundle.parts[r.bundle.next])
			r.bundle.next++
		}
	}
	if r.phase == idle {
		return op.Result{}, nil
	}
	var res op.Result
	if r.emit.Len() > 0 {
		res.Out = r.emit.batch(r.pool, r.limit)
	}
	if res.More = r.emit.Len() > 0 || r.phase == apply || r.bundle.next < len(r.bundle.parts); !res.More {
		r.finish()
	}
	return res, nil
}

// finish ends the bundle and the batch.
func (r *ranked) finish() {
	for i := range r.bundle.parts {
		p := r.bundle.parts[i].id
		r.table.Row(p)[r.noteAt] = 0
		for r.bounded && r.tree.Len(p) > r.end {
			r.tree.Delete(r.tree.Last(p))
		}
	}
	r.bundle.reset()
	if r.index != nil {
		r.index.sweep()
	}
	slices.Sort(r.gone)
	r.gone = slices.Compact(r.gone)
	for _, p := range r.gone {
		if r.tree.Len(p) == 0 {
			r.table.Delete(p)
		}
	}
	r.gone = r.gone[:0]
	r.drop()
}

// choose encodes the rows of the batch. Of an append-only input those that have no place already are dropped first, which is most of
// them once a partition has seen a while.
func (r *ranked) choose() {
	if !r.bounded {
		r.codec.Encode(r.in.Cols(), r.in.Sel(), r.in.Rows(), &r.rows)
		return
	}
	n := 0
	for k, part := range r.ids {
		r.ids[n], r.pos[n], r.sortOf[n] = part, r.pos[k], int32(k)
		if !r.worse(part, r.sorts.Row(k)) {
			n++
		}
	}
	r.ids, r.pos, r.sortOf = r.ids[:n], r.pos[:n], r.sortOf[:n]
	r.codec.Encode(r.in.Cols(), r.pos, n, &r.rows)
}

// apply changes the state by row k of the batch.
func (r *ranked) apply(k int) {
	part := r.ids[k]
	if r.bounded {
		sort := r.sorts.Row(int(r.sortOf[k]))
		// Rows before it may have taken its place.
		if !r.worse(part, sort) {
			r.insert(part, r.newKey(part, sort), r.rows.Row(k))
		}
		return
	}
	if r.in.Kind(int(r.pos[k])).IsAdd() {
		r.index.add(r, k)
		return
	}
	r.gone = append(r.gone, part)
	r.index.retract(r, k)
}

// worse tells whether a sort key has no place among the first N of a partition.
func (r *ranked) worse(part int32, sort []byte) bool {
	if r.tree.Len(part) < r.end {
		return false
	}
	var buf [16]byte
	last := r.tree.Key(r.tree.Nth(part, r.end-1), buf[:0])
	c := bytes.Compare(sort, last[:len(last)-seqBytes])
	return c > 0 || c == 0 && !r.latest
}

// seqBytes is the size of the arrival number at the end of a key.
const seqBytes = 8

// newKey returns the key of the next row of a partition.
func (r *ranked) newKey(part int32, sort []byte) []byte {
	seq := &r.table.Row(part)[r.seqAt]
	r.table.Touch(part)
	n := *seq
	if r.latest {
		n = ^n
	}
	r.key = binary.BigEndian.AppendUint64(append(r.key[:0], sort...), n)
	*seq++
	return r.key
}

// insert adds a row.
func (r *ranked) insert(part int32, key, row []byte) {
	if r.holds {
		r.hold(part, key, row)
		return
	}
	if !r.spec.Bundle.PerRow {
		r.note(part)
		id, _ := r.tree.Insert(part, key)
		r.tree.SetBytes(id, r.rowAt, row)
		return
	}
	n := r.tree.Len(part)
	id, _ := r.tree.Insert(part, key)
	r.tree.SetBytes(id, r.rowAt, row)
	at := r.tree.Rank(id)
	switch {
	case at >= r.end:
	case r.positional:
		r.pushDown(id, at, n)
	default:
		if n >= r.end {
			r.emit.change(schema.Delete, r.emit.end, r.kept(r.tree.Nth(part, r.end)))
		}
		r.emit.change(schema.Insert, r.emit.end, row)
	}
	if r.bounded && n >= r.end {
		r.tree.Delete(r.tree.Last(part))
	}
}

// pushDown emits that from place at on every row moved one place down to make room for row id; there were n rows before.
func (r *ranked) pushDown(id int32, at, n int) {
	row := r.kept(id)
	for ; at < min(r.end, n); at++ {
		id = r.tree.Next(id)
		next := r.kept(id)
		r.emit.replace(int64(at+1), next, row)
		row = next
	}
	r.emit.change(schema.Insert, int64(at+1), row)
}

// remove takes a row away.
func (r *ranked) remove(part, id int32) {
	if r.holds {
		r.tree.Delete(id)
		return
	}
	if !r.spec.Bundle.PerRow {
		r.note(part)
		r.bundle.preserve(r, part, id)
		r.tree.Delete(id)
		return
	}
	n, at := r.tree.Len(part), r.tree.Rank(id)
	switch {
	case at >= r.end:
	case r.positional:
		r.pullUp(id, at, n)
	default:
		r.emit.change(schema.Delete, r.emit.end, r.kept(id))
		if n > r.end {
			r.emit.change(schema.Insert, r.emit.end, r.kept(r.tree.Nth(part, r.end)))
		}
	}
	r.tree.Delete(id)
}

// pullUp emits that from place at on every row moves one place up to fill that of row id; there are n rows with it.
func (r *ranked) pullUp(id int32, at, n int) {
	row := r.kept(id)
	for ; at < min(r.end, n-1); at++ {
		id = r.tree.Next(id)
		next := r.kept(id)
		r.emit.replace(int64(at+1), row, next)
		row = next
	}
	if at == n-1 {
		r.emit.change(schema.Delete, int64(n), row)
	}
}

// kept returns the bytes of a row, to be emitted.
func (r *ranked) kept(id int32) []byte {
	var buf [16]byte
	return r.emit.Keep(r.tree.Bytes(id, r.rowAt, buf[:0]))
}

// forget removes a partition whose time has come.
func (r *ranked) forget(id int32) {
	r.tree.DeleteOwned(id)
	if r.index != nil {
		r.index.table.DeleteOwned(id)
	}
	r.table.Delete(id)
}

// Timer implements op.Operator.
func (r *ranked) Timer(now flow.Millis) (op.Result, error) {
	r.ttl.fired()
	r.ttl.expire(now)
	return op.Result{}, nil
}

// drop releases the batch at hand.
func (r *ranked) drop() {
	if r.in != nil {
		r.in.Release()
		r.in = nil
	}
	r.phase = idle
}

// Close implements op.Operator.
func (r *ranked) Close() error {
	r.drop()
	return nil
}
