// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"slices"
	"strconv"

	"spate/batch"
	"spate/internal/graph"
	"spate/internal/state"
	"spate/schema"
)

// distinct is the distinct values of some columns, per group. Aggregates over the same columns share one set, whatever their filters:
// a value has a bit per filter, or with retraction the number of rows per filter. Accumulators are fed with transitions: the rows by
// which a value came to be, or ceased to be, among those of a filter.
type distinct struct {
	args    []int
	types   []*schema.Type
	nulls   bool  // NULL counts as a value.
	filters []int // BOOLEAN columns; -1: all rows.
	sources []int // Parallel to filters.
	off     int   // Word offset of the first bits or counts.

	keys *state.Keys
	cols []*batch.Vector
	ids  []int32
	cand list
	rows []uint64        // Of merges: copied rows,
	vecs []*batch.Vector // their values,
	wide []*batch.Vector // and these at the places of the arguments.
}

// distinct returns the index of the set of a call, and makes sure that its filter is among those of the set.
func (p *Program) distinct(c *graph.AggCall) int {
	nulls := c.Fn == "ARRAY_AGG"
	i := slices.IndexFunc(p.distincts, func(d *distinct) bool { return slices.Equal(d.args, c.Args) && d.nulls == nulls })
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

// maskBits is the number of filters whose bits share a word.
const maskBits = 64

// words returns the words of a value.
func (d *distinct) words(retract bool) int {
	if retract {
		return len(d.filters)
	}
	return (len(d.filters) + maskBits - 1) / maskBits
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
	rows := table.View()
	for f, filter := range d.filters {
		to := &p.run.lists[d.sources[f]]
		to.reset(len(l.ids), l.w != nil)
		if p.o.Retract {
			d.countRows(&rows, f, p.column(filter), to)
		} else {
			d.markRows(&rows, f, p.column(filter), to)
		}
	}
	if l.w != nil {
		for k, id := range d.ids[:len(l.ids)] {
			if l.w[k] < 0 && table.Live(id) && d.unused(table.Row(id)) {
				table.Delete(id)
			}
		}
	}
}

// column returns a filter's column, or nil for none.
func (p *Program) column(filter int) *batch.Vector {
	if filter < 0 {
		return nil
	}
	return p.run.cols[filter]
}

// holds tells whether a filter takes the row at a position.
func holds(filter *batch.Vector, at int32) bool {
	return filter == nil || filter.Bool(int(at)) && !filter.IsNull(int(at))
}

// candidates are the rows of the chunk without NULL that some filter takes.
func (p *Program) candidates(d *distinct) {
	from, l := &p.run.lists[0], &d.cand
	l.reset(len(from.ids), from.w != nil)
rows:
	for k, at := range from.pos {
		if !d.nulls {
			for _, a := range d.args {
				if p.run.cols[a].IsNull(int(at)) {
					continue rows
				}
			}
		}
		if !slices.ContainsFunc(d.filters, func(f int) bool { return holds(p.column(f), at) }) {
			continue
		}
		l.ids, l.pos = append(l.ids, from.ids[k]), append(l.pos, at)
		if from.w != nil {
			l.w = append(l.w, from.w[k])
		}
	}
}

// markRows sets the bit of a filter; the rows that set it first are the transitions.
func (d *distinct) markRows(rows *state.Rows, f int, filter *batch.Vector, to *list) {
	l := &d.cand
	off, bit := d.off+f/maskBits, uint64(1)<<(f%maskBits)
	for k, id := range d.ids[:len(l.ids)] {
		if !holds(filter, l.pos[k]) {
			continue
		}
		if w := rows.Word(id, off); *w&bit == 0 {
			*w |= bit
			to.ids, to.pos = append(to.ids, l.ids[k]), append(to.pos, l.pos[k])
		}
	}
}

// countRows counts the rows of a filter; those by which the count leaves or reaches zero are the transitions. Taking away what was
// never there changes nothing.
func (d *distinct) countRows(rows *state.Rows, f int, filter *batch.Vector, to *list) {
	l := &d.cand
	for k, id := range d.ids[:len(l.ids)] {
		if !holds(filter, l.pos[k]) {
			continue
		}
		n := rows.Word(id, d.off+f)
		w := int64(1)
		if l.w != nil {
			w = l.w[k]
		}
		switch {
		case w > 0:
			*n++
			if *n > 1 {
				continue
			}
		case *n == 0:
			continue
		default:
			*n--
			if *n > 0 {
				continue
			}
		}
		to.ids, to.pos = append(to.ids, l.ids[k]), append(to.pos, l.pos[k])
		if l.w != nil {
			to.w = append(to.w, w)
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
