// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package changelog

import (
	"bytes"
	"fmt"

	"spate/batch"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// normalize keeps the last row of each key.
type normalize struct {
	op.Base
	keyed
	spec   *graph.NormalizeSpec
	rowAt  int
	timers *state.Timers
	asked  bool
	isGone func(int32) bool
	filter *expr.Program
	sel    []int32
	pass   []bool // By row of the batch; empty without a filter.
}

// NewNormalize makes the operator of a NormalizeSpec.
func NewNormalize(spec *graph.NormalizeSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	k, err := newKeyed("normalising", spec.Keys, in, out)
	if err != nil {
		return nil, err
	}
	return &normalize{keyed: k, spec: spec}, nil
}

// Open implements op.Operator.
func (n *normalize) Open(rt op.Runtime) error {
	fields := []state.Field{{Name: "row", Kind: state.Bytes}}
	if n.spec.TTL > 0 {
		fields = append(fields, state.Field{Name: "expires", Kind: state.Time})
	}
	n.open(rt, fields, 0)
	n.rowAt = n.table.Off(0)
	n.isGone = n.empty
	if n.spec.TTL > 0 {
		n.timers = n.table.Timers()
	}
	if n.spec.Filter.IsZero() {
		return nil
	}
	p, err := expr.Compile(rt.Registry(), rt.Env(), []expr.Expr{n.spec.Filter.Expr}, n.types)
	if err != nil {
		return fmt.Errorf("compiling the filter of a changelog: %w", err)
	}
	n.filter = p
	return nil
}

// Process implements op.Operator.
func (n *normalize) Process(_ int, b *batch.Batch) (op.Result, error) {
	n.expire(n.rt.Now())
	if !n.begin(b) {
		return op.Result{}, nil
	}
	return n.Continue()
}

// Continue implements op.Operator.
func (n *normalize) Continue() (op.Result, error) {
	if n.in == nil {
		return op.Result{}, nil
	}
	if !n.looked {
		if !n.lookup() {
			return op.Result{Wait: true}, nil
		}
		n.postpone()
		if err := n.passing(); err != nil {
			n.drop()
			return op.Result{}, err
		}
	}
	for ; n.row < len(n.ids) && !n.full(); n.row++ {
		n.apply(n.row)
	}
	return n.emit(n.isGone), nil
}

// passing finds the rows of the batch that the filter lets through.
func (n *normalize) passing() error {
	if n.filter == nil {
		return nil
	}
	b := n.in
	sel, err := n.filter.Filter(0, b, n.sel)
	if err != nil {
		return err
	}
	n.sel = sel
	n.pass = append(n.pass[:0], make([]bool, b.Rows())...)
	if b.Sel() == nil {
		for _, p := range sel {
			n.pass[p] = true
		}
		return nil
	}
	for i, p := range b.Sel() {
		if len(sel) > 0 && sel[0] == p {
			n.pass[i], sel = true, sel[1:]
		}
	}
	return nil
}

// apply changes the row of a key by row i of the batch.
func (n *normalize) apply(i int) {
	id, kind, row := n.ids[i], n.kind(i), n.rows.Row(i)
	if kind == schema.UpdateBefore {
		// The key may be new and without a row.
		n.gone = append(n.gone, id)
		return
	}
	var buf [16]byte
	old := n.table.Bytes(id, n.rowAt, buf[:0])
	if kind == schema.Delete || n.filter != nil && !n.pass[i] {
		if len(old) > 0 {
			// The row that is kept is whole; the one that came may hold the key only.
			n.out.Add(schema.Delete, n.out.Keep(old))
			n.set(id, nil)
		}
		n.gone = append(n.gone, id)
		return
	}
	switch {
	case len(old) == 0:
		n.out.Add(schema.Insert, row)
	case n.timers == nil && bytes.Equal(old, row):
		// With a TTL the change must go on, so that state downstream lives on too.
		return
	default:
		if n.spec.UpdateBefore {
			n.out.Add(schema.UpdateBefore, n.out.Keep(old))
		}
		n.out.Add(schema.UpdateAfter, row)
	}
	n.set(id, row)
}

func (n *normalize) set(id int32, row []byte) {
	n.table.Touch(id)
	n.table.SetBytes(id, n.rowAt, row)
}

// empty tells whether a key has no row.
func (n *normalize) empty(id int32) bool { return uint32(n.table.Row(id)[n.rowAt]) == 0 }

// postpone sets the expiry of the keys of the batch.
func (n *normalize) postpone() {
	if n.timers == nil {
		return
	}
	at := n.rt.Now() + flow.Millis(n.spec.TTL)
	for _, id := range n.ids {
		n.timers.Set(id, at)
	}
	n.arm()
}

func (n *normalize) arm() {
	if at, ok := n.timers.Peek(); ok && !n.asked {
		n.asked = true
		n.rt.ProcTimer(at)
	}
}

// expire forgets keys whose time has come, at most a batch of them.
func (n *normalize) expire(now flow.Millis) {
	if n.timers == nil {
		return
	}
	for range batch.MaxRows {
		id, _ := n.timers.Pop(now)
		if id < 0 {
			break
		}
		n.table.Delete(id)
	}
	n.arm()
}

// Timer implements op.Operator.
func (n *normalize) Timer(now flow.Millis) (op.Result, error) {
	n.asked = false
	n.expire(now)
	return op.Result{}, nil
}

// Close implements op.Operator.
func (n *normalize) Close() error {
	n.drop()
	return nil
}
