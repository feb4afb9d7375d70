// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"

	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// Statements parses a script: statements that end in semicolons; the last one may go without. Empty statements are dropped.
// The error, if any, is a *sqlerr.Error with src attached; the statements before it are returned as well.
func Statements(src string) ([]ast.Statement, error) {
	p := newParser(src)
	defer p.release()
	var list []ast.Statement
	for {
		for p.accept(kSemi) {
		}
		if p.at(kEOF) && p.err == nil && p.lexErr == nil {
			return list, nil
		}
		s := p.statement()
		p.endOfStatement()
		if err := p.finish(s); err != nil {
			return list, err
		}
		list = append(list, s)
	}
}

// Statement parses a text of one statement; a semicolon may follow it.
func Statement(src string) (ast.Statement, error) {
	p := newParser(src)
	defer p.release()
	s := p.statement()
	for p.accept(kSemi) {
	}
	if p.prev().kind == kSemi && p.err == nil && p.at(kWord) {
		p.fail(errs.InvalidSyntax, p.cur(), "one statement was expected, and there is another")
	}
	p.endOf("statement")
	if err := p.finish(s); err != nil {
		return nil, err
	}
	return s, nil
}

// Query parses a text that is one query.
func Query(src string) (*ast.Query, error) {
	p := newParser(src)
	defer p.release()
	q := p.query()
	p.endOf("query")
	if err := p.finish(q); err != nil {
		return nil, err
	}
	return q, nil
}

// Expression parses a text that is one scalar expression.
func Expression(src string) (ast.Expr, error) {
	p := newParser(src)
	defer p.release()
	x := p.expr()
	p.endOf("expression")
	if err := p.finish(x); err != nil {
		return nil, err
	}
	return x, nil
}

// DataType parses a text that is one data type.
func DataType(src string) (*ast.DataType, error) {
	p := newParser(src)
	defer p.release()
	t := p.dataType()
	p.endOf("type")
	if err := p.finish(nil); err != nil {
		return nil, err
	}
	return t, nil
}

// finish returns the error of the parse, if any, and checks the height of the tree.
func (p *parser) finish(n ast.Node) error {
	// A tree has no more levels than there are tokens, so few need to be measured.
	if p.err == nil && n != nil && len(p.toks) > MaxHeight {
		if deep := ast.TooHigh(n, MaxHeight); deep != nil {
			p.fail(errs.LimitExceeded, deep, "the statement has more than %d levels of operators", MaxHeight)
		}
	}
	if p.err == nil {
		return nil
	}
	return sqlerr.WithSource(p.err, p.src)
}

// endOf checks that nothing follows what was parsed.
func (p *parser) endOf(what string) {
	if p.err == nil && !p.at(kEOF) {
		p.unexpectedEnd(what)
	}
}

// endOfStatement checks that a semicolon or the end follows.
func (p *parser) endOfStatement() {
	if p.err == nil && !p.at(kEOF) && !p.accept(kSemi) {
		p.unexpectedEnd("statement")
	}
}

// unexpectedEnd reports a token after what could have been all.
func (p *parser) unexpectedEnd(what string) {
	t := p.cur()
	switch t.kind { //nolint:exhaustive // The others get the general message.
	case kError:
		p.expected("")
		return
	case kRParen:
		p.fail(errs.InvalidSyntax, t, `")" closes nothing`)
		return
	case kHintOpen:
		p.fail(errs.InvalidSyntax, t, "a hint cannot stand here").
			hint("hints stand after SELECT, after INSERT INTO table and after a table in FROM")
		return
	}
	if t.kind == kWord {
		for _, w := range startWords {
			if t.is(w) && t.Start.Col == 1 {
				p.fail(errs.InvalidSyntax, t, `expected ";" before the next statement, found %s`, quoteFound(p.text(t)))
				return
			}
		}
	}
	p.expected("the end of the " + what)
}

// InputState is what an interactive reader needs to know about the text typed so far.
type InputState uint8

// The states of input.
const (
	// InputEmpty has nothing but blanks, comments and semicolons.
	InputEmpty InputState = iota
	// InputIncomplete goes on: no semicolon ends it, or a quote, a comment or a statement set is open.
	InputIncomplete
	// InputComplete ends in a semicolon.
	InputComplete
)

// Input reports whether text that a user types is complete: whether to run it or to read another line.
func Input(src string) InputState {
	p := newParser(src)
	defer p.release()
	if p.lexErr != nil {
		if p.lexErr.Incomplete {
			return InputIncomplete
		}
		return InputComplete // Let the parser report it.
	}
	last, open, begun := kEOF, false, false
	for i := range p.toks {
		t := &p.toks[i]
		if t.kind == kEOF {
			break
		}
		if last == kEOF || last == kSemi {
			begun = begun || t.kind != kSemi
			switch {
			case t.is("BEGIN") && p.toks[i+1].is("STATEMENT"):
				open = true
			case t.is("END"):
				open = false
			}
		}
		if t.is("SET") && i > 0 && p.toks[i-1].is("STATEMENT") && p.toks[i+1].is("BEGIN") {
			open = true
		}
		last = t.kind
	}
	switch {
	case !begun:
		return InputEmpty
	case last == kSemi && !open:
		return InputComplete
	default:
		return InputIncomplete
	}
}

// IsClientCommand reports whether a line is a command that needs no semicolon: quit, exit, clear, help.
func IsClientCommand(line string) bool {
	switch strings.ToUpper(strings.TrimSpace(line)) {
	case "QUIT", "EXIT", "CLEAR", "HELP":
		return true
	}
	return false
}
