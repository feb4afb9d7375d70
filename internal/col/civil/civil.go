// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package civil converts between days since 1970-01-01 and dates of the proleptic Gregorian calendar, and does the calendar
// arithmetic of SQL: pure functions on integers, without allocation.
package civil

// Units of time.
const (
	MillisPerSecond = 1000
	MillisPerMinute = 60 * MillisPerSecond
	MillisPerHour   = 60 * MillisPerMinute
	MillisPerDay    = 24 * MillisPerHour
	MicrosPerDay    = 1000 * MillisPerDay
)

// Date returns the date of a day, with months and days from 1. Years before 1 count on through 0.
func Date(days int64) (year, month, day int) {
	// Eras of 400 years that start on 1 March, so that the leap day is last.
	z := days + 719468
	era := FloorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp + 3)
	if month > 12 {
		month -= 12
	}
	year = int(yoe + era*400)
	if month <= 2 {
		year++
	}
	return year, month, day
}

// Days returns the day of a date. Months beyond 1-12 and days beyond the month run over.
func Days(year, month, day int) int64 {
	m := int64(month) - 1
	y := int64(year) + FloorDiv(m, 12)
	m = FloorMod(m, 12) + 1
	if m <= 2 {
		y--
		m += 12
	}
	era := FloorDiv(y, 400)
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + int64(day) - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// IsLeap tells whether a year has 29 February.
func IsLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

var monthDays = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// MonthLength returns the number of days of a month.
func MonthLength(year, month int) int {
	if month == 2 && IsLeap(year) {
		return 29
	}
	return monthDays[month]
}

// Valid tells whether a date exists.
func Valid(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= MonthLength(year, month)
}

// AddMonths adds months to a day; the day of the month is cut to the length of the month reached.
func AddMonths(days, months int64) int64 {
	y, m, d := Date(days)
	t := int64(y)*12 + int64(m-1) + months
	y, m = int(FloorDiv(t, 12)), int(FloorMod(t, 12))+1
	return Days(y, m, min(d, MonthLength(y, m)))
}

// MonthsBetween returns how many whole months lie between two days: the greatest n (in magnitude) such that adding n months to
// from does not pass to.
func MonthsBetween(to, from int64) int64 {
	if to < from {
		return -MonthsBetween(from, to)
	}
	y0, m0, _ := Date(from)
	y1, m1, _ := Date(to)
	n := int64(y1-y0)*12 + int64(m1-m0)
	if AddMonths(from, n) > to {
		n--
	}
	return n
}

// Weekday returns the day of the week, 1 for Monday to 7 for Sunday.
func Weekday(days int64) int { return int(FloorMod(days+3, 7)) + 1 }

// YearDay returns the day of the year, from 1.
func YearDay(days int64) int {
	y, _, _ := Date(days)
	return int(days-Days(y, 1, 1)) + 1
}

// ISOWeek returns the year and the number of the ISO 8601 week of a day.
func ISOWeek(days int64) (year, week int) {
	// The week belongs to the year of its Thursday.
	thursday := days - int64(Weekday(days)) + 4
	year, _, _ = Date(thursday)
	return year, int(thursday-Days(year, 1, 1))/7 + 1
}

// FloorDiv divides rounding down; b > 0.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// FloorMod is what FloorDiv leaves: 0 <= result < b.
func FloorMod(a, b int64) int64 {
	r := a % b
	if r < 0 {
		r += b
	}
	return r
}
