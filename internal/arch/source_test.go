// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const header = "// Copyright 2026 The Spate Authors\n// SPDX-License-Identifier: Apache-2.0\n\n"

// purePackages take time as an argument and start nothing: the same input always gives the same output.
var purePackages = []string{"internal/flow", "internal/graph", "internal/snapshot", "internal/delta", "internal/expr", "internal/op"}

// unsafePackages are the only homes of unsafe.
var unsafePackages = []string{"internal/col/mem", "internal/col/simd"}

// shelfNames are names that say nothing about what a package is for.
var shelfNames = []string{"util", "utils", "common", "helper", "helpers", "misc", "base", "core", "types2", "shared"}

func TestLicenceHeader(t *testing.T) {
	for _, file := range goFiles(t) {
		if !strings.HasPrefix(readFile(t, file), header) {
			t.Errorf("%s does not begin with the two lines of the licence header and an empty line", file)
		}
	}
}

// TestPackageComments demands one comment a package that begins with its name and says more than the name.
func TestPackageComments(t *testing.T) {
	for _, p := range packages(t) {
		var docs []string
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if file.Doc != nil {
				docs = append(docs, file.Doc.Text())
			}
		}
		want := "Package " + p.Name + " "
		if p.Name == "main" {
			want = "Command " + path.Base(p.ImportPath) + " "
		}
		switch {
		case len(p.GoFiles) == 0: // Tests only.
		case len(docs) != 1:
			t.Errorf("%s has %d package comments, want 1", p.ImportPath, len(docs))
		case !strings.HasPrefix(docs[0], want) || len(docs[0]) < len(want)+40:
			t.Errorf("%s: its comment does not begin with %q or says too little: %q", p.ImportPath, want, docs[0])
		}
	}
}

func TestPackageNames(t *testing.T) {
	for _, p := range packages(t) {
		if below, ok := inModule(p.ImportPath); ok && slices.ContainsFunc(strings.Split(below, "/"), func(part string) bool {
			return slices.Contains(shelfNames, part)
		}) {
			t.Errorf("%s: the name says nothing about its duty", p.ImportPath)
		}
	}
}

// TestSourceRules reads every file that is built, tests excluded.
func TestSourceRules(t *testing.T) {
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, filepath.Join(root, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, finding := range sourceFindings(file, tree) {
			t.Error(finding)
		}
	}
}

// TestSourceRulesBite plants one violation of each rule.
func TestSourceRulesBite(t *testing.T) {
	for source, want := range map[string]string{
		`import "unsafe"`:                               "internal/op/x.go imports unsafe",
		"import \"sync\"\nvar m sync.Mutex":             "internal/op/x.go is pure and uses sync.Mutex",
		"import \"sync\"\nvar t = sync.OnceValue(make)": "",
		`import "sync/atomic"`:                          "internal/op/x.go is pure and imports sync/atomic",
		`import _ "spate/connectors"`:                   "internal/op/x.go imports spate/connectors for its side effects",
		`import _ "embed"`:                              "",
		`func init() {}`:                                "internal/op/x.go has an init function",
		`func f() { go f() }`:                           "internal/op/x.go is pure and starts a goroutine",
		`func (t T) init() {}`:                          "",
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(sourceFindings("internal/op/x.go", tree), "; "); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

func sourceFindings(file string, tree *ast.File) []string {
	under := func(folders []string) bool {
		return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(file, f+"/") })
	}
	pure := under(purePackages)
	var out []string
	for _, spec := range tree.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		switch {
		case name == "unsafe" && !under(unsafePackages):
			out = append(out, file+" imports unsafe")
		case pure && name == "sync/atomic":
			out = append(out, file+" is pure and imports "+name)
		case spec.Name != nil && spec.Name.Name == "_" && name != "embed" && name != "time/tzdata":
			out = append(out, file+" imports "+name+" for its side effects")
		}
	}
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
			out = append(out, file+" has an init function")
		}
	}
	if !pure {
		return out
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			out = append(out, file+" is pure and starts a goroutine")
		case *ast.SelectorExpr:
			// A table that is built on first use and never changes is no lock that anybody waits for.
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "sync" && !strings.HasPrefix(n.Sel.Name, "Once") {
				out = append(out, file+" is pure and uses sync."+n.Sel.Name)
			}
		}
		return true
	})
	return out
}
