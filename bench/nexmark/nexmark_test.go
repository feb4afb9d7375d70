// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"spate/bench/nexmark"
	"spate/internal/app"
)

var rewrite = flag.Bool("rewrite", false, "write digests.tsv anew")

func TestAnswers(t *testing.T) {
	var lines strings.Builder
	for _, query := range nexmark.Queries() {
		if query == "q12" { // Its windows are those of the clock.
			if _, known := nexmark.Known(query); known {
				t.Error("q12 has a digest")
			}
			continue
		}
		for _, p := range []int{1, 2} {
			c := nexmark.Config{Query: query, Parallelism: p}
			if *rewrite {
				a, err := nexmark.AnswerOf(t.Context(), app.New(app.Config{}), c)
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				if p == 1 {
					fmt.Fprintf(&lines, "%s\t%d\t%s\n", query, a.Rows, a.Digest)
				}
				continue
			}
			if _, known, err := nexmark.Verify(t.Context(), app.New(app.Config{}), c); err != nil || !known {
				t.Errorf("p=%d, known %v: %v", p, known, err)
			}
		}
	}
	if *rewrite {
		if err := os.WriteFile("digests.tsv", []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDigestsTellRowsApart compares two queries that differ in one column.
func TestDigestsTellRowsApart(t *testing.T) {
	right, err := nexmark.AnswerOf(t.Context(), app.New(app.Config{}), nexmark.Config{Query: "q1", Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	other, err := nexmark.AnswerOf(t.Context(), app.New(app.Config{}), nexmark.Config{Query: "q0", Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	if right.Rows != other.Rows || right.Digest == other.Digest {
		t.Errorf("q1, which changes the price, has the answer %v; q0 has %v", right, other)
	}
}

// TestRun checks that a run counts what it did.
func TestRun(t *testing.T) {
	r, err := nexmark.Run(t.Context(), app.New(app.Config{}), nexmark.Config{Query: "q0", Events: 50_000, Rate: 100_000, Parallelism: 2})
	if err != nil {
		t.Fatal(err)
	}
	if r.RowsOut != 46_000 || r.WallS <= 0 || r.CPUS <= 0 || r.PeakRSSMB <= 0 || r.KevPerS <= 0 || r.KevPerCPUS <= 0 {
		t.Errorf("%+v", r)
	}
	if _, err := nexmark.Run(t.Context(), app.New(app.Config{}), nexmark.Config{Query: "q99", Events: 1, Rate: 1, Parallelism: 1}); err == nil || !strings.Contains(err.Error(), "q23") {
		t.Errorf("an unknown query: %v", err)
	}
}
