// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/conntest"
	"spate/internal/connectors/filesystem"
	"spate/internal/formats/csv"
	"spate/internal/formats/formattest"
	"spate/internal/formats/json"
	"spate/schema"
)

func registry() *connector.Registry {
	return connector.NewRegistry([]*connector.Factory{filesystem.Factory()}, []*connector.Format{csv.Format(), json.Format()})
}

var columns = schema.Schema{{Name: "id", Type: schema.TypeBigInt}, {Name: "name", Type: schema.TypeString}}

func table(o connector.Options, cols schema.Schema, partitionKeys ...int) *connector.Table {
	all := connector.Options{"connector": "filesystem"}
	maps.Copy(all, o)
	return &connector.Table{Name: "t", Columns: cols, PartitionKeys: partitionKeys, Options: all, Formats: registry()}
}

func open(tb testing.TB, t *connector.Table) connector.Source {
	tb.Helper()
	f, err := registry().Open(t.Options)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := f.NewSource(t)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func scanOf(cols schema.Schema) *connector.Scan {
	s := &connector.Scan{Types: cols.Types()}
	for i := range cols {
		s.Columns = append(s.Columns, connector.ScanColumn{Path: []int{i}})
	}
	return s
}

func write(tb testing.TB, path string, data []byte) string {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func reader(tb testing.TB, s connector.Source, scan *connector.Scan) connector.Reader {
	tb.Helper()
	r, err := s.Reader(scan, &connector.ReaderContext{Count: func(string, int64) {}, NowMillis: func() int64 { return 0 }})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

// read reads a bounded source with the given parallelism, subtasks in turn, and returns the rows by subtask.
func read(tb testing.TB, s connector.Source, scan *connector.Scan, parallelism, limit int) (rows [][]string, err error) {
	tb.Helper()
	e, err := s.Enumerator(scan, parallelism)
	if err != nil {
		tb.Fatal(err)
	}
	rows = make([][]string, parallelism)
	done := make([]bool, parallelism)
	var rs []connector.Reader
	for range parallelism {
		rs = append(rs, reader(tb, s, scan))
	}
	for slices.Contains(done, false) {
		for k, r := range rs {
			if done[k] {
				continue
			}
			got, st, err := drain(r, scan, limit)
			rows[k] = append(rows[k], got...)
			if err != nil {
				return rows, err
			}
			if st.State != connector.Starve {
				continue
			}
			splits, last, _, err := e.Next(tb.Context(), k)
			if err != nil {
				return rows, err
			}
			if err := r.AddSplits(splits); err != nil {
				tb.Fatal(err)
			}
			done[k] = last && len(splits) == 0
		}
	}
	return rows, e.Close()
}

// drain reads until the reader has nothing.
func drain(r connector.Reader, scan *connector.Scan, limit int) (rows []string, st connector.Status, err error) {
	for {
		b := batch.New(scan.Types)
		// In two calls, as the engine fills batches.
		if st, err = r.Next(b, (limit+1)/2); err == nil && st.State == connector.More && len(st.Finished) == 0 && limit > 1 {
			st, err = r.Next(b, limit/2)
		}
		for i := range b.Len() {
			rows = append(rows, fmt.Sprint(b.Row(i)))
		}
		if err != nil || st.State != connector.More {
			return rows, st, err
		}
	}
}

func flat(rows [][]string) []string { return slices.Concat(rows...) }

func lines(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "{\"id\":%d,\"name\":\"%s\"}\n", i, strings.Repeat("x", i%17))
	}
	return b.Bytes()
}

func expect(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint([]schema.Value{schema.IntValue(int64(i)), schema.StringValue(strings.Repeat("x", i%17))}))
	}
	return out
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a.json", "b/c.json", "b/d.json", "_x/e.json", ".f.json", "b/_g.json", "other.txt"} {
		write(t, filepath.Join(dir, name), fmt.Appendf(nil, "{\"id\":%d}\n", i))
	}
	cases := []struct {
		path, pattern string
		want          []int
	}{
		{"", "", []int{0, 1, 2, 6}},
		{"a.json", "", []int{0}},
		{"b", "", []int{1, 2}},
		{"*.json", "", []int{0}},
		{"*/?.json", "", []int{1, 2}},
		{"_*/?.json", "", []int{3}},
		{"", ".*/[ad].json", []int{0, 2}},
	}
	cols := columns[:1]
	for _, c := range cases {
		for _, prefix := range []string{"", "file://", "file:"} {
			o := connector.Options{"path": prefix + filepath.Join(dir, c.path), "format": "json"}
			if c.pattern != "" {
				o["source.path.regex-pattern"] = c.pattern
			}
			got, err := read(t, open(t, table(o, cols)), scanOf(cols), 1, 100)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, id := range c.want {
				want = append(want, fmt.Sprint([]schema.Value{schema.IntValue(int64(id))}))
			}
			if slices.Sort(got[0]); !slices.Equal(got[0], want) {
				t.Errorf("%s: %v, want %v", o["path"], got[0], want)
			}
		}
	}
	for _, path := range []string{filepath.Join(dir, "none"), filepath.Join(dir, "*.none")} {
		if _, err := read(t, open(t, table(connector.Options{"path": path, "format": "json"}, cols)), scanOf(cols), 1, 1); err == nil {
			t.Errorf("%s is read", path)
		}
	}
}

