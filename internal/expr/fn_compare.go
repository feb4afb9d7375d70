// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/schema"
)

func comparisonFunctions() []*Function {
	return []*Function{
		comparison("=", kernel.EQ, "Whether two values are equal.", "1 = 1.0"),
		comparison("<>", kernel.NE, "Whether two values differ.", "'a' <> 'b'", "!="),
		comparison("<", kernel.LT, "Whether the first value is less than the second.", "1 < 2"),
		comparison("<=", kernel.LE, "Whether the first value is at most the second.", "2 <= 2"),
		comparison(">", kernel.GT, "Whether the first value is greater than the second.", "DATE '2020-01-02' > DATE '2020-01-01'"),
		comparison(">=", kernel.GE, "Whether the first value is at least the second.", "'b' >= 'a'"),
		distinction("IS DISTINCT FROM", true, "Whether two values differ, where NULL is a value like any other.", "NULLIF(1, 1) IS DISTINCT FROM 1"),
		distinction("IS NOT DISTINCT FROM", false, "Whether two values are the same, where NULL is a value like any other.",
			"NULLIF(1, 1) IS NOT DISTINCT FROM NULLIF(2, 2)"),
		nullTest("IS NULL", false, "Whether the value is NULL.", "NULLIF(1, 1) IS NULL"),
		nullTest("IS NOT NULL", true, "Whether the value is not NULL.", "1 IS NOT NULL"),
		inFunction(),
	}
}

func comparison(name string, op kernel.Op, doc, example string, aliases ...string) *Function {
	return &Function{
		Name: name, Aliases: aliases, Doc: doc, Example: example, Result: "TRUE", Category: "comparison",
		Strict: true, Cheap: true, Infix: true, Coerce: coerceCompared,
		Signatures: []string{"<COMPARABLE_TYPE> " + name + " <COMPARABLE_TYPE>"},
		Infer:      func(args []Arg) (Signature, error) { return inferCompare(args, op != kernel.EQ && op != kernel.NE) },
		Compile:    func(call *Call, _ *Env) (Kernel, error) { return compareKernel(call, op) },
	}
}

// coerceCompared casts one side of a comparison. A text compared with a time must be one when it is a literal; else it is NULL where
// it is none.
func coerceCompared(r *Registry, e Expr, to *schema.Type) (Expr, error) {
	from := e.Type()
	if !from.IsString() || !temporalOrBool(to) {
		return implicit(e, to, Pos{})
	}
	if l, ok := e.(*Lit); ok {
		c, err := Cast(l, to, false)
		if err != nil {
			return nil, err
		}
		if _, err := EvalConst(r, &Env{}, c); err != nil {
			return nil, fmt.Errorf("Error when casting %s to %s: %w", from, to.WithNull(true), err)
		}
		return c, nil
	}
	return Cast(e, to, true)
}

// inferCompare finds the types that two values are compared as.
func inferCompare(args []Arg, ordered bool) (Signature, error) {
	if len(args) != 2 {
		return Signature{}, noFit
	}
	to, err := compareTypes(args[0].Type, args[1].Type, ordered)
	if err != nil {
		return Signature{}, err
	}
	nullable := anyNull(args)
	for i, t := range to {
		// A text that is no time is NULL.
		nullable = nullable || t != nil && args[i].Type.IsString() && args[i].Lit == nil
	}
	return Signature{Args: to[:], Result: schema.TypeBoolean.WithNull(nullable)}, nil
}

