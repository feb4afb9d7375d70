// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"unicode/utf8"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/mem"
	"spate/internal/formats/fill"
	"spate/schema"
)

// decoder reads records. Its positions are indexes into the bytes of one Decode call; failed stands for none.
type decoder struct {
	config
	count func(metric string, n int64)
	rows  *fill.Rows
	top   *object
	nodes []*node // Of the fields of top.
	clock fill.Clock

	stamp   int   // Number of the record at hand, to tell which columns it has.
	line    int64 // Lines before the current record.
	array   bool  // Within an array of objects.
	scratch []byte

	// What is wrong with the record at hand.
	badAt    int
	badField string
	bad      string

	fieldErrors int64 // Fields of the record at hand that became NULL.
}

// failed is the position behind something malformed, see decoder.bad.
const failed = -1

// maxDepth bounds the nesting of values, as in Flink's parser.
const maxDepth = 1000

func newDecoder(c *connector.FormatContext) (connector.Decoder, error) {
	cfg, err := newConfig(c.Options)
	if err != nil {
		return nil, err
	}
	if err := check(c.Columns); err != nil {
		return nil, err
	}
	d := &decoder{config: cfg, count: c.Count}
	var names []string
	var columns schema.Schema
	var wanted []int
	for k, i := range c.Wanted {
		names = append(names, c.Columns[i].Name)
		columns = append(columns, c.Columns[i])
		wanted = append(wanted, k)
		d.nodes = append(d.nodes, newNode(c.Columns[i].Type))
	}
	d.rows = fill.NewRows(columns, wanted, c.Into) // In the order of the fields of top.
	d.top = newObject(names)
	if d.count == nil {
		d.count = func(string, int64) {}
	}
	return d, nil
}

// node is a type within a column: the object of a ROW, and the children in their physical order.
type node struct {
	object *object
	kids   []*node
}

func newNode(t *schema.Type) *node {
	n := &node{}
	if t.Root == schema.Row {
		var names []string
		for _, f := range t.Fields {
			names = append(names, f.Name)
		}
		n.object = newObject(names)
	}
	for _, c := range t.Children() {
		n.kids = append(n.kids, newNode(c))
	}
	return n
}

// Reset implements connector.Decoder.
func (d *decoder) Reset(bool) { d.line, d.array = 0, false }

// Splittable implements connector.Decoder: a line end is always between records.
func (*decoder) Splittable() connector.Splittable { return connector.AtLines }

// Decode implements connector.Decoder.
func (d *decoder) Decode(src []byte, eof bool, b *batch.Batch, limit int) (consumed int, err error) {
	p := 0
	row := d.rows.Begin(b, limit)
	last, most := row+limit, d.rows.TextLeft()
	for row < last && p < len(src) && p < most {
		array := d.array
		d.fieldErrors = 0
		next, isRow := d.record(src, p, eof, row)
		if next >= 0 {
			p = next
			if isRow {
				row++
			}
			if d.fieldErrors > 0 {
				d.count("numFieldsInErrors", d.fieldErrors)
			}
			continue
		}
		d.rows.Undo(row)
		end, complete := lineEnd(src, d.badAt, eof)
		if !complete {
			d.array = array
			break
		}
		d.line++
		d.array = false
		if !d.ignore {
			err = d.rowError(src[p:end], p)
			break
		}
		d.count("numRecordsInErrors", 1)
		p = end
	}
	d.rows.End(b, row)
	return p, err
}

// lineEnd returns the index behind the next line end.
func lineEnd(src []byte, p int, eof bool) (int, bool) {
	if i := bytes.IndexByte(src[min(p, len(src)):], '\n'); i >= 0 {
		return p + i + 1, true
	}
	return len(src), eof
}

// rowError describes the malformed record, which starts at p.
func (d *decoder) rowError(record []byte, p int) error {
	record = bytes.TrimRight(record, "\r\n")
	return &connector.RowError{Line: d.line, Column: min(max(d.badAt-p, 0), len(record)) + 1, Field: d.badField, Reason: d.bad, Text: textOf(record)}
}

