// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package pattern compiles the text patterns of SQL: LIKE, SIMILAR TO, and regular expressions in Java's syntax.
//
// A compiled pattern recognises the common cheap shapes (prefix, suffix, contained text, a field up to a separator) and matches those
// without an automaton. Compiled patterns are immutable but for scratch memory; each belongs to one goroutine.
package pattern
