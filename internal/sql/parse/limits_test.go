// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse_test

import (
	"errors"
	"strings"
	"testing"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sys/errs"
)

// nested returns statements of n nested things, by the kind of thing.
func nested(n int) map[string]string {
	rep := strings.Repeat
	return map[string]string{
		"parentheses":   "SELECT " + rep("(", n) + "1" + rep(")", n),
		"operators":     "SELECT " + rep("(1 + ", n) + "1" + rep(")", n),
		"logic":         "SELECT " + rep("(a OR b AND NOT c = ", n) + "1" + rep(")", n),
		"rows":          "SELECT " + rep("(1, ", n) + "1" + rep(")", n),
		"calls":         "SELECT " + rep("f(", n) + "1" + rep(")", n),
		"special calls": "SELECT " + rep("TRIM(", n) + "'a'" + rep(")", n),
		"casts":         "SELECT " + rep("CAST(", n) + "1" + rep(" AS INT)", n),
		"cases":         "SELECT " + rep("CASE WHEN TRUE THEN ", n) + "1" + rep(" END", n),
		"arrays":        "SELECT " + rep("ARRAY[", n) + "1" + rep("]", n),
		"indexes":       "SELECT " + rep("a[", n) + "1" + rep("]", n),
		"nots":          "SELECT " + rep("NOT ", n) + "TRUE",
		"signs":         "SELECT " + rep("- ", n) + "1",
		"subqueries":    "SELECT " + rep("(SELECT ", n) + "1" + rep(")", n),
		"queries":       rep("(", n) + "SELECT 1" + rep(")", n),
		"unions":        rep("(SELECT 1 UNION ALL ", n) + "SELECT 1" + rep(")", n),
		"tables":        rep("SELECT * FROM (", n) + "SELECT 1" + rep(")", n),
		"table parens":  "SELECT * FROM " + rep("(", n) + "t" + rep(")", n),
		"joins":         "SELECT * FROM " + rep("(t CROSS JOIN ", n) + "t" + rep(")", n),
		"types":         "SELECT CAST(a AS " + rep("ARRAY<", n) + "INT" + rep(">", n) + ")",
		"postfix types": "SELECT CAST(a AS INT" + rep(" ARRAY", n) + ")",
		"in lists":      "SELECT " + rep("1 IN (", n) + "1" + rep(")", n),
		"exists":        rep("SELECT EXISTS (", n) + "SELECT 1" + rep(")", n),
		"sets":          "SELECT 1 GROUP BY " + rep("GROUPING SETS (", n) + "()" + rep(")", n),
		"over":          rep("SELECT SUM(1) OVER (ORDER BY (", n) + "SELECT 1" + rep("))", n),
		"with":          rep("WITH a AS (", n) + "SELECT 1" + rep(") SELECT 1", n),
		"explains":      rep("EXECUTE ", n) + "SELECT 1",
		"intervals":     "SELECT " + rep("INTERVAL (", n) + "1" + rep(") DAY", n),
		"patterns":      "SELECT * FROM t MATCH_RECOGNIZE (PATTERN (" + rep("(", n) + "A" + rep(")", n) + ") DEFINE A AS TRUE)",
	}
}

func TestDepth(t *testing.T) {
	for name, src := range nested(1000) {
		s, err := parse.Statement(src)
		if err != nil {
			t.Errorf("1,000 nested %s: %.300s", name, err)
			continue
		}
		// Printing recurses as well, and what it prints parses again.
		if _, err := parse.Statement(ast.Print(s)); err != nil {
			t.Errorf("1,000 nested %s, printed: %.300s", name, err)
		}
	}
	for name, src := range nested(50_000) {
		_, err := parse.Statement(src)
		if !errors.Is(err, errs.LimitExceeded) {
			t.Errorf("50,000 nested %s: got %.200v, want a limit error", name, err)
		}
	}
}

