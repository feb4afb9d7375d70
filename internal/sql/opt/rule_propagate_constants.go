// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// fact says that an expression over a node's output has the same value in every row.
type fact struct {
	e   expr.Expr
	lit *expr.Lit
}

// provable tells whether an equality with a literal pins the value bit for bit, so that one may stand for the other.
func provable(t *schema.Type) bool {
	switch t.Root {
	case schema.Boolean, schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.Varchar, schema.Date, schema.Timestamp,
		schema.TimestampLTZ:
		return true
	default:
		return false
	}
}

// propagateConstants replaces expressions that a filter has pinned to a constant by it: behind event_type = 2 the branches of
// a CASE over event_type are decided.
func (o *Options) propagateConstants(n plan.Node) plan.Node {
	memo := map[plan.Node][]fact{}
	return plan.Rewrite(n, func(n plan.Node) plan.Node {
		switch n := n.(type) {
		case *plan.Project:
			facts := factsOf(n.Input, memo)
			if len(facts) == 0 {
				return n
			}
			c := *n
			c.Exprs = make([]expr.Expr, len(n.Exprs))
			for i, e := range n.Exprs {
				c.Exprs[i] = o.simple(plan.Retype(applyFacts(e, facts), e.Type()))
			}
			return &c
		case *plan.Filter:
			facts := factsOf(n.Input, memo)
			if len(facts) == 0 {
				return n
			}
			return &plan.Filter{Input: n.Input, Cond: applyFacts(n.Cond, facts)}
		default:
			return n
		}
	})
}

// applyFacts replaces what the facts pin.
func applyFacts(e expr.Expr, facts []fact) expr.Expr {
	return plan.TransformDown(e, func(x expr.Expr) (expr.Expr, bool) {
		if _, ok := x.(*expr.Lit); ok {
			return x, true
		}
		for _, f := range facts {
			if x.Type().EqualIgnoreNull(f.lit.T) && plan.ExprDigest(x) == plan.ExprDigest(f.e) {
				return &expr.Lit{Value: f.lit.Value, T: x.Type()}, true
			}
		}
		return x, false
	})
}

// factsOf gathers what is known about the output of a node.
func factsOf(n plan.Node, memo map[plan.Node][]fact) []fact {
	if f, ok := memo[n]; ok {
		return f
	}
	var facts []fact
	switch n := n.(type) {
	case *plan.Scan:
		facts = scanFacts(n, n.Filters)
	case *plan.Filter:
		facts = append(facts, factsOf(n.Input, memo)...)
		for _, c := range plan.Conjuncts(n.Cond) {
			if f, ok := equality(c); ok {
				facts = append(facts, f)
			}
		}
	case *plan.Project:
		facts = projectFacts(n, factsOf(n.Input, memo))
	case *plan.Join:
		if n.Kind == graph.Inner || n.Kind == graph.Left || n.Kind == graph.Semi || n.Kind == graph.Anti {
			facts = append(facts, factsOf(n.Left, memo)...)
		}
		if n.Kind == graph.Inner {
			shift := len(n.Left.Schema())
			for _, f := range factsOf(n.Right, memo) {
				facts = append(facts, fact{expr.Shift(f.e, 0, shift), f.lit})
			}
		}
	}
	memo[n] = facts
	return facts
}

// projectFacts carries facts through a projection.
func projectFacts(n *plan.Project, in []fact) []fact {
	var facts []fact
	out := n.Schema()
	for i, e := range n.Exprs {
		if l, ok := e.(*expr.Lit); ok && provable(l.T) && !l.Value.Null {
			facts = append(facts, fact{plan.ColOf(out, i), l})
			continue
		}
		for _, f := range in {
			if plan.ExprDigest(f.e) == plan.ExprDigest(e) {
				facts = append(facts, fact{plan.ColOf(out, i), f.lit})
			}
		}
	}
	return facts
}

// equality recognises x = literal.
func equality(c expr.Expr) (fact, bool) {
	call, ok := c.(*expr.Call)
	if !ok || call.Fn != "=" || len(call.Args) != 2 {
		return fact{}, false
	}
	a, b := call.Args[0], call.Args[1]
	l, ok := b.(*expr.Lit)
	if !ok {
		if l, ok = a.(*expr.Lit); !ok {
			return fact{}, false
		}
		a = b
	}
	if _, both := a.(*expr.Lit); both || l.Value.Null || !provable(a.Type()) || !a.Type().EqualIgnoreNull(l.T) {
		return fact{}, false
	}
	return fact{a, l}, true
}
