// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import "math/bits"

// Words returns the number of words of a bitmap of n bits.
func Words(n int) int { return (n + 63) >> 6 }

// Grow returns buf with a length of n words; the content is unspecified.
func Grow(buf []uint64, n int) []uint64 {
	if cap(buf) < n {
		return make([]uint64, n, max(n, 8))
	}
	return buf[:n]
}

// Fill sets all words of dst.
func Fill(dst []uint64, word uint64) {
	for i := range dst {
		dst[i] = word
	}
}

// And sets dst to a AND b, over the length of dst. The slices may be the same.
func And(dst, a, b []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] & b[i]
	}
}

// AndNot sets dst to a AND NOT b.
func AndNot(dst, a, b []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] &^ b[i]
	}
}

// Or sets dst to a OR b.
func Or(dst, a, b []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] | b[i]
	}
}

// Xor sets dst to a XOR b.
func Xor(dst, a, b []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] ^ b[i]
	}
}

// Not sets dst to NOT a.
func Not(dst, a []uint64) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = ^a[i]
	}
}

// AllSet tells whether the first n bits are all set.
func AllSet(set []uint64, n int) bool {
	full := n >> 6
	for _, w := range set[:full] {
		if w != ^uint64(0) {
			return false
		}
	}
	if rest := uint(n) & 63; rest != 0 {
		m := uint64(1)<<rest - 1
		return set[full]&m == m
	}
	return true
}

// Count returns how many of the first n bits are set.
func Count(set []uint64, n int) int {
	c, full := 0, n>>6
	for _, w := range set[:full] {
		c += bits.OnesCount64(w)
	}
	if rest := uint(n) & 63; rest != 0 {
		c += bits.OnesCount64(set[full] & (1<<rest - 1))
	}
	return c
}

// SetAt sets bit i to bit.
func SetAt(set []uint64, i int, bit bool) {
	m := uint64(1) << (uint(i) & 63)
	if bit {
		set[i>>6] |= m
	} else {
		set[i>>6] &^= m
	}
}

// Get returns bit i.
func Get(set []uint64, i int) bool { return set[i>>6]>>(uint(i)&63)&1 != 0 }
