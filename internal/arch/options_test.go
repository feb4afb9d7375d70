// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"regexp"
	"strings"
	"testing"

	"spate/internal/sys/conf"
)

var (
	optionVar  = regexp.MustCompile(`(?s)\n\t([A-Z]\w+) = \w+Option\(Spec\{.*?Key:\s+"([^"]+)"`)
	optionRead = regexp.MustCompile(`\bconf\.([A-Z]\w+)\b`)
)

// TestInertOptionsAreThoseThatNobodyReads keeps the registry honest: an option that code reads has an effect, one that no code
// reads has none and must say so.
func TestInertOptionsAreThoseThatNobodyReads(t *testing.T) {
	keys, read := map[string]string{}, map[string]bool{}
	for _, file := range goFiles(t) {
		text := readFile(t, file)
		switch {
		case strings.HasPrefix(file, "internal/sys/conf/"):
			for _, m := range optionVar.FindAllStringSubmatch(text, -1) {
				keys[m[1]] = m[2]
			}
		case !strings.HasSuffix(file, "_test.go"):
			for _, m := range optionRead.FindAllStringSubmatch(text, -1) {
				read[m[1]] = true
			}
		}
	}
	if len(keys) < 50 {
		t.Fatalf("found %d options", len(keys))
	}
	for name, key := range keys {
		if inert := conf.Inert(key); inert == read[name] {
			t.Errorf("conf.%s (%s): read by code: %v, said to be inert: %v", name, key, read[name], inert)
		}
	}
}
