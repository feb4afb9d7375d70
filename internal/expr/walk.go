// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"math"
	"slices"

	"spate/schema"
)

// Walk calls visit on e and, where it returns true, on the arguments, in order of evaluation.
func Walk(e Expr, visit func(Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	if c, ok := e.(*Call); ok {
		for _, a := range c.Args {
			Walk(a, visit)
		}
	}
}

// Rewrite replaces expressions from the leaves up: f gets each expression with its arguments already rewritten and returns
// what stands in its place. The input is not changed; what f leaves alone is shared with it.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	c, ok := e.(*Call)
	if !ok {
		return f(e)
	}
	var args []Expr
	for i, a := range c.Args {
		n := Rewrite(a, f)
		if n != a && args == nil {
			args = slices.Clone(c.Args)
		}
		if args != nil {
			args[i] = n
		}
	}
	if args == nil {
		return f(c)
	}
	n := *c
	n.Args = args
	return f(&n)
}

// Columns returns the indexes of the columns that the expressions read, ascending, each once.
func Columns(es ...Expr) []int {
	var cols []int
	for _, e := range es {
		Walk(e, func(x Expr) bool {
			if c, ok := x.(*Col); ok {
				cols = append(cols, c.Index)
			}
			return true
		})
	}
	slices.Sort(cols)
	return slices.Compact(cols)
}

// Remap gives every column the index that f returns for it.
func Remap(e Expr, f func(index int) int) Expr {
	return Rewrite(e, func(x Expr) Expr {
		c, ok := x.(*Col)
		if !ok {
			return x
		}
		if n := f(c.Index); n != c.Index {
			return &Col{Index: n, T: c.T}
		}
		return x
	})
}

// Shift adds by to the index of every column at or above from.
func Shift(e Expr, from, by int) Expr {
	return Remap(e, func(i int) int {
		if i >= from {
			return i + by
		}
		return i
	})
}

// Substitute replaces every column by the expression of that index: the merge of two projections.
func Substitute(e Expr, by []Expr) Expr {
	return Rewrite(e, func(x Expr) Expr {
		if c, ok := x.(*Col); ok {
			return by[c.Index]
		}
		return x
	})
}

// Equal tells whether two expressions are the same: functions, versions, arguments and types. Positions do not count.
func Equal(a, b Expr) bool {
	switch x := a.(type) {
	case *Col:
		y, ok := b.(*Col)
		return ok && x.Index == y.Index && x.T.Equal(y.T)
	case *Lit:
		y, ok := b.(*Lit)
		return ok && x.T.Equal(y.T) && ValueEqual(x.Value, y.Value)
	case *Call:
		y, ok := b.(*Call)
		if !ok || x.Fn != y.Fn || x.Version != y.Version || len(x.Args) != len(y.Args) || !x.T.Equal(y.T) {
			return false
		}
		for i := range x.Args {
			if !Equal(x.Args[i], y.Args[i]) {
				return false
			}
		}
		return true
	}
	return a == nil && b == nil
}

// ValueEqual tells whether two values are identical bit for bit: NaN equals itself and 0.0 is not -0.0.
func ValueEqual(a, b schema.Value) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return a.I == b.I && math.Float64bits(a.F) == math.Float64bits(b.F) && a.Wide == b.Wide && a.Nanos == b.Nanos &&
		a.S == b.S && slices.EqualFunc(a.Elems, b.Elems, ValueEqual)
}

// IsTrue tells whether e is the literal TRUE.
func IsTrue(e Expr) bool {
	l, ok := e.(*Lit)
	return ok && l.T.Root == schema.Boolean && !l.Value.Null && l.Value.I != 0
}

// IsFalse tells whether e is the literal FALSE.
func IsFalse(e Expr) bool {
	l, ok := e.(*Lit)
	return ok && l.T.Root == schema.Boolean && !l.Value.Null && l.Value.I == 0
}

// IsNullLit tells whether e is a literal NULL.
func IsNullLit(e Expr) bool {
	l, ok := e.(*Lit)
	return ok && l.Value.Null
}

// Conjuncts splits e at its outermost ANDs.
func Conjuncts(e Expr) []Expr {
	if e == nil {
		return nil
	}
	if c, ok := e.(*Call); ok && c.Fn == "AND" {
		var cs []Expr
		for _, a := range c.Args {
			cs = append(cs, Conjuncts(a)...)
		}
		return cs
	}
	return []Expr{e}
}

// And joins conditions; none gives nil.
func And(cs ...Expr) Expr { return junction("AND", cs) }

// Or joins alternatives; none gives nil.
func Or(cs ...Expr) Expr { return junction("OR", cs) }

func junction(fn string, cs []Expr) Expr {
	switch len(cs) {
	case 0:
		return nil
	case 1:
		return cs[0]
	}
	nullable := false
	for _, c := range cs {
		nullable = nullable || c.Type().Nullable
	}
	return &Call{Fn: fn, Version: 1, Args: cs, T: schema.TypeBoolean.WithNull(nullable)}
}
