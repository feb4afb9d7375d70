// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package invariant holds checks that only test builds pay for.
//
// Duty: state in code what must always be true. With the build tag `invariants` (set by make test and make test-race) a broken
// check panics with a text that starts with "BUG: "; without the tag Check is an empty function that the compiler removes.
// A check that must compute something first sits behind `if invariant.Enabled`.
//
// Threading: pure functions. Lifetime: none.
package invariant
