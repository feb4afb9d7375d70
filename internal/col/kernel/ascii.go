// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"encoding/binary"
	"math/bits"
)

// ChangeCase writes src with its ASCII letters in upper or lower case to dst, which is as long, and tells whether all of src is
// ASCII. Eight bytes are done at a time, without branches that depend on the text.
func ChangeCase(dst, src []byte, upper bool) (ascii bool) {
	first := uint64('A')
	if upper {
		first = 'a'
	}
	// Adding makes the high bit of a byte below 0x80 tell whether it is at least the first letter, and beyond the last.
	from, beyond := (0x80-first)*lows, (0x80-first-26)*lows
	var high uint64
	dst = dst[:len(src)]
	i := 0
	for ; i+8 <= len(src); i += 8 {
		w := binary.LittleEndian.Uint64(src[i:])
		high |= w
		low := w &^ highs
		letters := ((low + from) &^ (low + beyond)) &^ w & highs
		binary.LittleEndian.PutUint64(dst[i:], w^letters>>2)
	}
	for ; i < len(src); i++ {
		w := uint64(src[i])
		high |= w
		low := w &^ 0x80
		letters := ((low + from&0xFF) &^ (low + beyond&0xFF)) &^ w & 0x80
		dst[i] = byte(w ^ letters>>2)
	}
	return high&highs == 0
}

// Runes counts the code points of valid UTF-8.
func Runes(b []byte) int {
	n := len(b)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		n -= bits.OnesCount64(w >> 7 &^ (w >> 6) & lows) // Bytes 10xxxxxx go on.
	}
	for ; i < len(b); i++ {
		if b[i]&0xC0 == 0x80 {
			n--
		}
	}
	return n
}

// Drop appends src without the bytes that equal c.
func Drop(dst, src []byte, c byte) []byte {
	start := len(dst)
	dst = append(dst, src...)
	to := dst[start:]
	n := 0
	for _, x := range src {
		to[n] = x
		if x != c {
			n++
		}
	}
	return dst[:start+n]
}
