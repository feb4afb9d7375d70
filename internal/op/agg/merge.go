// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"math"
	"math/bits"

	"spate/batch"
	"spate/internal/state"
	"spate/schema"
)

// Merger adds groups of one set of tables to those of another, a bounded amount per step.
type Merger struct {
	p    *Program
	keys *state.Keys // For the group keys.
	dst  *Tables
	src  *Tables
	next int32   // The first source row that was not merged yet.
	to   []int32 // Target of each source row.
	nest int     // The distinct set that is being merged; its next row.
	at   int32

	ids, owners []int32
}

// mergeStep is the number of rows that a step of a Merger handles.
const mergeStep = 2048

// NewMerger returns a merger of groups with the given key types.
func (p *Program) NewMerger(types []*schema.Type) *Merger {
	return &Merger{p: p, keys: state.NewKeys(types, false)}
}

// Start begins to add all groups of src to dst.
func (m *Merger) Start(dst, src *Tables) {
	m.dst, m.src = dst, src
	m.next, m.nest, m.at = 0, 0, 0
	m.to = m.to[:0]
}

// Step goes on and returns whether all is merged.
func (m *Merger) Step() bool {
	if id := m.src.Root.Walk(m.next); id >= 0 {
		m.groups(id)
		return false
	}
	for ; m.nest < len(m.src.distincts); m.nest, m.at = m.nest+1, 0 {
		t := m.src.distincts[m.nest]
		id := t.Walk(m.at)
		if id < 0 {
			continue
		}
		m.ids, m.owners = m.ids[:0], m.owners[:0]
		for ; id >= 0 && len(m.ids) < mergeStep; id = t.Walk(id + 1) {
			m.ids, m.owners = append(m.ids, id), append(m.owners, m.to[t.OwnerOf(id)])
			m.at = id + 1
		}
		m.p.mergeDistinct(m.dst, m.src, m.nest, m.owners, m.ids)
		return false
	}
	return true
}

// groups merges a run of groups from id on.
func (m *Merger) groups(id int32) {
	t := m.src.Root
	m.ids = m.ids[:0]
	for ; id >= 0 && len(m.ids) < mergeStep; id = t.Walk(id + 1) {
		m.ids = append(m.ids, id)
		m.next = id + 1
	}
	m.keys.LoadTable(t, m.ids, nil)
	m.owners = sized(m.owners, len(m.ids))
	fresh, ok := m.dst.Root.Upsert(m.keys, m.owners)
	for !ok {
		// The target of a merge is in memory as a whole; only injected faults say otherwise.
		fresh, ok = m.dst.Root.Upsert(m.keys, m.owners)
	}
	m.p.InitAt(m.dst, m.owners, fresh)
	m.dst.Root.TouchAll(m.owners)
	m.p.mergeRows(m.dst, m.owners, m.src, m.ids)
	for k, s := range m.ids {
		for int(s) >= len(m.to) {
			m.to = append(m.to, state.Absent)
		}
		m.to[s] = m.owners[k]
	}
}

// MergeOwned adds group s of src to group d of dst, with all that they own; the program has the option Owners.
func (p *Program) MergeOwned(dst *Tables, d int32, src *Tables, s int32) {
	var ids, owners []int32
	p.mergeRows(dst, []int32{d}, src, []int32{s})
	for i, t := range src.distincts {
		ids, owners = ids[:0], owners[:0]
		for id := t.First(s); id >= 0; id = t.Next(id) {
			ids, owners = append(ids, id), append(owners, d)
		}
		if len(ids) > 0 {
			p.mergeDistinct(dst, src, i, owners, ids)
		}
	}
}

// mergeRows merges the accumulators that are not fed by distinct sets.
func (p *Program) mergeRows(dst *Tables, dids []int32, src *Tables, sids []int32) {
	to, from := dst.Root.View(), src.Root.View()
	for i := range p.accs {
		a := &p.accs[i]
		if p.sources[a.src].distinct >= 0 {
			continue
		}
		switch a.kind {
		case accCount, accSum:
			for k, d := range dids {
				*to.Word(d, a.off) += *from.Word(sids[k], a.off)
			}
		case accTree:
			p.mergeTree(dst, dids, src, sids, a.tree)
		case accElements:
			p.mergeList(dst, dids, src, sids, a.list-1)
		case accCollect, accArray:
		default:
			for k, d := range dids {
				p.mergeRow(dst, a, d, to.At(d), src, sids[k], from.At(sids[k]))
			}
		}
	}
}

// mergeRow merges one accumulator of one group.
func (p *Program) mergeRow(dst *Tables, a *acc, d int32, to []uint64, src *Tables, s int32, from []uint64) {
	o := a.off
	switch a.kind {
	case accSumFloat:
		to[o] = uint64(math.Float32bits(math.Float32frombits(uint32(to[o])) + math.Float32frombits(uint32(from[o]))))
	case accSumDouble:
		to[o] = math.Float64bits(math.Float64frombits(to[o]) + math.Float64frombits(from[o]))
	case accSumWide:
		lo, carry := bits.Add64(to[o], from[o], 0)
		to[o] = lo
		to[o+1] += from[o+1] + carry
	case accMin, accMax:
		if !p.o.Retract {
			p.mergeExtreme(dst, a, d, to, src, s, from)
		}
	case accMoments:
		mergeMoments(to[o:o+3], from[o:o+3])
	case accFirst:
		if a.list == 0 && uint32(to[o]) == 0 {
			dst.Root.SetBytes(d, o, src.Root.Bytes(s, o, p.bufA[:0]))
		}
	case accLast, accSingle:
		if a.list == 0 && uint32(from[o]) != 0 {
			p.scratch = append(p.scratch[:0], src.Root.Bytes(s, o, p.bufA[:0])...)
			dst.Root.SetBytes(d, o, p.scratch)
		}
	case accListagg:
		if a.list == 0 && from[a.off2] != 0 {
			p.joinString(dst.Root, a, d, append([]byte(nil), src.Root.Bytes(s, o, p.bufB[:0])...))
		}
	case accCount, accSum, accTree, accElements, accCollect, accArray:
	}
}

