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

// block is a fenced block of the README: a script, or what the script before it prints.
var block = regexp.MustCompile("(?ms)^```(sh|text)\n(.*?)^```$")

// TestTour runs the scripts in order in a folder of their own. The binary is built once, from this checkout, so make does
// nothing there.
func TestTour(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "bin", "spate"), "./cmd/spate")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	ran, compared, printed := 0, 0, ""
	for _, b := range block.FindAllStringSubmatch(string(text), -1) {
		kind, body := b[1], b[2]
		if kind == "text" {
			compared++
			if body != printed {
				t.Errorf("script %d prints:\n%s\nand the README says:\n%s", ran, printed, body)
			}
			continue
		}
		ran++
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", "make() { :; }\n"+body)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("script %d: %v\n%s\n%s", ran, err, body, out)
		}
		printed = withoutProgress(string(out))
	}
	if ran < 6 || compared < 4 {
		t.Errorf("the README has %d scripts and %d outputs; is the pattern of blocks broken?", ran, compared)
	}
}

// withoutProgress drops the lines that tell how fast a job was: they differ from run to run.
func withoutProgress(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "finished: ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
