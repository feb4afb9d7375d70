// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json_test

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/internal/formats/formattest"
	"spate/internal/formats/json"
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
	d, err := json.Format().Decoder(&connector.FormatContext{Columns: cols, Wanted: wanted, Options: o, Count: func(m string, n int64) {
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
	times := "a TIMESTAMP(3), b TIMESTAMP(6), c TIMESTAMP(9), d TIMESTAMP_LTZ(3), e DATE, f TIME(0), g TIMESTAMP_LTZ(9)"
	cases := []formattest.Case{
		{Name: "numbers", Columns: columns("a BIGINT, b INT, c TINYINT, d SMALLINT, e DOUBLE, f FLOAT, g BOOLEAN")},
		{Name: "decimals", Columns: columns("a DECIMAL(18, 2), b DECIMAL(30, 10), c DECIMAL(9, 9), d DECIMAL(5, 0)")},
		{Name: "plain decimals", Columns: columns("a DECIMAL(18, 2), b DECIMAL(30, 10)"), Options: connector.Options{"encode.decimal-as-plain-number": "true"}},
		{Name: "texts", Columns: columns("a STRING, b STRING, c CHAR(3)")},
		{Name: "SQL times", Columns: columns(times)},
		{Name: "ISO times", Columns: columns(times), Options: connector.Options{"timestamp-format.standard": "ISO-8601"}},
		{Name: "offset times", Columns: columns(times), Options: connector.Options{"timestamp-format.standard": "ISO-8601-WITH-OFFSET"}},
		{Name: "bytes", Columns: columns("a BYTES, b STRING")},
		{Name: "intervals", Columns: columns("a INTERVAL YEAR TO MONTH, b INTERVAL DAY TO SECOND(3)")},
		{Name: "collections", Columns: columns("a ARRAY<INT>, b ROW<x INT, y ROW<z STRING, t TIMESTAMP(3)>>, c MAP<STRING, ARRAY<BIGINT>>, d MULTISET<STRING>, e ARRAY<ROW<x INT>>")},
		{Name: "without nulls", Columns: columns("a INT, b ROW<x INT, y STRING>, c STRING"), Options: connector.Options{"encode.ignore-null-fields": "true"}},
		{Name: "odd names", Columns: columns("`a\"b` INT, `\\` INT, `é` INT, `a long name that is longer than thirty-two bytes` INT")},
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { formattest.RoundTrip(t, json.Format(), c) })
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
	ignore := connector.Options{"ignore-parse-errors": "true"}
	cases := []struct {
		name, columns, data, want string
		options                   connector.Options
		errors                    map[string]int64
	}{
		{name: "plain", columns: "a BIGINT, b STRING", data: `{"a":1,"b":"x"}
{"a":-2,"b":""}`, want: "1|x\n-2|"},
		{name: "blanks and line ends", columns: "a BIGINT, b STRING", data: "\n { \"a\" :\t1 , \"b\": \"x\" } \r\n\r\n  \n{\"b\":\"y\" ,\"a\":2}\r\n", want: "1|x\n2|y"},
		{name: "spaced keys are learned", columns: "a BIGINT, b STRING", data: strings.Repeat("{\"a\": 1, \"b\": \"x\"}\n", 4), want: strings.TrimSpace(strings.Repeat("1|x\n", 4))},
		{name: "missing, unknown and null", columns: "a BIGINT, b STRING", data: `{}
{"b":null,"z":[1,{"a":2}],"a":3}
{"z":"}\"","b":"y"}`, want: "~|~\n3|~\n~|y"},
		{name: "equal keys", columns: "a BIGINT, b STRING, c ARRAY<INT>", data: `{"a":1,"b":"long text","c":[1,2],"a":2,"b":"y","c":[3]}`, want: "2|y|[3]"},
		{name: "keys change", columns: "a BIGINT, b BIGINT", data: `{"a":1,"b":2}
{"b":4,"a":3}
{"b":6,"a":5}
{"b":8,"a":7}
{"b":10,"a":9}
{"a":11,"b":12}`, want: "1|2\n3|4\n5|6\n7|8\n9|10\n11|12"},
		{name: "escapes", columns: "a STRING, b STRING", data: `{"a":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00","\u0062":"\ud800x\udc00"}`, want: "\"\\/\b\f\n\r\té😀|?x?"},
		{name: "long texts", columns: "a STRING", data: `{"a":"` + strings.Repeat("é", 3000) + `\n` + strings.Repeat("x", 3000) + `"}`, want: strings.Repeat("é", 3000) + "\n" + strings.Repeat("x", 3000)},
		{name: "texts of other values", columns: "a STRING, b STRING, c STRING, d STRING", data: `{"a":1.50,"b":true,"c":{ "x" : [ 1 , "\u00e9\n" ] , "y" : {} },"d":[ ]}`, want: "1.50|true|{\"x\":[1,\"é\\n\"],\"y\":{}}|[]"},
		{name: "numbers as texts", columns: "a BIGINT, b INT, c DOUBLE, d DECIMAL(5, 2), e TINYINT, f BOOLEAN", data: `{"a":" 7 ","b":"-8","c":"1e3","d":" 1.5 ","e":"3","f":" TRUE "}`, want: "7|-8|1000|150|3|1"},
		{name: "fractions are cut off", columns: "a BIGINT, b INT, c SMALLINT", data: `{"a":1.9,"b":-1.9,"c":2e2}`, want: "1|-1|200"},
		{name: "too large a decimal is NULL", columns: "a DECIMAL(4, 2), b DECIMAL(4, 2)", data: `{"a":1.235,"b":100}`, want: "124|~"},
		{name: "booleans", columns: "a BOOLEAN, b BOOLEAN, c BOOLEAN", data: `{"a":true,"b":"yes","c":1}`, want: "1||"},
		{name: "nested", columns: "a ROW<x INT, y STRING>, b ARRAY<INT>, c MAP<STRING, INT>", data: `{"a":{"y":"q","z":1},"b":[1,null],"c":{"k":1,"l":2,"k":3}}
{"a":null,"b":[],"c":{}}`, want: "[~|q]|[1|~]|[l|2|k|3]\n~||"},
		{name: "rest of the line", columns: "a BIGINT", data: "{\"a\":1} {\"a\":2} x\n{\"a\":3}", want: "1\n3"},
		{name: "arrays of objects", columns: "a BIGINT", data: "[{\"a\":1},{\"a\":2} , {\"a\":3}]\n[]\n{\"a\":4}\n", want: "1\n2\n3\n4"},
		{
			name: "times", columns: "a TIMESTAMP(3), b TIMESTAMP_LTZ(3), c TIME(3), d DATE", data: `{"a":"2020-01-02 03:04:05","b":"2020-01-02 03:04:05.6Z","c":"00:00:01.5","d":"2020-01-02"}`,
			want: "1577934245000|1577934245600|1500|18263",
		},
		{
			name: "ISO times", columns: "a TIMESTAMP(3), b TIMESTAMP_LTZ(3)", data: `{"a":"2020-01-02T03:04","b":"2020-01-02T03:04:05Z"}`, want: "1577934240000|1577934245000",
			options: connector.Options{"timestamp-format.standard": "iso-8601"},
		},
		{
			name: "times with offset", columns: "a TIMESTAMP(3), b TIMESTAMP_LTZ(3)", data: `{"a":"2020-01-02T03:04:05+02:00","b":"2020-01-02T03:04:05-00:30"}`, want: "1577927045000|1577936045000",
			options: connector.Options{"timestamp-format.standard": "ISO-8601-WITH-OFFSET"},
		},
		{name: "skipped rows", columns: "a BIGINT, b STRING", data: `{"a":1,"b":"x"}
{"a":2,"b":"y
{"a":3,"b":"z"` + "\n" + `{"b":"only b"}
[1]
nonsense
{"a":4,"b":"v"}`, want: "1|x\n~|only b\n4|v", options: ignore, errors: map[string]int64{"numRecordsInErrors": 4}},
		{name: "null fields", columns: "a BIGINT, b ROW<x INT, y ARRAY<INT>>, c DATE", data: `{"a":"x","b":{"x":1,"y":[1,"q"]},"c":5}
{"a":[1],"b":3,"c":"2020-01-01"}`, want: "~|[1|[1|~]]|~\n~|~|18262", options: ignore, errors: map[string]int64{"numFieldsInErrors": 5}},
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
	}{
		{
			name: "number", columns: "a BIGINT, b BIGINT", data: "{\"a\":1}\n{\"a\":1,\"b\":\"x\"}\n",
			want: connector.RowError{Line: 2, Column: 12, Field: "b", Reason: "'x' is not a number of type BIGINT", Text: `{"a":1,"b":"x"}`},
		},
		{name: "range", columns: "a INT", data: `{"a":2147483648}`, want: connector.RowError{Line: 1, Column: 6, Field: "a", Reason: "'2147483648' is out of the range of INT", Text: `{"a":2147483648}`}},
		{name: "zero in front", columns: "a BIGINT", data: `{"a":012}`, want: connector.RowError{Line: 1, Column: 6, Field: "a", Reason: "a number is malformed", Text: `{"a":012}`}},
		{name: "no object", columns: "a INT", data: `12`, want: connector.RowError{Line: 1, Column: 1, Reason: "an object is expected", Text: `12`}},
		{name: "key", columns: "a INT", data: `{a:1}`, want: connector.RowError{Line: 1, Column: 2, Reason: "a key in quotes is expected", Text: `{a:1}`}},
		{name: "comma", columns: "a INT", data: `{"a":1 "b":2}`, want: connector.RowError{Line: 1, Column: 8, Reason: "a comma or } is expected", Text: `{"a":1 "b":2}`}},
		{name: "comma at the end", columns: "a INT", data: `{"a":1,}`, want: connector.RowError{Line: 1, Column: 8, Reason: "a key in quotes is expected", Text: `{"a":1,}`}},
		{name: "end", columns: "a INT", data: `{"a":`, want: connector.RowError{Line: 1, Column: 6, Reason: "the line ends within the record", Text: `{"a":`}},
		{name: "line end in a string", columns: "a STRING", data: "{\"a\":\"x\ny\"}", want: connector.RowError{Line: 1, Column: 8, Field: "a", Reason: "a string holds a control character", Text: `{"a":"x`}},
		{name: "escape", columns: "a STRING", data: `{"a":"\x"}`, want: connector.RowError{Line: 1, Column: 7, Field: "a", Reason: "an escape is not known", Text: `{"a":"\x"}`}},
		{name: "not UTF-8", columns: "a STRING", data: "{\"a\":\"x\xff\"}", want: connector.RowError{Line: 1, Column: 7, Field: "a", Reason: "a string is not UTF-8", Text: "{\"a\":\"x\uFFFD\"}"}},
		{name: "brackets", columns: "a INT", data: `{"z":[1,{"x":2]}`, want: connector.RowError{Line: 1, Column: 15, Reason: "a comma or } is expected", Text: `{"z":[1,{"x":2]}`}},
		{name: "value", columns: "a INT", data: `{"a":nul}`, want: connector.RowError{Line: 1, Column: 6, Field: "a", Reason: "a value is expected", Text: `{"a":nul}`}},
		{name: "type", columns: "a INT", data: `{"a":[1]}`, want: connector.RowError{Line: 1, Column: 6, Field: "a", Reason: "an object or array is no value of type INT", Text: `{"a":[1]}`}},
		{name: "nested", columns: "a ARRAY<ROW<x INT>>", data: `{"a":[{"x":1},{"x":"q"}]}`, want: connector.RowError{Line: 1, Column: 20, Field: "a", Reason: "'q' is not a number of type INT", Text: `{"a":[{"x":1},{"x":"q"}]}`}},
		{name: "time", columns: "a TIMESTAMP(3)", data: `{"a":"2020-01-02T00:00:00"}`, want: connector.RowError{Line: 1, Column: 6, Field: "a", Reason: "'2020-01-02T00:00:00' is not a TIMESTAMP", Text: `{"a":"2020-01-02T00:00:00"}`}},
		{
			name: "missing", columns: "a INT, b INT", data: `{"a":1}`, options: connector.Options{"fail-on-missing-field": "true"},
			want: connector.RowError{Line: 1, Column: 7, Field: "b", Reason: "the field is missing", Text: `{"a":1}`},
		},
		{
			name: "missing within", columns: "a ROW<x INT, y INT>", data: `{"a":{"x":1}}`, options: connector.Options{"fail-on-missing-field": "true"},
			want: connector.RowError{Line: 1, Column: 12, Field: "a", Reason: "field y is missing", Text: `{"a":{"x":1}}`},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cols := columns(c.columns)
			for _, limit := range formattest.Limits {
				for _, piece := range formattest.Pieces {
					_, err := formattest.Decode(t, decoder(t, cols, c.options, nil), cols.Types(), []byte(c.data), limit, piece)
					var re *connector.RowError
					if !errors.As(err, &re) {
						t.Fatalf("error %v", err)
					}
					if *re != c.want {
						t.Fatalf("limit %d, piece %d: %+v, want\n%+v", limit, piece, *re, c.want)
					}
				}
			}
		})
	}
}

func TestDepth(t *testing.T) {
	cols := columns("a STRING")
	for _, n := range []int{900, 5000} {
		for _, name := range []string{"a", "z"} {
			data := `{"` + name + `":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
			_, err := formattest.Decode(t, decoder(t, cols, nil, nil), cols.Types(), []byte(data), 1, 1<<20)
			if (err != nil) != (n > 1000) {
				t.Errorf("depth %d in %s: %v", n, name, err)
			}
		}
	}
}

func TestEncode(t *testing.T) {
	i, s := schema.IntValue, schema.StringValue
	list := func(vs ...schema.Value) schema.Value { return schema.Value{Elems: vs} }
	cases := []struct {
		columns string
		row     []schema.Value
		options connector.Options
		want    string
	}{
		{"a INT, b STRING, c STRING", []schema.Value{i(1), s("x\"\\\n\x01/é"), schema.NullValue}, nil, `{"a":1,"b":"x\"\\\n\u0001/é","c":null}`},
		{"a INT, b ROW<x INT, y INT>", []schema.Value{schema.NullValue, list(schema.NullValue, i(2))}, connector.Options{"encode.ignore-null-fields": "true"}, `{"b":{"y":2}}`},
		{"a BOOLEAN, b DOUBLE, c FLOAT", []schema.Value{i(1), schema.FloatValue(1e10), schema.FloatValue(0.5)}, nil, `{"a":true,"b":1.0E10,"c":0.5}`},
		{"a DECIMAL(10, 2), b DECIMAL(10, 2), c DECIMAL(10, 9), d DECIMAL(5, 2)", []schema.Value{i(120), i(10000), i(27), i(0)}, nil, `{"a":1.2,"b":1E+2,"c":2.7E-8,"d":0}`},
		{"a DECIMAL(10, 2), b DECIMAL(10, 2), c DECIMAL(10, 9)", []schema.Value{i(-125), i(10000), i(27)}, connector.Options{"encode.decimal-as-plain-number": "true"}, `{"a":-1.25,"b":100,"c":0.000000027}`},
		{
			"a TIMESTAMP(3), b DATE, c TIME(0), d TIMESTAMP_LTZ(3)",
			[]schema.Value{i(1602288000000), i(18545), i(3_661_000), i(1602288000120)},
			nil,
			`{"a":"2020-10-10 00:00:00","b":"2020-10-10","c":"01:01:01","d":"2020-10-10 00:00:00.12Z"}`,
		},
		{"a TIMESTAMP(3), d TIMESTAMP_LTZ(3)", []schema.Value{i(1602288000000), i(1602288000120)}, connector.Options{"timestamp-format.standard": "ISO-8601"}, `{"a":"2020-10-10T00:00:00","d":"2020-10-10T00:00:00.12Z"}`},
		{"a TIMESTAMP(3)", []schema.Value{i(1602288000000)}, connector.Options{"timestamp-format.standard": "ISO-8601-WITH-OFFSET"}, `{"a":"2020-10-10T00:00:00Z"}`},
		{"a ARRAY<INT>, b MAP<STRING, INT>, c BYTES", []schema.Value{list(i(1), schema.NullValue), list(s("k"), i(1)), s("\x00\xff")}, nil, `{"a":[1,null],"b":{"k":1},"c":"AP8="}`},
		{"a MAP<STRING, INT>", []schema.Value{list(schema.NullValue, i(1), s("k"), i(2))}, connector.Options{"map-null-key.mode": "DROP"}, `{"a":{"k":2}}`},
		{"a MAP<STRING, INT>", []schema.Value{list(schema.NullValue, i(1))}, connector.Options{"map-null-key.mode": "LITERAL", "map-null-key.literal": "nil"}, `{"a":{"nil":1}}`},
	}
	for _, c := range cases {
		cols := columns(c.columns)
		b := batch.New(cols.Types())
		b.AppendRow(schema.Insert, c.row...)
		e, err := json.Format().Encoder(&connector.FormatContext{Columns: cols, Options: c.options})
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Encode(nil, b, []int32{0})
		if err != nil || string(got) != c.want+"\n" {
			t.Errorf("%s: %s, want %s (%v)", c.columns, got, c.want, err)
		}
		if !stdjson.Valid(got) {
			t.Errorf("%s is no JSON", got)
		}
	}
	cols := columns("a MAP<STRING, INT>")
	b := batch.New(cols.Types())
	b.AppendRow(schema.Insert, list(schema.NullValue, i(1)))
	e, err := json.Format().Encoder(&connector.FormatContext{Columns: cols})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Encode(nil, b, []int32{0}); err == nil || !strings.Contains(err.Error(), "NULL key") {
		t.Errorf("a NULL key: %v", err)
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		columns string
		o       connector.Options
		want    string
	}{
		{"a INT", connector.Options{"fail-on-missing-field": "true", "ignore-parse-errors": "true"}, "exclude each other"},
		{"a MAP<INT, INT>", nil, "cannot hold column a of type MAP<INT, INT>"},
		{"a VARIANT", nil, "cannot hold column a of type VARIANT"},
	} {
		_, err := json.Format().Decoder(&connector.FormatContext{Columns: columns(c.columns), Wanted: []int{0}, Options: c.o})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.o, err, c.want)
		}
	}
}

func TestBids(t *testing.T) {
	bids := formattest.Bids(1, 5000)
	got, err := formattest.Decode(t, decoder(t, formattest.BidSchema, nil, nil), formattest.BidSchema.Types(), formattest.JSON(bids), 4096, 1<<16)
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
	data := formattest.JSON(formattest.Bids(2, 4096))
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

func BenchmarkFormatsJSON(b *testing.B) {
	formattest.Benchmark(b, decoder(b, formattest.BidSchema, nil, nil), formattest.JSON(formattest.Bids(1, 100_000)))
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":"x\u00e9","c":"2020-01-01 00:00:00.000","d":[1,2],"e":{"x":{"k":1.5}}}`+"\n"+`{"b":"y","z":{"q":[1,{}]}}`), false)
	f.Add([]byte(`[{"a":1},{"a":"2"}]`+"\n{"), true)
	cols := columns("a BIGINT, b STRING, c TIMESTAMP(3), d ARRAY<INT>, e ROW<x MAP<STRING, DECIMAL(5, 2)>>")
	f.Fuzz(func(t *testing.T, data []byte, ignore bool) {
		o := connector.Options{"ignore-parse-errors": strconv.FormatBool(ignore)}
		// However the bytes come in pieces, the rows and the error are the same.
		want, wantErr := formattest.Decode(t, decoder(t, cols, o, nil), cols.Types(), data, 4096, 1<<20)
		got, err := formattest.Decode(t, decoder(t, cols, o, nil), cols.Types(), data, 3, 5)
		if show(got) != show(want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("in pieces %q %v, at once %q %v", show(got), err, show(want), wantErr)
		}
		// A line that the standard library takes for an object without our fields has to be taken, too.
		if wantErr != nil && !ignore && !strings.ContainsAny(string(data), "\n\r") && stdjson.Valid(data) && len(data) > 0 && data[0] == '{' && !strings.ContainsAny(string(data), "abcde\\") {
			t.Fatalf("%q is refused: %v", data, wantErr)
		}
	})
}
