// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog

import (
	"maps"
	"slices"

	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// Database is a set of objects with a comment and properties.
type Database struct {
	Name       string
	Comment    string
	Properties []Option
	objects    map[string]Object
}

// Catalog is a set of databases. Type is generic_in_memory, the only one so far.
type Catalog struct {
	Name       string
	Comment    string
	HasComment bool
	// Options are those of CREATE CATALOG, the type included.
	Options   []Option
	databases map[string]*Database
}

// InMemory is the type of catalogs that keep their objects in memory, as Flink names it.
const InMemory = "generic_in_memory"

// Store is all catalogs of a session, its temporary objects, and what is current.
type Store struct {
	catalogs        map[string]*Catalog
	temporary       map[Path]Object
	catalog         string
	database        string
	builtinCatalog  string
	builtinDatabase string
}

// New returns a store with one catalog with one database, both current.
func New(catalog, database string) *Store {
	s := &Store{
		catalogs: map[string]*Catalog{}, temporary: map[Path]Object{},
		catalog: catalog, database: database, builtinCatalog: catalog, builtinDatabase: database,
	}
	s.catalogs[catalog] = newCatalog(catalog, database)
	s.catalogs[catalog].Options = []Option{{"type", InMemory}}
	return s
}

func newCatalog(name, database string) *Catalog {
	return &Catalog{Name: name, databases: map[string]*Database{database: newDatabase(database)}}
}

func newDatabase(name string) *Database { return &Database{Name: name, objects: map[string]Object{}} }

// Current returns the names of the current catalog and database.
func (s *Store) Current() (catalog, database string) { return s.catalog, s.database }

// hinted is the error of a name that does not exist, with the nearest known one.
func hinted(name string, known []string, format string, args ...any) error {
	err := errs.New(errs.ObjectNotFound, format, args...)
	if h := suggest.Hint(name, known); h != "" {
		return &Hinted{err: err, Hint: h}
	}
	return err
}

// Hinted is an error with a likely fix.
type Hinted struct {
	err  error
	Hint string
}

// Error implements error; the hint is not part of it.
func (h *Hinted) Error() string { return h.err.Error() }

// Unwrap returns the error without the hint.
func (h *Hinted) Unwrap() error { return h.err }

// Catalog returns a catalog.
func (s *Store) Catalog(name string) (*Catalog, error) {
	c, ok := s.catalogs[name]
	if !ok {
		return nil, hinted(name, s.Catalogs(), "Catalog %s does not exist", name)
	}
	return c, nil
}

// Database returns a database.
func (s *Store) Database(catalog, database string) (*Database, error) {
	c, err := s.Catalog(catalog)
	if err != nil {
		return nil, err
	}
	d, ok := c.databases[database]
	if !ok {
		return nil, hinted(database, c.Databases(), "Database %s does not exist in Catalog %s", database, catalog)
	}
	return d, nil
}

// Catalogs returns the names of the catalogs in alphabetical order.
func (s *Store) Catalogs() []string { return slices.Sorted(maps.Keys(s.catalogs)) }

// Databases returns the names of the databases in alphabetical order.
func (c *Catalog) Databases() []string { return slices.Sorted(maps.Keys(c.databases)) }

// UseCatalog makes a catalog current, and its default database.
func (s *Store) UseCatalog(name string) error {
	c, ok := s.catalogs[name]
	if !ok {
		return hinted(name, s.Catalogs(), "A catalog with name [%s] does not exist.", name)
	}
	s.catalog, s.database = name, c.Default()
	return nil
}

// Default returns the name of the database that is current when the catalog becomes so.
func (c *Catalog) Default() string {
	for _, o := range c.Options {
		if o.Key == "default-database" {
			if _, ok := c.databases[o.Value]; ok {
				return o.Value
			}
		}
	}
	names := c.Databases()
	if slices.Contains(names, "default_database") || len(names) == 0 {
		return "default_database"
	}
	if slices.Contains(names, "default") {
		return "default"
	}
	return names[0]
}

// UseDatabase makes a database current; a catalog of "" is the current one.
func (s *Store) UseDatabase(catalog, database string) error {
	if catalog == "" {
		catalog = s.catalog
	}
	c, ok := s.catalogs[catalog]
	if !ok {
		return hinted(catalog, s.Catalogs(), "A catalog with name [%s] does not exist.", catalog)
	}
	if _, ok := c.databases[database]; !ok {
		return hinted(database, c.Databases(),
			"A database with name [%s] does not exist in the catalog: [%s].", database, catalog)
	}
	s.catalog, s.database = catalog, database
	return nil
}

// CreateCatalog makes an in-memory catalog.
func (s *Store) CreateCatalog(c Catalog, ifNotExists bool) error {
	if _, ok := s.catalogs[c.Name]; ok {
		if ifNotExists {
			return nil
		}
		return errs.New(errs.ObjectExists, "Catalog %s already exists.", c.Name)
	}
	database := "default"
	for _, o := range c.Options {
		if o.Key == "default-database" {
			database = o.Value
		}
	}
	n := newCatalog(c.Name, database)
	n.Comment, n.HasComment, n.Options = c.Comment, c.HasComment, c.Options
	s.catalogs[c.Name] = n
	return nil
}

// AlterCatalog replaces comment and options of a catalog.
func (s *Store) AlterCatalog(name string, change func(c *Catalog)) error {
	c, err := s.Catalog(name)
	if err != nil {
		return err
	}
	change(c)
	return nil
}

// DropCatalog removes a catalog and all that is in it.
func (s *Store) DropCatalog(name string, ifExists bool) error {
	if _, ok := s.catalogs[name]; !ok {
		if ifExists {
			return nil
		}
		return hinted(name, s.Catalogs(), "Catalog %s does not exist.", name)
	}
	if name == s.catalog {
		return errs.New(errs.InvalidStatement, "Cannot drop a catalog which is currently in use.")
	}
	delete(s.catalogs, name)
	return nil
}

// CreateDatabase makes a database.
func (s *Store) CreateDatabase(catalog string, d Database, ifNotExists bool) error {
	c, err := s.Catalog(catalog)
	if err != nil {
		return err
	}
	if _, ok := c.databases[d.Name]; ok {
		if ifNotExists {
			return nil
		}
		return errs.New(errs.ObjectExists, "Database %s already exists in Catalog %s.", d.Name, catalog)
	}
	n := newDatabase(d.Name)
	n.Comment, n.Properties = d.Comment, d.Properties
	c.databases[d.Name] = n
	return nil
}

// DropDatabase removes a database; one that is not empty only with cascade.
func (s *Store) DropDatabase(catalog, name string, ifExists, cascade bool) error {
	c, err := s.Catalog(catalog)
	if err != nil {
		if ifExists {
			return nil
		}
		return err
	}
	d, ok := c.databases[name]
	if !ok {
		if ifExists {
			return nil
		}
		return hinted(name, c.Databases(), "Database %s does not exist in Catalog %s.", name, catalog)
	}
	if catalog == s.catalog && name == s.database {
		return errs.New(errs.InvalidStatement, "Cannot drop a database which is currently in use.")
	}
	if len(d.objects) > 0 && !cascade {
		return errs.New(errs.InvalidStatement, "Database %s in Catalog %s is not empty.", name, catalog)
	}
	delete(c.databases, name)
	return nil
}
