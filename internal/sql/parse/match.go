// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
)

// matchRecognize parses MATCH_RECOGNIZE (...) [alias] after a table if it is there.
func (p *parser) matchRecognize(input ast.TableExpr, start ast.Pos) ast.TableExpr {
	if !p.is("MATCH_RECOGNIZE") {
		return input
	}
	m := &ast.MatchRecognize{Input: input}
	p.next()
	if !p.open("MATCH_RECOGNIZE") {
		return m
	}
	if p.word("PARTITION") && p.expectWord("BY") {
		m.PartitionBy = p.exprList()
	}
	if p.word("ORDER") && p.expectWord("BY") {
		m.OrderBy = p.orderItems()
	}
	if p.word("MEASURES") {
		m.Measures = p.measures()
	}
	switch {
	case p.words("ONE", "ROW", "PER", "MATCH"):
	case p.words("ALL", "ROWS", "PER", "MATCH"):
		m.AllRows = true
	}
	if p.is("AFTER") {
		m.After = p.afterMatch()
	}
	if !p.expectWord("PATTERN") || !p.open("PATTERN") {
		return m
	}
	m.Pattern = p.patternAlt()
	p.close()
	if p.word("WITHIN") {
		m.Within = p.expr()
	}
	if p.word("SUBSET") {
		m.Subsets = p.subsets()
	}
	if p.expectWord("DEFINE") {
		m.Define = p.defines()
	}
	p.closeList("definition")
	m.Alias = p.alias()
	m.Span = p.from(start)
	return m
}

func (p *parser) measures() []ast.SelectItem {
	var list []ast.SelectItem
	for {
		start := p.start()
		if t := p.cur(); (t.is("FINAL") || t.is("RUNNING")) && p.peek(1).isName() {
			p.notSupported(t, t.kw.Text+" in MEASURES")
			return list
		}
		m := ast.SelectItem{Expr: p.expr()}
		if !p.word("AS") {
			p.expected("AS and a name after the measure")
			return list
		}
		name := p.ident("the name of the measure")
		m.Alias = &name
		m.Span = p.from(start)
		list = append(list, m)
		if !p.accept(kComma) {
			return list
		}
	}
}

func (p *parser) afterMatch() ast.AfterMatch {
	a := ast.AfterMatch{}
	start := p.start()
	if !p.expectWords("AFTER", "MATCH", "SKIP") {
		return a
	}
	switch {
	case p.words("TO", "NEXT", "ROW"):
		a.Kind = ast.SkipToNextRow
	case p.words("PAST", "LAST", "ROW"):
		a.Kind = ast.SkipPastLastRow
	case p.words("TO", "FIRST"):
		a.Kind = ast.SkipToFirst
		a.Symbol = p.ident("a pattern variable")
	case p.word("TO"):
		p.word("LAST")
		a.Kind = ast.SkipToLast
		a.Symbol = p.ident("a pattern variable")
	default:
		p.expectedAfter("AFTER MATCH SKIP", "PAST LAST ROW", "TO NEXT ROW", "TO FIRST", "TO LAST")
	}
	a.Span = p.from(start)
	return a
}

func (p *parser) patternAlt() ast.PatternExpr {
	start := p.start()
	first := p.patternSeq()
	if !p.at(kBar) {
		return first
	}
	alt := &ast.PatternAlt{Items: []ast.PatternExpr{first}}
	for p.accept(kBar) {
		alt.Items = append(alt.Items, p.patternSeq())
	}
	alt.Span = p.from(start)
	return alt
}

func (p *parser) patternSeq() ast.PatternExpr {
	start := p.start()
	first := p.patternFactor()
	if p.err != nil || p.at(kRParen) || p.at(kBar) || p.at(kComma) || p.at(kMinus) {
		return first
	}
	seq := &ast.PatternSeq{Items: []ast.PatternExpr{first}}
	for p.err == nil && !p.at(kRParen) && !p.at(kBar) && !p.at(kComma) && !p.at(kMinus) {
		seq.Items = append(seq.Items, p.patternFactor())
	}
	seq.Span = p.from(start)
	return seq
}

// patternFactor parses a pattern with a quantifier.
func (p *parser) patternFactor() ast.PatternExpr {
	start := p.start()
	item := p.patternPrimary()
	r := &ast.PatternRepeat{Item: item, Max: -1}
	switch {
	case p.accept(kStar):
	case p.accept(kPlus):
		r.Min = 1
	case p.accept(kQuestion):
		r.Max = 1
	case p.at(kLBrace) && p.peek(1).kind != kMinus:
		p.next()
		if p.at(kInteger) {
			r.Min = p.smallInt("a number of repetitions")
			r.Max = r.Min
		}
		if p.accept(kComma) {
			r.Max = -1
			if p.at(kInteger) {
				r.Max = p.smallInt("a number of repetitions")
			}
		}
		p.expect(kRBrace)
	default:
		return item
	}
	r.Reluctant = p.accept(kQuestion)
	r.Span = p.from(start)
	return r
}

func (p *parser) patternPrimary() ast.PatternExpr {
	start := p.start()
	switch {
	case p.at(kLParen):
		if !p.enter() {
			return &ast.PatternVar{}
		}
		defer p.leave()
		p.lparen()
		x := p.patternAlt()
		p.close()
		return x
	case p.at(kLBrace):
		p.next()
		p.expect(kMinus)
		x := &ast.PatternExclude{Item: p.patternAlt()}
		p.expect(kMinus)
		p.expect(kRBrace)
		x.Span = p.from(start)
		return x
	case p.is("PERMUTE"):
		p.next()
		x := &ast.PatternPermute{}
		if !p.open("PERMUTE") {
			return x
		}
		for {
			x.Items = append(x.Items, p.patternAlt())
			if !p.accept(kComma) {
				break
			}
		}
		p.close()
		x.Span = p.from(start)
		return x
	case p.at(kCaret):
		p.fail(errs.NotSupported, p.cur(), "anchors in PATTERN are not supported")
	}
	name := p.ident("a pattern variable")
	return &ast.PatternVar{Name: name, Span: name.Span}
}

func (p *parser) subsets() []ast.PatternSubset {
	var list []ast.PatternSubset
	for {
		start := p.start()
		s := ast.PatternSubset{Name: p.ident("the name of a subset")}
		p.expect(kEq)
		s.Members = p.identList("SUBSET", "a pattern variable")
		s.Span = p.from(start)
		list = append(list, s)
		if !p.accept(kComma) {
			return list
		}
	}
}

func (p *parser) defines() []ast.PatternDefine {
	var list []ast.PatternDefine
	for {
		start := p.start()
		d := ast.PatternDefine{Name: p.ident("a pattern variable")}
		p.expectWord("AS")
		d.Condition = p.expr()
		d.Span = p.from(start)
		list = append(list, d)
		if !p.accept(kComma) {
			return list
		}
	}
}
