// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"time"
)

const hour = Millis(3600_000)

// Zone converts between instants and the local time of a zone, both in milliseconds: windows over TIMESTAMP_LTZ align to local time.
// It remembers the offset that it used last, so it belongs to one goroutine.
type Zone struct {
	loc        *time.Location // Nil: UTC.
	from, to   Millis         // The instants at which offset holds.
	offset     Millis
	hasDST     bool
	rangeKnown bool
}

// NewZone returns the zone of an IANA name or an offset such as GMT+08:00; "" and UTC convert nothing.
func NewZone(name string) (*Zone, error) {
	if name == "" || name == "UTC" {
		return &Zone{}, nil
	}
	loc, err := LoadZone(name)
	if err != nil {
		return nil, err
	}
	return &Zone{loc: loc, hasDST: observesDST(loc)}, nil
}

// LoadZone returns the location of an IANA name, or of an offset: GMT+08:00, UTC-3, +05:30.
func LoadZone(name string) (*time.Location, error) {
	if loc, err := time.LoadLocation(name); err == nil {
		return loc, nil
	}
	text := name
	for _, p := range []string{"GMT", "UTC", "UT"} {
		if len(text) > len(p) && text[:len(p)] == p {
			text = text[len(p):]
			break
		}
	}
	for _, layout := range []string{"-07:00", "-7:00", "-07", "-7"} {
		if t, err := time.Parse(layout, text); err == nil {
			_, seconds := t.Zone()
			return time.FixedZone(name, seconds), nil
		}
	}
	return nil, fmt.Errorf("time zone %q is unknown", name)
}

// observesDST tells whether clocks were moved in the zone in the years that time zone rules of today come from.
func observesDST(loc *time.Location) bool {
	for year := 2000; year < 2040; year++ {
		if time.Date(year, 1, 1, 0, 0, 0, 0, loc).IsDST() || time.Date(year, 7, 1, 0, 0, 0, 0, loc).IsDST() {
			return true
		}
	}
	return false
}

// UTC tells whether local times are instants.
func (z *Zone) UTC() bool { return z.loc == nil }

// offsetAt returns the offset at an instant.
func (z *Zone) offsetAt(at Millis) Millis {
	if z.rangeKnown && at >= z.from && at < z.to {
		return z.offset
	}
	t := time.UnixMilli(int64(at)).In(z.loc)
	start, end := t.ZoneBounds()
	z.from, z.to, z.rangeKnown = MinWatermark, MaxWatermark, true
	if !start.IsZero() {
		z.from = Millis(start.UnixMilli())
	}
	if !end.IsZero() {
		z.to = Millis(end.UnixMilli())
	}
	_, seconds := t.Zone()
	z.offset = Millis(seconds) * 1000
	return z.offset
}

// Local returns the local time of an instant.
func (z *Zone) Local(at Millis) Millis {
	if z.loc == nil || at == MaxWatermark || at == MinWatermark {
		return at
	}
	return at + z.offsetAt(at)
}

// Instant returns the instant of a local time: the earlier one when there are two, and as many minutes after the gap as the time is
// inside it when there is none.
func (z *Zone) Instant(local Millis) Millis {
	if z.loc == nil || local == MaxWatermark || local == MinWatermark {
		return local
	}
	// The offsets a day before and a day after: zones do not change twice in two days.
	const day = 24 * hour
	before, after := z.offsetAt(local-day), z.offsetAt(local+day)
	early := local - before
	if before == after || z.offsetAt(early) == before {
		return early
	}
	if late := local - after; z.offsetAt(late) == after {
		return late
	}
	return early
}

// Timer returns the instant at which a timer for a local time is due: the later one when there are two, and the end of the gap when
// there is none.
func (z *Zone) Timer(local Millis) Millis {
	t1 := z.Instant(local)
	if z.loc == nil || !z.hasDST || local == MaxWatermark || local == MinWatermark {
		return t1
	}
	t2 := z.Instant(local + hour)
	switch {
	case t1 == t2:
		return t1 - floorMod(t1, hour)
	case t2-t1 > hour:
		return t1 + hour
	}
	return t1
}
