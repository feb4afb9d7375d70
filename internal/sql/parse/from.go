// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// badTable stands for a table after an error; nobody sees it.
var badTable ast.TableExpr = &ast.TableName{}

// tableExprs parses what follows FROM: joins, parted by commas.
func (p *parser) tableExprs() ast.TableExpr {
	start := p.start()
	left := p.joins()
	for p.accept(kComma) {
		right := p.joins()
		left = &ast.Join{Kind: ast.CommaJoin, Left: left, Right: right, Span: p.from(start)}
	}
	return left
}

// joins parses tables that are joined with JOIN.
func (p *parser) joins() ast.TableExpr {
	start := p.start()
	left := p.tablePrimary()
	for p.err == nil {
		j := &ast.Join{Left: left}
		if !p.joinKind(j) {
			return left
		}
		j.Right = p.tablePrimary()
		p.joinCondition(j)
		j.Span = p.from(start)
		left = j
	}
	return left
}

// joinKind parses up to JOIN; false when no join is there.
func (p *parser) joinKind(j *ast.Join) bool {
	t := p.cur()
	if t.kw == nil {
		return false
	}
	j.Natural = p.word("NATURAL")
	switch {
	case p.word("INNER"):
	case p.is("LEFT"), p.is("RIGHT"), p.is("FULL"):
		switch p.next().kw.Text {
		case "LEFT":
			j.Kind = ast.LeftJoin
			if p.isPlain("SEMI") && p.peek(1).is("JOIN") {
				p.next()
				j.Kind = ast.SemiJoin
			} else if p.isPlain("ANTI") && p.peek(1).is("JOIN") {
				p.next()
				j.Kind = ast.AntiJoin
			}
		case "RIGHT":
			j.Kind = ast.RightJoin
		default:
			j.Kind = ast.FullJoin
		}
		p.word("OUTER")
	case p.word("CROSS"):
		j.Kind = ast.CrossJoin
		if p.is("APPLY") {
			p.notSupported(p.cur(), "CROSS APPLY").
				hint("write CROSS JOIN LATERAL TABLE(...)")
			return false
		}
	case p.is("JOIN"):
	case p.is("OUTER"), p.is("ASOF"), p.is("PIVOT"), p.is("UNPIVOT"):
		if n := p.peek(1); n.is("JOIN") || n.kind == kLParen || n.is("APPLY") {
			p.notSupported(t, t.kw.Text+" "+strings.ToUpper(p.text(n)))
		}
		return false
	default:
		if j.Natural {
			p.expectedAfter("NATURAL", "JOIN", "INNER", "LEFT", "RIGHT", "FULL")
		}
		return false
	}
	if !p.word("JOIN") {
		p.expectedOneOf("JOIN")
		return false
	}
	return true
}

func (p *parser) joinCondition(j *ast.Join) {
	switch {
	case p.is("ON"):
		t := p.next()
		if j.Kind == ast.CrossJoin || j.Natural {
			p.fail(errs.InvalidSyntax, t, "a CROSS or NATURAL join has no condition").
				hint("use INNER JOIN ... ON")
			return
		}
		j.On = p.expr()
	case p.is("USING"):
		p.next()
		j.Using = p.identList("USING", "a column name")
	case j.Kind == ast.CrossJoin || j.Natural:
	case j.Kind == ast.InnerJoin && isLateral(j.Right):
	case p.err == nil && !p.is("JOIN") && !p.is("LEFT") && !p.is("INNER") && !p.is("CROSS") && !p.is("RIGHT") && !p.is("FULL"):
		e := p.expected("ON or USING after the joined table")
		e.orHint("a join without a condition is written CROSS JOIN")
	default:
		p.expected("ON or USING after the joined table")
	}
}

// isLateral reports whether a joined table needs no condition.
func isLateral(t ast.TableExpr) bool {
	switch t := t.(type) {
	case *ast.TableFunc:
		return t.Lateral
	case *ast.Unnest:
		return true
	case *ast.Derived:
		return t.Lateral
	}
	return false
}

