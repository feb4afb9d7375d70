// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package mem

import (
	"syscall"
)

// madvHugePage is MADV_HUGEPAGE, which package syscall does not name.
const madvHugePage = 14

// mapPages maps anonymous memory. The system hardly ever refuses with overcommit; a task that is over its limit learns that from
// its budget before.
func mapPages(words int) []uint64 {
	size := (8*words + 4095) &^ 4095
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic("mapping memory: " + err.Error())
	}
	if size >= hugePage {
		// Only advice: without huge pages everything works, a bit slower.
		_ = syscall.Madvise(b, madvHugePage)
	}
	return View[uint64](b)
}

func unmapPages(p []uint64) {
	if err := syscall.Munmap(Bytes(p)); err != nil {
		panic("BUG: unmapping memory that was not mapped: " + err.Error())
	}
}
