// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"spate/batch"
	"spate/internal/expr/jsonpath"
	"spate/schema"
)

// The clauses of the JSON functions arrive as arguments: keywords as symbols, the type of RETURNING as a NULL literal of that type.
//
//	JSON_EXISTS  json, path [, TRUE|FALSE|UNKNOWN|ERROR]
//	JSON_VALUE   json, path [, onEmpty, default, onError, default, returning]    onX is NULL|ERROR|DEFAULT
//	JSON_QUERY   json, path [, wrapper, onEmpty, onError, returning]
//	             wrapper is WITHOUT|CONDITIONAL|UNCONDITIONAL, onX is NULL|ERROR|EMPTY ARRAY|EMPTY OBJECT
//	JSON_OBJECT  [NULL|ABSENT,] key, value, ...
//	JSON_ARRAY   [NULL|ABSENT,] value, ...

func jsonFunctions() []*Function {
	str := P("", FamString)
	fs := []*Function{
		{
			Name: "JSON_EXISTS", Doc: "Whether a path leads somewhere in a JSON text.", Example: `JSON_EXISTS('{"a": true}', '$.a')`, Result: "TRUE", Category: "json",
			Fallible: true, Strict: true,
			Overloads: []Overload{
				{Params: []Param{str, str}, Result: RetNull(schema.TypeBoolean)}, {Params: []Param{str, str, P("", FamSymbol)}, Result: RetNull(schema.TypeBoolean)},
			},
			Compile: compileJSONExists,
		},
		jsonValue(), jsonQuery(),
		{
			Name: "JSON_QUOTE", Doc: "A text as a JSON string, in ASCII.", Example: `JSON_QUOTE('a"b')`, Result: `"a\"b"`, Category: "json", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeString)}}, Compile: textCompile(jsonQuote),
		},
		{
			Name: "JSON_UNQUOTE", Doc: "The text of a JSON string; other texts stay as they are.", Example: `JSON_UNQUOTE('"a\"b"')`, Result: `a"b`, Category: "json", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeString)}}, Compile: textCompile(jsonUnquote),
		},
	}
	for _, kind := range []string{"", " VALUE", " OBJECT", " ARRAY", " SCALAR"} {
		fs = append(fs, isJSON(kind, false), isJSON(kind, true))
	}
	return fs
}

// isJSONDocs tells what the kinds of IS JSON are.
var isJSONDocs = map[string]string{
	"": "JSON", " VALUE": "JSON", " OBJECT": "a JSON object", " ARRAY": "a JSON array", " SCALAR": "a JSON text, number, truth value or null",
}

func isJSON(kind string, not bool) *Function {
	name := "IS JSON" + kind
	shown := name
	if kind == "" {
		shown += " VALUE"
	}
	if not {
		name, shown = "IS NOT JSON"+kind, strings.Replace(shown, "IS ", "IS NOT ", 1)
	}
	doc := "Whether a text is " + isJSONDocs[kind] + "."
	if not {
		doc = strings.Replace(doc, " is ", " is not ", 1)
	}
	return &Function{
		Name: name, Doc: doc, Example: `'{"a": 1}' ` + name, Result: strings.ToUpper(strconv.FormatBool((kind == " ARRAY" || kind == " SCALAR") == not)), Category: "json",
		Signatures: []string{"<CHARACTER> " + shown},
		Infer: func(args []Arg) (Signature, error) {
			if len(args) != 1 || !args[0].Type.IsString() && args[0].Type.Root != schema.Null {
				t := schema.TypeNull
				if len(args) == 1 {
					t = args[0].Type
				}
				return Signature{}, fmt.Errorf("Cannot apply '%s' to arguments of type '<%s> %s'. Supported form(s): '<CHARACTER> %s'", shown, calciteName(t), shown, shown) //nolint:staticcheck // Flink's text.
			}
			return Signature{Args: []*schema.Type{schema.TypeString}, Result: schema.TypeBoolean.NotNull()}, nil
		},
		Compile: func(*Call, *Env) (Kernel, error) {
			var d jsonpath.Doc
			return boolKernel(func(args []*batch.Vector, r int) (bool, bool) {
				is := false
				if !args[0].IsNull(r) {
					n, err := d.Parse(args[0].Bytes(r))
					if is = err == nil; is {
						switch k := d.Kind(n); kind {
						case " OBJECT":
							is = k == jsonpath.Object
						case " ARRAY":
							is = k == jsonpath.Array
						case " SCALAR":
							is = d.IsScalar(n)
						}
					}
				}
				return is != not, true
			}), nil
		},
	}
}

