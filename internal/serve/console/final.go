// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console

import (
	"strings"

	"spate/batch"
	"spate/schema"
)

// minHoles is the number of holes below which closing them is not worth a pass.
const minHoles = 1024

// Final applies a changelog to a bag of rows and remembers the order in which rows came; an updated row keeps the place of the one
// that it replaces, so that the rows of a Top-N stay in the order of their ranks. Row texts stand for rows: two rows that read the
// same are the same. Its memory is that of the rows that are left, and of holes that are closed when they are half.
type Final struct {
	cells func(b *batch.Batch, i int) []string
	at    map[string][]int // Places of a row, oldest first.
	rows  [][]string       // nil: removed.
	free  []int            // Places of rows retracted by an update, oldest first: their successors take them.
	gone  int
	// Unmatched counts retractions of rows that were not there.
	Unmatched int
}

// NewFinal returns an empty bag; cells renders a row.
func NewFinal(cells func(b *batch.Batch, i int) []string) *Final {
	return &Final{cells: cells, at: make(map[string][]int)}
}

// Add applies the selected rows of a batch.
func (f *Final) Add(b *batch.Batch) {
	_ = EachRow(b, func(i int) error {
		f.change(b.Kind(i), f.cells(b, i))
		return nil
	})
}

// Len returns the number of rows that are left.
func (f *Final) Len() int { return len(f.rows) - f.gone }

func (f *Final) change(kind schema.RowKind, cells []string) {
	key := strings.Join(cells, "\x00")
	if kind.IsAdd() {
		f.add(kind, key, cells)
		return
	}
	at := f.at[key]
	if len(at) == 0 {
		f.Unmatched++
		return
	}
	last := len(at) - 1
	place := at[last]
	f.rows[place] = nil
	f.gone++
	if kind == schema.UpdateBefore {
		f.free = append(f.free, place)
	}
	if last == 0 {
		delete(f.at, key)
	} else {
		f.at[key] = at[:last]
	}
	if f.gone > minHoles && f.gone > len(f.rows)/2 {
		f.compact()
	}
}

func (f *Final) add(kind schema.RowKind, key string, cells []string) {
	place := len(f.rows)
	if kind == schema.UpdateAfter && len(f.free) > 0 {
		place = f.free[0]
		f.free = f.free[1:]
		f.rows[place] = cells
		f.gone--
	} else {
		f.rows = append(f.rows, cells)
	}
	f.at[key] = append(f.at[key], place)
}

// compact closes the holes.
func (f *Final) compact() {
	kept := f.rows[:0]
	clear(f.at)
	for _, r := range f.rows {
		if r == nil {
			continue
		}
		key := strings.Join(r, "\x00")
		f.at[key] = append(f.at[key], len(kept))
		kept = append(kept, r)
	}
	clear(f.rows[len(kept):])
	f.rows, f.free, f.gone = kept, nil, 0
}

// Rows returns the rows that are left, in the order in which they came.
func (f *Final) Rows() [][]string {
	f.compact()
	return f.rows
}
