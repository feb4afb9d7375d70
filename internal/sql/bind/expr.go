// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
	"spate/schema"
)

// Columns at these indexes and above are no columns of the input: they stand for results of aggregates, of OVER calls, for
// properties of a legacy window and for columns of the query around, until the clause that makes them has been laid out.
const (
	aggBase   = 1 << 24
	overBase  = 2 << 24
	propBase  = 3 << 24
	outerBase = 4 << 24
)

// ctx is where an expression stands.
type ctx struct {
	scope *scope
	// clause names the place in messages: "WHERE", "SELECT", ...
	clause string
	// sel collects aggregates and OVER calls of a SELECT; nil where they are not allowed.
	sel *selection
	// subs collects scalar sub-queries; nil where there can be none.
	subs *subqueries
	// noAgg is set inside the arguments of an aggregate.
	noAgg bool
	// inOver is set inside the parts of an OVER call.
	inOver bool
}

// expr binds an expression.
func (b *Binder) expr(c *ctx, e ast.Expr) (expr.Expr, error) { //nolint:gocyclo // One case a node.
	switch e := e.(type) {
	case *ast.ColumnRef:
		return b.columnRef(c, e)
	case *ast.FieldAccess:
		base, err := b.expr(c, e.Base)
		if err != nil {
			return nil, err
		}
		return b.field(base, e.Field, e)
	case *ast.Index:
		return b.index(c, e)
	case *ast.Number:
		return number(e, false)
	case *ast.String:
		return stringLit(e.Value), nil
	case *ast.Binary:
		return &expr.Lit{Value: schema.StringValue(string(e.Value)), T: schema.NewBinary(len(e.Value)).NotNull()}, nil
	case *ast.Bool:
		if e.Value == ast.Unknown {
			return nullLit(schema.TypeBoolean), nil
		}
		return boolLit(e.Value == ast.True), nil
	case *ast.Null:
		return nullLit(schema.TypeNull), nil
	case *ast.Temporal:
		return b.temporal(e)
	case *ast.Interval:
		return interval(e)
	case *ast.Symbol:
		return symbol(e.Name), nil
	case *ast.Unary:
		return b.unary(c, e)
	case *ast.BinaryExpr:
		return b.binary(c, e)
	case *ast.Logical:
		return b.logical(c, e)
	case *ast.Is:
		return b.is(c, e)
	case *ast.Between:
		return b.between(c, e)
	case *ast.Like:
		return b.like(c, e)
	case *ast.In:
		return b.in(c, e)
	case *ast.Case:
		return b.caseExpr(c, e)
	case *ast.Cast:
		return b.cast(c, e)
	case *ast.Call:
		return b.call(c, e)
	default:
		return b.constructor(c, e)
	}
}

// constructor binds what makes nested values, and reports what does not stand here.
func (b *Binder) constructor(c *ctx, e ast.Expr) (expr.Expr, error) {
	switch e := e.(type) {
	case *ast.RowCtor:
		return b.callBuiltin(c, e, "ROW", e.Elems...)
	case *ast.ArrayCtor:
		return b.callBuiltin(c, e, "ARRAY", e.Elems...)
	case *ast.MapCtor:
		var args []ast.Expr
		for i := range e.Keys {
			args = append(args, e.Keys[i], e.Values[i])
		}
		return b.callBuiltin(c, e, "MAP", args...)
	case *ast.MultisetCtor:
		return b.callBuiltin(c, e, "MULTISET", e.Elems...)
	case *ast.Subquery:
		return b.scalarQuery(c, e)
	case *ast.Exists:
		return nil, unsupported(e, "EXISTS outside of the conditions of WHERE")
	case *ast.Quantified:
		return b.quantified(c, e)
	case *ast.Star:
		return nil, invalid(e, "* cannot stand here")
	case *ast.CollectionQuery:
		return nil, unsupported(e, "a query as a collection")
	case *ast.DefaultArg:
		return nil, unsupported(e, "DEFAULT as an argument")
	case *ast.Descriptor, *ast.TableArg, *ast.ModelArg:
		return nil, invalid(e, "this argument is for table functions only")
	}
	return nil, unsupported(e, "this expression")
}

