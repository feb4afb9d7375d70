// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/expr"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expectations anew")

// repeated is how often rows are repeated to span several words of a bitmap.
const repeated = 33

// table is the table that expressions are computed over.
type table struct {
	columns []column
	rows    [][]schema.Value
}

func (tb *table) types() []*schema.Type {
	types := make([]*schema.Type, len(tb.columns))
	for i, c := range tb.columns {
		types[i] = c.t
	}
	return types
}

// batchOf makes a batch of the rows, times over.
func (tb *table) batchOf(times int) *batch.Batch {
	b := batch.New(tb.types())
	for range times {
		for _, r := range tb.rows {
			b.AppendRow(schema.Insert, r...)
		}
	}
	return b
}

// constants makes a batch of n rows like row i, in constant columns.
func (tb *table) constants(i, n int) *batch.Batch {
	b := batch.New(tb.types())
	b.AppendRow(schema.Insert, tb.rows[i]...)
	for k := range tb.columns {
		b.Col(k).SetConst(n)
	}
	b.SetLen(n)
	return b
}

// parseTable reads `a INT; b STRING` and lines of rows.
func parseTable(head, rows string) *table {
	tb := &table{}
	for part := range strings.SplitSeq(head, ";") {
		name, typ, _ := strings.Cut(strings.TrimSpace(part), " ")
		tb.columns = append(tb.columns, column{name, batchtest.Types(typ)[0]})
	}
	b := batchtest.Parse(tb.types(), rows)
	for i := range b.Len() {
		tb.rows = append(tb.rows, b.Row(i))
	}
	return tb
}

// TestForms runs the files of testdata.
func TestForms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runFile(t, file) })
	}
}

func runFile(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var tb *table
	blocks := strings.Split("\n"+string(text), "\n-- ")
	for i, block := range blocks {
		head, body, _ := strings.Cut(block, "\n")
		kind, rest, _ := strings.Cut(head, " ")
		switch {
		case i == 0:
		case kind == "table":
			tb = parseTable(rest, body)
		case kind == "expr" && tb != nil:
			got := tb.check(t, rest)
			if want := strings.TrimRight(body, "\n"); got != want && !*rewrite {
				t.Errorf("%s gives\n%s\nwant\n%s", rest, got, want)
			}
			blocks[i] = head + "\n" + got + "\n"
		default:
			t.Fatalf("%s: unknown block %q", file, head)
		}
	}
	if *rewrite {
		if err := os.WriteFile(file, []byte(strings.Join(blocks, "\n-- ")[1:]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// check computes an expression in all forms, compares them, and returns the texts of the rows as lines.
func (tb *table) check(t *testing.T, sql string) string {
	t.Helper()
	e, err := bound(sql, tb.columns)
	if err != nil {
		return "ERROR " + err.Error()
	}
	want, failing := make([]string, len(tb.rows)), false
	all := tb.batchOf(1)
	for i := range tb.rows {
		all.SetSel([]int32{int32(i)})
		want[i] = strings.Join(texts(e, all), "")
		failing = failing || strings.HasPrefix(want[i], "ERROR ")
		for _, n := range []int{1, repeated} {
			got := texts(e, tb.constants(i, n))
			if len(got) != n && !strings.HasPrefix(want[i], "ERROR ") || slices.ContainsFunc(got, func(s string) bool { return s != want[i] }) {
				t.Errorf("%s on %d constants of row %d gives %q, want %q", sql, n, i, got, want[i])
			}
		}
	}
	if failing {
		if got := texts(e, tb.batchOf(1)); len(got) != 1 || !slices.Contains(want, got[0]) {
			t.Errorf("%s on all rows gives %q, want one of the errors of %q", sql, got, want)
		}
		return lines(want)
	}
	many := slices.Repeat(want, repeated)
	b := tb.batchOf(repeated)
	same(t, sql+" on all rows", texts(e, b), many)
	var sel []int32
	var selected []string
	for i := 0; i < len(many); i += 1 + i%3 {
		sel, selected = append(sel, int32(i)), append(selected, many[i])
	}
	b.SetSel(sel)
	same(t, sql+" on a selection", texts(e, b), selected)
	return lines(want)
}

// lines writes texts one a line, those that begin or end with a space, or are empty, in quotes.
func lines(texts []string) string {
	shown := make([]string, len(texts))
	for i, s := range texts {
		if shown[i] = s; s == "" || strings.TrimSpace(s) != s {
			shown[i] = "'" + s + "'"
		}
	}
	return strings.Join(shown, "\n")
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: value %d is %q, want %q", what, i, got[i], want[i])
			return
		}
	}
}

// texts computes an expression; an error is one text.
func texts(e expr.Expr, b *batch.Batch) []string {
	got, err := evaluate(e, b)
	if failed, ok := errors.AsType[*expr.EvalError](err); ok {
		return []string{"ERROR " + failed.Reason}
	}
	if err != nil {
		return []string{"ERROR " + err.Error()}
	}
	return got
}
