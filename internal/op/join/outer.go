// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"spate/batch"
	"spate/internal/graph"
	"spate/internal/state"
	"spate/schema"
)

// plan is what one step of an outer, semi or anti join emits: rows made of a row of the batch (or NULLs), and of a pair's stored
// row (or NULLs).
type plan struct {
	kinds []schema.RowKind
	pos   []int32 // Position in the batch, or -1.
	pair  []int32 // Index in pairs, or -1.
	next  int     // First entry that is not emitted yet.

	pass    []int32 // Pairs that the condition lets through, ascending.
	matches uint64  // Of the row that the step ends in.
	// The last stored row that the row at hand has met, and its associations before: equal rows of a multiset are one stored row,
	// and are all judged by the number before the first of them.
	lastID    int32
	lastAssoc uint64

	data [][]byte
}

func (p *plan) reset() {
	p.clear()
	p.endRow()
}

func (p *plan) clear() {
	p.kinds, p.pos, p.pair, p.next = p.kinds[:0], p.pos[:0], p.pair[:0], 0
}

func (p *plan) endRow() { p.matches, p.lastID = 0, -1 }

func (p *plan) empty() bool { return p.next == len(p.kinds) }

func (p *plan) add(k schema.RowKind, pos, pair int32) {
	p.kinds = append(p.kinds, k)
	p.pos = append(p.pos, pos)
	p.pair = append(p.pair, pair)
}

// minStep is the least number of pairs that an outer join looks at in one step, even when its output batches are smaller.
const minStep = 256

// emitOuter makes the next output batch of a join that preserves rows or only asks whether there is a match.
func (j *Join) emitOuter() (*batch.Batch, error) {
	p := &j.plan
	if p.empty() {
		p.clear()
		j.pairs.collect(&j.cursor, &j.rows, j.sides[j.input], j.sides[1-j.input], max(j.limit, minStep), true)
		if err := j.passing(); err != nil {
			return nil, err
		}
		j.decide()
	}
	if p.empty() {
		j.pairs.forget()
		return nil, nil
	}
	out := j.materialise(p.next, min(len(p.kinds), p.next+j.limit))
	p.next += out.Len()
	if p.empty() {
		j.pairs.forget()
	}
	return out, nil
}

// passing sets the pairs that the condition lets through.
func (j *Join) passing() error {
	n := len(j.pairs.pos)
	p := &j.plan
	p.pass = sized(p.pass, n)
	if j.cond == nil || n == 0 {
		for i := range p.pass {
			p.pass[i] = int32(i)
		}
		return nil
	}
	b := j.condPool.Get()
	defer b.Release()
	j.mat.batchSide(b, j.offset(j.input), j.in, j.pairs.pos)
	j.mat.storedSide(b, j.offset(1-j.input), j.sides[1-j.input], j.pairs.data)
	b.SetLen(n)
	sel, err := j.cond.Filter(0, b, p.pass)
	p.pass = sel
	return err
}

// decide turns the passing pairs into entries, row by row in Flink's order, and updates the numbers of associations.
func (j *Join) decide() {
	own, other := j.sides[j.input], j.sides[1-j.input]
	view := other.table.View()
	pass := j.plan.pass
	for _, seg := range j.pairs.segs {
		n := 0
		for n < len(pass) && int(pass[n]) < seg.end {
			n++
		}
		match := pass[:n]
		pass = pass[n:]
		j.plan.matches += uint64(n)
		switch {
		case j.kind != graph.Semi && j.kind != graph.Anti:
			j.decideOuter(seg, match, own, other, &view)
		case j.input == leftInput:
			j.decideLeft(seg)
		default:
			j.decideRight(seg, match, other, &view)
		}
		if seg.last {
			j.associate(seg, own)
			j.plan.endRow()
		}
	}
}

// associate records the number of matches of a row that was added to a side which keeps it.
func (j *Join) associate(seg segment, own *side) {
	id := j.rows.own[seg.row]
	if !own.outer || id < 0 || !j.in.Kind(int(j.rows.pos[seg.row])).IsAdd() {
		return
	}
	// The row itself was touched when it was stored.
	*own.table.Word(id, own.assoc) = j.plan.matches
}