// columnRef binds a chain of names: table parts, a column, fields inside of it.
func (b *Binder) columnRef(c *ctx, e *ast.ColumnRef) (expr.Expr, error) {
	base, used, err := c.scope.resolve(e)
	if err != nil {
		return nil, err
	}
	if col, ok := base.(*expr.Col); ok && used == 1 {
		b.trace.column(e, c.scope.owner(col.Index), used)
	}
	if base == nil && c.scope.outer != nil {
		if base, used, err = c.scope.outer.resolve(e); err != nil {
			return nil, err
		}
		if base != nil {
			base = expr.Shift(base, 0, outerBase)
		}
	}
	if base == nil {
		if f, ok := b.env.Functions.Lookup(e.Parts[0].Name); ok && len(e.Parts) == 1 && !e.Parts[0].Quoted {
			return nil, notFound(e, e.Parts[0].Name, c.scope.names(), "column `%s` not found in any table", e.Parts[0].Name).
				WithHint("a function is called with parentheses: %s()", f.Name)
		}
		if len(e.Parts) > 1 {
			return nil, noRelation(c, e)
		}
		return nil, notFound(e, e.Parts[0].Name, c.scope.names(), "column `%s` not found in any table", e.Parts[0].Name)
	}
	if col, ok := base.(*expr.Col); ok {
		base = &expr.Col{Index: col.Index, T: col.T}
		b.spans[base.(*expr.Col)] = e.Span //nolint:forcetypeassert // Made above.
	}
	for _, p := range e.Parts[used:] {
		if base, err = b.field(base, p, e); err != nil {
			return nil, err
		}
	}
	return base, nil
}

// noRelation is the error of a.b where a is neither a table nor a column.
func noRelation(c *ctx, e *ast.ColumnRef) error {
	rels := c.scope.relNames()
	err := notFound(e.Parts[0], e.Parts[0].Name, append(slices.Clone(rels), c.scope.names()...), "table or column `%s` not found", e.Parts[0].Name)
	if err.Hint == "" && len(rels) > 0 {
		return err.WithHint("the tables of this query are known as: %s", suggest.Sorted(rels))
	}
	return err
}

// field binds base.name.
func (b *Binder) field(base expr.Expr, name ast.Ident, at ast.Node) (expr.Expr, error) {
	t := base.Type()
	if t.Root == schema.Variant {
		return b.bindCall(at, "ITEM", base, stringLit(name.Name))
	}
	if t.Root != schema.Row && t.Root != schema.Structured {
		return nil, mismatch(name, "`%s` is no field: the value before it is %s, not a ROW", name.Name, t)
	}
	i := t.FieldIndex(name.Name)
	if i < 0 {
		known := make([]string, len(t.Fields))
		for j := range t.Fields {
			known[j] = t.Fields[j].Name
		}
		return nil, notFound(name, name.Name, known, "field `%s` not found in %s", name.Name, t)
	}
	return expr.FieldOf(base, i, pos(at)), nil
}

func (b *Binder) index(c *ctx, e *ast.Index) (expr.Expr, error) {
	base, err := b.expr(c, e.Base)
	if err != nil {
		return nil, err
	}
	i, err := b.expr(c, e.Index)
	if err != nil {
		return nil, err
	}
	if t := base.Type(); t.Root == schema.Row || t.Root == schema.Structured {
		l, ok := i.(*expr.Lit)
		if ok && l.T.IsString() {
			return b.field(base, ast.Ident{Span: e.Index.Range(), Name: l.Value.S}, e)
		}
		if ok && l.T.IsInteger() && l.Value.I >= 1 && l.Value.I <= int64(len(t.Fields)) {
			return b.field(base, ast.Ident{Span: e.Index.Range(), Name: t.Fields[l.Value.I-1].Name}, e)
		}
		return nil, mismatch(e.Index, "a ROW is accessed by a literal: a field's name, or its number from 1 to %d", len(t.Fields))
	}
	return b.bindCall(e, "ITEM", base, i)
}

