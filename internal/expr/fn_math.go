// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/internal/expr/javamath"
	"spate/schema"
)

// mathFunction declares a function of one DOUBLE.
func mathFunction(name string, f func(float64) float64, doc, example, result string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "arithmetic", Strict: true,
		Overloads: []Overload{{Params: []Param{P("", FamNumeric)}, Result: Ret(schema.TypeDouble)}},
		Compile: fixedKernel(func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			dst, x := batch.Resize[float64](out, rows.N), readFloats(args[0])
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				dst[r] = f(x.float(r))
			}
			return nil
		}),
	}
}

// mathFunction2 declares a function of two DOUBLEs.
func mathFunction2(name string, f func(x, y float64) float64, doc, example, result string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "arithmetic", Strict: true,
		Overloads: []Overload{{Params: []Param{P("", FamNumeric), P("", FamNumeric)}, Result: Ret(schema.TypeDouble)}},
		Compile: fixedKernel(func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			dst, x, y := batch.Resize[float64](out, rows.N), readFloats(args[0]), readFloats(args[1])
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				dst[r] = f(x.float(r), y.float(r))
			}
			return nil
		}),
	}
}

// constantFunction declares a function without arguments.
func constantFunction(name string, v float64, doc, example string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: FormatValue(schema.FloatValue(v), schema.TypeDouble), Category: "arithmetic",
		Overloads: []Overload{{Result: RetNotNull(schema.TypeDouble)}},
		Compile: fixedKernel(func(_ []*batch.Vector, rows Rows, out *batch.Vector) error {
			for range rows.N {
				batch.Append(out, v)
			}
			return nil
		}),
	}
}

func mathFunctions() []*Function {
	return []*Function{
		mathFunction2("POWER", javamath.Pow, "The first number to the power of the second.", "POWER(2, 10)", "1024.0"),
		mathFunction("SQRT", math.Sqrt, "The square root.", "SQRT(4)", "2.0"),
		mathFunction("LN", javamath.Log, "The natural logarithm.", "LN(1)", "0.0"),
		mathFunction("LOG10", javamath.Log10, "The logarithm to base 10.", "LOG10(1000)", "3.0"),
		mathFunction("LOG2", func(x float64) float64 { return javamath.Log(x) / javamath.Log(2) }, "The logarithm to base 2.", "LOG2(8)", "3.0"),
		{
			Name: "LOG", Doc: "The natural logarithm, or that of the second number to the base of the first.", Example: "LOG(1)", Result: "0.0",
			Category: "arithmetic", Strict: true,
			Overloads: []Overload{
				{Params: []Param{P("", FamNumeric)}, Result: Ret(schema.TypeDouble)},
				{Params: []Param{P("", FamNumeric), P("", FamNumeric)}, Result: Ret(schema.TypeDouble)},
			},
			Compile: fixedKernel(func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				dst := batch.Resize[float64](out, rows.N)
				x := readFloats(args[len(args)-1])
				base := x
				if len(args) == 2 {
					base = readFloats(args[0])
				}
				for i, n := 0, rows.Count(); i < n; i++ {
					r := rows.At(i)
					dst[r] = javamath.Log(x.float(r))
					if len(args) == 2 {
						dst[r] /= javamath.Log(base.float(r))
					}
				}
				return nil
			}),
		},
		mathFunction("EXP", javamath.Exp, "e to the power of the number.", "EXP(0)", "1.0"),
		mathFunction("SIN", javamath.Sin, "The sine.", "SIN(0)", "0.0"),
		mathFunction("SINH", javamath.Sinh, "The hyperbolic sine.", "SINH(0)", "0.0"),
		mathFunction("COS", javamath.Cos, "The cosine.", "COS(0)", "1.0"),
		mathFunction("TAN", javamath.Tan, "The tangent.", "TAN(0)", "0.0"),
		mathFunction("TANH", javamath.Tanh, "The hyperbolic tangent.", "TANH(0)", "0.0"),
		mathFunction("COT", func(x float64) float64 { return 1 / javamath.Tan(x) }, "The cotangent.", "COT(0.5) > 1", "TRUE"),
		mathFunction("ASIN", javamath.Asin, "The arc sine.", "ASIN(0)", "0.0"),
		mathFunction("ACOS", javamath.Acos, "The arc cosine.", "ACOS(1)", "0.0"),
		mathFunction("ATAN", javamath.Atan, "The arc tangent.", "ATAN(0)", "0.0"),
		mathFunction2("ATAN2", javamath.Atan2, "The angle of a point (y, x).", "ATAN2(0, 1)", "0.0"),
		mathFunction("COSH", javamath.Cosh, "The hyperbolic cosine.", "COSH(0)", "1.0"),
		mathFunction("DEGREES", func(x float64) float64 { return x * 57.29577951308232 }, "Radians in degrees.", "DEGREES(0)", "0.0"),
		mathFunction("RADIANS", func(x float64) float64 { return x * 0.017453292519943295 }, "Degrees in radians.", "RADIANS(0)", "0.0"),
		constantFunction("PI", math.Pi, "The ratio of a circle's circumference to its diameter.", "PI()"),
		constantFunction("E", math.E, "The base of natural logarithms.", "E()"),
		absFunction(),
		signFunction(),
	}
}

