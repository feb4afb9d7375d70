// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package kernel holds the loops over columns that expressions and operators are made of: one generic loop per operation over
// slices, no closures, no allocation.
//
// Kernels know nothing of expressions. Bitmaps are []uint64, bit i of word i/64; bits beyond the rows are unspecified on input and
// on output. A selection lists row positions in ascending order; nil means all rows. Kernels write at the row's position; what
// stands at other positions is unspecified, though offsets are always in order. Values under NULL are never looked at by kernels
// that could fail on them. Functions of this package hold no state and are safe for concurrent use on different data.
package kernel
