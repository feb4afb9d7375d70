// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package exchange_test

import (
	"slices"
	"testing"

	"spate/batch"
	"spate/internal/exchange"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/schema"
)

var types = []*schema.Type{schema.TypeBigInt, schema.TypeString}

// rows makes a batch of (from, "x"), (from+1, "x"), ...
func rows(p *batch.Pool, from, n int) *batch.Batch {
	b := p.Get()
	for i := range n {
		b.AppendRow(schema.Insert, schema.IntValue(int64(from+i)), schema.StringValue("x"))
	}
	return b
}

// wire makes the sending side of an edge to n gates of one channel each.
func wire(ship graph.Ship, n int) (*exchange.Output, []*exchange.Gate, exchange.Signal) {
	wake := exchange.NewSignal()
	var targets []exchange.Target
	var gates []*exchange.Gate
	for range n {
		g := exchange.NewGate([]int{0}, exchange.NewSignal())
		gates = append(gates, g)
		targets = append(targets, exchange.Target{Gate: g})
	}
	return exchange.NewOutput(exchange.OutputConfig{
		Partitioning: graph.Partitioning{Ship: ship, Keys: []int{0}}, Types: types, Parallelism: 1, MaxParallelism: 128,
		Targets: targets, Wake: wake, Views: batch.NewPool(types, nil),
	}), gates, wake
}

// drain returns the first column of all rows in a gate, releasing the batches.
func drain(t *testing.T, g *exchange.Gate) []int64 {
	t.Helper()
	var got []int64
	for {
		e, _, _, ok := g.Poll()
		if !ok {
			return got
		}
		if e.Kind != exchange.Data {
			continue
		}
		if sel := e.Batch.Sel(); sel != nil {
			for _, i := range sel {
				got = append(got, batch.Values[int64](e.Batch.Col(0))[i])
			}
		} else {
			got = append(got, batch.Values[int64](e.Batch.Col(0))...)
		}
		e.Batch.Release()
	}
}

func TestHashSendsEachKeyToOneTargetInOrder(t *testing.T) {
	o, gates, _ := wire(graph.Hash, 3)
	p := batch.NewPool(types, nil)
	p.Poison()
	home := map[int64]int{}
	for round := range 3 {
		b := rows(p, 0, 1000)
		if round == 2 { // Every second row.
			sel := b.SelBuf(500)
			for i := range sel {
				sel[i] = int32(2 * i)
			}
			b.SetSel(sel)
		}
		if err := o.Put(b); err != nil {
			t.Fatal(err)
		}
		total := 0
		for i, g := range gates {
			got := drain(t, g)
			total += len(got)
			if !slices.IsSorted(got) {
				t.Fatalf("target %d: rows out of order", i)
			}
			for _, k := range got {
				if h, seen := home[k]; seen && h != i {
					t.Fatalf("key %d went to %d and to %d", k, h, i)
				}
				home[k] = i
			}
			if round == 0 && (len(got) < 200 || len(got) > 500) {
				t.Errorf("target %d got %d of 1000 keys", i, len(got))
			}
		}
		if want := []int{1000, 1000, 500}[round]; total != want {
			t.Fatalf("round %d: %d rows arrived, want %d", round, total, want)
		}
	}
}

func TestShipping(t *testing.T) {
	for _, c := range []struct {
		ship graph.Ship
		want [][]int64
	}{
		{graph.Global, [][]int64{{0, 1, 2, 3}, nil}},
		{graph.Rebalance, [][]int64{{0, 1}, {2, 3}}},
		{graph.Broadcast, [][]int64{{0, 1, 2, 3}, {0, 1, 2, 3}}},
	} {
		o, gates, _ := wire(c.ship, 2)
		p := batch.NewPool(types, nil)
		for i := range 2 {
			if err := o.Put(rows(p, 2*i, 2)); err != nil {
				t.Fatal(err)
			}
		}
		for i, g := range gates {
			if got := drain(t, g); !slices.Equal(got, c.want[i]) {
				t.Errorf("%s: target %d got %v, want %v", c.ship, i, got, c.want[i])
			}
		}
	}
}

