// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package csv_test

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/formats/csv"
	"spate/internal/formats/formattest"
	"spate/schema"
)

func columns(text string) schema.Schema {
	var s schema.Schema
	for _, f := range schema.MustParseType("ROW<" + text + ">").Fields {
		s = append(s, schema.Field{Name: f.Name, Type: f.Type})
	}
	return s
}

func decoder(tb testing.TB, cols schema.Schema, o connector.Options, counts map[string]int64) connector.Decoder {
	tb.Helper()
	wanted := make([]int, len(cols))
	for i := range wanted {
		wanted[i] = i
	}
	d, err := csv.Format().Decoder(&connector.FormatContext{Columns: cols, Wanted: wanted, Options: o, Count: func(m string, n int64) {
		if counts != nil {
			counts[m] += n
		}
	}})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestRoundTrip(t *testing.T) {
	cases := []formattest.Case{
		{Name: "numbers", Columns: columns("a BIGINT, b INT, c TINYINT, d SMALLINT, e DOUBLE, f FLOAT, g BOOLEAN"), Options: connector.Options{"null-literal": ""}},
		{Name: "decimals", Columns: columns("a DECIMAL(18, 2), b DECIMAL(30, 10), c DECIMAL(9, 9), d DECIMAL(5, 0)"), Options: connector.Options{"null-literal": "n/a"}},
		{Name: "texts", Columns: columns("a STRING, b STRING, c CHAR(3)"), Options: connector.Options{"null-literal": "NULL"}},
		{Name: "texts without null literal", Columns: columns("a STRING, b BIGINT, c STRING"), NoNulls: true},
		{Name: "times", Columns: columns("a TIMESTAMP(3), b TIMESTAMP(6), c TIMESTAMP(9), d TIMESTAMP_LTZ(3), e DATE, f TIME(0), g TIMESTAMP_LTZ(9)"), Options: connector.Options{"null-literal": ""}},
		{Name: "bytes", Columns: columns("a BYTES, b STRING"), Options: connector.Options{"null-literal": "-"}},
		{Name: "intervals", Columns: columns("a INTERVAL YEAR TO MONTH, b INTERVAL DAY TO SECOND(3)"), Options: connector.Options{"null-literal": "-"}},
		{Name: "collections", Columns: columns("a ARRAY<INT>, b ROW<x INT, y DATE>, c STRING"), NoNulls: true},
		{Name: "single column", Columns: columns("a STRING"), Options: connector.Options{"null-literal": "~"}},
		{Name: "tabs", Columns: columns("a STRING, b BIGINT"), Options: connector.Options{"field-delimiter": "\\t", "null-literal": "N"}},
		{Name: "other quote", Columns: columns("a STRING, b BIGINT, c STRING"), Options: connector.Options{"field-delimiter": "|", "quote-character": "'", "null-literal": "N"}},
		{Name: "escape", Columns: columns("a STRING, b BIGINT, c STRING"), Options: connector.Options{"escape-character": "\\", "null-literal": "N"}},
		{Name: "header", Columns: columns("a STRING, `b,c` BIGINT"), Options: connector.Options{"header": "true", "null-literal": "N"}},
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { formattest.RoundTrip(t, csv.Format(), c) })
	}
}

// show prints rows shortly: fields by |, NULL as ~, rows by newline.
func show(rows [][]schema.Value) string {
	var out []string
	for _, r := range rows {
		var fs []string
		for _, v := range r {
			switch {
			case v.Null:
				fs = append(fs, "~")
			case v.Elems != nil:
				fs = append(fs, "["+show([][]schema.Value{v.Elems})+"]")
			case v.S != "" || v.I == 0 && v.F == 0:
				fs = append(fs, v.S)
			case v.F != 0:
				fs = append(fs, fmt.Sprint(v.F))
			default:
				fs = append(fs, strconv.FormatInt(v.I, 10))
			}
		}
		out = append(out, strings.Join(fs, "|"))
	}
	return strings.Join(out, "\n")
}

