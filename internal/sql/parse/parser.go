// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"
	"sync"

	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// parser walks over the tokens of one text. After the first error err is set and the current token is the kEOF at the end,
// so every function returns soon; what they return then is never shown.
type parser struct {
	src    string
	toks   []token
	i      int
	lexErr *sqlerr.Error
	err    *sqlerr.Error
	depth  int
	// opens are the open parentheses, for messages about missing closing ones.
	opens []int
	// closing are the places of closing parentheses, nil until somebody asks.
	closing []int32
	// idents is a slab that name parts are cut from.
	idents []ast.Ident
	// refs, numbers and binaries are slabs of the nodes that there are most of.
	refs     []ast.ColumnRef
	numbers  []ast.Number
	binaries []ast.BinaryExpr
}

// nodesPerSlab is how many nodes of a kind are allocated at a time.
const nodesPerSlab = 8

// alloc cuts a node from a slab.
func alloc[T any](slab *[]T) *T {
	if len(*slab) == cap(*slab) {
		*slab = make([]T, 0, nodesPerSlab)
	}
	*slab = (*slab)[:len(*slab)+1]
	return &(*slab)[len(*slab)-1]
}

// keptTokens bounds the token buffer that an idle parser keeps.
const keptTokens = 1 << 14

var parsers = sync.Pool{New: func() any { return new(parser) }}

func newParser(src string) *parser {
	p := parsers.Get().(*parser) //nolint:forcetypeassert // The pool holds nothing else.
	toks := p.toks[:0]
	if cap(toks) < len(src)/8 {
		toks = make([]token, 0, 16+len(src)/4)
	}
	*p = parser{src: src, opens: p.opens[:0]}
	p.toks, p.lexErr = lex(src, toks)
	return p
}

// release gives the parser back; the caller keeps no tokens.
func (p *parser) release() {
	if cap(p.toks) > keptTokens {
		p.toks = nil
	}
	*p = parser{toks: p.toks[:0], opens: p.opens[:0]}
	parsers.Put(p)
}

// cur returns the current token.
func (p *parser) cur() *token { return &p.toks[p.i] }

// peek returns the token n places after the current one.
func (p *parser) peek(n int) *token { return &p.toks[min(p.i+n, len(p.toks)-1)] }

// prev returns the token before the current one; the current one at the start.
func (p *parser) prev() *token { return &p.toks[max(p.i-1, 0)] }

// next moves on and returns the token that was current.
func (p *parser) next() *token {
	t := &p.toks[p.i]
	if p.i < len(p.toks)-1 {
		p.i++
	}
	return t
}

// is reports whether the current token is the keyword.
func (p *parser) is(word string) bool { return p.toks[p.i].is(word) }

// at reports whether the current token has the kind.
func (p *parser) at(k kind) bool { return p.toks[p.i].kind == k }

// seq reports whether the coming tokens are the keywords.
func (p *parser) seq(words ...string) bool {
	for n, w := range words {
		if !p.peek(n).is(w) {
			return false
		}
	}
	return true
}

// accept moves over the token if it has the kind.
func (p *parser) accept(k kind) bool {
	if p.toks[p.i].kind != k || k == kEOF {
		return false
	}
	p.i++
	return true
}

// word moves over the keyword if it is there.
func (p *parser) word(word string) bool {
	if !p.toks[p.i].is(word) {
		return false
	}
	p.i++
	return true
}

// words moves over the keywords if all of them are there.
func (p *parser) words(words ...string) bool {
	if !p.seq(words...) {
		return false
	}
	p.i += len(words)
	return true
}

// expect moves over a token of the kind or reports that it is missing.
func (p *parser) expect(k kind) bool {
	if p.accept(k) {
		return true
	}
	p.expected(kindText[k])
	return false
}

// expectWord moves over the keyword or reports that it is missing.
func (p *parser) expectWord(word string) bool {
	if p.word(word) {
		return true
	}
	p.expected(word)
	return false
}

// expectWords moves over the keywords or reports the first that is missing.
func (p *parser) expectWords(words ...string) bool {
	for _, w := range words {
		if !p.expectWord(w) {
			return false
		}
	}
	return true
}

// open moves over an opening parenthesis or reports that it is missing; what says what it opens.
func (p *parser) open(what string) bool {
	if !p.at(kLParen) {
		p.expected(`"(" after ` + what)
		return false
	}
	p.opens = append(p.opens, p.i)
	p.i++
	return true
}

// lparen moves over an opening parenthesis that is there, unless an error came before it.
func (p *parser) lparen() {
	if p.at(kLParen) {
		p.opens = append(p.opens, p.i)
		p.i++
	}
}

// acceptLParen moves over an opening parenthesis if it is there.
func (p *parser) acceptLParen() bool {
	if !p.at(kLParen) {
		return false
	}
	p.lparen()
	return true
}

// close moves over the closing parenthesis or reports that it is missing.
func (p *parser) close() {
	if p.err != nil {
		return
	}
	open := p.opens[len(p.opens)-1]
	p.opens = p.opens[:len(p.opens)-1]
	if !p.accept(kRParen) {
		p.notClosed(open)
	}
}

// enter counts one level of nesting; leave undoes it. It reports whether parsing can go on.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > MaxDepth {
		p.fail(errs.LimitExceeded, p.cur(), "the statement nests deeper than %d levels here", MaxDepth)
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

