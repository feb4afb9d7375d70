// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"strconv"
	"strings"
)

// String returns the full form of the type, which ParseType reads back: VARCHAR(2147483647), DECIMAL(5, 2) NOT NULL,
// ROW<`a` INT 'comment'>, TIMESTAMP(3) WITH LOCAL TIME ZONE. Time attributes are not part of it.
func (t *Type) String() string {
	var sb strings.Builder
	t.write(&sb, false)
	return sb.String()
}

// Summary returns the form for people, as DESCRIBE prints it: STRING and BYTES for the longest types, TIMESTAMP_LTZ(3), and
// *ROWTIME* or *PROCTIME* after a time attribute.
func (t *Type) Summary() string {
	var sb strings.Builder
	t.write(&sb, true)
	return sb.String()
}

func (t *Type) write(sb *strings.Builder, summary bool) {
	switch t.Root {
	case Char, Varchar, Binary, Varbinary:
		switch {
		case summary && t.Length == MaxLength && t.Root == Varchar:
			sb.WriteString("STRING")
		case summary && t.Length == MaxLength && t.Root == Varbinary:
			sb.WriteString("BYTES")
		default:
			writeParams(sb, rootNames[t.Root], t.Length)
		}
	case Decimal:
		writeParams(sb, "DECIMAL", t.Precision, t.Scale)
	case Time, Timestamp:
		writeParams(sb, rootNames[t.Root], t.Precision)
	case TimestampTZ:
		writeParams(sb, "TIMESTAMP", t.Precision)
		sb.WriteString(" WITH TIME ZONE")
	case TimestampLTZ:
		if summary {
			writeParams(sb, "TIMESTAMP_LTZ", t.Precision)
			break
		}
		writeParams(sb, "TIMESTAMP", t.Precision)
		sb.WriteString(" WITH LOCAL TIME ZONE")
	case IntervalYearMonth, IntervalDayTime:
		t.writeInterval(sb)
	case Array, Multiset, Map:
		sb.WriteString(rootNames[t.Root])
		sb.WriteByte('<')
		if t.Root == Map {
			t.Key.write(sb, summary)
			sb.WriteString(", ")
		}
		t.Elem.write(sb, summary)
		sb.WriteByte('>')
	case Row, Structured:
		t.writeFields(sb, summary)
	case Raw:
		snapshot := quote(t.Snapshot, '\'')
		if summary {
			snapshot = "..."
		}
		sb.WriteString("RAW(" + quote(t.Class, '\'') + ", " + snapshot + ")")
	default:
		sb.WriteString(rootNames[t.Root])
	}
	if !t.Nullable {
		sb.WriteString(" NOT NULL")
	}
	if summary && t.Attr == RowTime {
		sb.WriteString(" *ROWTIME*")
	}
	if summary && t.Attr == ProcTime {
		sb.WriteString(" *PROCTIME*")
	}
}

// rootNames are the names of the roots in type strings.
var rootNames = [...]string{
	Invalid: "INVALID", Char: "CHAR", Varchar: "VARCHAR", Boolean: "BOOLEAN", Binary: "BINARY", Varbinary: "VARBINARY",
	Decimal: "DECIMAL", TinyInt: "TINYINT", SmallInt: "SMALLINT", Int: "INT", BigInt: "BIGINT", Float: "FLOAT", Double: "DOUBLE",
	Date: "DATE", Time: "TIME", Timestamp: "TIMESTAMP", TimestampTZ: "TIMESTAMP_TZ", TimestampLTZ: "TIMESTAMP_LTZ",
	IntervalYearMonth: "INTERVAL_YEAR_MONTH", IntervalDayTime: "INTERVAL_DAY_TIME", Array: "ARRAY", Multiset: "MULTISET", Map: "MAP",
	Row: "ROW", Structured: "STRUCTURED", Variant: "VARIANT", Bitmap: "BITMAP", Raw: "RAW", Null: "NULL", Symbol: "SYMBOL",
	Descriptor: "DESCRIPTOR",
}

// String returns the SQL name of the root.
func (r Root) String() string {
	if int(r) < len(rootNames) {
		return rootNames[r]
	}
	return "Root(" + strconv.Itoa(int(r)) + ")"
}

func writeParams(sb *strings.Builder, name string, params ...int) {
	sb.WriteString(name)
	sb.WriteByte('(')
	for i, p := range params {
		if i > 0 {
			sb.WriteString(", ")
		}
		sb.WriteString(strconv.Itoa(p))
	}
	sb.WriteByte(')')
}

// intervalUnits gives the first and the last unit of each interval range.
var intervalUnits = [...][2]string{
	UnitYear: {"YEAR", "YEAR"}, UnitYearToMonth: {"YEAR", "MONTH"}, UnitMonth: {"MONTH", "MONTH"},
	UnitDay: {"DAY", "DAY"}, UnitDayToHour: {"DAY", "HOUR"}, UnitDayToMinute: {"DAY", "MINUTE"}, UnitDayToSecond: {"DAY", "SECOND"},
	UnitHour: {"HOUR", "HOUR"}, UnitHourToMinute: {"HOUR", "MINUTE"}, UnitHourToSecond: {"HOUR", "SECOND"},
	UnitMinute: {"MINUTE", "MINUTE"}, UnitMinuteToSecond: {"MINUTE", "SECOND"}, UnitSecond: {"SECOND", "SECOND"},
}

// String returns the range as in an interval type: DAY TO SECOND.
func (u IntervalUnit) String() string {
	if u == UnitNone || int(u) >= len(intervalUnits) {
		return "NONE"
	}
	e := intervalUnits[u]
	if e[0] == e[1] {
		return e[0]
	}
	return e[0] + " TO " + e[1]
}

func (t *Type) writeInterval(sb *strings.Builder) {
	sb.WriteString("INTERVAL ")
	if int(t.Unit) >= len(intervalUnits) {
		sb.WriteString("NONE")
		return
	}
	e := intervalUnits[t.Unit]
	for i, u := range e {
		if i == 1 {
			if e[0] == e[1] {
				return
			}
			sb.WriteString(" TO ")
		}
		switch {
		case i == 0 && (u == "YEAR" || u == "DAY"):
			writeParams(sb, u, t.Precision)
		case u == "SECOND":
			writeParams(sb, u, t.Scale)
		default:
			sb.WriteString(u)
		}
	}
}

func (t *Type) writeFields(sb *strings.Builder, summary bool) {
	sb.WriteString(rootNames[t.Root])
	sb.WriteByte('<')
	if t.Root == Structured {
		sb.WriteString(quote(t.Class, '\''))
	}
	for i, f := range t.Fields {
		if i > 0 || t.Root == Structured {
			sb.WriteString(", ")
		}
		sb.WriteString(quote(f.Name, '`'))
		sb.WriteByte(' ')
		f.Type.write(sb, summary)
		switch {
		case f.Comment == "":
		case summary:
			sb.WriteString(" '...'")
		default:
			sb.WriteByte(' ')
			sb.WriteString(quote(f.Comment, '\''))
		}
	}
	sb.WriteByte('>')
}

// quote returns the text in quotes, inner ones doubled.
func quote(s string, q byte) string {
	qs := string(q)
	return qs + strings.ReplaceAll(s, qs, qs+qs) + qs
}
