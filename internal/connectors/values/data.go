// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package values

import (
	"slices"
	"sync"

	"spate/schema"
)

// Row is one change of a data set or of a result.
type Row struct {
	Kind   schema.RowKind
	Values []schema.Value // Physical columns, then the readable metadata in the order of the option.
}

// Insert returns a +I row.
func Insert(values ...schema.Value) Row { return Row{Values: values} }

// Change returns a row of a kind.
func Change(kind schema.RowKind, values ...schema.Value) Row { return Row{Kind: kind, Values: values} }

// Set is a data set: rows in order. It is safe for concurrent use.
type Set struct {
	mu   sync.Mutex
	rows []Row
	open bool
	wake chan struct{} // Closed and replaced when rows come or the set ends.
}

// Append adds rows; readers that wait for more see them.
func (s *Set) Append(rows ...Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = append(s.rows, rows...)
	s.notify()
}

// KeepOpen makes readers wait at the end of the rows until End is called.
func (s *Set) KeepOpen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = true
}

// End lets readers end at the end of the rows.
func (s *Set) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
	s.notify()
}

// notify is called with mu held.
func (s *Set) notify() {
	close(s.wake)
	s.wake = make(chan struct{})
}

// from returns the rows from a position on, at most limit, whether there will never be more than these, and what to wait for otherwise.
func (s *Set) from(position, limit int) (rows []Row, ended bool, wake <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	position = min(position, len(s.rows))
	rows = s.rows[position:min(position+limit, len(s.rows))]
	return rows, !s.open && position+len(rows) == len(s.rows), s.wake
}

// Data holds data sets by id and the results of sinks by table. It is safe for concurrent use and belongs to whoever made it: there is
// no global one.
type Data struct {
	mu      sync.Mutex
	sets    map[string]*Set
	results map[string][]Row
}

// New returns an empty collection.
func New() *Data { return &Data{sets: map[string]*Set{}, results: map[string][]Row{}} }

// Register makes a data set known by an id, in place of an earlier one, and returns it. It ends after its rows unless KeepOpen is called.
func (d *Data) Register(id string, rows ...Row) *Set {
	s := &Set{rows: slices.Clone(rows), wake: make(chan struct{})}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sets[id] = s
	return s
}

func (d *Data) set(id string) *Set {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sets[id]
}

func (d *Data) ids() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []string
	for id := range d.sets {
		ids = append(ids, id)
	}
	return ids
}

func (d *Data) add(table string, rows []Row) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.results[table] = append(d.results[table], rows...)
}

// Results returns the rows that the table received so far, kinds included, in the order of their arrival.
func (d *Data) Results(table string) []Row {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.results[table])
}

// Reset forgets the results of a table.
func (d *Data) Reset(table string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.results, table)
}
