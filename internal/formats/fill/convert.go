// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package fill

import (
	"encoding/base64"
	"math"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/internal/col/text"
	"spate/schema"
)

// Style is how a format writes times.
type Style struct {
	// Separator stands between date and time.
	Separator byte
	// Strict asks for two digits in every part of a time (java.time); otherwise one is enough (java.sql).
	Strict bool
	// SecondsOptional takes HH:mm.
	SecondsOptional bool
	// Offset takes a zone offset behind timestamps, which are then normalised to UTC.
	Offset bool
}

// Set converts text to the value of the column at a row. It returns "" or what is wrong with the text.
func (c *Column) Set(row int, s []byte, st *Style) (reason string) {
	switch c.Kind {
	case Skip:
	case Int64:
		x, ok := text.ParseInt(text.TrimJava(s))
		if !ok {
			return "is not a number of type BIGINT"
		}
		c.Ints[row] = x
	case Int32:
		x, ok := text.ParseInt(text.TrimJava(s))
		if !ok || x < math.MinInt32 || x > math.MaxInt32 {
			return "is not a number of type INT"
		}
		c.Ints32[row] = int32(x)
	case Millis:
		micros, _, ok := st.timestamp(s)
		if !ok {
			return "is not a TIMESTAMP"
		}
		c.Ints[row] = civil.FloorDiv(micros, 1000)
	case Text:
		if !utf8.Valid(s) {
			c.Room(3 * len(s))
			c.Data = text.AppendUTF8(c.Data, s)
			c.Off[row+1] = int32(len(c.Data))
			return ""
		}
		c.SetText(row, s)
	case Other:
		return AppendText(c.Vec, s, st)
	}
	return ""
}

// AppendText converts text to a value of the vector's type and appends it. It returns "" or what is wrong with the text, and then
// appends nothing. Decimals that do not fit become NULL, as in Flink.
func AppendText(v *batch.Vector, s []byte, st *Style) (reason string) {
	t := v.Type()
	switch t.Root {
	case schema.Char, schema.Varchar:
		v.SetData(text.AppendUTF8(v.GrowData(3*len(s)), s))
		endText(v)
	case schema.Boolean:
		v.AppendBool(isTrue(text.TrimJava(s)))
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.IntervalDayTime, schema.IntervalYearMonth:
		x, ok := text.ParseInt(text.TrimJava(s))
		if !ok || !AppendInt(v, x) {
			return "is not a number of type " + t.String()
		}
	case schema.Float:
		x, ok := text.ParseFloat(s)
		if !ok {
			return "is not a number"
		}
		batch.Append(v, x)
	case schema.Double:
		x, ok := text.ParseDouble(s)
		if !ok {
			return "is not a number"
		}
		batch.Append(v, x)
	case schema.Decimal:
		return appendDecimal(v, s)
	case schema.Date:
		days, rest, ok := st.date(s)
		if !ok || len(rest) > 0 {
			return "is not a DATE"
		}
		batch.Append(v, int32(days))
	case schema.Time:
		return st.appendTime(v, s)
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		return st.appendTimestamp(v, s)
	case schema.Binary, schema.Varbinary, schema.Raw, schema.Bitmap:
		return appendBase64(v, s)
	default:
		return "cannot be read as " + t.String()
	}
	return ""
}

// endText closes a row of text whose bytes were appended to the data.
func endText(v *batch.Vector) {
	n := v.Len()
	off, _ := v.ResizeBytes(n+1, len(v.Data()))
	off[n+1] = int32(len(v.Data()))
}

// AppendInt appends an integer to a vector of an integer-like type; false when it does not fit.
func AppendInt(v *batch.Vector, x int64) bool {
	switch v.Physical() {
	case schema.PhysInt8:
		if x < math.MinInt8 || x > math.MaxInt8 {
			return false
		}
		batch.Append(v, int8(x))
	case schema.PhysInt16:
		if x < math.MinInt16 || x > math.MaxInt16 {
			return false
		}
		batch.Append(v, int16(x))
	case schema.PhysInt32:
		if x < math.MinInt32 || x > math.MaxInt32 {
			return false
		}
		batch.Append(v, int32(x))
	default:
		batch.Append(v, x)
	}
	return true
}

