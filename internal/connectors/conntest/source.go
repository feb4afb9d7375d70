// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package conntest is the conformance suite of sources and sinks: what each must do whoever wrote it.
package conntest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// Now is the time of the clock that the suite gives to readers, in milliseconds.
const Now = 1_600_000_000_000

// Text prints a row with NULL told from zero.
func Text(row []schema.Value) string { return fmt.Sprintf("%+v", row) }

// ScanAll asks for all physical columns of a table.
func ScanAll(columns schema.Schema) *connector.Scan {
	s := &connector.Scan{Types: columns.Types()}
	for i := range columns {
		s.Columns = append(s.Columns, connector.ScanColumn{Path: []int{i}})
	}
	return s
}

// clock stands still until a reader waits, and then moves on to the time that it waits for.
type clock struct{ now int64 }

func (c *clock) read() int64 { return c.now }

// context is the view of a reader.
func context(tb testing.TB, subtask, parallelism int, c *clock) *connector.ReaderContext {
	tb.Helper()
	return &connector.ReaderContext{
		Subtask: subtask, Parallelism: parallelism, NowMillis: c.read, Count: func(string, int64) {},
		NewPool: func(types []*schema.Type) *batch.Pool { return batch.NewPool(types, nil) },
	}
}

// run is a job with one source: readers that are served in turn.
type run struct {
	tb       testing.TB
	source   connector.Source
	scan     *connector.Scan
	clock    clock
	enum     connector.Enumerator
	readers  []connector.Reader
	splits   []int // Given to each reader.
	finished []map[int]bool
	done     []bool
	pool     *batch.Pool
	rows     [][]schema.Value
}

func newRun(tb testing.TB, s connector.Source, scan *connector.Scan, parallelism int) *run {
	tb.Helper()
	if p := s.Capabilities().Parallelism; p > 0 {
		parallelism = p
	}
	r := &run{tb: tb, source: s, scan: scan, clock: clock{Now}, pool: batch.NewPool(scan.Types, nil)}
	r.pool.Poison()
	var err error
	if r.enum, err = s.Enumerator(scan, parallelism); err != nil {
		tb.Fatal(err)
	}
	for i := range parallelism {
		reader, err := s.Reader(scan, context(tb, i, parallelism, &r.clock))
		if err != nil {
			tb.Fatal(err)
		}
		r.readers = append(r.readers, reader)
		r.finished = append(r.finished, map[int]bool{})
	}
	r.splits, r.done = make([]int, parallelism), make([]bool, parallelism)
	return r
}

// step lets reader i do one call of Next, and asks for splits when it has none. Batches take the rows of up to three calls.
func (r *run) step(i, limit int) {
	r.tb.Helper()
	b := r.pool.Get()
	defer b.Release()
	for range 3 {
		before := b.Len()
		st, err := r.readers[i].Next(b, limit)
		if err != nil {
			r.tb.Fatal(err)
		}
		if n := b.Len() - before; n < 0 || n > limit {
			r.tb.Fatalf("%d rows for a limit of %d", n, limit)
		}
		for c, v := range b.Cols() {
			if v.Len() != b.Len() {
				r.tb.Fatalf("column %d has %d rows of %d", c, v.Len(), b.Len())
			}
		}
		if st.Split < 0 || st.Split >= max(r.splits[i], 1) || r.finished[i][st.Split] && b.Len() > before {
			r.tb.Fatalf("rows of split %d of %d", st.Split, r.splits[i])
		}
		for _, f := range st.Finished {
			if f < 0 || f >= r.splits[i] || r.finished[i][f] {
				r.tb.Fatalf("split %d of %d has ended", f, r.splits[i])
			}
			r.finished[i][f] = true
		}
		if st.State == connector.Wait {
			if st.WakeAt == 0 && st.Wake == nil {
				r.tb.Fatal("a bounded source waits for nothing")
			}
			r.clock.now = max(r.clock.now+1, st.WakeAt)
		}
		if st.State == connector.Starve {
			if len(r.finished[i]) != r.splits[i] {
				r.tb.Fatalf("%d of %d splits have ended, but the reader asks for more", len(r.finished[i]), r.splits[i])
			}
			r.ask(i)
			break
		}
		if len(st.Finished) > 0 {
			break
		}
	}
	for k := range b.Len() {
		r.rows = append(r.rows, b.Row(k))
	}
}

