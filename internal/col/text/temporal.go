// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strconv"

	"spate/internal/col/civil"
)

// AppendDate appends a DATE as yyyy-MM-dd.
func AppendDate(dst []byte, days int32) []byte {
	y, m, d := civil.Date(int64(days))
	return appendYMD(dst, y, m, d)
}

func appendYMD(dst []byte, y, m, d int) []byte {
	if y < 0 {
		dst = append(dst, '-')
		y = -y
	}
	if y > 9999 {
		dst = strconv.AppendInt(dst, int64(y), 10)
	} else {
		dst = append(dst, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
	}
	return append(dst, '-', byte('0'+m/10), byte('0'+m%10), '-', byte('0'+d/10), byte('0'+d%10))
}

func appendHMS(dst []byte, seconds int) []byte {
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	return append(dst, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10), ':', byte('0'+s/10), byte('0'+s%10))
}

// AppendTime appends a TIME(p) as HH:mm:ss, for p > 0 followed by a point and the milliseconds without trailing zeros, one digit at
// least and p at most.
func AppendTime(dst []byte, millis int32, precision int) []byte {
	t := int(civil.FloorMod(int64(millis), civil.MillisPerDay))
	dst = appendHMS(dst, t/1000)
	if precision <= 0 {
		return dst
	}
	dst = append(dst, '.')
	for ms := t % 1000; precision > 0; precision-- {
		dst = append(dst, byte('0'+ms/100))
		if ms = ms % 100 * 10; ms == 0 {
			break
		}
	}
	return dst
}

// AppendTimestamp appends a TIMESTAMP(p) given in microseconds as yyyy-MM-dd HH:mm:ss and, for p > 0, a point and p digits; digits
// beyond p that are not zero are printed too.
func AppendTimestamp(dst []byte, micros int64, precision int) []byte {
	return AppendTimestampNanos(dst, micros, 0, precision)
}

// AppendTimestampMillis is AppendTimestamp for milliseconds.
func AppendTimestampMillis(dst []byte, millis int64, precision int) []byte {
	days := civil.FloorDiv(millis, civil.MillisPerDay)
	t := int(millis - days*civil.MillisPerDay)
	return appendTimestamp(dst, days, t/1000, t%1000*1_000_000, precision, ' ')
}

// AppendTimestampNanos is AppendTimestamp with the nanoseconds (0-999) below the microsecond.
func AppendTimestampNanos(dst []byte, micros int64, nanos int16, precision int) []byte {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	t := micros - days*civil.MicrosPerDay
	return appendTimestamp(dst, days, int(t/1_000_000), int(t%1_000_000)*1000+int(nanos), precision, ' ')
}

// AppendTimestampISO is AppendTimestampNanos with a T between date and time.
func AppendTimestampISO(dst []byte, micros int64, nanos int16, precision int) []byte {
	days := civil.FloorDiv(micros, civil.MicrosPerDay)
	t := micros - days*civil.MicrosPerDay
	return appendTimestamp(dst, days, int(t/1_000_000), int(t%1_000_000)*1000+int(nanos), precision, 'T')
}

func appendTimestamp(dst []byte, days int64, seconds, nano, precision int, sep byte) []byte {
	y, m, d := civil.Date(days)
	dst = appendYMD(dst, y, m, d)
	dst = append(dst, sep)
	dst = appendHMS(dst, seconds)
	if precision <= 0 && nano == 0 {
		return dst
	}
	dst = append(dst, '.')
	var digits [9]byte
	for i := 8; i >= 0; i-- {
		digits[i] = byte('0' + nano%10)
		nano /= 10
	}
	n := 9
	for n > max(precision, 0) && digits[n-1] == '0' {
		n--
	}
	return append(dst, digits[:n]...)
}

// AppendYearMonth appends an interval of months as +y-mm.
func AppendYearMonth(dst []byte, months int32) []byte {
	m := int64(months)
	if m < 0 {
		dst = append(dst, '-')
		m = -m
	} else {
		dst = append(dst, '+')
	}
	dst = strconv.AppendInt(dst, m/12, 10)
	m %= 12
	return append(dst, '-', byte('0'+m/10), byte('0'+m%10))
}

// AppendDayTime appends an interval of milliseconds as +d hh:mm:ss.fff.
func AppendDayTime(dst []byte, millis int64) []byte {
	m := uint64(millis)
	if millis < 0 {
		dst = append(dst, '-')
		m = -m
	} else {
		dst = append(dst, '+')
	}
	dst = strconv.AppendUint(dst, m/civil.MillisPerDay, 10)
	t := int(m % civil.MillisPerDay)
	dst = appendHMS(append(dst, ' '), t/1000)
	t %= 1000
	return append(dst, '.', byte('0'+t/100), byte('0'+t/10%10), byte('0'+t%10))
}