// isTrue is Java's Boolean.parseBoolean.
func isTrue(s []byte) bool {
	return len(s) == 4 && s[0]|0x20 == 't' && s[1]|0x20 == 'r' && s[2]|0x20 == 'u' && s[3]|0x20 == 'e'
}

func appendDecimal(v *batch.Vector, s []byte) string {
	t := v.Type()
	x, ok := text.ParseDecimal(s, t.Precision, t.Scale)
	if !ok {
		if !isNumber(s) {
			return "is not a number"
		}
		v.AppendNull() // Too large for the type.
		return ""
	}
	if v.Physical() == schema.PhysInt64 {
		batch.Append(v, int64(x.Lo))
		return ""
	}
	batch.Append(v, x)
	return ""
}

// isNumber tells whether the text has the form of a number, whatever its size.
func isNumber(s []byte) bool {
	i, digits := 0, 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for point := false; i < len(s); i++ {
		if s[i]-'0' <= 9 {
			digits++
			continue
		}
		if s[i] != '.' || point {
			break
		}
		point = true
	}
	if digits == 0 || i == len(s) {
		return digits > 0
	}
	if s[i]|0x20 != 'e' {
		return false
	}
	_, ok := text.ParseInt(s[i+1:])
	return ok
}

func appendBase64(v *batch.Vector, s []byte) string {
	dst := v.GrowData(base64.StdEncoding.DecodedLen(len(s)))
	n := len(dst)
	out := dst[:cap(dst)]
	k, err := base64.StdEncoding.Decode(out[n:], s)
	if err != nil {
		return "is not base64"
	}
	v.SetData(out[:n+k])
	endText(v)
	return ""
}

// digits reads low to high digits.
func digits(s []byte, low, high int) (x int, rest []byte, ok bool) {
	n := 0
	for n < len(s) && n < high && s[n]-'0' <= 9 {
		x = x*10 + int(s[n]-'0')
		n++
	}
	return x, s[n:], n >= low
}

// least is the fewest digits of a part of a date or time.
func (st *Style) least() int {
	if st.Strict {
		return 2
	}
	return 1
}

// date reads yyyy-MM-dd and returns what follows.
func (st *Style) date(s []byte) (days int64, rest []byte, ok bool) {
	neg := st.Strict && len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	y, s, ok := digits(s, 4, 4)
	if !ok || len(s) == 0 || s[0] != '-' {
		return 0, s, false
	}
	m, s, ok := digits(s[1:], st.least(), 2)
	if !ok || len(s) == 0 || s[0] != '-' {
		return 0, s, false
	}
	d, s, ok := digits(s[1:], st.least(), 2)
	if neg {
		y = -y
	}
	if !ok || !civil.Valid(y, m, d) {
		return 0, s, false
	}
	return civil.Days(y, m, d), s, true
}

// time reads HH:mm:ss with a fraction of up to nine digits and returns what follows.
func (st *Style) time(s []byte) (nanos int64, rest []byte, ok bool) {
	h, s, ok := digits(s, st.least(), 2)
	if !ok || len(s) == 0 || s[0] != ':' {
		return 0, s, false
	}
	m, s, ok := digits(s[1:], st.least(), 2)
	if !ok || h > 23 || m > 59 {
		return 0, s, false
	}
	nanos = int64(h*3600+m*60) * 1e9
	if len(s) == 0 || s[0] != ':' {
		return nanos, s, st.SecondsOptional
	}
	sec, s, ok := digits(s[1:], st.least(), 2)
	if !ok || sec > 59 {
		return 0, s, false
	}
	nanos += int64(sec) * 1e9
	if len(s) == 0 || s[0] != '.' {
		return nanos, s, true
	}
	f, rest, ok := digits(s[1:], 1, 9)
	if !ok {
		return 0, s, false
	}
	for n := len(s) - 1 - len(rest); n < 9; n++ {
		f *= 10
	}
	return nanos + int64(f), rest, true
}

