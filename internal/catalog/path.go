// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog

import "strings"

// Path is the full name of an object.
type Path struct {
	Catalog, Database, Object string
}

// String returns the path with every part quoted: `c`.`d`.`o`.
func (p Path) String() string {
	return Quote(p.Catalog) + "." + Quote(p.Database) + "." + Quote(p.Object)
}

// Dotted returns the path without quotes: c.d.o.
func (p Path) Dotted() string { return p.Catalog + "." + p.Database + "." + p.Object }

// Quote puts an identifier between backticks.
func Quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// QuoteText puts a text between single quotes.
func QuoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
