// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"spate/internal/sql/ast"
	"spate/schema"
)

// simpleTypes are the types without parameters.
var simpleTypes = map[ast.TypeKind]*schema.Type{
	ast.TypeString: schema.TypeString, ast.TypeBytes: schema.TypeBytes, ast.TypeBoolean: schema.TypeBoolean,
	ast.TypeTinyint: schema.TypeTinyInt, ast.TypeSmallint: schema.TypeSmallInt, ast.TypeInt: schema.TypeInt,
	ast.TypeBigint: schema.TypeBigInt, ast.TypeFloat: schema.TypeFloat, ast.TypeDouble: schema.TypeDouble,
	ast.TypeDate: schema.TypeDate, ast.TypeVariant: schema.TypeVariant, ast.TypeBitmap: schema.TypeBitmap,
	ast.TypeNull: schema.TypeNull,
}

// Type returns the logical type of a data type as written.
func Type(t *ast.DataType) (*schema.Type, error) {
	out, err := rootType(t)
	if err != nil {
		return nil, err
	}
	return out.WithNull(!t.NotNull), nil
}

// length checks a length or precision; def stands for an absent one.
func length(t *ast.DataType, what string, def, low, high int) (int, error) {
	n := t.Length
	if n < 0 {
		n = def
	}
	if n < low || n > high {
		return 0, invalid(t, "%s must be between %d and %d (both inclusive)", what, low, high)
	}
	return n, nil
}

func rootType(t *ast.DataType) (*schema.Type, error) {
	if s := simpleTypes[t.Kind]; s != nil {
		return s, nil
	}
	switch t.Kind {
	case ast.TypeChar:
		n, err := length(t, "Character string length", 1, 1, schema.MaxLength)
		return schema.NewChar(n), err
	case ast.TypeVarchar:
		n, err := length(t, "Variable character string length", schema.MaxLength, 1, schema.MaxLength)
		return schema.NewVarchar(n), err
	case ast.TypeBinary:
		n, err := length(t, "Binary string length", 1, 1, schema.MaxLength)
		return schema.NewBinary(n), err
	case ast.TypeVarbinary:
		n, err := length(t, "Variable binary string length", schema.MaxLength, 1, schema.MaxLength)
		return schema.NewVarbinary(n), err
	case ast.TypeDecimal:
		p, err := length(t, "Decimal precision", schema.DefaultDecimal, 1, schema.MaxDecimal)
		if err != nil {
			return nil, err
		}
		s := max(t.Scale, 0)
		if s > p {
			return nil, invalid(t, "Decimal scale must be between 0 and the precision %d (both inclusive)", p)
		}
		return schema.NewDecimal(p, s), nil
	case ast.TypeTime:
		n, err := length(t, "Time precision", 0, 0, schema.MaxTimestamp)
		return schema.NewTime(n), err
	case ast.TypeTimestamp:
		n, err := length(t, "Timestamp precision", schema.DefaultTimestamp, 0, schema.MaxTimestamp)
		return schema.NewTimestamp(n), err
	case ast.TypeTimestampLTZ:
		n, err := length(t, "Timestamp with local time zone precision", schema.DefaultTimestamp, 0, schema.MaxTimestamp)
		return schema.NewTimestampLTZ(n), err
	case ast.TypeInterval:
		return intervalType(&t.Units)
	default:
		return nestedType(t)
	}
}

func nestedType(t *ast.DataType) (*schema.Type, error) {
	switch t.Kind {
	case ast.TypeArray, ast.TypeMultiset:
		e, err := Type(t.Elem)
		if err != nil {
			return nil, err
		}
		if t.Kind == ast.TypeArray {
			return schema.NewArray(e), nil
		}
		return schema.NewMultiset(e), nil
	case ast.TypeMap:
		k, err := Type(t.Key)
		if err != nil {
			return nil, err
		}
		v, err := Type(t.Elem)
		if err != nil {
			return nil, err
		}
		return schema.NewMap(k, v), nil
	case ast.TypeRow, ast.TypeStructured:
		fields := make([]schema.Field, len(t.Fields))
		for i, f := range t.Fields {
			ft, err := Type(f.Type)
			if err != nil {
				return nil, err
			}
			fields[i] = schema.Field{Name: f.Name.Name, Type: ft}
			if f.Comment != nil {
				fields[i].Comment = f.Comment.Value
			}
		}
		row := schema.NewRow(fields...)
		if t.Kind == ast.TypeStructured {
			row.Root, row.Class = schema.Structured, t.Name.Last()
		}
		return row, nil
	case ast.TypeRaw:
		r := schema.New(schema.Raw)
		r.Class, r.Snapshot = t.Name.Last(), t.Snapshot
		return r, nil
	case ast.TypeTimestampTZ:
		return nil, unsupported(t, "type TIMESTAMP WITH TIME ZONE")
	case ast.TypeNamed:
		return nil, notFound(t, t.Name.Last(), typeNames, "type %s not found", t.Name.Last())
	default:
		return nil, unsupported(t, "this type")
	}
}

// typeNames are suggested for misspelt types.
var typeNames = []string{
	"CHAR", "VARCHAR", "STRING", "BOOLEAN", "BINARY", "VARBINARY", "BYTES", "DECIMAL", "NUMERIC", "TINYINT", "SMALLINT", "INT",
	"INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "INTERVAL", "ARRAY", "MULTISET", "MAP",
	"ROW", "RAW", "VARIANT", "BITMAP",
}

// intervalUnits maps qualifiers to the units of types.
var intervalUnits = map[[2]ast.TimeUnit]schema.IntervalUnit{
	{ast.Year, ast.NoUnit}: schema.UnitYear, {ast.Year, ast.Month}: schema.UnitYearToMonth, {ast.Month, ast.NoUnit}: schema.UnitMonth,
	{ast.Quarter, ast.NoUnit}: schema.UnitMonth, {ast.Week, ast.NoUnit}: schema.UnitDay,
	{ast.Day, ast.NoUnit}: schema.UnitDay, {ast.Day, ast.Hour}: schema.UnitDayToHour, {ast.Day, ast.Minute}: schema.UnitDayToMinute,
	{ast.Day, ast.Second}: schema.UnitDayToSecond, {ast.Hour, ast.NoUnit}: schema.UnitHour,
	{ast.Hour, ast.Minute}: schema.UnitHourToMinute, {ast.Hour, ast.Second}: schema.UnitHourToSecond,
	{ast.Minute, ast.NoUnit}: schema.UnitMinute, {ast.Minute, ast.Second}: schema.UnitMinuteToSecond,
	{ast.Second, ast.NoUnit}: schema.UnitSecond,
}

func intervalType(u *ast.IntervalUnits) (*schema.Type, error) {
	unit, ok := intervalUnits[[2]ast.TimeUnit{u.From, u.To}]
	if !ok {
		return nil, invalid(u, "an interval cannot have these units")
	}
	if unit <= schema.UnitMonth {
		return schema.NewYearMonthInterval(unit, orDefault(u.Precision, 2)), nil
	}
	fraction := orDefault(u.Fraction, 6)
	if u.From == ast.Second && u.To == ast.NoUnit || u.To == ast.Second {
		return schema.NewDayTimeInterval(unit, orDefault(u.Precision, 2), fraction), nil
	}
	return schema.NewDayTimeInterval(unit, orDefault(u.Precision, 2), 6), nil
}

func orDefault(n, def int) int {
	if n < 0 {
		return def
	}
	return n
}
