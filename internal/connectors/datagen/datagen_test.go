// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package datagen_test

import (
	"maps"
	"math"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/conntest"
	"spate/internal/connectors/datagen"
	"spate/schema"
)

func columns(text string) schema.Schema {
	return schema.Schema(schema.MustParseType("ROW<" + text + ">").Fields)
}

func open(o connector.Options, cols schema.Schema) (connector.Source, error) {
	all := connector.Options{"connector": "datagen"}
	maps.Copy(all, o)
	f, err := connector.NewRegistry([]*connector.Factory{datagen.Factory()}, nil).Open(all)
	if err != nil {
		return nil, err
	}
	return f.NewSource(&connector.Table{Name: "t", Columns: cols, Options: all, TimeZone: "Asia/Kolkata"})
}

func rows(t *testing.T, o connector.Options, cols schema.Schema) [][]schema.Value {
	t.Helper()
	o = maps.Clone(o)
	o["rows-per-second"] = "1000000000"
	s, err := open(o, cols)
	if err != nil {
		t.Fatal(err)
	}
	return conntest.Rows(t, s, conntest.ScanAll(cols), 1, batch.MaxRows)
}

const all = "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(5, 2), i DECIMAL(30, 3), j CHAR(7), k VARCHAR(5), l STRING, " +
	"m BINARY(3), n BYTES, o DATE, p TIME(0), q TIMESTAMP(3), r TIMESTAMP_LTZ(9), s INTERVAL YEAR TO MONTH, t INTERVAL DAY TO SECOND(3), " +
	"u ARRAY<INT>, v MAP<STRING, ROW<x INT>>, w MULTISET<TINYINT>, x ROW<y STRING, z ARRAY<ARRAY<BOOLEAN>>>"

func TestConformance(t *testing.T) {
	cols := columns(all)
	s, err := open(connector.Options{
		"number-of-rows": "50", "rows-per-second": "1000000000", "fields.k.null-rate": "0.5", "fields.d.kind": "sequence",
		"fields.x.z.length": "2", "fields.l.var-len": "true",
	}, cols)
	if err != nil {
		t.Fatal(err)
	}
	conntest.Source(t, s, conntest.ScanAll(cols))
}