// compareTypes returns what each side is cast to (nil: nothing) so that the values can be compared.
func compareTypes(a, b *schema.Type, ordered bool) ([2]*schema.Type, error) {
	var to [2]*schema.Type
	both := func(f func(*schema.Type) bool) bool { return f(a) && f(b) }
	exact := func(t *schema.Type) bool { return t.IsInteger() || t.Root == schema.Decimal }
	switch {
	case a.Root == schema.Null && b.Root == schema.Null:
		return [2]*schema.Type{schema.TypeBoolean, schema.TypeBoolean}, nil
	case a.Root == schema.Null:
		return [2]*schema.Type{b, nil}, nil
	case b.Root == schema.Null:
		return [2]*schema.Type{nil, a}, nil
	case both((*schema.Type).IsString), both((*schema.Type).IsBinary):
		return to, nil
	case both(exact):
		// Decimals of any precision and integers compare as they are, but integers among themselves in one width.
		if both((*schema.Type).IsInteger) && a.Root != b.Root {
			wide := a
			if b.Root > a.Root {
				wide = b
			}
			to = [2]*schema.Type{wide, wide}
		}
		return to, nil
	case both((*schema.Type).IsNumeric):
		t := schema.TypeDouble
		if a.Root == schema.Float && (b.Root == schema.Float || b.IsInteger()) || b.Root == schema.Float && a.IsInteger() {
			t = schema.TypeFloat
		}
		return [2]*schema.Type{t, t}, nil
	case a.IsString() && temporalOrBool(b):
		return [2]*schema.Type{b, nil}, nil
	case b.IsString() && temporalOrBool(a):
		return [2]*schema.Type{nil, a}, nil
	case a.Root == schema.TimestampLTZ && b.Root == schema.Timestamp, a.Root == schema.Timestamp && b.Root == schema.TimestampLTZ:
		t := schema.NewTimestampLTZ(max(a.Precision, b.Precision))
		return [2]*schema.Type{t, t}, nil
	case a.Root == schema.Date && b.IsTimestamp():
		return [2]*schema.Type{b, nil}, nil
	case b.Root == schema.Date && a.IsTimestamp():
		return [2]*schema.Type{nil, a}, nil
	case a.Root == b.Root:
		return compareSameRoot(a, b, ordered)
	case a.IsString() && b.IsNumeric(), b.IsString() && a.IsNumeric():
		return to, fmt.Errorf("implicit type conversion between %s and %s is not supported now; CAST one side to the type of the other", a.Root, b.Root)
	}
	return to, noFit
}

func temporalOrBool(t *schema.Type) bool { return t.IsTemporal() || t.Root == schema.Boolean }

func compareSameRoot(a, b *schema.Type, ordered bool) ([2]*schema.Type, error) {
	var to [2]*schema.Type
	switch a.Root {
	case schema.Timestamp, schema.TimestampLTZ:
		t := schema.New(a.Root)
		t.Precision = max(a.Precision, b.Precision)
		return [2]*schema.Type{t, t}, nil
	case schema.Array, schema.Row, schema.Map, schema.Multiset:
		if ordered && a.Root != schema.Row {
			return to, noFit
		}
		t, err := schema.CommonType(a, b)
		if err != nil {
			return to, noFit
		}
		return [2]*schema.Type{t, t}, nil
	case schema.Structured, schema.Raw:
		if a.Class != b.Class || ordered {
			return to, &mismatch{"Incompatible structured types: " + a.Summary() + " and " + b.Summary()}
		}
		return to, nil
	case schema.Variant, schema.Bitmap:
		if ordered {
			return to, noFit
		}
		return to, nil
	case schema.Symbol, schema.Descriptor, schema.Invalid:
		return to, noFit
	default:
		return to, nil
	}
}

// compareKernel compiles a comparison of two arguments that compareTypes has prepared.
func compareKernel(call *Call, op kernel.Op) (Kernel, error) {
	a, b := call.Args[0].Type(), call.Args[1].Type()
	if a.Root == schema.Decimal || b.Root == schema.Decimal {
		return compareDecimals(op), nil
	}
	switch a.Physical() {
	case schema.PhysInt8:
		return compareFixed[int8](op), nil
	case schema.PhysInt16:
		return compareFixed[int16](op), nil
	case schema.PhysInt32:
		return compareFixed[int32](op), nil
	case schema.PhysInt64:
		return compareFixed[int64](op), nil
	case schema.PhysFloat32:
		return compareFixed[float32](op), nil
	case schema.PhysFloat64:
		return compareFixed[float64](op), nil
	case schema.PhysBytes:
		return compareBytes(op), nil
	case schema.PhysBool:
		return compareBools(op), nil
	default:
		return compareNested(op), nil
	}
}

func compareFixed[T kernel.Ordered](op kernel.Op) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		a, b := args[0], args[1]
		switch sel := rows.sparse(); {
		case b.IsConst():
			kernel.CompareConst(op, batch.Values[T](a), batch.Values[T](b)[0], sel, dst)
		case a.IsConst():
			kernel.CompareConst(op.Swap(), batch.Values[T](b), batch.Values[T](a)[0], sel, dst)
		default:
			kernel.Compare(op, batch.Values[T](a), batch.Values[T](b), sel, dst)
		}
		return nil
	}
}

