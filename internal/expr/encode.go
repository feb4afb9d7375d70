// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"encoding/json"
	"errors"
	"fmt"

	"spate/schema"
)

// encoded is the JSON form of an expression: exactly one of col, lit and fn is there.
type encoded struct {
	Col     *int              `json:"col,omitempty"`
	Lit     *schema.Value     `json:"lit,omitempty"`
	Fn      string            `json:"fn,omitempty"`
	Version int               `json:"version,omitempty"`
	Args    []json.RawMessage `json:"args,omitempty"`
	Pos     Pos               `json:"pos,omitzero"`
	Type    *schema.Type      `json:"type"`
}

// maxDepth bounds the nesting of decoded expressions.
const maxDepth = 10_000

// MarshalExpr returns the expression as JSON; the same expression always gives the same bytes. A nil expression is null.
func MarshalExpr(e Expr) ([]byte, error) {
	var x encoded
	switch e := e.(type) {
	case nil:
		return []byte("null"), nil
	case *Col:
		x = encoded{Col: &e.Index, Type: e.T}
	case *Lit:
		x = encoded{Lit: &e.Value, Type: e.T}
	case *Call:
		x = encoded{Fn: e.Fn, Version: e.Version, Type: e.T, Pos: e.Pos}
		for _, a := range e.Args {
			b, err := MarshalExpr(a)
			if err != nil {
				return nil, err
			}
			x.Args = append(x.Args, b)
		}
	}
	b, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("encoding expression %s: %w", Format(e, nil), err)
	}
	return b, nil
}

// UnmarshalExpr reads what MarshalExpr wrote.
func UnmarshalExpr(b []byte) (Expr, error) { return unmarshal(b, 0) }

func unmarshal(b []byte, depth int) (Expr, error) {
	if depth > maxDepth {
		return nil, errors.New("decoding expression: nested too deeply")
	}
	if string(b) == "null" {
		return nil, nil //nolint:nilnil // No expression is a value of its own.
	}
	var x encoded
	if err := json.Unmarshal(b, &x); err != nil {
		return nil, fmt.Errorf("decoding expression: %w", err)
	}
	if x.Type == nil {
		return nil, errors.New("decoding expression: there is no type")
	}
	switch {
	case x.Col != nil:
		if *x.Col < 0 {
			return nil, fmt.Errorf("decoding expression: column %d", *x.Col)
		}
		return &Col{Index: *x.Col, T: x.Type}, nil
	case x.Lit != nil:
		return &Lit{Value: *x.Lit, T: x.Type}, nil
	case x.Fn != "":
		c := &Call{Fn: x.Fn, Version: x.Version, T: x.Type, Pos: x.Pos}
		for _, a := range x.Args {
			e, err := unmarshal(a, depth+1)
			if err != nil {
				return nil, err
			}
			if e == nil {
				return nil, fmt.Errorf("decoding expression: argument of %s is null", x.Fn)
			}
			c.Args = append(c.Args, e)
		}
		return c, nil
	}
	return nil, errors.New("decoding expression: neither column nor literal nor call")
}
