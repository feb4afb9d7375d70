// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func errNotLiteral(call *Call, what string) error {
	return fmt.Errorf("%s needs %s as literals", call.Fn, what)
}

// notCompiled is Compile of the special forms, which the compiler of programs knows itself.
func notCompiled(call *Call, _ *Env) (Kernel, error) {
	panic("BUG: special form " + call.Fn + " reached the kernels")
}

func logicalFunctions() []*Function {
	return []*Function{
		{
			Name: "AND", Doc: "Whether all conditions are true.", Example: "1 < 2 AND 2 < 3", Result: "TRUE", Category: "logical",
			Cheap: true, Infix: true, Infer: inferJunction, Compile: notCompiled,
		},
		{
			Name: "OR", Doc: "Whether any condition is true.", Example: "1 > 2 OR 2 < 3", Result: "TRUE", Category: "logical",
			Cheap: true, Infix: true, Infer: inferJunction, Compile: notCompiled,
		},
		{
			Name: "NOT", Doc: "The opposite of a condition; NULL stays NULL.", Example: "NOT (1 > 2)", Result: "TRUE", Category: "logical",
			Cheap: true, Strict: true,
			Overloads: []Overload{{Params: []Param{P("boolean", FamBool)}, Result: Ret(schema.TypeBoolean)}},
			Compile: func(*Call, *Env) (Kernel, error) {
				return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
					if dst := out.ResizeBits(rows.N); args[0].IsConst() {
						kernel.SetAt(dst, 0, !args[0].Bool(0))
					} else {
						kernel.Not(dst, args[0].Bits())
					}
					return nil
				}, nil
			},
		},
		truthTest("IS TRUE", true, false, false, "1 < 2 IS TRUE"),
		truthTest("IS NOT TRUE", true, true, false, "1 > 2 IS NOT TRUE"),
		truthTest("IS FALSE", false, false, false, "1 > 2 IS FALSE"),
		truthTest("IS NOT FALSE", false, true, false, "1 < 2 IS NOT FALSE"),
		truthTest("IS UNKNOWN", false, false, true, "(NULLIF(1, 1) = 1) IS UNKNOWN"),
		truthTest("IS NOT UNKNOWN", false, true, true, "1 < 2 IS NOT UNKNOWN"),
	}
}

func inferJunction(args []Arg) (Signature, error) {
	sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeBoolean.WithNull(anyNull(args))}
	if len(args) < 2 {
		return sig, noFit
	}
	for i, a := range args {
		switch a.Type.Root {
		case schema.Boolean:
		case schema.Null:
			sig.Args[i] = schema.TypeBoolean
		default:
			return sig, noFit
		}
	}
	return sig, nil
}

// truthTest declares IS [NOT] TRUE, FALSE or UNKNOWN.
func truthTest(name string, truth, not, unknown bool, example string) *Function {
	return &Function{
		Name: name, Doc: "Tests a condition; the result is never NULL.", Example: example, Result: "TRUE", Category: "logical", Cheap: true,
		Overloads: []Overload{{Params: []Param{P("boolean", FamBool)}, Result: RetNotNull(schema.TypeBoolean)}},
		Compile: func(*Call, *Env) (Kernel, error) {
			var buf []uint64
			return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				v := args[0]
				valid := validity(v, rows.N, &buf)
				dst := out.ResizeBits(rows.N)
				if v.IsConst() {
					kernel.SetAt(dst, 0, !v.IsNull(0) && v.Bool(0))
				} else {
					copy(dst, v.Bits())
				}
				for i, set := range dst {
					switch {
					case unknown:
						set = ^valid[i]
					case truth:
						set &= valid[i]
					default:
						set = ^set & valid[i]
					}
					if not {
						set = ^set
					}
					dst[i] = set
				}
				return nil
			}, nil
		},
	}
}

