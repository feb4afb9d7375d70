// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"math"
	"strings"
	"time"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/internal/expr/javatime"
	"spate/schema"
)

const defaultPattern = "yyyy-MM-dd HH:mm:ss"

func timeTextFunctions() []*Function {
	str, ts := P("", FamString), P("", FamTimestamp)
	return []*Function{
		{
			Name: "DATE_FORMAT", Doc: "A timestamp as text by a pattern of Java's DateTimeFormatter.", Example: "DATE_FORMAT(TIMESTAMP '2020-01-02 03:04:05', 'yyyy/MM/dd HH:mm')",
			Result: "2020/01/02 03:04", Category: "temporal", Strict: true, Fallible: true, Safe: literalPattern, Signatures: []string{"DATE_FORMAT(<TIMESTAMP>, <STRING>)", "DATE_FORMAT(<STRING>, <STRING>)"},
			Overloads: []Overload{
				{Params: []Param{str, str}, Result: RetNull(schema.TypeString)},
				{Params: []Param{ts, str}, Result: RetNull(schema.TypeString)},
			},
			Compile: compileDateFormat,
		},
		{
			Name: "FROM_UNIXTIME", Doc: "Seconds since 1970-01-01 UTC as text in the session zone, by a pattern (default yyyy-MM-dd HH:mm:ss).",
			Example: "FROM_UNIXTIME(44)", Result: "1970-01-01 00:00:44", Category: "temporal", Strict: true,
			Overloads: []Overload{
				{Params: []Param{P("", FamNumeric)}, Result: RetNull(schema.TypeString)},
				{Params: []Param{P("", FamNumeric), str}, Result: RetNull(schema.TypeString)},
			},
			Compile: compileFromUnixtime,
		},
		{
			Name: "UNIX_TIMESTAMP", Doc: "Seconds since 1970-01-01 UTC: now, or of a text in the session zone, by a pattern (default yyyy-MM-dd HH:mm:ss).",
			Example: "UNIX_TIMESTAMP('1970-01-01 00:00:44')", Result: "44", Category: "temporal", Strict: true, Determinism: Pure,
			Overloads: []Overload{
				{Params: []Param{str}, Result: Ret(schema.TypeBigInt)},
				{Params: []Param{str, str}, Result: Ret(schema.TypeBigInt)},
				{Result: RetNotNull(schema.TypeBigInt)},
			},
			Rewrite: func(r *Registry, call *Call) (Expr, error) {
				if len(call.Args) == 0 {
					return r.Bind("UNIX_TIMESTAMP_NOW", nil, call.Pos)
				}
				return call, nil
			},
			Compile: compileUnixTimestamp,
		},
		{
			Name: "TO_DATE", Doc: "A text as DATE, by a pattern (default yyyy-MM-dd); NULL when it is none.", Example: "TO_DATE('2020-02-03')", Result: "2020-02-03",
			Category: "temporal", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: RetNull(schema.TypeDate)}, {Params: []Param{str, str}, Result: RetNull(schema.TypeDate)}},
			Compile:   compileToDate,
		},
		{
			Name: "TO_TIMESTAMP", Doc: "A text as TIMESTAMP(3), by a pattern (default yyyy-MM-dd HH:mm:ss with a fraction); NULL when it is none.",
			Example: "TO_TIMESTAMP('2020-02-03 04:05:06.789')", Result: "2020-02-03 04:05:06.789", Category: "temporal", Strict: true,
			Overloads: []Overload{
				{Params: []Param{str}, Result: RetNull(schema.NewTimestamp(3))}, {Params: []Param{str, str}, Result: RetNull(schema.NewTimestamp(3))},
			},
			Compile: compileToTimestamp,
		},
		{
			Name: "CONVERT_TZ", Doc: "A text yyyy-MM-dd HH:mm:ss from one time zone in another.", Example: "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')",
			Result: "1969-12-31 16:00:00", Category: "temporal", Strict: true,
			Overloads: []Overload{{Params: []Param{str, str, str}, Result: RetNull(schema.TypeString)}}, Compile: compileConvertTZ,
		},
		toTimestampLTZ(),
	}
}

// formats compiles the pattern argument of a call: once when it is a literal, else as it changes.
type formats struct {
	arg     int // -1: the default.
	dialect javatime.Dialect
	last    string
	made    bool
	f       *javatime.Format
	m       *javatime.Formatter
	err     error
}

func newFormats(call *Call, d javatime.Dialect) *formats {
	const arg = 1 // The pattern.
	p := &formats{arg: arg, dialect: d}
	if arg >= len(call.Args) {
		p.arg = -1
		p.set(defaultPattern)
	} else if s, ok := litString(call, arg); ok {
		p.set(s)
	}
	return p
}