// calciteName is the name that messages give a type.
func calciteName(t *schema.Type) string {
	if t.Root == schema.Int {
		return "INTEGER"
	}
	return t.WithNull(true).String()
}

// jsonPaths parses a JSON argument and finds a path in it.
type jsonPaths struct {
	doc  jsonpath.Doc
	last string
	path *jsonpath.Path
	list []jsonpath.Node
	buf  []byte
}

func newJSONPaths(call *Call) (*jsonPaths, error) {
	p := &jsonPaths{}
	if s, ok := litString(call, 1); ok {
		err := p.compile(s)
		return p, err
	}
	return p, nil
}

func (p *jsonPaths) compile(s string) error {
	var err error
	p.last = s
	p.path, err = jsonpath.CompilePath(s)
	return err
}

// find returns what the path leads to; lax and nothing there is an empty list.
func (p *jsonPaths) find(args []*batch.Vector, r int) ([]jsonpath.Node, error) {
	if b := args[1].Bytes(r); p.path == nil || string(b) != p.last {
		if err := p.compile(string(b)); err != nil {
			return nil, err
		}
	}
	root, err := p.doc.Parse(args[0].Bytes(r))
	if err != nil {
		return nil, err
	}
	p.list, err = p.path.Eval(&p.doc, root, p.list)
	return p.list, err
}

func compileJSONExists(call *Call, _ *Env) (Kernel, error) {
	p, err := newJSONPaths(call)
	if err != nil {
		return nil, err
	}
	onError := "FALSE"
	if len(call.Args) == 3 {
		onError = symbol(call, 2)
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			list, err := p.find(args, r)
			found := len(list) > 0
			if err != nil {
				switch onError {
				case "TRUE":
					found = true
				case "UNKNOWN":
					out.SetNull(r)
				case "ERROR":
					return &RowError{Row: r, Reason: err.Error()}
				}
			}
			setBit(dst, r, found)
		}
		return nil
	}, nil
}

func jsonValue() *Function {
	return &Function{
		Name: "JSON_VALUE", Doc: "The scalar that a path leads to in a JSON text, as text or as the type of RETURNING.", Example: `JSON_VALUE('{"a": {"b": 12}}', '$.a.b')`,
		Result: "12", Category: "json", Fallible: true,
		Infer: func(args []Arg) (Signature, error) {
			sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeString}
			if err := jsonPathArgs(args, sig.Args); err != nil || len(args) != 2 && len(args) != 7 {
				return sig, noFit
			}
			if len(args) == 7 {
				sig.Result = args[6].Type.WithNull(true)
				if sig.Result.Root == schema.Null {
					sig.Result = schema.TypeString
				}
				for _, i := range []int{3, 5} {
					if !sameButNull(args[i].Type, sig.Result) {
						sig.Args[i] = sig.Result
					}
				}
			}
			switch sig.Result.Root {
			case schema.Varchar, schema.Char, schema.Boolean, schema.Int, schema.Double, schema.BigInt, schema.Float, schema.SmallInt, schema.TinyInt, schema.Decimal:
			default:
				return sig, fmt.Errorf("Unsupported type '%s' for RETURNING of JSON_VALUE()", sig.Result) //nolint:staticcheck // As Flink's.
			}
			return sig, nil
		},
		Compile: compileJSONValue,
	}
}

// jsonPathArgs checks that the first two arguments are texts.
func jsonPathArgs(args []Arg, to []*schema.Type) error {
	if len(args) < 2 {
		return noFit
	}
	for i := range 2 {
		c, ok := FamString.Fit(args[i])
		if !ok {
			return noFit
		}
		to[i] = c
	}
	return nil
}

const emptyValue = "Empty result of JSON_VALUE function is not allowed"

