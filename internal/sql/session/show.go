// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"strings"
	"time"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// show answers SHOW.
func (s *Session) show(st *ast.Show) (*Result, error) {
	switch st.Kind {
	case ast.ShowTables, ast.ShowViews:
		return s.showObjects(st)
	case ast.ShowDatabases:
		c, _ := s.catalog.Current()
		if !st.From.IsZero() {
			c = st.From.Last()
		}
		cat, err := s.catalog.Catalog(c)
		if err != nil {
			return nil, atNode(st.From, err)
		}
		return names("database name", cat.Databases(), st.Like), nil
	case ast.ShowCatalogs:
		return names("catalog name", s.catalog.Catalogs(), st.Like), nil
	case ast.ShowFunctions:
		var list []string
		for _, n := range s.cfg.Functions.Names() {
			if isWord(n) {
				list = append(list, strings.ToLower(n))
			}
		}
		return names("function name", list, st.Like), nil
	case ast.ShowUserFunctions, ast.ShowProcedures, ast.ShowModels, ast.ShowMaterializedTables, ast.ShowConnections, ast.ShowJars:
		return names(emptyLists[st.Kind], nil, nil), nil
	case ast.ShowModules:
		return names("module name", []string{"core"}, nil), nil
	case ast.ShowCurrentCatalog:
		c, _ := s.catalog.Current()
		return names("current catalog name", []string{c}, nil), nil
	case ast.ShowCurrentDatabase:
		_, d := s.catalog.Current()
		return names("current database name", []string{d}, nil), nil
	case ast.ShowColumns:
		o, err := s.object(st.From)
		if err != nil {
			return nil, err
		}
		return describeColumns(o, "field", st.Like), nil
	case ast.ShowJobs:
		return s.showJobs(), nil
	case ast.ShowCreate:
		return s.showCreate(st)
	default:
		return nil, sqlerr.New(errs.NotSupported, st, "this SHOW is not supported yet")
	}
}

// emptyLists are the headings of lists of things that Spate does not have yet.
var emptyLists = map[ast.ShowKind]string{
	ast.ShowUserFunctions: "function name", ast.ShowProcedures: "procedure name", ast.ShowModels: "model name",
	ast.ShowMaterializedTables: "table name", ast.ShowConnections: "connection name", ast.ShowJars: "jars",
}

// isWord tells a function that is called by name from an operator.
func isWord(name string) bool {
	for _, r := range name {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return true
}

func (s *Session) showObjects(st *ast.Show) (*Result, error) {
	c, d := s.catalog.Current()
	if !st.From.IsZero() {
		var err error
		if c, d, err = s.databaseName(st.From); err != nil {
			return nil, err
		}
	}
	objects, err := s.catalog.Objects(c, d)
	if err != nil {
		return nil, atNode(st.From, err)
	}
	heading := "table name"
	if st.Kind == ast.ShowViews {
		heading = "view name"
	}
	var list []string
	for _, o := range objects {
		if _, isView := o.(*catalog.View); isView || st.Kind == ast.ShowTables {
			p, _ := o.Where()
			list = append(list, p.Object)
		}
	}
	return names(heading, list, st.Like), nil
}

func (s *Session) showJobs() *Result {
	r := textTable("job id", "job name", "status", "start time")
	if s.cfg.Jobs != nil {
		for _, j := range s.cfg.Jobs() {
			r.add(j.ID, j.Name, j.Status, time.UnixMilli(j.StartMillis).UTC().Format("2006-01-02T15:04:05.000Z"))
		}
	}
	return r.result()
}

func (s *Session) showCreate(st *ast.Show) (*Result, error) {
	if st.Object == ast.ObjectCatalog {
		c, err := s.catalog.Catalog(st.From.Last())
		if err != nil {
			return nil, atNode(st.From, err)
		}
		return names("result", []string{catalog.CreateCatalogText(c)}, nil), nil
	}
	o, err := s.object(st.From)
	if err != nil {
		return nil, err
	}
	p, _ := o.Where()
	switch o := o.(type) {
	case *catalog.Table:
		if st.Object == ast.ObjectView {
			return nil, sqlerr.New(errs.InvalidStatement, st.From, "SHOW CREATE VIEW is only supported for views, but %s is a table. Please use SHOW CREATE TABLE instead.", p)
		}
		return names("result", []string{catalog.CreateTableText(o)}, nil), nil
	case *catalog.View:
		if st.Object == ast.ObjectTable {
			return nil, sqlerr.New(errs.InvalidStatement, st.From, "SHOW CREATE TABLE is only supported for tables, but %s is a view. Please use SHOW CREATE VIEW instead.", p)
		}
		return names("result", []string{catalog.CreateViewText(o)}, nil), nil
	default:
		panic("BUG: unknown kind of catalog object")
	}
}

// object finds a table or view by the name written at n.
func (s *Session) object(n ast.Name) (catalog.Object, error) {
	c, d := s.catalog.Current()
	o, err := s.catalog.Resolve(n.Strings(), c, d)
	if err != nil {
		return nil, atNode(n, err)
	}
	return o, nil
}

// names makes a table of one column from the names that match the pattern.
func names(heading string, list []string, like *ast.ShowLike) *Result {
	r := textTable(heading)
	for _, n := range list {
		if matches(n, like) {
			r.add(n)
		}
	}
	return r.result()
}

// matches tells whether a name passes [NOT] LIKE or ILIKE.
func matches(name string, like *ast.ShowLike) bool {
	if like == nil {
		return true
	}
	pattern := like.Pattern.Value
	if like.ILike {
		name, pattern = strings.ToLower(name), strings.ToLower(pattern)
	}
	return likeMatch([]rune(name), []rune(pattern)) != like.Not
}

// likeMatch matches SQL's LIKE without escapes: names are short, so plain backtracking will do.
func likeMatch(s, p []rune) bool {
	for len(p) > 0 {
		switch p[0] {
		case '%':
			for i := 0; i <= len(s); i++ {
				if likeMatch(s[i:], p[1:]) {
					return true
				}
			}
			return false
		case '_':
			if len(s) == 0 {
				return false
			}
		default:
			if len(s) == 0 || s[0] != p[0] {
				return false
			}
		}
		s, p = s[1:], p[1:]
	}
	return len(s) == 0
}
