// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"slices"
	"strings"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
	"spate/schema"
)

// describe answers DESCRIBE.
func (s *Session) describe(st *ast.Describe) (*Result, error) {
	switch st.Kind {
	case ast.ObjectTable, ast.ObjectView:
		o, err := s.object(st.Name)
		if err != nil {
			return nil, err
		}
		return describeColumns(o, "name", nil), nil
	case ast.ObjectDatabase:
		c, d, err := s.databaseName(st.Name)
		if err != nil {
			return nil, err
		}
		db, err := s.catalog.Database(c, d)
		if err != nil {
			return nil, atNode(st.Name, err)
		}
		r := textTable("info name", "info value")
		r.add("name", db.Name)
		r.add("comment", db.Comment)
		if st.Extended {
			r.add("properties", propertyText(db.Properties))
		}
		return r.result(), nil
	case ast.ObjectCatalog:
		c, err := s.catalog.Catalog(st.Name.Last())
		if err != nil {
			return nil, atNode(st.Name, err)
		}
		r := textTable("info name", "info value")
		r.add("name", c.Name)
		r.add("type", catalog.InMemory)
		r.add("comment", c.Comment)
		if st.Extended {
			for _, o := range c.Options {
				if o.Key != "type" {
					r.add("option:"+o.Key, o.Value)
				}
			}
		}
		return r.result(), nil
	default:
		return nil, sqlerr.New(errs.NotSupported, st, "this DESCRIBE is not supported yet")
	}
}

func propertyText(props []catalog.Option) string {
	parts := make([]string, len(props))
	for i, p := range props {
		parts[i] = "(" + p.Key + "," + p.Value + ")"
	}
	return strings.Join(parts, ", ")
}

// describeColumns makes the table of DESCRIBE and SHOW COLUMNS. The comment column appears when a column has one.
func describeColumns(o catalog.Object, heading string, like *ast.ShowLike) *Result {
	var columns []catalog.Column
	var table *catalog.Table
	switch o := o.(type) {
	case *catalog.Table:
		columns, table = o.Columns, o
	case *catalog.View:
		columns = o.Columns
	}
	comments := slices.ContainsFunc(columns, func(c catalog.Column) bool { return c.HasComment })
	r := textTable(heading, "type", "null", "key", "extras", "watermark")
	r.columns[2].Type = schema.TypeBoolean
	if comments {
		r.columns = append(r.columns, schema.Field{Name: "comment", Type: schema.TypeString})
	}
	for i := range columns {
		c := &columns[i]
		if !matches(c.Name, like) {
			continue
		}
		row := []schema.Value{
			schema.StringValue(c.Name), schema.StringValue(columnType(c, table)), schema.BoolValue(c.Type.Nullable),
			orNull(keyOf(c, table)), orNull(extras(c)), orNull(watermarkOf(c, table)),
		}
		if comments {
			row = append(row, orNull(c.Comment))
		}
		r.rows = append(r.rows, row)
	}
	return r.result()
}

func orNull(s string) schema.Value {
	if s == "" {
		return schema.NullValue
	}
	return schema.StringValue(s)
}

// columnType prints a column's type, with the mark of a time attribute and without its nullability.
func columnType(c *catalog.Column, t *catalog.Table) string {
	text := c.Type.WithNull(true).WithAttr(schema.NotTimeAttr).Summary()
	switch {
	case c.Type.Attr == schema.ProcTime:
		return text + " *PROCTIME*"
	case c.Type.Attr == schema.RowTime || t != nil && t.Watermark != nil && len(t.Watermark.Column) == 1 && t.Watermark.Column[0] == c.Name:
		return text + " *ROWTIME*"
	}
	return text
}

func keyOf(c *catalog.Column, t *catalog.Table) string {
	if t == nil || t.PrimaryKey == nil || !slices.Contains(t.PrimaryKey.Columns, c.Name) {
		return ""
	}
	return "PRI(" + strings.Join(t.PrimaryKey.Columns, ", ") + ")"
}

func extras(c *catalog.Column) string {
	switch c.Kind {
	case catalog.Computed:
		return "AS " + c.Expr
	case catalog.Metadata:
		text := "METADATA"
		if c.MetadataKey != "" {
			text += " FROM '" + c.MetadataKey + "'"
		}
		if c.Virtual {
			text += " VIRTUAL"
		}
		return text
	case catalog.Physical:
	}
	return ""
}

func watermarkOf(c *catalog.Column, t *catalog.Table) string {
	if t == nil || t.Watermark == nil || len(t.Watermark.Column) != 1 || t.Watermark.Column[0] != c.Name {
		return ""
	}
	return t.Watermark.Expr
}
