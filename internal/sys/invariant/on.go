// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

//go:build invariants

package invariant

import "fmt"

// Enabled says whether checks are compiled in.
const Enabled = true

// Check panics with "BUG: " and the formatted text when ok is false.
func Check(ok bool, format string, args ...any) {
	if !ok {
		panic("BUG: " + fmt.Sprintf(format, args...))
	}
}
