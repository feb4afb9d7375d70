// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"slices"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/sql/bind"
	"spate/internal/sql/parse"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/schema"
)

var functions = expr.Builtins()

// alone names the functions that cannot be shown without a table.
var alone = []string{"CURRENT_WATERMARK"}

// TestDeclarations checks that each function says what it does and shows it.
func TestDeclarations(t *testing.T) {
	for _, name := range functions.Names() {
		f, _ := functions.Lookup(name)
		switch {
		case f.Doc == "" || !strings.HasSuffix(f.Doc, "."):
			t.Errorf("%s: its documentation is no sentence: %q", f.Name, f.Doc)
		case f.Category == "":
			t.Errorf("%s: has no category", f.Name)
		case f.Example == "" && f.Category != "internal" && !slices.Contains(alone, f.Name):
			t.Errorf("%s: has no example", f.Name)
		}
	}
}

// TestExamples runs the example of each function and compares what it gives with the declared result. Examples of functions that
// give something else each time have no result: they must only run.
func TestExamples(t *testing.T) {
	for _, name := range functions.Names() {
		f, _ := functions.Lookup(name)
		if f.Example == "" {
			continue
		}
		got, err := evaluate(f.Example)
		switch {
		case err != nil:
			t.Errorf("%s: %s: %v", f.Name, f.Example, err)
		case f.Result == "" && f.Determinism == expr.Pure:
			t.Errorf("%s: %s gives %s, and the declaration has no result", f.Name, f.Example, got)
		case f.Result != "" && got != f.Result:
			t.Errorf("%s: %s gives %s, want %s", f.Name, f.Example, got, f.Result)
		}
	}
}

// evaluate computes a SQL expression without input and returns its text.
func evaluate(sql string) (string, error) {
	env := &expr.Env{
		TimeZone: "UTC", CurrentCatalog: "default_catalog", CurrentDatabase: "default_database",
		NowMillis: func() int64 { return 1_700_000_000_000 }, QueryStartMillis: 1_700_000_000_000,
	}
	q, err := parse.Query("SELECT " + sql)
	if err != nil {
		return "", err
	}
	binder := bind.New(bind.Env{
		Catalog: catalog.New("default_catalog", "default_database"), Functions: functions, Connectors: connector.NewRegistry(nil, nil),
		Config: conf.New(), Expr: env, Zone: "UTC",
	})
	node, err := binder.Query(q)
	if err != nil {
		return "", err
	}
	e := expr.Expr(nil)
	switch n := node.(type) {
	case *plan.Project:
		e = n.Exprs[0]
	case *plan.Values:
		e = &expr.Lit{Value: n.Rows[0][0], T: n.Out[0].Type}
	}
	if e, err = expr.Cast(e, schema.TypeString, false); err != nil {
		return "", err
	}
	p, err := expr.Compile(functions, env, []expr.Expr{e}, nil)
	if err != nil {
		return "", err
	}
	b := batch.New(nil)
	b.SetLen(1)
	out := batch.NewVector(schema.TypeString)
	if err := p.Eval(0, b, expr.RowsOf(b), out); err != nil {
		return "", err
	}
	if out.IsNull(0) {
		return "NULL", nil
	}
	return string(out.Bytes(0)), nil
}
