// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package flow holds the pure vocabulary of the data plane: times, watermarks, key groups and window arithmetic.
// Nothing here has state, reads a clock or does I/O.
package flow

import "math"

// Millis is a time in milliseconds since the epoch (event time) or a span of milliseconds.
type Millis int64

// Watermark says that no row with a time attribute at or below it is to come.
type Watermark = Millis

// The extreme watermarks: nothing known yet, and the end of the input.
const (
	MinWatermark Watermark = math.MinInt64
	MaxWatermark Watermark = math.MaxInt64
)

// KeyGroup is the unit by which keyed state is spread and moved, 0 <= k < max parallelism.
type KeyGroup int32

// Key group limits, as Flink's.
const (
	DefaultLowerMaxParallelism = 128
	UpperMaxParallelism        = 1 << 15
)

// DefaultMaxParallelism returns Flink's default for a parallelism: the next power of two of one and a half times it,
// at least 128 and at most 32768.
func DefaultMaxParallelism(parallelism int) int {
	n := parallelism + parallelism/2
	p := 1
	for p < n {
		p <<= 1
	}
	return min(max(p, DefaultLowerMaxParallelism), UpperMaxParallelism)
}

// KeyGroupOf returns the key group of a routing hash.
func KeyGroupOf(hash uint64, maxParallelism int) KeyGroup {
	return KeyGroup((hash >> 32) * uint64(maxParallelism) >> 32)
}

// SubtaskOf returns the subtask that owns a key group.
func SubtaskOf(g KeyGroup, maxParallelism, parallelism int) int {
	return int(g) * parallelism / maxParallelism
}

// KeyGroupRange returns the first and the last key group of a subtask (last inclusive).
func KeyGroupRange(subtask, maxParallelism, parallelism int) (first, last KeyGroup) {
	return KeyGroup((subtask*maxParallelism + parallelism - 1) / parallelism),
		KeyGroup(((subtask+1)*maxParallelism - 1) / parallelism)
}
