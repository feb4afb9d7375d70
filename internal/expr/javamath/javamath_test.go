// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package javamath_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"spate/internal/expr/javamath"
)

// near tells whether two results are neighbours at most: Go's functions are right to about an ulp.
func near(a, b float64) bool {
	if a == b || math.IsNaN(a) && math.IsNaN(b) {
		return true
	}
	d := int64(math.Float64bits(a)) - int64(math.Float64bits(b))
	return d >= -2 && d <= 2
}

func TestAgainstMathPackage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		x := (r.Float64() - 0.5) * math.Pow(10, float64(r.IntN(6)-2))
		u := r.Float64()*2 - 1
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"exp", javamath.Exp(x), math.Exp(x)},
			{"log", javamath.Log(math.Abs(x)), math.Log(math.Abs(x))},
			{"log10", javamath.Log10(math.Abs(x)), math.Log10(math.Abs(x))},
			{"asin", javamath.Asin(u), math.Asin(u)},
			{"acos", javamath.Acos(u), math.Acos(u)},
			{"atan", javamath.Atan(x), math.Atan(x)},
			{"atan2", javamath.Atan2(x, u), math.Atan2(x, u)},
			{"tanh", javamath.Tanh(x), math.Tanh(x)},
		} {
			if !near(c.got, c.want) && math.Abs(c.got-c.want) > 1e-12*math.Abs(c.want) {
				t.Fatalf("%s(%v, %v) = %v, want %v", c.name, x, u, c.got, c.want)
			}
		}
		if got, want := javamath.Pow(math.Abs(x), u*20), math.Pow(math.Abs(x), u*20); math.Abs(got-want) > 1e-14*want {
			t.Fatalf("pow(%v, %v) = %v, want %v", math.Abs(x), u*20, got, want)
		}
	}
}

// TestKnownDigits has results whose last digit Go's functions miss; they were computed with 50 digits.
func TestKnownDigits(t *testing.T) {
	for _, c := range []struct{ got, want float64 }{
		{javamath.Exp(44), 1.2851600114359308e19},
		{javamath.Exp(4.6), 99.48431564193378},
		{javamath.Exp(1), math.E},
		{javamath.Log10(4.6), 0.6627578316815741},
		{javamath.Pow(43, 4.6), 3.265539156425614e7},
		{javamath.Pow(2, 0.5), math.Sqrt2},
		{javamath.Pow(-2, 3), -8},
		{javamath.Cos(42), -0.39998531498835127},
		{javamath.Tan(42), 2.2913879924374863},
		{javamath.Sin(1e22), -0.8522008497671888},
		{javamath.Sin(math.Pi), 1.2246467991473532e-16},
		{javamath.Cosh(-1), 1.543080634815244},
		{javamath.Sinh(4.6), 49.73713190309457},
		{javamath.Log10(1000), 3},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, 1.7e308, -1.7e308} {
		if got, want := javamath.Exp(x), math.Exp(x); !near(got, want) {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
		if got, want := javamath.Atan2(x, -1), math.Atan2(x, -1); !near(got, want) {
			t.Errorf("atan2(%v, -1) = %v, want %v", x, got, want)
		}
		javamath.Sin(x)
		javamath.Tan(x)
		javamath.Log(x)
		javamath.Pow(x, 3)
	}
}

func BenchmarkExp(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		javamath.Exp(4.6)
	}
}

func BenchmarkSin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		javamath.Sin(4.6)
	}
}
