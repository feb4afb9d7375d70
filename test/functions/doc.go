// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package functions checks the SQL functions: that each is documented, that its example gives what it says, and that expressions
// give the same in whatever form their columns come.
//
// A file of testdata has blocks that begin with a line of dashes and a word:
//
//	-- table a INT; b STRING      the columns of a table T; its rows follow in the notation of package batchtest
//	-- expr a + 1                 an expression over the table; its text for each row follows, in quotes if it is
//	                              empty or has outer spaces, or ERROR and what the error says
//
// Each expression is computed on each row alone, on all rows at once, on rows repeated so often that they span words of bitmaps, on
// a selection, and on constant columns; all must agree. `go test ./test/functions -args -rewrite` writes the expectations anew.
package functions
