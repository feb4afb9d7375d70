// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package suggest finds the known name that somebody probably meant.
//
// Duty: one rule for "did you mean" in SQL names, option keys and configuration keys. A suggestion is worse than none when
// it is far-fetched, so a candidate must share most of its letters with the word.
//
// Threading: pure functions. Lifetime: none.
package suggest
