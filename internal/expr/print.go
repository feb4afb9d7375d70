// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"strconv"
	"strings"

	"spate/schema"
)

// String prints the expression as Format does, with columns as $0, $1, ...
func (e *Col) String() string { return Format(e, nil) }

// String prints the expression as Format does, with columns as $0, $1, ...
func (e *Lit) String() string { return Format(e, nil) }

// String prints the expression as Format does, with columns as $0, $1, ...
func (e *Call) String() string { return Format(e, nil) }

// Format prints an expression in a form close to SQL, for EXPLAIN and messages; columns print by name where names has one.
func Format(e Expr, names []string) string {
	var p printer
	p.names = names
	p.expr(e, 0)
	return p.b.String()
}

type printer struct {
	b     strings.Builder
	names []string
}

// Precedences of infix operators; 0 is outermost.
const (
	precOr = iota + 1
	precAnd
	precNot
	precCompare
	precAdd
	precMul
	precUnary
)

func precedence(fn string) int {
	switch fn {
	case "OR":
		return precOr
	case "AND":
		return precAnd
	case "=", "<>", "<", "<=", ">", ">=", "LIKE", "SIMILAR TO", "IS DISTINCT FROM", "IS NOT DISTINCT FROM":
		return precCompare
	case "+", "-", "||":
		return precAdd
	case "*", "/", "%":
		return precMul
	}
	return 0
}

func (p *printer) expr(e Expr, outer int) {
	switch e := e.(type) {
	case nil:
		p.b.WriteString("<none>")
	case *Col:
		if e.Index < len(p.names) && p.names[e.Index] != "" {
			p.b.WriteString(p.names[e.Index])
			return
		}
		p.b.WriteByte('$')
		p.b.WriteString(strconv.Itoa(e.Index))
	case *Lit:
		p.lit(e.Value, e.T)
	case *Call:
		p.call(e, outer)
	}
}

func (p *printer) call(e *Call, outer int) {
	if prec := precedence(e.Fn); prec > 0 && len(e.Args) >= 2 && (e.Fn != "LIKE" || len(e.Args) != 3) {
		p.open(prec <= outer)
		for i, a := range e.Args {
			if i > 0 {
				p.b.WriteString(" " + e.Fn + " ")
			}
			inner := prec
			if i == 0 && prec != precCompare {
				inner-- // Left-deep chains need no parentheses.
			}
			p.expr(a, inner)
		}
		p.close(prec <= outer)
		return
	}
	switch e.Fn {
	case "NEGATE":
		p.b.WriteByte('-')
		p.expr(e.Args[0], precUnary)
	case "NOT":
		p.open(precNot <= outer)
		p.b.WriteString("NOT ")
		p.expr(e.Args[0], precNot)
		p.close(precNot <= outer)
	case "CAST", "TRY_CAST", "REINTERPRET":
		p.b.WriteString(e.Fn + "(")
		p.expr(e.Args[0], 0)
		p.b.WriteString(" AS " + e.T.WithNull(true).Summary() + ")")
	case "FIELD":
		p.expr(e.Args[0], precUnary)
		p.b.WriteByte('.')
		fs := e.Args[0].Type().Fields
		if l, ok := e.Args[1].(*Lit); ok && l.Value.I >= 0 && int(l.Value.I) < len(fs) {
			p.b.WriteString(fs[l.Value.I].Name)
		} else {
			p.expr(e.Args[1], 0)
		}
	case "ITEM":
		p.expr(e.Args[0], precUnary)
		p.b.WriteByte('[')
		p.expr(e.Args[1], 0)
		p.b.WriteByte(']')
	case "CASE":
		p.caseExpr(e)
	case "IN":
		p.open(precCompare <= outer)
		p.expr(e.Args[0], precCompare)
		p.b.WriteString(" IN (")
		p.list(e.Args[1:])
		p.b.WriteByte(')')
		p.close(precCompare <= outer)
	default:
		if strings.HasPrefix(e.Fn, "IS ") && len(e.Args) == 1 {
			p.open(precCompare <= outer)
			p.expr(e.Args[0], precCompare)
			p.b.WriteString(" " + e.Fn)
			p.close(precCompare <= outer)
			return
		}
		p.b.WriteString(e.Fn + "(")
		p.list(e.Args)
		p.b.WriteByte(')')
	}
}

func (p *printer) caseExpr(e *Call) {
	p.b.WriteString("CASE")
	i := 0
	for ; i+1 < len(e.Args); i += 2 {
		p.b.WriteString(" WHEN ")
		p.expr(e.Args[i], 0)
		p.b.WriteString(" THEN ")
		p.expr(e.Args[i+1], 0)
	}
	if i < len(e.Args) {
		p.b.WriteString(" ELSE ")
		p.expr(e.Args[i], 0)
	}
	p.b.WriteString(" END")
}

func (p *printer) list(es []Expr) {
	for i, a := range es {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.expr(a, 0)
	}
}

func (p *printer) open(need bool) {
	if need {
		p.b.WriteByte('(')
	}
}

func (p *printer) close(need bool) {
	if need {
		p.b.WriteByte(')')
	}
}

// maxLitText bounds the printed length of a literal.
const maxLitText = 200

func (p *printer) lit(v schema.Value, t *schema.Type) {
	if v.Null {
		p.b.WriteString("NULL")
		return
	}
	text := FormatValue(v, t)
	if len(text) > maxLitText {
		text = text[:maxLitText] + "..."
	}
	switch t.Root {
	case schema.Char, schema.Varchar:
		p.b.WriteString("'" + strings.ReplaceAll(text, "'", "''") + "'")
	case schema.Date, schema.Time, schema.Timestamp, schema.TimestampLTZ:
		p.b.WriteString(t.Root.String() + " '" + text + "'")
	case schema.IntervalYearMonth, schema.IntervalDayTime:
		p.b.WriteString("INTERVAL '" + text + "'")
	case schema.Binary, schema.Varbinary:
		p.b.WriteString("X'" + hexText(v.S) + "'")
	default:
		p.b.WriteString(text)
	}
}

func hexText(s string) string {
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, digits[s[i]>>4], digits[s[i]&15])
	}
	return string(b)
}
