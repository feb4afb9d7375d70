// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // The zones belong to the binary: functions must not depend on the machine.

	"spate/internal/col/civil"
	"spate/internal/col/text"
)

// LoadZone returns a time zone by the names that Java knows: IANA regions, UTC, GMT+8, UTC+08:00, +08:00.
func LoadZone(name string) (*time.Location, error) {
	rest := name
	for _, p := range []string{"UTC", "GMT", "UT"} {
		if cut, ok := strings.CutPrefix(name, p); ok {
			rest = cut
			break
		}
	}
	if rest == "" || rest == "Z" {
		return time.UTC, nil
	}
	if rest[0] == '+' || rest[0] == '-' {
		if seconds, ok := parseOffset(rest); ok {
			return time.FixedZone(name, seconds), nil
		}
		return nil, fmt.Errorf("time zone %q is unknown", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("time zone %q is unknown", name)
	}
	return loc, nil
}

// parseOffset reads +h, +hh, +hh:mm, +hhmm and +hh:mm:ss.
func parseOffset(s string) (int, bool) {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	parts := strings.Split(s[1:], ":")
	if len(parts) == 1 && len(parts[0]) == 4 {
		parts = []string{parts[0][:2], parts[0][2:]}
	}
	total, unit := 0, 3600
	for i, p := range parts {
		n, ok := text.ParseInt([]byte(p))
		if !ok || n < 0 || len(p) > 2 || i > 2 || i > 0 && (n > 59 || len(p) != 2) || i == 0 && n > 18 {
			return 0, false
		}
		total += int(n) * unit
		unit /= 60
	}
	return sign * total, true
}

// clock converts between instants and the wall clock of a zone, remembering the present offset. It belongs to one kernel.
type clock struct {
	loc        *time.Location
	utc        bool
	start, end int64 // Seconds: the last offset holds for start <= t < end.
	offset     int64
}

func newClock(loc *time.Location) *clock {
	return &clock{loc: loc, utc: loc == nil || loc == time.UTC, end: -1}
}

// offsetAt returns the zone's offset in seconds at an instant in seconds.
func (c *clock) offsetAt(sec int64) int64 {
	if c.utc {
		return 0
	}
	if sec >= c.start && sec < c.end {
		return c.offset
	}
	t := time.Unix(sec, 0).In(c.loc)
	_, off := t.Zone()
	c.offset = int64(off)
	c.start, c.end = sec, sec+1
	if from, to := t.ZoneBounds(); true {
		const far = int64(1) << 60
		c.start, c.end = -far, far
		if !from.IsZero() {
			c.start = from.Unix()
		}
		if !to.IsZero() {
			c.end = to.Unix()
		}
	}
	return c.offset
}

// local returns the wall clock at an instant, both in microseconds.
func (c *clock) local(micros int64) int64 {
	if c.utc {
		return micros
	}
	return micros + c.offsetAt(civil.FloorDiv(micros, 1_000_000))*1_000_000
}

// instant returns the instant of a wall clock, both in microseconds. In a gap the wall clock is moved on by its length; in an overlap
// the earlier instant counts, as in java.time.
func (c *clock) instant(micros int64) int64 {
	if c.utc {
		return micros
	}
	sec := civil.FloorDiv(micros, 1_000_000)
	// The offsets a day before and after surround any transition.
	before, after := c.offsetAt(sec-86400), c.offsetAt(sec+86400)
	off := before
	if before != after {
		// Before the transition's local time the old offset holds; in a gap the old one too, in an overlap the old one (the earlier instant).
		if c.offsetAt(sec-before) != before {
			off = after
			if c.offsetAt(sec-after) != after {
				off = before // A gap.
			}
		}
	} else if o := c.offsetAt(sec - before); o != before && c.offsetAt(sec-o) == o {
		off = o
	}
	return micros - off*1_000_000
}