// decideOuter plans the output of one row of a left, right or full join.
func (j *Join) decideOuter(seg segment, match []int32, own, other *side, view *state.Rows) {
	p := &j.plan
	pos := j.rows.pos[seg.row]
	kind := j.in.Kind(int(pos))
	if kind.IsAdd() {
		if other.outer && !j.wasThere(seg.row, own) {
			for _, m := range match {
				if j.before(m, other, view, 1) == 0 {
					p.add(schema.Delete, -1, m)
				}
			}
		}
		for _, m := range match {
			p.add(schema.Insert, pos, m)
		}
		if seg.last && p.matches == 0 && own.outer {
			p.add(schema.Insert, pos, -1)
		}
		return
	}
	if own.outer {
		kind = schema.Delete
	}
	for _, m := range match {
		p.add(kind, pos, m)
	}
	if other.outer {
		for _, m := range match {
			if j.before(m, other, view, -1) == 1 {
				p.add(schema.Insert, -1, m)
			}
		}
	}
	if seg.last && p.matches == 0 && own.outer {
		p.add(schema.Delete, pos, -1)
	}
}

// decideLeft plans the output of one left row of a semi or anti join.
func (j *Join) decideLeft(seg segment) {
	if !seg.last || (j.plan.matches > 0) != (j.kind == graph.Semi) {
		return
	}
	pos := j.rows.pos[seg.row]
	j.plan.add(j.in.Kind(int(pos)), pos, -1)
}

// decideRight plans what one right row of a semi or anti join changes for the left rows that it matches.
func (j *Join) decideRight(seg segment, match []int32, other *side, view *state.Rows) {
	p := &j.plan
	kind := j.in.Kind(int(j.rows.pos[seg.row]))
	add := kind.IsAdd()
	if add && j.wasThere(seg.row, j.sides[j.input]) {
		return
	}
	by, edge := int64(1), uint64(0)
	if !add {
		by, edge = -1, 1
	}
	if j.kind == graph.Anti {
		kind = schema.Delete
		if !add {
			kind = schema.Insert
		}
	}
	for _, m := range match {
		if j.before(m, other, view, by) == edge {
			p.add(kind, -1, m)
		}
	}
}

// wasThere tells whether a row replaced one with the same unique key without retracting it first: an upsert. The rows that it
// matches have it counted already, since the join key is part of what identifies it.
func (j *Join) wasThere(row int, own *side) bool {
	if len(own.replaced) == 0 {
		return false
	}
	k := row
	if !j.rows.all {
		k = int(j.rows.index[row])
	}
	return k >= 0 && own.replaced[k]
}

// before adds to the number of associations of a pair's stored row and returns the number before.
func (j *Join) before(m int32, other *side, view *state.Rows, by int64) uint64 {
	p := &j.plan
	id := j.pairs.id[m]
	if id == p.lastID {
		return p.lastAssoc
	}
	w := view.Word(id, other.assoc)
	p.lastID, p.lastAssoc = id, *w
	if by > 0 || *w > 0 {
		*w += uint64(by)
		other.table.Touch(id)
	}
	return p.lastAssoc
}

// materialise makes a batch of the entries from lo to hi.
func (j *Join) materialise(lo, hi int) *batch.Batch {
	p := &j.plan
	other := j.sides[1-j.input]
	out := j.pool.Get()
	both := j.kind != graph.Semi && j.kind != graph.Anti
	if both || j.input == leftInput {
		j.mat.paddedSide(out, j.offset(j.input), j.in, p.pos[lo:hi])
	}
	if both || j.input == rightInput {
		p.data = p.data[:0]
		for _, m := range p.pair[lo:hi] {
			d := other.null
			if m >= 0 {
				d = j.pairs.data[m]
			}
			p.data = append(p.data, d)
		}
		j.mat.storedSide(out, j.offset(1-j.input), other, p.data)
		clear(p.data)
	}
	out.SetLen(hi - lo)
	for i, k := range p.kinds[lo:hi] {
		if k != schema.Insert {
			copy(out.MakeKinds(hi - lo)[i:], p.kinds[lo+i:hi])
			break
		}
	}
	return out
}
