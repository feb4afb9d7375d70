// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

// minAdjustedScale is the scale that a result keeps at least when its precision has to be cut to MaxDecimal.
const minAdjustedScale = 6

// The result types of operations on DECIMAL(p1, s1) and DECIMAL(p2, s2), NOT NULL. When the exact result has more than MaxDecimal
// digits, the scale is cut so that whole digits survive, but not below minAdjustedScale or the exact scale.

// AddDecimals returns the type of a sum or a difference.
func AddDecimals(p1, s1, p2, s2 int) *Type {
	scale := max(s1, s2)
	return fitDecimal(max(p1-s1, p2-s2)+scale+1, scale)
}

// MultiplyDecimals returns the type of a product.
func MultiplyDecimals(p1, s1, p2, s2 int) *Type { return fitDecimal(p1+p2+1, s1+s2) }

// DivideDecimals returns the type of a quotient.
func DivideDecimals(p1, s1, p2, s2 int) *Type {
	scale := max(minAdjustedScale, s1+p2+1)
	return fitDecimal(p1-s1+s2+scale, scale)
}

// ModuloDecimals returns the type of a remainder.
func ModuloDecimals(p1, s1, p2, s2 int) *Type {
	scale := max(s1, s2)
	return fitDecimal(min(p1-s1, p2-s2)+scale, scale)
}

// RoundDecimal returns the type of ROUND(DECIMAL(p, s), digits). Rounding may add a whole digit.
func RoundDecimal(p, s, digits int) *Type {
	switch {
	case digits >= s:
		return NewDecimal(p, s).NotNull()
	case digits < 0:
		return NewDecimal(min(MaxDecimal, 1+p-s), 0).NotNull()
	default:
		return NewDecimal(1+p-s+digits, digits).NotNull()
	}
}

// AvgType returns the type of AVG over the type: DECIMAL(38, max(6, s)) for DECIMAL(p, s), else the type itself.
func AvgType(t *Type) *Type {
	if t.Root != Decimal {
		return t
	}
	return DivideDecimals(MaxDecimal, t.Scale, 20, 0).WithNull(t.Nullable)
}

// SumType returns the type of SUM over the type: DECIMAL(38, s) for DECIMAL(p, s), else the type itself.
func SumType(t *Type) *Type {
	if t.Root != Decimal {
		return t
	}
	return NewDecimal(MaxDecimal, t.Scale).WithNull(t.Nullable)
}

func fitDecimal(precision, scale int) *Type {
	if precision > MaxDecimal {
		whole := precision - scale
		precision, scale = MaxDecimal, max(MaxDecimal-whole, min(scale, minAdjustedScale))
	}
	return NewDecimal(precision, scale).NotNull()
}
