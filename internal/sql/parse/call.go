// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// call parses the arguments of a function call and all that can follow them; the current token is the parenthesis.
func (p *parser) call(name ast.Name) ast.Expr {
	c := &ast.Call{Name: name}
	if !p.enter() {
		return bad
	}
	defer p.leave()
	p.lparen()
	switch {
	case p.at(kStar):
		p.next()
		c.Star = true
	case !p.at(kRParen):
		if p.word("DISTINCT") {
			c.Quantifier = ast.DistinctArgs
		} else if p.is("ALL") && p.peek(1).kind != kRParen {
			p.next()
			c.Quantifier = ast.AllArgs
		}
		c.Args = p.args()
		if p.is("RESPECT") || p.is("IGNORE") {
			c.NullTreatment = p.nullTreatment()
		}
		if p.words("ORDER", "BY") {
			c.OrderBy = p.orderItems()
		}
	}
	p.closeList("argument")
	p.checkWindowArgs(c)
	p.afterCall(c)
	return c
}

// args parses the arguments of a call, at least one.
func (p *parser) args() []ast.Arg {
	var buf [4]ast.Arg
	list := buf[:0]
	for {
		list = append(list, p.arg())
		if !p.accept(kComma) {
			return append([]ast.Arg(nil), list...)
		}
	}
}

// arg parses [name =>] value.
func (p *parser) arg() ast.Arg {
	start := p.start()
	var name *ast.Ident
	if p.peek(1).kind == kArrow && (p.at(kWord) || p.at(kQuoted)) {
		id := p.identOf(p.next())
		name = &id
		p.next()
	}
	v := p.argValue()
	return ast.Arg{Name: name, Value: v, Span: p.from(start)}
}

// argValue parses an expression or what only an argument can be: a table, a descriptor, a model, DEFAULT.
func (p *parser) argValue() ast.Expr {
	t := p.cur()
	if t.kind == kWord && t.kw != nil {
		switch t.kw.Text {
		case "TABLE":
			return p.tableArg()
		case "DESCRIPTOR":
			if p.peek(1).kind == kLParen {
				return p.descriptor()
			}
		case "MODEL":
			if n := p.peek(1); n.isName() && n.kind != kLParen {
				p.next()
				name := p.name("a model name")
				return &ast.ModelArg{Name: name, Span: p.from(t.Start)}
			}
		case "DEFAULT":
			if k := p.peek(1).kind; k == kComma || k == kRParen {
				p.next()
				return &ast.DefaultArg{Span: t.Span}
			}
		case "SELECT", "WITH", "VALUES":
			return p.bareQueryArg()
		}
	}
	x := p.expr()
	if sub, ok := x.(*ast.Subquery); ok && (p.is("PARTITION") || p.is("ORDER") && p.peek(1).is("BY")) {
		arg := &ast.TableArg{Query: sub.Query}
		return p.tableArgTail(arg, t.Start)
	}
	return x
}

// bareQueryArg parses f(SELECT ...): a query as an argument without parentheses of its own.
func (p *parser) bareQueryArg() ast.Expr {
	start := p.start()
	q := p.query()
	return &ast.Subquery{Query: q, Span: p.from(start)}
}

// tableArg parses TABLE name or TABLE (query), with what can follow.
func (p *parser) tableArg() ast.Expr {
	start := p.start()
	p.next()
	arg := &ast.TableArg{}
	if p.at(kLParen) {
		if !p.enter() {
			return bad
		}
		defer p.leave()
		p.lparen()
		arg.Query = p.query()
		p.close()
	} else {
		name := p.name("a table name or a query in parentheses")
		arg.Table = &name
		if p.at(kLParen) {
			e := p.fail(errs.NotSupported, name, "a function call is not supported as a table argument here")
			e.hint("put it into a query: TABLE (SELECT * FROM TABLE(...))")
			return bad
		}
	}
	return p.tableArgTail(arg, start)
}

func (p *parser) tableArgTail(arg *ast.TableArg, start ast.Pos) ast.Expr {
	arg.Hints = p.hints()
	if p.words("PARTITION", "BY") {
		if p.at(kLParen) {
			p.lparen()
			arg.PartitionBy = p.exprList()
			p.closeList("expression")
		} else {
			arg.PartitionBy = []ast.Expr{p.expr()}
		}
	}
	if p.words("ORDER", "BY") {
		if p.at(kLParen) {
			p.lparen()
			arg.OrderBy = p.orderItems()
			p.closeList("expression")
		} else {
			arg.OrderBy = []ast.OrderItem{p.orderItem()}
		}
	}
	arg.Span = p.from(start)
	return arg
}

func (p *parser) descriptor() ast.Expr {
	start := p.start()
	p.next()
	cols := p.descriptorColumns()
	return &ast.Descriptor{Columns: cols, Span: p.from(start)}
}

// descriptorColumns parses (a, b), also with types, which are of no use to anybody and refused.
func (p *parser) descriptorColumns() []ast.Ident {
	p.lparen()
	if p.at(kRParen) {
		p.close()
		return nil
	}
	if t := p.cur(); t.kind == kString {
		p.fail(errs.InvalidSyntax, t, "expected a column name in DESCRIPTOR, found the string %s", p.text(t)).
			hint("write the column without quotes: DESCRIPTOR(ts)")
		return nil
	}
	var buf [4]ast.Ident
	list := buf[:0]
	for {
		list = append(list, p.ident("a column name in DESCRIPTOR"))
		if p.at(kDot) {
			p.fail(errs.InvalidSyntax, p.cur(), "DESCRIPTOR takes plain column names")
			return nil
		}
		if !p.accept(kComma) {
			break
		}
	}
	p.closeList("column")
	return p.keep(list...)
}

