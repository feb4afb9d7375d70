// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package ast is the syntax tree of Spate's SQL (Flink's dialect) and its printer.
//
// Nodes are plain data: package parse builds them, package bind reads them, nobody changes a node after the parse. Every
// node embeds the Span of the text it came from (a whole script's positions, see package sqlerr). The sums are
//
//	Statement   what a script consists of
//	QueryBody   Select, SetOp, Values, ExplicitTable, or a parenthesised Query
//	TableExpr   what stands in FROM
//	Expr        scalar expressions; also the table and descriptor arguments of table functions
//	GroupItem   what stands in GROUP BY
//
// each marked by an unexported method. All nodes are pointers; the small parts that they consist of (Ident, Alias, OrderItem
// and so on) are values. Optional parts are nil, a zero value or an empty slice.
//
// The tree keeps the text's meaning, not its looks: comments, letter case of keywords, redundant parentheses and the spelling
// of special call syntaxes are not kept (POSITION(a IN b) is a Call with two arguments). Print writes canonical SQL that parses
// to an equal tree: parse(Print(t)) equals t but for the positions.
//
// The parser bounds the depth of a tree (parse.MaxDepth), so recursion over one cannot exhaust the stack. Trees are immutable
// after the parse and safe for concurrent reading.
package ast
