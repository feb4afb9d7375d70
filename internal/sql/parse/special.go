// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// special parses the calls that have a syntax of their own; nil when the word at the current token is none of them.
func (p *parser) special(t *token) ast.Expr {
	switch t.kw.Text {
	case "CAST", "TRY_CAST", "SAFE_CAST":
		return p.cast()
	case "EXTRACT":
		return p.extract()
	case "TRIM":
		return p.trim()
	case "POSITION":
		return p.position()
	case "SUBSTRING":
		return p.substring()
	case "OVERLAY":
		return p.overlay()
	case "CEIL", "CEILING", "FLOOR":
		return p.ceil()
	case "TIMESTAMPADD", "TIMESTAMPDIFF":
		return p.unitFirst()
	case "CONVERT", "TRANSLATE":
		return p.convert()
	case "JSON_EXISTS", "JSON_VALUE", "JSON_QUERY":
		return p.jsonPath()
	case "JSON_OBJECT", "JSON_OBJECTAGG":
		return p.jsonObject()
	case "JSON_ARRAY", "JSON_ARRAYAGG":
		return p.jsonArray()
	}
	return nil
}

// openCall moves over the name and the parenthesis of a special call.
func (p *parser) openCall() *ast.Call {
	t := p.next()
	c := &ast.Call{Name: ast.Name{Span: t.Span, Parts: p.keep(p.identOf(t))}}
	p.lparen()
	return c
}

// closeCall ends a special call.
func (p *parser) closeCall(c *ast.Call) ast.Expr {
	p.closeList("argument")
	p.afterCall(c)
	return c
}

// add appends a positional argument.
func add(c *ast.Call, args ...ast.Expr) {
	for _, a := range args {
		c.Args = append(c.Args, ast.Arg{Span: a.Range(), Value: a})
	}
}

// more arguments: , b, c ...
func (p *parser) moreArgs(c *ast.Call) {
	for p.accept(kComma) {
		c.Args = append(c.Args, p.arg())
	}
}

func (p *parser) cast() ast.Expr {
	t := p.next()
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.lparen()
	c := &ast.Cast{Try: !t.is("CAST")}
	c.X = p.expr()
	if !p.word("AS") {
		e := p.expected("AS and a type in " + t.kw.Text)
		e.orHint("write " + t.kw.Text + "(value AS TYPE)")
		return bad
	}
	c.Type = p.dataType()
	if p.is("FORMAT") {
		p.notSupported(p.cur(), "FORMAT in CAST").
			hint("use TO_TIMESTAMP, TO_DATE or DATE_FORMAT with a pattern")
		return bad
	}
	p.close()
	c.Span = p.from(t.Start)
	return c
}

// unitSymbol parses a unit of time as an argument.
func (p *parser) unitSymbol(after string) ast.Expr {
	start := p.start()
	u := p.unit(after, true)
	return &ast.Symbol{Kind: ast.UnitSymbol, Name: u.String(), Unit: u, Span: p.from(start)}
}

func (p *parser) extract() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	add(c, p.unitSymbol("EXTRACT("))
	if !p.word("FROM") {
		p.expected("FROM after the unit of EXTRACT")
		return bad
	}
	add(c, p.expr())
	return p.closeCall(c)
}

func (p *parser) trim() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	side := &ast.Symbol{Kind: ast.TrimSymbol, Name: "BOTH", Span: c.Name.Span}
	if t := p.cur(); t.is("BOTH") || t.is("LEADING") || t.is("TRAILING") {
		side = &ast.Symbol{Kind: ast.TrimSymbol, Name: t.kw.Text, Span: t.Span}
		p.next()
	}
	var chars, x ast.Expr
	if !p.is("FROM") {
		x = p.expr()
	}
	if p.word("FROM") {
		chars, x = x, p.expr()
	}
	if chars == nil && x != nil {
		chars = &ast.String{Value: " ", Span: x.Range()}
	}
	if x == nil {
		return bad
	}
	add(c, side, chars, x)
	return p.closeCall(c)
}

