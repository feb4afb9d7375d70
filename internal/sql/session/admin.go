// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"errors"
	"slices"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
	"spate/schema"
)

// atNode gives an error of the catalog or of the configuration its place and, when it has one, its hint.
func atNode(at ast.Node, err error) error {
	e := sqlerr.Wrap(errs.InvalidStatement, at, err)
	var h *catalog.Hinted
	if errors.As(err, &h) && e.Hint == "" {
		e = e.WithHint("%s", h.Hint)
	}
	return e
}

func options(list []ast.Option) []catalog.Option {
	out := make([]catalog.Option, len(list))
	for i, o := range list {
		out[i] = catalog.Option{Key: o.Key.Value, Value: o.Value.Value}
	}
	return out
}

func text(t *ast.Text) string {
	if t == nil {
		return ""
	}
	return t.Value
}

// databaseName splits [catalog.]database.
func (s *Session) databaseName(n ast.Name) (catalogName, database string, err error) {
	current, _ := s.catalog.Current()
	switch parts := n.Strings(); len(parts) {
	case 1:
		return current, parts[0], nil
	case 2:
		return parts[0], parts[1], nil
	default:
		return "", "", sqlerr.New(errs.InvalidStatement, n, "a database has a name of one or two parts")
	}
}

func (s *Session) createDatabase(st *ast.CreateDatabase) (*Result, error) {
	c, d, err := s.databaseName(st.Name)
	if err != nil {
		return nil, err
	}
	db := catalog.Database{Name: d, Comment: text(st.Comment), Properties: options(st.Options)}
	return ok(st.Name, s.catalog.CreateDatabase(c, db, st.IfNotExists))
}

func (s *Session) createCatalog(st *ast.CreateCatalog) (*Result, error) {
	opts := options(st.Options)
	i := slices.IndexFunc(opts, func(o catalog.Option) bool { return o.Key == "type" })
	if i < 0 {
		return nil, sqlerr.New(errs.InvalidOption, st, "a catalog needs the option 'type'").WithHint("WITH ('type' = '%s')", catalog.InMemory)
	}
	if opts[i].Value != catalog.InMemory {
		return nil, sqlerr.New(errs.InvalidOption, st.Options[i], "catalog type '%s' is not known; known types are: %s", opts[i].Value, catalog.InMemory)
	}
	c := catalog.Catalog{Name: st.Name.Name, Comment: text(st.Comment), HasComment: st.Comment != nil, Options: opts}
	return ok(st.Name, s.catalog.CreateCatalog(c, st.IfNotExists))
}

func (s *Session) drop(st *ast.Drop) (*Result, error) {
	switch st.Kind {
	case ast.ObjectTable, ast.ObjectView:
		c, d := s.catalog.Current()
		p, err := catalog.Qualify(st.Name.Strings(), c, d)
		if err != nil {
			return nil, atNode(st.Name, err)
		}
		return ok(st.Name, s.catalog.Drop(p, st.Kind == ast.ObjectView, st.Temporary, st.IfExists))
	case ast.ObjectDatabase:
		c, d, err := s.databaseName(st.Name)
		if err != nil {
			return nil, err
		}
		return ok(st.Name, s.catalog.DropDatabase(c, d, st.IfExists, st.Cascade))
	case ast.ObjectCatalog:
		return ok(st.Name, s.catalog.DropCatalog(st.Name.Last(), st.IfExists))
	default:
		return nil, sqlerr.New(errs.NotSupported, st, "DROP of this kind of object is not supported yet")
	}
}

func (s *Session) use(st *ast.Use) (*Result, error) {
	switch st.Kind {
	case ast.ObjectCatalog:
		return ok(st.Name, s.catalog.UseCatalog(st.Name.Last()))
	case ast.ObjectDatabase:
		c, d, err := s.databaseName(st.Name)
		if err != nil {
			return nil, err
		}
		return ok(st.Name, s.catalog.UseDatabase(c, d))
	default:
		return nil, sqlerr.New(errs.NotSupported, st, "modules are not supported yet")
	}
}

// set changes a setting, or lists those that were set.
func (s *Session) set(st *ast.Set) (*Result, error) {
	if st.Key != nil {
		if err := s.settings.Set(st.Key.Value, st.Value.Value); err != nil {
			if _, unknown := conf.Find(st.Key.Value); unknown != nil {
				return nil, atNode(st.Key, err)
			}
			return nil, atNode(st.Value, err)
		}
		return done, nil
	}
	r := textTable("key", "value")
	for k, v := range s.settings.All() {
		r.add(k, conf.Shown(k, v))
	}
	return r.result(), nil
}

func (s *Session) reset(st *ast.Reset) (*Result, error) {
	if st.Key == nil {
		s.settings.Clear()
		return done, nil
	}
	if err := s.settings.Unset(st.Key.Value); err != nil {
		return nil, atNode(st, err)
	}
	return done, nil
}

// rows collects the rows of a table of strings.
type rows struct {
	columns schema.Schema
	rows    [][]schema.Value
}

func textTable(names ...string) *rows {
	r := &rows{rows: [][]schema.Value{}}
	for _, n := range names {
		r.columns = append(r.columns, schema.Field{Name: n, Type: schema.TypeString})
	}
	return r
}

// add appends a row of texts.
func (r *rows) add(cells ...string) {
	row := make([]schema.Value, len(cells))
	for i, c := range cells {
		row[i] = schema.StringValue(c)
	}
	r.rows = append(r.rows, row)
}

func (r *rows) result() *Result { return &Result{Columns: r.columns, Rows: r.rows} }