// from returns the span from start to the end of the token before the current one.
func (p *parser) from(start ast.Pos) ast.Span {
	return ast.Span{Start: start, End: p.prev().End}
}

// start returns where the current token starts.
func (p *parser) start() ast.Pos { return p.toks[p.i].Start }

// text returns the text of a token.
func (p *parser) text(t *token) string { return t.Text(p.src) }

// slabSize is how many name parts are allocated at a time.
const slabSize = 32

// keep moves the name parts into memory of the tree.
func (p *parser) keep(parts ...ast.Ident) []ast.Ident {
	if len(p.idents)+len(parts) > cap(p.idents) {
		p.idents = make([]ast.Ident, 0, max(slabSize, len(parts)))
	}
	n := len(p.idents)
	p.idents = append(p.idents, parts...)
	return p.idents[n:len(p.idents):len(p.idents)]
}

// identOf makes an identifier of a word or a quoted name.
func (p *parser) identOf(t *token) ast.Ident {
	s := p.text(t)
	if t.kind == kQuoted {
		s = s[1 : len(s)-1]
		if t.escaped {
			s = strings.ReplaceAll(s, "``", "`")
		}
		return ast.Ident{Span: t.Span, Name: s, Quoted: true}
	}
	return ast.Ident{Span: t.Span, Name: s}
}

// ident parses a name; what says whose name it is, with its article: "a column name".
func (p *parser) ident(what string) ast.Ident {
	t := p.cur()
	if !t.isName() {
		p.expectedName(what)
		return ast.Ident{}
	}
	p.next()
	return p.identOf(t)
}

// name parses a possibly qualified name.
func (p *parser) name(what string) ast.Name {
	start := p.start()
	first := p.ident(what)
	if !p.at(kDot) {
		return ast.Name{Span: first.Span, Parts: p.keep(first)}
	}
	var buf [4]ast.Ident
	parts := append(buf[:0], first)
	for p.accept(kDot) {
		parts = append(parts, p.ident(what))
	}
	return ast.Name{Span: p.from(start), Parts: p.keep(parts...)}
}

// identList parses (a, b, ...) after something.
func (p *parser) identList(after, what string) []ast.Ident {
	if !p.open(after) {
		return nil
	}
	var buf [8]ast.Ident
	list := buf[:0]
	for {
		list = append(list, p.ident(what))
		if !p.accept(kComma) {
			break
		}
	}
	p.close()
	return p.keep(list...)
}

// stringLit parses a string where only a string can stand.
func (p *parser) stringLit(what string) ast.Text {
	t := p.cur()
	switch t.kind { //nolint:exhaustive // All other kinds are errors.
	case kString:
		p.next()
		return ast.Text{Span: t.Span, Value: p.unquote(t)}
	case kUnicode:
		p.next()
		v := p.unicode(t)
		return ast.Text{Span: p.from(t.Start), Value: v}
	}
	p.expected(what + " in single quotes")
	return ast.Text{}
}

// options parses ('k' = 'v', ...).
func (p *parser) options(what string) []ast.Option {
	if !p.open(what) {
		return nil
	}
	var list []ast.Option
	if p.at(kRParen) {
		p.close()
		return nil
	}
	for {
		start := p.start()
		if p.cur().kind == kWord || p.cur().kind == kQuoted {
			p.unquotedOption()
			return nil
		}
		key := p.stringLit("an option key")
		if !p.expect(kEq) {
			return nil
		}
		if t := p.cur(); t.kind != kString && t.kind != kUnicode {
			e := p.expected("the value of option '" + key.Value + "' in single quotes")
			switch t.kind { //nolint:exhaustive // The kinds that somebody may take for a value.
			case kInteger, kDecimal, kApprox, kWord:
				e.hint("all values are strings: '" + key.Value + "' = '" + p.text(t) + "'")
			}
			return nil
		}
		list = append(list, ast.Option{Key: key, Value: p.stringLit("an option value"), Span: p.from(start)})
		list[len(list)-1].Span = p.from(start)
		if !p.accept(kComma) {
			break
		}
	}
	p.closeList("option")
	return list
}

// unquotedOption reports key = 'value' with the key not in quotes.
func (p *parser) unquotedOption() {
	span := p.cur().Span
	n := 1
	for p.peek(n).kind == kDot || p.peek(n).kind == kMinus || p.peek(n).kind == kWord {
		span.End = p.peek(n).End
		n++
	}
	key := span.Text(p.src)
	p.fail(errs.InvalidSyntax, span, "option keys are strings in single quotes, found %s", quoteFound(key)).
		hint("write '" + key + "' = '...'")
}

// closeList closes the parentheses around a comma-separated list and guesses a missing comma.
func (p *parser) closeList(item string) {
	t := p.cur()
	switch {
	case p.err != nil:
		return
	case t.isName(), t.kind == kString, t.kind == kInteger, t.kind == kDecimal, t.is("CASE"), t.is("CAST"), t.is("NULL"), t.is("NOT"):
		e := p.expected(`"," or ")" after the ` + item)
		e.orHint("is a comma missing before " + quoteFound(p.text(t)) + "?")
		return
	}
	p.close()
}
