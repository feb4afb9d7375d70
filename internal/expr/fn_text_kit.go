// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/kernel"
)

// textFunc computes the text of row r, appended to dst; false is NULL.
type textFunc func(args []*batch.Vector, r int, dst []byte) ([]byte, bool)

// textKernel writes a column of text row by row.
func textKernel(f textFunc) Kernel {
	var scratch []byte
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeBytes(out, rows.N, rows.Count()*16)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			b, ok := f(args, r, scratch[:0])
			if cap(b) > cap(scratch) {
				scratch = b
			}
			if !ok {
				w.null(r)
				continue
			}
			w.add(r, b)
		}
		return w.done(rows.N)
	}
}

// failingText is a textFunc that may refuse a row with a reason.
type failingText func(args []*batch.Vector, r int, dst []byte) (b []byte, ok bool, reason string)

func failingTextKernel(f failingText) Kernel {
	var scratch []byte
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeBytes(out, rows.N, rows.Count()*16)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			b, ok, reason := f(args, r, scratch[:0])
			if cap(b) > cap(scratch) {
				scratch = b
			}
			switch {
			case reason != "":
				return &RowError{Row: r, Reason: reason}
			case !ok:
				w.null(r)
			default:
				w.add(r, b)
			}
		}
		return w.done(rows.N)
	}
}

// intKernel32 writes an INT column row by row; false is NULL.
func intKernel32(f func(args []*batch.Vector, r int) (int32, bool)) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int32](out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			v, ok := f(args, r)
			if !ok {
				out.SetNull(r)
				continue
			}
			dst[r] = v
		}
		return nil
	}
}

// intKernel64 writes a BIGINT column row by row; false is NULL.
func intKernel64(f func(args []*batch.Vector, r int) (int64, bool)) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := batch.Resize[int64](out, rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			v, ok := f(args, r)
			if !ok {
				out.SetNull(r)
				continue
			}
			dst[r] = v
		}
		return nil
	}
}

// boolKernel writes a BOOLEAN column row by row; false as the second result is NULL.
func boolKernel(f func(args []*batch.Vector, r int) (value, ok bool)) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			v, ok := f(args, r)
			if !ok {
				out.SetNull(r)
				continue
			}
			kernel.SetAt(dst, r, v)
		}
		return nil
	}
}

// fixedKernel makes Compile of a kernel that needs nothing of the call.
func fixedKernel(k Kernel) func(*Call, *Env) (Kernel, error) {
	return func(*Call, *Env) (Kernel, error) { return k, nil }
}

// textCompile makes Compile of a text function that needs nothing of the call.
func textCompile(f textFunc) func(*Call, *Env) (Kernel, error) {
	return func(*Call, *Env) (Kernel, error) { return textKernel(f), nil }
}

// intAt reads an integer argument of any width.
func intAt(v *batch.Vector, r int) int64 {
	x := readInts(v)
	return x.at(r)
}

// runeOffset returns the byte at which code point k begins; len(b) when there are fewer.
func runeOffset(b []byte, k int) int {
	if k <= 0 {
		return 0
	}
	i := 0
	for i < len(b) {
		if k == 0 {
			return i
		}
		if b[i] < utf8.RuneSelf {
			i++
		} else {
			_, n := utf8.DecodeRune(b[i:])
			i += n
		}
		k--
	}
	return len(b)
}
