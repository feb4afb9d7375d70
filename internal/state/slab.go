// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"encoding/binary"
	"math/bits"

	"spate/internal/col/mem"
)

// A slab keeps byte strings in blocks of size classes: multiples of 16 bytes up to 256, then eight classes per power of two.
// A handle is a chunk number and a 16-byte unit in it. Free blocks of a class form a list through their first bytes.
const (
	unitBytes  = 16
	chunkBytes = 1 << 20
	chunkUnits = chunkBytes / unitBytes
	unitBits   = 16
	smallUnits = 16 // Classes of one unit each up to here.
	firstChunk = 1 << 10
	numClasses = smallUnits + 8*(unitBits-4) + 1
)

// slab is an allocator of byte strings. A string of more than half a chunk gets a chunk of its own.
type slab struct {
	alloc  *allocator
	chunks [][]byte
	words  [][]uint64 // The same chunks as the allocator made them.
	spare  []uint32   // Numbers of freed chunks.
	cur    uint32     // The chunk that new blocks are cut from; its number plus one, 0: none.
	used   int        // Units used in it.
	free   [numClasses]uint32
	bytes  int64 // Bytes in live blocks, rounded up to their class.
}

// class returns the class of a size in units, and the units that the class has.
func class(units int) (class, size int) {
	if units <= smallUnits {
		return units, units
	}
	// Eight classes per doubling: the three bits below the leading one, rounded up.
	shift := bits.Len(uint(units-1)) - 4
	step := (units - 1) >> shift // 8..15
	return smallUnits + 8*(shift-1) + step - 7, (step + 1) << shift
}

// put stores a copy of b and returns its handle.
func (s *slab) put(b []byte) uint32 {
	h := s.take(len(b))
	copy(s.chunks[h>>unitBits][int(h&(chunkUnits-1))*unitBytes:], b)
	return h
}

// take returns the handle of a block of n bytes, n > 0; its content is unspecified.
func (s *slab) take(n int) uint32 {
	units := (n + unitBytes - 1) / unitBytes
	if units > chunkUnits/2 {
		s.bytes += int64(units * unitBytes)
		return s.addChunk(n) << unitBits
	}
	c, size := class(units)
	s.bytes += int64(size * unitBytes)
	if h := s.free[c]; h != 0 {
		h--
		s.free[c] = binary.LittleEndian.Uint32(s.chunks[h>>unitBits][int(h&(chunkUnits-1))*unitBytes:])
		return h
	}
	if s.cur == 0 || (s.used+size)*unitBytes > len(s.chunks[s.cur-1]) {
		s.more(size)
	}
	h := (s.cur-1)<<unitBits | uint32(s.used)
	s.used += size
	return h
}

// more makes room for size units at the end of the current chunk: the first chunk grows, then there are new ones.
func (s *slab) more(size int) {
	if s.cur == 0 || len(s.chunks[s.cur-1]) >= chunkBytes {
		n := chunkBytes
		if s.cur == 0 {
			n = max(firstChunk, size*unitBytes)
		}
		s.cur = s.addChunk(n) + 1
		s.used = 0
		return
	}
	old := s.words[s.cur-1]
	need := max(2*8*len(old), (s.used+size)*unitBytes)
	w := s.alloc.alloc(min(chunkBytes, need)/8, false)
	copy(w, old)
	s.alloc.release(old)
	s.words[s.cur-1], s.chunks[s.cur-1] = w, mem.Bytes(w)
	if (s.used+size)*unitBytes > len(s.chunks[s.cur-1]) {
		s.cur = s.addChunk(chunkBytes) + 1
		s.used = 0
	}
}

// addChunk returns the number of a new chunk of at least n bytes.
func (s *slab) addChunk(n int) uint32 {
	w := s.alloc.alloc((n+7)/8, false)
	if k := len(s.spare); k > 0 {
		i := s.spare[k-1]
		s.spare = s.spare[:k-1]
		s.words[i], s.chunks[i] = w, mem.Bytes(w)
		return i
	}
	s.words = append(s.words, w)
	s.chunks = append(s.chunks, mem.Bytes(w))
	return uint32(len(s.chunks) - 1)
}

// get returns the n bytes of a block. They are valid until the next take.
func (s *slab) get(h uint32, n int) []byte {
	c := s.chunks[h>>unitBits]
	o := int(h&(chunkUnits-1)) * unitBytes
	return c[o : o+n : o+n]
}

// drop frees the block of n bytes.
func (s *slab) drop(h uint32, n int) {
	units := (n + unitBytes - 1) / unitBytes
	if units > chunkUnits/2 {
		s.bytes -= int64(units * unitBytes)
		i := h >> unitBits
		s.alloc.release(s.words[i])
		s.words[i], s.chunks[i] = nil, nil
		s.spare = append(s.spare, i)
		return
	}
	c, size := class(units)
	s.bytes -= int64(size * unitBytes)
	binary.LittleEndian.PutUint32(s.chunks[h>>unitBits][int(h&(chunkUnits-1))*unitBytes:], s.free[c])
	s.free[c] = h + 1
}

// reset frees all blocks.
func (s *slab) reset() {
	for i, w := range s.words {
		s.alloc.release(w)
		s.words[i], s.chunks[i] = nil, nil
	}
	s.words, s.chunks, s.spare = s.words[:0], s.chunks[:0], s.spare[:0]
	s.cur, s.used, s.bytes = 0, 0, 0
	clear(s.free[:])
}

// A view holds a byte string in two words: length and the first 4 bytes, then the next 8 bytes when the string has at most
// inlineBytes, else a slab handle in the low half (zero in Keys) and a hash of the string in the high half.
const inlineBytes = 12

// viewLen returns the length of the string of a view.
func viewLen(w0 uint64) int { return int(uint32(w0)) }

// isLong tells whether the string of a view lies in a slab.
func isLong(w0 uint64) bool { return w0&(1<<32-1) > inlineBytes }

// inlineView returns the view of a string of at most inlineBytes.
func inlineView(b []byte) (w0, w1 uint64) {
	n := len(b)
	var lo, hi uint64
	switch {
	case n >= 8:
		lo = binary.LittleEndian.Uint64(b)
		if n > 8 {
			hi = uint64(binary.LittleEndian.Uint32(b[n-4:])) >> (8 * uint(12-n))
		}
	case n >= 4:
		lo = uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*uint(n-4))
	default:
		for i, c := range b {
			lo |= uint64(c) << (8 * uint(i))
		}
	}
	return uint64(n) | lo<<32, lo>>32 | hi<<32
}

// longView returns the view of a longer string, with handle 0.
func longView(b []byte, hash uint64) (w0, w1 uint64) {
	return uint64(len(b)) | uint64(binary.LittleEndian.Uint32(b))<<32, hash &^ (1<<32 - 1)
}

// appendInline appends the string of an inline view.
func appendInline(dst []byte, w0, w1 uint64) []byte {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], w0>>32|w1<<32)
	binary.LittleEndian.PutUint32(b[8:], uint32(w1>>32))
	return append(dst, b[:viewLen(w0)]...)
}
