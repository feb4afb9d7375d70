// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"spate/batch"
	"spate/internal/col/text"
	"spate/internal/expr/jsonpath"
	"spate/schema"
)

var errJSONPlace = errors.New("The JSON() function is currently only supported inside JSON_ARRAY() or as the VALUE param of JSON_OBJECT()") //nolint:staticcheck // Flink's text.

func jsonMakers() []*Function {
	return []*Function{
		{
			Name: "JSON_STRING", Doc: "A value of any type as JSON text.", Example: "JSON_STRING(ARRAY[1, 2])", Result: "[1,2]", Category: "json",
			Overloads: []Overload{{Params: []Param{P("value", FamAny)}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				if args[0].IsNull(r) {
					return dst, false
				}
				return appendJSON(dst, args[0], r), true
			}),
		},
		{
			Name: "JSON_OBJECT", Doc: "A JSON object of keys and values; NULL values become null or are left out.", Example: "JSON_OBJECT('b' VALUE 1, 'a' VALUE 'x')",
			Result: `{"a":"x","b":1}`, Category: "json", Fallible: true, Infer: inferJSONMake(true), Rewrite: rewriteJSONMake(2), Compile: compileJSONObject,
		},
		{
			Name: "JSON_ARRAY", Doc: "A JSON array of values; NULL values are left out or become null.", Example: "JSON_ARRAY(1, 'x')", Result: `[1,"x"]`, Category: "json",
			Fallible: true, Infer: inferJSONMake(false), Rewrite: rewriteJSONMake(1), Compile: compileJSONArray,
		},
		{
			Name: "JSON", Doc: "A JSON text taken as it is, inside of JSON_OBJECT and JSON_ARRAY.", Example: `JSON_ARRAY(JSON('{"a":1}'))`, Result: `[{"a":1}]`, Category: "json", Fallible: true, Strict: true,
			Overloads: []Overload{{Params: []Param{P("value", FamString)}, Result: RetNull(schema.TypeString)}}, Compile: compileJSONRaw,
		},
	}
}

// inferJSONMake types JSON_OBJECT and JSON_ARRAY. All arguments stay as they are, but keys are texts.
func inferJSONMake(object bool) func([]Arg) (Signature, error) {
	return func(args []Arg) (Signature, error) {
		sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeString.NotNull()}
		first := 0
		if len(args) > 0 && args[0].Type.Root == schema.Symbol {
			first = 1
		}
		if object && (len(args)-first)%2 != 0 {
			return sig, noFit
		}
		for i := first; object && i < len(args); i += 2 {
			if !args[i].Type.IsString() {
				return sig, noFit
			}
		}
		return sig, nil
	}
}

// rewriteJSONMake notes in the first argument which values are JSON already: folding would hide what made them.
func rewriteJSONMake(width int) func(*Registry, *Call) (Expr, error) {
	return func(_ *Registry, call *Call) (Expr, error) {
		mode, args := "", call.Args
		if len(args) > 0 && args[0].Type().Root == schema.Symbol {
			mode, args = symbol(call, 0), args[1:]
		}
		if mode == "" {
			mode = "NULL"
			if width == 1 {
				mode = "ABSENT"
			}
		}
		var raw strings.Builder
		for i, a := range args {
			c, ok := a.(*Call)
			isRaw := ok && (c.Fn == "JSON" || c.Fn == "JSON_OBJECT" || c.Fn == "JSON_ARRAY")
			if width == 2 && i%2 == 0 {
				if ok && c.Fn == "JSON" {
					return nil, errJSONPlace
				}
				continue
			}
			if isRaw {
				raw.WriteByte('1')
			} else {
				raw.WriteByte('0')
			}
		}
		n := *call
		n.Args = append([]Expr{SymbolLit(mode + ":" + raw.String())}, args...)
		return &n, nil
	}
}

// jsonMode splits what rewriteJSONMake noted.
func jsonMode(call *Call) (absent bool, raw string) {
	mode, raw, _ := strings.Cut(symbol(call, 0), ":")
	return mode == "ABSENT", raw
}

// appendMember appends a value that is JSON already, or is to become it.
func appendMember(dst []byte, v *batch.Vector, r int, raw bool) []byte {
	switch {
	case v.IsNull(r):
		return append(dst, "null"...)
	case raw:
		return append(dst, v.Bytes(r)...)
	}
	return appendJSON(dst, v, r)
}

