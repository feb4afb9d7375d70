// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/parse"
	"spate/internal/sql/session"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// fakeSource is a source that can be planned with, not read.
type fakeSource struct{ caps connector.SourceCapabilities }

func (s fakeSource) Capabilities() connector.SourceCapabilities { return s.caps }

func (fakeSource) Enumerator(*connector.Scan, int) (connector.Enumerator, error) {
	return nil, errors.New("a fake source has no splits")
}

func (fakeSource) Reader(*connector.Scan, *connector.ReaderContext) (connector.Reader, error) {
	return nil, errors.New("a fake source has no rows")
}

// fakeSink is a sink that can be planned with, not written.
type fakeSink struct{ caps connector.SinkCapabilities }

func (s fakeSink) Capabilities() connector.SinkCapabilities { return s.caps }

func (fakeSink) Writer(*connector.WriterContext) (connector.Writer, error) {
	return nil, errors.New("a fake sink takes no rows")
}

func (fakeSink) Committer() (connector.Committer, error) { return nil, nil } //nolint:nilnil // No second phase.

// changelogs are the words of the option 'changelog' of the fake connector.
var changelogs = map[string]connector.Changelog{
	"": connector.InsertOnly, "insert": connector.InsertOnly, "upsert": connector.Upsert, "all": connector.AllKinds,
	"no-delete": connector.KindInsert | connector.KindUpdateBefore | connector.KindUpdateAfter,
}

// registry has a generator of auction events that takes projections, filters on the kind of event and watermarks with a delay;
// a connector 'fake' that does what its options say; and sinks.
func registry() *connector.Registry {
	events := &connector.Factory{
		Identifier: "nexmark",
		Options:    []connector.Option{{Key: "events.num"}, {Key: "first-event.rate"}, {Key: "next-event.rate"}},
		Source: func(t *connector.Table) (connector.Source, error) {
			caps := connector.SourceCapabilities{Bounded: true, Projection: true, NestedProjection: true}
			caps.AcceptFilter = func(f connector.Filter) bool { return len(f.Path) == 1 && f.Path[0] == 0 }
			for kind, at := range []int{5, 5, 5} {
				row := t.Columns[kind+1].Type
				for i, f := range row.Fields {
					if f.Name == "dateTime" {
						at = i
					}
				}
				caps.EventTime = append(caps.EventTime, connector.GuardedTime{
					Guard: []connector.Filter{{Path: []int{0}, Op: connector.Eq, Value: schema.IntValue(int64(kind))}}, Path: []int{kind + 1, at},
				})
			}
			return fakeSource{caps}, nil
		},
	}
	fake := &connector.Factory{
		Identifier: "fake",
		Options: []connector.Option{
			{Key: "changelog"},
			{Key: "password"},
			{Key: "pushdown", Kind: connector.BoolOption},
			{Key: "bounded", Kind: connector.BoolOption},
			{Key: "source-parallelism", Kind: connector.IntOption},
		},
		Source: func(t *connector.Table) (connector.Source, error) {
			caps := connector.SourceCapabilities{
				Changelog: changelogs[t.Options.Get("changelog", "")], Bounded: t.Options.Bool("bounded", false),
				Projection: t.Options.Bool("pushdown", true), NestedProjection: t.Options.Bool("pushdown", true),
				Parallelism: t.Options.Int("source-parallelism", 0),
				Metadata:    schema.Schema{{Name: "offset", Type: schema.TypeBigInt.NotNull()}, {Name: "topic", Type: schema.TypeString}},
			}
			return fakeSource{caps}, nil
		},
		Sink: func(t *connector.Table) (connector.Sink, error) {
			return fakeSink{connector.SinkCapabilities{Accepts: changelogs[t.Options.Get("changelog", "all")]}}, nil
		},
	}
	prints := &connector.Factory{
		Identifier: "print", Sink: func(*connector.Table) (connector.Sink, error) { return fakeSink{}, nil },
	}
	return connector.NewRegistry([]*connector.Factory{events, fake, prints}, nil)
}

func newSession() *session.Session {
	return session.New(session.Config{Functions: expr.Builtins(), Connectors: registry()})
}

// TestPlans runs the scripts of testdata: every statement of a file, in one session, and after "----" what came of it.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".sql"), func(t *testing.T) {
			text, err := os.ReadFile(file) //nolint:gosec // A file of the tree.
			if err != nil {
				t.Fatal(err)
			}
			got := runScript(t, string(text))
			golden := strings.TrimSuffix(file, ".sql") + ".golden"
			if *rewrite {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden) //nolint:gosec // A file of the tree.
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s\n(go test ./internal/sql/session -args -rewrite writes the new one)", difference(string(want), got))
			}
		})
	}
}

// difference shows the first line that differs.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, b, a)
		}
	}
	return "the same"
}

// runScript executes statements and writes down their results. Lines that begin with "-- " before a statement are copied.
func runScript(t *testing.T, script string) string {
	t.Helper()
	s := newSession()
	stmts, err := parse.Statements(script)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, st := range stmts {
		text := st.Range().Text(script)
		r, err := s.Run(st, script)
		line, _, _ := strings.Cut(text, "\n")
		fmt.Fprintf(&b, "> %s\n", line)
		switch {
		case err != nil:
			fmt.Fprintf(&b, "error: %s\n", err)
		case r.OK:
			b.WriteString("OK\n")
		case r.Job != nil:
			again, err := graph.Encode(r.Job.Graph)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := graph.Decode(again); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "job %s\n", r.Job.Graph.Name)
		default:
			for _, row := range r.Rows {
				for i, v := range row {
					if i > 0 {
						b.WriteString(" | ")
					}
					b.WriteString(expr.FormatValue(v, r.Columns[i].Type))
				}
				b.WriteByte('\n')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// statements cuts a script into the texts of its statements.
func statements(t *testing.T, script string) []string {
	t.Helper()
	list, err := parse.Statements(script)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(list))
	for i, st := range list {
		texts[i] = st.Range().Text(script)
	}
	return texts
}
