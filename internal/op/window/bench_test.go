// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op/optest"
	"spate/internal/op/window"
	"spate/internal/sys/invariant"
	"spate/schema"
)

var bids = batchtest.Types("TIMESTAMP(3); BIGINT; BIGINT")

// harness runs a windowed aggregation of bids.
func harness(tb testing.TB, keys, aggregates, win string, opt optest.Options) *optest.Harness {
	tb.Helper()
	w, props := parseWindow(win)
	spec := &graph.WindowAggSpec{Keys: ints(keys), Window: w, Props: props, Aggs: calls(aggregates, bids)}
	var out []*schema.Type
	for _, k := range spec.Keys {
		out = append(out, bids[k])
	}
	for _, a := range spec.Aggs {
		out = append(out, a.Type)
	}
	for range props {
		out = append(out, schema.NewTimestamp(3).NotNull())
	}
	o, err := window.NewAggregate(spec, bids, out)
	if err != nil {
		tb.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, out, opt)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// stream makes bids like those of an auction house: half of them for a hot auction, the others for one of about a hundred that move
// on as time does.
type stream struct {
	pool *batch.Pool
	rng  *rand.Rand
	n    int64 // Bids so far.
}

func newStream() *stream {
	return &stream{pool: batch.NewPool(bids, nil), rng: rand.New(rand.NewPCG(1, 2))}
}

// rate is the number of bids in a millisecond of event time.
const rate = 92

func (s *stream) batch(size int) *batch.Batch {
	b := s.pool.Get()
	at := batch.Resize[int64](b.Own(0), size)
	id := batch.Resize[int64](b.Own(1), size)
	price := batch.Resize[int64](b.Own(2), size)
	for i := range size {
		n := s.n + int64(i)
		at[i] = n / rate
		newest := n * 3 / 46
		id[i] = newest - newest%100
		r := s.rng.Uint64()
		if r&1 == 0 {
			id[i] = newest - int64(r>>32%100)
		}
		price[i] = int64(r >> 40)
	}
	s.n += int64(size)
	b.SetLen(size)
	return b
}

func (s *stream) run(tb testing.TB, h *optest.Harness, size int) {
	tb.Helper()
	if err := h.Process(0, s.batch(size)); err != nil {
		tb.Fatal(err)
	}
	if err := h.Watermark(flow.Millis(s.n/rate - 4000)); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkWindows(b *testing.B) {
	for _, c := range []struct{ name, keys, aggs, win string }{
		{"source", "", "", ""},
		{"tumble-max", "", "MAX(2)", "TUMBLE size=10000"},
		{"tumble-count-by-auction", "1", "COUNT()", "TUMBLE size=10000"},
		{"hop-count-by-auction", "1", "COUNT()", "HOP size=10000 slide=2000"},
		{"cumulate-count-by-auction", "1", "COUNT()", "CUMULATE size=10000 slide=2000"},
		{"session-count-by-auction", "1", "COUNT()", "SESSION size=10000"},
	} {
		for _, size := range []int{64, 4096} {
			b.Run(fmt.Sprintf("%s/batch=%d", c.name, size), func(b *testing.B) {
				s := newStream()
				n := 0
				cpu := optest.StartCPU()
				if c.win == "" {
					for b.Loop() {
						s.batch(size).Release()
						n += size
					}
					cpu.Report(b, n)
					return
				}
				h := harness(b, c.keys, c.aggs, c.win, optest.Options{})
				for s.n < 30_000*rate {
					s.run(b, h, size)
				}
				b.ReportAllocs()
				cpu = optest.StartCPU()
				for b.Loop() {
					s.run(b, h, size)
					n += size
				}
				cpu.Report(b, n)
			})
		}
	}
}

// TestNoAllocations runs windows in their steady state, firing included.
func TestNoAllocations(t *testing.T) {
	if invariant.Enabled {
		t.Skip("only release builds are free of cost")
	}
	for _, win := range []string{"TUMBLE size=100", "HOP size=100 slide=20", "CUMULATE size=100 slide=20", "SESSION size=50"} {
		h := harness(t, "1", "COUNT(); MAX(2)", win, optest.Options{})
		s := newStream()
		for s.n < 6_000*rate {
			s.run(t, h, 4096)
		}
		n := testing.AllocsPerRun(100, func() { s.run(t, h, 4096) })
		if n > 1 {
			t.Errorf("%s: %v allocations per batch of 4096 rows", win, n)
		}
	}
}
