// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// Binding powers of operators, from weak to strong; they are Calcite's.
const (
	bpLowest   = 0
	bpOr       = 10
	bpAnd      = 20
	bpNot      = 30
	bpIs       = 40
	bpCompare  = 50
	bpRange    = 60 // BETWEEN, IN, LIKE and their relatives
	bpMultiset = 65
	bpAdd      = 70
	bpMul      = 80 // also ||
	bpUnary    = 90
)

// bad stands for an expression after an error; nobody sees it.
var bad ast.Expr = &ast.Null{}

// expr parses an expression.
func (p *parser) expr() ast.Expr { return p.exprAbove(bpLowest) }

// exprAbove parses an expression whose operators bind stronger than limit.
func (p *parser) exprAbove(limit int) ast.Expr {
	left := p.prefix()
	for {
		bp := p.infixPower()
		if bp <= limit {
			return left
		}
		left = p.infix(left, bp)
		if p.err != nil {
			return bad
		}
	}
}

// infixPower returns the binding power of the current token as an infix or postfix operator, 0 when it is none.
func (p *parser) infixPower() int {
	t := p.cur()
	switch t.kind {
	case kWord:
		if t.kw == nil {
			return 0
		}
		return p.wordPower(t)
	case kEq, kNe, kLt, kLe, kGt, kGe:
		return bpCompare
	case kPlus, kMinus:
		return bpAdd
	case kStar, kSlash, kPercent, kConcat:
		return bpMul
	case kCast:
		return bpUnary
	default:
		return 0
	}
}

// wordPower is infixPower for keywords.
func (p *parser) wordPower(t *token) int {
	switch t.kw.Text {
	case "OR":
		return bpOr
	case "AND":
		return bpAnd
	case "IS":
		return bpIs
	case "IN", "LIKE", "BETWEEN", "SIMILAR", "ILIKE", "RLIKE":
		return bpRange
	case "NOT":
		switch n := p.peek(1); {
		case n.is("IN"), n.is("LIKE"), n.is("BETWEEN"), n.is("SIMILAR"), n.is("ILIKE"), n.is("RLIKE"):
			return bpRange
		}
	case "OVERLAPS", "CONTAINS", "EQUALS", "PRECEDES", "SUCCEEDS", "IMMEDIATELY":
		return bpRange
	case "MEMBER", "SUBMULTISET":
		return bpRange
	case "MULTISET":
		switch n := p.peek(1); {
		case n.is("UNION"), n.is("INTERSECT"), n.is("EXCEPT"):
			return bpMultiset
		}
	}
	return 0
}

// infix parses the operator at the current token, whose binding power is bp, and what follows it.
func (p *parser) infix(left ast.Expr, bp int) ast.Expr {
	switch bp {
	case bpOr, bpAnd:
		return p.logical(left, bp)
	case bpIs:
		return p.isTest(left)
	case bpRange:
		return p.rangeTest(left)
	case bpMultiset:
		return p.multisetOp(left)
	case bpUnary:
		p.fail(errs.NotSupported, p.cur(), `"::" is not a cast in this dialect`).
			hint("write CAST(value AS TYPE)")
		return bad
	}
	opTok := p.next()
	op := symbolOps[opTok.kind]
	if bp == bpCompare && (p.is("ANY") || p.is("SOME") || p.is("ALL")) && p.peek(1).kind == kLParen {
		return p.quantified(left, op)
	}
	opSpan := opTok.Span
	right := p.exprAbove(bp)
	x := alloc(&p.binaries)
	x.Op, x.OpSpan, x.Left, x.Right, x.Span = op, opSpan, left, right, p.from(left.Range().Start)
	return x
}

var symbolOps = [...]ast.BinaryOp{
	kEq: ast.OpEq, kNe: ast.OpNe, kLt: ast.OpLt, kLe: ast.OpLe, kGt: ast.OpGt, kGe: ast.OpGe, kPlus: ast.OpAdd, kMinus: ast.OpSub,
	kStar: ast.OpMul, kSlash: ast.OpDiv, kPercent: ast.OpMod, kConcat: ast.OpConcat,
}

// logical parses a chain of AND or OR into one flat node.
func (p *parser) logical(left ast.Expr, bp int) ast.Expr {
	word := "AND"
	if bp == bpOr {
		word = "OR"
	}
	var buf [4]ast.Expr
	operands := append(buf[:0], left)
	for p.word(word) {
		operands = append(operands, p.exprAbove(bp))
	}
	return &ast.Logical{Or: bp == bpOr, Operands: append([]ast.Expr(nil), operands...), Span: p.from(left.Range().Start)}
}

