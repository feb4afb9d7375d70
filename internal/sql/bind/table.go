// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
	"spate/schema"
)

// scan binds a table with a connector: the scan of its physical and metadata columns, the computed columns, the watermark.
func (b *Binder) scan(t *catalog.Table, at *ast.TableName) (plan.Node, error) {
	if h := optionsHint(at.Hints); h != nil {
		t = withOptions(t, h)
	}
	src, err := b.source(t)
	if err != nil {
		return nil, At(at.Name, err)
	}
	scan, where := scanColumns(t, src)
	exprs, err := b.tableColumns(t, scan, where)
	if err != nil {
		return nil, err
	}
	names := catalog.Names(t.Columns)
	var n plan.Node = scan
	if !plan.IsIdentity(exprs, len(scan.Out)) || !slices.Equal(names, scan.Out.Names()) {
		n = &plan.Project{Input: scan, Exprs: exprs, Names: names}
	}
	if t.Watermark == nil {
		return n, nil
	}
	return b.watermark(t, src, n)
}

// scanColumns makes the scan and says where each physical and metadata column of the table lies in it.
func scanColumns(t *catalog.Table, src *plan.Source) (*plan.Scan, []int) {
	scan := &plan.Scan{Source: src}
	where := make([]int, len(t.Columns))
	physical := 0
	for i := range t.Columns {
		c := &t.Columns[i]
		where[i] = len(scan.Out)
		switch c.Kind {
		case catalog.Physical:
			scan.Columns = append(scan.Columns, connector.ScanColumn{Path: []int{physical}})
			scan.Out = append(scan.Out, schema.Field{Name: c.Name, Type: c.Type})
			physical++
		case catalog.Metadata:
			typ := c.Type
			if k := src.Caps.Metadata.Index(c.Key()); k >= 0 {
				typ = src.Caps.Metadata[k].Type
			}
			scan.Columns = append(scan.Columns, connector.ScanColumn{Metadata: c.Key()})
			scan.Out = append(scan.Out, schema.Field{Name: c.Name, Type: typ})
		case catalog.Computed:
			where[i] = -1
		}
	}
	return scan, where
}

// tableColumns makes the columns of a table in the order of its declaration.
func (b *Binder) tableColumns(t *catalog.Table, scan *plan.Scan, where []int) ([]expr.Expr, error) {
	exprs := make([]expr.Expr, len(t.Columns))
	// Computed columns see the others, not each other.
	sc := &scope{rels: []*relation{{name: t.Path.Object, path: []string{t.Path.Catalog, t.Path.Database, t.Path.Object}}}}
	var back []expr.Expr
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind == catalog.Computed {
			continue
		}
		e := expr.Expr(plan.ColOf(scan.Out, where[i]))
		if !e.Type().Equal(c.Type) {
			var err error
			if e, err = expr.Cast(e, c.Type, false); err != nil {
				return nil, fmt.Errorf("metadata column %s of table %s: %w", c.Name, t.Path, err)
			}
		}
		exprs[i] = e
		sc.rels[0].cols = append(sc.rels[0].cols, schema.Field{Name: c.Name, Type: c.Type})
		back = append(back, e)
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind != catalog.Computed {
			continue
		}
		e, err := b.storedExpr(c.Expr, sc)
		if err != nil {
			return nil, inTable(err, t, "column "+c.Name, c.Expr)
		}
		exprs[i] = expr.Substitute(e, back)
	}
	return exprs, nil
}

// storedExpr binds an expression that the catalog keeps as text.
func (b *Binder) storedExpr(text string, sc *scope) (expr.Expr, error) {
	tree, err := parse.Expression(text)
	if err != nil {
		return nil, err
	}
	return b.expr(&ctx{scope: sc, clause: "a computed column"}, tree)
}

// inTable says that an error is inside the declaration of a table.
func inTable(err error, t *catalog.Table, what, text string) error {
	return inView(fmt.Errorf("%s of table %s: %w", what, t.Path, err), &catalog.View{Path: t.Path, Query: text})
}

// watermark makes the row time attribute of a table.
func (b *Binder) watermark(t *catalog.Table, src *plan.Source, n plan.Node) (plan.Node, error) {
	out := n.Schema()
	if len(t.Watermark.Column) != 1 {
		return nil, errs.New(errs.NotSupported, "WATERMARK FOR a field of a row in table %s is not supported yet", t.Path)
	}
	col := out.Index(t.Watermark.Column[0])
	if b.batch() {
		exprs := plan.Identity(out)
		exprs[col] = plan.Retype(exprs[col], out[col].Type.WithAttr(schema.RowTime))
		return &plan.Project{Input: n, Exprs: exprs, Names: out.Names()}, nil
	}
	sc := &scope{rels: []*relation{{name: t.Path.Object, cols: out}}}
	mark, err := b.storedExpr(t.Watermark.Expr, sc)
	if err != nil {
		return nil, inTable(err, t, "watermark", t.Watermark.Expr)
	}
	return &plan.Watermark{Input: n, Col: col, Mark: b.fold(mark), OnEvent: src.WatermarkOnEvent, IdleTimeout: src.IdleTimeout}, nil
}

