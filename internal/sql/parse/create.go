// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// createHead is what stands between CREATE and the name of the object.
type createHead struct {
	start             ast.Pos
	temporary, system bool
	orReplace, alter  bool
}

var createWords = []string{
	"TABLE", "VIEW", "DATABASE", "CATALOG", "FUNCTION", "TEMPORARY", "MODEL", "MATERIALIZED TABLE", "CONNECTION", "OR REPLACE",
}

func (p *parser) create() ast.Statement {
	h := createHead{start: p.start()}
	p.next()
	if p.word("OR") {
		switch {
		case p.word("REPLACE"):
			h.orReplace = true
		case p.word("ALTER"):
			h.alter = true
		default:
			p.expectedAfter("CREATE OR", "REPLACE", "ALTER")
			return badStmt
		}
	}
	if p.word("TEMPORARY") {
		h.temporary = true
		h.system = p.word("SYSTEM")
	}
	t := p.cur()
	switch {
	case p.word("TABLE"):
		return p.createTable(h)
	case p.word("VIEW"):
		return p.createView(h)
	case p.word("DATABASE"):
		return p.createDatabase(h)
	case p.word("CATALOG"):
		return p.createCatalog(h)
	case p.word("FUNCTION"):
		return p.createFunction(h)
	case p.word("MODEL"):
		return p.createModel(h)
	case p.word("CONNECTION"):
		return p.createConnection(h)
	case p.words("MATERIALIZED", "TABLE"):
		return p.createMaterialized(h)
	case p.seq("MATERIALIZED", "VIEW"):
		p.fail(errs.NotSupported, t, "there are no materialized views").
			hint("write CREATE MATERIALIZED TABLE name FRESHNESS = INTERVAL '1' MINUTE AS SELECT ...")
		return badStmt
	}
	p.expectedAfter("CREATE", createWords...)
	return badStmt
}

func (p *parser) ifNotExists() bool {
	if p.is("IF") && p.peek(1).is("NOT") {
		return p.expectWords("IF", "NOT", "EXISTS")
	}
	return false
}

// comment parses COMMENT 'text' if it is there.
func (p *parser) comment() *ast.Text {
	if !p.is("COMMENT") {
		return nil
	}
	p.next()
	p.accept(kEq)
	c := p.stringLit("a comment")
	return &c
}

func (p *parser) replaceTable() ast.Statement {
	start := p.start()
	p.next()
	if !p.expectWord("TABLE") {
		return badStmt
	}
	s := p.createTable(createHead{start: start})
	if t, ok := s.(*ast.CreateTable); ok {
		t.Replace = true
	}
	return s
}

func (p *parser) createTable(h createHead) ast.Statement {
	if h.system || h.alter {
		p.expected("CREATE TABLE without SYSTEM or OR ALTER before the name")
		return badStmt
	}
	s := &ast.CreateTable{Temporary: h.temporary, OrReplace: h.orReplace}
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name("a table name")
	if p.at(kLParen) {
		s.HasSchema = true
		s.Schema = p.schema("the table name")
	}
	p.tableClauses(s)
	s.Span = p.from(h.start)
	if p.err == nil && !p.atStatementEnd() {
		p.afterTable(s)
	}
	return s
}

// tableClauses parses what follows the schema, in any order that makes sense.
func (p *parser) tableClauses(s *ast.CreateTable) {
	for p.err == nil {
		t := p.cur()
		if t.kw == nil {
			return
		}
		switch t.kw.Text {
		case "COMMENT":
			s.Comment = p.comment()
		case "DISTRIBUTED":
			s.Distribution = p.distribution()
		case "PARTITIONED":
			s.PartitionedBy = p.partitionedBy()
		case "USING":
			p.next()
			p.expectWord("CONNECTION")
			s.Connection = p.name("a connection name")
		case "WITH":
			if s.Options != nil {
				return
			}
			p.next()
			s.Options = p.options("WITH")
		case "LIKE":
			s.Like = p.tableLike()
			return
		case "AS":
			p.next()
			s.As = p.query()
			return
		default:
			return
		}
	}
}

// afterTable reports what cannot follow a CREATE TABLE, with a hint about the order of clauses.
func (p *parser) afterTable(s *ast.CreateTable) {
	t := p.cur()
	if s.As != nil && !t.is("WITH") || t.kind == kRParen {
		p.unexpectedEnd("statement")
		return
	}
	e := p.expected("COMMENT, DISTRIBUTED BY, PARTITIONED BY, WITH, LIKE, AS or the end of the statement")
	switch {
	case t.is("WITH") && (s.As != nil || s.Like != nil):
		e.hint("WITH (...) stands before LIKE and AS")
	case t.is("WATERMARK"), t.is("PRIMARY"):
		e.hint(t.kw.Text + " stands in the parentheses of the columns")
	case t.is("PARTITION"):
		e.hint("write PARTITIONED BY (column, ...)")
	case t.is("SELECT"):
		e.hint("write AS before SELECT")
	}
}