func compareBytes(op kernel.Op) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		a, b := args[0], args[1]
		switch {
		case b.IsConst():
			kernel.CompareBytesConst(op, a.Offsets(), a.Data(), b.Bytes(0), rows.N, rows.Sel, dst)
		case a.IsConst():
			kernel.CompareBytesConst(op.Swap(), b.Offsets(), b.Data(), a.Bytes(0), rows.N, rows.Sel, dst)
		default:
			kernel.CompareBytes(op, a.Offsets(), a.Data(), b.Offsets(), b.Data(), rows.N, rows.Sel, dst)
		}
		return nil
	}
}

func compareBools(op kernel.Op) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		a, b := args[0], args[1]
		if !a.IsConst() && !b.IsConst() {
			kernel.CompareBits(op, a.Bits(), b.Bits(), dst)
			return nil
		}
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			kernel.SetAt(dst, r, op.Holds(kernel.Order(a, r, b, r)))
		}
		return nil
	}
}

func compareNested(op kernel.Op) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		a, b := args[0], args[1]
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			switch op {
			case kernel.EQ, kernel.NE:
				kernel.SetAt(dst, r, kernel.Equal(a, r, b, r) == (op == kernel.EQ))
			default:
				kernel.SetAt(dst, r, op.Holds(kernel.Order(a, r, b, r)))
			}
		}
		return nil
	}
}

// compareDecimals compares decimals of any scale, and integers with them.
func compareDecimals(op kernel.Op) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		a, b, op := args[0], args[1], op
		if a.IsConst() && !b.IsConst() {
			a, b, op = b, a, op.Swap()
		}
		x, y := readNumbers(a), readNumbers(b)
		sel := rows.sparse()
		if b.IsConst() && y.scale <= x.scale {
			if c, ok := decimal.Rescale(y.dec(0), y.scale, x.scale, decimal.MaxDigits); ok {
				if x.wide != nil {
					kernel.CompareWideConst(op, x.wide, c, len(x.wide), sel, dst)
					return nil
				}
				if c64, ok := decimal.Int64(c); ok && x.v64 != nil {
					kernel.CompareConst(op, x.v64, c64, sel, dst)
					return nil
				}
			}
		}
		if x.scale == y.scale && x.v64 != nil && y.v64 != nil && !x.fix && !y.fix {
			kernel.Compare(op, x.v64, y.v64, sel, dst)
			return nil
		}
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			kernel.SetAt(dst, r, op.Holds(decimal.Compare(x.dec(r), x.scale, y.dec(r), y.scale)))
		}
		return nil
	}
}

func distinction(name string, distinct bool, doc, example string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: "TRUE", Category: "comparison", Infix: true, Cheap: true, Coerce: coerceCompared,
		Signatures: []string{"<COMPARABLE_TYPE> " + name + " <COMPARABLE_TYPE>"},
		Infer: func(args []Arg) (Signature, error) {
			sig, err := inferCompare(args, false)
			if err == nil {
				sig.Result = schema.TypeBoolean.NotNull()
			}
			return sig, err
		},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			equal, err := compareKernel(call, kernel.EQ)
			if err != nil {
				return nil, err
			}
			var abuf, bbuf []uint64
			return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				a, b := args[0], args[1]
				if a.IsConst() && a.IsNull(0) || b.IsConst() && b.IsNull(0) {
					out.ResizeBits(rows.N)
				} else if err := equal(args, rows, out); err != nil {
					return err
				}
				av, bv := validity(a, rows.N, &abuf), validity(b, rows.N, &bbuf)
				dst := out.ResizeBits(rows.N)
				for i := range dst {
					same := av[i]&bv[i]&dst[i] | ^(av[i] | bv[i])
					if distinct {
						same = ^same
					}
					dst[i] = same
				}
				return nil
			}, nil
		},
	}
}

func nullTest(name string, want bool, doc, example string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: "TRUE", Category: "comparison", Cheap: true,
		Overloads: []Overload{{Params: []Param{P("", FamAny)}, Result: RetNotNull(schema.TypeBoolean)}},
		Compile: func(*Call, *Env) (Kernel, error) {
			var buf []uint64
			return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				valid := validity(args[0], rows.N, &buf)
				dst := out.ResizeBits(rows.N)
				if want {
					copy(dst, valid)
				} else {
					kernel.Not(dst, valid)
				}
				return nil
			}, nil
		},
	}
}
