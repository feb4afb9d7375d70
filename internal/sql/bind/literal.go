// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/schema"
)

// intLit returns an INT literal.
func intLit(n int64) *expr.Lit {
	return &expr.Lit{Value: schema.IntValue(n), T: schema.TypeInt.NotNull()}
}

// stringLit returns a CHAR(n) literal.
func stringLit(s string) *expr.Lit {
	return &expr.Lit{Value: schema.StringValue(s), T: schema.NewChar(utf8.RuneCountInString(s)).NotNull()}
}

// boolLit returns a BOOLEAN literal.
func boolLit(v bool) *expr.Lit {
	return &expr.Lit{Value: schema.BoolValue(v), T: schema.TypeBoolean.NotNull()}
}

// nullLit returns NULL of a type.
func nullLit(t *schema.Type) *expr.Lit {
	return &expr.Lit{Value: schema.NullValue, T: t.WithNull(true)}
}

// symbol returns a keyword argument.
func symbol(name string) *expr.Lit { return expr.SymbolLit(name) }

// number types a numeric literal by how it is written.
func number(n *ast.Number, negative bool) (expr.Expr, error) {
	text := n.Text
	if negative {
		text = "-" + text
	}
	switch n.Kind {
	case ast.Integer:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return decimal(n, text)
		}
		if v >= math.MinInt32 && v <= math.MaxInt32 {
			return intLit(v), nil
		}
		return &expr.Lit{Value: schema.IntValue(v), T: schema.TypeBigInt.NotNull()}, nil
	case ast.Decimal:
		return decimal(n, text)
	case ast.Approx:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, invalid(n, "%s is outside of the range of DOUBLE", n.Text)
		}
		return &expr.Lit{Value: schema.FloatValue(f), T: schema.TypeDouble.NotNull()}, nil
	}
	return nil, invalid(n, "unknown form of number")
}

// decimal types a literal with a point, or one that is too big for BIGINT, as DECIMAL.
func decimal(at ast.Node, text string) (expr.Expr, error) {
	digits, scale := strings.TrimPrefix(text, "-"), 0
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		scale = len(digits) - i - 1
		digits = digits[:i] + digits[i+1:]
	}
	significant := strings.TrimLeft(digits, "0")
	precision := max(len(significant), scale, 1)
	if precision > schema.MaxDecimal {
		return nil, invalid(at, "%s has more than %d digits", text, schema.MaxDecimal)
	}
	v, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, invalid(at, "%s is not a number", text)
	}
	if strings.HasPrefix(text, "-") {
		v.Neg(v)
	}
	t := schema.NewDecimal(precision, scale).NotNull()
	if precision <= schema.MaxCompactDecimal {
		return &expr.Lit{Value: schema.IntValue(v.Int64()), T: t}, nil
	}
	return &expr.Lit{Value: schema.Value{Wide: wide(v)}, T: t}, nil
}

// wide returns the two's complement of a number that fits 128 bits.
func wide(v *big.Int) schema.Int128 {
	mask := new(big.Int).SetUint64(math.MaxUint64)
	lo := new(big.Int).And(v, mask)
	hi := new(big.Int).Rsh(v, 64) // Arithmetic: rounds towards minus infinity.
	return schema.Int128{Lo: lo.Uint64(), Hi: hi.Int64()}
}

// temporal evaluates DATE '..', TIME '..' and TIMESTAMP '..'.
func (b *Binder) temporal(t *ast.Temporal) (expr.Expr, error) {
	fraction := 0
	if i := strings.LastIndexByte(t.Text, '.'); i >= 0 {
		fraction = min(len(t.Text)-i-1, schema.MaxTimestamp)
	}
	var typ *schema.Type
	switch t.Kind {
	case ast.Date:
		typ = schema.TypeDate
	case ast.Time:
		typ = schema.NewTime(fraction)
	case ast.Timestamp:
		typ = schema.NewTimestamp(fraction)
	case ast.TimestampLTZ:
		typ = schema.NewTimestampLTZ(fraction)
	}
	e, err := castTo(t, stringLit(t.Text), typ.NotNull())
	if err != nil {
		return nil, err
	}
	l, ok := b.fold(e).(*expr.Lit)
	if !ok || l.Value.Null {
		return nil, invalid(t.Value, "'%s' is not a %s", t.Text, typ)
	}
	return &expr.Lit{Value: l.Value, T: typ.NotNull()}, nil
}

// unitMillis are the milliseconds of the units of day-time intervals, in descending order.
var unitMillis = []struct {
	unit   ast.TimeUnit
	millis int64
}{{ast.Day, 86_400_000}, {ast.Hour, 3_600_000}, {ast.Minute, 60_000}, {ast.Second, 1000}}

// interval evaluates INTERVAL '..' units.
func interval(iv *ast.Interval) (expr.Expr, error) {
	t, err := intervalType(&iv.Units)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(iv.Text)
	negative := iv.Negative
	if s, ok := strings.CutPrefix(text, "-"); ok {
		negative, text = !negative, strings.TrimSpace(s)
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	var v int64
	var ok bool
	if t.Root == schema.IntervalYearMonth {
		v, ok = parseMonths(text, iv.Units)
	} else {
		v, ok = parseMillis(text, iv.Units)
	}
	if !ok {
		return nil, invalid(iv.Value, "'%s' is not an interval of these units", iv.Text)
	}
	if negative {
		v = -v
	}
	return &expr.Lit{Value: schema.IntValue(v), T: t.NotNull()}, nil
}

func parseMonths(text string, u ast.IntervalUnits) (int64, bool) {
	if u.To == ast.Month {
		y, m, ok := strings.Cut(text, "-")
		years, ok1 := digits(y)
		months, ok2 := digits(m)
		return years*12 + months, ok && ok1 && ok2 && months < 12
	}
	n, ok := digits(text)
	switch u.From { //nolint:exhaustive // The other units are not of this family.
	case ast.Year:
		n *= 12
	case ast.Quarter:
		n *= 3
	}
	return n, ok
}

func parseMillis(text string, u ast.IntervalUnits) (int64, bool) {
	if u.From == ast.Week {
		n, ok := digits(text)
		return n * 7 * 86_400_000, ok
	}
	first := 0
	for unitMillis[first].unit != u.From {
		first++
	}
	last := first
	if u.To != ast.NoUnit {
		for unitMillis[last].unit != u.To {
			last++
		}
	}
	var total int64
	for i := first; i <= last; i++ {
		part := text
		if i < last {
			sep := ":"
			if unitMillis[i].unit == ast.Day {
				sep = " "
			}
			var found bool
			if part, text, found = strings.Cut(text, sep); !found {
				return 0, false
			}
			text = strings.TrimSpace(text)
		}
		whole, fraction, has := strings.Cut(part, ".")
		n, ok := digits(whole)
		if !ok || has && unitMillis[i].unit != ast.Second || n > math.MaxInt64/unitMillis[i].millis {
			return 0, false
		}
		total += n * unitMillis[i].millis
		if has {
			f, ok := digits((fraction + "000")[:3])
			if _, all := digits(fraction); !ok || !all {
				return 0, false
			}
			total += f
		}
	}
	return total, true
}

// digits reads a number without a sign.
func digits(s string) (int64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
