// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sql/keyword"
	"spate/internal/sys/errs"
)

// primary parses what an operator works on.
func (p *parser) primary() ast.Expr {
	t := p.cur()
	switch t.kind {
	case kWord:
		if t.kw == nil {
			return p.nameOrCall()
		}
		return p.wordPrimary(t)
	case kQuoted:
		return p.nameOrCall()
	case kInteger:
		return p.number(ast.Integer)
	case kDecimal:
		return p.number(ast.Decimal)
	case kApprox:
		return p.number(ast.Approx)
	case kString, kUnicode:
		return p.str()
	case kBinary:
		return p.binary()
	case kLParen:
		return p.paren()
	case kLBrace:
		return p.braced()
	case kStar:
		p.fail(errs.InvalidSyntax, t, `"*" can only stand in a select list or as the argument of a function such as COUNT`)
		return bad
	case kQuestion:
		p.notSupported(t, "a statement parameter (?)")
		return bad
	default:
		p.expected("an expression")
		return bad
	}
}

func (p *parser) number(k ast.NumberKind) ast.Expr {
	t := p.next()
	n := alloc(&p.numbers)
	n.Kind, n.Text, n.Span = k, p.text(t), t.Span
	return n
}

// wordPrimary parses an expression that starts with a keyword: a literal, a special form, or a name that happens to be one.
func (p *parser) wordPrimary(t *token) ast.Expr {
	next := p.peek(1).kind
	switch t.kw.Text {
	case "NULL":
		p.next()
		return &ast.Null{Span: t.Span}
	case "TRUE":
		p.next()
		return &ast.Bool{Value: ast.True, Span: t.Span}
	case "FALSE":
		p.next()
		return &ast.Bool{Value: ast.False, Span: t.Span}
	case "UNKNOWN":
		if next != kLParen && next != kDot {
			p.next()
			return &ast.Bool{Value: ast.Unknown, Span: t.Span}
		}
	case "CASE":
		return p.caseExpr()
	case "EXISTS", "UNIQUE":
		return p.exists()
	case "DATE", "TIME", "TIMESTAMP":
		if x := p.temporal(t); x != nil {
			return x
		}
	case "INTERVAL":
		switch next { //nolint:exhaustive // After all other kinds INTERVAL is a name.
		case kString, kInteger, kDecimal, kMinus, kPlus, kLParen, kWord, kQuoted:
			if x := p.interval(); x != nil {
				return x
			}
		}
	case "ROW":
		if next == kLParen {
			return p.rowCtor()
		}
	case "ARRAY", "MULTISET", "MAP":
		if next == kLBracket || next == kLParen {
			return p.collection(t)
		}
	case "PERIOD":
		if next == kLParen {
			p.next()
			return p.paren()
		}
	case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "CURRENT_USER", "CURRENT_ROLE",
		"CURRENT_PATH", "CURRENT_CATALOG", "CURRENT_SCHEMA", "SESSION_USER", "SYSTEM_USER":
		if next != kDot {
			return p.niladic()
		}
	case "SELECT", "WITH", "VALUES":
		p.fail(errs.InvalidSyntax, t, "expected an expression, found the query that starts with %s", t.kw.Text).
			hint("a query inside of an expression stands in parentheses")
		return bad
	}
	if next == kLParen {
		if x := p.special(t); x != nil {
			return x
		}
	}
	if t.kw.Class == keyword.Strict {
		switch {
		case next == kLParen && (t.is("LEFT") || t.is("RIGHT") || t.is("GROUPING") || t.is("SET")):
			return p.call(ast.Name{Span: t.Span, Parts: p.keep(p.identOf(p.next()))})
		default:
			asName := next == kDot || next == kComma || next == kEq || next == kRParen || p.peek(1).is("FROM") && !t.is("FROM")
			e := p.expected("an expression")
			if asName {
				e.orHint(reservedHint(t.kw, p.text(t)))
			}
			return bad
		}
	}
	return p.nameOrCall()
}

// nameOrCall parses a chain of names, or a function call if a parenthesis follows.
func (p *parser) nameOrCall() ast.Expr {
	first := p.identOf(p.next())
	if !p.at(kDot) {
		if p.at(kLParen) {
			return p.call(ast.Name{Span: first.Span, Parts: p.keep(first)})
		}
		ref := alloc(&p.refs)
		ref.Span, ref.Parts = first.Span, p.keep(first)
		return ref
	}
	var buf [4]ast.Ident
	parts := append(buf[:0], first)
	for p.at(kDot) && p.peek(1).kind != kStar {
		p.next()
		parts = append(parts, p.ident("a name"))
	}
	span := p.from(first.Start)
	kept := p.keep(parts...)
	if p.at(kLParen) {
		return p.call(ast.Name{Span: span, Parts: kept})
	}
	ref := alloc(&p.refs)
	ref.Span, ref.Parts = span, kept
	return ref
}

// niladic parses CURRENT_TIMESTAMP and the like: without parentheses, or with a precision in them.
func (p *parser) niladic() ast.Expr {
	t := p.next()
	c := &ast.Call{Name: ast.Name{Span: t.Span, Parts: p.keep(p.identOf(t))}, NoParens: true}
	if p.at(kLParen) {
		p.lparen()
		if p.at(kInteger) {
			n := p.next()
			c.NoParens = false
			c.Args = []ast.Arg{{Span: n.Span, Value: &ast.Number{Kind: ast.Integer, Text: p.text(n), Span: n.Span}}}
		}
		p.close()
	}
	c.Span = p.from(t.Start)
	return c
}

