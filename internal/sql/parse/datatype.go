// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// typeKinds are the types that a keyword names; those with a grammar of their own are in typeRoot.
var typeKinds = map[string]ast.TypeKind{
	"STRING": ast.TypeString, "BOOLEAN": ast.TypeBoolean, "BYTES": ast.TypeBytes, "TINYINT": ast.TypeTinyint,
	"SMALLINT": ast.TypeSmallint, "INT": ast.TypeInt, "INTEGER": ast.TypeInt, "BIGINT": ast.TypeBigint, "FLOAT": ast.TypeFloat,
	"REAL": ast.TypeFloat, "DATE": ast.TypeDate, "VARIANT": ast.TypeVariant, "BITMAP": ast.TypeBitmap, "NULL": ast.TypeNull,
	"DESCRIPTOR": ast.TypeDescriptor, "DOUBLE": ast.TypeDouble, "CHAR": ast.TypeChar, "CHARACTER": ast.TypeChar,
	"VARCHAR": ast.TypeVarchar, "BINARY": ast.TypeBinary, "VARBINARY": ast.TypeVarbinary, "DECIMAL": ast.TypeDecimal,
	"DEC": ast.TypeDecimal, "NUMERIC": ast.TypeDecimal, "TIMESTAMP_LTZ": ast.TypeTimestampLTZ, "TIME": ast.TypeTime,
	"TIMESTAMP": ast.TypeTimestamp, "INTERVAL": ast.TypeInterval, "ARRAY": ast.TypeArray, "MULTISET": ast.TypeMultiset,
	"MAP": ast.TypeMap, "ROW": ast.TypeRow, "STRUCTURED": ast.TypeStructured, "RAW": ast.TypeRaw,
}

// typeNames are the names that a message about an unknown type may propose.
var typeNames = []string{
	"STRING", "BOOLEAN", "BYTES", "TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP",
	"TIMESTAMP_LTZ", "CHAR", "VARCHAR", "BINARY", "VARBINARY", "DECIMAL", "NUMERIC", "INTERVAL", "ARRAY", "MULTISET", "MAP", "ROW",
	"VARIANT", "BITMAP", "RAW",
}

// foreignTypes are the names of types in other dialects, and what to write here.
var foreignTypes = map[string]string{
	"TEXT": "STRING", "INT4": "INT", "INT8": "BIGINT", "INT2": "SMALLINT", "INT64": "BIGINT", "INT32": "INT", "FLOAT8": "DOUBLE",
	"FLOAT4": "FLOAT", "FLOAT64": "DOUBLE", "FLOAT32": "FLOAT", "BOOL": "BOOLEAN", "BLOB": "BYTES", "BYTEA": "BYTES",
	"DATETIME": "TIMESTAMP(3)", "TIMESTAMPTZ": "TIMESTAMP_LTZ(3)", "LONG": "BIGINT", "NUMBER": "DECIMAL(38, 18)", "CLOB": "STRING",
	"JSON": "STRING", "JSONB": "STRING", "UUID": "STRING", "NVARCHAR": "STRING", "STRUCT": "ROW<...>", "SERIAL": "BIGINT",
}

// dataType parses a type with NOT NULL, and the postfix forms `T ARRAY` and `T MULTISET`.
func (p *parser) dataType() *ast.DataType {
	start := p.start()
	if !p.enter() {
		return &ast.DataType{}
	}
	defer p.leave()
	t := p.typeRoot()
	p.nullability(t)
	for levels := 0; p.is("ARRAY") || p.is("MULTISET"); levels++ {
		if p.depth+levels >= MaxDepth {
			p.fail(errs.LimitExceeded, p.cur(), "the type nests deeper than %d levels here", MaxDepth)
			return t
		}
		outer := &ast.DataType{Kind: ast.TypeArray, Elem: t, Length: -1, Scale: -1}
		if p.next().is("MULTISET") {
			outer.Kind = ast.TypeMultiset
		}
		outer.Span = p.from(start)
		t = outer
		p.nullability(t)
	}
	return t
}

// nullability parses NOT NULL or NULL after a type.
func (p *parser) nullability(t *ast.DataType) {
	switch {
	case p.words("NOT", "NULL"):
		t.NotNull = true
	case p.is("NULL") && !p.peek(1).is("ON"): // NULL ON EMPTY may follow RETURNING type.
		p.next()
	default:
		return
	}
	t.Span = p.from(t.Start)
}

func (p *parser) typeRoot() *ast.DataType {
	tok := p.cur()
	t := &ast.DataType{Length: -1, Scale: -1, Span: tok.Span}
	kind, known := ast.TypeNamed, false
	if tok.kind == kWord && tok.kw != nil {
		kind, known = typeKinds[tok.kw.Text]
	}
	if !known || kind == ast.TypeNull && p.peek(1).is("NULL") {
		p.namedType(t)
		return t
	}
	p.next()
	t.Kind = kind
	switch kind { //nolint:exhaustive // All others have no parameters.
	case ast.TypeChar:
		if p.word("VARYING") {
			t.Kind = ast.TypeVarchar
		}
		p.typeLength(t)
	case ast.TypeBinary:
		if p.word("VARYING") {
			t.Kind = ast.TypeVarbinary
		}
		p.typeLength(t)
	case ast.TypeVarchar, ast.TypeVarbinary:
		p.typeLength(t)
	case ast.TypeDouble:
		p.word("PRECISION")
	case ast.TypeDecimal:
		p.decimal(t)
	case ast.TypeTimestampLTZ:
		p.typeLength(t)
	case ast.TypeTime, ast.TypeTimestamp:
		p.typeLength(t)
		p.timeZone(t)
	case ast.TypeInterval:
		t.Units = p.intervalUnits()
	case ast.TypeArray, ast.TypeMultiset:
		p.angle("<", tok)
		t.Elem = p.dataType()
		p.angle(">", tok)
	case ast.TypeMap:
		p.angle("<", tok)
		t.Key = p.dataType()
		if !p.accept(kComma) {
			p.expected(`"," and the type of the values of MAP`)
		}
		t.Elem = p.dataType()
		p.angle(">", tok)
	case ast.TypeRow:
		p.rowType(t, tok)
	case ast.TypeStructured:
		p.structured(t, tok)
	case ast.TypeRaw:
		p.raw(t)
	}
	t.Span = p.from(tok.Start)
	return t
}

