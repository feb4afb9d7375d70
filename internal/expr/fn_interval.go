// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"time"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/schema"
)

// inferTemporal types + - * / where an operand is a time or an interval.
func inferTemporal(args []Arg, op arithOp) (Signature, error) {
	a, b := args[0].Type, args[1].Type
	sig := Signature{Args: make([]*schema.Type, 2)}
	nullable := anyNull(args)
	interval := schema.NewDayTimeInterval(schema.UnitDayToSecond, 2, 3)
	if a.Root == schema.Null {
		if b.IsTemporal() {
			sig.Args[0], a = interval, interval
		} else {
			sig.Args[0], a = b, b
		}
	}
	if b.Root == schema.Null {
		if a.IsTemporal() {
			sig.Args[1], b = interval, interval
		} else {
			sig.Args[1], b = a, a
		}
	}
	switch {
	case (op == opAdd || op == opSub) && a.IsTemporal() && b.IsInterval():
		sig.Result = a.WithNull(nullable).WithAttr(schema.NotTimeAttr)
	case op == opAdd && a.IsInterval() && b.IsTemporal():
		sig.Result = b.WithNull(nullable).WithAttr(schema.NotTimeAttr)
	case (op == opAdd || op == opSub) && a.IsInterval() && a.Root == b.Root:
		t, err := schema.CommonType(a, b)
		if err != nil {
			return sig, noFit
		}
		sig.Result = t.WithNull(nullable)
	case (op == opMul || op == opDiv) && a.IsInterval() && b.IsNumeric(), op == opMul && b.IsInterval() && a.IsNumeric():
		sig.Result = a.WithNull(nullable)
		if b.IsInterval() {
			sig.Result = b.WithNull(nullable)
		}
	default:
		return sig, noFit
	}
	return sig, nil
}

// temporalKernel compiles + - * / on times and intervals.
func temporalKernel(call *Call, op arithOp) (Kernel, error) {
	a, b := call.Args[0].Type(), call.Args[1].Type()
	switch {
	case a.IsInterval() && b.IsInterval():
		if a.Root == schema.IntervalYearMonth {
			return plainKernel[int32](op), nil
		}
		return plainKernel[int64](op), nil
	case op == opMul || op == opDiv:
		return scaleInterval(call, op), nil
	case a.IsInterval():
		return swapArgs(shiftTime(b, a, false)), nil
	case b.IsInterval():
		return shiftTime(a, b, op == opSub), nil
	}
	return nil, fmt.Errorf("no kernel for %s of %s and %s", call.Fn, a, b)
}

func swapArgs(k Kernel) Kernel {
	swapped := make([]*batch.Vector, 2)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		swapped[0], swapped[1] = args[1], args[0]
		return k(swapped, rows, out)
	}
}

// scaleInterval multiplies or divides an interval by a number; fractions of the unit are cut off.
func scaleInterval(call *Call, op arithOp) Kernel {
	first := call.Args[0].Type().IsInterval()
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		iv, num := args[0], args[1]
		if !first {
			iv, num = num, iv
		}
		x, y, w := readInts(iv), readFloats(num), writeInts(out, rows.N)
		whole := num.Type().IsInteger()
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			switch {
			case whole && op == opMul:
				w.put(r, x.at(r)*y.at(r))
			case whole:
				if y.at(r) == 0 {
					return &RowError{Row: r, Reason: errZero}
				}
				w.put(r, x.at(r)/y.at(r))
			case op == opMul:
				w.put(r, int64(float64(x.at(r))*y.float(r)))
			default:
				w.put(r, int64(float64(x.at(r))/y.float(r)))
			}
		}
		return nil
	}
}

// shiftTime adds an interval to a time, or subtracts it.
func shiftTime(t, iv *schema.Type, sub bool) Kernel {
	months := iv.Root == schema.IntervalYearMonth
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		d := readInts(args[1])
		sign := int64(1)
		if sub {
			sign = -1
		}
		switch t.Root {
		case schema.Date:
			dst, x := batch.Resize[int32](out, rows.N), fixedArg[int32](args[0])
			for r := range dst {
				if months {
					dst[r] = int32(civil.AddMonths(int64(x.at(r)), sign*d.at(r)))
				} else {
					dst[r] = x.at(r) + int32(sign*(d.at(r)/civil.MillisPerDay))
				}
			}
		case schema.Time:
			dst, x := batch.Resize[int32](out, rows.N), fixedArg[int32](args[0])
			for r := range dst {
				dst[r] = x.at(r)
				if !months {
					dst[r] = int32(civil.FloorMod(int64(x.at(r))+sign*(d.at(r)%civil.MillisPerDay), civil.MillisPerDay))
				}
			}
		default:
			shiftTimestamps(t, args[0], d, months, sign, rows, out)
		}
		return nil
	}
}

func shiftTimestamps(t *schema.Type, v *batch.Vector, d ints, months bool, sign int64, rows Rows, out *batch.Vector) {
	dst, x := batch.Resize[int64](out, rows.N), fixedArg[int64](v)
	unit := int64(1000) // Of the vector in one millisecond.
	if t.Precision <= 3 {
		unit = 1
	}
	switch {
	case !months && d.fix && !v.IsConst():
		by := sign * d.at(0) * unit
		for r, u := range x.v[:len(dst)] {
			dst[r] = u + by
		}
	case !months:
		for r := range dst {
			dst[r] = x.at(r) + sign*d.at(r)*unit
		}
	default:
		day := civil.MillisPerDay * unit
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			u := x.at(r)
			days := civil.FloorDiv(u, day)
			dst[r] = civil.AddMonths(days, sign*d.at(r))*day + u - days*day
		}
	}
	if t.Precision > 6 {
		copyNanos(v, out)
	}
}

// copyNanos gives out the nanosecond parts of v.
func copyNanos(v, out *batch.Vector) {
	dst, src := out.ResizeNanos(), v.Nanos()
	if v.IsConst() {
		for r := range dst {
			dst[r] = src[0]
		}
		return
	}
	copy(dst, src)
}

// location loads the session time zone.
func location(env *Env) (*time.Location, error) {
	if env == nil || env.TimeZone == "" || env.TimeZone == "UTC" {
		return time.UTC, nil
	}
	loc, err := LoadZone(env.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("loading table.local-time-zone: %w", err)
	}
	return loc, nil
}

// decimalOfInt is the unscaled value of an integer at a scale.
func decimalOfInt(x int64, scale, precision int) (decimal.Int, bool) {
	return decimal.Rescale(decimal.FromInt64(x), 0, scale, precision)
}