func (p *formats) set(pattern string) {
	p.last, p.made = pattern, true
	p.f, p.err = javatime.Compile(pattern, p.dialect)
	p.m = nil
	if p.err == nil {
		p.m = javatime.NewFormatter(p.f)
	}
}

// at makes the format of row r the present one and tells whether it is valid.
func (p *formats) at(args []*batch.Vector, r int) bool {
	if p.arg >= 0 {
		if b := args[p.arg].Bytes(r); !p.made || string(b) != p.last {
			p.set(string(b))
		}
	}
	return p.err == nil
}

func compileDateFormat(call *Call, env *Env) (Kernel, error) {
	t := call.Args[0].Type()
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	if t.IsString() {
		return dateFormatText(call), nil
	}
	p := newFormats(call, javatime.DateTime)
	if p.made && p.err != nil {
		return nil, p.err
	}
	c := &cast{from: t, clock: newClock(loc)}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		v := args[0]
		w := writeBytes(out, rows.N, rows.Count()*16)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			if v.IsNull(r) {
				continue
			}
			if !p.at(args, r) {
				return &RowError{Row: r, Reason: p.err.Error()}
			}
			b, err := p.m.Format(c.wallMicros(v, r))
			if err != nil {
				return &RowError{Row: r, Reason: err.Error()}
			}
			w.add(r, b)
		}
		return w.done(rows.N)
	}, nil
}

// dateFormatText re-formats a text yyyy-MM-dd HH:mm:ss.
func dateFormatText(call *Call) Kernel {
	from, _ := javatime.Compile(defaultPattern, javatime.Simple)
	p := newFormats(call, javatime.Simple)
	return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
		if args[0].IsNull(r) || !p.at(args, r) {
			return dst, false
		}
		t, ok := from.Parse(args[0].Bytes(r))
		if !ok {
			return dst, false
		}
		tm := javatime.Of(t.Micros, t.Nanos)
		dst, err := p.f.Append(dst, &tm)
		return dst, err == nil
	})
}

func compileFromUnixtime(call *Call, env *Env) (Kernel, error) {
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	p := newFormats(call, javatime.Simple)
	clk := newClock(loc)
	exact := !call.Args[0].Type().IsApprox()
	return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
		if !p.at(args, r) {
			return dst, false
		}
		var sec int64
		if x := readFloats(args[0]); exact {
			d := truncateDecimal(x.dec(r), x.scale)
			sec = int64(d.Lo)
		} else {
			sec = saturate(x.float(r))
		}
		off := clk.offsetAt(sec)
		tm := javatime.Of((sec+off)*1_000_000, 0)
		tm.Offset, tm.Zone = int(off), loc.String()
		dst, err := p.f.Append(dst, &tm)
		return dst, err == nil
	}), nil
}

func compileUnixTimestamp(call *Call, env *Env) (Kernel, error) {
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	p := newFormats(call, javatime.Simple)
	clk := newClock(loc)
	return intKernel64(func(args []*batch.Vector, r int) (int64, bool) {
		if !p.at(args, r) {
			return math.MinInt64, true
		}
		t, ok := p.f.Parse(args[0].Bytes(r))
		if !ok {
			return math.MinInt64, true
		}
		us := t.Micros
		if t.HasOffset {
			us -= int64(t.Offset) * 1_000_000
		} else {
			us = clk.instant(us)
		}
		return us / 1_000_000, true
	}), nil
}

func compileToDate(call *Call, _ *Env) (Kernel, error) {
	if len(call.Args) == 1 {
		return intKernel32(func(args []*batch.Vector, r int) (int32, bool) { return text.ParseDate(args[0].Bytes(r)) }), nil
	}
	p := newFormats(call, javatime.Simple)
	return intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
		if !p.at(args, r) {
			return 0, false
		}
		t, ok := p.f.Parse(args[0].Bytes(r))
		return int32(civil.FloorDiv(t.Micros, civil.MicrosPerDay)), ok
	}), nil
}

// parseByPattern reads a timestamp by a pattern of java.time and else, as Flink does, in the form that java.sql.Timestamp takes.
func parseByPattern(f *javatime.Format, s []byte) (us int64, ns int16, ok bool) {
	if t, ok := f.Parse(s); ok {
		return t.Micros, t.Nanos, true
	}
	s = text.TrimJava(s)
	if !strings.Contains(string(s), " ") && strings.Count(string(s), "-") != 2 {
		return 0, 0, false
	}
	return text.ParseTimestamp(s, 9)
}

func compileToTimestamp(call *Call, _ *Env) (Kernel, error) {
	p := newFormats(call, javatime.DateTime)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeTimes(out, call.T, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			var us int64
			var ns int16
			ok := false
			if len(args) == 1 {
				us, ns, ok = text.ParseTimestamp(args[0].Bytes(r), 9)
			} else if !args[0].IsNull(r) && !args[1].IsNull(r) && p.at(args, r) {
				us, ns, ok = parseByPattern(p.f, args[0].Bytes(r))
			}
			if !ok {
				out.SetNull(r)
				continue
			}
			w.set(r, us, ns)
		}
		return nil
	}, nil
}