func (p *parser) partitionedBy() []ast.Ident {
	p.next()
	p.expectWord("BY")
	return p.identList("PARTITIONED BY", "a column name")
}

func (p *parser) distribution() *ast.Distribution {
	d := &ast.Distribution{}
	start := p.start()
	p.next()
	p.distributionTail(d)
	d.Span = p.from(start)
	return d
}

// distributionTail parses [BY [HASH | RANGE] (columns)] [INTO n BUCKETS].
func (p *parser) distributionTail(d *ast.Distribution) {
	if p.word("BY") {
		switch {
		case p.word("HASH"):
			d.Kind = ast.DistributionHash
		case p.word("RANGE"):
			d.Kind = ast.DistributionRange
		}
		d.Columns = p.identList("DISTRIBUTED BY", "a column name")
	}
	if p.word("INTO") {
		t := p.cur()
		d.Buckets = p.smallInt("a number of buckets")
		if d.Buckets == 0 && p.err == nil {
			p.fail(errs.InvalidSyntax, t, "a table has at least one bucket")
		}
		p.expectWord("BUCKETS")
	} else if d.Columns == nil {
		p.expectedAfter("DISTRIBUTED", "BY", "INTO")
	}
}

// schema parses ( columns, watermark, constraints ) of a table.
func (p *parser) schema(after string) ast.TableSchema {
	s := ast.TableSchema{}
	start := p.start()
	if !p.open(after) {
		return s
	}
	if !p.at(kRParen) {
		for {
			p.schemaElement(&s)
			if !p.accept(kComma) {
				break
			}
			if p.at(kRParen) {
				p.expected("a column, a watermark or a constraint")
				return s
			}
		}
	}
	p.closeSchema()
	s.Span = p.from(start)
	return s
}

// closeSchema closes the parentheses of a schema and guesses at a missing comma.
func (p *parser) closeSchema() {
	t := p.cur()
	if p.err != nil || t.kind == kRParen || t.kind == kEOF || t.kind == kSemi {
		p.close()
		return
	}
	e := p.expected(`"," or ")" after the column`)
	if t.isName() || t.is("PRIMARY") || t.is("CONSTRAINT") {
		e.orHint("is a comma missing before " + quoteFound(p.text(t)) + "?")
	}
}

func (p *parser) schemaElement(s *ast.TableSchema) {
	switch {
	case p.seq("WATERMARK", "FOR"):
		w := p.watermark()
		if s.Watermark != nil && p.err == nil {
			p.fail(errs.InvalidSyntax, w, "a table has one WATERMARK; there is another at %s", posText(s.Watermark.Start))
			return
		}
		s.Watermark = w
	case p.is("CONSTRAINT"), p.seq("PRIMARY", "KEY"), p.is("UNIQUE"):
		s.Constraints = append(s.Constraints, p.constraint(true))
	case p.is("PERIOD") && p.peek(1).is("FOR"):
		p.notSupported(p.cur(), "PERIOD FOR")
	default:
		s.Columns = append(s.Columns, p.column())
	}
}

func (p *parser) watermark() *ast.WatermarkDef {
	w := &ast.WatermarkDef{}
	start := p.start()
	p.next()
	p.next()
	w.Column = p.name("the column of the watermark")
	if !p.word("AS") {
		p.expected("AS and an expression after the column of WATERMARK")
		return w
	}
	w.Expr = p.expr()
	w.Span = p.from(start)
	return w
}

// constraint parses [CONSTRAINT name] PRIMARY KEY | UNIQUE [(columns)] [[NOT] ENFORCED].
func (p *parser) constraint(ofTable bool) *ast.ConstraintDef {
	c := &ast.ConstraintDef{}
	start := p.start()
	if p.word("CONSTRAINT") {
		name := p.ident("the name of the constraint")
		c.Name = &name
	}
	switch {
	case p.words("PRIMARY", "KEY"):
	case p.word("UNIQUE"):
		c.Unique = true
	default:
		p.expectedOneOf("PRIMARY KEY", "UNIQUE")
		return c
	}
	if ofTable {
		after := "PRIMARY KEY"
		if c.Unique {
			after = "UNIQUE"
		}
		c.Columns = p.identList(after, "a column name")
	}
	switch {
	case p.words("NOT", "ENFORCED"):
		c.Enforced = ast.NotEnforced
	case p.word("ENFORCED"):
		c.Enforced = ast.Enforced
	case p.is("NOT") && p.peek(1).kind == kWord:
		p.next()
		p.expectedAfter("NOT", "ENFORCED")
	}
	c.Span = p.from(start)
	return c
}

