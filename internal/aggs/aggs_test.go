// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package aggs_test

import (
	"strings"
	"testing"

	"spate/internal/aggs"
	"spate/schema"
)

func TestInfer(t *testing.T) {
	for _, c := range []struct{ fn, args, want string }{
		{"COUNT", "", "BIGINT NOT NULL"},
		{"count", "INT; STRING", "BIGINT NOT NULL"},
		{"SUM", "INT", "INT"},
		{"SUM", "TINYINT NOT NULL", "TINYINT NOT NULL"},
		{"SUM", "DECIMAL(10, 2)", "DECIMAL(38, 2)"},
		{"SUM", "FLOAT", "FLOAT"},
		{"SUM", "STRING", "SUM: the argument must be a number"},
		{"$SUM0", "BIGINT", "BIGINT"},
		{"AVG", "INT NOT NULL", "INT NOT NULL"},
		{"AVG", "DECIMAL(10, 2)", "DECIMAL(38, 6)"},
		{"AVG", "DECIMAL(20, 8)", "DECIMAL(38, 8)"},
		{"AVG", "INT; INT", "AVG takes another number of arguments"},
		{"MIN", "TIMESTAMP(3)", "TIMESTAMP(3)"},
		{"MAX", "ARRAY<INT>", "MAX: the argument must have an order"},
		{"FIRST_VALUE", "ROW<a INT>", "ROW<`a` INT>"},
		{"STDDEV", "DOUBLE", "DOUBLE"},
		{"LISTAGG", "VARCHAR(5); CHAR(1)", "VARCHAR(2147483647)"},
		{"COLLECT", "INT", "MULTISET<INT> NOT NULL"},
		{"ARRAY_AGG", "INT", "ARRAY<INT>"},
		{"MEDIAN", "INT", "MEDIAN is no aggregate function"},
	} {
		var args []*schema.Type
		if c.args != "" {
			for a := range strings.SplitSeq(c.args, ";") {
				ty, err := schema.ParseType(strings.TrimSpace(a))
				if err != nil {
					t.Fatal(err)
				}
				args = append(args, ty)
			}
		}
		got, err := aggs.Infer(c.fn, args, false)
		var text string
		if err != nil {
			text = err.Error()
		} else {
			text = got.String()
		}
		if !strings.HasPrefix(text, c.want) || err == nil && text != c.want {
			t.Errorf("%s(%s): %s, want %s", c.fn, c.args, text, c.want)
		}
	}
}
