// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"spate/internal/app"
	"spate/internal/catalog"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/internal/connectors/values"
	"spate/internal/serve/console"
	"spate/schema"
)

// functionInput is a record of inputs.jsonl: the table that expressions are evaluated over.
type functionInput struct {
	Input  string `json:"input"`
	Fields []struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Value typed  `json:"value"`
	} `json:"fields"`
	InputRows []typed `json:"inputRows"`
}

// functionCase is a record of specs.jsonl or expressions.jsonl.
type functionCase struct {
	ID            string            `json:"id"`
	Class         string            `json:"class"`
	Kind          string            `json:"kind"`
	SQL           string            `json:"sql"`
	Exprs         []string          `json:"exprs"`
	Mode          string            `json:"mode"`
	Expected      []typed           `json:"expected"`
	ExpectedType  []string          `json:"expectedType"`
	ExpectedText  *string           `json:"expectedText"`
	ExpectedRows  []typed           `json:"expectedRows"`
	Config        map[string]string `json:"config"`
	AtEvaluation  map[string]string `json:"configAtEvaluation"`
	Input         string            `json:"input"`
	NeedsJavaUDF  bool              `json:"needsJavaUdf"`
	LoneSurrogate bool              `json:"loneSurrogate"`
	Error         *struct {
		Class   string `json:"class"`
		Message string `json:"message"`
	} `json:"error"`
}