func (p *parser) position() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	// IN separates the arguments here, so the first one stops before it.
	add(c, p.exprAbove(bpRange))
	if p.at(kComma) {
		p.moreArgs(c)
		return p.closeCall(c)
	}
	if !p.word("IN") {
		p.expected("IN after the first argument of POSITION")
		return bad
	}
	add(c, p.expr())
	if p.word("FROM") {
		add(c, p.expr())
	}
	return p.closeCall(c)
}

func (p *parser) substring() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	c.Args = append(c.Args, p.arg())
	switch {
	case p.word("FROM"):
		add(c, p.expr())
		if p.word("FOR") {
			add(c, p.expr())
		}
	case p.is("FOR"), p.is("SIMILAR"):
		p.notSupported(p.cur(), "this form of SUBSTRING").
			hint("write SUBSTRING(text FROM start FOR length)")
		return bad
	default:
		p.moreArgs(c)
	}
	return p.closeCall(c)
}

func (p *parser) overlay() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	add(c, p.expr())
	if p.at(kComma) {
		p.moreArgs(c)
		return p.closeCall(c)
	}
	if !p.expectWord("PLACING") {
		return bad
	}
	add(c, p.expr())
	if !p.expectWord("FROM") {
		return bad
	}
	add(c, p.expr())
	if p.word("FOR") {
		add(c, p.expr())
	}
	return p.closeCall(c)
}

// ceil parses CEIL and FLOOR, with TO unit for times.
func (p *parser) ceil() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	c.Args = append(c.Args, p.arg())
	if p.word("TO") {
		add(c, p.unitSymbol("TO"))
	} else {
		p.moreArgs(c)
	}
	return p.closeCall(c)
}

// unitFirst parses TIMESTAMPADD(unit, n, time) and TIMESTAMPDIFF(unit, from, to).
func (p *parser) unitFirst() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	add(c, p.unitSymbol(c.Name.Last()+"("))
	p.moreArgs(c)
	return p.closeCall(c)
}

// convert parses CONVERT and TRANSLATE, whose forms with a character set nobody needs with UTF-8 only.
func (p *parser) convert() ast.Expr {
	name := p.cur().kw.Text
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	c.Args = append(c.Args, p.arg())
	if p.is("USING") {
		p.notSupported(p.cur(), name+" with a character set")
		return bad
	}
	p.moreArgs(c)
	return p.closeCall(c)
}

// jsonPath parses JSON_EXISTS, JSON_VALUE and JSON_QUERY.
func (p *parser) jsonPath() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	c.Args = append(c.Args, p.arg())
	if p.is("FORMAT") {
		p.notSupported(p.cur(), "FORMAT JSON")
		return bad
	}
	p.moreArgs(c)
	j := ast.JSONClauses{}
	start := p.start()
	if p.word("RETURNING") {
		j.Returning = p.dataType()
	}
	if c.Name.Parts[0].Name[5]|0x20 == 'q' {
		p.jsonWrapper(&j)
	}
	for p.err == nil && !p.at(kRParen) {
		b := p.jsonBehavior()
		if !p.word("ON") {
			p.expected("ON EMPTY or ON ERROR")
			return bad
		}
		switch {
		case p.word("EMPTY"):
			j.OnEmpty = b
		case p.word("ERROR"):
			j.OnError = b
		default:
			p.expectedAfter("ON", "EMPTY", "ERROR")
			return bad
		}
	}
	if p.start() != start {
		j.Span = p.from(start)
		c.JSON = &j
	}
	return p.closeCall(c)
}

