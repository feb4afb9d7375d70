// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import (
	"strings"

	"spate/internal/sql/keyword"
)

// call prints a function call in the syntax that the function has.
func (b *printer) call(c *Call) {
	b.callName(c.Name)
	if c.NoParens {
		return
	}
	b.str("(")
	if !b.specialArgs(c) {
		b.plainArgs(c)
	}
	b.json(c)
	b.str(")")
	if len(c.WithinGroup) > 0 {
		b.str(" WITHIN GROUP (ORDER BY ")
		b.order(c.WithinGroup)
		b.str(")")
	}
	if c.Filter != nil {
		b.str(" FILTER (WHERE ")
		b.expr(c.Filter, precLowest)
		b.str(")")
	}
	switch c.NullTreatment {
	case RespectNulls:
		b.str(" RESPECT NULLS")
	case IgnoreNulls:
		b.str(" IGNORE NULLS")
	case NoNullTreatment:
	}
	if c.Over != nil {
		b.str(" OVER ")
		b.window(c.Over)
	}
}

// callName prints the name of a function. Keywords that name functions must stay bare, and those that the text had in
// backticks must keep them.
func (b *printer) callName(n Name) {
	if len(n.Parts) != 1 {
		b.name(n)
		return
	}
	id := n.Parts[0]
	if !id.Quoted && keyword.Lookup(id.Name) != nil {
		b.str(id.Name)
		return
	}
	if id.Quoted && b.style.QuoteAll || keyword.NeedsQuotes(id.Name) {
		b.str(Style{QuoteAll: true}.Ident(id.Name))
		return
	}
	b.str(id.Name)
}

func (b *printer) plainArgs(c *Call) {
	switch c.Quantifier {
	case DistinctArgs:
		b.str("DISTINCT ")
	case AllArgs:
		b.str("ALL ")
	case NoQuantifier:
	}
	if c.Star {
		b.str("*")
	}
	b.list(len(c.Args), func(i int) { b.arg(&c.Args[i]) })
	if len(c.OrderBy) > 0 {
		b.str(" ORDER BY ")
		b.order(c.OrderBy)
	}
}

func (b *printer) arg(a *Arg) {
	if a.Name != nil {
		b.ident(*a.Name)
		b.str(" => ")
	}
	b.expr(a.Value, precLowest)
}

// specialArgs prints the arguments of the functions whose arguments are not parted by commas; false when c is none of them.
func (b *printer) specialArgs(c *Call) bool {
	if len(c.Name.Parts) != 1 || c.Name.Parts[0].Quoted || c.Quantifier != NoQuantifier || c.Star || len(c.Args) == 0 {
		return false
	}
	for i := range c.Args {
		if c.Args[i].Name != nil {
			return false
		}
	}
	name, n := strings.ToUpper(c.Name.Parts[0].Name), len(c.Args)
	switch {
	case name == "EXTRACT" && n == 2:
		b.words(c, "", " FROM ")
	case name == "TRIM" && n == 3:
		b.words(c, "", " ", " FROM ")
	case name == "POSITION" && (n == 2 || n == 3):
		b.expr(c.Args[0].Value, precRange+1)
		b.str(" IN ")
		b.expr(c.Args[1].Value, precLowest)
		if n == 3 {
			b.str(" FROM ")
			b.expr(c.Args[2].Value, precLowest)
		}
	case name == "OVERLAY" && (n == 3 || n == 4):
		b.words(c, "", " PLACING ", " FROM ", " FOR ")
	case (name == "CEIL" || name == "CEILING" || name == "FLOOR") && n == 2:
		if _, ok := c.Args[1].Value.(*Symbol); !ok {
			return false
		}
		b.words(c, "", " TO ")
	case name == "JSON_OBJECT" || name == "JSON_OBJECTAGG":
		for i := 0; i+1 < n; i += 2 {
			if i > 0 {
				b.str(", ")
			}
			b.str("KEY ")
			b.expr(c.Args[i].Value, precLowest)
			b.str(" VALUE ")
			b.expr(c.Args[i+1].Value, precLowest)
		}
	default:
		return false
	}
	return true
}

// words prints the arguments with a word before each.
func (b *printer) words(c *Call, words ...string) {
	for i := range c.Args {
		b.str(words[i])
		b.expr(c.Args[i].Value, precLowest)
	}
}

// json prints the clauses of JSON functions.
func (b *printer) json(c *Call) {
	j := c.JSON
	if j == nil {
		return
	}
	if j.Returning != nil {
		b.str(" RETURNING ")
		b.dataType(j.Returning)
	}
	b.str([...]string{
		JSONWrapperDefault: "", JSONWithoutWrapper: " WITHOUT ARRAY WRAPPER", JSONConditionalWrapper: " WITH CONDITIONAL ARRAY WRAPPER",
		JSONUnconditionalWrapper: " WITH UNCONDITIONAL ARRAY WRAPPER",
	}[j.Wrapper])
	b.jsonBehavior(j.OnEmpty, " ON EMPTY")
	b.jsonBehavior(j.OnError, " ON ERROR")
	text := [...]string{JSONOnNullDefault: "", JSONNullOnNull: " NULL ON NULL", JSONAbsentOnNull: " ABSENT ON NULL"}[j.OnNull]
	if len(c.Args) == 0 {
		text = strings.TrimPrefix(text, " ")
	}
	b.str(text)
}

func (b *printer) jsonBehavior(j JSONBehavior, on string) {
	if j.Kind == JSONBehaviorNone {
		return
	}
	b.str([...]string{
		JSONBehaviorNone: "", JSONBehaviorNull: " NULL", JSONBehaviorError: " ERROR", JSONBehaviorDefault: " DEFAULT ",
		JSONBehaviorEmpty: " EMPTY", JSONBehaviorEmptyArray: " EMPTY ARRAY", JSONBehaviorEmptyObject: " EMPTY OBJECT",
		JSONBehaviorTrue: " TRUE", JSONBehaviorFalse: " FALSE", JSONBehaviorUnknown: " UNKNOWN",
	}[j.Kind])
	if j.Default != nil {
		b.expr(j.Default, precLowest)
	}
	b.str(on)
}

func (b *printer) window(w *WindowSpec) {
	if w.Ref != nil {
		b.ident(*w.Ref)
		return
	}
	b.str("(")
	space := ""
	if w.Base != nil {
		b.ident(*w.Base)
		space = " "
	}
	if len(w.PartitionBy) > 0 {
		b.str(space + "PARTITION BY ")
		b.exprs(w.PartitionBy)
		space = " "
	}
	if len(w.OrderBy) > 0 {
		b.str(space + "ORDER BY ")
		b.order(w.OrderBy)
		space = " "
	}
	if f := w.Frame; f != nil {
		b.str(space + [...]string{FrameRows: "ROWS", FrameRange: "RANGE"}[f.Unit] + " BETWEEN ")
		b.frameBound(f.Start)
		b.str(" AND ")
		b.frameBound(f.End)
	}
	b.str(")")
}

func (b *printer) frameBound(f FrameBound) {
	if f.Offset != nil {
		b.expr(f.Offset, precLowest)
		b.str(" ")
	}
	b.str([...]string{
		UnboundedPreceding: "UNBOUNDED PRECEDING", Preceding: "PRECEDING", CurrentRow: "CURRENT ROW", Following: "FOLLOWING",
		UnboundedFollowing: "UNBOUNDED FOLLOWING",
	}[f.Kind])
}
