// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"slices"
	"strings"
	"testing"
)

// TestLayers checks the real import graph against layers.txt. Imports of tests are free: a conformance suite may sit above
// what it checks.
func TestLayers(t *testing.T) {
	rules, err := parseLayers(readFile(t, "internal/arch/layers.txt"))
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for _, p := range packages(t) {
		from, ok := inModule(p.ImportPath)
		if !ok {
			continue
		}
		imports[from] = nil
		for _, to := range p.Imports {
			if below, ok := inModule(to); ok {
				imports[from] = append(imports[from], below)
			}
		}
	}
	for _, v := range checkImports(rules, imports) {
		t.Error(v)
	}
}

// TestLayerRules plants violations, so that a rule that stopped biting is seen.
func TestLayerRules(t *testing.T) {
	rules, err := parseLayers(`
		L0 -     a            # a tool
		L1 -     b  > c
		L1 -     c
		L3 data  state/...
		L3 data  exchange
		L5 front sql/...
		L5 data  task
		L5 data  task/wire
		L7 -     app
	`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to, want string
	}{
		{"b", "a", ""},
		{"b", "c", ""},
		{"c", "b", "c imports its peer b (L1)"},
		{"a", "b", "a (L0) imports b, which lies above it (L1)"},
		{"state/mem", "state", ""},
		{"exchange", "state", "exchange imports its peer state (L3)"},
		{"sql/parse", "sql/ast", ""},
		{"sql/parse", "b", ""},
		{"sql/parse", "state/mem", "sql/parse (front) imports state/mem (data): the halves meet only in L2"},
		{"task", "state", ""},
		{"task", "task/wire", "task imports its peer task/wire (L5)"},
		{"app", "sql/parse", ""},
		{"app", "task", ""},
		{"new", "a", "new has no line in layers.txt"},
	} {
		got := checkImports(rules, map[string][]string{c.from: {c.to}})
		// Only the line of the importing package is of interest here: the others have no package in this graph.
		got = slices.DeleteFunc(got, func(v string) bool { return strings.HasSuffix(v, "and no package") })
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s imports %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	if got := checkImports(rules, map[string][]string{"a": nil}); len(got) != len(rules)-1 {
		t.Errorf("lines without a package: %q", got)
	}
	for _, text := range []string{"L0 -", "Lx - a", "L0 side a", "L0 - a b", "L0 - a >", "L0 - a\nL1 - a"} {
		if _, err := parseLayers(text); err == nil {
			t.Errorf("parsed %q", text)
		}
	}
}
