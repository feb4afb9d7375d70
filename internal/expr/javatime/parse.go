// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javatime

import (
	"strings"

	"spate/internal/col/civil"
)

// parsed is what a text said; -1 where it said nothing.
type parsed struct {
	year, month, day, hour, minute, second, nano int
	hour12, pm, dayOfYear                        int
	bc                                           bool
	offset                                       int
	hasOffset                                    bool
}

func newParsed() parsed {
	return parsed{year: minYear, month: -1, day: -1, hour: -1, minute: -1, second: -1, nano: -1, hour12: -1, pm: -1, dayOfYear: -1}
}

// minYear stands for no year.
const minYear = -1 << 31

// Result is a parsed time: microseconds of the wall clock, nanoseconds below, and the zone offset in seconds when the text had one.
type Result struct {
	Micros    int64
	Nanos     int16
	Offset    int
	HasOffset bool
}

// Parse reads a text. What the pattern leaves out is 1970-01-01 00:00. java.time patterns must match all of the text; those of
// SimpleDateFormat its start, and they take values out of range over to the next field (month 13 is January).
func (f *Format) Parse(s []byte) (Result, bool) {
	p := newParsed()
	var ok bool
	if f.dialect == Simple {
		_, ok = f.parseFields(s, 0, 0, &p)
		if !ok {
			return Result{}, false
		}
		return p.lenient(), true
	}
	end, ok := f.parseFields(s, 0, 0, &p)
	if !ok || end != len(s) {
		return Result{}, false
	}
	return p.smart()
}

// parseFields reads fields from index k on at position i and returns where it ended.
func (f *Format) parseFields(s []byte, k, i int, p *parsed) (int, bool) {
	for ; k < len(f.fields); k++ {
		x := &f.fields[k]
		switch x.letter {
		case 0:
			n, ok := f.parseLiteral(s, i, x.lit)
			if !ok {
				return i, false
			}
			i = n
		case '[':
			end := f.closing(k)
			saved := *p
			sub := Format{fields: f.fields[k+1 : end], dialect: f.dialect}
			if n, ok := sub.parseFields(s, 0, i, p); ok {
				i = n
			} else {
				*p = saved
			}
			k = end
		case ']':
		default:
			n, ok := f.parseField(s, i, k, p)
			if !ok {
				return i, false
			}
			i = n
		}
	}
	return i, true
}

