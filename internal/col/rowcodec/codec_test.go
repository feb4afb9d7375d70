// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowcodec_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// layouts are lists of column types: each type alone, NOT NULL and nullable, pairs, all together.
func layouts() [][]*schema.Type {
	all := batchtest.AllTypes()
	ls := [][]*schema.Type{nil, all, {schema.TypeNull, schema.TypeInt}}
	for i, t := range all {
		next := all[(i+1)%len(all)]
		ls = append(ls, []*schema.Type{t}, []*schema.Type{t.NotNull()}, []*schema.Type{next.NotNull(), t})
	}
	return ls
}

// hasMap tells whether the entries of a map occur in the type: keys order them.
func hasMap(types []*schema.Type) bool {
	for _, t := range types {
		if t.Root == schema.Map || t.Root == schema.Multiset || hasMap(t.Children()) {
			return true
		}
	}
	return false
}

func TestRoundTrip(t *testing.T) {
	const seed = 1
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, types := range layouts() {
		for _, key := range []bool{false, true} {
			if key && hasMap(types) {
				continue
			}
			for _, n := range []int{0, 1, 3, 64, 200} {
				c := rowcodec.New(types, rowcodec.Options{Key: key})
				b := batchtest.Random(rng, types, n, 4, false)
				var sel []int32
				for i := range n {
					if rng.IntN(2) == 0 {
						sel = append(sel, int32(i))
					}
				}
				for _, s := range [][]int32{nil, append([]int32{}, sel...)} {
					checkRoundTrip(t, c, types, b, s)
				}
			}
		}
	}
}

func checkRoundTrip(t *testing.T, c *rowcodec.Codec, types []*schema.Type, b *batch.Batch, sel []int32) {
	t.Helper()
	var rows rowcodec.Rows
	c.Encode(b.Cols(), sel, b.Len(), &rows)
	whole, single := batch.New(types), batch.New(types)
	c.Decode(&rows, whole.Cols())
	whole.SetLen(rows.N)
	for i := range rows.N {
		c.AppendRow(single.Cols(), rows.Row(i))
	}
	single.SetLen(rows.N)
	b.SetSel(sel)
	want := batchtest.Format(b)
	b.SetSel(nil)
	if got := batchtest.Format(whole); got != want {
		t.Fatalf("types %v: decoded\n%s\nwant\n%s", types, got, want)
	}
	if got := batchtest.Format(single); got != want {
		t.Fatalf("types %v: decoded one by one\n%s\nwant\n%s", types, got, want)
	}
}

// TestKeysAreEqualWhenValuesAre compares the keys of random rows pairwise with their text.
func TestKeysAreEqualWhenValuesAre(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for _, types := range layouts() {
		if len(types) > 2 || hasMap(types) {
			continue
		}
		b := batchtest.Random(rng, types, 150, 4, false)
		c := rowcodec.New(types, rowcodec.Options{Key: true})
		var rows rowcodec.Rows
		c.Encode(b.Cols(), nil, b.Len(), &rows)
		byKey, byText := map[string]string{}, map[string]string{}
		for i, text := range batchtest.Lines(b) {
			key := string(rows.Row(i))
			if old, ok := byKey[key]; ok && old != text {
				t.Fatalf("types %v: one key for %s and %s", types, old, text)
			}
			if old, ok := byText[text]; ok && old != key {
				t.Fatalf("types %v: two keys for %s", types, text)
			}
			byKey[key], byText[text] = text, key
		}
	}
}

func TestKeyForms(t *testing.T) {
	for _, c := range []struct {
		types string
		fixed int
	}{
		{"BIGINT NOT NULL", 8},
		{"BIGINT", 16},
		{"INT", 8},
		{"INT NOT NULL", 8},
		{"BOOLEAN", 8},
		{"INT NOT NULL; INT NOT NULL", 8},
		{"INT; INT", 16},
		{"BIGINT; BIGINT", 24},
		{"DECIMAL(38, 2) NOT NULL", 16},
		{"TIMESTAMP(9)", 16},
		{"STRING", 0},
		{"INT; ARRAY<INT>", 0},
	} {
		if got := rowcodec.New(batchtest.Types(c.types), rowcodec.Options{Key: true}).Fixed(); got != c.fixed {
			t.Errorf("%s: keys of %d bytes, want %d", c.types, got, c.fixed)
		}
	}
}

func TestKeysIgnoreLayoutAndOrderOfMaps(t *testing.T) {
	types := batchtest.Types("MAP<STRING, INT>; DOUBLE; STRING")
	c := rowcodec.New(types, rowcodec.Options{Key: true})
	b := batchtest.Parse(types, `
		{'a' 1 'b' 2} NaN 'x'
		{'b' 2 'a' 1} NaN 'x'`)
	batch.Values[uint64](b.Col(1))[1] = 0xfff8000000000123 // Another NaN.
	var rows rowcodec.Rows
	c.Encode(b.Cols(), nil, 2, &rows)
	if !bytes.Equal(rows.Row(0), rows.Row(1)) {
		t.Error("keys differ")
	}
	constant := batch.NewVector(schema.TypeString)
	constant.AppendString("x")
	constant.SetConst(2)
	var other rowcodec.Rows
	c.Encode([]*batch.Vector{b.Col(0), b.Col(1), constant}, []int32{1, 0}, 2, &other)
	if !bytes.Equal(other.Data, rows.Data) {
		t.Error("a constant column makes other keys")
	}
}

