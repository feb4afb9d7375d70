// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/civil"
	"spate/schema"
)

// extractUnits are the units of EXTRACT by all their names.
var extractUnits = map[string]string{
	"MILLENNIUM": "MILLENNIUM", "CENTURY": "CENTURY", "DECADE": "DECADE", "YEAR": "YEAR", "ISOYEAR": "ISOYEAR", "QUARTER": "QUARTER", "MONTH": "MONTH",
	"WEEK": "WEEK", "DAY": "DAY", "DOW": "DOW", "DAYOFWEEK": "DOW", "ISODOW": "ISODOW", "ISODAYOFWEEK": "ISODOW", "DOY": "DOY", "DAYOFYEAR": "DOY",
	"DAYOFMONTH": "DAY", "HOUR": "HOUR", "MINUTE": "MINUTE", "SECOND": "SECOND", "MILLISECOND": "MILLISECOND", "MICROSECOND": "MICROSECOND",
	"NANOSECOND": "NANOSECOND", "EPOCH": "EPOCH",
}

func extractFunctions() []*Function {
	fs := []*Function{{
		Name: "EXTRACT", Doc: "A part of a time or an interval: YEAR, QUARTER, MONTH, WEEK, DAY, DOY, DOW, HOUR, MINUTE, SECOND, EPOCH and more.",
		Example: "EXTRACT(DAY FROM DATE '2006-06-05')", Result: "5", Category: "temporal", Strict: true, Cheap: true, Infer: inferExtract, Compile: compileExtract,
		Signatures: []string{"EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)", "EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)"},
	}}
	for _, x := range []struct{ name, unit, doc, example, result string }{
		{"YEAR", "YEAR", "The year.", "YEAR(DATE '1994-09-27')", "1994"},
		{"QUARTER", "QUARTER", "The quarter of the year, 1 to 4.", "QUARTER(DATE '1994-09-27')", "3"},
		{"MONTH", "MONTH", "The month, 1 to 12.", "MONTH(DATE '1994-09-27')", "9"},
		{"WEEK", "WEEK", "The week of the year by ISO 8601.", "WEEK(DATE '1994-09-27')", "39"},
		{"DAYOFYEAR", "DOY", "The day of the year, 1 to 366.", "DAYOFYEAR(DATE '1994-09-27')", "270"},
		{"DAYOFMONTH", "DAY", "The day of the month, 1 to 31.", "DAYOFMONTH(DATE '1994-09-27')", "27"},
		{"DAYOFWEEK", "DOW", "The day of the week, 1 for Sunday to 7.", "DAYOFWEEK(DATE '1994-09-27')", "3"},
		{"HOUR", "HOUR", "The hour, 0 to 23.", "HOUR(TIMESTAMP '1994-09-27 13:14:15')", "13"},
		{"MINUTE", "MINUTE", "The minute, 0 to 59.", "MINUTE(TIMESTAMP '1994-09-27 13:14:15')", "14"},
		{"SECOND", "SECOND", "The second, 0 to 59.", "SECOND(TIMESTAMP '1994-09-27 13:14:15')", "15"},
	} {
		fs = append(fs, &Function{
			Name: x.name, Doc: x.doc, Example: x.example, Result: x.result, Category: "temporal", Signatures: []string{x.name + "(<DATETIME>)"},
			Infer: func(args []Arg) (Signature, error) {
				if len(args) != 1 {
					return Signature{}, noFit
				}
				sig, err := inferExtract([]Arg{{Type: schema.New(schema.Symbol), Lit: SymbolLit(x.unit)}, args[0]})
				if err == nil {
					sig.Args = sig.Args[1:]
				}
				return sig, err
			},
			Rewrite: func(r *Registry, call *Call) (Expr, error) {
				return r.Bind("EXTRACT", []Expr{SymbolLit(x.unit), call.Args[0]}, call.Pos)
			},
			Compile: notCompiled,
		})
	}
	return fs
}

func inferExtract(args []Arg) (Signature, error) {
	if len(args) != 2 || args[0].Lit == nil || args[0].Type.Root != schema.Symbol {
		return Signature{}, noFit
	}
	unit, ok := extractUnits[args[0].Lit.Value.S]
	if !ok {
		return Signature{}, &mismatch{"EXTRACT does not know the unit " + args[0].Lit.Value.S}
	}
	sig := Signature{Args: make([]*schema.Type, 2), Result: schema.TypeBigInt.WithNull(args[1].Type.Nullable)}
	t := args[1].Type
	switch {
	case t.Root == schema.Null:
		sig.Args[1] = schema.NewTimestamp(3)
	case t.Root == schema.Time:
		switch unit {
		case "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "NANOSECOND", "EPOCH":
		default:
			return sig, &mismatch{"TIME has no " + unit}
		}
	case t.IsTemporal(), t.IsInterval():
	case t.IsString():
		sig.Args[1] = schema.NewTimestamp(6)
	default:
		return sig, noFit
	}
	return sig, nil
}