// chains are statements of n repeated things at one level.
func chains(n int) map[string]string {
	rep := strings.Repeat
	return map[string]string{
		"sums":       "SELECT 1" + rep(" + 1", n),
		"unions":     "SELECT 1" + rep(" UNION ALL SELECT 1", n),
		"joins":      "SELECT * FROM t" + rep(" CROSS JOIN t", n),
		"commas":     "SELECT * FROM t" + rep(", t", n),
		"indexes":    "SELECT a" + rep("[1]", n),
		"fields":     "SELECT f(1)" + rep(".a", n),
		"tests":      "SELECT a" + rep(" IS TRUE", n),
		"likes":      "SELECT a" + rep(" LIKE a", n),
		"comparison": "SELECT a" + rep(" = a", n),
	}
}

func TestHeight(t *testing.T) {
	for name, src := range chains(10_000) {
		if _, err := parse.Statement(src); err != nil {
			t.Errorf("10,000 %s: %.300s", name, err)
		}
	}
	for name, src := range chains(30_000) {
		if _, err := parse.Statement(src); !errors.Is(err, errs.LimitExceeded) {
			t.Errorf("30,000 %s: got %.200v, want a limit error", name, err)
		}
	}
}

// TestBig parses statements of a megabyte and more that are wide, not deep.
func TestBig(t *testing.T) {
	rep := strings.Repeat
	for name, src := range map[string]string{
		"values":  "INSERT INTO t VALUES (0, 'x')" + rep(",\n(123, 'some text', 1.5, NULL, DATE '2020-01-01')", 25_000),
		"or":      "SELECT * FROM t WHERE a = 1" + rep(" OR a = 1 AND b = 2", 60_000),
		"in":      "SELECT * FROM t WHERE a IN (0" + rep(", 12345", 150_000) + ")",
		"select":  "SELECT 0" + rep(", a + b AS c", 100_000) + " FROM t",
		"string":  "SELECT '" + rep("x''y\n", 300_000) + "'",
		"comment": "SELECT /*" + rep(" comment\n", 120_000) + "*/ 1",
		"columns": "CREATE TABLE t (c0 INT" + rep(", col ROW<a INT, b STRING>", 50_000) + ")",
		"script":  rep("INSERT INTO t SELECT a FROM b WHERE c = 'd';\n", 25_000),
	} {
		if len(src) < 1_000_000 {
			t.Errorf("%s: %d bytes are too few", name, len(src))
		}
		list, err := parse.Statements(src)
		if err != nil {
			t.Errorf("%s: %.300s", name, err)
			continue
		}
		if name != "script" {
			if _, err := parse.Statement(ast.Print(list[0])); err != nil {
				t.Errorf("%s, printed: %.300s", name, err)
			}
		}
	}
	if _, err := parse.Statements(rep(" ", parse.MaxText+1)); !errors.Is(err, errs.LimitExceeded) {
		t.Errorf("a text beyond the limit: got %v", err)
	}
}

// TestStatementText shows that the range of a statement is its own text.
func TestStatementText(t *testing.T) {
	src := "-- head\nSELECT 1 -- tail\n;; /* c */ INSERT INTO t\n  SELECT 'ü;' ; BEGIN STATEMENT SET; INSERT INTO t SELECT 1; END; \n"
	list, err := parse.Statements(src)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"SELECT 1", "INSERT INTO t\n  SELECT 'ü;'", "BEGIN STATEMENT SET; INSERT INTO t SELECT 1; END"}
	if len(list) != len(want) {
		t.Fatalf("got %d statements, want %d", len(list), len(want))
	}
	for i, s := range list {
		if got := s.Range().Text(src); got != want[i] {
			t.Errorf("statement %d: got %q, want %q", i, got, want[i])
		}
	}
	if got := list[2].Range().Start; got.Line != 4 || got.Col != 17 {
		t.Errorf("the third statement starts at %d:%d, want 4:17", got.Line, got.Col)
	}
}

// TestStatementsBeforeAnError shows that what is right before an error is returned with it.
func TestStatementsBeforeAnError(t *testing.T) {
	list, err := parse.Statements("SELECT 1; SELECT 2; SELEC 3; SELECT 4")
	if len(list) != 2 || !errors.Is(err, errs.InvalidSyntax) || !errors.Is(err, errs.User) {
		t.Errorf("got %d statements and %v", len(list), err)
	}
}
