// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package jsonpath

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	False
	True
	Number
	String
	Array
	Object
)

// maxDepth bounds the nesting of texts.
const maxDepth = 1000

// Node is a value of a Doc.
type Node int32

// None is no node.
const None Node = -1

type node struct {
	kind        Kind
	keyAt, keyN int32
	at, n       int32 // Of a string (decoded) or number in buf.
	first, next Node
}

// Doc is a parsed text.
type Doc struct {
	nodes []node
	buf   []byte
	src   []byte
	i     int
	sort  [][]Node // Scratch for sorted output, by depth.
	spare []Node   // Scratch of Path.Eval.
}

// SyntaxError is a text that is no JSON.
type SyntaxError struct {
	Offset int
	Reason string
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset) }

// Parse reads a text, which must be one JSON value with blanks around. Of repeated keys the last counts.
func (d *Doc) Parse(src []byte) (Node, error) {
	d.nodes, d.buf, d.src, d.i = d.nodes[:0], d.buf[:0], src, 0
	d.blanks()
	n, err := d.value(0)
	if err != nil {
		return None, err
	}
	d.blanks()
	if d.i < len(src) {
		return None, d.fail("unexpected text after the value")
	}
	return n, nil
}

func (d *Doc) fail(reason string) error { return &SyntaxError{Offset: d.i, Reason: reason} }

func (d *Doc) blanks() {
	for d.i < len(d.src) {
		switch d.src[d.i] {
		case ' ', '\t', '\n', '\r':
			d.i++
		default:
			return
		}
	}
}

func (d *Doc) add(k Kind) Node {
	d.nodes = append(d.nodes, node{kind: k, first: None, next: None, keyAt: -1})
	return Node(len(d.nodes) - 1)
}

func (d *Doc) value(depth int) (Node, error) {
	if depth > maxDepth {
		return None, d.fail("nested too deeply")
	}
	if d.i >= len(d.src) {
		return None, d.fail("unexpected end")
	}
	switch c := d.src[d.i]; {
	case c == '{' || c == '[':
		return d.composite(c, depth)
	case c == '"':
		n := d.add(String)
		at, size, err := d.str()
		d.nodes[n].at, d.nodes[n].n = at, size
		return n, err
	case c == '-' || c >= '0' && c <= '9':
		return d.number()
	case d.word("true"):
		return d.add(True), nil
	case d.word("false"):
		return d.add(False), nil
	case d.word("null"):
		return d.add(Null), nil
	}
	return None, d.fail("unexpected character")
}

func (d *Doc) word(w string) bool {
	if len(d.src)-d.i >= len(w) && string(d.src[d.i:d.i+len(w)]) == w {
		d.i += len(w)
		return true
	}
	return false
}

func (d *Doc) composite(open byte, depth int) (Node, error) {
	kind, end := Array, byte(']')
	if open == '{' {
		kind, end = Object, '}'
	}
	n := d.add(kind)
	d.i++
	d.blanks()
	if d.i < len(d.src) && d.src[d.i] == end {
		d.i++
		return n, nil
	}
	last := None
	for {
		var keyAt, keyN int32 = -1, 0
		d.blanks()
		if kind == Object {
			if d.i >= len(d.src) || d.src[d.i] != '"' {
				return None, d.fail("expected a key")
			}
			var err error
			if keyAt, keyN, err = d.str(); err != nil {
				return None, err
			}
			d.blanks()
			if d.i >= len(d.src) || d.src[d.i] != ':' {
				return None, d.fail("expected ':'")
			}
			d.i++
			d.blanks()
		}
		k, err := d.value(depth + 1)
		if err != nil {
			return None, err
		}
		d.nodes[k].keyAt, d.nodes[k].keyN = keyAt, keyN
		if last == None {
			d.nodes[n].first = k
		} else {
			d.nodes[last].next = k
		}
		last = k
		d.blanks()
		if d.i >= len(d.src) {
			return None, d.fail("unexpected end")
		}
		switch d.src[d.i] {
		case ',':
			d.i++
		case end:
			d.i++
			return n, nil
		default:
			return None, d.fail("expected ',' or the end")
		}
	}
}

func (d *Doc) number() (Node, error) {
	start := d.i
	if d.src[d.i] == '-' {
		d.i++
	}
	digits := func() int {
		n := 0
		for d.i < len(d.src) && d.src[d.i]-'0' <= 9 {
			d.i++
			n++
		}
		return n
	}
	zero := d.i < len(d.src) && d.src[d.i] == '0'
	if n := digits(); n == 0 || zero && n > 1 {
		return None, d.fail("malformed number")
	}
	if d.i < len(d.src) && d.src[d.i] == '.' {
		d.i++
		if digits() == 0 {
			return None, d.fail("malformed number")
		}
	}
	if d.i < len(d.src) && d.src[d.i]|0x20 == 'e' {
		d.i++
		if d.i < len(d.src) && (d.src[d.i] == '+' || d.src[d.i] == '-') {
			d.i++
		}
		if digits() == 0 {
			return None, d.fail("malformed number")
		}
	}
	n := d.add(Number)
	d.nodes[n].at, d.nodes[n].n = int32(len(d.buf)), int32(d.i-start)
	d.buf = append(d.buf, d.src[start:d.i]...)
	return n, nil
}

