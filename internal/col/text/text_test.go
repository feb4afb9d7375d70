// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text_test

import (
	"math"
	"testing"

	"spate/internal/col/decimal"
	"spate/internal/col/text"
)

func TestAppendDouble(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{1, "1.0"},
		{-1.5, "-1.5"},
		{0.001, "0.001"},
		{0.00099, "9.9E-4"},
		{1e7, "1.0E7"},
		{9999999, "9999999.0"},
		{12345678.9, "1.23456789E7"},
		{1e100, "1.0E100"},
		{math.MaxFloat64, "1.7976931348623157E308"},
		{1.739274941520501e18, "1.73927494152050099E18"},
		{4.727839468229346e18, "4.7278394682293463E18"},
		{1 << 53, "9.007199254740992E15"},
		{1 << 62, "4.6116860184273879E18"},
		{1e18, "1.0E18"},
		{5e-324, "4.9E-324"},
		{2e-3, "0.002"},
		{3e-5, "3.0E-5"},
		{math.NaN(), "NaN"},
		{math.Inf(-1), "-Infinity"},
	} {
		if got := string(text.AppendDouble(nil, c.f)); got != c.want {
			t.Errorf("%v prints as %s, want %s", c.f, got, c.want)
		}
	}
	if got := string(text.AppendFloat(nil, 3.4028235e38)); got != "3.4028235E38" {
		t.Errorf("float prints as %s", got)
	}
	if got := string(text.AppendFloat(nil, 0.1)); got != "0.1" {
		t.Errorf("float prints as %s", got)
	}
}

func TestParseDouble(t *testing.T) {
	for in, want := range map[string]float64{
		"1": 1, "\x201.5\x20": 1.5, "1e3": 1000, "1d": 1, "1.5F": 1.5, "-Infinity": math.Inf(-1), "1e999": math.Inf(1), ".5": 0.5, "5.": 5, "0x1p3": 8,
	} {
		if got, ok := text.ParseDouble([]byte(in)); !ok || got != want {
			t.Errorf("ParseDouble(%q) = %v %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", " ", "inf", "nan", "1_000", "1x", "--1", "Infinityx", "d"} {
		if got, ok := text.ParseDouble([]byte(in)); ok {
			t.Errorf("ParseDouble(%q) = %v, want failure", in, got)
		}
	}
}

func TestTimestamps(t *testing.T) {
	for _, c := range []struct {
		in   string
		p    int
		want string // As printed with the precision; "" when malformed.
	}{
		{"2020-01-02 03:04:05.678", 3, "2020-01-02 03:04:05.678"},
		{"2020-1-2 3:4:5", 0, "2020-01-02 03:04:05"},
		{"2020-01-02", 3, "2020-01-02 00:00:00.000"},
		{"2020-01-02 03:04:05.123456789", 9, "2020-01-02 03:04:05.123456789"},
		{"2020-01-02 03:04:05.123456789", 6, "2020-01-02 03:04:05.123456"},
		{"2020-01-02 03:04:05.1", 0, "2020-01-02 03:04:05"},
		{"1969-12-31 23:59:59.999999999", 9, "1969-12-31 23:59:59.999999999"},
		{"0001-01-01 00:00:00", 3, "0001-01-01 00:00:00.000"},
		{"2020-02-30 00:00:00", 3, "2020-02-29 00:00:00.000"},
		{"2020-02-32 00:00:00", 3, ""},
		{"2020-01-02 24:00:00", 3, ""},
		{"2020-01-02T03:04:05", 3, ""},
		{"2020-01-02 03:04", 3, ""},
		{"20-01-02", 3, ""},
		{"2020-01-02 03:04:05x", 3, ""},
		{"", 3, ""},
	} {
		us, ns, ok := text.ParseTimestamp([]byte(c.in), c.p)
		if ok != (c.want != "") {
			t.Errorf("ParseTimestamp(%q) ok = %v", c.in, ok)
			continue
		}
		if got := string(text.AppendTimestampNanos(nil, us, ns, c.p)); ok && got != c.want {
			t.Errorf("ParseTimestamp(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestDatesAndTimes(t *testing.T) {
	for in, want := range map[string]string{
		"2020-01-02": "2020-01-02", "2020-1": "2020-01-01", "2020": "2020-01-01", "2017-12-12 09:30:00.0": "2017-12-12", "2020- 2 -3": "",
		"2020-13-01": "", "2021-02-29": "", "x": "", "10000-01-01": "",
	} {
		days, ok := text.ParseDate([]byte(in))
		if ok != (want != "") {
			t.Errorf("ParseDate(%q) ok = %v", in, ok)
		} else if got := string(text.AppendDate(nil, days)); ok && got != want {
			t.Errorf("ParseDate(%q) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"12:34:56": "12:34:56.0", "1:2:3.5": "01:02:03.5", "12:34:56.7891": "12:34:56.789", "12": "12:00:00.0", "12:34": "12:34:00.0",
		"24:00:00": "", "12:60:00": "", "": "", "12:00:00+01:00": "13:00:00.0",
	} {
		ms, ok := text.ParseTime([]byte(in))
		if ok != (want != "") {
			t.Errorf("ParseTime(%q) ok = %v", in, ok)
		} else if got := string(text.AppendTime(nil, ms, 3)); ok && got != want {
			t.Errorf("ParseTime(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestParseInt(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "-9223372036854775808": math.MinInt64, "9223372036854775807": math.MaxInt64, "+12": 12} {
		if got, ok := text.ParseInt([]byte(in)); !ok || got != want {
			t.Errorf("ParseInt(%q) = %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "-", "9223372036854775808", "-9223372036854775809", "99999999999999999999999", "1 ", "1.0"} {
		if got, ok := text.ParseInt([]byte(in)); ok {
			t.Errorf("ParseInt(%q) = %d, want failure", in, got)
		}
	}
}

func TestIntervals(t *testing.T) {
	if got := string(text.AppendYearMonth(nil, -14)); got != "-1-02" {
		t.Errorf("months print as %s", got)
	}
	if got := string(text.AppendDayTime(nil, 86400000+3723004)); got != "+1 01:02:03.004" {
		t.Errorf("milliseconds print as %s", got)
	}
}

func TestZeroAllocation(t *testing.T) {
	buf := make([]byte, 0, 128)
	ts, dec, dbl := []byte("2020-01-02 03:04:05.123456"), []byte("123456.789"), []byte("1234.5678")
	if n := testing.AllocsPerRun(100, func() {
		us, ns, _ := text.ParseTimestamp(ts, 6)
		buf = text.AppendTimestampNanos(buf[:0], us, ns, 6)
		x, _ := text.ParseDecimal(dec, 20, 3)
		buf = text.AppendDecimal(buf[:0], x, 3)
		f, _ := text.ParseDouble(dbl)
		buf = text.AppendDouble(buf[:0], f)
		days, _ := text.ParseDate(ts)
		buf = text.AppendDate(buf[:0], days)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParseTimestamp(b *testing.B) {
	b.ReportAllocs()
	s := []byte("2020-01-02 03:04:05.123")
	for b.Loop() {
		text.ParseTimestamp(s, 3)
	}
}

func BenchmarkAppendTimestampMillis(b *testing.B) {
	b.ReportAllocs()
	var buf [64]byte
	for b.Loop() {
		text.AppendTimestampMillis(buf[:0], 1577934245123, 3)
	}
}

func BenchmarkAppendDecimal(b *testing.B) {
	b.ReportAllocs()
	var buf [64]byte
	x := decimal.Mul64(1<<40, 908)
	for b.Loop() {
		text.AppendDecimal(buf[:0], x, 3)
	}
}
