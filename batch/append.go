// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch

import (
	"spate/internal/col/mem"
	"spate/internal/sys/invariant"
	"spate/schema"
)

// Append adds one value to a fixed-width vector; T as in Values. It costs a call, about 3 ns: a loop that makes many rows is several times
// as fast when it resizes the vector to the most rows that it may make, writes the slice, and truncates the batch to what it made.
func Append[T mem.Fixed](v *Vector, x T) {
	if invariant.Enabled && mem.SizeOf[T]() != v.width {
		panic("BUG: append of another width to a vector of " + v.typ.String())
	}
	if v.n >= v.room {
		v.grow()
	}
	*mem.At[T](v.data, v.n) = x
	v.n++
}

// grow makes room for at least one more row.
func (v *Vector) grow() { v.reserve(v.n + 1) }

// AppendBool adds one BOOLEAN.
func (v *Vector) AppendBool(x bool) {
	n := v.n
	if n >= v.room {
		v.grow()
	}
	var bit uint64
	if x {
		bit = 1
	}
	w := mem.At[uint64](v.data, n>>6)
	s := uint(n) & 63
	*w = *w&^(1<<s) | bit<<s
	v.n = n + 1
}

// AppendBytes adds one value to a PhysBytes vector; the bytes are copied.
func (v *Vector) AppendBytes(b []byte) {
	old := len(v.aux)
	if cap(v.aux)-old < len(b) {
		v.reserveAux(old + len(b))
	}
	v.aux = v.aux[:old+len(b)]
	copy(v.aux[old:], b)
	v.endBytes()
}

// AppendString adds one value to a PhysBytes vector.
func (v *Vector) AppendString(s string) { v.AppendBytes(mem.StringBytes(s)) }

// endBytes closes the row whose bytes were just appended to the data.
func (v *Vector) endBytes() {
	if v.n >= v.room {
		v.grow()
	}
	v.n++
	*mem.At[int32](v.data, v.n) = int32(len(v.aux))
}

// EndBytes closes a row of a PhysBytes vector whose bytes were appended through GrowData and SetData.
func (v *Vector) EndBytes() { v.endBytes() }

// AppendTime9 adds one TIMESTAMP of precision 7-9.
func (v *Vector) AppendTime9(micros int64, nanos int16) {
	if v.n >= v.room {
		v.grow()
	}
	*mem.At[int64](v.data, v.n) = micros
	*mem.At[int16](v.aux, v.n) = nanos
	v.n++
}

// AppendNull adds one NULL row.
func (v *Vector) AppendNull() {
	n := v.n
	switch v.phys {
	case schema.PhysNone:
		v.n++
		return
	case schema.PhysBytes:
		v.endBytes()
	case schema.PhysList, schema.PhysMap:
		v.EndList()
	case schema.PhysStruct:
		for _, k := range v.kids {
			k.AppendNull()
		}
		v.EndStruct()
	default:
		if n >= v.room {
			v.grow()
		}
		v.n = n + 1
	}
	v.SetNull(n)
}

// EndList closes a list or map row whose elements were appended to the children.
func (v *Vector) EndList() {
	if v.n >= v.room {
		v.grow()
	}
	v.n++
	*mem.At[int32](v.data, v.n) = int32(v.kids[0].n)
}

// EndStruct closes a row whose fields were appended to the children, one value each.
func (v *Vector) EndStruct() {
	v.reserve(v.n + 1)
	v.n++
}