// quantified parses ANY, SOME or ALL (query or list).
func (p *parser) quantified(left ast.Expr, op ast.BinaryOp) ast.Expr {
	all := p.is("ALL")
	p.next()
	q := &ast.Quantified{Op: op, Left: left, All: all}
	q.List, q.Query = p.listOrQuery("ANY")
	q.Span = p.from(left.Range().Start)
	return q
}

// isTest parses IS [NOT] something.
func (p *parser) isTest(left ast.Expr) ast.Expr {
	opTok := p.next()
	opSpan := opTok.Span
	not := p.word("NOT")
	if p.words("DISTINCT", "FROM") {
		opSpan.End = p.prev().End
		op := ast.OpIsDistinct
		if not {
			op = ast.OpIsNotDistinct
		}
		right := p.exprAbove(bpCompare)
		return &ast.BinaryExpr{Op: op, OpSpan: opSpan, Left: left, Right: right, Span: p.from(left.Range().Start)}
	}
	is := &ast.Is{X: left, Not: not}
	switch {
	case p.word("NULL"):
		is.Test = ast.IsNull
	case p.word("TRUE"):
		is.Test = ast.IsTrue
	case p.word("FALSE"):
		is.Test = ast.IsFalse
	case p.word("UNKNOWN"):
		is.Test = ast.IsUnknown
	case p.word("JSON"):
		switch {
		case p.word("VALUE"):
			is.Test = ast.IsJSONValue
		case p.word("OBJECT"):
			is.Test = ast.IsJSONObject
		case p.word("ARRAY"):
			is.Test = ast.IsJSONArray
		case p.word("SCALAR"):
			is.Test = ast.IsJSONScalar
		default:
			is.Test = ast.IsJSON
		}
	case p.isPlain("A"):
		p.next()
		p.expectWord("SET")
		is.Test = ast.IsASet
	case p.word("EMPTY"):
		is.Test = ast.IsEmpty
	default:
		p.expectedAfter("IS", "NULL", "NOT NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT FROM", "JSON")
	}
	is.Span = p.from(left.Range().Start)
	return is
}

// isPlain reports whether the current token is the given word, which is in no table of keywords.
func (p *parser) isPlain(word string) bool {
	t := p.cur()
	return t.kind == kWord && t.kw == nil && len(word) == int(t.End.Offset-t.Start.Offset) && strings.EqualFold(p.text(t), word)
}

// rangeTest parses [NOT] BETWEEN, IN, LIKE and their relatives.
func (p *parser) rangeTest(left ast.Expr) ast.Expr {
	opStart := p.start()
	not := p.word("NOT")
	t := p.next()
	switch t.kw.Text {
	case "BETWEEN":
		return p.between(left, not)
	case "IN":
		in := &ast.In{X: left, Not: not}
		in.List, in.Query = p.listOrQuery("IN")
		in.Span = p.from(left.Range().Start)
		return in
	case "LIKE":
		return p.like(left, not, ast.OpLike)
	case "ILIKE":
		return p.like(left, not, ast.OpILike)
	case "RLIKE":
		return p.like(left, not, ast.OpRLike)
	case "SIMILAR":
		p.expectWord("TO")
		return p.like(left, not, ast.OpSimilarTo)
	}
	var op ast.BinaryOp
	switch t.kw.Text {
	case "OVERLAPS":
		op = ast.OpOverlaps
	case "CONTAINS":
		op = ast.OpContains
	case "EQUALS":
		op = ast.OpPeriodEquals
	case "PRECEDES":
		op = ast.OpPrecedes
	case "SUCCEEDS":
		op = ast.OpSucceeds
	case "IMMEDIATELY":
		op = ast.OpImmediatelyPrecedes
		if p.word("SUCCEEDS") {
			op = ast.OpImmediatelySucceeds
		} else {
			p.expectWord("PRECEDES")
		}
	case "MEMBER":
		p.word("OF")
		op = ast.OpMemberOf
	case "SUBMULTISET":
		p.word("OF")
		op = ast.OpSubmultisetOf
	}
	opSpan := p.from(opStart)
	right := p.exprAbove(bpRange)
	return &ast.BinaryExpr{Op: op, OpSpan: opSpan, Left: left, Right: right, Span: p.from(left.Range().Start)}
}

