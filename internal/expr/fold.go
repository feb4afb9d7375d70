// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

// Fold replaces what is constant by its value and drops what can have no effect: branches of CASE and COALESCE that are never
// reached, neutral conditions of AND and OR, tests for NULL of what cannot be. A constant whose evaluation fails stays as it is and
// fails when it is evaluated on a row.
func Fold(reg *Registry, env *Env, e Expr) (Expr, error) {
	f := folder{reg: reg, env: env}
	return Rewrite(e, f.fold), f.err
}

// Simplify is Fold where some columns are known to hold a constant: under a filter event_type = 2, with facts {0: 2},
// CASE WHEN event_type = 0 THEN a ELSE b END is b. Facts must not be NULL and of the column's type.
func Simplify(reg *Registry, env *Env, e Expr, facts map[int]*Lit) (Expr, error) {
	if len(facts) > 0 {
		e = Rewrite(e, func(x Expr) Expr {
			if c, ok := x.(*Col); ok {
				if l := facts[c.Index]; l != nil && factual(c.T, l) {
					return &Lit{Value: l.Value, T: c.T.NotNull()}
				}
			}
			return x
		})
	}
	return Fold(reg, env, e)
}

// factual tells whether being equal to the literal means being the literal: not so for floats (0.0 = -0.0).
func factual(t *schema.Type, l *Lit) bool {
	return !l.Value.Null && t.EqualIgnoreNull(l.T) && !t.IsApprox()
}

type folder struct {
	reg *Registry
	env *Env
	err error
}

func (f *folder) fold(e Expr) Expr {
	c, ok := e.(*Call)
	if !ok {
		return e
	}
	switch c.Fn {
	case "AND", "OR":
		return f.junction(c)
	case "CASE":
		return f.caseExpr(c)
	case "COALESCE":
		return coalesce(c)
	case "IS NULL", "IS NOT NULL":
		if !c.Args[0].Type().Nullable {
			return boolLit(c.Fn == "IS NOT NULL")
		}
	case "NOT":
		if in, ok := c.Args[0].(*Call); ok && in.Fn == "NOT" {
			return in.Args[0]
		}
	case "FIELD":
		if in, ok := c.Args[0].(*Call); ok && in.Fn == "ROW" {
			if i, ok := c.Args[1].(*Lit); ok && int(i.Value.I) < len(in.Args) && in.Args[i.Value.I].Type().EqualIgnoreNull(c.T) {
				return in.Args[i.Value.I]
			}
		}
	case "ROW", "ARRAY", "MAP":
		return c // Constants of these are no shorter than what makes them.
	}
	return f.constant(c)
}

// constant evaluates a call whose arguments are all literals.
func (f *folder) constant(c *Call) Expr {
	fn, ok := f.reg.Lookup(c.Fn)
	if !ok || fn.Determinism != Pure {
		return c
	}
	for _, a := range c.Args {
		l, ok := a.(*Lit)
		if !ok {
			return c
		}
		if l.Value.Null && fn.Strict {
			return &Lit{Value: schema.NullValue, T: c.T.WithNull(true)}
		}
	}
	v, err := EvalConst(f.reg, f.env, c)
	if err != nil {
		return c
	}
	return &Lit{Value: v, T: c.T}
}

// EvalConst evaluates an expression that reads no columns.
func EvalConst(reg *Registry, env *Env, e Expr) (schema.Value, error) {
	p, err := compileAll(reg, env, []Expr{e}, nil)
	if err != nil {
		return schema.Value{}, err
	}
	b := batch.New(nil)
	b.SetLen(1)
	out := batch.NewVector(e.Type())
	if err := p.Eval(0, b, All(1), out); err != nil {
		return schema.Value{}, err
	}
	return out.Value(0), nil
}

func boolLit(b bool) *Lit { return &Lit{Value: schema.BoolValue(b), T: schema.TypeBoolean.NotNull()} }

// junction flattens nested ANDs (ORs), drops what is neutral and repeated, and ends at a dominant constant.
func (f *folder) junction(c *Call) Expr {
	or := c.Fn == "OR"
	var args []Expr
	changed := false
	for _, a := range c.Args {
		if in, ok := a.(*Call); ok && in.Fn == c.Fn {
			args, changed = append(args, in.Args...), true
			continue
		}
		args = append(args, a)
	}
	kept := args[:0:0]
	for _, a := range args {
		switch {
		case or && IsTrue(a), !or && IsFalse(a):
			return boolLit(or)
		case or && IsFalse(a), !or && IsTrue(a), f.repeated(kept, a):
			changed = true
		default:
			kept = append(kept, a)
		}
	}
	switch {
	case len(kept) == 0:
		return boolLit(!or)
	case len(kept) == 1:
		return kept[0]
	case !changed:
		return c
	}
	n := *c
	n.Args = kept
	return &n
}

// maxRepeatCheck bounds the comparisons of long junctions.
const maxRepeatCheck = 64

// repeated tells whether e stands in the list already and means the same there.
func (f *folder) repeated(list []Expr, e Expr) bool {
	return len(list) <= maxRepeatCheck && Deterministic(f.reg, e) &&
		slices.ContainsFunc(list, func(k Expr) bool { return Equal(k, e) })
}

// Deterministic tells whether an expression gives the same for the same row every time within one batch.
func Deterministic(reg *Registry, e Expr) bool {
	ok := true
	Walk(e, func(x Expr) bool {
		if c, is := x.(*Call); is {
			if f, found := reg.Lookup(c.Fn); found && f.Determinism == NonDeterministic {
				ok = false
			}
		}
		return ok
	})
	return ok
}

func (*folder) caseExpr(c *Call) Expr {
	var args []Expr
	last := c.Args[len(c.Args)-1]
	for i := 0; i+1 < len(c.Args); i += 2 {
		cond := c.Args[i]
		if IsFalse(cond) || IsNullLit(cond) {
			continue
		}
		if IsTrue(cond) {
			last = c.Args[i+1]
			break
		}
		args = append(args, cond, c.Args[i+1])
	}
	if len(args) == 0 {
		return retype(last, c.T)
	}
	if len(args)+1 == len(c.Args) {
		return c
	}
	n := *c
	args = append(args, last)
	n.Args = args
	return &n
}

// retype gives a branch the type of the form it stood in, nullability aside.
func retype(e Expr, t *schema.Type) Expr {
	if e.Type().EqualIgnoreNull(t) {
		return e
	}
	if l, ok := e.(*Lit); ok && l.Value.Null {
		return &Lit{Value: l.Value, T: t.WithNull(true)}
	}
	return &Call{Fn: "REINTERPRET", Version: 1, Args: []Expr{e}, T: t.WithNull(e.Type().Nullable)}
}

func coalesce(c *Call) Expr {
	var args []Expr
	for _, a := range c.Args {
		if IsNullLit(a) {
			continue
		}
		args = append(args, a)
		if !a.Type().Nullable {
			break
		}
	}
	switch len(args) {
	case 0:
		return retype(c.Args[0], c.T)
	case 1:
		return retype(args[0], c.T)
	case len(c.Args):
		return c
	}
	n := *c
	n.Args = args
	return &n
}

// FormatValue returns a value as CAST to STRING prints it (TIMESTAMP_LTZ in UTC).
func FormatValue(v schema.Value, t *schema.Type) string {
	vec := batch.NewVector(t)
	vec.AppendValue(v)
	return string(text.AppendValue(nil, vec, 0, nil))
}