func absFunction() *Function {
	return &Function{
		Name: "ABS", Doc: "The magnitude of a number.", Example: "ABS(-3)", Result: "3", Category: "arithmetic", Strict: true, Cheap: true,
		Overloads: []Overload{{Params: []Param{P("", FamNumeric)}, Result: RetArg(0)}},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			switch call.T.Physical() {
			case schema.PhysInt8:
				return absKernel[int8], nil
			case schema.PhysInt16:
				return absKernel[int16], nil
			case schema.PhysInt32:
				return absKernel[int32], nil
			case schema.PhysInt64:
				return absKernel[int64], nil
			case schema.PhysFloat32:
				return absKernel[float32], nil
			case schema.PhysFloat64:
				return absKernel[float64], nil
			default:
				return wideKernel(func(x decimal.Int, _ int) decimal.Int { m, _ := decimal.Abs(x); return m }), nil
			}
		},
	}
}

func absKernel[T kernel.Number](args []*batch.Vector, rows Rows, out *batch.Vector) error {
	dst, x := batch.Resize[T](out, rows.N), fixedArg[T](args[0])
	for r := range dst {
		v := x.at(r)
		if v <= 0 {
			v = 0 - v // Also turns -0.0 into 0.0.
		}
		dst[r] = v
	}
	return nil
}

// wideKernel maps wide decimals of one type to the same type.
func wideKernel(f func(x decimal.Int, scale int) decimal.Int) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		x, w := readNumbers(args[0]), writeDecimals(out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			w.set(r, f(x.dec(r), x.scale), true)
		}
		return nil
	}
}

func signFunction() *Function {
	return &Function{
		Name: "SIGN", Doc: "-1, 0 or 1, in the type of the number.", Example: "SIGN(-3)", Result: "-1", Category: "arithmetic", Strict: true, Cheap: true,
		Overloads: []Overload{{Params: []Param{P("", FamNumeric)}, Result: RetArg(0)}},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			switch {
			case call.T.Root == schema.Decimal:
				return wideKernel(func(x decimal.Int, scale int) decimal.Int {
					one := decimal.Pow10(scale)
					switch decimal.Sign(x) {
					case 0:
						return decimal.Int{}
					case -1:
						return decimal.Neg(one)
					}
					return one
				}), nil
			case call.T.IsApprox():
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					x := readFloats(args[0])
					for r := range rows.N {
						f := x.float(r)
						switch {
						case f > 0:
							f = 1
						case f < 0:
							f = -1
						}
						appendFloat(out, f)
					}
					return nil
				}, nil
			default:
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					x, w := readInts(args[0]), writeInts(out, rows.N)
					for r := range rows.N {
						v := x.at(r)
						w.put(r, v>>63|int64(uint64(-v)>>63))
					}
					return nil
				}, nil
			}
		},
	}
}

// appendFloat appends to a FLOAT or DOUBLE vector.
func appendFloat(out *batch.Vector, f float64) {
	if out.Physical() == schema.PhysFloat32 {
		batch.Append(out, float32(f))
		return
	}
	batch.Append(out, f)
}
