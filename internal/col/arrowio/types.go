// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package arrowio is the border to Apache Arrow: batches to record batches and back, types to Arrow types and back.
//
// The own layout is Arrow's, so most columns cross without a copy. Where Arrow has another form, values are converted: DECIMAL is always
// decimal128; TIME and TIMESTAMP take the unit of their precision (seconds, milli-, micro-, nanoseconds); TIMESTAMP_LTZ has the zone UTC;
// INTERVAL is month_interval or duration in milliseconds; MULTISET is a map to int32; VARIANT, BITMAP and RAW are binary. Reading also
// takes the large forms of strings and binaries, and times of any unit.
//
// Limits of Arrow that are errors here: timestamps of 7-9 digits outside the years 1677-2262 (int64 nanoseconds), and NULL as a map key.
// Row kinds and selections do not cross: the caller deals with them.
//
// Threading: pure functions. Lifetime: a record made by Record aliases its batch, which must not be released or changed before the record
// is; what AppendRecord reads is copied.
package arrowio

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"spate/schema"
)

// utc is the zone of TIMESTAMP_LTZ.
const utc = "UTC"

// Schema returns the Arrow schema of columns.
func Schema(s schema.Schema) (*arrow.Schema, error) {
	fields := make([]arrow.Field, len(s))
	for i, f := range s {
		dt, err := Type(f.Type)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		fields[i] = arrow.Field{Name: f.Name, Type: dt, Nullable: f.Type.Nullable}
	}
	return arrow.NewSchema(fields, nil), nil
}

// Type returns the Arrow type of a type.
func Type(t *schema.Type) (arrow.DataType, error) {
	switch t.Root {
	case schema.Boolean:
		return arrow.FixedWidthTypes.Boolean, nil
	case schema.TinyInt:
		return arrow.PrimitiveTypes.Int8, nil
	case schema.SmallInt:
		return arrow.PrimitiveTypes.Int16, nil
	case schema.Int:
		return arrow.PrimitiveTypes.Int32, nil
	case schema.BigInt:
		return arrow.PrimitiveTypes.Int64, nil
	case schema.Float:
		return arrow.PrimitiveTypes.Float32, nil
	case schema.Double:
		return arrow.PrimitiveTypes.Float64, nil
	case schema.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}, nil
	case schema.Date:
		return arrow.FixedWidthTypes.Date32, nil
	case schema.Time:
		return timeType(unitOf(t.Precision)), nil
	case schema.Timestamp:
		return &arrow.TimestampType{Unit: unitOf(t.Precision)}, nil
	case schema.TimestampLTZ:
		return &arrow.TimestampType{Unit: unitOf(t.Precision), TimeZone: utc}, nil
	case schema.IntervalYearMonth:
		return arrow.FixedWidthTypes.MonthInterval, nil
	case schema.IntervalDayTime:
		return arrow.FixedWidthTypes.Duration_ms, nil
	case schema.Char, schema.Varchar:
		return arrow.BinaryTypes.String, nil
	case schema.Binary, schema.Varbinary, schema.Variant, schema.Bitmap, schema.Raw:
		return arrow.BinaryTypes.Binary, nil
	case schema.Null:
		return arrow.Null, nil
	case schema.Array, schema.Map, schema.Multiset, schema.Row, schema.Structured:
		return nestedType(t)
	case schema.TimestampTZ, schema.Symbol, schema.Descriptor, schema.Invalid:
	}
	return nil, fmt.Errorf("type %s has no Arrow form", t.Summary())
}

// unitOf returns the unit that holds a number of fractional digits.
func unitOf(precision int) arrow.TimeUnit {
	switch {
	case precision == 0:
		return arrow.Second
	case precision <= 3:
		return arrow.Millisecond
	case precision <= 6:
		return arrow.Microsecond
	default:
		return arrow.Nanosecond
	}
}

// digits is the number of fractional digits of a unit.
func digits(u arrow.TimeUnit) int { return 3 * int(u) }

func timeType(u arrow.TimeUnit) arrow.DataType {
	if u <= arrow.Millisecond {
		return &arrow.Time32Type{Unit: u}
	}
	return &arrow.Time64Type{Unit: u}
}

