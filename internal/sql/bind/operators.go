// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/schema"
)

// binaryOps are the operators that are functions of the registry.
var binaryOps = map[ast.BinaryOp]string{
	ast.OpEq: "=", ast.OpNe: "<>", ast.OpLt: "<", ast.OpLe: "<=", ast.OpGt: ">", ast.OpGe: ">=",
	ast.OpIsDistinct: "IS DISTINCT FROM", ast.OpIsNotDistinct: "IS NOT DISTINCT FROM",
	ast.OpAdd: "+", ast.OpSub: "-", ast.OpMul: "*", ast.OpDiv: "/", ast.OpMod: "%", ast.OpConcat: "||",
	ast.OpOverlaps: "OVERLAPS",
}

func (b *Binder) unary(c *ctx, e *ast.Unary) (expr.Expr, error) {
	if n, ok := e.X.(*ast.Number); ok && e.Op == ast.OpNeg {
		return number(n, true)
	}
	x, err := b.expr(c, e.X)
	if err != nil {
		return nil, err
	}
	switch e.Op {
	case ast.OpNot:
		return b.bindCall(e, "NOT", x)
	case ast.OpNeg:
		return b.bindCall(e, "NEGATE", x)
	case ast.OpPlus:
		if !x.Type().IsNumeric() && !x.Type().IsInterval() {
			return nil, mismatch(e, "the sign + needs a number or an interval, found %s", x.Type())
		}
		return x, nil
	}
	return nil, unsupported(e, "this operator")
}