func TestDecode(t *testing.T) {
	cases := []struct {
		name, columns, data, want string
		options                   connector.Options
		errors                    map[string]int64
	}{
		{name: "plain", columns: "a BIGINT, b STRING", data: "1,x\n-2,\n", want: "1|x\n-2|"},
		{name: "no line end at the end", columns: "a BIGINT, b STRING", data: "1,x\n2,y", want: "1|x\n2|y"},
		{name: "carriage returns", columns: "a BIGINT, b STRING", data: "1,x\r\n2,\"y\"\r\n3,z\r", want: "1|x\n2|y\n3|z"},
		{name: "quotes", columns: "a STRING, b STRING", data: "\"a,\"\"b\"\"\nc\",\"\"\nx\"y,\" z\"  \n", want: "a,\"b\"\nc|\nx\"y| z"},
		{name: "quoted numbers", columns: "a BIGINT, b INT", data: "\"12\", 7 \n+5,\"-1\"\n", want: "12|7\n5|-1"},
		{name: "long numbers", columns: "a BIGINT", data: "9223372036854775807\n-9223372036854775808\n123456789012345678\n", want: "9223372036854775807\n-9223372036854775808\n123456789012345678"},
		{name: "delimiter at the end", columns: "a BIGINT, b STRING", data: "1,x,\n2,y,\r\n3,z,", want: "1|x\n2|y\n3|z"},
		{name: "comments", columns: "a STRING", data: "#one\nx\n#two\n#", want: "x", options: connector.Options{"allow-comments": "true"}},
		{name: "no comments", columns: "a STRING", data: "#one\n", want: "#one"},
		{name: "null literal", columns: "a BIGINT, b STRING, c STRING", data: "n/a,n/a,\"n/a\"\n", want: "~|~|~", options: connector.Options{"null-literal": "n/a"}},
		{name: "numeric null literal", columns: "a BIGINT, b STRING", data: "-1,-1\n-2,x\n", want: "~|~\n-2|x", options: connector.Options{"null-literal": "-1"}},
		{name: "empty is null", columns: "a BIGINT, b STRING, c DOUBLE", data: ",,\n,x,1.5\n", want: "~|~|~\n~|x|1.5", options: connector.Options{"null-literal": ""}},
		{name: "escapes", columns: "a STRING, b STRING", data: "a\\,b,\"c\\\"d\\n\"\n\\t\\x,y\n", want: "a,b|c\"d\n\n\tx|y", options: connector.Options{"escape-character": "\\"}},
		{name: "no quotes", columns: "a STRING, b STRING", data: "\"x,y\"\n", want: "\"x|y\"", options: connector.Options{"disable-quote-character": "true"}},
		{name: "byte order mark and header", columns: "a BIGINT, b STRING", data: "\xEF\xBB\xBFname,\"other\nname\"\n1,x\n", want: "1|x", options: connector.Options{"header": "true"}},
		{name: "booleans", columns: "a BOOLEAN, b BOOLEAN, c BOOLEAN", data: "true, TRUE ,yes\n", want: "1|1|"},
		{name: "too large a decimal is NULL", columns: "a DECIMAL(4, 2), b DECIMAL(4, 2)", data: "1.235,100\n", want: "124|~"},
		{name: "not UTF-8", columns: "a STRING, b STRING", data: "x\xFFy,\"\xC3\"\n", want: "x\uFFFDy|\uFFFD"},
		{name: "arrays", columns: "a ARRAY<INT>, b ARRAY<STRING>, c ROW<x INT, y STRING>", data: "1;2,,1;x\n,a;;b,\n", want: "[1|2]||[1|x]\n|[a||b]|~"},
		{name: "array delimiter", columns: "a ARRAY<INT>", data: "1::2\n", want: "[1|2]", options: connector.Options{"array-element-delimiter": "::"}},
		{name: "one-digit dates", columns: "a DATE, b TIMESTAMP(3)", data: "2020-1-2,2020-1-2 3:04:05.5\n", want: "18263|1577934245500"},
		{
			name: "skipped rows", columns: "a BIGINT, b STRING", data: "1,x\n2,y,z\n3,\"q\"r\n4,v\n", want: "1|x\n4|v", options: connector.Options{"ignore-parse-errors": "true"},
			errors: map[string]int64{"numRecordsInErrors": 2},
		},
		{
			name: "null fields", columns: "a BIGINT, b DATE, c STRING", data: "x,2020-13-01,y\n5,2020-01-01\n\n", want: "~|~|y\n5|18262|~\n~|~|~", options: connector.Options{"ignore-parse-errors": "true"},
			errors: map[string]int64{"numFieldsInErrors": 3},
		},
		{
			name: "open quote at the end", columns: "a BIGINT, b STRING", data: "1,x\n2,\"y\n3,z\n", want: "1|x", options: connector.Options{"ignore-parse-errors": "true"},
			errors: map[string]int64{"numRecordsInErrors": 1},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cols := columns(c.columns)
			for _, limit := range formattest.Limits {
				for _, piece := range formattest.Pieces {
					counts := map[string]int64{}
					got, err := formattest.Decode(t, decoder(t, cols, c.options, counts), cols.Types(), []byte(c.data), limit, piece)
					if err != nil {
						t.Fatalf("limit %d, piece %d: %v %+v", limit, piece, err, err)
					}
					if show(got) != c.want {
						t.Fatalf("limit %d, piece %d:\n%q, want\n%q", limit, piece, show(got), c.want)
					}
					if c.errors != nil && !reflect.DeepEqual(counts, c.errors) || c.errors == nil && len(counts) > 0 {
						t.Fatalf("limit %d, piece %d: errors %v, want %v", limit, piece, counts, c.errors)
					}
				}
			}
		})
	}
}

