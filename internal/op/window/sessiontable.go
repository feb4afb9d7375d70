// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window

import (
	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// sessionTable appends their session to rows. It keeps the rows until the session is over.
type sessionTable struct {
	op.Base
	sessions
	spec  *graph.WindowTableSpec
	in    []*schema.Type
	out   []*schema.Type
	rowsT *state.Table // The rows of sessions.
	off   int          // Word offset of the encoded row.
	codec *rowcodec.Codec
	enc   rowcodec.Rows

	b      *batch.Batch
	looked bool
	rows   []int32
	kept   []int32

	until flow.Millis
	id    int32 // The session that is being emitted, or Absent.
	end   flow.Millis
	pool  *batch.Pool
	cut   int
	buf   [16]byte
	move  []byte
}

func newSessionTable(spec *graph.WindowTableSpec, c *clock, in, out []*schema.Type) *sessionTable {
	t := &sessionTable{spec: spec, in: in, out: out, codec: rowcodec.New(in, rowcodec.Options{}), id: state.Absent}
	t.clock, t.gap = c, flow.Millis(spec.Window.Size)
	return t
}

// Open implements op.Operator.
func (t *sessionTable) Open(rt op.Runtime) error {
	t.keyTable(rt, t.in, t.spec.Keys)
	st := rt.State()
	t.sessionTable(st.Table(state.Spec{Name: "sessions", Owner: t.keys, List: true, Fields: sessionFields(), Chains: 1}))
	t.rowsT = st.Table(state.Spec{Name: "rows", Owner: t.table, List: true, Fields: []state.Field{{Name: "row", Kind: state.Bytes}}})
	t.off = t.rowsT.Off(0)
	t.merge = func(dst, src int32) {
		for id := t.rowsT.First(src); id >= 0; id = t.rowsT.Next(id) {
			t.move = append(t.move[:0], t.rowsT.Bytes(id, t.off, t.buf[:0])...)
			t.rowsT.SetBytes(t.rowsT.Append(dst), t.off, t.move)
		}
		t.rowsT.DeleteOwned(src)
	}
	t.pool, t.cut = rt.Pool(t.out), rt.BatchRows()
	return nil
}

// Process implements op.Operator.
func (t *sessionTable) Process(_ int, b *batch.Batch) (op.Result, error) {
	t.b, t.looked = b, false
	if t.rows = b.Sel(); t.rows == nil {
		t.rows = identity(b.Len())
	}
	t.rows, t.kept = dropNulls(t.rt, t.clock, b, t.rows, t.kept)
	if err := t.load(b, t.rows); err != nil {
		t.release()
		return op.Result{}, err
	}
	t.codec.Encode(b.Cols(), t.rows, len(t.rows), &t.enc)
	return t.Continue()
}

// Continue implements op.Operator.
func (t *sessionTable) Continue() (op.Result, error) {
	if t.b == nil {
		return t.step()
	}
	if !t.looked && !t.lookup() {
		return op.Result{Wait: true}, nil
	}
	for k := range t.rows {
		id, _ := t.place(k, false)
		if id < 0 {
			continue
		}
		t.table.Touch(id)
		t.rowsT.SetBytes(t.rowsT.Append(id), t.off, t.enc.Row(k))
	}
	t.done()
	t.release()
	return op.Result{}, nil
}

func (t *sessionTable) release() {
	if t.b != nil {
		t.b.Release()
		t.b = nil
	}
}

// Advance implements op.Operator.
func (t *sessionTable) Advance(wm flow.Watermark) (op.Result, error) {
	if t.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	t.until = wm
	return t.step()
}

// Timer implements op.Operator.
func (t *sessionTable) Timer(now flow.Millis) (op.Result, error) {
	if !t.spec.Window.ProcTime {
		return op.Result{}, nil
	}
	t.until = now
	return t.step()
}

// step emits the rows of sessions that are over, oldest row first.
func (t *sessionTable) step() (op.Result, error) {
	var out *batch.Batch
	n := 0
	for {
		if t.id < 0 {
			t.id, t.end = t.pop(t.until)
			if t.id < 0 {
				break
			}
		}
		if out == nil {
			out = t.pool.Get()
		}
		if n += t.emit(out, t.cut-n); n == t.cut {
			out.SetLen(n)
			return op.Result{Out: out, More: true}, nil
		}
	}
	t.pass(t.until)
	if out == nil {
		return op.Result{}, nil
	}
	out.SetLen(n)
	return op.Result{Out: out}, nil
}

// emit appends up to room rows of the session that is being emitted and deletes them, and at its end the session.
func (t *sessionTable) emit(out *batch.Batch, room int) int {
	into := make([]*batch.Vector, len(t.out))
	for i := range into {
		into[i] = out.Own(i)
	}
	n := 0
	for id := t.rowsT.First(t.id); id >= 0; id = t.rowsT.First(t.id) {
		if n == room {
			t.clock.props(windowProps, t.startOf(t.id), t.end, n, into[len(t.in):])
			return n
		}
		t.codec.AppendRow(into[:len(t.in)], t.rowsT.Bytes(id, t.off, t.buf[:0]))
		t.rowsT.Delete(id)
		n++
	}
	t.clock.props(windowProps, t.startOf(t.id), t.end, n, into[len(t.in):])
	t.remove(t.id)
	t.id = state.Absent
	return n
}

// Close implements op.Operator.
func (t *sessionTable) Close() error {
	t.release()
	return nil
}
