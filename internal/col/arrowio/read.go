// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arrowio

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// AppendRecord appends copies of the rows of a record to the own vectors of b, column by column, and counts them. The record may come from
// anywhere: a column that does not fit the type of its vector is an error, after which b is to be truncated to its old length.
func AppendRecord(b *batch.Batch, rec arrow.RecordBatch) error {
	if int(rec.NumCols()) != b.NumCols() {
		return fmt.Errorf("the record has %d columns, not %d", rec.NumCols(), b.NumCols())
	}
	for i := range b.NumCols() {
		if err := appendArray(b.Own(i), rec.Column(i)); err != nil {
			return fmt.Errorf("column %s: %w", rec.ColumnName(i), err)
		}
	}
	b.SetLen(b.Len() + int(rec.NumRows()))
	if b.Kinds() != nil {
		b.MakeKinds(b.Len())
	}
	return nil
}

func mismatch(v *batch.Vector, a arrow.Array) error {
	return fmt.Errorf("arrow type %s does not fit %s", a.DataType(), v.Type().Summary())
}

// appendArray appends all values of a to v.
func appendArray(v *batch.Vector, a arrow.Array) error {
	n0, n := v.Len(), a.Len()
	if v.Physical() == schema.PhysNone {
		v.ResizeRows(n0 + n)
		return nil
	}
	var err error
	switch v.Physical() {
	case schema.PhysBytes:
		err = appendStrings(v, a)
	case schema.PhysList, schema.PhysMap, schema.PhysStruct:
		err = appendNested(v, a)
	default:
		err = appendFixed(v, a)
	}
	if err != nil {
		return err
	}
	if a.NullN() > 0 {
		for i := range n {
			if a.IsNull(i) {
				v.SetNull(n0 + i)
			}
		}
	}
	return nil
}

// appendFixed appends values of fixed width.
func appendFixed(v *batch.Vector, a arrow.Array) error {
	switch t := v.Type(); t.Root {
	case schema.Decimal:
		return appendDecimals(v, a)
	case schema.Time:
		return appendTimes(v, a)
	case schema.Timestamp, schema.TimestampLTZ:
		return appendTimestamps(v, a)
	case schema.IntervalDayTime:
		d, ok := a.(*array.Duration)
		if !ok {
			return mismatch(v, a)
		}
		from := digits(d.DataType().(*arrow.DurationType).Unit)
		out := extend[int64](v, a.Len())
		for i, x := range d.DurationValues() {
			out[i] = rescale(int64(x), from, 3)
		}
		return nil
	default:
	}
	switch a := a.(type) {
	case *array.Boolean:
		return appendBools(v, a)
	case *array.Int8:
		return appendValues(v, schema.TinyInt, a, a.Int8Values())
	case *array.Int16:
		return appendValues(v, schema.SmallInt, a, a.Int16Values())
	case *array.Int32:
		return appendValues(v, schema.Int, a, a.Int32Values())
	case *array.Int64:
		return appendValues(v, schema.BigInt, a, a.Int64Values())
	case *array.Float32:
		return appendValues(v, schema.Float, a, a.Float32Values())
	case *array.Float64:
		return appendValues(v, schema.Double, a, a.Float64Values())
	case *array.Date32:
		if v.Type().Root != schema.Date {
			return mismatch(v, a)
		}
		out := extend[int32](v, a.Len())
		for i, x := range a.Date32Values() {
			out[i] = int32(x)
		}
		return nil
	case *array.MonthInterval:
		if v.Type().Root != schema.IntervalYearMonth {
			return mismatch(v, a)
		}
		out := extend[int32](v, a.Len())
		for i, x := range a.MonthIntervalValues() {
			out[i] = int32(x)
		}
		return nil
	}
	return mismatch(v, a)
}

// extend resizes v by n rows and returns the new ones.
func extend[T mem.Fixed](v *batch.Vector, n int) []T {
	n0 := v.Len()
	return batch.Resize[T](v, n0+n)[n0:]
}

func appendValues[T mem.Fixed](v *batch.Vector, root schema.Root, a arrow.Array, vals []T) error {
	if v.Type().Root != root {
		return mismatch(v, a)
	}
	copy(extend[T](v, len(vals)), vals)
	return nil
}

func appendBools(v *batch.Vector, a *array.Boolean) error {
	if v.Physical() != schema.PhysBool {
		return mismatch(v, a)
	}
	for i := range a.Len() {
		v.AppendBool(a.Value(i))
	}
	return nil
}

func appendDecimals(v *batch.Vector, a arrow.Array) error {
	d, ok := a.(*array.Decimal128)
	t := v.Type()
	if !ok || int(d.DataType().(*arrow.Decimal128Type).Scale) != t.Scale {
		return mismatch(v, a)
	}
	limit := decimal128.GetScaleMultiplier(t.Precision)
	floor := limit.Negate()
	for i, x := range d.Values() {
		if d.IsValid(i) && (x.GreaterEqual(limit) || x.LessEqual(floor)) {
			return fmt.Errorf("%w: %s has more than %d digits", ErrRange, x.ToString(int32(t.Scale)), t.Precision)
		}
	}
	if v.Physical() == schema.PhysInt64 {
		out := extend[int64](v, a.Len())
		for i, x := range d.Values() {
			out[i] = int64(x.LowBits())
		}
		return nil
	}
	out := extend[schema.Int128](v, a.Len())
	for i, x := range d.Values() {
		out[i] = schema.Int128{Lo: x.LowBits(), Hi: x.HighBits()}
	}
	return nil
}