// fail notes what is wrong at p.
func (d *decoder) fail(p int, reason string) int {
	d.badAt, d.bad, d.badField = p, reason, ""
	return failed
}

// failEnd notes that the line ends too early.
func (d *decoder) failEnd(src []byte) int { return d.fail(len(src), "the line ends within the record") }

// space skips blanks, but no line end.
func space(src []byte, p int) int {
	for p < len(src) && (src[p] == ' ' || src[p] == '\t' || src[p] == '\r') {
		p++
	}
	return p
}

// record reads the record at p into the columns at a row and returns the index behind it, and whether there was a row.
func (d *decoder) record(src []byte, p int, eof bool, row int) (next int, isRow bool) {
	if !d.array && src[p] != '{' {
		p = space(src, p)
		switch {
		case p == len(src) && !eof:
			return d.failEnd(src), false
		case p == len(src):
			return p, false
		case src[p] == '\n': // An empty line.
			d.line++
			return p + 1, false
		case src[p] == '[':
			d.array = true
			p++
			if p = space(src, p); p < len(src) && src[p] == ']' {
				d.array = false
				return d.behind(src, p+1, eof), false
			}
		}
	}
	if d.array {
		p = space(src, p)
	}
	if p == len(src) {
		return d.failEnd(src), false
	}
	if src[p] != '{' {
		return d.fail(p, "an object is expected"), false
	}
	if p = d.object(src, p, row); p < 0 {
		return p, false
	}
	if d.array {
		if p = space(src, p); p < len(src) && src[p] == ',' {
			return p + 1, true
		}
		if p == len(src) || src[p] != ']' {
			return d.fail(p, "a comma or ] is expected"), false
		}
		d.array = false
		p++
	}
	return d.behind(src, p, eof), true
}

// behind skips what follows the record in its line, as Flink does.
func (d *decoder) behind(src []byte, p int, eof bool) int {
	if p < len(src) && src[p] == '\n' {
		d.line++
		return p + 1
	}
	end, ok := lineEnd(src, p, eof)
	if !ok {
		return d.failEnd(src)
	}
	d.line++
	return end
}

// object reads the fields of a row from the object at p.
func (d *decoder) object(src []byte, p, row int) int {
	found := 0
	cols := d.rows.Columns
	d.stamp++
	first := p
	for k := 0; ; {
		var field int
		field, p, k = d.nextKey(d.top, src, p, k, p == first)
		if p < 0 {
			return p
		}
		if field == noField {
			break
		}
		next := failed
		if field < 0 {
			if p = d.skip(src, p, 0); p < 0 {
				return p
			}
			continue
		}
		c := &cols[field]
		if c.Stamp == d.stamp {
			c.Undo(row) // The last one of equal keys counts.
		} else {
			c.Stamp = d.stamp
			found++
		}
		switch c.Kind {
		case fill.Int64:
			if x, end, ok := fill.Int(src, p); ok && ends(src[end]) && wellFormed(src, p, end) {
				c.Ints[row], next = x, end
			}
		case fill.Text:
			next = d.text(src, p, c, row)
		case fill.Millis:
			if src[p] != '"' || d.style.Offset {
				break
			}
			if x, end, ok := d.clock.Read(src, p+1, d.style.Separator); ok && src[end] == '"' {
				c.Ints[row], next = x, end+1
			}
		case fill.Int32, fill.Other, fill.Skip:
		}
		if next < 0 {
			if next = d.value(src, p, c, field, row); next < 0 {
				d.badField = c.Name
				return next
			}
		}
		p = next
	}
	if found < len(cols) {
		return d.missing(p, row)
	}
	return p
}

// wellFormed tells whether an integer has no zeros in front.
func wellFormed(src []byte, p, end int) bool {
	if src[p] == '-' {
		p++
	}
	return src[p] != '0' || end == p+1
}

// ends tells whether a number ends before the byte.
func ends(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == '\n' || c == ' ' || c == '\r' || c == '\t'
}

