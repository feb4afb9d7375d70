// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package bitmap is the values of the type BITMAP: sets of unsigned 32-bit integers in the portable form of Roaring bitmaps, which is
// also how columns hold them. Functions are pure; a Set belongs to one goroutine.
package bitmap

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"
)

// Set is a set of unsigned 32-bit integers, for calculations.
type Set struct{ rb roaring.Bitmap }

// errMalformed is what Parse says of bytes that are no bitmap.
var errMalformed = errors.New("Failed to deserialize bitmap from bytes.") //nolint:staticcheck,revive // Flink's text.

// Parse makes s the set that the bytes hold. The bytes are copied.
func (s *Set) Parse(b []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errMalformed
		}
	}()
	s.rb.Clear()
	if len(b) < 8 {
		return errMalformed
	}
	if n, rerr := s.rb.ReadFrom(bytes.NewReader(b)); rerr != nil || n != int64(len(b)) {
		return errMalformed
	}
	if s.rb.Validate() != nil {
		return errMalformed
	}
	return nil
}

// Clear empties the set.
func (s *Set) Clear() { s.rb.Clear() }

// Add adds a value.
func (s *Set) Add(x uint32) { s.rb.Add(x) }

// AddRange adds the values from..to, both included.
func (s *Set) AddRange(from, to uint32) { s.rb.AddRange(uint64(from), uint64(to)+1) }

// Remove removes a value.
func (s *Set) Remove(x uint32) { s.rb.Remove(x) }

// And keeps the values that o has too.
func (s *Set) And(o *Set) { s.rb.And(&o.rb) }

// Or adds the values of o.
func (s *Set) Or(o *Set) { s.rb.Or(&o.rb) }

// Xor keeps the values that exactly one of both has.
func (s *Set) Xor(o *Set) { s.rb.Xor(&o.rb) }

// AndNot removes the values of o.
func (s *Set) AndNot(o *Set) { s.rb.AndNot(&o.rb) }

// Len returns the number of values.
func (s *Set) Len() uint64 { return s.rb.GetCardinality() }

// maxArray is the greatest number of values that ToArray gives.
const maxArray = math.MaxInt32

// AppendValues appends the values in unsigned order, as signed integers. A set that is too large for an array is an error.
func (s *Set) AppendValues(dst []int32) ([]int32, error) {
	if s.Len() > maxArray {
		return dst, errors.New("Failed to convert bitmap to an array.") //nolint:staticcheck,revive // Flink's text.
	}
	for it := s.rb.Iterator(); it.HasNext(); {
		dst = append(dst, int32(it.Next()))
	}
	return dst, nil
}

// Append appends the portable form.
func (s *Set) Append(dst []byte) ([]byte, error) {
	b, err := s.rb.ToBytes()
	if err != nil {
		return dst, fmt.Errorf("encoding bitmap: %w", err)
	}
	return append(dst, b...), nil
}

// maxText is the length after which the text of a bitmap ends with an ellipsis.
const maxText = 0x80000

// AppendText appends the values as {1,2,3}; very long texts are cut.
func (s *Set) AppendText(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, '{')
	for it, first := s.rb.Iterator(), true; it.HasNext(); first = false {
		if !first {
			dst = append(dst, ',')
			if len(dst)-start > maxText {
				dst = append(dst, "..."...)
				break
			}
		}
		dst = strconv.AppendUint(dst, uint64(it.Next()), 10)
	}
	return append(dst, '}')
}

// AppendText appends the text of a bitmap in its portable form; of bytes that are none the word invalid.
func AppendText(dst, b []byte) []byte {
	var s Set
	if s.Parse(b) != nil {
		return append(dst, "{invalid}"...)
	}
	return s.AppendText(dst)
}