func (b *Binder) binary(c *ctx, e *ast.BinaryExpr) (expr.Expr, error) {
	// Chains are left-deep and may be long: walk down first, bind on the way up.
	chain := []*ast.BinaryExpr{e}
	for {
		l, ok := chain[len(chain)-1].Left.(*ast.BinaryExpr)
		if !ok {
			break
		}
		chain = append(chain, l)
	}
	left, err := b.expr(c, chain[len(chain)-1].Left)
	if err != nil {
		return nil, err
	}
	for _, op := range slices.Backward(chain) {
		name, ok := binaryOps[op.Op]
		if !ok {
			return nil, unsupported(op.OpSpan, "this operator")
		}
		right, err := b.expr(c, op.Right)
		if err != nil {
			return nil, err
		}
		if left, err = b.compare(op, name, left, right); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// compare applies a binary operator; rows are compared field by field.
func (b *Binder) compare(at ast.Node, name string, left, right expr.Expr) (expr.Expr, error) {
	lc, lok := left.(*expr.Call)
	rc, rok := right.(*expr.Call)
	if lok && rok && lc.Fn == "ROW" && rc.Fn == "ROW" && (name == "=" || name == "<>") {
		if len(lc.Args) != len(rc.Args) {
			return nil, mismatch(at, "rows of %d and %d columns cannot be compared", len(lc.Args), len(rc.Args))
		}
		var parts []expr.Expr
		for i := range lc.Args {
			p, err := b.bindCall(at, name, lc.Args[i], rc.Args[i])
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		if name == "=" {
			return expr.And(parts...), nil
		}
		return expr.Or(parts...), nil
	}
	return b.bindCall(at, name, left, right)
}

func (b *Binder) logical(c *ctx, e *ast.Logical) (expr.Expr, error) {
	xs, err := b.exprs(c, e.Operands)
	if err != nil {
		return nil, err
	}
	name := "AND"
	if e.Or {
		name = "OR"
	}
	return b.bindCall(e, name, xs...)
}

// isTests are the names of tests with and without NOT.
var isTests = map[ast.IsTest]string{
	ast.IsNull: "NULL", ast.IsTrue: "TRUE", ast.IsFalse: "FALSE", ast.IsUnknown: "UNKNOWN", ast.IsJSON: "JSON",
	ast.IsJSONValue: "JSON VALUE", ast.IsJSONObject: "JSON OBJECT", ast.IsJSONArray: "JSON ARRAY", ast.IsJSONScalar: "JSON SCALAR",
	ast.IsASet: "A SET", ast.IsEmpty: "EMPTY",
}

func (b *Binder) is(c *ctx, e *ast.Is) (expr.Expr, error) {
	name := "IS "
	if e.Not {
		name = "IS NOT "
	}
	return b.callBuiltin(c, e, name+isTests[e.Test], e.X)
}

func (b *Binder) between(c *ctx, e *ast.Between) (expr.Expr, error) {
	xs, err := b.exprs(c, []ast.Expr{e.X, e.Low, e.High})
	if err != nil {
		return nil, err
	}
	within := func(low, high expr.Expr) (expr.Expr, error) {
		first, err := b.bindCall(e, ">=", xs[0], low)
		if err != nil {
			return nil, err
		}
		second, err := b.bindCall(e, "<=", xs[0], high)
		if err != nil {
			return nil, err
		}
		return b.bindCall(e, "AND", first, second)
	}
	r, err := within(xs[1], xs[2])
	if err == nil && e.Symmetric {
		var s expr.Expr
		if s, err = within(xs[2], xs[1]); err == nil {
			r, err = b.bindCall(e, "OR", r, s)
		}
	}
	if err == nil && e.Not {
		r, err = b.bindCall(e, "NOT", r)
	}
	return r, err
}

func (b *Binder) like(c *ctx, e *ast.Like) (expr.Expr, error) {
	args := []ast.Expr{e.X, e.Pattern}
	if e.Escape != nil {
		args = append(args, e.Escape)
	}
	name := [...]string{ast.OpLike: "LIKE", ast.OpILike: "ILIKE", ast.OpSimilarTo: "SIMILAR TO", ast.OpRLike: "RLIKE"}[e.Op]
	x, err := b.callBuiltin(c, e, name, args...)
	if err == nil && e.Not {
		x, err = b.bindCall(e, "NOT", x)
	}
	return x, err
}

// in binds x IN (list). A list of literals stays a list; others become comparisons.
func (b *Binder) in(c *ctx, e *ast.In) (expr.Expr, error) {
	if e.Query != nil {
		return nil, unsupported(e, "IN with a query outside of the conditions of WHERE")
	}
	x, err := b.expr(c, e.X)
	if err != nil {
		return nil, err
	}
	list, err := b.exprs(c, e.List)
	if err != nil {
		return nil, err
	}
	r, err := b.inList(e, x, list)
	if err == nil && e.Not {
		r, err = b.bindCall(e, "NOT", r)
	}
	return r, err
}

func (b *Binder) inList(e *ast.In, x expr.Expr, list []expr.Expr) (expr.Expr, error) {
	types := []*schema.Type{x.Type()}
	literal := true
	for _, v := range list {
		types = append(types, v.Type())
		l, ok := b.fold(v).(*expr.Lit)
		literal = literal && ok && !l.Value.Null
	}
	common, err := schema.CommonType(types...)
	if literal && err == nil && common.Root != schema.Row && len(list) > 1 {
		value, err := castTo(e.X, x, common.WithNull(x.Type().Nullable))
		if err != nil {
			return nil, err
		}
		args := []expr.Expr{value}
		for i, v := range list {
			if v, err = castTo(e.List[i], v, common.NotNull()); err != nil {
				return nil, err
			}
			l, ok := b.fold(v).(*expr.Lit)
			if !ok || l.Value.Null {
				return nil, mismatch(e.List[i], "this value of IN does not have the type %s", common)
			}
			args = append(args, &expr.Lit{Value: l.Value, T: common.NotNull()})
		}
		return b.bindCall(e, "IN", args...)
	}
	var alternatives []expr.Expr
	for i, v := range list {
		eq, err := b.compare(e.List[i], "=", x, v)
		if err != nil {
			return nil, err
		}
		alternatives = append(alternatives, eq)
	}
	if len(alternatives) == 1 {
		return alternatives[0], nil
	}
	return b.bindCall(e, "OR", alternatives...)
}

// quantified binds x op ANY|ALL (list).
func (b *Binder) quantified(c *ctx, e *ast.Quantified) (expr.Expr, error) {
	if e.Query != nil {
		return nil, unsupported(e, "ANY, SOME and ALL with a query")
	}
	left, err := b.expr(c, e.Left)
	if err != nil {
		return nil, err
	}
	list, err := b.exprs(c, e.List)
	if err != nil {
		return nil, err
	}
	var parts []expr.Expr
	for i, v := range list {
		p, err := b.compare(e.List[i], binaryOps[e.Op], left, v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	switch {
	case len(parts) == 1:
		return parts[0], nil
	case e.All:
		return b.bindCall(e, "AND", parts...)
	default:
		return b.bindCall(e, "OR", parts...)
	}
}

func (b *Binder) caseExpr(c *ctx, e *ast.Case) (expr.Expr, error) {
	var operand expr.Expr
	var err error
	if e.Operand != nil {
		if operand, err = b.expr(c, e.Operand); err != nil {
			return nil, err
		}
	}
	var args []expr.Expr
	for _, w := range e.Whens {
		var conds []expr.Expr
		for _, x := range w.Conds {
			var cond expr.Expr
			if operand == nil {
				cond, err = b.condition(&ctx{scope: c.scope, clause: "WHEN", sel: c.sel, subs: c.subs, noAgg: c.noAgg, inOver: c.inOver}, x)
			} else if cond, err = b.expr(c, x); err == nil {
				cond, err = b.bindCall(x, "=", operand, cond)
			}
			if err != nil {
				return nil, err
			}
			conds = append(conds, cond)
		}
		result, err := b.expr(c, w.Result)
		if err != nil {
			return nil, err
		}
		args = append(args, expr.Or(conds...), result)
	}
	last := expr.Expr(nullLit(schema.TypeNull))
	if e.Else != nil {
		if last, err = b.expr(c, e.Else); err != nil {
			return nil, err
		}
	}
	return b.bindCall(e, "CASE", append(args, last)...)
}

func (b *Binder) cast(c *ctx, e *ast.Cast) (expr.Expr, error) {
	x, err := b.expr(c, e.X)
	if err != nil {
		return nil, err
	}
	t, err := Type(e.Type)
	if err != nil {
		return nil, err
	}
	r, err := expr.Cast(x, t.WithNull(t.Nullable && x.Type().Nullable || e.Try), e.Try)
	if err != nil {
		return nil, callError(e, err)
	}
	if call, ok := r.(*expr.Call); ok && call.Pos == (expr.Pos{}) {
		n := *call
		n.Pos = pos(e)
		r = &n
	}
	return r, nil
}
