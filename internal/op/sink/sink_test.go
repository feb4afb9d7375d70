// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sink_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op/optest"
	"spate/internal/op/sink"
	"spate/internal/sys/errs"
	"spate/schema"
)

// memSink keeps what is written as text.
type memSink struct {
	lines []string
	ticks []int64
	fail  error
	ctx   connector.WriterContext
}

func (*memSink) Capabilities() connector.SinkCapabilities { return connector.SinkCapabilities{} }

func (s *memSink) Writer(c *connector.WriterContext) (connector.Writer, error) {
	s.ctx = *c
	return s, nil
}

func (*memSink) Committer() (connector.Committer, error) { return nil, nil }

func (s *memSink) Write(b *batch.Batch) error {
	s.lines = append(s.lines, batchtest.Lines(b)...)
	return s.fail
}

func (s *memSink) Tick(now int64) error {
	s.ticks = append(s.ticks, now)
	return nil
}

func (s *memSink) Prepare(checkpoint int64, end bool) ([]connector.Committable, error) {
	return []connector.Committable{{Data: fmt.Appendf(nil, "%d %v %d", checkpoint, end, len(s.lines))}}, nil
}

func (*memSink) Close() error { return nil }

func TestRows(t *testing.T) {
	cases := []struct {
		name, types string
		spec        graph.SinkSpec
		rows        string
		want        string
		err         string
	}{
		{
			name: "all kinds", types: "INT; STRING",
			rows: "1 'a'\n-U 1 'a'\n+U 1 'b'\n-D 1 'b'",
			want: "+I 1 'a'\n-U 1 'a'\n+U 1 'b'\n-D 1 'b'\n",
		},
		{
			name: "upserts only: -U is dropped", types: "INT", spec: graph.SinkSpec{Accepts: uint8(connector.Upsert)},
			rows: "1\n-U 1\n+U 2\n-D 2", want: "+I 1\n+U 2\n-D 2\n",
		},
		{
			name: "nothing but -U", types: "INT", spec: graph.SinkSpec{Accepts: uint8(connector.Upsert)}, rows: "-U 1\n-U 2",
		},
		{
			name: "inserts only: a delete is an error", types: "INT", spec: graph.SinkSpec{Accepts: uint8(connector.InsertOnly)},
			rows: "1\n-D 1", err: "does not accept -D rows",
		},
		{
			name: "NULL is an error", types: "INT NOT NULL; STRING", spec: graph.SinkSpec{NotNull: []int{0}, NotNullEnforce: "ERROR"},
			rows: "1 null\nnull 'x'", err: "Column 'c0' is NOT NULL, however, a null value is being written into it.",
		},
		{
			name: "NULL is dropped", types: "INT NOT NULL; STRING NOT NULL",
			spec: graph.SinkSpec{NotNull: []int{0, 1}, NotNullEnforce: "DROP"},
			rows: "1 'a'\nnull 'b'\n2 null\n+U 3 'c'", want: "+I 1 'a'\n+U 3 'c'\n",
		},
		{
			name: "NULL below a column passes", types: "ROW<a INT NOT NULL>", rows: "(null)", want: "+I (null)\n",
		},
		{
			name: "NULL field", types: "ROW<id BIGINT NOT NULL, ab ARRAY<INT NOT NULL>>",
			spec: graph.SinkSpec{NotNullEnforce: "ERROR", NotNullNested: "ROWS"},
			rows: "(1 [null])\n(null [1])", err: "Column 'c0.id' is NOT NULL",
		},
		{
			name: "NULL element", types: "ROW<id BIGINT NOT NULL, ab ARRAY<ARRAY<INT NOT NULL> NOT NULL>>",
			spec: graph.SinkSpec{NotNullEnforce: "ERROR", NotNullNested: "ROWS_AND_COLLECTIONS"},
			rows: "(1 null)\n(2 [[1] [2 null]])", err: "Column 'c0.ab[1][1]' is NOT NULL",
		},
		{
			name: "NULL value of a map", types: "MAP<INT NOT NULL, INT NOT NULL>",
			spec: graph.SinkSpec{NotNullEnforce: "ERROR", NotNullNested: "ROWS_AND_COLLECTIONS"},
			rows: "{1 2}\n{1 null}", err: "Column 'c0[value]' is NOT NULL",
		},
		{
			name: "rows with a NULL element are dropped", types: "INT; ARRAY<INT NOT NULL>",
			spec: graph.SinkSpec{NotNullEnforce: "DROP", NotNullNested: "ROWS_AND_COLLECTIONS"},
			rows: "1 [1 2]\n2 [1 null]\n3 null\n4 []", want: "+I 1 [1 2]\n+I 3 null\n+I 4 []\n",
		},
		{
			name: "the last row of each key", types: "INT; STRING",
			spec: graph.SinkSpec{Materialize: true, Table: graph.TableSpec{PrimaryKey: []int{0}}},
			rows: "1 'a'\n1 'b'\n-D 1 'a'\n2 'c'\n-D 1 'b'", want: "+I 1 'a'\n+U 1 'b'\n+I 2 'c'\n-D 1 'b'\n",
		},
	}
	for _, c := range cases {
		for _, size := range []int{1, 3, 64, 4096} {
			t.Run(fmt.Sprintf("%s/%d", c.name, size), func(t *testing.T) {
				got, err := write(t, c.types, c.spec, c.rows, size)
				if c.err != "" {
					if err == nil || !strings.Contains(err.Error(), c.err) {
						t.Fatalf("error %v instead of %q", err, c.err)
					}
					return
				}
				if err != nil || got != c.want {
					t.Fatalf("error %v, got:\n%swant:\n%s", err, got, c.want)
				}
			})
		}
	}
}