// tablePrimary parses one table with its alias.
func (p *parser) tablePrimary() ast.TableExpr {
	start := p.start()
	lateral := p.word("LATERAL")
	t := p.cur()
	switch {
	case t.kind == kLParen:
		return p.tableParen(start, lateral)
	case t.is("TABLE") && p.peek(1).kind == kLParen:
		return p.wrappedFunc(start, lateral)
	case t.is("UNNEST"):
		return p.unnest(start, lateral)
	case t.is("VALUES"):
		q := p.query()
		d := &ast.Derived{Query: q, Lateral: lateral}
		d.Alias = p.alias()
		d.Span = p.from(start)
		return d
	case t.is("SELECT"), t.is("WITH"):
		p.fail(errs.InvalidSyntax, t, "expected a table, found the query that starts with %s", t.kw.Text).
			hint("a query in FROM stands in parentheses: FROM (SELECT ...)")
		return badTable
	case t.is("TABLE"):
		p.next()
		t = p.cur()
	case t.kind == kString:
		p.fail(errs.InvalidSyntax, t, "expected a table, found the string %s", p.text(t)).
			hint("names stand in backticks: `" + p.unquote(t) + "`")
		return badTable
	}
	name := p.name("a table")
	if p.at(kLParen) {
		call, ok := p.call(name).(*ast.Call)
		if !ok {
			return badTable
		}
		f := &ast.TableFunc{Lateral: lateral, Call: call}
		f.Alias = p.alias()
		f.Span = p.from(start)
		return p.matchRecognize(f, start)
	}
	if lateral {
		p.fail(errs.InvalidSyntax, t, "expected a table function, UNNEST or a query after LATERAL, found %s", quoteFound(p.text(t)))
		return badTable
	}
	return p.tableName(name, start)
}

// tableName parses what can follow the name of a table.
func (p *parser) tableName(name ast.Name, start ast.Pos) ast.TableExpr {
	t := &ast.TableName{Name: name}
	t.Hints = p.hints()
	t.Period = p.period()
	if t.Hints == nil {
		t.Hints = p.hints()
	}
	t.Sample = p.sample()
	t.Alias = p.alias()
	if t.Period == nil && p.seq("FOR", "SYSTEM_TIME") && t.Alias != nil {
		p.fail(errs.InvalidSyntax, p.cur(), "FOR SYSTEM_TIME AS OF stands before the alias").
			hint("write " + name.Text(p.src) + " FOR SYSTEM_TIME AS OF time AS " + t.Alias.Name.Name)
	}
	if t.Hints == nil && p.at(kHintOpen) && t.Alias != nil {
		p.fail(errs.InvalidSyntax, p.cur(), "hints stand before the alias").
			hint("write table /*+ ... */ AS " + t.Alias.Name.Name)
	}
	t.Span = p.from(start)
	return p.matchRecognize(t, start)
}

// period parses FOR SYSTEM_TIME AS OF expression.
func (p *parser) period() ast.Expr {
	if !p.seq("FOR", "SYSTEM_TIME") {
		return nil
	}
	p.next()
	p.next()
	if !p.expectWords("AS", "OF") {
		return nil
	}
	return p.expr()
}

func (p *parser) sample() *ast.Sample {
	if !p.is("TABLESAMPLE") {
		return nil
	}
	s := &ast.Sample{}
	start := p.start()
	p.next()
	switch {
	case p.is("BERNOULLI"), p.is("SYSTEM"):
		s.Method = p.next().kw.Text
	default:
		p.expectedAfter("TABLESAMPLE", "BERNOULLI", "SYSTEM")
		return s
	}
	if p.open(s.Method) {
		s.Percentage = p.expr()
		p.close()
	}
	if p.word("REPEATABLE") && p.open("REPEATABLE") {
		s.Repeatable = p.expr()
		p.close()
	}
	s.Span = p.from(start)
	return s
}

// alias parses [AS] name [(columns)]; nil when there is none.
func (p *parser) alias() *ast.Alias {
	start := p.start()
	if p.word("AS") {
		a := &ast.Alias{Name: p.ident("an alias after AS")}
		return p.aliasColumns(a, start)
	}
	if !p.cur().isFreeName() || p.isPlain("SEMI") || p.isPlain("ANTI") {
		return nil
	}
	a := &ast.Alias{Name: p.identOf(p.next())}
	return p.aliasColumns(a, start)
}

func (p *parser) aliasColumns(a *ast.Alias, start ast.Pos) *ast.Alias {
	if p.at(kLParen) {
		a.Columns = p.identList("the alias", "a column name")
	}
	a.Span = p.from(start)
	return a
}

