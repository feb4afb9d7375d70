// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package decimal_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"spate/internal/col/decimal"
)

// reference arithmetic on big integers.
func refRound(num, den *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	r.Abs(r).Lsh(r, 1)
	if r.CmpAbs(den) >= 0 {
		q.Add(q, big.NewInt(int64(num.Sign()*den.Sign())))
	}
	return q
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func refRescale(x *big.Int, by int) *big.Int {
	if by >= 0 {
		return new(big.Int).Mul(x, tenTo(by))
	}
	return refRound(x, tenTo(-by))
}

func fits(x *big.Int, p int) bool { return x.CmpAbs(tenTo(p)) < 0 }

func randomInt(r *rand.Rand) decimal.Int {
	x, _ := decimal.Rescale(decimal.Int{Lo: r.Uint64(), Hi: int64(r.Uint64() >> (2 + r.UintN(61)))}, r.IntN(38), 0, 38)
	if r.IntN(2) == 0 {
		return decimal.Neg(x)
	}
	return x
}

func check(t *testing.T, what string, got decimal.Int, ok bool, want *big.Int, p int) {
	t.Helper()
	if ok != fits(want, p) {
		t.Fatalf("%s: fits = %v, want value %s in %d digits", what, ok, want, p)
	}
	if ok && decimal.Big(got).Cmp(want) != 0 {
		t.Fatalf("%s = %s, want %s", what, decimal.Big(got), want)
	}
}

func TestAgainstBigIntegers(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 200_000 {
		x, y := randomInt(r), randomInt(r)
		sx, sy, p := r.IntN(39), r.IntN(39), 1+r.IntN(38)
		s := r.IntN(p + 1)
		bx, by := decimal.Big(x), decimal.Big(y)
		got, ok := decimal.Mul(x, sx, y, sy, p, s)
		check(t, "mul", got, ok, refRescale(new(big.Int).Mul(bx, by), s-sx-sy), p)
		got, ok = decimal.Rescale(x, sx, s, p)
		check(t, "rescale", got, ok, refRescale(bx, s-sx), p)
		if decimal.Sign(y) != 0 {
			num, den := new(big.Int).Set(bx), new(big.Int).Set(by)
			if shift := s + sy - sx; shift >= 0 {
				num.Mul(num, tenTo(shift))
			} else {
				den.Mul(den, tenTo(-shift))
			}
			got, ok = decimal.Div(x, sx, y, sy, p, s)
			check(t, "div", got, ok, refRound(num, den), p)
			m := max(sx, sy)
			rem := new(big.Int).Rem(refRescale(bx, m-sx), refRescale(by, m-sy))
			got, ok = decimal.Rem(x, sx, y, sy, p, s)
			check(t, "rem", got, ok, refRescale(rem, s-m), p)
		}
		m := max(sx, sy)
		if c, want := decimal.Compare(x, sx, y, sy), refRescale(bx, m-sx).Cmp(refRescale(by, m-sy)); c != want {
			t.Fatalf("compare %s/%d %s/%d = %d, want %d", bx, sx, by, sy, c, want)
		}
		text := decimal.Append(nil, x, sx)
		if back, st := decimal.Parse(text, 38, sx); st != decimal.OK || back != x {
			t.Fatalf("parse(%s) = %v %v, want %v", text, back, st, x)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		p, s int
		want string
		st   decimal.Status
	}{
		{"1.25", 5, 1, "1.3", decimal.OK},
		{"-1.25", 5, 1, "-1.3", decimal.OK},
		{"1.249", 5, 1, "1.2", decimal.OK},
		{"+.5", 5, 0, "1", decimal.OK},
		{"5.", 5, 2, "5.00", decimal.OK},
		{"1e3", 5, 1, "1000.0", decimal.OK},
		{"12345E-3", 5, 3, "12.345", decimal.OK},
		{"1e99999999999", 5, 1, "", decimal.Overflow},
		{"1e-99999999999", 5, 1, "0.0", decimal.OK},
		{"999.95", 4, 1, "", decimal.Overflow},
		{"999.94", 4, 1, "999.9", decimal.OK},
		{"", 5, 1, "", decimal.Malformed},
		{".", 5, 1, "", decimal.Malformed},
		{"1.2.3", 5, 1, "", decimal.Malformed},
		{" 1", 5, 1, "", decimal.Malformed},
		{"1e", 5, 1, "", decimal.Malformed},
		{"0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000005", 38, 2, "0.00", decimal.OK},
		{"00000000000000000000000000000000000000000000000000000000000000000000000000000000000000012", 4, 1, "12.0", decimal.OK},
		{"99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999", decimal.OK},
	} {
		x, st := decimal.Parse([]byte(c.in), c.p, c.s)
		if st != c.st {
			t.Errorf("parse(%q) status = %v, want %v", c.in, st, c.st)
			continue
		}
		if got := string(decimal.Append(nil, x, c.s)); st == decimal.OK && got != c.want {
			t.Errorf("parse(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestZeroAllocation(t *testing.T) {
	x, y := decimal.Mul64(1<<62, 12345), decimal.FromInt64(997)
	buf := make([]byte, 0, 64)
	in := []byte("123456789.987654321")
	if n := testing.AllocsPerRun(100, func() {
		z, _ := decimal.Div(x, 3, y, 1, 38, 6)
		buf = decimal.Append(buf[:0], z, 6)
		decimal.Parse(in, 20, 4)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDiv(b *testing.B) {
	b.ReportAllocs()
	x, y := decimal.Mul64(1<<62, 12345), decimal.FromInt64(997)
	for b.Loop() {
		decimal.Div(x, 3, y, 1, 38, 6)
	}
}

func BenchmarkMul(b *testing.B) {
	b.ReportAllocs()
	x, y := decimal.Mul64(1<<62, 12345), decimal.FromInt64(997)
	for b.Loop() {
		decimal.Mul(x, 3, y, 1, 38, 4)
	}
}
