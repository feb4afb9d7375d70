// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// Names of the columns of UNNEST.
const (
	colKey        = "KEY"
	colValue      = "VALUE"
	colOrdinality = "ORDINALITY"
)

// unnest binds UNNEST over the rows of a node, whose columns it sees; left says that rows without elements stay.
func (b *Binder) unnest(u *ast.Unnest, in plan.Node, sc *scope, left bool) (*plan.Unnest, *scope, error) {
	if len(u.Exprs) != 1 {
		return nil, nil, unsupported(u, "UNNEST of several collections")
	}
	e, err := b.expr(&ctx{scope: sc, clause: "UNNEST"}, u.Exprs[0])
	if err != nil {
		return nil, nil, err
	}
	t := e.Type()
	out := in.Schema()
	n := &plan.Unnest{Col: len(out), Left: left, Ordinality: u.Ordinality}
	for i := range out {
		n.Keep = append(n.Keep, i)
	}
	name := "EXPR$0"
	if u.Alias != nil {
		name = u.Alias.Name.Name
	}
	switch t.Root {
	case schema.Map:
		n.Out = schema.Schema{{Name: colKey, Type: t.Key}, {Name: colValue, Type: t.Elem}}
	case schema.Array, schema.Multiset:
		if n.Expand = t.Elem.Root == schema.Row || t.Elem.Root == schema.Structured; !n.Expand {
			n.Out = schema.Schema{{Name: name, Type: t.Elem}}
			break
		}
		for _, f := range t.Elem.Fields {
			n.Out = append(n.Out, schema.Field{Name: f.Name, Type: f.Type.WithNull(f.Type.Nullable || t.Elem.Nullable)})
		}
	default:
		return nil, nil, mismatch(u.Exprs[0], "UNNEST takes an ARRAY, a MAP or a MULTISET, not %s", t)
	}
	if u.Ordinality {
		n.Out = append(n.Out, schema.Field{Name: colOrdinality, Type: schema.TypeInt.NotNull()})
	}
	for i := range n.Out {
		n.Out[i].Type = n.Out[i].Type.WithNull(n.Out[i].Type.Nullable || left)
	}
	n.Input = &plan.Project{Input: in, Exprs: append(plan.Identity(out), e), Names: append(out.Names(), "$collection")}
	rs, err := unnestScope(u, n.Out)
	return n, rs, err
}

// unnestScope is the scope of the columns that UNNEST adds, under the names of its alias.
func unnestScope(u *ast.Unnest, cols schema.Schema) (*scope, error) {
	name := ""
	named := append(schema.Schema{}, cols...)
	if u.Alias != nil {
		name = u.Alias.Name.Name
		if len(u.Alias.Columns) > 0 && len(u.Alias.Columns) != len(cols) {
			return nil, invalid(u.Alias, "List of column aliases must have same degree as table; table has %d columns, whereas alias list has %d columns",
				len(cols), len(u.Alias.Columns))
		}
		for i, c := range u.Alias.Columns {
			named[i].Name = c.Name
		}
	}
	return &scope{rels: []*relation{{name: name, cols: named}}}, nil
}

// joinUnnest binds a join of a table with UNNEST over its columns.
func (b *Binder) joinUnnest(j *ast.Join, u *ast.Unnest, in plan.Node, ls *scope) (plan.Node, *scope, error) {
	kind := joinKinds[j.Kind]
	if kind != graph.Inner && kind != graph.Left || j.Natural || len(j.Using) > 0 {
		return nil, nil, unsupported(j, "this join with UNNEST")
	}
	n, rs, err := b.unnest(u, in, ls, kind == graph.Left)
	if err != nil {
		return nil, nil, err
	}
	both := ls.join(rs)
	if j.On == nil {
		return n, both, nil
	}
	cond, err := b.condition(&ctx{scope: both, clause: "ON"}, j.On)
	if err != nil {
		return nil, nil, err
	}
	if expr.IsTrue(cond) {
		return n, both, nil
	}
	if kind == graph.Left {
		return nil, nil, unsupported(j.On, "LEFT JOIN with UNNEST on a condition other than TRUE")
	}
	return &plan.Filter{Input: n, Cond: cond}, both, nil
}
