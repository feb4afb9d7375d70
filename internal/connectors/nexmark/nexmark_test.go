// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/conntest"
	"spate/internal/connectors/nexmark"
	"spate/schema"
)

func row(names ...string) *schema.Type {
	var fs []schema.Field
	for _, n := range names {
		name, typ, _ := strings.Cut(n, " ")
		t := schema.TypeBigInt
		switch typ {
		case "S":
			t = schema.TypeString
		case "T":
			t = schema.NewTimestamp(3)
		}
		fs = append(fs, schema.Field{Name: name, Type: t})
	}
	return schema.NewRow(fs...)
}

// columns is the table as the benchmark declares it.
var columns = schema.Schema{
	{Name: "event_type", Type: schema.TypeInt},
	{Name: "person", Type: row("id", "name S", "emailAddress S", "creditCard S", "city S", "state S", "dateTime T", "extra S")},
	{Name: "auction", Type: row("id", "itemName S", "description S", "initialBid", "reserve", "dateTime T", "expires T", "seller", "category", "extra S")},
	{Name: "bid", Type: row("auction", "bidder", "price", "channel S", "url S", "dateTime T", "extra S")},
}

// open makes the source of a table with the given options, through validation.
func open(tb testing.TB, options connector.Options) connector.Source {
	tb.Helper()
	o := connector.Options{"connector": "nexmark"}
	maps.Copy(o, options)
	reg := connector.NewRegistry([]*connector.Factory{nexmark.Factory()}, nil)
	f, err := reg.Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := f.NewSource(&connector.Table{Name: "events", Columns: columns, Options: o})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func path(top int, rest ...int) connector.ScanColumn {
	return connector.ScanColumn{Path: append([]int{top}, rest...)}
}

func scanOf(cols ...connector.ScanColumn) *connector.Scan {
	s := &connector.Scan{Columns: cols}
	for _, c := range cols {
		t := columns[c.Path[0]].Type
		for _, f := range c.Path[1:] {
			t = t.Fields[f].Type
		}
		s.Types = append(s.Types, t)
	}
	return s
}

// everything scans event_type and the three rows whole.
func everything() *connector.Scan { return scanOf(path(0), path(1), path(2), path(3)) }

func reader(tb testing.TB, s connector.Source, scan *connector.Scan, subtask, parallelism int, now func() int64) connector.Reader {
	tb.Helper()
	r, err := s.Reader(scan, &connector.ReaderContext{NewPool: newPool, Subtask: subtask, Parallelism: parallelism, NowMillis: now})
	if err != nil {
		tb.Fatal(err)
	}
	e, err := s.Enumerator(scan, parallelism)
	if err != nil {
		tb.Fatal(err)
	}
	splits, _, _, err := e.Next(tb.Context(), subtask)
	if err != nil {
		tb.Fatal(err)
	}
	if err := r.AddSplits(splits); err != nil {
		tb.Fatal(err)
	}
	return r
}

// drain reads up to n rows (all with n < 0), with the limits in turn, and checks that batches stay within them.
func drain(tb testing.TB, r connector.Reader, scan *connector.Scan, n int, limits ...int) (rows [][]schema.Value, last connector.Status) {
	tb.Helper()
	pool := batch.NewPool(scan.Types, nil)
	b := pool.Get()
	for i := 0; n < 0 || len(rows) < n; i++ {
		limit := limits[i%len(limits)]
		if n >= 0 {
			limit = min(limit, n-len(rows))
		}
		before := b.Len()
		st, err := r.Next(b, limit)
		if err != nil {
			tb.Fatal(err)
		}
		if b.Len() > before+limit {
			tb.Fatalf("%d rows for a limit of %d", b.Len()-before, limit)
		}
		for k := before; k < b.Len(); k++ {
			rows = append(rows, b.Row(k))
		}
		if i%3 == 2 || b.Len()+limits[(i+1)%len(limits)] > batch.MaxRows { // Batches are filled by several calls.
			b.Release()
			b = pool.Get()
		}
		if st.State == connector.Starve || st.State == connector.Wait {
			return rows, st
		}
		last = st
	}
	return rows, last
}

type vector struct {
	Position  int64 `json:"position"`
	EventType int64 `json:"event_type"`
	Fields    []any `json:"fields"`
}

func vectors(t *testing.T, file string) []vector {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []vector
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var v vector
		d := json.NewDecoder(strings.NewReader(sc.Text()))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// seek returns a reader whose only split is at the position.
func seek(t *testing.T, s connector.Source, scan *connector.Scan, position int64) connector.Reader {
	t.Helper()
	r, err := s.Reader(scan, &connector.ReaderContext{NewPool: newPool, Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	state := fmt.Sprintf(`{"v":1,"index":0,"of":1,"done":%d,"max":-1}`, position)
	if err := r.AddSplits([]connector.Split{{ID: "0/1", State: []byte(state)}}); err != nil {
		t.Fatal(err)
	}
	return r
}

func same(got schema.Value, want any) bool {
	switch w := want.(type) {
	case json.Number:
		return !got.Null && strconv.FormatInt(got.I, 10) == w.String()
	case string:
		return !got.Null && got.S == w
	}
	return false
}

func TestVectors(t *testing.T) {
	cases := []struct {
		file    string
		options connector.Options
	}{
		{"testdata/vectors.jsonl", nil},
		{"testdata/vectors-options.jsonl", connector.Options{
			"seed": "42", "first-event.rate": "1000000", "out-of-order.group-size": "100",
			"base-time": "1700000000000", "bid.avg-size": "200",
		}},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			all := vectors(t, c.file)
			if len(all) < 20 {
				t.Fatalf("only %d vectors", len(all))
			}
			s := open(t, c.options)
			for _, v := range all {
				// Whole rows.
				scan := everything()
				rows, _ := drain(t, seek(t, s, scan, v.Position), scan, 1, 1)
				r := rows[0]
				if r[0].I != v.EventType {
					t.Fatalf("position %d: kind %d, want %d", v.Position, r[0].I, v.EventType)
				}
				for kind := range 3 {
					if r[1+kind].Null != (int64(kind) != v.EventType) {
						t.Errorf("position %d: NULL of column %d is wrong", v.Position, 1+kind)
					}
				}
				fields := r[1+v.EventType].Elems
				if len(fields) != len(v.Fields) {
					t.Fatalf("position %d: %d fields, want %d", v.Position, len(fields), len(v.Fields))
				}
				for i := range fields {
					if !same(fields[i], v.Fields[i]) {
						t.Errorf("position %d, field %d: %+v, want %v", v.Position, i, fields[i], v.Fields[i])
					}
					// The field alone.
					one := scanOf(path(int(1+v.EventType), i))
					rows, _ := drain(t, seek(t, s, one, v.Position), one, 1, 1)
					if !same(rows[0][0], v.Fields[i]) {
						t.Errorf("position %d, field %d alone: %+v, want %v", v.Position, i, rows[0][0], v.Fields[i])
					}
				}
			}
		})
	}
}

// odd options exercise the branches that the defaults do not.
var odd = []connector.Options{
	{},
	{"out-of-order.group-size": "7", "first-event.rate": "333"},
	{"out-of-order.group-size": "1906", "seed": "-3"},
	{"person.proportion": "0", "auction.proportion": "2", "bid.proportion": "3"},
	{"person.proportion": "5", "auction.proportion": "0", "bid.proportion": "0"},
	{"auction.proportion": "0", "bid.avg-size": "31"},
	{"bid.avg-size": "1000", "person.avg-size": "0", "auction.avg-size": "100", "bid.hot-ratio.auctions": "0", "auction.hot-ratio.sellers": "1"},
	{"person.active": "3", "auction.in-flight": "0", "first-event.rate": "1"},
}

// TestBatchLimits checks that how rows fall into batches changes nothing.
func TestBatchLimits(t *testing.T) {
	for i, o := range odd {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			o := maps.Clone(o)
			o["events.num"] = "703"
			s := open(t, o)
			scan := everything()
			want, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, 4096)
			if len(want) != 703 {
				t.Fatalf("%d rows", len(want))
			}
			for _, limits := range [][]int{{1}, {3}, {64}, {1, 3, 64, 1000, 2}} {
				got, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, limits...)
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("limits %v: other rows", limits)
				}
			}
		})
	}
}

