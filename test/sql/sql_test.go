// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sql_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/app"
	"spate/internal/col/batchtest"
	"spate/internal/col/frame"
	"spate/internal/col/gather"
	"spate/internal/connectors/values"
	"spate/schema"
)

var (
	rewrite = flag.Bool("rewrite", false, "write the expectations anew")
	matrix  = flag.Bool("matrix", false, "run every file in every cell")
	seed    = flag.Uint64("seed", 0, "seed of the sample of cells; 0: from the clock")
)

// sampled is how many cells beside the plain one a file runs in without -matrix.
const sampled = 3

// hardship is a way to make life harder that must not change the answer.
type hardship struct {
	name string
	set  func(f *app.Faults)
}

var hardships = []hardship{
	{"plain", func(*app.Faults) {}},
	{"encoded", func(f *app.Faults) { f.EncodeGraph = true }},
	{"frames", func(f *app.Faults) { f.Carrier = frames{} }},
	{"not-resident", func(f *app.Faults) { f.NotResident = 42 }},
	{"poisoned", func(f *app.Faults) { f.Poison = true }},
}

// cell is one way to run a file.
type cell struct {
	p, rows  int
	hardship int
}

func (c cell) String() string {
	return fmt.Sprintf("p=%d,rows=%d,%s", c.p, c.rows, hardships[c.hardship].name)
}

// plain is the cell that rewrites expectations.
var plain = cell{p: 1, rows: 4096}

// cells lists all cells that a file runs in.
func cells(s *script) []cell {
	var all []cell
	for _, p := range []int{1, 3} {
		for _, rows := range []int{1, 3, 64, 4096} {
			for h := range hardships {
				if c := (cell{p, rows, h}); (s.onlyP == 0 || s.onlyP == p) && c != plain {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

func TestSQL(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("sample of cells: go test ./test/sql -args -seed %d", *seed)
	for i, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".sql"), func(t *testing.T) {
			s, err := readScript(path)
			if err != nil {
				t.Fatal(err)
			}
			if !t.Run(plain.String(), func(t *testing.T) { runScript(t, s, plain) }) || *rewrite {
				return
			}
			all := cells(s)
			if !*matrix {
				rng := rand.New(rand.NewPCG(*seed, uint64(i)))
				rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				all = all[:min(sampled, len(all))]
			}
			for _, c := range all {
				t.Run(c.String(), func(t *testing.T) { runScript(t, s, c) })
			}
		})
	}
}

// runScript runs a file in one cell.
func runScript(t *testing.T, s *script, c cell) {
	t.Helper()
	data := values.New()
	for _, d := range s.data {
		var rows []values.Row
		for _, r := range batchtest.ParseRows(batchtest.Types(d.args), strings.Join(d.rows, "\n")) {
			rows = append(rows, values.Change(r.Kind, r.Values...))
		}
		data.Register(d.name, rows...)
	}
	faults := app.Faults{BatchRows: c.rows}
	hardships[c.hardship].set(&faults)
	newSession := func() *app.Session {
		e := app.New(app.Config{Connectors: []*connector.Factory{values.Factory(data)}, Faults: faults})
		session := e.NewSession()
		t.Cleanup(session.Close)
		if err := session.Set("parallelism.default", strconv.Itoa(c.p)); err != nil {
			t.Fatal(err)
		}
		if err := session.Set("table.local-time-zone", "UTC"); err != nil {
			t.Fatal(err)
		}
		return session
	}
	session := newSession()
	blocks := make(map[*block][]string)
	for _, st := range s.steps {
		where := fmt.Sprintf("%s:%d", s.path, st.line)
		o, err := session.Execute(t.Context(), st.sql)
		if err == nil && o.Job != nil {
			err = o.Job.Wait()
		}
		var got []*batch.Batch
		if err == nil && o.Query != nil {
			got, err = rowsOf(o.Query)
		}
		switch {
		case st.wantError != "":
			if err == nil || !strings.Contains(err.Error(), st.wantError) {
				t.Errorf("%s: want an error with %q, got %v", where, st.wantError, err)
			}
			continue
		case err != nil:
			t.Fatalf("%s: %v", where, err)
		case o.Query == nil:
			continue
		case st.expect == nil && st.changelog == nil:
			t.Fatalf("%s: the SELECT has no expectation", where)
		}
		check := func(b *block, lines []string) {
			if *rewrite {
				blocks[b] = lines
			} else if want := strings.Join(b.rows, "\n"); strings.Join(lines, "\n") != want {
				t.Errorf("%s: got\n%s\nwant\n%s", where, strings.Join(lines, "\n"), want)
			}
		}
		if st.expect != nil {
			if !*rewrite {
				slices.Sort(st.expect.rows)
			}
			check(st.expect, lines(batchtest.Materialise(got...)))
		}
		if st.changelog != nil && c == plain {
			check(st.changelog, perRowChanges(t, session, st))
		}
		release(got)
	}
	if *rewrite && len(blocks) > 0 {
		if err := s.rewrite(blocks); err != nil {
			t.Fatal(err)
		}
	}
}

// perRowChanges runs a SELECT again with per-row bundles and returns its changes in order.
func perRowChanges(t *testing.T, session *app.Session, st *step) []string {
	t.Helper()
	const key = "table.exec.mini-batch.enabled"
	if err := session.Set(key, "false"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := session.SQL().Settings().Unset(key); err != nil {
			t.Error(err)
		}
	}()
	q, err := session.Query(t.Context(), st.sql)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rowsOf(q)
	if err != nil {
		t.Fatal(err)
	}
	defer release(got)
	var out []string
	for _, b := range got {
		for _, l := range batchtest.Lines(b) {
			out = append(out, strings.TrimSuffix(l, "\n"))
		}
	}
	return out
}

// rowsOf reads a query to its end.
func rowsOf(q *app.Query) ([]*batch.Batch, error) {
	var got []*batch.Batch
	for b := q.Next(); b != nil; b = q.Next() {
		got = append(got, b)
	}
	return got, q.Err()
}

func release(bs []*batch.Batch) {
	for _, b := range bs {
		b.Release()
	}
}

func lines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// frames carries every batch through frame bytes.
type frames struct{}

// Carry implements exchange.Carrier.
func (frames) Carry(b *batch.Batch) (*batch.Batch, error) {
	types := make([]*schema.Type, b.NumCols())
	for i := range types {
		types[i] = b.Col(i).Type()
	}
	b = gather.Compact(batch.NewPool(types, nil), b)
	defer b.Release()
	out := batch.New(types)
	return out, frame.NewDecoder(types).Decode(out, frame.NewEncoder(types).Append(nil, b))
}
