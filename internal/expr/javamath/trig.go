// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javamath

import (
	"math"
	"math/big"
)

// reduceLimit is up to where the argument is reduced with four doubles of pi/2; beyond it takes big numbers.
const reduceLimit = 1 << 30

// reduce returns x - k*pi/2, which lies within pi/4 of 0, and k modulo 4.
func reduce(x float64) (dd, int) {
	if math.Abs(x) > reduceLimit {
		return reduceBig(x)
	}
	k := math.RoundToEven(x / halfPi[0])
	r := dd{x, 0}
	for _, p := range halfPi {
		hi := k * p
		r = r.add(dd{hi, math.FMA(k, p, -hi)}.neg())
	}
	return r, int(int64(k)&3+4) & 3
}

// bigPrecision holds the greatest double beside 160 bits of fraction.
const bigPrecision = 1400

// piBig returns pi to more digits than bigPrecision needs.
func piBig() *big.Float {
	// Machin: pi = 16 atan(1/5) - 4 atan(1/239), in fixed point.
	const bits = bigPrecision + 64
	one := new(big.Int).Lsh(big.NewInt(1), bits)
	atan := func(n int64) *big.Int {
		sum, term, sq := new(big.Int), new(big.Int).Div(one, big.NewInt(n)), big.NewInt(n*n)
		for i := int64(1); term.Sign() != 0; i += 2 {
			t := new(big.Int).Div(term, big.NewInt(i))
			if i&2 == 0 {
				sum.Add(sum, t)
			} else {
				sum.Sub(sum, t)
			}
			term.Div(term, sq)
		}
		return sum
	}
	pi := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(16), atan(5)), new(big.Int).Mul(big.NewInt(4), atan(239)))
	return new(big.Float).SetMantExp(new(big.Float).SetPrec(bits).SetInt(pi), -bits)
}

func reduceBig(x float64) (dd, int) {
	half := new(big.Float).SetPrec(bigPrecision).SetMantExp(piBig(), -1)
	q := new(big.Float).SetPrec(bigPrecision).Quo(new(big.Float).SetPrec(bigPrecision).SetFloat64(x), half)
	// Round to the nearest integer.
	k, _ := new(big.Float).SetPrec(bigPrecision).Add(q, big.NewFloat(math.Copysign(0.5, x))).Int(nil)
	r := new(big.Float).SetPrec(bigPrecision).Sub(q, new(big.Float).SetPrec(bigPrecision).SetInt(k))
	r.Mul(r, half)
	hi, _ := r.Float64()
	lo, _ := new(big.Float).SetPrec(bigPrecision).Sub(r, new(big.Float).SetFloat64(hi)).Float64()
	n := new(big.Int).And(k, big.NewInt(3)) // Two's complement: right for negative k too.
	return dd{hi, lo}, int(n.Int64())
}

// sinCosDD returns sine and cosine of |r| <= pi/4 by their series.
func sinCosDD(r dd) (sin, cos dd) {
	sq := r.mul(r).neg()
	sin, cos = r, dd{1, 0}
	s, c := r, dd{1, 0}
	for n := 1.0; math.Abs(c.hi) > 1e-34; n += 2 {
		c = c.mul(sq).divF(n * (n + 1))
		s = s.mul(sq).divF((n + 1) * (n + 2))
		cos, sin = cos.add(c), sin.add(s)
	}
	return sin, cos
}

// sinCos returns sine and cosine of any finite x.
func sinCos(x float64) (sin, cos dd) {
	r, k := reduce(x)
	s, c := sinCosDD(r)
	switch k {
	case 1:
		return c, s.neg()
	case 2:
		return s.neg(), c.neg()
	case 3:
		return c.neg(), s
	}
	return s, c
}

func special(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) || x == 0 }

// Sin is Math.sin.
func Sin(x float64) float64 {
	if special(x) {
		return math.Sin(x)
	}
	s, _ := sinCos(x)
	return s.float()
}

// Cos is Math.cos.
func Cos(x float64) float64 {
	if special(x) {
		return math.Cos(x)
	}
	_, c := sinCos(x)
	return c.float()
}

// Tan is Math.tan.
func Tan(x float64) float64 {
	if special(x) {
		return math.Tan(x)
	}
	s, c := sinCos(x)
	return s.div(c).float()
}

// Asin is Math.asin.
func Asin(x float64) float64 {
	if special(x) || math.Abs(x) >= 1 {
		return math.Asin(x)
	}
	return asinDD(x).float()
}

// asinDD improves the double result by Newton steps on the sine.
func asinDD(x float64) dd {
	y := dd{math.Asin(x), 0}
	for range 2 {
		s, c := sinCosDDWide(y)
		y = y.add(dd{x, 0}.add(s.neg()).div(c))
	}
	return y
}

// sinCosDDWide is sinCosDD for |r| <= pi/2 in two doubles.
func sinCosDDWide(r dd) (sin, cos dd) {
	if math.Abs(r.hi) <= math.Pi/4 {
		return sinCosDD(r)
	}
	half := dd{halfPi[0], halfPi[1]}
	if r.hi < 0 {
		s, c := sinCosDD(half.add(r))
		return c.neg(), s
	}
	s, c := sinCosDD(half.add(r.neg()))
	return c, s
}

// Acos is Math.acos.
func Acos(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.Abs(x) >= 1 || x == 0:
		return math.Acos(x)
	case x > 0.5:
		// 2 asin(sqrt((1-x)/2)) keeps the digits of small angles.
		h := (1 - x) / 2
		r := math.Sqrt(h)
		root := quickSum(r, math.FMA(-r, r, h)/(2*r))
		y := dd{math.Asin(r), 0}
		for range 2 {
			s, c := sinCosDD(y)
			y = y.add(root.add(s.neg()).div(c))
		}
		return y.scale(1).float()
	}
	return dd{halfPi[0], halfPi[1]}.add(asinDD(x).neg()).addF(halfPi[2]).float()
}

// atanDD improves the double result by Newton steps on the tangent of y/x.
func atanDD(num, den float64) dd {
	y := dd{math.Atan(num / den), 0}
	for range 2 {
		s, c := sinCosDDWide(y)
		// (n*c - d*s) / (d*c + n*s) is the tangent of what is missing.
		up := c.mulF(num).add(s.mulF(den).neg())
		y = y.add(up.div(c.mulF(den).add(s.mulF(num))))
	}
	return y
}

// Atan is Math.atan.
func Atan(x float64) float64 {
	if special(x) || math.Abs(x) > 1e18 {
		return math.Atan(x)
	}
	return atanDD(x, 1).float()
}

// Atan2 is Math.atan2.
func Atan2(y, x float64) float64 {
	if special(x) || special(y) || math.Abs(y/x) > 1e18 || math.Abs(y/x) < 1e-18 || math.Abs(x) > 1e300 || math.Abs(y) > 1e300 {
		return math.Atan2(y, x)
	}
	a := atanDD(math.Abs(y), math.Abs(x))
	if x < 0 {
		a = dd{2 * halfPi[0], 2 * halfPi[1]}.add(a.neg())
	}
	if y < 0 {
		a = a.neg()
	}
	return a.float()
}
