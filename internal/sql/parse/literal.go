// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"spate/internal/sql/ast"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// str parses a character literal; pieces on lines of their own are joined, as the standard has it.
func (p *parser) str() *ast.String {
	t := p.next()
	s := &ast.String{Span: t.Span}
	if t.kind == kUnicode {
		s.Value = p.unicode(t)
	} else {
		s.Value = p.unquote(t)
	}
	for p.at(kString) {
		n := p.cur()
		if n.Start.Line == t.End.Line {
			p.fail(errs.InvalidSyntax, n, "expected an operator or a comma between two strings").
				hint("a single quote inside of a string is written twice; strings are joined with ||")
			return s
		}
		t = p.next()
		s.Value += p.unquote(t)
		s.Span = p.from(s.Start)
	}
	return s
}

// unquote returns the text of a string without prefix and quotes.
func (p *parser) unquote(t *token) string {
	s := p.text(t)
	s = s[strings.IndexByte(s, '\'')+1 : len(s)-1]
	if t.escaped {
		s = strings.ReplaceAll(s, "''", "'")
	}
	return s
}

// unicode decodes U&'..' with an optional UESCAPE.
func (p *parser) unicode(t *token) string {
	s, esc := p.unquote(t), byte('\\')
	if p.word("UESCAPE") {
		e := p.cur()
		c := ""
		if e.kind == kString {
			c = p.unquote(e)
		}
		if len(c) != 1 || strings.ContainsAny(c, `+'" `) || classes[c[0]]&cDigit != 0 || c[0]|0x20 >= 'a' && c[0]|0x20 <= 'f' {
			p.expected("one character in quotes after UESCAPE")
			return s
		}
		p.next()
		esc = c[0]
	}
	if strings.IndexByte(s, esc) < 0 {
		return s
	}
	var b strings.Builder
	high := rune(-1)
	for i := 0; i < len(s); {
		r, n, ok := unicodeUnit(s[i:], esc)
		if !ok {
			p.fail(errs.InvalidSyntax, t, "invalid escape in the Unicode string").
				hint(`write \0041 with four hexadecimal digits, \+01F600 with six, or \\ for the escape character itself`)
			return s
		}
		i += n
		if high >= 0 {
			if pair := utf16.DecodeRune(high, r); pair != utf8.RuneError {
				b.WriteRune(pair)
				high = -1
				continue
			}
			b.WriteRune(utf8.RuneError)
			high = -1
		}
		if r >= 0xd800 && r < 0xdc00 {
			high = r
			continue
		}
		b.WriteRune(r)
	}
	if high >= 0 {
		b.WriteRune(utf8.RuneError)
	}
	return b.String()
}

// unicodeUnit decodes the character or escape at the start of s and returns its length.
func unicodeUnit(s string, esc byte) (rune, int, bool) {
	if s[0] != esc {
		r, n := utf8.DecodeRuneInString(s)
		return r, n, true
	}
	if len(s) > 1 && s[1] == esc {
		return rune(esc), 2, true
	}
	at, digits := 1, 4
	if len(s) > 1 && s[1] == '+' {
		at, digits = 2, 6
	}
	if len(s) < at+digits {
		return 0, 0, false
	}
	v := rune(0)
	for _, c := range []byte(s[at : at+digits]) {
		d := hexDigit(c)
		if d < 0 {
			return 0, 0, false
		}
		v = v<<4 | d
	}
	if v > utf8.MaxRune {
		return 0, 0, false
	}
	return v, at + digits, true
}

func hexDigit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c - 'a' + 10)
	case c >= 'A' && c <= 'F':
		return rune(c - 'A' + 10)
	default:
		return -1
	}
}

// binary parses x'..'.
func (p *parser) binary() ast.Expr {
	t := p.next()
	digits := p.unquote(t)
	v, err := hex.DecodeString(digits)
	if err != nil {
		e := p.fail(errs.InvalidSyntax, t, "invalid binary string")
		if len(digits)%2 != 0 {
			e.hint("it has an odd number of hexadecimal digits")
		} else {
			e.hint("it holds something that is no hexadecimal digit")
		}
		return bad
	}
	return &ast.Binary{Value: v, Span: t.Span}
}

