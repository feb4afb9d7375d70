// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"fmt"
	"regexp"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func mapFunctions() []*Function {
	mapTo := func(result func(t *schema.Type) *schema.Type) []Overload {
		return []Overload{{Params: []Param{P("input", FamMap)}, Result: func(args []Arg) *schema.Type {
			return schema.NewArray(result(args[0].Type)).WithNull(args[0].Type.Nullable)
		}}}
	}
	return []*Function{
		{
			Name: "CARDINALITY", Doc: "The number of elements of an array or of entries of a map.", Example: "CARDINALITY(ARRAY[1, 2])", Result: "2",
			Category: "collection", Strict: true,
			Overloads: []Overload{
				{Params: []Param{P("", FamArray)}, Result: Ret(schema.TypeInt)},
				{Params: []Param{P("", rootFamily("<MAP>", nil, schema.Map, schema.Multiset))}, Result: Ret(schema.TypeInt)},
			},
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
				from, to := span(args[0], r)
				return int32(to - from), true
			})),
		},
		{
			Name: "ELEMENT", Doc: "The only element of an array; NULL when it is empty, an error when there are more.", Example: "ELEMENT(ARRAY['a'])", Result: "a",
			Category: "collection", Fallible: true, Strict: true, Signatures: []string{"ELEMENT(<ARRAY>)", "ELEMENT(<MULTISET>)"},
			Overloads: []Overload{{Params: []Param{P("", rootFamily("<ARRAY>", nil, schema.Array, schema.Multiset))}, Result: func(args []Arg) *schema.Type {
				return args[0].Type.Elem.WithNull(args[0].Type.Nullable || args[0].Type.Elem.Nullable)
			}}},
			Compile: fixedKernel(elementKernel),
		},
		{
			Name: "MAP_KEYS", Doc: "The keys of a map.", Example: "CAST(MAP_KEYS(MAP['a', 1]) AS STRING)", Result: "[a]", Category: "collection",
			Overloads: mapTo(func(t *schema.Type) *schema.Type { return t.Key }),
			Compile:   func(*Call, *Env) (Kernel, error) { return listKernel(mapChild(0)), nil },
		},
		{
			Name: "MAP_VALUES", Doc: "The values of a map.", Example: "CAST(MAP_VALUES(MAP['a', 1]) AS STRING)", Result: "[1]", Category: "collection",
			Overloads: mapTo(func(t *schema.Type) *schema.Type { return t.Elem }),
			Compile:   func(*Call, *Env) (Kernel, error) { return listKernel(mapChild(1)), nil },
		},
		{
			Name: "MAP_ENTRIES", Doc: "The entries of a map as rows of key and value.", Example: "CAST(MAP_ENTRIES(MAP['a', 1]) AS STRING)", Result: "[(a, 1)]", Category: "collection",
			Overloads: mapTo(func(t *schema.Type) *schema.Type {
				return schema.NewRow(schema.Field{Name: "key", Type: t.Key}, schema.Field{Name: "value", Type: t.Elem})
			}),
			Compile: func(*Call, *Env) (Kernel, error) {
				return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
					if args[0].IsNull(r) {
						return false, ""
					}
					row := out.Child(0)
					for j, to := span(args[0], r); j < to; j++ {
						row.Child(0).AppendFrom(args[0].Child(0), j)
						row.Child(1).AppendFrom(args[0].Child(1), j)
						row.EndStruct()
					}
					return true, ""
				}), nil
			},
		},
		{
			Name: "MAP_FROM_ARRAYS", Doc: "A map of an array of keys and one of values.", Example: "CAST(MAP_FROM_ARRAYS(ARRAY['a'], ARRAY[1]) AS STRING)", Result: "{a=1}",
			Category: "collection", Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{P("array_of_keys", FamArray), P("array_of_values", FamArray)}, Result: func(args []Arg) *schema.Type {
				return schema.NewMap(args[0].Type.Elem, args[1].Type.Elem).WithNull(anyNull(args))
			}}},
			Compile: func(*Call, *Env) (Kernel, error) { return listKernel(mapFromArrays), nil },
		},
		{
			Name: "MAP_UNION", Doc: "The entries of all maps; of equal keys the last counts.", Example: "CAST(MAP_UNION(MAP['a', 1], MAP['a', 2]) AS STRING)", Result: "{a=2}",
			Category: "collection", Signatures: []string{"MAP_UNION(<COMMON>, <COMMON>...)"}, Infer: inferCommon(schema.Map, true),
			Compile: func(*Call, *Env) (Kernel, error) { return listKernel(mapUnion), nil },
		},
		{
			Name: "STR_TO_MAP", Doc: "A text of pairs as a map, split by patterns (default , between pairs and = in them).", Example: "CAST(STR_TO_MAP('k1=v1,k2=v2') AS STRING)",
			Result: "{k1=v1, k2=v2}", Category: "collection", Strict: true,
			Overloads: []Overload{
				{Params: []Param{P("", FamString)}, Result: Ret(schema.NewMap(schema.TypeString, schema.TypeString))},
				{Params: []Param{P("", FamString), P("", FamString), P("", FamString)}, Result: Ret(schema.NewMap(schema.TypeString, schema.TypeString))},
			},
			Compile: compileStrToMap,
		},
		{
			Name: "SPLIT", Doc: "The parts of a text between delimiters; an empty delimiter parts the characters.", Example: "CAST(SPLIT('a,b', ',') AS STRING)", Result: "[a, b]",
			Category: "collection", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString), P("", FamString)}, Result: Ret(schema.NewArray(schema.TypeString))}},
			Compile: func(*Call, *Env) (Kernel, error) {
				return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
					if anyRowNull(args, r) {
						return false, ""
					}
					for p := range bytes.SplitSeq(args[0].Bytes(r), args[1].Bytes(r)) {
						out.Child(0).AppendBytes(p)
					}
					return true, ""
				}), nil
			},
		},
	}
}

