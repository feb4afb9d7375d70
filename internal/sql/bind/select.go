// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strconv"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// exprName is the name of a column without one.
func exprName(i int) string { return "EXPR$" + strconv.Itoa(i) }

// block is one SELECT while it is bound.
type block struct {
	b     *Binder
	sel   *ast.Select
	in    plan.Node
	scope *scope
	s     *selection
	// items are the output columns, then those that only ORDER BY needs.
	items   []expr.Expr
	names   []string
	at      []ast.Node
	visible int
	having  expr.Expr
	qualify expr.Expr
	keys    []graph.SortKey
	// subs are the scalar sub-queries above the aggregation.
	subs subqueries
}

// selectBlock binds one SELECT. The node's first visible columns are the result; keys order it.
func (b *Binder) selectBlock(sel *ast.Select, order []ast.OrderItem, outer *scope) (plan.Node, []graph.SortKey, int, error) {
	k := &block{b: b, sel: sel, s: &selection{maybeEmpty: sel.GroupBy == nil}}
	fail := func(err error) (plan.Node, []graph.SortKey, int, error) { return nil, nil, 0, err }
	var err error
	if sel.From == nil {
		k.in, k.scope = oneRow(), &scope{outer: outer}
		k.scope.rels = []*relation{{cols: schema.Schema{{Name: "", Type: schema.TypeInt.NotNull()}}}}
	} else if k.in, k.scope, err = b.from(sel.From, outer); err != nil {
		return fail(err)
	}
	k.scope.outer = outer
	if sel.Where != nil {
		if k.in, err = b.where(k.in, k.scope, sel.Where); err != nil {
			return fail(err)
		}
	}
	k.s.windows = map[string]*ast.WindowSpec{}
	for i := range sel.Windows {
		k.s.windows[sel.Windows[i].Name.Name] = sel.Windows[i].Spec
	}
	if sel.GroupBy != nil {
		if err := k.groupBy(); err != nil {
			return fail(err)
		}
	}
	if err := k.bindItems(); err != nil {
		return fail(err)
	}
	if sel.Having != nil {
		if k.having, err = b.condition(k.ctx("HAVING"), sel.Having); err != nil {
			return fail(err)
		}
	}
	if sel.Qualify != nil {
		if k.qualify, err = b.condition(k.ctx("QUALIFY"), sel.Qualify); err != nil {
			return fail(err)
		}
	}
	if err := k.orderBy(order); err != nil {
		return fail(err)
	}
	n, err := k.layOut()
	if err != nil {
		return fail(err)
	}
	return n, k.keys, k.visible, nil
}

func (k *block) ctx(clause string) *ctx {
	return &ctx{scope: k.scope, clause: clause, sel: k.s, subs: &k.subs}
}

// bindItems binds the select list.
func (k *block) bindItems() error {
	for i := range k.sel.Items {
		it := &k.sel.Items[i]
		if star, ok := it.Expr.(*ast.Star); ok {
			if err := k.star(star); err != nil {
				return err
			}
			continue
		}
		e, err := k.b.expr(k.ctx("SELECT"), it.Expr)
		if err != nil {
			return err
		}
		k.items = append(k.items, e)
		k.names = append(k.names, itemName(it, len(k.names)))
		k.at = append(k.at, it.Expr)
	}
	k.visible = len(k.items)
	return nil
}

// itemName is the name of an output column.
func itemName(it *ast.SelectItem, i int) string {
	if it.Alias != nil {
		return it.Alias.Name
	}
	switch e := it.Expr.(type) {
	case *ast.ColumnRef:
		return e.Parts[len(e.Parts)-1].Name
	case *ast.FieldAccess:
		return e.Field.Name
	}
	return exprName(i)
}

