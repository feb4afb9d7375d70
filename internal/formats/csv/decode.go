// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package csv

import (
	"bytes"
	"unicode/utf8"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/mem"
	"spate/internal/formats/fill"
)

// style is how times are written: as java.sql prints them.
var style = fill.Style{Separator: ' '}

// decoder reads records. Its positions are indexes into the bytes of one Decode call.
type decoder struct {
	config
	count func(metric string, n int64)
	rows  *fill.Rows
	clock fill.Clock

	delimiters, newlines, quotes, escapes uint64 // Patterns for eight bytes at once.

	line    int64 // Lines before the current record.
	atStart bool  // At the start of a file.
	scratch []byte
	values  [][]byte

	// What is wrong with the record at hand.
	badAt     int
	resume    int // From here on the next line end is looked for.
	badColumn int
	bad       string

	fieldErrors int64 // Fields of the record at hand that became NULL.

	// plainNumbers: the null literal is not mistaken for a number or time.
	plainNumbers bool
}

func newDecoder(c *connector.FormatContext) (connector.Decoder, error) {
	cfg, err := newConfig(c.Options)
	if err != nil {
		return nil, err
	}
	if err := check(c.Columns); err != nil {
		return nil, err
	}
	d := &decoder{
		config: cfg, count: c.Count, rows: fill.NewRows(c.Columns, c.Wanted, c.Into),
		delimiters: fill.Repeat(cfg.delimiter), newlines: fill.Repeat('\n'), quotes: fill.Repeat(cfg.quote), escapes: fill.Repeat(cfg.escape),
	}
	d.plainNumbers = cfg.null == "" || cfg.null[0] != '-' && cfg.null[0]-'0' > 9
	if d.count == nil {
		d.count = func(string, int64) {}
	}
	d.Reset(true)
	return d, nil
}

// Reset implements connector.Decoder.
func (d *decoder) Reset(start bool) { d.line, d.atStart = 0, start }

// Splittable implements connector.Decoder: a line end may lie within quotes, or behind an escape.
func (d *decoder) Splittable() connector.Splittable {
	switch {
	case d.escaping:
		return connector.Whole
	case d.quoting:
		return connector.AtLineParity
	default:
		return connector.AtLines
	}
}

// outcome is what became of a record.
type outcome uint8

const (
	good       outcome = iota
	incomplete         // The bytes end within it.
	malformed          // See decoder.bad.
)

// Decode implements connector.Decoder.
func (d *decoder) Decode(src []byte, eof bool, b *batch.Batch, limit int) (consumed int, err error) {
	p := 0
	if d.atStart {
		var ok bool
		if p, ok = d.start(src, eof); !ok {
			return p, nil
		}
		d.atStart = false
	}
	row := d.rows.Begin(b, limit)
	last, most := row+limit, p+d.rows.TextLeft()
	for row < last && p < len(src) && p < most {
		if d.comments && src[p] == '#' {
			next, ok := d.skipLine(src, p, eof)
			if !ok {
				break
			}
			p = next
			continue
		}
		line := d.line
		d.fieldErrors = 0
		next, what := d.record(src, p, eof, row)
		if what == good {
			p = next
			d.line++
			row++
			if d.fieldErrors > 0 {
				d.count("numFieldsInErrors", d.fieldErrors)
			}
			continue
		}
		d.rows.Undo(row)
		next, complete := next, false
		if what == malformed {
			next, complete = d.skipLine(src, d.resume, eof)
		}
		if !complete { // Also of a malformed record the whole line is wanted.
			d.line = line
			break
		}
		if !d.ignore {
			err = d.rowError(src[p:next], p)
			break
		}
		d.count("numRecordsInErrors", 1)
		p = next
	}
	d.rows.End(b, row)
	return p, err
}

// start skips a byte order mark and the header. It returns false when more bytes are needed.
func (d *decoder) start(src []byte, eof bool) (int, bool) {
	const mark = "\xEF\xBB\xBF"
	p := 0
	if len(src) < len(mark) && !eof && mark[:len(src)] == string(src) {
		return 0, false
	}
	if bytes.HasPrefix(src, []byte(mark)) {
		p = len(mark)
	}
	if !d.header {
		return p, true
	}
	for p < len(src) {
		_, next, st := d.field(src, p, eof)
		switch {
		case st == incomplete:
			d.line = 0
			return 0, false
		case st == malformed:
			next, ok := d.skipLine(src, p, eof)
			return next, ok
		case next < len(src) && src[next] == d.delimiter:
			p = next + 1
		default:
			d.line++
			return min(next+1, len(src)), true
		}
	}
	return p, eof
}

