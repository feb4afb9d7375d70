// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"fmt"

	"spate/batch"
	"spate/internal/expr/jsonpath"
	"spate/schema"
)

func jsonQuery() *Function {
	return &Function{
		Name: "JSON_QUERY", Doc: "The object or array that a path leads to in a JSON text, as JSON text or as ARRAY<STRING>.", Example: `JSON_QUERY('{"a": {"b": 1}}', '$.a')`,
		Result: `{"b":1}`, Category: "json", Fallible: true,
		Infer: func(args []Arg) (Signature, error) {
			sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeString}
			if err := jsonPathArgs(args, sig.Args); err != nil || len(args) != 2 && len(args) != 6 {
				return sig, noFit
			}
			if len(args) == 6 && args[5].Type.Root != schema.Null {
				sig.Result = args[5].Type.WithNull(true)
			}
			switch t := sig.Result; {
			case t.IsString():
			case t.Root == schema.Array && t.Elem.IsString():
			case t.Root == schema.Array:
				return sig, fmt.Errorf(" Unsupported array element type '%s' for RETURNING ARRAY in JSON_QUERY()", calciteName(t.Elem))
			default:
				return sig, fmt.Errorf("Unsupported type '%s' for RETURNING of JSON_QUERY()", t) //nolint:staticcheck // As Flink's.
			}
			return sig, nil
		},
		Compile: compileJSONQuery,
	}
}

const emptyQuery = "Empty result of JSON_QUERY function is not allowed"

// queried is what JSON_QUERY found: nodes to be wrapped, or a substitute.
type queried struct {
	nodes []jsonpath.Node
	wrap  bool   // The nodes are the elements of a new array.
	empty string // [] or {} in place of nodes.
	null  bool
}

func compileJSONQuery(call *Call, _ *Env) (Kernel, error) {
	p, err := newJSONPaths(call)
	if err != nil {
		return nil, err
	}
	wrapper, onEmpty, onError := "WITHOUT", "NULL", "NULL"
	if len(call.Args) == 6 {
		wrapper, onEmpty, onError = symbol(call, 2), symbol(call, 3), symbol(call, 4)
	}
	q := func(args []*batch.Vector, r int) (queried, error) {
		res, empty, err := p.query(args, r, wrapper)
		mode, why := onError, err
		switch {
		case err != nil:
		case empty:
			mode, why = onEmpty, errors.New(emptyQuery) //nolint:staticcheck // Flink's text.
		default:
			return res, nil
		}
		switch mode {
		case "ERROR":
			return res, &RowError{Row: r, Reason: why.Error()}
		case "EMPTY ARRAY":
			return queried{empty: "[]"}, nil
		case "EMPTY OBJECT":
			return queried{empty: "{}"}, nil
		}
		return queried{null: true}, nil
	}
	list := call.T.Root == schema.Array
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
			res, err := q(args, r)
			switch {
			case err != nil:
				return err
			case res.null:
				out.AppendNull()
			case list:
				p.appendList(res, out)
			default:
				p.buf = p.appendQueried(p.buf[:0], res)
				out.AppendBytes(p.buf)
			}
		}
		for ; next < rows.N; next++ {
			out.AppendNull()
		}
		return nil
	}, nil
}

// query finds the value and wraps it; empty says that there is none.
func (p *jsonPaths) query(args []*batch.Vector, r int, wrapper string) (res queried, empty bool, err error) {
	list, err := p.find(args, r)
	if err != nil {
		return res, false, err
	}
	d := &p.doc
	res.nodes = list
	array := !p.path.Definite() // Such paths give an array of what they lead to.
	if !array {
		if len(list) == 0 || d.Kind(list[0]) == jsonpath.Null {
			return res, true, nil
		}
		array = d.Kind(list[0]) == jsonpath.Array
	}
	res.wrap = !p.path.Definite()
	switch wrapper {
	case "UNCONDITIONAL":
		if res.wrap {
			// The array itself becomes the one element.
			p.buf = p.appendQueried(p.buf[:0], res)
			root, perr := d.Parse([]byte("[" + string(p.buf) + "]"))
			if perr != nil {
				return res, false, perr
			}
			return queried{nodes: []jsonpath.Node{root}}, false, nil
		}
		res.wrap = true
	case "CONDITIONAL":
		res.wrap = res.wrap || !array
	}
	if res.wrap || !d.IsScalar(list[0]) {
		return res, false, nil
	}
	if p.path.Lax {
		return res, true, nil
	}
	return res, false, fmt.Errorf("Strict jsonpath mode requires array or object value, and the actual value is: ''%s''", p.scalar(list[0])) //nolint:staticcheck // Flink's text.
}

// appendQueried writes the result as JSON.
func (p *jsonPaths) appendQueried(dst []byte, res queried) []byte {
	if res.empty != "" {
		return append(dst, res.empty...)
	}
	if !res.wrap {
		return p.doc.Append(dst, res.nodes[0], true)
	}
	dst = append(dst, '[')
	for i, n := range res.nodes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = p.doc.Append(dst, n, true)
	}
	return append(dst, ']')
}

// appendList adds the result to an ARRAY<STRING>: strings without quotes, everything else as JSON.
func (p *jsonPaths) appendList(res queried, out *batch.Vector) {
	add := func(n jsonpath.Node) {
		if p.doc.Kind(n) == jsonpath.Null {
			out.Child(0).AppendNull()
			return
		}
		out.Child(0).AppendBytes(p.scalar(n))
	}
	switch {
	case res.empty != "":
	case res.wrap:
		for _, n := range res.nodes {
			add(n)
		}
	case p.doc.Kind(res.nodes[0]) == jsonpath.Array:
		for n := p.doc.First(res.nodes[0]); n != jsonpath.None; n = p.doc.Next(n) {
			add(n)
		}
	default:
		add(res.nodes[0])
	}
	out.EndList()
}
