// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package console shows results to a person at a terminal: tables as the SQL client of Flink draws them, changelogs, and the final
// rows that a changelog leaves. It knows batches and schemas, not sessions or jobs.
//
// A writer belongs to one goroutine.
package console

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

// DefaultWidth is the greatest width of a column of unlimited text, as in Flink (table.display.max-column-width).
const DefaultWidth = 30

// nullText is how NULL is shown.
const nullText = "<NULL>"

// Printer draws a table row by row. Its column widths follow from the types, so that rows can be shown as they come.
type Printer struct {
	w      io.Writer
	widths []int
	names  []string
	zone   *time.Location
	kinds  bool
	line   strings.Builder
	rows   int
}

// NewPrinter returns a printer of rows with the given columns. kinds adds a first column op with the row kind. width is the
// greatest width of text columns.
func NewPrinter(w io.Writer, columns schema.Schema, zone *time.Location, kinds bool, width int) *Printer {
	p := &Printer{w: w, zone: zone, kinds: kinds}
	if kinds {
		p.names, p.widths = append(p.names, "op"), append(p.widths, 2)
	}
	for _, c := range columns {
		p.names = append(p.names, c.Name)
		p.widths = append(p.widths, max(displayWidth(c.Name), typeWidth(c.Type, width)))
	}
	return p
}

// typeWidth returns the width that holds every value of a type, or limit.
func typeWidth(t *schema.Type, limit int) int {
	width := limit
	switch t.Root {
	case schema.TinyInt:
		width = 4
	case schema.SmallInt:
		width = 6
	case schema.Int:
		width = 11
	case schema.BigInt:
		width = 20
	case schema.Decimal:
		width = t.Precision + 2
	case schema.Boolean:
		width = 6
	case schema.Date:
		width = 10
	case schema.Time:
		width = 8 + fraction(t.Precision)
	case schema.Timestamp, schema.TimestampLTZ:
		width = 19 + fraction(t.Precision)
	case schema.Char, schema.Varchar:
		width = min(t.Length, limit)
	default:
	}
	if t.Nullable {
		width = max(width, len(nullText))
	}
	return width
}

func fraction(precision int) int {
	if precision == 0 {
		return 0
	}
	return precision + 1
}

// Fit widens or narrows the columns to what the rows hold; call it before Header when all rows are known.
func (p *Printer) Fit(rows [][]string, limit int) {
	for c, n := range p.names {
		w := displayWidth(n)
		for _, r := range rows {
			w = max(w, displayWidth(r[c]))
		}
		p.widths[c] = min(w, max(limit, displayWidth(n)))
	}
}

// Header draws the lines above the rows.
func (p *Printer) Header() error {
	p.rule()
	p.cells(p.names)
	p.rule()
	return p.send()
}

// Footer draws the line below the rows.
func (p *Printer) Footer() error {
	p.rule()
	return p.send()
}

// Rows returns the number of rows drawn.
func (p *Printer) Rows() int { return p.rows }

// Row draws a row of texts.
func (p *Printer) Row(cells []string) error {
	p.cells(cells)
	p.rows++
	return p.send()
}

// Batch draws the selected rows of a batch.
func (p *Printer) Batch(b *batch.Batch) error {
	return EachRow(b, func(i int) error {
		var cells []string
		if p.kinds {
			cells = append(cells, b.Kind(i).String())
		}
		return p.Row(AppendCells(cells, b, i, p.zone))
	})
}

// EachRow calls f for the positions of the selected rows.
func EachRow(b *batch.Batch, f func(i int) error) error {
	if sel := b.Sel(); sel != nil {
		for _, i := range sel {
			if err := f(int(i)); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range b.Len() {
		if err := f(i); err != nil {
			return err
		}
	}
	return nil
}

// AppendCells appends the values of a row as a person reads them.
func AppendCells(cells []string, b *batch.Batch, i int, zone *time.Location) []string {
	for _, v := range b.Cols() {
		cells = append(cells, Cell(v, i, zone))
	}
	return cells
}

// Cell returns a value as a person reads it.
func Cell(v *batch.Vector, i int, zone *time.Location) string {
	if v.IsNull(i) {
		return nullText
	}
	if v.Type().Root == schema.Boolean {
		return strings.ToUpper(string(text.AppendValue(nil, v, i, zone)))
	}
	return string(text.AppendValue(nil, v, i, zone))
}

func (p *Printer) rule() {
	for _, w := range p.widths {
		p.line.WriteString("+" + strings.Repeat("-", w+2))
	}
	p.line.WriteString("+\n")
}

func (p *Printer) cells(cells []string) {
	for i, c := range cells {
		c = clip(strings.ReplaceAll(c, "\n", " "), p.widths[i])
		p.line.WriteString("| " + strings.Repeat(" ", p.widths[i]-displayWidth(c)) + c + " ")
	}
	p.line.WriteString("|\n")
}

func (p *Printer) send() error {
	_, err := io.WriteString(p.w, p.line.String())
	p.line.Reset()
	if err != nil {
		return fmt.Errorf("writing result: %w", err)
	}
	return nil
}

// clip shortens a text to a width, with dots for what is missing.
func clip(s string, width int) string {
	if displayWidth(s) <= width {
		return s
	}
	if width <= 3 {
		return strings.Repeat(".", width)
	}
	n, cut := 0, 0
	for i, r := range s {
		if n+runeWidth(r) > width-3 {
			cut = i
			break
		}
		n += runeWidth(r)
	}
	return s[:cut] + "..."
}

// displayWidth returns the columns that a text takes on a terminal.
func displayWidth(s string) int {
	if len(s) == utf8.RuneCountInString(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth returns 2 for characters that take two columns (East Asian wide ones and emoji), else 1.
func runeWidth(r rune) int {
	if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff) {
		return 2
	}
	return 1
}
