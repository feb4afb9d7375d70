// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/text"
	"spate/schema"
)

// stepMicros gives the length of the units that divide time evenly; days and longer are calendar units.
var stepMicros = map[string]int64{
	"MICROSECOND": 1, "MILLISECOND": 1000, "SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000, "DAY": civil.MicrosPerDay,
}

func inferTimeStep(name string, args []Arg) (Signature, error) {
	sig := Signature{Args: make([]*schema.Type, 2)}
	if args[1].Lit == nil || args[1].Type.Root != schema.Symbol {
		return sig, noFit
	}
	unit := args[1].Lit.Value.S
	_, fine := stepMicros[unit]
	calendar := false
	switch unit {
	case "WEEK", "MONTH", "QUARTER", "YEAR", "DECADE", "CENTURY", "MILLENNIUM":
		calendar = true
	}
	t := args[0].Type
	switch {
	case !fine && !calendar:
		return sig, &mismatch{fmt.Sprintf("%s does not know the unit %s", name, unit)}
	case t.Root == schema.Null:
		t = schema.NewTimestamp(3)
		sig.Args[0] = t
	case t.Root == schema.Time && calendar, !t.IsTemporal():
		return sig, noFit
	}
	sig.Result = t.WithNull(args[0].Type.Nullable).WithAttr(schema.NotTimeAttr)
	return sig, nil
}

func compileTimeStep(call *Call, env *Env, up bool) (Kernel, error) {
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	unit, t := symbol(call, 1), call.Args[0].Type()
	clk := newClock(loc)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		v := args[0]
		switch t.Root {
		case schema.Date:
			dst := batch.Resize[int32](out, rows.N)
			x := fixedArg[int32](v)
			for r := range dst {
				dst[r] = int32(stepDays(unit, int64(x.at(r)), up))
			}
		case schema.Time:
			dst := batch.Resize[int32](out, rows.N)
			x := fixedArg[int32](v)
			for r := range dst {
				dst[r] = int32(stepEven(int64(x.at(r))*1000, 0, stepMicros[unit], up) / 1000)
			}
		default:
			w := writeTimes(out, t, rows.N)
			ltz := t.Root == schema.TimestampLTZ
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				if v.IsNull(r) {
					continue
				}
				us, ns := text.Micros(v, constIndex(v, r))
				if ltz {
					us = clk.local(us)
				}
				us = stepTime(unit, us, ns, up)
				if ltz {
					us = clk.instant(us)
				}
				w.set(r, us, 0)
			}
		}
		return nil
	}, nil
}

// stepEven moves to a multiple of a size, down or up.
func stepEven(us int64, ns int16, size int64, up bool) int64 {
	rest := civil.FloorMod(us, size)
	down := us - rest
	if up && (rest != 0 || ns != 0) {
		return down + size
	}
	return down
}

func stepTime(unit string, us int64, ns int16, up bool) int64 {
	if size, ok := stepMicros[unit]; ok {
		return stepEven(us, ns, size, up)
	}
	// Longer units look at the day alone, as Flink does: the end of the month of the 1st at noon is that 1st.
	return stepDays(unit, civil.FloorDiv(us, civil.MicrosPerDay), up) * civil.MicrosPerDay
}

// stepDays moves a day to the begin or, up, the end of its unit. Some ends are those of Flink rather than of reason: that of a DAY is the
// next day, that of the first day of a quarter but the first is the next quarter.
func stepDays(unit string, days int64, up bool) int64 {
	y, m, d := civil.Date(days)
	switch unit {
	case "DAY":
		if up {
			return days + 1
		}
		return days
	case "WEEK":
		dow := int64(civil.Weekday(days) % 7) // 0 is Sunday.
		if up && dow > 0 {
			return days - dow + 7
		}
		return days - dow
	case "MONTH":
		if up && d > 1 {
			m++
		}
		return civil.Days(y, m, 1)
	case "QUARTER":
		q := (m + 2) / 3
		if up && (m > 1 || d > 1) {
			q++
		}
		return civil.Days(y, q*3-2, 1)
	case "YEAR":
		if up && (m > 1 || d > 1) {
			y++
		}
	case "DECADE":
		y = y / 10 * 10
		if up {
			y += 10
		}
	case "CENTURY":
		y = (y + 99) / 100 * 100
		if up {
			y++
		} else {
			y -= 99
		}
	case "MILLENNIUM":
		y = (y + 999) / 1000 * 1000
		if up {
			y++
		} else {
			y -= 999
		}
	default:
		return days // Hours and less.
	}
	return civil.Days(y, 1, 1)
}
