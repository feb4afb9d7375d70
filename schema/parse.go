// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"spate/internal/sys/suggest"
)

// MaxTypeDepth is the greatest nesting of a type that ParseType accepts.
const MaxTypeDepth = 256

// ParseError says why a type string was not understood.
type ParseError struct {
	Pos    int    // Byte offset into Text.
	Reason string // What is wrong.
	Text   string // The whole type string.
}

// Error implements error.
func (e *ParseError) Error() string {
	return fmt.Sprintf("type %q, position %d: %s", e.Text, e.Pos+1, e.Reason)
}

// ParseType parses a data type in any of Flink's notations: what Type.String and Type.Summary print (time attributes aside) and the
// synonyms STRING, BYTES, NUMERIC, DEC, INTEGER, DOUBLE PRECISION, TIMESTAMP_LTZ, "type ARRAY", "type MULTISET", ROW(...), "type NULL".
// Keywords have no case. The error is a *ParseError.
func ParseType(text string) (*Type, error) { return parseType(text, false) }

// parseType parses with internal forms too when lenient: lengths of 0 (empty literals) and the roots that no column has.
func parseType(text string, lenient bool) (t *Type, err error) {
	p := &typeParser{text: text, lenient: lenient}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*ParseError)
			if !ok {
				panic(r)
			}
			t, err = nil, e
		}
	}()
	p.next()
	t = p.parse(0)
	if p.kind != tokEnd {
		p.fail("unexpected %s after the type", p.show())
	}
	return t, nil
}

// MustParseType is ParseType for constants: it panics when the text is wrong.
func MustParseType(text string) *Type {
	t, err := ParseType(text)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return t
}

type tokenKind uint8

const (
	tokEnd    tokenKind = iota
	tokWord             // A word, as written.
	tokQuoted           // A `name`.
	tokString           // A 'text'.
	tokInt
	tokPunct
)

type typeParser struct {
	text    string
	lenient bool
	at      int // Start of the token after the present one.

	kind tokenKind
	pos  int
	val  string
}

func (p *typeParser) fail(format string, args ...any) {
	panic(&ParseError{Pos: p.pos, Reason: fmt.Sprintf(format, args...), Text: p.text})
}

func (p *typeParser) show() string {
	switch p.kind {
	case tokEnd:
		return "the end"
	case tokString:
		return quote(p.val, '\'')
	case tokQuoted:
		return quote(p.val, '`')
	default:
		return p.val
	}
}

// next reads the next token.
func (p *typeParser) next() {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			break
		}
		p.at += n
	}
	p.pos = p.at
	if p.at == len(p.text) {
		p.kind, p.val = tokEnd, ""
		return
	}
	switch c := p.text[p.at]; {
	case c == '\'' || c == '`':
		p.quoted(c)
	case strings.IndexByte("<>(),.", c) >= 0:
		p.kind, p.val = tokPunct, string(c)
		p.at++
	case c >= '0' && c <= '9':
		p.kind, p.val = tokInt, p.while(func(r rune) bool { return r >= '0' && r <= '9' })
	default:
		p.kind = tokWord
		p.val = p.while(func(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune("<>(),.'`", r) })
	}
}

func (p *typeParser) while(ok func(rune) bool) string {
	rest := p.text[p.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !ok(r) })
	if n < 0 {
		n = len(rest)
	}
	p.at += n
	return rest[:n]
}

func (p *typeParser) quoted(q byte) {
	p.kind = tokString
	if q == '`' {
		p.kind = tokQuoted
	}
	var sb strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		if p.text[i] != q {
			sb.WriteByte(p.text[i])
			continue
		}
		if i+1 < len(p.text) && p.text[i+1] == q {
			sb.WriteByte(q)
			i++
			continue
		}
		p.at, p.val = i+1, sb.String()
		return
	}
	p.fail("the quote that starts here does not end")
}

func (p *typeParser) isWord(w string) bool { return p.kind == tokWord && strings.EqualFold(p.val, w) }

// accept consumes a keyword if it is next.
func (p *typeParser) accept(w string) bool {
	if !p.isWord(w) {
		return false
	}
	p.next()
	return true
}

func (p *typeParser) expect(words ...string) {
	for _, w := range words {
		if !p.accept(w) {
			p.fail("expected %s but found %s", w, p.show())
		}
	}
}

func (p *typeParser) isPunct(c string) bool { return p.kind == tokPunct && p.val == c }

func (p *typeParser) acceptPunct(c string) bool {
	if !p.isPunct(c) {
		return false
	}
	p.next()
	return true
}

func (p *typeParser) expectPunct(c string) {
	if !p.acceptPunct(c) {
		p.fail("expected %s but found %s", c, p.show())
	}
}

