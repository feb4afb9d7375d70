// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"spate/internal/sql/keyword"
)

// completions lists the words that may stand at the end of the text, sorted: keywords, names of the current database and their
// columns, functions. Keywords are in lower case when the user types so. Nothing is offered inside of a quoted text.
func (sh *shell) completions(before string) []string {
	if strings.Count(before, "'")%2 == 1 {
		return nil
	}
	prefix := before[lastWord(before):]
	if prefix == "" {
		return nil
	}
	lower := prefix == strings.ToLower(prefix)
	var out []string
	offer := func(word string) {
		if len(word) >= len(prefix) && strings.EqualFold(word[:len(prefix)], prefix) {
			out = append(out, word)
		}
	}
	for _, k := range keyword.All() {
		if lower {
			k = strings.ToLower(k)
		}
		offer(k)
	}
	for _, n := range sh.session.SQL().NamesInSight() {
		offer(n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lastWord returns where the word at the end of the text starts.
func lastWord(text string) int {
	return strings.LastIndexFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) + 1
}
