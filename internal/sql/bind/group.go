// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strconv"
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// maxSets bounds the grouping sets of one GROUP BY: CUBE doubles them with every column.
const maxSets = 4096

// groupBy binds GROUP BY: the grouping expressions, the grouping sets, the legacy window.
func (k *block) groupBy() error {
	sets := [][]int{{}}
	plainSets := true
	for _, it := range k.sel.GroupBy.Items {
		alternatives, err := k.groupItem(it)
		if err != nil {
			return err
		}
		if _, ok := it.(*ast.GroupExpr); !ok {
			plainSets = false
		}
		var next [][]int
		for _, s := range sets {
			for _, a := range alternatives {
				next = append(next, union(s, a))
			}
		}
		if len(next) > maxSets {
			return invalid(it, "GROUP BY has more than %d grouping sets", maxSets)
		}
		sets = next
	}
	if !plainSets {
		if k.sel.GroupBy.Distinct {
			sets = uniqueSets(sets)
		}
		k.s.sets = sets
		k.nullableGroups()
	}
	k.s.maybeEmpty = len(k.s.groups) == 0 || slices.ContainsFunc(k.s.sets, func(s []int) bool { return len(s) == 0 })
	return nil
}

func union(a, b []int) []int {
	out := slices.Clone(a)
	for _, i := range b {
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

func uniqueSets(sets [][]int) [][]int {
	var out [][]int
	for _, s := range sets {
		s = slices.Sorted(slices.Values(s))
		if !slices.ContainsFunc(out, func(o []int) bool { return slices.Equal(o, s) }) {
			out = append(out, s)
		}
	}
	return out
}

// groupItem returns the grouping sets that an item stands for.
func (k *block) groupItem(it ast.GroupItem) ([][]int, error) {
	switch it := it.(type) {
	case *ast.GroupExpr:
		var set []int
		for _, e := range it.Exprs {
			i, err := k.group(e)
			if err != nil {
				return nil, err
			}
			if i >= 0 {
				set = append(set, i)
			}
		}
		return [][]int{set}, nil
	case *ast.GroupingSets:
		var sets [][]int
		for _, x := range it.Items {
			s, err := k.groupItem(x)
			if err != nil {
				return nil, err
			}
			sets = append(sets, s...)
		}
		return sets, nil
	case *ast.Rollup:
		parts, err := k.groupParts(it.Items)
		if err != nil {
			return nil, err
		}
		var sets [][]int
		for n := len(parts); n >= 0; n-- {
			var s []int
			for _, p := range parts[:n] {
				s = union(s, p)
			}
			sets = append(sets, s)
		}
		return sets, nil
	case *ast.Cube:
		parts, err := k.groupParts(it.Items)
		if err != nil {
			return nil, err
		}
		if len(parts) > 12 {
			return nil, invalid(it, "CUBE takes at most 12 items")
		}
		var sets [][]int
		for mask := 1<<len(parts) - 1; mask >= 0; mask-- {
			var s []int
			for i, p := range parts {
				if mask>>(len(parts)-1-i)&1 == 1 {
					s = union(s, p)
				}
			}
			sets = append(sets, s)
		}
		return sets, nil
	}
	return nil, unsupported(it, "this form of GROUP BY")
}

func (k *block) groupParts(items []ast.GroupItem) ([][]int, error) {
	var parts [][]int
	for _, x := range items {
		s, err := k.groupItem(x)
		if err != nil {
			return nil, err
		}
		if len(s) != 1 {
			return nil, unsupported(x, "nested grouping sets")
		}
		parts = append(parts, s[0])
	}
	return parts, nil
}

// group binds one grouping expression and returns its index, -1 for a legacy window.
func (k *block) group(e ast.Expr) (int, error) {
	if call, ok := e.(*ast.Call); ok && call.Over == nil {
		if w, ok := legacyWindow(strings.ToUpper(call.Name.Last())); ok && w.aux == "" && len(call.Name.Parts) == 1 {
			return -1, k.b.groupWindow(k, call, w)
		}
	}
	x, err := k.b.expr(&ctx{scope: k.scope, clause: "GROUP BY"}, e)
	if err != nil {
		if ref, ok := e.(*ast.ColumnRef); ok && len(ref.Parts) == 1 && k.isAlias(ref.Parts[0].Name) {
			return 0, notFound(ref, "", nil, "column `%s` not found in any table", ref.Parts[0].Name).
				WithHint("GROUP BY cannot name an alias of the SELECT list; repeat the expression")
		}
		return 0, err
	}
	d := plan.ExprDigest(x)
	for i, g := range k.s.groups {
		if plan.ExprDigest(g) == d {
			return i, nil
		}
	}
	k.s.groups = append(k.s.groups, x)
	k.s.groupAt = append(k.s.groupAt, e)
	return len(k.s.groups) - 1, nil
}

func (k *block) isAlias(name string) bool {
	return slices.ContainsFunc(k.sel.Items, func(it ast.SelectItem) bool { return it.Alias != nil && it.Alias.Name == name })
}

// nullableGroups makes columns that are grouped by in some sets only, not in all, nullable for the rest of the block.
func (k *block) nullableGroups() {
	c := *k.scope
	c.rels = slices.Clone(c.rels)
	for gi, g := range k.s.groups {
		col, ok := g.(*expr.Col)
		if !ok || !slices.ContainsFunc(k.s.sets, func(s []int) bool { return !slices.Contains(s, gi) }) {
			continue
		}
		for i, r := range c.rels {
			if at := col.Index - r.first; at >= 0 && at < len(r.cols) {
				n := *r
				n.cols = slices.Clone(r.cols)
				n.cols[at].Type = n.cols[at].Type.WithNull(true)
				c.rels[i] = &n
			}
		}
	}
	k.scope = &c
}

// digestOfSets is plan.ExprDigest without the nullability of calls: what is grouped by was bound before nullableGroups, what is
// selected after it.
func digestOfSets(e expr.Expr) string {
	return plan.ExprDigest(nullableCalls(e))
}

func nullableCalls(e expr.Expr) expr.Expr {
	c, ok := e.(*expr.Call)
	if !ok {
		return e
	}
	n := *c
	n.T = c.T.WithNull(true)
	n.Args = make([]expr.Expr, len(c.Args))
	for i, a := range c.Args {
		n.Args[i] = nullableCalls(a)
	}
	return &n
}

// aggregate lays out the aggregation and points the expressions above at its output.
func (k *block) aggregate(in plan.Node) (plan.Node, error) {
	s, inner := k.s, in.Schema()
	p := newProjector()
	a := &plan.Aggregate{}
	for i, g := range s.groups {
		col := p.add(g, nameOf(g, inner, k.itemName(plan.ExprDigest(g), "$group"+strconv.Itoa(i))))
		a.Keys = append(a.Keys, col)
		a.Names = append(a.Names, p.names[col])
	}
	expand := k.expand(p)
	for i := range s.aggs {
		c := &s.aggs[i]
		call := graph.AggCall{Fn: c.fn, Distinct: c.distinct, Filter: -1, Type: c.t, Lits: c.lits, Args: []int{}}
		for j, arg := range c.args {
			call.Args = append(call.Args, k.argument(p, expand, arg, nameOf(arg, inner, "$arg"+strconv.Itoa(i)+"_"+strconv.Itoa(j))))
		}
		if c.filter != nil {
			call.Filter = k.argument(p, expand, c.filter, "$filter"+strconv.Itoa(i))
		}
		a.Aggs = append(a.Aggs, call)
	}
	if s.window != nil {
		w := s.window.spec
		w.TimeCol = p.add(s.window.time, nameOf(s.window.time, inner, "$time"))
		a.Window, a.Legacy, a.Props = &w, true, s.props
		a.PropTypes = s.propTypes()
	}
	if len(p.exprs) == 0 { // COUNT(*) alone: a batch needs a column.
		p.add(intLit(0), "$zero")
	}
	a.Input = &plan.Project{Input: in, Exprs: p.exprs, Names: p.names}
	if expand != nil {
		expand.Input = a.Input
		a.Input = expand
		a.Keys = append(a.Keys, len(p.exprs))
		a.Names = append(a.Names, expand.IDName)
	}
	for i := range a.Aggs {
		ref := &expr.Col{Index: aggBase + i, T: s.aggs[i].t}
		a.Names = append(a.Names, k.itemName(plan.ExprDigest(ref), "$agg"+strconv.Itoa(i)))
	}
	for _, w := range a.Props {
		a.Names = append(a.Names, "$window_"+strings.ToLower(string(w)))
	}
	a.TimeKeys = plan.WindowTimeKeys(a)
	return a, k.pointAt(a, expand)
}

// itemName is the name of the output column that is this expression, if there is one: plans read better with it.
func (k *block) itemName(digest, def string) string {
	for i, e := range k.items[:k.visible] {
		if plan.ExprDigest(e) == digest {
			return k.names[i]
		}
	}
	return def
}

// argument adds an argument of an aggregate to the projection. Below an Expand the columns that are grouped by lose their
// values, so arguments get columns of their own.
func (k *block) argument(p *projector, expand *plan.Expand, e expr.Expr, name string) int {
	if expand == nil {
		return p.add(e, name)
	}
	if i, ok := p.known[plan.ExprDigest(e)]; ok && i >= len(k.s.groups) {
		return i
	}
	for i := len(k.s.groups); i < len(p.exprs); i++ {
		if plan.ExprDigest(p.exprs[i]) == plan.ExprDigest(e) {
			return i
		}
	}
	p.exprs = append(p.exprs, e)
	p.names = append(p.names, name)
	return len(p.exprs) - 1
}

// expand returns the node that multiplies rows by grouping sets, nil for a plain GROUP BY.
func (k *block) expand(*projector) *plan.Expand {
	if k.s.sets == nil {
		return nil
	}
	e := &plan.Expand{IDName: "$e"}
	for i := range k.s.groups {
		e.Grouped = append(e.Grouped, i)
	}
	for i, s := range k.s.sets {
		e.Sets = append(e.Sets, slices.Sorted(slices.Values(s)))
		e.IDs = append(e.IDs, int64(i))
	}
	return e
}

// pointAt rewrites the expressions above the aggregation to its output.
func (k *block) pointAt(a *plan.Aggregate, expand *plan.Expand) error {
	out := a.Schema()
	nKeys, nAggs := len(a.Keys), len(a.Aggs)
	groups := map[string]int{}
	digest := plan.ExprDigest
	if k.s.sets != nil {
		digest = digestOfSets
	}
	for i, g := range k.s.groups {
		groups[digest(g)] = i
	}
	rewrite := func(e expr.Expr, at ast.Node) (expr.Expr, error) {
		var bad *expr.Col
		r := plan.TransformDown(e, func(x expr.Expr) (expr.Expr, bool) {
			if i, ok := groups[digest(x)]; ok {
				return plan.ColOf(out, i), true
			}
			c, ok := x.(*expr.Col)
			if !ok {
				return x, false
			}
			switch {
			case c.Index >= outerBase || c.Index >= overBase && c.Index < propBase:
				return x, true
			case c.Index >= propBase+groupingBase:
				return k.groupingValue(out, expand, k.s.groupingCalls[c.Index-propBase-groupingBase], c.T), true
			case c.Index >= propBase:
				return plan.ColOf(out, nKeys+nAggs+c.Index-propBase), true
			case c.Index >= aggBase:
				return plan.ColOf(out, nKeys+c.Index-aggBase), true
			}
			bad = c
			return x, true
		})
		if bad != nil {
			if span, ok := k.b.spans[bad]; ok {
				at = span
			}
			return nil, invalid(at, "Expression '%s' is not being grouped", k.columnName(bad)).
				WithHint("name it in GROUP BY or put it into an aggregate such as MAX")
		}
		return r, nil
	}
	return k.rewriteAll(rewrite)
}

// columnName is the name of an input column.
func (k *block) columnName(c *expr.Col) string {
	for _, r := range k.scope.rels {
		if at := c.Index - r.first; at >= 0 && at < len(r.cols) {
			return r.cols[at].Name
		}
	}
	return "?"
}

// rewriteAll rewrites every expression that stands above the aggregation.
func (k *block) rewriteAll(f func(expr.Expr, ast.Node) (expr.Expr, error)) error {
	var err error
	apply := func(e *expr.Expr, at ast.Node) {
		if err == nil && *e != nil {
			*e, err = f(*e, at)
		}
	}
	for i := range k.items {
		apply(&k.items[i], k.at[i])
	}
	apply(&k.having, k.sel.Having)
	apply(&k.qualify, k.sel.Qualify)
	for i := range k.s.overs {
		o := &k.s.overs[i]
		for j := range o.call.args {
			apply(&o.call.args[j], o.at)
		}
		apply(&o.call.filter, o.at)
		for j := range o.partition {
			apply(&o.partition[j], o.at)
		}
		for j := range o.sort {
			apply(&o.sort[j].e, o.at)
		}
	}
	return err
}

// grouping binds GROUPING, GROUPING_ID and GROUP_ID.
func (b *Binder) grouping(c *ctx, e *ast.Call, name string) (expr.Expr, error) {
	if c.sel == nil || c.noAgg || c.sel.groups == nil {
		return nil, invalid(e, "%s needs a GROUP BY", name)
	}
	if name == "GROUP_ID" {
		c.sel.groupingCalls = append(c.sel.groupingCalls, nil)
		return &expr.Col{Index: propBase + groupingBase + len(c.sel.groupingCalls) - 1, T: schema.TypeBigInt.NotNull()}, nil
	}
	if len(e.Args) == 0 {
		return nil, invalid(e, "%s needs an argument", name)
	}
	var asked []int
	for _, a := range e.Args {
		x, err := b.expr(&ctx{scope: c.scope, clause: name}, a.Value)
		if err != nil {
			return nil, err
		}
		d := digestOfSets(x)
		i := slices.IndexFunc(c.sel.groups, func(g expr.Expr) bool { return digestOfSets(g) == d })
		if i < 0 {
			return nil, invalid(a.Value, "the argument of %s must be grouped by", name)
		}
		asked = append(asked, i)
	}
	c.sel.groupingCalls = append(c.sel.groupingCalls, asked)
	return &expr.Col{Index: propBase + groupingBase + len(c.sel.groupingCalls) - 1, T: schema.TypeBigInt.NotNull()}, nil
}

// groupingValue computes GROUPING from the id of the grouping set: a bit for every asked column that is not in the set; without
// asked columns, GROUP_ID.
func (k *block) groupingValue(out schema.Schema, expand *plan.Expand, asked []int, t *schema.Type) expr.Expr {
	lit := func(n int64) expr.Expr { return &expr.Lit{Value: schema.IntValue(n), T: t} }
	if expand == nil {
		return lit(0)
	}
	id := plan.ColOf(out, len(k.s.groups))
	var args []expr.Expr
	var last expr.Expr
	for i, s := range expand.Sets {
		var bits int64
		if asked == nil { // GROUP_ID: how often the same set came before.
			for _, before := range expand.Sets[:i] {
				if slices.Equal(before, s) {
					bits++
				}
			}
		}
		for _, g := range asked {
			bits <<= 1
			if !slices.Contains(s, g) {
				bits |= 1
			}
		}
		if last = lit(bits); i < len(expand.Sets)-1 {
			args = append(args, plan.Eq(id, &expr.Lit{Value: schema.IntValue(expand.IDs[i]), T: id.T}), last)
		}
	}
	if len(args) == 0 {
		return last
	}
	return &expr.Call{Fn: "CASE", Version: 1, Args: append(args, last), T: t}
}
