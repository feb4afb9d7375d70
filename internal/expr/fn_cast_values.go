// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/internal/col/text"
	"spate/schema"
)

func copyRows(src *batch.Vector, rows Rows, out *batch.Vector) {
	kernel.Copy(src, rows.N, rows.Sel, out)
}

func setBit(dst []uint64, r int, v bool) { kernel.SetAt(dst, r, v) }

// saturate converts a double to int64 as Java does: cut off, clamped, NaN is 0.
func saturate(f float64) int64 {
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// saturate32 is saturate for the types up to INT.
func saturate32(f float64) int64 {
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt32:
		return math.MaxInt32
	case f <= math.MinInt32:
		return math.MinInt32
	}
	return int64(f)
}

// intBounds gives the range of the integer types, of intervals that of their form.
func intBounds(t *schema.Type) (lo, hi int64) {
	switch t.Physical() {
	case schema.PhysInt8:
		return math.MinInt8, math.MaxInt8
	case schema.PhysInt16:
		return math.MinInt16, math.MaxInt16
	case schema.PhysInt32:
		return math.MinInt32, math.MaxInt32
	default:
		return math.MinInt64, math.MaxInt64
	}
}

func castToInt(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeInts(out, rows.N)
	n := rows.Count()
	switch {
	case c.from.IsString():
		lo, hi := intBounds(c.to)
		for i := range n {
			r := rows.At(i)
			v, ok := text.ParseIntPrefix(text.TrimJava(src.Bytes(r)))
			if !ok || v < lo || v > hi {
				if err := c.fail(out, r, "For input string: '%s'. Invalid character found.", src.Bytes(r)); err != nil {
					return err
				}
				continue
			}
			w.put(r, v)
		}
	case c.from.Root == schema.Boolean:
		for i := range n {
			r := rows.At(i)
			var v int64
			if src.Bool(r) {
				v = 1
			}
			w.put(r, v)
		}
	case c.from.IsApprox():
		x := readFloats(src)
		for i := range n {
			r := rows.At(i)
			if c.to.Root == schema.BigInt {
				w.put(r, saturate(x.float(r)))
			} else {
				w.put(r, saturate32(x.float(r)))
			}
		}
	case c.from.Root == schema.Decimal:
		x := readNumbers(src)
		for i := range n {
			r := rows.At(i)
			w.set(r, truncateDecimal(x.dec(r), x.scale))
		}
	default:
		x := readInts(src)
		mul, div := intervalUnit(c.to), intervalUnit(c.from)
		if c.from.IsInterval() && c.to.IsInterval() {
			mul, div = 1, 1
		}
		for i := range n {
			r := rows.At(i)
			w.put(r, x.at(r)*mul/div)
		}
	}
	return nil
}

// intervalUnit is what one unit of a single-field interval counts in the interval's form; 1 for numbers.
func intervalUnit(t *schema.Type) int64 {
	switch t.Unit {
	case schema.UnitYear:
		return 12
	case schema.UnitDay:
		return civil.MillisPerDay
	case schema.UnitHour:
		return civil.MillisPerHour
	case schema.UnitMinute:
		return civil.MillisPerMinute
	case schema.UnitSecond:
		return civil.MillisPerSecond
	default:
		return 1
	}
}

// truncateDecimal cuts off the fraction; the low 64 bits count.
func truncateDecimal(x decimal.Int, scale int) decimal.Int {
	if scale == 0 {
		return x
	}
	if v, ok := decimal.Int64(x); ok && scale < 19 {
		return decimal.FromInt64(v / int64(decimal.Pow64(scale)))
	}
	m, neg := decimal.Abs(x)
	q, _ := decimal.Rescale(m, scale, 0, decimal.MaxDigits)
	// Rescale rounds half up: take back what was rounded up.
	if back, ok := decimal.Rescale(q, 0, scale, decimal.MaxDigits); !ok || decimal.Less(m, back) {
		q = decimal.Sub(q, decimal.FromInt64(1))
	}
	if neg {
		return decimal.Neg(q)
	}
	return q
}

func castToDecimal(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeDecimals(out, rows.N)
	p, s := c.to.Precision, c.to.Scale
	n := rows.Count()
	switch {
	case c.from.IsString():
		for i := range n {
			r := rows.At(i)
			v, ok := text.ParseDecimal(text.TrimJava(src.Bytes(r)), p, s)
			if !ok {
				if err := c.fail(out, r, "Cannot parse '%s' as DECIMAL(%d, %d).", src.Bytes(r), p, s); err != nil {
					return err
				}
				continue
			}
			w.set(r, v, true)
		}
	case c.from.Root == schema.Boolean:
		for i := range n {
			r := rows.At(i)
			var v int64
			if src.Bool(r) {
				v = 1
			}
			d, ok := decimalOfInt(v, s, p)
			w.set(r, d, ok)
		}
	case c.from.IsApprox():
		x := readFloats(src)
		for i := range n {
			r := rows.At(i)
			// A FLOAT is widened to DOUBLE first, as Flink does.
			d, ok := decimal.FromFloat(x.float(r), 64, p, s)
			w.set(r, d, ok)
		}
	default:
		x := readNumbers(src)
		div := intervalUnit(c.from)
		for i := range n {
			r := rows.At(i)
			v := x.dec(r)
			if div != 1 {
				v = decimal.FromInt64(x.at(r) / div)
			}
			d, ok := decimal.Rescale(v, x.scale, s, p)
			w.set(r, d, ok)
		}
	}
	return nil
}

