// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"

	"spate/batch"
	"spate/internal/col/decimal"
	"spate/internal/col/kernel"
	"spate/schema"
)

func arithmeticFunctions() []*Function {
	return []*Function{
		arithmetic("+", opAdd, "The sum.", "1 + 2.50", "3.50"),
		arithmetic("-", opSub, "The difference.", "5 - 3", "2"),
		arithmetic("*", opMul, "The product.", "0.908 * 1000", "908.000"),
		division(),
		modulo(),
		negation(),
	}
}

// arithOp is an arithmetic operator.
type arithOp uint8

const (
	opAdd arithOp = iota
	opSub
	opMul
	opDiv
	opMod
)

func arithmetic(name string, op arithOp, doc, example, result string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "arithmetic", Strict: true, Infix: true, Cheap: true,
		Signatures: []string{"<NUMERIC> " + name + " <NUMERIC>", "<DATETIME> " + name + " <DATETIME_INTERVAL>", "<DATETIME_INTERVAL> " + name + " <DATETIME_INTERVAL>"},
		Infer:      func(args []Arg) (Signature, error) { return inferArith(args, op) },
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			a, b := call.Args[0].Type(), call.Args[1].Type()
			if a.IsNumeric() && b.IsNumeric() {
				return numericKernel(call, op)
			}
			return temporalKernel(call, op)
		},
	}
}

// errZero is the text of an integer division by zero.
const errZero = "/ by zero"

func division() *Function {
	f := arithmetic("/", opDiv, "The quotient; that of integers is an integer.", "7 / 2", "3")
	f.Fallible = true
	f.Safe = safeDivisor
	f.Check = func(call *Call) error {
		if isNumber(call.Args[0]) && isZero(call.Args[1]) {
			return errors.New("Division by zero") //nolint:staticcheck // Flink's text.
		}
		return nil
	}
	return f
}

// isNumber tells whether e is a literal number, under casts.
func isNumber(e Expr) bool {
	if c, ok := e.(*Call); ok && c.Fn == "CAST" && c.Args[0].Type().IsNumeric() {
		return isNumber(c.Args[0])
	}
	l, ok := e.(*Lit)
	return ok && !l.Value.Null && l.T.IsNumeric()
}

// isZero tells whether e is a literal 0 of whatever numeric type, under casts.
func isZero(e Expr) bool {
	if c, ok := e.(*Call); ok && c.Fn == "CAST" && c.Args[0].Type().IsNumeric() {
		return isZero(c.Args[0])
	}
	l, ok := e.(*Lit)
	return ok && !l.Value.Null && l.Value.I == 0 && l.Value.F == 0 && l.Value.Wide == decimal.Int{}
}

// safeDivisor tells whether dividing cannot fail: the divisor is a constant but zero, or a float.
func safeDivisor(call *Call) bool {
	if call.T.IsApprox() {
		return true
	}
	l, ok := call.Args[1].(*Lit)
	return ok && (l.Value.Null || !isZero(l))
}

func modulo() *Function {
	return &Function{
		Name: "MOD", Aliases: []string{"%"}, Doc: "The remainder of a division, with the sign of the first argument.", Example: "MOD(-26, 5)",
		Result: "-1", Category: "arithmetic", Strict: true, Fallible: true, Safe: safeDivisor, Cheap: true,
		Signatures: []string{"MOD(<EXACT_NUMERIC>, <EXACT_NUMERIC>)"},
		Infer:      func(args []Arg) (Signature, error) { return inferArith(args, opMod) },
		Compile:    func(call *Call, _ *Env) (Kernel, error) { return numericKernel(call, opMod) },
	}
}

func negation() *Function {
	return &Function{
		Name: "NEGATE", Doc: "The negative of a number or an interval.", Example: "-(2 + 3)", Result: "-5", Category: "arithmetic",
		Strict: true, Cheap: true,
		Overloads: []Overload{
			{Params: []Param{P("", FamNumeric)}, Result: RetArg(0)},
			{Params: []Param{P("", rootFamily("<DATETIME_INTERVAL>", nil, schema.IntervalYearMonth, schema.IntervalDayTime))}, Result: RetArg(0)},
		},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			switch call.T.Physical() {
			case schema.PhysInt8:
				return negate[int8], nil
			case schema.PhysInt16:
				return negate[int16], nil
			case schema.PhysInt32:
				return negate[int32], nil
			case schema.PhysInt64:
				return negate[int64], nil
			case schema.PhysFloat32:
				return negate[float32], nil
			case schema.PhysFloat64:
				return negate[float64], nil
			default:
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					dst, x := batch.Resize[schema.Int128](out, rows.N), readNumbers(args[0])
					for r := range dst {
						dst[r] = decimal.Neg(x.dec(r))
					}
					return nil
				}, nil
			}
		},
	}
}

