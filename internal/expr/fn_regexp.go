// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func regexpFunctions() []*Function {
	str, re := P("str", FamString), P("regex", FamString)
	return []*Function{
		{
			Name: "REGEXP_COUNT", Doc: "How often a regular expression matches.", Example: "REGEXP_COUNT('abcabc', 'ab')", Result: "2", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str, re}, Result: RetNull(schema.TypeInt)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				p := newRegexps(call)
				return intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
					if x := p.at(args[1], r); x != nil {
						return int32(len(x.All(args[0].Bytes(r)))), true
					}
					return 0, false
				}), nil
			},
		},
		{
			Name: "REGEXP_INSTR", Doc: "The position of the first match of a regular expression, from 1; 0 without one.", Example: "REGEXP_INSTR('hello', 'l+')", Result: "3",
			Category: "string", Strict: true, Overloads: []Overload{{Params: []Param{str, re}, Result: RetNull(schema.TypeInt)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				p := newRegexps(call)
				return intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
					x := p.at(args[1], r)
					if x == nil {
						return 0, false
					}
					s := args[0].Bytes(r)
					if at := x.Index(s); at >= 0 {
						return int32(kernel.Runes(s[:at])) + 1, true
					}
					return 0, true
				}), nil
			},
		},
		{
			Name: "REGEXP_SUBSTR", Doc: "The first match of a regular expression; NULL without one.", Example: "REGEXP_SUBSTR('hello', 'l+')", Result: "ll", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str, re}, Result: RetNull(schema.TypeString)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				p := newRegexps(call)
				return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
					if x := p.at(args[1], r); x != nil {
						if text, ok := x.Group(args[0].Bytes(r), 0); ok {
							return append(dst, text...), true
						}
					}
					return dst, false
				}), nil
			},
		},
		{
			Name: "REGEXP_EXTRACT_ALL", Doc: "A group (default 1) of every match of a regular expression.", Example: "CAST(REGEXP_EXTRACT_ALL('1-2, 3-4', '(\\d+)-(\\d+)', 2) AS STRING)",
			Result: "[2, 4]", Category: "string", Strict: true,
			Overloads: []Overload{
				{Params: []Param{str, re}, Result: RetNull(schema.NewArray(schema.TypeString))},
				{Params: []Param{str, re, P("extractIndex", FamInt)}, Result: RetNull(schema.NewArray(schema.TypeString))},
			},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				p := newRegexps(call)
				return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
					if anyRowNull(args, r) {
						return false, ""
					}
					g := int64(1)
					if len(args) == 3 {
						g = intAt(args[2], r)
					}
					x := p.at(args[1], r)
					if x == nil || g < 0 || g > int64(x.Groups()) {
						return false, ""
					}
					s := args[0].Bytes(r)
					for _, m := range x.All(s) {
						if m[2*g] < 0 {
							out.Child(0).AppendNull()
						} else {
							out.Child(0).AppendBytes(s[m[2*g]:m[2*g+1]])
						}
					}
					return true, ""
				}), nil
			},
		},
	}
}
