// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package gather_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/col/gather"
	"spate/schema"
)

// selections returns selections of n rows: none, all, every other, random runs, repeated and unsorted ones.
func selections(rng *rand.Rand, n int) [][]int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	some, runs := []int32{}, []int32{}
	on := false
	for i := range all {
		if i%2 == 0 {
			some = append(some, int32(i))
		}
		if rng.IntN(5) == 0 {
			on = !on
		}
		if on {
			runs = append(runs, int32(i))
		}
	}
	mixed := make([]int32, n)
	for i := range mixed {
		mixed[i] = int32(rng.IntN(n))
	}
	return [][]int32{{}, all, some, runs, mixed}
}

func pickLines(lines []string, sel []int32) string {
	var sb strings.Builder
	for _, i := range sel {
		sb.WriteString(lines[i])
	}
	return sb.String()
}

func TestBatchAndConcat(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	types := append(batchtest.AllTypes(), schema.TypeNull)
	for _, n := range []int{1, 3, 64, 150} {
		for _, kinds := range []bool{false, true} {
			src := batchtest.Random(rng, types, n, 3, kinds)
			lines := batchtest.Lines(src)
			for _, sel := range selections(rng, n) {
				dst := batchtest.Random(rng, types, rng.IntN(4), 3, false)
				before := batchtest.Format(dst)
				gather.Batch(dst, src, sel)
				if got, want := batchtest.Format(dst), before+pickLines(lines, sel); got != want {
					t.Fatalf("gathered\n%s\nwant\n%s", got, want)
				}
				src.SetSel(sel)
				more := batchtest.Format(dst)
				gather.Concat(dst, src)
				src.SetSel(nil)
				gather.Concat(dst, src)
				if got, want := batchtest.Format(dst), more+pickLines(lines, sel)+strings.Join(lines, ""); got != want {
					t.Fatalf("concatenated\n%s\nwant\n%s", got, want)
				}
			}
			lo := rng.IntN(n)
			hi := lo + rng.IntN(n-lo) + 1
			dst := batchtest.Random(rng, types, 5, 3, true)
			before := batchtest.Format(dst)
			gather.BatchRange(dst, src, lo, hi)
			if got, want := batchtest.Format(dst), before+strings.Join(lines[lo:hi], ""); got != want {
				t.Fatalf("range %d..%d\n%s\nwant\n%s", lo, hi, got, want)
			}
		}
	}
}

func TestConstants(t *testing.T) {
	types := batchtest.AllTypes()
	src := batchtest.Random(rand.New(rand.NewPCG(2, 0)), types, 1, 3, false)
	for c, typ := range types {
		v := batch.NewVector(typ)
		v.AppendFrom(src.Col(c), 0)
		v.SetConst(900)
		out := batch.NewVector(typ)
		gather.Append(out, v, []int32{0, 899, 5})
		gather.AppendRange(out, v, 700, 702)
		want := strings.TrimSuffix(strings.Repeat(batchtest.FormatValue(typ, v.Value(0))+" ", 5), " ")
		if got := batchtest.FormatVector(out, 5); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

func TestCompactAndSlice(t *testing.T) {
	types := batchtest.Types("INT; STRING")
	pool := batch.NewPool(types, nil)
	b := pool.Get()
	batchtest.Append(b, "+I 1 'a'\n-D 2 'b'\n+I 3 'c'\n+U 4 'd'")
	if got := gather.Compact(pool, b); got != b {
		t.Error("a batch without selection is copied")
	}
	b.SetSel([]int32{1, 3})
	s := gather.Slice(pool, b, 1, 2)
	if got := batchtest.Format(s); got != "+U 4 'd'\n" {
		t.Errorf("slice %q", got)
	}
	c := gather.Compact(pool, b)
	if got := batchtest.Format(c); got != "-D 2 'b'\n+U 4 'd'\n" || c.Sel() != nil {
		t.Errorf("compacted %q", got)
	}
	if pool.Get() != b {
		t.Error("the compacted batch was not released")
	}
}

func TestPartitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	var p gather.Partitions
	for range 100 {
		n, rows := 1+rng.IntN(9), rng.IntN(200)
		targets := make([]int32, rows)
		var sel []int32
		if rng.IntN(2) == 0 {
			sel = make([]int32, 0, rows)
		}
		want := make([][]int32, n)
		at := int32(0)
		for k := range targets {
			targets[k] = int32(rng.IntN(n))
			pos := int32(k)
			if sel != nil {
				at += 1 + rng.Int32N(3)
				pos = at
				sel = append(sel, pos)
			}
			want[targets[k]] = append(want[targets[k]], pos)
		}
		p.Split(targets, sel, n)
		for i := range n {
			if got := p.Of(i); !slices.Equal(got, want[i]) {
				t.Fatalf("partition %d of %d: %v, want %v", i, n, got, want[i])
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	types := batchtest.AllTypes()
	src := batchtest.Random(rand.New(rand.NewPCG(4, 0)), types, 300, 4, true)
	sel := selections(rand.New(rand.NewPCG(5, 0)), 300)[3]
	pool := batch.NewPool(types, nil)
	targets := make([]int32, 300)
	for i := range targets {
		targets[i] = int32(i % 7)
	}
	var p gather.Partitions
	if got := testing.AllocsPerRun(10, func() {
		b := pool.Get()
		gather.Batch(b, src, sel)
		gather.BatchRange(b, src, 10, 200)
		b.Release()
		p.Split(targets, nil, 7)
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func benchGather(b *testing.B, typ *schema.Type, mk func(i int) schema.Value, sel []int32) {
	b.Helper()
	pool := batch.NewPool([]*schema.Type{typ}, nil)
	src := pool.Get()
	for i := range batch.MaxRows {
		src.AppendRow(schema.Insert, mk(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		dst := pool.Get()
		gather.Batch(dst, src, sel)
		dst.Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(sel)), "ns/row")
}

func BenchmarkGather(b *testing.B) {
	rng := rand.New(rand.NewPCG(6, 0))
	var half, all []int32
	for i := range int32(batch.MaxRows) {
		all = append(all, i)
		if rng.IntN(2) == 0 {
			half = append(half, i)
		}
	}
	num := func(i int) schema.Value { return schema.IntValue(int64(i)) }
	str := func(n int) func(i int) schema.Value {
		return func(i int) schema.Value { return schema.StringValue(strings.Repeat("x", n+i%8)) }
	}
	for _, s := range []struct {
		name string
		sel  []int32
	}{{"half", half}, {"all", all}} {
		b.Run("bigint/"+s.name, func(b *testing.B) { benchGather(b, schema.TypeBigInt, num, s.sel) })
		for _, n := range []int{8, 20, 80} {
			b.Run(fmt.Sprintf("string%d/%s", n, s.name), func(b *testing.B) { benchGather(b, schema.TypeString, str(n), s.sel) })
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 0))
	targets := make([]int32, batch.MaxRows)
	for i := range targets {
		targets[i] = rng.Int32N(8)
	}
	var p gather.Partitions
	b.ReportAllocs()
	for b.Loop() {
		p.Split(targets, nil, 8)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(targets)), "ns/row")
}
