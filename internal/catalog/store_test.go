// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"spate/internal/catalog"
	"spate/internal/sys/errs"
	"spate/schema"
)

func path(object string) catalog.Path {
	return catalog.Path{Catalog: "c", Database: "d", Object: object}
}

func table(name string, temporary bool) *catalog.Table {
	return &catalog.Table{Path: path(name), Temporary: temporary, Columns: []catalog.Column{{Name: name + "_column", Type: schema.TypeInt}}}
}

func view(name string, temporary bool) *catalog.View {
	return &catalog.View{Path: path(name), Temporary: temporary, Query: "SELECT 1"}
}

// expect checks the text of an error ("" for none) and its code.
func expect(t *testing.T, err error, want string, code errs.Code) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("error %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error %v, want one that says %q", err, want)
	case want != "" && !errors.Is(err, code):
		t.Errorf("error %v has not the code %s", err, code)
	}
}

func TestTemporaryObjectsHidePermanentOnes(t *testing.T) {
	s := catalog.New("c", "d")
	expect(t, s.Create(table("t", false), false, false), "", "")
	expect(t, s.Create(table("t", false), false, false), "Table (or view) d.t already exists in Catalog c.", errs.ObjectExists)
	expect(t, s.Create(view("t", false), false, false), "already exists", errs.ObjectExists)
	expect(t, s.Create(table("t", false), true, false), "", "")
	expect(t, s.Create(view("t", true), false, false), "", "")
	expect(t, s.Create(table("t", true), false, false), "Temporary table '`c`.`d`.`t`' already exists", errs.ObjectExists)
	if o, err := s.Resolve([]string{"t"}, "c", "d"); err != nil || o.(*catalog.View) == nil { //nolint:forcetypeassert // The test.
		t.Errorf("the temporary view does not hide the table: %v", err)
	}
	expect(t, s.Drop(path("t"), true, false, false), "Temporary view with identifier '`c`.`d`.`t`' exists. Drop it first", errs.InvalidStatement)
	expect(t, s.Drop(path("t"), false, true, false), "Temporary table with identifier '`c`.`d`.`t`' does not exist.", errs.ObjectNotFound)
	expect(t, s.Drop(path("t"), true, true, false), "", "")
	expect(t, s.Drop(path("t"), true, false, false), "View with identifier 'c.d.t' does not exist.", errs.ObjectNotFound)
	expect(t, s.Drop(path("t"), false, false, false), "", "")
	expect(t, s.Drop(path("t"), false, false, true), "", "")
}

func TestNamesAreCompletedAndGuessed(t *testing.T) {
	s := catalog.New("c", "d")
	expect(t, s.Create(table("bid", false), false, false), "", "")
	for _, name := range [][]string{{"bid"}, {"d", "bid"}, {"c", "d", "bid"}} {
		if _, err := s.Resolve(name, "c", "d"); err != nil {
			t.Errorf("%v: %v", name, err)
		}
	}
	_, err := s.Resolve([]string{"bids"}, "c", "d")
	expect(t, err, "table `bids` not found", errs.ObjectNotFound)
	var h *catalog.Hinted
	if !errors.As(err, &h) || h.Hint != "did you mean `bid`?" {
		t.Errorf("no hint: %v", err)
	}
	_, err = s.Resolve([]string{"e", "bid"}, "c", "d")
	expect(t, err, "Database e does not exist in Catalog c", errs.ObjectNotFound)
	_, err = s.Resolve([]string{"a", "b", "c", "d"}, "c", "d")
	expect(t, err, "one to three parts", errs.InvalidStatement)
}

func TestCatalogsAndDatabases(t *testing.T) {
	s := catalog.New("c", "d")
	expect(t, s.UseDatabase("", "e"), "A database with name [e] does not exist in the catalog: [c].", errs.ObjectNotFound)
	expect(t, s.UseCatalog("k"), "A catalog with name [k] does not exist.", errs.ObjectNotFound)
	expect(t, s.CreateDatabase("c", catalog.Database{Name: "e"}, false), "", "")
	expect(t, s.CreateDatabase("c", catalog.Database{Name: "e"}, false), "Database e already exists in Catalog c.", errs.ObjectExists)
	expect(t, s.UseDatabase("", "e"), "", "")
	expect(t, s.DropDatabase("c", "e", false, false), "Cannot drop a database which is currently in use.", errs.InvalidStatement)
	expect(t, s.Create(&catalog.Table{Path: catalog.Path{Catalog: "c", Database: "e", Object: "t"}}, false, false), "", "")
	expect(t, s.UseDatabase("", "d"), "", "")
	expect(t, s.DropDatabase("c", "e", false, false), "Database e in Catalog c is not empty.", errs.InvalidStatement)
	expect(t, s.DropDatabase("c", "e", false, true), "", "")
	expect(t, s.DropDatabase("c", "e", true, false), "", "")

	k := catalog.Catalog{Name: "k", Options: []catalog.Option{{Key: "type", Value: catalog.InMemory}, {Key: "default-database", Value: "home"}}}
	expect(t, s.CreateCatalog(k, false), "", "")
	expect(t, s.CreateCatalog(k, false), "Catalog k already exists.", errs.ObjectExists)
	expect(t, s.UseCatalog("k"), "", "")
	if c, d := s.Current(); c != "k" || d != "home" {
		t.Errorf("current is %s.%s", c, d)
	}
	expect(t, s.DropCatalog("k", false), "Cannot drop a catalog which is currently in use.", errs.InvalidStatement)
	expect(t, s.UseCatalog("c"), "", "")
	expect(t, s.DropCatalog("k", false), "", "")
	expect(t, s.DropCatalog("k", false), "Catalog k does not exist.", errs.ObjectNotFound)
}
