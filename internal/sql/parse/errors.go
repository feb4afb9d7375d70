// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"spate/internal/sql/ast"
	"spate/internal/sql/keyword"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// report amends an error that was just recorded; the zero report, of an error that came after another, amends nothing.
type report struct{ err *sqlerr.Error }

// hint sets the hint.
func (r report) hint(text string) {
	if r.err != nil {
		r.err.Hint = text
	}
}

// orHint sets the hint if there is none.
func (r report) orHint(text string) {
	if r.err != nil && r.err.Hint == "" {
		r.err.Hint = text
	}
}

// incomplete says whether more text could mend the error.
func (r report) incomplete(yes bool) {
	if r.err != nil {
		r.err.Incomplete = yes
	}
}

// fail records the first error and moves to the end of the text.
func (p *parser) fail(code errs.Code, at sqlerr.Ranger, format string, args ...any) report {
	if p.err != nil {
		return report{}
	}
	p.err = sqlerr.New(code, at, format, args...)
	p.i = len(p.toks) - 1
	return report{p.err}
}

// expected reports that something else than the current token was expected.
func (p *parser) expected(what string) report {
	if p.err != nil {
		return report{}
	}
	t := p.cur()
	if t.kind == kError {
		p.fail(p.lexErr.Kind, t, "")
		p.err = p.lexErr
		return report{}
	}
	hint := p.guess(t)
	e := p.fail(errs.InvalidSyntax, t, "expected %s, found %s", what, p.found(t))
	e.incomplete(t.kind == kEOF)
	e.hint(hint)
	return e
}

// expectedName reports that a name was expected.
func (p *parser) expectedName(what string) {
	t := p.cur()
	if p.err != nil || t.kind != kWord {
		p.expected(what)
		return
	}
	text := p.text(t)
	p.fail(errs.InvalidSyntax, t, "expected %s, found the reserved word %s", what, quoteFound(text)).
		hint("if it is meant as a name, put it in backticks: `" + text + "`")
}

// notClosed reports a missing closing parenthesis.
func (p *parser) notClosed(open int) {
	p.expected(`")" that closes "(" at ` + posText(p.toks[open].Start))
}

// posText writes a position as line:col.
func posText(at ast.Pos) string {
	return strconv.Itoa(int(at.Line)) + ":" + strconv.Itoa(int(at.Col))
}

// found describes a token in a message.
func (p *parser) found(t *token) string {
	switch t.kind {
	case kEOF:
		return "the end of the text"
	case kSemi:
		return `the end of the statement (";")`
	default:
		return quoteFound(p.text(t))
	}
}

// maxFound bounds the text of a token in a message.
const maxFound = 40

// quoteFound puts text between quotes for a message.
func quoteFound(s string) string {
	if utf8.RuneCountInString(s) > maxFound {
		s = string([]rune(s)[:maxFound]) + "…"
	}
	s = strings.ReplaceAll(s, "\n", " ")
	if strings.HasPrefix(s, "'") {
		return s
	}
	return `"` + s + `"`
}

// clauseWords are the words that people misspell in the middle of a statement: the token at fault, or the one before it, which
// was taken for an alias, may be meant as one of them.
var clauseWords = []string{
	"FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS",
	"DISTINCT", "SELECT", "PARTITION", "BETWEEN", "LATERAL", "VALUES", "WATERMARK", "PRIMARY", "METADATA", "ENFORCED", "COMMENT",
	"PARTITIONED", "INTERSECT", "EXCEPT", "WINDOW", "INTERVAL", "TABLE", "DESCRIPTOR",
}

// startWords are the words that a statement can start with.
var startWords = []string{
	"ADD", "ALTER", "ANALYZE", "BEGIN", "CALL", "COMPILE", "CREATE", "DELETE", "DESC", "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN",
	"INSERT", "LOAD", "REMOVE", "REPLACE", "RESET", "SELECT", "SET", "SHOW", "STOP", "TRUNCATE", "UNLOAD", "UPDATE", "UPSERT",
	"USE", "VALUES", "WITH",
}

// guess returns a hint about an unexpected token: a misspelt keyword there or just before, or a stray comma.
func (p *parser) guess(t *token) string {
	if t.is("FROM") || t.kind == kRParen || t.kind == kEOF || t.kind == kSemi {
		if prev := p.prev(); prev != t && prev.kind == kComma {
			return `remove the comma before ` + p.found(t)
		}
	}
	for _, c := range [...]*token{t, p.prev()} {
		if c.kind != kWord || c.kw != nil {
			continue
		}
		word := p.text(c)
		if len(word) < 4 {
			continue
		}
		if n := suggest.Nearest(word, clauseWords); n != "" {
			return "did you mean " + n + " instead of " + quoteFound(word) + "?"
		}
	}
	return ""
}

// oneOf joins words for a message: A, B or C.
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// expectedOneOf reports that one of the words was expected and hints at the nearest one.
func (p *parser) expectedOneOf(words ...string) report {
	return p.expectedAfter("", words...)
}

// expectedAfter reports that one of the words was expected after something. When one of them was misspelt, the message
// names that one only.
func (p *parser) expectedAfter(after string, words ...string) report {
	hint := ""
	if t := p.cur(); t.kind == kWord && p.err == nil {
		if n := suggest.Nearest(p.text(t), words); n != "" {
			hint = "did you mean " + n + "?"
			words = []string{n}
		}
	}
	what := oneOf(words)
	if after != "" {
		what += " after " + after
	}
	e := p.expected(what)
	if hint != "" {
		e.hint(hint)
	}
	return e
}

// notSupported reports grammar that is known and not built.
func (p *parser) notSupported(at sqlerr.Ranger, what string) report {
	return p.fail(errs.NotSupported, at, "%s is not supported yet", what)
}

// reservedHint says how to use a reserved word as a name.
func reservedHint(w *keyword.Word, text string) string {
	if w == nil || w.Class == keyword.Free {
		return ""
	}
	return "`" + text + "` is a reserved word; as a name it needs backticks"
}
