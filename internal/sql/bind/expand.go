// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// trace records, while a query is bound, what its names stand for.
type trace struct {
	// columns maps references to the table that they lack.
	columns map[*ast.ColumnRef]string
	stars   map[*ast.Star][]ast.SelectItem
	tables  map[*ast.TableName]catalog.Path
}

// expanded prints a query that binds without error with every name in full, as SHOW CREATE VIEW does. It works on a tree of its
// own, which it changes.
func (b *Binder) expanded(text string) (string, error) {
	q, err := parse.Query(text)
	if err != nil {
		return "", err
	}
	t := New(b.env)
	t.trace = &trace{columns: map[*ast.ColumnRef]string{}, stars: map[*ast.Star][]ast.SelectItem{}, tables: map[*ast.TableName]catalog.Path{}}
	if _, err := t.Query(q); err != nil {
		return "", err
	}
	t.trace.apply(q)
	return queryText(q), nil
}

// column records the table of a reference without one.
func (t *trace) column(ref *ast.ColumnRef, table string, used int) {
	if t != nil && table != "" && used == 1 {
		t.columns[ref] = table
	}
}

// star records the columns that * stands for.
func (t *trace) star(s *ast.Star, items []ast.SelectItem) {
	if t != nil {
		t.stars[s] = items
	}
}

// table records the full name of a table.
func (t *trace) table(n *ast.TableName, p catalog.Path) {
	if t != nil {
		t.tables[n] = p
	}
}

// apply writes what was recorded into the tree.
func (t *trace) apply(q *ast.Query) {
	for ref, table := range t.columns {
		ref.Parts = append([]ast.Ident{{Name: table}}, ref.Parts...)
	}
	for n, p := range t.tables {
		if n.Alias == nil {
			n.Alias = &ast.Alias{Name: ast.Ident{Name: p.Object}}
		}
		n.Name.Parts = []ast.Ident{{Name: p.Catalog}, {Name: p.Database}, {Name: p.Object}}
	}
	ast.Inspect(q, func(n ast.Node) bool {
		sel, ok := n.(*ast.Select)
		if !ok {
			return true
		}
		var items []ast.SelectItem
		for _, it := range sel.Items {
			if s, ok := it.Expr.(*ast.Star); ok && t.stars[s] != nil {
				items = append(items, t.stars[s]...)
			} else {
				items = append(items, it)
			}
		}
		sel.Items = items
		return true
	})
}

// expandedStyle quotes all names.
var expandedStyle = ast.Style{QuoteAll: true}

// queryText prints a query with every clause on a line of its own.
func queryText(q *ast.Query) string {
	sel, ok := q.Body.(*ast.Select)
	if !ok || len(q.With) > 0 || len(q.OrderBy) > 0 || q.Limit != nil || q.Offset != nil {
		return expandedStyle.Print(q)
	}
	return selectText(sel)
}

func selectText(s *ast.Select) string {
	if len(s.Windows) > 0 || s.Qualify != nil || len(s.Hints) > 0 {
		return expandedStyle.Print(s)
	}
	var b strings.Builder
	b.WriteString("SELECT ")
	if s.Distinct {
		b.WriteString("DISTINCT ")
	}
	parts := make([]string, len(s.Items))
	for i, it := range s.Items {
		parts[i] = expandedStyle.Print(it.Expr)
		if it.Alias != nil {
			parts[i] += " AS " + expandedStyle.Ident(it.Alias.Name)
		}
	}
	b.WriteString(strings.Join(parts, ", "))
	if s.From != nil {
		b.WriteString("\nFROM " + fromText(s.From))
	}
	if s.Where != nil {
		b.WriteString("\nWHERE " + expandedStyle.Print(s.Where))
	}
	if s.GroupBy != nil {
		b.WriteString("\n" + groupText(s.GroupBy))
	}
	if s.Having != nil {
		b.WriteString("\nHAVING " + expandedStyle.Print(s.Having))
	}
	return b.String()
}

func groupText(g *ast.GroupBy) string {
	parts := make([]string, len(g.Items))
	for i, it := range g.Items {
		parts[i] = expandedStyle.Print(it)
	}
	head := "GROUP BY "
	if g.Distinct {
		head += "DISTINCT "
	}
	return head + strings.Join(parts, ", ")
}

func fromText(t ast.TableExpr) string {
	switch t := t.(type) {
	case *ast.Derived:
		if t.Lateral || t.Period != nil {
			return expandedStyle.Print(t)
		}
		text := "(" + queryText(t.Query) + ")"
		if t.Alias != nil {
			text += " AS " + expandedStyle.Ident(t.Alias.Name.Name)
			if len(t.Alias.Columns) > 0 {
				names := make([]string, len(t.Alias.Columns))
				for i, c := range t.Alias.Columns {
					names[i] = expandedStyle.Ident(c.Name)
				}
				text += " (" + strings.Join(names, ", ") + ")"
			}
		}
		return text
	case *ast.Join:
		if t.Natural || len(t.Using) > 0 || t.Kind == ast.SemiJoin || t.Kind == ast.AntiJoin {
			return expandedStyle.Print(t)
		}
		text := fromText(t.Left) + joinText[t.Kind] + fromText(t.Right)
		if t.On != nil {
			text += " ON " + expandedStyle.Print(t.On)
		}
		return text
	default:
		return expandedStyle.Print(t)
	}
}

// joinText stands between the tables of a join.
var joinText = map[ast.JoinKind]string{
	ast.InnerJoin: "\nINNER JOIN ", ast.LeftJoin: "\nLEFT JOIN ", ast.RightJoin: "\nRIGHT JOIN ", ast.FullJoin: "\nFULL JOIN ",
	ast.CrossJoin: "\nCROSS JOIN ", ast.CommaJoin: ",\n",
}

// owner is the name of the table of a column.
func (s *scope) owner(index int) string {
	i := slices.IndexFunc(s.rels, func(r *relation) bool { return index >= r.first && index < r.first+len(r.cols) })
	if i < 0 {
		return ""
	}
	return s.rels[i].name
}
