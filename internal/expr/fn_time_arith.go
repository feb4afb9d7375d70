// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/text"
	"spate/schema"
)

func timeArithmeticFunctions() []*Function {
	return []*Function{
		{
			Name: "TIMESTAMPADD", Doc: "A time moved by a number of units.", Example: "TIMESTAMPADD(WEEK, 1, DATE '2003-01-02')", Result: "2003-01-09", Category: "temporal",
			Signatures: []string{"TIMESTAMPADD(<ANY>, <INTEGER>, <DATETIME>)"}, Infer: inferTimestampAdd, Rewrite: rewriteTimestampAdd, Compile: notCompiled,
		},
		{
			Name: "TIMESTAMPDIFF", Doc: "How many whole units lie between two times.", Example: "TIMESTAMPDIFF(DAY, TIMESTAMP '2003-01-02 10:00:00', TIMESTAMP '2003-01-03 10:00:00')",
			Result: "1", Category: "temporal", Strict: true, Signatures: []string{"TIMESTAMPDIFF(<ANY>, <DATETIME>, <DATETIME>)"},
			Infer: inferTimestampDiff, Compile: compileTimestampDiff,
		},
		{
			Name: "OVERLAPS", Doc: "Whether two periods overlap; each is a row of its begin and its end or length.",
			Example: "(TIME '2:55:00', INTERVAL '1' HOUR) OVERLAPS (TIME '3:30:00', INTERVAL '2' HOUR)", Result: "TRUE", Category: "temporal", Infix: true,
			Infer: inferOverlaps, Rewrite: rewriteOverlaps, Compile: notCompiled,
		},
	}
}

// unitInterval is the interval of one unit, as months or milliseconds.
func unitInterval(unit string) (months bool, size int64, ok bool) {
	switch unit {
	case "MILLENNIUM":
		return true, 12_000, true
	case "CENTURY":
		return true, 1200, true
	case "DECADE":
		return true, 120, true
	case "YEAR":
		return true, 12, true
	case "QUARTER":
		return true, 3, true
	case "MONTH":
		return true, 1, true
	case "WEEK":
		return false, 7 * civil.MillisPerDay, true
	case "DAY":
		return false, civil.MillisPerDay, true
	case "HOUR":
		return false, civil.MillisPerHour, true
	case "MINUTE":
		return false, civil.MillisPerMinute, true
	case "SECOND":
		return false, civil.MillisPerSecond, true
	case "MILLISECOND":
		return false, 1, true
	}
	return false, 0, false
}

func inferTimestampAdd(args []Arg) (Signature, error) {
	if len(args) != 3 || args[0].Lit == nil || args[0].Type.Root != schema.Symbol {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, 3)}
	if args[1].Type.Root == schema.Null {
		sig.Args[1] = schema.TypeInt
	} else if !args[1].Type.IsInteger() {
		return sig, noFit
	}
	_, size, ok := unitInterval(args[0].Lit.Value.S)
	if !ok {
		return sig, &mismatch{"TIMESTAMPADD does not know the unit " + args[0].Lit.Value.S}
	}
	t := args[2].Type
	switch {
	case t.Root == schema.Null:
		t = schema.NewTimestamp(3)
		sig.Args[2] = t
	case t.IsString():
		t = schema.NewTimestamp(3)
		sig.Args[2] = t
	case !t.IsTemporal():
		return sig, noFit
	}
	if months, _, _ := unitInterval(args[0].Lit.Value.S); t.Root == schema.Date && !months && size < civil.MillisPerDay {
		t = schema.NewTimestamp(schema.DefaultTimestamp)
	}
	sig.Result = t.WithNull(anyNull(args)).WithAttr(schema.NotTimeAttr)
	return sig, nil
}

// rewriteTimestampAdd makes time + count * INTERVAL '1' unit.
func rewriteTimestampAdd(r *Registry, call *Call) (Expr, error) {
	months, size, _ := unitInterval(symbol(call, 0))
	t := schema.NewDayTimeInterval(schema.UnitSecond, 2, 3)
	if months {
		t = schema.NewYearMonthInterval(schema.UnitMonth, 2)
	}
	by, err := r.Bind("*", []Expr{&Lit{Value: schema.IntValue(size), T: t.NotNull()}, call.Args[1]}, call.Pos)
	if err != nil {
		return nil, err
	}
	at := call.Args[2]
	if at.Type().Root != call.T.Root || at.Type().Precision != call.T.Precision {
		if at, err = implicit(at, call.T, call.Pos); err != nil {
			return nil, err
		}
	}
	return r.Bind("+", []Expr{at, by}, call.Pos)
}