// TestSplits checks that the splits of any parallelism make the same events, each in order of its blocks.
func TestSplits(t *testing.T) {
	for i, o := range odd {
		o := maps.Clone(o)
		o["events.num"] = "5200"
		s := open(t, o)
		scan := scanOf(path(0), path(3, 0), path(3, 4), path(1, 0), path(2, 7))
		want, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, 4096)
		for _, p := range []int{2, 3, 7} {
			got := make([][]schema.Value, len(want))
			for sub := range p {
				rows, last := drain(t, reader(t, s, scan, sub, p, nil), scan, -1, 700)
				if last.State != connector.Starve {
					t.Fatalf("state %v at the end", last.State)
				}
				at := sub * 1000
				for _, r := range rows {
					got[at] = r
					if at++; at%1000 == 0 {
						at += (p - 1) * 1000
					}
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("options %d: %d splits make other events", i, p)
			}
		}
	}
}

// TestProjectionAndFilter checks every filter against filtering afterwards, with fields of all kinds read.
func TestProjectionAndFilter(t *testing.T) {
	for i, o := range odd {
		o := maps.Clone(o)
		o["events.num"] = "1500"
		s := open(t, o)
		scan := scanOf(path(3, 4), path(0), path(1, 1), path(2, 2), path(3, 0), path(2, 0), path(3, 6), path(1), path(1, 0), path(3, 5))
		all, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, 4096)
		for _, op := range []connector.Op{connector.Eq, connector.Ne, connector.Lt, connector.Le, connector.Gt, connector.Ge} {
			for value := int64(-1); value <= 3; value++ {
				filtered := *scan
				filtered.Filters = []connector.Filter{{Path: []int{0}, Op: op, Value: schema.IntValue(value)}}
				if !s.Capabilities().AcceptFilter(filtered.Filters[0]) {
					t.Fatalf("filter %s %d is not accepted", op, value)
				}
				var want [][]schema.Value
				for _, r := range all {
					k := r[1].I
					if map[connector.Op]bool{"=": k == value, "<>": k != value, "<": k < value, "<=": k <= value, ">": k > value, ">=": k >= value}[op] {
						want = append(want, r)
					}
				}
				got, _ := drain(t, reader(t, s, &filtered, 0, 1, nil), &filtered, -1, 640)
				if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
					t.Fatalf("options %d: %s %d makes other rows (%d, want %d)", i, op, value, len(got), len(want))
				}
			}
		}
	}
	s := open(t, nil)
	for _, f := range []connector.Filter{
		{Path: []int{0}, Op: connector.Eq, Value: schema.NullValue},
		{Path: []int{3, 0}, Op: connector.Eq, Value: schema.IntValue(1)},
		{Path: []int{0}, Op: "LIKE", Value: schema.IntValue(1)},
	} {
		if s.Capabilities().AcceptFilter(f) {
			t.Errorf("filter %+v is accepted", f)
		}
	}
}