func compileExtract(call *Call, env *Env) (Kernel, error) {
	unit := extractUnits[symbol(call, 0)]
	t := call.Args[1].Type()
	if t.IsInterval() {
		return extractInterval(unit, t), nil
	}
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	clk := newClock(loc)
	if t.Root == schema.TimestampLTZ && clk.utc || t.Root == schema.Timestamp {
		if k := extractFast(unit, t); k != nil {
			return k, nil
		}
	}
	c := &cast{from: t, clock: clk}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int64](out, rows.N)
		v := args[1]
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			if v.IsNull(r) {
				continue
			}
			us, ns := c.wallMicros(v, r)
			dst[r] = extractPart(unit, us, ns)
		}
		return nil
	}, nil
}

// extractFast has loops for the parts of the time of day, which come from the milliseconds alone.
func extractFast(unit string, t *schema.Type) Kernel {
	if t.Precision > 3 {
		return nil
	}
	switch unit {
	case "HOUR":
		return millisKernel(func(dst, v []int64) {
			for i, x := range v {
				dst[i] = civil.FloorMod(x, civil.MillisPerDay) / civil.MillisPerHour
			}
		})
	case "MINUTE":
		return millisKernel(func(dst, v []int64) {
			for i, x := range v {
				dst[i] = civil.FloorMod(x, civil.MillisPerHour) / civil.MillisPerMinute
			}
		})
	case "SECOND":
		return millisKernel(func(dst, v []int64) {
			for i, x := range v {
				dst[i] = civil.FloorMod(x, civil.MillisPerMinute) / civil.MillisPerSecond
			}
		})
	}
	return nil
}

// millisKernel runs a loop over all rows.
func millisKernel(loop func(dst, v []int64)) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int64](out, rows.N)
		v := batch.Values[int64](args[1])
		loop(dst[:len(v)], v)
		return nil
	}
}

// extractPart takes a part of a wall clock.
func extractPart(unit string, us int64, ns int16) int64 {
	days := civil.FloorDiv(us, civil.MicrosPerDay)
	rest := us - days*civil.MicrosPerDay
	switch unit {
	case "HOUR":
		return rest / 3_600_000_000
	case "MINUTE":
		return rest / 60_000_000 % 60
	case "SECOND":
		return rest / 1_000_000 % 60
	case "MILLISECOND":
		return rest / 1000 % 1000
	case "MICROSECOND":
		return rest % 1_000_000
	case "NANOSECOND":
		return rest%1_000_000*1000 + int64(ns)
	case "EPOCH":
		return civil.FloorDiv(us, 1_000_000)
	case "DOW":
		return int64(civil.Weekday(days)%7) + 1
	case "ISODOW":
		return int64(civil.Weekday(days))
	case "DOY":
		return int64(civil.YearDay(days))
	case "WEEK":
		_, w := civil.ISOWeek(days)
		return int64(w)
	case "ISOYEAR":
		y, _ := civil.ISOWeek(days)
		return int64(y)
	}
	y, m, d := civil.Date(days)
	return datePart(unit, int64(y), int64(m), int64(d))
}

func datePart(unit string, y, m, d int64) int64 {
	switch unit {
	case "YEAR":
		return y
	case "QUARTER":
		return (m + 2) / 3
	case "MONTH":
		return m
	case "DAY":
		return d
	case "DECADE":
		return y / 10
	case "CENTURY":
		if y > 0 {
			return (y + 99) / 100
		}
		return (y - 99) / 100
	case "MILLENNIUM":
		if y > 0 {
			return (y + 999) / 1000
		}
		return (y - 999) / 1000
	}
	panic("BUG: unit " + unit)
}

func extractInterval(unit string, t *schema.Type) Kernel {
	months := t.Root == schema.IntervalYearMonth
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst, x := batch.Resize[int64](out, rows.N), readInts(args[1])
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			v := x.at(r)
			switch unit {
			case "MILLENNIUM":
				v /= 12_000
			case "CENTURY":
				v /= 1200
			case "DECADE":
				v /= 120
			case "YEAR":
				v /= 12
			case "QUARTER":
				v = v%12/3 + 1
			case "MONTH":
				v %= 12
			case "DAY":
				v /= civil.MillisPerDay
			case "HOUR":
				v = v % civil.MillisPerDay / civil.MillisPerHour
			case "MINUTE":
				v = v % civil.MillisPerHour / civil.MillisPerMinute
			case "SECOND":
				v = v % civil.MillisPerMinute / civil.MillisPerSecond
			case "MILLISECOND":
				v %= civil.MillisPerSecond
			case "MICROSECOND":
				v = v % civil.MillisPerSecond * 1000
			case "NANOSECOND":
				v = v % civil.MillisPerSecond * 1_000_000
			case "EPOCH":
				if months {
					v = v * 30 * 86400
				} else {
					v /= 1000
				}
			}
			dst[r] = v
		}
		return nil
	}
}
