// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"spate/internal/flow"
)

// TestSlices compares with windows that are listed one by one.
func TestSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		kind := rng.IntN(3)
		slide := flow.Millis(1 + rng.IntN(12))
		size := slide * flow.Millis(1+rng.IntN(5))
		offset := flow.Millis(rng.IntN(20) - 10)
		var s flow.Slices
		var windows [][2]flow.Millis // Start and end of all that could matter.
		switch kind {
		case 0:
			s = flow.Tumbling(size, offset)
		case 1:
			size = flow.Millis(1 + rng.IntN(40))
			s = flow.Hopping(size, slide, offset)
		default:
			s = flow.Cumulating(size, slide, offset)
		}
		for k := flow.Millis(-200); k < 200; k++ {
			switch kind {
			case 0:
				windows = append(windows, [2]flow.Millis{offset + k*size, offset + k*size + size})
			case 1:
				windows = append(windows, [2]flow.Millis{offset + k*slide, offset + k*slide + size})
			default:
				for e := slide; e <= size; e += slide {
					windows = append(windows, [2]flow.Millis{offset + k*size, offset + k*size + e})
				}
			}
		}
		at := flow.Millis(rng.IntN(200) - 100)
		slice := s.Of(at)
		var want, got []flow.Millis
		for _, w := range windows {
			if at >= w[0] && at < w[1] {
				want = append(want, w[1])
				if s.Start(w[1]) != w[0] {
					t.Fatalf("%+v: window %d starts at %d, want %d", s, w[1], s.Start(w[1]), w[0])
				}
				if first := s.FirstSlice(w[1]); first <= w[0] || first > w[1] {
					t.Fatalf("%+v: the first slice of %v is %d", s, w, first)
				}
			}
		}
		for e := s.First(slice); e <= s.Last(slice); e = s.Next(e) {
			got = append(got, e)
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d lies in windows %v, want %v", s, at, got, want)
		}
	}
}

func millis(t *testing.T, text string) flow.Millis {
	t.Helper()
	x, err := time.Parse("2006-01-02T15:04:05Z07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return flow.Millis(x.UnixMilli())
}

func TestZone(t *testing.T) {
	for _, c := range []struct{ zone, local, instant, timer string }{
		{"UTC", "2021-03-14T01:30:00Z", "2021-03-14T01:30:00Z", "2021-03-14T01:30:00Z"},
		{"Asia/Shanghai", "2021-03-14T01:30:00Z", "2021-03-13T17:30:00Z", "2021-03-13T17:30:00Z"},
		{"GMT-08:00", "2021-03-14T01:30:00Z", "2021-03-14T09:30:00Z", "2021-03-14T09:30:00Z"},
		// Clocks go forward at 2: 02:30 is not there.
		{"America/Los_Angeles", "2021-03-14T01:59:59Z", "2021-03-14T09:59:59Z", "2021-03-14T09:59:59Z"},
		{"America/Los_Angeles", "2021-03-14T02:30:00Z", "2021-03-14T10:30:00Z", "2021-03-14T10:00:00Z"},
		{"America/Los_Angeles", "2021-03-14T03:00:00Z", "2021-03-14T10:00:00Z", "2021-03-14T10:00:00Z"},
		// Clocks go back at 2: 01:30 is there twice.
		{"America/Los_Angeles", "2021-11-07T00:59:59Z", "2021-11-07T07:59:59Z", "2021-11-07T07:59:59Z"},
		{"America/Los_Angeles", "2021-11-07T01:30:00Z", "2021-11-07T08:30:00Z", "2021-11-07T09:30:00Z"},
		{"America/Los_Angeles", "2021-11-07T02:00:00Z", "2021-11-07T10:00:00Z", "2021-11-07T10:00:00Z"},
	} {
		z, err := flow.NewZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		local := millis(t, c.local)
		if got := z.Instant(local); got != millis(t, c.instant) {
			t.Errorf("%s: %s is %s, want %s", c.zone, c.local, time.UnixMilli(int64(got)).UTC(), c.instant)
		}
		if got := z.Timer(local); got != millis(t, c.timer) {
			t.Errorf("%s: timer of %s is at %s, want %s", c.zone, c.local, time.UnixMilli(int64(got)).UTC(), c.timer)
		}
	}
	if _, err := flow.NewZone("Nowhere/Atall"); err == nil {
		t.Error("an unknown zone was accepted")
	}
}

// TestLocal compares with package time around every change of a few zones.
func TestLocal(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata"} {
		z, err := flow.NewZone(name)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2022; at = at.Add(30 * time.Minute) {
			_, offset := at.In(loc).Zone()
			local := z.Local(flow.Millis(at.UnixMilli()))
			if local != flow.Millis(at.UnixMilli()+int64(offset)*1000) {
				t.Fatalf("%s: local time of %v is off", name, at)
			}
			back := z.Instant(local)
			if back != flow.Millis(at.UnixMilli()) && z.Local(back) != local {
				t.Fatalf("%s: %v comes back as %d", name, at, back)
			}
		}
	}
}
