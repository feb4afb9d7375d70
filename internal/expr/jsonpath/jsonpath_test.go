// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package jsonpath_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"spate/internal/expr/jsonpath"
)

const doc = `{"b": {"x": [1, 2.50, {"y": "z"}]}, "a": [{"n": 1, "t": "u"}, {"n": 2}], "q": "a\"\\\u00e9\ud83d\ude00", "nil": null}`

func TestPaths(t *testing.T) {
	var d jsonpath.Doc
	root, err := d.Parse([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{"$.b.x[1]", "2.50"},
		{"$['b']['x'][-1].y", `"z"`},
		{"lax $.none", ""},
		{"strict $.none.deeper", "No results for path: $['none']"},
		{"$.a[*].n", "1 2"},
		{"$..n", "1 2"},
		{"$.b.x[0:2]", "1 2.50"},
		{"$.a[?(@.n > 1)].n", "2"},
		{"$.a[?(@.t == 'u' && @.n <= 1)].t", `"u"`},
		{"$.a[?(@.t)].n", "1"},
		{"$.nil", "null"},
		{"$.q", `"a\"\\é😀"`},
		{"lax $.a[0,1].n", "1 2"},
	} {
		p, err := jsonpath.CompilePath(c.path)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		list, err := p.Eval(&d, root, nil)
		if _, ok := errors.AsType[*jsonpath.MissingError](err); ok {
			if err.Error() != c.want {
				t.Errorf("%s fails with %v, want %s", c.path, err, c.want)
			}
			continue
		}
		var got []string
		for _, n := range list {
			got = append(got, string(d.Append(nil, n, true)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s gives %s, want %s", c.path, s, c.want)
		}
	}
	for _, bad := range []string{"", "a", "$.", "$[", "$.a[?(@.n >)]", "lax"} {
		if _, err := jsonpath.CompilePath(bad); err == nil {
			t.Errorf("%q compiles", bad)
		}
	}
}

func TestSortedOutput(t *testing.T) {
	var d jsonpath.Doc
	root, _ := d.Parse([]byte(`{"b":1,"a":{"z":[],"y":{}},"b":2}`))
	if got := string(d.Append(nil, root, true)); got != `{"a":{"y":{},"z":[]},"b":2}` {
		t.Errorf("sorted %s", got)
	}
	if got := string(d.Append(nil, root, false)); got != `{"b":2,"a":{"z":[],"y":{}}}` {
		t.Errorf("unsorted %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{doc, "1", `"x"`, "[", "[1,]", `{"a":}`, "01", "1e5", "nul", `"\u12"`, "[1] 2", `"` + "\n" + `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var d jsonpath.Doc
		n, err := d.Parse([]byte(s))
		valid := json.Valid([]byte(s))
		if (err == nil) != valid {
			t.Fatalf("%q: %v, valid is %v", s, err, valid)
		}
		if err == nil {
			if out := d.Append(nil, n, true); !json.Valid(out) {
				t.Fatalf("%q prints as %q", s, out)
			}
		}
	})
}

func BenchmarkParseAndFind(b *testing.B) {
	b.ReportAllocs()
	var d jsonpath.Doc
	p, _ := jsonpath.CompilePath("$.b.x[1]")
	src := []byte(doc)
	var list []jsonpath.Node
	for b.Loop() {
		root, _ := d.Parse(src)
		list, _ = p.Eval(&d, root, list)
	}
}
