// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"cmp"
	"slices"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

// listFunc appends the elements of row r to the children of out; ok = false is NULL, a reason fails the row.
type listFunc func(args []*batch.Vector, r int, out *batch.Vector) (ok bool, reason string)

// listKernel makes a column of arrays or maps row by row. A row that is not kept must not have appended anything.
func listKernel(f listFunc) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		next := 0
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			for ; next < r; next++ {
				out.AppendNull()
			}
			next++
			ok, reason := f(args, r, out)
			switch {
			case reason != "":
				return &RowError{Row: r, Reason: reason}
			case ok:
				out.EndList()
			default:
				out.AppendNull()
			}
		}
		for ; next < rows.N; next++ {
			out.AppendNull()
		}
		return nil
	}
}

// span returns the positions of the elements of row r in the children of a list.
func span(v *batch.Vector, r int) (from, to int) {
	r = constIndex(v, r)
	o := v.Offsets()
	return int(o[r]), int(o[r+1])
}

// indexOf returns the position of an element among elements from..to-1, or -1. NULL is found by NULL.
func indexOf(list *batch.Vector, from, to int, x *batch.Vector, r int) int {
	for j := from; j < to; j++ {
		if kernel.Equal(list, j, x, r) {
			return j
		}
	}
	return -1
}

// arrayFunction declares a function of arrays.
func arrayFunction(name, doc, example, result string, sigs []string, infer func([]Arg) (Signature, error), f listFunc) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "collection", Signatures: sigs, Infer: infer,
		Compile: func(*Call, *Env) (Kernel, error) { return listKernel(f), nil },
	}
}

// inferElement types f(array, element): the element takes the array's element type.
func inferElement(result func(array, element *schema.Type) *schema.Type) func([]Arg) (Signature, error) {
	return func(args []Arg) (Signature, error) {
		sig := Signature{Args: make([]*schema.Type, 2)}
		if len(args) != 2 || args[0].Type.Root != schema.Array {
			return sig, noFit
		}
		a, e := args[0].Type, args[1].Type
		if !implicitCast(e, a.Elem) {
			return sig, noFit
		}
		sig.Args[1] = a.Elem.WithNull(e.Nullable)
		sig.Result = result(a, e)
		return sig, nil
	}
}

