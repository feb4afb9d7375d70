// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"strings"
	"testing"

	"spate/schema"
)

func TestCommonType(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"INT; BIGINT; DECIMAL(2, 2)", "DECIMAL(21, 2)"},
		{"TINYINT; SMALLINT", "SMALLINT"},
		{"BIGINT; INT NOT NULL", "BIGINT"},
		{"INT NOT NULL; INT NOT NULL", "INT NOT NULL"},
		{"DECIMAL(10, 2); DECIMAL(8, 4)", "DECIMAL(12, 4)"},
		{"DECIMAL(38, 0); DECIMAL(10, 5)", "DECIMAL(38, 0)"},
		{"DECIMAL(36, 4); DECIMAL(10, 6)", "DECIMAL(38, 6)"},
		{"FLOAT; INT", "FLOAT"},
		{"FLOAT; DOUBLE", "DOUBLE"},
		{"FLOAT; DECIMAL(5, 2)", "DOUBLE"},
		{"DECIMAL(5, 2); FLOAT", "FLOAT"},
		{"INT; DOUBLE", "DOUBLE"},
		{"CHAR(3); CHAR(3)", "CHAR(3)"},
		{"CHAR(3); CHAR(5)", "VARCHAR(5)"},
		{"CHAR(3); VARCHAR(2)", "VARCHAR(3)"},
		{"VARCHAR(2); STRING", "STRING"},
		{"BINARY(3); BINARY(4)", "VARBINARY(4)"},
		{"BYTES; BINARY(4)", "BYTES"},
		{"DATE; DATE", "DATE"},
		{"TIME(0); TIME(3)", "TIME(3)"},
		{"TIMESTAMP(3); TIMESTAMP(6)", "TIMESTAMP(6)"},
		{"TIMESTAMP(6); TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(6)"},
		{"TIMESTAMP(3); INTERVAL DAY", "TIMESTAMP(3)"},
		{"INTERVAL MONTH; DATE", "DATE"},
		{"DATE; INT", "DATE"},
		{"INTERVAL DAY(3); INTERVAL MINUTE TO SECOND(3)", "INTERVAL DAY(3) TO SECOND(6)"},
		{"INTERVAL YEAR(4); INTERVAL MONTH", "INTERVAL YEAR(4) TO MONTH"},
		{"INTERVAL HOUR; INTERVAL HOUR", "INTERVAL HOUR"},
		{"NULL; INT NOT NULL", "INT"},
		{"INT NOT NULL; NULL", "INT"},
		{"NULL; ARRAY<INT>", "ARRAY<INT>"},
		{"ARRAY<INT>; NULL", "ARRAY<INT>"},
		{"ARRAY<INT NOT NULL>; ARRAY<BIGINT>", "ARRAY<BIGINT>"},
		{"MULTISET<INT>; MULTISET<DOUBLE>", "MULTISET<DOUBLE>"},
		{"MAP<CHAR(1), INT>; MAP<CHAR(2), BIGINT>", "MAP<VARCHAR(2), BIGINT>"},
		{"ROW<a INT 'x', b CHAR(1)>; ROW<c BIGINT, d CHAR(2)>", "ROW<`a` BIGINT '...', `b` VARCHAR(2)>"},
		{"BOOLEAN; BOOLEAN NOT NULL", "BOOLEAN"},
		{"VARIANT; VARIANT", "VARIANT"},
		{"RAW('a', 'b'); RAW('a', 'b')", "RAW('a', ...)"},
		{"NULL; NULL", ""},
		{"INT; STRING", ""},
		{"BOOLEAN; INT", ""},
		{"ARRAY<INT>; MAP<INT, INT>", ""},
		{"ROW<a INT>; ROW<a INT, b INT>", ""},
		{"RAW('a', 'b'); RAW('a', 'c')", ""},
		{"TIME(0); INT", ""},
	} {
		var types []*schema.Type
		for s := range strings.SplitSeq(c.in, ";") {
			types = append(types, schema.MustParseType(s))
		}
		got, err := schema.CommonType(types...)
		switch {
		case err != nil && c.want != "":
			t.Errorf("%s: %v", c.in, err)
		case err == nil && got.Summary() != c.want:
			t.Errorf("%s: %s, want %s", c.in, got.Summary(), c.want)
		}
	}
	if _, err := schema.CommonType(); err == nil {
		t.Error("nothing has a common type")
	}
}

