// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

func (p *parser) use() ast.Statement {
	t := p.next()
	s := &ast.Use{Kind: ast.ObjectDatabase}
	switch {
	case p.is("CATALOG") && p.peek(1).isName():
		p.next()
		s.Kind = ast.ObjectCatalog
		name := p.ident("a catalog name")
		s.Name = ast.Name{Span: name.Span, Parts: []ast.Ident{name}}
	case p.word("MODULES"):
		s.Kind = ast.ObjectModule
		for {
			s.Modules = append(s.Modules, p.ident("a module name"))
			if !p.accept(kComma) {
				break
			}
		}
	default:
		if p.is("DATABASE") && p.peek(1).isName() {
			p.next()
		}
		s.Name = p.name("a database name")
	}
	s.Span = p.from(t.Start)
	return s
}

// atStatementEnd reports whether the statement ends here.
func (p *parser) atStatementEnd() bool { return p.at(kEOF) || p.at(kSemi) }

func (p *parser) set() ast.Statement {
	t := p.next()
	s := &ast.Set{Span: t.Span}
	if p.atStatementEnd() && p.err == nil {
		return s
	}
	if p.at(kRaw) {
		p.unquotedSet(s)
		s.Span = p.from(t.Start)
		return s
	}
	key := p.stringLit("a configuration key")
	s.Key = &key
	if !p.expect(kEq) {
		return s
	}
	if c := p.cur(); c.kind == kInteger || c.kind == kDecimal || c.kind == kWord {
		p.fail(errs.InvalidSyntax, c, "expected the value in single quotes, found %s", p.found(c)).
			hint("write SET '" + key.Value + "' = '" + p.text(c) + "';")
		return s
	}
	s.Value = p.stringLit("a value")
	s.Span = p.from(t.Start)
	return s
}