// TestRanges cuts a file at every size of range and demands every line once.
func TestRanges(t *testing.T) {
	const n = 60
	data := lines(n)
	path := write(t, filepath.Join(t.TempDir(), "x.json"), data)
	path2 := write(t, filepath.Join(t.TempDir(), "y.json"), bytes.TrimSuffix(data, []byte("\n")))
	for _, p := range []string{path, path2} {
		for size := int64(1); size < int64(len(data))/2+2; size += 1 + size/20 {
			for _, limit := range []int{1, 3, 64, 4096} {
				s := open(t, table(connector.Options{"path": p, "format": "json"}, columns))
				filesystem.SetMinRange(s, size)
				got, err := read(t, s, scanOf(columns), 3, limit)
				if err != nil {
					t.Fatal(err)
				}
				all := flat(got)
				want := expect(n)
				slices.Sort(all)
				slices.Sort(want)
				if !slices.Equal(all, want) {
					t.Fatalf("ranges of %d, limit %d: %d rows of %d", size, limit, len(all), n)
				}
			}
		}
	}
}

func TestCSVRangesOnlyWithoutQuotes(t *testing.T) {
	var b bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&b, "%d,%s\n", i, strings.Repeat("y", i%9))
	}
	path := write(t, filepath.Join(t.TempDir(), "x.csv"), b.Bytes())
	for _, quotes := range []string{"true", "false"} {
		s := open(t, table(connector.Options{"path": path, "format": "csv", "csv.disable-quote-character": quotes}, columns))
		filesystem.SetMinRange(s, 50)
		got, err := read(t, s, scanOf(columns), 2, 5)
		if err != nil || len(flat(got)) != 100 {
			t.Fatalf("%d rows, %v", len(flat(got)), err)
		}
		if split := len(got[1]) > 0; split != (quotes == "true") {
			t.Errorf("without quotes %s: split %v", quotes, split)
		}
	}
}

func TestCompression(t *testing.T) {
	dir := t.TempDir()
	var gz bytes.Buffer
	zw := gzip.NewWriter(&gz)
	if _, err := zw.Write(lines(3000)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "gz", "a.json.gz"), gz.Bytes())
	write(t, filepath.Join(dir, "zst", "a.json.zst"), enc.EncodeAll(lines(3000), nil))
	for _, kind := range []string{"gz", "zst"} {
		s := open(t, table(connector.Options{"path": filepath.Join(dir, kind), "format": "json"}, columns))
		got, err := read(t, s, scanOf(columns), 2, 1000)
		if err != nil || !slices.Equal(flat(got), expect(3000)) {
			t.Fatalf("%s: %d rows, %v", kind, len(flat(got)), err)
		}
	}
	write(t, filepath.Join(dir, "bad.json.gz"), gz.Bytes()[:gz.Len()/2])
	_, err = read(t, open(t, table(connector.Options{"path": filepath.Join(dir, "bad.json.gz"), "format": "json"}, columns)), scanOf(columns), 1, 100)
	if err == nil || !strings.Contains(err.Error(), "bad.json.gz") {
		t.Errorf("half a file: %v", err)
	}
}