// str consumes a 'text'.
func (p *typeParser) str(what string) string {
	if p.kind != tokString {
		p.fail("expected %s in single quotes but found %s", what, p.show())
	}
	s := p.val
	p.next()
	return s
}

// integer consumes an integer in lo..hi.
func (p *typeParser) integer(what string, lo, hi int) int {
	if p.kind != tokInt {
		p.fail("expected %s but found %s", what, p.show())
	}
	n, err := strconv.Atoi(p.val)
	if err != nil || n < lo || n > hi {
		p.fail("%s must be between %d and %d", what, lo, hi)
	}
	p.next()
	return n
}

// param consumes an optional (n).
func (p *typeParser) param(what string, def, lo, hi int) int {
	if !p.acceptPunct("(") {
		return def
	}
	n := p.integer(what, lo, hi)
	p.expectPunct(")")
	return n
}

// nullability consumes an optional NULL or NOT NULL.
func (p *typeParser) nullability() bool {
	if p.accept("NOT") {
		p.expect("NULL")
		return false
	}
	p.accept("NULL")
	return true
}

func (p *typeParser) parse(depth int) *Type {
	if depth > MaxTypeDepth {
		p.fail("types are nested deeper than %d levels", MaxTypeDepth)
	}
	t := p.root(depth)
	t.Nullable = p.nullability()
	for {
		switch {
		case p.accept("ARRAY"):
			t = NewArray(t)
		case p.accept("MULTISET"):
			t = NewMultiset(t)
		default:
			return t
		}
		if depth++; depth > MaxTypeDepth {
			p.fail("types are nested deeper than %d levels", MaxTypeDepth)
		}
		t.Nullable = p.nullability()
	}
}

// plainRoots are the types without parameters by name.
var plainRoots = map[string]Root{
	"BOOLEAN": Boolean, "TINYINT": TinyInt, "SMALLINT": SmallInt, "INT": Int, "INTEGER": Int, "BIGINT": BigInt, "FLOAT": Float,
	"DATE": Date, "VARIANT": Variant, "BITMAP": Bitmap, "NULL": Null, "DESCRIPTOR": Descriptor,
}

// typeNames are all names that a type can start with, for suggestions.
var typeNames = []string{
	"CHAR", "VARCHAR", "STRING", "BOOLEAN", "BINARY", "VARBINARY", "BYTES", "DECIMAL", "NUMERIC", "DEC", "TINYINT", "SMALLINT", "INT",
	"INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "INTERVAL", "ARRAY", "MULTISET", "MAP", "ROW",
	"STRUCTURED", "VARIANT", "BITMAP", "RAW", "NULL", "DESCRIPTOR",
}

// root parses a type without its nullability; the result is new and may be written.
func (p *typeParser) root(depth int) *Type {
	if p.kind != tokWord {
		p.fail("expected a type but found %s", p.show())
	}
	name := strings.ToUpper(p.val)
	start := *p
	p.next()
	if r, ok := plainRoots[name]; ok {
		return New(r)
	}
	switch name {
	case "CHAR":
		return NewChar(p.length())
	case "VARCHAR":
		return NewVarchar(p.length())
	case "BINARY":
		return NewBinary(p.length())
	case "VARBINARY":
		return NewVarbinary(p.length())
	case "STRING":
		return NewVarchar(MaxLength)
	case "BYTES":
		return NewVarbinary(MaxLength)
	case "DECIMAL", "NUMERIC", "DEC":
		return p.decimal()
	case "DOUBLE":
		p.accept("PRECISION")
		return New(Double)
	case "TIME":
		t := NewTime(p.param("the precision of TIME", 0, 0, MaxTimestamp))
		if p.accept("WITHOUT") {
			p.expect("TIME", "ZONE")
		}
		return t
	case "TIMESTAMP":
		return p.timestamp()
	case "TIMESTAMP_LTZ":
		return NewTimestampLTZ(p.param("the precision of TIMESTAMP_LTZ", DefaultTimestamp, 0, MaxTimestamp))
	case "INTERVAL":
		return p.interval()
	case "ARRAY", "MULTISET", "MAP", "ROW", "STRUCTURED", "RAW":
		return p.constructed(name, depth)
	case "SYMBOL", "INVALID":
		if p.lenient {
			return New(Root(slices.Index(rootNames[:], name)))
		}
	}
	*p = start
	if near := suggest.Nearest(p.val, typeNames); near != "" {
		p.fail("unknown type %s; did you mean %s?", p.val, near)
	}
	p.fail("unknown type %s", p.val)
	return nil
}

