// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch

import "spate/schema"

// Bytes returns the bytes in use by the batch's columns, borrowed ones included; it costs a few nanoseconds a column.
func (b *Batch) Bytes() int64 {
	var n int64
	for _, v := range b.cols {
		n += v.bytes()
	}
	return n
}

func (v *Vector) bytes() int64 {
	n := int64(v.n * v.width)
	if v.phys == schema.PhysBool {
		n = int64(v.n / 8)
	}
	n += int64(len(v.aux))
	for _, k := range v.kids {
		n += k.bytes()
	}
	return n
}