// inferCommon types functions of arrays (or maps) that are cast to one common type.
func inferCommon(root schema.Root, variadic bool) func([]Arg) (Signature, error) {
	return func(args []Arg) (Signature, error) {
		sig := Signature{Args: make([]*schema.Type, len(args))}
		if len(args) < 1 || !variadic && len(args) != 2 {
			return sig, noFit
		}
		ts := make([]*schema.Type, len(args))
		for i, a := range args {
			if a.Type.Root != root && a.Type.Root != schema.Null {
				return sig, noFit
			}
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
	}
}

// extended is ARRAY<element>, whose elements may be NULL where the new one may be.
func extended(a, e *schema.Type) *schema.Type {
	return schema.NewArray(a.Elem.WithNull(a.Elem.Nullable || e.Nullable)).WithNull(a.Nullable)
}

func anyRowNull(args []*batch.Vector, r int) bool {
	for _, a := range args {
		if a.IsNull(r) {
			return true
		}
	}
	return false
}

// appendSpan appends elements to the child of out.
func appendSpan(out, list *batch.Vector, from, to int) {
	for j := from; j < to; j++ {
		out.Child(0).AppendFrom(list, j)
	}
}

// appendDistinct appends the elements that keep tells, each once.
func appendDistinct(out, list *batch.Vector, from, to, start int, keep func(j int) bool) {
	dst := out.Child(0)
	for j := from; j < to; j++ {
		if keep(j) && indexOf(dst, start, dst.Len(), list, j) < 0 {
			dst.AppendFrom(list, j)
		}
	}
}

func always(int) bool { return true }

func arrayFunctions() []*Function { //nolint:funlen // A list of declarations.
	elem := func(name string) []string { return []string{name + "(array <ARRAY>, element <ARRAY ELEMENT>)"} }
	hay := func(name string) []string { return []string{name + "(haystack <ARRAY>, needle <ARRAY ELEMENT>)"} }
	common := func(name string) []string { return []string{name + "(<COMMON>, <COMMON>)"} }
	same := func(a, _ *schema.Type) *schema.Type { return a }
	return []*Function{
		arrayFunction("ARRAY_APPEND", "The array with an element added at the end.", "CAST(ARRAY_APPEND(ARRAY[1], 2) AS STRING)", "[1, 2]",
			elem("ARRAY_APPEND"), inferElement(extended), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if args[0].IsNull(r) {
					return false, ""
				}
				from, to := span(args[0], r)
				appendSpan(out, args[0].Child(0), from, to)
				out.Child(0).AppendFrom(args[1], r)
				return true, ""
			}),
		arrayFunction("ARRAY_PREPEND", "The array with an element added at the front.", "CAST(ARRAY_PREPEND(ARRAY[1], 2) AS STRING)", "[2, 1]",
			elem("ARRAY_PREPEND"), inferElement(extended), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if args[0].IsNull(r) {
					return false, ""
				}
				out.Child(0).AppendFrom(args[1], r)
				from, to := span(args[0], r)
				appendSpan(out, args[0].Child(0), from, to)
				return true, ""
			}),
		arrayFunction("ARRAY_REMOVE", "The array without the elements that equal the needle.", "CAST(ARRAY_REMOVE(ARRAY[1, 2, 1], 1) AS STRING)", "[2]",
			hay("ARRAY_REMOVE"), inferElement(same), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if args[0].IsNull(r) {
					return false, ""
				}
				list := args[0].Child(0)
				for j, to := span(args[0], r); j < to; j++ {
					if !kernel.Equal(list, j, args[1], r) {
						out.Child(0).AppendFrom(list, j)
					}
				}
				return true, ""
			}),
		{
			Name: "ARRAY_CONTAINS", Doc: "Whether the array has an element that equals the needle.", Example: "ARRAY_CONTAINS(ARRAY[1, 2], 2)", Result: "TRUE",
			Category: "collection", Signatures: hay("ARRAY_CONTAINS"),
			Infer: inferElement(func(a, _ *schema.Type) *schema.Type { return schema.TypeBoolean.WithNull(a.Nullable) }),
			Compile: fixedKernel(boolKernel(func(args []*batch.Vector, r int) (bool, bool) {
				if args[0].IsNull(r) {
					return false, false
				}
				from, to := span(args[0], r)
				return indexOf(args[0].Child(0), from, to, args[1], r) >= 0, true
			})),
		},
		{
			Name: "ARRAY_POSITION", Doc: "The position of the first element that equals the needle, from 1; 0 when there is none.", Example: "ARRAY_POSITION(ARRAY[5, 6], 6)",
			Result: "2", Category: "collection", Signatures: hay("ARRAY_POSITION"), Strict: true,
			Infer: inferElement(func(a, e *schema.Type) *schema.Type { return schema.TypeInt.WithNull(a.Nullable || e.Nullable) }),
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) {
				from, to := span(args[0], r)
				at := indexOf(args[0].Child(0), from, to, args[1], r)
				if at < 0 {
					return 0, true
				}
				return int32(at - from + 1), true
			})),
		},
		arrayFunction("ARRAY_DISTINCT", "The array with each element once.", "CAST(ARRAY_DISTINCT(ARRAY[1, 2, 1]) AS STRING)", "[1, 2]", []string{"ARRAY_DISTINCT(haystack <ARRAY>)"},
			inferArrayAs(RetArg(0)), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if args[0].IsNull(r) {
					return false, ""
				}
				from, to := span(args[0], r)
				appendDistinct(out, args[0].Child(0), from, to, out.Child(0).Len(), always)
				return true, ""
			}),
		arrayFunction("ARRAY_REVERSE", "The array in reverse order.", "CAST(ARRAY_REVERSE(ARRAY[1, 2]) AS STRING)", "[2, 1]", []string{"ARRAY_REVERSE(haystack <ARRAY>)"},
			inferArrayAs(RetArg(0)), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if args[0].IsNull(r) {
					return false, ""
				}
				from, to := span(args[0], r)
				for j := to - 1; j >= from; j-- {
					out.Child(0).AppendFrom(args[0].Child(0), j)
				}
				return true, ""
			}),
		arrayFunction("ARRAY_UNION", "The elements of both arrays, each once.", "CAST(ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3]) AS STRING)", "[1, 2, 3]",
			common("ARRAY_UNION"), inferCommon(schema.Array, false), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if anyRowNull(args, r) {
					return false, ""
				}
				start := out.Child(0).Len()
				for _, a := range args {
					from, to := span(a, r)
					appendDistinct(out, a.Child(0), from, to, start, always)
				}
				return true, ""
			}),
		arrayFunction("ARRAY_EXCEPT", "The elements of the first array that the second has not, each once.", "CAST(ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2]) AS STRING)", "[1]",
			common("ARRAY_EXCEPT"), inferCommon(schema.Array, false), setFunc(false)),
		arrayFunction("ARRAY_INTERSECT", "The elements that both arrays have, each once.", "CAST(ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2]) AS STRING)", "[2]",
			common("ARRAY_INTERSECT"), inferCommon(schema.Array, false), setFunc(true)),
		arrayFunction("ARRAY_CONCAT", "The arrays one after the other.", "CAST(ARRAY_CONCAT(ARRAY[1], ARRAY[2]) AS STRING)", "[1, 2]",
			[]string{"ARRAY_CONCAT(<COMMON>, <COMMON>...)"}, inferCommon(schema.Array, true), func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
				if anyRowNull(args, r) {
					return false, ""
				}
				for _, a := range args {
					from, to := span(a, r)
					appendSpan(out, a.Child(0), from, to)
				}
				return true, ""
			}),
		arraySlice(),
		arraySort(),
		extreme("ARRAY_MAX", 1, "The greatest element.", "ARRAY_MAX(ARRAY[1, 3, 2])", "3"),
		extreme("ARRAY_MIN", -1, "The least element.", "ARRAY_MIN(ARRAY[3, 1, 2])", "1"),
		arrayJoin(),
	}
}

