// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math/rand/v2"

	"spate/batch"
	"spate/schema"
)

// javaRandom is the generator of java.util.Random.
type javaRandom struct{ seed uint64 }

func newJavaRandom(seed int64) *javaRandom {
	return &javaRandom{seed: (uint64(seed) ^ 0x5DEECE66D) & (1<<48 - 1)}
}

func (r *javaRandom) next(bits uint) int32 {
	r.seed = (r.seed*0x5DEECE66D + 0xB) & (1<<48 - 1)
	return int32(r.seed >> (48 - bits))
}

// double returns a number from 0 to below 1.
func (r *javaRandom) double() float64 {
	hi := int64(r.next(26)) << 27
	return float64(hi+int64(r.next(27))) / (1 << 53)
}

// int returns a number from 0 to below bound > 0.
func (r *javaRandom) int(bound int32) int32 {
	v := r.next(31)
	if bound&(bound-1) == 0 {
		return int32(int64(bound) * int64(v) >> 31)
	}
	for {
		m := v % bound
		if v-m+(bound-1) >= 0 {
			return m
		}
		v = r.next(31)
	}
}

// seeded gives the generator of a row: a literal seed starts one sequence for all rows, another seeds each row anew.
func seeded(call *Call, arg int) func(args []*batch.Vector, r int) *javaRandom {
	if arg < 0 {
		g := newJavaRandom(int64(rand.Uint64()))
		return func([]*batch.Vector, int) *javaRandom { return g }
	}
	if seed, ok := litInt(call, arg); ok {
		g := newJavaRandom(seed)
		return func([]*batch.Vector, int) *javaRandom { return g }
	}
	return func(args []*batch.Vector, r int) *javaRandom { return newJavaRandom(intAt(args[arg], r)) }
}

func randomFunctions() []*Function {
	num := P("", FamInt)
	return []*Function{
		{
			Name: "RAND", Doc: "A random number from 0 to below 1; with a seed the sequence of Java's generator.", Example: "RAND(42)", Category: "arithmetic",
			Determinism: NonDeterministic, Strict: true,
			Overloads: []Overload{{Result: RetNotNull(schema.TypeDouble)}, {Params: []Param{num}, Result: Ret(schema.TypeDouble)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				gen := seeded(call, len(call.Args)-1)
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					dst := batch.Resize[float64](out, rows.N)
					for i, n := 0, rows.Count(); i < n; i++ {
						r := rows.At(i)
						if len(args) == 1 && args[0].IsNull(r) {
							continue
						}
						dst[r] = gen(args, r).double()
					}
					return nil
				}, nil
			},
		},
		{
			Name: "RAND_INTEGER", Doc: "A random whole number from 0 to below a bound; the seed comes first.", Example: "RAND_INTEGER(10)", Category: "arithmetic",
			Determinism: NonDeterministic, Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{num}, Result: Ret(schema.TypeInt)}, {Params: []Param{num, num}, Result: Ret(schema.TypeInt)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				gen := seeded(call, len(call.Args)-2)
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					dst := batch.Resize[int32](out, rows.N)
					for i, n := 0, rows.Count(); i < n; i++ {
						r := rows.At(i)
						bound := int32(intAt(args[len(args)-1], r))
						if bound <= 0 {
							return &RowError{Row: r, Reason: "bound must be positive"}
						}
						dst[r] = gen(args, r).int(bound)
					}
					return nil
				}, nil
			},
		},
		{
			Name: "UUID", Doc: "A random UUID of version 4.", Example: "CHAR_LENGTH(UUID())", Result: "36", Category: "arithmetic", Determinism: NonDeterministic,
			Overloads: []Overload{{Result: RetNotNull(schema.NewChar(36))}},
			Compile: func(*Call, *Env) (Kernel, error) {
				return textKernel(func(_ []*batch.Vector, _ int, dst []byte) ([]byte, bool) {
					return appendUUID(dst, rand.Uint64(), rand.Uint64()), true
				}), nil
			},
		},
	}
}

func appendUUID(dst []byte, hi, lo uint64) []byte {
	hi = hi&^0xF000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	const digits = "0123456789abcdef"
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		w := hi
		if i >= 16 {
			w = lo
		}
		dst = append(dst, digits[w>>(60-4*(i&15))&15])
	}
	return dst
}