// temporal parses DATE '..', TIME '..', TIMESTAMP '..'; nil when the word is a name here.
func (p *parser) temporal(t *token) ast.Expr {
	x := &ast.Temporal{}
	n := 1
	switch t.kw.Text {
	case "TIME":
		x.Kind = ast.Time
	case "TIMESTAMP":
		x.Kind = ast.Timestamp
		if p.peek(1).is("WITH") && p.peek(2).is("LOCAL") && p.peek(3).is("TIME") && p.peek(4).is("ZONE") {
			x.Kind = ast.TimestampLTZ
			n = 5
		}
	}
	if p.peek(n).kind != kString {
		return nil
	}
	p.i += n
	s := p.str()
	x.Text, x.Value = s.Value, s.Span
	x.Span = p.from(t.Start)
	if _, ok := x.Civil(); !ok {
		p.fail(errs.InvalidSyntax, s, "'%s' is not a valid %s", x.Text, x.Kind).
			hint("the form is " + x.Kind.Form())
		return bad
	}
	return x
}

// interval parses INTERVAL [-] 'text' units. INTERVAL x units with another expression is x * INTERVAL '1' units.
// It is nil when INTERVAL is a name here.
func (p *parser) interval() ast.Expr {
	start := p.start()
	x := &ast.Interval{}
	n := 1
	if k := p.peek(1).kind; k == kMinus || k == kPlus {
		x.Negative = k == kMinus
		n++
	}
	switch p.peek(n).kind {
	case kString, kInteger, kDecimal:
	default:
		if n > 1 {
			return nil
		}
		return p.intervalOf(start)
	}
	p.i += n
	if p.at(kString) {
		s := p.str()
		x.Text, x.Value = s.Value, s.Span
	} else {
		t := p.next()
		x.Text, x.Value = p.text(t), t.Span
	}
	x.Units = p.intervalUnits()
	x.Span = p.from(start)
	if p.err != nil {
		return bad
	}
	if _, err := x.Decode(); err != nil {
		p.fail(errs.InvalidSyntax, x.Value, "'%s' is not a valid INTERVAL %s: %s", x.Text, x.Units, err).
			hint("the form is " + intervalForm(x.Units))
		return bad
	}
	return x
}

// intervalOf parses INTERVAL x unit where x is a name, a call or an expression in parentheses.
func (p *parser) intervalOf(start ast.Pos) ast.Expr {
	if t := p.peek(1); t.kind == kWord && t.kw != nil {
		return nil
	}
	if p.peek(1).kind == kLParen && !p.unitAfterParens(1) {
		return nil
	}
	if k := p.peek(2); p.peek(1).kind != kLParen && k.kind == kWord && unitWords[strings.ToUpper(p.text(k))] == ast.NoUnit {
		return nil
	}
	p.next()
	n := p.postfix(p.primary())
	unit := &ast.Interval{Text: "1", Units: p.intervalUnits()}
	unit.Span = p.from(start)
	unit.Value = unit.Units.Span
	return &ast.BinaryExpr{Op: ast.OpMul, OpSpan: unit.Units.Span, Left: n, Right: unit, Span: unit.Span}
}

// unitAfterParens reports whether a unit of time follows the parentheses that start n tokens on.
func (p *parser) unitAfterParens(n int) bool {
	if p.closing == nil {
		p.closing = closings(p.toks)
	}
	end := p.closing[p.i+n]
	if end == 0 {
		return false
	}
	u := &p.toks[end+1]
	return u.kind == kWord && unitWords[strings.ToUpper(p.text(u))] != ast.NoUnit
}

// closings returns, for every opening parenthesis, the place of the closing one, 0 where there is none.
func closings(toks []token) []int32 {
	at := make([]int32, len(toks))
	var open []int
	for i := range toks {
		switch toks[i].kind { //nolint:exhaustive // Only parentheses count.
		case kLParen:
			open = append(open, i)
		case kRParen:
			if n := len(open); n > 0 {
				at[open[n-1]] = int32(i)
				open = open[:n-1]
			}
		}
	}
	return at
}

// unitWords are all spellings of units.
var unitWords = map[string]ast.TimeUnit{
	"YEAR": ast.Year, "YEARS": ast.Year, "SQL_TSI_YEAR": ast.Year, "QUARTER": ast.Quarter, "QUARTERS": ast.Quarter,
	"SQL_TSI_QUARTER": ast.Quarter, "MONTH": ast.Month, "MONTHS": ast.Month, "SQL_TSI_MONTH": ast.Month, "WEEK": ast.Week,
	"WEEKS": ast.Week, "SQL_TSI_WEEK": ast.Week, "DAY": ast.Day, "DAYS": ast.Day, "SQL_TSI_DAY": ast.Day, "DAYOFMONTH": ast.Day,
	"HOUR": ast.Hour, "HOURS": ast.Hour, "SQL_TSI_HOUR": ast.Hour, "MINUTE": ast.Minute, "MINUTES": ast.Minute,
	"SQL_TSI_MINUTE": ast.Minute, "SECOND": ast.Second, "SECONDS": ast.Second, "SQL_TSI_SECOND": ast.Second,
	"MILLISECOND": ast.Millisecond, "MILLISECONDS": ast.Millisecond, "MICROSECOND": ast.Microsecond,
	"MICROSECONDS": ast.Microsecond, "SQL_TSI_MICROSECOND": ast.Microsecond, "FRAC_SECOND": ast.Microsecond,
	"SQL_TSI_FRAC_SECOND": ast.Nanosecond, "NANOSECOND": ast.Nanosecond, "NANOSECONDS": ast.Nanosecond, "DOW": ast.DayOfWeek,
	"DAYOFWEEK": ast.DayOfWeek, "DOY": ast.DayOfYear, "DAYOFYEAR": ast.DayOfYear, "ISODOW": ast.IsoDayOfWeek,
	"ISOYEAR": ast.IsoYear, "EPOCH": ast.Epoch, "DECADE": ast.Decade, "CENTURY": ast.Century, "MILLENNIUM": ast.Millennium,
}

