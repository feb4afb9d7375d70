// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

func (p *parser) createDatabase(h createHead) ast.Statement {
	s := &ast.CreateDatabase{IfNotExists: p.ifNotExists()}
	s.Name = p.name("a database name")
	s.Comment = p.comment()
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
	s.Span = p.from(h.start)
	return s
}

func (p *parser) createCatalog(h createHead) ast.Statement {
	s := &ast.CreateCatalog{IfNotExists: p.ifNotExists()}
	s.Name = p.ident("a catalog name")
	s.Comment = p.comment()
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
	s.Span = p.from(h.start)
	return s
}

func (p *parser) createFunction(h createHead) ast.Statement {
	s := &ast.CreateFunction{Temporary: h.temporary, System: h.system}
	s.IfNotExists = p.ifNotExists()
	p.functionTail(s)
	s.Span = p.from(h.start)
	return s
}

// functionTail parses name AS 'id' [LANGUAGE ..] [USING ..] [WITH (..)] of CREATE and ALTER FUNCTION.
func (p *parser) functionTail(s *ast.CreateFunction) {
	s.Name = p.name("a function name")
	p.expectWord("AS")
	s.Identifier = p.stringLit("the class of the function")
	if p.word("LANGUAGE") {
		t := p.cur()
		if t.kind != kWord {
			p.expected("JAVA, SCALA or PYTHON")
			return
		}
		p.next()
		s.Language = strings.ToUpper(p.text(t))
	}
	if p.word("USING") {
		for {
			t := p.cur()
			switch {
			case t.is("JAR"), t.is("ARTIFACT"), t.is("FILE"), t.is("ARCHIVE"):
			default:
				p.expectedAfter("USING", "JAR", "ARTIFACT", "FILE", "ARCHIVE")
				return
			}
			p.next()
			r := ast.Resource{Kind: t.kw.Text, Path: p.stringLit("a path")}
			r.Span = p.from(t.Start)
			s.Resources = append(s.Resources, r)
			if !p.accept(kComma) {
				break
			}
		}
	}
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
}

func (p *parser) createModel(h createHead) ast.Statement {
	s := &ast.CreateModel{Temporary: h.temporary}
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name("a model name")
	if p.word("INPUT") {
		s.Input = p.schema("INPUT").Columns
	}
	if p.word("OUTPUT") {
		s.Output = p.schema("OUTPUT").Columns
	}
	s.Comment = p.comment()
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
	if p.word("AS") {
		s.As = p.query()
	}
	s.Span = p.from(h.start)
	return s
}

func (p *parser) createConnection(h createHead) ast.Statement {
	s := &ast.CreateConnection{Temporary: h.temporary, System: h.system}
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name("a connection name")
	s.Comment = p.comment()
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
	s.Span = p.from(h.start)
	return s
}

func (p *parser) createMaterialized(h createHead) ast.Statement {
	s := &ast.CreateMaterializedTable{OrAlter: h.alter}
	if h.temporary {
		p.fail(errs.InvalidSyntax, p.prev(), "a materialized table cannot be temporary")
		return s
	}
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name("a table name")
	if p.at(kLParen) {
		s.HasSchema = true
		s.Schema = p.schema("the table name")
	}
	for p.err == nil && !p.is("AS") {
		switch {
		case p.is("COMMENT"):
			s.Comment = p.comment()
		case p.is("DISTRIBUTED"):
			s.Distribution = p.distribution()
		case p.is("PARTITIONED"):
			s.PartitionedBy = p.partitionedBy()
		case p.word("WITH"):
			s.Options = p.options("WITH")
		case p.is("START_MODE"):
			s.StartMode = p.startMode()
		case p.is("FRESHNESS"):
			s.Freshness = p.freshness()
		case p.is("REFRESH_MODE"):
			s.RefreshMode = p.refreshMode()
		default:
			p.expectedOneOf("COMMENT", "DISTRIBUTED", "PARTITIONED", "WITH", "START_MODE", "FRESHNESS", "REFRESH_MODE", "AS")
			return s
		}
	}
	p.expectWord("AS")
	s.As = p.query()
	s.Span = p.from(h.start)
	return s
}

