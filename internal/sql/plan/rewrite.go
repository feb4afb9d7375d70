// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import "fmt"

// Inputs returns the inputs of a node.
func Inputs(n Node) []Node {
	switch n := n.(type) {
	case *Scan, *Values:
		return nil
	case *Project:
		return []Node{n.Input}
	case *Filter:
		return []Node{n.Input}
	case *Watermark:
		return []Node{n.Input}
	case *Aggregate:
		return []Node{n.Input}
	case *Expand:
		return []Node{n.Input}
	case *Unnest:
		return []Node{n.Input}
	case *Join:
		return []Node{n.Left, n.Right}
	case *WindowTable:
		return []Node{n.Input}
	case *Over:
		return []Node{n.Input}
	case *TopN:
		return []Node{n.Input}
	case *Sort:
		return []Node{n.Input}
	case *Union:
		return n.Inputs
	case *Sink:
		return []Node{n.Input}
	case *Collect:
		return []Node{n.Input}
	}
	panic(fmt.Sprintf("BUG: unknown plan node %T", n))
}

// WithInputs returns the node with other inputs, itself when they are the same.
func WithInputs(n Node, in []Node) Node {
	old := Inputs(n)
	same := true
	for i := range old {
		same = same && old[i] == in[i]
	}
	if same {
		return n
	}
	switch n := n.(type) {
	case *Join:
		c := *n
		c.Left, c.Right = in[0], in[1]
		return &c
	case *Union:
		c := *n
		c.Inputs = in
		return &c
	default:
		return withInput(n, in[0])
	}
}

// withInput returns a node of one input with another one.
func withInput(n, in Node) Node {
	switch n := n.(type) {
	case *Project:
		return &Project{Input: in, Exprs: n.Exprs, Names: n.Names}
	case *Filter:
		return &Filter{Input: in, Cond: n.Cond}
	case *Sink:
		return &Sink{Input: in, Target: n.Target}
	case *Collect:
		return &Collect{Input: in, ID: n.ID}
	case *Over:
		return &Over{Input: in, Calls: n.Calls}
	case *Watermark:
		c := *n
		c.Input = in
		return &c
	case *Aggregate:
		c := *n
		c.Input = in
		return &c
	case *Expand:
		c := *n
		c.Input = in
		return &c
	case *Unnest:
		c := *n
		c.Input = in
		return &c
	case *WindowTable:
		c := *n
		c.Input = in
		return &c
	case *TopN:
		c := *n
		c.Input = in
		return &c
	case *Sort:
		c := *n
		c.Input = in
		return &c
	}
	panic(fmt.Sprintf("BUG: plan node %T has not one input", n))
}

// Rewrite rebuilds a plan from the leaves up: every node, its inputs already done, is replaced by what f returns. A node that
// occurs several times is rewritten once.
func Rewrite(n Node, f func(Node) Node) Node {
	return RewriteFrom(n, map[Node]Node{}, func(_, n Node) Node { return f(n) })
}

// RewriteFrom is Rewrite where f also sees the node as it was, and done remembers what became of the nodes.
func RewriteFrom(n Node, done map[Node]Node, f func(old, n Node) Node) Node {
	var visit func(Node) Node
	visit = func(n Node) Node {
		if r, ok := done[n]; ok {
			return r
		}
		old := Inputs(n)
		in := make([]Node, len(old))
		for i := range old {
			in[i] = visit(old[i])
		}
		r := f(n, WithInputs(n, in))
		done[n] = r
		return r
	}
	return visit(n)
}

// Each calls f on every node below and including n, inputs first, each once.
func Each(n Node, f func(Node)) {
	seen := map[Node]bool{}
	var visit func(Node)
	visit = func(n Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, in := range Inputs(n) {
			visit(in)
		}
		f(n)
	}
	visit(n)
}