// paren parses (expression), (a, b, ...), (query), and queries that only show themselves as such after inner parentheses.
func (p *parser) paren() ast.Expr {
	start := p.start()
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.lparen()
	if p.startsQuery() {
		q := p.query()
		p.close()
		return &ast.Subquery{Query: q, Span: p.from(start)}
	}
	if p.at(kRParen) {
		p.expected("an expression")
		return bad
	}
	x := p.expr()
	if p.at(kComma) {
		elems := append([]ast.Expr{x}, p.more()...)
		p.closeList("expression")
		return &ast.RowCtor{Elems: elems, Span: p.from(start)}
	}
	if sub, ok := x.(*ast.Subquery); ok && p.continuesQuery() {
		q := p.queryAfter(sub.Query)
		p.close()
		return &ast.Subquery{Query: q, Span: p.from(start)}
	}
	if p.err == nil && !p.at(kRParen) {
		p.closeList("expression")
		return x
	}
	p.close()
	return x
}

// more parses , b, c ...
func (p *parser) more() []ast.Expr {
	p.next()
	return p.exprList()
}

// braced reports the JDBC escapes {fn ..}, {d ..}, {ts ..}.
func (p *parser) braced() ast.Expr {
	t := p.cur()
	p.notSupported(t, "the escape syntax with braces").
		hint(`write the function or the literal without "{ }"`)
	return bad
}

func (p *parser) rowCtor() ast.Expr {
	start := p.start()
	p.next()
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.lparen()
	r := &ast.RowCtor{Explicit: true}
	if p.at(kRParen) {
		p.expected("at least one expression in ROW(...)")
		return bad
	}
	r.Elems = p.exprList()
	p.closeList("expression")
	r.Span = p.from(start)
	return r
}

// collection parses ARRAY[..], MAP[..], MULTISET[..] and their forms with a query.
func (p *parser) collection(t *token) ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.next()
	if p.at(kLParen) {
		return p.collectionQuery(t)
	}
	open := p.start()
	p.next()
	var elems []ast.Expr
	if !p.at(kRBracket) {
		elems = p.exprList()
	}
	if !p.accept(kRBracket) {
		p.expected(`"," or "]" that closes "[" at ` + posText(open))
		return bad
	}
	span := p.from(t.Start)
	switch t.kw.Text {
	case "ARRAY":
		return &ast.ArrayCtor{Elems: elems, Span: span}
	case "MULTISET":
		return &ast.MultisetCtor{Elems: elems, Span: span}
	}
	if len(elems)%2 != 0 {
		p.fail(errs.InvalidSyntax, elems[len(elems)-1], "the last key of MAP[..] has no value").
			hint("keys and values alternate: MAP['a', 1, 'b', 2]")
		return bad
	}
	m := &ast.MapCtor{Span: span}
	for i := 0; i < len(elems); i += 2 {
		m.Keys = append(m.Keys, elems[i])
		m.Values = append(m.Values, elems[i+1])
	}
	return m
}

// collectionQuery parses the rest of ARRAY(query); ARRAY(x), which is no query, is a plain call.
func (p *parser) collectionQuery(t *token) ast.Expr {
	if !p.peek(1).is("SELECT") && !p.peek(1).is("WITH") && !p.peek(1).is("VALUES") && !p.peek(1).is("TABLE") {
		return p.call(ast.Name{Span: t.Span, Parts: p.keep(p.identOf(t))})
	}
	c := &ast.CollectionQuery{}
	switch t.kw.Text {
	case "MAP":
		c.Kind = ast.MapCollection
	case "MULTISET":
		c.Kind = ast.MultisetCollection
	}
	p.lparen()
	c.Query = p.query()
	p.close()
	c.Span = p.from(t.Start)
	return c
}

func (p *parser) exists() ast.Expr {
	t := p.next()
	if t.is("UNIQUE") {
		p.notSupported(t, "the predicate UNIQUE")
		return bad
	}
	if !p.at(kLParen) {
		p.expected(`"(" with a query after EXISTS`)
		return bad
	}
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.lparen()
	q := p.query()
	p.close()
	return &ast.Exists{Query: q, Span: p.from(t.Start)}
}

func (p *parser) caseExpr() ast.Expr {
	start := p.start()
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.next()
	c := &ast.Case{}
	if !p.is("WHEN") {
		c.Operand = p.expr()
	}
	if !p.is("WHEN") {
		p.expected("WHEN after CASE")
		return bad
	}
	for p.is("WHEN") {
		when := ast.When{}
		at := p.start()
		p.next()
		if c.Operand != nil {
			when.Conds = p.exprList()
		} else {
			when.Conds = []ast.Expr{p.expr()}
		}
		if !p.word("THEN") {
			p.expected("THEN after the condition of WHEN")
			return bad
		}
		when.Result = p.expr()
		when.Span = p.from(at)
		c.Whens = append(c.Whens, when)
	}
	if p.word("ELSE") {
		c.Else = p.expr()
	}
	if !p.word("END") {
		p.expected("WHEN, ELSE or END that ends CASE at " + posText(start))
		return bad
	}
	c.Span = p.from(start)
	return c
}
