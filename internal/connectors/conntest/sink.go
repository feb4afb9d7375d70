// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conntest

import (
	"maps"
	"slices"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// SinkCase is a sink and the way to look at what it has made visible.
type SinkCase struct {
	Columns schema.Schema
	// Open makes a new, empty sink.
	Open func(t *testing.T) connector.Sink
	// Visible returns the rows that a reader of the sink would see, as Text of their values, in any order.
	Visible func(t *testing.T) []string
}

// Sink checks an insert-only sink: every selected row becomes visible once, whatever the batches and the number of writers; with a second
// phase none does before its commit, commits may come twice, and what was written after the last Prepare of a writer that fails is gone.
func Sink(t *testing.T, c SinkCase, rows [][]schema.Value) {
	t.Helper()
	for _, size := range []int{1, 3, 64, batch.MaxRows} {
		for _, writers := range []int{1, 3} {
			s := c.Open(t)
			checkSink(t, s, c, rows, size, writers)
		}
	}
}

// open makes the writers of a job.
func openWriters(t *testing.T, s connector.Sink, columns schema.Schema, n int) []connector.Writer {
	t.Helper()
	out := make([]connector.Writer, n)
	for i := range out {
		w, err := s.Writer(&connector.WriterContext{
			Job: "job", Subtask: i, Parallelism: n, Columns: columns, Count: func(string, int64) {}, NowMillis: func() int64 { return Now },
		})
		if err != nil {
			t.Fatal(err)
		}
		out[i] = w
	}
	return out
}

func checkSink(t *testing.T, s connector.Sink, c SinkCase, rows [][]schema.Value, size, n int) {
	t.Helper()
	writers := openWriters(t, s, c.Columns, n)
	committer, err := s.Committer()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	expect := func(when string) {
		t.Helper()
		got := map[string]int{}
		for _, r := range c.Visible(t) {
			got[r]++
		}
		if !maps.Equal(got, want) {
			t.Fatalf("batches of %d, %d writers, %s: %d different rows are visible, want %d", size, n, when, len(got), len(want))
		}
	}
	half := len(rows) / 2
	for epoch, part := range [][][]schema.Value{rows[:half], rows[half:]} {
		written := send(t, writers, c.Columns, part, size)
		end := epoch == 1
		var work []connector.Committable
		for _, w := range writers {
			if err := w.Tick(Now); err != nil {
				t.Fatal(err)
			}
			x, err := w.Prepare(int64(epoch+1), end)
			if err != nil {
				t.Fatal(err)
			}
			work = append(work, x...)
		}
		if committer != nil {
			expect("before the commit")
			for range 2 {
				if err := committer.Commit(t.Context(), work); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, r := range written {
			want[r]++
		}
		expect("after the commit")
	}
	if committer != nil {
		send(t, writers, c.Columns, rows[:1], size) // Never prepared.
	}
	for _, w := range writers {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatalf("closing again: %v", err)
		}
	}
	if committer != nil {
		if err := committer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	expect("at the end")
}

// send gives rows to the writers in turn, every third batch with a selection around rows that do not count, and returns their texts.
func send(t *testing.T, writers []connector.Writer, columns schema.Schema, rows [][]schema.Value, size int) (texts []string) {
	t.Helper()
	pool := batch.NewPool(columns.Types(), nil)
	pool.Poison()
	k := 0
	for chunk := range slices.Chunk(rows, min(size, batch.MaxRows/2)) {
		b := pool.Get()
		var sel []int32
		for _, r := range chunk {
			texts = append(texts, Text(r))
			b.AppendRow(schema.Insert, r...)
			sel = append(sel, int32(b.Len()-1))
			if k%3 == 2 {
				b.AppendRow(schema.Insert, rows[0]...)
			}
		}
		if k%3 == 2 {
			b.SetSel(sel)
		}
		if err := writers[k%len(writers)].Write(b); err != nil {
			t.Fatal(err)
		}
		b.Release()
		k++
	}
	return texts
}
