// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"spate/batch"
	"spate/internal/col/gather"
	"spate/internal/col/rowcodec"
)

// materialiser writes the two halves of joined rows, column by column.
type materialiser struct {
	into []*batch.Vector
}

// batchSide appends the rows of in at pos to the own vectors of out from column first on.
func (*materialiser) batchSide(out *batch.Batch, first int, in *batch.Batch, pos []int32) {
	for c, v := range in.Cols() {
		gather.Append(out.Own(first+c), v, pos)
	}
}

// paddedSide is batchSide with rows of NULLs where pos is negative.
func (m *materialiser) paddedSide(out *batch.Batch, first int, in *batch.Batch, pos []int32) {
	for len(pos) > 0 {
		n := 0
		for n < len(pos) && pos[n] >= 0 {
			n++
		}
		if n > 0 {
			m.batchSide(out, first, in, pos[:n])
		}
		for pos = pos[n:]; len(pos) > 0 && pos[0] < 0; pos = pos[1:] {
			for c := range in.NumCols() {
				out.Own(first + c).AppendNull()
			}
		}
	}
}

// storedSide appends encoded rows of a side to the own vectors of out from column first on.
func (m *materialiser) storedSide(out *batch.Batch, first int, s *side, data [][]byte) {
	m.encodedSide(out, first, s.codec, len(s.types), data)
}

// encodedSide appends encoded rows of n columns to the own vectors of out from column first on.
func (m *materialiser) encodedSide(out *batch.Batch, first int, codec *rowcodec.Codec, n int, data [][]byte) {
	m.into = m.into[:0]
	for c := range n {
		m.into = append(m.into, out.Own(first+c))
	}
	codec.AppendRows(m.into, data)
}

// release drops the references to vectors.
func (m *materialiser) release() { clear(m.into) }
