// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package mem

// MapThreshold is the size in bytes from which AllocPages takes memory from the system instead of the Go heap. Such memory
// holds no Go pointers by construction, does not count towards the collector's target, and is backed by huge pages where the
// system has them.
const MapThreshold = 256 << 10

// hugePage is the size of a huge page: regions of at least this size ask for them.
const hugePage = 2 << 20

// AllocPages returns zeroed memory of at least n bytes as words. Memory of MapThreshold bytes and more lies outside the Go heap:
// it is gone when FreePages is called and leaks when it never is.
func AllocPages(n int) []uint64 {
	words := (n + 7) / 8
	if n < MapThreshold {
		return make([]uint64, words)
	}
	return mapPages(words)
}

// FreePages gives memory of AllocPages back. Nothing may point into it any more.
func FreePages(p []uint64) {
	if 8*cap(p) < MapThreshold {
		return
	}
	unmapPages(p[:cap(p)])
}

// DiscardPages gives the memory behind whole pages of a mapped block back to the system but keeps the addresses: the content is zero
// from now on.
func DiscardPages(p []uint64) {
	if 8*len(p) < MapThreshold || !discardMapped(p) {
		clear(p)
	}
}