func (p *parser) freshness() ast.Expr {
	p.next()
	p.expect(kEq)
	if p.is("INTERVAL") {
		at := p.cur().Span
		if x := p.interval(); x != nil {
			if _, ok := x.(*ast.Interval); !ok && p.err == nil {
				p.fail(errs.InvalidSyntax, at, "FRESHNESS takes an interval literal such as INTERVAL '1' MINUTE")
			}
			return x
		}
	}
	p.expected("an interval such as INTERVAL '1' MINUTE after FRESHNESS =")
	return bad
}

func (p *parser) refreshMode() ast.RefreshMode {
	p.next()
	p.expect(kEq)
	switch {
	case p.word("CONTINUOUS"):
		return ast.RefreshContinuous
	case p.word("FULL"):
		return ast.RefreshFull
	}
	p.expectedAfter("REFRESH_MODE =", "CONTINUOUS", "FULL")
	return ast.RefreshDefault
}

var startModes = map[string]ast.StartModeKind{
	"FROM_BEGINNING": ast.StartFromBeginning, "FROM_NOW": ast.StartFromNow, "FROM_TIMESTAMP": ast.StartFromTimestamp,
	"RESUME_OR_FROM_BEGINNING": ast.StartResumeOrFromBeginning, "RESUME_OR_FROM_NOW": ast.StartResumeOrFromNow,
	"RESUME_OR_FROM_TIMESTAMP": ast.StartResumeOrFromTimestamp,
}

func (p *parser) startMode() *ast.StartMode {
	m := &ast.StartMode{}
	p.next()
	p.expect(kEq)
	t := p.cur()
	ok := false
	if t.kw != nil {
		m.Kind, ok = startModes[t.kw.Text]
	}
	if !ok {
		p.expectedAfter("START_MODE =", "FROM_BEGINNING", "FROM_NOW", "FROM_TIMESTAMP", "RESUME_OR_FROM_BEGINNING", "RESUME_OR_FROM_NOW",
			"RESUME_OR_FROM_TIMESTAMP")
		return m
	}
	p.next()
	if p.acceptLParen() {
		if !p.at(kRParen) {
			m.Arg = p.expr()
		}
		p.close()
	}
	m.Span = p.from(t.Start)
	return m
}

var dropWords = []string{
	"TABLE", "VIEW", "DATABASE", "CATALOG", "FUNCTION", "TEMPORARY", "MODEL", "MATERIALIZED TABLE", "CONNECTION",
}

func (p *parser) drop() ast.Statement {
	t := p.next()
	s := &ast.Drop{}
	if p.word("TEMPORARY") {
		s.Temporary = true
		s.System = p.word("SYSTEM")
	}
	switch {
	case p.word("TABLE"):
		s.Kind = ast.ObjectTable
	case p.word("VIEW"):
		s.Kind = ast.ObjectView
	case p.word("DATABASE"):
		s.Kind = ast.ObjectDatabase
	case p.word("CATALOG"):
		s.Kind = ast.ObjectCatalog
	case p.word("FUNCTION"):
		s.Kind = ast.ObjectFunction
	case p.word("MODEL"):
		s.Kind = ast.ObjectModel
	case p.word("CONNECTION"):
		s.Kind = ast.ObjectConnection
	case p.words("MATERIALIZED", "TABLE"):
		s.Kind = ast.ObjectMaterializedTable
	default:
		p.expectedAfter("DROP", dropWords...)
		return s
	}
	s.IfExists = p.ifExists()
	s.Name = p.name("a name")
	if s.Kind == ast.ObjectDatabase {
		if p.word("CASCADE") {
			s.Cascade = true
		} else {
			p.word("RESTRICT")
		}
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) ifExists() bool {
	if p.is("IF") && p.peek(1).is("EXISTS") {
		p.next()
		p.next()
		return true
	}
	return false
}
