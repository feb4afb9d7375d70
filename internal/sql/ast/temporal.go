// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import (
	"errors"
	"math"
	"strings"
)

// Civil is the value of a Temporal literal: a date, a time of day or both, without zone.
type Civil struct {
	Year, Month, Day     int
	Hour, Minute, Second int
	Nanos                int
	// Digits is how many digits the fraction of a second has, as written.
	Digits int
}

// Civil decodes the text of the literal; false when it has not the form of its kind or names no such day or time.
func (t *Temporal) Civil() (Civil, bool) {
	c := Civil{Year: 1970, Month: 1, Day: 1}
	s := scanner{s: strings.TrimSpace(t.Text)}
	switch t.Kind {
	case Date:
		s.date(&c)
	case Time:
		s.time(&c)
	case Timestamp, TimestampLTZ:
		s.date(&c)
		if !s.bad && s.s != "" {
			if !s.eat(' ') {
				s.want('T')
			}
			s.time(&c)
		}
	}
	return c, !s.bad && s.s == ""
}

// Form returns the form that the text must have.
func (k TemporalKind) Form() string {
	switch k {
	case Date:
		return "yyyy-MM-dd"
	case Time:
		return "HH:mm:ss[.fraction]"
	default:
		return "yyyy-MM-dd HH:mm:ss[.fraction]"
	}
}

var temporalNames = [...]string{Date: "DATE", Time: "TIME", Timestamp: "TIMESTAMP", TimestampLTZ: "TIMESTAMP WITH LOCAL TIME ZONE"}

// String returns the keyword of the kind.
func (k TemporalKind) String() string { return temporalNames[k] }

// scanner reads numbers and separators from the text of a literal.
type scanner struct {
	s   string
	bad bool
}

func (s *scanner) eat(c byte) bool {
	if s.s == "" || s.s[0] != c {
		return false
	}
	s.s = s.s[1:]
	return true
}

func (s *scanner) want(c byte) {
	if !s.eat(c) {
		s.bad = true
	}
}

// number reads between lo and hi digits.
func (s *scanner) number(lo, hi int) (v int64, digits int) {
	for digits < len(s.s) && digits < hi && s.s[digits] >= '0' && s.s[digits] <= '9' {
		v = v*10 + int64(s.s[digits]-'0')
		digits++
	}
	s.s = s.s[digits:]
	if digits < lo {
		s.bad = true
	}
	return v, digits
}

// small reads one to most digits.
func (s *scanner) small(most int) int {
	v, _ := s.number(1, most)
	return int(v)
}

func (s *scanner) date(c *Civil) {
	c.Year = s.small(4)
	s.want('-')
	c.Month = s.small(2)
	s.want('-')
	c.Day = s.small(2)
	if c.Month < 1 || c.Month > 12 || c.Day < 1 || c.Day > daysIn(c.Year, c.Month) {
		s.bad = true
	}
}

func (s *scanner) time(c *Civil) {
	c.Hour = s.small(2)
	s.want(':')
	c.Minute = s.small(2)
	s.want(':')
	c.Second = s.small(2)
	if s.eat('.') {
		c.Nanos, c.Digits = s.fraction()
	}
	if c.Hour > 23 || c.Minute > 59 || c.Second > 59 {
		s.bad = true
	}
}

