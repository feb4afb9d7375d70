// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"slices"
	"strings"
	"testing"

	"spate/internal/expr"
)

var functions = expr.Builtins()

// alone names the functions that cannot be shown without a table.
var alone = []string{"CURRENT_WATERMARK"}

// TestDeclarations checks that each function says what it does and shows it.
func TestDeclarations(t *testing.T) {
	for _, name := range functions.Names() {
		f, _ := functions.Lookup(name)
		switch {
		case f.Doc == "" || !strings.HasSuffix(f.Doc, "."):
			t.Errorf("%s: its documentation is no sentence: %q", f.Name, f.Doc)
		case f.Category == "":
			t.Errorf("%s: has no category", f.Name)
		case f.Example == "" && f.Category != "internal" && !slices.Contains(alone, f.Name):
			t.Errorf("%s: has no example", f.Name)
		}
	}
}

// TestExamples runs the example of each function and compares what it gives with the declared result. Examples of functions that
// give something else each time have no result: they must only run.
func TestExamples(t *testing.T) {
	for _, name := range functions.Names() {
		f, _ := functions.Lookup(name)
		if f.Example == "" {
			continue
		}
		got, err := evaluateAlone(f.Example)
		switch {
		case err != nil:
			t.Errorf("%s: %s: %v", f.Name, f.Example, err)
		case f.Result == "" && f.Determinism == expr.Pure:
			t.Errorf("%s: %s gives %s, and the declaration has no result", f.Name, f.Example, got)
		case f.Result != "" && got != f.Result:
			t.Errorf("%s: %s gives %s, want %s", f.Name, f.Example, got, f.Result)
		}
	}
}
