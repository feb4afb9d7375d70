// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/connectors/values"
	"spate/internal/expr"
	"spate/internal/sql/bind"
	"spate/internal/sql/parse"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/schema"
)

// environment is a session in UTC at a fixed time.
func environment() *expr.Env {
	return &expr.Env{
		TimeZone: "UTC", CurrentCatalog: "default_catalog", CurrentDatabase: "default_database",
		NowMillis: func() int64 { return 1_700_000_000_000 }, QueryStartMillis: 1_700_000_000_000,
	}
}

// column is a column of the table T.
type column struct {
	name string
	t    *schema.Type
}

// bound binds a SQL expression over the columns of a table and makes its value a text.
func bound(sql string, columns []column) (expr.Expr, error) {
	names := catalog.New("default_catalog", "default_database")
	if len(columns) > 0 {
		t := &catalog.Table{
			Path:    catalog.Path{Catalog: "default_catalog", Database: "default_database", Object: "T"},
			Options: []catalog.Option{{Key: "connector", Value: "values"}},
		}
		for _, c := range columns {
			t.Columns = append(t.Columns, catalog.Column{Name: c.name, Type: c.t})
		}
		if err := names.Create(t, false, false); err != nil {
			return nil, err
		}
		sql += " FROM T"
	}
	q, err := parse.Query("SELECT " + sql)
	if err != nil {
		return nil, err
	}
	binder := bind.New(bind.Env{
		Catalog: names, Functions: functions, Connectors: connector.NewRegistry([]*connector.Factory{values.Factory(values.New())}, nil),
		Config: conf.New(), Expr: environment(), Zone: "UTC",
	})
	node, err := binder.Query(q)
	if err != nil {
		return nil, err
	}
	switch n := node.(type) {
	case *plan.Project:
		return expr.Cast(n.Exprs[0], schema.TypeString, false)
	case *plan.Values:
		return expr.Cast(&expr.Lit{Value: n.Rows[0][0], T: n.Out[0].Type}, schema.TypeString, false)
	case *plan.Scan:
		return expr.Cast(&expr.Col{Index: 0, T: n.Out[0].Type}, schema.TypeString, false)
	}
	return nil, fmt.Errorf("planned as %T", node)
}

// evaluateAlone computes a SQL expression without input and returns its text.
func evaluateAlone(sql string) (string, error) {
	e, err := bound(sql, nil)
	if err != nil {
		return "", err
	}
	b := batch.New(nil)
	b.SetLen(1)
	texts, err := evaluate(e, b)
	if err != nil {
		return "", err
	}
	return texts[0], nil
}

// evaluate computes an expression whose value is a text on the selected rows of a batch.
func evaluate(e expr.Expr, b *batch.Batch) ([]string, error) {
	types := make([]*schema.Type, b.NumCols())
	for i := range types {
		types[i] = b.Col(i).Type()
	}
	p, err := expr.Compile(functions, environment(), []expr.Expr{e}, types)
	if err != nil {
		return nil, err
	}
	out := batch.NewVector(schema.TypeString)
	rows := expr.RowsOf(b)
	if err := p.Eval(0, b, rows, out); err != nil {
		return nil, err
	}
	texts := make([]string, rows.Count())
	for i := range texts {
		texts[i] = "NULL"
		if r := rows.At(i); !out.IsNull(r) {
			texts[i] = string(out.Bytes(r))
		}
	}
	return texts, nil
}