// skipLine returns the index behind the next line end.
func (d *decoder) skipLine(src []byte, p int, eof bool) (int, bool) {
	i := bytes.IndexByte(src[p:], '\n')
	if i < 0 && !eof {
		return p, false
	}
	d.line++
	if i < 0 {
		return len(src), true
	}
	return p + i + 1, true
}

// rowError describes the malformed record, which starts at p.
func (d *decoder) rowError(record []byte, p int) error {
	record = bytes.TrimRight(record, "\r\n")
	at := min(max(d.badAt-p, 0), len(record))
	e := &connector.RowError{Line: d.line, Column: at + 1, Reason: d.bad, Text: textOf(record)}
	if nl := bytes.LastIndexByte(record[:at], '\n'); nl >= 0 {
		e.Column = at - nl
	}
	if d.badColumn >= 0 && d.badColumn < len(d.rows.Columns) {
		e.Field = d.rows.Columns[d.badColumn].Name
	}
	return e
}

// fail notes what is wrong.
func (d *decoder) fail(at, column int, reason string) outcome {
	d.badAt, d.resume, d.badColumn, d.bad = at, at, column, reason
	return malformed
}

// record reads one record into the columns at a row and returns the index behind its line end.
func (d *decoder) record(src []byte, p int, eof bool, row int) (int, outcome) {
	cols := d.rows.Columns
	for i := range cols {
		c := &cols[i]
		next := -1
		switch c.Kind {
		case fill.Int64:
			if !d.plainNumbers {
				break
			}
			if x, end, ok := fill.Int(src, p); ok && (src[end] == d.delimiter || src[end] == '\n') {
				c.Ints[row], next = x, end
			}
		case fill.Millis:
			if !d.plainNumbers {
				break
			}
			if x, end, ok := d.clock.Read(src, p, ' '); ok && (src[end] == d.delimiter || src[end] == '\n') {
				c.Ints[row], next = x, end
			}
		case fill.Text:
			if !d.escaping {
				next = d.text(src, p, c, row)
			}
		case fill.Skip:
			next = d.skip(src, p)
		case fill.Int32, fill.Other:
		}
		if next < 0 {
			var what outcome
			if next, what = d.general(src, p, eof, c, i, row); what != good {
				return p, what
			}
		}
		p = next
		if p < len(src) && src[p] == d.delimiter {
			p++
			if i < len(cols)-1 {
				continue
			}
			return d.tooMany(src, p, eof)
		}
		if i < len(cols)-1 {
			return d.tooFew(src, p, i+1, row)
		}
	}
	return min(p+1, len(src)), good
}

// tooMany is called behind the delimiter that follows the last field: an empty rest is taken for a delimiter at the end of the line.
func (d *decoder) tooMany(src []byte, p int, eof bool) (int, outcome) {
	switch {
	case p < len(src) && src[p] == '\n':
		return p + 1, good
	case p+1 < len(src) && src[p] == '\r' && src[p+1] == '\n':
		return p + 2, good
	case p >= len(src) && eof:
		return p, good
	case p >= len(src) || p+1 == len(src) && src[p] == '\r' && !eof:
		return p, incomplete
	}
	return p, d.fail(p, -1, "the row has more fields than the table has columns")
}

// tooFew is called at the line end that comes before column i.
func (d *decoder) tooFew(src []byte, p, i, row int) (int, outcome) {
	if !d.ignore {
		return p, d.fail(p, -1, "the row has fewer fields than the table has columns")
	}
	for ; i < len(d.rows.Columns); i++ {
		d.rows.Columns[i].SetNull(row)
	}
	return min(p+1, len(src)), good
}

