// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

// Mode is how a result is shown.
type Mode string

// The modes.
const (
	ModeTable     Mode = "table"     // The final rows, when all are known.
	ModeTableau   Mode = "tableau"   // A table that grows, with the row kinds.
	ModeChangelog Mode = "changelog" // A line per change: +I[1, a].
	ModeJSON      Mode = "json"      // One object a row; the final rows when a query updates its rows.
	ModeCSV       Mode = "csv"       // A line of names, then one line a row; the final rows when a query updates its rows.
)

// Modes lists the modes for help and errors.
func Modes() []Mode { return []Mode{ModeTable, ModeTableau, ModeChangelog, ModeJSON, ModeCSV} }

// ParseMode reads a mode.
func ParseMode(s string) (Mode, error) {
	var names []string
	for _, m := range Modes() {
		if strings.EqualFold(s, string(m)) {
			return m, nil
		}
		names = append(names, string(m))
	}
	return "", fmt.Errorf("output '%s' is not known; known are: %s", s, strings.Join(names, ", "))
}

// Config describes a result to be shown.
type Config struct {
	Columns schema.Schema
	Mode    Mode
	// InsertOnly tells that all rows are +I: json and csv then show rows as they come, else the final ones at the end.
	InsertOnly bool
	Zone       *time.Location // Of TIMESTAMP_LTZ values, except in JSON; nil is UTC.
	Width      int            // Greatest width of text columns; 0: DefaultWidth.
	// MaxRows bounds the rows that are held until the end; 0 or less: no bound.
	MaxRows int
	// Note is added to the line that counts the rows, such as the time taken.
	Note func() string
}

// Result shows the rows of one query.
type Result struct {
	w       io.Writer
	c       Config
	printer *Printer
	final   *Final
	names   []string
	line    func(dst []byte, b *batch.Batch, i int) []byte // Renders a row as a line, newline included.
	buf     []byte
	rows    int
}

// NewResult starts to show a result.
func NewResult(w io.Writer, c Config) (*Result, error) {
	if c.Width == 0 {
		c.Width = DefaultWidth
	}
	r := &Result{w: w, c: c, names: c.Columns.Names()}
	switch c.Mode {
	case ModeTable:
		r.final = NewFinal(func(b *batch.Batch, i int) []string { return AppendCells(nil, b, i, c.Zone) })
		return r, nil
	case ModeTableau:
		r.printer = NewPrinter(w, c.Columns, c.Zone, true, c.Width)
		return r, r.printer.Header()
	case ModeChangelog:
		r.line = r.appendChange
		return r, nil
	case ModeJSON:
		r.line = func(dst []byte, b *batch.Batch, i int) []byte { return append(AppendJSON(dst, r.names, b, i), '\n') }
	case ModeCSV:
		r.line = func(dst []byte, b *batch.Batch, i int) []byte { return AppendCSVRow(dst, b, i, c.Zone) }
		if _, err := w.Write(AppendCSVTexts(nil, r.names)); err != nil {
			return nil, fmt.Errorf("writing result: %w", err)
		}
	}
	if !c.InsertOnly {
		r.final = NewFinal(func(b *batch.Batch, i int) []string { return []string{string(r.line(nil, b, i))} })
	}
	return r, nil
}

// ErrTooManyRows tells that a result which is shown at its end has more rows than Config.MaxRows.
var ErrTooManyRows = errors.New("too many rows to hold until the end of the query")

// Add shows the selected rows of a batch, which stays the caller's.
func (r *Result) Add(b *batch.Batch) error {
	r.rows += b.Rows()
	switch {
	case r.final != nil:
		r.final.Add(b)
		if r.c.MaxRows > 0 && r.final.Len() > r.c.MaxRows {
			return ErrTooManyRows
		}
		return nil
	case r.printer != nil:
		return r.printer.Batch(b)
	default:
		return r.lines(b)
	}
}

// lines writes rows as they come, with one call a batch.
func (r *Result) lines(b *batch.Batch) error {
	r.buf = r.buf[:0]
	_ = EachRow(b, func(i int) error {
		r.buf = r.line(r.buf, b, i)
		return nil
	})
	if _, err := r.w.Write(r.buf); err != nil {
		return fmt.Errorf("writing result: %w", err)
	}
	return nil
}

// appendChange appends a row as Flink's Row prints: +I[1, a, null].
func (r *Result) appendChange(dst []byte, b *batch.Batch, i int) []byte {
	dst = append(append(dst, b.Kind(i).String()...), '[')
	for c, v := range b.Cols() {
		if c > 0 {
			dst = append(dst, ", "...)
		}
		if v.IsNull(i) {
			dst = append(dst, "null"...)
		} else {
			dst = text.AppendValue(dst, v, i, r.c.Zone)
		}
	}
	return append(dst, "]\n"...)
}

// Close shows what was held back and the line that counts the rows.
func (r *Result) Close() error {
	switch {
	case r.c.Mode == ModeTable:
		return Table(r.w, r.names, r.final.Rows(), r.c.Width, r.note())
	case r.final != nil:
		for _, row := range r.final.Rows() {
			if _, err := io.WriteString(r.w, row[0]); err != nil {
				return fmt.Errorf("writing result: %w", err)
			}
		}
	case r.printer != nil:
		if err := r.printer.Footer(); err != nil {
			return err
		}
		_, err := fmt.Fprintf(r.w, "Received a total of %s%s\n", plural(r.rows), r.note())
		return err
	}
	return nil
}

func (r *Result) note() string {
	if r.c.Note == nil {
		return ""
	}
	return r.c.Note()
}

// Table draws a table of known rows, its columns as wide as needed up to width, and the line that counts the rows, with a note.
func Table(w io.Writer, names []string, rows [][]string, width int, note string) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintf(w, "Empty set%s\n", note)
		return err
	}
	columns := make(schema.Schema, len(names))
	for i, n := range names {
		columns[i] = schema.Field{Name: n, Type: schema.TypeString}
	}
	p := NewPrinter(w, columns, nil, false, width)
	p.Fit(rows, width)
	if err := p.Header(); err != nil {
		return err
	}
	for _, r := range rows {
		if err := p.Row(r); err != nil {
			return err
		}
	}
	if err := p.Footer(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s in set%s\n", plural(len(rows)), note)
	return err
}

func plural(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}
