// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"strings"

	"spate/internal/catalog"
)

// NamesInSight lists the names that a user may want to type: objects of the current database and their columns, databases,
// catalogs, and functions in lower case. They are not sorted and may repeat.
func (s *Session) NamesInSight() []string {
	c, d := s.catalog.Current()
	var out []string
	objects, err := s.catalog.Objects(c, d)
	if err != nil {
		return nil // The current database always exists; a race with DROP costs completions only.
	}
	for _, o := range objects {
		p, _ := o.Where()
		out = append(out, p.Object)
		switch o := o.(type) {
		case *catalog.Table:
			out = append(out, catalog.Names(o.Columns)...)
		case *catalog.View:
			out = append(out, catalog.Names(o.Columns)...)
		}
	}
	if cat, err := s.catalog.Catalog(c); err == nil {
		out = append(out, cat.Databases()...)
	}
	out = append(out, s.catalog.Catalogs()...)
	for _, n := range s.cfg.Functions.Names() {
		if isWord(n) {
			out = append(out, strings.ToLower(n))
		}
	}
	return out
}
