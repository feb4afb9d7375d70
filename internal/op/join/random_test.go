// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join_test

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
	"spate/internal/op/exprtext"
	"spate/internal/op/join"
	"spate/internal/op/optest"
	"spate/schema"
)

var (
	seed   = flag.Uint64("seed", 0, "seed of the random tests; 0 takes a fixed one")
	rounds = flag.Int("rounds", 60, "random runs")
)

// world is a random run: two inputs and what is in them now.
type world struct {
	rng    *rand.Rand
	spec   graph.JoinSpec
	types  [2][]*schema.Type
	unique [2]bool
	update [2]bool
	rows   [2][][]schema.Value
	nextID [2]int64
}

const (
	colKey = iota
	colNum
	colText
	colID
	width
)

func newWorld(rng *rand.Rand) *world {
	w := &world{rng: rng}
	for i := range w.types {
		w.types[i] = batchtest.Types("BIGINT; INT; STRING; BIGINT NOT NULL")
		w.unique[i], w.update[i] = rng.IntN(3) == 0, rng.IntN(3) > 0
	}
	kinds := []graph.JoinKind{graph.Inner, graph.Left, graph.Right, graph.Full, graph.Semi, graph.Anti}
	w.spec = graph.JoinSpec{
		Kind: kinds[rng.IntN(len(kinds))], LeftKeys: []int{colKey}, RightKeys: []int{colKey}, LeftTypes: w.types[0], RightTypes: w.types[1],
		LeftRetract: w.update[0], RightRetract: w.update[1], UpdateBefore: true, Bundle: graph.Bundle{PerRow: rng.IntN(2) == 0},
	}
	if rng.IntN(3) == 0 {
		w.spec.NullSafe = []bool{true}
	}
	if rng.IntN(2) == 0 {
		w.spec.Condition = graph.Box(exprtext.Parse("(< $1 $5)", slices.Concat(w.types[0], w.types[1])))
	}
	if w.unique[0] {
		w.spec.LeftUnique = []int{colID}
	}
	if w.unique[1] {
		w.spec.RightUnique = []int{colID}
	}
	return w
}

// matches tells whether two rows join.
func (w *world) matches(l, r []schema.Value) bool {
	a, b := l[colKey], r[colKey]
	if a.Null || b.Null {
		if w.spec.NullSafe == nil || a.Null != b.Null {
			return false
		}
	} else if a.I != b.I {
		return false
	}
	return w.spec.Condition.IsZero() || !l[colNum].Null && !r[colNum].Null && l[colNum].I < r[colNum].I
}

