// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console

import (
	"fmt"
	"io"
	"strings"
	"time"

	"spate/batch"
	"spate/connector"
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
	ModeJSON      Mode = "json"      // One object a row.
	ModeCSV       Mode = "csv"       // One line a row.
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
	return "", fmt.Errorf("output %q is not known; known are %s", s, strings.Join(names, ", "))
}

// Config describes a result to be shown.
type Config struct {
	Columns schema.Schema
	Mode    Mode
	// InsertOnly tells that all rows are +I: json and csv then show rows as they come, else the final ones.
	InsertOnly bool
	Zone       *time.Location
	Width      int // Greatest width of text columns; 0: DefaultWidth.
	Formats    connector.Formats
}

// Result shows the rows of one query.
type Result struct {
	w       io.Writer
	c       Config
	printer *Printer
	final   *Final
	encoder connector.Encoder
	buf     []byte
	all     []int32
	rows    int
}

// NewResult starts to show a result.
func NewResult(w io.Writer, c Config) (*Result, error) {
	if c.Width == 0 {
		c.Width = DefaultWidth
	}
	r := &Result{w: w, c: c}
	switch c.Mode {
	case ModeTable:
		r.final = NewFinal(func(b *batch.Batch, i int) []string { return AppendCells(nil, b, i, c.Zone) })
	case ModeTableau:
		r.printer = NewPrinter(w, c.Columns, c.Zone, true, c.Width)
		return r, r.printer.Header()
	case ModeJSON, ModeCSV:
		f, err := c.Formats.Format(string(c.Mode))
		if err != nil {
			return nil, err
		}
		zone := "UTC"
		if c.Zone != nil {
			zone = c.Zone.String()
		}
		r.encoder, err = f.Encoder(&connector.FormatContext{
			Columns: c.Columns, Options: connector.Options{}, TimeZone: zone, Count: func(string, int64) {},
		})
		if err != nil {
			return nil, err
		}
		if !c.InsertOnly {
			r.final = NewFinal(r.encodeRow)
		}
	case ModeChangelog:
	}
	return r, nil
}

// encodeRow returns a row as one cell: its encoded line.
func (r *Result) encodeRow(b *batch.Batch, i int) []string {
	line, err := r.encoder.Encode(nil, b, []int32{int32(i)})
	if err != nil {
		return []string{"error: " + err.Error() + "\n"}
	}
	return []string{string(line)}
}

// Add shows the selected rows of a batch, which stays the caller's.
func (r *Result) Add(b *batch.Batch) error {
	r.rows += b.Rows()
	switch {
	case r.final != nil:
		r.final.Add(b)
		return nil
	case r.printer != nil:
		return r.printer.Batch(b)
	case r.encoder != nil:
		return r.encode(b)
	default:
		return r.changes(b)
	}
}

func (r *Result) encode(b *batch.Batch) error {
	positions := b.Sel()
	if positions == nil {
		for len(r.all) < b.Len() {
			r.all = append(r.all, int32(len(r.all)))
		}
		positions = r.all[:b.Len()]
	}
	var err error
	if r.buf, err = r.encoder.Encode(r.buf[:0], b, positions); err != nil {
		return err
	}
	_, err = r.w.Write(r.buf)
	return err
}

// changes writes rows as Flink's Row prints: +I[1, a, null].
func (r *Result) changes(b *batch.Batch) error {
	r.buf = r.buf[:0]
	err := EachRow(b, func(i int) error {
		r.buf = append(append(r.buf, b.Kind(i).String()...), '[')
		for c, v := range b.Cols() {
			if c > 0 {
				r.buf = append(r.buf, ", "...)
			}
			if v.IsNull(i) {
				r.buf = append(r.buf, "null"...)
			} else {
				r.buf = text.AppendValue(r.buf, v, i, r.c.Zone)
			}
		}
		r.buf = append(r.buf, "]\n"...)
		return nil
	})
	if err == nil {
		_, err = r.w.Write(r.buf)
	}
	return err
}

// Close shows what was held back and the line that counts the rows.
func (r *Result) Close() error {
	switch {
	case r.final != nil && r.encoder == nil:
		return Rows(r.w, r.c.Columns.Names(), r.final.Rows(), r.c.Width)
	case r.final != nil:
		for _, row := range r.final.Rows() {
			if _, err := io.WriteString(r.w, row[0]); err != nil {
				return err
			}
		}
	case r.printer != nil:
		if err := r.printer.Footer(); err != nil {
			return err
		}
		_, err := fmt.Fprintf(r.w, "Received a total of %s\n", plural(r.rows))
		return err
	}
	return nil
}

// Rows draws a table of known rows, its columns as wide as needed up to width.
func Rows(w io.Writer, names []string, rows [][]string, width int) error {
	if len(rows) == 0 {
		_, err := io.WriteString(w, "Empty set\n")
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
	_, err := fmt.Fprintf(w, "%s in set\n", plural(len(rows)))
	return err
}

func plural(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}
