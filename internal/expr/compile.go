// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"math"
	"strconv"

	"spate/batch"
	"spate/schema"
)

// Compile makes a program of bound expressions over the given input columns. Constants are folded first. An unknown function,
// a signature version that this build does not have, or a pattern that is wrong gives an error.
func Compile(reg *Registry, env *Env, exprs []Expr, inputs []*schema.Type) (*Program, error) {
	folded := make([]Expr, len(exprs))
	for i, e := range exprs {
		var err error
		if folded[i], err = Fold(reg, env, e); err != nil {
			return nil, err
		}
	}
	return compileAll(reg, env, folded, inputs)
}

// compileAll compiles expressions as they are.
func compileAll(reg *Registry, env *Env, exprs []Expr, inputs []*schema.Type) (*Program, error) {
	c := &compiler{
		reg: reg, env: env, inputs: inputs, p: &Program{},
		interned: make(map[string]int), ids: make(map[Expr]int),
	}
	c.addScope(-1)
	for _, e := range exprs {
		if call, ok := e.(*Call); ok && call.Fn == "JSON" {
			return nil, errJSONPlace
		}
		// Only what this expression evaluates for sure may be lent from the root scope to narrowed places.
		c.tables[0].sure = make(map[int]bool)
		c.collect(e, 0)
		n, err := c.compile(e, 0)
		if err != nil {
			return nil, err
		}
		c.p.exprs = append(c.p.exprs, e)
		c.p.roots = append(c.p.roots, n)
	}
	return c.p, nil
}

// compiler turns expressions into nodes. Equal expressions of one scope, or of a scope around it that evaluates them in any
// case, share a node.
type compiler struct {
	reg      *Registry
	env      *Env
	inputs   []*schema.Type
	p        *Program
	tables   []table
	interned map[string]int
	ids      map[Expr]int
	depth    int
}

// table is what the compiler knows of a scope.
type table struct {
	parent int
	nodes  map[int]*node
	sure   map[int]bool // Expressions that are evaluated on all rows of the scope.
}

func (c *compiler) addScope(parent int) int {
	c.tables = append(c.tables, table{parent: parent, nodes: make(map[int]*node), sure: make(map[int]bool)})
	c.p.scopes = append(c.p.scopes, scope{})
	return len(c.tables) - 1
}

// id returns the same number for equal expressions. A call that is not deterministic equals only itself.
func (c *compiler) id(e Expr) int {
	if id, ok := c.ids[e]; ok {
		return id
	}
	var key []byte
	switch e := e.(type) {
	case *Col:
		key = strconv.AppendInt(append(key, 'c'), int64(e.Index), 10)
	case *Lit:
		key = appendValueKey(appendTypeKey(append(key, 'l'), e.T), e.Value)
	case *Call:
		key = strconv.AppendInt(append(append(key, 'f'), e.Fn...), int64(e.Version), 10)
		key = appendTypeKey(append(key, ':'), e.T)
		for _, a := range e.Args {
			key = strconv.AppendInt(append(key, ','), int64(c.id(a)), 10)
		}
		if f, ok := c.reg.Lookup(e.Fn); ok && f.Determinism == NonDeterministic {
			key = strconv.AppendInt(append(key, '#'), int64(len(c.ids)), 10)
		}
	}
	id, ok := c.interned[string(key)]
	if !ok {
		id = len(c.interned)
		c.interned[string(key)] = id
	}
	c.ids[e] = id
	return id
}

func appendTypeKey(key []byte, t *schema.Type) []byte {
	key = append(key, '<', byte(t.Root), byte(t.Unit))
	for _, n := range []int{t.Length, t.Precision, t.Scale, len(t.Fields)} {
		key = strconv.AppendInt(append(key, ' '), int64(n), 10)
	}
	key = append(key, t.Class...)
	for _, k := range t.Children() {
		key = appendTypeKey(key, k)
	}
	for i := range t.Fields {
		key = strconv.AppendQuote(key, t.Fields[i].Name)
	}
	return append(key, '>')
}

func appendValueKey(key []byte, v schema.Value) []byte {
	if v.Null {
		return append(key, 'n')
	}
	for _, x := range []int64{v.I, int64(math.Float64bits(v.F)), int64(v.Wide.Lo), v.Wide.Hi, int64(v.Nanos)} {
		key = strconv.AppendInt(append(key, ' '), x, 36)
	}
	key = strconv.AppendQuote(key, v.S)
	for _, x := range v.Elems {
		key = appendValueKey(append(key, '['), x)
	}
	return key
}

// collect notes what evaluating e in scope s evaluates on all rows of s.
func (c *compiler) collect(e Expr, s int) {
	call, ok := e.(*Call)
	if !ok {
		return
	}
	id := c.id(e)
	if c.tables[s].sure[id] {
		return
	}
	c.tables[s].sure[id] = true
	switch call.Fn {
	case "AND", "OR":
		for i, a := range call.Args {
			if i == 0 || c.cheap(a) {
				c.collect(a, s)
			}
		}
	case "CASE", "COALESCE":
		c.collect(call.Args[0], s)
	default:
		for _, a := range call.Args {
			c.collect(a, s)
		}
	}
}