func compileJSONValue(call *Call, _ *Env) (Kernel, error) {
	p, err := newJSONPaths(call)
	if err != nil {
		return nil, err
	}
	onEmpty, onError := "NULL", "NULL"
	if len(call.Args) == 7 {
		onEmpty, onError = symbol(call, 2), symbol(call, 4)
	}
	conv, err := newCast(schema.TypeString, call.T, nil, false)
	if err != nil {
		return nil, err
	}
	texts, converted := batch.NewVector(schema.TypeString), batch.NewVector(call.T)
	// value appends the result of row r to out.
	value := func(args []*batch.Vector, r int, out *batch.Vector) error {
		list, err := p.find(args, r)
		node := jsonpath.None
		if err == nil && len(list) > 0 {
			node = list[0]
			if !p.path.Definite() && (len(list) > 1 || !p.path.Lax) {
				node = jsonpath.None
				err = errors.New("the path of JSON_VALUE leads to several values")
			}
		}
		empty := err == nil && (node == jsonpath.None || p.doc.Kind(node) == jsonpath.Null || p.path.Lax && !p.doc.IsScalar(node))
		if err == nil && !empty && !p.doc.IsScalar(node) {
			p.buf = p.doc.Append(p.buf[:0], node, true)
			err = fmt.Errorf("Strict jsonpath mode requires scalar value, and the actual value is: '%s'", p.buf) //nolint:staticcheck // Flink's text.
		}
		var why string
		mode, dflt := onError, 5
		switch {
		case empty:
			mode, dflt, why = onEmpty, 3, emptyValue
		case err != nil:
			why = err.Error()
		default:
			texts.Reset()
			texts.AppendBytes(p.scalar(node))
			converted.Reset()
			if err := conv.run(texts, All(1), converted); err != nil {
				return &RowError{Row: r, Reason: err.Error()}
			}
			out.AppendFrom(converted, 0)
			return nil
		}
		switch mode {
		case "ERROR":
			return &RowError{Row: r, Reason: why}
		case "DEFAULT":
			out.AppendFrom(args[dflt], r)
		default:
			out.AppendNull()
		}
		return nil
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		next := 0
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			for ; next < r; next++ {
				out.AppendNull()
			}
			next++
			if args[0].IsNull(r) || args[1].IsNull(r) {
				out.AppendNull()
				continue
			}
			if err := value(args, r, out); err != nil {
				return err
			}
		}
		for ; next < rows.N; next++ {
			out.AppendNull()
		}
		return nil
	}, nil
}

// scalar returns the text of a scalar: strings without quotes.
func (p *jsonPaths) scalar(n jsonpath.Node) []byte {
	if p.doc.Kind(n) == jsonpath.String {
		return p.doc.Text(n)
	}
	p.buf = p.doc.Append(p.buf[:0], n, true)
	return p.buf
}

// jsonQuote escapes everything beyond ASCII.
func jsonQuote(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	start := len(dst)
	dst = jsonpath.AppendQuoted(dst, args[0].Bytes(r))
	if isASCII(dst[start:]) {
		return dst, true
	}
	quoted := string(dst[start:])
	dst = dst[:start]
	for _, c := range quoted {
		if c < 0x80 {
			dst = append(dst, byte(c))
			continue
		}
		dst = appendEscaped(dst, c)
	}
	return dst, true
}

func appendEscaped(dst []byte, c rune) []byte {
	if c > 0xFFFF {
		c -= 0x10000
		return fmt.Appendf(dst, `\u%04x\u%04x`, 0xD800+c>>10, 0xDC00+c&0x3FF)
	}
	return fmt.Appendf(dst, `\u%04x`, c)
}

// jsonUnquote takes quotes and escapes away; a text that has a wrong escape stays as it is.
func jsonUnquote(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	s := args[0].Bytes(r)
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return append(dst, s...), true
	}
	start := len(dst)
	inner := s[1 : len(s)-1]
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		if c != '\\' || i+1 == len(inner) {
			dst = append(dst, c)
			continue
		}
		i++
		switch inner[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			u, n := unescape(inner[i+1:])
			if n == 0 {
				return append(dst[:start], s...), true
			}
			dst = append(dst, string(u)...)
			i += n
		default:
			dst = append(dst, inner[i])
		}
	}
	return dst, true
}

// unescape reads the four digits of \u, and those of a low surrogate behind; n is the bytes taken.
func unescape(s []byte) (r rune, n int) {
	four := func(s []byte) (rune, bool) {
		if len(s) < 4 {
			return 0, false
		}
		var v rune
		for _, c := range s[:4] {
			d := unhexDigit(c)
			if d > 15 {
				return 0, false
			}
			v = v<<4 | rune(d)
		}
		return v, true
	}
	hi, ok := four(s)
	if !ok {
		return 0, 0
	}
	if hi >= 0xD800 && hi < 0xDC00 && len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if lo, ok := four(s[6:]); ok && lo >= 0xDC00 && lo < 0xE000 {
			return (hi-0xD800)<<10 + (lo - 0xDC00) + 0x10000, 10
		}
	}
	return hi, 4
}
