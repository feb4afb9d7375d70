// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
)

func (p *parser) alter() ast.Statement {
	start := p.start()
	p.next()
	s := &ast.Alter{}
	s.Temporary = p.word("TEMPORARY")
	system := s.Temporary && p.word("SYSTEM")
	switch {
	case p.word("TABLE"):
		s.Kind = ast.ObjectTable
	case p.word("VIEW"):
		s.Kind = ast.ObjectView
	case p.word("DATABASE"):
		s.Kind = ast.ObjectDatabase
	case p.word("CATALOG"):
		s.Kind = ast.ObjectCatalog
	case p.word("MODEL"):
		s.Kind = ast.ObjectModel
	case p.word("CONNECTION"):
		s.Kind = ast.ObjectConnection
	case p.words("MATERIALIZED", "TABLE"):
		s.Kind = ast.ObjectMaterializedTable
	case p.word("FUNCTION"):
		f := &ast.CreateFunction{Alter: true, Temporary: s.Temporary, System: system, IfExists: p.ifExists()}
		p.functionTail(f)
		f.Span = p.from(start)
		return f
	default:
		p.expectedAfter("ALTER", "TABLE", "VIEW", "DATABASE", "CATALOG", "FUNCTION", "MODEL", "CONNECTION", "MATERIALIZED TABLE")
		return s
	}
	s.IfExists = p.ifExists()
	s.Name = p.name("a name")
	s.Action = p.alterAction(s.Kind)
	s.Span = p.from(start)
	return s
}

// badAction stands for an action after an error; nobody sees it.
var badAction ast.AlterAction = &ast.SetComment{}

func (p *parser) alterAction(kind ast.ObjectKind) ast.AlterAction {
	start := p.start()
	table := kind == ast.ObjectTable || kind == ast.ObjectMaterializedTable
	switch {
	case p.word("RENAME"):
		return p.rename(start, kind)
	case p.is("SET"):
		return p.alterSet(kind)
	case p.word("RESET"):
		return p.resetOptions(start)
	case kind == ast.ObjectCatalog && p.is("COMMENT"):
		c := p.comment()
		return &ast.SetComment{Comment: *c, Span: p.from(start)}
	case (kind == ast.ObjectView || kind == ast.ObjectMaterializedTable) && p.word("AS"):
		q := p.query()
		return &ast.AlterQuery{Query: q, Span: p.from(start)}
	case table && (p.is("ADD") || p.is("MODIFY")):
		return p.alterSchema()
	case table && p.is("DROP"):
		return p.dropParts()
	case kind == ast.ObjectMaterializedTable && (p.is("SUSPEND") || p.is("RESUME") || p.is("REFRESH")):
		return p.alterRefresh()
	}
	words := []string{"RENAME", "SET", "RESET"}
	switch kind { //nolint:exhaustive // The others have nothing more.
	case ast.ObjectTable:
		words = append(words, "ADD", "MODIFY", "DROP")
	case ast.ObjectMaterializedTable:
		words = append(words, "ADD", "MODIFY", "DROP", "AS", "SUSPEND", "RESUME", "REFRESH")
	case ast.ObjectView:
		words = []string{"RENAME", "AS"}
	case ast.ObjectCatalog:
		words = []string{"SET", "RESET", "COMMENT"}
	}
	p.expectedAfter("the name", words...)
	return badAction
}

func (p *parser) rename(start ast.Pos, kind ast.ObjectKind) ast.AlterAction {
	if p.word("TO") {
		name := p.name("the new name")
		return &ast.RenameTo{Name: name, Span: p.from(start)}
	}
	if kind != ast.ObjectTable {
		p.expectedAfter("RENAME", "TO")
		return badAction
	}
	from := p.name("TO or a column name")
	p.expectWord("TO")
	to := p.name("the new name of the column")
	return &ast.RenameColumn{From: from, To: to, Span: p.from(start)}
}

func (p *parser) alterSet(kind ast.ObjectKind) ast.AlterAction {
	start := p.start()
	p.next()
	if kind == ast.ObjectMaterializedTable {
		switch {
		case p.is("FRESHNESS"):
			x := p.freshness()
			return &ast.AlterRefresh{Action: ast.RefreshSetFreshness, Freshness: x, Span: p.from(start)}
		case p.is("REFRESH_MODE"):
			m := p.refreshMode()
			return &ast.AlterRefresh{Action: ast.RefreshSetMode, Mode: m, Span: p.from(start)}
		}
	}
	opts := p.options("SET")
	return &ast.SetOptions{Options: opts, Span: p.from(start)}
}