// column parses a column: physical, computed, metadata, or its name alone.
func (p *parser) column() *ast.ColumnDef {
	c := &ast.ColumnDef{}
	start := p.start()
	c.Name = p.ident("a column name")
	switch {
	case p.at(kComma), p.at(kRParen):
	case p.at(kDot):
		p.fail(errs.NotSupported, p.cur(), "a field of a row cannot be a column of its own here")
	case p.word("AS"):
		c.Computed = p.expr()
	case p.is("METADATA"):
		p.fail(errs.InvalidSyntax, p.cur(), "the metadata column %s has no type", quoteFound(c.Name.Name)).
			hint("write name TYPE METADATA")
	default:
		c.Type = p.dataType()
		if p.is("METADATA") {
			c.Metadata = p.metadata()
		}
	}
	if p.is("CONSTRAINT") || p.seq("PRIMARY", "KEY") || p.is("UNIQUE") {
		c.Key = p.constraint(false)
	}
	if c.Type != nil && c.Key != nil && p.words("NOT", "NULL") {
		c.Type.NotNull = true
	}
	if p.is("DEFAULT") {
		p.notSupported(p.cur(), "a default value of a column").
			hint("compute it: column AS expression")
	}
	c.Comment = p.comment()
	c.Span = p.from(start)
	return c
}

func (p *parser) metadata() *ast.MetadataSpec {
	m := &ast.MetadataSpec{}
	start := p.start()
	p.next()
	if p.word("FROM") {
		from := p.stringLit("a metadata key")
		m.From = &from
	}
	m.Virtual = p.word("VIRTUAL")
	m.Span = p.from(start)
	return m
}

func (p *parser) tableLike() *ast.TableLike {
	l := &ast.TableLike{}
	start := p.start()
	p.next()
	l.Table = p.name("the name of the table to be like")
	if p.at(kLParen) {
		p.lparen()
		for p.err == nil && !p.at(kRParen) {
			l.Options = append(l.Options, p.likeOption())
			p.accept(kComma)
		}
		p.close()
	}
	l.Span = p.from(start)
	return l
}

var likeFeatures = map[string]ast.LikeFeature{
	"ALL": ast.LikeAll, "CONSTRAINTS": ast.LikeConstraints, "DISTRIBUTION": ast.LikeDistribution, "GENERATED": ast.LikeGenerated,
	"METADATA": ast.LikeMetadata, "OPTIONS": ast.LikeOptions, "PARTITIONS": ast.LikePartitions, "WATERMARKS": ast.LikeWatermarks,
}

var likeFeatureWords = []string{
	"ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS",
}

func (p *parser) likeOption() ast.LikeOption {
	o := ast.LikeOption{}
	t := p.cur()
	switch {
	case p.word("INCLUDING"):
	case p.word("EXCLUDING"):
		o.Merge = ast.LikeExcluding
	case p.word("OVERWRITING"):
		o.Merge = ast.LikeOverwriting
	default:
		p.expectedOneOf("INCLUDING", "EXCLUDING", "OVERWRITING")
		return o
	}
	f := p.cur()
	ok := false
	if f.kw != nil {
		o.Feature, ok = likeFeatures[f.kw.Text]
	}
	if !ok {
		p.expectedAfter(t.kw.Text, likeFeatureWords...)
		return o
	}
	p.next()
	o.Span = p.from(t.Start)
	return o
}

func (p *parser) createView(h createHead) ast.Statement {
	s := &ast.CreateView{Temporary: h.temporary, OrReplace: h.orReplace}
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name("a view name")
	if p.acceptLParen() {
		for {
			start := p.start()
			c := ast.ViewColumn{Name: p.ident("a column name")}
			c.Comment = p.comment()
			c.Span = p.from(start)
			s.Columns = append(s.Columns, c)
			if !p.accept(kComma) {
				break
			}
		}
		p.closeList("column")
	}
	s.Comment = p.comment()
	if !p.word("AS") {
		p.expected("AS and a query after the name of the view")
		return s
	}
	s.Query = p.query()
	s.Span = p.from(h.start)
	return s
}