func (p *Program) mergeExtreme(dst *Tables, a *acc, d int32, to []uint64, src *Tables, s int32, from []uint64) {
	o := a.off
	switch a.phys {
	case schema.PhysFloat32, schema.PhysFloat64:
		if from[o] != unsetFloat {
			to[o] = pickFloat(a.kind, to[o], from[o])
		}
	case schema.PhysBytes:
		if from[a.off2] != 0 {
			p.pickBytes(dst, a, d, append([]byte(nil), src.Root.Bytes(s, o, p.bufB[:0])...))
		}
	case schema.PhysInt128, schema.PhysTime9:
		if a.kind == accMin && lessPair(a.phys, from[o], from[o+1], to[o], to[o+1]) ||
			a.kind == accMax && lessPair(a.phys, to[o], to[o+1], from[o], from[o+1]) {
			to[o], to[o+1] = from[o], from[o+1]
		}
	default:
		if a.kind == accMin {
			to[o] = uint64(min(int64(to[o]), int64(from[o])))
		} else {
			to[o] = uint64(max(int64(to[o]), int64(from[o])))
		}
	}
}

func (p *Program) mergeTree(dst *Tables, dids []int32, src *Tables, sids []int32, tree int) {
	to, from := dst.trees[tree], src.trees[tree]
	for k, s := range sids {
		for id := from.First(s); id >= 0; id = from.Next(id) {
			p.scratch = append(p.scratch[:0], from.Key(id, p.bufA[:0])...)
			n := len(p.scratch)
			p.scratch = append(p.scratch, from.Bytes(id, from.Off(treeValue), p.bufA[:0])...)
			addToTree(to, dids[k], p.scratch[:n:n], p.scratch[n:], from.Row(id)[from.Off(treeCount)])
		}
	}
}

func (p *Program) mergeList(dst *Tables, dids []int32, src *Tables, sids []int32, list int) {
	to, from := dst.lists[list], src.lists[list]
	off := to.Off(0)
	for k, s := range sids {
		for id := from.First(s); id >= 0; id = from.Next(id) {
			p.scratch = append(p.scratch[:0], from.Bytes(id, off, p.bufA[:0])...)
			to.SetBytes(to.Append(dids[k]), off, p.scratch)
		}
	}
}

// mergeDistinct adds rows of a distinct set to those of groups of dst, and feeds the accumulators of the set with the values that are
// new there.
func (p *Program) mergeDistinct(dst *Tables, src *Tables, i int, owners, ids []int32) {
	d := p.distincts[i]
	from, to := src.distincts[i], dst.distincts[i]
	d.keys.LoadTable(from, ids, owners)
	d.ids = sized(d.ids, len(ids))
	to.Upsert(d.keys, d.ids)
	to.TouchAll(d.ids)
	cols := p.decodeDistinct(d, from, ids)
	for f := range d.filters {
		l := &p.run.fresh
		l.reset(len(ids), false)
		for k, id := range d.ids {
			if d.mergeValue(p.o.Retract, f, to.Row(id), from.Row(ids[k])) {
				l.ids, l.pos = append(l.ids, owners[k]), append(l.pos, int32(k))
			}
		}
		p.feedDistinct(dst, d.sources[f], cols, l)
	}
}

// mergeValue merges the count or bit of a filter and returns whether the value is new to the target.
func (d *distinct) mergeValue(retract bool, f int, to, from []uint64) bool {
	if retract {
		o := d.off + f
		fresh := to[o] == 0 && from[o] != 0
		to[o] += from[o]
		return fresh
	}
	o, bit := d.off, uint64(1)<<f
	fresh := to[o]&bit == 0 && from[o]&bit != 0
	to[o] |= from[o] & bit
	return fresh
}

// decodeDistinct returns columns in which the arguments of a set hold the values of rows.
func (p *Program) decodeDistinct(d *distinct, t *state.Table, ids []int32) []*batch.Vector {
	w := t.Width()
	d.rows = sized(d.rows, len(ids)*w)
	t.Copy(ids, d.rows)
	if d.vecs == nil {
		d.wide = make([]*batch.Vector, len(p.in))
		for _, ty := range d.types {
			d.vecs = append(d.vecs, batch.NewVector(ty))
		}
		for k, a := range d.args {
			d.wide[a] = d.vecs[k]
		}
	}
	for _, v := range d.vecs {
		v.Reset()
	}
	t.AppendKeys(d.rows, len(ids), d.vecs)
	return d.wide
}

// feedDistinct runs the accumulators of a distinct source over values that became new by a merge.
func (p *Program) feedDistinct(t *Tables, src int, cols []*batch.Vector, l *list) {
	if len(p.run.lists) < len(p.sources) {
		p.run.lists = make([]list, len(p.sources))
	}
	old := p.run.cols
	p.run.cols, p.run.rows = cols, t.Root.View()
	at := &p.run.lists[src]
	at.ids, at.pos, at.w = l.ids, l.pos, nil
	for i := range p.accs {
		if a := &p.accs[i]; a.src == src {
			// None of the accumulators that distinct values feed can fail.
			_ = p.accumulate(t, a)
		}
	}
	p.run.cols = old
}
