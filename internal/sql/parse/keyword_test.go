// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"spate/internal/sql/keyword"
)

// TestKeywordsAreInTheTable finds the words that the parser asks for: one that is missing in the table of keywords would never
// be recognised.
func TestKeywordsAreInTheTable(t *testing.T) {
	methods := map[string]bool{
		"is": true, "word": true, "words": true, "seq": true, "expectWord": true, "expectWords": true,
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !methods[sel.Sel.Name] {
				return true
			}
			for _, arg := range call.Args {
				lit, ok := arg.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					continue
				}
				word, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found++
				if keyword.Lookup(word) == nil {
					t.Errorf("%s: %s is not in the table of keywords", file, word)
				}
			}
			return true
		})
	}
	if found < 300 {
		t.Errorf("found only %d words; did the names of the methods change?", found)
	}
}
