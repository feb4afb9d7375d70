// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// badStmt stands for a statement after an error; nobody sees it.
var badStmt ast.Statement = &ast.ClientCommand{}

// statement parses one statement without the semicolon.
func (p *parser) statement() ast.Statement {
	t := p.cur()
	if t.kind == kLParen {
		return p.queryStmt()
	}
	if t.kw == nil {
		return p.noStatement()
	}
	switch t.kw.Text {
	case "SELECT", "WITH", "VALUES", "TABLE":
		return p.queryStmt()
	case "INSERT", "UPSERT":
		return p.insert()
	case "UPDATE":
		return p.update()
	case "DELETE":
		return p.deleteStmt()
	case "TRUNCATE":
		p.next()
		p.expectWord("TABLE")
		name := p.name("a table name")
		return &ast.Truncate{Name: name, Span: p.from(t.Start)}
	case "CALL":
		return p.callProcedure()
	case "BEGIN":
		return p.beginStatementSet()
	case "EXECUTE":
		return p.execute()
	case "EXPLAIN":
		return p.explain()
	case "COMPILE":
		return p.compilePlan()
	case "CREATE":
		return p.create()
	case "REPLACE":
		return p.replaceTable()
	case "ALTER":
		return p.alter()
	case "DROP":
		return p.drop()
	default:
		return p.command(t)
	}
}

// command parses the statements about the session and the catalog.
func (p *parser) command(t *token) ast.Statement {
	switch t.kw.Text {
	case "USE":
		return p.use()
	case "SET":
		return p.set()
	case "RESET":
		return p.reset()
	case "SHOW":
		return p.show()
	case "DESCRIBE", "DESC":
		return p.describe()
	case "LOAD":
		return p.loadModule()
	case "UNLOAD":
		p.next()
		p.expectWord("MODULE")
		name := p.ident("a module name")
		return &ast.UnloadModule{Name: name, Span: p.from(t.Start)}
	case "ADD", "REMOVE":
		p.next()
		if !p.word("JAR") && !p.word("JARS") {
			p.expectedAfter(t.kw.Text, "JAR")
			return badStmt
		}
		path := p.stringLit("the path of the JAR")
		return &ast.Jar{Remove: t.is("REMOVE"), Path: path, Span: p.from(t.Start)}
	case "ANALYZE":
		return p.analyze()
	case "STOP":
		return p.stopJob()
	case "QUIT", "EXIT", "CLEAR", "HELP":
		p.next()
		c := &ast.ClientCommand{Span: t.Span}
		switch t.kw.Text {
		case "CLEAR":
			c.Kind = ast.ClientClear
		case "HELP":
			c.Kind = ast.ClientHelp
		}
		return c
	case "END":
		p.fail(errs.InvalidSyntax, t, "END without a statement set").
			hint("a statement set starts with BEGIN STATEMENT SET or EXECUTE STATEMENT SET BEGIN")
		return badStmt
	case "MERGE":
		p.notSupported(t, "MERGE")
		return badStmt
	}
	return p.noStatement()
}

// noStatement reports text that starts no statement.
func (p *parser) noStatement() ast.Statement {
	t := p.cur()
	switch {
	case t.kind == kEOF && p.lexErr == nil:
		p.fail(errs.InvalidSyntax, t, "expected a statement, found nothing").incomplete(true)
	case t.kind == kWord:
		word := p.text(t)
		e := p.fail(errs.InvalidSyntax, t, "expected a statement, found %s", quoteFound(word))
		if n := suggest.Nearest(word, startWords); n != "" {
			e.hint("did you mean " + n + "?")
		} else if t.is("FROM") {
			e.hint("a query starts with SELECT, also when it takes all columns: SELECT * FROM ...")
		}
	case t.kind == kError:
		p.expected("a statement")
	default:
		p.fail(errs.InvalidSyntax, t, "expected a statement, found %s", p.found(t))
	}
	return badStmt
}

func (p *parser) queryStmt() ast.Statement {
	q := p.query()
	if p.err == nil && p.at(kRParen) {
		p.unexpectedEnd("statement")
	}
	return &ast.QueryStmt{Query: q, Span: q.Span}
}

