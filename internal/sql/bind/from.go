// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"

	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/plan"
	"spate/schema"
)

// from binds a table expression to a node and the scope of its columns.
func (b *Binder) from(t ast.TableExpr, outer *scope) (plan.Node, *scope, error) {
	switch t := t.(type) {
	case *ast.TableName:
		return b.table(t)
	case *ast.Derived:
		if t.Period != nil {
			return nil, nil, unsupported(t.Period, "FOR SYSTEM_TIME AS OF")
		}
		n, err := b.query(t.Query, nil)
		if err != nil {
			return nil, nil, err
		}
		return newRelation(n, t.Alias, "", nil)
	case *ast.TableFunc:
		return b.tableFunc(t, nil)
	case *ast.Join:
		return b.join(t, outer)
	case *ast.Unnest:
		n, sc, err := b.unnest(t, oneRow(), &scope{}, false)
		if err != nil {
			return nil, nil, err
		}
		n.Keep = []int{}
		return n, sc, nil
	case *ast.MatchRecognize:
		return nil, nil, unsupported(t, "MATCH_RECOGNIZE")
	}
	return nil, nil, unsupported(t, "this kind of table")
}

// relation makes the scope of one table, renamed by its alias.
func newRelation(n plan.Node, alias *ast.Alias, name string, path []string) (plan.Node, *scope, error) {
	out := n.Schema()
	if alias != nil {
		name, path = alias.Name.Name, nil
		if len(alias.Columns) > 0 {
			if len(alias.Columns) != len(out) {
				return nil, nil, invalid(alias, "List of column aliases must have same degree as table; table has %d columns, whereas alias list has %d columns",
					len(out), len(alias.Columns))
			}
			names := make([]string, len(out))
			for i, c := range alias.Columns {
				names[i] = c.Name
			}
			n = &plan.Project{Input: n, Exprs: plan.Identity(out), Names: names}
			out = n.Schema()
		}
	}
	return n, &scope{rels: []*relation{{name: name, path: path, cols: out}}}, nil
}

// table binds a name in FROM: a common table expression, a table or a view.
func (b *Binder) table(t *ast.TableName) (plan.Node, *scope, error) {
	if t.Period != nil {
		return nil, nil, unsupported(t.Period, "FOR SYSTEM_TIME AS OF")
	}
	if t.Sample != nil {
		return nil, nil, unsupported(t.Sample, "TABLESAMPLE")
	}
	if len(t.Name.Parts) == 1 {
		for _, c := range slices.Backward(b.ctes) {
			if c.name == t.Name.Last() && !c.busy {
				n, err := b.useCTE(c)
				if err != nil {
					return nil, nil, err
				}
				return newRelation(n, t.Alias, c.name, nil)
			}
		}
	}
	o, err := b.env.Catalog.Resolve(t.Name.Strings(), b.catalog, b.database)
	if err != nil {
		return nil, nil, b.suggestCTE(t, At(t.Name, err))
	}
	p, _ := o.Where()
	b.trace.table(t, p)
	var n plan.Node
	switch o := o.(type) {
	case *catalog.View:
		if h := optionsHint(t.Hints); h != nil {
			return nil, nil, invalid(h.Name, "View '%s' cannot be enriched with new options. Hints can only be applied to tables.", p)
		}
		n, err = b.view(o, t)
	case *catalog.Table:
		n, err = b.scan(o, t)
	}
	if err != nil {
		return nil, nil, err
	}
	return newRelation(n, t.Alias, p.Object, []string{p.Catalog, p.Database, p.Object})
}

// suggestCTE adds the common table expressions to the names that may have been meant.
func (b *Binder) suggestCTE(t *ast.TableName, err error) error {
	var names []string
	for _, c := range b.ctes {
		names = append(names, c.name)
	}
	if len(names) == 0 || len(t.Name.Parts) > 1 {
		return err
	}
	if e := notFound(t.Name, t.Name.Last(), names, "table `%s` not found", t.Name.Last()); e.Hint != "" {
		return e
	}
	return err
}

// useCTE binds a common table expression once more.
func (b *Binder) useCTE(c *cte) (plan.Node, error) {
	saved := b.ctes
	b.ctes = b.ctes[:c.depth:c.depth]
	c.busy = true
	n, err := b.query(c.def.Query, nil)
	c.busy = false
	b.ctes = saved
	if err != nil {
		return nil, err
	}
	if len(c.def.Columns) > 0 {
		out := n.Schema()
		if len(c.def.Columns) != len(out) {
			return nil, invalid(c.def, "the query has %d columns, whereas `%s` names %d", len(out), c.name, len(c.def.Columns))
		}
		names := make([]string, len(out))
		for i, col := range c.def.Columns {
			names[i] = col.Name
		}
		n = &plan.Project{Input: n, Exprs: plan.Identity(out), Names: names}
	}
	return n, nil
}

// maxViews bounds the nesting of views.
const maxViews = 100

