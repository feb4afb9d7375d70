// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/bitmap"
	"spate/schema"
)

func bitmapFunctions() []*Function {
	one := P("bitmap", FamBitmap)
	two := []Param{P("bitmap1", FamBitmap), P("bitmap2", FamBitmap)}
	op := func(name, doc, result string, f func(a, b *bitmap.Set)) *Function {
		return &Function{
			Name: name, Doc: doc, Example: "BITMAP_TO_STRING(" + name + "(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3])))", Result: result, Category: "bitmap",
			Strict: true, Fallible: true, Overloads: []Overload{{Params: two, Result: Ret(schema.TypeBitmap)}},
			Compile: func(*Call, *Env) (Kernel, error) {
				var a, b bitmap.Set
				return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
					if err := a.Parse(args[0].Bytes(r)); err != nil {
						return dst, false, err.Error()
					}
					if err := b.Parse(args[1].Bytes(r)); err != nil {
						return dst, false, err.Error()
					}
					f(&a, &b)
					return appendSet(dst, &a)
				}), nil
			},
		}
	}
	return []*Function{
		op("BITMAP_AND", "The values that both bitmaps have.", "{2}", func(a, b *bitmap.Set) { a.And(b) }),
		op("BITMAP_OR", "The values that any of both bitmaps has.", "{1,2,3}", func(a, b *bitmap.Set) { a.Or(b) }),
		op("BITMAP_XOR", "The values that exactly one of both bitmaps has.", "{1,3}", func(a, b *bitmap.Set) { a.Xor(b) }),
		op("BITMAP_ANDNOT", "The values that the first bitmap has and the second has not.", "{1}", func(a, b *bitmap.Set) { a.AndNot(b) }),
		{
			Name: "BITMAP_BUILD", Doc: "The bitmap of the integers of an array, NULLs left out.", Example: "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[3, 1]))", Result: "{1,3}",
			Category: "bitmap", Strict: true, Fallible: true, Signatures: []string{"BITMAP_BUILD(array ARRAY<INT> NOT NULL)", "BITMAP_BUILD(array ARRAY<INT>)"},
			Overloads: []Overload{{Params: []Param{P("array", FamType(schema.NewArray(schema.TypeInt)))}, Result: Ret(schema.TypeBitmap)}},
			Compile: func(*Call, *Env) (Kernel, error) {
				var s bitmap.Set
				return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
					if args[0].IsNull(r) {
						return dst, false, ""
					}
					s.Clear()
					list := args[0].Child(0)
					vs := batch.Values[int32](list)
					for j, to := span(args[0], r); j < to; j++ {
						if !list.IsNull(j) {
							s.Add(uint32(vs[j]))
						}
					}
					return appendSet(dst, &s)
				}), nil
			},
		},
		{
			Name: "BITMAP_CARDINALITY", Doc: "The number of values of a bitmap.", Example: "BITMAP_CARDINALITY(BITMAP_BUILD(ARRAY[3, 1]))", Result: "2", Category: "bitmap",
			Strict: true, Fallible: true, Overloads: []Overload{{Params: []Param{one}, Result: Ret(schema.TypeBigInt)}}, Compile: compileCardinality,
		},
		{
			Name: "BITMAP_FROM_BYTES", Doc: "The bitmap that bytes hold in the portable form of Roaring bitmaps.",
			Example: "BITMAP_TO_STRING(BITMAP_FROM_BYTES(BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1]))))", Result: "{1}", Category: "bitmap", Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{P("bytes", FamBinary)}, Result: Ret(schema.TypeBitmap)}}, Compile: mapSet(appendSet),
		},
		{
			Name: "BITMAP_TO_BYTES", Doc: "A bitmap as bytes in the portable form of Roaring bitmaps.", Example: "HEX(MAKE_VALID_UTF8(BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1]))))",
			Result: "3A300000010000000000000010000000" + "0100", Category: "bitmap", Strict: true, Fallible: true,
			Overloads: []Overload{{Params: []Param{one}, Result: Ret(schema.TypeBytes)}}, Compile: mapSet(appendSet),
		},
		{
			Name: "BITMAP_TO_STRING", Doc: "A bitmap as text.", Example: "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[3, 1]))", Result: "{1,3}", Category: "bitmap", Strict: true,
			Fallible: true, Overloads: []Overload{{Params: []Param{one}, Result: Ret(schema.TypeString)}},
			Compile: mapSet(func(dst []byte, s *bitmap.Set) ([]byte, bool, string) { return s.AppendText(dst), true, "" }),
		},
		{
			Name: "BITMAP_TO_ARRAY", Doc: "The values of a bitmap as an array of integers.", Example: "CAST(BITMAP_TO_ARRAY(BITMAP_BUILD(ARRAY[3, 1])) AS STRING)", Result: "[1, 3]",
			Category: "bitmap", Strict: true, Fallible: true, Overloads: []Overload{{Params: []Param{one}, Result: Ret(schema.NewArray(schema.TypeInt))}}, Compile: compileToArray,
		},
	}
}

func appendSet(dst []byte, s *bitmap.Set) ([]byte, bool, string) {
	b, err := s.Append(dst)
	if err != nil {
		return dst, false, err.Error()
	}
	return b, true, ""
}

// mapSet compiles a function of one bitmap.
func mapSet(f func(dst []byte, s *bitmap.Set) ([]byte, bool, string)) func(*Call, *Env) (Kernel, error) {
	return func(*Call, *Env) (Kernel, error) {
		var s bitmap.Set
		return failingTextKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool, string) {
			if err := s.Parse(args[0].Bytes(r)); err != nil {
				return dst, false, err.Error()
			}
			return f(dst, &s)
		}), nil
	}
}

func compileCardinality(*Call, *Env) (Kernel, error) {
	var s bitmap.Set
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int64](out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			if err := s.Parse(args[0].Bytes(r)); err != nil {
				return &RowError{Row: r, Reason: err.Error()}
			}
			dst[r] = int64(s.Len())
		}
		return nil
	}, nil
}

func compileToArray(*Call, *Env) (Kernel, error) {
	var s bitmap.Set
	var values []int32
	return listKernel(func(args []*batch.Vector, r int, out *batch.Vector) (bool, string) {
		if args[0].IsNull(r) {
			return false, ""
		}
		err := s.Parse(args[0].Bytes(r))
		if err == nil {
			values, err = s.AppendValues(values[:0])
		}
		if err != nil {
			return false, err.Error()
		}
		for _, v := range values {
			batch.Append(out.Child(0), v)
		}
		return true, ""
	}), nil
}