func TestErrors(t *testing.T) {
	cases := []struct {
		name, columns, data string
		options             connector.Options
		want                connector.RowError
		rows                int
	}{
		{
			name: "number", columns: "a BIGINT, b BIGINT", data: "1,2\n3,x4\n5,6\n", rows: 1,
			want: connector.RowError{Line: 2, Column: 3, Field: "b", Reason: "'x4' is not a number of type BIGINT", Text: "3,x4"},
		},
		{name: "too few", columns: "a BIGINT, b BIGINT", data: "1\n", want: connector.RowError{Line: 1, Column: 2, Reason: "the row has fewer fields than the table has columns", Text: "1"}},
		{
			name: "empty line", columns: "a STRING, b BIGINT", data: "x,1\n\n", rows: 1,
			want: connector.RowError{Line: 2, Column: 1, Reason: "the row has fewer fields than the table has columns"},
		},
		{name: "too many", columns: "a BIGINT", data: "1,2\r\n", want: connector.RowError{Line: 1, Column: 3, Reason: "the row has more fields than the table has columns", Text: "1,2"}},
		{name: "behind a quote", columns: "a STRING", data: "\"x\"y\n", want: connector.RowError{Line: 1, Column: 4, Field: "a", Reason: "there is more behind the closing quote", Text: "\"x\"y"}},
		{name: "open quote", columns: "a BIGINT, b STRING", data: "1,\"x\ny", want: connector.RowError{Line: 1, Column: 3, Field: "b", Reason: "the closing quote is missing", Text: "1,\"x\ny"}},
		{
			name: "behind lines in quotes", columns: "a STRING, b INT", data: "\"a\nb\",1\n\"c\nd\",x\n", rows: 1,
			want: connector.RowError{Line: 4, Column: 4, Field: "b", Reason: "'x' is not a number of type INT", Text: "\"c\nd\",x"},
		},
		{
			name: "header counts", columns: "a INT", data: "a\nx\n", options: connector.Options{"header": "true"},
			want: connector.RowError{Line: 2, Column: 1, Field: "a", Reason: "'x' is not a number of type INT", Text: "x"},
		},
		{name: "date", columns: "a DATE", data: "2020-02-30\n", want: connector.RowError{Line: 1, Column: 1, Field: "a", Reason: "'2020-02-30' is not a DATE", Text: "2020-02-30"}},
		{name: "timestamp", columns: "a TIMESTAMP(3)", data: "2020-02-03\n", want: connector.RowError{Line: 1, Column: 1, Field: "a", Reason: "'2020-02-03' is not a TIMESTAMP", Text: "2020-02-03"}},
		{name: "empty number", columns: "a INT, b INT", data: ",1\n", want: connector.RowError{Line: 1, Column: 1, Field: "a", Reason: "'' is not a number of type INT", Text: ",1"}},
		{name: "array", columns: "a ARRAY<INT>", data: "1;x\n", want: connector.RowError{Line: 1, Column: 1, Field: "a", Reason: "'1;x' holds 'x', which is not a number of type INT", Text: "1;x"}},
		{name: "range", columns: "a TINYINT", data: "128\n", want: connector.RowError{Line: 1, Column: 1, Field: "a", Reason: "'128' is not a number of type TINYINT", Text: "128"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cols := columns(c.columns)
			for _, limit := range formattest.Limits {
				for _, piece := range formattest.Pieces {
					got, err := formattest.Decode(t, decoder(t, cols, c.options, nil), cols.Types(), []byte(c.data), limit, piece)
					var re *connector.RowError
					if !errors.As(err, &re) {
						t.Fatalf("error %v", err)
					}
					if *re != c.want || len(got) != c.rows {
						t.Fatalf("limit %d, piece %d: %d rows, %+v, want\n%+v", limit, piece, len(got), *re, c.want)
					}
				}
			}
		})
	}
}

