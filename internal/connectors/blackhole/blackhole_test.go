// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package blackhole_test

import (
	"strconv"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/blackhole"
	"spate/schema"
)

func writer(tb testing.TB) connector.Writer {
	tb.Helper()
	s, err := blackhole.Factory().NewSink(&connector.Table{})
	if err != nil {
		tb.Fatal(err)
	}
	w, err := s.Writer(&connector.WriterContext{Parallelism: 1})
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func everyType(tb testing.TB, n int) *batch.Batch {
	tb.Helper()
	texts := []string{
		"BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(5, 2)", "DECIMAL(30, 2)", "STRING", "BYTES",
		"TIMESTAMP(3)", "TIMESTAMP(9)", "ARRAY<ARRAY<INT>>", "MAP<STRING, BIGINT>", "ROW<a INT, b ARRAY<STRING>>", "NULL",
	}
	var types []*schema.Type
	for _, s := range texts {
		types = append(types, schema.MustParseType(s))
	}
	b := batch.New(types)
	i, s := schema.IntValue, schema.StringValue
	list := func(vs ...schema.Value) schema.Value { return schema.Value{Elems: vs} }
	for k := range n {
		if k%5 == 4 {
			row := make([]schema.Value, len(types))
			for c := range row {
				row[c] = schema.NullValue
			}
			b.AppendRow(schema.Delete, row...)
			continue
		}
		x := int64(k)
		b.AppendRow(schema.Insert, schema.BoolValue(k%2 == 0), i(x), i(x), i(x), i(x), schema.FloatValue(1), schema.FloatValue(1), i(x),
			schema.Value{Wide: schema.Int128{Lo: uint64(k)}}, s(strconv.Itoa(k)), s("b"), i(x), i(x), list(list(i(1)), list(i(x), i(2))),
			list(s("k"), i(x)), list(i(x), list(s("e"))), schema.NullValue)
	}
	return b
}

func TestTakesEveryType(t *testing.T) {
	w := writer(t)
	for _, n := range []int{0, 1, 3, 64, 4096} {
		b := everyType(t, n)
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		var sel []int32
		for i := 0; i < n; i += 3 {
			sel = append(sel, int32(i))
		}
		b.SetSel(sel)
		if n := testing.AllocsPerRun(5, func() {
			if err := w.Write(b); err != nil {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("%v allocations a batch", n)
		}
	}
}

func BenchmarkBlackhole(b *testing.B) {
	types := []*schema.Type{schema.TypeBigInt, schema.TypeBigInt, schema.TypeBigInt, schema.TypeString, schema.TypeString, schema.TypeBigInt, schema.TypeString}
	x := batch.New(types)
	for i := range batch.MaxRows {
		v := schema.IntValue(int64(i))
		x.AppendRow(schema.Insert, v, v, v, schema.StringValue("channel-77"), schema.StringValue("https://www.nexmark.com/aaa/bbbb/ccc/item.htm?query=1"), v,
			schema.StringValue("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmn"))
	}
	w := writer(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(x); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch.MaxRows, "ns/event")
}
