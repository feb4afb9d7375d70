// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"math"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

// The special forms evaluate their arguments on narrowed rows: an argument sees only the rows whose result depends on it.

// buildJunction compiles AND and OR. subs[i] is the scope of operand i; operands that are cheap share the scope before them.
func (c *compiler) buildJunction(e *Call, s int) (*node, error) {
	n := &node{kind: nodeJunction, or: e.Fn == "OR", fn: e.Fn, pos: e.Pos}
	at := s
	for i, a := range e.Args {
		if i > 0 && !c.cheap(a) {
			at = c.addScope(at)
			c.collect(a, at)
		}
		an, err := c.compile(a, at)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, an)
		n.subs = append(n.subs, at)
	}
	return n, nil
}

// runJunction keeps two bitmaps, of the rows known to be TRUE and of those known to be FALSE. Bits of rows that an operand was
// not evaluated for are garbage and do no harm: such rows are decided already, and the decision is dominant.
func (p *Program) runJunction(n *node, out *batch.Vector) (*batch.Vector, error) {
	w := words(p.n)
	n.bits, n.more = kernel.Grow(n.bits, w), kernel.Grow(n.more, w)
	yes, no := n.bits, n.more
	if n.or {
		kernel.Fill(yes, 0)
		kernel.Fill(no, ^uint64(0))
	} else {
		kernel.Fill(yes, ^uint64(0))
		kernel.Fill(no, 0)
	}
	prev := n.scope
	for i, a := range n.args {
		if at := n.subs[i]; at != prev {
			decided := no
			if n.or {
				decided = yes
			}
			sc, rows := &p.scopes[at], p.scopes[prev].rows
			sc.buf = selectBits(room(sc.buf, rows.Count()), rows, decided, true)
			if len(sc.buf) == 0 {
				break
			}
			p.setScope(at, Rows{N: p.n, Sel: sc.buf})
			prev = at
		}
		v, err := p.value(a)
		if err != nil {
			return nil, err
		}
		fold3(v, yes, no, n.or)
	}
	out.Reset()
	set := out.ResizeBits(p.n)
	copy(set, yes)
	for i := range yes {
		yes[i] |= no[i]
	}
	if !kernel.AllSet(yes, p.n) {
		copy(out.MakeValid(), yes)
	}
	return out, nil
}

// fold3 joins one more operand to the bitmaps of a junction.
func fold3(v *batch.Vector, yes, no []uint64, or bool) {
	if v.IsConst() || v.Physical() == schema.PhysNone {
		var t, f uint64
		if !v.IsNull(0) {
			if v.Bool(0) {
				t = ^t
			} else {
				f = ^f
			}
		}
		for i := range yes {
			if or {
				yes[i], no[i] = yes[i]|t, no[i]&f
			} else {
				yes[i], no[i] = yes[i]&t, no[i]|f
			}
		}
		return
	}
	set := v.Bits()[:len(yes)]
	no = no[:len(yes)]
	if !v.HasNulls() {
		for i, x := range set {
			if or {
				yes[i], no[i] = yes[i]|x, no[i]&^x
			} else {
				yes[i], no[i] = yes[i]&x, no[i]|^x
			}
		}
		return
	}
	valid := v.Valid()[:len(yes)]
	for i, x := range set {
		t, f := x&valid[i], ^x&valid[i]
		if or {
			yes[i], no[i] = yes[i]|t, no[i]&f
		} else {
			yes[i], no[i] = yes[i]&t, no[i]|f
		}
	}
}

// maxBranches bounds the branches of one CASE or COALESCE.
const maxBranches = math.MaxUint16

// buildCase compiles CASE cond1, value1, ..., else. args are as in the call; subs holds for every branch the scope of its value
// and the scope of what follows it.
func (c *compiler) buildCase(e *Call, s int) (*node, error) {
	if len(e.Args)%2 == 0 || len(e.Args) < 3 || len(e.Args) > maxBranches {
		return nil, fmt.Errorf("CASE has %d arguments", len(e.Args))
	}
	n := &node{kind: nodeCase, fn: e.Fn, pos: e.Pos}
	at := s
	for i := 0; i+1 < len(e.Args); i += 2 {
		cond, err := c.compile(e.Args[i], at)
		if err != nil {
			return nil, err
		}
		then, rest := c.addScope(at), c.addScope(at)
		c.collect(e.Args[i+1], then)
		val, err := c.compile(e.Args[i+1], then)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, cond, val)
		n.subs = append(n.subs, then, rest)
		at = rest
		c.collect(e.Args[i+2], at)
	}
	val, err := c.compile(e.Args[len(e.Args)-1], at)
	if err != nil {
		return nil, err
	}
	n.args = append(n.args, val)
	return n, nil
}

func (p *Program) runCase(n *node, out *batch.Vector) (*batch.Vector, error) {
	rows := p.scopes[n.scope].rows
	m := merger{n: n, out: out, rows: rows}
	rest, total := rows, rows.Count()
	last := len(n.args) - 1
	for i := 0; i < last; i += 2 {
		cond, err := p.value(n.args[i])
		if err != nil {
			return nil, err
		}
		var then Rows
		then, rest = p.split(n, cond, rest, n.subs[i], n.subs[i+1])
		if then.Count() > 0 {
			v, err := p.value(n.args[i+1])
			if err != nil {
				return nil, err
			}
			if then.Count() == total {
				return v, nil
			}
			m.add(v, then)
		}
		if rest.Count() == 0 {
			return m.finish(), nil
		}
	}
	v, err := p.value(n.args[last])
	if err != nil {
		return nil, err
	}
	if rest.Count() == total {
		return v, nil
	}
	m.add(v, rest)
	return m.finish(), nil
}