// angle moves over < or >.
func (p *parser) angle(which string, tok *token) {
	k := kLt
	if which == ">" {
		k = kGt
		if p.at(kGe) { // ARRAY<INT>= cannot occur in a type, but > = written together can follow one.
			p.toks[p.i].kind = kEq
			p.toks[p.i].Start.Offset++
			p.toks[p.i].Start.Col++
			return
		}
	}
	if !p.accept(k) && p.err == nil {
		e := p.expected(`"` + which + `" of the type ` + p.text(tok))
		if which == "<" {
			e.orHint("the element type stands in angle brackets: ARRAY<INT>, MAP<STRING, INT>")
		}
	}
}

// typeLength parses (n) if it is there.
func (p *parser) typeLength(t *ast.DataType) {
	if p.acceptLParen() {
		t.Length = p.smallInt("a length or precision")
		p.close()
	}
}

func (p *parser) decimal(t *ast.DataType) {
	if !p.acceptLParen() {
		return
	}
	t.Length = p.smallInt("a precision")
	if p.accept(kComma) {
		t.Scale = p.smallInt("a scale")
	}
	p.close()
}

// timeZone parses WITH [LOCAL] TIME ZONE and WITHOUT TIME ZONE.
func (p *parser) timeZone(t *ast.DataType) {
	switch {
	case p.words("WITHOUT", "TIME", "ZONE"):
	case t.Kind == ast.TypeTimestamp && p.words("WITH", "LOCAL", "TIME", "ZONE"):
		t.Kind = ast.TypeTimestampLTZ
	case t.Kind == ast.TypeTimestamp && p.words("WITH", "TIME", "ZONE"):
		t.Kind = ast.TypeTimestampTZ
	case t.Kind == ast.TypeTime && (p.seq("WITH", "TIME", "ZONE") || p.seq("WITH", "LOCAL", "TIME", "ZONE")):
		p.fail(errs.NotSupported, p.cur(), "TIME has no time zone")
	}
}

// rowType parses ROW<a INT, ...> and ROW(a INT, ...).
func (p *parser) rowType(t *ast.DataType, tok *token) {
	if p.at(kNe) { // ROW<> is lexed as an operator.
		p.next()
		return
	}
	if p.acceptLParen() {
		if !p.at(kRParen) {
			t.Fields = p.fieldDefs()
		}
		p.closeList("field")
		return
	}
	p.angle("<", tok)
	if !p.at(kGt) {
		t.Fields = p.fieldDefs()
	}
	p.angle(">", tok)
}

func (p *parser) fieldDefs() []ast.FieldDef {
	var list []ast.FieldDef
	for {
		start := p.start()
		f := ast.FieldDef{Name: p.ident("a field name")}
		f.Type = p.dataType()
		if p.is("COMMENT") && p.peek(1).kind == kString {
			p.next()
		}
		if p.at(kString) {
			c := p.stringLit("a comment")
			f.Comment = &c
		}
		f.Span = p.from(start)
		list = append(list, f)
		if !p.accept(kComma) {
			return list
		}
	}
}

// structured parses STRUCTURED<'class', a INT, ...>.
func (p *parser) structured(t *ast.DataType, tok *token) {
	p.angle("<", tok)
	class := p.stringLit("a class name")
	t.Name = ast.Name{Span: class.Span, Parts: []ast.Ident{{Span: class.Span, Name: class.Value, Quoted: true}}}
	if p.accept(kComma) {
		t.Fields = p.fieldDefs()
	}
	p.angle(">", tok)
}

// raw parses RAW('class', 'snapshot').
func (p *parser) raw(t *ast.DataType) {
	if !p.open("RAW") {
		return
	}
	class := p.stringLit("a class name")
	t.Name = ast.Name{Span: class.Span, Parts: []ast.Ident{{Span: class.Span, Name: class.Value, Quoted: true}}}
	if p.expect(kComma) {
		t.Snapshot = p.stringLit("a serializer snapshot").Value
	}
	p.close()
}

// namedType parses a type that no keyword names: a user's own, or a mistake.
func (p *parser) namedType(t *ast.DataType) {
	tok := p.cur()
	if !tok.isName() {
		p.expected("a data type")
		return
	}
	t.Name = p.name("a data type")
	t.Span = t.Name.Span
	if p.err != nil || len(t.Name.Parts) != 1 || tok.kind == kQuoted {
		return
	}
	word := t.Name.Parts[0].Name
	if here, ok := foreignTypes[strings.ToUpper(word)]; ok {
		p.fail(errs.InvalidSyntax, t.Name, "there is no type %s", word).
			hint("use " + here)
		return
	}
	if n := suggest.Nearest(word, typeNames); n != "" {
		p.fail(errs.InvalidSyntax, t.Name, "there is no type %s", word).
			hint("did you mean " + n + "?")
	}
}
