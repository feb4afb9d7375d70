// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package readme_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

var (
	tour  = regexp.MustCompile(`(?s)\n## A five-minute tour\n(.*?)\n## `)
	block = regexp.MustCompile("(?s)```\n(.*?)```\n")
)

// steps are the blocks of the tour in order: a text by which each is known, and what it must print.
var steps = []struct {
	known string
	print []string
	fails bool
}{
	{known: "FROM (VALUES ('to'), ('be'), ('or')", print: []string{"| word | n |", "|   to | 2 |", "4 rows in set"}},
	{known: "--output changelog", print: []string{"+I[to, 1]\n+I[be, 1]\n-U[to, 1]\n+U[to, 2]\n"}},
	{known: "orders.csv", print: []string{
		`{"minute_start":"2024-05-01 10:00:00","item":"pear","orders":2,"amount":6}`,
		`{"minute_start":"2024-05-01 10:01:00","item":"apple","orders":1,"amount":4}`,
	}},
	{known: "spate explain", print: []string{"== Optimized Physical Plan ==", "== Job Graph =="}},
	{known: "UPPR", print: []string{"1:8", "^^^^", "did you mean `UPPER`?"}, fails: true},
	{known: "sql -i examples/auctions/tables.sql"},
	{known: "bench nexmark", print: []string{"q5"}},
}

// TestTour runs the blocks of the tour from the top of a folder that looks like the checkout. The binary is built once and
// make does nothing.
func TestTour(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	section := tour.FindStringSubmatch(string(text))
	if section == nil {
		t.Fatal("the README has no five-minute tour")
	}
	blocks := block.FindAllStringSubmatch(section[1], -1)
	if len(blocks) != len(steps) {
		t.Fatalf("the tour has %d blocks and the test knows %d", len(blocks), len(steps))
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "bin", "spate"), "./cmd/spate")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	for i, step := range steps {
		script := blocks[i][1]
		if !strings.Contains(script, step.known) {
			t.Fatalf("block %d is not the one with %q:\n%s", i+1, step.known, script)
		}
		// The reader's /tmp is not the test's, and three seconds of latency tell a test nothing.
		script = strings.ReplaceAll(script, "/tmp/spate-tour", filepath.Join(dir, "tour"))
		script = strings.ReplaceAll(script, "--seconds 3", "--seconds 1")
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", "make() { :; }\n"+script)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if (err != nil) != step.fails {
			t.Errorf("block %d: %v\n%s\n%s", i+1, err, script, out)
		}
		for _, want := range step.print {
			if !strings.Contains(string(out), want) {
				t.Errorf("block %d does not print %q but:\n%s", i+1, want, out)
			}
		}
	}
}
