// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package expr holds bound, typed expressions as plain data, the registry of functions, and the compilation of expressions to
// vector kernels.
//
// An expression names functions and types only; it travels in job graphs. Kernels are compiled by the task that runs them
// (Compile), never before. A Program and what it compiles belong to one goroutine.
package expr

import "spate/schema"

// Expr is a bound expression: *Col, *Lit or *Call.
type Expr interface {
	// Type returns the result type, nullability included.
	Type() *schema.Type
	isExpr()
}

// Pos is the place of an expression in the SQL text, for runtime errors; zero when unknown.
type Pos struct {
	Line int32 `json:"line,omitempty"`
	Col  int32 `json:"col,omitempty"`
}

// Col is an input column. In a join condition the columns of the right input follow those of the left.
type Col struct {
	Index int
	T     *schema.Type
}

// Lit is a constant.
type Lit struct {
	Value schema.Value
	T     *schema.Type
}

// Call applies a function of the registry, special forms included. Special forms and their arguments:
//
//	CASE       cond1, value1, ..., else         COALESCE   values
//	AND, OR    two or more conditions           NOT        condition
//	CAST, TRY_CAST   value (the target is T)    REINTERPRET value (same physical form, other logical type: T)
//	FIELD      row, literal index               ITEM       array or map, index or key
//	IN         value, literals (all of the value's type)
//
// Operators are functions named by their symbol: + - * / % = <> < <= > >= || and NEGATE; IS NULL, IS NOT NULL, IS TRUE, ...
// have those names.
type Call struct {
	Fn      string // Canonical upper-case name.
	Version int    // Signature version, 1 unless the function changed its meaning.
	Args    []Expr
	T       *schema.Type
	Pos     Pos
}

// Type implements Expr.
func (e *Col) Type() *schema.Type { return e.T }

// Type implements Expr.
func (e *Lit) Type() *schema.Type { return e.T }

// Type implements Expr.
func (e *Call) Type() *schema.Type { return e.T }

func (*Col) isExpr()  {}
func (*Lit) isExpr()  {}
func (*Call) isExpr() {}