func conditionalFunctions() []*Function {
	return []*Function{
		{
			Name: "CASE", Doc: "The value of the first condition that is true, else the last value.",
			Example: "CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", Result: "b", Category: "conditional", Infer: inferCase, Compile: notCompiled,
		},
		{
			Name: "COALESCE", Doc: "The first value that is not NULL.", Example: "COALESCE(NULLIF(1, 1), 2)", Result: "2",
			Category: "conditional", Infer: inferCoalesce, Compile: notCompiled,
		},
		{
			Name: "IF", Doc: "The second argument where the first is true, else the third.", Example: "IF(5 > 3, 5, 3)", Result: "5",
			Category: "conditional", Signatures: []string{"IF(condition <BOOLEAN>, true_value <COMMON>, false_value <COMMON>)"},
			Infer: func(args []Arg) (Signature, error) {
				if len(args) != 3 {
					return Signature{}, noFit
				}
				return inferCase(args)
			},
			Rewrite: func(_ *Registry, call *Call) (Expr, error) {
				return &Call{Fn: "CASE", Version: 1, Args: call.Args, T: call.T, Pos: call.Pos}, nil
			},
			Compile: notCompiled,
		},
		{
			Name: "NULLIF", Doc: "NULL where both arguments are equal, else the first.", Example: "NULLIF(5, 0)", Result: "5",
			Category: "conditional", Signatures: []string{"NULLIF(<COMPARABLE_TYPE>, <COMPARABLE_TYPE>)"},
			Infer: func(args []Arg) (Signature, error) {
				if len(args) != 2 {
					return Signature{}, noFit
				}
				if _, err := compareTypes(args[0].Type, args[1].Type, false); err != nil {
					return Signature{}, err
				}
				return Signature{Args: make([]*schema.Type, 2), Result: args[0].Type.WithNull(true)}, nil
			},
			Rewrite: func(r *Registry, call *Call) (Expr, error) {
				eq, err := r.Bind("=", call.Args, call.Pos)
				if err != nil {
					return nil, err
				}
				null := &Lit{Value: schema.NullValue, T: call.T}
				return &Call{Fn: "CASE", Version: 1, Args: []Expr{eq, null, call.Args[0]}, T: call.T, Pos: call.Pos}, nil
			},
			Compile: notCompiled,
		},
		{
			Name: "IFNULL", Doc: "The second argument where the first is NULL, else the first.", Example: "IFNULL(NULLIF(1, 1), 5)",
			Result: "5", Category: "conditional", Signatures: []string{"IFNULL(input <COMMON>, null_replacement <COMMON>)"},
			Infer: func(args []Arg) (Signature, error) {
				if len(args) != 2 {
					return Signature{}, noFit
				}
				return inferCoalesce(args)
			},
			Rewrite: func(_ *Registry, call *Call) (Expr, error) {
				return &Call{Fn: "COALESCE", Version: 1, Args: call.Args, T: call.T, Pos: call.Pos}, nil
			},
			Compile: notCompiled,
		},
	}
}

// inferCase types CASE: conditions at the even places but the last.
func inferCase(args []Arg) (Signature, error) {
	if len(args) < 3 || len(args)%2 == 0 {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, len(args))}
	var values []*schema.Type
	for i, a := range args {
		if i%2 == 1 || i == len(args)-1 {
			values = append(values, a.Type)
			continue
		}
		switch a.Type.Root {
		case schema.Boolean:
		case schema.Null:
			sig.Args[i] = schema.TypeBoolean
		default:
			return sig, noFit
		}
	}
	t, err := branchType(values)
	if err != nil {
		return sig, err
	}
	for i := range args {
		if i%2 == 1 || i == len(args)-1 {
			sig.Args[i] = t
		}
	}
	sig.Result = t
	return sig, nil
}

// branchType is the common type of alternatives; all NULL gives NULL.
func branchType(values []*schema.Type) (*schema.Type, error) {
	t, err := schema.CommonType(values...)
	if err == nil {
		return t, nil
	}
	for _, v := range values {
		if v.Root != schema.Null {
			return nil, &mismatch{"the alternatives have different types: " + err.Error()}
		}
	}
	return schema.TypeNull, nil
}

func inferCoalesce(args []Arg) (Signature, error) {
	if len(args) == 0 {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, len(args))}
	values := make([]*schema.Type, len(args))
	nullable := true
	for i, a := range args {
		values[i] = a.Type
		nullable = nullable && a.Type.Nullable
	}
	t, err := branchType(values)
	if err != nil {
		return sig, err
	}
	for i := range args {
		sig.Args[i] = t
	}
	sig.Result = t.WithNull(nullable)
	return sig, nil
}