// intervalUnitNames are the units that messages name.
var intervalUnitNames = []string{"SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}

// otherUnitNames are those that only functions know.
var otherUnitNames = []string{
	"MILLISECOND", "MICROSECOND", "NANOSECOND", "DOW", "DOY", "ISODOW", "ISOYEAR", "EPOCH", "DECADE", "CENTURY", "MILLENNIUM",
}

// unit parses a unit of time.
func (p *parser) unit(after string, more bool) ast.TimeUnit {
	t := p.cur()
	names := intervalUnitNames
	if more {
		names = slices.Concat(names, otherUnitNames)
	}
	if t.kind != kWord {
		p.expected("a time unit after " + after + " (" + oneOf(names) + ")")
		return ast.NoUnit
	}
	text := p.text(t)
	u := unitWords[strings.ToUpper(text)]
	if u != ast.NoUnit {
		p.next()
		return u
	}
	if t.kw != nil && t.kw.Class != 0 {
		p.expected("a time unit after " + after + " (" + oneOf(names) + ")")
		return u
	}
	e := p.fail(errs.InvalidSyntax, t, "unknown time unit %s; use %s", text, oneOf(names))
	if n := suggest.Nearest(text, names); n != "" {
		e.hint("did you mean " + n + "?")
	}
	return u
}

// intervalUnits parses the qualifier of an interval.
func (p *parser) intervalUnits() ast.IntervalUnits {
	q := ast.IntervalUnits{Precision: -1, Fraction: -1}
	start := p.start()
	q.From = p.unit("the value of INTERVAL", false)
	if p.at(kLParen) {
		p.lparen()
		q.Precision = p.smallInt("a precision")
		if q.From == ast.Second && p.accept(kComma) {
			q.Fraction = p.smallInt("a precision of fractional seconds")
		}
		p.close()
	}
	if p.is("TO") && unitWords[strings.ToUpper(p.text(p.peek(1)))] != ast.NoUnit {
		p.next()
		q.To = p.unit("TO", false)
		if q.To == ast.Second && p.at(kLParen) {
			p.lparen()
			q.Fraction = p.smallInt("a precision of fractional seconds")
			p.close()
		}
	}
	q.Span = p.from(start)
	if p.err == nil && !q.Valid() {
		p.fail(errs.InvalidSyntax, q, "there is no interval of %s", q).
			hint("intervals are YEAR TO MONTH, or run from DAY, HOUR or MINUTE to a smaller unit down to SECOND")
	}
	return q
}

// intervalForm describes the text of an interval.
func intervalForm(q ast.IntervalUnits) string {
	if q.To == ast.NoUnit {
		if q.From == ast.Second {
			return "'5' or '5.123'"
		}
		return "a whole number in quotes: '5'"
	}
	parts := []string{"y-", "m", "d ", "h:", "m:", "s"}
	order := []ast.TimeUnit{ast.Year, ast.Month, ast.Day, ast.Hour, ast.Minute, ast.Second}
	var s strings.Builder
	for i, u := range order {
		if u >= q.From && u <= q.To {
			s.WriteString(parts[i])
		}
	}
	return "'" + strings.TrimRight(s.String(), " :-") + "'"
}

// smallInt parses a number that is a parameter of a type.
func (p *parser) smallInt(what string) int {
	t := p.cur()
	if t.kind != kInteger {
		p.expected(what)
		return 0
	}
	v := 0
	for _, c := range p.text(t) {
		v = v*10 + int(c-'0')
		if v > maxParameter {
			p.fail(errs.InvalidSyntax, t, "%s is too big; %s is at most %d", p.text(t), what, maxParameter)
			return 0
		}
	}
	p.next()
	return v
}

// maxParameter is the biggest parameter of a type: the length of STRING.
const maxParameter = 1<<31 - 1
