// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"spate/batch"
	"spate/schema"
)

// bundle is the groups that changed since the last emission.
type bundle struct {
	seq     uint64
	rows    int64 // Rows admitted.
	touched []touched
	save    bool     // Save groups as they were.
	before  []uint64 // Saved rows, one after the other.
}

// touched is a group of a bundle.
type touched struct {
	id     int32
	before int32 // Word offset of the saved row, or -1 when the group is new.
}

// touch takes a group into the bundle; m is the mark in its row.
func (bd *bundle) touch(row []uint64, id int32, m *uint64) {
	at := int32(-1)
	if *m&markNew == 0 {
		at = int32(len(bd.before))
		if bd.save {
			bd.before = append(bd.before, row...)
		}
	}
	*m = *m&markNew | bd.seq
	bd.touched = append(bd.touched, touched{id, at})
}

// reset starts the next bundle.
func (bd *bundle) reset() {
	bd.seq++
	bd.rows, bd.touched, bd.before = 0, bd.touched[:0], bd.before[:0]
}

// emitter turns the changes of bundles into output batches. Rows are staged as words and decoded into columns a chunk at a time.
type emitter struct {
	g      *Group
	width  int
	at     int  // The group that is next.
	half   bool // Its -U is out.
	staged []uint64
	kinds  []schema.RowKind
	cur    *batch.Batch
	cols   []*batch.Vector
	all    []schema.RowKind
}

func (e *emitter) init(g *Group, width int) {
	e.g, e.width = g, width
	e.staged = make([]uint64, 0, chunk*width)
	e.kinds = make([]schema.RowKind, 0, chunk)
}

func (e *emitter) start() { e.at, e.half = 0, false }

// room tells whether one more row fits into the output batch.
func (e *emitter) room() bool {
	n := len(e.kinds)
	if e.cur != nil {
		n += len(e.all)
	}
	return n < e.g.cut
}

// emit stages the changes of the bundle and returns whether the output batch is full before it is through.
func (e *emitter) emit() bool {
	g := e.g
	root := g.tabs.Root
	rows := root.View()
	for ; e.at < len(g.bundle.touched); e.at++ {
		t := &g.bundle.touched[e.at]
		row := rows.At(t.id)
		switch {
		case g.spec.Retract && g.prog.RowCount(row) == 0:
			if !e.room() {
				return true
			}
			if t.before >= 0 {
				e.stage(g.bundle.before[t.before:int(t.before)+e.width], schema.Delete)
			}
			g.clear(t.id)
		case t.before < 0:
			if !e.room() {
				return true
			}
			row[g.mark] &^= markNew
			e.stage(row, schema.Insert)
		default:
			if e.change(t, row) {
				return true
			}
		}
	}
	return false
}

// change stages the update of a group unless its results are what they were; it returns true when there is no room.
func (e *emitter) change(t *touched, row []uint64) bool {
	g := e.g
	if !e.half && g.bundle.save {
		old := g.bundle.before[t.before : int(t.before)+e.width]
		if g.spec.TTL == 0 && g.prog.Equal(g.tabs, old, row) {
			return false
		}
		if g.spec.UpdateBefore {
			if !e.room() {
				return true
			}
			e.stage(old, schema.UpdateBefore)
			e.half = true
		}
	}
	if len(g.prog.results) == 0 {
		return false
	}
	if !e.room() {
		return true
	}
	e.stage(row, schema.UpdateAfter)
	e.half = false
	return false
}

func (e *emitter) stage(row []uint64, kind schema.RowKind) {
	if len(e.kinds) == chunk {
		e.drain()
	}
	e.staged = append(e.staged, row[:e.width]...)
	e.kinds = append(e.kinds, kind)
}

// drain decodes the staged rows into the output batch.
func (e *emitter) drain() {
	n := len(e.kinds)
	if n == 0 {
		return
	}
	g := e.g
	if e.cur == nil {
		e.cur = g.pool.Get()
		e.cols = e.cols[:0]
		for i := range g.out {
			e.cols = append(e.cols, e.cur.Own(i))
		}
	}
	keys := len(g.spec.Keys)
	g.tabs.Root.AppendKeys(e.staged, n, e.cols[:keys])
	g.prog.AppendResults(g.tabs, e.staged, n, e.cols[keys:])
	e.all = append(e.all, e.kinds...)
	e.staged, e.kinds = e.staged[:0], e.kinds[:0]
}

// take returns the output batch, or nil when it has no rows.
func (e *emitter) take() *batch.Batch {
	e.drain()
	b := e.cur
	if b == nil {
		return nil
	}
	e.cur = nil
	n := len(e.all)
	b.SetLen(n)
	for _, k := range e.all {
		if k != schema.Insert {
			copy(b.MakeKinds(n), e.all)
			break
		}
	}
	e.all = e.all[:0]
	return b
}

func (e *emitter) close() {
	if e.cur != nil {
		e.cur.Release()
		e.cur = nil
	}
}

// clear makes a group without rows as good as new; it goes away when the batch is through, unless it gets rows before.
func (g *Group) clear(id int32) {
	g.prog.Reset(g.tabs, id)
	*g.tabs.Root.Word(id, g.mark) |= markNew
	g.empties = append(g.empties, id)
}

// Reset makes the accumulators of a group as those of a new one.
func (p *Program) Reset(t *Tables, id int32) {
	p.DeleteOwned(t, id)
	for f := range p.fields {
		t.Root.Zero(id, p.base+f)
	}
	p.single[0] = id
	p.Init(t, p.single[:])
}

// DeleteOwned removes the values that a group keeps in nested tables, as far as they can be reached from it.
func (p *Program) DeleteOwned(t *Tables, id int32) {
	for _, o := range t.trees {
		o.DeleteOwned(id)
	}
	for _, l := range t.lists {
		l.DeleteOwned(id)
	}
	if p.o.Owners {
		for _, d := range t.distincts {
			d.DeleteOwned(id)
		}
	}
}

// needsBefore tells whether changes can only be told from the row as it was.
func (p *Program) needsBefore(updateBefore bool) bool {
	if len(p.results) == 0 {
		return p.o.Retract
	}
	if p.o.Retract || updateBefore {
		return true
	}
	for _, r := range p.results {
		if r.kind == resCount && p.accs[r.acc].src == 0 {
			return false
		}
	}
	return true
}
