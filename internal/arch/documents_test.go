// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spate/internal/sys/conf"
)

// treeFolders are the top folders whose paths documents may name in backticks.
var treeFolders = []string{
	"api", "batch", "bench", "client", "cmd", "connector", "deploy", "docs", "examples", "internal", "model", "schema", "stream",
	"test", "testkit", "tools", "udf", "web", ".ci",
}

var (
	code     = regexp.MustCompile("`([^`\n]+)`")
	verb     = regexp.MustCompile(`^make ([a-z-]+)`)
	target   = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)
	treePath = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)
	link     = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
)

// documents returns all Markdown files of the project.
func documents(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			docs = append(docs, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) < 3 {
		t.Fatalf("found %d documents", len(docs))
	}
	return docs
}

// TestDocumentsNameWhatExists checks what documents write in backticks: paths of the tree, make verbs and configuration
// keys, and the targets of links.
func TestDocumentsNameWhatExists(t *testing.T) {
	var verbs []string
	for _, m := range target.FindAllStringSubmatch(readFile(t, "Makefile"), -1) {
		verbs = append(verbs, m[1])
	}
	for _, doc := range documents(t) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range documentFindings(filepath.Dir(doc), string(text), verbs) {
			t.Errorf("%s: %s", doc, finding)
		}
	}
}

func TestDocumentRulesBite(t *testing.T) {
	for text, want := range map[string]string{
		"`internal/arch` and `make test`":    "",
		"`internal/arch/layers.txt`":         "",
		"`internal/sys/{errs,conf}`":         "",
		"`internal/sys/*`":                   "",
		"`internal/no/such`":                 "`internal/no/such` does not exist",
		"`internal/sys/{errs,nothing}`":      "`internal/sys/nothing` does not exist",
		"`make nothing`":                     "`make nothing` is no verb of the Makefile",
		"[x](no-such.md)":                    "the link to no-such.md leads nowhere",
		"[x](https://example.org/x)":         "",
		"`table.exec.state.ttl`":             "",
		"`table.exec.stat.ttl`":              "`table.exec.stat.ttl` is no configuration key",
		"```\nmake nothing\n```":             "",
		"`schema` and `github.com/x/y` text": "",
	} {
		if got := strings.Join(documentFindings(root, text, []string{"test"}), "; "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func documentFindings(dir, text string, verbs []string) []string {
	var out []string
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		span := m[1]
		if v := verb.FindStringSubmatch(span); len(v) == 2 && !slices.Contains(verbs, v[1]) {
			out = append(out, "`"+span+"` is no verb of the Makefile")
		}
		if configKey(span) {
			if _, err := conf.Find(span); err != nil {
				out = append(out, "`"+span+"` is no configuration key")
			}
		}
		for _, p := range expand(span) {
			top, _, below := strings.Cut(p, "/")
			if !below || !slices.Contains(treeFolders, top) || !treePath.MatchString(strings.ReplaceAll(p, "*", "x")) {
				continue
			}
			if found, err := filepath.Glob(filepath.Join(root, p)); err != nil || len(found) == 0 {
				out = append(out, "`"+p+"` does not exist")
			}
		}
	}
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(dir, m[1])); err != nil {
			out = append(out, "the link to "+m[1]+" leads nowhere")
		}
	}
	return out
}

// configKey says whether the text looks like a configuration key of the engine.
func configKey(text string) bool {
	first, _, dotted := strings.Cut(text, ".")
	return dotted && slices.Contains([]string{"table", "execution", "pipeline", "parallelism", "restart-strategy", "sql-client", "spate"}, first) &&
		regexp.MustCompile(`^[a-z0-9.-]+$`).MatchString(text)
}

// expand writes out braces: a/{b,c} is a/b and a/c.
func expand(text string) []string {
	open, end := strings.IndexByte(text, '{'), strings.IndexByte(text, '}')
	if open < 0 || end < open {
		return []string{text}
	}
	var out []string
	for part := range strings.SplitSeq(text[open+1:end], ",") {
		out = append(out, expand(text[:open]+strings.TrimSpace(part)+text[end+1:])...)
	}
	return out
}
