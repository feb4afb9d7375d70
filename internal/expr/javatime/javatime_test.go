// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javatime_test

import (
	"testing"

	"spate/internal/col/text"
	"spate/internal/expr/javatime"
)

func micros(t *testing.T, s string) (int64, int16) {
	t.Helper()
	us, ns, ok := text.ParseTimestamp([]byte(s), 9)
	if !ok {
		t.Fatalf("bad time %s", s)
	}
	return us, ns
}

func TestFormat(t *testing.T) {
	const at = "2021-03-07 05:06:09.012345678"
	for _, c := range []struct {
		d         javatime.Dialect
		pat, want string
	}{
		{javatime.DateTime, "yyyy-MM-dd HH:mm:ss", "2021-03-07 05:06:09"},
		{javatime.DateTime, "yy/M/d H:m:s", "21/3/7 5:6:9"},
		{javatime.DateTime, "MMM MMMM MMMMM E EEEE", "Mar March M Sun Sunday"},
		{javatime.DateTime, "SSS SSSSSS SSSSSSSSS n", "012 012345 012345678 12345678"},
		{javatime.DateTime, "hh a kk K D", "05 AM 05 5 66"},
		{javatime.DateTime, "yyyy-MM-dd'T'HH''mm", "2021-03-07T05'06"},
		{javatime.DateTime, "[yyyy]['x']", "2021x"},
		{javatime.DateTime, "Q QQQ QQQQ G", "1 Q1 1st quarter AD"},
		{javatime.DateTime, "年yyyy", "年2021"},
		{javatime.Simple, "yyyy-MM-dd HH:mm:ss.SSS", "2021-03-07 05:06:09.012"},
		{javatime.Simple, "yy y S E EEEE u Z X z", "21 2021 12 Sun Sunday 7 +0000 Z UTC"},
	} {
		f, err := javatime.Compile(c.pat, c.d)
		if err != nil {
			t.Errorf("%s: %v", c.pat, err)
			continue
		}
		us, ns := micros(t, at)
		tm := javatime.Of(us, ns)
		if got, err := f.Append(nil, &tm); err != nil || string(got) != c.want {
			t.Errorf("%s gives %q (%v), want %q", c.pat, got, err, c.want)
		}
	}
	for _, bad := range []string{"yyyy-bb", "'x", "ddd", "{", "]"} {
		if _, err := javatime.Compile(bad, javatime.DateTime); err == nil {
			t.Errorf("%s compiles", bad)
		}
	}
}

func TestFormatterKeepsNothingStale(t *testing.T) {
	f, _ := javatime.Compile("yyyy-MM-dd HH:mm", javatime.DateTime)
	m := javatime.NewFormatter(f)
	for _, s := range []string{
		"1970-01-01 00:00:59", "1970-01-01 00:01:00", "1970-01-01 00:01:59.999999", "1969-12-31 23:59:59.999999", "1969-12-31 23:59:00", "1969-12-31 23:58:59.9",
	} {
		us, ns := micros(t, s)
		if got, _ := m.Format(us, ns); string(got) != s[:16] {
			t.Errorf("%s formats as %s", s, got)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		d             javatime.Dialect
		pat, in, want string
	}{
		{javatime.DateTime, "yyyy-MM-dd HH:mm:ss", "2021-03-07 05:06:09", "2021-03-07 05:06:09.000000000"},
		{javatime.DateTime, "yyyyMMddHHmmss", "20210307050609", "2021-03-07 05:06:09.000000000"},
		{javatime.DateTime, "yyyy-MM-dd", "2021-02-31", "2021-02-28 00:00:00.000000000"},
		{javatime.DateTime, "SSSSSSS", "1234567", "1970-01-01 00:00:00.123456700"},
		{javatime.DateTime, "yyyyMMdd mm:ss.SSSSSSS", "20000202 59:59.1234567", "2000-02-02 00:59:59.123456700"},
		{javatime.DateTime, "dd MMM yyyy hh:mm a", "07 Mar 2021 05:06 PM", "2021-03-07 17:06:00.000000000"},
		{javatime.DateTime, "yyyy-MM-dd", "2021-03-07x", ""},
		{javatime.DateTime, "yyyy-MM-dd", "2021-3-7", ""},
		{javatime.DateTime, "yyyy-MM-dd", "2021-13-01", ""},
		{javatime.DateTime, "yyyy-MM-dd[ HH:mm]", "2021-03-07", "2021-03-07 00:00:00.000000000"},
		{javatime.Simple, "yyyy-MM-dd HH:mm:ss", "2021-3-7 5:6:9 and more", "2021-03-07 05:06:09.000000000"},
		{javatime.Simple, "yyyy-MM-dd", "2021-13-32", "2022-02-01 00:00:00.000000000"},
		{javatime.Simple, "yyyyMMdd", "20210307", "2021-03-07 00:00:00.000000000"},
		{javatime.Simple, "yyyy/MM/dd HH:mm:ss.S", "2015/07/24 10:00:00.5", "2015-07-24 10:00:00.005000000"},
		{javatime.Simple, "yyyy-MM-dd", "x", ""},
	} {
		f, err := javatime.Compile(c.pat, c.d)
		if err != nil {
			t.Errorf("%s: %v", c.pat, err)
			continue
		}
		r, ok := f.Parse([]byte(c.in))
		if ok != (c.want != "") {
			t.Errorf("%q by %q: ok = %v", c.in, c.pat, ok)
			continue
		}
		if got := string(text.AppendTimestampNanos(nil, r.Micros, r.Nanos, 9)); ok && got != c.want {
			t.Errorf("%q by %q is %s, want %s", c.in, c.pat, got, c.want)
		}
	}
}

func BenchmarkFormatter(b *testing.B) {
	b.ReportAllocs()
	f, _ := javatime.Compile("yyyy-MM-dd HH:mm", javatime.DateTime)
	m := javatime.NewFormatter(f)
	us := int64(0)
	for b.Loop() {
		us += 1000
		if _, err := m.Format(us, 0); err != nil {
			b.Fatal(err)
		}
	}
}
