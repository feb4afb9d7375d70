// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"math/bits"

	"spate/internal/col/mem"
	"spate/internal/sys/budget"
)

// maxCached bounds the bytes that an allocator keeps for re-use: windows come and go, and mapping memory anew for each of them
// costs more than the rows in it.
const maxCached = 32 << 20

// allocator hands out blocks of words whose size is a power of two, charged to a budget, and keeps some of what comes back.
type allocator struct {
	budget *budget.Node
	free   [48][][]uint64 // By log2 of the words.
	cached int64          // Bytes in free.
	held   int64          // Bytes charged, the cached ones included.
	err    error          // The first refused charge.
}

// alloc returns a block of at least n words; its content is unspecified unless zero is set.
func (a *allocator) alloc(n int, zero bool) []uint64 {
	class := bits.Len(uint(n - 1))
	if l := a.free[class]; len(l) > 0 {
		b := l[len(l)-1]
		a.free[class] = l[:len(l)-1]
		a.cached -= int64(8 * len(b))
		if zero {
			clear(b)
		}
		return b
	}
	size := int64(8) << class
	if err := a.budget.Grow(size); err != nil {
		if a.err == nil {
			a.err = err
		}
	} else {
		a.held += size
	}
	return mem.AllocPages(int(size))
}

// release takes a block of alloc back.
func (a *allocator) release(b []uint64) {
	if b == nil {
		return
	}
	size := int64(8 * len(b))
	if a.cached+size > maxCached || a.err != nil {
		a.drop(b)
		return
	}
	class := bits.Len(uint(len(b) - 1))
	a.free[class] = append(a.free[class], b)
	a.cached += size
}

func (a *allocator) drop(b []uint64) {
	size := int64(8 * len(b))
	// After a refused charge the books may hold less than what is given back.
	give := min(size, a.held)
	a.held -= give
	a.budget.Shrink(give)
	mem.FreePages(b)
}

// close frees what is cached.
func (a *allocator) close() {
	for class := range a.free {
		for _, b := range a.free[class] {
			a.drop(b)
		}
		a.free[class] = nil
	}
	a.cached = 0
}