// TestValuesUnderNull makes sure that whatever lies under NULL does not reach the bytes.
func TestValuesUnderNull(t *testing.T) {
	types := batchtest.Types("INT; STRING; DECIMAL(30, 2)")
	clean := batchtest.Parse(types, "null null null")
	dirty := batchtest.Parse(types, "7 'seven' 7.77")
	for i := range 3 {
		dirty.Own(i).SetNull(0)
	}
	for _, key := range []bool{false, true} {
		c := rowcodec.New(types, rowcodec.Options{Key: key})
		var a, b rowcodec.Rows
		c.Encode(clean.Cols(), nil, 1, &a)
		c.Encode(dirty.Cols(), nil, 1, &b)
		if !bytes.Equal(a.Data[:a.Offsets[1]], b.Data[:b.Offsets[1]]) {
			t.Error("rows of NULL differ")
		}
	}
}

func TestNoAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for _, text := range []string{"BIGINT NOT NULL", "BIGINT; INT", "BIGINT; STRING; STRING", "INT; ARRAY<INT>; ROW<a STRING>"} {
		types := batchtest.Types(text)
		b := batchtest.Random(rng, types, 500, 5, false)
		c := rowcodec.New(types, rowcodec.Options{Key: true})
		var rows rowcodec.Rows
		out := batch.New(types)
		if got := testing.AllocsPerRun(10, func() {
			c.Encode(b.Cols(), nil, b.Len(), &rows)
			for i := range types {
				out.Own(i).Reset()
			}
			c.Decode(&rows, out.Cols())
		}); got != 0 {
			t.Errorf("%s: %v allocations a batch", text, got)
		}
	}
}

// bidRows is a batch like Nexmark's bids: four numbers and three strings of 180 bytes in all.
func bidRows(n int) ([]*schema.Type, *batch.Batch) {
	types := batchtest.Types("BIGINT; BIGINT; BIGINT; STRING; STRING; TIMESTAMP(3); STRING")
	b := batch.New(types)
	rng := rand.New(rand.NewPCG(4, 0))
	for i := range n {
		b.AppendRow(schema.Insert, schema.IntValue(int64(i)), schema.IntValue(rng.Int64()), schema.IntValue(7),
			schema.StringValue("Google"), schema.StringValue(fmt.Sprintf("https://www.nexmark.com/%010d/item.htm?query=1", i)),
			schema.IntValue(1), schema.StringValue(string(make([]byte, 80))))
	}
	return types, b
}

func BenchmarkEncodeRows(b *testing.B) {
	types, in := bidRows(4096)
	c := rowcodec.New(types, rowcodec.Options{})
	var rows rowcodec.Rows
	b.ReportAllocs()
	for b.Loop() {
		c.Encode(in.Cols(), nil, in.Len(), &rows)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
}

func BenchmarkAppendRows(b *testing.B) {
	types, in := bidRows(4096)
	c := rowcodec.New(types, rowcodec.Options{})
	var rows rowcodec.Rows
	c.Encode(in.Cols(), nil, in.Len(), &rows)
	out := batch.New(types)
	b.ReportAllocs()
	for b.Loop() {
		for i := range types {
			out.Own(i).Reset()
		}
		c.Decode(&rows, out.Cols())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
}

func BenchmarkAppendRow(b *testing.B) {
	types, in := bidRows(4096)
	c := rowcodec.New(types, rowcodec.Options{})
	var rows rowcodec.Rows
	c.Encode(in.Cols(), nil, in.Len(), &rows)
	out := batch.New(types)
	b.ReportAllocs()
	for b.Loop() {
		for i := range types {
			out.Own(i).Reset()
		}
		for i := range rows.N {
			c.AppendRow(out.Cols(), rows.Row(i))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
}

func BenchmarkEncodeKeys(b *testing.B) {
	for _, text := range []string{"BIGINT NOT NULL", "BIGINT", "BIGINT; INT", "STRING", "BIGINT; STRING"} {
		b.Run(text, func(b *testing.B) {
			types := batchtest.Types(text)
			in := batchtest.Random(rand.New(rand.NewPCG(5, 0)), types, 4096, 0, false)
			c := rowcodec.New(types, rowcodec.Options{Key: true})
			var rows rowcodec.Rows
			b.ReportAllocs()
			for b.Loop() {
				c.Encode(in.Cols(), nil, in.Len(), &rows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
		})
	}
}
