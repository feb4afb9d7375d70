// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/conntest"
	"spate/internal/connectors/filesystem"
	"spate/schema"
)

// tree returns the visible files below a folder with their content, names of part files cut short, and the number of hidden ones.
func tree(t *testing.T, dir string) (files []string, hidden int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			hidden++
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, name := filepath.Split(rel)
		if strings.HasPrefix(name, "part-") {
			name = "part" + name[strings.LastIndexByte(name, '-'):]
		}
		files = append(files, folder+name+": "+string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files, hidden
}

type sinkTest struct {
	t         *testing.T
	dir       string
	sink      connector.Sink
	writer    connector.Writer
	committer connector.Committer
	now       int64
	cols      schema.Schema
}

func newSinkTest(t *testing.T, o connector.Options, cols schema.Schema, partitionKeys ...int) *sinkTest {
	t.Helper()
	x := &sinkTest{t: t, dir: filepath.Join(t.TempDir(), "out"), cols: cols, now: 1}
	o["path"] = x.dir
	tab := table(o, cols, partitionKeys...)
	f, err := registry().Open(tab.Options)
	if err != nil {
		t.Fatal(err)
	}
	if x.sink, err = f.NewSink(tab); err != nil {
		t.Fatal(err)
	}
	if x.writer, err = x.sink.Writer(&connector.WriterContext{Parallelism: 1, Columns: cols, NowMillis: func() int64 { return x.now }}); err != nil {
		t.Fatal(err)
	}
	if x.committer, err = x.sink.Committer(); err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *sinkTest) write(rows ...[]schema.Value) {
	x.t.Helper()
	b := batch.New(x.cols.Types())
	for _, r := range rows {
		b.AppendRow(schema.Insert, r...)
	}
	if err := x.writer.Write(b); err != nil {
		x.t.Fatal(err)
	}
}

func (x *sinkTest) prepare(end bool) []connector.Committable {
	x.t.Helper()
	w, err := x.writer.Prepare(1, end)
	if err != nil {
		x.t.Fatal(err)
	}
	return w
}

func (x *sinkTest) commit(w []connector.Committable) {
	x.t.Helper()
	if err := x.committer.Commit(x.t.Context(), w); err != nil {
		x.t.Fatal(err)
	}
}

func (x *sinkTest) check(hidden int, want ...string) {
	x.t.Helper()
	files, h := tree(x.t, x.dir)
	if !slices.Equal(files, want) || h != hidden {
		x.t.Errorf("files %q and %d hidden, want %q and %d", files, h, want, hidden)
	}
}

func row(id int64, name string) []schema.Value {
	return []schema.Value{schema.IntValue(id), schema.StringValue(name)}
}

func TestSinkCommits(t *testing.T) {
	x := newSinkTest(t, connector.Options{"format": "csv", "csv.header": "true", "sink.partition-commit.policy.kind": "success-file"}, columns)
	if a := x.sink.Capabilities().Accepts; a != connector.InsertOnly {
		t.Errorf("accepts %v", a)
	}
	x.write(row(1, "a"), row(2, "b"))
	first := x.prepare(false)
	x.check(1)
	x.write(row(3, "c"))
	x.check(2)
	x.commit(first)
	x.commit(first) // The same work may come again.
	x.check(1, "part-0: id,name\n1,a\n2,b\n")
	if got := x.prepare(false); len(got) != 1 {
		t.Fatalf("%d committables", len(got))
	} else if again := x.prepare(false); len(again) != 0 {
		t.Errorf("%d committables without rows", len(again))
	} else {
		x.commit(got)
	}
	x.commit(x.prepare(true))
	if err := x.writer.Close(); err != nil {
		t.Fatal(err)
	}
	x.check(0, "_SUCCESS: ", "part-0: id,name\n1,a\n2,b\n", "part-1: id,name\n3,c\n")
}

func TestSinkForgetsWhatIsNotPrepared(t *testing.T) {
	x := newSinkTest(t, connector.Options{"format": "json"}, columns)
	x.write(row(1, "a"))
	prepared := x.prepare(false)
	x.write(row(2, "b"))
	if err := x.writer.Close(); err != nil {
		t.Fatal(err)
	}
	x.check(1)
	x.commit(prepared)
	x.check(0, "part-0: {\"id\":1,\"name\":\"a\"}\n")
}

func TestSinkRolls(t *testing.T) {
	x := newSinkTest(t, connector.Options{
		"format": "csv", "sink.rolling-policy.file-size": "10 b", "sink.rolling-policy.rollover-interval": "1 min",
		"sink.rolling-policy.inactivity-interval": "10 s", "sink.rolling-policy.check-interval": "1 s",
	}, columns)
	x.write(row(1, "abcdefgh")) // Over the size.
	x.write(row(2, "b"))
	x.now += 9_000
	if err := x.writer.Tick(x.now); err != nil {
		t.Fatal(err)
	}
	x.write(row(3, "c"))
	x.now += 10_000 // Inactive.
	if err := x.writer.Tick(x.now); err != nil {
		t.Fatal(err)
	}
	x.write(row(4, "d"))
	x.commit(x.prepare(true))
	x.check(0, "part-0: 1,abcdefgh\n", "part-1: 2,b\n3,c\n", "part-2: 4,d\n")
}

func TestSinkPartitions(t *testing.T) {
	cols := schema.Schema{{Name: "day", Type: schema.TypeDate}, columns[0], {Name: "k", Type: schema.TypeString}}
	x := newSinkTest(t, connector.Options{"format": "csv", "sink.partition-commit.policy.kind": "success-file", "sink.partition-commit.success-file.name": "_done"}, cols, 0, 2)
	v := func(day, id int64, k string) []schema.Value {
		return []schema.Value{schema.IntValue(day), schema.IntValue(id), schema.StringValue(k)}
	}
	x.write(v(18263, 1, "a/b"), v(18263, 2, "a/b"), v(18264, 3, ""), v(18263, 4, "a/b"))
	x.write([]schema.Value{schema.NullValue, schema.IntValue(5), schema.StringValue("c")})
	x.commit(x.prepare(false))
	want := []string{
		"day=2020-01-02/k=a%2Fb/_done: ", "day=2020-01-02/k=a%2Fb/part-0: 1\n2\n4\n",
		"day=2020-01-03/k=__DEFAULT_PARTITION__/_done: ", "day=2020-01-03/k=__DEFAULT_PARTITION__/part-1: 3\n",
		"day=__DEFAULT_PARTITION__/k=c/_done: ", "day=__DEFAULT_PARTITION__/k=c/part-2: 5\n",
	}
	x.check(0, want...)
	x.commit(x.prepare(true))
	x.check(0, want...)
	// What was written is read back.
	scan := scanOf(cols)
	got, err := read(t, open(t, table(connector.Options{"path": x.dir, "format": "csv"}, cols, 0, 2)), scan, 1, 10)
	if err != nil || len(got[0]) != 5 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSinkErrors(t *testing.T) {
	for _, c := range []struct {
		o    connector.Options
		keys []int
		want string
	}{
		{connector.Options{"auto-compaction": "true"}, nil, "not compacted yet"},
		{connector.Options{"sink.partition-commit.trigger": "partition-time"}, nil, "only 'process-time'"},
		{connector.Options{"sink.partition-commit.policy.kind": "metastore"}, nil, "tables of a metastore"},
		{connector.Options{"sink.partition-commit.policy.kind": "mail"}, nil, "expected success-file"},
		{connector.Options{"sink.parallelism": "0"}, nil, "at least 1"},
		{connector.Options{}, []int{0, 1}, "partitioned by all of its columns"},
	} {
		c.o["path"], c.o["format"] = "/x", "csv"
		tab := table(c.o, columns, c.keys...)
		f, err := registry().Open(tab.Options)
		if err == nil {
			_, err = f.NewSink(tab)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

func TestSinkConformance(t *testing.T) {
	cols := append(slices.Clone(columns), schema.Field{Name: "k", Type: schema.TypeInt})
	var rows [][]schema.Value
	for i := range int64(200) {
		rows = append(rows, append(row(i, strings.Repeat("x", int(i%30))), schema.IntValue(i/7%5)))
	}
	for _, keys := range [][]int{nil, {2}} {
		for _, format := range []string{"csv", "json"} {
			dir := ""
			o := func() connector.Options { return connector.Options{"format": format, "path": dir} }
			conntest.Sink(t, conntest.SinkCase{
				Columns: cols,
				Open: func(t *testing.T) connector.Sink {
					t.Helper()
					dir = filepath.Join(t.TempDir(), "out")
					options := o()
					options["sink.rolling-policy.file-size"] = "500 b"
					s, err := filesystem.Factory().NewSink(table(options, cols, keys...))
					if err != nil {
						t.Fatal(err)
					}
					return s
				},
				Visible: func(t *testing.T) (out []string) {
					t.Helper()
					if _, err := os.Stat(dir); err != nil {
						return nil
					}
					for _, r := range conntest.Rows(t, open(t, table(o(), cols, keys...)), conntest.ScanAll(cols), 1, batch.MaxRows) {
						out = append(out, conntest.Text(r))
					}
					return out
				},
			}, rows)
		}
	}
}
