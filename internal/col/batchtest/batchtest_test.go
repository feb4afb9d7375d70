// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batchtest_test

import (
	"math/rand/v2"
	"testing"

	"spate/internal/col/batchtest"
)

func TestRoundTrip(t *testing.T) {
	types := batchtest.AllTypes()
	b := batchtest.Random(rand.New(rand.NewPCG(1, 0)), types, 300, 3, true)
	text := batchtest.Format(b)
	if got := batchtest.Format(batchtest.Parse(types, text)); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
}

func TestText(t *testing.T) {
	types := batchtest.Types("INT; STRING; DECIMAL(5, 2); TIMESTAMP(3); ARRAY<STRING>; MAP<STRING, INT>; ROW<a INT, b BOOLEAN>; BYTES; DOUBLE; DATE; TIME(3)")
	b := batchtest.Parse(types, `
		# A comment.
		1 word 1.5 2020-02-29T12:00:00 ['a b', null] {'k' 1, 'l' null} (1 true) x'0a' 1 1969-12-31 00:00:01
		-D -1, 'it''s', -0.05, '2020-02-29 12:00:00.5', [], {}, (null null), x'', NaN, 0001-01-01, 23:59:59.999
		+U null null null null null null null null null null null`)
	want := `+I 1 'word' 1.50 2020-02-29T12:00:00 ['a b' null] {'k' 1 'l' null} (1 true) x'0a' 1.0 1969-12-31 00:00:01
-D -1 'it''s' -0.05 2020-02-29T12:00:00.5 [] {} (null null) x'' NaN 0001-01-01 23:59:59.999
+U null null null null null null null null null null null
`
	if got := batchtest.Format(b); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b.SetSel([]int32{1})
	if got := len(batchtest.Lines(b)); got != 1 {
		t.Errorf("%d lines of one selected row", got)
	}
}

func TestMaterialise(t *testing.T) {
	types := batchtest.Types("INT")
	b := batchtest.Parse(types, "+I 1\n+I 2\n-U 1\n+U 3\n-D 2\n+I 3")
	if got := batchtest.Materialise(b); got != "3\n3\n" {
		t.Errorf("got %q", got)
	}
	if got := batchtest.Materialise(batchtest.Parse(types, "-D 1")); got != "retracted too often: 1\n" {
		t.Errorf("got %q", got)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ types, text string }{
		{"INT", "x"},
		{"INT", "1 2"},
		{"INT; INT", "1"},
		{"STRING", "'a"},
		{"BYTES", "a"},
		{"DECIMAL(5, 2)", "1.234"},
		{"ARRAY<INT>", "[1"},
		{"ROW<a INT>", "(1 2)"},
		{"DATE", "2020"},
		{"BOOLEAN", "maybe"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s takes %q", c.types, c.text)
				}
			}()
			batchtest.Parse(batchtest.Types(c.types), c.text)
		}()
	}
}
