// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Path is a compiled path.
type Path struct {
	Lax   bool // What is not there is nothing, not an error.
	steps []step
	// definite paths lead to one node at most.
	definite bool
}

type stepKind uint8

const (
	stepKeys stepKind = iota
	stepIndexes
	stepSlice
	stepAll
	stepFilter
)

// step is one part of a path, deep when it applies at any depth below.
type step struct {
	kind     stepKind
	deep     bool
	keys     []string
	indexes  []int
	from, to *int
	filter   *filter
}

// CompilePath compiles a path: an optional mode (lax or strict, the default) and a JSONPath that begins with $.
func CompilePath(text string) (*Path, error) {
	p := &Path{definite: true}
	s := strings.TrimSpace(text)
	if rest, ok := cutMode(s, "lax"); ok {
		p.Lax, s = true, rest
	} else if rest, ok := cutMode(s, "strict"); ok {
		s = rest
	}
	if !strings.HasPrefix(s, "$") {
		return nil, fmt.Errorf("Illegal jsonpath spec '%s', format of the spec should be: '<lax|strict> ${expr}'", text) //nolint:staticcheck // Flink's text.
	}
	c := compiler{s: s, i: 1}
	for c.i < len(c.s) {
		st, err := c.step()
		if err != nil {
			return nil, err
		}
		p.definite = p.definite && !st.deep && (st.kind == stepKeys && len(st.keys) == 1 || st.kind == stepIndexes && len(st.indexes) == 1)
		p.steps = append(p.steps, st)
	}
	return p, nil
}

func cutMode(s, mode string) (string, bool) {
	if len(s) > len(mode) && strings.EqualFold(s[:len(mode)], mode) && strings.IndexByte(" \t\n\r", s[len(mode)]) >= 0 {
		return strings.TrimSpace(s[len(mode):]), true
	}
	return s, false
}

// compiler reads the steps of a path.
type compiler struct {
	s string
	i int
}

func (c *compiler) fail() error {
	return fmt.Errorf("Could not parse the JSON path '%s' at character %d", c.s, c.i+1) //nolint:staticcheck // As Flink's.
}

func (c *compiler) step() (step, error) {
	var st step
	switch {
	case strings.HasPrefix(c.s[c.i:], ".."):
		c.i += 2
		st.deep = true
		if c.i < len(c.s) && c.s[c.i] == '[' {
			inner, err := c.bracket()
			inner.deep = true
			return inner, err
		}
	case c.s[c.i] == '.':
		c.i++
	case c.s[c.i] == '[':
		return c.bracket()
	default:
		return st, c.fail()
	}
	if c.i < len(c.s) && c.s[c.i] == '*' {
		c.i++
		st.kind = stepAll
		return st, nil
	}
	start := c.i
	for c.i < len(c.s) && c.s[c.i] != '.' && c.s[c.i] != '[' && c.s[c.i] != ' ' {
		_, n := utf8.DecodeRuneInString(c.s[c.i:])
		c.i += n
	}
	if c.i == start {
		return st, c.fail()
	}
	st.keys = []string{c.s[start:c.i]}
	for c.i < len(c.s) && c.s[c.i] == ' ' {
		c.i++
	}
	return st, nil
}

func (c *compiler) blanks() {
	for c.i < len(c.s) && c.s[c.i] == ' ' {
		c.i++
	}
}

// accept takes a text that stands next.
func (c *compiler) accept(t string) bool {
	c.blanks()
	if strings.HasPrefix(c.s[c.i:], t) {
		c.i += len(t)
		return true
	}
	return false
}

// bracket reads ['key', ...], [1, ...], [from:to], [*] or [?(...)].
func (c *compiler) bracket() (step, error) {
	var st step
	c.i++
	switch c.blanks(); {
	case c.accept("*"):
		st.kind = stepAll
	case c.accept("?"):
		st.kind = stepFilter
		if !c.accept("(") {
			return st, c.fail()
		}
		f, err := c.or()
		if err != nil {
			return st, err
		}
		st.filter = f
		if !c.accept(")") {
			return st, c.fail()
		}
	case c.i < len(c.s) && (c.s[c.i] == '\'' || c.s[c.i] == '"'):
		for {
			k, ok := c.quoted()
			if !ok {
				return st, c.fail()
			}
			st.keys = append(st.keys, k)
			if !c.accept(",") {
				break
			}
			c.blanks()
		}
	default:
		if err := c.numbers(&st); err != nil {
			return st, err
		}
	}
	if !c.accept("]") {
		return st, c.fail()
	}
	return st, nil
}

func (c *compiler) numbers(st *step) error {
	n, ok := c.integer()
	if c.accept(":") {
		st.kind = stepSlice
		if ok {
			st.from = &n
		}
		if m, ok := c.integer(); ok {
			st.to = &m
		}
		return nil
	}
	if !ok {
		return c.fail()
	}
	st.kind = stepIndexes
	st.indexes = append(st.indexes, n)
	for c.accept(",") {
		if n, ok = c.integer(); !ok {
			return c.fail()
		}
		st.indexes = append(st.indexes, n)
	}
	return nil
}