// loadFunctions finds the specs and the expressions.
func loadFunctions(o *options) ([]*testCase, error) {
	dir := filepath.Join(o.data, "functions")
	if !exists(dir) {
		return nil, nil
	}
	list, err := readIfThere[functionInput](filepath.Join(dir, "inputs.jsonl"))
	if err != nil {
		return nil, err
	}
	inputs := make(map[string]*functionInput, len(list))
	for i := range list {
		inputs[list[i].Input] = &list[i]
	}
	cases := []*testCase{}
	for _, file := range []string{"specs.jsonl", "expressions.jsonl"} {
		records, err := readIfThere[functionCase](filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		for i := range records {
			f := &records[i]
			in := inputs[f.Input]
			if in == nil {
				in = &functionInput{}
			}
			cases = append(cases, f.cases(in)...)
		}
	}
	return cases, nil
}

// readIfThere is readRecords, but a missing file has no records.
func readIfThere[T any](path string) ([]T, error) {
	if !exists(path) {
		return nil, nil
	}
	return readRecords[T](path)
}

// cases makes one case of each assertion of a record.
func (f *functionCase) cases(in *functionInput) []*testCase {
	notApplicable := ""
	switch {
	case f.NeedsJavaUDF:
		notApplicable = "needs a Java function"
	case f.LoneSurrogate:
		notApplicable = "a lone surrogate is no UTF-8"
	}
	one := func(id, sql string, at int) *testCase {
		return &testCase{class: f.Class, id: id, notApplicable: notApplicable, run: func(ctx context.Context) error {
			return f.check(ctx, in, sql, at)
		}}
	}
	if len(f.Exprs) == 0 || f.Mode != "result" {
		return []*testCase{one(f.ID, f.SQL, 0)}
	}
	var cases []*testCase
	for i, e := range f.Exprs {
		cases = append(cases, one(fmt.Sprintf("%s#%d", f.ID, i), e, i))
	}
	return cases
}

// functionTable is the name of the input in queries, expressionTable in expressions.
const (
	functionTable   = "T"
	expressionTable = "testTable"
)

var word = regexp.MustCompile(`\w+`)

// makeInput creates the table of the input. Columns that cannot be made, and that the expression does not name, are left out.
func (in *functionInput) makeInput(l *lab, sql string) error {
	words := make(map[string]bool)
	for _, w := range word.FindAllString(sql, -1) {
		words[w] = true
	}
	var columns []catalog.Column
	var types []*schema.Type
	var row []schema.Value
	for i := range in.Fields {
		f := &in.Fields[i]
		t, err := columnType(f.Type, []typed{f.Value})
		var v schema.Value
		if err == nil && in.InputRows == nil {
			v, err = decode(fit(&f.Value, t), t)
		}
		if err != nil {
			if words[f.Name] {
				return fmt.Errorf("input column %s: %w", f.Name, err)
			}
			continue
		}
		columns, types, row = append(columns, catalog.Column{Name: f.Name, Type: t}), append(types, t), append(row, v)
	}
	if len(columns) == 0 {
		return nil
	}
	rows := []values.Row{values.Insert(row...)}
	kinds := "I"
	if in.InputRows != nil {
		var err error
		if rows, err = rowsOf(in.InputRows, types); err != nil {
			return fmt.Errorf("input: %w", err)
		}
		for _, r := range rows {
			if r.Kind != schema.Insert {
				kinds = "I,UB,UA,D"
			}
		}
	}
	l.put(functionTable, rows)
	store := l.session.SQL().Catalog()
	c, d := store.Current()
	return store.Create(&catalog.Table{
		Path: catalog.Path{Catalog: c, Database: d, Object: functionTable}, Columns: columns,
		Options: []catalog.Option{
			{Key: "connector", Value: values.Identifier},
			{Key: "data-id", Value: functionTable},
			{Key: "bounded", Value: "true"},
			{Key: "changelog-mode", Value: kinds},
		},
	}, false, false)
}

// fit is the cast of an input to its column: decimals with more digits than the column are rounded, too great ones are NULL.
func fit(v *typed, t *schema.Type) *typed {
	if t.Root != schema.Decimal || v.key != "DECIMAL" && v.key != "JAVA" {
		return v
	}
	s, err := v.scalar()
	if err != nil {
		return v
	}
	x, status := decimal.Parse([]byte(s), t.Precision, t.Scale)
	if status != decimal.OK {
		return &typed{}
	}
	return &typed{key: "DECIMAL", payload: strconv.AppendQuote(nil, string(decimal.Append(nil, x, t.Scale)))}
}

// check evaluates an expression, or a query for aggregates, and compares with assertion at of the record.
func (f *functionCase) check(ctx context.Context, in *functionInput, sql string, at int) error {
	config := f.Config
	if f.AtEvaluation != nil {
		config = f.AtEvaluation
	}
	l := newLab(config)
	defer l.close()
	if err := in.makeInput(l, sql); err != nil {
		return err
	}
	query := sql
	if f.Kind != "aggregate" {
		query = "SELECT " + sql
		if len(in.Fields) > 0 {
			query += " FROM " + functionTable + " AS " + expressionTable
		}
	}
	q, err := l.session.Query(ctx, query)
	planned := err == nil
	var out functionResult
	if planned {
		out.read(q, l.zone())
		err = out.err
	}
	switch f.Mode {
	case "result":
		if err != nil {
			return err
		}
		return f.compare(&out, at)
	case "validation", "runtime", "error":
	default:
		return fmt.Errorf("mode %q is not known", f.Mode)
	}
	if interrupted(err) {
		return err
	}
	if err != nil && f.Mode == "validation" && planned {
		return fmt.Errorf("planning must fail, but running did: %w", err)
	}
	if f.Mode == "runtime" && !planned {
		return fmt.Errorf("running must fail, but planning did: %w", err)
	}
	message := ""
	if f.Error != nil {
		message = f.Error.Message
	}
	return expectError(err, message)
}

// zone is the session's time zone.
func (l *lab) zone() *time.Location {
	zone, err := time.LoadLocation(l.session.SQL().Zone())
	if err != nil {
		return nil
	}
	return zone
}

// functionResult is what a query answered.
type functionResult struct {
	columns schema.Schema
	changes []app.Change
	text    string // The first row's first column, as CAST prints it.
	err     error
}

func (r *functionResult) read(q *app.Query, zone *time.Location) {
	defer q.Close()
	r.columns = q.Schema
	for b := q.Next(); b != nil; b = q.Next() {
		_ = console.EachRow(b, func(i int) error {
			if len(r.changes) == 0 && r.text == "" {
				r.text = string(text.AppendValue(nil, b.Col(0), i, zone))
			}
			return nil
		})
		r.changes = app.AppendChanges(r.changes, b)
		b.Release()
	}
	r.err = q.Err()
}

// compare checks values and types against assertion at.
func (f *functionCase) compare(out *functionResult, at int) error {
	if f.Kind == "aggregate" {
		if err := f.compareTypes(out.columns, f.ExpectedType); err != nil {
			return err
		}
		return f.compareRows(out)
	}
	if len(out.changes) != 1 {
		return fmt.Errorf("%d rows, want one", len(out.changes))
	}
	if f.ExpectedText != nil && out.text != *f.ExpectedText {
		return fmt.Errorf("got %q of type %s, want %q", out.text, out.columns[0].Type, *f.ExpectedText)
	}
	row := out.changes[0].Row
	if len(f.Exprs) == 0 {
		if len(f.Expected) > 0 && len(f.Expected) != len(row) {
			return fmt.Errorf("%d columns, want %d", len(row), len(f.Expected))
		}
		for i := range f.Expected {
			if err := compareValue(row[i], out.columns[i].Type, &f.Expected[i], typeAt(f.ExpectedType, i)); err != nil {
				return err
			}
		}
		return f.compareTypes(out.columns, f.ExpectedType)
	}
	if len(row) != 1 {
		return fmt.Errorf("%d columns, want one", len(row))
	}
	if at < len(f.Expected) {
		if err := compareValue(row[0], out.columns[0].Type, &f.Expected[at], typeAt(f.ExpectedType, at)); err != nil {
			return err
		}
	}
	if at < len(f.ExpectedType) {
		return f.compareTypes(out.columns, f.ExpectedType[at:at+1])
	}
	return nil
}

func typeAt(types []string, i int) string {
	if i < len(types) {
		return types[i]
	}
	return ""
}

// compareValue compares by the expected type where it is given and of the same kind as the actual one, else by the actual one.
func compareValue(got schema.Value, actual *schema.Type, want *typed, declared string) error {
	v, err := decode(want, actual)
	if err != nil {
		return fmt.Errorf("got %s of type %s, want %s %s: %w", javaText(got, actual), actual, want.key, want.payload, err)
	}
	if g, w := canonical(got, actual), canonical(v, actual); g != w {
		return fmt.Errorf("got %s of type %s, want %s of type %s", g, actual, w, declared)
	}
	return nil
}

// compareTypes checks the types of columns, nullability included.
func (*functionCase) compareTypes(columns schema.Schema, want []string) error {
	if len(want) == 0 {
		return nil
	}
	if len(columns) != len(want) {
		return fmt.Errorf("%d columns, want %d", len(columns), len(want))
	}
	for i, w := range want {
		if strings.HasPrefix(w, "~") {
			continue
		}
		t, err := schema.ParseType(w)
		if err != nil {
			return fmt.Errorf("expected type: %w", err)
		}
		if !columns[i].Type.Equal(t) {
			return fmt.Errorf("the value is right, but its type is %s, want %s", columns[i].Type, t)
		}
	}
	return nil
}

// compareRows compares the final rows of an aggregate query in any order.
func (f *functionCase) compareRows(out *functionResult) error {
	types := out.columns.Types()
	var changes []change
	for _, c := range out.changes {
		changes = append(changes, change{kind: c.Kind, text: canonicalRow(schema.Insert, c.Row, types)})
	}
	got, err := materialize(changes, false)
	if err != nil {
		return err
	}
	var want []string
	for i := range f.ExpectedRows {
		row, err := decodeRowValues(&f.ExpectedRows[i], types)
		if err != nil {
			return errors.Join(errForm, err)
		}
		want = append(want, canonicalRow(schema.Insert, row, types))
	}
	return compareBags(got, want)
}
