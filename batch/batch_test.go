// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/sys/budget"
	"spate/internal/sys/invariant"
	"spate/schema"
)

// TestValuesComeBack appends random rows of all types to a batch that is used again and again, and reads them back as plain values.
func TestValuesComeBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	types := batchtest.AllTypes()
	pool := batch.NewPool(types, nil)
	pool.Poison()
	for range 20 {
		b := pool.Get()
		want := make([][]schema.Value, rng.IntN(150))
		for r := range want {
			for _, typ := range types {
				want[r] = append(want[r], batchtest.RandomValue(rng, typ, 3))
			}
			b.AppendRow(schema.RowKind(r%4), want[r]...)
		}
		if b.Len() != len(want) || b.Rows() != len(want) {
			t.Fatalf("%d rows, want %d", b.Len(), len(want))
		}
		for r := range want {
			for c, typ := range types {
				got, w := batchtest.FormatValue(typ, b.Col(c).Value(r)), batchtest.FormatValue(typ, want[r][c])
				if got != w {
					t.Fatalf("row %d, %s: %s, want %s", r, typ, got, w)
				}
			}
			if b.Kind(r) != schema.RowKind(r%4) {
				t.Fatalf("row %d has kind %s", r, b.Kind(r))
			}
		}
		b.Release()
	}
}

// TestAppendFrom copies rows one by one, also from a constant.
func TestAppendFrom(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	types := batchtest.AllTypes()
	src := batchtest.Random(rng, types, 80, 3, false)
	dst := batch.New(types)
	for i := range 80 {
		for c := range types {
			dst.Own(c).AppendFrom(src.Col(c), i)
		}
	}
	dst.SetLen(80)
	if got, want := batchtest.Format(dst), batchtest.Format(src); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for c, typ := range types {
		constant := batch.NewVector(typ)
		constant.AppendFrom(src.Col(c), 7)
		constant.SetConst(500)
		out := batch.NewVector(typ)
		out.AppendFrom(constant, 499)
		if got, want := batchtest.FormatVector(out, 1), batchtest.FormatValue(typ, src.Col(c).Value(7)); got != want {
			t.Errorf("%s: constant gives %s, want %s", typ, got, want)
		}
		if constant.IsNull(300) != src.Col(c).IsNull(7) {
			t.Errorf("%s: NULL of a constant", typ)
		}
	}
}

func TestConstantsHaveOneRowInMemory(t *testing.T) {
	v := batch.NewVector(schema.TypeBoolean)
	v.AppendNull()
	v.SetConst(4096)
	if len(v.Valid()) != 1 || len(v.Bits()) != 1 || v.Len() != 4096 || !v.IsConst() {
		t.Errorf("valid %d words, bits %d words, length %d", len(v.Valid()), len(v.Bits()), v.Len())
	}
	alias := batch.NewVector(schema.TypeBoolean)
	alias.Borrow(v, nil)
	if !alias.IsNull(4000) || !alias.IsConst() {
		t.Error("an alias of a constant NULL is not NULL")
	}
}

func TestNulls(t *testing.T) {
	v := batch.NewVector(schema.TypeInt)
	for i := range int32(200) {
		batch.Append(v, i)
	}
	if v.HasNulls() || v.Valid() != nil {
		t.Error("NULL without any")
	}
	v.SetNull(130)
	for i := range 200 {
		if v.IsNull(i) != (i == 130) {
			t.Errorf("row %d", i)
		}
	}
	for range 600 {
		batch.Append(v, int32(0))
	}
	v.AppendNull()
	if v.IsNull(799) || !v.IsNull(800) || !v.IsNull(130) {
		t.Error("NULL lost or added on growth")
	}
	mask := slices.Repeat([]uint64{^uint64(0)}, len(v.Valid()))
	mask[0] = 0
	v.SetValid(mask)
	if !v.IsNull(5) || v.IsNull(130) {
		t.Error("SetValid does not replace")
	}
	v.SetValid(nil)
	if v.IsNull(5) {
		t.Error("SetValid(nil) does not clear")
	}
	v.Reset()
	batch.Append(v, int32(1))
	v.SetNull(0)
	v.Reset()
	batch.Append(v, int32(1))
	if v.IsNull(0) {
		t.Error("NULL survives Reset")
	}
	none := batch.NewVector(schema.TypeNull)
	none.AppendNull()
	if !none.IsNull(0) || none.Len() != 1 {
		t.Error("the NULL type is not NULL")
	}
}

