// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func accessFunctions() []*Function {
	return []*Function{
		{
			Name: "FIELD", Doc: "A field of a row.", Example: "CAST(ROW(1, 'a') AS ROW<n INT, s STRING>).s", Result: "a", Category: "value access", Strict: true, Cheap: true, Compile: notCompiled,
			Infer: func(args []Arg) (Signature, error) {
				if len(args) != 2 || args[0].Type.Physical() != schema.PhysStruct || args[1].Lit == nil {
					return Signature{}, noFit
				}
				i := int(args[1].Lit.Value.I)
				if i < 0 || i >= len(args[0].Type.Fields) {
					return Signature{}, &mismatch{"the row has no such field"}
				}
				t := args[0].Type.Fields[i].Type
				return Signature{Args: make([]*schema.Type, 2), Result: t.WithNull(t.Nullable || args[0].Type.Nullable)}, nil
			},
		},
		{
			Name: "ITEM", Doc: "The element of an array at a position from 1, the value of a map for a key, or the field of a row; NULL when there is none.",
			Example: "ARRAY['a', 'b'][2]", Result: "b", Category: "collection", Infer: inferItem, Rewrite: rewriteItem, Compile: compileItem,
			Check: checkItem,
		},
	}
}

func inferItem(args []Arg) (Signature, error) {
	if len(args) != 2 {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, 2)}
	a, i := args[0].Type, args[1].Type
	switch a.Root {
	case schema.Array:
		if !i.IsInteger() {
			return sig, noFit
		}
		sig.Result = a.Elem.WithNull(true)
	case schema.Map:
		if i.Root != a.Key.Root || i.Root == schema.Decimal || i.IsTimestamp() {
			sig.Args[1] = a.Key
		}
		if sig.Args[1] != nil && !implicitCast(i, a.Key) {
			return sig, noFit
		}
		sig.Result = a.Elem.WithNull(true)
	case schema.Variant:
		if !i.IsInteger() && !i.IsString() {
			return sig, noFit
		}
		sig.Result = schema.TypeVariant
	case schema.Row, schema.Structured:
		k, ok := rowItem(args)
		if !ok {
			return sig, noFit
		}
		t := a.Fields[k].Type
		sig.Result = t.WithNull(t.Nullable || a.Nullable)
	default:
		return sig, noFit
	}
	return sig, nil
}

// rowItem finds the field that a literal index (from 1) or name means.
func rowItem(args []Arg) (int, bool) {
	l := args[1].Lit
	if l == nil || l.Value.Null {
		return 0, false
	}
	if l.T.IsString() {
		k := args[0].Type.FieldIndex(l.Value.S)
		return k, k >= 0
	}
	k := int(l.Value.I) - 1
	return k, l.T.IsInteger() && k >= 0 && k < len(args[0].Type.Fields)
}

func rewriteItem(_ *Registry, call *Call) (Expr, error) {
	if call.Args[0].Type().Physical() == schema.PhysStruct {
		k, _ := rowItem(ArgsOf(call.Args))
		return FieldOf(call.Args[0], k, call.Pos), nil
	}
	return call, nil
}

func checkItem(call *Call) error {
	if i, ok := litInt(call, 1); ok && call.Args[0].Type().Root == schema.Array && i < 1 {
		return &mismatch{"Array element access needs an index starting at 1 but was " + FormatValue(schema.IntValue(i), schema.TypeBigInt) + "."}
	}
	return nil
}

func compileItem(call *Call, _ *Env) (Kernel, error) {
	if call.Args[0].Type().Root == schema.Variant {
		return variantItem(call), nil
	}
	isMap := call.Args[0].Type().Root == schema.Map
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		v, key := args[0], args[1]
		var idx ints
		if !isMap && key.Physical() != schema.PhysNone {
			idx = readInts(key)
		}
		next := 0
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			for ; next < r; next++ {
				out.AppendNull()
			}
			next++
			at := -1
			if !v.IsNull(r) && !key.IsNull(r) {
				o, c := v.Offsets(), constIndex(v, r)
				if isMap {
					at = kernel.FindKey(v, r, key, r)
				} else if k := idx.at(r); k >= 1 && k <= int64(o[c+1]-o[c]) {
					at = int(o[c]) + int(k) - 1
				}
			}
			if at < 0 {
				out.AppendNull()
				continue
			}
			out.AppendFrom(v.Child(v.NumChildren()-1), at)
		}
		for ; next < rows.N; next++ {
			out.AppendNull()
		}
		return nil
	}, nil
}