// digits reads 1 to limit digits.
func digits(s []byte, limit int) (value int, rest []byte, ok bool) {
	n := 0
	for n < len(s) && n < limit && s[n]-'0' <= 9 {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, s[n:], n > 0
}

// number reads a whole text of digits with blanks around.
func number(s []byte) (int, bool) {
	s = TrimJava(s)
	v, rest, ok := digits(s, 9)
	return v, ok && len(rest) == 0
}

func index(s []byte, c byte, from int) int {
	for i := from; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// ParseDate reads a DATE as CAST does: yyyy-MM-dd, yyyy-MM or yyyy with any number of digits a part, blanks around each part, and
// anything after a first blank (a time) ignored. Years are 0 to 9999.
func ParseDate(s []byte) (days int32, ok bool) {
	if i := index(s, ' ', 0); i > 0 {
		s = s[:i]
	}
	var y int
	m, d := 1, 1
	h1 := index(s, '-', 0)
	if h1 < 0 {
		y, ok = number(s)
	} else if y, ok = number(s[:h1]); ok {
		h2 := index(s, '-', h1+1)
		if h2 < 0 {
			m, ok = number(s[h1+1:])
		} else if m, ok = number(s[h1+1 : h2]); ok {
			d, ok = number(s[h2+1:])
		}
	}
	if !ok || y > 9999 || !civil.Valid(y, m, d) {
		return 0, false
	}
	return int32(civil.Days(y, m, d)), true
}

// ParseTime reads a TIME as CAST does: HH, HH:mm, HH:mm:ss or HH:mm:ss.fff, blanks around each part, then optionally a zone offset.
// The result is milliseconds of the day.
func ParseTime(s []byte) (millis int32, ok bool) {
	body, sign, zh, zm := s, -1, 0, 0
	z := index(s, '-', 0)
	if z < 0 {
		z, sign = index(s, '+', 0), 1
	}
	if z >= 0 {
		body = s[:z]
		zone := s[z+1:]
		if c := index(zone, ':', 0); c < 0 {
			zh, ok = number(zone)
		} else if zh, ok = number(zone[:c]); ok {
			zm, ok = number(zone[c+1:])
		}
		if !ok {
			return 0, false
		}
	}
	var h int
	m, sec, ms := 0, 0, 0
	c1 := index(body, ':', 0)
	if c1 < 0 {
		h, ok = number(body)
	} else if h, ok = number(body[:c1]); ok {
		c2 := index(body, ':', c1+1)
		if c2 < 0 {
			m, ok = number(body[c1+1:])
		} else if m, ok = number(body[c1+1 : c2]); ok {
			dot := index(body, '.', c2)
			if dot < 0 {
				sec, ok = number(body[c2+1:])
			} else if sec, ok = number(body[c2+1 : dot]); ok {
				ms = fraction(TrimJava(body[dot+1:]))
			}
		}
	}
	if !ok || h > 23 || m > 59 || sec > 59 {
		return 0, false
	}
	h, m = h+sign*zh, m+sign*zm
	return int32(h*civil.MillisPerHour + m*civil.MillisPerMinute + sec*1000 + ms), true
}

// fraction reads up to three digits of a fraction of a second as milliseconds.
func fraction(s []byte) int {
	ms, unit := 0, 100
	for i := 0; i < len(s) && unit > 0; i++ {
		if c := s[i] - '0'; c <= 9 {
			ms += unit * int(c)
		}
		unit /= 10
	}
	return ms
}

// ParseTimestamp reads a TIMESTAMP as CAST does: yyyy-MM-dd, optionally followed by a blank and HH:mm:ss with a fraction of up to
// nine digits; months, days and the parts of the time have one or two digits. Digits beyond the precision are cut off.
func ParseTimestamp(s []byte, precision int) (micros int64, nanos int16, ok bool) {
	return parseTimestamp(s, precision, ' ')
}

// ParseTimestampISO is ParseTimestamp with a T between date and time.
func ParseTimestampISO(s []byte, precision int) (micros int64, nanos int16, ok bool) {
	return parseTimestamp(s, precision, 'T')
}

// powers of ten up to nanoseconds.
var pow = [10]int{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000}

func parseTimestamp(s []byte, precision int, sep byte) (micros int64, nanos int16, ok bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	start := len(s)
	y, s, ok := digits(s, 9)
	if !ok || start-len(s) < 4 || len(s) == 0 || s[0] != '-' {
		return 0, 0, false
	}
	if neg {
		y = -y
	}
	m, s, ok := digits(s[1:], 2)
	if !ok || len(s) == 0 || s[0] != '-' {
		return 0, 0, false
	}
	d, s, ok := digits(s[1:], 2)
	if !ok || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, 0, false
	}
	d = min(d, civil.MonthLength(y, m)) // A day beyond the month's end is its last day, as in java.time.
	var h, mi, sec, nano int
	if len(s) > 0 {
		if s[0] != sep {
			return 0, 0, false
		}
		if h, s, ok = digits(s[1:], 2); !ok || len(s) == 0 || s[0] != ':' {
			return 0, 0, false
		}
		if mi, s, ok = digits(s[1:], 2); !ok || len(s) == 0 || s[0] != ':' {
			return 0, 0, false
		}
		if sec, s, ok = digits(s[1:], 2); !ok || h > 23 || mi > 59 || sec > 59 {
			return 0, 0, false
		}
		if len(s) > 0 {
			if s[0] != '.' {
				return 0, 0, false
			}
			n := len(s) - 1
			if n > 0 {
				if nano, s, ok = digits(s[1:], 9); !ok || len(s) > 0 {
					return 0, 0, false
				}
				nano *= pow[9-n]
			}
		}
	}
	if precision < 9 {
		nano -= nano % pow[9-max(precision, 0)]
	}
	secs := civil.Days(y, m, d)*86400 + int64(h*3600+mi*60+sec)
	return secs*1_000_000 + int64(nano/1000), int16(nano % 1000), true
}
