// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

// rootSet is a set of roots.
type rootSet uint64

func roots(rs ...Root) rootSet {
	var s rootSet
	for _, r := range rs {
		s |= 1 << r
	}
	return s
}

func (s rootSet) has(r Root) bool { return s>>r&1 != 0 }

// The families of Flink's types.
var (
	characterRoots   = roots(Char, Varchar)
	binaryRoots      = roots(Binary, Varbinary)
	integerRoots     = roots(TinyInt, SmallInt, Int, BigInt)
	exactRoots       = integerRoots | roots(Decimal)
	approxRoots      = roots(Float, Double)
	numericRoots     = exactRoots | approxRoots
	timestampRoots   = roots(Timestamp, TimestampTZ, TimestampLTZ)
	datetimeRoots    = timestampRoots | roots(Date, Time)
	intervalRoots    = roots(IntervalYearMonth, IntervalDayTime)
	constructedRoots = roots(Array, Multiset, Map, Row)
	predefinedRoots  = characterRoots | binaryRoots | numericRoots | datetimeRoots | intervalRoots | roots(Boolean)
)

// implicitCasts gives the roots that a root can be cast from without loss of meaning; every root can be cast from itself.
var implicitCasts = [...]rootSet{
	Varchar:      characterRoots,
	Varbinary:    binaryRoots,
	Decimal:      numericRoots,
	SmallInt:     roots(TinyInt),
	Int:          roots(TinyInt, SmallInt),
	BigInt:       roots(TinyInt, SmallInt, Int),
	Float:        exactRoots,
	Double:       numericRoots,
	Date:         roots(Timestamp),
	Time:         roots(Timestamp),
	Timestamp:    roots(TimestampLTZ),
	TimestampLTZ: roots(Timestamp),
	Descriptor:   0,
}

// wallClockRoots are the timestamps that are numbers too: seconds since the epoch.
var wallClockRoots = roots(Timestamp, TimestampLTZ)

// explicitCasts gives the roots that CAST accepts for a root beyond the implicit ones.
var explicitCasts = [...]rootSet{
	Char:              predefinedRoots | constructedRoots | roots(Raw, Null, Structured, Variant, Bitmap),
	Varchar:           predefinedRoots | constructedRoots | roots(Raw, Null, Structured, Variant, Bitmap),
	Binary:            characterRoots | roots(Varbinary, Raw),
	Varbinary:         characterRoots | roots(Binary, Raw),
	TinyInt:           numericRoots | characterRoots | intervalRoots | wallClockRoots | roots(Boolean),
	SmallInt:          numericRoots | characterRoots | intervalRoots | wallClockRoots | roots(Boolean),
	Int:               numericRoots | characterRoots | intervalRoots | wallClockRoots | roots(Boolean),
	BigInt:            numericRoots | characterRoots | intervalRoots | wallClockRoots | roots(Boolean),
	Decimal:           characterRoots | intervalRoots | wallClockRoots | roots(Boolean),
	Float:             numericRoots | characterRoots | wallClockRoots | roots(Boolean),
	Double:            characterRoots | wallClockRoots | roots(Boolean),
	Boolean:           characterRoots | integerRoots,
	Date:              timestampRoots | characterRoots,
	Time:              timestampRoots | characterRoots | roots(Time),
	Timestamp:         datetimeRoots | characterRoots | numericRoots,
	TimestampTZ:       datetimeRoots | characterRoots,
	TimestampLTZ:      datetimeRoots | characterRoots | numericRoots,
	IntervalYearMonth: exactRoots | characterRoots,
	IntervalDayTime:   exactRoots | characterRoots,
	Descriptor:        0,
}

// SupportsImplicitCast tells whether values of from can stand where a value of to is wanted, without a CAST: widening only. A
// nullable type is no NOT NULL one.
func SupportsImplicitCast(from, to *Type) bool { return supportsCast(from, to, false) }

// SupportsExplicitCast tells whether CAST(from AS to) exists. Nullability does not matter: who casts knows the data.
func SupportsExplicitCast(from, to *Type) bool { return supportsCast(from, to, true) }

func supportsCast(from, to *Type, explicit bool) bool {
	if from.Nullable && !to.Nullable && !explicit {
		return false
	}
	if from.EqualIgnoreNull(to) || from.Root == Null {
		return true
	}
	composite := constructedRoots | roots(Structured)
	switch {
	case intervalRoots.has(from.Root) && exactRoots.has(to.Root):
		return from.Unit.single()
	case exactRoots.has(from.Root) && intervalRoots.has(to.Root):
		return to.Unit.single()
	case composite.has(from.Root) && composite.has(to.Root):
		return supportsNestedCast(from, to, explicit)
	case to.Root == Raw, from.Root == Raw && !(binaryRoots | characterRoots).has(to.Root):
		return false // Two RAW types that are not equal have nothing in common.
	case from.Root == Symbol || to.Root == Symbol:
		return false
	}
	return from.Root == to.Root || implicitCasts[to.Root].has(from.Root) || explicit && explicitCasts[to.Root].has(from.Root)
}

// supportsNestedCast casts child by child. ROW and structured types go into each other by position.
func supportsNestedCast(from, to *Type, explicit bool) bool {
	rows := roots(Row, Structured)
	switch {
	case from.Root == Structured && to.Root == Structured && from.Class != to.Class:
		return false
	case from.Root != to.Root && (!rows.has(from.Root) || !rows.has(to.Root)):
		return false
	}
	a, b := from.Children(), to.Children()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !supportsCast(a[i], b[i], explicit) {
			return false
		}
	}
	return true
}

// single tells whether the range has one unit only.
func (u IntervalUnit) single() bool {
	return int(u) < len(intervalUnits) && intervalUnits[u][0] == intervalUnits[u][1]
}
