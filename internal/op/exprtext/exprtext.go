// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package exprtext reads bound expressions from text, for the test files of operators: those stand below SQL and cannot use it.
//
// An expression is a column ($0, $1, ...), a literal (12 is INT, 12L is BIGINT, 'text' is CHAR, true, false) or a call in prefix
// notation: (AND (> $1 10) (= $2 'x')). Function names are those of the registry; (FIELD $0 1) takes a field of a row. Mistakes panic:
// the package is for tests only.
package exprtext

import (
	"fmt"
	"strconv"
	"strings"

	"spate/internal/expr"
	"spate/schema"
)

// Parse returns the expression over columns of the given types.
func Parse(text string, columns []*schema.Type) expr.Expr {
	p := &parser{text: text, columns: columns}
	e := p.next()
	if p.skip(); p.text != "" {
		panic(fmt.Sprintf("after an expression comes %q", p.text))
	}
	return e
}

type parser struct {
	text    string
	columns []*schema.Type
}

func (p *parser) skip() { p.text = strings.TrimLeft(p.text, " \t") }

// word takes everything up to a blank or a parenthesis.
func (p *parser) word() string {
	p.skip()
	n := strings.IndexAny(p.text, " ()")
	if n < 0 {
		n = len(p.text)
	}
	w := p.text[:n]
	p.text = p.text[n:]
	return w
}

func (p *parser) next() expr.Expr {
	p.skip()
	switch {
	case p.text == "":
		panic("an expression is missing")
	case p.text[0] == '(':
		p.text = p.text[1:]
		return p.call()
	case p.text[0] == '\'':
		end := strings.IndexByte(p.text[1:], '\'') + 1
		s := p.text[1:end]
		p.text = p.text[end+1:]
		return &expr.Lit{Value: schema.StringValue(s), T: schema.NewChar(max(1, len(s))).NotNull()}
	}
	w := p.word()
	switch {
	case w == "true" || w == "false":
		return &expr.Lit{Value: schema.BoolValue(w == "true"), T: schema.TypeBoolean.NotNull()}
	case w[0] == '$':
		i := number(w[1:])
		return &expr.Col{Index: int(i), T: p.columns[i]}
	case strings.HasSuffix(w, "L"):
		return &expr.Lit{Value: schema.IntValue(number(w[:len(w)-1])), T: schema.TypeBigInt.NotNull()}
	default:
		return &expr.Lit{Value: schema.IntValue(number(w)), T: schema.TypeInt.NotNull()}
	}
}

func (p *parser) call() expr.Expr {
	name := p.word()
	var args []expr.Expr
	for p.skip(); p.text[0] != ')'; p.skip() {
		args = append(args, p.next())
	}
	p.text = p.text[1:]
	if name == "FIELD" {
		lit, ok := args[1].(*expr.Lit)
		if !ok {
			panic("FIELD wants a literal index")
		}
		t := args[0].Type()
		ft := t.Fields[lit.Value.I].Type
		return &expr.Call{Fn: name, Version: 1, Args: args, T: ft.WithNull(ft.Nullable || t.Nullable)}
	}
	e, err := expr.Builtins().Bind(strings.ReplaceAll(name, "_", " "), args, expr.Pos{})
	if err != nil {
		panic(err)
	}
	return e
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
