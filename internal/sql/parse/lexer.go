// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"spate/internal/sql/ast"
	"spate/internal/sql/keyword"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// lexer cuts text into tokens. Columns count characters: wide is the number of continuation bytes of UTF-8 seen in the line.
type lexer struct {
	src       string
	off       int
	line      int32
	lineStart int
	wide      int
	toks      []token
	hint      bool // between /*+ and its end
	err       *sqlerr.Error
}

// Character classes of single bytes.
const (
	cSpace = 1 << iota
	cLetter
	cDigit
)

var classes = func() (t [256]uint8) {
	for _, c := range " \t\r\n\f\v" {
		t[c] |= cSpace
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= cLetter
		t[c-'a'+'A'] |= cLetter
	}
	t['_'], t['$'] = cLetter, cLetter
	for c := '0'; c <= '9'; c++ {
		t[c] |= cDigit
	}
	for c := 0x80; c < 0x100; c++ {
		t[c] |= cLetter
	}
	return t
}()

// lex cuts src into tokens, the last of which is kEOF. On an error that comes after a kError. It appends to toks.
func lex(src string, toks []token) ([]token, *sqlerr.Error) {
	l := &lexer{src: src, line: 1, toks: toks}
	switch {
	case len(src) > MaxText:
		l.fail(l.pos(), errs.LimitExceeded, "the text has %d bytes; the limit is %d", len(src), MaxText)
	case !utf8.ValidString(src):
		l.invalid()
	default:
		l.run()
	}
	end := l.pos()
	l.toks = append(l.toks, token{Span: ast.Span{Start: end, End: end}, kind: kEOF})
	return l.toks, l.err
}

// invalid reports the first place that is not UTF-8.
func (l *lexer) invalid() {
	i := 0
	for i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	l.skip(i)
	l.fail(l.pos(), errs.InvalidSyntax, "the text is not valid UTF-8 here")
}

func (l *lexer) pos() ast.Pos {
	return ast.Pos{Offset: int32(l.off), Line: l.line, Col: int32(l.off - l.lineStart - l.wide + 1)}
}

// newline notes that the byte before off was a newline.
func (l *lexer) newline() {
	l.line++
	l.lineStart = l.off
	l.wide = 0
}

// skip moves over text that may hold newlines and wide characters.
func (l *lexer) skip(n int) {
	for end := l.off + n; l.off < end; {
		c := l.src[l.off]
		l.off++
		if c == '\n' {
			l.newline()
		} else if c&0xc0 == 0x80 {
			l.wide++
		}
	}
}

func (l *lexer) fail(start ast.Pos, code errs.Code, format string, args ...any) report {
	end := l.pos()
	if end.Offset <= start.Offset {
		end = start
		if int(start.Offset) < len(l.src) {
			_, n := utf8.DecodeRuneInString(l.src[start.Offset:])
			end.Offset += int32(n)
			end.Col++
		}
	}
	span := ast.Span{Start: start, End: end}
	l.err = sqlerr.New(code, span, format, args...)
	l.toks = append(l.toks, token{Span: span, kind: kError})
	return report{l.err}
}

func (l *lexer) run() {
	for l.err == nil {
		for l.off < len(l.src) && classes[l.src[l.off]]&cSpace != 0 {
			l.off++
			if l.src[l.off-1] == '\n' {
				l.newline()
			}
		}
		if l.off >= len(l.src) {
			return
		}
		c := l.src[l.off]
		switch {
		case classes[c]&cLetter != 0:
			l.word()
		case classes[c]&cDigit != 0:
			l.number()
		default:
			l.symbol(c)
		}
	}
}

func (l *lexer) emit(k kind, start ast.Pos) {
	l.toks = append(l.toks, token{Span: ast.Span{Start: start, End: l.pos()}, kind: k})
}

func (l *lexer) at(i int) byte {
	if l.off+i < len(l.src) {
		return l.src[l.off+i]
	}
	return 0
}

// word lexes an identifier, a keyword or a string with a prefix.
func (l *lexer) word() {
	start, src, i := l.pos(), l.src, l.off
	ascii := true
	for i < len(src) && classes[src[i]]&(cLetter|cDigit) != 0 {
		if src[i] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(src[i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				break
			}
			ascii = false
			i += n
			continue
		}
		i++
	}
	if i == l.off {
		l.strange(start)
		return
	}
	if i < len(src) && (src[i] == '\'' || src[i] == '&') && l.prefixed(start, src[l.off:i]) {
		return
	}
	t := token{kind: kWord}
	if ascii {
		t.kw = keyword.Lookup(src[l.off:i])
		l.off = i
	} else {
		l.skip(i - l.off)
	}
	t.Start, t.End = start, l.pos()
	first := len(l.toks) == 0 || l.toks[len(l.toks)-1].kind == kSemi
	l.toks = append(l.toks, t)
	if first && (t.is("SET") || t.is("RESET")) {
		l.rawSetting()
	}
}

