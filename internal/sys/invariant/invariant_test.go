// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package invariant_test

import (
	"testing"

	"spate/internal/sys/invariant"
)

func TestCheck(t *testing.T) {
	invariant.Check(true, "never said")
	defer func() {
		got := recover()
		var want any
		if invariant.Enabled {
			want = `BUG: 3 rows of "bid" are held after 2 were released, true, 100%`
		}
		if got != want {
			t.Errorf("recovered %v, want %v", got, want)
		}
	}()
	invariant.Check(false, "%d rows of %q are held after %d were released, %v, 100%%", 3, "bid", int64(2), true)
}

// TestCheckDoesNotAllocate holds with and without the tag: allocation tests of other packages run with it.
func TestCheckDoesNotAllocate(t *testing.T) {
	n, name := 1<<40, t.Name()
	if got := testing.AllocsPerRun(100, func() {
		n++
		invariant.Check(n > 0, "n of %s is %d", name, n)
	}); got != 0 {
		t.Errorf("%v allocations per check", got)
	}
}
