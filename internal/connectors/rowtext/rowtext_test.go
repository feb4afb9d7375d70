// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package rowtext_test

import (
	"testing"

	"spate/batch"
	"spate/internal/connectors/rowtext"
	"spate/schema"
)

func list(vs ...schema.Value) schema.Value { return schema.Value{Elems: vs} }

func TestValues(t *testing.T) {
	i, s := schema.IntValue, schema.StringValue
	cases := []struct {
		typ   string
		value schema.Value
		want  string
	}{
		{"INT", i(-7), "-7"},
		{"INT", schema.NullValue, "null"},
		{"STRING", s("a b"), "a b"},
		{"BOOLEAN", schema.BoolValue(true), "true"},
		{"DOUBLE", schema.FloatValue(1e10), "1.0E10"},
		{"FLOAT", schema.FloatValue(0.5), "0.5"},
		{"DECIMAL(10, 2)", i(-120), "-1.20"},
		{"DECIMAL(18, 9)", i(27), "2.7E-8"},
		{"DECIMAL(18, 9)", i(-1000), "-0.000001000"},
		{"DECIMAL(18, 9)", i(100), "1.00E-7"},
		{"DECIMAL(18, 9)", i(0), "0E-9"},
		{"DECIMAL(6, 5)", i(0), "0.00000"},
		{"DECIMAL(20, 3)", schema.Value{Wide: schema.Int128{Lo: 12345}}, "12.345"},
		{"BYTES", s("\x01\xfe"), "[1, -2]"},
		{"DATE", i(18545), "2020-10-10"},
		{"TIME(0)", i(0), "00:00"},
		{"TIME(3)", i(3_661_500), "01:01:01.500"},
		{"TIMESTAMP(3)", i(1602288000000), "2020-10-10T00:00"},
		{"TIMESTAMP(3)", i(1602288001000), "2020-10-10T00:00:01"},
		{"TIMESTAMP(6)", i(1602288000000100), "2020-10-10T00:00:00.000100"},
		{"TIMESTAMP(9)", schema.Value{I: 1602288000000000, Nanos: 7}, "2020-10-10T00:00:00.000000007"},
		{"TIMESTAMP(3)", i(-1), "1969-12-31T23:59:59.999"},
		{"TIMESTAMP_LTZ(3)", i(1602288000000), "2020-10-10T00:00:00Z"},
		{"INTERVAL YEAR TO MONTH", i(14), "P1Y2M"},
		{"INTERVAL MONTH", i(14), "P14M"},
		{"INTERVAL YEAR TO MONTH", i(-14), "P-1Y-2M"},
		{"INTERVAL DAY TO SECOND(3)", i(93_784_500), "PT26H3M4.5S"},
		{"INTERVAL DAY TO SECOND(3)", i(0), "PT0S"},
		{"INTERVAL DAY TO SECOND(3)", i(-500), "PT-0.5S"},
		{"ARRAY<INT>", list(i(1), schema.NullValue), "[1, null]"},
		{"MAP<STRING, INT>", list(s("k"), i(1), s("l"), i(2)), "{k=1, l=2}"},
		{"ROW<a INT, b ROW<c STRING>>", list(i(1), list(s("x"))), "+I[1, +I[x]]"},
	}
	for _, c := range cases {
		v := batch.NewVector(schema.MustParseType(c.typ))
		v.AppendValue(c.value)
		if got := string(rowtext.AppendValue(nil, v, 0)); got != c.want {
			t.Errorf("%s: %q, want %q", c.typ, got, c.want)
		}
	}
}

func TestRow(t *testing.T) {
	b := batch.New([]*schema.Type{schema.TypeInt, schema.TypeString, schema.TypeBigInt})
	b.AppendRow(schema.Insert, schema.IntValue(1), schema.StringValue("abc"), schema.NullValue)
	b.AppendRow(schema.UpdateBefore, schema.IntValue(2), schema.StringValue(""), schema.IntValue(9))
	if got := string(rowtext.AppendRow(nil, b, 0)); got != "+I[1, abc, null]" {
		t.Error(got)
	}
	if got := string(rowtext.AppendRow(nil, b, 1)); got != "-U[2, , 9]" {
		t.Error(got)
	}
}