func negate[T kernel.Number](args []*batch.Vector, rows Rows, out *batch.Vector) error {
	kernel.Neg(batch.Resize[T](out, rows.N), batch.Values[T](args[0]))
	return nil
}

// inferArith types an operator on numbers, times and intervals.
func inferArith(args []Arg, op arithOp) (Signature, error) {
	if len(args) != 2 {
		return Signature{}, noFit
	}
	a, b := args[0].Type, args[1].Type
	switch {
	case a.Root == schema.Null && b.Root == schema.Null:
		a, b = schema.TypeInt, schema.TypeInt
	case a.Root == schema.Null:
		a = nullOperand(b, op, true)
	case b.Root == schema.Null:
		b = nullOperand(a, op, false)
	}
	if !a.IsNumeric() || !b.IsNumeric() {
		return inferTemporal(args, op)
	}
	sig := Signature{Args: make([]*schema.Type, 2)}
	nullable := anyNull(args)
	exact := !a.IsApprox() && !b.IsApprox()
	if exact && (a.Root == schema.Decimal || b.Root == schema.Decimal) {
		sig.Result = decimalResult(a, b, op).WithNull(nullable)
		if sig.Result.Root != schema.Decimal && op == opMod {
			// The remainder of whole numbers has the type of the divisor; it is computed as BIGINT.
			sig.Args = []*schema.Type{nil, nil}
		}
		return nullArgs(sig, args, a, b), nil
	}
	t, err := schema.CommonType(a, b)
	if err != nil {
		return sig, noFit
	}
	sig.Args = []*schema.Type{t, t}
	sig.Result = t.WithNull(nullable)
	if op == opMod && exact {
		sig.Args = []*schema.Type{nil, nil}
		sig.Result = b.WithNull(nullable)
	}
	return nullArgs(sig, args, a, b), nil
}

// nullOperand is the type that a NULL literal takes beside the other operand.
func nullOperand(other *schema.Type, op arithOp, left bool) *schema.Type {
	if other.IsTemporal() && (op == opAdd || !left) {
		return schema.NewDayTimeInterval(schema.UnitDayToSecond, 2, 3)
	}
	if other.IsNumeric() || other.IsInterval() && op != opMul && op != opDiv {
		return other
	}
	return schema.TypeInt
}

// nullArgs casts NULL literals to the types that they were taken for.
func nullArgs(sig Signature, args []Arg, a, b *schema.Type) Signature {
	for i, t := range []*schema.Type{a, b} {
		if args[i].Type.Root == schema.Null && sig.Args[i] == nil {
			sig.Args[i] = t
		}
	}
	return sig
}

func decimalResult(a, b *schema.Type, op arithOp) *schema.Type {
	p1, s1 := a.DecimalDigits()
	p2, s2 := b.DecimalDigits()
	switch op {
	case opAdd, opSub:
		return schema.AddDecimals(p1, s1, p2, s2)
	case opMul:
		return schema.MultiplyDecimals(p1, s1, p2, s2)
	case opDiv:
		return schema.DivideDecimals(p1, s1, p2, s2)
	default:
		if s1 == 0 && s2 == 0 {
			return b
		}
		return schema.ModuloDecimals(p1, s1, p2, s2)
	}
}

// numericKernel compiles an operator on two numbers.
func numericKernel(call *Call, op arithOp) (Kernel, error) {
	a, b := call.Args[0].Type(), call.Args[1].Type()
	if call.T.Root == schema.Decimal {
		return decimalKernel(call, op), nil
	}
	if op == opMod {
		if a.Root == schema.Decimal || b.Root == schema.Decimal || a.Root != b.Root {
			return mixedModulo(call), nil
		}
	}
	switch call.T.Physical() {
	case schema.PhysInt8:
		return intKernel[int8](call, op), nil
	case schema.PhysInt16:
		return intKernel[int16](call, op), nil
	case schema.PhysInt32:
		return intKernel[int32](call, op), nil
	case schema.PhysInt64:
		return intKernel[int64](call, op), nil
	case schema.PhysFloat32:
		return floatKernel[float32](op), nil
	default:
		return floatKernel[float64](op), nil
	}
}

func intKernel[T kernel.Integer](call *Call, op arithOp) Kernel {
	if op == opAdd || op == opSub || op == opMul {
		return plainKernel[T](op)
	}
	if d, ok := litInt(call, 1); ok && d > 0 {
		div := kernel.NewDivisor(d)
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			dst := batch.Resize[T](out, rows.N)
			if op == opDiv {
				kernel.DivConst(dst, batch.Values[T](args[0]), &div)
			} else {
				kernel.ModConst(dst, batch.Values[T](args[0]), &div)
			}
			return nil
		}
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[T](out, rows.N)
		x, y := fixedArg[T](args[0]), fixedArg[T](args[1])
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			d := y.at(r)
			if d == 0 {
				return &RowError{Row: r, Reason: errZero}
			}
			if op == opDiv {
				dst[r] = x.at(r) / d
			} else {
				dst[r] = x.at(r) % d
			}
		}
		return nil
	}
}

