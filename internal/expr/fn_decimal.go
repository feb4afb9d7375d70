// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/schema"
)

// floatMod is the remainder of Java's % on doubles.
func floatMod(x, y float64) float64 { return math.Mod(x, y) }

// decimalKernel compiles an operator on exact numbers with a DECIMAL result. A result that does not fit is NULL.
func decimalKernel(call *Call, op arithOp) Kernel {
	p, s := call.T.Precision, call.T.Scale
	a, b := call.Args[0].Type(), call.Args[1].Type()
	p1, s1 := a.DecimalDigits()
	p2, s2 := b.DecimalDigits()
	switch op {
	case opAdd, opSub:
		// With an uncut result type neither the scaling nor the sum can overflow.
		if s == max(s1, s2) && p <= schema.MaxCompactDecimal {
			return addCompact(op, int64(decimal.Pow64(s-s1)), int64(decimal.Pow64(s-s2)))
		}
	case opMul:
		if s == s1+s2 && p == p1+p2+1 && isCompact(a) && isCompact(b) {
			return mulCompact(p)
		}
	default:
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		x, y, w := readNumbers(args[0]), readNumbers(args[1]), writeDecimals(out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			u, v := x.dec(r), y.dec(r)
			var z decimal.Int
			var ok bool
			switch op {
			case opAdd, opSub:
				z, ok = addDecimals(u, s1, v, s2, p, s, op == opSub)
			case opMul:
				z, ok = decimal.Mul(u, s1, v, s2, p, s)
			default:
				if decimal.Sign(v) == 0 {
					return &RowError{Row: r, Reason: "Division by zero"}
				}
				if op == opDiv {
					z, ok = decimal.Div(u, s1, v, s2, p, s)
				} else {
					z, ok = decimal.Rem(u, s1, v, s2, p, s)
				}
			}
			w.set(r, z, ok)
		}
		return nil
	}
}

// isCompact tells whether values of an exact type are read as int64.
func isCompact(t *schema.Type) bool { return t.Physical() != schema.PhysInt128 }

// addDecimals adds values of different scales and rounds the exact sum once.
func addDecimals(x decimal.Int, sx int, y decimal.Int, sy, p, s int, sub bool) (decimal.Int, bool) {
	if sub {
		y = decimal.Neg(y)
	}
	m := max(sx, sy)
	u, ok1 := decimal.Rescale(x, sx, m, decimal.MaxDigits)
	v, ok2 := decimal.Rescale(y, sy, m, decimal.MaxDigits)
	if !ok1 || !ok2 {
		// Too wide for the common scale: round each side to the result's scale first.
		u, ok1 = decimal.Rescale(x, sx, s, decimal.MaxDigits)
		v, ok2 = decimal.Rescale(y, sy, s, decimal.MaxDigits)
		if !ok1 || !ok2 {
			return decimal.Int{}, false
		}
		m = s
	}
	return decimal.Rescale(decimal.Add(u, v), m, s, p)
}

func addCompact(op arithOp, f1, f2 int64) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int64](out, rows.N)
		x, y := readInts(args[0]), readInts(args[1])
		g := f2
		if op == opSub {
			g = -g
		}
		if x.v64 != nil && y.v64 != nil && !x.fix && !y.fix {
			a, b := x.v64[:len(dst)], y.v64[:len(dst)]
			for r := range dst {
				dst[r] = a[r]*f1 + b[r]*g
			}
			return nil
		}
		for r := range dst {
			dst[r] = x.at(r)*f1 + y.at(r)*g
		}
		return nil
	}
}

// mulCompact multiplies int64 operands exactly.
func mulCompact(p int) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		x, y := readInts(args[0]), readInts(args[1])
		if p <= schema.MaxCompactDecimal {
			dst := batch.Resize[int64](out, rows.N)
			for r := range dst {
				dst[r] = x.at(r) * y.at(r)
			}
			return nil
		}
		dst := batch.Resize[schema.Int128](out, rows.N)
		switch {
		case x.fix && !y.fix && y.v64 != nil:
			kernel.MulExact(dst, y.v64, x.at(0))
		case y.fix && !x.fix && x.v64 != nil:
			kernel.MulExact(dst, x.v64, y.at(0))
		default:
			for r := range dst {
				dst[r] = decimal.Mul64(x.at(r), y.at(r))
			}
		}
		return nil
	}
}