// jsonWrapper parses WITHOUT [ARRAY] WRAPPER and WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER.
func (p *parser) jsonWrapper(j *ast.JSONClauses) {
	switch {
	case p.word("WITHOUT"):
		j.Wrapper = ast.JSONWithoutWrapper
	case p.word("WITH"):
		j.Wrapper = ast.JSONUnconditionalWrapper
		if p.word("CONDITIONAL") {
			j.Wrapper = ast.JSONConditionalWrapper
		} else {
			p.word("UNCONDITIONAL")
		}
	default:
		return
	}
	p.word("ARRAY")
	p.expectWord("WRAPPER")
}

func (p *parser) jsonBehavior() ast.JSONBehavior {
	b := ast.JSONBehavior{}
	start := p.start()
	switch {
	case p.word("NULL"):
		b.Kind = ast.JSONBehaviorNull
	case p.word("ERROR"):
		b.Kind = ast.JSONBehaviorError
	case p.word("TRUE"):
		b.Kind = ast.JSONBehaviorTrue
	case p.word("FALSE"):
		b.Kind = ast.JSONBehaviorFalse
	case p.word("UNKNOWN"):
		b.Kind = ast.JSONBehaviorUnknown
	case p.word("DEFAULT"):
		b.Kind = ast.JSONBehaviorDefault
		b.Default = p.expr()
	case p.word("EMPTY"):
		switch {
		case p.word("ARRAY"):
			b.Kind = ast.JSONBehaviorEmptyArray
		case p.word("OBJECT"):
			b.Kind = ast.JSONBehaviorEmptyObject
		default:
			b.Kind = ast.JSONBehaviorEmpty
		}
	default:
		p.expected(`",", ")" or a behaviour such as NULL ON EMPTY or ERROR ON ERROR`)
	}
	b.Span = p.from(start)
	return b
}

// jsonOnNull parses NULL ON NULL and ABSENT ON NULL if they are there.
func (p *parser) jsonOnNull(c *ast.Call) {
	start := p.start()
	j := ast.JSONClauses{}
	switch {
	case p.words("NULL", "ON", "NULL"):
		j.OnNull = ast.JSONNullOnNull
	case p.words("ABSENT", "ON", "NULL"):
		j.OnNull = ast.JSONAbsentOnNull
	default:
		return
	}
	j.Span = p.from(start)
	c.JSON = &j
}

// atJSONEnd reports whether the entries of a JSON constructor are at their end.
func (p *parser) atJSONEnd() bool {
	return p.err != nil || p.at(kRParen) || p.seq("NULL", "ON", "NULL") || p.seq("ABSENT", "ON", "NULL")
}

func (p *parser) jsonObject() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	for !p.atJSONEnd() {
		if n := p.peek(1); p.is("KEY") && !n.is("VALUE") && n.kind != kColon && n.kind != kComma && n.kind != kDot {
			p.next()
		}
		add(c, p.expr())
		if !p.word("VALUE") && !p.accept(kColon) && !p.accept(kComma) {
			e := p.expected("VALUE after the key")
			e.orHint("entries are written KEY 'k' VALUE v")
			return bad
		}
		add(c, p.expr())
		if p.is("FORMAT") {
			p.notSupported(p.cur(), "FORMAT JSON").
				hint("use JSON('...') for values that are JSON already")
			return bad
		}
		if !p.accept(kComma) {
			break
		}
	}
	p.jsonOnNull(c)
	return p.closeCall(c)
}

func (p *parser) jsonArray() ast.Expr {
	if !p.enter() {
		return bad
	}
	defer p.leave()
	c := p.openCall()
	for !p.atJSONEnd() {
		add(c, p.expr())
		if p.is("FORMAT") {
			p.fail(errs.NotSupported, p.cur(), "FORMAT JSON is not supported yet").
				hint("use JSON('...') for values that are JSON already")
			return bad
		}
		if !p.accept(kComma) {
			break
		}
	}
	if p.words("ORDER", "BY") {
		c.OrderBy = p.orderItems()
	}
	p.jsonOnNull(c)
	return p.closeCall(c)
}