// missing makes the fields that the object lacks NULL.
func (d *decoder) missing(p, row int) int {
	for f := range d.rows.Columns {
		c := &d.rows.Columns[f]
		if c.Stamp == d.stamp {
			continue
		}
		if d.failMissing {
			d.fail(p-1, "the field is missing")
			d.badField = d.top.names[f]
			return failed
		}
		c.SetNull(row)
	}
	return p
}

// noField is the field of key at the end of an object.
const noField = -2

// nextKey reads what stands before a value: the field is an index into o, -1 for one that is not asked for, or noField at the end of the
// object. k is the step of the shape that is expected; the one to expect next is returned.
func (d *decoder) nextKey(o *object, src []byte, p, k int, first bool) (field, next, step int) {
	if k < len(o.shape) && p+reach < len(src) && o.shape[k].matches(src, p) {
		return o.shape[k].field, p + o.shape[k].size, k + 1
	}
	if !first && p < len(src) && src[p] == '}' {
		return noField, p + 1, k
	}
	if at, ok := o.near(src, p, k+1); ok {
		return o.shape[at].field, p + o.shape[at].size, at + 1
	}
	return d.key(o, src, p, k, first)
}

// key is nextKey for keys that are not as expected.
func (d *decoder) key(o *object, src []byte, p, k int, first bool) (field, next, step int) {
	start := p
	p = space(src, p)
	if p == len(src) {
		return 0, d.failEnd(src), k
	}
	opening := byte(',')
	if first {
		opening = '{'
	}
	switch {
	case src[p] == opening:
		p = space(src, p+1)
	case src[p] == '}' && !first:
		return noField, p + 1, k
	default:
		return 0, d.fail(p, "a comma or } is expected"), k
	}
	if p < len(src) && src[p] == '}' && first {
		return noField, p + 1, k
	}
	if p == len(src) || src[p] != '"' {
		return 0, d.fail(p, "a key in quotes is expected"), k
	}
	name, p := d.str(src, p)
	if p < 0 {
		return 0, p, k
	}
	if p = space(src, p); p == len(src) || src[p] != ':' {
		return 0, d.fail(p, "a colon is expected"), k
	}
	if p = space(src, p+1); p == len(src) {
		return 0, d.failEnd(src), k
	}
	field, ok := o.index[string(name)]
	if !ok {
		field = -1
	}
	return field, p, o.learn(k, src[start:p], field)
}

// text copies a string without \u escapes, or returns failed when the slow road has to be taken.
func (*decoder) text(src []byte, p int, c *fill.Column, row int) int {
	if src[p] != '"' {
		return failed
	}
	p++
	from := len(c.Data)
	n, room := from, c.Data[:cap(c.Data)]
	seen := uint64(0)
	for p+2*fill.WordSize <= len(src) {
		if n+2*fill.WordSize > len(room) {
			room = c.Grow(n)
		}
		w, w2 := mem.Load64(src, p), mem.Load64(src, p+fill.WordSize)
		mem.Store64(room, n, w)
		mem.Store64(room, n+fill.WordSize, w2)
		seen |= w
		m := fill.Special(w)
		if m == 0 {
			n += fill.WordSize
			p += fill.WordSize
			seen |= w2
			if m = fill.Special(w2); m == 0 {
				n += fill.WordSize
				p += fill.WordSize
				continue
			}
		}
		k := fill.First(m)
		n += k
		p += k
		switch {
		case src[p] == '"':
			if fill.NotASCII(seen) != 0 && !utf8.Valid(room[from:n]) {
				return failed
			}
			c.Data = room[:n]
			c.Off[row+1] = int32(n)
			return p + 1
		case src[p] == '\\' && p+1 < len(src) && plainEscapes[src[p+1]] != 0:
			room[n] = plainEscapes[src[p+1]] // There is room: the words have been stored.
			n++
			p += 2
		default:
			return failed
		}
	}
	return failed
}

// plainEscapes maps the byte behind a backslash to what the two stand for; 0 is any other.
var plainEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
