// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func constructorFunctions() []*Function {
	return []*Function{
		{
			Name: "ROW", Doc: "A row of values.", Example: "CAST(ROW(1, 'a') AS STRING)", Result: "(1, a)", Category: "value construction",
			Infer: func(args []Arg) (Signature, error) {
				if len(args) == 0 {
					return Signature{}, noFit
				}
				fields := make([]schema.Field, len(args))
				for i, a := range args {
					fields[i] = schema.Field{Name: fmt.Sprintf("EXPR$%d", i), Type: a.Type}
				}
				return Signature{Args: make([]*schema.Type, len(args)), Result: schema.NewRow(fields...).NotNull()}, nil
			},
			Compile: fixedKernel(rowKernel),
		},
		{
			Name: "ARRAY", Doc: "An array of values of one type.", Example: "CAST(ARRAY[1, 2] AS STRING)", Result: "[1, 2]", Category: "value construction",
			Infer: inferArray, Compile: fixedKernel(arrayKernel),
		},
		{
			Name: "MAP", Doc: "A map of keys and values; of equal keys the last counts.", Example: "CAST(MAP['a', 1] AS STRING)", Result: "{a=1}", Category: "value construction",
			Infer: inferMap, Compile: fixedKernel(mapKernel),
		},
	}
}

// rowKernel puts the arguments side by side.
func rowKernel(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	for i, a := range args {
		kernel.Copy(a, rows.N, rows.Sel, out.Child(i))
	}
	out.ResizeRows(rows.N)
	return nil
}

// commonElements is the type that elements share.
func commonElements(args []Arg) (*schema.Type, error) {
	ts := make([]*schema.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type
	}
	t, err := schema.CommonType(ts...)
	if err != nil {
		return nil, &mismatch{"Parameters must be of the same type"}
	}
	return t, nil
}

func inferArray(args []Arg) (Signature, error) {
	if len(args) == 0 {
		return Signature{}, &mismatch{"Require at least 1 argument"}
	}
	t, err := commonElements(args)
	if err != nil {
		return Signature{}, err
	}
	sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.NewArray(t).NotNull()}
	for i := range args {
		sig.Args[i] = t
	}
	return sig, nil
}

func arrayKernel(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	next := 0
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		for ; next < r; next++ {
			out.AppendNull()
		}
		next++
		for _, a := range args {
			out.Child(0).AppendFrom(a, r)
		}
		out.EndList()
	}
	for ; next < rows.N; next++ {
		out.AppendNull()
	}
	return nil
}

func inferMap(args []Arg) (Signature, error) {
	if len(args) == 0 || len(args)%2 != 0 {
		return Signature{}, &mismatch{"Map requires at least 2 arguments, and an even number of them"}
	}
	var keys, values []Arg
	for i, a := range args {
		if i%2 == 0 {
			keys = append(keys, a)
		} else {
			values = append(values, a)
		}
	}
	k, err := commonElements(keys)
	if err != nil {
		return Signature{}, err
	}
	v, err := commonElements(values)
	if err != nil {
		return Signature{}, err
	}
	sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.NewMap(k, v).NotNull()}
	for i := range args {
		sig.Args[i] = k
		if i%2 == 1 {
			sig.Args[i] = v
		}
	}
	return sig, nil
}

func mapKernel(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	next := 0
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		for ; next < r; next++ {
			out.AppendNull()
		}
		next++
		for k := 0; k < len(args); k += 2 {
			if repeatedKey(args, k, r) {
				continue
			}
			out.Child(0).AppendFrom(args[k], r)
			out.Child(1).AppendFrom(args[k+1], r)
		}
		out.EndList()
	}
	for ; next < rows.N; next++ {
		out.AppendNull()
	}
	return nil
}

// repeatedKey tells whether a later key of the row equals key k.
func repeatedKey(args []*batch.Vector, k, r int) bool {
	for j := k + 2; j < len(args); j += 2 {
		if kernel.Equal(args[k], r, args[j], r) {
			return true
		}
	}
	return false
}