// checkWindowArgs checks the argument of a window function that people most often get wrong.
func (p *parser) checkWindowArgs(c *ast.Call) {
	if len(c.Args) < 2 || len(c.Name.Parts) != 1 || c.Args[0].Name != nil || c.Args[1].Name != nil {
		return
	}
	if _, ok := c.Args[0].Value.(*ast.TableArg); !ok {
		return
	}
	if _, ok := c.Args[1].Value.(*ast.Descriptor); ok {
		return
	}
	for _, f := range [...]string{"TUMBLE", "HOP", "CUMULATE", "SESSION"} {
		if !strings.EqualFold(c.Name.Last(), f) {
			continue
		}
		arg := c.Args[1].Value
		text := arg.Range().Text(p.src)
		e := p.fail(errs.InvalidSyntax, arg, "expected DESCRIPTOR of the time column as the second argument of %s, found %s", f, quoteFound(text))
		if _, ok := arg.(*ast.ColumnRef); ok {
			e.hint("write DESCRIPTOR(" + text + ")")
		}
		return
	}
}

func (p *parser) nullTreatment() ast.NullTreatment {
	switch {
	case p.words("RESPECT", "NULLS"):
		return ast.RespectNulls
	case p.words("IGNORE", "NULLS"):
		return ast.IgnoreNulls
	}
	return ast.NoNullTreatment
}

// afterCall parses WITHIN GROUP, FILTER, RESPECT NULLS and OVER after a call.
func (p *parser) afterCall(c *ast.Call) {
	if t := p.cur(); t.kind == kWord && t.kw != nil {
		if p.seq("WITHIN", "GROUP") {
			p.next()
			p.next()
			if p.open("WITHIN GROUP") && p.expectWords("ORDER", "BY") {
				c.WithinGroup = p.orderItems()
				p.closeList("expression")
			}
		}
		if p.is("FILTER") && p.peek(1).kind == kLParen {
			p.next()
			p.lparen()
			if p.expectWord("WHERE") {
				c.Filter = p.expr()
				p.close()
			}
		}
		if p.is("RESPECT") || p.is("IGNORE") {
			if n := p.nullTreatment(); n != ast.NoNullTreatment {
				c.NullTreatment = n
			}
		}
		if p.is("OVER") {
			c.Over = p.over()
		}
	}
	c.Span = p.from(c.Name.Start)
}

// over parses OVER name or OVER (...).
func (p *parser) over() *ast.WindowSpec {
	p.next()
	if p.at(kLParen) {
		return p.windowSpec()
	}
	start := p.start()
	ref := p.ident(`a window name or "(" after OVER`)
	return &ast.WindowSpec{Ref: &ref, Span: p.from(start)}
}

// windowSpec parses ([base] [PARTITION BY ..] [ORDER BY ..] [frame]).
func (p *parser) windowSpec() *ast.WindowSpec {
	w := &ast.WindowSpec{}
	start := p.start()
	if !p.open("OVER") {
		return w
	}
	if p.cur().isName() && !p.is("ROWS") && !p.is("RANGE") {
		base := p.ident("a window name")
		w.Base = &base
	}
	if p.word("PARTITION") {
		if p.expectWord("BY") {
			w.PartitionBy = p.exprList()
		}
	}
	if p.word("ORDER") {
		if p.expectWord("BY") {
			w.OrderBy = p.orderItems()
		}
	}
	if p.is("ROWS") || p.is("RANGE") {
		w.Frame = p.frame()
	}
	if p.err == nil && !p.at(kRParen) {
		p.expected(`PARTITION BY, ORDER BY, ROWS, RANGE or ")" in OVER`)
		return w
	}
	p.close()
	w.Span = p.from(start)
	return w
}

func (p *parser) frame() *ast.Frame {
	f := &ast.Frame{}
	start := p.start()
	if p.next().is("RANGE") {
		f.Unit = ast.FrameRange
	}
	if p.word("BETWEEN") {
		f.Start = p.frameBound()
		p.expectWord("AND")
		f.End = p.frameBound()
	} else {
		f.Start = p.frameBound()
		f.End = ast.FrameBound{Kind: ast.CurrentRow, Span: f.Start.Span}
	}
	f.Span = p.from(start)
	return f
}

func (p *parser) frameBound() ast.FrameBound {
	b := ast.FrameBound{}
	start := p.start()
	switch {
	case p.words("CURRENT", "ROW"):
		b.Kind = ast.CurrentRow
	case p.words("UNBOUNDED", "PRECEDING"):
		b.Kind = ast.UnboundedPreceding
	case p.words("UNBOUNDED", "FOLLOWING"):
		b.Kind = ast.UnboundedFollowing
	default:
		b.Offset = p.expr()
		switch {
		case p.word("PRECEDING"):
			b.Kind = ast.Preceding
		case p.word("FOLLOWING"):
			b.Kind = ast.Following
		default:
			p.expected("PRECEDING or FOLLOWING")
		}
	}
	b.Span = p.from(start)
	return b
}
