// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"fmt"
	"slices"
	"strings"

	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/schema"
)

// Insert binds INSERT INTO to the plan that writes the table.
func (b *Binder) Insert(st *ast.Insert) (*plan.Sink, error) {
	if st.Overwrite {
		return nil, invalid(st, "INSERT OVERWRITE requires batch mode; streaming mode writes with INSERT INTO")
	}
	if st.Upsert {
		return nil, unsupported(st, "UPSERT INTO")
	}
	o, err := b.env.Catalog.Resolve(st.Target.Strings(), b.catalog, b.database)
	if err != nil {
		return nil, At(st.Target, err)
	}
	t, ok := o.(*catalog.Table)
	if !ok {
		p, _ := o.Where()
		return nil, invalid(st.Target, "%s is a view; only tables can be written to", p)
	}
	if h := optionsHint(st.Hints); h != nil {
		t = withOptions(t, h)
	}
	q, err := b.Query(st.Query)
	if err != nil {
		return nil, err
	}
	return b.sink(t, q, st)
}

// InsertInto binds the write of a query into a table that was just declared (CTAS).
func (b *Binder) InsertInto(t *catalog.Table, q plan.Node, at ast.Node) (*plan.Sink, error) {
	st := &ast.Insert{Span: at.Range(), Target: ast.Name{Span: at.Range()}}
	// Columns that the query does not have are NULL.
	for _, f := range q.Schema() {
		st.Columns = append(st.Columns, ast.Ident{Span: at.Range(), Name: f.Name})
	}
	return b.sink(t, q, st)
}

// sink casts a query to the columns of a table and writes it.
func (b *Binder) sink(t *catalog.Table, q plan.Node, st *ast.Insert) (*plan.Sink, error) {
	target, err := b.target(t, st)
	if err != nil {
		return nil, err
	}
	cols := persisted(t)
	values, err := b.assign(t, q, st, cols)
	if err != nil {
		return nil, err
	}
	trim, err := b.trims(cols, st)
	if err != nil {
		return nil, err
	}
	p := &plan.Project{Input: q}
	for i, c := range cols {
		e := values[i]
		if c.Type.Root == schema.Null {
			return nil, mismatch(st.Target, "column `%s` has no type", c.Name)
		}
		cast, err := castTo(queryOf(st), e, c.Type.WithNull(e.Type().Nullable))
		if err != nil {
			return nil, err
		}
		if trim {
			cast = trimmed(cast)
		}
		p.Exprs = append(p.Exprs, cast)
		p.Names = append(p.Names, c.Name)
		if !c.Type.Nullable && cast.Type().Nullable {
			target.NotNull = append(target.NotNull, i)
		}
	}
	return &plan.Sink{Input: p, Target: target}, nil
}

// trims tells whether values are cut or padded to the lengths of their columns.
func (b *Binder) trims(cols []catalog.Column, st *ast.Insert) (bool, error) {
	if conf.TypeLengthEnforcer.Get(b.env.Config) != "TRIM_PAD" {
		return false, nil
	}
	nested, _ := b.env.Config.Text("table.exec.sink.nested-constraint-enforcer")
	if strings.EqualFold(nested, "ROWS_AND_COLLECTIONS") {
		for _, c := range cols {
			if lengthInCollection(c.Type, false) {
				return false, invalid(st.Target, "Trimming and/or padding is not supported if constraint checking is enabled on types nested in collections.")
			}
		}
	}
	return true, nil
}

// lengthInCollection tells whether a type has elements, keys or values of a bounded length.
func lengthInCollection(t *schema.Type, inside bool) bool {
	switch {
	case t.Root == schema.Char, t.Root == schema.Binary:
		return inside
	case t.IsString(), t.IsBinary():
		return inside && t.Length < schema.MaxLength
	case t.Elem != nil:
		inside = true
	}
	return slices.ContainsFunc(t.Children(), func(c *schema.Type) bool { return lengthInCollection(c, inside) })
}

// trimmed cuts or pads a value to the length that its type declares: the value itself may not keep to it.
func trimmed(e expr.Expr) expr.Expr {
	t := e.Type()
	free := schema.TypeString
	switch {
	case t.Root == schema.Char, t.Root == schema.Varchar && t.Length < schema.MaxLength:
	case t.Root == schema.Binary, t.Root == schema.Varbinary && t.Length < schema.MaxLength:
		free = schema.TypeBytes
	default:
		return e
	}
	as := &expr.Call{Fn: "REINTERPRET", Version: 1, Args: []expr.Expr{e}, T: free.WithNull(t.Nullable)}
	r, err := expr.Cast(as, t, false)
	if err != nil {
		return e
	}
	return r
}

// persisted are the columns that INSERT writes: physical ones, then metadata.
func persisted(t *catalog.Table) []catalog.Column {
	var out []catalog.Column
	for _, kind := range []catalog.ColumnKind{catalog.Physical, catalog.Metadata} {
		for _, c := range t.Columns {
			if c.Kind == kind && c.Persisted() {
				out = append(out, c)
			}
		}
	}
	return out
}

