// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg_test

import (
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
	"spate/internal/op/agg"
	"spate/internal/op/optest"
	"spate/schema"
)

var seedFlag = flag.Uint64("agg.seed", 0, "seed of the random tests; 0: from the clock")

// The input of the random test: key, number, string, filter.
var randomTypes = batchtest.Types("INT; INT; STRING; BOOLEAN")

// randomAggs are the aggregates of the random test; oracle computes the same.
const randomAggs = "COUNT(); COUNT(1); SUM(1); MIN(1); MAX(1); AVG(1); COUNT(1) distinct; COUNT(1) distinct filter=3; SUM(1) distinct;" +
	"MIN(2); MAX(2); FIRST_VALUE(2); LAST_VALUE(2); LISTAGG(2); SUM(1) filter=3; COUNT(2) distinct; ARRAY_AGG(1)"

type randomRow struct {
	key    int32
	n      int64
	null   bool
	s      string
	sNull  bool
	filter bool
}

func (r randomRow) values() []schema.Value {
	return []schema.Value{
		schema.IntValue(int64(r.key)), {Null: r.null, I: r.n}, {Null: r.sNull, S: r.s}, schema.BoolValue(r.filter),
	}
}

// group is the rows of a group, and the values that lists are made of: what is taken away is the first equal value, whichever row it
// came with.
type group struct {
	rows  []randomRow
	ss    []string
	array []string
}

// with returns the group with a row more or less.
func (g group) with(r randomRow, add bool) group {
	n := strconv.FormatInt(r.n, 10)
	if r.null {
		n = "null"
	}
	g = group{slices.Clone(g.rows), slices.Clone(g.ss), slices.Clone(g.array)}
	if add {
		g.rows, g.array = append(g.rows, r), append(g.array, n)
		if !r.sNull {
			g.ss = append(g.ss, r.s)
		}
		return g
	}
	i := slices.Index(g.rows, r)
	g.rows = slices.Delete(g.rows, i, i+1)
	i = slices.Index(g.array, n)
	g.array = slices.Delete(g.array, i, i+1)
	if !r.sNull {
		i = slices.Index(g.ss, r.s)
		g.ss = slices.Delete(g.ss, i, i+1)
	}
	return g
}

// oracle computes the aggregates of a group the slow way, as a line of text.
func oracle(g group) string {
	var ns, filtered, uniq, uniqFiltered []int64
	var uniqS []string
	rows, ss, array := g.rows, g.ss, g.array
	for _, r := range rows {
		if !r.sNull && !slices.Contains(uniqS, r.s) {
			uniqS = append(uniqS, r.s)
		}
		if r.null {
			continue
		}
		ns = append(ns, r.n)
		if !slices.Contains(uniq, r.n) {
			uniq = append(uniq, r.n)
		}
		if r.filter {
			filtered = append(filtered, r.n)
			if !slices.Contains(uniqFiltered, r.n) {
				uniqFiltered = append(uniqFiltered, r.n)
			}
		}
	}
	sum := func(ns []int64) (t int64) {
		for _, n := range ns {
			t += n
		}
		return t
	}
	or := func(empty bool, f func() any) string {
		if empty {
			return "null"
		}
		return fmt.Sprint(f())
	}
	quote := func(empty bool, f func() string) string {
		return or(empty, func() any { return "'" + f() + "'" })
	}
	none, noStrings := len(ns) == 0, len(ss) == 0
	return strings.Join([]string{
		strconv.Itoa(len(rows)), strconv.Itoa(len(ns)),
		or(none, func() any { return sum(ns) }),
		or(none, func() any { return slices.Min(ns) }),
		or(none, func() any { return slices.Max(ns) }),
		or(none, func() any { return sum(ns) / int64(len(ns)) }),
		strconv.Itoa(len(uniq)), strconv.Itoa(len(uniqFiltered)),
		or(none, func() any { return sum(uniq) }),
		quote(noStrings, func() string { return slices.Min(ss) }),
		quote(noStrings, func() string { return slices.Max(ss) }),
		quote(noStrings, func() string { return ss[0] }),
		quote(noStrings, func() string { return ss[len(ss)-1] }),
		quote(noStrings, func() string { return strings.Join(ss, ",") }),
		or(len(filtered) == 0, func() any { return sum(filtered) }),
		strconv.Itoa(len(uniqS)),
		"[" + strings.Join(array, " ") + "]",
	}, " ")
}

// model is the groups of the oracle.
type model map[int32]group

