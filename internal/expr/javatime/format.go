// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javatime

import (
	"errors"
	"strconv"

	"spate/internal/col/civil"
)

// Time is a wall clock taken apart.
type Time struct {
	Year, Month, Day     int
	Hour, Minute, Second int
	Nano                 int
	Days                 int64 // Since 1970-01-01.
	Offset               int   // Of the zone, in seconds.
	Zone                 string
}

// Of takes microseconds and the nanoseconds below apart.
func Of(micros int64, nanos int16) Time {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	rest := micros - days*civil.MicrosPerDay
	t := Time{Days: days, Nano: int(rest%1_000_000)*1000 + int(nanos)}
	t.Year, t.Month, t.Day = civil.Date(days)
	sec := int(rest / 1_000_000)
	t.Hour, t.Minute, t.Second = sec/3600, sec/60%60, sec%60
	return t
}

// Append appends the time. A letter that needs a zone fails when the time has none, as in Java with a LocalDateTime.
func (f *Format) Append(dst []byte, t *Time) ([]byte, error) {
	for i := range f.fields {
		x := &f.fields[i]
		if x.letter == 0 {
			dst = append(dst, x.lit...)
			continue
		}
		var err error
		if f.dialect == Simple {
			dst = appendSimple(dst, x, t)
		} else if dst, err = appendDateTime(dst, x, t); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func pad(dst []byte, v, width int) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	if width == 2 && v < 100 {
		return append(dst, byte('0'+v/10), byte('0'+v%10))
	}
	var buf [20]byte
	s := strconv.AppendInt(buf[:0], int64(v), 10)
	for n := len(s); n < width; n++ {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}

var (
	months   = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	weekdays = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

// appendText appends a name in the width of n letters: up to 3 short, 4 full, 5 narrow.
func appendText(dst []byte, name string, n int) []byte {
	switch {
	case n == 4:
		return append(dst, name...)
	case n >= 5:
		return append(dst, name[0])
	}
	return append(dst, name[:3]...)
}

func appendDateTime(dst []byte, x *field, t *Time) ([]byte, error) {
	switch x.letter {
	case '[', ']', 'p':
		return dst, nil
	case 'G':
		return append(dst, era(t.Year, x.n)...), nil
	case 'u', 'y':
		y := t.Year
		if x.letter == 'y' && y <= 0 {
			y = 1 - y
		}
		return appendYear(dst, y, x.n), nil
	case 'Y':
		y, _ := weekUS(t)
		return appendYear(dst, y, x.n), nil
	case 'M', 'L':
		if x.n >= 3 {
			return appendText(dst, months[t.Month-1], x.n), nil
		}
		return pad(dst, t.Month, x.n), nil
	case 'Q', 'q':
		q := (t.Month + 2) / 3
		switch {
		case x.n <= 2:
			return pad(dst, q, x.n), nil
		case x.n == 4:
			return append(dst, [...]string{"1st", "2nd", "3rd", "4th"}[q-1]+" quarter"...), nil
		case x.n == 3:
			dst = append(dst, 'Q')
		}
		return append(dst, byte('0'+q)), nil
	case 'w':
		_, w := weekUS(t)
		return pad(dst, w, x.n), nil
	case 'E':
		return appendText(dst, weekdays[civil.Weekday(t.Days)-1], max(3, x.n)), nil
	case 'e', 'c':
		if x.n >= 3 {
			return appendText(dst, weekdays[civil.Weekday(t.Days)-1], x.n), nil
		}
		return pad(dst, civil.Weekday(t.Days)%7+1, x.n), nil
	case 'S':
		return appendFraction(dst, t.Nano, x.n), nil
	case 'A':
		return pad(dst, (t.Hour*3600+t.Minute*60+t.Second)*1000+t.Nano/1_000_000, x.n), nil
	case 'n':
		return pad(dst, t.Nano, x.n), nil
	case 'N':
		return pad(dst, (t.Hour*3600+t.Minute*60+t.Second)*1_000_000_000+t.Nano, x.n), nil
	case 'V', 'v', 'z', 'O', 'X', 'x', 'Z':
		return dst, errors.New("Unable to extract ZoneId from temporal") //nolint:staticcheck // Java's text.
	}
	return appendCommon(dst, x, t), nil
}

func era(year, n int) string {
	switch {
	case year > 0 && n == 4:
		return "Anno Domini"
	case year > 0:
		return "AD"
	case n == 4:
		return "Before Christ"
	}
	return "BC"
}

func appendYear(dst []byte, y, n int) []byte {
	if n == 2 {
		return pad(dst, int(civil.FloorMod(int64(y), 100)), 2)
	}
	if n >= 4 && y > 9999 && n == 4 {
		dst = append(dst, '+')
	}
	return pad(dst, y, n)
}

// appendCommon appends the letters that both dialects share.
func appendCommon(dst []byte, x *field, t *Time) []byte {
	switch x.letter {
	case 'd':
		return pad(dst, t.Day, x.n)
	case 'D':
		return pad(dst, civil.YearDay(t.Days), x.n)
	case 'W':
		first := civil.Weekday(t.Days-int64(t.Day)+1) % 7
		return pad(dst, (t.Day-1+first)/7+1, x.n)
	case 'F':
		return pad(dst, (t.Day-1)/7+1, x.n)
	case 'a':
		if t.Hour < 12 {
			return append(dst, "AM"...)
		}
		return append(dst, "PM"...)
	case 'h':
		return pad(dst, (t.Hour+11)%12+1, x.n)
	case 'K':
		return pad(dst, t.Hour%12, x.n)
	case 'k':
		return pad(dst, (t.Hour+23)%24+1, x.n)
	case 'H':
		return pad(dst, t.Hour, x.n)
	case 'm':
		return pad(dst, t.Minute, x.n)
	case 's':
		return pad(dst, t.Second, x.n)
	}
	return dst
}

func appendFraction(dst []byte, nano, n int) []byte {
	for unit := 100_000_000; n > 0; n-- {
		if unit == 0 {
			dst = append(dst, '0')
			continue
		}
		dst = append(dst, byte('0'+nano/unit%10))
		unit /= 10
	}
	return dst
}

func appendSimple(dst []byte, x *field, t *Time) []byte {
	switch x.letter {
	case 'G':
		return append(dst, era(t.Year, 1)...)
	case 'y':
		y := t.Year
		if y <= 0 {
			y = 1 - y
		}
		if x.n == 2 {
			return pad(dst, y%100, 2)
		}
		return pad(dst, y, x.n)
	case 'Y':
		y, _ := weekUS(t)
		if x.n == 2 {
			return pad(dst, y%100, 2)
		}
		return pad(dst, y, x.n)
	case 'M', 'L':
		if x.n >= 3 {
			return appendText(dst, months[t.Month-1], min(x.n, 4))
		}
		return pad(dst, t.Month, x.n)
	case 'w':
		_, w := weekUS(t)
		return pad(dst, w, x.n)
	case 'E':
		return appendText(dst, weekdays[civil.Weekday(t.Days)-1], min(max(x.n, 3), 4))
	case 'u':
		return pad(dst, civil.Weekday(t.Days), x.n)
	case 'S':
		return pad(dst, t.Nano/1_000_000, x.n)
	case 'z':
		if t.Zone == "" {
			return append(dst, "UTC"...)
		}
		return append(dst, t.Zone...)
	case 'Z':
		return appendOffset(dst, t.Offset, "")
	case 'X':
		if t.Offset == 0 {
			return append(dst, 'Z')
		}
		switch x.n {
		case 1:
			return appendOffset(dst, t.Offset, "")[:len(dst)+3]
		case 2:
			return appendOffset(dst, t.Offset, "")
		}
		return appendOffset(dst, t.Offset, ":")
	}
	return appendCommon(dst, x, t)
}

func appendOffset(dst []byte, off int, sep string) []byte {
	if off < 0 {
		dst = append(dst, '-')
		off = -off
	} else {
		dst = append(dst, '+')
	}
	dst = append(pad(dst, off/3600, 2), sep...)
	return pad(dst, off/60%60, 2)
}

// weekUS returns year and number of the week in the United States: weeks start on Sunday, and the first has 1 January.
func weekUS(t *Time) (year, week int) {
	sunday := civil.Weekday(t.Days) % 7 // 0 for Sunday.
	next := civil.Days(t.Year+1, 1, 1)
	if start := t.Days - int64(sunday); start+7 > next {
		return t.Year + 1, 1
	}
	first := civil.Days(t.Year, 1, 1)
	offset := int64(civil.Weekday(first) % 7)
	return t.Year, int((t.Days-first+offset)/7) + 1
}

// Formatter formats one value after the other, with the last output kept while it stays the same.
type Formatter struct {
	f        *Format
	from, to int64 // Microseconds in which cached holds.
	cached   []byte
}

// NewFormatter returns a formatter.
func NewFormatter(f *Format) *Formatter { return &Formatter{f: f} }

// Format returns the text of a time; it is valid until the next call.
func (m *Formatter) Format(micros int64, nanos int16) ([]byte, error) {
	if micros >= m.from && micros < m.to {
		return m.cached, nil
	}
	t := Of(micros, nanos)
	var err error
	if m.cached, err = m.f.Append(m.cached[:0], &t); err != nil {
		m.to = m.from
		return nil, err
	}
	if u := m.f.unit; u > 0 {
		m.from = civil.FloorDiv(micros, u) * u
		m.to = m.from + u
	}
	return m.cached, nil
}

// Stable returns the span of microseconds around the last value in which its text holds.
func (m *Formatter) Stable() (from, to int64) { return m.from, m.to }
