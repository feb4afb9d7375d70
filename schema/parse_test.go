// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"errors"
	"strings"
	"testing"

	"spate/schema"
)

func TestTypeStrings(t *testing.T) {
	for _, c := range []struct{ in, full, summary string }{
		{"CHAR", "CHAR(1)", ""},
		{"char(7) not null", "CHAR(7) NOT NULL", ""},
		{"VARCHAR", "VARCHAR(1)", ""},
		{"STRING", "VARCHAR(2147483647)", "STRING"},
		{"VARCHAR(2147483647) NOT NULL", "VARCHAR(2147483647) NOT NULL", "STRING NOT NULL"},
		{"BINARY(3)", "BINARY(3)", ""},
		{"VARBINARY", "VARBINARY(1)", ""},
		{"BYTES", "VARBINARY(2147483647)", "BYTES"},
		{"BOOLEAN NULL", "BOOLEAN", ""},
		{"DECIMAL", "DECIMAL(10, 0)", ""},
		{"DEC(5)", "DECIMAL(5, 0)", ""},
		{"NUMERIC(38,38)", "DECIMAL(38, 38)", ""},
		{"TINYINT", "TINYINT", ""},
		{"SMALLINT", "SMALLINT", ""},
		{"INTEGER", "INT", ""},
		{"BIGINT NOT NULL", "BIGINT NOT NULL", ""},
		{"FLOAT", "FLOAT", ""},
		{"DOUBLE PRECISION", "DOUBLE", ""},
		{"DATE", "DATE", ""},
		{"TIME", "TIME(0)", ""},
		{"TIME(3) WITHOUT TIME ZONE", "TIME(3)", ""},
		{"TIMESTAMP", "TIMESTAMP(6)", ""},
		{"TIMESTAMP(9) WITHOUT TIME ZONE", "TIMESTAMP(9)", ""},
		{"TIMESTAMP(3) WITH TIME ZONE", "TIMESTAMP(3) WITH TIME ZONE", ""},
		{"TIMESTAMP_LTZ(3) NOT NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL", "TIMESTAMP_LTZ(3) NOT NULL"},
		{"TIMESTAMP WITH LOCAL TIME ZONE", "TIMESTAMP(6) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(6)"},
		{"INTERVAL YEAR", "INTERVAL YEAR(2)", ""},
		{"INTERVAL YEAR(4) TO MONTH", "INTERVAL YEAR(4) TO MONTH", ""},
		{"INTERVAL MONTH", "INTERVAL MONTH", ""},
		{"INTERVAL DAY", "INTERVAL DAY(2)", ""},
		{"INTERVAL DAY(6) TO HOUR", "INTERVAL DAY(6) TO HOUR", ""},
		{"INTERVAL DAY TO MINUTE", "INTERVAL DAY(2) TO MINUTE", ""},
		{"INTERVAL DAY TO SECOND(3)", "INTERVAL DAY(2) TO SECOND(3)", ""},
		{"INTERVAL HOUR", "INTERVAL HOUR", ""},
		{"INTERVAL HOUR TO MINUTE", "INTERVAL HOUR TO MINUTE", ""},
		{"INTERVAL HOUR TO SECOND", "INTERVAL HOUR TO SECOND(6)", ""},
		{"INTERVAL MINUTE", "INTERVAL MINUTE", ""},
		{"INTERVAL MINUTE TO SECOND(9)", "INTERVAL MINUTE TO SECOND(9)", ""},
		{"INTERVAL SECOND(0)", "INTERVAL SECOND(0)", ""},
		{"ARRAY<INT NOT NULL> NOT NULL", "ARRAY<INT NOT NULL> NOT NULL", ""},
		{"INT NOT NULL ARRAY MULTISET NOT NULL", "MULTISET<ARRAY<INT NOT NULL>> NOT NULL", ""},
		{"MULTISET<STRING>", "MULTISET<VARCHAR(2147483647)>", "MULTISET<STRING>"},
		{"MAP<STRING, ARRAY<BIGINT>>", "MAP<VARCHAR(2147483647), ARRAY<BIGINT>>", "MAP<STRING, ARRAY<BIGINT>>"},
		{"ROW<>", "ROW<>", ""},
		{"ROW<a INT 'x', `b ``c` STRING COMMENT 'it''s'>", "ROW<`a` INT 'x', `b ``c` VARCHAR(2147483647) 'it''s'>", "ROW<`a` INT '...', `b ``c` STRING '...'>"},
		{"ROW(date DATE, r ROW<x DECIMAL(5, 2)>) NOT NULL", "ROW<`date` DATE, `r` ROW<`x` DECIMAL(5, 2)>> NOT NULL", ""},
		{"STRUCTURED<'my.Class'>", "STRUCTURED<'my.Class'>", ""},
		{"STRUCTURED<'my.Class', a INT>", "STRUCTURED<'my.Class', `a` INT>", ""},
		{"VARIANT", "VARIANT", ""},
		{"BITMAP", "BITMAP", ""},
		{"RAW('java.lang.Object', 'AEFB')", "RAW('java.lang.Object', 'AEFB')", "RAW('java.lang.Object', ...)"},
		{"NULL", "NULL", ""},
		{"DESCRIPTOR", "DESCRIPTOR", ""},
	} {
		typ, err := schema.ParseType(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := typ.String(); got != c.full {
			t.Errorf("%s is printed as %s, want %s", c.in, got, c.full)
		}
		want := c.summary
		if want == "" {
			want = c.full
		}
		if got := typ.Summary(); got != want {
			t.Errorf("%s has the summary %s, want %s", c.in, got, want)
		}
		again, err := schema.ParseType(typ.String())
		if err != nil {
			t.Errorf("%s is not read back: %v", typ, err)
			continue
		}
		if !again.Equal(typ) || again.String() != typ.String() {
			t.Errorf("%s is read back as %s", typ, again)
		}
	}
}

func TestSummaryShowsTimeAttributes(t *testing.T) {
	if got := schema.NewTimestamp(3).NotNull().WithAttr(schema.RowTime).Summary(); got != "TIMESTAMP(3) NOT NULL *ROWTIME*" {
		t.Error(got)
	}
	if got := schema.NewTimestampLTZ(3).WithAttr(schema.ProcTime).Summary(); got != "TIMESTAMP_LTZ(3) *PROCTIME*" {
		t.Error(got)
	}
}

func TestParseTypeErrors(t *testing.T) {
	for _, c := range []struct {
		in   string
		pos  int
		want string
	}{
		{"", 0, "expected a type but found the end"},
		{"INTT", 0, "unknown type INTT; did you mean INT?"},
		{"my.Type", 0, "unknown type my"},
		{"VARCHAR(0)", 8, "the length must be between 1 and 2147483647"},
		{"VARCHAR(99999999999999999999)", 8, "the length must be between 1 and 2147483647"},
		{"DECIMAL(39, 0)", 8, "the precision of DECIMAL must be between 1 and 38"},
		{"DECIMAL(5, 6)", 11, "the scale of DECIMAL must be between 0 and 5"},
		{"TIMESTAMP(10)", 10, "the precision of TIMESTAMP must be between 0 and 9"},
		{"TIMESTAMP(3) WITH LOCAL ZONE", 24, "expected TIME but found ZONE"},
		{"INT NOT", 7, "expected NULL but found the end"},
		{"INT INT", 4, "unexpected INT after the type"},
		{"ARRAY<INT", 9, "expected > but found the end"},
		{"MAP<INT>", 7, "expected , but found >"},
		{"ROW<a INT, a STRING>", 11, "there are two fields named `a`"},
		{"ROW<` ` INT>", 4, "a field name must have a character that is not blank"},
		{"ROW<a INT,>", 10, "expected a field name but found >"},
		{"ROW<a 'x'>", 6, "expected a type but found 'x'"},
		{"INTERVAL DAY TO MONTH", 9, "there is no interval DAY TO MONTH"},
		{"INTERVAL WEEK", 9, "expected YEAR, MONTH, DAY, HOUR, MINUTE or SECOND but found WEEK"},
		{"RAW('x)", 4, "the quote that starts here does not end"},
		{"SYMBOL", 0, "unknown type SYMBOL"},
		{strings.Repeat("ARRAY<", 1000) + "INT", 6 * 257, "types are nested deeper than 256 levels"},
		{"INT" + strings.Repeat(" ARRAY", 1000), 3 + 6*257, "types are nested deeper than 256 levels"},
	} {
		_, err := schema.ParseType(c.in)
		var pe *schema.ParseError
		if !errors.As(err, &pe) {
			t.Errorf("%q: error %v", c.in, err)
			continue
		}
		if pe.Reason != c.want {
			t.Errorf("%q: %s, want %s", c.in, pe.Reason, c.want)
		}
		if pe.Pos != c.pos && pe.Pos != c.pos+1 {
			t.Errorf("%q: position %d, want %d", c.in, pe.Pos, c.pos)
		}
	}
}

func FuzzParseType(f *testing.F) {
	for _, s := range []string{"INT", "ROW<a INT 'x', b ARRAY<STRING NOT NULL>>", "INTERVAL DAY(3) TO SECOND(2)", "RAW('a','b')", "DECIMAL(5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		typ, err := schema.ParseType(s)
		if err != nil {
			return
		}
		again, err := schema.ParseType(typ.String())
		if err != nil {
			t.Fatalf("%q gives %s, which is not read back: %v", s, typ, err)
		}
		if !again.Equal(typ) {
			t.Fatalf("%q gives %s, read back as %s", s, typ, again)
		}
	})
}