// assign finds the expression over the query for each written column. Without a column list the columns of the query fit the
// table's in the order of its declaration.
func (b *Binder) assign(t *catalog.Table, q plan.Node, st *ast.Insert, cols []catalog.Column) ([]expr.Expr, error) {
	in := q.Schema()
	var declared []catalog.Column
	for _, c := range t.Columns {
		if c.Persisted() {
			declared = append(declared, c)
		}
	}
	static, err := b.staticPartition(t, st)
	if err != nil {
		return nil, err
	}
	wanted := make([]catalog.Column, 0, len(declared))
	if len(st.Columns) > 0 {
		for _, id := range st.Columns {
			i := slices.IndexFunc(declared, func(c catalog.Column) bool { return c.Name == id.Name })
			if i < 0 {
				return nil, notFound(id, id.Name, catalog.Names(declared), "Unknown target column '%s'", id.Name)
			}
			if slices.ContainsFunc(wanted, func(c catalog.Column) bool { return c.Name == id.Name }) {
				return nil, invalid(id, "Target column '%s' is assigned more than once", id.Name)
			}
			wanted = append(wanted, declared[i])
		}
	} else {
		for _, c := range declared {
			if _, ok := static[c.Name]; !ok {
				wanted = append(wanted, c)
			}
		}
	}
	if err := schemaMatches(t, in, wanted, st); err != nil {
		return nil, err
	}
	out := make([]expr.Expr, len(cols))
	for i, c := range cols {
		if e, ok := static[c.Name]; ok {
			out[i] = e
			continue
		}
		at := slices.IndexFunc(wanted, func(w catalog.Column) bool { return w.Name == c.Name })
		switch {
		case at >= 0:
			out[i] = plan.ColOf(in, at)
		case c.Type.Nullable:
			out[i] = nullLit(c.Type)
		default:
			return nil, invalid(st.Target, "Column '%s' has no default value and does not allow NULLs", c.Name)
		}
	}
	return out, nil
}

// staticPartition binds the values of PARTITION (column = value).
func (b *Binder) staticPartition(t *catalog.Table, st *ast.Insert) (map[string]expr.Expr, error) {
	out := map[string]expr.Expr{}
	for _, p := range st.Partition {
		if !slices.Contains(t.PartitionKeys, p.Column.Name) {
			return nil, notFound(p.Column, p.Column.Name, t.PartitionKeys, "`%s` is no partition column of table %s", p.Column.Name, t.Path)
		}
		if p.Value == nil {
			continue
		}
		e, err := b.expr(&ctx{scope: &scope{}, clause: "PARTITION"}, p.Value)
		if err != nil {
			return nil, err
		}
		c := t.Columns[t.Column(p.Column.Name)]
		if e, err = castTo(p.Value, e, c.Type.WithNull(e.Type().Nullable)); err != nil {
			return nil, err
		}
		out[p.Column.Name] = e
	}
	return out, nil
}

// schemaMatches checks that the columns of a query can be written to those of a table.
func schemaMatches(t *catalog.Table, in schema.Schema, wanted []catalog.Column, st *ast.Insert) error {
	cause := ""
	switch {
	case len(in) != len(wanted):
		cause = "Different number of columns."
	default:
		for i := range in {
			from, to := in[i].Type.WithAttr(schema.NotTimeAttr), wanted[i].Type
			if from.Root == schema.Null || schema.SupportsImplicitCast(from.NotNull(), to.NotNull()) {
				continue
			}
			cause = fmt.Sprintf("Incompatible types for sink column '%s' at position %d.", wanted[i].Name, i)
			break
		}
	}
	if cause == "" {
		return nil
	}
	sink := make(schema.Schema, len(wanted))
	for i, c := range wanted {
		sink[i] = schema.Field{Name: c.Name, Type: c.Type}
	}
	return mismatch(queryOf(st), "Column types of query result and sink for '%s' do not match.\nCause: %s\n\nQuery schema: [%s]\nSink schema:  [%s]",
		t.Path.Dotted(), cause, summary(in), summary(sink))
}

// summary lists columns as `name: TYPE`.
func summary(s schema.Schema) string {
	parts := make([]string, len(s))
	for i, f := range s {
		parts[i] = f.Name + ": " + f.Type.Summary()
	}
	return strings.Join(parts, ", ")
}

// target opens the sink of a table.
func (b *Binder) target(t *catalog.Table, st *ast.Insert) (*plan.Target, error) {
	spec, table := b.tableSpec(t, false)
	f, err := b.env.Connectors.Open(spec.Options)
	if err != nil {
		return nil, At(st.Target, fmt.Errorf("table %s: %w", t.Path.Dotted(), err))
	}
	spec.Connector = f.Identifier
	s, err := f.NewSink(table)
	if err != nil {
		return nil, At(st.Target, fmt.Errorf("table %s: %w", t.Path.Dotted(), err))
	}
	caps := s.Capabilities()
	for _, c := range t.Columns {
		if c.Kind == catalog.Metadata && !c.Virtual && caps.Metadata.Index(c.Key()) < 0 {
			return nil, At(st.Target, noMetadata(t, &c, caps.Metadata, f.Identifier, "writing"))
		}
	}
	target := &plan.Target{Table: spec, Caps: caps, Place: b.place(st.Target), Parallelism: table.Options.Int("sink.parallelism", 0)}
	if caps.Accepts == 0 {
		target.Caps.Accepts = connector.AllKinds
	}
	switch st.OnConflict {
	case ast.OnConflictError:
		target.OnConflict = "ERROR"
	case ast.OnConflictNothing:
		target.OnConflict = "NOTHING"
	case ast.OnConflictDeduplicate:
		target.OnConflict = "DEDUPLICATE"
	case ast.OnConflictNone:
	}
	return target, nil
}

// queryOf is where the query of an INSERT stands.
func queryOf(st *ast.Insert) ast.Node {
	if st.Query != nil {
		return st.Query
	}
	return st
}