func appendTimes(v *batch.Vector, a arrow.Array) error {
	switch a := a.(type) {
	case *array.Time32:
		from := digits(a.DataType().(*arrow.Time32Type).Unit)
		out := extend[int32](v, a.Len())
		for i, x := range a.Time32Values() {
			out[i] = int32(rescale(int64(x), from, 3))
		}
		return nil
	case *array.Time64:
		from := digits(a.DataType().(*arrow.Time64Type).Unit)
		out := extend[int32](v, a.Len())
		for i, x := range a.Time64Values() {
			out[i] = int32(rescale(int64(x), from, 3))
		}
		return nil
	}
	return mismatch(v, a)
}

// rescale converts a time between numbers of fractional digits, towards minus infinity. What overflows is unspecified: callers know their
// ranges.
func rescale(x int64, from, to int) int64 {
	if to >= from {
		return x * scale(to-from)
	}
	return floorDiv(x, scale(from-to))
}

func appendTimestamps(v *batch.Vector, a arrow.Array) error {
	ts, ok := a.(*array.Timestamp)
	if !ok {
		return mismatch(v, a)
	}
	dt := ts.DataType().(*arrow.TimestampType)
	if (dt.TimeZone != "") != (v.Type().Root == schema.TimestampLTZ) {
		return mismatch(v, a)
	}
	from, to := digits(dt.Unit), 6
	if v.Type().Precision <= 3 {
		to = 3
	}
	out := extend[int64](v, a.Len())
	for i, x := range ts.TimestampValues() {
		y := rescale(int64(x), from, to)
		if ts.IsValid(i) && from < to && floorDiv(y, scale(to-from)) != int64(x) {
			return fmt.Errorf("%w: %d %s since 1970", ErrRange, x, dt.Unit)
		}
		out[i] = y
	}
	if v.Physical() == schema.PhysTime9 {
		nanos := v.ResizeNanos()[v.Len()-a.Len():]
		for i, x := range ts.TimestampValues() {
			nanos[i] = 0
			if from == 9 {
				nanos[i] = int16(int64(x) - out[i]*1000)
			}
		}
	}
	return nil
}

func appendStrings(v *batch.Vector, a arrow.Array) error {
	text := v.Type().IsString()
	switch a := a.(type) {
	case *array.String:
		if !text {
			return mismatch(v, a)
		}
		for i := range a.Len() {
			v.AppendString(a.Value(i))
		}
	case *array.LargeString:
		if !text {
			return mismatch(v, a)
		}
		for i := range a.Len() {
			v.AppendString(a.Value(i))
		}
	case *array.Binary:
		if text {
			return mismatch(v, a)
		}
		for i := range a.Len() {
			v.AppendBytes(a.Value(i))
		}
	case *array.LargeBinary:
		if text {
			return mismatch(v, a)
		}
		for i := range a.Len() {
			v.AppendBytes(a.Value(i))
		}
	default:
		return mismatch(v, a)
	}
	return nil
}

func appendNested(v *batch.Vector, a arrow.Array) error {
	switch a := a.(type) {
	case *array.Struct:
		if v.Physical() != schema.PhysStruct || a.NumField() != v.NumChildren() {
			return mismatch(v, a)
		}
		for i := range a.NumField() {
			if err := appendArray(v.Child(i), a.Field(i)); err != nil {
				return err
			}
		}
		v.ResizeRows(v.Len() + a.Len())
		return nil
	case *array.Map: // Before List: a map is one too.
		if v.Physical() != schema.PhysMap {
			return mismatch(v, a)
		}
		return appendLists(v, a, a.Keys(), a.Items())
	case *array.List:
		if v.Physical() != schema.PhysList {
			return mismatch(v, a)
		}
		return appendLists(v, a, a.ListValues())
	}
	return mismatch(v, a)
}

// appendLists appends lists or maps with the given children. NULL rows become empty, whatever lies under them.
func appendLists(v *batch.Vector, a array.ListLike, kids ...arrow.Array) error {
	n0 := v.Len()
	offs := v.ResizeList(n0 + a.Len())[n0:]
	at := offs[0]
	for i := range a.Len() {
		lo, hi := a.ValueOffsets(i)
		if a.IsNull(i) {
			lo = hi
		}
		for c, k := range kids {
			if hi == lo {
				break
			}
			part := array.NewSlice(k, lo, hi)
			err := appendArray(v.Child(c), part)
			part.Release()
			if err != nil {
				return err
			}
		}
		at += int32(hi - lo)
		offs[i+1] = at
	}
	return nil
}
