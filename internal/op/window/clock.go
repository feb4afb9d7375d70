// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/schema"
)

// clock reads the times of rows and tells when windows are due. Windows live in local time when they align to a zone.
type clock struct {
	spec   *graph.Window
	zone   *flow.Zone
	slices flow.Slices
}

func newClock(w *graph.Window) (*clock, error) {
	z, err := flow.NewZone(w.Zone)
	if err != nil {
		return nil, err
	}
	c := &clock{spec: w, zone: z}
	size, slide, offset := flow.Millis(w.Size), flow.Millis(w.Slide), flow.Millis(w.Offset)
	if size <= 0 && !w.Attached {
		return nil, fmt.Errorf("the size of a window must be positive, not %d", size)
	}
	switch w.Kind {
	case graph.Tumble:
		c.slices = flow.Tumbling(size, offset)
	case graph.Hop, graph.Cumulate:
		if slide <= 0 {
			return nil, fmt.Errorf("the slide or step of a window must be positive, not %d", slide)
		}
		c.slices = flow.Hopping(size, slide, offset)
		if w.Kind == graph.Cumulate {
			c.slices = flow.Cumulating(size, slide, offset)
		}
	case graph.Session:
	default:
		return nil, fmt.Errorf("unknown kind of window %s", w.Kind)
	}
	return c, nil
}

// due returns the event or processing time at which a window that ends at end fires. Processing time must have passed the last
// millisecond of the window: rows may still come in it.
func (c *clock) due(end flow.Millis) flow.Millis {
	at := c.zone.Timer(end - 1)
	if c.spec.ProcTime {
		at++
	}
	return at
}

// slack bounds how far the order of windows and the order in which they are due may be apart.
func (c *clock) slack() flow.Millis {
	if c.zone.UTC() {
		return 0
	}
	return 3 * 3600 * 1000
}

// errNullTime is Flink's message.
var errNullTime = errors.New("RowTime field should not be null, please convert it to a non-null long value")

// times reads the time of rows in milliseconds of the windows' clock into dst; now stands for the processing time.
func (c *clock) times(b *batch.Batch, rows []int32, now flow.Millis, dst []flow.Millis) error {
	if c.spec.ProcTime {
		at := c.zone.Local(now)
		for k := range dst {
			dst[k] = at
		}
		return nil
	}
	v := b.Col(c.spec.TimeCol)
	if hasNull(v, rows) {
		return errNullTime
	}
	readMillis(v, rows, dst)
	if !c.zone.UTC() {
		for k, at := range dst {
			dst[k] = c.zone.Local(at)
		}
	}
	return nil
}

// hasNull tells whether a row is NULL.
func hasNull(v *batch.Vector, rows []int32) bool {
	if !v.HasNulls() {
		return false
	}
	for _, at := range rows {
		if v.IsNull(int(at)) {
			return true
		}
	}
	return false
}

// readMillis reads timestamps of any precision as milliseconds.
func readMillis(v *batch.Vector, rows []int32, dst []flow.Millis) {
	vals := batch.Values[int64](v)
	if v.Physical() == schema.PhysInt64 && v.Type().Precision <= 3 {
		for k, at := range rows {
			dst[k] = flow.Millis(vals[at])
		}
		return
	}
	for k, at := range rows {
		x := vals[at]
		m := x / 1000
		if x%1000 < 0 {
			m--
		}
		dst[k] = flow.Millis(m)
	}
}

// appendMillis appends a timestamp in milliseconds to a column of any precision, n times.
func appendMillis(v *batch.Vector, at flow.Millis, n int) {
	if v.Physical() == schema.PhysTime9 {
		for range n {
			v.AppendTime9(int64(at)*1000, 0)
		}
		return
	}
	x := int64(at)
	if v.Type().Precision > 3 {
		x *= 1000
	}
	n0 := v.Len()
	d := batch.Resize[int64](v, n0+n)[n0:]
	for k := range d {
		d[k] = x
	}
}

// props appends the properties of a window that spans from start to end, n times.
func (c *clock) props(props []graph.WindowProp, start, end flow.Millis, n int, into []*batch.Vector) {
	for i, p := range props {
		at := start
		switch p {
		case graph.WindowStart:
		case graph.WindowEnd:
			at = end
		case graph.WindowTime:
			at = end - 1
			if into[i].Type().Root == schema.TimestampLTZ {
				at = c.zone.Instant(at)
			}
		}
		appendMillis(into[i], at, n)
	}
}
