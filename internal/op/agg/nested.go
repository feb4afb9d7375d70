// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"bytes"
	"errors"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/col/rowkey"
	"spate/internal/state"
)

// tree is the values of a source in order, each with the number of its rows: MIN and MAX when rows may be taken away.
type tree struct {
	src, arg int
	keys     *rowkey.Ordered
	codec    *rowcodec.Codec
	enc      rowkey.Keys
	rows     rowcodec.Rows
}

// Fields of an ordered row.
const (
	treeCount = 0
	treeValue = 1
)

func (p *Program) growTree(t *Tables, a *acc, l *list) {
	tr, o := p.trees[a.tree], t.trees[a.tree]
	cols := []*batch.Vector{p.run.cols[a.arg]}
	tr.keys.Encode(cols, l.pos, len(l.pos), &tr.enc)
	tr.codec.Encode(cols, l.pos, len(l.pos), &tr.rows)
	for k, owner := range l.ids {
		if !l.takesAway(k) {
			addToTree(o, owner, keyOf(&tr.enc, k), tr.rows.Row(k), 1)
			continue
		}
		id := o.Find(owner, keyOf(&tr.enc, k))
		if id < 0 {
			continue
		}
		o.Touch(id)
		n := &o.Row(id)[o.Off(treeCount)]
		if *n--; *n == 0 {
			o.Delete(id)
		}
	}
}

// keyOf returns an encoded key; ordered keys carry offsets also when they are of fixed size.
func keyOf(k *rowkey.Keys, i int) []byte { return k.Data[k.Offsets[i]:k.Offsets[i+1]] }

func addToTree(o *state.Ordered, owner int32, key, value []byte, n uint64) {
	id, fresh := o.Insert(owner, key)
	o.Touch(id)
	if fresh {
		o.SetBytes(id, o.Off(treeValue), value)
	}
	o.Row(id)[o.Off(treeCount)] += n
}

// elements is the values of a source in order of arrival.
type elements struct {
	src, arg int
	codec    *rowcodec.Codec
	rows     rowcodec.Rows
}

func (p *Program) growList(t *Tables, a *acc, l *list) {
	e, table := p.lists[a.list-1], t.lists[a.list-1]
	off := table.Off(0)
	e.codec.Encode([]*batch.Vector{p.run.cols[a.arg]}, l.pos, len(l.pos), &e.rows)
	for k, owner := range l.ids {
		x := e.rows.Row(k)
		if !l.takesAway(k) {
			table.SetBytes(table.Append(owner), off, x)
			continue
		}
		for id := table.First(owner); id >= 0; id = table.Next(id) {
			if bytes.Equal(table.Bytes(id, off, p.bufA[:0]), x) {
				table.Delete(id)
				break
			}
		}
	}
}

// errSingle is Flink's message.
var errSingle = errors.New("SingleValueAggFunction received more than one element.") //nolint:staticcheck,revive // Flink's ends with a stop.

// one keeps one value: the first, the last, or the only one. The value is an encoded row, empty when there is none.
func (p *Program) one(t *Tables, a *acc, l *list) error {
	a.codec.Encode([]*batch.Vector{p.run.cols[a.arg]}, l.pos, len(l.pos), &a.rows)
	for k, id := range l.ids {
		has := uint32(t.Root.Row(id)[a.off]) != 0
		switch {
		case l.takesAway(k):
			t.Root.SetBytes(id, a.off, nil)
			continue
		case has && a.kind == accFirst:
			continue
		case has && a.kind == accSingle:
			return errSingle
		}
		t.Root.SetBytes(id, a.off, a.rows.Row(k))
	}
	return nil
}

// listagg joins strings as they come. The second word tells whether there was one.
func (p *Program) listagg(t *Tables, a *acc, l *list) {
	v := p.run.cols[a.arg]
	for k, id := range l.ids {
		p.joinString(t.Root, a, id, v.Bytes(int(l.pos[k])))
	}
}

func (p *Program) joinString(root *state.Table, a *acc, id int32, x []byte) {
	b := p.scratch[:0]
	if set := &root.Row(id)[a.off2]; *set != 0 {
		b = append(append(b, root.Bytes(id, a.off, p.bufA[:0])...), a.sep...)
	} else {
		*set = 1
	}
	b = append(b, x...)
	p.scratch = b
	root.SetBytes(id, a.off, b)
}

