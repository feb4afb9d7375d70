// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package jsonpath

import (
	"bytes"
	"strconv"
	"strings"
)

// filter is a condition on a node: a junction of conditions, or a comparison of two operands, or the existence of one.
type filter struct {
	or, and []*filter
	not     *filter
	op      string
	a, b    operand
}

// operand is a path from the node at hand (@) or a literal.
type operand struct {
	path *Path
	lit  string
	num  float64
	kind Kind
}

func (c *compiler) or() (*filter, error) {
	f, err := c.and()
	if err != nil {
		return nil, err
	}
	list := []*filter{f}
	for c.accept("||") {
		if f, err = c.and(); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if len(list) == 1 {
		return f, nil
	}
	return &filter{or: list}, nil
}

func (c *compiler) and() (*filter, error) {
	f, err := c.term()
	if err != nil {
		return nil, err
	}
	list := []*filter{f}
	for c.accept("&&") {
		if f, err = c.term(); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if len(list) == 1 {
		return f, nil
	}
	return &filter{and: list}, nil
}

func (c *compiler) term() (*filter, error) {
	if c.accept("!") {
		f, err := c.term()
		return &filter{not: f}, err
	}
	if c.accept("(") {
		f, err := c.or()
		if err == nil && !c.accept(")") {
			err = c.fail()
		}
		return f, err
	}
	f := &filter{}
	var err error
	if f.a, err = c.operand(); err != nil {
		return nil, err
	}
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if c.accept(op) {
			f.op = op
			f.b, err = c.operand()
			return f, err
		}
	}
	return f, nil
}

func (c *compiler) operand() (operand, error) {
	c.blanks()
	if c.i >= len(c.s) {
		return operand{}, c.fail()
	}
	switch ch := c.s[c.i]; ch {
	case '@', '$':
		c.i++
		p := &Path{Lax: true}
		for c.i < len(c.s) && (c.s[c.i] == '.' || c.s[c.i] == '[') {
			st, err := c.filterStep()
			if err != nil {
				return operand{}, err
			}
			p.steps = append(p.steps, st)
		}
		return operand{path: p}, nil
	case '\'', '"':
		s, ok := c.quoted()
		if !ok {
			return operand{}, c.fail()
		}
		return operand{lit: s, kind: String}, nil
	}
	for w, k := range map[string]Kind{"true": True, "false": False, "null": Null} {
		if c.accept(w) {
			return operand{kind: k}, nil
		}
	}
	start := c.i
	for c.i < len(c.s) && strings.IndexByte("+-.0123456789eE", c.s[c.i]) >= 0 {
		c.i++
	}
	n, err := strconv.ParseFloat(c.s[start:c.i], 64)
	if err != nil {
		return operand{}, c.fail()
	}
	return operand{kind: Number, num: n}, nil
}

// filterStep reads a step of a path inside of a filter, where operators end a name.
func (c *compiler) filterStep() (step, error) {
	if c.s[c.i] == '[' {
		return c.bracket()
	}
	c.i++
	start := c.i
	for c.i < len(c.s) && strings.IndexByte(".[]()=!<>&| ", c.s[c.i]) < 0 {
		c.i++
	}
	if start == c.i {
		return step{}, c.fail()
	}
	return step{keys: []string{c.s[start:c.i]}}, nil
}

func (f *filter) holds(d *Doc, n Node) bool {
	switch {
	case f.or != nil:
		for _, x := range f.or {
			if x.holds(d, n) {
				return true
			}
		}
		return false
	case f.and != nil:
		for _, x := range f.and {
			if !x.holds(d, n) {
				return false
			}
		}
		return true
	case f.not != nil:
		return !f.not.holds(d, n)
	}
	a, ok := f.a.eval(d, n)
	if f.op == "" {
		return ok
	}
	b, okB := f.b.eval(d, n)
	if !ok || !okB {
		return f.op == "!=" && ok != okB
	}
	return compare(f.op, a, b)
}

// scalar is the value of an operand.
type scalar struct {
	kind Kind
	text []byte
	num  float64
}

func (o *operand) eval(d *Doc, n Node) (scalar, bool) {
	if o.path == nil {
		return scalar{kind: o.kind, text: []byte(o.lit), num: o.num}, true
	}
	list, _ := o.path.Eval(d, n, nil)
	if len(list) == 0 {
		return scalar{}, false
	}
	s := scalar{kind: d.Kind(list[0])}
	switch s.kind {
	case Number:
		s.num, _ = strconv.ParseFloat(string(d.Text(list[0])), 64)
	case String:
		s.text = d.Text(list[0])
	default:
	}
	return s, true
}

func compare(op string, a, b scalar) bool {
	if a.kind != b.kind {
		return op == "!="
	}
	c := 0
	switch a.kind {
	case Number:
		if a.num < b.num {
			c = -1
		} else if a.num > b.num {
			c = 1
		}
	case String:
		c = bytes.Compare(a.text, b.text)
	default:
	}
	switch op {
	case "==":
		return c == 0
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}