func (p *parser) between(left ast.Expr, not bool) ast.Expr {
	b := &ast.Between{X: left, Not: not}
	if p.word("SYMMETRIC") {
		b.Symmetric = true
	} else {
		p.word("ASYMMETRIC")
	}
	b.Low = p.exprAbove(bpRange)
	if !p.word("AND") {
		p.expected("AND between the bounds of BETWEEN")
		return bad
	}
	b.High = p.exprAbove(bpRange)
	b.Span = p.from(left.Range().Start)
	return b
}

func (p *parser) like(left ast.Expr, not bool, op ast.LikeOp) ast.Expr {
	l := &ast.Like{Op: op, X: left, Not: not}
	l.Pattern = p.exprAbove(bpRange)
	if p.word("ESCAPE") {
		l.Escape = p.exprAbove(bpRange)
	}
	l.Span = p.from(left.Range().Start)
	return l
}

// multisetOp parses MULTISET UNION | INTERSECT | EXCEPT [ALL | DISTINCT].
func (p *parser) multisetOp(left ast.Expr) ast.Expr {
	opStart := p.start()
	p.next()
	op := ast.OpMultisetUnion
	switch p.next().kw.Text {
	case "INTERSECT":
		op = ast.OpMultisetIntersect
	case "EXCEPT":
		op = ast.OpMultisetExcept
	}
	if p.word("ALL") {
		op++ // The ALL form follows the plain one.
	} else {
		p.word("DISTINCT")
	}
	opSpan := p.from(opStart)
	right := p.exprAbove(bpMultiset)
	return &ast.BinaryExpr{Op: op, OpSpan: opSpan, Left: left, Right: right, Span: p.from(left.Range().Start)}
}

// prefix parses a prefix operator or a primary.
func (p *parser) prefix() ast.Expr {
	t := p.cur()
	var op ast.UnaryOp
	bp := bpUnary
	switch {
	case t.is("NOT"):
		op, bp = ast.OpNot, bpNot
	case t.kind == kMinus:
		op = ast.OpNeg
	case t.kind == kPlus:
		op = ast.OpPlus
	default:
		return p.postfix(p.primary())
	}
	start := t.Start
	if !p.enter() {
		return bad
	}
	p.next()
	x := p.exprAbove(bp - 1)
	p.leave()
	return &ast.Unary{Op: op, X: x, Span: p.from(start)}
}

// postfix parses [index] and .field after a primary.
func (p *parser) postfix(x ast.Expr) ast.Expr {
	for {
		switch {
		case p.at(kLBracket):
			if !p.enter() {
				return bad
			}
			open := p.i
			p.next()
			index := p.expr()
			p.leave()
			if !p.accept(kRBracket) {
				o := p.toks[open].Start
				p.expected(`"]" that closes "[" at ` + posText(o))
				return bad
			}
			x = &ast.Index{Base: x, Index: index, Span: p.from(x.Range().Start)}
		case p.at(kDot):
			p.next()
			if p.at(kStar) {
				p.fail(errs.InvalidSyntax, p.cur(), `".*" can only stand in a select list, after a table or column name`)
				return bad
			}
			field := p.ident("a field name")
			x = &ast.FieldAccess{Base: x, Field: field, Span: p.from(x.Range().Start)}
		default:
			return x
		}
	}
}

// exprList parses a, b, ... up to a closing token that it does not consume.
func (p *parser) exprList() []ast.Expr {
	var buf [8]ast.Expr
	list := buf[:0]
	for {
		list = append(list, p.expr())
		if !p.accept(kComma) {
			if len(list) > len(buf) {
				return list
			}
			return append([]ast.Expr(nil), list...)
		}
	}
}

// listOrQuery parses (a, b, ...) or (query) after IN, ANY and so on.
func (p *parser) listOrQuery(after string) ([]ast.Expr, *ast.Query) {
	if !p.at(kLParen) {
		p.expected(`"(" with a list or a query after ` + after)
		return nil, nil
	}
	if !p.enter() {
		return nil, nil
	}
	defer p.leave()
	p.lparen()
	if p.startsQuery() {
		q := p.query()
		p.close()
		return nil, q
	}
	if p.at(kRParen) {
		p.expected("an expression in the list of " + after)
		return nil, nil
	}
	list := p.exprList()
	if len(list) == 1 {
		// ((SELECT ...)) and ((SELECT ...) UNION ...) begin like a list of one scalar sub-query.
		if sub, ok := list[0].(*ast.Subquery); ok {
			q := p.queryAfter(sub.Query)
			p.close()
			return nil, q
		}
	}
	p.closeList("list element")
	return list, nil
}
