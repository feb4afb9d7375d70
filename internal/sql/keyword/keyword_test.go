// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package keyword_test

import (
	"slices"
	"strings"
	"testing"

	"spate/internal/sql/keyword"
)

func TestLookup(t *testing.T) {
	all := keyword.All()
	if len(all) < 400 || !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Fatalf("%d words; they must be sorted and unique", len(all))
	}
	for _, w := range all {
		for _, s := range []string{w, strings.ToLower(w), w[:1] + strings.ToLower(w[1:])} {
			if got := keyword.Lookup(s); got == nil || got.Text != w {
				t.Errorf("Lookup(%q) = %v", s, got)
			}
		}
		if len(w) > keyword.MaxLen {
			t.Errorf("%s is longer than MaxLen", w)
		}
		for _, s := range []string{w + "x", "x" + w, w[:len(w)-1] + "!", strings.ReplaceAll(w, "_", "?")} {
			if got := keyword.Lookup(s); got != nil && !strings.EqualFold(got.Text, s) {
				t.Errorf("Lookup(%q) = %v", s, got)
			}
		}
	}
	if keyword.Lookup("") != nil || keyword.Lookup(strings.Repeat("A", 1000)) != nil {
		t.Error("found a word that is none")
	}
}

func TestClasses(t *testing.T) {
	for word, want := range map[string]keyword.Class{
		"select": keyword.Strict, "Value": keyword.Reserved, "day": keyword.Reserved, "timestamp": keyword.Reserved,
		"key": keyword.Free, "TUMBLE": keyword.Free,
	} {
		if got := keyword.Lookup(word); got == nil || got.Class != want {
			t.Errorf("%s: got %v, want class %d", word, got, want)
		}
	}
	for name, want := range map[string]bool{
		"a": false, "dateTime": false, "_x1": false, "": true, "1a": true, "a b": true, "ü": true, "value": true, "key": true, "a`": true,
	} {
		if got := keyword.NeedsQuotes(name); got != want {
			t.Errorf("NeedsQuotes(%q) = %t", name, got)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		keyword.Lookup("select")
		keyword.Lookup("auction")
		keyword.Lookup("date_time")
		keyword.Lookup("window_start")
	}
}
