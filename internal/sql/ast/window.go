// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// NamedWindow is name AS (specification) of the WINDOW clause.
type NamedWindow struct {
	Span
	Name Ident
	Spec *WindowSpec
}

// WindowSpec is what follows OVER: a name alone, or ([base] [PARTITION BY ..] [ORDER BY ..] [frame]).
type WindowSpec struct {
	Span
	// Ref is the window of OVER name, nil with parentheses.
	Ref *Ident
	// Base is the window that the one in parentheses extends, nil without.
	Base        *Ident
	PartitionBy []Expr
	OrderBy     []OrderItem
	// Frame is nil when not written.
	Frame *Frame
}

// FrameUnit is ROWS or RANGE.
type FrameUnit uint8

// The units of frames.
const (
	FrameRows FrameUnit = iota
	FrameRange
)

// Frame is ROWS | RANGE start, or BETWEEN start AND end.
type Frame struct {
	Span
	Unit  FrameUnit
	Start FrameBound
	// End is CURRENT ROW when BETWEEN was not written.
	End FrameBound
}

// FrameBoundKind is the kind of one end of a frame.
type FrameBoundKind uint8

// The kinds of frame ends.
const (
	UnboundedPreceding FrameBoundKind = iota
	Preceding
	CurrentRow
	Following
	UnboundedFollowing
)

// FrameBound is one end of a frame.
type FrameBound struct {
	Span
	Kind FrameBoundKind
	// Offset is the distance of Preceding and Following: a number or an interval.
	Offset Expr
}
