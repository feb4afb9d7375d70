// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package suggest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLength bounds the words that are compared, in runes: the comparison is quadratic and nobody misspells longer names.
const maxLength = 128

// Nearest returns the candidate that is closest to word, or "" when none is close enough: at most one edit for every
// three letters, a swap of neighbours counted as one. Case does not count. Of equally close candidates the one that
// shares the longer prefix wins, then the alphabetically first.
func Nearest(word string, candidates []string) string {
	best, bestDistance, bestPrefix := "", len(word)+1, -1
	lower := []rune(strings.ToLower(word))
	if len(lower) > maxLength {
		return ""
	}
	for _, c := range candidates {
		other := []rune(strings.ToLower(c))
		limit := max(1, max(len(lower), len(other))/3)
		if c == "" || len(other) > maxLength || abs(len(other)-len(lower)) > limit {
			continue
		}
		d := Distance(string(lower), string(other))
		if d > limit || d >= max(len(lower), len(other)) {
			continue
		}
		p := commonPrefix(lower, other)
		if d < bestDistance || d == bestDistance && (p > bestPrefix || p == bestPrefix && c < best) {
			best, bestDistance, bestPrefix = c, d, p
		}
	}
	return best
}

// Hint returns "did you mean `x`?" for the nearest candidate, or "" when none is close enough.
func Hint(word string, candidates []string) string {
	if n := Nearest(word, candidates); n != "" {
		return "did you mean `" + n + "`?"
	}
	return ""
}

// Sorted returns the candidates in alphabetical order, each once, parted by ", ": for "known options are ...".
func Sorted(candidates []string) string {
	s := slices.Clone(candidates)
	slices.Sort(s)
	return strings.Join(slices.Compact(s), ", ")
}

// Distance returns the number of edits that turn a into b: insert, delete or replace a rune, or swap two neighbours
// (the restricted Damerau-Levenshtein distance).
func Distance(a, b string) int {
	if utf8.RuneCountInString(a) < utf8.RuneCountInString(b) {
		a, b = b, a
	}
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

func commonPrefix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