// cheap tells whether e costs a few nanoseconds a row and cannot fail, so that it is not worth a narrowed selection.
func (c *compiler) cheap(e Expr) bool {
	call, ok := e.(*Call)
	if !ok {
		return true
	}
	f, ok := c.reg.Lookup(call.Fn)
	if !ok || !f.Cheap || f.fallible(call) {
		return false
	}
	for _, a := range call.Args {
		if !c.cheap(a) {
			return false
		}
		if call.Fn != "IS NULL" && call.Fn != "IS NOT NULL" {
			switch a.Type().Physical() {
			case schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
				return false
			default:
			}
		}
	}
	return true
}

// find returns the node of an expression that scope s may use.
func (c *compiler) find(id, s int) *node {
	if n := c.tables[s].nodes[id]; n != nil {
		return n
	}
	for s = c.tables[s].parent; s >= 0; s = c.tables[s].parent {
		if t := &c.tables[s]; t.sure[id] && t.nodes[id] != nil {
			return t.nodes[id]
		}
	}
	return nil
}

// maxNesting bounds the depth of compiled expressions, which are evaluated recursively.
const maxNesting = 20_000

func (c *compiler) compile(e Expr, s int) (*node, error) {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > maxNesting {
		return nil, fmt.Errorf("expression is nested more than %d levels deep", maxNesting)
	}
	id := c.id(e)
	if _, call := e.(*Call); !call {
		s = 0
	}
	if n := c.find(id, s); n != nil {
		n.refs++
		return n, nil
	}
	if s > 0 {
		// The outermost scope that evaluates it in any case is its home.
		for at := s; at >= 0; at = c.tables[at].parent {
			if c.tables[at].sure[id] {
				s = at
			}
		}
	}
	n, err := c.build(e, s)
	if err != nil {
		return nil, err
	}
	n.refs, n.scope = 1, s
	if n.own == nil {
		n.own = batch.NewVector(e.Type())
	}
	c.tables[s].nodes[id] = n
	return n, nil
}

func (c *compiler) build(e Expr, s int) (*node, error) {
	switch e := e.(type) {
	case *Col:
		if e.Index < 0 || e.Index >= len(c.inputs) {
			return nil, fmt.Errorf("expression reads column %d of %d", e.Index, len(c.inputs))
		}
		if got, want := c.inputs[e.Index].Physical(), e.T.Physical(); got != want {
			return nil, fmt.Errorf("expression reads column %d as %s, but it is %s", e.Index, e.T, c.inputs[e.Index])
		}
		return &node{kind: nodeCol, index: e.Index}, nil
	case *Lit:
		n := &node{kind: nodeLit, own: batch.NewVector(e.T), symbol: e.T.Root == schema.Symbol}
		n.own.AppendValue(e.Value)
		return n, nil
	case *Call:
		f, ok := c.reg.Lookup(e.Fn)
		if !ok {
			return nil, fmt.Errorf("function %s is unknown", e.Fn)
		}
		if f.Version != e.Version && (f.Version != 0 || e.Version != 1) {
			return nil, fmt.Errorf("function %s has version %d here, the expression needs %d", e.Fn, max(1, f.Version), e.Version)
		}
		return c.buildCall(e, f, s)
	}
	return nil, fmt.Errorf("expression of unknown kind %T", e)
}

func (c *compiler) buildCall(e *Call, f *Function, s int) (*node, error) {
	switch e.Fn {
	case "AND", "OR":
		return c.buildJunction(e, s)
	case "CASE":
		return c.buildCase(e, s)
	case "COALESCE":
		return c.buildCoalesce(e, s)
	case "REINTERPRET":
		return c.buildUnary(nodeAlias, e, s)
	case "CAST", "TRY_CAST":
		if sameForm(e.Args[0].Type(), e.T) {
			return c.buildUnary(nodeAlias, e, s)
		}
	case "FIELD":
		n, err := c.buildUnary(nodeField, e, s)
		if err != nil {
			return nil, err
		}
		l, ok := e.Args[1].(*Lit)
		if !ok || l.Value.I < 0 || int(l.Value.I) >= len(e.Args[0].Type().Fields) {
			return nil, fmt.Errorf("FIELD of %s has no such field", e.Args[0].Type())
		}
		n.index = int(l.Value.I)
		return n, nil
	}
	n := &node{
		kind: nodeCall, fn: e.Fn, pos: e.Pos, strict: f.Strict, fallible: f.fallible(e),
		volatile: f.Determinism == NonDeterministic,
	}
	for _, a := range e.Args {
		an, err := c.compile(a, s)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, an)
	}
	n.in = make([]*batch.Vector, len(n.args))
	k, err := f.Compile(e, c.env)
	if err != nil {
		return nil, err
	}
	n.kernel = k
	return n, nil
}

func (c *compiler) buildUnary(kind nodeKind, e *Call, s int) (*node, error) {
	a, err := c.compile(e.Args[0], s)
	if err != nil {
		return nil, err
	}
	return &node{kind: kind, fn: e.Fn, pos: e.Pos, args: []*node{a}}, nil
}
