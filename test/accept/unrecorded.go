// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// unrecorded returns the name of a table that the statements use and that neither they nor the record define; empty when there is
// none, or when a statement does not parse: then the case runs, and says so.
func unrecorded(statements []string, known map[string]bool) string {
	defined := make(map[string]bool)
	for name := range known {
		defined[strings.Trim(name, "`")] = true
	}
	var parsed []ast.Statement
	for _, text := range statements {
		stmt, err := parse.Statement(text)
		if err != nil {
			return ""
		}
		parsed = append(parsed, stmt)
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CreateTable:
				defined[n.Name.Last()] = true
			case *ast.CreateView:
				defined[n.Name.Last()] = true
			case *ast.Query:
				for i := range n.With {
					defined[n.With[i].Name.Name] = true
				}
			}
			return true
		})
	}
	missing := ""
	need := func(name ast.Name) {
		if len(name.Parts) == 1 && !defined[name.Last()] && missing == "" {
			missing = name.Last()
		}
	}
	for _, stmt := range parsed {
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TableName:
				need(n.Name)
			case *ast.Insert:
				need(n.Target)
			}
			return true
		})
	}
	return missing
}
