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
	keyWords = 4
	wordSize = 8
)

// key is what stands before the value of a field: the comma or brace, the quoted name and the colon, with the blanks between them.
type key struct {
	words [keyWords]uint64
	mask  uint64 // Of the last word.
	n     int    // Words.
	size  int    // Bytes.
	field int    // Into object.names, -1 for an unknown one.
	miss  int    // Objects in a row that had something else.
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

// expect returns the field at step k and the index of its value when the bytes at p are the expected ones.
func (o *object) expect(src []byte, p, k int) (field, next int, ok bool) {
	if k >= len(o.shape) || p+keyWords*wordSize >= len(src) {
		return 0, p, false
	}
	e := &o.shape[k]
	if e.n == 0 {
		return 0, p, false
	}
	last := e.n - 1
	diff := (mem.Load64(src, p+last*wordSize) ^ e.words[last]) & e.mask
	for i := range last {
		diff |= mem.Load64(src, p+i*wordSize) ^ e.words[i]
	}
	if diff != 0 {
		return 0, p, false
	}
	e.miss = 0
	return e.field, p + e.size, true
}

// learn notes that step k had the given bytes before the value of a field.
func (o *object) learn(k int, text []byte, field int) {
	if k > len(o.shape) || k >= maxKeys {
		return
	}
	if k == len(o.shape) {
		o.shape = append(o.shape, key{miss: patience})
	}
	e := &o.shape[k]
	if e.miss++; e.miss <= patience {
		return
	}
	*e = key{field: field, size: len(text)}
	if len(text) > keyWords*wordSize {
		return // Too long to be expected.
	}
	for len(text) > 0 {
		n := min(wordSize, len(text))
		for i := range n {
			e.words[e.n] |= uint64(text[i]) << (8 * uint(i))
		}
		e.mask = ^uint64(0) >> (64 - 8*uint(n))
		e.n++
		text = text[n:]
	}
}