// rawSetting lexes the rest of SET key = value without quotes as one token: keys hold points and dashes, values anything.
func (l *lexer) rawSetting() {
	i := l.off
	for i < len(l.src) && (l.src[i] == ' ' || l.src[i] == '\t') {
		i++
	}
	if i == len(l.src) || classes[l.src[i]]&(cLetter|cDigit) == 0 {
		return
	}
	l.skip(i - l.off)
	start, quoted := l.pos(), false
	for i < len(l.src) && l.src[i] != '\n' && (quoted || l.src[i] != ';') {
		quoted = quoted != (l.src[i] == '\'')
		i++
	}
	text := strings.TrimRight(l.src[l.off:i], " \t\r")
	l.skip(len(text))
	l.emit(kRaw, start)
}

// strange reports a character that starts no token.
func (l *lexer) strange(start ast.Pos) {
	r, n := utf8.DecodeRuneInString(l.src[l.off:])
	switch r {
	case '\u00a0', '\u2007', '\u202f', '\u3000', '\ufeff', '\u200b', '\u2028', '\u2029':
		if l.off == 0 && r == '\ufeff' { // A byte order mark at the start of a file means nothing.
			l.skip(n)
			return
		}
		l.fail(start, errs.InvalidSyntax, "unexpected character %U", r).
			hint("it looks like a blank; replace it by a plain one")
	case '‘', '’', '“', '”', '´':
		l.fail(start, errs.InvalidSyntax, "unexpected character %q", r).
			hint("use plain single quotes around strings")
	default:
		l.fail(start, errs.InvalidSyntax, "unexpected character %q", r)
	}
}

// prefixed lexes N'..', x'..', U&'..' and _charset'..'; false when word is none of these prefixes.
func (l *lexer) prefixed(start ast.Pos, word string) bool {
	k, n := kString, len(word)
	switch {
	case l.src[l.off+n] == '&':
		if (word != "U" && word != "u") || l.at(n+1) != '\'' {
			return false
		}
		k = kUnicode
		n++
	case word == "N" || word == "n":
	case word == "x" || word == "X":
		k = kBinary
	case word[0] == '_' && len(word) > 1:
		switch strings.ToUpper(word[1:]) {
		case "UTF8", "UTF16", "UTF32", "LATIN1", "ISO_8859_1", "US_ASCII", "ASCII":
		default:
			return false
		}
	default:
		return false
	}
	l.skip(n)
	l.quoted(start, k, '\'')
	return true
}

// quoted lexes what is between two quotes; off is at the opening one.
func (l *lexer) quoted(start ast.Pos, k kind, quote byte) {
	open := l.off
	escaped := false
	for i := open + 1; ; i++ {
		n := strings.IndexByte(l.src[i:], quote)
		if n < 0 {
			break
		}
		i += n
		if i+1 < len(l.src) && l.src[i+1] == quote {
			escaped = true
			i++
			continue
		}
		l.skip(i + 1 - open)
		if k == kQuoted && i == open+1 {
			l.fail(start, errs.InvalidSyntax, "a name cannot be empty")
			return
		}
		l.emit(k, start)
		l.toks[len(l.toks)-1].escaped = escaped
		return
	}
	if quote == '`' {
		l.fail(start, errs.InvalidSyntax, "the name that starts here has no closing backtick").incomplete(true)
	} else {
		e := l.fail(start, errs.InvalidSyntax, "the string that starts here has no closing quote")
		e.incomplete(true)
		e.hint("a single quote inside of a string is written twice: 'it''s'")
	}
}

// number lexes an unsigned number.
func (l *lexer) number() {
	start, src, i := l.pos(), l.src, l.off
	k := kInteger
	for i < len(src) && classes[src[i]]&cDigit != 0 {
		i++
	}
	// In 1.name the point belongs to the name, in 1.e5 to the number.
	name := i+1 < len(src) && classes[src[i+1]]&cLetter != 0 && !isExponent(src[i+1:])
	if i < len(src) && src[i] == '.' && !name {
		k = kDecimal
		i++
		for i < len(src) && classes[src[i]]&cDigit != 0 {
			i++
		}
	}
	if i < len(src) && isExponent(src[i:]) {
		k = kApprox
		i += 2
		for i < len(src) && classes[src[i]]&cDigit != 0 {
			i++
		}
	}
	l.off = i
	if i < len(src) && classes[src[i]]&cLetter != 0 {
		for i < len(src) && classes[src[i]]&(cLetter|cDigit) != 0 {
			i++
		}
		word := src[start.Offset:i]
		if keyword.Lookup(src[l.off:i]) != nil { // 9else is read as 9 else, as Flink does.
			l.emit(k, start)
			return
		}
		l.skip(i - l.off)
		l.fail(start, errs.InvalidSyntax, "%q is neither a number nor a name", word).
			hint("a name that starts with a digit needs backticks: `" + word + "`")
		return
	}
	l.emit(k, start)
}