func (p *parser) insert() ast.Statement {
	t := p.next()
	s := &ast.Insert{Upsert: t.is("UPSERT")}
	if p.word("OVERWRITE") {
		s.Overwrite = true
		p.word("INTO")
	} else if !p.word("INTO") {
		p.expectedAfter(t.kw.Text, "INTO", "OVERWRITE")
		return s
	}
	p.word("TABLE")
	s.Target = p.name("the name of the table to write to")
	s.Hints = p.hints()
	if p.is("PARTITION") {
		s.Partition = p.partition()
	}
	if p.at(kLParen) && !p.peek(1).is("SELECT") && !p.peek(1).is("WITH") && !p.peek(1).is("VALUES") && p.peek(1).kind != kLParen {
		s.Columns = p.identList("the table name", "a column name")
		if s.Partition == nil && p.is("PARTITION") {
			s.Partition = p.partition()
		}
	}
	if p.err == nil && !p.startsQuery() && !p.at(kLParen) {
		name := p.cur().isName()
		e := p.expectedAfter("the target of "+t.kw.Text, "SELECT", "VALUES", "WITH")
		if name {
			e.orHint("the columns to write to stand in parentheses: " + s.Target.Text(p.src) + " (a, b)")
		}
		return s
	}
	s.Query = p.query()
	if p.seq("ON", "CONFLICT") {
		s.OnConflict = p.onConflict()
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) onConflict() ast.OnConflict {
	p.next()
	p.next()
	p.expectWord("DO")
	switch {
	case p.word("ERROR"):
		return ast.OnConflictError
	case p.word("NOTHING"):
		return ast.OnConflictNothing
	case p.word("DEDUPLICATE"):
		return ast.OnConflictDeduplicate
	}
	p.expectedAfter("ON CONFLICT DO", "ERROR", "NOTHING", "DEDUPLICATE")
	return ast.OnConflictNone
}

// partition parses PARTITION (a = 1, b).
func (p *parser) partition() []ast.PartitionValue {
	p.next()
	if !p.open("PARTITION") {
		return nil
	}
	var list []ast.PartitionValue
	for {
		start := p.start()
		v := ast.PartitionValue{Column: p.ident("a partition column")}
		if p.accept(kEq) {
			v.Value = p.expr()
		}
		v.Span = p.from(start)
		list = append(list, v)
		if !p.accept(kComma) {
			break
		}
	}
	p.closeList("partition value")
	return list
}

func (p *parser) update() ast.Statement {
	t := p.next()
	s := &ast.Update{Target: p.name("a table name")}
	s.Alias = p.plainAlias()
	if !p.expectWord("SET") {
		return s
	}
	for {
		start := p.start()
		a := ast.Assignment{Column: p.name("a column name")}
		p.expect(kEq)
		a.Value = p.expr()
		a.Span = p.from(start)
		s.Set = append(s.Set, a)
		if !p.accept(kComma) {
			break
		}
	}
	if p.word("WHERE") {
		s.Where = p.expr()
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) plainAlias() *ast.Ident {
	if p.word("AS") {
		name := p.ident("an alias after AS")
		return &name
	}
	if p.cur().isFreeName() {
		name := p.identOf(p.next())
		return &name
	}
	return nil
}

func (p *parser) deleteStmt() ast.Statement {
	t := p.next()
	p.expectWord("FROM")
	s := &ast.Delete{Target: p.name("a table name")}
	s.Alias = p.plainAlias()
	if p.word("WHERE") {
		s.Where = p.expr()
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) callProcedure() ast.Statement {
	t := p.next()
	name := p.name("the name of a procedure")
	if p.err == nil && !p.at(kLParen) {
		p.expected(`"(" with the arguments of the procedure`)
		return badStmt
	}
	call, ok := p.call(name).(*ast.Call)
	if !ok {
		return badStmt
	}
	return &ast.CallProcedure{Call: call, Span: p.from(t.Start)}
}

// beginStatementSet parses BEGIN STATEMENT SET; ... END.
func (p *parser) beginStatementSet() ast.Statement {
	start := p.start()
	if !p.expectWords("BEGIN", "STATEMENT", "SET") || !p.expect(kSemi) {
		return badStmt
	}
	return p.statementSet(&ast.StatementSet{}, start)
}

// statementSet parses the statements of a set, each with its semicolon, and END.
func (p *parser) statementSet(s *ast.StatementSet, start ast.Pos) ast.Statement {
	for p.err == nil {
		for p.accept(kSemi) {
		}
		t := p.cur()
		switch {
		case p.word("END"):
			s.Span = p.from(start)
			if len(s.Stmts) == 0 {
				p.fail(errs.InvalidSyntax, s, "the statement set is empty")
			}
			return s
		case t.is("INSERT"), t.is("CREATE"), t.is("UPDATE"), t.is("DELETE"), t.is("REPLACE"), t.is("UPSERT"):
			s.Stmts = append(s.Stmts, p.statement())
			if p.err == nil && !p.at(kSemi) {
				p.expected(`";" after a statement of the set`)
			}
		case t.is("SELECT"), t.is("WITH"), t.is("VALUES"):
			p.fail(errs.InvalidSyntax, t, "a statement set takes INSERT statements, found a query")
		default:
			e := p.expectedOneOf("INSERT", "END")
			e.incomplete(t.kind == kEOF)
		}
	}
	return s
}

// execute parses EXECUTE STATEMENT SET BEGIN .. END, EXECUTE PLAN 'path' and EXECUTE statement.
func (p *parser) execute() ast.Statement {
	start := p.start()
	p.next()
	switch {
	case p.is("STATEMENT"):
		return p.executeSet(start)
	case p.is("PLAN"):
		p.next()
		path := p.stringLit("the path of the plan")
		return &ast.ExecutePlan{Path: path, Span: p.from(start)}
	}
	if !p.enter() {
		return badStmt
	}
	defer p.leave()
	s := p.statement()
	return &ast.Execute{Stmt: s, Span: p.from(start)}
}

func (p *parser) executeSet(start ast.Pos) ast.Statement {
	if !p.expectWords("STATEMENT", "SET", "BEGIN") {
		return badStmt
	}
	return p.statementSet(&ast.StatementSet{Execute: true}, start)
}

func (p *parser) explain() ast.Statement {
	t := p.next()
	s := &ast.Explain{}
	if p.words("PLAN", "FOR") {
		s.PlanFor = true
	} else {
		for {
			d, ok := p.explainDetail()
			if !ok {
				break
			}
			s.Details = append(s.Details, d)
			if !p.accept(kComma) {
				break
			}
			if _, ok := p.peekExplainDetail(); !ok {
				p.expectedAfter("the comma", "ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE")
				return s
			}
		}
	}
	switch c := p.cur(); {
	case c.is("STATEMENT"):
		s.Stmt = p.executeSet(c.Start)
	case c.is("EXPLAIN"):
		p.expected("a statement to explain")
		return s
	case c.kw == nil && c.kind == kWord && p.peek(1).kind != kEOF:
		p.expectedAfter("EXPLAIN", "a statement", "ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE")
		return s
	default:
		s.Stmt = p.statement()
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) peekExplainDetail() (ast.ExplainDetail, bool) {
	if t := p.cur(); t.kw != nil {
		switch t.kw.Text {
		case "ESTIMATED_COST":
			return ast.ExplainEstimatedCost, true
		case "CHANGELOG_MODE":
			return ast.ExplainChangelogMode, true
		case "JSON_EXECUTION_PLAN":
			return ast.ExplainJSONExecutionPlan, true
		case "PLAN_ADVICE":
			return ast.ExplainPlanAdvice, true
		}
	}
	return 0, false
}

func (p *parser) explainDetail() (ast.ExplainDetail, bool) {
	d, ok := p.peekExplainDetail()
	if ok {
		p.next()
	}
	return d, ok
}

func (p *parser) compilePlan() ast.Statement {
	start := p.start()
	p.next()
	s := &ast.CompilePlan{}
	s.Execute = p.words("AND", "EXECUTE")
	p.expectWord("PLAN")
	s.Path = p.stringLit("the path of the plan")
	s.IfNotExists = p.words("IF", "NOT", "EXISTS")
	p.expectWord("FOR")
	if c := p.cur(); c.is("STATEMENT") {
		s.Stmt = p.executeSet(c.Start)
	} else {
		s.Stmt = p.statement()
	}
	s.Span = p.from(start)
	return s
}