func elementKernel(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	var err error
	k := pickKernel(func(args []*batch.Vector, r int) (*batch.Vector, int) {
		if args[0].IsNull(r) {
			return nil, 0
		}
		from, to := span(args[0], r)
		if to-from > 1 && err == nil {
			err = &RowError{Row: r, Reason: "Array has more than one element."}
		}
		if to == from {
			return nil, 0
		}
		return args[0].Child(0), from
	})
	if kerr := k(args, rows, out); kerr != nil {
		return kerr
	}
	return err
}

// mapChild lists the keys (0) or values (1).
func mapChild(c int) listFunc {
	return func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
		if args[0].IsNull(r) {
			return false, ""
		}
		from, to := span(args[0], r)
		appendSpan(out, args[0].Child(c), from, to)
		return true, ""
	}
}

func mapFromArrays(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
	if anyRowNull(args, r) {
		return false, ""
	}
	from, to := span(args[0], r)
	lo, hi := span(args[1], r)
	if to-from != hi-lo {
		return false, fmt.Sprintf("Invalid function MAP_FROM_ARRAYS call:\nThe length of the keys array %d is not equal to the length of the values array %d", to-from, hi-lo)
	}
	keys := args[0].Child(0)
	for j := from; j < to; j++ {
		if indexOf(keys, j+1, to, keys, j) < 0 {
			out.Child(0).AppendFrom(keys, j)
			out.Child(1).AppendFrom(args[1].Child(0), lo+j-from)
		}
	}
	return true, ""
}

func mapUnion(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
	if anyRowNull(args, r) {
		return false, ""
	}
	for i, a := range args {
		for j, to := span(a, r); j < to; j++ {
			later := false
			for _, b := range args[i+1:] {
				later = later || kernel.FindKey(b, r, a.Child(0), j) >= 0
			}
			if !later {
				out.Child(0).AppendFrom(a.Child(0), j)
				out.Child(1).AppendFrom(a.Child(1), j)
			}
		}
	}
	return true, ""
}

// splitter splits by a pattern as Java's String.split does: a regular expression, and empty parts at the end are dropped.
type splitter struct {
	last string
	re   *regexp.Regexp
	made bool
}

func (s *splitter) split(text, pattern []byte, limit int) [][]byte {
	if !s.made || s.last != string(pattern) {
		s.last, s.made = string(pattern), true
		re, err := regexp.Compile(s.last)
		if err != nil {
			re = regexp.MustCompile(regexp.QuoteMeta(s.last))
		}
		s.re = re
	}
	var parts [][]byte
	at := 0
	for _, m := range s.re.FindAllIndex(text, -1) {
		if limit > 0 && len(parts) == limit-1 {
			break
		}
		if m[1] == 0 || m[0] == m[1] && m[0] == len(text) {
			continue
		}
		parts = append(parts, text[at:m[0]])
		at = m[1]
	}
	parts = append(parts, text[at:])
	for limit == 0 && len(parts) > 1 && len(parts[len(parts)-1]) == 0 {
		parts = parts[:len(parts)-1]
	}
	return parts
}

func compileStrToMap(*Call, *Env) (Kernel, error) {
	var pairs, kv splitter
	return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
		if anyRowNull(args, r) {
			return false, ""
		}
		list, sep := []byte(","), []byte("=")
		if len(args) == 3 {
			list, sep = args[1].Bytes(r), args[2].Bytes(r)
		}
		text := args[0].Bytes(r)
		if len(text) == 0 {
			return true, ""
		}
		keys := out.Child(0)
		start := keys.Len()
		var values [][]byte
		for _, p := range pairs.split(text, list, 0) {
			parts := kv.split(p, sep, 2)
			var v []byte
			if len(parts) == 2 {
				v = append([]byte{}, parts[1]...)
			}
			found := false
			for j := start; j < keys.Len(); j++ {
				if bytes.Equal(keys.Bytes(j), parts[0]) {
					values[j-start], found = v, true
				}
			}
			if !found {
				keys.AppendBytes(parts[0])
				values = append(values, v)
			}
		}
		for _, v := range values {
			if v == nil {
				out.Child(1).AppendNull()
			} else {
				out.Child(1).AppendBytes(v)
			}
		}
		return true, ""
	}), nil
}
