// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse

import (
	"spate/internal/sql/ast"
	"spate/internal/sql/keyword"
)

// kind is the kind of a token.
type kind uint8

const (
	kEOF kind = iota
	// kError stands where the lexer gave up; the parser reports the lexer's error when it gets there.
	kError
	kWord    // an identifier or keyword without quotes
	kQuoted  // an identifier in backticks
	kInteger // 12
	kDecimal // 1.2
	kApprox  // 1e2
	kString  // 'text', N'text', _utf8'text'
	kUnicode // U&'text'
	kBinary  // x'00'
	kLParen
	kRParen
	kLBracket
	kRBracket
	kLBrace
	kRBrace
	kComma
	kSemi
	kDot
	kStar
	kPlus
	kMinus
	kSlash
	kPercent
	kEq
	kNe // <> and !=
	kLt
	kLe
	kGt
	kGe
	kConcat // ||
	kArrow  // =>
	kBar    // |
	kQuestion
	kColon
	kCast // ::
	kCaret
	kHintOpen  // /*+
	kHintClose // the end of a hint
	kRaw       // what follows SET and RESET at the start of a statement when it is not in quotes
)

// kindText is how messages name a kind of token that they expect.
var kindText = [...]string{
	kEOF: "the end of the statement", kError: "", kWord: "a name", kQuoted: "a name", kInteger: "a number", kDecimal: "a number",
	kApprox: "a number", kString: "a string in single quotes", kUnicode: "a string", kBinary: "a binary string", kLParen: `"("`,
	kRParen: `")"`, kLBracket: `"["`, kRBracket: `"]"`, kLBrace: `"{"`, kRBrace: `"}"`, kComma: `","`, kSemi: `";"`, kDot: `"."`,
	kStar: `"*"`, kPlus: `"+"`, kMinus: `"-"`, kSlash: `"/"`, kPercent: `"%"`, kEq: `"="`, kNe: `"<>"`, kLt: `"<"`, kLe: `"<="`,
	kGt: `">"`, kGe: `">="`, kConcat: `"||"`, kArrow: `"=>"`, kBar: `"|"`, kQuestion: `"?"`, kColon: `":"`, kCast: `"::"`,
	kCaret: `"^"`, kHintOpen: `"/*+"`, kHintClose: `"*/"`, kRaw: "a key",
}

// token is one token of the text.
type token struct {
	ast.Span
	// kw is the keyword that a kWord is, nil for other words.
	kw   *keyword.Word
	kind kind
	// escaped says that a string or quoted name holds doubled quotes.
	escaped bool
}

// is reports whether the token is the keyword.
func (t *token) is(word string) bool { return t.kw != nil && t.kw.Text == word }

// isName reports whether the token can be a name where only a name can stand.
func (t *token) isName() bool {
	return t.kind == kQuoted || t.kind == kWord && (t.kw == nil || t.kw.Class != keyword.Strict)
}

// isFreeName reports whether the token can be a name where a clause could begin as well, as an alias without AS can.
func (t *token) isFreeName() bool {
	return t.kind == kQuoted || t.kind == kWord && (t.kw == nil || t.kw.Class == keyword.Free)
}
