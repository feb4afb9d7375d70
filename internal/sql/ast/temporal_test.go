// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast_test

import (
	"testing"

	"spate/internal/sql/ast"
)

func TestCivil(t *testing.T) {
	for _, test := range []struct {
		kind ast.TemporalKind
		text string
		want ast.Civil
		ok   bool
	}{
		{ast.Date, "2020-02-29", ast.Civil{Year: 2020, Month: 2, Day: 29}, true},
		{ast.Date, "2020-2-9", ast.Civil{Year: 2020, Month: 2, Day: 9}, true},
		{ast.Date, "2100-02-29", ast.Civil{}, false},
		{ast.Date, "2020-13-01", ast.Civil{}, false},
		{ast.Date, "2020-00-01", ast.Civil{}, false},
		{ast.Date, "20200101", ast.Civil{}, false},
		{ast.Date, "2020-01-01 00:00:00", ast.Civil{}, false},
		{ast.Date, "12020-01-01", ast.Civil{}, false},
		{ast.Time, "23:59:59", ast.Civil{Year: 1970, Month: 1, Day: 1, Hour: 23, Minute: 59, Second: 59}, true},
		{ast.Time, "00:00:00.5", ast.Civil{Year: 1970, Month: 1, Day: 1, Nanos: 500_000_000, Digits: 1}, true},
		{ast.Time, "24:00:00", ast.Civil{}, false},
		{ast.Time, "12:00", ast.Civil{}, false},
		{ast.Timestamp, "2020-01-02 03:04:05.123456789", ast.Civil{Year: 2020, Month: 1, Day: 2, Hour: 3, Minute: 4, Second: 5, Nanos: 123_456_789, Digits: 9}, true},
		{ast.Timestamp, "2020-01-02T03:04:05", ast.Civil{Year: 2020, Month: 1, Day: 2, Hour: 3, Minute: 4, Second: 5}, true},
		{ast.Timestamp, "2020-01-02", ast.Civil{Year: 2020, Month: 1, Day: 2}, true},
		{ast.Timestamp, "2020-01-02 03:04:05.1234567891", ast.Civil{}, false},
		{ast.Timestamp, "", ast.Civil{}, false},
	} {
		got, ok := (&ast.Temporal{Kind: test.kind, Text: test.text}).Civil()
		if ok != test.ok || ok && got != test.want {
			t.Errorf("%s '%s': got %+v, %t, want %+v, %t", test.kind, test.text, got, ok, test.want, test.ok)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, test := range []struct {
		text     string
		from, to ast.TimeUnit
		want     ast.IntervalValue
		ok       bool
	}{
		{"5", ast.Day, ast.NoUnit, ast.IntervalValue{Millis: 5 * 86400000}, true},
		{"-5", ast.Hour, ast.NoUnit, ast.IntervalValue{Millis: -5 * 3600000}, true},
		{"+ 5", ast.Minute, ast.NoUnit, ast.IntervalValue{Millis: 300000}, true},
		{"1.5", ast.Second, ast.NoUnit, ast.IntervalValue{Millis: 1500}, true},
		{"-0.000001", ast.Second, ast.NoUnit, ast.IntervalValue{Nanos: -1000}, true},
		{"1.5", ast.Day, ast.NoUnit, ast.IntervalValue{}, false},
		{"2", ast.Week, ast.NoUnit, ast.IntervalValue{Millis: 14 * 86400000}, true},
		{"1500", ast.Microsecond, ast.NoUnit, ast.IntervalValue{Millis: 1, Nanos: 500000}, true},
		{"1 02:03:04.567", ast.Day, ast.Second, ast.IntervalValue{Millis: 93784567}, true},
		{"1 02", ast.Day, ast.Hour, ast.IntervalValue{Millis: 93600000}, true},
		{"90:30", ast.Minute, ast.Second, ast.IntervalValue{Millis: 5430000}, true},
		{"1 24", ast.Day, ast.Hour, ast.IntervalValue{}, false},
		{"1:60", ast.Hour, ast.Minute, ast.IntervalValue{}, false},
		{"2-6", ast.Year, ast.Month, ast.IntervalValue{YearMonth: true, Months: 30}, true},
		{"-2-6", ast.Year, ast.Month, ast.IntervalValue{YearMonth: true, Months: -30}, true},
		{"2-12", ast.Year, ast.Month, ast.IntervalValue{}, false},
		{"3", ast.Quarter, ast.NoUnit, ast.IntervalValue{YearMonth: true, Months: 9}, true},
		{"999999999", ast.Year, ast.NoUnit, ast.IntervalValue{}, false},
		{"99999999999999999999", ast.Day, ast.NoUnit, ast.IntervalValue{}, false},
		{"999999999999999999", ast.Week, ast.NoUnit, ast.IntervalValue{}, false},
		{"", ast.Day, ast.NoUnit, ast.IntervalValue{}, false},
		{"x", ast.Day, ast.NoUnit, ast.IntervalValue{}, false},
	} {
		i := &ast.Interval{Text: test.text, Units: ast.IntervalUnits{From: test.from, To: test.to, Precision: -1, Fraction: -1}}
		got, err := i.Decode()
		if (err == nil) != test.ok || test.ok && got != test.want {
			t.Errorf("'%s' %s: got %+v, %v, want %+v", test.text, i.Units, got, err, test.want)
		}
		i.Negative = true
		if neg, err := i.Decode(); err == nil && (neg.Millis != -got.Millis || neg.Months != -got.Months || neg.Nanos != -got.Nanos) {
			t.Errorf("-'%s' %s: got %+v", test.text, i.Units, neg)
		}
	}
}

func TestStyleHidesOptions(t *testing.T) {
	option := func(key, value string) ast.Option {
		return ast.Option{Key: ast.Text{Value: key}, Value: ast.Text{Value: value}}
	}
	table := &ast.CreateTable{
		Name: ast.Name{Parts: []ast.Ident{{Name: "t"}}}, Options: []ast.Option{option("user", "u"), option("password", "p")},
	}
	style := ast.Style{Option: func(key, value string) string {
		if key == "password" {
			return "****"
		}
		return value
	}}
	if got, want := style.Print(table), "CREATE TABLE t WITH ('user' = 'u', 'password' = '****')"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
