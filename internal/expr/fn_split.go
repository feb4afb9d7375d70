// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/kernel"
	"spate/internal/col/mem"
)

// splitAtByte is the kernel of SPLIT_INDEX with a literal separator of one byte and a literal index, the form that queries have. It
// returns nil for other calls.
func splitAtByte(call *Call) Kernel {
	sep, okSep := litString(call, 1)
	k, okIndex := litInt(call, 2)
	if !okSep || !okIndex || !call.Args[1].Type().IsString() || len(sep) != 1 || k < 0 || k > batch.MaxRowBytes {
		return nil
	}
	separator, index := sep[0], int(k)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		if args[0].IsConst() || args[0].HasNulls() {
			return splitRows(args[0], rows, out, separator, index)
		}
		offs, data := args[0].Offsets(), args[0].Data()
		// The parts together are at most as long as the texts; a short part is copied with what follows it.
		dstOffs, dst := out.ResizeBytes(rows.N, len(data)+mem.ShortCopy)
		dstOffs[0] = 0
		at, next := 0, 0
		sel := rows.sparse()
		n := rows.N
		if sel != nil {
			n = len(sel)
		}
		for i := range n {
			r := i
			if sel != nil {
				r = int(sel[i])
			}
			for ; next < r; next++ {
				dstOffs[next+1] = int32(at)
			}
			from, to := int(offs[r]), int(offs[r+1])
			start, end, ok := kernel.Part(data, from, to, separator, index)
			switch size := end - start; {
			case !ok || from == to:
				out.SetNull(r)
			case size <= mem.ShortCopy && start+mem.ShortCopy <= len(data):
				mem.CopyShort(dst, at, data, start, size)
				at += size
			default:
				at += copy(dst[at:], data[start:end])
			}
			dstOffs[r+1], next = int32(at), r+1
		}
		for ; next < rows.N; next++ {
			dstOffs[next+1] = int32(at)
		}
		out.TruncateData(at)
		return nil
	}
}

// splitRows is the same for texts that are constant or may be NULL.
func splitRows(texts *batch.Vector, rows Rows, out *batch.Vector, separator byte, index int) error {
	w := writeBytes(out, rows.N, rows.Count()*16)
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		s := texts.Bytes(r)
		start, end, ok := kernel.Part(s, 0, len(s), separator, index)
		if !ok || len(s) == 0 {
			w.null(r)
			continue
		}
		w.add(r, s[start:end])
	}
	return w.done(rows.N)
}
