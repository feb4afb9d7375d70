// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"math/bits"

	"spate/internal/col/mem"
	"spate/internal/sys/budget"
)

const (
	// maxCached bounds the bytes that an allocator keeps for re-use: windows come and go, and mapping memory anew for each of them
	// costs more than the rows in it.
	maxCached = 32 << 20
	// pageWords is the words of a page; sizes of pageSized words and more are rounded up to pages, smaller ones to powers of two.
	pageWords = 512
	pageSized = 16 * pageWords
	// Blocks from arenaMin to arenaMax words, the full segments of tables, are cut from arenas: large mappings that the system can
	// back by huge pages.
	arenaMin = 1 << 16
	arenaMax = 1 << 18
	// Arenas start small and double up to the limit; what is not touched costs nothing.
	firstArena = 1 << 20
	maxArena   = 8 << 20
)

// allocator hands out blocks of words, charged to a budget, and keeps some of what comes back.
type allocator struct {
	budget *budget.Node
	free   map[int][][]uint64 // By words.
	spare  map[int][][]uint64 // Blocks of arenas without memory behind them, not charged.
	arenas [][]uint64
	used   int   // Words used of the last arena.
	cached int64 // Bytes in free.
	held   int64 // Bytes charged, the cached ones included.
	err    error // The first refused charge.
}

func newAllocator(b *budget.Node) *allocator {
	return &allocator{budget: b, free: map[int][][]uint64{}, spare: map[int][][]uint64{}}
}

// blockWords returns the size of the block for n words.
func blockWords(n int) int {
	if n >= pageSized {
		return (n + pageWords - 1) &^ (pageWords - 1)
	}
	return 1 << bits.Len(uint(n-1))
}

// alloc returns a block of at least n words; its content is unspecified unless zero is set.
func (a *allocator) alloc(n int, zero bool) []uint64 {
	n = blockWords(n)
	if l := a.free[n]; len(l) > 0 {
		b := l[len(l)-1]
		a.free[n] = l[:len(l)-1]
		a.cached -= int64(8 * n)
		if zero {
			clear(b)
		}
		return b
	}
	a.charge(int64(8 * n))
	switch {
	case n < arenaMin || n > arenaMax:
		return mem.AllocPages(8 * n)
	case len(a.spare[n]) > 0:
		l := a.spare[n]
		b := l[len(l)-1]
		a.spare[n] = l[:len(l)-1]
		return b
	}
	return a.cut(n)
}

// cut takes a block from an arena.
func (a *allocator) cut(n int) []uint64 {
	last := len(a.arenas) - 1
	if last < 0 || a.used+n > len(a.arenas[last]) {
		size := min(maxArena, firstArena<<min(len(a.arenas), 8))
		a.arenas = append(a.arenas, mem.AllocPages(8*size))
		a.used = 0
		last++
	}
	b := a.arenas[last][a.used : a.used+n : a.used+n]
	a.used += n
	return b
}

func (a *allocator) charge(size int64) {
	if err := a.budget.Grow(size); err != nil {
		if a.err == nil {
			a.err = err
		}
		return
	}
	a.held += size
}

// release takes a block of alloc back.
func (a *allocator) release(b []uint64) {
	if b == nil {
		return
	}
	n := len(b)
	if a.cached+int64(8*n) <= maxCached && a.err == nil {
		a.free[n] = append(a.free[n], b)
		a.cached += int64(8 * n)
		return
	}
	// After a refused charge the books may hold less than what is given back.
	give := min(int64(8*n), a.held)
	a.held -= give
	a.budget.Shrink(give)
	if n < arenaMin || n > arenaMax {
		mem.FreePages(b)
		return
	}
	mem.DiscardPages(b)
	a.spare[n] = append(a.spare[n], b)
}

// close frees everything, blocks in use included.
func (a *allocator) close() {
	for n, l := range a.free {
		if n < arenaMin || n > arenaMax {
			for _, b := range l {
				mem.FreePages(b)
			}
		}
	}
	for _, p := range a.arenas {
		mem.FreePages(p)
	}
	clear(a.free)
	clear(a.spare)
	a.arenas, a.used, a.cached = nil, 0, 0
	a.budget.Shrink(a.held)
	a.held = 0
}