// unquotedSet parses SET key = value without quotes.
func (p *parser) unquotedSet(s *ast.Set) {
	t := p.next()
	text := p.text(t)
	key, value, ok := strings.Cut(text, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if n := len(value); n > 1 && value[0] == '\'' && value[n-1] == '\'' {
		value = strings.ReplaceAll(value[1:n-1], "''", "'")
	} else if strings.ContainsAny(value, " \t'") {
		ok = false
	}
	if !ok || key == "" || value == "" || strings.ContainsAny(key, " \t'") {
		p.fail(errs.InvalidSyntax, t, "expected 'key' = 'value' after SET").
			hint("write SET 'key' = 'value';")
		return
	}
	s.Key = &ast.Text{Span: t.Span, Value: key}
	s.Value = ast.Text{Span: t.Span, Value: value}
}

func (p *parser) reset() ast.Statement {
	t := p.next()
	s := &ast.Reset{Span: t.Span}
	if p.atStatementEnd() && p.err == nil {
		return s
	}
	if r := p.cur(); r.kind == kRaw && !strings.ContainsAny(p.text(r), " \t'") {
		p.next()
		s.Key = &ast.Text{Span: r.Span, Value: p.text(r)}
	} else {
		key := p.stringLit("a configuration key")
		s.Key = &key
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) loadModule() ast.Statement {
	t := p.next()
	p.expectWord("MODULE")
	s := &ast.LoadModule{Name: p.ident("a module name")}
	if p.word("WITH") {
		s.Options = p.options("WITH")
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) analyze() ast.Statement {
	t := p.next()
	p.expectWord("TABLE")
	s := &ast.Analyze{Table: p.name("a table name")}
	if p.is("PARTITION") {
		s.Partition = p.partition()
	}
	if !p.expectWords("COMPUTE", "STATISTICS") {
		return s
	}
	if p.word("FOR") {
		if p.words("ALL", "COLUMNS") {
			s.AllColumns = true
		} else if p.expectWord("COLUMNS") {
			for {
				s.Columns = append(s.Columns, p.ident("a column name"))
				if !p.accept(kComma) {
					break
				}
			}
		}
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) stopJob() ast.Statement {
	t := p.next()
	p.expectWord("JOB")
	s := &ast.StopJob{ID: p.stringLit("a job id")}
	for p.is("WITH") {
		switch {
		case p.words("WITH", "SAVEPOINT"):
			s.Savepoint = true
		case p.words("WITH", "DRAIN"):
			s.Drain = true
		default:
			p.next()
			p.expectedAfter("WITH", "SAVEPOINT", "DRAIN")
			return s
		}
	}
	s.Span = p.from(t.Start)
	return s
}

func (p *parser) show() ast.Statement {
	t := p.next()
	s := &ast.Show{}
	switch {
	case p.word("CREATE"):
		p.showCreate(s)
		s.Span = p.from(t.Start)
		return s
	case p.words("CURRENT", "CATALOG"):
		s.Kind = ast.ShowCurrentCatalog
	case p.words("CURRENT", "DATABASE"):
		s.Kind = ast.ShowCurrentDatabase
	case p.words("MATERIALIZED", "TABLES"):
		s.Kind = ast.ShowMaterializedTables
	case p.words("USER", "FUNCTIONS"):
		s.Kind = ast.ShowUserFunctions
	case p.words("FULL", "MODULES"):
		s.Kind = ast.ShowFullModules
	default:
		c := p.cur()
		k, ok := ast.ShowKind(0), false
		if c.kw != nil {
			k, ok = showKinds[c.kw.Text]
		}
		if !ok {
			p.expectedAfter("SHOW", showWords...)
			return s
		}
		p.next()
		s.Kind = k
	}
	p.showTail(s)
	s.Span = p.from(t.Start)
	return s
}

var showKinds = map[string]ast.ShowKind{
	"TABLES": ast.ShowTables, "VIEWS": ast.ShowViews, "DATABASES": ast.ShowDatabases, "CATALOGS": ast.ShowCatalogs,
	"FUNCTIONS": ast.ShowFunctions, "MODELS": ast.ShowModels, "CONNECTIONS": ast.ShowConnections,
	"PROCEDURES": ast.ShowProcedures, "MODULES": ast.ShowModules, "COLUMNS": ast.ShowColumns, "PARTITIONS": ast.ShowPartitions,
	"JARS": ast.ShowJars, "JOBS": ast.ShowJobs,
}

var showWords = []string{
	"TABLES", "VIEWS", "MATERIALIZED TABLES", "DATABASES", "CATALOGS", "FUNCTIONS", "MODELS", "CONNECTIONS", "PROCEDURES", "MODULES",
	"COLUMNS", "PARTITIONS", "JARS", "JOBS", "CURRENT CATALOG", "CURRENT DATABASE", "CREATE",
}

// showTail parses FROM, PARTITION and LIKE of SHOW.
func (p *parser) showTail(s *ast.Show) {
	switch s.Kind { //nolint:exhaustive // The others may have a FROM.
	case ast.ShowPartitions:
		s.From = p.name("a table name")
		if p.is("PARTITION") {
			s.Partition = p.partition()
		}
		return
	case ast.ShowCurrentCatalog, ast.ShowCurrentDatabase, ast.ShowJars, ast.ShowJobs, ast.ShowModules, ast.ShowFullModules:
		return
	}
	if p.is("FROM") || p.is("IN") {
		s.In = p.next().is("IN")
		s.From = p.name("a name")
	} else if s.Kind == ast.ShowColumns {
		p.expectedAfter("SHOW COLUMNS", "FROM", "IN")
		return
	}
	start := p.start()
	not := p.is("NOT")
	if not {
		p.next()
	}
	switch {
	case p.is("LIKE"), p.is("ILIKE"):
		l := &ast.ShowLike{Not: not, ILike: p.next().is("ILIKE")}
		l.Pattern = p.stringLit("a pattern")
		l.Span = p.from(start)
		s.Like = l
	case not:
		p.expectedAfter("NOT", "LIKE", "ILIKE")
	}
}

func (p *parser) showCreate(s *ast.Show) {
	s.Kind = ast.ShowCreate
	switch {
	case p.word("TABLE"):
		s.Object = ast.ObjectTable
	case p.word("VIEW"):
		s.Object = ast.ObjectView
	case p.word("CATALOG"):
		s.Object = ast.ObjectCatalog
	case p.word("DATABASE"):
		s.Object = ast.ObjectDatabase
	case p.word("MODEL"):
		s.Object = ast.ObjectModel
	case p.word("CONNECTION"):
		s.Object = ast.ObjectConnection
	case p.word("FUNCTION"):
		s.Object = ast.ObjectFunction
	case p.words("OR", "ALTER", "MATERIALIZED", "TABLE"):
		s.Object = ast.ObjectMaterializedTable
		s.OrAlter = true
	case p.words("MATERIALIZED", "TABLE"):
		s.Object = ast.ObjectMaterializedTable
	default:
		p.expectedAfter("SHOW CREATE", "TABLE", "VIEW", "CATALOG", "DATABASE", "MODEL", "CONNECTION", "MATERIALIZED TABLE")
		return
	}
	s.From = p.name("a name")
}

func (p *parser) describe() ast.Statement {
	t := p.next()
	s := &ast.Describe{Kind: ast.ObjectTable}
	c := p.cur()
	if n := p.peek(1); c.kw != nil && (n.isName() || n.kind == kString) {
		kind, ok := describeKinds[c.kw.Text]
		if ok {
			p.next()
			s.Kind = kind
		}
	}
	if s.Kind == ast.ObjectJob {
		s.Job = p.stringLit("a job id")
		s.Span = p.from(t.Start)
		return s
	}
	if p.is("EXTENDED") && p.peek(1).isName() {
		p.next()
		s.Extended = true
	}
	if p.is("TABLE") {
		p.next()
	}
	s.Name = p.name("the name of a table")
	s.Span = p.from(t.Start)
	return s
}

var describeKinds = map[string]ast.ObjectKind{
	"CATALOG": ast.ObjectCatalog, "DATABASE": ast.ObjectDatabase, "FUNCTION": ast.ObjectFunction, "MODEL": ast.ObjectModel,
	"CONNECTION": ast.ObjectConnection, "JOB": ast.ObjectJob,
}
