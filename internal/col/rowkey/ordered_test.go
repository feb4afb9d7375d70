// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowkey_test

import (
	"bytes"
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/col/rowkey"
	"spate/schema"
)

// compare is the SQL order of two values, written for clarity: NULL first.
func compare(t *schema.Type, a, b schema.Value) int {
	switch {
	case a.Null || b.Null:
		return cmp.Compare(boolInt(!a.Null), boolInt(!b.Null))
	case t.Root == schema.Float || t.Root == schema.Double:
		return compareFloats(a.F, b.F)
	case t.Physical() == schema.PhysInt128:
		return wide(a).Cmp(wide(b))
	case t.Physical() == schema.PhysBytes:
		return strings.Compare(a.S, b.S)
	case t.Root == schema.Array:
		for i := range min(len(a.Elems), len(b.Elems)) {
			if c := compare(t.Elem, a.Elems[i], b.Elems[i]); c != 0 {
				return c
			}
		}
		return cmp.Compare(len(a.Elems), len(b.Elems))
	case t.Root == schema.Row:
		for i, f := range t.Fields {
			if c := compare(f.Type, a.Elems[i], b.Elems[i]); c != 0 {
				return c
			}
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.I, b.I), cmp.Compare(a.Nanos, b.Nanos))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// compareFloats is Java's Double.compare.
func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case math.IsNaN(a) || math.IsNaN(b):
		return cmp.Compare(boolInt(math.IsNaN(a)), boolInt(math.IsNaN(b)))
	}
	return cmp.Compare(boolInt(!math.Signbit(a)), boolInt(!math.Signbit(b)))
}

func wide(v schema.Value) *big.Int {
	x := new(big.Int).Lsh(big.NewInt(v.Wide.Hi), 64)
	return x.Add(x, new(big.Int).SetUint64(v.Wide.Lo))
}

// compareOrdered compares one column by its order.
func compareOrdered(t *schema.Type, o rowkey.Order, a, b schema.Value) int {
	if a.Null || b.Null {
		c := compare(t, a, b)
		if o.NullsLast {
			c = -c
		}
		return c
	}
	if o.Desc {
		return -compare(t, a, b)
	}
	return compare(t, a, b)
}

func TestOrderedKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	var types []*schema.Type
	for _, typ := range batchtest.AllTypes() {
		if rowkey.Comparable(typ) {
			types = append(types, typ)
		}
	}
	if len(types) < 25 {
		t.Fatalf("only %d comparable types", len(types))
	}
	for i, typ := range types {
		next := types[(i+7)%len(types)]
		for _, ts := range [][]*schema.Type{{typ}, {typ.NotNull()}, {typ, next}, {next.NotNull(), typ}} {
			for mode := range 4 {
				orders := make([]rowkey.Order, len(ts))
				for c := range orders {
					orders[c] = rowkey.Order{Desc: (mode+c)&1 != 0, NullsLast: mode&2 != 0}
				}
				checkOrder(t, rng, ts, orders)
			}
		}
	}
}

func checkOrder(t *testing.T, rng *rand.Rand, types []*schema.Type, orders []rowkey.Order) {
	t.Helper()
	o, err := rowkey.NewOrdered(types, orders)
	if err != nil {
		t.Fatal(err)
	}
	b := batchtest.Random(rng, types, 25, 4, false)
	var keys rowkey.Keys
	o.Encode(b.Cols(), nil, b.Len(), &keys)
	for i := range b.Len() {
		if n := o.Fixed(); n > 0 && len(keys.Row(i)) != n {
			t.Fatalf("%v: key of %d bytes, not %d", types, len(keys.Row(i)), n)
		}
		for j := range b.Len() {
			want := 0
			for c, typ := range types {
				if want = compareOrdered(typ, orders[c], b.Col(c).Value(i), b.Col(c).Value(j)); want != 0 {
					break
				}
			}
			if got := bytes.Compare(keys.Row(i), keys.Row(j)); got != want {
				t.Fatalf("%v %v: keys of %v and %v compare as %d, want %d", types, orders, b.Row(i), b.Row(j), got, want)
			}
		}
	}
}

func TestStringsWithZeroBytes(t *testing.T) {
	types := batchtest.Types("BYTES NOT NULL; INT NOT NULL")
	o, err := rowkey.NewOrdered(types, make([]rowkey.Order, 2))
	if err != nil {
		t.Fatal(err)
	}
	b := batchtest.Parse(types, `
		x'' 9
		x'00' 1
		x'0000' 1
		x'0001' 1
		x'01' -1
		x'01' 0
		x'ff' 0
		x'ff00' 0
		x'ffff' 0`)
	var last []byte
	for i := range b.Len() {
		key := o.AppendKey(nil, b.Cols(), i)
		if bytes.Compare(last, key) >= 0 {
			t.Errorf("row %d does not sort after the one before", i)
		}
		last = key
	}
}

func TestTypesWithoutOrder(t *testing.T) {
	for _, text := range []string{"MAP<INT, INT>", "MULTISET<INT>", "VARIANT", "BITMAP", "ROW<a ARRAY<MAP<INT, INT>>>"} {
		if _, err := rowkey.NewOrdered(batchtest.Types(text), make([]rowkey.Order, 1)); err == nil {
			t.Errorf("%s has an order", text)
		}
	}
}

func TestEncoderRoundTrip(t *testing.T) {
	types := batchtest.Types("BIGINT; STRING NOT NULL; ARRAY<INT>")
	b := batchtest.Random(rand.New(rand.NewPCG(2, 0)), types, 100, 4, false)
	enc := rowkey.NewEncoder(types)
	var keys rowkey.Keys
	enc.Encode(b.Cols(), nil, b.Len(), &keys)
	all, one, some := batch.New(types), batch.New(types), batch.New(types)
	enc.Decode(&keys, all.Cols())
	all.SetLen(b.Len())
	var list [][]byte
	for i := range b.Len() {
		enc.AppendKey(one.Cols(), keys.Row(i))
		list = append(list, keys.Row(i))
	}
	one.SetLen(b.Len())
	enc.AppendKeys(some.Cols(), list)
	some.SetLen(b.Len())
	for _, got := range []*batch.Batch{all, one, some} {
		if batchtest.Format(got) != batchtest.Format(b) {
			t.Errorf("keys come back as\n%s", batchtest.Format(got))
		}
	}
}

func BenchmarkOrdered(b *testing.B) {
	for _, text := range []string{"BIGINT NOT NULL", "TIMESTAMP(3); STRING"} {
		b.Run(text, func(b *testing.B) {
			types := batchtest.Types(text)
			in := batchtest.Random(rand.New(rand.NewPCG(5, 0)), types, 4096, 0, false)
			o, err := rowkey.NewOrdered(types, make([]rowkey.Order, len(types)))
			if err != nil {
				b.Fatal(err)
			}
			var keys rowkey.Keys
			b.ReportAllocs()
			for b.Loop() {
				o.Encode(in.Cols(), nil, in.Len(), &keys)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Len()), "ns/row")
		})
	}
}
