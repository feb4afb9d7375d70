// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package extern_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// TestExtension copies the extension to a folder of its own, gives it a go.mod that replaces the engine by this checkout, and
// runs its tests there. Nothing is fetched: what the engine needs is in the module cache already.
func TestExtension(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/extension")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), goMod(t))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sum))

	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("testing the extension: %v\n%s", err, out)
	}
	for _, want := range []string{"TestPipeline", "TestErrors", "TestMemoryLimit"} {
		if !bytes.Contains(out, []byte("--- PASS: "+want)) {
			t.Errorf("%s did not run:\n%s", want, out)
		}
	}
}

// goMod returns the engine's own go.mod under another name, with the engine itself as one more requirement.
func goMod(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	mod := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(text), "module example.org/extension")
	return strings.TrimRight(mod, "\n") + "\n\nrequire spate v0.0.0\n\nreplace spate => " + abs + "\n"
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestExtensionUsesPublicPackagesOnly keeps the extension honest: the compiler would refuse an internal package of another
// module, but a path alone shows it sooner.
func TestExtensionUsesPublicPackagesOnly(t *testing.T) {
	files, err := filepath.Glob("testdata/extension/*.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("found %d files of the extension: %v", len(files), err)
	}
	public := map[string]bool{"batch": true, "connector": true, "schema": true, "udf": true, "testkit": true}
	imports := regexp.MustCompile(`"spate/([^"]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range imports.FindAllStringSubmatch(string(text), -1) {
			if !public[m[1]] {
				t.Errorf("%s imports spate/%s", file, m[1])
			}
		}
	}
}
