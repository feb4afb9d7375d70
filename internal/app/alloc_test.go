// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app_test

import (
	"runtime"
	"testing"

	"spate/bench/nexmark"
	"spate/internal/app"
)

// mallocs runs a query over a number of events and returns the heap allocations that it took, planning included.
func mallocs(t *testing.T, query string, events int64) uint64 {
	t.Helper()
	s := app.New(app.Config{}).NewSession()
	defer s.Close()
	if err := s.RunScript(t.Context(), nexmark.Tables(events, 100_000, nil)); err != nil {
		t.Fatal(err)
	}
	text, err := nexmark.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if err := s.RunScript(t.Context(), "CREATE TABLE s WITH ('connector' = 'blackhole') AS "+text); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// In the steady state nothing is allocated per row: a million more events may cost a few growing tables and new batches, not
// allocations by the row.
func TestNoAllocationPerRow(t *testing.T) {
	if testing.Short() {
		t.Skip("runs millions of events")
	}
	const n = 1_000_000
	for _, query := range []string{"q0", "q5", "q17"} {
		first := mallocs(t, query, n)
		second := mallocs(t, query, 2*n)
		more := int64(second) - int64(first)
		t.Logf("%s: %d allocations for %d events, %d for twice as many", query, first, n, second)
		if more > n/200 {
			t.Errorf("%s: %d more allocations for %d more events", query, more, n)
		}
	}
}