// text copies an unquoted text up to its end, or a quoted one with nothing special in it, and returns the index of what follows, or -1
// when the slow road has to be taken.
func (d *decoder) text(src []byte, p int, c *fill.Column, row int) int {
	if p >= len(src) {
		return -1
	}
	if d.quoting && src[p] == d.quote {
		return d.quotedText(src, p+1, c, row)
	}
	from := len(c.Data)
	n, room := from, c.Data[:cap(c.Data)]
	seen := uint64(0)
	delimiters, newlines := d.delimiters, d.newlines
	for p+2*fill.WordSize <= len(src) {
		if n+2*fill.WordSize > len(room) {
			room = c.Grow(n)
		}
		w, w2 := mem.Load64(src, p), mem.Load64(src, p+fill.WordSize)
		mem.Store64(room, n, w)
		mem.Store64(room, n+fill.WordSize, w2)
		seen |= w
		m := fill.Match2(w, delimiters, newlines)
		if m == 0 {
			n += fill.WordSize
			p += fill.WordSize
			seen |= w2
			if m = fill.Match2(w2, delimiters, newlines); m == 0 {
				n += fill.WordSize
				p += fill.WordSize
				continue
			}
		}
		k := fill.First(m)
		n += k
		p += k
		if src[p] == '\n' && n > from && room[n-1] == '\r' {
			n--
		}
		if fill.NotASCII(seen) != 0 && !utf8.Valid(room[from:n]) {
			return -1
		}
		d.endText(c, row, room[:n])
		return p
	}
	return -1
}

// quotedText is text behind a quote.
func (d *decoder) quotedText(src []byte, p int, c *fill.Column, row int) int {
	from := len(c.Data)
	n, room := from, c.Data[:cap(c.Data)]
	seen := uint64(0)
	for p+fill.WordSize < len(src) {
		if n+fill.WordSize > len(room) {
			room = c.Grow(n)
		}
		w := mem.Load64(src, p)
		mem.Store64(room, n, w)
		seen |= w
		m := fill.Match2(w, d.quotes, d.newlines)
		if m == 0 {
			n += fill.WordSize
			p += fill.WordSize
			continue
		}
		k := fill.First(m)
		n += k
		p += k
		switch {
		case src[p] == '\n':
			return -1 // Lines are counted on the slow road.
		case src[p+1] == d.quote:
			n++ // One of the two, which the word has brought along.
			p += 2
			continue
		case src[p+1] != d.delimiter && src[p+1] != '\n':
			return -1
		case fill.NotASCII(seen) != 0 && !utf8.Valid(room[from:n]):
			return -1
		}
		d.endText(c, row, room[:n])
		return p + 1
	}
	return -1
}

// endText ends the text of a row, which is NULL when it is the null literal. data is the column's with the text.
func (d *decoder) endText(c *fill.Column, row int, data []byte) {
	if d.hasNull && string(data[len(c.Data):]) == d.null {
		c.SetNull(row)
		return
	}
	c.Data = data
	c.Off[row+1] = int32(len(data))
}

// skip passes an unquoted field, or returns -1 when the slow road has to be taken.
func (d *decoder) skip(src []byte, p int) int {
	if d.escaping || p < len(src) && d.quoting && src[p] == d.quote {
		return -1
	}
	for p+fill.WordSize <= len(src) {
		w := mem.Load64(src, p)
		if m := fill.Match2(w, d.delimiters, d.newlines); m != 0 {
			return p + fill.First(m)
		}
		p += fill.WordSize
	}
	return -1
}

// general reads any field of any type.
func (d *decoder) general(src []byte, p int, eof bool, c *fill.Column, i, row int) (int, outcome) {
	field, next, what := d.field(src, p, eof)
	if what != good {
		d.badColumn = i
		return next, what
	}
	if c.Kind == fill.Skip {
		return next, good
	}
	if d.hasNull && string(field) == d.null {
		c.SetNull(row)
		return next, good
	}
	var reason string
	if c.Kind == fill.Other && c.Vec.NumChildren() > 0 {
		reason = d.nested(c.Vec, field)
	} else {
		reason = c.Set(row, field, &style)
	}
	if reason == "" {
		return next, good
	}
	if d.ignore {
		d.fieldErrors++
		c.SetNull(row)
		return next, good
	}
	return next, d.fail(p, i, "'"+textOf(field)+"' "+reason)
}
