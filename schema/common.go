// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"errors"
	"fmt"
	"strings"
)

// CommonType returns the least restrictive type that values of all the given types can be cast to without CAST, as for the branches
// of CASE or the inputs of UNION. It is nullable when one of them is. Only NULL literals have no common type.
func CommonType(types ...*Type) (*Type, error) {
	if len(types) == 0 {
		return nil, errors.New("no types, no common type")
	}
	t := commonType(types)
	if t == nil {
		names := make([]string, len(types))
		for i, x := range types {
			names[i] = x.Summary()
		}
		return nil, fmt.Errorf("no common type for %s", strings.Join(names, " and "))
	}
	return t, nil
}

func commonType(types []*Type) *Type {
	nullable, hasRaw := false, false
	norm := make([]*Type, len(types))
	for i, t := range types {
		nullable = nullable || t.Nullable
		hasRaw = hasRaw || t.Root == Raw
		norm[i] = t.WithNull(true)
	}
	var found *Type
	if hasRaw {
		found = sameType(norm)
	} else {
		found = mergeTypes(norm)
	}
	if found == nil {
		found = castableType(norm)
	}
	if found == nil || found.Root == Null {
		return nil
	}
	return found.WithNull(nullable)
}

func sameType(types []*Type) *Type {
	for _, t := range types[1:] {
		if !t.Equal(types[0]) {
			return nil
		}
	}
	return types[0]
}

// castableType returns the one of the types that all others can be cast to.
func castableType(types []*Type) *Type {
	result := types[0]
	for _, t := range types {
		switch {
		case t.Root == Null:
		case SupportsImplicitCast(result, t):
			result = t
		case !SupportsImplicitCast(t, result):
			return nil
		}
	}
	return result
}

// mergeTypes folds the types; nil when no rule applies.
func mergeTypes(types []*Type) *Type {
	var result *Type
	for _, t := range types {
		if t.Root == Null {
			continue
		}
		if result == nil {
			result = t
		}
		if p := arithmeticType(result, t); p != nil {
			result = p
			continue
		}
		if constructedRoots.has(t.Root) {
			return mergeChildren(types)
		}
		if result = mergePair(result, t); result == nil {
			return nil
		}
	}
	if result == nil {
		return TypeNull
	}
	return result
}

// arithmeticType is the result of a time plus an interval or a number of days, or nil.
func arithmeticType(a, b *Type) *Type {
	switch dated := timestampRoots | roots(Date); {
	case datetimeRoots.has(a.Root) && intervalRoots.has(b.Root), dated.has(a.Root) && exactRoots.has(b.Root):
		return a
	case intervalRoots.has(a.Root) && datetimeRoots.has(b.Root), exactRoots.has(a.Root) && dated.has(b.Root):
		return b
	}
	return nil
}

// mergePair merges two types of one family; nil when they are not or the family has no rule.
func mergePair(result, t *Type) *Type {
	both := func(s rootSet) bool { return s.has(result.Root) && s.has(t.Root) }
	switch {
	case both(characterRoots), both(binaryRoots):
		return mergeStrings(result, t)
	case both(numericRoots):
		return mergeNumbers(result, t)
	case both(roots(Date)):
		return TypeDate
	case both(roots(Time)):
		return NewTime(max(result.Precision, t.Precision))
	case both(timestampRoots):
		return mergeTimestamps(result, t)
	case both(roots(IntervalDayTime)), both(roots(IntervalYearMonth)):
		return mergeIntervals(result, t)
	}
	return nil
}

// mergeStrings: different fixed lengths become a varying length, so that nothing gets padded.
func mergeStrings(result, t *Type) *Type {
	root := t.Root
	switch {
	case result.Root == Varchar || result.Root == Varbinary:
		root = result.Root
	case result.Length == t.Length:
	case result.Root == Char:
		root = Varchar
	default:
		root = Varbinary
	}
	return &Type{Root: root, Nullable: true, Length: max(result.Length, t.Length)}
}

// integerDigits gives the decimal digits of the integer types.
var integerDigits = [...]int{TinyInt: 3, SmallInt: 5, Int: 10, BigInt: 19}

// DecimalDigits returns precision and scale of an exact numeric type as a decimal: DECIMAL(10, 0) for INT.
func (t *Type) DecimalDigits() (precision, scale int) {
	if integerRoots.has(t.Root) {
		return integerDigits[t.Root], 0
	}
	return t.Precision, t.Scale
}

func mergeNumbers(result, t *Type) *Type {
	switch {
	case approxRoots.has(t.Root) && approxRoots.has(result.Root):
		if t.Root == Double {
			return TypeDouble
		}
		return result
	case approxRoots.has(t.Root):
		return t
	case approxRoots.has(result.Root):
		if t.Root == Decimal {
			return TypeDouble
		}
		return result
	case t.Equal(result):
		return result
	}
	p1, s1 := result.DecimalDigits()
	p2, s2 := t.DecimalDigits()
	if result.Root != Decimal && t.Root != Decimal {
		if p2 > p1 {
			return t
		}
		return result
	}
	whole := min(max(p1-s1, p2-s2), MaxDecimal)
	scale := min(max(s1, s2), MaxDecimal-whole)
	return NewDecimal(whole+scale, scale)
}

func mergeTimestamps(result, t *Type) *Type {
	if t.Equal(result) {
		return result
	}
	root := Timestamp
	switch p := roots(result.Root, t.Root); {
	case p.has(TimestampTZ):
		root = TimestampTZ
	case p.has(TimestampLTZ):
		root = TimestampLTZ
	}
	return &Type{Root: root, Nullable: true, Precision: max(result.Precision, t.Precision)}
}

// mergeIntervals covers the ranges of both.
func mergeIntervals(result, t *Type) *Type {
	order := [...]string{"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}
	rank := func(unit string) int {
		for i, u := range order {
			if u == unit {
				return i
			}
		}
		return 0
	}
	a, b := intervalUnits[result.Unit], intervalUnits[t.Unit]
	want := [2]string{order[min(rank(a[0]), rank(b[0]))], order[max(rank(a[1]), rank(b[1]))]}
	unit := result.Unit
	for u, e := range intervalUnits {
		if e == want {
			unit = IntervalUnit(u)
		}
	}
	m := *result
	m.Unit = unit
	m.Precision, m.Scale = max(result.Precision, t.Precision), max(result.Scale, t.Scale)
	return &m
}

// mergeChildren merges constructed types of one root child by child; names come from the first.
func mergeChildren(types []*Type) *Type {
	first := types[0]
	kids := first.childTypes()
	merged := make([]*Type, len(kids))
	for _, t := range types {
		if t.Root != first.Root || len(t.childTypes()) != len(kids) {
			return nil
		}
	}
	for i := range kids {
		column := make([]*Type, len(types))
		for j, t := range types {
			column[j] = t.childTypes()[i]
		}
		if merged[i] = commonType(column); merged[i] == nil {
			return nil
		}
	}
	switch first.Root {
	case Array:
		return NewArray(merged[0])
	case Multiset:
		return NewMultiset(merged[0])
	case Map:
		return NewMap(merged[0], merged[1])
	default:
		fields := make([]Field, len(merged))
		for i, m := range merged {
			fields[i] = Field{Name: first.Fields[i].Name, Type: m, Comment: first.Fields[i].Comment}
		}
		return NewRow(fields...)
	}
}

// childTypes returns the logical children: unlike Children, only the element for MULTISET.
func (t *Type) childTypes() []*Type {
	if t.Root == Multiset {
		return []*Type{t.Elem}
	}
	return t.Children()
}