func TestRandom(t *testing.T) {
	type check func(v schema.Value) bool
	within := func(low, high int64) check { return func(v schema.Value) bool { return v.I >= low && v.I <= high } }
	cases := []struct {
		column  string
		options connector.Options
		ok      check
		least   int // Different values among 300.
	}{
		{"a BOOLEAN", nil, within(0, 1), 2},
		{"a TINYINT", nil, within(-128, 127), 150},
		{"a INT", connector.Options{"fields.a.min": "5", "fields.a.max": "9"}, within(5, 9), 5},
		{"a BIGINT", nil, func(schema.Value) bool { return true }, 300},
		{"a FLOAT", nil, func(v schema.Value) bool { return v.F > 0 && v.F <= math.MaxFloat32 }, 290},
		{"a DOUBLE", connector.Options{"fields.a.min": "-1.5", "fields.a.max": "2"}, func(v schema.Value) bool { return v.F >= -1.5 && v.F <= 2 }, 290},
		{"a DECIMAL(5, 2)", nil, within(0, 99999), 280},
		{"a DECIMAL(5, 2)", connector.Options{"fields.a.min": "-1.5", "fields.a.max": "10000"}, within(-150, 99999), 280},
		{"a DECIMAL(30, 0)", nil, func(v schema.Value) bool { return v.Wide.Hi >= 0 }, 300},
		{"a CHAR(7)", nil, func(v schema.Value) bool { return len(v.S) == 7 && strings.Trim(v.S, "0123456789abcdef") == "" }, 290},
		{"a STRING", nil, func(v schema.Value) bool { return len(v.S) == 100 }, 300},
		{"a VARCHAR(20)", connector.Options{"fields.a.length": "9", "fields.a.var-len": "true"}, func(v schema.Value) bool { return len(v.S) >= 1 && len(v.S) < 9 }, 200},
		{"a BYTES", connector.Options{"fields.a.length": "3"}, func(v schema.Value) bool { return len(v.S) == 3 }, 290},
		{"a TIMESTAMP(3)", nil, within(conntest.Now, conntest.Now), 1},
		{"a TIMESTAMP_LTZ(3)", connector.Options{"fields.a.max-past": "10 s"}, within(conntest.Now-10_000, conntest.Now), 200},
		{"a DATE", nil, within(conntest.Now/86_400_000, conntest.Now/86_400_000+1), 1},
		{"a INTERVAL YEAR TO MONTH", nil, within(0, 120_000), 280},
		{"a ARRAY<INT>", connector.Options{"fields.a.element.max": "3", "fields.a.element.min": "1", "fields.a.length": "4"}, func(v schema.Value) bool {
			for _, e := range v.Elems {
				if e.I < 1 || e.I > 3 {
					return false
				}
			}
			return len(v.Elems) == 4
		}, 0},
		{"a ROW<b INT, c ROW<d INT>>", connector.Options{"fields.a.b.min": "7", "fields.a.c.d.max": "-1"}, func(v schema.Value) bool { return v.Elems[0].I >= 7 && v.Elems[1].Elems[0].I < 0 }, 0},
		{"a MAP<BOOLEAN, INT>", nil, func(v schema.Value) bool { return len(v.Elems) == 2 || len(v.Elems) == 4 }, 0},
		{"a MULTISET<STRING>", nil, func(v schema.Value) bool { return len(v.Elems) == 6 && v.Elems[1].I >= 0 && v.Elems[1].I <= 10 }, 0},
	}
	for _, c := range cases {
		o := connector.Options{"number-of-rows": "300"}
		maps.Copy(o, c.options)
		got := rows(t, o, columns(c.column))
		if len(got) != 300 {
			t.Fatalf("%s: %d rows", c.column, len(got))
		}
		different := map[string]bool{}
		for _, r := range got {
			if r[0].Null || !c.ok(r[0]) {
				t.Fatalf("%s: value %+v", c.column, r[0])
			}
			different[conntest.Text(r)] = true
		}
		if len(different) < c.least {
			t.Errorf("%s: %d different values", c.column, len(different))
		}
	}
}

func TestNullRate(t *testing.T) {
	cols := columns("a INT, b ROW<x STRING>, c ARRAY<STRING>, d TIMESTAMP(3), e DECIMAL(30, 1)")
	o := connector.Options{"number-of-rows": "1000"}
	for _, c := range cols {
		o["fields."+c.Name+".null-rate"] = "0.3"
	}
	counts := make([]int, len(cols))
	for _, r := range rows(t, o, cols) {
		for i, v := range r {
			if v.Null {
				counts[i]++
			}
		}
	}
	for i, n := range counts {
		if n < 230 || n > 370 {
			t.Errorf("column %s: %d NULL of 1000", cols[i].Name, n)
		}
	}
}

func TestSequences(t *testing.T) {
	cols := columns("a BIGINT, b STRING, c DECIMAL(5, 2), d DOUBLE, e TINYINT, f DECIMAL(30, 2), g INT")
	o := connector.Options{}
	for _, c := range cols {
		o["fields."+c.Name+".kind"] = "sequence"
		o["fields."+c.Name+".start"] = "-3"
		o["fields."+c.Name+".end"] = "100"
	}
	o["fields.e.end"] = "6"
	o["fields.g.kind"] = "random"
	delete(o, "fields.g.start")
	delete(o, "fields.g.end")
	got := rows(t, o, cols)
	if len(got) != 10 {
		t.Fatalf("%d rows; the shortest sequence has 10", len(got))
	}
	last := got[9]
	if last[0].I != 6 || last[1].S != "6" || last[2].I != 600 || last[3].F != 6 || last[4].I != 6 || last[5].Wide.Lo != 600 || got[0][5].Wide.Hi != -1 {
		t.Errorf("last row %+v", last)
	}
	s, err := open(o, cols)
	if err != nil || !s.Capabilities().Bounded {
		t.Errorf("a table with sequences is not bounded: %v", err)
	}
}