// TestRestore stops after every number of rows and goes on from the snapshot.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	var gz bytes.Buffer
	zw := gzip.NewWriter(&gz)
	if _, err := zw.Write(lines(20)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{write(t, filepath.Join(dir, "a.json"), lines(20)), write(t, filepath.Join(dir, "b.json.gz"), gz.Bytes())} {
		s := open(t, table(connector.Options{"path": path, "format": "json"}, columns))
		scan := scanOf(columns)
		for stop := range 20 {
			e, err := s.Enumerator(scan, 1)
			if err != nil {
				t.Fatal(err)
			}
			splits, _, _, err := e.Next(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			r := reader(t, s, scan)
			if err := r.AddSplits(splits); err != nil {
				t.Fatal(err)
			}
			var got []string
			for len(got) < stop {
				b := batch.New(scan.Types)
				if _, err := r.Next(b, min(3, stop-len(got))); err != nil {
					t.Fatal(err)
				}
				for i := range b.Len() {
					got = append(got, fmt.Sprint(b.Row(i)))
				}
			}
			left, err := r.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			r2 := reader(t, s, scan)
			if err := r2.AddSplits(left); err != nil {
				t.Fatal(err)
			}
			rest, _, err := drain(r2, scan, 100)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, rest...); !slices.Equal(got, expect(20)) {
				t.Fatalf("%s stopped after %d: %v", path, stop, got)
			}
		}
	}
}

func TestMetadataAndPartitions(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "day=2020-01-02", "kind=a%2Fb", "x.csv"), []byte("1,p\n2,q\n"))
	write(t, filepath.Join(dir, "day=__DEFAULT_PARTITION__", "kind=c", "x.csv"), []byte("3,r\n"))
	at := time.UnixMilli(1_600_000_000_123)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
	cols := schema.Schema{{Name: "kind", Type: schema.TypeString}, columns[0], {Name: "day", Type: schema.TypeDate}, columns[1]}
	s := open(t, table(connector.Options{"path": dir, "format": "csv"}, cols, 2, 0))
	scan := &connector.Scan{
		Columns: []connector.ScanColumn{
			{Metadata: "file.name"},
			{Path: []int{3}},
			{Path: []int{2}},
			{Metadata: "file.size"},
			{Path: []int{1}},
			{Path: []int{0}},
			{Metadata: "file.modification-time"},
			{Metadata: "file.path"},
		},
		Types: []*schema.Type{
			schema.TypeString, schema.TypeString, schema.TypeDate, schema.TypeBigInt, schema.TypeBigInt, schema.TypeString,
			schema.NewTimestampLTZ(3), schema.TypeString,
		},
	}
	got, err := read(t, s, scan, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	i, v := schema.IntValue, schema.StringValue
	want := fmt.Sprint([]schema.Value{v("x.csv"), v("q"), i(18263), i(8), i(2), v("a/b"), i(1_600_000_000_123), v(path)})
	if len(got[0]) != 3 || got[0][1] != want {
		t.Errorf("%v, want second %v", got[0], want)
	}
	if !strings.HasPrefix(got[0][2], fmt.Sprint([]schema.Value{v("x.csv"), v("r"), schema.NullValue})[:20]) {
		t.Errorf("default partition: %v", got[0][2])
	}
	// No column from the data at all.
	scan = &connector.Scan{Columns: []connector.ScanColumn{{Path: []int{0}}}, Types: []*schema.Type{schema.TypeString}}
	if got, err := read(t, s, scan, 1, 2); err != nil || len(got[0]) != 3 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.json"), lines(2))
	s := open(t, table(connector.Options{"path": dir, "format": "json", "source.monitor-interval": "1 ms"}, columns))
	if s.Capabilities().Bounded {
		t.Error("a watched source is bounded")
	}
	scan := scanOf(columns)
	e, err := s.Enumerator(scan, 1)
	if err != nil {
		t.Fatal(err)
	}
	next := func(e connector.Enumerator) []connector.Split {
		for {
			splits, done, wake, err := e.Next(t.Context(), 0)
			if err != nil || done {
				t.Fatalf("done %v, %v", done, err)
			}
			if len(splits) > 0 {
				return splits
			}
			<-wake
		}
	}
	if got := next(e); !strings.Contains(got[0].ID, "a.json") {
		t.Errorf("first split %v", got)
	}
	write(t, filepath.Join(dir, "b.json"), lines(2))
	if got := next(e); !strings.Contains(got[0].ID, "b.json") {
		t.Errorf("second split %v", got)
	}
	state, err := e.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e2, err := s.Enumerator(scan, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := e2.Restore(state); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "0.json"), lines(2))
	if got := next(e2); !strings.Contains(got[0].ID, "0.json") {
		t.Errorf("split after a restore %v", got)
	}
	if err := e2.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRowErrors(t *testing.T) {
	dir := t.TempDir()
	data := append(lines(500), "{\"id\":\"x\"}\n"...)
	for _, name := range []string{"a.json", "b.json"} {
		path := write(t, filepath.Join(dir, name), data)
		s := open(t, table(connector.Options{"path": path, "format": "json"}, columns))
		filesystem.SetMinRange(s, 1000)
		for _, p := range []int{1, 3} {
			_, err := read(t, s, scanOf(columns), p, 64)
			want := path + ": line 501, column 7, field id: 'x' is not a number of type BIGINT; the record is: {\"id\":\"x\"}"
			if err == nil || err.Error() != want {
				t.Errorf("parallelism %d: %v\nwant %s", p, err, want)
			}
		}
	}
}