func compileConvertTZ(*Call, *Env) (Kernel, error) {
	f, err := javatime.Compile(defaultPattern, javatime.Simple)
	if err != nil {
		return nil, err
	}
	var names [2]string
	var clocks [2]*clock
	zone := func(k int, name []byte) *clock {
		if clocks[k] == nil || names[k] != string(name) {
			names[k] = string(name)
			loc, err := LoadZone(names[k])
			if err != nil {
				loc = time.UTC // Java takes an unknown zone for GMT.
			}
			clocks[k] = newClock(loc)
		}
		return clocks[k]
	}
	return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
		t, ok := f.Parse(args[0].Bytes(r))
		if !ok {
			return dst, false
		}
		us := zone(1, args[2].Bytes(r)).local(zone(0, args[1].Bytes(r)).instant(t.Micros))
		tm := javatime.Of(us, 0)
		dst, err := f.Append(dst, &tm)
		return dst, err == nil
	}), nil
}

// The instants that TO_TIMESTAMP_LTZ gives: years 0 to 9999.
const (
	minEpochMillis = -62167219200000
	maxEpochMillis = 253402300799999
)

func toTimestampLTZ() *Function {
	str, num := P("", FamString), P("", FamNumeric)
	byFormat := func(args []Arg) *schema.Type {
		p := 3
		if l := args[1].Lit; l != nil && !l.Value.Null {
			p = max(p, min(strings.Count(l.Value.S, "S"), 9))
		}
		return schema.NewTimestampLTZ(p)
	}
	return &Function{
		Name: "TO_TIMESTAMP_LTZ", Doc: "A number of seconds (precision 0) or milliseconds (3, the default), or a text in a zone (default UTC), as TIMESTAMP_LTZ.",
		Example: "CAST(TO_TIMESTAMP_LTZ(4001, 3) AS STRING)", Result: "1970-01-01 00:00:04.001", Category: "temporal", Strict: true, Fallible: true,
		Overloads: []Overload{
			{Params: []Param{num}, Result: RetNull(schema.NewTimestampLTZ(3))},
			{Params: []Param{num, P("", FamInt)}, Result: RetNull(schema.NewTimestampLTZ(3))},
			{Params: []Param{str}, Result: RetNull(schema.NewTimestampLTZ(3))},
			{Params: []Param{str, str}, Result: byFormat},
			{Params: []Param{str, str, str}, Result: byFormat},
		},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			if call.Args[0].Type().IsString() {
				return textToLTZ(call), nil
			}
			return numberToLTZ(call), nil
		},
	}
}

func numberToLTZ(call *Call) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeTimes(out, call.T, rows.N)
		x := readFloats(args[0])
		approx := args[0].Type().IsApprox()
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			p := int64(3)
			if len(args) == 2 {
				p = intAt(args[1], r)
			}
			if p != 0 && p != 3 {
				return &RowError{Row: r, Reason: fmt.Sprintf("The precision value '%d' for function TO_TIMESTAMP_LTZ(numeric, precision) is unsupported,"+
					" the supported value is '0' for second or '3' for millisecond.", p)}
			}
			unit := int64(1)
			if p == 0 {
				unit = 1000
			}
			ms, ok := int64(0), false
			if approx {
				if f := x.float(r) * float64(unit); f >= minEpochMillis && f <= maxEpochMillis {
					ms, ok = int64(f), true
				}
			} else if v, fits := decimal.Int64(truncateDecimal(x.dec(r), x.scale)); fits && v >= minEpochMillis/unit && v <= maxEpochMillis/unit {
				ms, ok = v*unit, true
			}
			if !ok {
				out.SetNull(r)
				continue
			}
			w.set(r, ms*1000, 0)
		}
		return nil
	}
}

func textToLTZ(call *Call) Kernel {
	p := newFormats(call, javatime.DateTime)
	utc := newClock(nil)
	var name string
	var clk *clock
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeTimes(out, call.T, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			zone, ok := utc, true
			if len(args) == 3 {
				if z := args[2].Bytes(r); clk == nil || string(z) != name {
					name = string(z)
					loc, err := LoadZone(name)
					if clk = nil; err == nil {
						clk = newClock(loc)
					}
				}
				zone, ok = clk, clk != nil
			}
			var us int64
			var ns int16
			switch {
			case !ok:
			case len(args) == 1:
				us, ns, ok = text.ParseTimestamp(args[0].Bytes(r), 9)
			case p.at(args, r):
				us, ns, ok = parseByPattern(p.f, args[0].Bytes(r))
			default:
				ok = false
			}
			if !ok {
				out.SetNull(r)
				continue
			}
			w.set(r, zone.instant(us), ns)
		}
		return nil
	}
}