func TestPace(t *testing.T) {
	cols := columns("a BIGINT")
	s, err := open(connector.Options{"rows-per-second": "50", "number-of-rows": "60", "fields.a.kind": "sequence"}, cols)
	if err != nil {
		t.Fatal(err)
	}
	now := int64(7000)
	scan := conntest.ScanAll(cols)
	count := 0
	var readers []connector.Reader
	e, err := s.Enumerator(scan, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		r, err := s.Reader(scan, &connector.ReaderContext{NowMillis: func() int64 { return now }})
		if err != nil {
			t.Fatal(err)
		}
		splits, _, _, err := e.Next(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.AddSplits(splits); err != nil {
			t.Fatal(err)
		}
		readers = append(readers, r)
	}
	read := func() (wakes []int64) {
		for _, r := range readers {
			for {
				b := batch.New(scan.Types)
				st, err := r.Next(b, 3)
				if err != nil {
					t.Fatal(err)
				}
				count += b.Len()
				if st.State != connector.More {
					wakes = append(wakes, st.WakeAt)
					break
				}
			}
		}
		return wakes
	}
	if w := read(); count != 2 || w[0] != now+40 || w[1] != now+40 {
		t.Fatalf("at the start %d rows, wake-ups %v", count, w)
	}
	now += 500
	if read(); count != 26 {
		t.Fatalf("%d rows after half a second", count)
	}
	now += 10_000
	if read(); count != 60 {
		t.Fatalf("%d rows at the end", count)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		columns string
		o       connector.Options
		want    string
	}{
		{"a INT", connector.Options{"fields.a.mni": "1"}, "option 'fields.a.mni' is not known to connector 'datagen'; did you mean `fields.a.min`?"},
		{"a INT", connector.Options{"fields.b.min": "1"}, "option 'fields.b.min' is not known"},
		{"a INT", connector.Options{"fields.a.length": "1"}, "option 'fields.a.length' is not known"},
		{"a INT", connector.Options{"fields.a.min": "x"}, "option 'fields.a.min': value 'x'"},
		{"a INT", connector.Options{"fields.a.min": "3", "fields.a.max": "2"}, "no range within"},
		{"a TINYINT", connector.Options{"fields.a.max": "200"}, "no range within -128 and 127"},
		{"a INT", connector.Options{"fields.a.kind": "serial"}, "expected random or sequence"},
		{"a INT", connector.Options{"fields.a.null-rate": "2"}, "a number from 0 to 1"},
		{"a BOOLEAN", connector.Options{"fields.a.kind": "sequence"}, "cannot make a sequence of type BOOLEAN"},
		{"a VARIANT", nil, "cannot make values of type VARIANT"},
		{"a VARCHAR(3)", connector.Options{"fields.a.length": "4"}, "at most the length of VARCHAR(3)"},
		{"a INT", connector.Options{"rows-per-second": "0"}, "a number of at least 1"},
		{"a INT", connector.Options{"number-of-row": "1"}, "did you mean `number-of-rows`?"},
	} {
		if _, err := open(c.o, columns(c.columns)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

func BenchmarkDatagen(b *testing.B) {
	cols := columns("a BIGINT, b INT, c DOUBLE, d STRING")
	s, err := open(connector.Options{"rows-per-second": "1000000000000", "fields.d.length": "20"}, cols)
	if err != nil {
		b.Fatal(err)
	}
	scan := conntest.ScanAll(cols)
	r, err := s.Reader(scan, &connector.ReaderContext{NowMillis: func() int64 { return math.MaxInt64 / 4 }})
	if err != nil {
		b.Fatal(err)
	}
	e, err := s.Enumerator(scan, 1)
	if err != nil {
		b.Fatal(err)
	}
	splits, _, _, err := e.Next(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := r.AddSplits(splits); err != nil {
		b.Fatal(err)
	}
	pool := batch.NewPool(scan.Types, nil)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		if _, err := r.Next(x, batch.MaxRows); err != nil {
			b.Fatal(err)
		}
		n += x.Len()
		x.Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(max(n, 1)), "ns/row")
}
