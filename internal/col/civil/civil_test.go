// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package civil_test

import (
	"testing"
	"time"

	"spate/internal/col/civil"
)

func TestAgainstTimePackage(t *testing.T) {
	for d := int64(-900_000); d < 3_000_000; d += 97 {
		w := time.Unix(d*86400, 0).UTC()
		y, m, day := civil.Date(d)
		if y != w.Year() || m != int(w.Month()) || day != w.Day() {
			t.Fatalf("Date(%d) = %d-%d-%d, want %v", d, y, m, day, w)
		}
		if back := civil.Days(y, m, day); back != d {
			t.Fatalf("Days(%d,%d,%d) = %d, want %d", y, m, day, back, d)
		}
		if civil.YearDay(d) != w.YearDay() {
			t.Fatalf("YearDay(%d) = %d, want %d", d, civil.YearDay(d), w.YearDay())
		}
		if wd := (int(w.Weekday())+6)%7 + 1; civil.Weekday(d) != wd {
			t.Fatalf("Weekday(%d) = %d, want %d", d, civil.Weekday(d), wd)
		}
		iy, iw := civil.ISOWeek(d)
		if wy, ww := w.ISOWeek(); iy != wy || iw != ww {
			t.Fatalf("ISOWeek(%d) = %d %d, want %d %d", d, iy, iw, wy, ww)
		}
	}
}

func TestMonths(t *testing.T) {
	day := civil.Days
	for _, c := range []struct{ from, n, want int64 }{
		{day(2020, 1, 31), 1, day(2020, 2, 29)},
		{day(2021, 1, 31), 1, day(2021, 2, 28)},
		{day(2020, 3, 31), -1, day(2020, 2, 29)},
		{day(2020, 2, 29), -12, day(2019, 2, 28)},
		{day(1, 1, 1), -1, day(0, 12, 1)},
		{day(2020, 12, 15), 25, day(2023, 1, 15)},
	} {
		if got := civil.AddMonths(c.from, c.n); got != c.want {
			t.Errorf("AddMonths(%d, %d) = %d, want %d", c.from, c.n, got, c.want)
		}
	}
	for _, c := range []struct{ to, from, want int64 }{
		{day(2020, 2, 29), day(2020, 1, 31), 1},
		{day(2020, 2, 28), day(2020, 1, 31), 0},
		{day(2020, 1, 31), day(2020, 2, 29), -1},
		{day(2019, 1, 1), day(2020, 1, 2), -12},
	} {
		if got := civil.MonthsBetween(c.to, c.from); got != c.want {
			t.Errorf("MonthsBetween(%d, %d) = %d, want %d", c.to, c.from, got, c.want)
		}
	}
}
