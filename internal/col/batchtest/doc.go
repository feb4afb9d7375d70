// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package batchtest is for tests of everything that works on batches: batches as text, and random values of every type.
//
// A row is one line: an optional row kind and one value per column, parted by blanks; commas count as blanks. Empty lines and
// lines that start with # are skipped. Values are written by type:
//
//	any                  null
//	BOOLEAN              true, false
//	integers, intervals  -12 (intervals in months or milliseconds)
//	FLOAT, DOUBLE        1.5, 1e9, NaN, Infinity, -Infinity, -0.0
//	DECIMAL              12.34, scaled as the type says
//	CHAR, VARCHAR        'it''s', or a bare word
//	bytes                x'0aff' (BINARY, VARBINARY, VARIANT, BITMAP, RAW)
//	DATE                 2020-02-29
//	TIME                 12:30:00.123
//	TIMESTAMP, _LTZ      2020-02-29T12:30:00.123456789 (LTZ in UTC)
//	ARRAY                [1 2 null]
//	MAP, MULTISET        {'k' 1 'l' 2}
//	ROW                  (1 'a')
//
// Format prints in the same form, so that the text of a batch can be compared and parsed again. Mistakes in the text panic: the
// package is for tests only.
package batchtest
