// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package sqlerr holds source positions and the error type of the SQL front half.
//
// An Error points at a range of the SQL text, says what is wrong and, when there is a likely fix, hints at it. Lexer, parser,
// binder and planner all report problems with it, so that every stage's messages look alike:
//
//	2:8: table `bids` not found
//	 2 |   FROM bids
//	   |        ^^^^
//	hint: did you mean `bid`?
//
// Positions are relative to the text that was handed to the parser (a whole script, not one statement). A stage that builds
// an Error has no need to know the text: whoever holds it attaches it with WithSource before the error is shown.
// All types are immutable values once built and safe for concurrent use.
package sqlerr

// Pos is a place in SQL text. The zero Pos means "no position".
type Pos struct {
	// Offset counts bytes from the start of the text, from 0.
	Offset int32
	// Line counts lines, from 1.
	Line int32
	// Col counts characters (not bytes) in the line, from 1.
	Col int32
}

// IsValid reports whether p is a place in a text.
func (p Pos) IsValid() bool { return p.Line > 0 }

// Span is the half-open range [Start, End) of SQL text. AST nodes embed it.
type Span struct {
	Start, End Pos
}

// Range returns the span itself; it makes every struct that embeds Span a Ranger.
func (s Span) Range() Span { return s }

// IsValid reports whether s is a range of a text.
func (s Span) IsValid() bool { return s.Start.IsValid() }

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{Start: s.Start, End: t.End} }

// Text returns the part of src that s covers, empty when s does not lie in src.
func (s Span) Text(src string) string {
	a, b := int(s.Start.Offset), int(s.End.Offset)
	if a < 0 || b < a || b > len(src) {
		return ""
	}
	return src[a:b]
}

// Ranger is anything that covers a range of SQL text: a Span, a token or an AST node.
type Ranger interface {
	Range() Span
}
