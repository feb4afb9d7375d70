// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

// Int128 is a signed 128-bit integer in two's complement: the unscaled value of a DECIMAL with precision above 18.
// The memory order is little endian, low word first, as in Arrow.
type Int128 struct {
	Lo uint64
	Hi int64
}

// Value is one value outside a batch: a literal of an expression, an option, a row of a test. Which fields count
// follows from the type's physical form:
//
//	PhysBool                        I (0 or 1)
//	PhysInt8..PhysInt64             I
//	PhysFloat32, PhysFloat64        F
//	PhysInt128                      Wide
//	PhysTime9                       I (microseconds) and Nanos
//	PhysBytes                       S
//	PhysList                        Elems
//	PhysMap                         Elems, key and value in turn
//	PhysStruct                      Elems
//
// Values are plain data: they are encoded in job graphs.
type Value struct {
	Null  bool    `json:"null,omitempty"`
	I     int64   `json:"i,omitempty"`
	F     float64 `json:"f,omitempty"`
	Wide  Int128  `json:"wide,omitzero"`
	Nanos int16   `json:"nanos,omitempty"`
	S     string  `json:"s,omitempty"`
	Elems []Value `json:"elems,omitempty"`
}

// NullValue is SQL NULL.
var NullValue = Value{Null: true}

// IntValue returns the value of an integer-like type.
func IntValue(i int64) Value { return Value{I: i} }

// FloatValue returns the value of a FLOAT or DOUBLE.
func FloatValue(f float64) Value { return Value{F: f} }

// StringValue returns the value of a character or binary type.
func StringValue(s string) Value { return Value{S: s} }

// BoolValue returns the value of a BOOLEAN.
func BoolValue(b bool) Value {
	if b {
		return Value{I: 1}
	}
	return Value{}
}
