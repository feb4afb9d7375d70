// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"spate/internal/catalog"
	"spate/internal/connectors/values"
	"spate/schema"
)

// streamTable is a table that a test made of a stream of Java objects, or of a query.
type streamTable struct {
	Name      string         `json:"name"`
	Columns   []streamColumn `json:"columns"`
	Rows      []typed        `json:"rows"`
	Events    []streamEvent  `json:"events"`
	FromQuery *int           `json:"fromQuery"`
}

type streamColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// streamEvent is a row with its event time, or a watermark, in milliseconds.
type streamEvent struct {
	TS        *int64 `json:"ts"`
	Row       *typed `json:"row"`
	Watermark *int64 `json:"watermark"`
}

// timedRow is a row of a stream with event time: watermark follows it, if any.
type timedRow struct {
	values        *typed
	ts, watermark *int64
}

// watermarkColumn carries the watermark that follows a row. Tables with event time are views that hide it.
const watermarkColumn = "$watermark"

// create makes the table in a lab.
func (t *streamTable) create(ctx context.Context, l *lab, s *streamCase) error {
	if t.FromQuery != nil {
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = quoteName(c.Name)
		}
		list := ""
		if len(names) > 0 {
			list = " (" + strings.Join(names, ", ") + ")"
		}
		return l.execute(ctx, "CREATE TEMPORARY VIEW "+quoteName(t.Name)+list+" AS "+s.Queries[*t.FromQuery])
	}
	if slices.ContainsFunc(t.Columns, func(c streamColumn) bool { return strings.HasSuffix(c.Type, "*ROWTIME*") }) {
		return t.createTimed(ctx, l, s)
	}
	return t.createPlain(l, false)
}

// createPlain makes a table without event time. Processing time attributes are computed.
func (t *streamTable) createPlain(l *lab, bounded bool) error {
	var columns []catalog.Column
	var types []*schema.Type
	for i, c := range t.Columns {
		typ, err := columnType(c.Type, t.column(i))
		if err != nil {
			return err
		}
		if typ.Attr == schema.ProcTime {
			columns = append(columns, proctime(c.Name))
			continue
		}
		columns, types = append(columns, catalog.Column{Name: c.Name, Type: typ}), append(types, typ)
	}
	rows, err := rowsOf(t.Rows, types)
	if err != nil {
		return err
	}
	return t.store(l, t.Name, columns, nil, rows, map[string]string{"bounded": strconv.FormatBool(bounded)})
}

func proctime(name string) catalog.Column {
	return catalog.Column{Name: name, Kind: catalog.Computed, Expr: "PROCTIME()", Type: schema.NewTimestampLTZ(3).NotNull().WithAttr(schema.ProcTime)}
}

// column returns the recorded values of a column, as far as rows have it.
func (t *streamTable) column(i int) []typed {
	var out []typed
	add := func(row *typed) {
		list := []typed{*row}
		if row.key == "ROW" {
			var err error
			if list, err = row.list(); err != nil {
				return
			}
		}
		if i < len(list) {
			out = append(out, list[i])
		}
	}
	for r := range t.Rows {
		add(&t.Rows[r])
	}
	for e := range t.Events {
		if t.Events[e].Row != nil {
			add(t.Events[e].Row)
		}
	}
	return out
}

// store creates a table of the values connector over rows.
func (*streamTable) store(l *lab, name string, columns []catalog.Column, w *catalog.Watermark, rows []values.Row, options map[string]string) error {
	id := "table " + name
	l.put(id, rows)
	store := l.session.SQL().Catalog()
	c, d := store.Current()
	table := &catalog.Table{
		Path: catalog.Path{Catalog: c, Database: d, Object: name}, Columns: columns, Watermark: w,
		Options: []catalog.Option{{Key: "connector", Value: values.Identifier}, {Key: "data-id", Value: id}},
	}
	kinds := "I"
	for _, r := range rows {
		if r.Kind != schema.Insert {
			kinds = "I,UB,UA,D"
		}
	}
	table.Options = append(table.Options, catalog.Option{Key: "changelog-mode", Value: kinds})
	for k, v := range options {
		table.Options = append(table.Options, catalog.Option{Key: k, Value: v})
	}
	return store.Create(table, false, false)
}