// plainKernel is + - * in the language's arithmetic.
func plainKernel[T kernel.Number](op arithOp) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[T](out, rows.N)
		a, b := batch.Values[T](args[0]), batch.Values[T](args[1])
		switch ca, cb := args[0].IsConst(), args[1].IsConst(); {
		case ca && cb:
			// One row, computed by what follows on slices of one.
			fallthrough
		case !ca && !cb:
			switch op {
			case opAdd:
				kernel.Add(dst, a, b)
			case opSub:
				kernel.Sub(dst, a, b)
			default:
				kernel.Mul(dst, a, b)
			}
		case cb:
			switch op {
			case opAdd:
				kernel.AddConst(dst, a, b[0])
			case opSub:
				kernel.AddConst(dst, a, -b[0])
			default:
				kernel.MulConst(dst, a, b[0])
			}
		default:
			switch op {
			case opAdd:
				kernel.AddConst(dst, b, a[0])
			case opSub:
				kernel.ConstSub(dst, a[0], b)
			default:
				kernel.MulConst(dst, b, a[0])
			}
		}
		return nil
	}
}

func floatKernel[T float32 | float64](op arithOp) Kernel {
	if op == opAdd || op == opSub || op == opMul {
		return plainKernel[T](op)
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[T](out, rows.N)
		x, y := fixedArg[T](args[0]), fixedArg[T](args[1])
		for r := range dst {
			if op == opDiv {
				dst[r] = x.at(r) / y.at(r)
			} else {
				dst[r] = T(floatMod(float64(x.at(r)), float64(y.at(r))))
			}
		}
		return nil
	}
}

// fixed reads a fixed-width argument, constant or not: mask is 0 for a constant.
type fixed[T kernel.Number] struct {
	v    []T
	mask int
}

func fixedArg[T kernel.Number](v *batch.Vector) fixed[T] {
	if v.IsConst() {
		return fixed[T]{v: batch.Values[T](v)}
	}
	return fixed[T]{v: batch.Values[T](v), mask: -1}
}

func (f *fixed[T]) at(r int) T { return f.v[r&f.mask] }

// mixedModulo is the remainder of whole numbers of different types, in the type of the divisor.
func mixedModulo(call *Call) Kernel {
	sb := call.Args[1].Type()
	var div *kernel.Divisor
	if d, ok := litInt(call, 1); ok && d > 0 && sb.IsInteger() {
		v := kernel.NewDivisor(d)
		div = &v
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		x, y := readNumbers(args[0]), readNumbers(args[1])
		if div != nil && x.v64 != nil && !x.fix && out.Physical() == schema.PhysInt32 {
			dst := batch.Resize[int32](out, rows.N)
			d, _ := litInt(call, 1)
			for r, v := range x.v64[:len(dst)] {
				dst[r] = int32(v - div.Div(v)*d)
			}
			return nil
		}
		w := writeInts(out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			d := y.dec(r)
			if decimal.Sign(d) == 0 {
				return &RowError{Row: r, Reason: errZero}
			}
			m, _ := decimal.Rem(x.dec(r), 0, d, 0, decimal.MaxDigits, 0)
			w.set(r, m)
		}
		return nil
	}
}

// intOut writes integers of any width.
type intOut struct {
	out *batch.Vector
	v8  []int8
	v16 []int16
	v32 []int32
	v64 []int64
	dec []schema.Int128
}

func writeInts(out *batch.Vector, n int) intOut {
	w := intOut{out: out}
	switch out.Physical() {
	case schema.PhysInt8:
		w.v8 = batch.Resize[int8](out, n)
	case schema.PhysInt16:
		w.v16 = batch.Resize[int16](out, n)
	case schema.PhysInt32:
		w.v32 = batch.Resize[int32](out, n)
	case schema.PhysInt64:
		w.v64 = batch.Resize[int64](out, n)
	default:
		w.dec = batch.Resize[schema.Int128](out, n)
	}
	return w
}

func (w *intOut) set(r int, x decimal.Int) {
	switch {
	case w.v64 != nil:
		w.v64[r] = int64(x.Lo)
	case w.v32 != nil:
		w.v32[r] = int32(x.Lo)
	case w.v16 != nil:
		w.v16[r] = int16(x.Lo)
	case w.v8 != nil:
		w.v8[r] = int8(x.Lo)
	default:
		w.dec[r] = x
	}
}

// put is set for an int64.
func (w *intOut) put(r int, x int64) {
	switch {
	case w.v64 != nil:
		w.v64[r] = x
	case w.v32 != nil:
		w.v32[r] = int32(x)
	case w.v16 != nil:
		w.v16[r] = int16(x)
	case w.v8 != nil:
		w.v8[r] = int8(x)
	default:
		w.dec[r] = decimal.FromInt64(x)
	}
}
