// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javamath

import "math"

// expDD returns e^x for |x| < 800, and the power of two that the result has to be scaled by.
func expDD(x dd) (r dd, exponent int) {
	k := math.RoundToEven(x.hi / ln2.hi)
	r = x.add(ln2.mulF(-k)).addF(-k * ln2lo)
	// e^r = (e^(r/256))^256: a short series is enough for the small argument.
	const halvings = 8
	r = r.scale(-halvings)
	sum, term := dd{0, 0}, r
	for n := 2.0; math.Abs(term.hi) > 1e-36; n++ {
		sum = sum.add(term)
		term = term.mul(r).divF(n)
	}
	// Squaring 1+s as s = 2s + s*s keeps the digits of small results.
	for range halvings {
		sum = sum.scale(1).add(sum.mul(sum))
	}
	return sum.addF(1), int(k)
}

// Exp is Math.exp.
func Exp(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x > 710:
		return math.Inf(1)
	case x < -746:
		return 0
	}
	r, k := expDD(dd{x, 0})
	return math.Ldexp(r.float(), k)
}

// logDD returns ln x for finite x > 0: one Newton step from the double result doubles the digits.
func logDD(x float64) dd {
	frac, k := math.Frexp(x)
	if frac < math.Sqrt2/2 {
		frac *= 2
		k--
	}
	y := dd{math.Log(frac), 0}
	for range 2 {
		e, n := expDD(y)
		e = e.scale(n)
		d := dd{frac, 0}.add(e.neg())
		y = y.add(d.scale(1).div(e.addF(frac)))
	}
	return ln2.mulF(float64(k)).add(y)
}

// Log is Math.log.
func Log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log(x)
	}
	return logDD(x).float()
}

// Log10 is Math.log10.
func Log10(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log10(x)
	}
	return logDD(x).div(ln10).float()
}

// Pow is Math.pow.
func Pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case math.IsNaN(x) || math.IsNaN(y), math.Abs(x) == 1 && math.IsInf(y, 0):
		return math.NaN()
	case x == 0, x == 1, math.IsInf(x, 0), math.IsInf(y, 0):
		return math.Pow(x, y)
	}
	whole := y == math.Trunc(y)
	if x < 0 && !whole {
		return math.NaN()
	}
	e := logDD(math.Abs(x)).mulF(y)
	var r float64
	switch {
	case e.hi > 710:
		r = math.Inf(1)
	case e.hi < -746:
		r = 0
	default:
		m, k := expDD(e)
		r = math.Ldexp(m.float(), k)
	}
	if x < 0 && math.Abs(y) < 1<<53 && int64(y)&1 != 0 {
		return -r
	}
	return r
}

// Sinh, Cosh and Tanh have the formulas and thresholds of the specification's library (fdlibm), in doubles.

// specExp is the exponential function of the specification's library, which Sinh and Cosh are made of: e^1 ends in ...0455.
func specExp(x float64) float64 {
	const (
		ln2Hi = 6.93147180369123816490e-01
		ln2Lo = 1.90821492927058770002e-10
		log2e = 1.44269504088896338700e+00
		p1    = 1.66666666666666019037e-01
		p2    = -2.77777777770155933842e-03
		p3    = 6.61375632143793436117e-05
		p4    = -1.65339022054652515390e-06
		p5    = 4.13813679705723846039e-08
	)
	k := math.Trunc(log2e*x + math.Copysign(0.5, x))
	if math.Abs(x) <= 0.5*math.Ln2 {
		k = 0
	}
	hi, lo := x-float64(k*ln2Hi), k*ln2Lo
	r := hi - lo
	t := float64(r * r)
	c := r - float64(t*(p1+float64(t*(p2+float64(t*(p3+float64(t*(p4+float64(t*p5)))))))))
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	return math.Ldexp(y, int(k))
}

// Sinh is Math.sinh.
func Sinh(x float64) float64 {
	a, h := math.Abs(x), 0.5
	if x < 0 {
		h = -h
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0) || a < 1.0/(1<<28):
		return x
	case a < 1:
		t := math.Expm1(a)
		return h * (2*t - t*t/(t+1))
	case a < 22:
		t := math.Expm1(a)
		return h * (t + t/(t+1))
	case a <= 709.782712893384:
		return h * specExp(a)
	case a <= 710.4758600739439:
		w := specExp(0.5 * a)
		return (h * w) * w
	}
	return x * 1e307 * 1e307
}

// Cosh is Math.cosh.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return x
	case a < 0.5*math.Ln2:
		t := math.Expm1(a)
		w := 1 + t
		if a < 1.0/(1<<55) {
			return w
		}
		return 1 + (t*t)/(w+w)
	case a < 22:
		t := specExp(a)
		return 0.5*t + 0.5/t
	case a <= 709.782712893384:
		return 0.5 * specExp(a)
	case a <= 710.4758600739439:
		w := specExp(0.5 * a)
		return (0.5 * w) * w
	}
	return math.Inf(1)
}

// Tanh is Math.tanh.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var z float64
	switch {
	case math.IsNaN(x):
		return x
	case a < 1.0/(1<<55):
		return x * (1 + x)
	case a < 1:
		t := math.Expm1(-2 * a)
		z = -t / (t + 2)
	case a < 22:
		t := math.Expm1(2 * a)
		z = 1 - 2/(t+2)
	default:
		z = 1
	}
	if x < 0 {
		return -z
	}
	return z
}
