// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"math/bits"
	"slices"
	"strconv"

	"spate/batch"
	"spate/internal/graph"
	"spate/internal/state"
	"spate/schema"
)

// maxFilters is the number of filters that share a set: they are the bits of a word.
const maxFilters = 64

// distinct is the distinct values of some columns, per group. Aggregates over the same columns share one set, whatever their filters:
// a value has a bit per filter, or with retraction the number of rows per filter. Accumulators are fed with transitions: the rows by
// which a value came to be, or ceased to be, among those of a filter.
type distinct struct {
	args    []int
	types   []*schema.Type
	nulls   bool  // NULL counts as a value.
	filters []int // BOOLEAN columns, maxFilters at most; -1: all rows.
	sources []int // Parallel to filters.
	off     int   // Word offset of the first bits or counts.

	keys *state.Keys
	cols []*batch.Vector
	ids  []int32
	cand list            // Rows that some filter takes,
	mask []uint64        // and which filters do.
	rows []uint64        // Of merges: copied rows,
	vecs []*batch.Vector // their values,
	wide []*batch.Vector // and these at the places of the arguments.
}

// distinct returns the index of the set of a call, and makes sure that its filter is among those of the set.
func (p *Program) distinct(c *graph.AggCall) int {
	nulls := c.Fn == "ARRAY_AGG"
	i := slices.IndexFunc(p.distincts, func(d *distinct) bool {
		return slices.Equal(d.args, c.Args) && d.nulls == nulls && (len(d.filters) < maxFilters || slices.Contains(d.filters, c.Filter))
	})
	if i < 0 {
		d := &distinct{args: c.Args, nulls: nulls}
		for _, a := range c.Args {
			d.types = append(d.types, p.in[a].WithNull(nulls && p.in[a].Nullable))
		}
		d.keys = state.NewKeys(d.types, true)
		i = len(p.distincts)
		p.distincts = append(p.distincts, d)
	}
	d := p.distincts[i]
	if !slices.Contains(d.filters, c.Filter) {
		d.filters = append(d.filters, c.Filter)
		d.sources = append(d.sources, p.source(source{filter: c.Filter, arg: -1, distinct: i, of: 0}))
	}
	return i
}

// words returns the words of a value.
func (d *distinct) words(retract bool) int {
	if retract {
		return len(d.filters)
	}
	return 1
}

func (d *distinct) fields(retract bool) []state.Field {
	fs := make([]state.Field, d.words(retract))
	for i := range fs {
		fs[i].Name = "filters" + strconv.Itoa(i)
	}
	return fs
}

// transitions makes the lists of all filters of a set when the first of them is asked for.
func (p *Program) transitions(t *Tables, i int) {
	s := &p.sources[i]
	d := p.distincts[s.distinct]
	if i != d.sources[0] {
		return
	}
	table := t.distincts[s.distinct]
	p.candidates(d)
	l := &d.cand
	if len(l.ids) > 0 {
		d.cols = d.cols[:0]
		for _, a := range d.args {
			d.cols = append(d.cols, p.run.cols[a])
		}
		d.keys.LoadNested(l.ids, d.cols, l.pos)
		d.ids = sized(d.ids, len(l.ids))
		// A nested table is always resident.
		table.Upsert(d.keys, d.ids)
		table.TouchAll(d.ids)
	}
	for _, src := range d.sources {
		p.run.lists[src].reset(len(l.ids), l.w != nil)
	}
	rows := table.View()
	if p.o.Retract {
		p.countRows(d, &rows)
	} else {
		p.markRows(d, &rows)
	}
	if l.w != nil {
		for k, id := range d.ids[:len(l.ids)] {
			if l.w[k] < 0 && table.Live(id) && d.unused(table.Row(id)) {
				table.Delete(id)
			}
		}
	}
}

// candidates are the rows of the chunk without NULL that some filter takes.
func (p *Program) candidates(d *distinct) {
	from, l := &p.run.lists[0], &d.cand
	p.maskRows(d, from)
	if !d.nulls {
		for _, a := range d.args {
			if v := p.run.cols[a]; v.HasNulls() {
				clearNulls(d.mask, from.pos, v.Valid())
			}
		}
	}
	l.reset(len(from.ids), from.w != nil)
	ids, pos := l.ids[:len(from.ids)], l.pos[:len(from.ids)]
	n := 0
	for k, m := range d.mask {
		ids[n], pos[n], d.mask[n] = from.ids[k], from.pos[k], m
		if m != 0 {
			if from.w != nil {
				l.w = append(l.w, from.w[k])
			}
			n++
		}
	}
	l.ids, l.pos, d.mask = ids[:n], pos[:n], d.mask[:n]
}

// maskRows sets the masks of rows: a bit for each filter that takes the row.
func (p *Program) maskRows(d *distinct, from *list) {
	d.mask = sized(d.mask, len(from.ids))
	clear(d.mask)
	for f, filter := range d.filters {
		if filter < 0 {
			for k := range d.mask {
				d.mask[k] |= 1 << f
			}
			continue
		}
		v := p.run.cols[filter]
		set, valid := v.Bits(), v.Valid()
		for k, at := range from.pos {
			b := set[at>>6]
			if len(valid) > 0 {
				b &= valid[at>>6]
			}
			d.mask[k] |= b >> (uint(at) & 63) & 1 << f
		}
	}
}

// clearNulls clears the masks of rows that are NULL.
func clearNulls(mask []uint64, pos []int32, valid []uint64) {
	for k, at := range pos {
		mask[k] &= -(valid[at>>6] >> (uint(at) & 63) & 1)
	}
}

// markRows sets the bits of the filters that take a row; where one was not set the row is a transition.
func (p *Program) markRows(d *distinct, rows *state.Rows) {
	l := &d.cand
	for k, id := range d.ids[:len(l.ids)] {
		w := rows.Word(id, d.off)
		fresh := d.mask[k] &^ *w
		if fresh == 0 {
			continue
		}
		*w |= fresh
		for ; fresh != 0; fresh &= fresh - 1 {
			to := &p.run.lists[d.sources[bits.TrailingZeros64(fresh)]]
			to.ids, to.pos = append(to.ids, l.ids[k]), append(to.pos, l.pos[k])
		}
	}
}

// countRows counts the rows of each filter; those by which a count leaves or reaches zero are transitions. Taking away what was never
// there changes nothing.
func (p *Program) countRows(d *distinct, rows *state.Rows) {
	l := &d.cand
	for k, id := range d.ids[:len(l.ids)] {
		w := int64(1)
		if l.takesAway(k) {
			w = -1
		}
		for m := d.mask[k]; m != 0; m &= m - 1 {
			f := bits.TrailingZeros64(m)
			n := rows.Word(id, d.off+f)
			old := *n
			if w < 0 && old == 0 {
				continue
			}
			*n += uint64(w)
			if old != 0 && *n != 0 {
				continue
			}
			to := &p.run.lists[d.sources[f]]
			to.ids, to.pos = append(to.ids, l.ids[k]), append(to.pos, l.pos[k])
			if l.w != nil {
				to.w = append(to.w, w)
			}
		}
	}
}

// unused tells whether no filter has rows of a value.
func (d *distinct) unused(row []uint64) bool {
	for f := range d.filters {
		if row[d.off+f] != 0 {
			return false
		}
	}
	return true
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, chunk))
	}
	return s[:n]
}
