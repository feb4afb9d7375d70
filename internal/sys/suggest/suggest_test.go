// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package suggest_test

import (
	"strings"
	"testing"

	"spate/internal/sys/suggest"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"bid", "bid", 0},
		{"bid", "bids", 1},
		{"bid", "bdi", 1},
		{"kitten", "sitting", 3},
		{"größe", "grösse", 2},
		{"abcdef", "badcfe", 3},
	} {
		if got := suggest.Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := suggest.Distance(c.b, c.a); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	tables := []string{"auction", "bid", "person", "bid_view"}
	for _, c := range []struct {
		word       string
		candidates []string
		want       string
	}{
		{"bids", tables, "bid"},
		{"BID", tables, "bid"},
		{"acution", tables, "auction"},
		{"zebra", tables, ""},
		{"x", []string{"y"}, ""},
		{"", tables, ""},
		{"b", []string{"", "a"}, ""},
		{"paralelism.default", []string{"parallelism.default", "pipeline.name"}, "parallelism.default"},
		{"col3", []string{"col2", "col1"}, "col1"},
		{"acol", []string{"bcol", "acop"}, "acop"},
		{"bid", nil, ""},
		{strings.Repeat("a", 1000), []string{strings.Repeat("a", 1000)}, ""},
	} {
		if got := suggest.Nearest(c.word, c.candidates); got != c.want {
			t.Errorf("Nearest(%q, %v) = %q, want %q", c.word, c.candidates, got, c.want)
		}
	}
}

func TestHintAndSorted(t *testing.T) {
	if got := suggest.Hint("bids", []string{"bid"}); got != "did you mean `bid`?" {
		t.Errorf("hint %q", got)
	}
	if got := suggest.Hint("bids", []string{"zebra"}); got != "" {
		t.Errorf("hint %q for nothing near", got)
	}
	if got := suggest.Sorted([]string{"b", "a", "b"}); got != "a, b" {
		t.Errorf("sorted %q", got)
	}
}
