// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func miscFunctions() []*Function {
	return []*Function{
		{
			Name: "TYPEOF", Doc: "The type of an expression as text; with TRUE in the form that can be read back.", Example: "TYPEOF(CAST(NULL AS INT))", Result: "INT",
			Category: "conversion",
			Overloads: []Overload{
				{Params: []Param{P("input", FamAny)}, Result: RetNull(schema.TypeString)},
				{Params: []Param{P("input", FamAny), P("force_serializable", FamLit(FamBool))}, Result: RetNull(schema.TypeString)},
			},
			Rewrite: func(_ *Registry, call *Call) (Expr, error) {
				t := call.Args[0].Type()
				s := t.WithAttr(schema.NotTimeAttr).Summary()
				if b, ok := litInt(call, 1); ok && b != 0 {
					s = t.String()
				}
				return &Lit{Value: schema.StringValue(s), T: call.T}, nil
			},
			Compile: notCompiled,
		},
		extremum("GREATEST", 1, "The greatest of the arguments; NULL when one is.", "GREATEST(1, 3, 2)", "3"),
		extremum("LEAST", -1, "The least of the arguments; NULL when one is.", "LEAST(3, 1, 2)", "1"),
		{
			Name: "CURRENT_DATABASE", Doc: "The name of the current database.", Example: "CURRENT_DATABASE()", Category: "catalog", Determinism: PerQuery,
			Overloads: []Overload{{Result: RetNotNull(schema.TypeString)}},
			Compile: func(_ *Call, env *Env) (Kernel, error) {
				return textKernel(func(_ []*batch.Vector, _ int, dst []byte) ([]byte, bool) {
					return append(dst, env.CurrentDatabase...), true
				}), nil
			},
		},
	}
}

// extremum declares GREATEST or LEAST.
func extremum(name string, sign int, doc, example, result string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "conditional", Strict: true, Signatures: []string{name + "(<COMPARABLE>...)"},
		Infer: func(args []Arg) (Signature, error) {
			sig := Signature{Args: make([]*schema.Type, len(args))}
			if len(args) == 0 {
				return sig, noFit
			}
			ts := make([]*schema.Type, len(args))
			for i, a := range args {
				ts[i] = a.Type
			}
			t, err := schema.CommonType(ts...)
			if err != nil {
				return sig, noFit
			}
			for i := range args {
				sig.Args[i] = t
			}
			sig.Result = t.WithNull(anyNull(args))
			return sig, nil
		},
		Compile: fixedKernel(pickKernel(func(args []*batch.Vector, r int) (*batch.Vector, int) {
			best := args[0]
			for _, a := range args {
				if a.IsNull(r) {
					return nil, 0
				}
				if kernel.Order(a, r, best, r)*sign > 0 {
					best = a
				}
			}
			return best, r
		})),
	}
}
