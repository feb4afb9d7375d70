// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/text"
	"spate/schema"
)

func roundingFunctions() []*Function {
	return []*Function{
		stepFunction("FLOOR", nil, false, "The greatest whole number that is not above, or the begin of the unit of a time.", "FLOOR(2.7)", "2"),
		stepFunction("CEIL", []string{"CEILING"}, true, "The least whole number that is not below, or the end of the unit of a time.", "CEIL(2.1)", "3"),
		roundFunction("ROUND", true, "A number rounded to digits after the point (default 0), half up.", "ROUND(2.567, 1)", "2.6"),
		roundFunction("TRUNCATE", false, "A number cut off at digits after the point (default 0).", "TRUNCATE(42.345, 2)", "42.34"),
	}
}

// stepFunction declares FLOOR or CEIL, of numbers and of times to a unit.
func stepFunction(name string, aliases []string, up bool, doc, example, result string) *Function {
	return &Function{
		Name: name, Aliases: aliases, Doc: doc, Example: example, Result: result, Category: "arithmetic", Strict: true,
		Signatures: []string{name + "(<NUMERIC>)", name + "(<DATETIME> TO <TIME_UNIT>)"},
		Infer: func(args []Arg) (Signature, error) {
			if len(args) == 2 {
				return inferTimeStep(name, args)
			}
			if len(args) != 1 {
				return Signature{}, noFit
			}
			sig := Signature{Args: make([]*schema.Type, 1)}
			t := args[0].Type
			switch {
			case t.Root == schema.Null:
				sig.Args[0], t = schema.TypeInt, schema.TypeInt
			case t.Root == schema.Decimal:
				t = schema.NewDecimal(t.Precision, 0)
			case !t.IsNumeric():
				return sig, noFit
			}
			sig.Result = t.WithNull(args[0].Type.Nullable)
			return sig, nil
		},
		Compile: func(call *Call, env *Env) (Kernel, error) {
			if len(call.Args) == 2 {
				return compileTimeStep(call, env, up)
			}
			return numberStep(call, up), nil
		},
	}
}

func numberStep(call *Call, up bool) Kernel {
	t := call.Args[0].Type()
	switch {
	case t.IsApprox():
		f := math.Floor
		if up {
			f = math.Ceil
		}
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			x := readFloats(args[0])
			for r := range rows.N {
				appendFloat(out, f(x.float(r)))
			}
			return nil
		}
	case t.Root == schema.Decimal:
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			x, w := readNumbers(args[0]), writeDecimals(out, rows.N)
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				v := x.dec(r)
				q := truncateDecimal(v, x.scale)
				if back, ok := decimal.Rescale(q, 0, x.scale, decimal.MaxDigits); ok && decimal.Cmp(back, v) != 0 {
					switch neg := decimal.Sign(v) < 0; {
					case up && !neg:
						q = decimal.Add(q, decimal.FromInt64(1))
					case !up && neg:
						q = decimal.Sub(q, decimal.FromInt64(1))
					}
				}
				w.set(r, q, decimal.Fits(q, call.T.Precision))
			}
			return nil
		}
	default:
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			x, w := readInts(args[0]), writeInts(out, rows.N)
			for r := range rows.N {
				w.put(r, x.at(r))
			}
			return nil
		}
	}
}

// roundFunction declares ROUND or TRUNCATE.
func roundFunction(name string, half bool, doc, example, result string) *Function {
	infer := func(args []Arg) (Signature, error) {
		sig := Signature{Args: make([]*schema.Type, len(args))}
		if len(args) != 1 && len(args) != 2 || !args[0].Type.IsNumeric() && args[0].Type.Root != schema.Null {
			return sig, noFit
		}
		if len(args) == 2 {
			switch t := args[1].Type; {
			case t.Root == schema.Null || t.IsInteger() && t.Root != schema.Int && t.Root != schema.BigInt:
				sig.Args[1] = schema.TypeInt
			case !t.IsInteger():
				return sig, noFit
			}
		}
		t := args[0].Type
		if t.Root == schema.Null {
			sig.Args[0], t = schema.TypeInt, schema.TypeInt
		}
		if t.Root == schema.Decimal {
			switch {
			case len(args) == 1:
				t = schema.RoundDecimal(t.Precision, t.Scale, 0)
			case args[1].Lit != nil && !args[1].Lit.Value.Null:
				t = schema.RoundDecimal(t.Precision, t.Scale, int(max(min(args[1].Lit.Value.I, 100), -100)))
			}
		}
		sig.Result = t.WithNull(anyNull(args))
		return sig, nil
	}
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "arithmetic", Strict: true, Infer: infer,
		Signatures: []string{name + "(<NUMERIC>)", name + "(<NUMERIC>, <INTEGER>)"},
		Compile:    func(call *Call, _ *Env) (Kernel, error) { return roundKernel(call, half), nil },
	}
}

func roundKernel(call *Call, half bool) Kernel {
	t := call.Args[0].Type()
	two := len(call.Args) == 2
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		var digits ints
		if two {
			digits = readInts(args[1])
		}
		places := func(r int) int {
			if !two {
				return 0
			}
			return int(max(min(digits.at(r), 400), -400))
		}
		switch {
		case t.IsApprox():
			x := readFloats(args[0])
			bits := 64
			if t.Root == schema.Float {
				bits = 32
			}
			for r := range rows.N {
				f := 0.0
				if !args[0].IsNull(r) && (!two || !args[1].IsNull(r)) {
					f = roundFloat(x.float(r), bits, places(r), half)
				}
				appendFloat(out, f)
			}
		default:
			x := readNumbers(args[0])
			dec := call.T.Root == schema.Decimal
			var wd decimalOut
			var wi intOut
			if dec {
				wd = writeDecimals(out, rows.N)
			} else {
				wi = writeInts(out, rows.N)
			}
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				v, ok := roundDecimal(x.dec(r), x.scale, places(r), call.T.Scale, half)
				if dec {
					wd.set(r, v, ok && decimal.Fits(v, call.T.Precision))
				} else {
					wi.set(r, v)
				}
			}
		}
		return nil
	}
}

// roundDecimal rounds x of a scale to digits and gives it at the scale to.
func roundDecimal(x decimal.Int, scale, digits, to int, half bool) (decimal.Int, bool) {
	if digits < scale {
		cut := scale - digits // Digits that go.
		if cut > decimal.MaxDigits {
			x = decimal.Int{}
		} else {
			var q decimal.Int
			if half {
				q, _ = decimal.Rescale(x, cut, 0, decimal.MaxDigits)
			} else {
				q = truncateDecimal(x, cut)
			}
			var ok bool
			if x, ok = decimal.Rescale(q, 0, cut, decimal.MaxDigits); !ok {
				return x, false
			}
		}
	}
	return decimal.Rescale(x, scale, to, decimal.MaxDigits)
}

// roundFloat rounds the decimal text of a float, as Flink does.
func roundFloat(f float64, bits, digits int, half bool) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 {
		return f
	}
	var buf [512]byte
	s := text.AppendPlain(buf[:0], f, bits)
	return text.RoundPlain(s, digits, half)
}