func TestEncode(t *testing.T) {
	i, s := schema.IntValue, schema.StringValue
	cases := []struct {
		columns string
		row     []schema.Value
		options connector.Options
		want    string
	}{
		{"a INT, b STRING, c STRING", []schema.Value{i(1), s("x"), schema.NullValue}, nil, "1,x,\n"},
		{"a STRING, b STRING", []schema.Value{s("two words"), s("Über")}, nil, "\"two words\",Über\n"},
		{"a STRING", []schema.Value{s("abcdefghijklmnopqrstuvwx")}, nil, "abcdefghijklmnopqrstuvwx\n"},
		{"a STRING", []schema.Value{s("abcdefghijklmnopqrstuvwxy")}, nil, "\"abcdefghijklmnopqrstuvwxy\"\n"},
		{"a STRING", []schema.Value{s("a\"b")}, nil, "\"a\"\"b\"\n"},
		{"a STRING", []schema.Value{s("a\"b")}, connector.Options{"escape-character": "\\"}, "\"a\\\"b\"\n"},
		{"a STRING, b STRING", []schema.Value{s(""), s("a b")}, connector.Options{"disable-quote-character": "true"}, ",a b\n"},
		{"a BOOLEAN, b DOUBLE, c FLOAT", []schema.Value{i(1), schema.FloatValue(1e10), schema.FloatValue(0.5)}, nil, "true,1.0E10,0.5\n"},
		{"a DECIMAL(10, 2), b DECIMAL(10, 2), c DECIMAL(10, 9)", []schema.Value{i(120), i(10000), i(27)}, nil, "1.2,1E+2,2.7E-8\n"},
		{"a DECIMAL(10, 2), b DECIMAL(10, 2), c DECIMAL(10, 9)", []schema.Value{i(-120), i(10000), i(-27)}, connector.Options{"write-bigdecimal-in-scientific-notation": "false"}, "-1.2,100,-0.000000027\n"},
		{"a TIMESTAMP(3), b DATE, c TIME(0)", []schema.Value{i(1602288000000), i(18545), i(3_661_000)}, nil, "\"2020-10-10 00:00:00\",2020-10-10,01:01:01\n"},
		{"a TIMESTAMP(6)", []schema.Value{i(1602288000120000)}, nil, "\"2020-10-10 00:00:00.12\"\n"},
		{"a TIMESTAMP_LTZ(3)", []schema.Value{i(1602288000001)}, nil, "\"2020-10-10 00:00:00.001Z\"\n"},
		{"a ARRAY<INT>, b ROW<x INT, y STRING>", []schema.Value{{Elems: []schema.Value{i(1), schema.NullValue, i(3)}}, {Elems: []schema.Value{i(1), s("z")}}}, nil, "1;;3,1;z\n"},
		{"a INT, b STRING", []schema.Value{schema.NullValue, i(0)}, connector.Options{"null-literal": "\\N", "field-delimiter": "|"}, "\\N|\n"},
	}
	for _, c := range cases {
		cols := columns(c.columns)
		b := batch.New(cols.Types())
		b.AppendRow(schema.Insert, c.row...)
		e, err := csv.Format().Encoder(&connector.FormatContext{Columns: cols, Options: c.options})
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Encode(nil, b, []int32{0})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.columns, got, c.want, err)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		columns string
		o       connector.Options
		want    string
	}{
		{"a INT", connector.Options{"field-delimiter": ";;"}, "one ASCII character"},
		{"a INT", connector.Options{"quote-character": "'", "disable-quote-character": "true"}, "exclude each other"},
		{"a INT", connector.Options{"quote-character": ","}, "another character than the field delimiter"},
		{"a MAP<STRING, INT>", nil, "cannot hold column a of type MAP<"},
		{"a ARRAY<ARRAY<INT>>", nil, "cannot hold column a"},
	} {
		_, err := csv.Format().Decoder(&connector.FormatContext{Columns: columns(c.columns), Options: c.o})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

func TestBids(t *testing.T) {
	bids := formattest.Bids(1, 5000)
	got, err := formattest.Decode(t, decoder(t, formattest.BidSchema, nil, nil), formattest.BidSchema.Types(), formattest.CSV(bids), 4096, 1<<16)
	if err != nil || len(got) != len(bids) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i := range bids {
		if !reflect.DeepEqual(got[i], bids[i].Values()) {
			t.Fatalf("row %d: %+v, want %+v", i, got[i], bids[i])
		}
	}
}

func TestNoAllocations(t *testing.T) {
	data := formattest.CSV(formattest.Bids(2, 4096))
	d := decoder(t, formattest.BidSchema, nil, nil)
	pool := batch.NewPool(formattest.BidSchema.Types(), nil)
	run := func() {
		b := pool.Get()
		d.Reset(true)
		n, err := d.Decode(data, true, b, batch.MaxRows)
		if err != nil || n != len(data) {
			t.Fatalf("%d bytes of %d, %v", n, len(data), err)
		}
		b.Release()
	}
	run()
	if n := testing.AllocsPerRun(10, run); n > 0 {
		t.Errorf("%v allocations for 4096 rows", n)
	}
}

func BenchmarkFormatsCSV(b *testing.B) {
	formattest.Benchmark(b, decoder(b, formattest.BidSchema, nil, nil), formattest.CSV(formattest.Bids(1, 100_000)))
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("1,x,2020-01-01 00:00:00.000,1;2\n\"2\",\"a\"\"b\",,\n"), uint8(0))
	f.Add([]byte("#c\n3,\\,y,z"), uint8(7))
	cols := columns("a BIGINT, b STRING, c TIMESTAMP(3), d ARRAY<INT>, e DECIMAL(5, 2)")
	f.Fuzz(func(t *testing.T, data []byte, flags uint8) {
		o := connector.Options{}
		if flags&1 != 0 {
			o["escape-character"] = "\\"
		}
		if flags&2 != 0 {
			o["allow-comments"] = "true"
		}
		if flags&4 != 0 {
			o["ignore-parse-errors"] = "true"
		}
		if flags&8 != 0 {
			o["null-literal"] = ""
		}
		// However the bytes come in pieces, the rows and the error are the same.
		want, wantErr := formattest.Decode(t, decoder(t, cols, o, nil), cols.Types(), data, 4096, 1<<20)
		got, err := formattest.Decode(t, decoder(t, cols, o, nil), cols.Types(), data, 3, 5)
		if show(got) != show(want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("in pieces %q %v, at once %q %v", show(got), err, show(want), wantErr)
		}
	})
}
