// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"spate/connector"
	"spate/internal/app"
	"spate/internal/catalog"
	"spate/internal/connectors/values"
	"spate/internal/control/worker"
	"spate/schema"
)

// lab is what a case works in: an engine, a session and data sets of its own.
type lab struct {
	session *app.Session
	data    *values.Data
	ids     map[string]bool // Data sets that were registered.
}

// newLab returns a lab with the settings of a case. Flink's changelog is row for row unless the case says otherwise; the zone is
// that of the machine on which the cases were recorded. Settings that Spate does not know are left out: what counts is the answer.
func newLab(config map[string]string) *lab {
	d := values.New()
	l := &lab{data: d, ids: make(map[string]bool), session: app.New(app.Config{Connectors: []*connector.Factory{values.Factory(d)}}).NewSession()}
	all := map[string]string{"table.exec.mini-batch.enabled": "false", "table.local-time-zone": "UTC", "parallelism.default": "1"}
	maps.Copy(all, config)
	for _, k := range slices.Sorted(maps.Keys(all)) {
		_ = l.session.Set(k, all[k])
	}
	return l
}

func (l *lab) close() { l.session.Close() }

// watermarkStrategy is the option that says when a source emits watermarks.
const watermarkStrategy = "scan.watermark.emit.strategy"

// createTable executes CREATE TABLE. The recorded sources emitted a watermark after every row.
func (l *lab) createTable(ctx context.Context, ddl string) error {
	if err := l.execute(ctx, ddl); err != nil {
		return err
	}
	for _, t := range l.tables() {
		if t.Watermark != nil && option(t, watermarkStrategy) == "" {
			t.Options = append(t.Options, catalog.Option{Key: watermarkStrategy, Value: "on-event"})
		}
	}
	return nil
}

// execute executes one statement and waits for its job.
func (l *lab) execute(ctx context.Context, sql string) error {
	o, err := l.session.Execute(ctx, sql)
	if err != nil {
		return err
	}
	switch {
	case o.Job != nil:
		return o.Job.Wait()
	case o.Query != nil:
		defer o.Query.Close()
		_, err = o.Query.All()
	}
	return err
}

// changes runs a query to its end.
func (l *lab) changes(ctx context.Context, sql string) (schema.Schema, []app.Change, error) {
	q, err := l.session.Query(ctx, sql)
	if err != nil {
		return nil, nil, err
	}
	defer q.Close()
	rows, err := q.All()
	return q.Schema, rows, err
}

// tables returns the tables of the current database.
func (l *lab) tables() []*catalog.Table {
	store := l.session.SQL().Catalog()
	objects, err := store.Objects(store.Current())
	if err != nil {
		return nil
	}
	var out []*catalog.Table
	for _, o := range objects {
		if t, ok := o.(*catalog.Table); ok {
			out = append(out, t)
		}
	}
	return out
}

// table finds a table of the current database.
func (l *lab) table(name string) (*catalog.Table, error) {
	for _, t := range l.tables() {
		if t.Path.Object == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("no table %s", name)
}

// option returns an option of a table.
func option(t *catalog.Table, key string) string {
	for _, o := range t.Options {
		if o.Key == key {
			return o.Value
		}
	}
	return ""
}

// sourceTypes returns the types of the rows that a table of the values connector reads: physical columns, then readable metadata.
func sourceTypes(t *catalog.Table) []*schema.Type {
	var types []*schema.Type
	for _, c := range t.Columns {
		if c.Kind == catalog.Physical {
			types = append(types, c.Type)
		}
	}
	for _, pair := range splitPairs(option(t, "readable-metadata")) {
		if _, name, ok := strings.Cut(pair, ":"); ok {
			if typ, err := schema.ParseType(strings.TrimSpace(name)); err == nil {
				types = append(types, typ)
			}
		}
	}
	return types
}

// splitPairs splits at commas and semicolons outside of brackets.
func splitPairs(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range s {
		switch {
		case c == '(' || c == '<':
			depth++
		case c == ')' || c == '>':
			depth--
		case (c == ',' || c == ';') && depth == 0:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	if strings.TrimSpace(s[start:]) != "" {
		parts = append(parts, s[start:])
	}
	return parts
}

// sinkTypes returns the types of the rows that a table of the values connector keeps.
func sinkTypes(t *catalog.Table) []*schema.Type {
	var types []*schema.Type
	for i := range t.Columns {
		if t.Columns[i].Persisted() {
			types = append(types, t.Columns[i].Type)
		}
	}
	return types
}

// rowsOf decodes recorded rows. Values beyond the columns are not read.
func rowsOf(recorded []typed, types []*schema.Type) ([]values.Row, error) {
	out := make([]values.Row, len(recorded))
	for i := range recorded {
		v, err := decodeColumns(&recorded[i], types, true)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		out[i] = values.Change(recorded[i].rowKind(), v...)
	}
	return out, nil
}

// put registers a data set.
func (l *lab) put(id string, rows []values.Row) *values.Set {
	l.ids[id] = true
	return l.data.Register(id, rows...)
}

// register makes the recorded data of all tables of the values connector known.
func (l *lab) register(data map[string][]typed) error {
	for _, t := range l.tables() {
		id := option(t, "data-id")
		if l.ids[id] || id == "" {
			continue
		}
		rows, err := rowsOf(data[id], sourceTypes(t))
		if err != nil {
			return fmt.Errorf("data of table %s: %w", t.Path.Object, err)
		}
		l.put(id, rows)
	}
	return nil
}

// change is a row of a changelog in a form that can be compared.
type change struct {
	kind schema.RowKind
	text string
	key  string // Primary key, for upserts.
}

// materialize returns the rows that a changelog leaves: with a key, the last row of each; without, a bag.
func materialize(changes []change, keyed bool) ([]string, error) {
	if keyed {
		last := make(map[string]string)
		for _, c := range changes {
			if c.kind.IsAdd() {
				last[c.key] = c.text
			} else if c.kind == schema.Delete {
				delete(last, c.key)
			}
		}
		return slices.Collect(maps.Values(last)), nil
	}
	bag := make(map[string]int)
	var order []string
	for _, c := range changes {
		if _, seen := bag[c.text]; !seen {
			order = append(order, c.text)
		}
		bag[c.text] += c.kind.Weight()
	}
	var rows []string
	for _, text := range order {
		if bag[text] < 0 {
			return nil, fmt.Errorf("row retracted %d times more than added: %s", -bag[text], text)
		}
		for range bag[text] {
			rows = append(rows, text)
		}
	}
	return rows, nil
}

// expectError checks that an error says what was recorded.
func expectError(err error, message string) error {
	if err == nil {
		return fmt.Errorf("no error, want one that says %q", message)
	}
	if !strings.Contains(err.Error(), message) {
		return fmt.Errorf("error does not say %q: %w", message, err)
	}
	return nil
}

// failedInRun tells whether the error is one of running, not of planning, or of the case's own clock.
func interrupted(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || worker.IsCanceled(err)
}

// quoteName writes a name as SQL.
func quoteName(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }
