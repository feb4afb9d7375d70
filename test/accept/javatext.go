// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"spate/internal/col/bitmap"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/schema"
)

// javaText returns a value as the toString of its Java class prints it: that is what the recorded rows in text hold.
func javaText(v schema.Value, t *schema.Type) string { return printer{}.text(v, t) }

// printer prints values. legacy prints nested rows as older versions did: their fields parted by commas, and no more.
type printer struct{ legacy bool }

func (p printer) text(v schema.Value, t *schema.Type) string {
	if v.Null {
		return "null"
	}
	switch t.Root {
	case schema.Boolean:
		return strconv.FormatBool(v.I != 0)
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt:
		return strconv.FormatInt(v.I, 10)
	case schema.Float, schema.Double:
		return floatText(v.F, t)
	case schema.Decimal:
		return bigDecimalText(v, t)
	case schema.Binary, schema.Varbinary:
		parts := make([]string, len(v.S))
		for i := range parts {
			parts[i] = strconv.Itoa(int(int8(v.S[i])))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case schema.Date:
		return dateText(v.I)
	case schema.Time:
		return clockText(v.I*1_000_000, false)
	case schema.Timestamp, schema.TimestampTZ:
		return timestampText(v, t, false)
	case schema.TimestampLTZ:
		return timestampText(v, t, true) + "Z"
	case schema.IntervalYearMonth:
		return periodText(v.I, t)
	case schema.IntervalDayTime:
		return durationText(v.I)
	case schema.Array:
		parts := make([]string, len(v.Elems))
		for i, e := range v.Elems {
			parts[i] = p.text(e, t.Elem)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case schema.Map, schema.Multiset:
		kids := t.Children()
		var parts []string
		for i := 0; i+1 < len(v.Elems); i += 2 {
			parts = append(parts, p.text(v.Elems[i], kids[0])+"="+p.text(v.Elems[i+1], kids[1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case schema.Row:
		if p.legacy {
			return legacyText(v.Elems, t.Children())
		}
		return rowText(schema.Insert, v.Elems, t.Children())
	case schema.Structured:
		parts := make([]string, len(v.Elems))
		for i, e := range v.Elems {
			parts[i] = p.text(e, t.Fields[i].Type)
		}
		return strings.Join(parts, ",")
	case schema.Bitmap:
		return string(bitmap.AppendText(nil, []byte(v.S)))
	default:
		return v.S
	}
}

// rowText is Row.toString.
func rowText(kind schema.RowKind, values []schema.Value, types []*schema.Type) string {
	return kind.String() + "[" + fieldsText(values, types, ", ") + "]"
}

// fieldsText joins the texts of fields.
func fieldsText(values []schema.Value, types []*schema.Type, separator string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = javaText(v, types[i])
	}
	return strings.Join(parts, separator)
}

// unscaled returns a decimal's digits, whatever its physical form.
func unscaled(v schema.Value, t *schema.Type) decimal.Int {
	if t.Physical() == schema.PhysInt64 {
		x := decimal.Int{Lo: uint64(v.I)}
		if v.I < 0 {
			x.Hi = -1
		}
		return x
	}
	return v.Wide
}

// bigDecimalText is BigDecimal.toString: small numbers have an exponent.
func bigDecimalText(v schema.Value, t *schema.Type) string {
	x := unscaled(v, t)
	digits := decimal.Big(x).String()
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	exponent := len(digits) - 1 - t.Scale
	if exponent >= -6 {
		return string(decimal.Append(nil, x, t.Scale))
	}
	out := sign + digits[:1]
	if len(digits) > 1 {
		out += "." + digits[1:]
	}
	return out + "E" + strconv.Itoa(exponent)
}

func dateText(days int64) string {
	y, m, d := civil.Date(days)
	year := fmt.Sprintf("%04d", y)
	switch {
	case y < 0:
		year = fmt.Sprintf("-%04d", -y)
	case y > 9999:
		year = fmt.Sprintf("+%d", y)
	}
	return fmt.Sprintf("%s-%02d-%02d", year, m, d)
}

// clockText prints a time of day in nanoseconds as java.time does: seconds and fraction only as needed, in threes.
func clockText(nanos int64, seconds bool) string {
	s := nanos / 1_000_000_000
	frac := nanos % 1_000_000_000
	out := fmt.Sprintf("%02d:%02d", s/3600, s/60%60)
	if !seconds && s%60 == 0 && frac == 0 {
		return out
	}
	out += fmt.Sprintf(":%02d", s%60)
	switch {
	case frac == 0:
		return out
	case frac%1_000_000 == 0:
		return out + fmt.Sprintf(".%03d", frac/1_000_000)
	case frac%1000 == 0:
		return out + fmt.Sprintf(".%06d", frac/1000)
	}
	return out + fmt.Sprintf(".%09d", frac)
}

func timestampText(v schema.Value, t *schema.Type, seconds bool) string {
	micros := v.I
	if t.Precision <= 3 {
		micros *= 1000
	}
	const day = 86_400_000_000
	days := civil.FloorDiv(micros, day)
	return dateText(days) + "T" + clockText(civil.FloorMod(micros, day)*1000+int64(v.Nanos), seconds)
}

// periodText is Period.toString.
func periodText(months int64, t *schema.Type) string {
	years := int64(0)
	if t.Unit != schema.UnitMonth {
		years, months = months/12, months%12
	}
	if years == 0 && months == 0 {
		return "P0D"
	}
	out := "P"
	if years != 0 {
		out += strconv.FormatInt(years, 10) + "Y"
	}
	if months != 0 {
		out += strconv.FormatInt(months, 10) + "M"
	}
	return out
}

// durationText is Duration.toString.
func durationText(ms int64) string {
	if ms == 0 {
		return "PT0S"
	}
	seconds, frac := ms/1000, ms%1000
	out := "PT"
	if h := seconds / 3600; h != 0 {
		out += strconv.FormatInt(h, 10) + "H"
	}
	if m := seconds / 60 % 60; m != 0 {
		out += strconv.FormatInt(m, 10) + "M"
	}
	seconds %= 60
	if seconds == 0 && frac == 0 {
		return out
	}
	if seconds == 0 && frac < 0 {
		out += "-"
	}
	out += strconv.FormatInt(seconds, 10)
	if frac != 0 {
		out += "." + strings.TrimRight(fmt.Sprintf("%03d", max(frac, -frac)), "0")
	}
	return out + "S"
}

// canonical returns a text that is the same for equal values only: entries of maps are sorted, a zero below zero is not zero.
func canonical(v schema.Value, t *schema.Type) string {
	if v.Null {
		return "NULL"
	}
	switch t.Root {
	case schema.Char, schema.Varchar, schema.Raw:
		return strconv.Quote(v.S)
	case schema.Variant:
		return sortedJSON(v.S)
	case schema.Decimal:
		return string(decimal.Append(nil, unscaled(v, t), t.Scale))
	case schema.Array, schema.Row, schema.Structured:
		parts := make([]string, len(v.Elems))
		for i, e := range v.Elems {
			et := t.Elem
			if t.Root != schema.Array {
				et = t.Fields[i].Type
			}
			parts[i] = canonical(e, et)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case schema.Map, schema.Multiset:
		kids := t.Children()
		var parts []string
		for i := 0; i+1 < len(v.Elems); i += 2 {
			parts = append(parts, canonical(v.Elems[i], kids[0])+"="+canonical(v.Elems[i+1], kids[1]))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		return javaText(v, t)
	}
}

// sortedJSON writes a JSON text with the members of objects in order.
func sortedJSON(s string) string {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		return "no JSON: " + s
	}
	out, err := canonicalJSON(x)
	if err != nil {
		return "no JSON: " + s
	}
	return out
}

// canonicalRow is canonical for a row with its kind.
func canonicalRow(kind schema.RowKind, values []schema.Value, types []*schema.Type) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = canonical(v, types[i])
	}
	return kind.String() + "[" + strings.Join(parts, ", ") + "]"
}

// sortEntries sorts the entries of maps in a row's text, innermost first, so that their order does not count.
func sortEntries(s string) string {
	out := []byte(s)
	var open []int
	for i := range out {
		switch out[i] {
		case '{':
			open = append(open, i)
		case '}':
			if len(open) == 0 {
				return string(out)
			}
			from := open[len(open)-1]
			open = open[:len(open)-1]
			parts := splitEntries(string(out[from+1 : i]))
			slices.Sort(parts)
			copy(out[from+1:i], strings.Join(parts, ", "))
		}
	}
	return string(out)
}

// splitEntries splits at ", " outside of brackets.
func splitEntries(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		case ',':
			if depth == 0 && strings.HasPrefix(s[i:], ", ") {
				parts = append(parts, s[start:i])
				start = i + 2
			}
		}
	}
	return append(parts, s[start:])
}
