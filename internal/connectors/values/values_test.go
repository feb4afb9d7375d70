// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package values_test

import (
	"reflect"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/conntest"
	"spate/internal/connectors/values"
	"spate/schema"
)

var columns = schema.Schema{
	{Name: "a", Type: schema.TypeInt},
	{Name: "b", Type: schema.TypeString},
	{Name: "r", Type: schema.NewRow(schema.Field{Name: "x", Type: schema.TypeInt})},
}

func values3(a int64, b string) []schema.Value {
	return []schema.Value{schema.IntValue(a), schema.StringValue(b), {Elems: []schema.Value{schema.IntValue(a * 10)}}, schema.IntValue(a * 100)}
}

func data() (*values.Data, *values.Set) {
	d := values.New()
	set := d.Register("numbers", values.Insert(values3(1, "one")...), values.Change(schema.UpdateBefore, values3(1, "one")...),
		values.Change(schema.UpdateAfter, values3(2, "two")...))
	return d, set
}

func open(t *testing.T, d *values.Data, o connector.Options) connector.Source {
	t.Helper()
	o["connector"] = "values"
	reg := connector.NewRegistry([]*connector.Factory{values.Factory(d)}, nil)
	f, err := reg.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSource(&connector.Table{Name: "t", Columns: columns, Options: o})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var scan = &connector.Scan{
	Columns: []connector.ScanColumn{{Path: []int{1}}, {Path: []int{2, 0}}, {Metadata: "m"}},
	Types:   []*schema.Type{schema.TypeString, schema.TypeInt, schema.TypeBigInt},
}

func TestReadAndWait(t *testing.T) {
	d, set := data()
	set.KeepOpen()
	s := open(t, d, connector.Options{"data-id": "numbers", "changelog-mode": "I, UA,UB,D", "readable-metadata": "k:DECIMAL(3, 1), m:BIGINT"})
	caps := s.Capabilities()
	if caps.Changelog != connector.AllKinds || caps.Bounded || caps.Parallelism != 1 || len(caps.Metadata) != 2 {
		t.Errorf("capabilities %+v", caps)
	}
	s = open(t, d, connector.Options{"data-id": "numbers", "readable-metadata": "m:BIGINT"})
	r, err := s.Reader(scan, &connector.ReaderContext{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Enumerator(scan, 1)
	if err != nil {
		t.Fatal(err)
	}
	splits, done, _, err := e.Next(t.Context(), 0)
	if err != nil || !done || len(splits) != 1 {
		t.Fatalf("splits %v, done %v, %v", splits, done, err)
	}
	if err := r.AddSplits(splits); err != nil {
		t.Fatal(err)
	}
	var got []string
	next := func(r connector.Reader) connector.Status {
		b := batch.New(scan.Types)
		st, err := r.Next(b, 2)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Len() {
			row := b.Row(i)
			got = append(got, b.Kind(i).String()+row[0].S)
			if row[1].I*10 != row[2].I {
				t.Errorf("nested field and metadata %v", row)
			}
		}
		return st
	}
	next(r)
	left, err := r.Snapshot()
	if err != nil || len(left) != 1 {
		t.Fatalf("snapshot %v, %v", left, err)
	}
	next(r)
	st := next(r)
	if st.State != connector.Wait || st.Wake == nil {
		t.Fatalf("at the end of an open set: %+v", st)
	}
	set.Append(values.Change(schema.Delete, values3(2, "two")...))
	<-st.Wake
	set.End()
	st = next(r)
	if len(st.Finished) != 1 || next(r).State != connector.Starve {
		t.Fatalf("at the end: %+v", st)
	}
	if want := []string{"+Ione", "-Uone", "+Utwo", "-Dtwo"}; !reflect.DeepEqual(got, want) {
		t.Errorf("read %v", got)
	}
	// A restored reader goes on where the snapshot was.
	got = nil
	r, err = s.Reader(scan, &connector.ReaderContext{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.AddSplits(left); err != nil {
		t.Fatal(err)
	}
	next(r)
	if want := []string{"+Utwo", "-Dtwo"}; !reflect.DeepEqual(got, want) {
		t.Errorf("read %v after a restore", got)
	}
}

func TestSink(t *testing.T) {
	d := values.New()
	s, err := values.Factory(d).NewSink(&connector.Table{Name: "out", Columns: columns, Options: connector.Options{
		"sink-changelog-mode-enforced": "I,UA,D",
		"sink.supports-delete-by-key":  "true",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Capabilities(); c.Accepts != connector.Upsert || !c.DeleteByKey {
		t.Errorf("capabilities %+v", c)
	}
	if s, err := values.Factory(d).NewSink(&connector.Table{Name: "keyed", Columns: columns, PrimaryKey: []int{0}}); err != nil || s.Capabilities().Accepts != connector.Upsert {
		t.Errorf("a sink with a primary key: %v", err)
	}
	w, err := s.Writer(&connector.WriterContext{})
	if err != nil {
		t.Fatal(err)
	}
	b := batch.New(columns.Types()[:2])
	b.AppendRow(schema.Insert, schema.IntValue(1), schema.StringValue("x"))
	b.AppendRow(schema.Delete, schema.IntValue(2), schema.NullValue)
	b.SetSel([]int32{1})
	if err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	want := []values.Row{values.Change(schema.Delete, schema.IntValue(2), schema.NullValue)}
	if got := d.Results("out"); !reflect.DeepEqual(got, want) {
		t.Errorf("results %+v", got)
	}
	d.Reset("out")
	if len(d.Results("out")) != 0 {
		t.Error("results were not forgotten")
	}
}

func TestErrors(t *testing.T) {
	d, _ := data()
	f := values.Factory(d)
	for _, c := range []struct {
		o    connector.Options
		want string
	}{
		{connector.Options{"data-id": "number"}, "did you mean `numbers`?"},
		{connector.Options{"changelog-mode": "I,X"}, "some of I, UB, UA, D"},
		{connector.Options{"readable-metadata": "m"}, "pairs 'key:TYPE'"},
		{connector.Options{"readable-metadata": "m:BIGNT"}, "option 'readable-metadata'"},
	} {
		if _, err := f.NewSource(&connector.Table{Name: "t", Options: c.o}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

func TestConformance(t *testing.T) {
	d := values.New()
	set := d.Register("many")
	for i := range 60 {
		set.Append(values.Insert(values3(int64(i), "x")...))
	}
	conntest.Source(t, open(t, d, connector.Options{"data-id": "many", "bounded": "true", "readable-metadata": "m:BIGINT"}), scan)
}

func TestSinkConformance(t *testing.T) {
	var d *values.Data
	var rows [][]schema.Value
	for i := range 100 {
		rows = append(rows, values3(int64(i), "x")[:3])
	}
	conntest.Sink(t, conntest.SinkCase{
		Columns: columns,
		Open: func(t *testing.T) connector.Sink {
			t.Helper()
			d = values.New()
			s, err := values.Factory(d).NewSink(&connector.Table{Name: "out", Columns: columns})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		Visible: func(*testing.T) (out []string) {
			for _, r := range d.Results("out") {
				out = append(out, conntest.Text(r.Values))
			}
			return out
		},
	}, rows)
}