// result joins the rows of now by two loops.
func (w *world) result() []string {
	var out []string
	null := make([]schema.Value, len(w.types[0]))
	for i := range null {
		null[i] = schema.NullValue
	}
	kind := w.spec.Kind
	hit := make([]bool, len(w.rows[1]))
	emit := func(l, r []schema.Value) { out = append(out, w.text(slices.Concat(l, r))) }
	for _, l := range w.rows[0] {
		n := 0
		for j, r := range w.rows[1] {
			if !w.matches(l, r) {
				continue
			}
			n++
			hit[j] = true
			if kind != graph.Semi && kind != graph.Anti {
				emit(l, r)
			}
		}
		switch {
		case n == 0 && (kind == graph.Left || kind == graph.Full):
			emit(l, null)
		case n == 0 && kind == graph.Anti, n > 0 && kind == graph.Semi:
			emit(l, nil)
		}
	}
	if kind == graph.Right || kind == graph.Full {
		for j, r := range w.rows[1] {
			if !hit[j] {
				emit(null, r)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (w *world) text(row []schema.Value) string {
	b := batch.New(outTypes(graph.Full, w.types[0], w.types[1])[:len(row)])
	defer b.Release()
	b.AppendRow(schema.Insert, row...)
	return strings.TrimSuffix(batchtest.Lines(b)[0][3:], "\n")
}

func (w *world) randomRow(side int) []schema.Value {
	row := []schema.Value{
		schema.IntValue(w.rng.Int64N(6)), schema.IntValue(w.rng.Int64N(4)),
		schema.StringValue(strings.Repeat("x", w.rng.IntN(3)*9)), schema.IntValue(w.rng.Int64N(3)),
	}
	if w.rng.IntN(8) == 0 {
		row[colKey] = schema.NullValue
	}
	if w.rng.IntN(8) == 0 {
		row[colNum] = schema.NullValue
	}
	if w.unique[side] {
		row[colID] = schema.IntValue(w.nextID[side])
		w.nextID[side]++
	}
	return row
}

// change adds random changes of a side to a batch, among rows that do not count.
func (w *world) change(side int, b *batch.Batch, n int) {
	var sel []int32
	for len(sel) < n {
		if w.rng.IntN(5) == 0 {
			b.AppendRow(schema.Delete, w.randomRow(side)...)
			continue
		}
		put := func(k schema.RowKind, row []schema.Value) {
			sel = append(sel, int32(b.Len()))
			b.AppendRow(k, row...)
		}
		rows := &w.rows[side]
		if !w.update[side] || len(*rows) == 0 || w.rng.IntN(3) > 0 {
			row := w.randomRow(side)
			put(schema.Insert, row)
			*rows = append(*rows, row)
			continue
		}
		i := w.rng.IntN(len(*rows))
		old := (*rows)[i]
		*rows = slices.Delete(*rows, i, i+1)
		if w.rng.IntN(2) == 0 {
			put(schema.Delete, old)
			continue
		}
		row := w.randomRow(side)
		if w.unique[side] {
			// The join key is part of what identifies the row, or may change with a retraction.
			row[colID] = old[colID]
		}
		put(schema.UpdateBefore, old)
		put(schema.UpdateAfter, row)
		*rows = append(*rows, row)
	}
	b.SetSel(append([]int32{}, sel...))
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
	out := outTypes(w.spec.Kind, w.types[0], w.types[1])
	o, err := join.New(&w.spec, w.types[:], out)
	if err != nil {
		t.Fatal(err)
	}
	opt := optest.Options{Poison: true, BatchRows: []int{1, 3, 64, 4096}[rng.IntN(4)], Track: rng.IntN(2) == 0}
	if rng.IntN(2) == 0 {
		opt.NotResident = s
	}
	h, err := optest.NewHarness(o, 2, out, opt)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	h.Emit = func(b *batch.Batch) {
		for _, l := range batchtest.Lines(b) {
			row := strings.TrimSuffix(l[3:], "\n")
			if l[:2] == "+I" || l[:2] == "+U" {
				got[row]++
				continue
			}
			if got[row]--; got[row] < 0 {
				t.Fatalf("seed %d: %s is retracted before it was there, %s join", s, row, w.spec.Kind)
			}
		}
	}
	pools := [2]*batch.Pool{h.RT.Pool(w.types[0]), h.RT.Pool(w.types[1])}
	size := []int{1, 3, 20}[rng.IntN(3)]
	restart := rng.IntN(80)
	for step := range 40 {
		if step == restart {
			fresh, err := join.New(&w.spec, w.types[:], out)
			if err != nil {
				t.Fatal(err)
			}
			if h, err = h.Restored(fresh); err != nil {
				t.Fatal(err)
			}
			pools = [2]*batch.Pool{h.RT.Pool(w.types[0]), h.RT.Pool(w.types[1])}
		}
		side := rng.IntN(2)
		b := pools[side].Get()
		w.change(side, b, 1+rng.IntN(size))
		if err := h.Process(side, b); err != nil {
			t.Fatal(err)
		}
		if step%5 == 4 {
			compare(t, fmt.Sprintf("go test -run TestRandom -seed %d -rounds 1: %s join after step %d", s, w.spec.Kind, step), got, w.result())
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// compare compares a bag of rows with a sorted list.
func compare(t *testing.T, what string, got map[string]int, want []string) {
	t.Helper()
	var have []string
	for row, n := range got {
		for range n {
			have = append(have, row)
		}
	}
	slices.Sort(have)
	if slices.Equal(have, want) {
		return
	}
	t.Fatalf("%s\ngot:\n%s\nwant:\n%s", what, strings.Join(have, "\n"), strings.Join(want, "\n"))
}

// TestRandomWindows compares window joins with two loops over each window.
func TestRandomWindows(t *testing.T) {
	for i := range *rounds / 2 {
		rng := rand.New(rand.NewPCG(*seed+uint64(i), 2))
		w := newWorld(rng)
		spec := &graph.WindowJoinSpec{
			Kind: w.spec.Kind, LeftKeys: w.spec.LeftKeys, RightKeys: w.spec.RightKeys, NullSafe: w.spec.NullSafe, Condition: w.spec.Condition,
			LeftEnd: width, RightEnd: width, LeftTypes: w.types[0], RightTypes: w.types[1],
		}
		var ends []schema.Value
		for i := range w.types {
			w.types[i] = append(w.types[i], schema.NewTimestamp(3).NotNull())
		}
		if !spec.Condition.IsZero() {
			spec.Condition = graph.Box(exprtext.Parse("(< $1 $6)", slices.Concat(w.types[0], w.types[1])))
		}
		for e := range int64(4) {
			ends = append(ends, schema.IntValue((e+1)*1000))
		}
		windows(t, i, w, spec, ends)
	}
}

func windows(t *testing.T, run int, w *world, spec *graph.WindowJoinSpec, ends []schema.Value) {
	t.Helper()
	out := outTypes(spec.Kind, w.types[0], w.types[1])
	o, err := join.NewWindow(spec, w.types[:], out)
	if err != nil {
		t.Fatal(err)
	}
	opt := optest.Options{Poison: true, BatchRows: []int{1, 3, 64, 4096}[run%4], NotResident: uint64(run % 3)}
	h, err := optest.NewHarness(o, 2, out, opt)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	h.Emit = func(b *batch.Batch) {
		for _, l := range batchtest.Lines(b) {
			got[strings.TrimSuffix(l[3:], "\n")]++
		}
	}
	for step := range 20 {
		if step == 10 && run%2 == 0 {
			fresh, err := join.NewWindow(spec, w.types[:], out)
			if err != nil {
				t.Fatal(err)
			}
			if h, err = h.Restored(fresh); err != nil {
				t.Fatal(err)
			}
		}
		side := w.rng.IntN(2)
		b := h.RT.Pool(w.types[side]).Get()
		for range w.rng.IntN(8) {
			row := append(w.randomRow(side), ends[w.rng.IntN(len(ends))])
			b.AppendRow(schema.Insert, row...)
			w.rows[side] = append(w.rows[side], row)
		}
		if err := h.Process(side, b); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.End(); err != nil {
		t.Fatal(err)
	}
	var want []string
	all := w.rows
	for _, e := range ends {
		for side, rows := range all {
			w.rows[side] = slices.DeleteFunc(slices.Clone(rows), func(r []schema.Value) bool { return r[width].I != e.I })
		}
		want = append(want, w.windowResult(spec.Kind)...)
	}
	slices.SortFunc(want, cmp.Compare[string])
	compare(t, fmt.Sprintf("run %d, %s", run, spec.Kind), got, want)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// windowResult is result for rows with one column more.
func (w *world) windowResult(kind graph.JoinKind) []string {
	w.spec.Kind = kind
	return w.result()
}
