// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// startsQuery reports whether a query that is not in parentheses starts at the current token.
func (p *parser) startsQuery() bool {
	t := p.cur()
	if t.kw == nil {
		return false
	}
	switch t.kw.Text {
	case "SELECT", "WITH", "VALUES":
		return true
	case "TABLE":
		return p.peek(1).isName()
	}
	return false
}

// continuesQuery reports whether the current token goes on with a query that stood in parentheses.
func (p *parser) continuesQuery() bool {
	t := p.cur()
	if t.kw == nil {
		return false
	}
	switch t.kw.Text {
	case "UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "LIMIT", "OFFSET", "FETCH":
		return true
	}
	return false
}

// query parses a query with everything around its body. Whoever opens parentheses around one counts the level.
func (p *parser) query() *ast.Query {
	q := &ast.Query{}
	start := p.start()
	if p.is("WITH") {
		p.with(q)
	}
	q.Body = p.setOps(p.queryPrimary(), setLowest)
	p.tail(q)
	if inner, ok := q.Body.(*ast.Query); ok && unwrap(q) == q.Body {
		q = inner
	}
	q.Span = p.from(start)
	return q
}

// queryAfter goes on with a query that stood in parentheses, which have been read.
func (p *parser) queryAfter(inner *ast.Query) *ast.Query {
	if !p.continuesQuery() {
		return inner
	}
	q := &ast.Query{}
	q.Body = p.setOps(unwrap(inner), setLowest)
	p.tail(q)
	q.Span = p.from(inner.Start)
	return q
}

// unwrap returns the body of a query that consists of nothing else, else the query.
func unwrap(q *ast.Query) ast.QueryBody {
	if q.Body != nil && len(q.With) == 0 && len(q.OrderBy) == 0 && q.Limit == nil && q.Offset == nil {
		return q.Body
	}
	return q
}

func (p *parser) with(q *ast.Query) {
	p.next()
	q.Recursive = p.word("RECURSIVE")
	for {
		start := p.start()
		cte := ast.CTE{Name: p.ident("the name of a common table expression")}
		if p.at(kLParen) {
			cte.Columns = p.identList("WITH", "a column name")
		}
		p.expectWord("AS")
		if !p.open("AS") || !p.enter() {
			return
		}
		cte.Query = p.query()
		p.close()
		p.leave()
		cte.Span = p.from(start)
		q.With = append(q.With, cte)
		if !p.accept(kComma) {
			return
		}
		if p.is("SELECT") || p.is("INSERT") {
			p.expected("the name of a common table expression")
			return
		}
	}
}

// tail parses ORDER BY, LIMIT, OFFSET and FETCH.
func (p *parser) tail(q *ast.Query) {
	if p.is("ORDER") {
		p.next()
		if p.expectWord("BY") {
			q.OrderBy = p.orderItems()
		}
	}
	for {
		t := p.cur()
		switch {
		case q.Limit == nil && p.word("LIMIT"):
			if p.word("ALL") {
				break
			}
			q.Limit = p.rowCount("LIMIT")
			if p.at(kComma) {
				p.fail(errs.InvalidSyntax, p.cur(), "LIMIT takes one number").
					hint("write LIMIT count OFFSET start")
			}
		case q.Offset == nil && p.word("OFFSET"):
			q.Offset = p.rowCount("OFFSET")
			if !p.word("ROWS") {
				p.word("ROW")
			}
		case q.Limit == nil && p.word("FETCH"):
			if !p.word("FIRST") && !p.word("NEXT") {
				p.expectedAfter("FETCH", "FIRST", "NEXT")
				return
			}
			if p.is("ROW") || p.is("ROWS") {
				q.Limit = &ast.Number{Text: "1", Span: t.Span}
			} else {
				q.Limit = p.rowCount("FETCH")
			}
			if !p.word("ROWS") && !p.word("ROW") {
				p.expectedAfter("the number of FETCH", "ROWS")
				return
			}
			p.expectWord("ONLY")
		default:
			return
		}
	}
}

// rowCount parses the number of LIMIT, OFFSET and FETCH.
func (p *parser) rowCount(after string) ast.Expr {
	if !p.at(kInteger) {
		p.expected("a whole number after " + after)
		return bad
	}
	return p.primary()
}

// Binding powers of set operations: INTERSECT binds stronger.
const (
	setLowest    = 0
	setUnion     = 1
	setIntersect = 2
)

