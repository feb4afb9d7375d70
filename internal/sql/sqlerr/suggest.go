// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sqlerr

import "strings"

// maxSuggestLen bounds the words that Nearest compares: beyond it nothing looks like a typing error.
const maxSuggestLen = 64

// Nearest returns the candidate that word is most likely a misspelling of, empty when none is near: at most one edit
// (insert, delete, replace, swap of neighbours) per three characters, letter case being free. The first of several equally
// near candidates wins, so a caller that wants stable messages passes them in a stable order.
func Nearest(word string, candidates []string) string {
	if word == "" || len(word) > maxSuggestLen {
		return ""
	}
	lower := strings.ToLower(word)
	limit := 1 + (len(word)-1)/3
	if len(word) <= 2 {
		limit = 1
	}
	best, bestAt := "", limit+1
	for _, c := range candidates {
		if len(c) > maxSuggestLen || len(c)-len(word) > limit || len(word)-len(c) > limit {
			continue
		}
		d := editDistance(lower, strings.ToLower(c))
		if d < bestAt && d < max(len(c), len(word)) {
			best, bestAt = c, d
		}
	}
	return best
}

// editDistance is the optimal string alignment distance of two short byte strings.
func editDistance(a, b string) int {
	var rows [3][maxSuggestLen*4 + 1]int
	if len(a) > maxSuggestLen*4 || len(b) > maxSuggestLen*4 {
		return max(len(a), len(b))
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur, prev, prev2 := &rows[i%3], &rows[(i-1)%3], &rows[(i+1)%3]
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
		}
	}
	return rows[len(a)%3][len(b)]
}
