// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strings"

	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/schema"
)

// Table makes the table that CREATE TABLE declares; CTAS takes its columns from the query that was bound before.
func (b *Binder) Table(st *ast.CreateTable, query schema.Schema) (*catalog.Table, error) {
	p, err := catalog.Qualify(st.Name.Strings(), b.catalog, b.database)
	if err != nil {
		return nil, At(st.Name, err)
	}
	if !st.Connection.IsZero() {
		return nil, unsupported(st.Connection, "USING CONNECTION")
	}
	t := &catalog.Table{Path: p, Temporary: st.Temporary, Comment: textOf(st.Comment), HasComment: st.Comment != nil, Options: optionList(st.Options)}
	d := &declaration{b: b, t: t, st: st, at: map[string]ast.Node{}}
	if st.Like != nil {
		if err := d.like(st.Like); err != nil {
			return nil, err
		}
	}
	if err := d.columns(query); err != nil {
		return nil, err
	}
	if err := d.constraints(); err != nil {
		return nil, err
	}
	if err := d.computed(); err != nil {
		return nil, err
	}
	if err := d.watermark(); err != nil {
		return nil, err
	}
	return t, d.layout()
}

func textOf(t *ast.Text) string {
	if t == nil {
		return ""
	}
	return t.Value
}

func optionList(list []ast.Option) []catalog.Option {
	out := make([]catalog.Option, len(list))
	for i, o := range list {
		out[i] = catalog.Option{Key: o.Key.Value, Value: o.Value.Value}
	}
	return out
}

// declaration is a CREATE TABLE while it is bound.
type declaration struct {
	b  *Binder
	t  *catalog.Table
	st *ast.CreateTable
	// at is where the columns stand, for messages.
	at map[string]ast.Node
	// overwrite are kinds of columns that LIKE lets be declared anew.
	overwrite map[catalog.ColumnKind]bool
	// base is the number of columns that came from LIKE.
	base int
}

// columns adds the columns of the statement, then those of the query of CTAS. A column of the statement that the query has too
// stays at the query's place and has the type of the statement; names alone are the order of the query's columns.
func (d *declaration) columns(query schema.Schema) error {
	rest := slices.Clone(query)
	own := map[string]catalog.Column{}
	bare := false
	for _, c := range d.st.Schema.Columns {
		col := catalog.Column{Name: c.Name.Name, Comment: textOf(c.Comment), HasComment: c.Comment != nil}
		switch {
		case c.Computed != nil:
			col.Kind, col.Expr = catalog.Computed, expandedStyle.Print(c.Computed)
		case c.Type == nil:
			i := rest.Index(c.Name.Name)
			if i < 0 {
				return notFound(c.Name, c.Name.Name, query.Names(), "column `%s` not found in the query", c.Name.Name)
			}
			col.Type = rest[i].Type.WithAttr(schema.NotTimeAttr)
			rest = slices.Delete(rest, i, i+1)
			bare = true
		default:
			t, err := Type(c.Type)
			if err != nil {
				return err
			}
			col.Type = t
			if c.Metadata != nil {
				col.Kind, col.MetadataKey, col.Virtual = catalog.Metadata, textOf(c.Metadata.From), c.Metadata.Virtual
			} else if rest.Index(c.Name.Name) >= 0 {
				own[c.Name.Name] = col
				continue
			}
		}
		if err := d.add(col, c); err != nil {
			return err
		}
	}
	if bare && len(rest) > 0 {
		return invalid(d.st.Name, "the column list must name all columns of the query; `%s` is missing", rest[0].Name)
	}
	for _, f := range rest {
		col, ok := own[f.Name]
		if !ok {
			col = catalog.Column{Name: f.Name, Type: f.Type.WithAttr(schema.NotTimeAttr)}
		}
		if col.Type.Root == schema.Null {
			return mismatch(d.st.As, "column `%s` of the query has no type: cast it", f.Name)
		}
		if err := d.add(col, d.st.As); err != nil {
			return err
		}
	}
	if len(d.t.Columns) == 0 {
		return invalid(d.st.Name, "table `%s` has no columns", d.t.Path.Object)
	}
	return nil
}

// add appends a column, or replaces one from LIKE where that may be.
func (d *declaration) add(c catalog.Column, at ast.Node) error {
	d.at[c.Name] = at
	i := d.t.Column(c.Name)
	if i < 0 {
		d.t.Columns = append(d.t.Columns, c)
		return nil
	}
	if i >= d.base {
		return invalid(at, "A column named '%s' already exists in the table. Duplicate columns exist in the compute column: 'CREATE TABLE'.", c.Name)
	}
	old := d.t.Columns[i]
	if old.Kind == c.Kind && d.overwrite[c.Kind] {
		d.t.Columns[i] = c
		return nil
	}
	switch old.Kind {
	case catalog.Computed:
		return invalid(at, "A generated column named '%s' already exists in the base table. You might want to specify EXCLUDING GENERATED or OVERWRITING GENERATED.", c.Name)
	case catalog.Metadata:
		return invalid(at, "A metadata column named '%s' already exists in the base table. You might want to specify EXCLUDING METADATA or OVERWRITING METADATA.", c.Name)
	case catalog.Physical:
	}
	return invalid(at, "A column named '%s' already exists in the base table.", c.Name)
}