func (r *run) ask(i int) {
	r.tb.Helper()
	splits, done, _, err := r.enum.Next(r.tb.Context(), i)
	if err != nil {
		r.tb.Fatal(err)
	}
	if len(splits) == 0 && done {
		r.done[i] = true
		return
	}
	r.splits[i] += len(splits)
	if err := r.readers[i].AddSplits(splits); err != nil {
		r.tb.Fatal(err)
	}
}

// finish runs all readers to their end.
func (r *run) finish(limit int) {
	r.tb.Helper()
	for slices.Contains(r.done, false) {
		for i := range r.readers {
			if !r.done[i] {
				r.step(i, limit)
			}
		}
	}
	r.close()
}

func (r *run) close() {
	r.tb.Helper()
	for _, x := range r.readers {
		if err := x.Close(); err != nil {
			r.tb.Fatal(err)
		}
		if err := x.Close(); err != nil {
			r.tb.Fatalf("closing again: %v", err)
		}
	}
	if err := r.enum.Close(); err != nil {
		r.tb.Fatal(err)
	}
}

// Rows reads a bounded source to its end.
func Rows(tb testing.TB, s connector.Source, scan *connector.Scan, parallelism, limit int) [][]schema.Value {
	tb.Helper()
	r := newRun(tb, s, scan, parallelism)
	r.finish(limit)
	return r.rows
}

func bag(rows [][]schema.Value) map[string]int {
	m := map[string]int{}
	for _, r := range rows {
		m[Text(r)]++
	}
	return m
}

// Source checks a bounded source: the same rows whatever the batch limits and the parallelism, within the limits, in the same order in
// each split, and each row once when the job stops at any point and goes on with another parallelism. A few hundred rows are enough.
func Source(t *testing.T, s connector.Source, scan *connector.Scan) {
	t.Helper()
	if !s.Capabilities().Bounded {
		t.Fatal("the suite needs a bounded source")
	}
	all := Rows(t, s, scan, 1, batch.MaxRows)
	if len(all) == 0 {
		t.Fatal("the source has no rows")
	}
	want := bag(all)
	for _, limit := range []int{1, 3, 64} {
		got := Rows(t, s, scan, 1, limit)
		if len(got) != len(all) {
			t.Fatalf("limit %d: %d rows of %d", limit, len(got), len(all))
		}
		for i := range got {
			if Text(got[i]) != Text(all[i]) {
				t.Fatalf("limit %d: row %d is %s, want %s", limit, i, Text(got[i]), Text(all[i]))
			}
		}
	}
	for _, p := range []int{2, 3, 7} {
		if got := bag(Rows(t, s, scan, p, 5)); !maps.Equal(got, want) {
			t.Fatalf("parallelism %d: other rows", p)
		}
	}
	restore(t, s, scan, want)
}

// restore stops after every few steps and goes on from the snapshots.
func restore(t *testing.T, s connector.Source, scan *connector.Scan, want map[string]int) {
	t.Helper()
	for _, from := range []int{1, 3} {
		for _, to := range []int{1, 2, 4} {
			for _, steps := range []int{0, 1, 2, 5, 9} {
				r := newRun(t, s, scan, from)
				for range steps {
					for i := range r.readers {
						if !r.done[i] {
							r.step(i, 2)
						}
					}
				}
				state, err := r.enum.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				var open []connector.Split
				for _, x := range r.readers {
					left, err := x.Snapshot()
					if err != nil {
						t.Fatal(err)
					}
					open = append(open, left...)
				}
				r.close()
				next := newRun(t, s, scan, to)
				if err := next.enum.Restore(state); err != nil {
					t.Fatal(err)
				}
				next.enum.Return(open)
				next.rows = r.rows
				next.finish(7)
				if got := bag(next.rows); !maps.Equal(got, want) {
					t.Fatalf("stopped after %d steps with parallelism %d, gone on with %d: %d rows", steps, from, to, len(next.rows))
				}
			}
		}
	}
}