// setOps parses the set operations after left that bind stronger than limit.
func (p *parser) setOps(left ast.QueryBody, limit int) ast.QueryBody {
	for p.err == nil {
		op := &ast.SetOp{Left: left}
		bp := setUnion
		switch {
		case p.is("UNION"):
		case p.is("EXCEPT"), p.is("MINUS"):
			op.Kind = ast.Except
		case p.is("INTERSECT"):
			op.Kind = ast.Intersect
			bp = setIntersect
		default:
			return left
		}
		if bp <= limit {
			return left
		}
		p.next()
		if p.word("ALL") {
			op.All = true
		} else {
			p.word("DISTINCT")
		}
		op.Right = p.setOps(p.queryPrimary(), bp)
		if p.err != nil {
			break
		}
		op.Span = p.from(left.Range().Start)
		left = op
	}
	return left
}

// queryPrimary parses SELECT, VALUES, TABLE name or a query in parentheses.
func (p *parser) queryPrimary() ast.QueryBody {
	t := p.cur()
	switch {
	case t.is("SELECT"):
		return p.selectBlock()
	case t.is("VALUES"), t.is("VALUE") && p.peek(1).kind == kLParen:
		return p.values()
	case t.is("TABLE"):
		p.next()
		name := p.name("a table name")
		return &ast.ExplicitTable{Name: name, Span: p.from(t.Start)}
	case t.kind == kLParen:
		if !p.enter() {
			break
		}
		defer p.leave()
		p.lparen()
		q := p.query()
		p.close()
		q.Span = p.from(t.Start)
		return unwrap(q)
	case t.is("FROM"):
		p.expected("SELECT").
			hint("a query starts with SELECT, also when it takes all columns: SELECT * FROM ...")
	default:
		p.expectedOneOf("SELECT", "VALUES", "WITH", "TABLE")
	}
	return &ast.Values{}
}

func (p *parser) values() ast.QueryBody {
	v := &ast.Values{}
	start := p.start()
	p.next()
	v.Rows = p.exprList()
	v.Span = p.from(start)
	return v
}

func (p *parser) selectBlock() ast.QueryBody {
	s := &ast.Select{}
	start := p.start()
	p.next()
	s.Hints = p.hints()
	if p.word("DISTINCT") {
		s.Distinct = true
	} else {
		p.word("ALL")
	}
	p.selectItems(s)
	if p.word("FROM") {
		s.From = p.tableExprs()
	}
	if p.word("WHERE") {
		s.Where = p.expr()
	}
	if p.is("GROUP") {
		s.GroupBy = p.groupBy()
	}
	if p.word("HAVING") {
		s.Having = p.expr()
	}
	if p.word("WINDOW") {
		s.Windows = p.windows()
	}
	if p.word("QUALIFY") {
		s.Qualify = p.expr()
	}
	if p.is("WHERE") && p.err == nil {
		e := p.expected("the end of the query")
		switch {
		case s.Where != nil:
			e.hint("there is a WHERE before it; join the conditions with AND")
		case s.GroupBy != nil:
			e.hint("WHERE stands before GROUP BY; conditions on groups stand in HAVING")
		}
	}
	s.Span = p.from(start)
	return s
}

func (p *parser) selectItems(s *ast.Select) {
	var buf [8]ast.SelectItem
	items := buf[:0]
	for {
		items = append(items, p.selectItem())
		if !p.accept(kComma) {
			break
		}
	}
	s.Items = append([]ast.SelectItem(nil), items...)
	if p.err != nil {
		return
	}
	switch t := p.cur(); {
	case t.kind == kWord && t.kw == nil, t.kind == kQuoted, t.kind == kString, t.kind == kInteger, t.kind == kDecimal, t.kind == kLParen,
		t.is("CASE"), t.is("CAST"):
		e := p.expected(`"," or FROM after ` + quoteFound(items[len(items)-1].Text(p.src)))
		e.orHint("is a comma missing before " + quoteFound(p.text(t)) + "?")
	}
}

