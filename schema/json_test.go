// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"spate/schema"
)

func TestTypeJSON(t *testing.T) {
	row := schema.NewRow(schema.Field{Name: "a", Type: schema.NewTimestamp(3).WithAttr(schema.RowTime).WithAttr(schema.NotTimeAttr), Comment: "c"})
	for _, typ := range []*schema.Type{
		schema.TypeInt, schema.TypeString.NotNull(), schema.NewChar(0), schema.NewVarchar(0), schema.New(schema.Symbol),
		schema.New(schema.Descriptor), schema.TypeNull, row, schema.NewTimestamp(3).WithAttr(schema.RowTime),
		schema.NewTimestampLTZ(3).NotNull().WithAttr(schema.ProcTime), schema.New(schema.Invalid),
	} {
		b, err := json.Marshal(typ)
		if err != nil {
			t.Fatal(err)
		}
		var got *schema.Type
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !reflect.DeepEqual(got, typ) {
			t.Errorf("%s comes back as %+v, want %+v", b, got, typ)
		}
	}
	var typ *schema.Type
	for _, bad := range []string{`"INT *ROWTIME*"`, `"NOPE"`, `7`} {
		if err := json.Unmarshal([]byte(bad), &typ); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}

func TestSchemaJSON(t *testing.T) {
	s := schema.Schema{{Name: "a", Type: schema.TypeInt}, {Name: "b", Type: schema.NewDecimal(5, 2).NotNull(), Comment: "it's"}}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"name":"a","type":"INT"},{"name":"b","type":"DECIMAL(5, 2) NOT NULL","comment":"it's"}]`; string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
	var got schema.Schema
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, s) {
		t.Errorf("came back as %v", got)
	}
}

func TestValueJSON(t *testing.T) {
	for _, v := range []schema.Value{
		{},
		schema.NullValue, schema.IntValue(math.MaxInt64), schema.IntValue(math.MinInt64),
		schema.FloatValue(math.Inf(1)), schema.FloatValue(math.Inf(-1)), schema.FloatValue(math.Copysign(0, -1)),
		schema.FloatValue(0.1), schema.FloatValue(math.SmallestNonzeroFloat64), schema.FloatValue(math.NaN()),
		{Wide: schema.Int128{Lo: math.MaxUint64, Hi: math.MinInt64}},
		{I: -5, Nanos: 999},
		schema.StringValue("it's \u2028 <b>"), schema.StringValue("\xff\x00\xfe"), schema.StringValue("\ufffd"),
		{Elems: []schema.Value{schema.NullValue, schema.IntValue(1), {Elems: []schema.Value{schema.StringValue("x")}}}},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var got schema.Value
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if math.Float64bits(got.F) != math.Float64bits(v.F) {
			t.Errorf("%s: float %x, want %x", b, math.Float64bits(got.F), math.Float64bits(v.F))
		}
		got.F, v.F = 0, 0
		if !reflect.DeepEqual(got, v) {
			t.Errorf("%s comes back as %+v, want %+v", b, got, v)
		}
	}
}