// TestEventTime checks N3: skipped events count.
func TestEventTime(t *testing.T) {
	delay := int64(4000)
	for _, group := range []string{"1", "100"} {
		s := open(t, connector.Options{"events.num": "3000", "out-of-order.group-size": group})
		scan := scanOf(path(1, 0))
		scan.Filters = []connector.Filter{{Path: []int{0}, Op: connector.Eq, Value: schema.IntValue(0)}}
		scan.WatermarkDelay = &delay
		r := reader(t, s, scan, 0, 1, nil)
		rows, last := drain(t, r, scan, -1, 7)
		if len(rows) != 60 || !last.HasEventTime && last.State != connector.Starve {
			t.Fatalf("%d persons, status %+v", len(rows), last)
		}
		r = reader(t, s, scan, 0, 1, nil)
		b := batch.New(scan.Types)
		st, err := r.Next(b, 4096)
		if err != nil || !st.HasEventTime || st.EventTime != 1_436_918_400_000+2999/10 {
			t.Errorf("group size %s: event time %+v, %v", group, st, err)
		}
		if got := s.Capabilities().EventTime; len(got) != 3 || !slices.Equal(got[2].Path, []int{3, 5}) || got[2].Guard[0].Value.I != 2 {
			t.Errorf("event time columns: %+v", got)
		}
	}
}

