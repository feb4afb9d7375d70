// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import (
	"fmt"
	"strings"

	"spate/internal/sql/keyword"
)

// inParens prints (query).
func (b *printer) inParens(q *Query) {
	b.str("(")
	b.indent++
	if b.style.Multiline {
		b.line()
	}
	b.query(q)
	b.indent--
	if b.style.Multiline {
		b.line()
	}
	b.str(")")
}

func (b *printer) query(q *Query) {
	if len(q.With) > 0 {
		b.str("WITH ")
		if q.Recursive {
			b.str("RECURSIVE ")
		}
		b.list(len(q.With), func(i int) {
			c := &q.With[i]
			b.ident(c.Name)
			if len(c.Columns) > 0 {
				b.str(" ")
				b.idents(c.Columns)
			}
			b.str(" AS ")
			b.inParens(c.Query)
		})
		b.sep()
	}
	b.operand(q.Body, 0)
	if len(q.OrderBy) > 0 {
		b.sep()
		b.str("ORDER BY ")
		b.order(q.OrderBy)
	}
	if q.Limit != nil {
		b.sep()
		b.str("LIMIT ")
		b.expr(q.Limit, precLowest)
	}
	if q.Offset != nil {
		b.sep()
		b.str("OFFSET ")
		b.expr(q.Offset, precLowest)
	}
}

// setPrec returns the precedence of a set operation.
func setPrec(k SetOpKind) int {
	if k == Intersect {
		return 2
	}
	return 1
}

// operand prints the body of a query or an operand of a set operation, in parentheses if it binds weaker than least.
func (b *printer) operand(body QueryBody, least int) {
	switch n := body.(type) {
	case *Query:
		b.inParens(n)
	case *SetOp:
		if setPrec(n.Kind) < least {
			b.inParens(&Query{Body: n})
			return
		}
		b.queryBody(n)
	default:
		b.queryBody(body)
	}
}

func (b *printer) queryBody(body QueryBody) {
	switch n := body.(type) {
	case *Query:
		b.query(n)
	case *Select:
		b.selectBlock(n)
	case *SetOp:
		prec := setPrec(n.Kind)
		b.operand(n.Left, prec)
		b.sep()
		b.str([...]string{Union: "UNION", Intersect: "INTERSECT", Except: "EXCEPT"}[n.Kind])
		if n.All {
			b.str(" ALL")
		}
		b.sep()
		b.operand(n.Right, prec+1)
	case *Values:
		b.str("VALUES ")
		b.exprs(n.Rows)
	case *ExplicitTable:
		b.str("TABLE ")
		b.name(n.Name)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", n))
	}
}

func (b *printer) selectBlock(s *Select) {
	b.str("SELECT")
	b.hints(s.Hints)
	if s.Distinct {
		b.str(" DISTINCT")
	}
	b.str(" ")
	b.list(len(s.Items), func(i int) { b.selectItem(s.Items[i]) })
	if s.From != nil {
		b.sep()
		b.str("FROM ")
		b.table(s.From)
	}
	if s.Where != nil {
		b.sep()
		b.str("WHERE ")
		b.expr(s.Where, precLowest)
	}
	if g := s.GroupBy; g != nil {
		b.sep()
		b.str("GROUP BY ")
		if g.Distinct {
			b.str("DISTINCT ")
		}
		b.groupItems(g.Items)
	}
	if s.Having != nil {
		b.sep()
		b.str("HAVING ")
		b.expr(s.Having, precLowest)
	}
	if len(s.Windows) > 0 {
		b.sep()
		b.str("WINDOW ")
		b.list(len(s.Windows), func(i int) {
			b.ident(s.Windows[i].Name)
			b.str(" AS ")
			b.window(s.Windows[i].Spec)
		})
	}
	if s.Qualify != nil {
		b.sep()
		b.str("QUALIFY ")
		b.expr(s.Qualify, precLowest)
	}
}

func (b *printer) selectItem(i SelectItem) {
	b.expr(i.Expr, precLowest)
	if i.Alias != nil {
		b.str(" AS ")
		b.ident(*i.Alias)
	}
}

func (b *printer) groupItems(list []GroupItem) {
	b.list(len(list), func(i int) { b.groupItem(list[i]) })
}