// inferArrayAs types f(array).
func inferArrayAs(result func([]Arg) *schema.Type) func([]Arg) (Signature, error) {
	return func(args []Arg) (Signature, error) {
		if len(args) != 1 || args[0].Type.Root != schema.Array {
			return Signature{}, noFit
		}
		return Signature{Args: make([]*schema.Type, 1), Result: result(args)}, nil
	}
}

// setFunc keeps the elements of the first array that the second has, or has not.
func setFunc(both bool) listFunc {
	return func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
		if anyRowNull(args, r) {
			return false, ""
		}
		from, to := span(args[0], r)
		lo, hi := span(args[1], r)
		list := args[0].Child(0)
		appendDistinct(out, list, from, to, out.Child(0).Len(), func(j int) bool {
			return (indexOf(args[1].Child(0), lo, hi, list, j) >= 0) == both
		})
		return true, ""
	}
}

func arraySlice() *Function {
	f := arrayFunction("ARRAY_SLICE", "The elements from one position to another, both included; positions count from 1, negative ones from the end.",
		"CAST(ARRAY_SLICE(ARRAY[1, 2, 3], 2, 3) AS STRING)", "[2, 3]",
		[]string{
			"ARRAY_SLICE(<ARRAY>, <INTEGER>, <INTEGER>)", "ARRAY_SLICE(<ARRAY>, <INTEGER>)",
		}, nil, func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
			if anyRowNull(args, r) {
				return false, ""
			}
			from, to := span(args[0], r)
			n := int64(to - from)
			place := func(i int64) int64 {
				if i < 0 {
					return i + n + 1
				}
				return max(i, 1)
			}
			lo := place(intAt(args[1], r))
			hi := n
			if len(args) == 3 {
				e := intAt(args[2], r)
				if hi = place(e); e > 0 {
					hi = min(hi, n)
				}
			}
			lo = max(lo, 1)
			if lo <= hi {
				appendSpan(out, args[0].Child(0), from+int(lo)-1, from+int(min(hi, n)))
			}
			return true, ""
		})
	f.Overloads = []Overload{
		{Params: []Param{P("array", FamArray), P("start_offset", FamInt), P("end_offset", FamInt)}, Result: RetArg(0)},
		{Params: []Param{P("array", FamArray), P("start_offset", FamInt)}, Result: RetArg(0)},
	}
	return f
}

// comparableElement tells whether elements have an order that ARRAY_SORT, ARRAY_MAX and ARRAY_MIN take.
func comparableElement(t *schema.Type) bool {
	return t.IsNumeric() || t.IsString() || t.IsTemporal() || t.IsInterval()
}

