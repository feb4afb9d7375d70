// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark_test

import (
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

func onlyKind(scan *connector.Scan, op connector.Op, kind int64) *connector.Scan {
	scan.Filters = []connector.Filter{{Path: []int{0}, Op: op, Value: schema.IntValue(kind)}}
	return scan
}

// scans are the scans of the benchmark's queries: what each reads of an event.
var scans = []struct {
	name string
	scan func() *connector.Scan
}{
	{"AllColumns", everything},
	{"BidsAllColumns", func() *connector.Scan {
		return onlyKind(scanOf(path(3, 0), path(3, 1), path(3, 2), path(3, 3), path(3, 4), path(3, 5), path(3, 6)), connector.Eq, 2)
	}},
	{"BidsNumeric", func() *connector.Scan {
		return onlyKind(scanOf(path(3, 0), path(3, 1), path(3, 2), path(3, 5)), connector.Eq, 2)
	}},
	{"BidsAuction", func() *connector.Scan { return onlyKind(scanOf(path(3, 0), path(3, 5)), connector.Eq, 2) }},
	{"BidsURL", func() *connector.Scan { return onlyKind(scanOf(path(3, 4)), connector.Eq, 2) }},
	{"BidsChannel", func() *connector.Scan { return onlyKind(scanOf(path(3, 3)), connector.Eq, 2) }},
	{"BidsExtra", func() *connector.Scan { return onlyKind(scanOf(path(3, 6)), connector.Eq, 2) }},
	{"PersonsAndAuctions", func() *connector.Scan {
		return onlyKind(scanOf(path(0), path(1, 0), path(1, 1), path(1, 6), path(2, 7), path(2, 5)), connector.Ne, 2)
	}},
	{"Nothing", func() *connector.Scan { return onlyKind(scanOf(path(0)), connector.Gt, 2) }},
}

// BenchmarkNexmark measures the source alone; ns/event counts all events, filtered out or not.
func BenchmarkNexmark(b *testing.B) {
	for _, c := range scans {
		for _, group := range []string{"1", "100"} {
			name := c.name
			if group != "1" {
				name += "OutOfOrder"
			}
			b.Run(name, func(b *testing.B) {
				s := open(b, connector.Options{"out-of-order.group-size": group, "first-event.rate": "100000"})
				scan := c.scan()
				r := reader(b, s, scan, 0, 1, nil)
				pool := batch.NewPool(scan.Types, nil)
				b.ReportAllocs()
				for b.Loop() {
					x := pool.Get()
					if _, err := r.Next(x, batch.MaxRows); err != nil {
						b.Fatal(err)
					}
					x.Release()
				}
				left, err := r.Snapshot()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events(b, left)), "ns/event")
			})
		}
	}
}

func TestNoAllocations(t *testing.T) {
	for _, c := range scans {
		s := open(t, connector.Options{"out-of-order.group-size": "10"})
		scan := c.scan()
		r := reader(t, s, scan, 0, 1, nil)
		pool := batch.NewPool(scan.Types, nil)
		next := func() {
			b := pool.Get()
			if _, err := r.Next(b, batch.MaxRows); err != nil {
				t.Fatal(err)
			}
			b.Release()
		}
		for range 5 {
			next()
		}
		if n := testing.AllocsPerRun(20, next); n > 0 {
			t.Errorf("%s: %v allocations a batch", c.name, n)
		}
	}
}
