// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestLargeStatements: statements of a megabyte, deep ones and wide ones are planned in a time that does not explode.
func TestLargeStatements(t *testing.T) {
	numbers := func(n int, sep string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strconv.Itoa(1_000_000 + i)
		}
		return strings.Join(parts, sep)
	}
	columns := make([]string, 1000)
	for i := range columns {
		columns[i] = "a + " + strconv.Itoa(i) + " AS c" + strconv.Itoa(i)
	}
	ors := make([]string, 5000)
	for i := range ors {
		ors[i] = "a = " + strconv.Itoa(i) + " AND b > " + strconv.Itoa(i)
	}
	rows := make([]string, 20_000)
	for i := range rows {
		rows[i] = "(" + strconv.Itoa(i) + ", 'name " + strconv.Itoa(i) + "')"
	}
	for name, text := range map[string]string{
		"a megabyte of IN":    "SELECT a FROM t WHERE a IN (" + numbers(130_000, ", ") + ")",
		"nested parentheses":  "SELECT " + strings.Repeat("(", 1000) + "a" + strings.Repeat(")", 1000) + " FROM t",
		"nested calls":        "SELECT " + strings.Repeat("ABS(", 1000) + "a" + strings.Repeat(")", 1000) + " FROM t",
		"a long sum":          "SELECT a + " + numbers(5000, " + ") + " FROM t",
		"many columns":        "SELECT " + strings.Join(columns, ", ") + " FROM t",
		"a long OR":           "SELECT a FROM t WHERE " + strings.Join(ors, " OR "),
		"many rows of VALUES": "SELECT * FROM (VALUES " + strings.Join(rows, ", ") + ") AS v (n, m)",
		"nested sub-queries":  "SELECT a FROM " + strings.Repeat("(SELECT a FROM ", 200) + "t" + strings.Repeat(")", 200),
		"many unions":         "SELECT a FROM t" + strings.Repeat(" UNION ALL SELECT a FROM t", 500),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession()
			run(t, s, "CREATE TABLE t (a INT, b BIGINT) WITH ('connector' = 'fake')")
			start := time.Now()
			r, err := s.Execute(text)
			if err != nil {
				t.Fatal(err.Error()[:min(300, len(err.Error()))])
			}
			if r.Job == nil {
				t.Fatal("no job")
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Logf("%d bytes in %v", len(text), took)
			}
		})
	}
}
