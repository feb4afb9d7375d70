// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// query binds a query with everything around its body. outer is the scope of the query around, for correlated sub-queries.
func (b *Binder) query(q *ast.Query, outer *scope) (plan.Node, error) {
	if q.Recursive {
		return nil, unsupported(q, "WITH RECURSIVE")
	}
	depth := len(b.ctes)
	defer func() { b.ctes = b.ctes[:depth] }()
	for i := range q.With {
		b.ctes = append(b.ctes, &cte{name: q.With[i].Name.Name, def: &q.With[i], depth: len(b.ctes)})
	}
	limit, offset, err := b.limits(q)
	if err != nil {
		return nil, err
	}
	var n plan.Node
	var keys []graph.SortKey
	visible := -1
	if sel, ok := q.Body.(*ast.Select); ok {
		n, keys, visible, err = b.selectBlock(sel, q.OrderBy, outer)
	} else {
		if n, err = b.body(q.Body, outer); err == nil {
			keys, err = orderOutput(n, q.OrderBy)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(keys) > 0 || limit >= 0 || offset > 0 {
		n = &plan.Sort{Input: n, Keys: keys, Limit: limit, Offset: offset, Place: b.place(sortAt(q))}
	}
	if out := n.Schema(); visible >= 0 && visible < len(out) {
		n = &plan.Project{Input: n, Exprs: plan.Identity(out[:visible]), Names: out[:visible].Names()}
	}
	return n, nil
}

// sortAt is where the order or the limit of a query stands.
func sortAt(q *ast.Query) ast.Node {
	if len(q.OrderBy) > 0 {
		return q.OrderBy[0]
	}
	if q.Limit != nil {
		return q.Limit
	}
	return q
}

// limits evaluates LIMIT and OFFSET; a limit of -1 is none.
func (b *Binder) limits(q *ast.Query) (limit, offset int64, err error) {
	limit = -1
	if q.Limit != nil {
		if limit, err = b.count(q.Limit, "LIMIT"); err != nil {
			return 0, 0, err
		}
	}
	if q.Offset != nil {
		if offset, err = b.count(q.Offset, "OFFSET"); err != nil {
			return 0, 0, err
		}
	}
	return limit, offset, nil
}

// count evaluates a constant number of rows.
func (b *Binder) count(e ast.Expr, clause string) (int64, error) {
	x, err := b.expr(&ctx{scope: &scope{}, clause: clause}, e)
	if err != nil {
		return 0, err
	}
	l, ok := b.fold(x).(*expr.Lit)
	if !ok || !l.T.IsInteger() || l.Value.Null || l.Value.I < 0 {
		return 0, invalid(e, "%s needs a whole number that is not negative", clause)
	}
	return l.Value.I, nil
}

// body binds the body of a query that is no plain SELECT.
func (b *Binder) body(q ast.QueryBody, outer *scope) (plan.Node, error) {
	switch q := q.(type) {
	case *ast.Select:
		n, _, _, err := b.selectBlock(q, nil, outer)
		return n, err
	case *ast.SetOp:
		return b.setOp(q, outer)
	case *ast.Values:
		return b.values(q)
	case *ast.ExplicitTable:
		n, _, err := b.table(&ast.TableName{Span: q.Span, Name: q.Name})
		return n, err
	case *ast.Query:
		return b.query(q, outer)
	}
	return nil, unsupported(q, "this query")
}

// orderOutput binds ORDER BY behind a set operation: output columns and ordinals only.
func orderOutput(n plan.Node, items []ast.OrderItem) ([]graph.SortKey, error) {
	out := n.Schema()
	var keys []graph.SortKey
	for _, it := range items {
		i, err := ordinal(it.Expr, out)
		if err != nil {
			return nil, err
		}
		if ref, ok := it.Expr.(*ast.ColumnRef); i < 0 && ok && len(ref.Parts) == 1 {
			if i = out.Index(ref.Parts[0].Name); i < 0 {
				return nil, notFound(ref, ref.Parts[0].Name, out.Names(), "column `%s` not found in any table", ref.Parts[0].Name)
			}
		}
		if i < 0 {
			return nil, unsupported(it.Expr, "ORDER BY an expression behind a set operation")
		}
		keys = append(keys, sortKey(i, &it))
	}
	return keys, nil
}

// ordinal returns the column that a number in ORDER BY stands for, -1 for other expressions.
func ordinal(e ast.Expr, out schema.Schema) (int, error) {
	n, ok := e.(*ast.Number)
	if !ok || n.Kind != ast.Integer {
		return -1, nil
	}
	i, ok := digits(n.Text)
	if !ok || i < 1 || i > int64(len(out)) {
		return -1, invalid(e, "ORDER BY %s: the query has %d columns", n.Text, len(out))
	}
	return int(i - 1), nil
}

// sortKey applies Flink's default place of NULLs: they count as smallest.
func sortKey(col int, it *ast.OrderItem) graph.SortKey {
	return graph.SortKey{Col: col, Desc: it.Desc, NullsLast: nullsLast(it)}
}

func nullsLast(it *ast.OrderItem) bool {
	return it.Nulls == ast.NullsLast || it.Nulls == ast.NullsDefault && it.Desc
}

// values binds VALUES as constant rows, or as a union of one-row projections when a row is not constant.
func (b *Binder) values(v *ast.Values) (plan.Node, error) {
	rows := make([][]expr.Expr, len(v.Rows))
	var types []*schema.Type
	c := &ctx{scope: &scope{}, clause: "VALUES"}
	for i, r := range v.Rows {
		elems := []ast.Expr{r}
		if ctor, ok := r.(*ast.RowCtor); ok {
			elems = ctor.Elems
		}
		xs, err := b.exprs(c, elems)
		if err != nil {
			return nil, err
		}
		if i > 0 && len(xs) != len(rows[0]) {
			return nil, mismatch(r, "a row of VALUES has %d columns, the first has %d", len(xs), len(rows[0]))
		}
		rows[i] = xs
	}
	for col := range rows[0] {
		var ts []*schema.Type
		for _, r := range rows {
			ts = append(ts, r[col].Type().WithAttr(schema.NotTimeAttr))
		}
		t, err := commonType(ts...)
		if err != nil {
			return nil, mismatch(v, "the values of column %d of VALUES have no type in common: %s", col+1, typeNamesOf(ts))
		}
		types = append(types, t)
	}
	out := make(schema.Schema, len(types))
	for i, t := range types {
		out[i] = schema.Field{Name: exprName(i), Type: t}
	}
	n := &plan.Values{Out: out}
	constant := true
	for i, r := range rows {
		var vals []schema.Value
		for col := range r {
			x, err := castTo(v.Rows[i], r[col], types[col])
			if err != nil {
				return nil, err
			}
			r[col] = plan.Retype(b.fold(x), types[col])
			l, ok := r[col].(*expr.Lit)
			if constant = constant && ok; ok {
				vals = append(vals, l.Value)
			}
		}
		n.Rows = append(n.Rows, vals)
	}
	if constant {
		return n, nil
	}
	u := &plan.Union{Out: out}
	for _, r := range rows {
		u.Inputs = append(u.Inputs, &plan.Project{Input: oneRow(), Exprs: r, Names: out.Names()})
	}
	if len(u.Inputs) == 1 {
		return u.Inputs[0], nil
	}
	return u, nil
}

// commonType is schema.CommonType where NULLs alone have the type NULL.
func commonType(ts ...*schema.Type) (*schema.Type, error) {
	if !slices.ContainsFunc(ts, func(t *schema.Type) bool { return t.Root != schema.Null }) {
		return schema.TypeNull, nil
	}
	return schema.CommonType(ts...)
}

// oneRow is the input of a SELECT without FROM.
func oneRow() plan.Node {
	return &plan.Values{
		Rows: [][]schema.Value{{schema.IntValue(0)}},
		Out:  schema.Schema{{Name: "ZERO", Type: schema.TypeInt.NotNull()}},
	}
}

func typeNamesOf(ts []*schema.Type) string {
	var names []string
	for _, t := range ts {
		if s := t.String(); !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	return strings.Join(names, ", ")
}
