// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op/optest"
	"spate/internal/op/topn"
	"spate/schema"
)

var (
	seed   = flag.Uint64("seed", 0, "seed of the random tests; 0 takes a fixed one")
	rounds = flag.Int("rounds", 40, "random runs")
)

const (
	colPart = iota
	colNum
	colText
	colID
)

// entry is a row that is there now, with its place in the order of arrival.
type entry struct {
	row []schema.Value
	seq int
}

// world is a random run and what its input holds now.
type world struct {
	rng   *rand.Rand
	spec  graph.TopNSpec
	types []*schema.Type
	rows  []entry
	seq   int
	id    int64
}

func newWorld(rng *rand.Rand) *world {
	w := &world{rng: rng, types: batchtest.Types("STRING; BIGINT; STRING; BIGINT NOT NULL")}
	w.spec = graph.TopNSpec{
		Partition: []int{colPart}, Start: 1, End: 1 + rng.Int64N(4), OutputRank: rng.IntN(2) == 0, UpdateBefore: true,
		Sort:   []graph.SortKey{{Col: colNum, Desc: rng.IntN(2) == 0, NullsLast: rng.IntN(2) == 0}},
		Bundle: graph.Bundle{PerRow: rng.IntN(2) == 0},
	}
	if rng.IntN(4) == 0 {
		w.spec.Start = 1 + rng.Int64N(w.spec.End)
	}
	if rng.IntN(4) == 0 {
		w.spec.End = 40
	}
	switch rng.IntN(4) {
	case 0:
		w.spec.Retract = true
	case 1:
		w.spec.Retract, w.spec.Unique = true, []int{colID}
	case 2:
		w.spec.Unique = []int{colID}
	}
	return w
}

func (w *world) randomRow() []schema.Value {
	row := []schema.Value{
		schema.StringValue([]string{"p", "q", "a partition with a long name"}[w.rng.IntN(3)]), schema.IntValue(w.rng.Int64N(8)),
		schema.StringValue(strings.Repeat("x", w.rng.IntN(2)*20)), schema.IntValue(w.rng.Int64N(3)),
	}
	if w.rng.IntN(10) == 0 {
		row[colPart] = schema.NullValue
	}
	if w.rng.IntN(10) == 0 {
		row[colNum] = schema.NullValue
	}
	if w.spec.Unique != nil {
		row[colID] = schema.IntValue(w.id)
		w.id++
	}
	return row
}

func (w *world) insert(row []schema.Value) {
	w.rows = append(w.rows, entry{row, w.seq})
	w.seq++
}

// remove takes the oldest row that is equal to row away.
func (w *world) remove(row []schema.Value) {
	best := -1
	for i, e := range w.rows {
		if w.text(e.row) == w.text(row) && (best < 0 || e.seq < w.rows[best].seq) {
			best = i
		}
	}
	w.rows = slices.Delete(w.rows, best, best+1)
}

// change adds one random change to a batch.
func (w *world) change(b *batch.Batch) {
	updates := w.spec.Retract || w.spec.Unique != nil
	if !updates || len(w.rows) == 0 || w.rng.IntN(3) > 0 {
		row := w.randomRow()
		b.AppendRow(schema.Insert, row...)
		w.insert(row)
		return
	}
	i := w.rng.IntN(len(w.rows))
	old := w.rows[i].row
	if w.spec.Retract && w.rng.IntN(2) == 0 {
		b.AppendRow(schema.Delete, old...)
		w.remove(old)
		return
	}
	row := w.randomRow()
	row[colPart] = old[colPart]
	if w.spec.Unique != nil {
		row[colID] = old[colID]
	}
	if w.spec.Retract {
		b.AppendRow(schema.UpdateBefore, old...)
		b.AppendRow(schema.UpdateAfter, row...)
		w.remove(old)
		w.insert(row)
		return
	}
	// An upsert keeps its place among equals as long as its sort key stays.
	b.AppendRow(schema.UpdateAfter, row...)
	if w.rng.IntN(2) == 0 {
		b.AppendRow(schema.UpdateAfter, row...)
	}
	if !sameValue(row[colNum], old[colNum]) {
		w.rows[i].seq = w.seq
		w.seq++
	}
	w.rows[i].row = row
}