// exprs binds several expressions.
func (b *Binder) exprs(c *ctx, es []ast.Expr) ([]expr.Expr, error) {
	out := make([]expr.Expr, len(es))
	for i, e := range es {
		x, err := b.expr(c, e)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

// condition binds an expression that must be BOOLEAN.
func (b *Binder) condition(c *ctx, e ast.Expr) (expr.Expr, error) {
	x, err := b.expr(c, e)
	if err != nil {
		return nil, err
	}
	if x.Type().Root == schema.Null {
		return nullLit(schema.TypeBoolean), nil
	}
	if x.Type().Root != schema.Boolean {
		return nil, mismatch(e, "%s needs a condition of type BOOLEAN, found %s", c.clause, x.Type())
	}
	return x, nil
}

// bindCall applies a function to bound arguments.
func (b *Binder) bindCall(at ast.Node, name string, args ...expr.Expr) (expr.Expr, error) {
	e, err := b.env.Functions.Bind(name, args, pos(at))
	if err != nil {
		return nil, callError(at, err)
	}
	e = b.fixed(e)
	// Only a column that is passed on keeps its time attribute (P2); PROCTIME() makes one.
	if t := e.Type(); t.Attr != schema.NotTimeAttr && name != "PROCTIME" {
		if call, ok := e.(*expr.Call); ok {
			n := *call
			n.T = t.WithAttr(schema.NotTimeAttr)
			return &n, nil
		}
	}
	return e, nil
}

// fixed evaluates a function that has one value for the whole query, such as CURRENT_DATABASE.
func (b *Binder) fixed(e expr.Expr) expr.Expr {
	call, ok := e.(*expr.Call)
	if !ok || len(call.Args) > 0 {
		return e
	}
	if f, ok := b.env.Functions.Lookup(call.Fn); !ok || f.Determinism != expr.PerQuery {
		return e
	}
	v, err := expr.EvalConst(b.env.Functions, b.env.Expr, call)
	if err != nil {
		return e
	}
	return &expr.Lit{Value: v, T: call.T}
}

// callError places an error of the registry.
func callError(at ast.Node, err error) error {
	code := errs.CodeOf(err)
	if code == "" {
		code = errs.TypeMismatch
	}
	e := sqlerr.Wrap(code, ranger(at), err)
	if msg, hint, ok := strings.Cut(e.Msg, "; did you mean "); ok && e.Hint == "" {
		c := *e
		c.Msg, c.Hint = msg, "did you mean "+hint
		return &c
	}
	return e
}

// callBuiltin binds arguments and applies a function.
func (b *Binder) callBuiltin(c *ctx, at ast.Node, name string, args ...ast.Expr) (expr.Expr, error) {
	xs, err := b.exprs(c, args)
	if err != nil {
		return nil, err
	}
	return b.bindCall(at, name, xs...)
}

// aggCall is an aggregate that a SELECT collected: its arguments over the input of the aggregation.
type aggCall struct {
	fn       string
	args     []expr.Expr
	lits     []schema.Value
	distinct bool
	filter   expr.Expr
	t        *schema.Type
	digest   string
}

// overCall is an OVER call that a SELECT collected.
type overCall struct {
	call      aggCall
	partition []expr.Expr
	sort      []sortExpr
	at        ast.Node
}

// sortExpr is an expression to order by.
type sortExpr struct {
	e         expr.Expr
	desc      bool
	nullsLast bool
}

// window is the legacy group window of a GROUP BY.
type window struct {
	spec graph.Window
	// time is the time attribute over the input.
	time expr.Expr
	// digest is that of the call's arguments, which the auxiliary functions repeat.
	digest string
	at     ast.Node
}
