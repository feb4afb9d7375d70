// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
)

var ops = []kernel.Op{kernel.LT, kernel.LE, kernel.EQ, kernel.NE, kernel.GT, kernel.GE}

func holds(op kernel.Op, a, b float64) bool {
	switch op {
	case kernel.LT:
		return a < b
	case kernel.LE:
		return a <= b
	case kernel.EQ:
		return a == b
	case kernel.NE:
		return a != b
	case kernel.GT:
		return a > b
	case kernel.GE:
		return a >= b
	default:
		panic("unknown comparison")
	}
}

func TestCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 3, 63, 64, 65, 200} {
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = float64(r.IntN(3)), float64(r.IntN(3))
			if r.IntN(5) == 0 {
				a[i] = math.NaN()
			}
		}
		sel := []int32{int32(n - 1)}
		dst := make([]uint64, kernel.Words(n))
		for _, op := range ops {
			for _, s := range [][]int32{nil, sel} {
				kernel.Compare(op, a, b, s, dst)
				each(n, s, func(i int) {
					if got, want := kernel.Get(dst, i), holds(op, a[i], b[i]); got != want {
						t.Fatalf("n=%d op=%d: %v, %v gives %v", n, op, a[i], b[i], got)
					}
				})
				kernel.CompareConst(op, a, 1, s, dst)
				each(n, s, func(i int) {
					if got, want := kernel.Get(dst, i), holds(op, a[i], 1); got != want {
						t.Fatalf("n=%d op=%d: %v, 1 gives %v", n, op, a[i], got)
					}
				})
			}
			if op.Swap().Swap() != op {
				t.Fatalf("swapping %d twice gives %d", op, op.Swap().Swap())
			}
		}
	}
}

func each(n int, sel []int32, f func(int)) {
	if sel != nil {
		for _, r := range sel {
			f(int(r))
		}
		return
	}
	for i := range n {
		f(i)
	}
}

func TestDivisor(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ds := []int64{1, 2, 3, 5, 7, 10, 123, 1 << 40, math.MaxInt64, math.MaxInt64 - 1, 1000, 86400000}
	for range 1000 {
		ds = append(ds, r.Int64()>>uint(r.IntN(62))|1)
	}
	for _, d := range ds {
		div := kernel.NewDivisor(d)
		xs := []int64{0, 1, -1, d, -d, d - 1, d + 1, math.MaxInt64, math.MinInt64 + 1, math.MinInt64}
		for range 100 {
			xs = append(xs, int64(r.Uint64())>>uint(r.IntN(63)))
		}
		for _, x := range xs {
			if got := div.Div(x); got != x/d {
				t.Fatalf("%d / %d = %d, want %d", x, d, got, x/d)
			}
		}
	}
}

func TestMulExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	a, dst := make([]int64, 1000), make([]decimal.Int, 1000)
	for i := range a {
		a[i] = int64(r.Uint64()) >> uint(r.IntN(63))
	}
	for _, c := range []int64{0, 1, -1, 908, -908, math.MaxInt64, math.MinInt64} {
		kernel.MulExact(dst, a, c)
		for i, x := range a {
			if dst[i] != decimal.Mul64(x, c) {
				t.Fatalf("%d * %d = %v, want %v", x, c, dst[i], decimal.Mul64(x, c))
			}
		}
	}
}

const rows = 4096

func bench(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

func BenchmarkKernels(b *testing.B) {
	a, c, d := make([]int64, rows), make([]int64, rows), make([]int64, rows)
	for i := range a {
		a[i], c[i] = int64(i*7%1000), int64(i*13%1000)
	}
	set := make([]uint64, kernel.Words(rows))
	wide := make([]decimal.Int, rows)
	div := kernel.NewDivisor(123)
	b.Run("compare/const", func(b *testing.B) { bench(b, func() { kernel.CompareConst(kernel.LT, a, 500, nil, set) }) })
	b.Run("compare/vec", func(b *testing.B) { bench(b, func() { kernel.Compare(kernel.LT, a, c, nil, set) }) })
	b.Run("add", func(b *testing.B) { bench(b, func() { kernel.Add(d, a, c) }) })
	b.Run("mod/const", func(b *testing.B) { bench(b, func() { kernel.ModConst(d, a, &div) }) })
	b.Run("mul/exact", func(b *testing.B) { bench(b, func() { kernel.MulExact(wide, a, 908) }) })
	b.Run("compare/wide", func(b *testing.B) {
		bench(b, func() { kernel.CompareWideConst(kernel.GT, wide, decimal.FromInt64(1000), rows, nil, set) })
	})
}
