// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"spate/internal/expr"
	"spate/schema"
)

// JoinKey is an equality that a join demands: an expression over the left input and one over the right, by its own columns.
type JoinKey struct {
	Left, Right expr.Expr
	// NullSafe is IS NOT DISTINCT FROM.
	NullSafe bool
}

// SplitJoin parts the condition of a join into equalities between the sides and the rest, which may be nil.
func SplitJoin(j *Join) (keys []JoinKey, rest expr.Expr) {
	nLeft := len(j.Left.Schema())
	var others []expr.Expr
	for _, c := range Conjuncts(j.Cond) {
		if k, ok := joinKey(c, nLeft); ok {
			keys = append(keys, k)
		} else {
			others = append(others, c)
		}
	}
	return keys, And(others...)
}

func joinKey(c expr.Expr, nLeft int) (JoinKey, bool) {
	call, ok := c.(*expr.Call)
	if !ok || len(call.Args) != 2 || call.Fn != "=" && call.Fn != "IS NOT DISTINCT FROM" {
		return JoinKey{}, false
	}
	a, b := call.Args[0], call.Args[1]
	if !comparableKey(a.Type()) || !a.Type().EqualIgnoreNull(b.Type()) && !sameKeyBytes(a.Type(), b.Type()) {
		return JoinKey{}, false
	}
	sa, sb := sides(a, nLeft), sides(b, nLeft)
	switch {
	case sa == leftSide && sb == rightSide:
	case sa == rightSide && sb == leftSide:
		a, b = b, a
	default:
		return JoinKey{}, false
	}
	return JoinKey{Left: a, Right: expr.Shift(b, 0, -nLeft), NullSafe: call.Fn != "="}, true
}

// comparableKey tells whether equal values of a type have equal bytes, so that rows can be found by them. Floating-point
// numbers are: the row keys normalise zeros and NaNs.
func comparableKey(t *schema.Type) bool {
	switch t.Root {
	case schema.Raw, schema.Variant, schema.Bitmap, schema.Map, schema.Multiset, schema.Null:
		return false
	default:
		return true
	}
}

// sameKeyBytes tells whether values of two different types compare by their bytes: character strings of any length.
func sameKeyBytes(a, b *schema.Type) bool {
	return a.Root == schema.Varchar && b.Root == schema.Varchar || a.Root == schema.Varbinary && b.Root == schema.Varbinary ||
		a.Root == schema.Timestamp && b.Root == schema.Timestamp && a.Precision == b.Precision
}

type side uint8

const (
	noSide side = iota
	leftSide
	rightSide
	bothSides
)

// sides says which inputs of a join an expression reads.
func sides(e expr.Expr, nLeft int) side {
	s := noSide
	for _, c := range expr.Columns(e) {
		if c < nLeft {
			s |= leftSide
		} else {
			s |= rightSide
		}
	}
	return s
}

// OnlyLeft and OnlyRight tell whether an expression over both inputs of a join reads only one; a constant reads either.
func OnlyLeft(e expr.Expr, nLeft int) bool { return sides(e, nLeft)&rightSide == 0 }

// OnlyRight is the other side of OnlyLeft.
func OnlyRight(e expr.Expr, nLeft int) bool { return sides(e, nLeft)&leftSide == 0 }
