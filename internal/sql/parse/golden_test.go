// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// TestGolden runs the files of testdata. A file is a list of cases, parted by blank lines:
//
//	command
//	input
//	----
//	output
//
// Lines that start with # before a case are comments. The commands:
//
//	print      the statements, printed
//	multiline  the statements, printed over several lines
//	quoteall   the statements, printed with all names in backticks
//	tree       the statements as trees, with positions
//	expr       every line as an expression, printed
//	exprtree   the expression as a tree
//	type       every line as a data type, printed
//	error      the error of the statements
//	exprerror  the error of the expression
//	input      every line as interactive input, \n being a new line: its state
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runGolden(t, file) })
	}
}

func runGolden(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for i := 0; i < len(lines); {
		if lines[i] == "" || strings.HasPrefix(lines[i], "#") {
			out.WriteString(lines[i] + "\n")
			i++
			continue
		}
		at, command := i+1, lines[i]
		i++
		var input, want []string
		for ; i < len(lines) && lines[i] != "----"; i++ {
			input = append(input, lines[i])
		}
		for i++; i < len(lines) && lines[i] != ""; i++ {
			want = append(want, lines[i])
		}
		src := strings.Join(input, "\n")
		got := strings.TrimRight(runCase(t, command, src), "\n")
		got = strings.ReplaceAll(got, "\n\n", "\n~\n")
		out.WriteString(command + "\n" + src + "\n----\n" + got + "\n")
		if !*rewrite && got != strings.Join(want, "\n") {
			t.Errorf("%s:%d: %s\n%s\ngot:\n%s\nwant:\n%s", file, at, command, src, got, strings.Join(want, "\n"))
		}
	}
	if *rewrite {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func runCase(t *testing.T, command, src string) string {
	t.Helper()
	var b strings.Builder
	each := func(f func(line string) string) {
		for line := range strings.SplitSeq(src, "\n") {
			b.WriteString(f(line) + "\n")
		}
	}
	switch command {
	case "print", "multiline", "quoteall", "tree":
		list, err := parse.Statements(src)
		if err != nil {
			return err.Error()
		}
		for _, s := range list {
			switch command {
			case "tree":
				b.WriteString(dump(s, true))
			case "multiline":
				b.WriteString(checkPrint(t, s, ast.Style{Multiline: true}) + ";\n")
			case "quoteall":
				b.WriteString(checkPrint(t, s, ast.Style{QuoteAll: true}) + ";\n")
			default:
				b.WriteString(checkPrint(t, s, ast.Style{}) + ";\n")
			}
		}
	case "expr":
		each(func(line string) string {
			x, err := parse.Expression(line)
			if err != nil {
				return err.Error()
			}
			return checkPrint(t, x, ast.Style{})
		})
	case "exprtree":
		x, err := parse.Expression(src)
		if err != nil {
			return err.Error()
		}
		return dump(x, true)
	case "type":
		each(func(line string) string {
			x, err := parse.DataType(line)
			if err != nil {
				return err.Error()
			}
			return checkPrint(t, x, ast.Style{})
		})
	case "error":
		if _, err := parse.Statements(src); err != nil {
			return err.Error()
		}
		return "no error"
	case "exprerror":
		if _, err := parse.Expression(src); err != nil {
			return err.Error()
		}
		return "no error"
	case "input":
		each(func(line string) string {
			return [...]string{"empty", "incomplete", "complete"}[parse.Input(strings.ReplaceAll(line, `\n`, "\n"))]
		})
	default:
		t.Fatalf("unknown command %q", command)
	}
	return b.String()
}

// checkPrint prints a node and checks that the text parses to the same tree.
func checkPrint(t *testing.T, n ast.Node, style ast.Style) string {
	t.Helper()
	text := style.Print(n)
	again, err := reparse(n, text)
	if err != nil {
		t.Errorf("printed text does not parse: %s\n%v", text, err)
		return text
	}
	if want, got := dump(n, false), dump(again, false); want != got {
		t.Errorf("printed text parses to another tree: %s\nwant %s\ngot %s", text, want, got)
	}
	return text
}

func reparse(n ast.Node, text string) (ast.Node, error) {
	switch n.(type) {
	case ast.Expr:
		return parse.Expression(text)
	case ast.Statement:
		return parse.Statement(text)
	case *ast.Query:
		return parse.Query(text)
	case *ast.DataType:
		return parse.DataType(text)
	default:
		return nil, fmt.Errorf("cannot parse a %T", n)
	}
}

// dump writes a tree as text: a node a line, with its range when positions are wanted. Whether a name was in backticks does
// not count.
func dump(n ast.Node, positions bool) string {
	var b strings.Builder
	dumpValue(&b, "", reflect.ValueOf(n), 0, positions)
	return b.String()
}

func dumpValue(b *strings.Builder, label string, v reflect.Value, depth int, positions bool) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	indent := strings.Repeat("  ", depth)
	if label != "" {
		label += ": "
	}
	switch v.Kind() {
	case reflect.Struct:
		dumpStruct(b, label, v, depth, positions)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(b, "%s%s%x\n", indent, label, v.Bytes())
			return
		}
		for i := range v.Len() {
			dumpValue(b, fmt.Sprintf("%s[%d]", strings.TrimSuffix(label, ": "), i), v.Index(i), depth, positions)
		}
	case reflect.String:
		if v.String() != "" {
			fmt.Fprintf(b, "%s%s%q\n", indent, label, v.String())
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s%s%v\n", indent, label, v.Interface())
		}
	}
}

func dumpStruct(b *strings.Builder, label string, v reflect.Value, depth int, positions bool) {
	at := ""
	if s := v.FieldByName("Span"); positions && s.IsValid() {
		span := s.Interface().(ast.Span)
		at = fmt.Sprintf(" %d:%d-%d:%d", span.Start.Line, span.Start.Col, span.End.Line, span.End.Col)
	}
	indent := strings.Repeat("  ", depth)
	if id, ok := reflect.TypeAssert[ast.Ident](v); ok {
		if id.Name != "" {
			fmt.Fprintf(b, "%s%s`%s`%s\n", indent, label, id.Name, at)
		}
		return
	}
	fmt.Fprintf(b, "%s%s%s%s\n", indent, label, v.Type().Name(), at)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Type == reflect.TypeFor[ast.Span]() {
			continue
		}
		dumpValue(b, f.Name, v.Field(i), depth+1, positions)
	}
}
