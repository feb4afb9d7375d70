// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"errors"
	"math"
	"testing"

	"spate/batch"
	"spate/internal/expr"
	"spate/internal/sys/errs"
	"spate/schema"
)

var reg = expr.Builtins()

func col(i int, t *schema.Type) expr.Expr { return &expr.Col{Index: i, T: t} }

func intLit(v int64) expr.Expr {
	return &expr.Lit{Value: schema.IntValue(v), T: schema.TypeInt.NotNull()}
}

func strLit(s string) expr.Expr {
	return &expr.Lit{Value: schema.StringValue(s), T: schema.NewVarchar(max(1, len(s))).NotNull()}
}

func call(tb testing.TB, fn string, args ...expr.Expr) expr.Expr {
	tb.Helper()
	e, err := reg.Bind(fn, args, expr.Pos{Line: 1, Col: 2})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// ints makes a batch of INT columns; math.MinInt32 is NULL.
const null = math.MinInt32

func ints(cols ...[]int32) *batch.Batch {
	types := make([]*schema.Type, len(cols))
	for i := range types {
		types[i] = schema.TypeInt
	}
	b := batch.New(types)
	for i, c := range cols {
		for _, x := range c {
			if x == null {
				b.Own(i).AppendNull()
			} else {
				batch.Append(b.Own(i), x)
			}
		}
	}
	b.SetLen(len(cols[0]))
	return b
}

func compile(tb testing.TB, b *batch.Batch, es ...expr.Expr) *expr.Program {
	tb.Helper()
	types := make([]*schema.Type, b.NumCols())
	for i := range types {
		types[i] = b.Col(i).Type()
	}
	p, err := expr.Compile(reg, &expr.Env{}, es, types)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func eval(tb testing.TB, p *expr.Program, i int, b *batch.Batch) []schema.Value {
	tb.Helper()
	out := batch.NewVector(p.Expr(i).Type())
	rows := expr.RowsOf(b)
	if err := p.Eval(i, b, rows, out); err != nil {
		tb.Fatal(err)
	}
	if out.Len() != b.Len() {
		tb.Fatalf("%d rows of %d", out.Len(), b.Len())
	}
	var vs []schema.Value
	for k := range rows.Count() {
		vs = append(vs, out.Value(rows.At(k)))
	}
	return vs
}

func want(tb testing.TB, got []schema.Value, want ...int64) {
	tb.Helper()
	if len(got) != len(want) {
		tb.Fatalf("%d values, want %d", len(got), len(want))
	}
	for i, v := range got {
		if v.Null != (want[i] == null) || !v.Null && v.I != want[i] {
			tb.Fatalf("value %d is %+v, want %d", i, v, want[i])
		}
	}
}

func TestArithmeticAndNulls(t *testing.T) {
	b := ints([]int32{1, null, 3, math.MaxInt32}, []int32{10, 20, null, 2})
	i := schema.TypeInt
	p := compile(t, b, call(t, "+", col(0, i), col(1, i)), call(t, "*", col(0, i), intLit(3)), call(t, "MOD", col(1, i), intLit(7)))
	want(t, eval(t, p, 0, b), 11, null, null, math.MinInt32+1)
	want(t, eval(t, p, 1, b), 3, null, 9, math.MaxInt32-2)
	want(t, eval(t, p, 2, b), 3, 6, null, 2)
}

func TestNarrowingGuardsDivision(t *testing.T) {
	i := schema.TypeInt
	b := ints([]int32{10, 20, 30, null}, []int32{2, 0, null, 0})
	div := call(t, "/", col(0, i), col(1, i))
	guard := call(t, "<>", col(1, i), intLit(0))
	cases := []struct {
		e    expr.Expr
		want []int64
	}{
		{call(t, "CASE", guard, div, intLit(-1)), []int64{5, -1, -1, -1}},
		{call(t, "IF", guard, div, intLit(-1)), []int64{5, -1, -1, -1}},
		{call(t, "AND", guard, call(t, "=", div, intLit(5))), []int64{1, 0, null, 0}},
		{call(t, "OR", call(t, "=", col(1, i), intLit(0)), call(t, "=", div, intLit(5))), []int64{1, 1, null, 1}},
		{call(t, "COALESCE", call(t, "NULLIF", col(1, i), intLit(0)), intLit(7)), []int64{2, 7, 7, 7}},
	}
	for _, c := range cases {
		p := compile(t, b, c.e)
		want(t, eval(t, p, 0, b), c.want...)
	}
	// Without a guard the row is named.
	p := compile(t, b, div)
	err := p.Eval(0, b, expr.RowsOf(b), batch.NewVector(i))
	var ee *expr.EvalError
	if !errors.As(err, &ee) || ee.Row != 1 || ee.Pos.Line != 1 || !errors.Is(err, errs.EvaluationFailed) {
		t.Fatalf("error %#v", err)
	}
	// Rows outside of the selection do not count.
	b.SetSel([]int32{0, 2})
	want(t, eval(t, p, 0, b), 5, null)
}

func TestSharedExpressionIsNotEvaluatedTooWide(t *testing.T) {
	i := schema.TypeInt
	b := ints([]int32{10, 20}, []int32{0, 2})
	div := call(t, "/", col(0, i), col(1, i))
	cond := call(t, "CASE", call(t, "<>", col(1, i), intLit(0)), call(t, ">", div, intLit(1)), &expr.Lit{T: schema.TypeBoolean.NotNull()})
	p := compile(t, b, cond, div)
	p.Begin(b)
	sel, err := p.Filter(0, b, nil)
	if err != nil || len(sel) != 1 || sel[0] != 1 {
		t.Fatalf("filter gives %v, %v", sel, err)
	}
	out := batch.NewVector(i)
	if err := p.Eval(1, b, expr.Rows{N: 2, Sel: sel}, out); err != nil || out.Value(1).I != 10 {
		t.Fatalf("value %v, %v", out.Value(1), err)
	}
}

func TestCoalesceOfOneBranch(t *testing.T) {
	i := schema.TypeInt
	b := ints([]int32{null, null}, []int32{5, 6})
	p := compile(t, b, call(t, "COALESCE", col(0, i), intLit(1)), call(t, "COALESCE", col(0, i), col(1, i)))
	want(t, eval(t, p, 0, b), 1, 1)
	want(t, eval(t, p, 1, b), 5, 6)
}

func TestStringsThroughCase(t *testing.T) {
	b := ints([]int32{1, 2, 3, null})
	i := schema.TypeInt
	e := call(t, "CASE",
		call(t, "=", col(0, i), intLit(1)), strLit("one"),
		call(t, "=", col(0, i), intLit(2)), &expr.Lit{Value: schema.NullValue, T: schema.TypeString},
		strLit("many"))
	p := compile(t, b, e)
	got := eval(t, p, 0, b)
	for k, w := range []string{"one", "", "many", "many"} {
		if got[k].S != w || got[k].Null != (k == 1) {
			t.Errorf("row %d is %+v, want %q", k, got[k], w)
		}
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	n := 1000
	x := make([]int32, n)
	for k := range x {
		x[k] = int32(k % 10)
	}
	b := ints(x, x)
	i := schema.TypeInt
	dec := &expr.Lit{Value: schema.IntValue(908), T: schema.NewDecimal(3, 3).NotNull()}
	es := []expr.Expr{
		call(t, "AND", call(t, ">", col(0, i), intLit(2)), call(t, "<", call(t, "MOD", col(0, i), col(1, i)), intLit(5))),
		call(t, "*", dec, col(0, i)),
		call(t, "CASE", call(t, "=", col(0, i), intLit(3)), strLit("a"), strLit("bb")),
		call(t, "COALESCE", call(t, "NULLIF", col(0, i), intLit(4)), col(1, i)),
		call(t, "/", col(0, i), call(t, "+", col(1, i), intLit(1))),
	}
	p := compile(t, b, es...)
	outs := make([]*batch.Vector, len(es))
	for k := range outs {
		outs[k] = batch.NewVector(es[k].Type())
	}
	sel := make([]int32, n)
	run := func() {
		p.Begin(b)
		s, err := p.Filter(0, b, sel)
		if err != nil {
			t.Fatal(err)
		}
		for k := 1; k < len(es); k++ {
			if err := p.Eval(k, b, expr.Rows{N: n, Sel: s}, outs[k]); err != nil {
				t.Fatal(err)
			}
		}
	}
	run()
	if a := testing.AllocsPerRun(50, run); a != 0 {
		t.Errorf("%v allocations a batch", a)
	}
}

func TestFold(t *testing.T) {
	i := schema.TypeInt
	for _, c := range []struct {
		e    expr.Expr
		want string
	}{
		{call(t, "+", intLit(1), intLit(2)), "3"},
		{call(t, "AND", call(t, "=", intLit(1), intLit(1)), call(t, ">", col(0, i), intLit(0))), "$0 > 0"},
		{call(t, "OR", call(t, "=", intLit(1), intLit(1)), call(t, ">", col(0, i), intLit(0))), "TRUE"},
		{call(t, "CASE", call(t, "=", intLit(1), intLit(2)), col(0, i), col(1, i)), "$1"},
		{call(t, "IS NULL", col(0, i.NotNull())), "FALSE"},
		{call(t, "/", intLit(1), call(t, "-", intLit(1), intLit(1))), "1 / 0"},
		{call(t, "COALESCE", &expr.Lit{Value: schema.NullValue, T: i}, col(1, i)), "$1"},
	} {
		got, err := expr.Fold(reg, &expr.Env{}, c.e)
		if err != nil {
			t.Fatal(err)
		}
		if s := expr.Format(got, nil); s != c.want {
			t.Errorf("%s folds to %s, want %s", c.e, s, c.want)
		}
	}
	ev := call(t, "CASE", call(t, "=", col(0, i), intLit(0)), col(1, i), call(t, "=", col(0, i), intLit(1)), col(2, i), col(3, i))
	got, err := expr.Simplify(reg, &expr.Env{}, ev, map[int]*expr.Lit{0: {Value: schema.IntValue(2), T: i}})
	if err != nil || expr.Format(got, nil) != "$3" {
		t.Errorf("simplifies to %v, %v", got, err)
	}
}

func TestEncoding(t *testing.T) {
	i := schema.TypeInt
	for _, e := range []expr.Expr{
		nil,
		col(3, schema.NewDecimal(20, 2)),
		&expr.Lit{Value: schema.FloatValue(math.Inf(-1)), T: schema.TypeDouble},
		&expr.Lit{Value: schema.FloatValue(math.NaN()), T: schema.TypeDouble},
		&expr.Lit{Value: schema.FloatValue(math.Copysign(0, -1)), T: schema.TypeDouble},
		&expr.Lit{Value: schema.StringValue("a\xff\x00b"), T: schema.TypeBytes},
		&expr.Lit{Value: schema.NullValue, T: schema.TypeString},
		expr.SymbolLit("YEAR"),
		call(t, "CASE", call(t, "=", col(0, i), intLit(0)), col(1, i), intLit(math.MaxInt32)),
	} {
		b, err := expr.MarshalExpr(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := expr.UnmarshalExpr(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !expr.Equal(e, back) {
			t.Errorf("%v comes back as %v from %s", e, back, b)
		}
	}
}

func TestMessages(t *testing.T) {
	_, err := reg.Bind("COALESC", nil, expr.Pos{})
	if err == nil || !errors.Is(err, errs.ObjectNotFound) {
		t.Errorf("unknown function gives %v", err)
	}
	_, err = reg.Bind("=", []expr.Expr{col(0, schema.TypeString), intLit(1)}, expr.Pos{})
	if err == nil || !errors.Is(err, errs.TypeMismatch) {
		t.Errorf("mismatch gives %v", err)
	}
}
