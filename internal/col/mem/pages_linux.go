// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package mem

import (
	"sync"
	"syscall"
	"unsafe"
)

// madvHugePage is MADV_HUGEPAGE, which package syscall does not name.
const madvHugePage = 14

// regionBytes is the address space that requests of up to a huge page are cut from. Only what is touched takes memory, a huge page at a
// time: growing state faults once per 2 MiB instead of once per 4 KiB, which is a quarter of the cost of a join that keeps all rows.
const regionBytes = 32 << 20

// region is the rest of the present region. Tasks of all goroutines grow their state here, a few times per megabyte.
var region struct {
	mu   sync.Mutex
	rest []byte
}

// mapPages maps anonymous memory. The system hardly ever refuses with overcommit; a task that is over its limit learns that from
// its budget before.
func mapPages(words int) []uint64 {
	size := (8*words + 4095) &^ 4095
	if size > hugePage {
		return View[uint64](mapHuge(size))
	}
	region.mu.Lock()
	defer region.mu.Unlock()
	if len(region.rest) < size {
		if len(region.rest) > 0 {
			unmap(region.rest)
		}
		b := mapHuge(regionBytes + hugePage)
		// Start at a huge page, so that the first ones are huge too.
		skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (hugePage - 1))
		region.rest = b[skip:]
	}
	b := region.rest[:size:size]
	region.rest = region.rest[size:]
	return View[uint64](b)
}

// mapHuge maps memory that asks for huge pages. Package syscall's Mmap would only unmap it as a whole.
func mapHuge(size int) []byte {
	const prot, flags = syscall.PROT_READ | syscall.PROT_WRITE, syscall.MAP_ANON | syscall.MAP_PRIVATE
	p, _, errno := syscall.Syscall6(syscall.SYS_MMAP, 0, uintptr(size), prot, flags, ^uintptr(0), 0)
	if errno != 0 {
		panic("mapping memory: " + errno.Error())
	}
	b := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&p))), size)
	// Only advice: without huge pages everything works, a bit slower.
	_ = syscall.Madvise(b, madvHugePage)
	return b
}

func unmapPages(p []uint64) { unmap(Bytes(p)) }

func unmap(b []byte) {
	_, _, errno := syscall.Syscall(syscall.SYS_MUNMAP, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), 0)
	if errno != 0 {
		panic("BUG: unmapping memory that was not mapped: " + errno.Error())
	}
}

func discardMapped(p []uint64) bool { return syscall.Madvise(Bytes(p), syscall.MADV_DONTNEED) == nil }