func TestBorrow(t *testing.T) {
	types := batchtest.Types("STRING; INT; ROW<a INT, b STRING>; ARRAY<INT>")
	in := batchtest.Parse(types, `
		'a' 1 (1 'x') [1 2]
		null 2 (2 null) []
		'c' null null [3]`)
	valid := []uint64{0b011}
	for c, want := range []string{"'a' null null", "1 2 null", "(1 'x') (2 null) null", "[1 2] [] null"} {
		v := batch.NewVector(types[c])
		v.Borrow(in.Col(c), valid)
		if got := batchtest.FormatVector(v, 3); got != want {
			t.Errorf("column %d: %s, want %s", c, got, want)
		}
		v.Reset()
		v.AppendFrom(in.Col(c), 0)
		if got := batchtest.FormatVector(v, 1); got != strings.SplitAfterN(want, ")", 2)[0] && !strings.HasPrefix(want, got) {
			t.Errorf("column %d after Reset: %s", c, got)
		}
	}
	if got, want := batchtest.Format(in), "+I 'a' 1 (1 'x') [1 2]\n+I null 2 (2 null) []\n+I 'c' null null [3]\n"; got != want {
		t.Errorf("the lender changed: %s", got)
	}
}

func TestTruncate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	types := batchtest.AllTypes()
	for range 30 {
		n := rng.IntN(130)
		b := batchtest.Random(rng, types, n+rng.IntN(70), 3, true)
		keep := batchtest.Lines(b)[:n]
		// A half-written row, as a decoder leaves it.
		b.Own(0).AppendNull()
		b.Own(3).AppendValue(schema.IntValue(1))
		b.Truncate(n)
		if got := batchtest.Lines(b); !slices.Equal(got, keep) {
			t.Fatalf("kept\n%v\nwant\n%v", got, keep)
		}
		more := batchtest.Random(rng, types, 20, 3, true)
		for i := range 20 {
			b.AppendRow(more.Kind(i), more.Row(i)...)
		}
		if got, want := batchtest.Lines(b), slices.Concat(keep, batchtest.Lines(more)); !slices.Equal(got, want) {
			t.Fatalf("after more rows\n%v\nwant\n%v", got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	types := batchtest.Types("INT")
	b := batch.New(types)
	for i := range 200 {
		batch.Append(b.Own(0), int32(i))
		b.AppendKind(schema.Insert)
	}
	if b.Kinds() != nil {
		t.Error("kinds although all rows are +I")
	}
	for range 200 {
		batch.Append(b.Own(0), int32(0))
		b.AppendKind(schema.Delete)
	}
	if len(b.Kinds()) != 400 || b.Kind(199) != schema.Insert || b.Kind(200) != schema.Delete || b.Kind(399) != schema.Delete {
		t.Error("kinds are wrong after the first -D")
	}
	out := batch.New(types)
	out.Adopt(b)
	out.SetCol(0, b.Col(0))
	kinds := out.MakeKinds(400)
	if kinds[399] != schema.Delete || kinds[0] != schema.Insert {
		t.Error("MakeKinds loses the kinds of the adopted batch")
	}
	kinds[0] = schema.UpdateAfter
	if b.Kind(0) != schema.Insert {
		t.Error("MakeKinds writes into the adopted batch")
	}
	out.Release()
}

func TestAdoptReleasesWithItsOwner(t *testing.T) {
	types := batchtest.Types("INT")
	inner, outer := batch.NewPool(types, nil), batch.NewPool(types, nil)
	a := inner.Get()
	a.AppendRow(schema.Insert, schema.IntValue(7))
	o := outer.Get()
	o.Adopt(a)
	o.SetCol(0, a.Col(0))
	o.Share(2)
	for range 2 {
		o.Release()
		if inner.Get() == a {
			t.Fatal("the adopted batch is free while it is held")
		}
	}
	o.Release()
	if got := inner.Get(); got != a || got.Len() != 0 {
		t.Error("the adopted batch did not come back empty")
	}
}

func TestReleaseFromManyGoroutines(t *testing.T) {
	pool := batch.NewPool(batchtest.Types("INT; STRING"), nil)
	for range 50 {
		b := pool.Get()
		b.AppendRow(schema.Insert, schema.IntValue(1), schema.StringValue("x"))
		b.Share(7)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if got := batchtest.Format(b); got != "+I 1 'x'\n" {
					t.Error(got)
				}
				b.Release()
			})
		}
		wg.Wait()
		if again := pool.Get(); again != b {
			t.Fatal("the batch did not come back once all holders were done")
		} else {
			again.Release()
		}
	}
}

func TestPoison(t *testing.T) {
	pool := batch.NewPool(batchtest.Types("INT; STRING"), nil)
	pool.Poison()
	b := pool.Get()
	b.AppendRow(schema.Insert, schema.IntValue(7), schema.StringValue("secret"))
	ints, text := batch.Values[int32](b.Col(0)), b.Col(1).Bytes(0)
	b.Release()
	if ints[0] == 7 || string(text) == "secret" {
		t.Error("released memory still reads well")
	}
}

func TestDoubleRelease(t *testing.T) {
	if !invariant.Enabled {
		t.Skip("checked with the invariants tag only")
	}
	defer func() {
		if r := recover(); r == nil {
			t.Error("releasing twice goes unnoticed")
		}
	}()
	b := batch.New(batchtest.Types("INT"))
	b.Release()
	b.Release()
}

