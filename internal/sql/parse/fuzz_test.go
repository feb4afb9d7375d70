// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/sqlerr"
)

// seed adds the inputs of the golden files to a corpus.
func seed(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for c := range strings.SplitSeq(string(text), "\n\n") {
			_, rest, _ := strings.Cut(c, "\n")
			input, _, _ := strings.Cut(rest, "\n----")
			f.Add(input)
			for line := range strings.SplitSeq(input, "\n") {
				f.Add(line)
				f.Add("SELECT " + line)
			}
		}
	}
}

// FuzzParsePrintParse checks that no text breaks the parser, that errors lie in the text, and that what the printer makes of
// a tree parses to an equal tree.
func FuzzParsePrintParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src string) {
		list, err := parse.Statements(src)
		checkError(t, src, err)
		for _, s := range list {
			checkRange(t, src, s)
			for _, style := range []ast.Style{{}, {Multiline: true}, {QuoteAll: true}} {
				checkPrint(t, s, style)
			}
		}
		x, err := parse.Expression(src)
		checkError(t, src, err)
		if err == nil {
			checkPrint(t, x, ast.Style{})
		}
		ty, err := parse.DataType(src)
		checkError(t, src, err)
		if err == nil {
			checkPrint(t, ty, ast.Style{})
		}
	})
}

// FuzzLexer checks that the lexer takes any bytes, and that asking for the state of input never contradicts the parser.
func FuzzLexer(f *testing.F) {
	seed(f)
	f.Add("\xff")
	f.Add("SET a=\xc3(")
	f.Fuzz(func(t *testing.T, src string) {
		state := parse.Input(src)
		list, err := parse.Statements(src)
		checkError(t, src, err)
		var e *sqlerr.Error
		switch {
		case state == parse.InputEmpty && (len(list) > 0 || err != nil):
			t.Errorf("%q is empty, and parses to %d statements and %v", src, len(list), err)
		case state == parse.InputComplete && errors.As(err, &e) && e.Incomplete && int(e.Span.End.Offset) >= len(strings.TrimSpace(src)) &&
			!strings.Contains(strings.ToUpper(src), "STATEMENT"):
			t.Errorf("%q is complete, and the parser asks for more: %v", src, err)
		}
	})
}

// checkError checks that an error is one of the front half's and points into the text.
func checkError(t *testing.T, src string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *sqlerr.Error
	if !errors.As(err, &e) {
		t.Fatalf("%q: got a %T: %v", src, err, err)
	}
	s := e.Span
	if !s.IsValid() || s.Start.Offset < 0 || s.End.Offset < s.Start.Offset || int(s.End.Offset) > len(src)+1 || e.Msg == "" || e.Kind == "" {
		t.Errorf("%q: bad error %+v", src, e)
	}
	if e.Source != src || !strings.Contains(e.Error(), e.Msg) {
		t.Errorf("%q: the error does not show the text: %s", src, e)
	}
}

// checkRange checks that the nodes lie in the text and children within their parents.
func checkRange(t *testing.T, src string, n ast.Node) {
	t.Helper()
	outer := n.Range()
	if outer.Start.Offset < 0 || outer.End.Offset < outer.Start.Offset || int(outer.End.Offset) > len(src) {
		t.Errorf("%q: %T has the range %+v", src, n, outer)
	}
	ast.Children(n, func(c ast.Node) {
		if s := c.Range(); s.Start.Offset < outer.Start.Offset || s.End.Offset > outer.End.Offset {
			t.Errorf("%q: %T at %+v lies outside of its %T at %+v", src, c, s, n, outer)
		}
		checkRange(t, src, c)
	})
}