func TestCasts(t *testing.T) {
	for _, c := range []struct {
		from, to           string
		implicit, explicit bool
	}{
		{"INT", "INT NOT NULL", false, true},
		{"INT NOT NULL", "INT", true, true},
		{"INT", "BIGINT", true, true},
		{"BIGINT", "INT", false, true},
		{"INT", "STRING", false, true},
		{"STRING", "INT", false, true},
		{"CHAR(2)", "STRING", true, true},
		{"STRING", "CHAR(2)", false, true},
		{"BYTES", "STRING", false, true},
		{"STRING", "BYTES", false, true},
		{"DOUBLE", "DECIMAL(5, 2)", true, true},
		{"BOOLEAN", "INT", false, true},
		{"INT", "BOOLEAN", false, true},
		{"DOUBLE", "BOOLEAN", false, false},
		{"BOOLEAN", "DATE", false, false},
		{"TIMESTAMP(3)", "DATE", true, true},
		{"DATE", "TIMESTAMP(3)", false, true},
		{"TIMESTAMP(3)", "TIMESTAMP_LTZ(3)", true, true},
		{"TIMESTAMP(3)", "BIGINT", false, true},
		{"BIGINT", "TIMESTAMP_LTZ(3)", false, true},
		{"DATE", "INT", false, false},
		{"TIME", "DATE", false, false},
		{"INTERVAL DAY", "INT", true, true},
		{"INTERVAL DAY TO SECOND", "INT", false, false},
		{"INT", "INTERVAL MONTH", true, true},
		{"INT", "INTERVAL YEAR TO MONTH", false, false},
		{"NULL", "ARRAY<INT>", true, true},
		{"ARRAY<INT>", "ARRAY<BIGINT>", true, true},
		{"ARRAY<INT>", "ARRAY<STRING>", false, true},
		{"ARRAY<INT>", "STRING", false, true},
		{"ARRAY<INT>", "INT", false, false},
		{"MAP<INT, INT>", "ROW<a INT, b INT>", false, false},
		{"ROW<a INT>", "ROW<b STRING>", false, true},
		{"ROW<a INT>", "STRUCTURED<'c', x INT>", true, true},
		{"STRUCTURED<'c', x INT>", "STRUCTURED<'d', x INT>", false, false},
		{"RAW('a', 'b')", "BYTES", false, true},
		{"RAW('a', 'b')", "INT", false, false},
		{"RAW('a', 'b')", "RAW('a', 'c')", false, false},
		{"VARIANT", "INT", false, false},
	} {
		from, to := schema.MustParseType(c.from), schema.MustParseType(c.to)
		if got := schema.SupportsImplicitCast(from, to); got != c.implicit {
			t.Errorf("implicit %s to %s: %v", c.from, c.to, got)
		}
		if got := schema.SupportsExplicitCast(from, to); got != c.explicit {
			t.Errorf("explicit %s to %s: %v", c.from, c.to, got)
		}
	}
}

func TestDecimalTypes(t *testing.T) {
	for _, c := range []struct {
		name string
		got  *schema.Type
		want string
	}{
		{"add", schema.AddDecimals(10, 2, 5, 4), "DECIMAL(13, 4) NOT NULL"},
		{"add at the limit", schema.AddDecimals(38, 8, 32, 8), "DECIMAL(38, 7) NOT NULL"},
		{"multiply", schema.MultiplyDecimals(10, 2, 5, 4), "DECIMAL(16, 6) NOT NULL"},
		{"multiply at the limit", schema.MultiplyDecimals(38, 18, 38, 18), "DECIMAL(38, 6) NOT NULL"},
		{"multiply small scale", schema.MultiplyDecimals(38, 1, 38, 1), "DECIMAL(38, 2) NOT NULL"},
		{"divide", schema.DivideDecimals(10, 2, 5, 4), "DECIMAL(20, 8) NOT NULL"},
		{"divide at the limit", schema.DivideDecimals(38, 10, 38, 10), "DECIMAL(38, 6) NOT NULL"},
		{"modulo", schema.ModuloDecimals(10, 2, 5, 4), "DECIMAL(5, 4) NOT NULL"},
		{"round", schema.RoundDecimal(10, 4, 2), "DECIMAL(9, 2) NOT NULL"},
		{"round to more", schema.RoundDecimal(10, 4, 6), "DECIMAL(10, 4) NOT NULL"},
		{"round to tens", schema.RoundDecimal(10, 4, -1), "DECIMAL(7, 0) NOT NULL"},
		{"avg", schema.AvgType(schema.NewDecimal(10, 2)), "DECIMAL(38, 6)"},
		{"avg fine", schema.AvgType(schema.NewDecimal(20, 10)), "DECIMAL(38, 10)"},
		{"avg int", schema.AvgType(schema.TypeInt), "INT"},
		{"sum", schema.SumType(schema.NewDecimal(10, 2).NotNull()), "DECIMAL(38, 2) NOT NULL"},
		{"sum int", schema.SumType(schema.TypeInt), "INT"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
