// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shell runs a script of sh and returns what it wrote to both outputs.
func shell(t *testing.T, dir, script string, env ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", script)
	cmd.Dir, cmd.Env = dir, append(environment(t, dir), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// TestAuctions runs the main job over a hundredth of its events.
func TestAuctions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shell(t, dir, `cp -r "$ROOT/examples/auctions" . && sed -i "s/'5000000'/'50000'/; s/'100000'/'1000'/" auctions/tables.sql`)
	out := shell(t, dir, "auctions/run.sh spate")
	for _, want := range []string{
		"HOT ITEMS", "| window_start |", "CATEGORIES", "5 rows in set", "BEST SELLERS", "| +U |", "What to try next", "50,000 rows in", "rows/s",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

// rides is a file of taxi rides in which the row with number n starts at base plus the n-th of the hours.
func rides(hours []int) string {
	var b strings.Builder
	b.WriteString("pickup,dropoff,passengers,distance,fare,tip,tolls,total,color,payment,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough\n")
	base := time.Date(2030, 1, 1, 0, 30, 0, 0, time.UTC)
	for i, h := range hours {
		at := base.Add(time.Duration(h) * time.Hour)
		payment := []string{"cash", "credit card", ""}[i%3]
		fmt.Fprintf(&b, "%s,%s,1,%d.5,7.0,1.25,0.0,10.10,green,%s,North,South,Bronx,Queens\n",
			at.Format(time.DateTime), at.Add(10*time.Minute).Format(time.DateTime), i, payment)
	}
	return b.String()
}

// TestTaxi runs the taxi job over rides that jump in time, and counts the late ones by itself.
func TestTaxi(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hours := make([]int, 0, 500)
	for i := range 500 {
		hours = append(hours, i*7919%(28*24)) // Anywhere within four weeks.
	}
	// A ride is late when the watermark, seven days behind the latest ride above it, has passed the last millisecond of its hour.
	late, latest := 0, -1
	for _, h := range hours {
		if latest >= 0 && h+1 <= latest-7*24 {
			late++
		}
		latest = max(latest, h)
	}
	if late == 0 {
		t.Fatal("no ride is late")
	}
	file := filepath.Join(dir, "it's a file.csv")
	if err := os.WriteFile(file, []byte(rides(hours)), 0o600); err != nil {
		t.Fatal(err)
	}
	out := shell(t, dir, `"$ROOT/examples/taxi/run.sh" spate`, "DATA="+file)
	for _, want := range []string{
		fmt.Sprintf("%d rows dropped as late", late),
		"| North | South | 500 |", "| cash | 167 | 1686.70 | 498.50 |", "| credit card | 167 | 1686.70 | 499.50 |", "| <NULL> | 166 | 1676.60 | 497.50 |",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "late"); n != strings.Count(out, "dropped as late")+2 { // The heading and the last words.
		t.Errorf("late rows where none should be:\n%s", out)
	}
}