// TestRestore stops in the middle, restores with another parallelism and demands every event once.
func TestRestore(t *testing.T) {
	for i, o := range odd[:4] {
		o := maps.Clone(o)
		o["events.num"] = "3600"
		s := open(t, o)
		scan := scanOf(path(0), path(3, 0), path(3, 2), path(1, 0), path(2, 0), path(2, 6))
		all, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, 4096)
		want := map[string]int{}
		for _, r := range all {
			want[fmt.Sprint(r)]++
		}
		for _, to := range []int{1, 2, 5} {
			got := map[string]int{}
			e, err := s.Enumerator(scan, 3)
			if err != nil {
				t.Fatal(err)
			}
			var open []connector.Split
			for sub := range 2 { // Subtask 2 never asks: its split is in the enumerator's state.
				r, err := s.Reader(scan, &connector.ReaderContext{NewPool: newPool})
				if err != nil {
					t.Fatal(err)
				}
				splits, _, _, _ := e.Next(t.Context(), sub)
				if err := r.AddSplits(splits); err != nil {
					t.Fatal(err)
				}
				rows, _ := drain(t, r, scan, 400*(sub+1), 100)
				for _, r := range rows {
					got[fmt.Sprint(r)]++
				}
				left, err := r.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				open = append(open, left...)
			}
			state, err := e.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			e2, err := s.Enumerator(scan, to)
			if err != nil {
				t.Fatal(err)
			}
			if err := e2.Restore(state); err != nil {
				t.Fatal(err)
			}
			e2.Return(open)
			for done, turn := 0, 0; done < to; turn++ {
				sub := turn % to
				splits, last, _, err := e2.Next(t.Context(), sub)
				if err != nil {
					t.Fatal(err)
				}
				r, err := s.Reader(scan, &connector.ReaderContext{NewPool: newPool})
				if err != nil {
					t.Fatal(err)
				}
				if err := r.AddSplits(splits); err != nil {
					t.Fatal(err)
				}
				rows, _ := drain(t, r, scan, -1, 1000)
				for _, r := range rows {
					got[fmt.Sprint(r)]++
				}
				if last {
					done++
				}
			}
			if !maps.Equal(got, want) {
				t.Fatalf("options %d: %d events after a restore to %d, want %d", i, len(got), to, len(want))
			}
		}
	}
}

func TestPace(t *testing.T) {
	now := int64(50_000)
	s := open(t, connector.Options{"events.num": "1000", "first-event.rate": "100", "max-emit-speed": "false", "base-time": "0"})
	scan := scanOf(path(0))
	r := reader(t, s, scan, 0, 1, func() int64 { return now })
	count := 0
	read := func() connector.Status {
		for {
			b := batch.New(scan.Types)
			st, err := r.Next(b, 64)
			if err != nil {
				t.Fatal(err)
			}
			count += b.Len()
			if st.State != connector.More {
				return st
			}
		}
	}
	if st := read(); count != 1 || st.WakeAt != now+10 {
		t.Fatalf("at the start %d rows, %+v", count, st)
	}
	now += 9
	if st := read(); count != 1 || st.WakeAt != now+1 {
		t.Fatalf("after 9 ms %d rows, %+v", count, st)
	}
	now += 991
	if st := read(); count != 101 || st.WakeAt != now+10 {
		t.Fatalf("after a second %d rows, %+v", count, st)
	}
	now += 1_000_000
	if st := read(); count != 1000 || st.State != connector.Starve {
		t.Fatalf("at the end %d rows, %+v", count, st)
	}
}

func TestKeepAlive(t *testing.T) {
	s := open(t, connector.Options{"events.num": "10", "keep-alive": "true"})
	if s.Capabilities().Bounded {
		t.Error("a source that is kept alive is bounded")
	}
	scan := scanOf(path(0))
	rows, last := drain(t, reader(t, s, scan, 0, 1, nil), scan, -1, 4)
	if len(rows) != 10 || last.State != connector.Wait {
		t.Errorf("%d rows, then %+v", len(rows), last)
	}
	if !open(t, connector.Options{"events.num": "10"}).Capabilities().Bounded || open(t, nil).Capabilities().Bounded {
		t.Error("boundedness is wrong")
	}
}