// constraints adds the primary key; its columns are NOT NULL.
func (d *declaration) constraints() error {
	for _, c := range d.st.Schema.Columns {
		if c.Key != nil {
			k := *c.Key
			k.Columns = []ast.Ident{c.Name}
			if err := d.constraint(&k); err != nil {
				return err
			}
		}
	}
	for _, c := range d.st.Schema.Constraints {
		if err := d.constraint(c); err != nil {
			return err
		}
	}
	return nil
}

func (d *declaration) constraint(c *ast.ConstraintDef) error {
	if c.Unique {
		return invalid(c, "UNIQUE constraint is not supported yet")
	}
	if c.Enforced != ast.NotEnforced {
		return invalid(c, "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls if the constraint checks are performed on the incoming/outgoing data. Flink does not own the data therefore the only supported mode is the NOT ENFORCED mode").
			WithHint("write PRIMARY KEY (...) NOT ENFORCED")
	}
	if d.t.PrimaryKey != nil {
		if d.base > 0 {
			return invalid(c, "The base table already has a primary key. You might want to specify EXCLUDING CONSTRAINTS.")
		}
		return invalid(c, "Duplicate primary key definition")
	}
	k := &catalog.PrimaryKey{}
	for _, name := range c.Columns {
		i := d.t.Column(name.Name)
		if i < 0 {
			return notFound(name, name.Name, catalog.Names(d.t.Columns), "Primary key column '%s' is not defined in the schema", name.Name)
		}
		if d.t.Columns[i].Kind != catalog.Physical {
			return invalid(name, "Could not create a PRIMARY KEY with column '%s'. A PRIMARY KEY constraint must be declared on physical columns.", name.Name)
		}
		if slices.Contains(k.Columns, name.Name) {
			return invalid(name, "column `%s` is twice in the primary key", name.Name)
		}
		d.t.Columns[i].Type = d.t.Columns[i].Type.NotNull()
		k.Columns = append(k.Columns, name.Name)
	}
	k.Name = "PK_" + strings.Join(k.Columns, "_")
	if c.Name != nil {
		k.Name = c.Name.Name
	}
	d.t.PrimaryKey = k
	return nil
}

// computed binds the expressions of computed columns, which see the other columns, and so types them.
func (d *declaration) computed() error {
	sc := &scope{rels: []*relation{{name: d.t.Path.Object}}}
	for i := range d.t.Columns {
		if c := &d.t.Columns[i]; c.Kind != catalog.Computed {
			sc.rels[0].cols = append(sc.rels[0].cols, schema.Field{Name: c.Name, Type: c.Type})
		}
	}
	for i := range d.t.Columns {
		c := &d.t.Columns[i]
		if c.Kind != catalog.Computed || c.Type != nil {
			continue
		}
		e, err := d.b.declared(d.at[c.Name], c.Expr, sc)
		if err != nil {
			return err
		}
		if e.Type().Root == schema.Null {
			return mismatch(d.at[c.Name], "column `%s` has no type: cast it", c.Name)
		}
		c.Type = e.Type()
	}
	return nil
}

// declared binds an expression of the statement itself, or one that LIKE took from another table.
func (b *Binder) declared(at ast.Node, text string, sc *scope) (expr.Expr, error) {
	if def, ok := at.(*ast.ColumnDef); ok && def.Computed != nil {
		return b.expr(&ctx{scope: sc, clause: "a computed column"}, def.Computed)
	}
	return b.storedExpr(text, sc)
}

