// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arrowio_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"spate/batch"
	"spate/internal/col/arrowio"
	"spate/internal/col/batchtest"
	"spate/schema"
)

// fitting makes map keys NOT NULL, as Arrow demands, at all levels.
func fitting(t *schema.Type) *schema.Type {
	c := *t
	if t.Elem != nil {
		c.Elem = fitting(t.Elem)
	}
	if t.Key != nil {
		c.Key = fitting(t.Key).NotNull()
	}
	if t.Root == schema.Multiset {
		c.Elem = c.Elem.NotNull()
	}
	for i := range t.Fields {
		if i == 0 {
			c.Fields = append([]schema.Field(nil), t.Fields...)
		}
		c.Fields[i].Type = fitting(t.Fields[i].Type)
	}
	return &c
}

// columns returns a column of every type that crosses.
func columns() schema.Schema {
	var s schema.Schema
	for _, t := range append(batchtest.AllTypes(), schema.TypeNull, schema.NewRow(), schema.NewTime(6), schema.NewTime(9)) {
		s = append(s, schema.Field{Name: fmt.Sprint("c", len(s)), Type: fitting(t)})
	}
	return s
}

// clamp keeps fine timestamps within the years that Arrow's nanoseconds hold.
func clamp(t *schema.Type, v schema.Value) schema.Value {
	if t.Physical() == schema.PhysTime9 {
		v.I %= 9_000_000_000_000_000
	}
	kids := t.Children()
	for i, e := range v.Elems {
		v.Elems[i] = clamp(kids[i%len(kids)], e)
	}
	return v
}

func random(rng *rand.Rand, s schema.Schema, n, nulls int) *batch.Batch {
	b := batch.New(s.Types())
	for range n {
		row := make([]schema.Value, len(s))
		for c, f := range s {
			row[c] = clamp(f.Type, batchtest.RandomValue(rng, f.Type, nulls))
		}
		b.AppendRow(schema.Insert, row...)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	cols := columns()
	as, err := arrowio.Schema(cols)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 65, 200} {
		for _, nulls := range []int{0, 3} {
			src := random(rng, cols, n, nulls)
			rec, err := arrowio.Record(as, src)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []arrow.RecordBatch{rec, throughIPC(t, as, rec)} {
				dst := batch.New(cols.Types())
				if err := arrowio.AppendRecord(dst, r); err != nil {
					t.Fatal(err)
				}
				if got, want := batchtest.Format(dst), batchtest.Format(src); got != want {
					t.Fatalf("%d rows: got\n%s\nwant\n%s", n, got, want)
				}
			}
			if n > 60 {
				dst := batch.New(cols.Types())
				if err := arrowio.AppendRecord(dst, rec.NewSlice(7, 50)); err != nil {
					t.Fatal(err)
				}
				want := strings.Join(batchtest.Lines(src)[7:50], "")
				if got := batchtest.Format(dst); got != want {
					t.Fatalf("slice: got\n%s\nwant\n%s", got, want)
				}
			}
		}
	}
}

// throughIPC writes and reads a record with Arrow's own stream format, which checks its structure.
func throughIPC(t *testing.T, s *arrow.Schema, rec arrow.RecordBatch) arrow.RecordBatch {
	t.Helper()
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(s))
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Next() {
		t.Fatal(r.Err())
	}
	return r.RecordBatch()
}

func TestTypesComeBack(t *testing.T) {
	cols := columns()
	as, err := arrowio.Schema(cols)
	if err != nil {
		t.Fatal(err)
	}
	back, err := arrowio.ColumnsOf(as)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range cols {
		dt, err := arrowio.Type(back[i].Type)
		if err != nil {
			t.Fatal(err)
		}
		if !arrow.TypeEqual(dt, as.Field(i).Type) || back[i].Type.Nullable != f.Type.Nullable || back[i].Name != f.Name {
			t.Errorf("%s becomes %s and then %s", f.Type, as.Field(i).Type, dt)
		}
	}
	for _, bad := range []*schema.Type{schema.New(schema.Symbol), schema.MustParseType("ARRAY<TIMESTAMP WITH TIME ZONE>")} {
		if _, err := arrowio.Type(bad); err == nil {
			t.Errorf("%s has an Arrow form", bad)
		}
	}
	for _, bad := range []arrow.DataType{arrow.PrimitiveTypes.Uint8, &arrow.Decimal128Type{Precision: 5, Scale: -1}, arrow.ListOf(arrow.FixedWidthTypes.Float16)} {
		if _, err := arrowio.TypeOf(bad); err == nil {
			t.Errorf("%s has a SQL form", bad)
		}
	}
}

