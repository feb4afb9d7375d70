// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package cli_test runs the built binary as a user would: scripts of shell commands with the output that they must give (testdata),
// and the prompt behind a pseudo terminal.
package cli_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"spate/internal/sys/invariant"
)

var rewrite = flag.Bool("rewrite", false, "write the scripts of testdata anew")

const (
	// commandLimit ends a command that hangs.
	commandLimit = 2 * time.Minute
	// buildLimit is generous: a cold build cache compiles everything.
	buildLimit = 10 * time.Minute
)

// binDir holds the spate binary of this run.
var binDir string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "spate-cli")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binDir = dir
	ctx, cancel := context.WithTimeout(context.Background(), buildLimit)
	defer cancel()
	args := []string{"build", "-ldflags", "-X main.version=v0.0.0-test", "-o", filepath.Join(dir, "spate")}
	if invariant.Enabled { // The packages are compiled already with this tag.
		args = append(args, "-tags", "invariants")
	}
	if out, err := exec.CommandContext(ctx, "go", append(args, "spate/cmd/spate")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building spate: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// environment is that of every command: nothing of the user's.
func environment(t *testing.T, home string) []string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"PATH=" + binDir + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, "config"),
		"TZ=UTC", "TERM=xterm", "LANG=C.UTF-8", "ROOT=" + root, "TMPDIR=" + home,
	}
}

// TestScripts runs the scripts of testdata. A script is a list of commands, each with what it must print:
//
//	# A comment.
//	$ spate sql -e 'SELECT 1'
//	> a second line of the command
//	standard output
//	[error output]
//	...
//	[exit 2]
//
// The commands of a script share a folder and run one after another, by sh. Times and rates read TIME and RATE.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			script(t, path)
		})
	}
}

func script(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := environment(t, dir)
	var got strings.Builder
	for _, step := range strings.SplitAfter("\n"+string(b), "\n$ ") {
		step, more := strings.CutSuffix(step, "\n$ ")
		if got.Len() == 0 && !strings.HasPrefix(string(b), "$ ") || got.Len() == 0 && strings.TrimSpace(step) == "" {
			got.WriteString(strings.TrimPrefix(step, "\n")) // What stands above the first command.
		} else {
			runStep(t, &got, step, dir, env)
		}
		if more {
			got.WriteString(mark(&got))
		}
	}
	text := strings.Trim(got.String(), "\n") + "\n"
	if *rewrite {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := string(b); text != want {
		t.Errorf("%s: a command gave something else; -rewrite writes it, then read the diff\n%s", path, difference(want, text))
	}
}

// mark starts a command on a line of its own.
func mark(got *strings.Builder) string {
	if got.Len() > 0 && !strings.HasSuffix(got.String(), "\n") {
		return "\n$ "
	}
	return "$ "
}

// runStep runs the command at the start of step, and writes the step with what came out. Comments and blank lines that follow the
// wanted output, up to the next command, are kept.
func runStep(t *testing.T, got *strings.Builder, step, dir string, env []string) {
	t.Helper()
	lines := strings.Split(step, "\n")
	command, n := lines[0], 1
	var commandSb145 strings.Builder
	for n < len(lines) && (lines[n] == ">" || strings.HasPrefix(lines[n], "> ")) {
		commandSb145.WriteString("\n" + strings.TrimPrefix(lines[n][1:], " "))
		n++
	}
	command += commandSb145.String()
	tail := len(lines)
	for tail > n && (lines[tail-1] == "" || strings.HasPrefix(lines[tail-1], "# ")) {
		tail--
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env = dir, env
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	got.WriteString(strings.Join(lines[:n], "\n") + "\n")
	got.WriteString(endLine(normal(out.String(), dir)))
	if errOut.Len() > 0 {
		got.WriteString("[error output]\n" + endLine(normal(errOut.String(), dir)))
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		fmt.Fprintf(got, "[exit %d]\n", exit.ExitCode())
	case err != nil:
		t.Fatalf("%s: %v", command, err)
	}
	for _, line := range lines[tail:] {
		got.WriteString(line + "\n")
	}
}

func endLine(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

var normals = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`[0-9,]+ rows/s`), "RATE rows/s"},
	{regexp.MustCompile(`(?m)^((?:finished|stopped|failed): .*, )(?:[0-9]+m)?[0-9.]+(?:µs|ms|s), RATE`), "${1}TIME, RATE"},
	{regexp.MustCompile(`\(go1[0-9.a-z-]+\)`), "(GO)"},
}

// normal takes out what differs between two runs.
func normal(s, dir string) string {
	s = strings.ReplaceAll(s, dir, "DIR")
	for _, n := range normals {
		s = n.from.ReplaceAllString(s, n.to)
	}
	return s
}

// difference shows the first lines that differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	cut := func(lines []string) string {
		return strings.Join(lines[min(i, len(lines)):min(i+12, len(lines))], "\n")
	}
	return fmt.Sprintf("line %d, want:\n%s\n--- got:\n%s", i+1, cut(w), cut(g))
}
