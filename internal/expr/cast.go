// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"fmt"

	"spate/schema"
)

// Cast converts e to a type: CAST, or TRY_CAST, which gives NULL where CAST fails. The result is NULL where e is, so the
// nullability of to does not count at the outermost level, except that a nullable target widens. A cast that changes nothing
// gives e itself.
func Cast(e Expr, to *schema.Type, try bool) (Expr, error) {
	from := e.Type()
	result := to.WithNull(from.Nullable || try)
	if l, ok := e.(*Lit); ok && l.Value.Null && from.Root != schema.Symbol {
		return &Lit{Value: schema.NullValue, T: to.WithNull(true)}, nil
	}
	if from.EqualIgnoreNull(to) && from.Attr == schema.NotTimeAttr {
		return e, nil
	}
	if err := castable(from, to); err != nil {
		return nil, err
	}
	fn := "CAST"
	if try {
		fn = "TRY_CAST"
	}
	return &Call{Fn: fn, Version: 1, Args: []Expr{e}, T: result}, nil
}

// CanCast tells whether CAST(from AS to) exists.
func CanCast(from, to *schema.Type) bool { return castable(from, to) == nil }

// sameButNull tells whether two types differ at most in the nullability of the outermost level.
func sameButNull(a, b *schema.Type) bool { return a.EqualIgnoreNull(b) }

// sameForm tells whether a cast from one type to another leaves every value as it is.
func sameForm(from, to *schema.Type) bool {
	if from.Root != to.Root {
		switch {
		case from.Root == schema.Char && to.Root == schema.Varchar, from.Root == schema.Binary && to.Root == schema.Varbinary:
			return from.Length <= to.Length
		}
		return false
	}
	switch from.Root {
	case schema.Varchar, schema.Varbinary:
		return from.Length <= to.Length
	case schema.Char, schema.Binary, schema.Time:
		return from.Length == to.Length && from.Precision <= to.Precision
	case schema.Decimal:
		return from.Scale == to.Scale && from.Precision <= to.Precision && from.Physical() == to.Physical()
	case schema.Timestamp, schema.TimestampLTZ:
		return from.Precision <= to.Precision && timeForm(from) == timeForm(to)
	case schema.Array, schema.Map, schema.Multiset, schema.Row, schema.Structured:
		a, b := from.Children(), to.Children()
		if len(a) != len(b) {
			return false
		}
		for i := range a {
			if !sameForm(a[i], b[i]) {
				return false
			}
		}
		return true
	case schema.Raw:
		return from.Class == to.Class
	default:
		return true
	}
}

// timeForm numbers the physical forms of timestamps: milliseconds, microseconds, nanoseconds.
func timeForm(t *schema.Type) int {
	switch {
	case t.Precision <= 3:
		return 0
	case t.Precision <= 6:
		return 1
	}
	return 2
}

// castable returns nil when CAST(from AS to) exists, else an error that says what to do instead where there is something.
func castable(from, to *schema.Type) error {
	if from.Root == schema.Null {
		return nil
	}
	ts := map[schema.Root]string{schema.Timestamp: "TIMESTAMP", schema.TimestampLTZ: "TIMESTAMP_LTZ"}
	switch {
	case from.IsNumeric() && to.Root == schema.Timestamp:
		return errors.New("The cast from NUMERIC type to TIMESTAMP type is not allowed. It's recommended to use " + //nolint:staticcheck // Flink's text.
			"TO_TIMESTAMP(FROM_UNIXTIME(numeric_col)) instead, note the numeric is in seconds.")
	case from.IsNumeric() && to.Root == schema.TimestampLTZ:
		return errors.New("The cast from NUMERIC type to TIMESTAMP_LTZ type is not allowed. It's recommended to use " + //nolint:staticcheck // Flink's text.
			"TO_TIMESTAMP_LTZ(numeric_col, precision) instead.")
	case ts[from.Root] != "" && to.IsNumeric():
		text := "The cast from " + ts[from.Root] + " type to NUMERIC type is not allowed."
		if from.Root == schema.Timestamp {
			text += " It's recommended to use UNIX_TIMESTAMP(CAST(timestamp_col AS STRING)) instead."
		}
		return fmt.Errorf("%s", text)
	}
	if from.Root == schema.Bitmap && to.Root == schema.Varbinary && to.Length == schema.MaxLength {
		return nil // Its portable form.
	}
	if !schema.SupportsExplicitCast(from, to) {
		return fmt.Errorf("Cast function cannot convert value of type %s to type %s", from, to)
	}
	return nil
}

// implicitCast tells whether functions take an argument of one type for a parameter of another by converting it.
func implicitCast(from, to *schema.Type) bool {
	return from.Root == schema.Null || from.IsInterval() == to.IsInterval() && schema.SupportsImplicitCast(from, to.WithNull(true))
}
