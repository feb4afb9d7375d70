// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package cli_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spate/internal/sys/invariant"
)

const (
	// maxStart is the time that `spate sql -e "SELECT 1"` may take on a machine that has a core to spare.
	maxStart = 50 * time.Millisecond
	// maxIdleKB bounds the resident memory of a prompt that waits.
	maxIdleKB = 50 << 10
	// tries is how often the start is measured: the best counts, since what else runs here only adds.
	tries = 20
)

func TestStart(t *testing.T) {
	env := environment(t, t.TempDir())
	best := time.Hour
	for range tries {
		cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "spate"), "sql", "-e", "SELECT 1")
		cmd.Env = env
		start := time.Now()
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	t.Logf("%v", best)
	if best > maxStart {
		t.Errorf("SELECT 1 takes %v, want at most %v (invariants: %v)", best, maxStart, invariant.Enabled)
	}
}

func TestIdleMemory(t *testing.T) {
	x := openTerminal(t, t.TempDir(), "sql")
	x.until(prompt)
	x.send("SELECT 1;\r")
	x.until("1 row in set", prompt)
	kb, err := residentKB(x.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d KB", kb)
	if kb > maxIdleKB {
		t.Errorf("an idle prompt holds %d KB, want at most %d", kb, maxIdleKB)
	}
}

// residentKB returns the resident memory of a process.
func residentKB(pid int) (kb int, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if rest, ok := strings.CutPrefix(sc.Text(), "VmRSS:"); ok {
			_, err := fmt.Sscanf(rest, "%d kB", &kb)
			return kb, err
		}
	}
	return 0, fmt.Errorf("no VmRSS of process %d", pid)
}
