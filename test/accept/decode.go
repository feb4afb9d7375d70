// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"spate/internal/col/bitmap"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/schema"
)

// columnType reads a declared type. Types that Java classes stand for (LEGACY) are those that hold the values.
func columnType(declared string, values []typed) (*schema.Type, error) {
	attr := schema.NotTimeAttr
	if t, ok := strings.CutSuffix(declared, " *ROWTIME*"); ok {
		declared, attr = t, schema.RowTime
	} else if t, ok := strings.CutSuffix(declared, " *PROCTIME*"); ok {
		declared, attr = t, schema.ProcTime
	}
	if !strings.Contains(declared, "LEGACY(") {
		t, err := schema.ParseType(declared)
		if err != nil {
			return nil, err
		}
		return t.WithAttr(attr), nil
	}
	if strings.HasPrefix(declared, "LEGACY('DECIMAL'") {
		return schema.NewDecimal(38, 18), nil
	}
	if t := legacyDecimal(declared); t != nil {
		return t, nil
	}
	if t := inferType(values); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("type %.60s names a Java class and no value tells what it holds", declared)
}

// legacyDecimal finds precision and scale at the end of a serialized Java type of decimals; nil for other types.
func legacyDecimal(declared string) *schema.Type {
	class, rest, ok := strings.Cut(strings.TrimPrefix(declared, "LEGACY('RAW', 'ANY<"), ", ")
	if !ok || !strings.HasSuffix(class, ".DecimalData") && class != "java.math.BigDecimal" {
		return nil
	}
	code := strings.TrimRight(strings.TrimSuffix(rest, ">')"), "=")
	b, err := base64.RawURLEncoding.DecodeString(code)
	if err != nil || len(b) < 8 {
		return nil
	}
	p, s := binary.BigEndian.Uint32(b[len(b)-8:]), binary.BigEndian.Uint32(b[len(b)-4:])
	if p < 1 || p > schema.MaxDecimal || s > p {
		return nil
	}
	return schema.NewDecimal(int(p), int(s))
}

// decode turns a recorded value into a value of a type.
func decode(v *typed, t *schema.Type) (schema.Value, error) {
	if v.null() {
		return schema.NullValue, nil
	}
	out, err := decodeValue(v, t)
	if err != nil {
		return out, fmt.Errorf("recorded %s %.60s as %s: %w", v.key, v.payload, t.Summary(), err)
	}
	return out, nil
}

var errForm = errors.New("the recorded value does not fit the type")

func decodeValue(v *typed, t *schema.Type) (schema.Value, error) {
	switch t.Root {
	case schema.Array:
		return decodeList(v, t)
	case schema.Map, schema.Multiset:
		return decodeMap(v, t)
	case schema.Row, schema.Structured:
		return decodeRow(v, t)
	case schema.Boolean:
		var b bool
		err := json.Unmarshal(v.payload, &b)
		return schema.BoolValue(b), err
	case schema.Bitmap:
		return decodeBitmap(v)
	default:
	}
	s, err := v.scalar()
	if err != nil {
		return schema.Value{}, err
	}
	switch t.Root {
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt:
		return decodeInteger(v, s)
	case schema.Float:
		f, err := strconv.ParseFloat(s, 32)
		return schema.FloatValue(f), err
	case schema.Double:
		f, err := strconv.ParseFloat(s, 64)
		return schema.FloatValue(f), err
	case schema.Decimal:
		return decodeDecimal(s, t)
	case schema.Char, schema.Varchar:
		return schema.StringValue(s), nil
	case schema.Raw:
		return schema.StringValue(s), nil // Any bytes will do: nothing but Java reads them.
	case schema.Variant:
		if v.key != "VARIANT" {
			return schema.Value{}, errForm
		}
		return schema.StringValue(s), nil
	case schema.Binary, schema.Varbinary:
		if v.key == "STRING" {
			return schema.StringValue(s), nil
		}
		b, err := hex.DecodeString(s)
		return schema.StringValue(string(b)), err
	case schema.Date:
		days, err := parseDays(s)
		return schema.IntValue(days), err
	case schema.Time:
		micros, nanos, err := parseClock(s)
		return schema.IntValue(micros/1000 + int64(nanos)/1_000_000), err
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		if v.key == "BIGINT" || v.key == "INT" {
			ms, err := strconv.ParseInt(s, 10, 64)
			return timestampValue(ms*1000, 0, t), err
		}
		micros, nanos, err := parseInstant(s)
		return timestampValue(micros, nanos, t), err
	case schema.IntervalYearMonth:
		n, err := strconv.ParseInt(s, 10, 32)
		return schema.IntValue(n), err
	case schema.IntervalDayTime:
		return decodeSeconds(s)
	default:
		return schema.Value{}, errForm
	}
}

