// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batchtest

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"spate/batch"
	"spate/schema"
)

// Types parses a list of data types parted by semicolons: "INT; VARCHAR(10) NOT NULL". It panics when one is wrong.
func Types(text string) []*schema.Type {
	var ts []*schema.Type
	for s := range strings.SplitSeq(text, ";") {
		t, err := schema.ParseType(strings.TrimSpace(s))
		if err != nil {
			panic(err)
		}
		ts = append(ts, t)
	}
	return ts
}

// Parse returns a batch of its own with the rows of the text.
func Parse(types []*schema.Type, text string) *batch.Batch {
	b := batch.New(types)
	Append(b, text)
	return b
}

// Append adds the rows of the text to the own vectors of a batch.
func Append(b *batch.Batch, text string) {
	types := make([]*schema.Type, b.NumCols())
	for i := range types {
		types[i] = b.Own(i).Type()
	}
	for _, r := range ParseRows(types, text) {
		b.AppendRow(r.Kind, r.Values...)
	}
}

// Row is a row of plain values with its kind.
type Row struct {
	Kind   schema.RowKind
	Values []schema.Value
}

// ParseRows returns the rows of the text as plain values.
func ParseRows(types []*schema.Type, text string) []Row {
	var rows []Row
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		s := &scanner{text: line}
		r := Row{Kind: s.kind()}
		for _, t := range types {
			r.Values = append(r.Values, s.value(t))
		}
		if s.skip(); s.at < len(s.text) {
			s.fail("%d columns are declared and more values follow", len(types))
		}
		rows = append(rows, r)
	}
	return rows
}

// ParseValue returns one value of the text.
func ParseValue(t *schema.Type, text string) schema.Value {
	s := &scanner{text: text}
	return s.value(t)
}

type scanner struct {
	text string
	at   int
}

func (s *scanner) fail(format string, args ...any) {
	panic(fmt.Sprintf("batch text %q at %d: %s", s.text, s.at, fmt.Sprintf(format, args...)))
}

func (s *scanner) skip() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t' || s.text[s.at] == ',') {
		s.at++
	}
}

func (s *scanner) kind() schema.RowKind {
	for k := schema.Insert; k <= schema.Delete; k++ {
		if rest, ok := strings.CutPrefix(s.text, k.String()); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			s.at = 2
			return k
		}
	}
	return schema.Insert
}

// take consumes the byte c if it is next.
func (s *scanner) take(c byte) bool {
	s.skip()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) expect(c byte) {
	if !s.take(c) {
		s.fail("expected %q", string(c))
	}
}

// word returns the text up to a blank or a bracket.
func (s *scanner) word() string {
	s.skip()
	start := s.at
	for s.at < len(s.text) && !strings.ContainsRune(" \t,[](){}", rune(s.text[s.at])) {
		s.at++
	}
	if s.at == start {
		s.fail("expected a value")
	}
	return s.text[start:s.at]
}

func (s *scanner) quoted() string {
	var b strings.Builder
	s.expect('\'')
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		if c == '\'' {
			if s.at == len(s.text) || s.text[s.at] != '\'' {
				return b.String()
			}
			s.at++
		}
		b.WriteByte(c)
	}
	s.fail("the string does not end")
	return ""
}

func (s *scanner) isNull() bool {
	s.skip()
	rest := s.text[s.at:]
	if len(rest) < 4 || !strings.EqualFold(rest[:4], "null") || len(rest) > 4 && !strings.ContainsRune(" \t,])}", rune(rest[4])) {
		return false
	}
	s.at += 4
	return true
}