// source opens the source of a table, once for each declaration.
func (b *Binder) source(t *catalog.Table) (*plan.Source, error) {
	spec, table := b.tableSpec(t, true)
	key := fmt.Sprintf("%s %v", t.Path, spec)
	if s, ok := b.sources[key]; ok {
		return s, nil
	}
	f, err := b.env.Connectors.Open(spec.Options)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", t.Path.Dotted(), err)
	}
	spec.Connector = f.Identifier
	src, err := f.NewSource(table)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", t.Path.Dotted(), err)
	}
	caps := src.Capabilities()
	if caps.Changelog == 0 {
		caps.Changelog = connector.InsertOnly
	}
	for _, c := range t.Columns {
		if c.Kind == catalog.Metadata && caps.Metadata.Index(c.Key()) < 0 {
			return nil, noMetadata(t, &c, caps.Metadata, f.Identifier, "reading")
		}
	}
	s := &plan.Source{Table: spec, Caps: caps, IdleTimeout: -1}
	updating := caps.Changelog&connector.KindUpdateAfter != 0
	s.Normalize = updating && caps.Changelog&connector.KindUpdateBefore == 0
	if v, _ := b.env.Config.Text("table.exec.source.cdc-events-duplicate"); strings.EqualFold(v, "true") && caps.Changelog != connector.InsertOnly {
		if t.PrimaryKey == nil {
			return nil, errs.New(errs.InvalidStatement,
				"Configuration 'table.exec.source.cdc-events-duplicate' is enabled which requires the changelog sources to define a PRIMARY KEY. However, table '%s' doesn't have a primary key.", t.Path.Dotted())
		}
		s.Normalize, s.Duplicates = true, true
	}
	if v, ok := spec.Options["scan.watermark.emit.strategy"]; ok {
		s.WatermarkOnEvent = strings.EqualFold(v, "on-event")
	}
	if v, ok := spec.Options["scan.watermark.idle-timeout"]; ok {
		if d, err := conf.ParseDuration(v); err == nil {
			s.IdleTimeout = d.Milliseconds()
		}
	}
	s.Parallelism = table.Options.Int("scan.parallelism", 0)
	b.sources[key] = s
	return s, nil
}

// noMetadata is the error of a metadata column that the connector does not have.
func noMetadata(t *catalog.Table, c *catalog.Column, known schema.Schema, id, what string) error {
	if len(known) == 0 {
		return errs.New(errs.InvalidStatement, "column '%s' of table %s: connector '%s' has no metadata for %s", c.Name, t.Path, id, what)
	}
	return errs.New(errs.ObjectNotFound,
		"Invalid metadata key '%s' in column '%s' of table '%s'. The connector '%s' supports the following metadata keys for %s: %s",
		c.Key(), c.Name, t.Path.Dotted(), id, what, strings.Join(slices.Sorted(slices.Values(known.Names())), ", "))
}

// tableSpec describes a table to its connector; reading leaves out nothing, writing leaves out virtual metadata.
func (b *Binder) tableSpec(t *catalog.Table, reading bool) (graph.TableSpec, *connector.Table) {
	spec := graph.TableSpec{Name: t.Path.Dotted(), Options: map[string]string{}, TimeZone: b.env.Zone}
	for _, o := range t.Options {
		spec.Options[o.Key] = o.Value
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		switch {
		case c.Kind == catalog.Physical:
			spec.Columns = append(spec.Columns, schema.Field{Name: c.Name, Type: c.Type, Comment: c.Comment})
		case c.Kind == catalog.Metadata && (reading || !c.Virtual):
			spec.Metadata = append(spec.Metadata, schema.Field{Name: c.Key(), Type: c.Type})
		}
	}
	if t.PrimaryKey != nil {
		for _, name := range t.PrimaryKey.Columns {
			spec.PrimaryKey = append(spec.PrimaryKey, spec.Columns.Index(name))
		}
	}
	for _, name := range t.PartitionKeys {
		spec.PartitionKeys = append(spec.PartitionKeys, spec.Columns.Index(name))
	}
	return spec, &connector.Table{
		Name: spec.Name, Columns: spec.Columns, Metadata: spec.Metadata, PrimaryKey: spec.PrimaryKey, PartitionKeys: spec.PartitionKeys,
		Options: maps.Clone(spec.Options), Formats: b.env.Connectors, TimeZone: b.env.Zone,
	}
}

// withOptions applies the hint OPTIONS to a table.
func withOptions(t *catalog.Table, h *ast.Hint) *catalog.Table {
	c := *t
	c.Options = slices.Clone(t.Options)
	for _, o := range h.Options {
		i := slices.IndexFunc(c.Options, func(x catalog.Option) bool { return x.Key == o.Key.Value })
		if i >= 0 {
			c.Options[i].Value = o.Value.Value
		} else {
			c.Options = append(c.Options, catalog.Option{Key: o.Key.Value, Value: o.Value.Value})
		}
	}
	return &c
}