func TestErrors(t *testing.T) {
	reg := connector.NewRegistry([]*connector.Factory{nexmark.Factory()}, nil)
	cases := []struct {
		options connector.Options
		columns schema.Schema
		want    string
	}{
		{connector.Options{"event.num": "1"}, nil, "did you mean `events.num`?"},
		{connector.Options{"events.num": "many"}, nil, "option 'events.num': value 'many'"},
		{connector.Options{"first-event.rate": "0"}, nil, "option 'first-event.rate': value '0' is not valid; expected a number from 1"},
		{connector.Options{"person.proportion": "0", "auction.proportion": "0", "bid.proportion": "0"}, nil, "one of the three proportions"},
		{nil, schema.Schema{{Name: "bids", Type: schema.TypeInt}}, "column bids is not one of event_type, person, auction, bid"},
		{nil, schema.Schema{{Name: "event_type", Type: schema.TypeBigInt}}, "must be of type INT"},
		{nil, schema.Schema{{Name: "bid", Type: row("auction", "bider")}}, "column bid: field bider is not one of auction, bidder"},
		{nil, schema.Schema{{Name: "bid", Type: row("auction S")}}, "field auction has another type"},
	}
	for _, c := range cases {
		o := connector.Options{"connector": "nexmark"}
		maps.Copy(o, c.options)
		f, err := reg.Open(o)
		if err == nil {
			_, err = f.NewSource(&connector.Table{Name: "t", Columns: c.columns, Options: o})
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want %q", c.options, err, c.want)
		}
	}
}

// TestReorderedColumns checks that columns and fields are bound by name.
func TestReorderedColumns(t *testing.T) {
	f := nexmark.Factory()
	cols := schema.Schema{{Name: "bid", Type: row("price", "auction")}, {Name: "event_type", Type: schema.TypeInt}}
	s, err := f.NewSource(&connector.Table{Name: "t", Columns: cols, Options: connector.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	scan := &connector.Scan{
		Columns: []connector.ScanColumn{path(0)}, Types: cols.Types()[:1],
		Filters: []connector.Filter{{Path: []int{1}, Op: connector.Eq, Value: schema.IntValue(2)}},
	}
	rows, _ := drain(t, reader(t, s, scan, 0, 1, nil), scan, 1, 1)
	if v := rows[0][0].Elems; v[0].I != 1026750 || v[1].I != 1011 {
		t.Errorf("first bid %+v", v)
	}
}

// events returns how many events the splits have passed.
func events(tb testing.TB, splits []connector.Split) int64 {
	tb.Helper()
	var n int64
	for _, s := range splits {
		var state struct{ Done int64 }
		if err := json.Unmarshal(s.State, &state); err != nil {
			tb.Fatal(err)
		}
		n += state.Done
	}
	return n
}

func newPool(types []*schema.Type) *batch.Pool { return batch.NewPool(types, nil) }

// A batch that has rows already is gone on with, for kinds so rare that one call does not fill it.
func TestNextAppends(t *testing.T) {
	src := open(t, connector.Options{"events.num": "1000000"})
	scan := &connector.Scan{
		Columns: []connector.ScanColumn{{Path: []int{1, 0}}, {Path: []int{1, 1}}}, Types: []*schema.Type{schema.TypeBigInt, schema.TypeString},
		Filters: []connector.Filter{{Path: []int{0}, Op: connector.Eq, Value: schema.IntValue(0)}},
	}
	r := reader(t, src, scan, 0, 1, nil)
	b := batch.New(scan.Types)
	next := int64(1000)
	for {
		st, err := r.Next(b, batch.MaxRows-b.Len())
		if err != nil {
			t.Fatal(err)
		}
		if b.Len() < batch.MaxRows && st.State != connector.Starve {
			continue
		}
		ids := batch.Values[int64](b.Col(0))
		if len(ids) != b.Len() || b.Col(1).Len() != b.Len() {
			t.Fatalf("%d rows, %d ids, %d names", b.Len(), len(ids), b.Col(1).Len())
		}
		for _, id := range ids {
			if id != next {
				t.Fatalf("id %d, want %d", id, next)
			}
			next++
		}
		if st.State == connector.Starve {
			break
		}
		b = batch.New(scan.Types)
	}
	if next != 1000+1_000_000/50 {
		t.Errorf("%d people, want %d", next-1000, 1_000_000/50)
	}
}

func TestConformance(t *testing.T) {
	for _, o := range []connector.Options{{"out-of-order.group-size": "7"}, {"max-emit-speed": "false", "first-event.rate": "30"}} {
		o["events.num"] = "160"
		s := open(t, o)
		conntest.Source(t, s, scanOf(path(0), path(3, 0), path(3, 4), path(1), path(2, 1)))
		conntest.Source(t, s, onlyKind(scanOf(path(2, 0), path(2, 6)), connector.Eq, 1))
	}
}
