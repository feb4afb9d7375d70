// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/optest"
	"spate/internal/op/topn"
	"spate/schema"
)

const bidTypes = "BIGINT NOT NULL; BIGINT NOT NULL; BIGINT NOT NULL; STRING NOT NULL; STRING NOT NULL; TIMESTAMP(3) NOT NULL; STRING NOT NULL"

// feed makes batches of bids like those of the benchmark: half of them on a hot auction, the others on one of a hundred recent ones.
type feed struct {
	rng  *rand.Rand
	pool *batch.Pool
	at   int64
	text string
}

func (f *feed) bids(n int) *batch.Batch {
	b := f.pool.Get()
	var cols [4][]int64
	for k, c := range []int{0, 1, 2, 5} {
		cols[k] = batch.Resize[int64](b.Own(c), n)
	}
	for i := range n {
		r := f.rng.Uint64()
		f.at++
		auction := f.at / 15
		if r&1 == 0 {
			cols[0][i] = auction / 100 * 100
		} else {
			cols[0][i] = auction - int64(r>>8%100)
		}
		cols[1][i] = int64(r >> 20 % 1000)
		if r>>1&3 != 0 {
			cols[1][i] = auction / 100
		}
		cols[2][i], cols[3][i] = int64(r>>40), f.at/10
		b.Own(3).AppendString(f.text[:8])
		b.Own(4).AppendString(f.text[:45])
		b.Own(6).AppendString(f.text[:50+r%36])
	}
	b.SetLen(n)
	return b
}

// specs are the Top-N of the benchmark's queries.
var specs = []struct {
	name string
	spec graph.TopNSpec
}{
	{"q18", graph.TopNSpec{Partition: []int{1, 0}, Sort: []graph.SortKey{{Col: 5, Desc: true}}, Start: 1, End: 1, UpdateBefore: true}},
	{"q19", graph.TopNSpec{Partition: []int{0}, Sort: []graph.SortKey{{Col: 2, Desc: true}}, Start: 1, End: 10, OutputRank: true, UpdateBefore: true}},
	{"q19-per-row", graph.TopNSpec{
		Partition: []int{0}, Sort: []graph.SortKey{{Col: 2, Desc: true}}, Start: 1, End: 10, OutputRank: true, UpdateBefore: true,
		Bundle: graph.Bundle{PerRow: true},
	}},
	{"latest-per-key-retract", graph.TopNSpec{
		Partition: []int{0}, Sort: []graph.SortKey{{Col: 2, Desc: true}}, Start: 1, End: 3, Retract: true, UpdateBefore: true,
	}},
}

func BenchmarkTopN(b *testing.B) {
	for _, s := range specs {
		b.Run(s.name, func(b *testing.B) {
			in := batchtest.Types(bidTypes)
			in[5] = in[5].WithAttr(schema.RowTime)
			o, err := topn.New(&s.spec, [][]*schema.Type{in}, outTypes(&s.spec, in))
			if err != nil {
				b.Fatal(err)
			}
			rt := optest.NewRuntime(optest.Options{})
			if err := o.Open(rt); err != nil {
				b.Fatal(err)
			}
			f := &feed{rng: rand.New(rand.NewPCG(1, 2)), pool: rt.Pool(in), text: strings.Repeat("abcdefghijklmnopqrstuvwxyz", 8)}
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				r, err := o.Process(0, f.bids(batch.MaxRows))
				rows += drain(b, o, r, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch.MaxRows, "ns/row")
			b.ReportMetric(float64(rows)/float64(b.N)/batch.MaxRows, "rows/row")
		})
	}
}

func BenchmarkFeed(b *testing.B) {
	in := batchtest.Types(bidTypes)
	f := &feed{rng: rand.New(rand.NewPCG(1, 2)), pool: batch.NewPool(in, nil), text: strings.Repeat("abcdefghijklmnopqrstuvwxyz", 8)}
	for b.Loop() {
		f.bids(batch.MaxRows).Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch.MaxRows, "ns/row")
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
