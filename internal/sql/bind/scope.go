// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/schema"
)

// relation is one table of a FROM clause: where its columns lie in the output of the FROM.
type relation struct {
	// name is the alias, or the last part of the table's name; empty for a nameless sub-query.
	name string
	// path is the full name of a table without an alias, which may qualify columns too.
	path  []string
	first int
	cols  schema.Schema
}

// merged is a column of USING or NATURAL: one name for a column of both sides.
type merged struct {
	name string
	e    expr.Expr
	// hides are the columns that the name stands for.
	hides []int
}

// scope is what names can refer to in a SELECT.
type scope struct {
	rels   []*relation
	merged []merged
	// outer is the scope of the query around, for correlated sub-queries; references to it are shifted by outerBase.
	outer *scope
}

// width returns the number of columns.
func (s *scope) width() int {
	if len(s.rels) == 0 {
		return 0
	}
	r := s.rels[len(s.rels)-1]
	return r.first + len(r.cols)
}

// join returns the scope of two inputs side by side.
func (s *scope) join(right *scope) *scope {
	out := &scope{rels: slices.Clone(s.rels), merged: slices.Clone(s.merged), outer: s.outer}
	shift := s.width()
	for _, r := range right.rels {
		c := *r
		c.first += shift
		out.rels = append(out.rels, &c)
	}
	for _, m := range right.merged {
		n := merged{name: m.name, e: expr.Shift(m.e, 0, shift)}
		for _, h := range m.hides {
			n.hides = append(n.hides, h+shift)
		}
		out.merged = append(out.merged, n)
	}
	return out
}

// retype takes the types of a schema, for example after an outer join.
func (s *scope) retype(out schema.Schema) {
	for i, r := range s.rels {
		c := *r
		c.cols = out[r.first : r.first+len(r.cols)]
		cols := make(schema.Schema, len(c.cols))
		for j := range cols {
			cols[j] = schema.Field{Name: r.cols[j].Name, Type: c.cols[j].Type}
		}
		c.cols = cols
		s.rels[i] = &c
	}
}

// matches tells whether a qualifier names the relation.
func (r *relation) matches(qualifier []ast.Ident) bool {
	if len(qualifier) == 1 {
		return r.name != "" && r.name == qualifier[0].Name
	}
	if len(qualifier) > len(r.path) {
		return false
	}
	tail := r.path[len(r.path)-len(qualifier):]
	for i, q := range qualifier {
		if tail[i] != q.Name {
			return false
		}
	}
	return true
}

// find returns the column of a bare name: its index or, for a merged column, its expression.
func (s *scope) find(name string) (found []expr.Expr) {
	var hidden []int
	for _, m := range s.merged {
		if m.name == name {
			found = append(found, m.e)
			hidden = append(hidden, m.hides...)
		}
	}
	for _, r := range s.rels {
		for i, c := range r.cols {
			if c.Name == name && !slices.Contains(hidden, r.first+i) {
				found = append(found, &expr.Col{Index: r.first + i, T: c.Type})
			}
		}
	}
	return found
}

// names returns all column names, bare and qualified, for suggestions.
func (s *scope) names() []string {
	var out []string
	for _, r := range s.rels {
		for _, c := range r.cols {
			out = append(out, c.Name)
		}
	}
	return out
}

// relNames returns the names of the relations.
func (s *scope) relNames() []string {
	var out []string
	for _, r := range s.rels {
		if r.name != "" {
			out = append(out, r.name)
		}
	}
	return out
}

// resolve finds the column of a chain of names and how many of the names it took; the rest are fields.
func (s *scope) resolve(ref *ast.ColumnRef) (expr.Expr, int, error) {
	parts := ref.Parts
	// A qualifier first, the longest one: t.c and db.t.c.
	for n := min(len(parts)-1, 3); n >= 1; n-- {
		var hits []expr.Expr
		known := false
		var names []string
		for _, r := range s.rels {
			if !r.matches(parts[:n]) {
				continue
			}
			known = true
			for i, c := range r.cols {
				names = append(names, c.Name)
				if c.Name == parts[n].Name {
					hits = append(hits, &expr.Col{Index: r.first + i, T: c.Type})
				}
			}
		}
		switch {
		case len(hits) == 1:
			return hits[0], n + 1, nil
		case len(hits) > 1:
			return nil, 0, invalid(ref, "column `%s` is ambiguous", joinIdents(parts[:n+1]))
		case known:
			if f := s.find(parts[0].Name); len(f) == 1 {
				return f[0], 1, nil // A column that has the name of its table: its fields are meant.
			}
			return nil, 0, notFound(parts[n], parts[n].Name, names, "column `%s` not found in table `%s`", parts[n].Name, joinIdents(parts[:n]))
		}
	}
	switch f := s.find(parts[0].Name); len(f) {
	case 0:
		return nil, 0, nil
	case 1:
		return f[0], 1, nil
	default:
		return nil, 0, invalid(ref, "column `%s` is ambiguous", parts[0].Name).
			WithHint("qualify it with one of the tables %s", strings.Join(s.owners(parts[0].Name), ", "))
	}
}

// owners returns the tables that have a column of the name.
func (s *scope) owners(name string) []string {
	var out []string
	for _, r := range s.rels {
		if r.cols.Index(name) >= 0 && r.name != "" {
			out = append(out, "`"+r.name+"`")
		}
	}
	return out
}

func joinIdents(parts []ast.Ident) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Name
	}
	return strings.Join(names, ".")
}
