// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package calc

import (
	"fmt"

	"spate/batch"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// union passes its input on.
type union struct{ op.Base }

// NewUnion makes the operator of a UnionSpec: it passes every batch on as it is.
func NewUnion(_ *graph.UnionSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) == 0 || len(in[0]) != len(out) {
		return nil, fmt.Errorf("union of %d inputs does not make %d columns", len(in), len(out))
	}
	return union{}, nil
}

// Open implements op.Operator.
func (union) Open(op.Runtime) error { return nil }

// Process implements op.Operator.
func (union) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	return op.Result{Out: b}, nil
}

// dropUpdateBefore drops -U rows.
type dropUpdateBefore struct{ op.Base }

// NewDropUpdateBefore makes the operator of a DropUpdateBeforeSpec: it narrows the selection to the rows that are not -U.
func NewDropUpdateBefore(_ *graph.DropUpdateBeforeSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 1 || len(in[0]) != len(out) {
		return nil, fmt.Errorf("dropping -U rows of %d inputs does not make %d columns", len(in), len(out))
	}
	return dropUpdateBefore{}, nil
}

// Open implements op.Operator.
func (dropUpdateBefore) Open(op.Runtime) error { return nil }

// Process implements op.Operator.
func (dropUpdateBefore) Process(_ int, b *batch.Batch) (op.Result, error) {
	if kinds := b.Kinds(); kinds != nil {
		rows := b.SplitBuf(b.Rows())
		n := 0
		if sel := b.Sel(); sel != nil {
			for _, i := range sel {
				rows[n] = i
				n += notUpdateBefore(kinds[i])
			}
		} else {
			for i, k := range kinds[:b.Len()] {
				rows[n] = int32(i)
				n += notUpdateBefore(k)
			}
		}
		if n < len(rows) {
			b.SetSel(rows[:n])
		}
	}
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	return op.Result{Out: b}, nil
}

func notUpdateBefore(k schema.RowKind) int {
	if k == schema.UpdateBefore {
		return 0
	}
	return 1
}