func TestBudget(t *testing.T) {
	root := budget.New("job", 0)
	types := batchtest.AllTypes()
	pool := batch.NewPool(types, root)
	rng := rand.New(rand.NewPCG(4, 0))
	var held []*batch.Batch
	for range 5 {
		b := pool.Get()
		for range 300 {
			row := make([]schema.Value, len(types))
			for c, typ := range types {
				row[c] = batchtest.RandomValue(rng, typ, 3)
			}
			b.AppendRow(schema.Insert, row...)
		}
		held = append(held, b)
	}
	if root.Used() < 5*300*8*int64(len(types)) {
		t.Errorf("only %d bytes are charged", root.Used())
	}
	if pool.Err() != nil {
		t.Error(pool.Err())
	}
	for _, b := range held[1:] {
		b.Release()
	}
	pool.Close()
	if root.Used() == 0 {
		t.Error("nothing is charged for the batch in flight")
	}
	held[0].Release()
	if root.Used() != 0 {
		t.Errorf("%d bytes are left", root.Used())
	}
}

func TestOverBudget(t *testing.T) {
	root := budget.New("job", 10_000)
	pool := batch.NewPool(batchtest.Types("STRING"), root)
	b := pool.Get()
	for range 100 {
		b.AppendRow(schema.Insert, schema.StringValue(strings.Repeat("x", 1000)))
	}
	if _, over := errors.AsType[*budget.Error](pool.Err()); !over {
		t.Fatalf("error %v", pool.Err())
	}
	if got := b.Col(0).Value(99).S; len(got) != 1000 {
		t.Error("the data of the batch is not there")
	}
	b.Release()
	pool.Close()
	if root.Used() != 0 {
		t.Errorf("%d bytes are left", root.Used())
	}
}

func TestGrowDataBeyondCapacityIsCharged(t *testing.T) {
	root := budget.New("job", 0)
	pool := batch.NewPool(batchtest.Types("STRING"), root)
	b := pool.Get()
	v := b.Own(0)
	v.SetData(append(v.GrowData(1), strings.Repeat("y", 5000)...))
	v.EndBytes()
	b.SetLen(1)
	if root.Used() < 5000 || string(v.Bytes(0)) != strings.Repeat("y", 5000) {
		t.Errorf("%d bytes are charged for %d", root.Used(), len(v.Bytes(0)))
	}
	b.Release()
	pool.Close()
	if root.Used() != 0 {
		t.Errorf("%d bytes are left", root.Used())
	}
}

func TestResizeKeepsValues(t *testing.T) {
	v := batch.NewVector(schema.NewTimestamp(9))
	v.AppendTime9(5, 999)
	vals := batch.Resize[int64](v, 1000)
	nanos := v.ResizeNanos()
	vals[999], nanos[999] = 6, 1
	if want := (schema.Value{I: 5, Nanos: 999}); !reflect.DeepEqual(v.Value(0), want) {
		t.Errorf("row 0 is %v", v.Value(0))
	}
	if want := (schema.Value{I: 6, Nanos: 1}); !reflect.DeepEqual(v.Value(999), want) {
		t.Errorf("row 999 is %v", v.Value(999))
	}
	s := batch.NewVector(schema.TypeString)
	s.AppendString("ab")
	offs, data := s.ResizeBytes(3, 10)
	copy(data[2:], "cdefghij")
	offs[2], offs[3] = 5, 7
	s.TruncateData(7)
	if got := batchtest.FormatVector(s, 3); got != "'ab' 'cde' 'fg'" {
		t.Error(got)
	}
	l := batch.NewVector(schema.NewArray(schema.TypeInt))
	o := l.ResizeList(2)
	copy(o, []int32{0, 2, 3})
	copy(batch.Resize[int32](l.Child(0), 3), []int32{1, 2, 3})
	if got := batchtest.FormatVector(l, 2); got != "[1 2] [3]" {
		t.Error(got)
	}
	bits := batch.NewVector(schema.TypeBoolean)
	bits.ResizeBits(70)[1] = 1
	if !bits.Bool(64) {
		t.Error("row 64 is false")
	}
}

// TestSteadyStateDoesNotAllocate fills and releases batches of all types from plain slices.
func TestSteadyStateDoesNotAllocate(t *testing.T) {
	types := batchtest.AllTypes()
	src := batchtest.Random(rand.New(rand.NewPCG(5, 0)), types, 500, 3, true)
	pool := batch.NewPool(types, budget.New("job", 0))
	fill := func() {
		b := pool.Get()
		for c := range types {
			for i := range src.Len() {
				b.Own(c).AppendFrom(src.Col(c), i)
			}
		}
		b.SetLen(src.Len())
		copy(b.MakeKinds(src.Len()), src.Kinds())
		b.SetSel(b.SelBuf(100))
		b.Release()
	}
	if got := testing.AllocsPerRun(10, fill); got != 0 {
		t.Errorf("%v allocations a batch", got)
	}
}