// write runs rows through a sink in batches of a size.
func write(t *testing.T, types string, spec graph.SinkSpec, rows string, size int) (string, error) {
	t.Helper()
	in := batchtest.Types(types)
	for i, typ := range in {
		spec.Table.Columns = append(spec.Table.Columns, schema.Field{Name: fmt.Sprintf("c%d", i), Type: typ})
	}
	mem := &memSink{}
	o, err := sink.New(&spec, [][]*schema.Type{in}, mem, "job")
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, nil, optest.Options{NotResident: 3, Poison: true})
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(batchtest.ParseRows(in, rows), size) {
		b := h.RT.Pool(in).Get()
		for _, r := range part {
			b.AppendRow(r.Kind, r.Values...)
		}
		if err := h.Process(0, b); err != nil {
			return "", err
		}
	}
	if err := h.End(); err != nil {
		return "", err
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(mem.lines, ""), nil
}

func TestLife(t *testing.T) {
	in := batchtest.Types("INT; STRING")
	spec := &graph.SinkSpec{Table: graph.TableSpec{
		Name: "t", Columns: schema.Schema{{Name: "a", Type: in[0]}}, Metadata: schema.Schema{{Name: "m", Type: in[1]}},
	}}
	mem := &memSink{}
	o, err := sink.New(spec, [][]*schema.Type{in}, mem, "job")
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, nil, optest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := mem.ctx.Columns.Names(); !slices.Equal(got, []string{"a", "m"}) || mem.ctx.Job != "job" {
		t.Errorf("the writer sees columns %v of job %s", got, mem.ctx.Job)
	}
	if err := h.Time(350); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(mem.ticks, []int64{100, 200, 300}) {
		t.Errorf("ticks at %v", mem.ticks)
	}
	if err := h.Process(0, batchtest.Parse(in, "1 'x'")); err != nil {
		t.Fatal(err)
	}
	if err := o.Prepare(7); err != nil {
		t.Fatal(err)
	}
	if err := h.End(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range h.RT.Committables() {
		got = append(got, string(w.Data))
	}
	if want := []string{"7 false 1", "-1 true 1"}; !slices.Equal(got, want) {
		t.Errorf("prepared %q instead of %q", got, want)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestErrors(t *testing.T) {
	in := batchtest.Types("INT NOT NULL")
	spec := &graph.SinkSpec{
		Table: graph.TableSpec{Name: "t", Columns: schema.Schema{{Name: "a", Type: in[0]}}}, NotNull: []int{0},
	}
	boom := errors.New("disk full")
	mem := &memSink{fail: boom}
	o, err := sink.New(spec, [][]*schema.Type{in}, mem, "job")
	if err != nil {
		t.Fatal(err)
	}
	h, err := optest.NewHarness(o, 1, nil, optest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Process(0, batchtest.Parse(in, "1")); !errors.Is(err, boom) {
		t.Errorf("writing: %v", err)
	}
	if err := h.Process(0, batchtest.Parse(in, "null")); !errors.Is(err, errs.EvaluationFailed) {
		t.Errorf("NULL: %v", err)
	}
	if _, err := sink.New(spec, [][]*schema.Type{batchtest.Types("INT; INT")}, mem, "job"); err == nil {
		t.Error("a sink of one column takes two")
	}
}
