// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog

import (
	"slices"

	"spate/schema"
)

// Object is a *Table or a *View.
type Object interface {
	// Where returns the path and whether the object is temporary.
	Where() (Path, bool)
	isObject()
}

// ColumnKind says where a column's values come from.
type ColumnKind uint8

// The kinds of columns.
const (
	Physical ColumnKind = iota
	Computed
	Metadata
)

// Column is a column of a table or view.
type Column struct {
	Name string
	Kind ColumnKind
	// Type is that of the column; time attributes are marked in it for views and for computed PROCTIME() columns.
	Type *schema.Type
	// Expr is the SQL of a computed column.
	Expr string
	// MetadataKey is the key of FROM, empty when the column's name is the key.
	MetadataKey string
	// Virtual metadata columns are not written.
	Virtual    bool
	Comment    string
	HasComment bool
}

// Key returns the metadata key of a metadata column.
func (c *Column) Key() string {
	if c.MetadataKey != "" {
		return c.MetadataKey
	}
	return c.Name
}

// Persisted tells whether INSERT writes the column.
func (c *Column) Persisted() bool {
	return c.Kind == Physical || c.Kind == Metadata && !c.Virtual
}

// Watermark is WATERMARK FOR column AS expression.
type Watermark struct {
	// Column is the path of the row time column: a column, or a field of one.
	Column []string
	// Expr is SQL text; Type is that of its values.
	Expr string
	Type *schema.Type
}

// PrimaryKey is a key that the data is promised to have.
type PrimaryKey struct {
	Name    string
	Columns []string
}

// Option is an option of WITH, in the order of the declaration.
type Option struct{ Key, Value string }

// Distribution is DISTRIBUTED BY .. INTO n BUCKETS. Kind is "", "HASH" or "RANGE".
type Distribution struct {
	Kind    string
	Columns []string
	Buckets int
}

// Table is a table with a connector.
type Table struct {
	Path          Path
	Temporary     bool
	Columns       []Column
	Watermark     *Watermark
	PrimaryKey    *PrimaryKey
	PartitionKeys []string
	Distribution  *Distribution
	Comment       string
	HasComment    bool
	Options       []Option
}

// View is a named query.
type View struct {
	Path      Path
	Temporary bool
	// Columns have names, types and comments.
	Columns    []Column
	Comment    string
	HasComment bool
	// Query is the text as written; names in it are resolved in Catalog and Database, which were current then.
	Query             string
	Catalog, Database string
	// Expanded is the query with every name in full, as SHOW CREATE VIEW prints it.
	Expanded string
}

// Where implements Object.
func (t *Table) Where() (Path, bool) { return t.Path, t.Temporary }

// Where implements Object.
func (v *View) Where() (Path, bool) { return v.Path, v.Temporary }

func (*Table) isObject() {}
func (*View) isObject()  {}

// Column returns the index of a column, or -1.
func (t *Table) Column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// Option returns the value of an option and whether it is set.
func (t *Table) Option(key string) (string, bool) {
	for _, o := range t.Options {
		if o.Key == key {
			return o.Value, true
		}
	}
	return "", false
}

// Names returns the names of the columns.
func Names(cols []Column) []string {
	names := make([]string, len(cols))
	for i := range cols {
		names[i] = cols[i].Name
	}
	return names
}
