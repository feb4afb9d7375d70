// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"encoding/json"
	"math"
	"unicode/utf8"
)

// valueJSON is the JSON form of a Value: floats that JSON has no number for travel as text, and bytes that are no UTF-8
// in base 64.
type valueJSON struct {
	Null  bool     `json:"null,omitempty"`
	I     int64    `json:"i,omitempty"`
	F     *float64 `json:"f,omitempty"`
	Float string   `json:"float,omitempty"`
	Wide  Int128   `json:"wide,omitzero"`
	Nanos int16    `json:"nanos,omitempty"`
	S     string   `json:"s,omitempty"`
	Bytes []byte   `json:"bytes,omitempty"`
	Elems []Value  `json:"elems,omitempty"`
}

// MarshalJSON implements json.Marshaler. Every value survives, NaN, the infinities, -0.0 and bytes that are no UTF-8 included.
func (v Value) MarshalJSON() ([]byte, error) {
	x := valueJSON{Null: v.Null, I: v.I, Wide: v.Wide, Nanos: v.Nanos, Elems: v.Elems}
	switch {
	case math.IsNaN(v.F):
		x.Float = "NaN"
	case math.IsInf(v.F, 1):
		x.Float = "Infinity"
	case math.IsInf(v.F, -1):
		x.Float = "-Infinity"
	case math.Float64bits(v.F) != 0:
		x.F = &v.F
	}
	if utf8.ValidString(v.S) {
		x.S = v.S
	} else {
		x.Bytes = []byte(v.S)
	}
	return json.Marshal(x)
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *Value) UnmarshalJSON(b []byte) error {
	var x valueJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*v = Value{Null: x.Null, I: x.I, Wide: x.Wide, Nanos: x.Nanos, S: x.S, Elems: x.Elems}
	switch {
	case x.F != nil:
		v.F = *x.F
	case x.Float == "NaN":
		v.F = math.NaN()
	case x.Float == "Infinity":
		v.F = math.Inf(1)
	case x.Float == "-Infinity":
		v.F = math.Inf(-1)
	}
	if len(x.Bytes) > 0 {
		v.S = string(x.Bytes)
	}
	return nil
}
