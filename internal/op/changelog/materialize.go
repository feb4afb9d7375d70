// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package changelog

import (
	"bytes"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// materializer keeps the rows of each primary key in order of arrival.
type materializer struct {
	op.Base
	keyed
	upsert []int

	list   *state.Table
	rowAt  int
	keyAt  int // Of the upsert key; only with one.
	keyOf  *rowcodec.Codec
	upKeys rowcodec.Rows
	upCols []*batch.Vector
	isGone func(int32) bool
}

// NewMaterializer makes an operator that keeps, for each primary key, the rows that stand for it now, and emits changes by that key. A
// row is told from others by the upsert key of the input, or by all its columns when that is nil.
func NewMaterializer(primary, upsert []int, types []*schema.Type) (op.Operator, error) {
	k, err := newKeyed("materialising", primary, [][]*schema.Type{types}, types)
	if err != nil {
		return nil, err
	}
	return &materializer{keyed: k, upsert: upsert}, nil
}

// Open implements op.Operator.
func (m *materializer) Open(rt op.Runtime) error {
	m.open(rt, nil, 1)
	fields := []state.Field{{Name: "row", Kind: state.Bytes}}
	if m.upsert != nil {
		fields = append(fields, state.Field{Name: "key", Kind: state.Bytes})
		m.keyOf = rowcodec.New(m.columnTypes(m.upsert), rowcodec.Options{Key: true})
	}
	m.list = rt.State().Table(state.Spec{Name: "rows", Owner: m.table, List: true, Fields: fields})
	m.rowAt, m.keyAt = m.list.Off(0), m.list.Off(len(fields)-1)
	m.isGone = func(id int32) bool { return m.list.First(id) < 0 }
	return nil
}

// Process implements op.Operator.
func (m *materializer) Process(_ int, b *batch.Batch) (op.Result, error) {
	if !m.begin(b) {
		return op.Result{}, nil
	}
	return m.Continue()
}

// Continue implements op.Operator.
func (m *materializer) Continue() (op.Result, error) {
	if m.in == nil {
		return op.Result{}, nil
	}
	if !m.looked {
		if !m.lookup() {
			return op.Result{Wait: true}, nil
		}
		if m.upsert != nil {
			m.upCols = m.upCols[:0]
			for _, c := range m.upsert {
				m.upCols = append(m.upCols, m.in.Col(c))
			}
			m.keyOf.Encode(m.upCols, m.in.Sel(), m.in.Rows(), &m.upKeys)
		}
	}
	for ; m.row < len(m.ids) && !m.full(); m.row++ {
		if m.kind(m.row).IsAdd() {
			m.add(m.row)
		} else {
			m.retract(m.row)
		}
	}
	return m.emit(m.isGone), nil
}

// what returns the bytes by which row i of the batch is told from others, and where stored rows have them.
func (m *materializer) what(i int) (key []byte, at int) {
	if m.upsert != nil {
		return m.upKeys.Row(i), m.keyAt
	}
	return m.rows.Row(i), m.rowAt
}

// find returns the oldest stored row of a primary key that is the same as row i of the batch, or Absent.
func (m *materializer) find(id int32, i int) int32 {
	key, at := m.what(i)
	var buf [16]byte
	for r := m.list.First(id); r >= 0; r = m.list.Next(r) {
		if bytes.Equal(m.list.Bytes(r, at, buf[:0]), key) {
			return r
		}
	}
	return state.Absent
}

// add appends row i, or puts it in the place of the row with its upsert key, and lets it through.
func (m *materializer) add(i int) {
	id, row := m.ids[i], m.rows.Row(i)
	kind := schema.UpdateAfter
	if m.list.First(id) < 0 {
		kind = schema.Insert
	}
	at := state.Absent
	if m.upsert != nil {
		at = m.find(id, i)
	}
	if at < 0 {
		at = m.list.Append(id)
		if m.upsert != nil {
			m.list.SetBytes(at, m.keyAt, m.upKeys.Row(i))
		}
	}
	m.list.Touch(at)
	m.list.SetBytes(at, m.rowAt, row)
	m.out.Add(kind, row)
}

// retract removes row i. Only the last row shows, so the removal of another one is silent.
func (m *materializer) retract(i int) {
	id := m.ids[i]
	m.gone = append(m.gone, id)
	at := m.find(id, i)
	if at < 0 {
		// Its state has expired.
		return
	}
	last := m.list.Last(id) == at
	m.list.Delete(at)
	switch now := m.list.Last(id); {
	case now < 0:
		m.out.Add(schema.Delete, m.rows.Row(i))
	case last:
		var buf [16]byte
		m.out.Add(schema.UpdateAfter, m.out.Keep(m.list.Bytes(now, m.rowAt, buf[:0])))
	}
}

// Close implements op.Operator.
func (m *materializer) Close() error {
	m.drop()
	return nil
}
