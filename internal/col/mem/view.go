// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package mem is the home of raw memory: typed views of byte buffers, aligned buffers, off-heap pages.
// With internal/col/simd it is the only package that may import unsafe.
//
// Every view aliases its buffer: it is valid as long as the buffer is, and the buffer must not hold Go pointers.
// The host is little endian (checked at start-up by the package's test; amd64 and arm64 both are).
package mem

import (
	"math/bits"
	"unsafe"

	"spate/schema"
)

// Fixed is the set of element types that a buffer can be viewed as.
type Fixed interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64 | schema.Int128
}

// View returns the buffer as a slice of T, as many as fit. The buffer must be aligned for T, as those of Alloc are.
func View[T Fixed](b []byte) []T {
	var z T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(z)))
}

// Bytes returns a slice of T as its bytes.
func Bytes[T Fixed](s []T) []byte {
	var z T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(z)))
}

// KindBytes returns row kinds as their bytes.
func KindBytes(k []schema.RowKind) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(k))), len(k))
}

// Kinds returns bytes as row kinds; the caller has checked that they are.
func Kinds(b []byte) []schema.RowKind {
	return unsafe.Slice((*schema.RowKind)(unsafe.Pointer(unsafe.SliceData(b))), len(b))
}

// Aligned tells whether the buffer starts at a multiple of 8 bytes in memory.
func Aligned(b []byte) bool { return uintptr(unsafe.Pointer(unsafe.SliceData(b)))&7 == 0 }

// SizeOf returns the bytes of one T.
func SizeOf[T Fixed]() int {
	var z T
	return int(unsafe.Sizeof(z))
}

// Alloc returns a zeroed buffer of n bytes on the heap, aligned to 8 bytes, with a capacity rounded up to the next
// multiple of 64.
func Alloc(n int) []byte {
	words := (n + 63) &^ 63 / 8
	s := make([]uint64, words)
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), words*8)
	return b[:n:len(b)]
}

// Grow returns a buffer of at least n bytes that starts with the first keep bytes of old: old itself when its capacity is
// enough, else a new one of at least twice the capacity, up to the next power of two.
func Grow(old []byte, keep, n int) []byte {
	if n <= cap(old) {
		return old[:n]
	}
	c := max(64, 1<<bits.Len(uint(n-1)))
	b := Alloc(c)[:n]
	copy(b, old[:keep])
	return b
}

// String returns the bytes as a string that aliases them: the caller must not let it outlive the buffer.
func String(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// StringBytes returns the bytes of a string, which must not be written.
func StringBytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// At returns element i of the buffer viewed as elements of T, without a bounds check. The caller has checked that it lies within.
func At[T Fixed](b []byte, i int) *T {
	var z T
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), i*int(unsafe.Sizeof(z))))
}

// ShortCopy is the slack that CopyShort needs behind both ends.
const ShortCopy = 32

// CopyShort copies n <= ShortCopy bytes from src[from:] to dst[at:], and some more behind them: the caller has checked that ShortCopy
// bytes may be read at from and written at at. It saves the call and the branches of copy, which cost more than short strings.
func CopyShort(dst []byte, at int, src []byte, from, n int) {
	d, s := unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), at), unsafe.Add(unsafe.Pointer(unsafe.SliceData(src)), from)
	*(*[16]byte)(d) = *(*[16]byte)(s)
	if n > 16 {
		*(*[16]byte)(unsafe.Add(d, 16)) = *(*[16]byte)(unsafe.Add(s, 16))
	}
}

// Load64 reads 8 little-endian bytes at offset i without a bounds check. The caller has checked that i+8 <= len(b).
func Load64(b []byte, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), i))
}

// Store64 writes 8 little-endian bytes at offset i without a bounds check. The caller has checked that i+8 <= len(b).
func Store64(b []byte, i int, x uint64) {
	*(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), i)) = x
}
