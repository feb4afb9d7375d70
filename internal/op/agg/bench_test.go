// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"spate/batch"
	"spate/internal/aggs"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/agg"
	"spate/internal/op/optest"
	"spate/internal/sys/invariant"
	"spate/schema"
)

// TestEveryFunction demands an accumulator for each declared function.
func TestEveryFunction(t *testing.T) {
	for _, f := range aggs.All() {
		in := []*schema.Type{schema.TypeInt}
		if f.Name == "LISTAGG" {
			in[0] = schema.TypeString
		}
		ty, err := aggs.Infer(f.Name, in, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, retract := range []bool{false, true} {
			call := graph.AggCall{Fn: f.Name, Args: []int{0}, Filter: -1, Type: ty}
			if _, err := agg.Compile([]graph.AggCall{call}, in, agg.Options{Retract: retract}); err != nil {
				t.Error(err)
			}
		}
	}
}

// auctions are the columns of a running aggregate per auction and day: auction, day, price, and three filters.
var auctions = batchtest.Types("BIGINT; STRING; BIGINT; BOOLEAN; BOOLEAN; BOOLEAN")

// perAuction is eight aggregates per auction and day.
func perAuction(tb testing.TB, updateBefore bool) (op.Operator, []*schema.Type) {
	tb.Helper()
	cs, err := calls("COUNT(); COUNT() filter=3; COUNT() filter=4; COUNT() filter=5; MIN(2); MAX(2); AVG(2); SUM(2)", auctions)
	if err != nil {
		tb.Fatal(err)
	}
	spec := &graph.GroupAggSpec{Keys: []int{0, 1}, Aggs: cs, UpdateBefore: updateBefore}
	out := []*schema.Type{auctions[0], auctions[1]}
	for _, c := range cs {
		out = append(out, c.Type)
	}
	o, err := agg.New(spec, auctions, out)
	if err != nil {
		tb.Fatal(err)
	}
	return o, out
}

// fill writes a batch of n bids. Half of them go to a hot auction, the others to one of keys.
func fill(b *batch.Batch, rng *rand.Rand, n, keys int) {
	id := batch.Resize[int64](b.Own(0), n)
	price := batch.Resize[int64](b.Own(2), n)
	hot := int64(rng.IntN(keys))
	for i := range n {
		id[i] = hot
		if rng.IntN(2) == 0 {
			id[i] = int64(rng.IntN(keys))
		}
		price[i] = int64(rng.IntN(10_000_000))
		b.Own(1).AppendString("2021-07-15")
		b.Own(3).AppendBool(price[i] < 10_000)
		b.Own(4).AppendBool(price[i] >= 10_000 && price[i] < 1_000_000)
		b.Own(5).AppendBool(price[i] >= 1_000_000)
	}
	b.SetLen(n)
}

// feed shares prepared batches out again and again.
type feed struct {
	batches []*batch.Batch
	at      int
}

func newFeed(types []*schema.Type, n int, fill func(b *batch.Batch)) *feed {
	f := &feed{}
	for range n {
		b := batch.New(types)
		fill(b)
		f.batches = append(f.batches, b)
	}
	return f
}

func (f *feed) next() *batch.Batch {
	b := f.batches[f.at%len(f.batches)]
	f.at++
	b.Share(1)
	return b
}

func BenchmarkPerAuction(b *testing.B) {
	for _, keys := range []int{1000, 100_000, 4_000_000} {
		for _, size := range []int{64, 4096} {
			b.Run(fmt.Sprintf("keys=%d/batch=%d", keys, size), func(b *testing.B) {
				o, out := perAuction(b, true)
				h, err := optest.NewHarness(o, 1, out, optest.Options{})
				if err != nil {
					b.Fatal(err)
				}
				rng := rand.New(rand.NewPCG(1, 2))
				f := newFeed(auctions, max(8, 2*min(keys, 2_000_000)/size), func(b *batch.Batch) { fill(b, rng, size, keys) })
				for range f.batches {
					if err := h.Process(0, f.next()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportAllocs()
				n := 0
				cpu := optest.StartCPU()
				for b.Loop() {
					if err := h.Process(0, f.next()); err != nil {
						b.Fatal(err)
					}
					n += size
				}
				cpu.Report(b, n)
			})
		}
	}
}

// TestNoAllocations runs the aggregate in its steady state.
func TestNoAllocations(t *testing.T) {
	if invariant.Enabled {
		t.Skip("only release builds are free of cost")
	}
	o, out := perAuction(t, true)
	h, err := optest.NewHarness(o, 1, out, optest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	f := newFeed(auctions, 8, func(b *batch.Batch) { fill(b, rng, 4096, 1000) })
	step := func() {
		if err := h.Process(0, f.next()); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		step()
	}
	if n := testing.AllocsPerRun(20, step); n > 0 {
		t.Errorf("%v allocations per batch", n)
	}
}
