// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package fill_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"spate/internal/col/mem"
	"spate/internal/formats/fill"
)

const padding = "xxxxxxxxxxxxxxxxxxxxxxxx"

func TestInt(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		x := r.Int64() >> r.IntN(63)
		if r.IntN(2) == 0 {
			x = -x
		}
		s := strconv.FormatInt(x, 10)
		got, end, ok := fill.Int([]byte(","+s+","+padding), 1)
		digits := len(s)
		if x < 0 {
			digits--
		}
		if ok != (digits <= 18) || ok && (got != x || end != 1+len(s)) {
			t.Fatalf("%s: %d, end %d, %v", s, got, end, ok)
		}
	}
	for _, s := range []string{"", "-", "x", "+1", " 1", "--1"} {
		if _, _, ok := fill.Int([]byte(s+padding), 0); ok {
			t.Errorf("%q is taken for a number", s)
		}
	}
	for s, want := range map[string]int{"007x": 3, "12:": 2, "12/": 2, "1\xff": 1, "999999999999999999,": 18} {
		if _, end, ok := fill.Int([]byte(s+padding), 0); !ok || end != want {
			t.Errorf("%q: end %d, %v", s, end, ok)
		}
	}
	if _, _, ok := fill.Int([]byte("12,34"), 0); ok {
		t.Error("reads beyond the end")
	}
}

func TestClock(t *testing.T) {
	var c fill.Clock
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		at := time.UnixMilli(r.Int64N(4e12) - 1e12).UTC()
		layout := "2006-01-02 15:04:05.000"
		if r.IntN(2) == 0 {
			layout = "2006-01-02 15:04:05"
			at = at.Truncate(time.Second)
		}
		s := at.Format(layout)
		got, end, ok := c.Read([]byte("\""+s+"\""+padding), 1, ' ')
		if !ok || got != at.UnixMilli() || end != 1+len(s) {
			t.Fatalf("%s: %d, want %d, end %d, %v", s, got, at.UnixMilli(), end, ok)
		}
	}
	good := "2020-02-29 23:59:59.123"
	for i := range len(good) {
		for _, b := range []byte{'/', ':', 'x', ' ', '-', 0, 0xB0, 0xFF} {
			if good[i] == b {
				continue
			}
			s := []byte(good + "," + padding)
			s[i] = b
			if _, end, ok := c.Read(s, 0, ' '); ok && (i != 19 || end != 19) {
				t.Errorf("%q is taken", s[:len(good)])
			}
		}
	}
	for _, s := range []string{
		"2021-02-29 00:00:00,", "2020-13-01 00:00:00,", "2020-00-01 00:00:00,", "2020-01-01 24:00:00,", "2020-01-01 00:60:00,",
		"2020-01-01 00:00:60,", "2020-01-01 00:00:00.1234,", "2020-01-01 00:00:00.12,", "2020-01-01 00:00:001,", "2020-01-01T00:00:00,",
	} {
		if _, _, ok := c.Read([]byte(s+padding), 0, ' '); ok {
			t.Errorf("%q is taken", s)
		}
	}
	if _, _, ok := c.Read([]byte("2020-01-01T00:00:00,"+padding), 0, 'T'); !ok {
		t.Error("T is not taken")
	}
}

func TestMatch(t *testing.T) {
	for i := range 8 {
		for j := i; j < 8; j++ {
			for _, c := range []byte{'"', 0, 1, 127, 128, 255} {
				b := []byte{200, 201, 202, 203, 204, 205, 206, 207}
				b[i], b[j] = c, c
				if m := fill.Match(mem.Load64(b, 0), fill.Repeat(c)); m == 0 || fill.First(m) != i {
					t.Errorf("%v: %d is not found at %d", b, c, i)
				}
			}
		}
	}
	for c := range 256 {
		b := []byte(fmt.Sprintf("abc%cefgh", 'd'))
		b[3] = byte(c)
		special := c < 0x20 || c == '"' || c == '\\'
		if m := fill.Special(mem.Load64(b, 0)); (m != 0) != special || m != 0 && fill.First(m) != 3 {
			t.Errorf("character %d", c)
		}
	}
}