// offset reads Z, +HH:mm or +HH as seconds.
func offset(s []byte) (seconds int64, ok bool) {
	if len(s) == 1 && s[0] == 'Z' {
		return 0, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, rest, ok := digits(s[1:], 2, 2)
	if !ok || h > 18 {
		return 0, false
	}
	m := 0
	if len(rest) > 0 {
		if rest[0] != ':' {
			return 0, false
		}
		if m, rest, ok = digits(rest[1:], 2, 2); !ok || m > 59 || len(rest) > 0 {
			return 0, false
		}
	}
	seconds = int64(h*3600 + m*60)
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// stamp reads date and time and returns what follows.
func (st *Style) stamp(s []byte) (micros int64, nanos int16, rest []byte, ok bool) {
	days, s, ok := st.date(s)
	if !ok || len(s) == 0 || s[0] != st.Separator {
		return 0, 0, s, false
	}
	n, s, ok := st.time(s[1:])
	return days*civil.MicrosPerDay + n/1000, int16(n % 1000), s, ok
}

// timestamp reads a TIMESTAMP.
func (st *Style) timestamp(s []byte) (micros int64, nanos int16, ok bool) {
	micros, nanos, rest, ok := st.stamp(s)
	if ok && st.Offset {
		seconds, ok := offset(rest)
		return micros - seconds*1_000_000, nanos, ok
	}
	return micros, nanos, ok && len(rest) == 0
}

// instant reads a TIMESTAMP_LTZ: with Z behind it, or with an offset where the style has one.
func (st *Style) instant(s []byte) (micros int64, nanos int16, ok bool) {
	micros, nanos, rest, ok := st.stamp(s)
	if !ok {
		return 0, 0, false
	}
	if st.Offset {
		seconds, ok := offset(rest)
		return micros - seconds*1_000_000, nanos, ok
	}
	return micros, nanos, len(rest) == 1 && rest[0] == 'Z'
}

func (st *Style) appendTimestamp(v *batch.Vector, s []byte) string {
	if v.Type().Root == schema.TimestampLTZ {
		micros, nanos, ok := st.instant(s)
		if !ok {
			return "is not a TIMESTAMP_LTZ"
		}
		AppendTimestamp(v, micros, nanos)
		return ""
	}
	micros, nanos, ok := st.timestamp(s)
	if !ok {
		return "is not a TIMESTAMP"
	}
	AppendTimestamp(v, micros, nanos)
	return ""
}

// AppendTimestamp appends a time to a vector of a timestamp type; digits beyond the precision are cut off.
func AppendTimestamp(v *batch.Vector, micros int64, nanos int16) {
	switch p := v.Type().Precision; {
	case p <= 3:
		unit := int64(1)
		for ; p < 3; p++ {
			unit *= 10
		}
		batch.Append(v, civil.FloorDiv(micros, 1000*unit)*unit)
	case p <= 6:
		unit := int64(1)
		for ; p < 6; p++ {
			unit *= 10
		}
		batch.Append(v, civil.FloorDiv(micros, unit)*unit)
	default:
		unit := int16(1)
		for ; p < 9; p++ {
			unit *= 10
		}
		v.AppendTime9(micros, nanos/unit*unit)
	}
}

func (st *Style) appendTime(v *batch.Vector, s []byte) string {
	n, rest, ok := st.time(s)
	if !ok || len(rest) > 0 {
		return "is not a TIME"
	}
	ms, unit := n/1e6, int64(1)
	for p := v.Type().Precision; p < 3; p++ {
		unit *= 10
	}
	batch.Append(v, int32(ms/unit*unit))
	return ""
}
