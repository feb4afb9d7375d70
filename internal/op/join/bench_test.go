// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/exprtext"
	"spate/internal/op/join"
	"spate/internal/op/optest"
	"spate/schema"
)

var (
	bidTypes     = "BIGINT NOT NULL; BIGINT NOT NULL; BIGINT NOT NULL; STRING NOT NULL; STRING NOT NULL; TIMESTAMP(3) NOT NULL; STRING NOT NULL"
	auctionTypes = "BIGINT NOT NULL; STRING NOT NULL; STRING NOT NULL; BIGINT NOT NULL; BIGINT NOT NULL; TIMESTAMP(3) NOT NULL;" +
		"TIMESTAMP(3) NOT NULL; BIGINT NOT NULL; BIGINT NOT NULL; STRING NOT NULL"
)

// feed makes batches like those of the benchmark's q20: per 50 events 46 bids on recent auctions and 3 auctions, of which a fifth is in
// the category. Batches are written anew each time, as by a source.
type feed struct {
	rng      *rand.Rand
	bids     *batch.Pool
	auctions *batch.Pool
	next     int64
	text     string
}

func newFeed(rt *optest.Runtime) *feed {
	return &feed{
		rng: rand.New(rand.NewPCG(1, 2)), bids: rt.Pool(batchtest.Types(bidTypes)), auctions: rt.Pool(batchtest.Types(auctionTypes)),
		text: strings.Repeat("abcdefghijklmnopqrstuvwxyz", 8),
	}
}

func (f *feed) bidBatch(n int) *batch.Batch {
	b := f.bids.Get()
	a, d, p, at := batch.Resize[int64](b.Own(0), n), batch.Resize[int64](b.Own(1), n), batch.Resize[int64](b.Own(2), n), batch.Resize[int64](b.Own(5), n)
	for i := range n {
		r := f.rng.Uint64()
		a[i] = f.next - int64(r%100)
		if r>>32&1 == 0 {
			a[i] = f.next / 100 * 100
		}
		d[i], p[i], at[i] = int64(r>>40), int64(r>>20&0xfffff), int64(i)
		b.Own(3).AppendString(f.text[:8])
		b.Own(4).AppendString(f.text[:45])
		b.Own(6).AppendString(f.text[:50+r%36])
	}
	b.SetLen(n)
	return b
}

func (f *feed) auctionBatch(n int) *batch.Batch {
	b := f.auctions.Get()
	var cols [7][]int64
	for k, c := range []int{0, 3, 4, 5, 6, 7, 8} {
		cols[k] = batch.Resize[int64](b.Own(c), n)
	}
	for i := range n {
		f.next += 5
		for k := range cols {
			cols[k][i] = f.next
		}
		b.Own(1).AppendString(f.text[:20])
		b.Own(2).AppendString(f.text[:100])
		b.Own(9).AppendString(f.text[:60])
	}
	b.SetLen(n)
	return b
}

func drain(tb testing.TB, o op.Operator, r op.Result, err error) int {
	tb.Helper()
	rows := 0
	for {
		if err != nil {
			tb.Fatal(err)
		}
		if r.Out != nil {
			rows += r.Out.Rows()
			r.Out.Release()
		}
		if !r.More && !r.Wait {
			return rows
		}
		r, err = o.Continue()
	}
}

func newQ20(tb testing.TB) (op.Operator, *feed) {
	tb.Helper()
	left, right := batchtest.Types(bidTypes), batchtest.Types(auctionTypes)
	spec := &graph.JoinSpec{Kind: graph.Inner, LeftKeys: []int{0}, RightKeys: []int{0}, LeftTypes: left, RightTypes: right}
	return open(tb, spec, left, right)
}

