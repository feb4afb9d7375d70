// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op/optest"
	"spate/internal/op/window"
	"spate/schema"
)

var seedFlag = flag.Uint64("window.seed", 0, "seed of the random tests; 0: from the clock")

// span is a window of the oracle.
type span struct{ start, end int64 }

// spansOf lists the windows of a time, the slow way.
func spansOf(w graph.Window, at int64) []span {
	var ss []span
	floor := func(x, step int64) int64 { return x - ((x-w.Offset)%step+step)%step }
	switch w.Kind {
	case graph.Tumble:
		s := floor(at, w.Size)
		ss = append(ss, span{s, s + w.Size})
	case graph.Hop:
		for s := floor(at, w.Slide); s > at-w.Size; s -= w.Slide {
			ss = append(ss, span{s, s + w.Size})
		}
	case graph.Cumulate:
		s := floor(at, w.Size)
		for e := s + w.Slide; e <= s+w.Size; e += w.Slide {
			if e > at {
				ss = append(ss, span{s, e})
			}
		}
	case graph.Session:
	}
	return ss
}

// cell is the rows of a key in a window.
type cell struct {
	span
	key  int64
	vals []int64
}

type oracle struct {
	w     graph.Window
	wm    int64
	cells []cell
	late  int64
	out   []string
}

func (o *oracle) row(at, key, val int64) {
	if o.w.Kind == graph.Session {
		o.session(cell{span{at, at + o.w.Size}, key, []int64{val}})
		return
	}
	late := true
	spans := spansOf(o.w, at)
	for _, s := range spans {
		if s.end-1 <= o.wm {
			continue
		}
		late = false
		i := slices.IndexFunc(o.cells, func(c cell) bool { return c.span == s && c.key == key })
		if i < 0 {
			o.cells = append(o.cells, cell{s, key, nil})
			i = len(o.cells) - 1
		}
		o.cells[i].vals = append(o.cells[i].vals, val)
	}
	if late && len(spans) > 0 {
		o.late++
	}
}

func (o *oracle) session(c cell) {
	merged := c
	var rest []cell
	for _, x := range o.cells {
		if x.key == c.key && x.start <= c.end && x.end >= c.start {
			merged.start, merged.end = min(merged.start, x.start), max(merged.end, x.end)
			merged.vals = append(merged.vals, x.vals...)
			continue
		}
		rest = append(rest, x)
	}
	if merged.end-1 <= o.wm {
		o.late++
		return
	}
	rest = append(rest, merged)
	o.cells = rest
}

func (o *oracle) watermark(wm int64) {
	o.wm = wm
	var rest []cell
	for _, c := range o.cells {
		if c.end-1 > wm {
			rest = append(rest, c)
			continue
		}
		sum, uniq := int64(0), map[int64]bool{}
		for _, v := range c.vals {
			sum += v
			uniq[v] = true
		}
		o.out = append(o.out, fmt.Sprintf("+I %d %d %d %d %d %d %d %d\n",
			c.key, len(c.vals), sum, slices.Min(c.vals), slices.Max(c.vals), len(uniq), c.start, c.end))
	}
	o.cells = rest
}

// TestRandom compares all kinds of windows with an oracle, with rows out of order and late.
func TestRandom(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("replay with -args -window.seed=%d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for range 120 {
		w := graph.Window{Kind: []graph.WindowKind{graph.Tumble, graph.Hop, graph.Cumulate, graph.Session}[rng.IntN(4)]}
		w.Slide = int64(1 + rng.IntN(10))
		w.Size = w.Slide * int64(1+rng.IntN(4))
		if w.Kind == graph.Hop && rng.IntN(3) == 0 {
			w.Size = int64(1 + rng.IntN(30))
		}
		if w.Kind != graph.Session {
			w.Offset = int64(rng.IntN(9) - 4)
		}
		t.Run(fmt.Sprintf("%s size=%d slide=%d offset=%d", w.Kind, w.Size, w.Slide, w.Offset), func(t *testing.T) { randomWindow(t, rng, w) })
	}
}

func randomWindow(t *testing.T, rng *rand.Rand, w graph.Window) {
	t.Helper()
	// The time is a BIGINT in disguise, so that windows print as numbers.
	in := batchtest.Types("TIMESTAMP(3); BIGINT; BIGINT")
	spec := &graph.WindowAggSpec{Keys: []int{1}, Window: w, Props: []graph.WindowProp{graph.WindowStart, graph.WindowEnd}}
	spec.Aggs = calls("COUNT(); SUM(2); MIN(2); MAX(2); COUNT(2) distinct", in)
	out := []*schema.Type{in[1]}
	for _, a := range spec.Aggs {
		out = append(out, a.Type)
	}
	out = append(out, schema.TypeBigInt, schema.TypeBigInt)
	o, err := window.NewAggregate(spec, in, out)
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, out, optest.Options{
		Poison: true, BatchRows: 1 + rng.IntN(20), NotResident: uint64(rng.IntN(2)) * rng.Uint64(), Track: rng.IntN(2) == 0,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	h.Emit = func(b *batch.Batch) { got = append(got, batchtest.Lines(b)...) }
	m := &oracle{w: w, wm: int64(flow.MinWatermark)}
	now := int64(rng.IntN(100) - 50)
	for range 60 {
		b := batch.New(in)
		for range 1 + rng.IntN(12) {
			at, key, val := now+int64(rng.IntN(30)-12), int64(rng.IntN(4)), int64(rng.IntN(5))
			m.row(at, key, val)
			b.AppendRow(schema.Insert, schema.IntValue(at), schema.IntValue(key), schema.IntValue(val))
		}
		if err := h.Process(0, b); err != nil {
			t.Fatal(err)
		}
		if rng.IntN(3) > 0 {
			now += int64(rng.IntN(12))
			wm := max(now-int64(rng.IntN(15)), m.wm)
			m.watermark(wm)
			if err := h.Watermark(flow.Millis(wm)); err != nil {
				t.Fatal(err)
			}
			check(t, got, m)
		}
	}
	m.watermark(int64(flow.MaxWatermark))
	if err := h.End(); err != nil {
		t.Fatal(err)
	}
	check(t, got, m)
	if n := h.RT.Counted("numLateRecordsDropped"); n != m.late {
		t.Fatalf("%d rows were late, want %d", n, m.late)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// check compares what was emitted so far, order aside, and that windows came in the order of their ends.
func check(t *testing.T, got []string, m *oracle) {
	t.Helper()
	a, b := slices.Clone(got), slices.Clone(m.out)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Fatalf("got:\n%s\nwant:\n%s", strings.Join(a, ""), strings.Join(b, ""))
	}
	last := int64(flow.MinWatermark)
	for _, l := range got {
		var key, end int64
		var x [6]int64
		if _, err := fmt.Sscanf(l, "+I %d %d %d %d %d %d %d %d", &key, &x[0], &x[1], &x[2], &x[3], &x[4], &x[5], &end); err != nil {
			t.Fatal(err)
		}
		if end < last {
			t.Fatalf("window %d was emitted after %d", end, last)
		}
		last = end
	}
}