// fraction reads the digits after the point as nanoseconds.
func (s *scanner) fraction() (nanos, digits int) {
	v, n := s.number(0, 9)
	for range 9 - n {
		v *= 10
	}
	return int(v), n
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// IntervalValue is the value of an interval: months for year-month intervals, else milliseconds and what is left below one.
type IntervalValue struct {
	YearMonth bool
	Months    int64
	Millis    int64
	// Nanos is the part below a millisecond, with the sign of the interval.
	Nanos int32
}

// Decode returns the value of the literal; the error says what is wrong with its text.
func (i *Interval) Decode() (IntervalValue, error) {
	v, err := i.Units.decode(i.Text)
	if i.Negative {
		v.Months, v.Millis, v.Nanos = -v.Months, -v.Millis, -v.Nanos
	}
	return v, err
}

var (
	errIntervalForm  = errors.New("it has another form")
	errIntervalRange = errors.New("the value is out of range")
)

// fieldRank orders the units that can stand in TO qualifiers.
var fieldRank = map[TimeUnit]int{Year: 0, Month: 1, Day: 2, Hour: 3, Minute: 4, Second: 5}

// unitMillis is the length of the units of day-time intervals.
var unitMillis = map[TimeUnit]int64{Week: 604800000, Day: 86400000, Hour: 3600000, Minute: 60000, Second: 1000, Millisecond: 1}

// fieldLimit bounds all fields but the first.
var fieldLimit = map[TimeUnit]int64{Month: 11, Hour: 23, Minute: 59, Second: 59}

// separators stand before a field that is not the first.
var separators = map[TimeUnit]byte{Month: '-', Hour: ' ', Minute: ':', Second: ':'}

// decode reads the text of an interval of these units, with an optional sign.
func (q IntervalUnits) decode(text string) (IntervalValue, error) {
	s := scanner{s: strings.TrimSpace(text)}
	neg := s.eat('-')
	if !neg {
		s.eat('+')
	}
	s.s = strings.TrimSpace(s.s)
	v, err := q.fields(&s)
	if err == nil && (s.bad || s.s != "") {
		err = errIntervalForm
	}
	if neg {
		v.Months, v.Millis, v.Nanos = -v.Months, -v.Millis, -v.Nanos
	}
	v.YearMonth = q.From.IsYearMonth()
	return v, err
}

func (q IntervalUnits) fields(s *scanner) (v IntervalValue, err error) {
	last := q.To
	if last == NoUnit {
		last = q.From
	}
	for unit := q.From; ; unit++ {
		if unit != q.From {
			s.want(separators[unit])
		}
		n, digits := s.number(1, 18)
		if digits == 18 && s.s != "" && s.s[0] >= '0' && s.s[0] <= '9' {
			return v, errIntervalRange
		}
		if unit != q.From && n > fieldLimit[unit] {
			return v, errIntervalRange
		}
		if !v.add(unit, n) {
			return v, errIntervalRange
		}
		if unit == last {
			break
		}
	}
	switch {
	case last == Second && s.eat('.'):
		nanos, _ := s.fraction()
		v.Millis += int64(nanos / 1e6)
		v.Nanos = int32(nanos % 1e6)
	case last == Microsecond:
		v.Nanos = int32(v.Millis%1000) * 1000
		v.Millis /= 1000
	case last == Nanosecond:
		v.Nanos = int32(v.Millis % 1e6)
		v.Millis /= 1e6
	}
	return v, nil
}

// add adds n units; microseconds and nanoseconds are counted as they are.
func (v *IntervalValue) add(unit TimeUnit, n int64) bool {
	months := int64(0)
	switch unit { //nolint:exhaustive // The others are day-time units.
	case Year:
		months = 12
	case Quarter:
		months = 3
	case Month:
		months = 1
	}
	if months != 0 {
		if n > math.MaxInt32/months-v.Months/months {
			return false
		}
		v.Months += n * months
		return true
	}
	ms := unitMillis[unit]
	if ms == 0 {
		ms = 1
	}
	if n > (math.MaxInt64-v.Millis)/ms {
		return false
	}
	v.Millis += n * ms
	return true
}

// Valid reports whether the two units can stand in FROM TO TO, and each in an interval at all.
func (q IntervalUnits) Valid() bool {
	if q.To == NoUnit {
		return q.From == Week || q.From == Quarter || q.From == Millisecond || q.From == Microsecond || q.From == Nanosecond || rankOf(q.From) >= 0
	}
	a, b := rankOf(q.From), rankOf(q.To)
	return a >= 0 && b > a && q.From.IsYearMonth() == q.To.IsYearMonth()
}

func rankOf(u TimeUnit) int {
	if r, ok := fieldRank[u]; ok {
		return r
	}
	return -1
}