func sameValue(a, b schema.Value) bool { return a.Null == b.Null && (a.Null || a.I == b.I) }

// compare orders two rows as the Top-N does.
func (w *world) compare(a, b entry) int {
	k := w.spec.Sort[0]
	x, y := a.row[colNum], b.row[colNum]
	var c int
	switch {
	case x.Null || y.Null:
		c = cmp.Compare(place(x.Null, k.NullsLast), place(y.Null, k.NullsLast))
	case k.Desc:
		c = cmp.Compare(y.I, x.I)
	default:
		c = cmp.Compare(x.I, y.I)
	}
	if c == 0 {
		c = cmp.Compare(a.seq, b.seq)
	}
	return c
}

// place returns where NULL or a value stands.
func place(null, last bool) int {
	switch {
	case !null:
		return 0
	case last:
		return 1
	default:
		return -1
	}
}

// result sorts every partition.
func (w *world) result() []string {
	parts := map[string][]entry{}
	for _, e := range w.rows {
		p := w.text(e.row[:1])
		parts[p] = append(parts[p], e)
	}
	var out []string
	for _, rows := range parts {
		slices.SortFunc(rows, w.compare)
		for r := w.spec.Start; r <= min(w.spec.End, int64(len(rows))); r++ {
			line := w.text(rows[r-1].row)
			if w.spec.OutputRank {
				line += fmt.Sprintf(" %d", r)
			}
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

func (w *world) text(row []schema.Value) string {
	b := batch.New(w.types[:len(row)])
	defer b.Release()
	b.AppendRow(schema.Insert, row...)
	return strings.TrimSuffix(batchtest.Lines(b)[0][3:], "\n")
}

func TestRandom(t *testing.T) {
	base := *seed
	if base == 0 {
		base = 20250701
	}
	for i := range *rounds {
		s := base + uint64(i)
		t.Run(strconv.FormatUint(s, 10), func(t *testing.T) { randomRun(t, s) })
	}
}

func randomRun(t *testing.T, s uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(s, 1))
	w := newWorld(rng)
	out := outTypes(&w.spec, w.types)
	o, err := topn.New(&w.spec, [][]*schema.Type{w.types}, out)
	if err != nil {
		t.Fatal(err)
	}
	opt := optest.Options{Poison: true, BatchRows: []int{1, 3, 64, 4096}[rng.IntN(4)], Track: rng.IntN(2) == 0}
	if rng.IntN(2) == 0 {
		opt.NotResident = s
	}
	h, err := optest.NewHarness(o, 1, out, opt)
	if err != nil {
		t.Fatal(err)
	}
	what := fmt.Sprintf("go test -run TestRandom -seed %d -rounds 1: %+v", s, w.spec)
	got := map[string]int{}
	h.Emit = func(b *batch.Batch) {
		for _, l := range batchtest.Lines(b) {
			row := strings.TrimSuffix(l[3:], "\n")
			if l[:2] == "+I" || l[:2] == "+U" {
				got[row]++
				continue
			}
			if got[row]--; got[row] < 0 && w.spec.Bundle.PerRow {
				t.Fatalf("%s: %s is retracted before it was there", what, row)
			}
		}
	}
	pool := h.RT.Pool(w.types)
	size := []int{1, 3, 20}[rng.IntN(3)]
	restart := rng.IntN(100)
	for step := range 50 {
		if step == restart {
			fresh, err := topn.New(&w.spec, [][]*schema.Type{w.types}, out)
			if err != nil {
				t.Fatal(err)
			}
			if h, err = h.Restored(fresh); err != nil {
				t.Fatal(err)
			}
			pool = h.RT.Pool(w.types)
		}
		b := pool.Get()
		for range 1 + rng.IntN(size) {
			w.change(b)
		}
		if err := h.Process(0, b); err != nil {
			t.Fatal(err)
		}
		var have []string
		for row, n := range got {
			if n < 0 {
				t.Fatalf("%s: %s is left %d times", what, row, n)
			}
			for range n {
				have = append(have, row)
			}
		}
		slices.Sort(have)
		if want := w.result(); !slices.Equal(have, want) {
			t.Fatalf("%s\nafter step %d got:\n%s\nwant:\n%s", what, step, strings.Join(have, "\n"), strings.Join(want, "\n"))
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}
