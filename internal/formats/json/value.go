// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"math"
	"strconv"

	"spate/batch"
	"spate/internal/col/mem"
	"spate/internal/col/text"
	"spate/internal/formats/fill"
	"spate/schema"
)

// token is a value that is neither an object nor an array.
type token struct {
	text   []byte // Of a string without quotes and escapes; aliases src or the scratch buffer.
	quoted bool
	number bool
	whole  bool // A number without fraction and exponent.
	null   bool
}

// scalar reads the scalar at p.
func (d *decoder) scalar(src []byte, p int) (t token, next int) {
	switch c := src[p]; {
	case c == '"':
		t.quoted = true
		t.text, next = d.str(src, p)
		return t, next
	case c == '-' || c-'0' <= 9:
		end, whole := number(src, p)
		if end < 0 || end < len(src) && !ends(src[end]) {
			return t, d.fail(p, "a number is malformed")
		}
		return token{text: src[p:end], number: true, whole: whole}, end
	default:
		for _, word := range [...]string{"null", "true", "false"} {
			if c == word[0] && len(src) >= p+len(word) && string(src[p:p+len(word)]) == word {
				if end := p + len(word); end == len(src) || ends(src[end]) {
					return token{text: src[p:end], null: c == 'n'}, end
				}
			}
		}
		return t, d.fail(p, "a value is expected")
	}
}

// number returns the end of the number at p, or failed.
func number(src []byte, p int) (end int, whole bool) {
	if src[p] == '-' {
		p++
	}
	digits := func() bool {
		start := p
		for p < len(src) && src[p]-'0' <= 9 {
			p++
		}
		return p > start
	}
	start := p
	if !digits() || src[start] == '0' && p > start+1 {
		return failed, false
	}
	whole = true
	if p < len(src) && src[p] == '.' {
		p++
		whole = false
		if !digits() {
			return failed, false
		}
	}
	if p < len(src) && src[p]|0x20 == 'e' {
		p++
		whole = false
		if p < len(src) && (src[p] == '+' || src[p] == '-') {
			p++
		}
		if !digits() {
			return failed, false
		}
	}
	return p, whole
}

// value reads any value into a column of any kind.
func (d *decoder) value(src []byte, p int, c *fill.Column, field, row int) int {
	if c.Kind == fill.Other {
		return d.append(c.Vec, d.nodes[field], src, p, 0)
	}
	if src[p] == '{' || src[p] == '[' {
		return d.collection(src, p, c, row)
	}
	t, next := d.scalar(src, p)
	switch {
	case next < 0:
		return next
	case t.null:
		c.SetNull(row)
		return next
	}
	var reason string
	switch {
	case t.number && c.Kind == fill.Int64:
		if c.Ints[row], reason = integer(t, math.MinInt64, math.MaxInt64); reason != "" {
			reason += " BIGINT"
		}
	case t.number && c.Kind == fill.Int32:
		var x int64
		if x, reason = integer(t, math.MinInt32, math.MaxInt32); reason != "" {
			reason += " INT"
		}
		c.Ints32[row] = int32(x)
	default:
		reason = c.Set(row, t.text, &d.style)
	}
	if reason == "" {
		return next
	}
	if d.ignore {
		d.fieldErrors++
		c.SetNull(row)
		return next
	}
	return d.fail(p, "'"+textOf(t.text)+"' "+reason)
}

// collection makes text of an object or array; other columns cannot hold one.
func (d *decoder) collection(src []byte, p int, c *fill.Column, row int) int {
	if c.Kind != fill.Text {
		next := d.skip(src, p, 0)
		if next < 0 {
			return next
		}
		if !d.ignore {
			return d.fail(p, "an object or array is no value of type "+c.Type.String())
		}
		d.fieldErrors++
		c.SetNull(row)
		return next
	}
	d.scratch = d.scratch[:0]
	next := d.compact(src, p, 0)
	if next >= 0 {
		c.SetText(row, d.scratch)
	}
	return next
}

// integer reads a number, cutting off a fraction.
func integer(t token, low, high int64) (x int64, reason string) {
	var ok bool
	if t.whole {
		x, ok = text.ParseInt(t.text)
	} else {
		f, err := strconv.ParseFloat(mem.String(t.text), 64)
		ok = err == nil && f >= -(1<<63) && f < 1<<63
		if ok {
			x = int64(f)
		}
	}
	if !ok || x < low || x > high {
		return 0, "is out of the range of"
	}
	return x, ""
}

// append reads any value and appends it to a vector.
func (d *decoder) append(v *batch.Vector, n *node, src []byte, p, depth int) int {
	if depth > maxDepth {
		return d.fail(p, "the values are nested too deep")
	}
	t := v.Type()
	switch {
	case src[p] == '{' && t.Root == schema.Row:
		return d.appendRow(v, n, src, p, depth)
	case src[p] == '{' && (t.Root == schema.Map || t.Root == schema.Multiset):
		return d.appendMap(v, n, src, p, depth)
	case src[p] == '[' && t.Root == schema.Array:
		return d.appendArray(v, n, src, p, depth)
	case src[p] == '{' || src[p] == '[':
		if !t.IsString() {
			return d.mismatch(v, src, p, "an object or array is no value of type ")
		}
		d.scratch = d.scratch[:0]
		next := d.compact(src, p, depth)
		if next >= 0 {
			v.AppendBytes(d.scratch)
		}
		return next
	}
	tok, next := d.scalar(src, p)
	switch {
	case next < 0:
		return next
	case tok.null:
		v.AppendNull()
		return next
	}
	reason := d.appendScalar(v, tok)
	if reason == "" {
		return next
	}
	if d.ignore {
		d.fieldErrors++
		v.AppendNull()
		return next
	}
	return d.fail(p, "'"+textOf(tok.text)+"' "+reason)
}