// star expands * and t.*.
func (k *block) star(star *ast.Star) error {
	if k.sel.From == nil {
		return invalid(star, "SELECT * needs a FROM clause")
	}
	var expanded []ast.SelectItem
	add := func(e expr.Expr, name string) {
		ref := &ast.ColumnRef{Parts: []ast.Ident{{Name: name}}}
		if c, ok := e.(*expr.Col); ok {
			if table := k.scope.owner(c.Index); table != "" {
				ref.Parts = append([]ast.Ident{{Name: table}}, ref.Parts...)
			}
		}
		expanded = append(expanded, ast.SelectItem{Expr: ref})
		k.items = append(k.items, e)
		k.names = append(k.names, name)
		k.at = append(k.at, star)
		if c, ok := e.(*expr.Col); ok {
			k.b.spans[c] = star.Span
		}
	}
	found := false
	var hidden []int
	if len(star.Qualifier) == 0 {
		for _, m := range k.scope.merged {
			add(expr.Shift(m.e, 0, 0), m.name)
			hidden = append(hidden, m.hides...)
		}
	}
	for _, r := range k.scope.rels {
		if len(star.Qualifier) > 0 && !r.matches(star.Qualifier) {
			continue
		}
		found = true
		for i, c := range r.cols {
			if !slices.Contains(hidden, r.first+i) {
				add(&expr.Col{Index: r.first + i, T: c.Type}, c.Name)
			}
		}
	}
	if found {
		k.b.trace.star(star, expanded)
		return nil
	}
	if len(star.Qualifier) == 1 || len(star.Qualifier) == 2 {
		// row.* is all fields of a row.
		ref := &ast.ColumnRef{Span: star.Span, Parts: star.Qualifier}
		if base, err := k.b.columnRef(k.ctx("SELECT"), ref); err == nil && base.Type().Root == schema.Row {
			for i, f := range base.Type().Fields {
				add(expr.FieldOf(base, i, pos(star)), f.Name)
			}
			return nil
		}
	}
	name := joinIdents(star.Qualifier)
	return notFound(star, name, k.scope.relNames(), "table `%s` not found", name)
}

// orderBy binds ORDER BY: output columns by name or number first, other expressions become hidden columns.
func (k *block) orderBy(order []ast.OrderItem) error {
	for i := range order {
		it := &order[i]
		out := make(schema.Schema, k.visible)
		col, err := ordinal(it.Expr, out)
		if err != nil {
			return err
		}
		if ref, ok := it.Expr.(*ast.ColumnRef); col < 0 && ok && len(ref.Parts) == 1 {
			col = slices.Index(k.names[:k.visible], ref.Parts[0].Name)
		}
		if col < 0 {
			e, err := k.b.expr(k.ctx("ORDER BY"), it.Expr)
			if err != nil {
				return err
			}
			d := plan.ExprDigest(e)
			col = slices.IndexFunc(k.items, func(x expr.Expr) bool { return plan.ExprDigest(x) == d })
			if col < 0 {
				if k.sel.Distinct {
					return invalid(it.Expr, "with SELECT DISTINCT, ORDER BY can only name what is selected")
				}
				col = len(k.items)
				k.items = append(k.items, e)
				k.names = append(k.names, "$sort"+strconv.Itoa(i))
				k.at = append(k.at, it.Expr)
			}
		}
		k.keys = append(k.keys, sortKey(col, it))
	}
	return nil
}

// layOut makes the nodes of the block, from the input up.
func (k *block) layOut() (plan.Node, error) {
	n := k.in
	var err error
	if k.sel.GroupBy != nil || len(k.s.aggs) > 0 || k.sel.Having != nil {
		k.s.grouped = true
		if n, err = k.aggregate(n); err != nil {
			return nil, err
		}
	}
	if len(k.subs.list) > 0 {
		if n, err = k.joinSubs(n); err != nil {
			return nil, err
		}
	}
	if k.having != nil {
		n = &plan.Filter{Input: n, Cond: k.having}
	}
	if len(k.s.overs) > 0 {
		if n, err = k.over(n); err != nil {
			return nil, err
		}
	}
	if k.qualify != nil {
		n = &plan.Filter{Input: n, Cond: k.qualify}
	}
	n = &plan.Project{Input: n, Exprs: k.items, Names: k.names}
	if k.sel.Distinct {
		n = distinct(n)
	}
	return n, nil
}

// distinct groups by all columns.
func distinct(n plan.Node) plan.Node {
	out := n.Schema()
	keys := make([]int, len(out))
	for i := range keys {
		keys[i] = i
	}
	return &plan.Aggregate{Input: n, Keys: keys, Names: out.Names()}
}

// joinSubs appends the values of scalar sub-queries.
func (k *block) joinSubs(n plan.Node) (plan.Node, error) {
	if k.s.grouped {
		for _, q := range k.subs.list {
			if len(q.outer) > 0 {
				return nil, unsupported(k.sel, "a sub-query that refers to a query with GROUP BY around it")
			}
		}
	}
	n, move := k.subs.join(n)
	return n, k.rewriteAll(func(e expr.Expr, _ ast.Node) (expr.Expr, error) { return move(e), nil })
}
