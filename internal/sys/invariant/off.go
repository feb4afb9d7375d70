// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !invariants

package invariant

// Enabled says whether checks are compiled in.
const Enabled = false

// Check does nothing in this build.
func Check(bool, string, ...any) {}
