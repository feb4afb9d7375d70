// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"spate/batch"
	"spate/internal/state"
	"spate/schema"
)

// chunk is the number of rows that all accumulators work on before the next rows: their groups then stay in the fastest cache.
const chunk = 256

// list is the rows that feed accumulators: groups, positions in the columns, and weights, +1 or -1; nil weights are all +1.
type list struct {
	ids, pos []int32
	w        []int64

	idBuf, posBuf []int32
	wBuf          []int64
	mask          []uint64
}

// reset empties the list for n rows at most.
func (l *list) reset(n int, weights bool) {
	if cap(l.idBuf) < n {
		l.idBuf, l.posBuf = make([]int32, 0, n), make([]int32, 0, n)
	}
	l.ids, l.pos, l.w = l.idBuf[:0], l.posBuf[:0], nil
	if weights {
		if cap(l.wBuf) < n {
			l.wBuf = make([]int64, 0, n)
		}
		l.w = l.wBuf[:0]
	}
}

// takesAway tells whether row k counts -1.
func (l *list) takesAway(k int) bool { return len(l.w) > 0 && l.w[k] < 0 }

// runState is the scratch memory of updates.
type runState struct {
	cols  []*batch.Vector
	lists []list // One per source.
	fresh list   // New values of a merge.
	rows  state.Rows
}

// Update feeds rows to their groups: row k is the one at position pos[k] of the columns and goes into group ids[k]. w holds their
// weights, nil when all are +1.
func (p *Program) Update(t *Tables, cols []*batch.Vector, ids, pos []int32, w []int64) error {
	r := &p.run
	r.cols = cols
	if len(r.lists) < len(p.sources) {
		r.lists = make([]list, len(p.sources))
	}
	for lo := 0; lo < len(ids); lo += chunk {
		hi := min(lo+chunk, len(ids))
		base := &r.lists[0]
		base.ids, base.pos, base.w = ids[lo:hi], pos[lo:hi], nil
		if w != nil {
			base.w = w[lo:hi]
		}
		for i := 1; i < len(p.sources); i++ {
			p.narrow(t, i)
		}
		r.rows = t.Root.View()
		if w == nil {
			p.runFused(t)
		}
		for i := range p.accs {
			a := &p.accs[i]
			if i == p.rowCount && p.o.Counted || w == nil && a.fused {
				continue
			}
			if err := p.accumulate(t, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// narrow makes the list of a source from that of the source that it narrows.
func (p *Program) narrow(t *Tables, i int) {
	s := &p.sources[i]
	from, to := &p.run.lists[s.of], &p.run.lists[i]
	switch {
	case s.distinct >= 0:
		p.transitions(t, i)
	case s.filter >= 0:
		to.passing(from, p.run.cols[s.filter])
	case !p.run.cols[s.arg].HasNulls():
		to.ids, to.pos, to.w = from.ids, from.pos, from.w
	default:
		to.valid(from, p.run.cols[s.arg].Valid())
	}
}

// passing takes the rows where a condition holds.
func (l *list) passing(from *list, cond *batch.Vector) {
	bits := cond.Bits()
	if valid := cond.Valid(); valid != nil {
		l.mask = sized(l.mask, len(bits))
		for i, w := range bits {
			l.mask[i] = w & valid[i]
		}
		bits = l.mask
	}
	l.valid(from, bits)
}

// valid takes the rows whose bit is set. Every row is written and the end moves by its bit: whether a row passes is hard to predict.
func (l *list) valid(from *list, bits []uint64) {
	l.reset(len(from.ids), from.w != nil)
	ids, pos := l.ids[:len(from.ids)], l.pos[:len(from.ids)]
	n := 0
	if from.w == nil {
		for k, at := range from.pos {
			ids[n], pos[n] = from.ids[k], at
			n += int(bits[at>>6] >> (uint(at) & 63) & 1)
		}
		l.ids, l.pos = ids[:n], pos[:n]
		return
	}
	w := l.w[:len(from.ids)]
	for k, at := range from.pos {
		ids[n], pos[n], w[n] = from.ids[k], at, from.w[k]
		n += int(bits[at>>6] >> (uint(at) & 63) & 1)
	}
	l.ids, l.pos, l.w = ids[:n], pos[:n], w[:n]
}

// accumulate runs one accumulator over its list.
func (p *Program) accumulate(t *Tables, a *acc) error {
	l := &p.run.lists[a.src]
	if len(l.ids) == 0 {
		return nil
	}
	rows := &p.run.rows
	switch a.kind {
	case accCount:
		addCount(rows, a.off, l)
	case accSum:
		p.sumInts(rows, a, l)
	case accSumFloat:
		addFloat32(rows, a.off, l, batch.Values[float32](p.run.cols[a.arg]))
	case accSumDouble:
		p.sumDoubles(rows, a, l)
	case accSumWide:
		p.sumWide(rows, a, l)
	case accMin, accMax:
		if !p.o.Retract {
			p.extreme(t, a, l)
		}
	case accMoments:
		p.moments(rows, a, l)
	case accFirst, accLast, accSingle:
		if a.list == 0 {
			return p.one(t, a, l)
		}
	case accListagg:
		if a.list == 0 {
			p.listagg(t, a, l)
		}
	case accTree:
		p.growTree(t, a, l)
	case accElements:
		p.growList(t, a, l)
	case accCollect, accArray:
	}
	return nil
}

func (p *Program) sumInts(rows *state.Rows, a *acc, l *list) {
	v := p.run.cols[a.arg]
	switch a.phys {
	case schema.PhysInt8:
		addInts(rows, a.off, l, batch.Values[int8](v))
	case schema.PhysInt16:
		addInts(rows, a.off, l, batch.Values[int16](v))
	case schema.PhysInt32:
		addInts(rows, a.off, l, batch.Values[int32](v))
	default:
		addInts(rows, a.off, l, batch.Values[int64](v))
	}
}

func (p *Program) sumDoubles(rows *state.Rows, a *acc, l *list) {
	v := p.run.cols[a.arg]
	if a.phys == schema.PhysFloat32 {
		addFloat64(rows, a.off, l, batch.Values[float32](v))
		return
	}
	addFloat64(rows, a.off, l, batch.Values[float64](v))
}

func (p *Program) sumWide(rows *state.Rows, a *acc, l *list) {
	v := p.run.cols[a.arg]
	if a.phys == schema.PhysInt64 {
		addWide64(rows, a.off, l, batch.Values[int64](v))
		return
	}
	addWide(rows, a.off, l, batch.Values[schema.Int128](v))
}

// InitAt is Init for the groups at some places of ids.
func (p *Program) InitAt(t *Tables, ids, at []int32) {
	if len(at) == 0 || p.o.Retract {
		return
	}
	p.fresh = p.fresh[:0]
	for _, k := range at {
		p.fresh = append(p.fresh, ids[k])
	}
	p.Init(t, p.fresh)
}

// Init prepares the accumulators of new rows.
func (p *Program) Init(t *Tables, ids []int32) {
	if len(ids) == 0 || p.o.Retract {
		return
	}
	for i := range p.accs {
		a := &p.accs[i]
		if a.kind != accMin && a.kind != accMax {
			continue
		}
		lo, hi := emptyExtreme(a)
		for _, id := range ids {
			row := t.Root.Row(id)
			switch a.phys {
			case schema.PhysBytes:
			case schema.PhysInt128, schema.PhysTime9:
				row[a.off], row[a.off+1] = lo, hi
			default:
				row[a.off] = lo
			}
		}
	}
}
