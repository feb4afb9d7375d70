// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

// varcharOf is VARCHAR of the length of argument i, nullable where an argument is.
func varcharOf(i int) func([]Arg) *schema.Type {
	return func(args []Arg) *schema.Type {
		return &schema.Type{Root: schema.Varchar, Nullable: anyNull(args), Length: args[i].Type.Length}
	}
}

func trimFunctions() []*Function {
	str := P("", FamString)
	side := func(name string, left, right bool, doc, example, result string) *Function {
		return &Function{
			Name: name, Doc: doc, Example: example, Result: result, Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: varcharOf(0)}, {Params: []Param{str, str}, Result: varcharOf(0)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				set := []byte{' '}
				if len(args) == 2 {
					set = args[1].Bytes(r)
				}
				return append(dst, trim(args[0].Bytes(r), set, left, right)...), true
			}),
		}
	}
	btrim := side("BTRIM", true, true, "The text without characters of a set (default the blank) at both ends.", "BTRIM(' www ')", "www")
	btrim.Overloads = []Overload{
		{Params: []Param{P("str", FamString)}, Result: Ret(schema.TypeString)},
		{Params: []Param{P("str", FamString), P("trimStr", FamString)}, Result: Ret(schema.TypeString)},
	}
	return []*Function{
		side("LTRIM", true, false, "The text without characters of a set (default the blank) at its begin.", "LTRIM('xxa', 'x')", "a"),
		side("RTRIM", false, true, "The text without characters of a set (default the blank) at its end.", "RTRIM('axx', 'x')", "a"),
		btrim,
		{
			Name: "TRIM", Doc: "The text without characters of a set at both ends, its begin (LEADING) or its end (TRAILING).", Example: "TRIM(LEADING 'x' FROM 'xax')",
			Result: "ax", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamSymbol), str, str}, Result: func(args []Arg) *schema.Type { return varcharOf(2)(args) }}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				s := symbol(call, 0)
				return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
					return append(dst, trim(args[2].Bytes(r), args[1].Bytes(r), s != "TRAILING", s != "LEADING")...), true
				}), nil
			},
		},
	}
}

// trim cuts characters of a set off the ends of a text.
func trim(s, set []byte, left, right bool) []byte {
	if len(set) == 1 {
		for left && len(s) > 0 && s[0] == set[0] {
			s = s[1:]
		}
		for right && len(s) > 0 && s[len(s)-1] == set[0] {
			s = s[:len(s)-1]
		}
		return s
	}
	for left && len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if !bytes.ContainsRune(set, r) {
			break
		}
		s = s[n:]
	}
	for right && len(s) > 0 {
		r, n := utf8.DecodeLastRune(s)
		if !bytes.ContainsRune(set, r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

func padFunctions() []*Function {
	padder := func(name string, left bool, doc, example, result string) *Function {
		return &Function{
			Name: name, Doc: doc, Example: example, Result: result, Category: "string", Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{P("", FamString), P("", FamInt), P("", FamString)}, Result: Ret(schema.TypeString)}},
			Compile: func(*Call, *Env) (Kernel, error) {
				return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
					s, fill := args[0].Bytes(r), args[2].Bytes(r)
					n := intAt(args[1], r)
					if n < 0 || len(fill) == 0 {
						return dst, false, ""
					}
					if n > batch.MaxRowBytes {
						return dst, false, tooLong
					}
					have := kernel.Runes(s)
					if have >= int(n) {
						return append(dst, s[:runeOffset(s, int(n))]...), true, ""
					}
					if !left {
						dst = append(dst, s...)
					}
					for need := int(n) - have; need > 0; {
						k := kernel.Runes(fill)
						if k > need {
							dst = append(dst, fill[:runeOffset(fill, need)]...)
							break
						}
						dst = append(dst, fill...)
						need -= k
					}
					if left {
						dst = append(dst, s...)
					}
					return dst, true, ""
				}), nil
			},
		}
	}
	return []*Function{
		padder("LPAD", true, "The text cut to a length, or filled up to it on the left.", "LPAD('hi', 4, '?')", "??hi"),
		padder("RPAD", false, "The text cut to a length, or filled up to it on the right.", "RPAD('hi', 4, '?')", "hi??"),
		{
			Name: "REPEAT", Doc: "The text a number of times.", Example: "REPEAT('ab', 2)", Result: "abab", Category: "string", Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{P("", FamString), P("", FamInt)}, Result: Ret(schema.TypeString)}},
			Compile: func(*Call, *Env) (Kernel, error) {
				return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
					s, n := args[0].Bytes(r), intAt(args[1], r)
					if len(s) > 0 && n > int64(batch.MaxRowBytes/len(s)) {
						return dst, false, tooLong
					}
					for ; n > 0; n-- {
						dst = append(dst, s...)
					}
					return dst, true, ""
				}), nil
			},
		},
	}
}

const tooLong = "the resulting text is longer than the 16 MiB that a row may have"