// mismatch passes a value that the type cannot hold.
func (d *decoder) mismatch(v *batch.Vector, src []byte, p int, reason string) int {
	next := d.skip(src, p, 0)
	if next < 0 {
		return next
	}
	if !d.ignore {
		return d.fail(p, reason+v.Type().String())
	}
	d.fieldErrors++
	v.AppendNull()
	return next
}

func (d *decoder) appendScalar(v *batch.Vector, tok token) (reason string) {
	t := v.Type()
	switch t.Root {
	case schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.IntervalDayTime, schema.IntervalYearMonth:
		if !tok.number {
			return fill.AppendText(v, tok.text, &d.style)
		}
		x, reason := integer(tok, math.MinInt64, math.MaxInt64)
		if reason == "" && !fill.AppendInt(v, x) {
			reason = "is out of the range of"
		}
		if reason != "" {
			return reason + " " + t.String()
		}
		return ""
	case schema.Decimal:
		return fill.AppendText(v, text.TrimJava(tok.text), &d.style)
	case schema.Array, schema.Map, schema.Multiset, schema.Row:
		return "is no value of type " + t.String()
	case schema.Date, schema.Time, schema.Timestamp, schema.TimestampLTZ, schema.Binary, schema.Varbinary:
		if !tok.quoted {
			return "is no value of type " + t.String()
		}
	case schema.Null:
		v.AppendNull()
		return ""
	default:
	}
	return fill.AppendText(v, tok.text, &d.style)
}

// appendRow reads an object into the children of a ROW.
func (d *decoder) appendRow(v *batch.Vector, n *node, src []byte, p, depth int) int {
	o := n.object
	row := v.Len()
	found := 0
	start := p
	for k := 0; ; {
		var field int
		field, p, k = d.nextKey(o, src, p, k, p == start)
		if p < 0 {
			return p
		}
		if field == noField {
			break
		}
		if field < 0 {
			p = d.skip(src, p, depth+1)
		} else {
			if c := v.Child(field); c.Len() > row {
				fill.Truncate(c, row) // The last one of equal keys counts.
			} else {
				found++
			}
			p = d.append(v.Child(field), n.kids[field], src, p, depth+1)
		}
		if p < 0 {
			return p
		}
	}
	for i := 0; found < v.NumChildren() && i < v.NumChildren(); i++ {
		if v.Child(i).Len() == row {
			if d.failMissing {
				return d.fail(p-1, "field "+o.names[i]+" is missing")
			}
			v.Child(i).AppendNull()
		}
	}
	v.EndStruct()
	return p
}

// appendArray reads an array.
func (d *decoder) appendArray(v *batch.Vector, n *node, src []byte, p, depth int) int {
	p = space(src, p+1)
	if p < len(src) && src[p] == ']' {
		v.EndList()
		return p + 1
	}
	for {
		if p == len(src) {
			return d.failEnd(src)
		}
		if p = d.append(v.Child(0), n.kids[0], src, p, depth+1); p < 0 {
			return p
		}
		p = space(src, p)
		switch {
		case p == len(src):
			return d.failEnd(src)
		case src[p] == ']':
			v.EndList()
			return p + 1
		case src[p] != ',':
			return d.fail(p, "a comma or ] is expected")
		}
		p = space(src, p+1)
	}
}

// appendMap reads an object into a MAP or MULTISET. Of equal keys the last one counts.
func (d *decoder) appendMap(v *batch.Vector, n *node, src []byte, p, depth int) int {
	keys, values := v.Child(0), v.Child(1)
	start := keys.Len()
	p = space(src, p+1)
	if p < len(src) && src[p] == '}' {
		v.EndList()
		return p + 1
	}
	for {
		if p == len(src) || src[p] != '"' {
			return d.fail(p, "a key in quotes is expected")
		}
		name, next := d.str(src, p)
		if next < 0 {
			return next
		}
		dropEntry(keys, values, start, name)
		keys.AppendBytes(name)
		if p = space(src, next); p == len(src) || src[p] != ':' {
			return d.fail(p, "a colon is expected")
		}
		if p = space(src, p+1); p == len(src) {
			return d.failEnd(src)
		}
		if p = d.append(values, n.kids[1], src, p, depth+1); p < 0 {
			return p
		}
		p = space(src, p)
		switch {
		case p == len(src):
			return d.failEnd(src)
		case src[p] == '}':
			v.EndList()
			return p + 1
		case src[p] != ',':
			return d.fail(p, "a comma or } is expected")
		}
		p = space(src, p+1)
	}
}

// dropEntry removes the entry of a key among those from start on.
func dropEntry(keys, values *batch.Vector, start int, name []byte) {
	for i := start; i < keys.Len(); i++ {
		if !bytes.Equal(keys.Bytes(i), name) {
			continue
		}
		k, v := batch.NewVector(keys.Type()), batch.NewVector(values.Type())
		for j := start; j < keys.Len(); j++ {
			if j != i {
				k.AppendFrom(keys, j)
				v.AppendFrom(values, j)
			}
		}
		fill.Truncate(keys, start)
		fill.Truncate(values, start)
		for j := range k.Len() {
			keys.AppendFrom(k, j)
			values.AppendFrom(v, j)
		}
		return
	}
}