// apply adds or takes away a row and returns the changelog of it.
func (m model) apply(r randomRow, add bool) string {
	old := m[r.key]
	g := old.with(r, add)
	line := func(kind string, g group) string { return fmt.Sprintf("%s %d %s\n", kind, r.key, oracle(g)) }
	m[r.key] = g
	switch {
	case len(g.rows) == 0:
		delete(m, r.key)
		return line("-D", old)
	case len(old.rows) == 0:
		return line("+I", g)
	case oracle(old) == oracle(g):
		return ""
	}
	return line("-U", old) + line("+U", g)
}

// TestRandom compares with an oracle: row for row with a bundle per row, else after all changes.
func TestRandom(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("replay with -args -agg.seed=%d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for round := range 40 {
		bundle := []graph.Bundle{{PerRow: true}, {}, {Size: 7}}[round%3]
		retract := rng.IntN(3) > 0
		t.Run(fmt.Sprintf("%d %+v retract=%v", round, bundle, retract), func(t *testing.T) { randomRound(t, rng, bundle, retract) })
	}
}

func randomRound(t *testing.T, rng *rand.Rand, bundle graph.Bundle, retract bool) {
	t.Helper()
	cs, err := calls(randomAggs, randomTypes)
	if err != nil {
		t.Fatal(err)
	}
	out := []*schema.Type{randomTypes[0]}
	for _, c := range cs {
		out = append(out, c.Type)
	}
	o, err := agg.New(&graph.GroupAggSpec{Keys: []int{0}, Aggs: cs, Retract: retract, UpdateBefore: true, Bundle: bundle}, randomTypes, out)
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, out, optest.Options{
		Poison: true, BatchRows: 1 + rng.IntN(50), NotResident: uint64(rng.IntN(2)) * rng.Uint64(), Track: rng.IntN(2) == 0,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	h.Emit = func(b *batch.Batch) { got = append(got, batchtest.Lines(b)...) }
	m := model{}
	var want []string
	keys, b := 1+rng.IntN(12), batch.New(randomTypes)
	send := func() {
		if err := h.Process(0, b); err != nil {
			t.Fatal(err)
		}
		b = batch.New(randomTypes)
	}
	var live []randomRow
	for range 400 {
		kind := schema.Insert
		r := randomRow{key: int32(rng.IntN(keys)), n: int64(rng.IntN(7) - 3), s: []string{"", "a", "b", "a string of some length", "z"}[rng.IntN(5)]}
		r.filter = rng.IntN(2) == 0
		if r.null = rng.IntN(5) == 0; r.null {
			r.n = 0
		}
		if r.sNull = rng.IntN(4) == 0; r.sNull {
			r.s = ""
		}
		if retract && len(live) > 0 && rng.IntN(100) < 48 {
			i := rng.IntN(len(live))
			r, kind = live[i], schema.Delete
			live = slices.Delete(live, i, i+1)
		} else {
			live = append(live, r)
		}
		b.AppendRow(kind, r.values()...)
		want = append(want, m.apply(r, kind == schema.Insert))
		if rng.IntN(1+b.Len()/8) > 2 {
			send()
		}
	}
	send()
	if err := h.End(); err != nil {
		t.Fatal(err)
	}
	compare(t, bundle, got, strings.Join(want, ""), m)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, bundle graph.Bundle, got []string, want string, m model) {
	t.Helper()
	if bundle.PerRow {
		lines := strings.SplitAfter(want, "\n")
		for i, l := range got {
			if i >= len(lines) || l != lines[i] {
				t.Fatalf("row %d: got:\n%s\nwant:\n%s", i, l, strings.Join(lines[min(i, len(lines)):min(i+3, len(lines))], ""))
			}
		}
		if len(got)+1 != len(lines) {
			t.Fatalf("%d rows, want %d", len(got), len(lines)-1)
		}
		return
	}
	have := map[string]string{}
	for _, l := range got {
		kind, row := l[:2], l[3:]
		key, _, _ := strings.Cut(row, " ")
		switch old, ok := have[key]; {
		case kind == "+I" && ok, kind != "+I" && !ok && kind != "+U":
			t.Fatalf("%s of %s, which is %q", kind, key, old)
		case (kind == "-U" || kind == "-D") && old != row:
			t.Fatalf("%s of\n%s, want\n%s", kind, row, old)
		case kind == "-D":
			delete(have, key)
		case kind != "-U":
			have[key] = row
		}
	}
	for k, g := range m {
		want := fmt.Sprintf("%d %s\n", k, oracle(g))
		if have[strconv.Itoa(int(k))] != want {
			t.Fatalf("got:\n%s\nwant:\n%s", have[strconv.Itoa(int(k))], want)
		}
	}
	if len(have) != len(m) {
		t.Fatalf("%d groups, want %d", len(have), len(m))
	}
}
