// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

var unitNames = [...]string{
	NoUnit: "", Year: "YEAR", Month: "MONTH", Day: "DAY", Hour: "HOUR", Minute: "MINUTE", Second: "SECOND", Quarter: "QUARTER",
	Week: "WEEK", Millisecond: "MILLISECOND", Microsecond: "MICROSECOND", Nanosecond: "NANOSECOND", DayOfWeek: "DOW",
	DayOfYear: "DOY", IsoDayOfWeek: "ISODOW", IsoYear: "ISOYEAR", Epoch: "EPOCH", Decade: "DECADE", Century: "CENTURY",
	Millennium: "MILLENNIUM",
}

// String returns the unit as SQL writes it.
func (u TimeUnit) String() string { return unitNames[u] }

// IsYearMonth reports whether an interval of the unit is one of years and months.
func (u TimeUnit) IsYearMonth() bool { return u == Year || u == Month || u == Quarter }

// String returns the qualifier as SQL writes it: DAY(3) TO SECOND(6).
func (q IntervalUnits) String() string {
	var b printer
	b.units(q)
	return b.String()
}
