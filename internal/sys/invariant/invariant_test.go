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
			want = "BUG: 3 rows are held after 2 were released"
		}
		if got != want {
			t.Errorf("recovered %v, want %v", got, want)
		}
	}()
	invariant.Check(false, "%d rows are held after %d were released", 3, 2)
}

func TestReleaseBuildDoesNotAllocate(t *testing.T) {
	if invariant.Enabled {
		t.Skip("only release builds are free of cost")
	}
	n := 1 << 40
	if got := testing.AllocsPerRun(100, func() {
		n++
		invariant.Check(n < 0, "n is %d", n)
	}); got != 0 {
		t.Errorf("%v allocations per check", got)
	}
}
