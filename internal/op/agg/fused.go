// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"spate/batch"
	"spate/internal/state"
	"spate/schema"
)

// fused is accumulators that are fed with the same rows and the same column of integers: they are updated in one loop, which finds each
// group once.
type fused struct {
	src  int
	arg  int // -1: only counts.
	phys schema.Physical
	ops  []fusedOp
}

// fusedOp is one of the accumulators.
type fusedOp struct {
	kind accKind // accCount, accSum, accMin or accMax.
	off  int
}

// fuse finds accumulators that can be updated together.
func (p *Program) fuse() {
	p.fused = p.fused[:0]
	for i := range p.accs {
		a := &p.accs[i]
		a.fused = false
		if !fusible(a, p.o.Retract) || i == p.rowCount && p.o.Counted {
			continue
		}
		a.fused = true
		f := p.fusedWith(a)
		if a.arg >= 0 {
			f.arg, f.phys = a.arg, a.phys
		}
		f.ops = append(f.ops, fusedOp{a.kind, a.off})
	}
}

// fusedWith returns the group that an accumulator joins.
func (p *Program) fusedWith(a *acc) *fused {
	for i := range p.fused {
		if f := &p.fused[i]; f.src == a.src && (f.arg < 0 || a.arg < 0 || f.arg == a.arg) {
			return f
		}
	}
	p.fused = append(p.fused, fused{src: a.src, arg: -1})
	return &p.fused[len(p.fused)-1]
}

func fusible(a *acc, retract bool) bool {
	switch a.kind {
	case accCount:
		return true
	case accMin, accMax:
		if retract {
			return false
		}
	case accSum:
	default:
		return false
	}
	switch a.phys {
	case schema.PhysInt8, schema.PhysInt16, schema.PhysInt32, schema.PhysInt64:
		return true
	default:
		return false
	}
}

// runFused updates all fused accumulators for a chunk of rows that only add.
func (p *Program) runFused(t *Tables) {
	rows := &p.run.rows
	one := t.Root.Len() == 1
	for i := range p.fused {
		f := &p.fused[i]
		l := &p.run.lists[f.src]
		if len(l.ids) == 0 {
			continue
		}
		if f.arg < 0 {
			f.counts(rows, l, one)
			continue
		}
		switch v := p.run.cols[f.arg]; f.phys {
		case schema.PhysInt8:
			runInts(f, rows, l, batch.Values[int8](v), one)
		case schema.PhysInt16:
			runInts(f, rows, l, batch.Values[int16](v), one)
		case schema.PhysInt32:
			runInts(f, rows, l, batch.Values[int32](v), one)
		default:
			runInts(f, rows, l, batch.Values[int64](v), one)
		}
	}
}

func (f *fused) counts(rows *state.Rows, l *list, one bool) {
	for _, o := range f.ops {
		if one {
			*rows.Word(l.ids[0], o.off) += uint64(len(l.ids))
			continue
		}
		addCount(rows, o.off, l)
	}
}

func runInts[T int8 | int16 | int32 | int64](f *fused, rows *state.Rows, l *list, vals []T, one bool) {
	if one {
		row := rows.At(l.ids[0])
		for _, o := range f.ops {
			reduceInts(o, row, l, vals)
		}
		return
	}
	pos := l.pos[:len(l.ids)]
	for k, id := range l.ids {
		row := rows.At(id)
		x := int64(vals[pos[k]])
		for _, o := range f.ops {
			w := &row[o.off]
			switch o.kind {
			case accCount:
				*w++
			case accSum:
				*w += uint64(x)
			case accMin:
				*w = uint64(min(int64(*w), x))
			default:
				*w = uint64(max(int64(*w), x))
			}
		}
	}
}

// reduceInts updates the accumulator of the only group.
func reduceInts[T int8 | int16 | int32 | int64](o fusedOp, row []uint64, l *list, vals []T) {
	acc := int64(row[o.off])
	switch o.kind {
	case accCount:
		acc += int64(len(l.ids))
	case accSum:
		for _, at := range l.pos {
			acc += int64(vals[at])
		}
	case accMin:
		for _, at := range l.pos {
			acc = min(acc, int64(vals[at]))
		}
	default:
		for _, at := range l.pos {
			acc = max(acc, int64(vals[at]))
		}
	}
	row[o.off] = uint64(acc)
}
