// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog

import (
	"maps"
	"slices"
	"strings"

	"spate/internal/sys/errs"
)

// Qualify completes a name of one to three parts with the given catalog and database.
func Qualify(parts []string, catalog, database string) (Path, error) {
	switch len(parts) {
	case 1:
		return Path{catalog, database, parts[0]}, nil
	case 2:
		return Path{catalog, parts[0], parts[1]}, nil
	case 3:
		return Path{parts[0], parts[1], parts[2]}, nil
	}
	return Path{}, errs.New(errs.InvalidStatement, "a name has one to three parts: catalog, database and object")
}

// Get returns the object of a path, a temporary one first.
func (s *Store) Get(p Path) (Object, bool) {
	if o, ok := s.temporary[p]; ok {
		return o, true
	}
	return s.Permanent(p)
}

// Permanent returns the object of a path, leaving out temporary ones.
func (s *Store) Permanent(p Path) (Object, bool) {
	if c, ok := s.catalogs[p.Catalog]; ok {
		if d, ok := c.databases[p.Database]; ok {
			o, ok := d.objects[p.Object]
			return o, ok
		}
	}
	return nil, false
}

// IsTemporary tells whether a temporary object has the path.
func (s *Store) IsTemporary(p Path) bool { return s.temporary[p] != nil }

// Resolve finds the object of a name of one to three parts; the missing ones are the given catalog and database.
func (s *Store) Resolve(parts []string, catalog, database string) (Object, error) {
	p, err := Qualify(parts, catalog, database)
	if err != nil {
		return nil, err
	}
	if o, ok := s.Get(p); ok {
		return o, nil
	}
	if _, err := s.Database(p.Catalog, p.Database); err != nil && len(parts) > 1 {
		return nil, err
	}
	return nil, hinted(p.Object, s.objectNames(p.Catalog, p.Database), "table %s not found", shown(parts))
}

func shown(parts []string) string {
	quoted := make([]string, len(parts))
	for i, p := range parts {
		quoted[i] = Quote(p)
	}
	return strings.Join(quoted, ".")
}

// objectNames returns the names of all objects of a database, temporary ones included.
func (s *Store) objectNames(catalog, database string) []string {
	names := map[string]bool{}
	if d, err := s.Database(catalog, database); err == nil {
		for n := range d.objects {
			names[n] = true
		}
	}
	for p := range s.temporary {
		if p.Catalog == catalog && p.Database == database {
			names[p.Object] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Objects returns the visible objects of a database, temporary ones included, in the order of their names.
func (s *Store) Objects(catalog, database string) ([]Object, error) {
	if _, err := s.Database(catalog, database); err != nil {
		return nil, err
	}
	var out []Object
	for _, n := range s.objectNames(catalog, database) {
		if o, ok := s.Get(Path{catalog, database, n}); ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// Create stores a table or view under its path. replace allows an object of the same kind to be there.
func (s *Store) Create(o Object, ifNotExists, replace bool) error {
	p, temporary := o.Where()
	if temporary {
		if _, ok := s.temporary[p]; ok && !replace {
			if ifNotExists {
				return nil
			}
			return errs.New(errs.ObjectExists, "Temporary table '%s' already exists", p)
		}
		s.temporary[p] = o
		return nil
	}
	d, err := s.Database(p.Catalog, p.Database)
	if err != nil {
		return err
	}
	if _, ok := d.objects[p.Object]; ok && !replace {
		if ifNotExists {
			return nil
		}
		return errs.New(errs.ObjectExists, "Table (or view) %s.%s already exists in Catalog %s.", p.Database, p.Object, p.Catalog)
	}
	d.objects[p.Object] = o
	return nil
}

// Drop removes a table, or a view with view set. Without temporary an object that a temporary one hides cannot be dropped.
func (s *Store) Drop(p Path, view, temporary, ifExists bool) error {
	kind, title := "table", "Table"
	if view {
		kind, title = "view", "View"
	}
	is := func(o Object) bool {
		_, v := o.(*View)
		return v == view
	}
	if temporary {
		o, ok := s.temporary[p]
		if !ok || !is(o) {
			if ifExists {
				return nil
			}
			return errs.New(errs.ObjectNotFound, "Temporary %s with identifier '%s' does not exist.", kind, p)
		}
		delete(s.temporary, p)
		return nil
	}
	if o, ok := s.temporary[p]; ok && is(o) {
		return errs.New(errs.InvalidStatement,
			"Temporary %s with identifier '%s' exists. Drop it first before removing the permanent %s.", kind, p, kind)
	}
	o, ok := s.Permanent(p)
	if !ok || !is(o) {
		if ifExists {
			return nil
		}
		return hinted(p.Object, s.objectNames(p.Catalog, p.Database),
			"%s with identifier '%s' does not exist.", title, p.Dotted())
	}
	delete(s.catalogs[p.Catalog].databases[p.Database].objects, p.Object)
	return nil
}