func (p *parser) resetOptions(start ast.Pos) ast.AlterAction {
	r := &ast.ResetOptions{}
	if !p.open("RESET") {
		return r
	}
	for {
		r.Keys = append(r.Keys, p.stringLit("an option key"))
		if !p.accept(kComma) {
			break
		}
	}
	p.closeList("key")
	r.Span = p.from(start)
	return r
}

// alterSchema parses ADD and MODIFY.
func (p *parser) alterSchema() ast.AlterAction {
	start := p.start()
	s := &ast.AlterSchema{Modify: p.next().is("MODIFY")}
	switch {
	case !s.Modify && (p.is("PARTITION") || p.seq("IF", "NOT", "EXISTS", "PARTITION")):
		return p.addPartitions(start)
	case p.word("DISTRIBUTION"), p.word("DISTRIBUTED"):
		s.Distribution = &ast.Distribution{}
		at := p.start()
		p.distributionTail(s.Distribution)
		s.Distribution.Span = p.from(at)
	case p.acceptLParen():
		for {
			p.alterElement(&s.Schema)
			if !p.accept(kComma) {
				break
			}
		}
		p.closeSchema()
	default:
		p.word("COLUMN")
		p.alterElement(&s.Schema)
	}
	s.Schema.Span = p.from(start)
	s.Span = p.from(start)
	return s
}

// alterElement parses an element of a schema; a column may say where it goes.
func (p *parser) alterElement(s *ast.TableSchema) {
	n := len(s.Columns)
	p.schemaElement(s)
	if len(s.Columns) == n {
		return
	}
	c := s.Columns[n]
	start := p.start()
	switch {
	case p.word("FIRST"):
		c.Position.First = true
	case p.word("AFTER"):
		after := p.ident("a column name")
		c.Position.After = &after
	default:
		return
	}
	c.Position.Span = p.from(start)
	c.Span = p.from(c.Start)
}

func (p *parser) addPartitions(start ast.Pos) ast.AlterAction {
	a := &ast.AddPartitions{IfNotExists: p.ifNotExists()}
	for p.is("PARTITION") {
		at := p.start()
		spec := ast.PartitionSpec{Values: p.partition()}
		if p.word("WITH") {
			spec.Options = p.options("WITH")
		}
		spec.Span = p.from(at)
		a.Partitions = append(a.Partitions, spec)
	}
	a.Span = p.from(start)
	return a
}

func (p *parser) dropParts() ast.AlterAction {
	start := p.start()
	p.next()
	d := &ast.DropParts{}
	switch {
	case p.words("PRIMARY", "KEY"):
		d.PrimaryKey = true
	case p.word("CONSTRAINT"):
		name := p.ident("the name of the constraint")
		d.Constraint = &name
	case p.word("WATERMARK"):
		d.Watermark = true
	case p.word("DISTRIBUTION"):
		d.Distribution = true
	case p.is("PARTITION"), p.seq("IF", "EXISTS", "PARTITION"):
		return p.dropPartitions(start)
	case p.acceptLParen():
		for {
			d.Columns = append(d.Columns, p.name("a column name"))
			if !p.accept(kComma) {
				break
			}
		}
		p.closeList("column")
	default:
		p.word("COLUMN")
		d.Columns = []ast.Name{p.name("a column name")}
	}
	d.Span = p.from(start)
	return d
}

func (p *parser) dropPartitions(start ast.Pos) ast.AlterAction {
	d := &ast.DropPartitions{IfExists: p.ifExists()}
	for {
		at := p.start()
		if !p.is("PARTITION") {
			p.expected("PARTITION")
			return d
		}
		spec := ast.PartitionSpec{Values: p.partition()}
		spec.Span = p.from(at)
		d.Partitions = append(d.Partitions, spec)
		if !p.accept(kComma) {
			break
		}
	}
	d.Span = p.from(start)
	return d
}

func (p *parser) alterRefresh() ast.AlterAction {
	start := p.start()
	a := &ast.AlterRefresh{}
	switch p.next().kw.Text {
	case "RESUME":
		a.Action = ast.RefreshResume
		if p.word("WITH") {
			a.Options = p.options("WITH")
		}
	case "REFRESH":
		a.Action = ast.RefreshNow
		if p.is("PARTITION") {
			a.Partition = p.partition()
		}
	}
	a.Span = p.from(start)
	return a
}
