// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"strings"

	"spate/batch"
	"spate/internal/expr"
	"spate/schema"
	"spate/udf"
)

// ScalarFunction makes a function of the registry from one of the user.
func ScalarFunction(u udf.Scalar) *expr.Function {
	f := &expr.Function{
		Name: strings.ToUpper(u.Name), Doc: u.Doc, Category: "user", Version: 1, Strict: u.NullInNullOut, Fallible: true,
		Infer: func(args []expr.Arg) (expr.Signature, error) { return inferScalar(&u, args) },
		Compile: func(*expr.Call, *expr.Env) (expr.Kernel, error) {
			return func(args []*batch.Vector, rows expr.Rows, out *batch.Vector) error {
				err := u.Eval(args, udf.Rows{N: rows.N, Sel: rows.Sel}, out)
				if d, ok := errors.AsType[*udf.DataError](err); ok {
					return &expr.RowError{Row: d.Row, Reason: d.Reason}
				}
				return err
			}, nil
		},
	}
	if u.Volatile {
		f.Determinism = expr.NonDeterministic
	}
	return f
}

// inferScalar checks the arguments of a call against the parameters.
func inferScalar(u *udf.Scalar, args []expr.Arg) (expr.Signature, error) {
	if len(args) != len(u.Params) {
		return expr.Signature{}, fmt.Errorf("%s takes %d arguments, not %d", u.Name, len(u.Params), len(args))
	}
	nullable := false
	for i, a := range args {
		nullable = nullable || a.Type.Nullable
		if !schema.SupportsImplicitCast(a.Type.WithNull(true), u.Params[i].WithNull(true)) {
			return expr.Signature{}, fmt.Errorf("argument %d of %s must be %s, not %s", i+1, u.Name, u.Params[i], a.Type)
		}
	}
	sig := expr.Signature{Result: u.Result}
	if u.NullInNullOut {
		sig.Result = u.Result.WithNull(nullable || u.Result.Nullable)
	}
	for i, a := range args {
		sig.Args = append(sig.Args, u.Params[i].WithNull(a.Type.Nullable))
	}
	return sig, nil
}