// Finish brings the derived fields of changed groups up to date: those that are made from an ordered multiset or a list.
func (p *Program) Finish(t *Tables, ids []int32) {
	for i := range p.accs {
		a := &p.accs[i]
		switch a.kind {
		case accMin, accMax:
			if p.o.Retract {
				p.finishExtreme(t, a, ids)
			}
		case accFirst, accLast:
			if a.list > 0 {
				p.finishEnd(t, a, ids)
			}
		case accListagg:
			if a.list > 0 {
				p.finishListagg(t, a, ids)
			}
		case accCollect, accArray:
			p.finishElements(t, a, ids)
		case accCount, accSum, accSumFloat, accSumDouble, accSumWide, accMoments, accSingle, accTree, accElements:
		}
	}
}

// Derives tells whether Finish does anything.
func (p *Program) Derives() bool { return len(p.trees)+len(p.lists) > 0 }

// setBytes replaces a derived field when it changed.
func (p *Program) setBytes(t *Tables, id int32, off int, b []byte) {
	if !bytes.Equal(t.Root.Bytes(id, off, p.bufB[:0]), b) {
		t.Root.SetBytes(id, off, b)
	}
}

func (p *Program) finishExtreme(t *Tables, a *acc, ids []int32) {
	o := t.trees[a.tree]
	for _, id := range ids {
		end := o.First(id)
		if a.kind == accMax {
			end = o.Last(id)
		}
		var b []byte
		if end >= 0 {
			b = o.Bytes(end, o.Off(treeValue), p.bufA[:0])
		}
		p.setBytes(t, id, a.off, b)
	}
}

func (p *Program) finishEnd(t *Tables, a *acc, ids []int32) {
	table := t.lists[a.list-1]
	for _, id := range ids {
		end := table.First(id)
		if a.kind == accLast {
			end = table.Last(id)
		}
		var b []byte
		if end >= 0 {
			b = table.Bytes(end, table.Off(0), p.bufA[:0])
		}
		p.setBytes(t, id, a.off, b)
	}
}

// element decodes the values of a list into a vector.
func (p *Program) decode(t *Tables, list int, owner int32, into *batch.Vector) int {
	e, table := p.lists[list], t.lists[list]
	n := 0
	p.vecs[0] = into
	for id := table.First(owner); id >= 0; id = table.Next(id) {
		e.codec.AppendRow(p.vecs[:], table.Bytes(id, table.Off(0), p.bufA[:0]))
		n++
	}
	return n
}

func (p *Program) finishListagg(t *Tables, a *acc, ids []int32) {
	v := batch.NewVector(p.in[a.arg])
	for _, id := range ids {
		v.Reset()
		b := p.scratch[:0]
		n := p.decode(t, a.list-1, id, v)
		for i := range n {
			if i > 0 {
				b = append(b, a.sep...)
			}
			b = append(b, v.Bytes(i)...)
		}
		p.scratch = b
		p.setBytes(t, id, a.off, b)
		t.Root.Row(id)[a.off2] = min(1, uint64(n))
	}
}

// finishElements makes the array or the multiset of a list.
func (p *Program) finishElements(t *Tables, a *acc, ids []int32) {
	for _, id := range ids {
		a.vec.Reset()
		// No values make no array, but an empty multiset.
		some := true
		if a.kind == accArray {
			some = p.decode(t, a.list-1, id, a.vec.Child(0)) > 0
		} else {
			p.decodeMultiset(t, a, id)
		}
		var b []byte
		if some {
			a.vec.EndList()
			p.vecs[0] = a.vec
			a.codec.Encode(p.vecs[:], nil, 1, &a.rows)
			b = a.rows.Row(0)
		}
		p.setBytes(t, id, a.off, b)
	}
}

// decodeMultiset appends the different values of a list, in order of their first arrival, with their numbers.
func (p *Program) decodeMultiset(t *Tables, a *acc, owner int32) {
	e, table := p.lists[a.list-1], t.lists[a.list-1]
	index := map[string]int{}
	var counts []int32
	p.vecs[0] = a.vec.Child(0)
	for id := table.First(owner); id >= 0; id = table.Next(id) {
		b := table.Bytes(id, table.Off(0), p.bufA[:0])
		i, ok := index[string(b)]
		if !ok {
			i = len(counts)
			index[string(b)] = i
			counts = append(counts, 0)
			e.codec.AppendRow(p.vecs[:], b)
		}
		counts[i]++
	}
	for _, n := range counts {
		batch.Append(a.vec.Child(1), n)
	}
}