func (b *printer) groupItem(g GroupItem) {
	switch g := g.(type) {
	case *GroupExpr:
		if len(g.Exprs) == 1 {
			b.expr(g.Exprs[0], precLowest)
			return
		}
		b.str("(")
		b.exprs(g.Exprs)
		b.str(")")
	case *GroupingSets:
		b.str("GROUPING SETS (")
		b.groupItems(g.Items)
		b.str(")")
	case *Rollup:
		b.str("ROLLUP (")
		b.groupItems(g.Items)
		b.str(")")
	case *Cube:
		b.str("CUBE (")
		b.groupItems(g.Items)
		b.str(")")
	}
}

func (b *printer) order(list []OrderItem) {
	b.list(len(list), func(i int) { b.orderItem(list[i]) })
}

func (b *printer) orderItem(o OrderItem) {
	b.expr(o.Expr, precLowest)
	if o.Desc {
		b.str(" DESC")
	}
	switch o.Nulls {
	case NullsFirst:
		b.str(" NULLS FIRST")
	case NullsLast:
		b.str(" NULLS LAST")
	case NullsDefault:
	}
}

func (b *printer) hints(list []Hint) {
	if len(list) == 0 {
		return
	}
	b.str(" /*+ ")
	b.list(len(list), func(i int) {
		h := &list[i]
		b.callName(Name{Parts: []Ident{h.Name}})
		switch {
		case len(h.Options) > 0:
			b.str("(")
			b.list(len(h.Options), func(j int) { b.option(h.Options[j]) })
			b.str(")")
		case len(h.List) > 0:
			b.str("(")
			b.list(len(h.List), func(j int) { b.hintArg(h.List[j].Value) })
			b.str(")")
		}
	})
	b.str(" */")
}

// hintArg prints a name as it is and everything else as a string.
func (b *printer) hintArg(s string) {
	for part := range strings.SplitSeq(s, ".") {
		if keyword.NeedsQuotes(part) {
			b.quoted(s)
			return
		}
	}
	b.str(s)
}

func (b *printer) alias(a *Alias) {
	if a == nil {
		return
	}
	b.str(" AS ")
	b.ident(a.Name)
	if len(a.Columns) > 0 {
		b.str(" ")
		b.idents(a.Columns)
	}
}

func (b *printer) lateral(lateral bool) {
	if lateral {
		b.str("LATERAL ")
	}
}

func (b *printer) period(x Expr) {
	if x != nil {
		b.str(" FOR SYSTEM_TIME AS OF ")
		b.expr(x, precLowest)
	}
}

func (b *printer) table(t TableExpr) {
	switch t := t.(type) {
	case *TableName:
		b.name(t.Name)
		b.hints(t.Hints)
		b.period(t.Period)
		if s := t.Sample; s != nil {
			b.str(" TABLESAMPLE " + s.Method + "(")
			b.expr(s.Percentage, precLowest)
			b.str(")")
			if s.Repeatable != nil {
				b.str(" REPEATABLE(")
				b.expr(s.Repeatable, precLowest)
				b.str(")")
			}
		}
		b.alias(t.Alias)
	case *Derived:
		b.lateral(t.Lateral)
		b.inParens(t.Query)
		b.period(t.Period)
		b.alias(t.Alias)
	case *TableFunc:
		b.lateral(t.Lateral)
		if t.Wrapped {
			b.str("TABLE(")
		}
		b.call(t.Call)
		if t.Wrapped {
			b.str(")")
		}
		b.alias(t.Alias)
	case *Unnest:
		b.lateral(t.Lateral)
		b.str("UNNEST(")
		b.exprs(t.Exprs)
		b.str(")")
		if t.Ordinality {
			b.str(" WITH ORDINALITY")
		}
		b.alias(t.Alias)
	case *Join:
		b.join(t)
	case *MatchRecognize:
		b.matchRecognize(t)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", t))
	}
}

// tableOperand prints an operand of a join.
func (b *printer) tableOperand(t TableExpr, parens bool) {
	if parens {
		b.str("(")
		b.table(t)
		b.str(")")
		return
	}
	b.table(t)
}

var joinNames = [...]string{
	InnerJoin: "JOIN ", LeftJoin: "LEFT JOIN ", RightJoin: "RIGHT JOIN ", FullJoin: "FULL JOIN ", CrossJoin: "CROSS JOIN ",
	CommaJoin: ", ", SemiJoin: "LEFT SEMI JOIN ", AntiJoin: "LEFT ANTI JOIN ",
}