func castToFloat(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	double := c.to.Root == schema.Double
	var d64 []float64
	var d32 []float32
	if double {
		d64 = batch.Resize[float64](out, rows.N)
	} else {
		d32 = batch.Resize[float32](out, rows.N)
	}
	isText, isBool := c.from.IsString(), c.from.Root == schema.Boolean
	var x floats
	if !isText && !isBool {
		x = readFloats(src)
	}
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		var f float64
		ok := true
		switch {
		case isText && double:
			f, ok = text.ParseDouble(src.Bytes(r))
		case isText:
			var f32 float32
			f32, ok = text.ParseFloat(src.Bytes(r))
			f = float64(f32)
		case isBool:
			if src.Bool(r) {
				f = 1
			}
		default:
			f = x.float(r)
		}
		if !ok {
			if err := c.fail(out, r, "For input string: \"%s\"", src.Bytes(r)); err != nil {
				return err
			}
			continue
		}
		if double {
			d64[r] = f
		} else {
			d32[r] = float32(f)
		}
	}
	return nil
}

// wallMicros returns row r of a time point as the microseconds of its wall clock, and the nanoseconds below.
func (c *cast) wallMicros(src *batch.Vector, r int) (int64, int16) {
	if src.IsConst() {
		r = 0
	}
	switch c.from.Root {
	case schema.Date:
		return int64(batch.Values[int32](src)[r]) * civil.MicrosPerDay, 0
	case schema.Time:
		return int64(batch.Values[int32](src)[r]) * 1000, 0
	case schema.TimestampLTZ:
		us, ns := text.Micros(src, r)
		return c.clock.local(us), ns
	default:
		return text.Micros(src, r)
	}
}

func castToDate(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	dst := batch.Resize[int32](out, rows.N)
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		if !c.from.IsString() {
			us, _ := c.wallMicros(src, r)
			dst[r] = int32(civil.FloorDiv(us, civil.MicrosPerDay))
			continue
		}
		d, ok := text.ParseDate(src.Bytes(r))
		if !ok {
			if err := c.fail(out, r, "For input string: '%s'.", src.Bytes(r)); err != nil {
				return err
			}
			continue
		}
		dst[r] = d
	}
	return nil
}

func castToTime(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	dst := batch.Resize[int32](out, rows.N)
	unit := int32(1)
	for p := c.to.Precision; p < 3; p++ {
		unit *= 10
	}
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		var ms int32
		if c.from.IsString() {
			var ok bool
			if ms, ok = text.ParseTime(src.Bytes(r)); !ok {
				if err := c.fail(out, r, "For input string: '%s'.", src.Bytes(r)); err != nil {
					return err
				}
				continue
			}
		} else {
			us, _ := c.wallMicros(src, r)
			ms = int32(civil.FloorMod(us, civil.MicrosPerDay) / 1000)
		}
		dst[r] = ms - ms%unit
	}
	return nil
}

func castToTimestamp(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeTimes(out, c.to, rows.N)
	same := c.from.Root == c.to.Root
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		var us int64
		var ns int16
		switch {
		case c.from.IsString():
			var ok bool
			if us, ns, ok = text.ParseTimestamp(src.Bytes(r), c.to.Precision); !ok {
				if err := c.fail(out, r, "Text '%s' could not be parsed", src.Bytes(r)); err != nil {
					return err
				}
				continue
			}
			if c.to.Root == schema.TimestampLTZ {
				us = c.clock.instant(us)
			}
		case same:
			us, ns = text.Micros(src, constIndex(src, r))
		default:
			us, ns = c.wallMicros(src, r)
			if c.to.Root == schema.TimestampLTZ {
				us = c.clock.instant(us)
			}
		}
		w.set(r, us, ns)
	}
	return nil
}

func constIndex(v *batch.Vector, r int) int {
	if v.IsConst() {
		return 0
	}
	return r
}

// timeOut writes timestamps of any precision, cutting off what is below it.
type timeOut struct {
	dst   []int64
	nanos []int16
	prec  int
	unit  int64 // Microseconds (p <= 6) or nanoseconds of the last digit.
}

func writeTimes(out *batch.Vector, t *schema.Type, n int) timeOut {
	w := timeOut{dst: batch.Resize[int64](out, n), prec: t.Precision}
	if t.Precision > 6 {
		w.nanos = out.ResizeNanos()
		w.unit = int64(decimal.Pow64(9 - t.Precision))
	} else {
		w.unit = int64(decimal.Pow64(6 - t.Precision))
	}
	return w
}

func (w *timeOut) set(r int, us int64, ns int16) {
	switch {
	case w.nanos != nil:
		w.dst[r] = us
		w.nanos[r] = ns - ns%int16(w.unit)
	case w.prec > 3:
		w.dst[r] = us - civil.FloorMod(us, w.unit)
	default:
		w.dst[r] = (us - civil.FloorMod(us, w.unit)) / 1000
	}
}