// watermark binds WATERMARK FOR.
func (d *declaration) watermark() error {
	def := d.st.Schema.Watermark
	if def == nil {
		return nil
	}
	if d.t.Watermark != nil {
		return invalid(def, "There already exists a watermark spec for column '%s' in the base table. You might want to specify EXCLUDING WATERMARKS or OVERWRITING WATERMARKS.",
			strings.Join(d.t.Watermark.Column, "."))
	}
	path := def.Column.Strings()
	i := d.t.Column(path[0])
	if i < 0 {
		return notFound(def.Column, path[0], catalog.Names(d.t.Columns), "The rowtime attribute field '%s' is not defined in the table schema, at %s",
			strings.Join(path, "."), place(def.Column))
	}
	t := d.t.Columns[i].Type
	for _, f := range def.Column.Parts[1:] {
		at := t.FieldIndex(f.Name)
		if at < 0 {
			return notFound(f, f.Name, nil, "field `%s` not found in %s", f.Name, t)
		}
		t = t.Fields[at].Type
	}
	if t.Root != schema.Timestamp && t.Root != schema.TimestampLTZ || t.Precision > 3 {
		return mismatch(def.Column, "Invalid data type of time field for watermark definition. The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the time field type is %s", t)
	}
	sc := &scope{rels: []*relation{{name: d.t.Path.Object}}}
	for _, c := range d.t.Columns {
		sc.rels[0].cols = append(sc.rels[0].cols, schema.Field{Name: c.Name, Type: c.Type})
	}
	e, err := d.b.expr(&ctx{scope: sc, clause: "WATERMARK"}, def.Expr)
	if err != nil {
		return err
	}
	if e.Type().Root != t.Root || e.Type().Precision > 3 {
		return mismatch(def.Expr, "Invalid data type of expression for watermark definition. The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the watermark expression type is %s", e.Type())
	}
	d.t.Watermark = &catalog.Watermark{Column: path, Expr: expandedStyle.Print(def.Expr), Type: e.Type().WithAttr(schema.NotTimeAttr)}
	return nil
}

func place(at ast.Node) string {
	p := at.Range().Start
	return "line " + itoa(int(p.Line)) + ", column " + itoa(int(p.Col))
}

// layout adds partitions and distribution.
func (d *declaration) layout() error {
	if len(d.st.PartitionedBy) > 0 {
		if len(d.t.PartitionKeys) > 0 {
			return invalid(d.st.PartitionedBy[0], "The base table already has partitions defined. You might want to specify EXCLUDING PARTITIONS.")
		}
		for _, p := range d.st.PartitionedBy {
			i := d.t.Column(p.Name)
			if i < 0 {
				return notFound(p, p.Name, catalog.Names(d.t.Columns), "Partition column '%s' not defined in the table schema. Available columns: ['%s']",
					p.Name, strings.Join(catalog.Names(d.t.Columns), "', '"))
			}
			if d.t.Columns[i].Kind != catalog.Physical {
				return invalid(p, "Partition column '%s' must be a physical column", p.Name)
			}
			d.t.PartitionKeys = append(d.t.PartitionKeys, p.Name)
		}
	}
	if s := d.st.Distribution; s != nil {
		if d.t.Distribution != nil {
			return invalid(s, "The base table already has a distribution defined. You might want to specify EXCLUDING DISTRIBUTION.")
		}
		t := &catalog.Distribution{Buckets: s.Buckets, Kind: [...]string{"", "HASH", "RANGE"}[s.Kind]}
		for _, c := range s.Columns {
			if d.t.Column(c.Name) < 0 {
				return notFound(c, c.Name, catalog.Names(d.t.Columns), "Invalid bucket key '%s'. A bucket key for a distribution must reference a physical column in the schema.", c.Name)
			}
			t.Columns = append(t.Columns, c.Name)
		}
		d.t.Distribution = t
	}
	return nil
}

// View makes the view that CREATE VIEW declares; text is the query as written.
func (b *Binder) View(st *ast.CreateView, text string) (*catalog.View, error) {
	p, err := catalog.Qualify(st.Name.Strings(), b.catalog, b.database)
	if err != nil {
		return nil, At(st.Name, err)
	}
	n, err := b.Query(st.Query)
	if err != nil {
		return nil, err
	}
	out := n.Schema()
	v := &catalog.View{
		Path: p, Temporary: st.Temporary, Comment: textOf(st.Comment), HasComment: st.Comment != nil, Query: text,
		Catalog: b.catalog, Database: b.database,
	}
	if v.Expanded, err = b.expanded(text); err != nil {
		return nil, err
	}
	if len(st.Columns) > 0 && len(st.Columns) != len(out) {
		return nil, invalid(st.Columns[0], "VIEW definition and input fields not match:\n\tDef fields: [%s].\n\tInput fields: [%s].",
			viewNames(st.Columns), strings.Join(out.Names(), ", "))
	}
	seen := map[string]bool{}
	for i, f := range out {
		c := catalog.Column{Name: f.Name, Type: f.Type}
		var at ast.Node = st.Query
		if len(st.Columns) > 0 {
			def := st.Columns[i]
			c.Name, c.Comment, c.HasComment, at = def.Name.Name, textOf(def.Comment), def.Comment != nil, def
		}
		if seen[c.Name] {
			return nil, invalid(at, "A column named '%s' already exists in the view", c.Name).WithHint("give the columns different names with AS, or list names behind the view's")
		}
		seen[c.Name] = true
		v.Columns = append(v.Columns, c)
	}
	return v, nil
}

func viewNames(cols []ast.ViewColumn) string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name.Name
	}
	return strings.Join(names, ", ")
}