func nestedType(t *schema.Type) (arrow.DataType, error) {
	kids := t.Children()
	ks := make([]arrow.DataType, len(kids))
	for i, k := range kids {
		var err error
		if ks[i], err = Type(k); err != nil {
			return nil, err
		}
	}
	switch t.Root {
	case schema.Array:
		return arrow.ListOfField(arrow.Field{Name: "element", Type: ks[0], Nullable: kids[0].Nullable}), nil
	case schema.Map, schema.Multiset:
		return arrow.MapOfFields(arrow.Field{Name: "key", Type: ks[0]},
			arrow.Field{Name: "value", Type: ks[1], Nullable: kids[1].Nullable}), nil
	default:
		fields := make([]arrow.Field, len(kids))
		for i, k := range kids {
			fields[i] = arrow.Field{Name: t.Fields[i].Name, Type: ks[i], Nullable: k.Nullable}
		}
		return arrow.StructOf(fields...), nil
	}
}

// ColumnsOf returns the columns that an Arrow schema stands for.
func ColumnsOf(s *arrow.Schema) (schema.Schema, error) {
	cols := make(schema.Schema, s.NumFields())
	for i, f := range s.Fields() {
		t, err := TypeOf(f.Type)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		cols[i] = schema.Field{Name: f.Name, Type: t.WithNull(f.Nullable)}
	}
	return cols, nil
}

// TypeOf returns the nullable type that an Arrow type stands for.
func TypeOf(dt arrow.DataType) (*schema.Type, error) {
	switch dt := dt.(type) {
	case *arrow.BooleanType:
		return schema.TypeBoolean, nil
	case *arrow.Int8Type:
		return schema.TypeTinyInt, nil
	case *arrow.Int16Type:
		return schema.TypeSmallInt, nil
	case *arrow.Int32Type:
		return schema.TypeInt, nil
	case *arrow.Int64Type:
		return schema.TypeBigInt, nil
	case *arrow.Float32Type:
		return schema.TypeFloat, nil
	case *arrow.Float64Type:
		return schema.TypeDouble, nil
	case *arrow.Decimal128Type:
		if dt.Scale >= 0 && dt.Scale <= dt.Precision {
			return schema.NewDecimal(int(dt.Precision), int(dt.Scale)), nil
		}
	case *arrow.Date32Type:
		return schema.TypeDate, nil
	case *arrow.Time32Type:
		return schema.NewTime(digits(dt.Unit)), nil
	case *arrow.Time64Type:
		return schema.NewTime(digits(dt.Unit)), nil
	case *arrow.TimestampType:
		if dt.TimeZone != "" {
			return schema.NewTimestampLTZ(digits(dt.Unit)), nil
		}
		return schema.NewTimestamp(digits(dt.Unit)), nil
	case *arrow.MonthIntervalType:
		return schema.NewYearMonthInterval(schema.UnitYearToMonth, 4), nil
	case *arrow.DurationType:
		return schema.NewDayTimeInterval(schema.UnitDayToSecond, 6, max(3, digits(dt.Unit))), nil
	case *arrow.StringType, *arrow.LargeStringType:
		return schema.TypeString, nil
	case *arrow.BinaryType, *arrow.LargeBinaryType:
		return schema.TypeBytes, nil
	case *arrow.NullType:
		return schema.TypeNull, nil
	case *arrow.MapType:
		return mapOf(dt)
	case *arrow.ListType:
		elem, err := fieldOf(dt.ElemField())
		if err != nil {
			return nil, err
		}
		return schema.NewArray(elem), nil
	case *arrow.StructType:
		fields := make([]schema.Field, dt.NumFields())
		for i, f := range dt.Fields() {
			t, err := fieldOf(f)
			if err != nil {
				return nil, err
			}
			fields[i] = schema.Field{Name: f.Name, Type: t}
		}
		return schema.NewRow(fields...), nil
	}
	return nil, fmt.Errorf("arrow type %s has no SQL form", dt)
}

func mapOf(dt *arrow.MapType) (*schema.Type, error) {
	key, err := fieldOf(dt.KeyField())
	if err != nil {
		return nil, err
	}
	value, err := fieldOf(dt.ItemField())
	if err != nil {
		return nil, err
	}
	return schema.NewMap(key, value), nil
}

func fieldOf(f arrow.Field) (*schema.Type, error) {
	t, err := TypeOf(f.Type)
	if err != nil {
		return nil, err
	}
	return t.WithNull(f.Nullable), nil
}