// closing returns the index of the ] that ends the optional part opened at k.
func (f *Format) closing(k int) int {
	depth := 0
	for ; k < len(f.fields); k++ {
		switch f.fields[k].letter {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return k
}

func (*Format) parseLiteral(s []byte, i int, lit string) (int, bool) {
	if len(s)-i >= len(lit) && string(s[i:i+len(lit)]) == lit {
		return i + len(lit), true
	}
	return i, false
}

// numeric tells whether a field is digits of at least its own width.
func (x *field) numeric() bool {
	switch x.letter {
	case 'y', 'u', 'Y', 'd', 'D', 'H', 'h', 'k', 'K', 'm', 's', 'S', 'w', 'W', 'F', 'A', 'n', 'N':
		return true
	case 'M', 'L', 'Q', 'q', 'e', 'c':
		return x.n <= 2
	}
	return false
}

// width returns the least and the greatest number of digits that a field takes, given what follows it.
func (f *Format) width(k int) (lo, hi int) {
	x := &f.fields[k]
	lo, hi = x.n, x.n
	if f.dialect == Simple {
		// A field takes all digits there are, unless another number follows at once.
		if k+1 < len(f.fields) && f.fields[k+1].letter != 0 && f.fields[k+1].numeric() {
			return 1, x.n
		}
		return 1, 18
	}
	switch {
	case x.letter == 'S':
		return x.n, x.n
	case (x.letter == 'y' || x.letter == 'u' || x.letter == 'Y') && x.n == 2:
		return 2, 2
	case (x.letter == 'y' || x.letter == 'u' || x.letter == 'Y') && x.n != 2, x.letter == 'A', x.letter == 'n', x.letter == 'N':
		hi = 18
		if x.n == 4 && x.letter != 'A' && x.letter != 'n' && x.letter != 'N' {
			hi = 9
		}
	case x.n == 1:
		hi = 18
	}
	// Fixed-width numbers right behind reserve their digits.
	if hi > lo {
		reserved := 0
		for j := k + 1; j < len(f.fields) && f.fields[j].letter != 0 && f.fields[j].numeric() && (f.fields[j].n > 1 || f.fields[j].letter == 'S'); j++ {
			reserved += f.fields[j].n
		}
		if reserved > 0 {
			return lo, -reserved
		}
	}
	return lo, hi
}

// number reads digits; hi < 0 means as many as there are less -hi.
func number(s []byte, i, lo, hi int) (v, end int, ok bool) {
	n := 0
	for i+n < len(s) && s[i+n]-'0' <= 9 {
		n++
	}
	if hi < 0 {
		n = max(n+hi, 0)
	} else {
		n = min(n, hi)
	}
	if n < lo || n == 0 || n > 18 {
		return 0, i, false
	}
	for _, c := range s[i : i+n] {
		v = v*10 + int(c-'0')
	}
	return v, i + n, true
}

func (f *Format) parseField(s []byte, i, k int, p *parsed) (int, bool) {
	x := &f.fields[k]
	if f.dialect == Simple {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
	}
	if !x.numeric() {
		return f.parseText(s, i, x, p)
	}
	neg := false
	start := i
	if i < len(s) && s[i] == '-' && (x.letter == 'u' || x.letter == 'y' || f.dialect == Simple) {
		neg = true
		i++
	} else if i < len(s) && s[i] == '+' && f.dialect == DateTime && (x.letter == 'u' || x.letter == 'y') && x.n >= 4 {
		i++
	}
	lo, hi := f.width(k)
	v, end, ok := number(s, i, lo, hi)
	if !ok {
		return start, false
	}
	taken := end - i
	if neg {
		v = -v
	}
	p.set(x, v, taken, f.dialect)
	return end, true
}

// pivot is the first year that two digits can mean in java.time; SimpleDateFormat has a window of 80 years back, 20 on.
const (
	pivot       = 2000
	simplePivot = 1946
)

func (p *parsed) set(x *field, v, taken int, d Dialect) {
	switch x.letter {
	case 'y', 'u', 'Y':
		if x.n == 2 && taken == 2 && v >= 0 {
			base := pivot
			if d == Simple {
				base = simplePivot
			}
			c := base / 100 * 100
			if v += c; v < base {
				v += 100
			}
		}
		p.year = v
	case 'M', 'L':
		p.month = v
	case 'd':
		p.day = v
	case 'D':
		p.dayOfYear = v
	case 'H':
		p.hour = v
	case 'k':
		p.hour = v % 24
	case 'h':
		p.hour12 = v % 12
	case 'K':
		p.hour12 = v
	case 'm':
		p.minute = v
	case 's':
		p.second = v
	case 'S':
		if d == Simple {
			p.nano = v * 1_000_000
			return
		}
		for ; taken < 9; taken++ {
			v *= 10
		}
		p.nano = v
	case 'n':
		p.nano = v
	case 'A':
		p.hour, p.minute, p.second, p.nano = v/3_600_000, v/60_000%60, v/1000%60, v%1000*1_000_000
	}
}

func (f *Format) parseText(s []byte, i int, x *field, p *parsed) (int, bool) {
	switch x.letter {
	case 'M', 'L':
		n, end := f.name(s, i, months[:], x.n)
		p.month = n + 1
		return end, n >= 0
	case 'E', 'e', 'c':
		n, end := f.name(s, i, weekdays[:], max(x.n, 3))
		return end, n >= 0
	case 'a':
		n, end := f.name(s, i, []string{"AM", "PM"}, 4)
		p.pm = n
		return end, n >= 0
	case 'G':
		n, end := f.name(s, i, []string{"AD", "BC"}, 4)
		p.bc = n == 1
		return end, n >= 0
	case 'z', 'Z', 'X', 'x', 'O', 'V', 'v':
		return parseZone(s, i, p)
	}
	return i, false
}

// name finds which of the names stands at i, full or (unless only full ones count) in its first three letters.
func (f *Format) name(s []byte, i int, names []string, n int) (which, end int) {
	rest := s[i:]
	has := func(prefix string) bool {
		if len(rest) < len(prefix) {
			return false
		}
		if f.dialect == Simple {
			return strings.EqualFold(string(rest[:len(prefix)]), prefix)
		}
		return string(rest[:len(prefix)]) == prefix
	}
	for k, name := range names {
		if (n >= 4 || f.dialect == Simple) && has(name) {
			return k, i + len(name)
		}
	}
	for k, name := range names {
		if (n <= 3 || f.dialect == Simple) && len(name) > 3 && has(name[:3]) {
			return k, i + 3
		}
		if n <= 3 && len(name) == 3 && has(name) {
			return k, i + 3
		}
	}
	return -1, i
}

// parseZone reads Z, UTC, GMT, +hh, +hhmm, +hh:mm and GMT+h:mm.
func parseZone(s []byte, i int, p *parsed) (int, bool) {
	rest := string(s[i:])
	for _, name := range []string{"UTC", "GMT", "Z"} {
		if strings.HasPrefix(rest, name) {
			i += len(name)
			p.offset, p.hasOffset = 0, true
			if i == len(s) || s[i] != '+' && s[i] != '-' {
				return i, true
			}
			break
		}
	}
	if i >= len(s) || s[i] != '+' && s[i] != '-' {
		return i, false
	}
	sign := 1
	if s[i] == '-' {
		sign = -1
	}
	h, end, ok := number(s, i+1, 1, 2)
	if !ok {
		return i, false
	}
	m := 0
	at := end
	if at < len(s) && s[at] == ':' {
		at++
	}
	if v, e, ok := number(s, at, 2, 2); ok {
		m, end = v, e
	}
	p.offset, p.hasOffset = sign*(h*3600+m*60), true
	return end, true
}

// hourOfDay joins the hour fields.
func (p *parsed) hourOfDay() int {
	switch {
	case p.hour >= 0:
		return p.hour
	case p.hour12 >= 0:
		return p.hour12 + 12*max(p.pm, 0)
	}
	return 0
}

// smart resolves as java.time does: values must be in range, but a day beyond the month's end becomes its last day.
func (p *parsed) smart() (Result, bool) {
	y, m, d := p.year, p.month, p.day
	if y == minYear {
		y = 1970
	}
	if p.bc {
		y = 1 - y
	}
	if p.dayOfYear >= 0 && p.month < 0 && p.year != minYear {
		if p.dayOfYear < 1 || p.dayOfYear > 366 {
			return Result{}, false
		}
		_, m, d = civil.Date(civil.Days(y, 1, 1) + int64(p.dayOfYear) - 1)
	}
	if m < 0 {
		m = 1
	}
	if d < 0 {
		d = 1
	}
	h, mi, sec, nano := p.hourOfDay(), max(p.minute, 0), max(p.second, 0), max(p.nano, 0)
	if m < 1 || m > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || sec > 59 {
		return Result{}, false
	}
	d = min(d, civil.MonthLength(y, m))
	return p.result(civil.Days(y, m, d), int64(h)*3600+int64(mi)*60+int64(sec), nano), true
}

// lenient resolves as SimpleDateFormat does.
func (p *parsed) lenient() Result {
	y, m, d := p.year, p.month, p.day
	if y == minYear {
		y = 1970
	}
	if p.bc {
		y = 1 - y
	}
	if m < 0 {
		m = 1
	}
	if d < 0 {
		d = 1
	}
	days := civil.Days(y, m, 1) + int64(d) - 1
	if p.dayOfYear >= 0 && p.month < 0 {
		days = civil.Days(y, 1, 1) + int64(p.dayOfYear) - 1
	}
	sec := int64(p.hourOfDay())*3600 + int64(max(p.minute, 0))*60 + int64(max(p.second, 0))
	return p.result(days, sec, max(p.nano, 0))
}

func (p *parsed) result(days, sec int64, nano int) Result {
	return Result{
		Micros: (days*86400+sec)*1_000_000 + int64(nano/1000), Nanos: int16(nano % 1000), Offset: p.offset, HasOffset: p.hasOffset,
	}
}