func (p *typeParser) length() int {
	lo := 1
	if p.lenient {
		lo = 0
	}
	return p.param("the length", 1, lo, MaxLength)
}

func (p *typeParser) decimal() *Type {
	t := NewDecimal(DefaultDecimal, DefaultDecimalFrac)
	if p.acceptPunct("(") {
		t.Precision = p.integer("the precision of DECIMAL", 1, MaxDecimal)
		if p.acceptPunct(",") {
			t.Scale = p.integer("the scale of DECIMAL", 0, t.Precision)
		}
		p.expectPunct(")")
	}
	return t
}

func (p *typeParser) timestamp() *Type {
	precision := p.param("the precision of TIMESTAMP", DefaultTimestamp, 0, MaxTimestamp)
	switch {
	case p.accept("WITHOUT"):
		p.expect("TIME", "ZONE")
	case p.accept("WITH"):
		root := TimestampTZ
		if p.accept("LOCAL") {
			root = TimestampLTZ
		}
		p.expect("TIME", "ZONE")
		return &Type{Root: root, Nullable: true, Precision: precision}
	}
	return NewTimestamp(precision)
}

// Defaults and limits of interval types.
const (
	defaultLeading    = 2 // Digits of years or days.
	defaultFractional = 6 // Digits of the fraction of a second.
	maxYearDigits     = 4
	maxDayDigits      = 6
	maxFractional     = 9
)

func (p *typeParser) interval() *Type {
	leading, fraction := defaultLeading, defaultFractional
	unit := func(first bool) string {
		for _, u := range [...]string{"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"} {
			if !p.accept(u) {
				continue
			}
			switch {
			case first && u == "YEAR":
				leading = p.param("the precision of YEAR", leading, 1, maxYearDigits)
			case first && u == "DAY":
				leading = p.param("the precision of DAY", leading, 1, maxDayDigits)
			case u == "SECOND":
				fraction = p.param("the precision of SECOND", fraction, 0, maxFractional)
			}
			return u
		}
		p.fail("expected YEAR, MONTH, DAY, HOUR, MINUTE or SECOND but found %s", p.show())
		return ""
	}
	start := *p
	from := unit(true)
	to := from
	if p.accept("TO") {
		to = unit(false)
	}
	i := slices.Index(intervalUnits[:], [2]string{from, to})
	if i < 0 {
		p.pos = start.pos
		p.fail("there is no interval %s TO %s", from, to)
	}
	if u := IntervalUnit(i); u <= UnitMonth {
		return NewYearMonthInterval(u, leading)
	}
	return NewDayTimeInterval(IntervalUnit(i), leading, fraction)
}

func (p *typeParser) constructed(name string, depth int) *Type {
	switch name {
	case "RAW":
		p.expectPunct("(")
		t := New(Raw)
		t.Class = p.str("the class")
		p.expectPunct(",")
		t.Snapshot = p.str("the serializer snapshot")
		p.expectPunct(")")
		return t
	case "ROW":
		if p.acceptPunct("(") {
			return NewRow(p.fields(")", depth)...)
		}
		p.expectPunct("<")
		return NewRow(p.fields(">", depth)...)
	case "STRUCTURED":
		p.expectPunct("<")
		t := New(Structured)
		t.Class = p.str("the class")
		if !p.isPunct(">") {
			p.expectPunct(",")
		}
		t.Fields = p.fields(">", depth)
		return t
	}
	p.expectPunct("<")
	t := p.parse(depth + 1)
	switch name {
	case "ARRAY":
		t = NewArray(t)
	case "MULTISET":
		t = NewMultiset(t)
	default:
		p.expectPunct(",")
		t = NewMap(t, p.parse(depth+1))
	}
	p.expectPunct(">")
	return t
}

// fields parses name type ['comment'], ... up to and including the closing bracket.
func (p *typeParser) fields(end string, depth int) []Field {
	var fs []Field
	seen := map[string]bool{}
	for !p.acceptPunct(end) {
		if len(fs) > 0 {
			p.expectPunct(",")
		}
		if p.kind != tokWord && p.kind != tokQuoted {
			p.fail("expected a field name but found %s", p.show())
		}
		f := Field{Name: p.val}
		switch {
		case strings.TrimSpace(f.Name) == "":
			p.fail("a field name must have a character that is not blank")
		case seen[f.Name]:
			p.fail("there are two fields named %s", quote(f.Name, '`'))
		}
		seen[f.Name] = true
		p.next()
		f.Type = p.parse(depth + 1)
		commented := p.accept("COMMENT")
		if commented || p.kind == tokString {
			f.Comment = p.str("the comment")
		}
		fs = append(fs, f)
	}
	return fs
}