func (c *compiler) integer() (int, bool) {
	c.blanks()
	start := c.i
	if c.i < len(c.s) && c.s[c.i] == '-' {
		c.i++
	}
	for c.i < len(c.s) && c.s[c.i] >= '0' && c.s[c.i] <= '9' {
		c.i++
	}
	n, err := strconv.Atoi(c.s[start:c.i])
	if err != nil {
		c.i = start
	}
	return n, err == nil
}

// quoted reads a text in single or double quotes.
func (c *compiler) quoted() (string, bool) {
	if c.i >= len(c.s) || c.s[c.i] != '\'' && c.s[c.i] != '"' {
		return "", false
	}
	q := c.s[c.i]
	var b strings.Builder
	for c.i++; c.i < len(c.s); c.i++ {
		switch ch := c.s[c.i]; {
		case ch == '\\' && c.i+1 < len(c.s):
			c.i++
			b.WriteByte(c.s[c.i])
		case ch == q:
			c.i++
			return b.String(), true
		default:
			b.WriteByte(ch)
		}
	}
	return "", false
}

// Definite tells whether the path leads to one node at most; others give lists.
func (p *Path) Definite() bool { return p.definite }

// MissingError is a strict path that leads nowhere.
type MissingError struct{ Path string }

// Error implements error.
func (e *MissingError) Error() string { return "No results for path: " + e.Path }

// Eval appends the nodes that the path leads to. A definite path that is not lax must lead somewhere.
func (p *Path) Eval(d *Doc, root Node, dst []Node) ([]Node, error) {
	dst = append(dst[:0], root)
	next := d.spare
	d.spare = nil // Filters evaluate paths inside of this one.
	defer func() { d.spare = next }()
	for k := range p.steps {
		st := &p.steps[k]
		next = next[:0]
		for _, n := range dst {
			next = st.apply(d, n, next)
		}
		if len(next) == 0 {
			if p.Lax || !p.definite && !p.prefixDefinite(k) {
				return dst[:0], nil
			}
			return nil, &MissingError{Path: p.text(k + 1)}
		}
		dst, next = next, dst
	}
	return dst, nil
}

// prefixDefinite tells whether the steps up to k are all definite.
func (p *Path) prefixDefinite(k int) bool {
	for i := 0; i <= k; i++ {
		st := &p.steps[i]
		if st.deep || st.kind != stepKeys && st.kind != stepIndexes || len(st.keys)+len(st.indexes) != 1 {
			return false
		}
	}
	return true
}

// text prints the first n steps in the form of messages.
func (p *Path) text(n int) string {
	var b strings.Builder
	b.WriteByte('$')
	for i := range p.steps[:n] {
		st := &p.steps[i]
		switch st.kind {
		case stepKeys:
			b.WriteString("['" + strings.Join(st.keys, "','") + "']")
		case stepIndexes:
			b.WriteString("[" + strconv.Itoa(st.indexes[0]) + "]")
		default:
			b.WriteString("[*]")
		}
	}
	return b.String()
}

func (st *step) apply(d *Doc, n Node, dst []Node) []Node {
	dst = st.direct(d, n, dst)
	if st.deep {
		for k := d.First(n); k != None; k = d.Next(k) {
			dst = st.apply(d, k, dst)
		}
	}
	return dst
}

func (st *step) direct(d *Doc, n Node, dst []Node) []Node {
	kind := d.Kind(n)
	switch st.kind {
	case stepKeys:
		for _, key := range st.keys {
			if k := d.Member(n, key); k != None {
				dst = append(dst, k)
			}
		}
	case stepAll:
		for k := d.First(n); k != None; k = d.Next(k) {
			dst = append(dst, k)
		}
	case stepIndexes, stepSlice:
		if kind == Array {
			dst = st.pick(d, n, dst)
		}
	case stepFilter:
		if kind == Array {
			for k := d.First(n); k != None; k = d.Next(k) {
				if st.filter.holds(d, k) {
					dst = append(dst, k)
				}
			}
		} else if kind == Object && st.filter.holds(d, n) {
			dst = append(dst, n)
		}
	}
	return dst
}

func (st *step) pick(d *Doc, n Node, dst []Node) []Node {
	size := d.Len(n)
	at := func(i int) Node {
		if i < 0 {
			i += size
		}
		if i < 0 {
			return None
		}
		k := d.First(n)
		for ; k != None && i > 0; i-- {
			k = d.Next(k)
		}
		return k
	}
	if st.kind == stepIndexes {
		for _, i := range st.indexes {
			if k := at(i); k != None {
				dst = append(dst, k)
			}
		}
		return dst
	}
	from, to := 0, size
	if st.from != nil {
		if from = *st.from; from < 0 {
			from = max(from+size, 0)
		}
	}
	if st.to != nil {
		if to = *st.to; to < 0 {
			to += size
		}
	}
	for i := from; i < min(to, size); i++ {
		dst = append(dst, at(i))
	}
	return dst
}