// AppendValue adds a value of the vector's type.
func (v *Vector) AppendValue(x schema.Value) {
	if x.Null {
		v.AppendNull()
		return
	}
	switch v.phys {
	case schema.PhysNone:
		v.n++
	case schema.PhysBool:
		v.AppendBool(x.I != 0)
	case schema.PhysInt8:
		Append(v, int8(x.I))
	case schema.PhysInt16:
		Append(v, int16(x.I))
	case schema.PhysInt32:
		Append(v, int32(x.I))
	case schema.PhysInt64:
		Append(v, x.I)
	case schema.PhysFloat32:
		Append(v, float32(x.F))
	case schema.PhysFloat64:
		Append(v, x.F)
	case schema.PhysInt128:
		Append(v, x.Wide)
	case schema.PhysTime9:
		v.AppendTime9(x.I, x.Nanos)
	case schema.PhysBytes:
		v.AppendString(x.S)
	case schema.PhysList:
		for _, e := range x.Elems {
			v.kids[0].AppendValue(e)
		}
		v.EndList()
	case schema.PhysMap:
		for i, e := range x.Elems {
			v.kids[i&1].AppendValue(e)
		}
		v.EndList()
	case schema.PhysStruct:
		for i, e := range x.Elems {
			v.kids[i].AppendValue(e)
		}
		v.EndStruct()
	}
}

// Value returns row i as a plain value, copied out of the vector.
func (v *Vector) Value(i int) schema.Value {
	if v.IsNull(i) {
		return schema.NullValue
	}
	if v.constant {
		i = 0
	}
	switch v.phys {
	case schema.PhysBool:
		return schema.BoolValue(v.Bool(i))
	case schema.PhysInt8:
		return schema.IntValue(int64(mem.View[int8](v.data)[i]))
	case schema.PhysInt16:
		return schema.IntValue(int64(mem.View[int16](v.data)[i]))
	case schema.PhysInt32:
		return schema.IntValue(int64(mem.View[int32](v.data)[i]))
	case schema.PhysInt64:
		return schema.IntValue(mem.View[int64](v.data)[i])
	case schema.PhysFloat32:
		return schema.FloatValue(float64(mem.View[float32](v.data)[i]))
	case schema.PhysFloat64:
		return schema.FloatValue(mem.View[float64](v.data)[i])
	case schema.PhysInt128:
		return schema.Value{Wide: mem.View[schema.Int128](v.data)[i]}
	case schema.PhysTime9:
		return schema.Value{I: mem.View[int64](v.data)[i], Nanos: mem.View[int16](v.aux)[i]}
	case schema.PhysBytes:
		return schema.StringValue(string(v.Bytes(i)))
	case schema.PhysList, schema.PhysMap:
		o := v.Offsets()
		var es []schema.Value
		for j := int(o[i]); j < int(o[i+1]); j++ {
			for _, k := range v.kids {
				es = append(es, k.Value(j))
			}
		}
		return schema.Value{Elems: es}
	case schema.PhysStruct:
		es := make([]schema.Value, len(v.kids))
		for j, k := range v.kids {
			es[j] = k.Value(i)
		}
		return schema.Value{Elems: es}
	case schema.PhysNone:
	}
	return schema.NullValue
}

// AppendFrom adds row i of src, a vector of the same physical form.
func (v *Vector) AppendFrom(src *Vector, i int) {
	if src.IsNull(i) {
		v.AppendNull()
		return
	}
	if src.constant {
		i = 0
	}
	switch v.phys {
	case schema.PhysNone:
		v.n++
	case schema.PhysBool:
		v.AppendBool(src.Bool(i))
	case schema.PhysInt8:
		Append(v, mem.View[int8](src.data)[i])
	case schema.PhysInt16:
		Append(v, mem.View[int16](src.data)[i])
	case schema.PhysInt32, schema.PhysFloat32:
		Append(v, mem.View[int32](src.data)[i])
	case schema.PhysInt64, schema.PhysFloat64:
		Append(v, mem.View[int64](src.data)[i])
	case schema.PhysInt128:
		Append(v, mem.View[schema.Int128](src.data)[i])
	case schema.PhysTime9:
		v.AppendTime9(mem.View[int64](src.data)[i], mem.View[int16](src.aux)[i])
	case schema.PhysBytes:
		v.AppendBytes(src.Bytes(i))
	case schema.PhysList, schema.PhysMap:
		o := src.Offsets()
		for c, k := range v.kids {
			for j := int(o[i]); j < int(o[i+1]); j++ {
				k.AppendFrom(src.kids[c], j)
			}
		}
		v.EndList()
	case schema.PhysStruct:
		for c, k := range v.kids {
			k.AppendFrom(src.kids[c], i)
		}
		v.EndStruct()
	}
}
