// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"spate/internal/expr"
	"spate/schema"
)

// ColOf returns a reference to a column of a schema.
func ColOf(s schema.Schema, i int) *expr.Col { return &expr.Col{Index: i, T: s[i].Type} }

// Identity returns references to all columns.
func Identity(s schema.Schema) []expr.Expr {
	es := make([]expr.Expr, len(s))
	for i := range s {
		es[i] = ColOf(s, i)
	}
	return es
}

// IsIdentity tells whether exprs are the columns 0..n-1 in order, and no others.
func IsIdentity(exprs []expr.Expr, n int) bool {
	if len(exprs) != n {
		return false
	}
	for i, e := range exprs {
		if c, ok := e.(*expr.Col); !ok || c.Index != i {
			return false
		}
	}
	return true
}

// TransformDown replaces expressions from the root down: where f returns true its result stands and is not looked into.
func TransformDown(e expr.Expr, f func(expr.Expr) (expr.Expr, bool)) expr.Expr {
	if r, done := f(e); done {
		return r
	}
	c, ok := e.(*expr.Call)
	if !ok {
		return e
	}
	var args []expr.Expr
	for i, a := range c.Args {
		b := TransformDown(a, f)
		if b != a && args == nil {
			args = slices.Clone(c.Args)
		}
		if args != nil {
			args[i] = b
		}
	}
	if args == nil {
		return e
	}
	d := *c
	d.Args = args
	return &d
}

// Conjuncts is expr.Conjuncts without literals TRUE.
func Conjuncts(e expr.Expr) []expr.Expr {
	return slices.DeleteFunc(expr.Conjuncts(e), expr.IsTrue)
}

// And joins conditions without the repeated ones and literals TRUE; nil when none is left.
func And(conds ...expr.Expr) expr.Expr {
	var all []expr.Expr
	for _, c := range conds {
		all = append(all, Conjuncts(c)...)
	}
	if len(all) < 2 {
		return expr.And(all...)
	}
	flat := all[:0]
	seen := make(map[string]bool, len(all))
	for _, x := range all {
		if d := ExprDigest(x); !seen[d] {
			seen[d] = true
			flat = append(flat, x)
		}
	}
	return expr.And(flat...)
}

// Eq returns a = b for two expressions of one type.
func Eq(a, b expr.Expr) expr.Expr {
	return &expr.Call{
		Fn: "=", Version: 1, Args: []expr.Expr{a, b},
		T: schema.TypeBoolean.WithNull(a.Type().Nullable || b.Type().Nullable),
	}
}

// Retype returns e with another type of the same physical form: only nullability or time attribute may differ.
func Retype(e expr.Expr, t *schema.Type) expr.Expr {
	if e.Type() == t {
		return e
	}
	switch x := e.(type) {
	case *expr.Col:
		return &expr.Col{Index: x.Index, T: t}
	case *expr.Lit:
		return &expr.Lit{Value: x.Value, T: t}
	case *expr.Call:
		c := *x
		c.T = t
		return &c
	}
	return e
}
