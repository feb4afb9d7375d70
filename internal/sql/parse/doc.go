// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package parse turns SQL text in Flink's dialect into the tree of package ast.
//
// The lexer cuts the whole text into tokens first, each with its position; the parser is a recursive descent over them, with
// precedence climbing for expressions, so it can look ahead as far as it likes and never goes back. The grammar is Flink's
// (Calcite's with Flink's statements). It is a little more lenient where nothing else can be meant: a reserved word such as
// `value` is taken as a name after AS, after a point and where a column is expected; a script that Flink takes is taken here.
//
// Errors are *sqlerr.Error with the text attached. The first error ends the parse: it is kept in the parser and all tokens
// after it look like the end of the text, so that the functions above return by themselves.
//
// Limits, each with an error of code errs.LimitExceeded, so that no text can exhaust the stack:
//
//	MaxText    bytes of one text
//	MaxDepth   nested parentheses, calls, sub-queries, types
//	MaxHeight  levels of the resulting tree, which long chains (a + b + c ...) raise without nesting
//
// All functions are safe for concurrent use. A tree does not share memory with anything but its text.
package parse

const (
	// MaxText is the longest text in bytes.
	MaxText = 64 << 20
	// MaxDepth is how deep parentheses, calls, sub-queries and types may nest.
	MaxDepth = 3000
	// MaxHeight is how many levels a statement's tree may have. AND and OR chains are flat and do not count.
	MaxHeight = 20000
)
