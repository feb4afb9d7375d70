// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package hash_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/col/hash"
	"spate/internal/col/rowkey"
	"spate/schema"
)

type family struct {
	name string
	fn   func(cols []*batch.Vector, sel []int32, out []uint64)
}

var families = []family{{"route", hash.Route}, {"index", hash.Index}}

func hashes(f family, b *batch.Batch, sel []int32) []uint64 {
	n := b.Len()
	if sel != nil {
		n = len(sel)
	}
	out := make([]uint64, n)
	f.fn(b.Cols(), sel, out)
	return out
}

// TestEqualValuesHashEqual compares the hashes of random rows with their text.
func TestEqualValuesHashEqual(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for _, typ := range batchtest.AllTypes() {
		for _, types := range [][]*schema.Type{{typ}, {typ.NotNull()}, {schema.TypeInt, typ}} {
			b := batchtest.Random(rng, types, 300, 4, false)
			texts := batchtest.Lines(b)
			for _, f := range families {
				byText, byHash := map[string]uint64{}, map[uint64]string{}
				for i, h := range hashes(f, b, nil) {
					if old, ok := byText[texts[i]]; ok && old != h {
						t.Fatalf("%s of %v: two hashes for %s", f.name, types, texts[i])
					}
					if old, ok := byHash[h]; ok && old != texts[i] && !strings.Contains(old, "{") {
						t.Fatalf("%s of %v: one hash for %s and %s", f.name, types, old, texts[i])
					}
					byText[texts[i]], byHash[h] = h, texts[i]
				}
			}
		}
	}
}

// TestLayoutDoesNotMatter hashes the same rows selected, compacted, with and without a validity bitmap, and as constants.
func TestLayoutDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	types := batchtest.AllTypes()
	b := batchtest.Random(rng, types, 100, 4, false)
	sel := []int32{3, 4, 17, 64, 65, 99}
	for _, f := range families {
		all, some := hashes(f, b, nil), hashes(f, b, sel)
		for k, i := range sel {
			if some[k] != all[i] {
				t.Errorf("%s of selected row %d differs", f.name, i)
			}
			one := batch.New(types)
			for c := range types {
				one.Own(c).AppendFrom(b.Col(c), int(i))
				if !one.Own(c).IsNull(0) {
					one.Own(c).MakeValid()
				}
				one.Own(c).SetConst(1)
			}
			one.SetLen(1)
			if got := hashes(f, one, nil)[0]; got != all[i] {
				t.Errorf("%s of row %d as constants differs", f.name, i)
			}
		}
	}
}

func TestFloatsAndMaps(t *testing.T) {
	types := batchtest.Types("DOUBLE; FLOAT; MAP<STRING, INT>")
	b := batchtest.Parse(types, `
		NaN NaN {'a' 1 'b' 2}
		NaN NaN {'b' 2 'a' 1}
		0.0 0.0 {}
		-0.0 -0.0 {}`)
	batch.Values[uint64](b.Col(0))[1] = 0xfff8000000000123
	batch.Values[uint32](b.Col(1))[1] = 0xffc00123
	for _, f := range families {
		h := hashes(f, b, nil)
		if h[0] != h[1] {
			t.Errorf("%s: NaN or map entries in another order hash differently", f.name)
		}
		if h[2] == h[3] {
			t.Errorf("%s: 0.0 and -0.0 hash equally", f.name)
		}
	}
}

// TestRouteIsStable holds the routing hashes, which place keys in key groups of stored state. A line of the file is a hash, a type
// (or "bytes" for RouteBytes) and a row as text, parted by tabs. Lines may be added, never changed.
func TestRouteIsStable(t *testing.T) {
	text, err := os.ReadFile("testdata/route.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		want, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		typ, row, ok := strings.Cut(rest, "\t")
		if !ok {
			t.Fatalf("bad line %q", line)
		}
		lines++
		var h uint64
		if typ == "bytes" {
			h = hash.RouteBytes([]byte(row))
		} else {
			h = hashes(families[0], batchtest.Parse(batchtest.Types(typ), row), nil)[0]
		}
		if got := fmt.Sprintf("%016x", h); got != want {
			t.Errorf("the hash of %s %s is %s, stored state has %s", typ, row, got, want)
		}
	}
	if lines < 200 {
		t.Errorf("only %d lines", lines)
	}
}