// str reads a string and returns where its decoded form lies in buf.
func (d *Doc) str() (at, n int32, err error) {
	start := len(d.buf)
	d.i++
	for d.i < len(d.src) {
		run := d.i
		for d.i < len(d.src) && d.src[d.i] != '"' && d.src[d.i] != '\\' && d.src[d.i] >= ' ' {
			d.i++
		}
		d.buf = append(d.buf, d.src[run:d.i]...)
		if d.i >= len(d.src) {
			break
		}
		switch d.src[d.i] {
		case '"':
			d.i++
			return int32(start), int32(len(d.buf) - start), nil
		case '\\':
			if err := d.escape(); err != nil {
				return 0, 0, err
			}
		default:
			return 0, 0, d.fail("control character in a string")
		}
	}
	return 0, 0, d.fail("unexpected end of a string")
}

func (d *Doc) escape() error {
	if d.i+1 >= len(d.src) {
		return d.fail("unexpected end of a string")
	}
	c := d.src[d.i+1]
	d.i += 2
	switch c {
	case '"', '\\', '/':
		d.buf = append(d.buf, c)
	case 'b':
		d.buf = append(d.buf, '\b')
	case 'f':
		d.buf = append(d.buf, '\f')
	case 'n':
		d.buf = append(d.buf, '\n')
	case 'r':
		d.buf = append(d.buf, '\r')
	case 't':
		d.buf = append(d.buf, '\t')
	case 'u':
		r, ok := d.hex4()
		if !ok {
			return d.fail("malformed escape")
		}
		if utf16.IsSurrogate(r) && d.i+1 < len(d.src) && d.src[d.i] == '\\' && d.src[d.i+1] == 'u' {
			back := d.i
			d.i += 2
			if low, ok := d.hex4(); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
				r = utf16.DecodeRune(r, low)
			} else {
				d.i = back
			}
		}
		d.buf = utf8.AppendRune(d.buf, r)
	default:
		return d.fail("unknown escape")
	}
	return nil
}

func (d *Doc) hex4() (rune, bool) {
	if d.i+4 > len(d.src) {
		return 0, false
	}
	var r rune
	for _, c := range d.src[d.i : d.i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	d.i += 4
	return r, true
}

// Kind returns the kind of a node.
func (d *Doc) Kind(n Node) Kind { return d.nodes[n].kind }

// Text returns the characters of a string or a number.
func (d *Doc) Text(n Node) []byte { x := &d.nodes[n]; return d.buf[x.at : x.at+x.n] }

// Key returns the key of a member of an object.
func (d *Doc) Key(n Node) []byte { x := &d.nodes[n]; return d.buf[x.keyAt : x.keyAt+x.keyN] }

// First and Next walk the elements of an array or the members of an object.
func (d *Doc) First(n Node) Node { return d.nodes[n].first }

// Next returns the node after n in its array or object, or None.
func (d *Doc) Next(n Node) Node { return d.nodes[n].next }

// IsScalar tells whether a node is no array and no object.
func (d *Doc) IsScalar(n Node) bool { return d.nodes[n].kind < Array }

// Member returns the member of an object with a key, the last of several, or None.
func (d *Doc) Member(n Node, key string) Node {
	found := None
	if d.nodes[n].kind == Object {
		for k := d.nodes[n].first; k != None; k = d.nodes[k].next {
			if string(d.Key(k)) == key {
				found = k
			}
		}
	}
	return found
}

// Len returns the number of elements or members.
func (d *Doc) Len(n Node) int {
	c := 0
	for k := d.nodes[n].first; k != None; k = d.nodes[k].next {
		c++
	}
	return c
}

// Append writes a node without blanks. With sorted the members of objects come in the order of their keys.
func (d *Doc) Append(dst []byte, n Node, sorted bool) []byte { return d.append(dst, n, sorted, 0) }

func (d *Doc) append(dst []byte, n Node, sorted bool, depth int) []byte {
	switch d.nodes[n].kind {
	case Null:
		return append(dst, "null"...)
	case False:
		return append(dst, "false"...)
	case True:
		return append(dst, "true"...)
	case Number:
		return append(dst, d.Text(n)...)
	case String:
		return AppendQuoted(dst, d.Text(n))
	case Array:
		dst = append(dst, '[')
		for k := d.nodes[n].first; k != None; k = d.nodes[k].next {
			if k != d.nodes[n].first {
				dst = append(dst, ',')
			}
			dst = d.append(dst, k, sorted, depth+1)
		}
		return append(dst, ']')
	default:
		dst = append(dst, '{')
		for i, k := range d.members(n, sorted, depth) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendQuoted(dst, d.Key(k)), ':')
			dst = d.append(dst, k, sorted, depth+1)
		}
		return append(dst, '}')
	}
}

// members lists the members of an object, of repeated keys the last.
func (d *Doc) members(n Node, sorted bool, depth int) []Node {
	for len(d.sort) <= depth {
		d.sort = append(d.sort, nil)
	}
	list := d.sort[depth][:0]
	for k := d.nodes[n].first; k != None; k = d.nodes[k].next {
		at := slices.IndexFunc(list, func(o Node) bool { return bytes.Equal(d.Key(o), d.Key(k)) })
		if at >= 0 {
			list[at] = k
		} else {
			list = append(list, k)
		}
	}
	if sorted {
		slices.SortStableFunc(list, func(a, b Node) int { return bytes.Compare(d.Key(a), d.Key(b)) })
	}
	d.sort[depth] = list
	return list
}

// AppendQuoted appends a text as a JSON string.
func AppendQuoted(dst, s []byte) []byte {
	const digits = "0123456789ABCDEF"
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(dst, '"')
}

// HasDuplicates tells whether an object of the text has two members of one key.
func (d *Doc) HasDuplicates() bool {
	for n := range d.nodes {
		if d.nodes[n].kind == Object && d.Len(Node(n)) != len(d.members(Node(n), false, 0)) {
			return true
		}
	}
	return false
}