func arraySort() *Function {
	f := arrayFunction("ARRAY_SORT", "The array in ascending (default) or descending order, NULLs first or last (default: first when ascending).",
		"CAST(ARRAY_SORT(ARRAY[3, 1, 2]) AS STRING)", "[1, 2, 3]",
		[]string{
			"ARRAY_SORT(array <ARRAY>)", "ARRAY_SORT(array <ARRAY>, ascending_order <BOOLEAN>)", "ARRAY_SORT(array <ARRAY>, ascending_order <BOOLEAN>, null_first <BOOLEAN>)",
		}, nil, nil)
	sorted := Family{Text: "<ARRAY>", Fit: func(a Arg) (*schema.Type, bool) {
		return nil, a.Type.Root == schema.Array && comparableElement(a.Type.Elem)
	}}
	f.Overloads = []Overload{
		{Params: []Param{P("", sorted)}, Result: RetArg(0)},
		{Params: []Param{P("", sorted), P("", FamBool)}, Result: RetArg(0)},
		{Params: []Param{P("", sorted), P("", FamBool), P("", FamBool)}, Result: RetArg(0)},
	}
	f.Compile = func(*Call, *Env) (Kernel, error) {
		var order []int
		return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
			if anyRowNull(args, r) {
				return false, ""
			}
			asc := len(args) < 2 || args[1].Bool(r)
			first := asc
			if len(args) == 3 {
				first = args[2].Bool(r)
			}
			list := args[0].Child(0)
			order = order[:0]
			for j, to := span(args[0], r); j < to; j++ {
				order = append(order, j)
			}
			slices.SortStableFunc(order, func(a, b int) int {
				an, bn := list.IsNull(a), list.IsNull(b)
				if an || bn {
					c := cmp.Compare(boolInt(bn), boolInt(an))
					if !first {
						c = -c
					}
					return c
				}
				c := kernel.Order(list, a, list, b)
				if !asc {
					c = -c
				}
				return c
			})
			for _, j := range order {
				out.Child(0).AppendFrom(list, j)
			}
			return true, ""
		}), nil
	}
	return f
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// extreme declares ARRAY_MAX or ARRAY_MIN.
func extreme(name string, sign int, doc, example, result string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: result, Category: "collection", Signatures: []string{name + "(<ARRAY>)"},
		Infer: func(args []Arg) (Signature, error) {
			if len(args) != 1 || args[0].Type.Root != schema.Array || !comparableElement(args[0].Type.Elem) {
				return Signature{}, noFit
			}
			return Signature{Args: make([]*schema.Type, 1), Result: args[0].Type.Elem.WithNull(true)}, nil
		},
		Compile: fixedKernel(pickKernel(func(args []*batch.Vector, r int) (*batch.Vector, int) {
			if args[0].IsNull(r) {
				return nil, 0
			}
			list, best := args[0].Child(0), -1
			for j, to := span(args[0], r); j < to; j++ {
				if !list.IsNull(j) && (best < 0 || kernel.Order(list, j, list, best)*sign > 0) {
					best = j
				}
			}
			if best < 0 {
				return nil, 0
			}
			return list, best
		})),
	}
}

// pickKernel copies for each row a value from somewhere; nil is NULL.
func pickKernel(f func(args []*batch.Vector, r int) (*batch.Vector, int)) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		next := 0
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			for ; next < r; next++ {
				out.AppendNull()
			}
			next++
			if v, j := f(args, r); v != nil {
				out.AppendFrom(v, j)
			} else {
				out.AppendNull()
			}
		}
		for ; next < rows.N; next++ {
			out.AppendNull()
		}
		return nil
	}
}

func arrayJoin() *Function {
	strs := Family{Text: "ARRAY<STRING>", Fit: func(a Arg) (*schema.Type, bool) { return nil, a.Type.Root == schema.Array && a.Type.Elem.IsString() }}
	return &Function{
		Name: "ARRAY_JOIN", Doc: "The texts of an array with a delimiter between them; NULLs are left out or replaced.", Example: "ARRAY_JOIN(ARRAY['a', 'b'], '-')",
		Result: "a-b", Category: "collection", Strict: true,
		Overloads: []Overload{
			{Params: []Param{P("", strs), P("", FamString)}, Result: Ret(schema.TypeString)},
			{Params: []Param{P("", strs), P("", FamString), P("", FamString)}, Result: Ret(schema.TypeString)},
		},
		Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
			if anyRowNull(args, r) {
				return dst, false
			}
			list, delim, first := args[0].Child(0), args[1].Bytes(r), true
			for j, to := span(args[0], r); j < to; j++ {
				if list.IsNull(j) && len(args) == 2 {
					continue
				}
				if !first {
					dst = append(dst, delim...)
				}
				first = false
				if list.IsNull(j) {
					dst = append(dst, args[2].Bytes(r)...)
				} else {
					dst = append(dst, list.Bytes(j)...)
				}
			}
			return dst, true
		}),
	}
}