func TestRescaleKeepsToItsShare(t *testing.T) {
	for _, c := range []struct {
		senders, targets int
		want             [][]int // By sender.
	}{
		{2, 4, [][]int{{0, 1}, {2, 3}}},
		{4, 2, [][]int{{0}, {0}, {1}, {1}}},
		{2, 3, [][]int{{0}, {1, 2}}},
	} {
		for s := range c.senders {
			var gates []*exchange.Gate
			var targets []exchange.Target
			for range c.targets {
				g := exchange.NewGate([]int{0}, exchange.NewSignal())
				gates, targets = append(gates, g), append(targets, exchange.Target{Gate: g})
			}
			o := exchange.NewOutput(exchange.OutputConfig{
				Partitioning: graph.Partitioning{Ship: graph.Rescale}, Types: types, Subtask: s, Parallelism: c.senders,
				MaxParallelism: 128, Targets: targets, Wake: exchange.NewSignal(), Views: batch.NewPool(types, nil),
			})
			p := batch.NewPool(types, nil)
			for i := range c.targets {
				if err := o.Put(rows(p, i, 1)); err != nil {
					t.Fatal(err)
				}
			}
			var got []int
			for i, g := range gates {
				if len(drain(t, g)) > 0 {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, c.want[s]) {
				t.Errorf("%d senders, %d targets: sender %d reached %v, want %v", c.senders, c.targets, s, got, c.want[s])
			}
		}
	}
}

func TestCreditIsBoundedAndComesBack(t *testing.T) {
	o, gates, wake := wire(graph.Forward, 1)
	p := batch.NewPool(types, nil)
	sent := 0
	for !o.Blocked() {
		if err := o.Put(rows(p, sent, 1)); err != nil {
			t.Fatal(err)
		}
		if sent++; sent > 100 {
			t.Fatal("the channel takes any number of batches")
		}
	}
	o.PutControl(exchange.Element{Kind: exchange.Mark, Mark: 7})
	if o.Flush() {
		t.Fatal("sent without credit")
	}
	select {
	case <-wake:
		t.Fatal("woken without credit")
	default:
	}
	if e, _, _, ok := gates[0].Poll(); !ok || e.Kind != exchange.Data {
		t.Fatalf("got %v, %v", e, ok)
	}
	<-wake
	if !o.Flush() {
		t.Fatal("credit came back, but not all was sent")
	}
	var last exchange.Element
	for {
		e, _, _, ok := gates[0].Poll()
		if !ok {
			break
		}
		last = e
	}
	if last.Kind != exchange.Mark || last.Mark != 7 {
		t.Errorf("the watermark overtook rows: last element %+v", last)
	}
}

func TestWatermarkIsTheLeastOfActiveChannels(t *testing.T) {
	g := exchange.NewGate([]int{0, 0, 1}, exchange.NewSignal())
	expect := func(w flow.Watermark, rose bool, want flow.Watermark) {
		t.Helper()
		if want == 0 && rose || want != 0 && (!rose || w != want) {
			t.Errorf("got %d, %v; want %d", w, rose, want)
		}
	}
	w, rose := g.Advance(0, 10)
	expect(w, rose, 0)
	w, rose = g.Advance(1, 20)
	expect(w, rose, 0)
	w, rose = g.Advance(2, 5)
	expect(w, rose, 5)
	w, rose, all := g.SetIdle(2, true)
	expect(w, rose, 10)
	if all {
		t.Error("two channels are active")
	}
	w, rose = g.Advance(0, flow.MaxWatermark)
	expect(w, rose, 20)
	if in, allEnded := g.EndChannel(0); in || allEnded {
		t.Error("channel 1 feeds input 0 too")
	}
	g.Advance(1, flow.MaxWatermark)
	if in, allEnded := g.EndChannel(1); !in || allEnded {
		t.Error("input 0 has ended, input 1 has not")
	}
}

func TestClosedGateReleases(t *testing.T) {
	o, gates, _ := wire(graph.Forward, 1)
	p := batch.NewPool(types, nil)
	b := rows(p, 0, 1)
	gates[0].Close()
	if err := o.Put(b); err != nil {
		t.Fatal(err)
	}
	if again := p.Get(); again != b {
		t.Error("the batch did not come back to its pool")
	}
}

func BenchmarkHandOver(b *testing.B) {
	o, gates, _ := wire(graph.Forward, 1)
	p := batch.NewPool(types, nil)
	x := rows(p, 0, 1)
	b.ReportAllocs()
	for b.Loop() {
		if err := o.Put(x); err != nil {
			b.Fatal(err)
		}
		e, _, _, _ := gates[0].Poll()
		x = e.Batch
	}
}

func BenchmarkHashPartition(b *testing.B) {
	o, gates, _ := wire(graph.Hash, 2)
	p := batch.NewPool(types, nil)
	x := rows(p, 0, batch.MaxRows)
	b.ReportAllocs()
	for b.Loop() {
		x.Share(1)
		if err := o.Put(x); err != nil {
			b.Fatal(err)
		}
		for _, g := range gates {
			e, _, _, _ := g.Poll()
			e.Batch.Release()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch.MaxRows, "ns/row")
}