func (s *scanner) value(t *schema.Type) schema.Value {
	if s.isNull() {
		return schema.NullValue
	}
	switch t.Root {
	case schema.Array, schema.Map, schema.Multiset, schema.Row, schema.Structured:
		return s.nested(t)
	case schema.Char, schema.Varchar:
		if s.skip(); s.at < len(s.text) && s.text[s.at] == '\'' {
			return schema.StringValue(s.quoted())
		}
		return schema.StringValue(s.word())
	case schema.Binary, schema.Varbinary, schema.Variant, schema.Bitmap, schema.Raw:
		if !s.take('x') {
			s.fail("bytes are written x'0aff'")
		}
		b, err := hex.DecodeString(s.quoted())
		if err != nil {
			s.fail("%v", err)
		}
		return schema.StringValue(string(b))
	default:
	}
	if s.skip(); s.at < len(s.text) && s.text[s.at] == '\'' {
		return s.scalar(t, s.quoted())
	}
	return s.scalar(t, s.word())
}

func (s *scanner) scalar(t *schema.Type, w string) schema.Value {
	switch t.Root {
	case schema.Boolean:
		x, err := strconv.ParseBool(w)
		if err != nil {
			s.fail("%v", err)
		}
		return schema.BoolValue(x)
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.IntervalYearMonth, schema.IntervalDayTime:
		x, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			s.fail("%v", err)
		}
		return schema.IntValue(x)
	case schema.Float, schema.Double:
		x, err := strconv.ParseFloat(w, 64)
		if err != nil {
			s.fail("%v", err)
		}
		if t.Root == schema.Float {
			x = float64(float32(x))
		}
		return schema.FloatValue(x)
	case schema.Decimal:
		return s.decimal(t, w)
	case schema.Date:
		x := s.time("2006-01-02", w)
		return schema.IntValue(floorDiv(x.Unix(), 86400))
	case schema.Time:
		x := s.time("15:04:05", w)
		return schema.IntValue(int64(x.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)) / time.Millisecond))
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		x := s.time("2006-01-02T15:04:05", strings.Replace(strings.TrimSuffix(w, "Z"), " ", "T", 1))
		return timestampValue(t, x)
	default:
		s.fail("no text form for %s", t)
		return schema.NullValue
	}
}

func (s *scanner) time(layout, w string) time.Time {
	x, err := time.ParseInLocation(layout, w, time.UTC)
	if err != nil {
		s.fail("%v", err)
	}
	return x
}

func timestampValue(t *schema.Type, x time.Time) schema.Value {
	if t.Precision <= 3 {
		return schema.IntValue(x.UnixMilli())
	}
	v := schema.IntValue(x.UnixMicro())
	if t.Precision > 6 {
		v.Nanos = int16(x.Nanosecond() % 1000)
	}
	return v
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (s *scanner) decimal(t *schema.Type, w string) schema.Value {
	whole, frac, _ := strings.Cut(w, ".")
	if len(frac) > t.Scale {
		s.fail("%q has more than %d digits after the point", w, t.Scale)
	}
	x, ok := new(big.Int).SetString(whole+frac+strings.Repeat("0", t.Scale-len(frac)), 10)
	if !ok {
		s.fail("%q is no number", w)
	}
	return decimalValue(t, x)
}

// decimalValue returns the value with the given unscaled integer.
func decimalValue(t *schema.Type, x *big.Int) schema.Value {
	if t.Physical() == schema.PhysInt64 {
		return schema.IntValue(x.Int64())
	}
	m := new(big.Int).And(x, new(big.Int).SetUint64(^uint64(0)))
	return schema.Value{Wide: schema.Int128{Lo: m.Uint64(), Hi: new(big.Int).Rsh(x, 64).Int64()}}
}

func (s *scanner) nested(t *schema.Type) schema.Value {
	v := schema.Value{Elems: []schema.Value{}}
	kids := t.Children()
	open, end := byte('['), byte(']')
	switch t.Root {
	case schema.Map, schema.Multiset:
		open, end = '{', '}'
	case schema.Row, schema.Structured:
		open, end = '(', ')'
		s.expect(open)
		for _, k := range kids {
			v.Elems = append(v.Elems, s.value(k))
		}
		s.expect(end)
		return v
	default:
	}
	s.expect(open)
	for !s.take(end) {
		for _, k := range kids {
			v.Elems = append(v.Elems, s.value(k))
		}
	}
	return v
}