func compileJSONObject(call *Call, _ *Env) (Kernel, error) {
	absent, raw := jsonMode(call)
	var order []int
	return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
		order = order[:0]
		for i := 1; i+1 < len(args); i += 2 {
			if args[i].IsNull(r) {
				return dst, false, "Key of JSON_OBJECT must not be NULL"
			}
			// Of repeated keys the last counts.
			order = slices.DeleteFunc(order, func(k int) bool { return bytes.Equal(args[k].Bytes(r), args[i].Bytes(r)) })
			if !absent || !args[i+1].IsNull(r) {
				order = append(order, i)
			}
		}
		slices.SortFunc(order, func(a, b int) int { return bytes.Compare(args[a].Bytes(r), args[b].Bytes(r)) })
		dst = append(dst, '{')
		for n, i := range order {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsonpath.AppendQuoted(dst, args[i].Bytes(r)), ':')
			dst = appendMember(dst, args[i+1], r, raw[i/2] == '1')
		}
		return append(dst, '}'), true, ""
	}), nil
}

func compileJSONArray(call *Call, _ *Env) (Kernel, error) {
	absent, raw := jsonMode(call)
	return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
		dst = append(dst, '[')
		first := true
		for i, a := range args[1:] {
			if absent && a.IsNull(r) {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendMember(dst, a, r, raw[i] == '1')
		}
		return append(dst, ']'), true
	}), nil
}

func compileJSONRaw(*Call, *Env) (Kernel, error) {
	var d jsonpath.Doc
	return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
		s := args[0].Bytes(r)
		if len(bytes.TrimSpace(s)) == 0 {
			return dst, false, ""
		}
		n, err := d.Parse(s)
		if err != nil {
			return dst, false, fmt.Sprintf("Invalid JSON string in JSON(value) function: %s (start at line: 1, column: 1)", err)
		}
		return d.Append(dst, n, true), true, ""
	}), nil
}

// appendJSON appends row i of a vector, which is not NULL, as JSON.
func appendJSON(dst []byte, v *batch.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, "null"...)
	}
	t := v.Type()
	i = constIndex(v, i)
	switch t.Root {
	case schema.Char, schema.Varchar:
		return jsonpath.AppendQuoted(dst, v.Bytes(i))
	case schema.Variant:
		return append(dst, v.Bytes(i)...)
	case schema.Binary, schema.Varbinary, schema.Raw, schema.Bitmap:
		dst = append(dst, '"')
		return append(base64.StdEncoding.AppendEncode(dst, v.Bytes(i)), '"')
	case schema.Boolean:
		if v.Bool(i) {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.Decimal:
		return text.AppendValue(dst, v, i, nil)
	case schema.Float, schema.Double:
		return appendJSONFloat(dst, v, i)
	case schema.Timestamp:
		us, ns := text.Micros(v, i)
		return append(text.AppendLocalDateTime(append(dst, '"'), us, ns), '"')
	case schema.TimestampLTZ:
		us, ns := text.Micros(v, i)
		return append(text.AppendInstant(append(dst, '"'), us, ns), '"')
	case schema.Array:
		return appendJSONList(dst, v, i)
	case schema.Map, schema.Multiset, schema.Row, schema.Structured:
		return appendJSONObject(dst, v, i)
	default:
		dst = append(dst, '"')
		return append(text.AppendValue(dst, v, i, nil), '"')
	}
}

// appendJSONFloat quotes what JSON has no number for.
func appendJSONFloat(dst []byte, v *batch.Vector, i int) []byte {
	start := len(dst)
	dst = text.AppendValue(dst, v, i, nil)
	if c := dst[len(dst)-1]; c >= '0' && c <= '9' {
		return dst
	}
	s := string(dst[start:])
	return append(append(append(dst[:start], '"'), s...), '"')
}

func appendJSONList(dst []byte, v *batch.Vector, i int) []byte {
	dst = append(dst, '[')
	from, to := span(v, i)
	for j := from; j < to; j++ {
		if j > from {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, v.Child(0), j)
	}
	return append(dst, ']')
}

// appendJSONObject appends maps and rows with their keys in order.
func appendJSONObject(dst []byte, v *batch.Vector, i int) []byte {
	type member struct {
		key   string
		value *batch.Vector
		at    int
	}
	var members []member
	if t := v.Type(); len(t.Fields) > 0 {
		for k := range t.Fields {
			members = append(members, member{t.Fields[k].Name, v.Child(k), i})
		}
	} else {
		for j, to := span(v, i); j < to; j++ {
			members = append(members, member{string(text.AppendValue(nil, v.Child(0), j, nil)), v.Child(1), j})
		}
	}
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.key, b.key) })
	dst = append(dst, '{')
	for k, m := range members {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonpath.AppendQuoted(dst, []byte(m.key)), ':')
		dst = appendJSON(dst, m.value, m.at)
	}
	return append(dst, '}')
}
