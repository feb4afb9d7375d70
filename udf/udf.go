// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package udf is what functions of the user are written against. A function works on columns: it gets the vectors of its arguments
// and writes the vector of its results, a batch at a time.
//
// Eval is called by one goroutine at a time per use in a query, but by several for several uses or subtasks: it must not keep
// state outside of its arguments.
package udf

import (
	"iter"

	"spate/batch"
	"spate/schema"
)

// Scalar declares a function that maps the values of a row to one value.
type Scalar struct {
	Name string // Called in any case.
	Doc  string // One sentence.
	// Params are the types of the parameters; arguments are cast to them where SQL casts implicitly.
	Params []*schema.Type
	Result *schema.Type
	// Volatile functions may give different results for the same arguments, so that calls with constants are not folded.
	Volatile bool
	// NullInNullOut makes the result NULL where an argument is; Eval then sees only the other rows.
	NullInNullOut bool
	// Eval writes the results of the given rows to out, which is empty and must get rows.N values; rows that are not given may hold
	// anything. Arguments may be constants: read them by batch.Vector's methods by row (IsNull, Bytes, Bool), or check IsConst
	// before taking Values. A *DataError points at the row that cannot be computed.
	Eval func(args []*batch.Vector, rows Rows, out *batch.Vector) error
}

// Rows says which of the positions 0..N-1 are to be computed: those in Sel, or all when it is nil.
type Rows struct {
	N   int
	Sel []int32
}

// All iterates over the positions, ascending.
func (r Rows) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.Sel == nil {
			for i := range r.N {
				if !yield(i) {
					return
				}
			}
			return
		}
		for _, i := range r.Sel {
			if !yield(int(i)) {
				return
			}
		}
	}
}

// DataError says that the value of a row cannot be computed.
type DataError struct {
	Row    int
	Reason string
}

// Error implements error.
func (e *DataError) Error() string { return e.Reason }