// split divides rows by a condition into those where it is TRUE, the rows of scope then, and the others, those of scope other.
func (p *Program) split(n *node, cond *batch.Vector, rows Rows, then, other int) (yes, no Rows) {
	a, b := &p.scopes[then], &p.scopes[other]
	count := rows.Count()
	if cond.IsConst() || cond.Physical() == schema.PhysNone {
		yes, no = Rows{N: p.n, Sel: a.buf[:0:0]}, rows
		if a.buf == nil {
			yes.Sel = []int32{}
		}
		if !cond.IsNull(0) && cond.Bool(0) {
			yes, no = no, yes
		}
	} else {
		set := cond.Bits()
		if cond.HasNulls() {
			n.bits = kernel.Grow(n.bits, words(p.n))
			kernel.And(n.bits, set, cond.Valid())
			set = n.bits
		}
		a.buf = selectBits(room(a.buf, count), rows, set, false)
		b.buf = selectBits(room(b.buf, count), rows, set, true)
		yes, no = Rows{N: p.n, Sel: a.buf}, Rows{N: p.n, Sel: b.buf}
		// All rows keep the selection they came with, so that kernels see the dense form.
		if len(a.buf) == count {
			yes.Sel = rows.Sel
		} else if len(b.buf) == count {
			no.Sel = rows.Sel
		}
	}
	p.setScope(then, yes)
	p.setScope(other, no)
	return yes, no
}

// buildCoalesce compiles COALESCE: subs[i] is the scope of argument i+1, the rows where all before it are NULL.
func (c *compiler) buildCoalesce(e *Call, s int) (*node, error) {
	if len(e.Args) == 0 || len(e.Args) > maxBranches {
		return nil, fmt.Errorf("COALESCE has %d arguments", len(e.Args))
	}
	n := &node{kind: nodeCoalesce, fn: e.Fn, pos: e.Pos}
	at := s
	for i, a := range e.Args {
		if i > 0 {
			at = c.addScope(at)
			n.subs = append(n.subs, at)
			c.collect(a, at)
		}
		an, err := c.compile(a, at)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, an)
	}
	return n, nil
}

func (p *Program) runCoalesce(n *node, out *batch.Vector) (*batch.Vector, error) {
	rows := p.scopes[n.scope].rows
	m := merger{n: n, out: out, rows: rows}
	rest, total := rows, rows.Count()
	for i, a := range n.args {
		v, err := p.value(a)
		if err != nil {
			return nil, err
		}
		if i == len(n.args)-1 || !mayBeNull(v) {
			if rest.Count() == total {
				return v, nil
			}
			m.add(v, rest)
			break
		}
		m.add(v, rest)
		if v.IsConst() || v.Physical() == schema.PhysNone {
			p.setScope(n.subs[i], rest)
			continue
		}
		sc := &p.scopes[n.subs[i]]
		sc.buf = selectBits(room(sc.buf, rest.Count()), rest, v.Valid(), true)
		if len(sc.buf) == 0 {
			if i == 0 {
				return v, nil
			}
			break
		}
		rest = Rows{N: p.n, Sel: sc.buf}
		p.setScope(n.subs[i], rest)
	}
	return m.finish(), nil
}

// mayBeNull tells whether any row that stands in the vector may be NULL.
func mayBeNull(v *batch.Vector) bool {
	if v.IsConst() {
		return v.IsNull(0)
	}
	return v.HasNulls() || v.Physical() == schema.PhysNone
}

// merger puts the branches of a special form together. Fixed-width values are scattered at once; values of variable size are
// noted and written in the order of the rows at the end.
type merger struct {
	n    *node
	out  *batch.Vector
	rows Rows
	vecs []*batch.Vector
}

func (m *merger) add(v *batch.Vector, rows Rows) {
	if m.vecs == nil {
		if m.vecs = m.n.in[:0]; m.vecs == nil {
			m.vecs = make([]*batch.Vector, 0, len(m.n.args))
		}
		m.out.Reset()
	}
	m.vecs = append(m.vecs, v)
	if kernel.IsFixed(m.out.Physical()) {
		kernel.Scatter(v, rows.Sel, m.rows.N, m.out)
		return
	}
	if cap(m.n.pick) < m.rows.N {
		m.n.pick = make([]uint16, max(m.rows.N, 64))
	}
	pick := m.n.pick[:m.rows.N]
	k := uint16(len(m.vecs) - 1)
	if rows.Sel == nil {
		for i := range pick {
			pick[i] = k
		}
		return
	}
	for _, r := range rows.Sel {
		pick[r] = k
	}
}

func (m *merger) finish() *batch.Vector {
	m.n.in = m.vecs
	if !kernel.IsFixed(m.out.Physical()) {
		kernel.Merge(m.vecs, m.n.pick, m.rows.N, m.rows.Sel, m.out)
	}
	return m.out
}
