// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package keyword is the table of the words that mean something in Spate's SQL.
//
// The parser looks words up in it, the printer asks it which names need backticks, and the shell completes from it. Letter case
// is free. The table is built once and only read: everything here is safe for concurrent use.
package keyword

import (
	"slices"
	"strings"
)

// Class says how far a word is reserved.
type Class uint8

// The classes.
const (
	// Free words are names wherever a name can stand.
	Free Class = iota
	// Reserved words need backticks in Flink; the parser takes them as names where nothing else can be meant.
	Reserved
	// Strict words are never names without backticks.
	Strict
)

// Word is an entry of the table. Words are compared by pointer or by Text.
type Word struct {
	// Text is the word in upper case.
	Text  string
	Class Class
}

// MaxLen is the length of the longest word; longer identifiers need no look-up.
const MaxLen = 32

// slots is the size of the hash table: a power of two, at least twice the number of words.
const slots = 2048

type table struct {
	words []Word
	slots [slots]*Word
}

var words = build()

func build() *table {
	t := &table{}
	for class, text := range [...]string{Free: freeWords, Reserved: reservedWords, Strict: strictWords} {
		for w := range strings.FieldsSeq(text) {
			t.words = append(t.words, Word{Text: w, Class: Class(class)})
		}
	}
	slices.SortFunc(t.words, func(a, b Word) int { return strings.Compare(a.Text, b.Text) })
	for i := range t.words {
		w := &t.words[i]
		h := Hash(w.Text)
		for t.slots[h%slots] != nil {
			h++
		}
		t.slots[h%slots] = w
	}
	return t
}

// hashSeed and hashPrime are those of 32-bit FNV-1a.
const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

// Hash returns the hash of an ASCII word without regard to letter case.
func Hash(word string) uint32 {
	h := uint32(hashSeed)
	for i := range len(word) {
		h = (h ^ uint32(word[i]&^0x20)) * hashPrime
	}
	return h
}

// Lookup returns the entry of word, nil when it is no keyword.
func Lookup(word string) *Word {
	if len(word) > MaxLen {
		return nil
	}
	for h := Hash(word); ; h++ {
		w := words.slots[h%slots]
		if w == nil || equalFold(w.Text, word) {
			return w
		}
	}
}

// equalFold compares an upper-case ASCII word with one in any case.
func equalFold(upper, word string) bool {
	if len(upper) != len(word) {
		return false
	}
	for i := range len(upper) {
		c := word[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}

// NeedsQuotes reports whether name must be written in backticks to be a name wherever a name can stand, in Spate and in
// Flink. All keywords are among them: even free ones mean something in some place.
func NeedsQuotes(name string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return true
	}
	for i := range len(name) {
		c := name[i]
		plain := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !plain {
			return true
		}
	}
	return Lookup(name) != nil
}

// All returns the words of the table in alphabetical order, in upper case.
func All() []string {
	s := make([]string, len(words.words))
	for i := range words.words {
		s[i] = words.words[i].Text
	}
	return s
}
