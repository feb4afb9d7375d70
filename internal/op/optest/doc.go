// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package optest runs operators under test: a runtime with virtual time, a driver that checks the operator contract after every
// call, and cases as text that run with many batch sizes, with selections, with memory poisoned after release and with lookups
// that answer "not resident" at random.
//
// # Cases
//
// A file holds cases. A case starts with a line "== name"; lines "key: value" follow (what they mean is up to the test, except
// for those below), then an empty line, then the script, then a line "----" and the expected output up to the next case.
//
// A script line is a row in the form of package batchtest or a directive:
//
//	!input 1           rows from here on go to that input (0 at the start)
//	!watermark X       Flush, then Advance; X is a number of milliseconds or a TIMESTAMP
//	!time X            processing time moves on to X: flushes and timers that were asked for happen in their order
//	!flush             Flush, as at a barrier
//	!end               Flush, Advance(MaxWatermark), EndInput of every input
//
// The output is the rows in the form of package batchtest; a line "!watermark X" shows where a watermark passed. Metrics follow
// as "!count name n". With "compare: materialised" the rows are applied to each other and only those that are left are shown,
// sorted; with "compare: sorted" all rows are, sorted: for operators whose changelog depends on the cut of batches.
// Other keys: "sizes: 1 3" runs with those batch sizes only.
package optest