func TestLongRecord(t *testing.T) {
	long := strings.Repeat("z", 1<<20)
	path := write(t, filepath.Join(t.TempDir(), "a.json"), []byte(`{"id":1,"name":"`+long+`"}`+"\n"+`{"id":2,"name":"`+long+`"}`))
	got, err := read(t, open(t, table(connector.Options{"path": path, "format": "json"}, columns)), scanOf(columns), 1, 100)
	if err != nil || len(got[0]) != 2 {
		t.Errorf("%d rows, %v", len(got[0]), err)
	}
	path = write(t, filepath.Join(t.TempDir(), "b.json"), []byte(`{"name":"`+strings.Repeat(long, 17)))
	if _, err := read(t, open(t, table(connector.Options{"path": path, "format": "json"}, columns)), scanOf(columns), 1, 100); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("error %v", err)
	}
}

func TestSourceErrors(t *testing.T) {
	for _, c := range []struct {
		o    connector.Options
		want string
	}{
		{connector.Options{"format": "json"}, "option 'path' is required"},
		{connector.Options{"path": "/x"}, "option 'format' is required"},
		{connector.Options{"path": "/x", "format": "jsn"}, "did you mean `json`?"},
		{connector.Options{"path": "/x", "format": "json", "json.ignore-parse-error": "true"}, "did you mean `json.ignore-parse-errors`?"},
		{connector.Options{"path": "s3://b/x", "format": "json"}, "'s3' cannot be read or written yet"},
		{connector.Options{"path": "/x", "format": "json", "source.monitor-interval": "0 s"}, "a time greater than 0"},
		{connector.Options{"path": "/x", "format": "json", "source.path.regex-pattern": "("}, "a regular expression"},
	} {
		tab := table(c.o, columns)
		f, err := registry().Open(tab.Options)
		if err == nil {
			_, err = f.NewSource(tab)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

// BenchmarkFormatsFile reads a file in the page cache through the source.
func BenchmarkFormatsFile(b *testing.B) {
	bids := formattest.Bids(1, 50000)
	for name, data := range map[string][]byte{"csv": formattest.CSV(bids), "json": formattest.JSON(bids)} {
		b.Run(name, func(b *testing.B) {
			path := write(b, filepath.Join(b.TempDir(), "bids."+name), data)
			s := open(b, table(connector.Options{"path": path, "format": name}, formattest.BidSchema))
			scan := scanOf(formattest.BidSchema)
			pool := batch.NewPool(scan.Types, nil)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				e, err := s.Enumerator(scan, 1)
				if err != nil {
					b.Fatal(err)
				}
				splits, _, _, err := e.Next(b.Context(), 0)
				if err != nil {
					b.Fatal(err)
				}
				r, err := s.Reader(scan, &connector.ReaderContext{})
				if err != nil {
					b.Fatal(err)
				}
				if err := r.AddSplits(splits); err != nil {
					b.Fatal(err)
				}
				rows := 0
				for {
					x := pool.Get()
					st, err := r.Next(x, batch.MaxRows)
					if err != nil {
						b.Fatal(err)
					}
					rows += x.Len()
					x.Release()
					if st.State == connector.Starve {
						break
					}
				}
				if rows != len(bids) {
					b.Fatalf("%d rows", rows)
				}
			}
		})
	}
}

func TestConformance(t *testing.T) {
	dir := t.TempDir()
	for i := range 5 {
		write(t, filepath.Join(dir, fmt.Sprintf("k=%d/a.json", i)), lines(5+i))
		write(t, filepath.Join(dir, fmt.Sprintf("k=%d/b.json", i)), nil)
	}
	cols := append(slices.Clone(columns), schema.Field{Name: "k", Type: schema.TypeInt})
	s := open(t, table(connector.Options{"path": dir, "format": "json"}, cols, 2))
	filesystem.SetMinRange(s, 40)
	conntest.Source(t, s, conntest.ScanAll(cols))
}