// selectItem parses *, t.* or expression [AS alias].
func (p *parser) selectItem() ast.SelectItem {
	start := p.start()
	if star := p.star(); star != nil {
		if t := p.cur(); t.is("EXCLUDE") || t.is("REPLACE") || t.is("EXCEPT") && p.peek(1).kind == kLParen {
			p.notSupported(t, "* "+t.kw.Text).
				hint("name the columns")
		}
		return ast.SelectItem{Expr: star, Span: star.Span}
	}
	item := ast.SelectItem{Expr: p.expr()}
	if p.word("AS") {
		if t := p.cur(); t.kind == kString {
			p.fail(errs.InvalidSyntax, t, "expected a name after AS, found the string %s", p.text(t)).
				hint("names stand in backticks: `" + p.unquote(t) + "`")
			return item
		}
		name := p.ident("a name after AS")
		item.Alias = &name
	} else if p.cur().isFreeName() {
		name := p.identOf(p.next())
		item.Alias = &name
	} else if t := p.cur(); p.err == nil && t.isName() && (p.peek(1).kind == kComma || p.peek(1).is("FROM")) {
		p.fail(errs.InvalidSyntax, t, `expected "," or FROM, found the reserved word %s`, quoteFound(p.text(t))).
			hint("if it is meant as a column name, write AS `" + p.text(t) + "`")
	}
	item.Span = p.from(start)
	return item
}

// star parses * and t.*; nil when neither is there.
func (p *parser) star() *ast.Star {
	start := p.start()
	n := 0
	for p.peek(n).isName() && p.peek(n+1).kind == kDot {
		n += 2
	}
	if p.peek(n).kind != kStar {
		return nil
	}
	star := &ast.Star{}
	if n > 0 {
		parts := make([]ast.Ident, 0, n/2)
		for range n / 2 {
			parts = append(parts, p.identOf(p.next()))
			p.next()
		}
		star.Qualifier = parts
	}
	p.next()
	star.Span = p.from(start)
	return star
}

func (p *parser) groupBy() *ast.GroupBy {
	g := &ast.GroupBy{}
	start := p.start()
	p.next()
	if !p.expectWord("BY") {
		return g
	}
	if p.word("DISTINCT") {
		g.Distinct = true
	} else if p.is("ALL") {
		p.next()
	}
	g.Items = p.groupItems()
	g.Span = p.from(start)
	return g
}

func (p *parser) groupItems() []ast.GroupItem {
	var list []ast.GroupItem
	for {
		list = append(list, p.groupItem())
		if !p.accept(kComma) {
			return list
		}
	}
}

func (p *parser) groupItem() ast.GroupItem {
	start := p.start()
	switch {
	case p.seq("GROUPING", "SETS"):
		p.next()
		p.next()
		items := p.groupItemList("GROUPING SETS")
		return &ast.GroupingSets{Items: items, Span: p.from(start)}
	case p.word("ROLLUP"):
		items := p.groupItemList("ROLLUP")
		return &ast.Rollup{Items: items, Span: p.from(start)}
	case p.word("CUBE"):
		items := p.groupItemList("CUBE")
		return &ast.Cube{Items: items, Span: p.from(start)}
	case p.at(kLParen) && p.peek(1).kind == kRParen:
		p.next()
		p.next()
		return &ast.GroupExpr{Span: p.from(start)}
	}
	x := p.expr()
	if row, ok := x.(*ast.RowCtor); ok && !row.Explicit {
		return &ast.GroupExpr{Exprs: row.Elems, Span: row.Span}
	}
	return &ast.GroupExpr{Exprs: []ast.Expr{x}, Span: p.from(start)}
}

func (p *parser) groupItemList(after string) []ast.GroupItem {
	if !p.open(after) {
		return nil
	}
	if !p.enter() {
		return nil
	}
	defer p.leave()
	list := p.groupItems()
	p.closeList("expression")
	return list
}

func (p *parser) windows() []ast.NamedWindow {
	var list []ast.NamedWindow
	for {
		start := p.start()
		w := ast.NamedWindow{Name: p.ident("a window name")}
		p.expectWord("AS")
		w.Spec = p.windowSpec()
		w.Span = p.from(start)
		list = append(list, w)
		if !p.accept(kComma) {
			return list
		}
	}
}

func (p *parser) orderItems() []ast.OrderItem {
	var list []ast.OrderItem
	for {
		list = append(list, p.orderItem())
		if !p.accept(kComma) {
			return list
		}
	}
}

func (p *parser) orderItem() ast.OrderItem {
	start := p.start()
	o := ast.OrderItem{Expr: p.expr()}
	if p.word("DESC") {
		o.Desc = true
	} else {
		p.word("ASC")
	}
	switch {
	case p.words("NULLS", "FIRST"):
		o.Nulls = ast.NullsFirst
	case p.words("NULLS", "LAST"):
		o.Nulls = ast.NullsLast
	}
	o.Span = p.from(start)
	return o
}