// createTimed makes a table with event time: a hidden table that has the watermarks as a column, and a view of it.
func (t *streamTable) createTimed(ctx context.Context, l *lab, s *streamCase) error {
	timed, err := t.timedRows(s)
	if err != nil {
		return err
	}
	var columns []catalog.Column
	var types []*schema.Type
	var names []string
	rowtime := -1
	for i, c := range t.Columns {
		typ, err := columnType(c.Type, t.column(i))
		if err != nil {
			return err
		}
		names = append(names, quoteName(c.Name))
		if typ.Attr == schema.ProcTime {
			columns = append(columns, proctime(c.Name))
			continue
		}
		if typ.Attr == schema.RowTime {
			rowtime = len(types)
		}
		typ = typ.WithAttr(schema.NotTimeAttr)
		columns, types = append(columns, catalog.Column{Name: c.Name, Type: typ}), append(types, typ)
	}
	timeType := types[rowtime]
	columns = append(columns, catalog.Column{Name: watermarkColumn, Type: timeType.WithNull(true)})
	var rows []values.Row
	for _, r := range timed {
		row, err := timedValues(r, types, rowtime)
		if err != nil {
			return err
		}
		mark := schema.NullValue
		if r.watermark != nil {
			mark = timestampValue(*r.watermark*1000, 0, timeType)
		}
		rows = append(rows, values.Change(r.values.rowKind(), append(row, mark)...))
	}
	var timeColumn string
	for _, c := range t.Columns {
		if strings.HasSuffix(c.Type, "*ROWTIME*") {
			timeColumn = c.Name
		}
	}
	w := &catalog.Watermark{Column: []string{timeColumn}, Expr: quoteName(watermarkColumn), Type: timeType.WithNull(true)}
	hidden := "$" + t.Name
	if err := t.store(l, hidden, columns, w, rows, map[string]string{watermarkStrategy: "on-event"}); err != nil {
		return err
	}
	return l.execute(ctx, fmt.Sprintf("CREATE TEMPORARY VIEW %s AS SELECT %s FROM %s", quoteName(t.Name), strings.Join(names, ", "), quoteName(hidden)))
}

// timedValues decodes a row; the rowtime is put in where the row does not have it.
func timedValues(r timedRow, types []*schema.Type, rowtime int) ([]schema.Value, error) {
	list, err := r.values.list()
	if err != nil {
		return nil, err
	}
	if len(list) == len(types) {
		return decodeRowValues(r.values, types)
	}
	without := slices.Delete(slices.Clone(types), rowtime, rowtime+1)
	row, err := decodeRowValues(r.values, without)
	if err != nil {
		return nil, err
	}
	if r.ts == nil {
		return nil, fmt.Errorf("no event time in the row %s", r.values.payload)
	}
	return slices.Insert(row, rowtime, timestampValue(*r.ts*1000, 0, types[rowtime])), nil
}

// timedRows gives every row its event time and the watermark that the test's source emitted after it.
func (t *streamTable) timedRows(s *streamCase) ([]timedRow, error) {
	var out []timedRow
	for i := range t.Events {
		e := &t.Events[i]
		switch {
		case e.Row != nil:
			out = append(out, timedRow{values: e.Row, ts: e.TS})
		case e.Watermark != nil && len(out) > 0:
			out[len(out)-1].watermark = e.Watermark
		}
	}
	if t.Events != nil {
		return out, nil
	}
	lag, hasLag := s.lag()
	highest := int64(-1 << 62)
	for i := range t.Rows {
		ts, err := t.eventTime(&t.Rows[i], s, hasLag)
		if err != nil {
			return nil, err
		}
		highest = max(highest, ts)
		mark := highest - 1
		switch {
		case hasLag:
			mark = ts - lag
		case s.assignedBy("Row3WatermarkExtractor2"), s.assignedBy("Row4WatermarkExtractor"):
			mark = ts - 1
		}
		out = append(out, timedRow{values: &t.Rows[i], ts: &ts, watermark: &mark})
	}
	return out, nil
}

func (s *streamCase) assignedBy(class string) bool { return slices.Contains(s.Assigner, class) }

// lag returns the bounded out-of-orderness of the test's source.
func (s *streamCase) lag() (int64, bool) {
	if s.LagMillis == nil {
		return 0, false
	}
	var one int64
	if json.Unmarshal(s.LagMillis, &one) == nil {
		return one, true
	}
	var list []int64
	if json.Unmarshal(s.LagMillis, &list) == nil && len(list) > 0 {
		return list[0], true
	}
	return 0, false
}

// eventTime finds the event time of a row in milliseconds: the first field with a lag, that of the assigner, that under the rowtime
// column, or the first one that can be a time.
func (t *streamTable) eventTime(row *typed, s *streamCase, hasLag bool) (int64, error) {
	list, err := row.list()
	if err != nil {
		return 0, err
	}
	at := -1
	for i, c := range t.Columns {
		if strings.HasSuffix(c.Type, "*ROWTIME*") && i < len(list) && len(list) == len(t.Columns) {
			at = i
		}
	}
	switch {
	case hasLag:
		at = 0
	case s.assignedBy("Row3WatermarkExtractor2"):
		at = 2
	case s.assignedBy("Row4WatermarkExtractor"):
		at = 3
	case at < 0:
		at = slices.IndexFunc(list, func(v typed) bool { return v.key == "BIGINT" || v.key == "TIMESTAMP" })
	}
	if at < 0 || at >= len(list) {
		return 0, fmt.Errorf("no event time in the row %s", row.payload)
	}
	text, err := list[at].scalar()
	if err != nil {
		return 0, err
	}
	if list[at].key == "TIMESTAMP" || list[at].key == "TIMESTAMP_LTZ" {
		micros, _, err := parseInstant(text)
		return micros / 1000, err
	}
	return strconv.ParseInt(text, 10, 64)
}
