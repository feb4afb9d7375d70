// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json

import (
	"spate/internal/col/mem"
)

// object is what is known of objects at one place: the fields that are asked for, and the keys that objects there had so far.
type object struct {
	names []string
	index map[string]int
	shape []key
}

// Bounds of a shape.
const (
	maxKeys  = 512
	keyWords = 4 // Longer keys are looked up.
	wordSize = 8
	// reach is how many bytes matches looks at.
	reach = keyWords * wordSize
)

// key is what stands before the value of a field: the comma or brace, the quoted name and the colon, with the blanks between them.
// Most are two words long at most.
type key struct {
	word0, mask0 uint64
	word1, mask1 uint64
	size         int // Bytes.
	field        int // Into object.names, -1 for an unknown one.
	miss         int // Objects in a row that had something else.
	more         [keyWords - 2]uint64
	masks        [keyWords - 2]uint64
}

// patience is how often a key may be another than the expected before that one is expected.
const patience = 2

func newObject(names []string) *object {
	o := &object{names: names, index: make(map[string]int, len(names))}
	for i, n := range names {
		o.index[n] = i
	}
	return o
}

// matches tells whether the bytes at p, of which there are enough, are those of the key.
func (e *key) matches(src []byte, p int) bool {
	diff := (mem.Load64(src, p)^e.word0)&e.mask0 | (mem.Load64(src, p+wordSize)^e.word1)&e.mask1
	if diff != 0 || e.size > 2*wordSize && e.differs(src, p) {
		return false
	}
	if e.miss != 0 {
		e.miss = 0
	}
	return true
}

// differs compares the words behind the first two.
func (e *key) differs(src []byte, p int) bool {
	var diff uint64
	for i := range e.more {
		diff |= (mem.Load64(src, p+(i+2)*wordSize) ^ e.more[i]) & e.masks[i]
	}
	return diff != 0
}

// near returns the step at which the bytes at p are expected: k, or the one behind it, since keys are missing or change places with their
// neighbours more often than all of them are new. ok is false when neither is.
func (o *object) near(src []byte, p, k int) (step int, ok bool) {
	if p+reach >= len(src) {
		return k, false
	}
	for step = k; step < min(k+2, len(o.shape)); step++ {
		if o.shape[step].matches(src, p) {
			return step, true
		}
	}
	return k, false
}

// learn notes that step k had the given bytes before the value of a field. It returns the step to expect next: an unknown key between the
// expected ones does not count.
func (o *object) learn(k int, text []byte, field int) int {
	if k > len(o.shape) || k >= maxKeys {
		return k + 1
	}
	if k == len(o.shape) {
		o.shape = append(o.shape, key{miss: patience})
	}
	e := &o.shape[k]
	if e.miss++; e.miss <= patience {
		if field < 0 {
			return k
		}
		return k + 1
	}
	*e = key{field: field, mask0: 0xFF} // Matches a zero byte, which cannot stand here.
	if len(text) > reach {
		return k + 1
	}
	e.size = len(text)
	var words, masks [keyWords]uint64
	for i, c := range text {
		words[i/wordSize] |= uint64(c) << (8 * uint(i%wordSize))
		masks[i/wordSize] |= 0xFF << (8 * uint(i%wordSize))
	}
	e.word0, e.mask0, e.word1, e.mask1 = words[0], masks[0], words[1], masks[1]
	copy(e.more[:], words[2:])
	copy(e.masks[:], masks[2:])
	return k + 1
}