func open(tb testing.TB, spec *graph.JoinSpec, left, right []*schema.Type) (op.Operator, *feed) {
	tb.Helper()
	o, err := join.New(spec, [][]*schema.Type{left, right}, slices.Concat(left, right))
	if err != nil {
		tb.Fatal(err)
	}
	rt := optest.NewRuntime(optest.Options{})
	if err := o.Open(rt); err != nil {
		tb.Fatal(err)
	}
	return o, newFeed(rt)
}

// BenchmarkQ20 joins bids, all of which are kept, with the auctions of one category; per op one batch of bids and its auctions.
func BenchmarkQ20(b *testing.B) {
	o, f := newQ20(b)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		a := f.auctionBatch(batch.MaxRows * 3 / 46 / 5)
		r, err := o.Process(1, a)
		rows += drain(b, o, r, err)
		bids := f.bidBatch(batch.MaxRows)
		r, err = o.Process(0, bids)
		rows += drain(b, o, r, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(batch.MaxRows*50/46), "ns/event")
	b.ReportMetric(float64(rows)/float64(b.N)/(batch.MaxRows*50/46), "rows/event")
}

// BenchmarkFeed is the cost of making the input of BenchmarkQ20.
func BenchmarkFeed(b *testing.B) {
	_, f := newQ20(b)
	for b.Loop() {
		f.auctionBatch(batch.MaxRows * 3 / 46 / 5).Release()
		f.bidBatch(batch.MaxRows).Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(batch.MaxRows*50/46), "ns/event")
}

// BenchmarkQ7 joins bids with the greatest price of windows under a condition on time.
func BenchmarkQ7(b *testing.B) {
	left, right := batchtest.Types(bidTypes), batchtest.Types("BIGINT NOT NULL; TIMESTAMP(3) NOT NULL")
	spec := &graph.JoinSpec{
		Kind: graph.Inner, LeftKeys: []int{2}, RightKeys: []int{0}, LeftTypes: left, RightTypes: right,
		Condition: graph.Box(exprtext.Parse("(<= $5 $8)", slices.Concat(left, right))),
	}
	o, f := open(b, spec, left, right)
	small := batch.NewPool(right, nil)
	b.ReportAllocs()
	for b.Loop() {
		bids := f.bidBatch(batch.MaxRows)
		top := slices.Max(batch.Values[int64](bids.Col(2)))
		r, err := o.Process(0, bids)
		drain(b, o, r, err)
		m := small.Get()
		m.AppendRow(schema.Insert, schema.IntValue(top), schema.IntValue(batch.MaxRows))
		r, err = o.Process(1, m)
		drain(b, o, r, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(batch.MaxRows*50/46), "ns/event")
}

// TestFanOut checks that a row with a thousand matches comes out in many bounded batches, and that a warm probe allocates little.
func TestFanOut(t *testing.T) {
	left, right := batchtest.Types("BIGINT; INT"), batchtest.Types("BIGINT; STRING")
	spec := &graph.JoinSpec{Kind: graph.Left, LeftKeys: []int{0}, RightKeys: []int{0}, LeftTypes: left, RightTypes: right}
	out := outTypes(graph.Left, left, right)
	o, err := join.New(spec, [][]*schema.Type{left, right}, out)
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 2, out, optest.Options{BatchRows: 64})
	if err != nil {
		t.Fatal(err)
	}
	rb := h.RT.Pool(right).Get()
	for i := range 1000 {
		rb.AppendRow(schema.Insert, schema.IntValue(7), schema.StringValue(strings.Repeat("y", i%40)))
	}
	if err := h.Process(1, rb); err != nil {
		t.Fatal(err)
	}
	lb := h.RT.Pool(left).Get()
	for i := range 50 {
		lb.AppendRow(schema.Insert, schema.IntValue(7), schema.IntValue(int64(i)))
	}
	if err := h.Process(0, lb); err != nil {
		t.Fatal(err)
	}
	if h.Rows != 50_000 || h.Outputs < 50_000/64 {
		t.Errorf("%d rows in %d batches", h.Rows, h.Outputs)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}