func inferTimestampDiff(args []Arg) (Signature, error) {
	if len(args) != 3 || args[0].Lit == nil || args[0].Type.Root != schema.Symbol {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, 3), Result: schema.TypeInt.WithNull(anyNull(args))}
	if _, _, ok := unitInterval(args[0].Lit.Value.S); !ok {
		return sig, &mismatch{"TIMESTAMPDIFF does not know the unit " + args[0].Lit.Value.S}
	}
	for i := 1; i <= 2; i++ {
		t := args[i].Type
		switch {
		case t.Root == schema.Null:
			sig.Args[i] = args[3-i].Type
			if sig.Args[i].Root == schema.Null {
				sig.Args[i] = schema.NewTimestamp(3)
			}
		case t.IsString():
			sig.Args[i] = schema.NewTimestamp(3)
		case !t.IsTemporal():
			return sig, noFit
		}
	}
	a, b := args[1].Type.Root, args[2].Type.Root
	if (a == schema.TimestampLTZ) != (b == schema.TimestampLTZ) && a != schema.Null && b != schema.Null {
		return sig, errors.New("TIMESTAMP_LTZ only supports diff between the same type.") //nolint:staticcheck,revive // Flink's text.
	}
	return sig, nil
}

// timeMillis reads a time point as milliseconds; TIME counts from 1970-01-01.
func timeMillis(v *batch.Vector, r int) int64 {
	r = constIndex(v, r)
	switch v.Type().Root {
	case schema.Date:
		return int64(batch.Values[int32](v)[r]) * civil.MillisPerDay
	case schema.Time:
		return int64(batch.Values[int32](v)[r])
	default:
		us, _ := text.Micros(v, r)
		return civil.FloorDiv(us, 1000)
	}
}

func compileTimestampDiff(call *Call, _ *Env) (Kernel, error) {
	months, size, _ := unitInterval(symbol(call, 0))
	return intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
		if args[1].IsNull(r) || args[2].IsNull(r) {
			return 0, true
		}
		from, to := timeMillis(args[1], r), timeMillis(args[2], r)
		if months {
			return int32(monthsBetween(to, from) / size), true
		}
		return int32((to - from) / size), true
	}), nil
}

// monthsBetween counts whole months between two times in milliseconds.
func monthsBetween(to, from int64) int64 {
	if to < from {
		return -monthsBetween(from, to)
	}
	const day = civil.MillisPerDay
	d0, d1 := civil.FloorDiv(to, day), civil.FloorDiv(from, day)
	n := civil.MonthsBetween(d0, d1)
	// The day counts only when the time of day has been reached.
	if n > 0 && civil.AddMonths(d1, n) == d0 && to-d0*day < from-d1*day {
		n--
	}
	return n
}

func inferOverlaps(args []Arg) (Signature, error) {
	sig := Signature{Args: make([]*schema.Type, len(args))}
	if len(args) != 2 {
		return sig, noFit
	}
	for _, a := range args {
		if a.Type.Root != schema.Row || len(a.Type.Fields) != 2 || !a.Type.Fields[0].Type.IsTemporal() {
			return sig, noFit
		}
	}
	sig.Result = schema.TypeBoolean.WithNull(true)
	return sig, nil
}

// rewriteOverlaps makes end1 >= start2 AND end2 >= start1, with the ends of each period put in order.
func rewriteOverlaps(r *Registry, call *Call) (Expr, error) {
	var bounds [2][2]Expr
	for i, a := range call.Args {
		start, end := rowField(a, 0, call.Pos), rowField(a, 1, call.Pos)
		if end.Type().IsInterval() {
			var err error
			if end, err = r.Bind("+", []Expr{start, end}, call.Pos); err != nil {
				return nil, err
			}
		}
		order, err := r.Bind("<=", []Expr{start, end}, call.Pos)
		if err != nil {
			return nil, err
		}
		lo, err := r.Bind("CASE", []Expr{order, start, end}, call.Pos)
		if err != nil {
			return nil, err
		}
		hi, err := r.Bind("CASE", []Expr{order, end, start}, call.Pos)
		if err != nil {
			return nil, err
		}
		bounds[i] = [2]Expr{lo, hi}
	}
	first, err := r.Bind(">=", []Expr{bounds[0][1], bounds[1][0]}, call.Pos)
	if err != nil {
		return nil, err
	}
	second, err := r.Bind(">=", []Expr{bounds[1][1], bounds[0][0]}, call.Pos)
	if err != nil {
		return nil, err
	}
	return r.Bind("AND", []Expr{first, second}, call.Pos)
}

// rowField is field i of a row, without the row when it was just made.
func rowField(e Expr, i int, pos Pos) Expr {
	if c, ok := e.(*Call); ok && c.Fn == "ROW" {
		return c.Args[i]
	}
	return FieldOf(e, i, pos)
}