func (b *printer) join(j *Join) {
	left, _ := j.Left.(*Join)
	b.tableOperand(j.Left, left != nil && left.Kind == CommaJoin && j.Kind != CommaJoin)
	if j.Kind != CommaJoin {
		b.sep()
	}
	if j.Natural {
		b.str("NATURAL ")
	}
	b.str(joinNames[j.Kind])
	right, _ := j.Right.(*Join)
	b.tableOperand(j.Right, right != nil && (j.Kind != CommaJoin || right.Kind == CommaJoin))
	if j.On != nil {
		b.str(" ON ")
		b.expr(j.On, precLowest)
	}
	if len(j.Using) > 0 {
		b.str(" USING ")
		b.idents(j.Using)
	}
}

func (b *printer) matchRecognize(m *MatchRecognize) {
	_, parens := m.Input.(*Join)
	b.tableOperand(m.Input, parens)
	b.str(" MATCH_RECOGNIZE (")
	if len(m.PartitionBy) > 0 {
		b.str("PARTITION BY ")
		b.exprs(m.PartitionBy)
		b.str(" ")
	}
	if len(m.OrderBy) > 0 {
		b.str("ORDER BY ")
		b.order(m.OrderBy)
		b.str(" ")
	}
	if len(m.Measures) > 0 {
		b.str("MEASURES ")
		b.list(len(m.Measures), func(i int) { b.selectItem(m.Measures[i]) })
		b.str(" ")
	}
	if m.AllRows {
		b.str("ALL ROWS PER MATCH ")
	} else {
		b.str("ONE ROW PER MATCH ")
	}
	b.str("AFTER MATCH SKIP ")
	b.str([...]string{
		SkipToNextRow: "TO NEXT ROW", SkipPastLastRow: "PAST LAST ROW", SkipToFirst: "TO FIRST ", SkipToLast: "TO LAST ",
	}[m.After.Kind])
	if m.After.Kind == SkipToFirst || m.After.Kind == SkipToLast {
		b.ident(m.After.Symbol)
	}
	b.str(" PATTERN (")
	b.pattern(m.Pattern, patternAlt)
	b.str(")")
	if m.Within != nil {
		b.str(" WITHIN ")
		b.expr(m.Within, precLowest)
	}
	if len(m.Subsets) > 0 {
		b.str(" SUBSET ")
		b.list(len(m.Subsets), func(i int) {
			b.ident(m.Subsets[i].Name)
			b.str(" = ")
			b.idents(m.Subsets[i].Members)
		})
	}
	b.str(" DEFINE ")
	b.list(len(m.Define), func(i int) {
		b.ident(m.Define[i].Name)
		b.str(" AS ")
		b.expr(m.Define[i].Condition, precLowest)
	})
	b.str(")")
	b.alias(m.Alias)
}

// What a pattern may be without parentheses.
const (
	patternAlt = iota
	patternSeq
	patternFactor
	patternPrimary
)

func (b *printer) pattern(x PatternExpr, least int) {
	level := patternPrimary
	switch x.(type) {
	case *PatternAlt:
		level = patternAlt
	case *PatternSeq:
		level = patternSeq
	case *PatternRepeat:
		level = patternFactor
	}
	if level < least {
		b.str("(")
		defer b.str(")")
	}
	items := func(list []PatternExpr, sep string, least int) {
		for i, x := range list {
			if i > 0 {
				b.str(sep)
			}
			b.pattern(x, least)
		}
	}
	switch x := x.(type) {
	case *PatternVar:
		b.ident(x.Name)
	case *PatternAlt:
		items(x.Items, " | ", patternSeq)
	case *PatternSeq:
		items(x.Items, " ", patternFactor)
	case *PatternPermute:
		b.str("PERMUTE(")
		items(x.Items, ", ", patternAlt)
		b.str(")")
	case *PatternExclude:
		b.str("{- ")
		b.pattern(x.Item, patternAlt)
		b.str(" -}")
	case *PatternRepeat:
		b.pattern(x.Item, patternPrimary)
		b.repeat(x)
	}
}

func (b *printer) repeat(x *PatternRepeat) {
	switch {
	case x.Min == 0 && x.Max < 0:
		b.str("*")
	case x.Min == 1 && x.Max < 0:
		b.str("+")
	case x.Min == 0 && x.Max == 1:
		b.str("?")
	case x.Min == x.Max:
		b.str(fmt.Sprintf("{%d}", x.Min))
	case x.Max < 0:
		b.str(fmt.Sprintf("{%d,}", x.Min))
	default:
		b.str(fmt.Sprintf("{%d,%d}", x.Min, x.Max))
	}
	if x.Reluctant {
		b.str("?")
	}
}
