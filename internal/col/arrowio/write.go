// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arrowio

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/schema"
)

// ErrRange marks values that Arrow's form cannot hold.
var ErrRange = errors.New("value out of the range of its Arrow form")

// Record returns a batch, which must have no selection, as a record batch of the schema, which must be Schema's for the batch's types.
// The record aliases the batch.
func Record(s *arrow.Schema, b *batch.Batch) (arrow.RecordBatch, error) {
	if b.Sel() != nil {
		panic("BUG: an Arrow record of a batch with a selection")
	}
	cols := make([]arrow.Array, b.NumCols())
	for i, v := range b.Cols() {
		data, err := vectorData(s.Field(i).Type, v, b.Len())
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", s.Field(i).Name, err)
		}
		cols[i] = array.MakeFromData(data)
	}
	return array.NewRecordBatch(s, cols, int64(b.Len())), nil
}

// vectorData returns the first n rows of a vector as Arrow data.
func vectorData(dt arrow.DataType, v *batch.Vector, n int) (arrow.ArrayData, error) {
	if v.Physical() == schema.PhysNone {
		return array.NewData(dt, n, []*memory.Buffer{nil}, nil, n, 0), nil
	}
	valid, nulls := validity(v, n)
	buffers := []*memory.Buffer{valid, nil}
	var kids []arrow.ArrayData
	switch v.Physical() {
	case schema.PhysBytes:
		offs := v.Offsets()[:n+1]
		buffers[1] = memory.NewBufferBytes(mem.Bytes(offs))
		buffers = append(buffers, memory.NewBufferBytes(v.Data()[:offs[n]]))
	case schema.PhysList, schema.PhysMap:
		offs := v.Offsets()[:n+1]
		buffers[1] = memory.NewBufferBytes(mem.Bytes(offs))
		kid, err := elements(dt, v, int(offs[n]))
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	case schema.PhysStruct:
		buffers = buffers[:1]
		for i, f := range dt.(*arrow.StructType).Fields() {
			kid, err := vectorData(f.Type, v.Child(i), n)
			if err != nil {
				return nil, err
			}
			kids = append(kids, kid)
		}
	default:
		values, err := fixedValues(dt, v, n)
		if err != nil {
			return nil, err
		}
		buffers[1] = memory.NewBufferBytes(values)
	}
	return array.NewData(dt, n, buffers, kids, nulls, 0), nil
}

// elements returns the child of a list, or the entries of a map as a struct of key and value.
func elements(dt arrow.DataType, v *batch.Vector, n int) (arrow.ArrayData, error) {
	m, ok := dt.(*arrow.MapType)
	if !ok {
		return vectorData(dt.(*arrow.ListType).Elem(), v.Child(0), n)
	}
	for i := range n {
		if v.Child(0).IsNull(i) {
			return nil, fmt.Errorf("%w: NULL as the key of a map", ErrRange)
		}
	}
	key, err := vectorData(m.KeyType(), v.Child(0), n)
	if err != nil {
		return nil, err
	}
	value, err := vectorData(m.ItemType(), v.Child(1), n)
	if err != nil {
		return nil, err
	}
	return array.NewData(m.Elem(), n, []*memory.Buffer{nil}, []arrow.ArrayData{key, value}, 0, 0), nil
}

// validity returns the bitmap and the number of NULLs.
func validity(v *batch.Vector, n int) (*memory.Buffer, int) {
	valid := v.Valid()
	if valid == nil {
		return nil, 0
	}
	set := 0
	for i := range (n + 63) / 64 {
		w := valid[i]
		if left := n - 64*i; left < 64 {
			w &= 1<<left - 1
		}
		set += bits.OnesCount64(w)
	}
	return memory.NewBufferBytes(mem.Bytes(valid)), n - set
}

// fixedValues returns the values of a fixed-width vector in Arrow's form.
func fixedValues(dt arrow.DataType, v *batch.Vector, n int) ([]byte, error) {
	t := v.Type()
	switch t.Root {
	case schema.Decimal:
		if v.Physical() == schema.PhysInt128 {
			return mem.Bytes(batch.Values[schema.Int128](v)[:n]), nil
		}
		wide := make([]schema.Int128, n)
		for i, x := range batch.Values[int64](v)[:n] {
			wide[i] = schema.Int128{Lo: uint64(x), Hi: x >> 63}
		}
		return mem.Bytes(wide), nil
	case schema.Time:
		return timeValues(unitOf(t.Precision), batch.Values[int32](v)[:n]), nil
	case schema.Timestamp, schema.TimestampLTZ:
		return timestampValues(dt.(*arrow.TimestampType).Unit, v, n)
	default:
	}
	switch v.Physical() {
	case schema.PhysBool:
		return mem.Bytes(v.Bits()[:(n+63)/64]), nil
	case schema.PhysInt8:
		return mem.Bytes(batch.Values[int8](v)[:n]), nil
	case schema.PhysInt16:
		return mem.Bytes(batch.Values[int16](v)[:n]), nil
	case schema.PhysInt32, schema.PhysFloat32:
		return mem.Bytes(batch.Values[int32](v)[:n]), nil
	default:
		return mem.Bytes(batch.Values[int64](v)[:n]), nil
	}
}

// timeValues converts milliseconds of the day.
func timeValues(u arrow.TimeUnit, ms []int32) []byte {
	switch u {
	case arrow.Second:
		out := make([]int32, len(ms))
		for i, x := range ms {
			out[i] = x / 1000
		}
		return mem.Bytes(out)
	case arrow.Millisecond:
		return mem.Bytes(ms)
	default:
		out := make([]int64, len(ms))
		for i, x := range ms {
			out[i] = int64(x) * scale(digits(u)-3)
		}
		return mem.Bytes(out)
	}
}

// scale returns 10 to the power of n.
func scale(n int) int64 {
	s := int64(1)
	for range n {
		s *= 10
	}
	return s
}

func timestampValues(u arrow.TimeUnit, v *batch.Vector, n int) ([]byte, error) {
	vals := batch.Values[int64](v)[:n]
	switch u {
	case arrow.Second:
		out := make([]int64, n)
		for i, x := range vals {
			out[i] = floorDiv(x, 1000)
		}
		return mem.Bytes(out), nil
	case arrow.Nanosecond:
		out := make([]int64, n)
		nanos := v.Nanos()
		for i, x := range vals {
			if v.IsNull(i) {
				continue
			}
			if x > math.MaxInt64/1000-1 || x < math.MinInt64/1000+1 {
				return nil, fmt.Errorf("%w: %d microseconds in nanoseconds", ErrRange, x)
			}
			out[i] = x*1000 + int64(nanos[i])
		}
		return mem.Bytes(out), nil
	default:
		return mem.Bytes(vals), nil
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