func TestOtherForms(t *testing.T) {
	alloc := memory.NewGoAllocator()
	text := array.NewLargeStringBuilder(alloc)
	text.AppendValues([]string{"a", "bc"}, nil)
	raw := array.NewBinaryBuilder(alloc, arrow.BinaryTypes.LargeBinary)
	raw.AppendValues([][]byte{{1}, {2, 3}}, []bool{true, false})
	micros := array.NewTimestampBuilder(alloc, &arrow.TimestampType{Unit: arrow.Microsecond})
	micros.AppendValues([]arrow.Timestamp{-1, 1_500_000}, nil)
	secs := array.NewTimestampBuilder(alloc, &arrow.TimestampType{Unit: arrow.Second})
	secs.AppendValues([]arrow.Timestamp{-1, 2}, nil)
	dur := array.NewDurationBuilder(alloc, &arrow.DurationType{Unit: arrow.Second})
	dur.AppendValues([]arrow.Duration{-1, 2}, nil)
	arrays := []arrow.Array{text.NewArray(), raw.NewArray(), micros.NewArray(), secs.NewArray(), dur.NewArray()}
	fields := make([]arrow.Field, len(arrays))
	for i, a := range arrays {
		fields[i] = arrow.Field{Name: fmt.Sprint("f", i), Type: a.DataType(), Nullable: true}
	}
	rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, 2)
	b := batch.New(batchtest.Types("STRING; BYTES; TIMESTAMP(3); TIMESTAMP(9); INTERVAL DAY TO SECOND"))
	if err := arrowio.AppendRecord(b, rec); err != nil {
		t.Fatal(err)
	}
	want := "+I 'a' x'01' 1969-12-31T23:59:59.999 1969-12-31T23:59:59 -1000\n+I 'bc' null 1970-01-01T00:00:01.5 1970-01-01T00:00:02 2000\n"
	if got := batchtest.Format(b); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ typ, row string }{
		{"TIMESTAMP(9)", "0001-01-01T00:00:00"},
		{"TIMESTAMP_LTZ(9)", "9999-01-01T00:00:00"},
		{"MAP<STRING, INT>", "{null 1}"},
	} {
		types := batchtest.Types(c.typ)
		as, err := arrowio.Schema(schema.Schema{{Name: "a", Type: types[0]}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := arrowio.Record(as, batchtest.Parse(types, c.row)); !errors.Is(err, arrowio.ErrRange) {
			t.Errorf("%s %s: error %v", c.typ, c.row, err)
		}
	}
	cols := columns()
	for i, f := range cols {
		as, err := arrowio.Schema(cols[i : i+1])
		if err != nil {
			t.Fatal(err)
		}
		rec, err := arrowio.Record(as, random(rand.New(rand.NewPCG(2, 0)), cols[i:i+1], 3, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range cols {
			want := as.Field(0).Type
			other, err := arrowio.Type(g.Type)
			if err != nil {
				t.Fatal(err)
			}
			if arrow.TypeEqual(want, other) || g.Type.Root == f.Type.Root || g.Type.Root == schema.Null {
				continue
			}
			if err := arrowio.AppendRecord(batch.New([]*schema.Type{g.Type}), rec); err == nil {
				t.Errorf("%s is read as %s", want, g.Type)
			}
		}
	}
	wide := batchtest.Types("DECIMAL(5, 2)")
	as, err := arrowio.Schema(schema.Schema{{Name: "a", Type: wide[0]}})
	if err != nil {
		t.Fatal(err)
	}
	rec, err := arrowio.Record(as, batchtest.Parse(wide, "999.99"))
	if err != nil {
		t.Fatal(err)
	}
	if err := arrowio.AppendRecord(batch.New(batchtest.Types("DECIMAL(4, 2)")), rec); !errors.Is(err, arrowio.ErrRange) {
		t.Errorf("too wide a decimal: %v", err)
	}
}
