// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import (
	"fmt"
	"strconv"
	"strings"

	"spate/internal/sql/keyword"
)

// Style says how to print. The zero Style prints on one line and quotes only the names that need it.
type Style struct {
	// Multiline puts clauses, columns and options on lines of their own.
	Multiline bool
	// QuoteAll puts every name in backticks, as SHOW CREATE does.
	QuoteAll bool
	// Option, if set, returns what to print as the value of an option: a way to hide secrets.
	Option func(key, value string) string
}

// Print returns n as SQL on one line. A tree from the parser parses to an equal tree again.
func Print(n Node) string { return Style{}.Print(n) }

// Print returns n as SQL in the style.
func (s Style) Print(n Node) string {
	b := printer{style: s}
	b.node(n)
	return b.String()
}

// Ident returns a name as SQL writes it, in backticks if need be.
func (s Style) Ident(name string) string {
	if !s.QuoteAll && !keyword.NeedsQuotes(name) {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// QuoteIdent returns a name as SQL writes it, in backticks if need be.
func QuoteIdent(name string) string { return Style{}.Ident(name) }

// QuoteString returns a string literal.
func QuoteString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// printer writes SQL.
type printer struct {
	strings.Builder
	style  Style
	indent int
}

func (b *printer) str(s string) { b.WriteString(s) }

// sep writes a blank, or a new line when printing over several lines.
func (b *printer) sep() {
	if !b.style.Multiline {
		b.WriteByte(' ')
		return
	}
	b.line()
}

// line starts a new line.
func (b *printer) line() {
	b.WriteByte('\n')
	for range b.indent {
		b.WriteString("  ")
	}
}

// block writes ( items ), over several lines when the style says so.
func (b *printer) block(n int, item func(i int)) {
	b.WriteByte('(')
	b.indent++
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		switch {
		case b.style.Multiline:
			b.line()
		case i > 0:
			b.WriteByte(' ')
		}
		item(i)
	}
	b.indent--
	if b.style.Multiline && n > 0 {
		b.line()
	}
	b.WriteByte(')')
}

// list writes items with commas between them.
func (b *printer) list(n int, item func(i int)) {
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		item(i)
	}
}

func (b *printer) ident(id Ident) { b.WriteString(b.style.Ident(id.Name)) }

func (b *printer) idents(list []Ident) {
	b.WriteByte('(')
	b.list(len(list), func(i int) { b.ident(list[i]) })
	b.WriteByte(')')
}

func (b *printer) path(parts []Ident) {
	for i := range parts {
		if i > 0 {
			b.WriteByte('.')
		}
		b.ident(parts[i])
	}
}

func (b *printer) name(n Name) { b.path(n.Parts) }

func (b *printer) quoted(s string) { b.WriteString(QuoteString(s)) }

func (b *printer) number(n int) { b.WriteString(strconv.Itoa(n)) }

func (b *printer) option(o Option) {
	b.quoted(o.Key.Value)
	b.str(" = ")
	v := o.Value.Value
	if b.style.Option != nil {
		v = b.style.Option(o.Key.Value, v)
	}
	b.quoted(v)
}

// node prints any node.
func (b *printer) node(n Node) {
	switch n := n.(type) {
	case Expr:
		b.expr(n, precLowest)
	case Statement:
		b.stmt(n)
	case QueryBody:
		b.queryBody(n)
	case TableExpr:
		b.table(n)
	case GroupItem:
		b.groupItem(n)
	case *DataType:
		b.dataType(n)
	case AlterAction:
		b.alterAction(n)
	case Name:
		b.name(n)
	case Ident:
		b.ident(n)
	case *ColumnDef:
		b.column(n)
	case *WatermarkDef:
		b.watermark(n)
	case *ConstraintDef:
		b.constraint(n)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", n))
	}
}