// view binds the query of a view.
func (b *Binder) view(v *catalog.View, at ast.Node) (plan.Node, error) {
	if slices.Contains(b.views, v.Path) || len(b.views) >= maxViews {
		return nil, invalid(at, "view %s refers to itself", v.Path)
	}
	q, err := parse.Query(v.Query)
	if err != nil {
		return nil, inView(err, v)
	}
	inner := &Binder{
		env: b.env, catalog: v.Catalog, database: v.Database, views: append(slices.Clone(b.views), v.Path),
		text: v.Query, sources: b.sources, spans: map[*expr.Col]ast.Span{},
	}
	n, err := inner.Query(q)
	if err != nil {
		return nil, inView(err, v)
	}
	out := n.Schema()
	if len(out) != len(v.Columns) {
		return nil, invalid(at, "view %s no longer fits its tables: it was created with %d columns and now has %d", v.Path, len(v.Columns), len(out))
	}
	names := catalog.Names(v.Columns)
	if slices.Equal(names, out.Names()) {
		return n, nil
	}
	return &plan.Project{Input: n, Exprs: plan.Identity(out), Names: names}, nil
}

// joinKinds maps the kinds of the syntax to those of plans.
var joinKinds = map[ast.JoinKind]graph.JoinKind{
	ast.InnerJoin: graph.Inner, ast.LeftJoin: graph.Left, ast.RightJoin: graph.Right, ast.FullJoin: graph.Full,
	ast.CrossJoin: graph.Inner, ast.CommaJoin: graph.Inner, ast.SemiJoin: graph.Semi, ast.AntiJoin: graph.Anti,
}

// join binds a join of two tables.
func (b *Binder) join(j *ast.Join, outer *scope) (plan.Node, *scope, error) {
	ln, ls, err := b.from(j.Left, outer)
	if err != nil {
		return nil, nil, err
	}
	if u, ok := j.Right.(*ast.Unnest); ok {
		return b.joinUnnest(j, u, ln, ls)
	}
	rn, rs, err := b.from(j.Right, outer)
	if err != nil {
		return nil, nil, err
	}
	both := ls.join(rs)
	n := &plan.Join{Left: ln, Right: rn, Kind: joinKinds[j.Kind]}
	using := j.Using
	if j.Natural {
		for _, name := range ls.names() {
			if len(ls.find(name)) == 1 && len(rs.find(name)) == 1 && !slices.ContainsFunc(using, func(u ast.Ident) bool { return u.Name == name }) {
				using = append(using, ast.Ident{Span: j.Span, Name: name})
			}
		}
	}
	switch {
	case j.On != nil:
		if n.Cond, err = b.condition(&ctx{scope: both, clause: "ON"}, j.On); err != nil {
			return nil, nil, err
		}
	case len(using) > 0:
		if n.Cond, err = b.using(j, n.Kind, using, ls, rs, both); err != nil {
			return nil, nil, err
		}
	case j.Natural || j.Kind == ast.CommaJoin || j.Kind == ast.CrossJoin:
	default:
		return nil, nil, invalid(j, "%s JOIN needs ON or USING", n.Kind)
	}
	n.KeepTime = plan.IsWindowJoin(n)
	if n.Kind == graph.Semi || n.Kind == graph.Anti {
		return n, ls, nil
	}
	both.retype(n.Schema())
	for i := range both.merged {
		both.merged[i].e = retypeCols(both.merged[i].e, n.Schema())
	}
	return n, both, nil
}

// using makes the condition of USING and NATURAL, and the merged columns.
func (b *Binder) using(j *ast.Join, kind graph.JoinKind, names []ast.Ident, ls, rs, both *scope) (expr.Expr, error) {
	var conds []expr.Expr
	shift := ls.width()
	var cols []merged
	for _, u := range names {
		l, r := ls.find(u.Name), rs.find(u.Name)
		for side, f := range [][]expr.Expr{l, r} {
			known := ls
			if side == 1 {
				known = rs
			}
			switch {
			case len(f) == 0:
				return nil, notFound(u, u.Name, known.names(), "column `%s` of USING not found in both tables", u.Name)
			case len(f) > 1:
				return nil, invalid(u, "column `%s` of USING is ambiguous", u.Name)
			}
		}
		right := expr.Shift(r[0], 0, shift)
		eq, err := b.bindCall(j, "=", l[0], right)
		if err != nil {
			return nil, err
		}
		conds = append(conds, eq)
		m := merged{name: u.Name, e: l[0], hides: expr.Columns(l[0], right)}
		switch kind { //nolint:exhaustive // The others keep the left column.
		case graph.Right:
			m.e = right
		case graph.Full:
			if m.e, err = b.bindCall(j, "COALESCE", l[0], right); err != nil {
				return nil, err
			}
		}
		cols = append(cols, m)
	}
	both.merged = slices.Concat(cols, slices.DeleteFunc(both.merged, func(m merged) bool {
		return slices.ContainsFunc(names, func(u ast.Ident) bool { return u.Name == m.name })
	}))
	return expr.And(conds...), nil
}

// retypeCols gives the columns of an expression the types of a schema.
func retypeCols(e expr.Expr, out schema.Schema) expr.Expr {
	return expr.Rewrite(e, func(x expr.Expr) expr.Expr {
		if c, ok := x.(*expr.Col); ok {
			return &expr.Col{Index: c.Index, T: out[c.Index].Type}
		}
		return x
	})
}

// optionsHint returns the OPTIONS hint, or nil.
func optionsHint(hints []ast.Hint) *ast.Hint {
	for i := range hints {
		if hints[i].Name.Name == "OPTIONS" || hints[i].Name.Name == "options" {
			return &hints[i]
		}
	}
	return nil
}
