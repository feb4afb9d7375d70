// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/expr/jsonpath"
	"spate/schema"
)

// A VARIANT is held as JSON text without blanks.

func variantFunctions() []*Function {
	str := P("json_string", FamString)
	parser := func(name string, try bool, doc string) *Function {
		result := Ret(schema.TypeVariant)
		if try {
			result = RetNull(schema.TypeVariant)
		}
		return &Function{
			Name: name, Doc: doc, Example: "JSON_STRING(" + name + `('{"a": 1}'))`, Result: `{"a":1}`, Category: "variant", Strict: true, Fallible: !try,
			Overloads: []Overload{
				{Params: []Param{str}, Result: result}, {Params: []Param{str, P("allow_duplicate_keys", FamBool)}, Result: result},
			},
			Compile: func(*Call, *Env) (Kernel, error) {
				var d jsonpath.Doc
				return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
					if anyRowNull(args, r) {
						return dst, false, ""
					}
					n, err := d.Parse(args[0].Bytes(r))
					if err == nil && (len(args) == 1 || !args[1].Bool(r)) && d.HasDuplicates() {
						err = errors.New("Failed to parse json string due to duplicate object key") //nolint:staticcheck // As Flink's.
					}
					switch {
					case err == nil:
						return d.Append(dst, n, false), true, ""
					case try:
						return dst, false, ""
					}
					return dst, false, fmt.Sprintf("Failed to parse json string: %s", err)
				}), nil
			},
		}
	}
	return []*Function{
		parser("PARSE_JSON", false, "A JSON text as VARIANT; an error when it is none."),
		parser("TRY_PARSE_JSON", true, "A JSON text as VARIANT; NULL when it is none."),
	}
}

// variantItem compiles v[key] and v[index], which count from 1.
func variantItem(call *Call) Kernel {
	byKey := call.Args[1].Type().IsString()
	var d jsonpath.Doc
	return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
		if args[0].IsNull(r) || args[1].IsNull(r) {
			return dst, false
		}
		root, err := d.Parse(args[0].Bytes(r))
		if err != nil {
			return dst, false
		}
		n := jsonpath.None
		if byKey {
			n = d.Member(root, string(args[1].Bytes(r)))
		} else if d.Kind(root) == jsonpath.Array {
			k := intAt(args[1], r)
			for n = d.First(root); n != jsonpath.None && k > 1; k-- {
				n = d.Next(n)
			}
			if k < 1 {
				n = jsonpath.None
			}
		}
		if n == jsonpath.None {
			return dst, false
		}
		return d.Append(dst, n, false), true
	})
}
