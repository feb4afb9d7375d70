// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"spate/internal/app"
	"spate/schema"
)

// streamCase is a record of stream.jsonl.gz.
type streamCase struct {
	ID           string             `json:"id"`
	Class        string             `json:"class"`
	Tables       []streamTable      `json:"tables"`
	Data         map[string][]typed `json:"data"`
	DDL          []string           `json:"ddl"`
	Queries      []string           `json:"queries"`
	Expect       []expectation      `json:"expect"`
	Config       map[string]string  `json:"config"`
	LagMillis    json.RawMessage    `json:"watermarkLagMillis"` // A number, or a list of one per table.
	Assigner     []string           `json:"watermarkAssigner"`
	NeedsJavaUDF bool               `json:"needsJavaUdf"`
	Notes        []string           `json:"notes"`
	Clean        bool               `json:"clean"`
	Surrogates   bool               `json:"loneSurrogate"`
}

// expectation is a result that a test compared.
type expectation struct {
	Compare string   `json:"compare"`
	Sink    string   `json:"sink"`
	Rows    []string `json:"rows"`
}

// loadITCases finds the recorded integration tests of both modes.
func loadITCases(o *options) ([]*testCase, error) {
	dir := filepath.Join(o.data, "itcases")
	if !exists(dir) {
		return nil, nil
	}
	cases := []*testCase{}
	streams, err := readIfThere[streamCase](filepath.Join(dir, "stream.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	for i := range streams {
		s := &streams[i]
		cases = append(cases, &testCase{class: "stream " + s.Class, id: s.ID, notApplicable: s.unrunnable(), run: s.check})
	}
	batches, err := loadBatch(dir)
	return append(cases, batches...), err
}

// unrunnable says why the data itself marks the case as one that cannot be run.
func (s *streamCase) unrunnable() string {
	if s.NeedsJavaUDF {
		return "needs a Java function"
	}
	if s.Surrogates {
		return "a lone surrogate is no UTF-8"
	}
	for _, n := range s.Notes {
		if n == "rows and columns do not match" || n == "unlinked data" {
			return n
		}
	}
	for i := range s.Tables {
		if t := &s.Tables[i]; t.Rows == nil && t.Events == nil && t.FromQuery == nil {
			return "rows of table " + t.Name + " were not recorded"
		}
	}
	known := make(map[string]bool)
	for i := range s.Tables {
		known[s.Tables[i].Name] = true
	}
	if name := unrecorded(append(slices.Clone(s.DDL), s.Queries...), known); name != "" {
		return "table " + name + " was not recorded"
	}
	return ""
}

// check runs the statements and queries of a case and compares all that was recorded.
func (s *streamCase) check(ctx context.Context) error {
	l := newLab(s.Config)
	defer l.close()
	views, err := s.setUp(ctx, l)
	if err != nil {
		return err
	}
	var queries []string
	for i, q := range s.Queries {
		if !views[i] {
			queries = append(queries, q)
		}
	}
	var results []expectation // Those of queries.
	compared := 0
	for _, e := range s.Expect {
		if e.Compare == "" {
			continue // Watermarks that a sink saw: no result.
		}
		if _, err := l.table(e.Sink); err != nil && e.Sink != "" && len(queries) == 0 {
			continue // The statement that fills it was not recorded.
		}
		compared++
		if t, err := l.table(e.Sink); e.Sink != "" && err == nil {
			if err := compareSink(l, t.Path.Object, &e); err != nil {
				return fmt.Errorf("sink %s: %w", e.Sink, err)
			}
			continue
		}
		results = append(results, e)
	}
	if compared == 0 {
		return errors.New("nothing to compare")
	}
	for i := range results {
		if len(queries) == 0 {
			return errors.New("no query for the recorded result")
		}
		query := queries[len(queries)-1]
		if len(queries) == len(results) {
			query = queries[i]
		}
		columns, rows, err := l.changes(ctx, query)
		if err != nil {
			return err
		}
		if err := compareChanges(rows, columns.Types(), nil, &results[i]); err != nil {
			return err
		}
	}
	return nil
}

// setUp makes the tables and executes the statements. It returns which queries are those of views. Some statements need what
// comes later in the record (the order between the lists is not known): they are tried again.
func (s *streamCase) setUp(ctx context.Context, l *lab) (map[int]bool, error) {
	views := make(map[int]bool)
	var steps, inserts []func() error
	seen := make(map[string]bool)
	for i := range s.Tables {
		t := &s.Tables[i]
		t.Name = strings.Trim(t.Name, "`")
		if seen[t.Name] {
			continue
		}
		seen[t.Name] = true
		if t.FromQuery != nil {
			views[*t.FromQuery] = true
		}
		steps = append(steps, func() error { return t.create(ctx, l, s) })
	}
	created := make(map[string]bool)
	for _, ddl := range s.DDL {
		if created[ddl] {
			continue // Made anew for another parameter.
		}
		created[ddl] = true
		step := func() error {
			err := l.createTable(ctx, ddl)
			if err == nil {
				err = l.register(s.Data)
			}
			return err
		}
		if first := strings.ToUpper(strings.TrimSpace(ddl)); strings.HasPrefix(first, "INSERT") || strings.HasPrefix(first, "EXECUTE") {
			inserts = append(inserts, step)
		} else {
			steps = append(steps, step)
		}
	}
	for len(steps) > 0 {
		var failed []func() error
		var errs []error
		for _, step := range steps {
			if err := step(); err != nil {
				failed, errs = append(failed, step), append(errs, err)
			}
		}
		if len(failed) == len(steps) {
			return nil, errs[0]
		}
		steps = failed
	}
	for _, insert := range inserts {
		if err := insert(); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// compareSink compares what a table received.
func compareSink(l *lab, name string, e *expectation) error {
	t, err := l.table(name)
	if err != nil {
		return err
	}
	types := sinkTypes(t)
	var rows []app.Change
	var keys []string
	for _, r := range l.data.Results(resultName(t)) {
		rows = append(rows, app.Change{Kind: r.Kind, Row: r.Values})
		if t.PrimaryKey != nil {
			keys = append(keys, keyOf(t, r.Values, types))
		}
	}
	return compareChanges(rows, types, keys, e)
}

// compareChanges compares a changelog, or the rows that it leaves, with a recorded result in any order. keys are those of the rows
// when they are upserts.
func compareChanges(rows []app.Change, types []*schema.Type, keys []string, e *expectation) error {
	form := formOf(e.Rows)
	want := make([]string, len(e.Rows))
	for i, r := range e.Rows {
		want[i] = sortEntries(r)
	}
	final := e.Compare == "materialized" || e.Compare == "materialized-upsert"
	var got []change
	for i, r := range rows {
		kind := r.Kind
		if final {
			kind = schema.Insert
		}
		c := change{kind: r.Kind, text: sortEntries(form(kind, r.Row, types))}
		if keys != nil {
			c.key = keys[i]
		}
		got = append(got, c)
	}
	if final {
		left, err := materialize(got, keys != nil)
		if err != nil {
			return err
		}
		return compareBags(left, want)
	}
	var all []string
	for _, c := range got {
		if e.Compare == "append" && c.kind != schema.Insert {
			return fmt.Errorf("a %s row in a result of inserts: %s", c.kind, c.text)
		}
		all = append(all, c.text)
	}
	return compareBags(all, want)
}

// formOf finds out how recorded rows are written.
func formOf(rows []string) func(kind schema.RowKind, row []schema.Value, types []*schema.Type) string {
	legacy := legacyText
	if len(rows) > 0 {
		switch r := rows[0]; {
		case len(r) > 3 && (r[0] == '+' || r[0] == '-') && r[2] == '[':
			return rowText
		case len(r) > 3 && (r[0] == '+' || r[0] == '-') && r[2] == '(':
			return func(kind schema.RowKind, row []schema.Value, types []*schema.Type) string {
				return kind.String() + "(" + legacy(row, types) + ")"
			}
		case strings.HasPrefix(r, "(true,"), strings.HasPrefix(r, "(false,"):
			return func(kind schema.RowKind, row []schema.Value, types []*schema.Type) string {
				return fmt.Sprintf("(%v,%s)", kind.IsAdd(), legacy(row, types))
			}
		}
	}
	return func(_ schema.RowKind, row []schema.Value, types []*schema.Type) string { return legacy(row, types) }
}

// legacyText joins fields by commas; those of nested rows too.
func legacyText(row []schema.Value, types []*schema.Type) string {
	parts := make([]string, len(row))
	for i, v := range row {
		parts[i] = printer{legacy: true}.text(v, types[i])
	}
	return strings.Join(parts, ",")
}

// batchCase is a record of batch.jsonl.gz.
type batchCase struct {
	ID           string             `json:"id"`
	Class        string             `json:"class"`
	SQL          string             `json:"sql"`
	Check        string             `json:"check"`
	Tables       map[string]string  `json:"tables"`
	RowsText     []string           `json:"rowsText"`
	Expected     json.RawMessage    `json:"expected"`
	Sorted       bool               `json:"sorted"`
	DDL          []string           `json:"ddl"`
	Data         map[string][]typed `json:"data"`
	Config       map[string]string  `json:"config"`
	NeedsJavaUDF []string           `json:"needsJavaUdf"`
	Surrogates   bool               `json:"loneSurrogate"`
}

// batchTable is a record of batch-tables.jsonl.gz.
type batchTable struct {
	Table    string   `json:"table"`
	Columns  []string `json:"columns"`
	Types    []string `json:"types"`
	Nullable []bool   `json:"nullable"`
	Rows     []typed  `json:"rows"`
}

func loadBatch(dir string) ([]*testCase, error) {
	records, err := readIfThere[batchCase](filepath.Join(dir, "batch.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	list, err := readIfThere[batchTable](filepath.Join(dir, "batch-tables.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	tables := make(map[string]*batchTable)
	for i := range list {
		tables[list[i].Table] = &list[i]
	}
	var cases []*testCase
	for i := range records {
		b := &records[i]
		c := &testCase{class: "batch " + b.Class, id: b.ID, run: func(ctx context.Context) error { return b.check(ctx, tables) }}
		switch {
		case len(b.NeedsJavaUDF) > 0:
			c.notApplicable = "needs a Java function"
		case b.Surrogates:
			c.notApplicable = "a lone surrogate is no UTF-8"
		default:
			known := make(map[string]bool)
			for name := range b.Tables {
				known[name] = true
			}
			if name := unrecorded(append(slices.Clone(b.DDL), b.SQL), known); name != "" {
				c.notApplicable = "table " + name + " was not recorded"
			}
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// create makes the table under a name.
func (t *batchTable) create(l *lab, name string) error {
	st := streamTable{Name: name, Rows: t.Rows}
	for i, declared := range t.Types {
		c := streamColumn{Name: fmt.Sprintf("f%d", i), Type: declared}
		if i < len(t.Columns) {
			c.Name = t.Columns[i]
		}
		if i < len(t.Nullable) && !t.Nullable[i] && !strings.HasSuffix(c.Type, " NOT NULL") {
			c.Type += " NOT NULL"
		}
		st.Columns = append(st.Columns, c)
	}
	return st.createPlain(l, true)
}

func (b *batchCase) check(ctx context.Context, tables map[string]*batchTable) error {
	config := map[string]string{"execution.runtime-mode": "BATCH"}
	for k, v := range b.Config {
		if strings.HasPrefix(k, "table.") {
			config[k] = v
		}
	}
	delete(config, "table.exec.resource.default-parallelism")
	l := newLab(config)
	defer l.close()
	for name, id := range b.Tables {
		t := tables[id]
		if t == nil {
			return fmt.Errorf("no recorded table %s", id)
		}
		if err := t.create(l, strings.Trim(name, "`")); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	for _, ddl := range b.DDL {
		if err := l.createTable(ctx, ddl); err != nil {
			return err
		}
		if err := l.register(b.Data); err != nil {
			return err
		}
	}
	columns, rows, err := l.changes(ctx, b.SQL)
	if b.Check == "error" {
		if interrupted(err) {
			return err
		}
		var message string
		_ = json.Unmarshal(b.Expected, &message)
		return expectError(err, message)
	}
	if err != nil {
		return err
	}
	return b.compare(rows, columns.Types())
}

// compare compares the final rows; in their order when the query sorts.
func (b *batchCase) compare(rows []app.Change, types []*schema.Type) error {
	var got []change
	ordered := true
	for _, r := range rows {
		got = append(got, change{kind: r.Kind, text: sortEntries(rowText(schema.Insert, r.Row, types))})
		ordered = ordered && r.Kind == schema.Insert
	}
	left, err := materialize(got, false)
	if err != nil {
		return err
	}
	switch b.Check {
	case "empty":
		return compareBags(left, nil)
	case "size":
		var n int
		if err := json.Unmarshal(b.Expected, &n); err != nil {
			return err
		}
		if len(left) != n {
			return fmt.Errorf("%d rows, want %d", len(left), n)
		}
		return nil
	case "rows":
	default:
		return fmt.Errorf("check %q is not known", b.Check)
	}
	want := make([]string, len(b.RowsText))
	for i, r := range b.RowsText {
		want[i] = sortEntries(r)
	}
	if err := compareBags(left, want); err != nil || !b.Sorted {
		return err
	}
	if !ordered {
		return errors.New("the rows are right, but their order cannot be told: the sorted result is a changelog")
	}
	for i, c := range got {
		if c.text != want[i] {
			return fmt.Errorf("the rows are right, but not their order: row %d is %s, want %s", i, c.text, want[i])
		}
	}
	return nil
}
