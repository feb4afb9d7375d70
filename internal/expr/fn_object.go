// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"slices"
	"strings"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func objectFunctions() []*Function {
	return []*Function{
		{
			Name: "OBJECT_OF", Doc: "A structured value of a class, from pairs of attribute and value.", Example: "CAST(OBJECT_OF('User', 'name', 'Bob') AS STRING)", Result: "(name=Bob)",
			Category: "value construction", Signatures: []string{"OBJECT_OF(STRING, [STRING, ANY]*)"}, Infer: inferObjectOf,
			Compile: fixedKernel(func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				for i := range out.NumChildren() {
					kernel.Copy(args[2*i+2], rows.N, rows.Sel, out.Child(i))
				}
				out.ResizeRows(rows.N)
				return nil
			}),
		},
		{
			Name: "OBJECT_UPDATE", Doc: "A structured value with some attributes replaced.", Example: "CAST(OBJECT_UPDATE(OBJECT_OF('User', 'name', 'Bob'), 'name', 'Al') AS STRING)",
			Result: "(name=Al)", Category: "value modification", Signatures: []string{"OBJECT_UPDATE(STRUCTURED_TYPE, [STRING, ANY]*)"},
			Infer: inferObjectUpdate, Compile: compileObjectUpdate,
		},
	}
}

// attribute reads the name of an attribute from argument i.
func attribute(args []Arg, i int) (string, error) {
	l := args[i].Lit
	if l == nil || l.Value.Null || !l.T.IsString() {
		return "", fmt.Errorf("The field key at position %d must be a non-nullable character string literal.", i+1) //nolint:staticcheck,revive // Flink's text.
	}
	return l.Value.S, nil
}

func inferObjectOf(args []Arg) (Signature, error) {
	sig := Signature{Args: make([]*schema.Type, len(args))}
	if len(args)%2 != 1 {
		return sig, noFit
	}
	class, err := attribute(args, 0)
	if err != nil {
		return sig, err
	}
	t := &schema.Type{Root: schema.Structured, Nullable: true, Class: class}
	for i := 1; i < len(args); i += 2 {
		name, err := attribute(args, i)
		if err != nil {
			return sig, err
		}
		if t.FieldIndex(name) >= 0 {
			return sig, fmt.Errorf("The field name '%s' at position %d is repeated.", name, i+1) //nolint:staticcheck,revive // Flink's text.
		}
		t.Fields = append(t.Fields, schema.Field{Name: name, Type: args[i+1].Type})
	}
	sig.Result = t
	return sig, nil
}

func inferObjectUpdate(args []Arg) (Signature, error) {
	sig := Signature{Args: make([]*schema.Type, len(args))}
	if len(args) < 3 || len(args)%2 != 1 || args[0].Type.Root != schema.Structured {
		return sig, noFit
	}
	t := *args[0].Type
	t.Fields = slices.Clone(t.Fields)
	for i := 1; i < len(args); i += 2 {
		name, err := attribute(args, i)
		if err != nil {
			return sig, err
		}
		k := t.FieldIndex(name)
		if k < 0 {
			names := make([]string, len(t.Fields))
			for j := range t.Fields {
				names[j] = t.Fields[j].Name
			}
			return sig, fmt.Errorf("The field name '%s' at position %d is not part of the structured type attributes. Available attributes: [%s].", //nolint:staticcheck,revive // Flink's text.
				name, i+1, strings.Join(names, ", "))
		}
		t.Fields[k].Type = args[i+1].Type
	}
	sig.Result = t.WithNull(true)
	return sig, nil
}

func compileObjectUpdate(call *Call, _ *Env) (Kernel, error) {
	from := make([]int, len(call.T.Fields)) // The argument that an attribute comes from, 0 for the object.
	for i := 1; i < len(call.Args); i += 2 {
		name, _ := litString(call, i)
		from[call.T.FieldIndex(name)] = i + 1
	}
	var buf []uint64
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		obj := args[0]
		for k, a := range from {
			src := args[a]
			if a != 0 {
				kernel.Copy(src, rows.N, rows.Sel, out.Child(k))
				continue
			}
			for r := range rows.N {
				if obj.IsNull(r) {
					out.Child(k).AppendNull()
				} else {
					out.Child(k).AppendFrom(obj.Child(k), constIndex(obj, r))
				}
			}
		}
		out.ResizeRows(rows.N)
		if mayBeNull(obj) {
			copy(out.MakeValid(), validity(obj, rows.N, &buf))
		}
		return nil
	}, nil
}
