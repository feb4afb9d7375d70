// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// ratchetHead is the first line of the ratchet file.
const ratchetHead = "set\ttotal\tpassed"

// readRatchet reads the counts that were reached before.
func readRatchet(path string) (map[string]count, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]count)
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if i == 0 {
			continue
		}
		var set string
		var c count
		if _, err := fmt.Sscanf(line, "%s\t%d\t%d", &set, &c.total, &c.passed); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
		counts[set] = c
	}
	return counts, nil
}

// writeRatchet writes the counts that were reached now.
func writeRatchet(path string, counts map[string]count) error {
	var b strings.Builder
	b.WriteString(ratchetHead + "\n")
	for _, set := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%s\t%d\t%d\n", set, counts[set].total, counts[set].passed)
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// checkRatchet compares with the counts that were reached before: none may fall, and no set may be missing. Where the data has
// another number of cases, the counts cannot be compared: that is said, and the row is to be rebased.
func checkRatchet(path string, counts map[string]count, partial bool) ([]string, error) {
	before, err := readRatchet(path)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, set := range slices.Sorted(maps.Keys(before)) {
		b := before[set]
		now, present := counts[set]
		switch {
		case partial:
		case !present:
			problems = append(problems, fmt.Sprintf("set %s is missing; %d of %d passed before", set, b.passed, b.total))
		case now.total != b.total:
			fmt.Printf("ratchet: set %s has %d cases now, %d before: write the row anew with `make accept-rebase`\n", set, now.total, b.total)
		case now.passed < b.passed:
			problems = append(problems, fmt.Sprintf("set %s: %d of %d passed, %d before", set, now.passed, now.total, b.passed))
		}
	}
	return problems, nil
}