// tableParen parses (query) or (joins).
func (p *parser) tableParen(start ast.Pos, lateral bool) ast.TableExpr {
	if !p.enter() {
		return badTable
	}
	defer p.leave()
	p.lparen()
	var d *ast.Derived
	if p.startsQuery() {
		d = &ast.Derived{Query: p.query()}
	} else {
		inner := p.tableExprs()
		i, ok := inner.(*ast.Derived)
		if !ok || i.Alias != nil {
			p.close()
			if p.is("AS") || p.cur().isFreeName() {
				p.fail(errs.NotSupported, p.cur(), "an alias for a join in parentheses is not supported").
					hint("put a query around it: (SELECT * FROM ...) AS name")
			}
			return inner
		}
		// ((SELECT ...) UNION ...) begins like a table in parentheses.
		d = &ast.Derived{Query: p.queryAfter(i.Query)}
	}
	p.close()
	d.Lateral = lateral
	d.Period = p.period()
	d.Alias = p.alias()
	d.Span = p.from(start)
	return p.matchRecognize(d, start)
}

// wrappedFunc parses TABLE(f(...)) and TABLE(query).
func (p *parser) wrappedFunc(start ast.Pos, lateral bool) ast.TableExpr {
	if !p.enter() {
		return badTable
	}
	defer p.leave()
	p.next()
	p.lparen()
	if p.startsQuery() {
		d := &ast.Derived{Lateral: lateral, Query: p.query()}
		p.close()
		d.Alias = p.alias()
		d.Span = p.from(start)
		return d
	}
	name := p.name("a table function")
	if p.err == nil && !p.at(kLParen) {
		p.expected(`"(" with the arguments of the table function ` + quoteFound(name.Text(p.src)))
		return badTable
	}
	call, ok := p.call(name).(*ast.Call)
	if !ok {
		return badTable
	}
	p.close()
	f := &ast.TableFunc{Lateral: lateral, Wrapped: true, Call: call}
	f.Alias = p.alias()
	f.Span = p.from(start)
	return p.matchRecognize(f, start)
}

func (p *parser) unnest(start ast.Pos, lateral bool) ast.TableExpr {
	p.next()
	u := &ast.Unnest{Lateral: lateral}
	if !p.open("UNNEST") {
		return u
	}
	u.Exprs = p.exprList()
	p.closeList("expression")
	u.Ordinality = p.words("WITH", "ORDINALITY")
	u.Alias = p.alias()
	u.Span = p.from(start)
	return u
}

// hints parses /*+ name(args), ... */ if it is there.
func (p *parser) hints() []ast.Hint {
	if !p.accept(kHintOpen) {
		return nil
	}
	var list []ast.Hint
	for {
		start := p.start()
		h := ast.Hint{Name: p.ident("the name of a hint")}
		if p.acceptLParen() {
			p.hintArgs(&h)
		}
		h.Span = p.from(start)
		list = append(list, h)
		if !p.accept(kComma) && !p.cur().isName() {
			break
		}
	}
	if !p.accept(kHintClose) {
		p.expected(`"*/" that ends the hint`)
	}
	return list
}

// hintArgs parses the arguments of a hint: options, or names and literals.
func (p *parser) hintArgs(h *ast.Hint) {
	if p.at(kRParen) {
		p.close()
		return
	}
	for {
		start := p.start()
		t := p.cur()
		var arg ast.Text
		switch t.kind {
		case kString, kUnicode:
			arg = p.stringLit("an argument")
		case kInteger, kDecimal, kApprox:
			p.next()
			arg = ast.Text{Span: t.Span, Value: p.text(t)}
		default:
			name := p.name("an argument of the hint")
			arg = ast.Text{Span: name.Span}
			for i, part := range name.Parts {
				if i > 0 {
					arg.Value += "."
				}
				arg.Value += part.Name
			}
		}
		if p.accept(kEq) {
			v := p.stringLit("the value of '" + arg.Value + "'")
			h.Options = append(h.Options, ast.Option{Key: arg, Value: v, Span: p.from(start)})
		} else {
			h.List = append(h.List, arg)
		}
		if !p.accept(kComma) {
			break
		}
	}
	if len(h.Options) > 0 && len(h.List) > 0 {
		p.fail(errs.InvalidSyntax, h.List[0], "a hint takes either 'key' = 'value' pairs or a list, not both")
		return
	}
	p.closeList("argument")
}
