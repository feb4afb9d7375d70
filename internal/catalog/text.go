// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"spate/internal/sys/conf"
)

// CreateCatalogText returns the statement that creates a catalog, as SHOW CREATE CATALOG prints it.
func CreateCatalogText(c *Catalog) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE CATALOG %s\n", Quote(c.Name))
	if c.HasComment {
		fmt.Fprintf(&b, "COMMENT %s\n", QuoteText(c.Comment))
	}
	writeOptions(&b, c.Options)
	return b.String()
}

// CreateTableText returns the statement that creates a table, as SHOW CREATE TABLE prints it. Secrets are masked.
func CreateTableText(t *Table) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if t.Temporary {
		b.WriteString("TEMPORARY ")
	}
	fmt.Fprintf(&b, "TABLE %s (\n", t.Path)
	var parts []string
	for i := range t.Columns {
		parts = append(parts, "  "+columnText(&t.Columns[i]))
	}
	if w := t.Watermark; w != nil {
		parts = append(parts, fmt.Sprintf("  WATERMARK FOR %s AS %s", quoted(w.Column, "."), w.Expr))
	}
	if k := t.PrimaryKey; k != nil {
		parts = append(parts, fmt.Sprintf("  CONSTRAINT %s PRIMARY KEY (%s) NOT ENFORCED", Quote(k.Name), quoted(k.Columns, ", ")))
	}
	b.WriteString(strings.Join(parts, ",\n") + "\n)\n")
	if t.HasComment {
		fmt.Fprintf(&b, "COMMENT %s\n", QuoteText(t.Comment))
	}
	if d := t.Distribution; d != nil {
		b.WriteString(distributionText(d) + "\n")
	}
	if len(t.PartitionKeys) > 0 {
		fmt.Fprintf(&b, "PARTITIONED BY (%s)\n", quoted(t.PartitionKeys, ", "))
	}
	if len(t.Options) > 0 {
		writeOptions(&b, t.Options)
	}
	return b.String()
}

// CreateViewText returns the statement that creates a view, as SHOW CREATE VIEW prints it.
func CreateViewText(v *View) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if v.Temporary {
		b.WriteString("TEMPORARY ")
	}
	fmt.Fprintf(&b, "VIEW %s (\n", v.Path)
	for i, c := range v.Columns {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteString("  " + Quote(c.Name) + commentText(&c))
	}
	b.WriteString("\n)\n")
	if v.HasComment {
		fmt.Fprintf(&b, "COMMENT %s\n", QuoteText(v.Comment))
	}
	b.WriteString("AS " + v.Expanded + "\n")
	return b.String()
}

func columnText(c *Column) string {
	name := Quote(c.Name)
	switch c.Kind {
	case Computed:
		return name + " AS " + c.Expr + commentText(c)
	case Metadata:
		text := name + " " + c.Type.String() + " METADATA"
		if c.MetadataKey != "" {
			text += " FROM " + QuoteText(c.MetadataKey)
		}
		if c.Virtual {
			text += " VIRTUAL"
		}
		return text + commentText(c)
	case Physical:
	}
	return name + " " + c.Type.String() + commentText(c)
}

func commentText(c *Column) string {
	if !c.HasComment {
		return ""
	}
	return " COMMENT " + QuoteText(c.Comment)
}

func distributionText(d *Distribution) string {
	text := "DISTRIBUTED"
	if len(d.Columns) > 0 {
		text += " BY " + d.Kind + "(" + quoted(d.Columns, ", ") + ")"
	}
	if d.Buckets > 0 {
		text += fmt.Sprintf(" INTO %d BUCKETS", d.Buckets)
	}
	return text
}

func quoted(names []string, separator string) string {
	qs := make([]string, len(names))
	for i, n := range names {
		qs[i] = Quote(n)
	}
	return strings.Join(qs, separator)
}

// writeOptions writes WITH (...) with the options in the order of their keys.
func writeOptions(b *strings.Builder, options []Option) {
	sorted := slices.Clone(options)
	slices.SortFunc(sorted, func(x, y Option) int { return cmp.Compare(x.Key, y.Key) })
	b.WriteString("WITH (\n")
	for i, o := range sorted {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(b, "  %s = %s", QuoteText(o.Key), QuoteText(conf.Shown(o.Key, o.Value)))
	}
	b.WriteString("\n)\n")
}
