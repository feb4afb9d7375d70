// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package sql holds the SQL test files and the harness that runs each of them in many ways and demands the same answer.
//
// A test file is SQL with directives in comments that begin a line:
//
//	-- only p=1                            run with parallelism 1 only (the answer depends on the order of rows)
//	-- rows NAME: BIGINT; TIMESTAMP(3)     rows of the `values` data set NAME follow, in the notation of package batchtest
//	-- expect                              the final rows of the SELECT before follow, in any order
//	-- changelog                           the changes of the SELECT before follow, in order: checked with per-row bundles and p = 1
//	-- error TEXT                          the statement before fails with a message that contains TEXT
//
// `go test ./test/sql -args -rewrite` writes the expectations anew from the plain cell; read the diff. A file is run in cells: a
// parallelism, a batch size, and a hardship (see hardships in the test). Without -matrix each file runs in the plain cell and in a
// seeded sample of the others; with it, in all.
package sql