// isExponent reports whether s starts with an exponent: e5, E-5.
func isExponent(s string) bool {
	if len(s) < 2 || s[0]|0x20 != 'e' {
		return false
	}
	if s[1] == '+' || s[1] == '-' {
		return len(s) > 2 && classes[s[2]]&cDigit != 0
	}
	return classes[s[1]]&cDigit != 0
}

// singles maps a byte to the kind of token that it is by itself.
var singles = [128]kind{
	'(': kLParen, ')': kRParen, '[': kLBracket, ']': kRBracket, '{': kLBrace, '}': kRBrace, ',': kComma, ';': kSemi, '.': kDot,
	'*': kStar, '+': kPlus, '-': kMinus, '/': kSlash, '%': kPercent, '=': kEq, '<': kLt, '>': kGt, '|': kBar, '?': kQuestion,
	':': kColon, '^': kCaret,
}

// symbol lexes operators, punctuation, quoted things and comments.
func (l *lexer) symbol(c byte) {
	start, next := l.pos(), l.at(1)
	k, n := singles[c&0x7f], 1
	switch c {
	case '\'':
		l.quoted(start, kString, '\'')
		return
	case '`':
		l.quoted(start, kQuoted, '`')
		return
	case '"':
		l.doubleQuote(start)
		return
	case '-':
		if next == '-' {
			l.lineComment()
			return
		}
	case '/':
		if next == '/' {
			l.lineComment()
			return
		}
		if next == '*' {
			l.blockComment(start)
			return
		}
	case '*':
		if l.hint && next == '/' {
			l.hint = false
			k, n = kHintClose, 2
		}
	case '.':
		if classes[next]&cDigit != 0 && !l.afterName() {
			l.number()
			return
		}
	case '=':
		if next == '=' {
			l.off += 2
			l.fail(start, errs.InvalidSyntax, `unexpected "=="`).hint(`equality is written "=" in SQL`)
			return
		}
	}
	if two := pairs(c, next); two != kEOF {
		k, n = two, 2
	}
	if k == kEOF {
		l.strange(start)
		return
	}
	l.off += n
	l.emit(k, start)
}

// pairs returns the kind of an operator of two bytes, kEOF when they are none.
func pairs(a, b byte) kind {
	switch {
	case a == '<' && b == '=':
		return kLe
	case a == '<' && b == '>', a == '!' && b == '=':
		return kNe
	case a == '>' && b == '=':
		return kGe
	case a == '=' && b == '>':
		return kArrow
	case a == '|' && b == '|':
		return kConcat
	case a == ':' && b == ':':
		return kCast
	default:
		return kEOF
	}
}

// afterName reports whether the token before is a name or a closing bracket with nothing in between, so that a point
// followed by a digit is no number.
func (l *lexer) afterName() bool {
	if len(l.toks) == 0 {
		return false
	}
	t := &l.toks[len(l.toks)-1]
	return int(t.End.Offset) == l.off && (t.kind == kWord || t.kind == kQuoted || t.kind == kRBracket || t.kind == kRParen)
}

// doubleQuote reports "text": Flink's default dialect has no use for double quotes.
func (l *lexer) doubleQuote(start ast.Pos) {
	text := l.src[l.off+1:]
	if i := strings.IndexAny(text, "\"\n"); i >= 0 && text[i] == '"' && i <= 60 {
		text = text[:i]
		l.skip(i + 2)
		l.fail(start, errs.InvalidSyntax, "double quotes have no meaning here").
			hint("write a string as '" + text + "' and a name as `" + text + "`")
		return
	}
	l.fail(start, errs.InvalidSyntax, "double quotes have no meaning here").
		hint("strings stand in single quotes, names in backticks")
}

func (l *lexer) lineComment() {
	n := strings.IndexByte(l.src[l.off:], '\n')
	if n < 0 {
		n = len(l.src) - l.off
	}
	l.skip(n)
}

// blockComment skips a comment or opens a hint.
func (l *lexer) blockComment(start ast.Pos) {
	if l.at(2) == '+' {
		l.off += 3
		l.hint = true
		l.emit(kHintOpen, start)
		return
	}
	n := strings.Index(l.src[l.off+2:], "*/")
	if n < 0 {
		l.off += 2
		l.fail(start, errs.InvalidSyntax, "the comment that starts here has no end").incomplete(true)
		return
	}
	l.skip(n + 4)
}