// TestSpread checks that small integers, multiples of powers of two and short strings fill buckets evenly by their low, middle and
// high bits, and that flipping any bit flips about half of the hash.
func TestSpread(t *testing.T) {
	const n = 1 << 14
	makers := map[string]func(i int) schema.Value{
		"small":   func(i int) schema.Value { return schema.IntValue(int64(i)) },
		"strided": func(i int) schema.Value { return schema.IntValue(int64(i) << 20) },
		"high":    func(i int) schema.Value { return schema.IntValue(int64(i) << 50) },
	}
	for name, mk := range makers {
		b := batch.New([]*schema.Type{schema.TypeBigInt})
		for i := range n {
			b.AppendRow(schema.Insert, mk(i))
		}
		for _, f := range families {
			checkSpread(t, f.name+" of "+name, hashes(f, b, nil))
		}
	}
	b := batch.New([]*schema.Type{schema.TypeString})
	for i := range n {
		b.AppendRow(schema.Insert, schema.StringValue(fmt.Sprint("k", i)))
	}
	for _, f := range families {
		checkSpread(t, f.name+" of strings", hashes(f, b, nil))
	}
}

func checkSpread(t *testing.T, name string, hs []uint64) {
	t.Helper()
	const buckets = 128
	for _, shift := range []int{0, 20, 32, 57} {
		var count [buckets]int
		for _, h := range hs {
			count[h>>shift%buckets]++
		}
		want := float64(len(hs)) / buckets
		chi := 0.0
		for _, c := range &count {
			chi += (float64(c) - want) * (float64(c) - want) / want
		}
		// 127 degrees of freedom: the mean is 127, the deviation 16.
		if chi > 127+6*16 {
			t.Errorf("%s: bits from %d are uneven, chi square %.0f", name, shift, chi)
		}
	}
}

func TestAvalanche(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	const rounds = 200
	for _, f := range families {
		for bit := range 64 {
			flips := 0
			b := batch.New([]*schema.Type{schema.TypeBigInt})
			for range rounds {
				x := rng.Int64()
				b.AppendRow(schema.Insert, schema.IntValue(x))
				b.AppendRow(schema.Insert, schema.IntValue(x^1<<bit))
			}
			h := hashes(f, b, nil)
			for i := 0; i < len(h); i += 2 {
				flips += bits.OnesCount64(h[i] ^ h[i+1])
			}
			if avg := float64(flips) / rounds; avg < 29 || avg > 35 {
				t.Errorf("%s: flipping bit %d flips %.1f bits of the hash", f.name, bit, avg)
			}
		}
	}
}

// TestFamiliesAreIndependent takes the keys of one routing bucket and checks that their index hashes are still spread.
func TestFamiliesAreIndependent(t *testing.T) {
	b := batch.New([]*schema.Type{schema.TypeBigInt})
	for i := range 1 << 20 {
		b.AppendRow(schema.Insert, schema.IntValue(int64(i)))
	}
	r, x := hashes(families[0], b, nil), hashes(families[1], b, nil)
	for _, shift := range []int{0, 57} {
		var kept []uint64
		for i, h := range r {
			if h>>shift%128 == 5 {
				kept = append(kept, x[i])
			}
		}
		checkSpread(t, fmt.Sprintf("index within one bucket of route by bits from %d", shift), kept)
	}
}

func TestKeyHashes(t *testing.T) {
	for _, text := range []string{"BIGINT NOT NULL", "BIGINT", "STRING"} {
		types := batchtest.Types(text)
		b := batchtest.Random(rand.New(rand.NewPCG(5, 0)), types, 1000, 0, false)
		enc := rowkey.NewEncoder(types)
		var keys rowkey.Keys
		enc.Encode(b.Cols(), nil, b.Len(), &keys)
		out := make([]uint64, keys.N)
		if keys.Fixed > 0 {
			hash.IndexFixed(keys.Data, keys.Fixed, out)
		} else {
			hash.IndexVary(keys.Data, keys.Offsets, out)
		}
		seen := map[uint64]string{}
		for i, h := range out {
			k := string(keys.Row(i))
			if old, ok := seen[h]; ok && old != k {
				t.Errorf("%s: keys %x and %x collide", text, old, k)
			}
			seen[h] = k
		}
	}
}

func TestNoAllocations(t *testing.T) {
	types := batchtest.Types("BIGINT; STRING; INT; DOUBLE")
	b := batchtest.Random(rand.New(rand.NewPCG(6, 0)), types, 1000, 5, false)
	out := make([]uint64, b.Len())
	if got := testing.AllocsPerRun(10, func() { hash.Route(b.Cols(), nil, out) }); got != 0 {
		t.Errorf("%v allocations a batch", got)
	}
}

func BenchmarkRoute(b *testing.B) {
	for _, text := range []string{"BIGINT", "BIGINT; BIGINT", "INT", "STRING"} {
		for _, nulls := range []int{0, 10} {
			b.Run(fmt.Sprintf("%s/nulls=%d", text, nulls), func(b *testing.B) {
				in := batchtest.Random(rand.New(rand.NewPCG(7, 0)), batchtest.Types(text), 4096, nulls, false)
				out := make([]uint64, in.Len())
				b.ReportAllocs()
				for b.Loop() {
					hash.Route(in.Cols(), nil, out)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
			})
		}
	}
}