// scalar returns the payload of a value without parts as text.
func (v *typed) scalar() (string, error) {
	if len(v.payload) > 0 && v.payload[0] == '"' {
		var s string
		err := json.Unmarshal(v.payload, &s)
		return s, err
	}
	switch c := v.payload; {
	case len(c) == 0, c[0] == '{', c[0] == '[':
		return "", errForm
	}
	return string(v.payload), nil
}

func decodeInteger(v *typed, s string) (schema.Value, error) {
	if v.key == "STRING" {
		return schema.Value{}, errForm
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return schema.IntValue(n), err
}

func decodeDecimal(s string, t *schema.Type) (schema.Value, error) {
	x, status := decimal.Parse([]byte(s), schema.MaxDecimal, t.Scale)
	if status != decimal.OK {
		return schema.Value{}, errForm
	}
	// A value with more digits than the type would be rounded.
	if r, ok := new(big.Rat).SetString(s); !ok || r.Cmp(new(big.Rat).SetFrac(decimal.Big(x), pow10(t.Scale))) != 0 {
		return schema.Value{}, errForm
	}
	if t.Physical() == schema.PhysInt64 {
		return schema.IntValue(int64(x.Lo)), nil
	}
	return schema.Value{Wide: x}, nil
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func decodeSeconds(s string) (schema.Value, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return schema.Value{}, errForm
	}
	r.Mul(r, big.NewRat(1000, 1))
	ms := new(big.Int).Quo(r.Num(), r.Denom())
	return schema.IntValue(ms.Int64()), nil
}

func decodeList(v *typed, t *schema.Type) (schema.Value, error) {
	list, err := v.list()
	out := schema.Value{Elems: make([]schema.Value, len(list))}
	for i := range list {
		if err != nil {
			break
		}
		out.Elems[i], err = decode(&list[i], t.Elem)
	}
	return out, err
}

func decodeMap(v *typed, t *schema.Type) (schema.Value, error) {
	pairs, err := v.entries()
	var out schema.Value
	kids := t.Children()
	for _, p := range pairs {
		for side := range p {
			var x schema.Value
			if x, err = decode(&p[side], kids[side]); err != nil {
				return out, err
			}
			out.Elems = append(out.Elems, x)
		}
	}
	return out, err
}

func decodeRow(v *typed, t *schema.Type) (schema.Value, error) {
	if v.key == "STRUCT" {
		return decodeStruct(v, t)
	}
	list, err := v.list()
	if err != nil {
		return schema.Value{}, err
	}
	if len(list) != len(t.Fields) {
		return schema.Value{}, fmt.Errorf("%d fields, the type has %d", len(list), len(t.Fields))
	}
	out := schema.Value{Elems: make([]schema.Value, len(list))}
	for i := range list {
		if out.Elems[i], err = decode(&list[i], t.Fields[i].Type); err != nil {
			return out, err
		}
	}
	return out, nil
}

func decodeStruct(v *typed, t *schema.Type) (schema.Value, error) {
	members, err := v.members()
	if err != nil {
		return schema.Value{}, err
	}
	out := schema.Value{Elems: make([]schema.Value, len(t.Fields))}
	for i := range out.Elems {
		out.Elems[i] = schema.NullValue
	}
	for i := range members {
		at := t.FieldIndex(members[i].name)
		if at < 0 {
			return out, fmt.Errorf("no field %s", members[i].name)
		}
		if out.Elems[at], err = decode(&members[i].value, t.Fields[at].Type); err != nil {
			return out, err
		}
	}
	return out, nil
}

// timestampValue returns a timestamp in the form of its type's precision; more digits are dropped.
func timestampValue(micros int64, nanos int16, t *schema.Type) schema.Value {
	switch {
	case t.Precision <= 3:
		return schema.IntValue(civil.FloorDiv(micros, 1000))
	case t.Precision <= 6:
		return schema.IntValue(micros)
	}
	return schema.Value{I: micros, Nanos: nanos}
}

// parseDays reads a date of java.time: years may have a sign and more than four digits.
func parseDays(s string) (int64, error) {
	negative := strings.HasPrefix(s, "-")
	parts := strings.Split(strings.TrimLeft(s, "+-"), "-")
	if len(parts) != 3 {
		return 0, errForm
	}
	var n [3]int
	for i, p := range parts {
		x, err := strconv.Atoi(p)
		if err != nil {
			return 0, errForm
		}
		n[i] = x
	}
	if negative {
		n[0] = -n[0]
	}
	return civil.Days(n[0], n[1], n[2]), nil
}

// parseClock reads HH:MM[:SS[.f]].
func parseClock(s string) (micros int64, nanos int16, err error) {
	whole, frac, _ := strings.Cut(s, ".")
	parts := strings.Split(whole, ":")
	if len(parts) < 2 || len(parts) > 3 || len(frac) > 9 {
		return 0, 0, errForm
	}
	seconds := int64(0)
	for i, unit := range []int64{3600, 60, 1} {
		if i < len(parts) {
			n, err := strconv.Atoi(parts[i])
			if err != nil {
				return 0, 0, errForm
			}
			seconds += int64(n) * unit
		}
	}
	f, err := strconv.ParseInt((frac + "000000000")[:9], 10, 64)
	return seconds*1_000_000 + f/1000, int16(f % 1000), err
}

// parseInstant reads a timestamp, with Z, an offset or a region for an instant.
func parseInstant(s string) (micros int64, nanos int16, err error) {
	date, clock, ok := strings.Cut(s, "T")
	if !ok {
		if date, clock, ok = strings.Cut(s, " "); !ok {
			return 0, 0, errForm
		}
	}
	days, err := parseDays(date)
	if err != nil {
		return 0, 0, err
	}
	offset := int64(0)
	if i := strings.IndexAny(clock, "Z+-"); i >= 0 {
		if zone := clock[i:]; zone != "Z" {
			at, err := time.Parse("Z07:00", zone)
			if err != nil {
				return 0, 0, err
			}
			_, seconds := at.Zone()
			offset = int64(seconds)
		}
		clock = clock[:i]
	}
	micros, nanos, err = parseClock(clock)
	return days*86_400_000_000 + micros - offset*1_000_000, nanos, err
}

// decodeRowValues decodes the fields of a row by column types.
func decodeRowValues(v *typed, types []*schema.Type) ([]schema.Value, error) {
	return decodeColumns(v, types, false)
}

// decodeColumns is decodeRowValues; with more, the row may have more values than there are columns.
func decodeColumns(v *typed, types []*schema.Type, more bool) ([]schema.Value, error) {
	list, err := columnValues(v, types)
	if err != nil {
		return nil, err
	}
	if len(list) < len(types) || len(list) > len(types) && !more {
		return nil, fmt.Errorf("a row of %d values for %d columns", len(list), len(types))
	}
	out := make([]schema.Value, len(types))
	for i := range out {
		if out[i], err = decode(&list[i], types[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// columnValues returns the values of a row's columns: those of a ROW or of a STRUCT, or the value itself where a row of one column
// is recorded bare.
func columnValues(v *typed, types []*schema.Type) ([]typed, error) {
	switch v.key {
	case "ROW":
		list, err := v.list()
		if err != nil || len(types) != 1 || types[0].Root != schema.Row || v.kind != "" {
			return list, err
		}
		if len(list) == 1 && (list[0].null() || list[0].key == "ROW" || list[0].key == "STRUCT") {
			return list, nil
		}
	case "STRUCT":
		if len(types) == 1 && types[0].Root == schema.Row {
			break
		}
		members, err := v.members()
		list := make([]typed, len(members))
		for i := range members {
			list[i] = members[i].value
		}
		return list, err
	}
	return []typed{*v}, nil
}

// floatText is the text of a float, as Java prints it.
func floatText(f float64, t *schema.Type) string {
	if t.Root == schema.Float {
		return string(text.AppendFloat(nil, float32(f)))
	}
	return string(text.AppendDouble(nil, f))
}

// decodeBitmap reads a set of numbers, or of ranges with both ends.
func decodeBitmap(v *typed) (schema.Value, error) {
	var set bitmap.Set
	switch v.key {
	case "BITMAP":
		var members []uint32
		if err := json.Unmarshal(v.payload, &members); err != nil {
			return schema.Value{}, err
		}
		for _, m := range members {
			set.Add(m)
		}
	case "BITMAP_RANGES":
		var ranges [][2]uint32
		if err := json.Unmarshal(v.payload, &ranges); err != nil {
			return schema.Value{}, err
		}
		for _, r := range ranges {
			set.AddRange(r[0], r[1])
		}
	default:
		return schema.Value{}, errForm
	}
	b, err := set.Append(nil)
	return schema.StringValue(string(b)), err
}
