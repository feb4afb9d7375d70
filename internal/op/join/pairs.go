// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import "spate/batch"

// cursor is where the walk over the candidates of a batch stands: at stored row id, of which left copies are still to come, under
// the key of row number row.
type cursor struct {
	row  int
	id   int32
	left int64
	open bool // The walk is within row.
}

func (c *cursor) start() { *c = cursor{} }

func (c *cursor) done(r *inputRows) bool { return c.row >= r.n }

// pairs are the candidates of one step: rows of the batch with stored rows of the other side.
type pairs struct {
	pos  []int32 // Position in the batch.
	id   []int32 // Stored row.
	data [][]byte
	segs []segment // One per row of the batch that the step has walked, rows without candidates included; outer joins only.

	inline []byte // Room for the bytes of short rows, which state keeps inside their views.
	bytes  int
}

// segment is the part of the pairs that belongs to one row.
type segment struct {
	row  int
	end  int  // In pairs.
	last bool // The row has no further candidates.
}

// inlineRoom is the room that Table.Bytes wants for a short string.
const inlineRoom = 16

func (p *pairs) reset(limit int) {
	p.pos, p.id, p.data, p.segs = p.pos[:0], p.id[:0], p.data[:0], p.segs[:0]
	p.inline = sized(p.inline, limit*inlineRoom)
	p.bytes = 0
}

// forget drops the references into state, so that none outlives the step.
func (p *pairs) forget() {
	clear(p.data[:cap(p.data)])
	p.data = p.data[:0]
}

// collect walks on from the cursor until there are limit pairs, or their bytes fill a batch. With segs it also ends after limit
// rows, notes where each row's pairs end, and leaves a row for the next step when not all of its pairs fit into this one.
func (p *pairs) collect(c *cursor, r *inputRows, own, other *side, limit int, segs bool) {
	p.reset(limit)
	t := other.table
	for c.row < r.n {
		if !c.open {
			c.id, c.open = -1, true
			if owner := r.owner[c.row]; owner >= 0 {
				c.id = t.First(owner)
				c.left = other.copies(c.id)
			}
		}
		if !p.walk(c, r, own, other, limit) {
			if segs {
				p.cut(c)
			}
			return
		}
		if segs {
			p.segs = append(p.segs, segment{row: c.row, end: len(p.pos), last: true})
		}
		c.row++
		c.open = false
		if segs && len(p.segs) >= limit {
			return
		}
	}
}

// cut ends a step within a row: before it when the step has other rows, else in the midst of its pairs.
func (p *pairs) cut(c *cursor) {
	if n := len(p.segs); n > 0 && p.segs[n-1].last {
		from := p.segs[n-1].end
		clear(p.data[from:])
		p.pos, p.id, p.data = p.pos[:from], p.id[:from], p.data[:from]
		c.open = false
		return
	}
	p.segs = append(p.segs, segment{row: c.row, end: len(p.pos)})
}

// walk adds the candidates of the cursor's row. It returns false when the step is full before they are all taken.
func (p *pairs) walk(c *cursor, r *inputRows, own, other *side, limit int) bool {
	if c.id < 0 {
		return true
	}
	t, pos := other.table, r.pos[c.row]
	ownBytes := own.rowBytes(r, c.row)
	for c.id >= 0 {
		n := len(p.pos)
		if n == limit || p.bytes > batch.MaxBytes && n > 0 {
			return false
		}
		d := t.Bytes(c.id, other.rowAt, p.inline[n*inlineRoom:n*inlineRoom:(n+1)*inlineRoom])
		p.pos = append(p.pos, pos)
		p.id = append(p.id, c.id)
		p.data = append(p.data, d)
		p.bytes += len(d) + ownBytes
		if c.left--; c.left > 0 {
			continue
		}
		c.id = t.Next(c.id)
		c.left = other.copies(c.id)
	}
	return true
}

// copies returns how often a stored row stands.
func (s *side) copies(id int32) int64 {
	if id < 0 || s.form != multiset {
		return 1
	}
	return int64(*s.table.Word(id, s.count))
}

// rowBytes returns the size of row i of the batch, encoded.
func (s *side) rowBytes(r *inputRows, i int) int {
	if s.rows.Fixed > 0 {
		return s.rows.Fixed
	}
	k := i
	if !r.all {
		k = int(r.index[i])
	}
	return int(s.rows.Offsets[k+1] - s.rows.Offsets[k])
}
