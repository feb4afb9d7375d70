// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package rowkey turns key columns into byte keys.
//
// An Encoder makes keys for hashing and equality: two keys are equal as bytes exactly when all their values are, NULL being equal
// to NULL, all NaN to each other, and -0.0 different from 0.0 (as Flink groups). Keys of fixed-width columns have a fixed size, a
// multiple of 8 bytes: a single NOT NULL column of at most 8 bytes makes keys of 8 bytes, a nullable INT also 8, a nullable BIGINT
// 16. Other keys have their own sizes. The form is that of package rowcodec.
//
// An Ordered encoder makes keys whose order as bytes (bytes.Compare) is the SQL order, with direction and place of NULL per column.
//
// Invariants:
//
//	K1. A key depends on values and types only, never on the layout of the batch it came from.
//	K2. Types must be equal up to nullability for keys of two encoders to be comparable, and equal nullability included for the
//	    hashable form (NULL takes room only where it may occur).
//
// Threading: encoders have scratch memory and belong to one goroutine. Encode allocates nothing once the buffers have grown.
package rowkey

import (
	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// Version is the version of the form of hashable keys.
const Version = rowcodec.Version

// Keys is a list of keys in one contiguous buffer: keys of Fixed bytes, or keys that start at Offsets when Fixed is 0.
type Keys = rowcodec.Rows

// Encoder makes hashable keys.
type Encoder struct{ codec *rowcodec.Codec }

// NewEncoder returns an encoder of keys with columns of the given types.
func NewEncoder(types []*schema.Type) *Encoder {
	return &Encoder{codec: rowcodec.New(types, rowcodec.Options{Key: true})}
}

// Fixed returns the size of all keys in bytes, a multiple of 8, or 0 when keys have their own sizes.
func (e *Encoder) Fixed() int { return e.codec.Fixed() }

// Encode replaces dst with the keys of cols, one for each of the positions 0..n-1, or of those in sel when it is not nil.
func (e *Encoder) Encode(cols []*batch.Vector, sel []int32, n int, dst *Keys) {
	e.codec.Encode(cols, sel, n, dst)
}

// Decode appends the values of all keys to the vectors, one per key column.
func (e *Encoder) Decode(keys *Keys, into []*batch.Vector) { e.codec.Decode(keys, into) }

// AppendKey appends the values of one key to the vectors.
func (e *Encoder) AppendKey(into []*batch.Vector, key []byte) { e.codec.AppendRow(into, key) }

// AppendKeys appends the values of several keys to the vectors.
func (e *Encoder) AppendKeys(into []*batch.Vector, keys [][]byte) { e.codec.AppendRows(into, keys) }
