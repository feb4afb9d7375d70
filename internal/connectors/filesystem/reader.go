// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"spate/batch"
	"spate/connector"
	"spate/internal/formats/fill"
	"spate/internal/sys/errs"
	"spate/schema"
)

// maxCallBytes bounds what one call of Next reads when rows are many and short, or all skipped.
const maxCallBytes = 4 << 20

// reader goes through its splits one after the other.
type reader struct {
	source  *source
	decoder connector.Decoder
	parts   []*part // By order of AddSplits; nil when finished.
	at      int     // The first one that may not be finished.
	stream  *stream // Of parts[at]; nil when not open.
	opened  int64   // Position at which the stream was opened.
	buf     []byte
	extras  []extra
}

// extra is a column that does not come from the data: metadata, or a column that the table is partitioned by.
type extra struct {
	own      int
	metadata string
	column   int // Into the table's, when metadata is "".
	value    *batch.Vector
}

// Reader implements connector.Source.
func (s *source) Reader(scan *connector.Scan, rt *connector.ReaderContext) (connector.Reader, error) {
	r := &reader{source: s, buf: make([]byte, bufferSize)}
	var wanted, into []int
	for own, c := range scan.Columns {
		switch {
		case c.Metadata != "":
			if metadata.Index(c.Metadata) < 0 {
				return nil, errs.New(errs.InvalidOption, "files have no metadata '%s'", c.Metadata)
			}
			r.extras = append(r.extras, extra{own: own, metadata: c.Metadata, value: batch.NewVector(scan.Types[own])})
		case len(c.Path) != 1:
			return nil, fmt.Errorf("scanning %s: column %d is not one of the table", s.table.Name, own)
		case s.isPartition(c.Path[0]):
			r.extras = append(r.extras, extra{own: own, column: c.Path[0], value: batch.NewVector(scan.Types[own])})
		default:
			wanted, into = append(wanted, c.Path[0]), append(into, own)
		}
	}
	if into == nil {
		into = []int{}
	}
	var err error
	r.decoder, err = s.decoder(wanted, into, rt.Count)
	return r, err
}

func (s *source) isPartition(column int) bool {
	return slices.Contains(s.table.PartitionKeys, column)
}

// AddSplits implements connector.Reader.
func (r *reader) AddSplits(splits []connector.Split) error {
	for _, s := range splits {
		p, err := decodePart(s)
		if err != nil {
			return err
		}
		r.parts = append(r.parts, p)
	}
	return nil
}

// Next implements connector.Reader.
func (r *reader) Next(b *batch.Batch, limit int) (connector.Status, error) {
	for r.at < len(r.parts) && r.parts[r.at] == nil {
		r.at++
	}
	if r.at == len(r.parts) {
		return connector.Status{State: connector.Starve}, nil
	}
	st := connector.Status{Split: r.at}
	if r.stream == nil {
		if err := r.open(); err != nil {
			return st, err
		}
	}
	s, p := r.stream, r.parts[r.at]
	first := b.Len()
	start := s.offset
	for full := first + limit; b.Len() < full && s.offset-start < maxCallBytes; {
		if s.from == s.to && s.eof {
			break
		}
		n, err := r.decoder.Decode(s.buf[s.from:s.to], s.eof, b, full-b.Len())
		s.advance(n)
		if err != nil {
			return st, r.rowError(err)
		}
		if b.Len() == full || s.eof && n > 0 {
			continue
		}
		if s.eof {
			return st, fmt.Errorf("reading %s: the format makes nothing of the last %d bytes", p.Path, s.to-s.from)
		}
		if err := s.more(); err != nil {
			return st, err
		}
	}
	r.addExtras(b, first)
	p.Position = s.offset
	if s.from == s.to && s.eof {
		st.Finished = []int{r.at}
		r.parts[r.at] = nil
		return st, r.shut()
	}
	return st, nil
}

// open opens the split that is next.
func (r *reader) open() error {
	p := r.parts[r.at]
	s, err := openStream(p, r.buf)
	if err != nil {
		return fmt.Errorf("table %s: %w", r.source.table.Name, err)
	}
	r.stream, r.opened = s, s.offset
	r.decoder.Reset(s.offset == 0)
	for i := range r.extras {
		if err := r.extras[i].set(r.source, p); err != nil {
			return err
		}
	}
	return nil
}

// shut closes the stream and keeps its buffer.
func (r *reader) shut() error {
	s := r.stream
	r.stream = nil
	if len(s.buf) <= bufferSize {
		r.buf = s.buf
	}
	return s.close()
}

// set computes the value of the column for a split.
func (x *extra) set(s *source, p *part) error {
	v := x.value
	v.Reset()
	switch x.metadata {
	case metadataPath:
		v.AppendString(p.Path)
		return nil
	case metadataName:
		v.AppendString(filepath.Base(p.Path))
		return nil
	case metadataSize:
		v.AppendValue(schema.IntValue(p.Size))
		return nil
	case metadataModified:
		fill.AppendTimestamp(v, p.Modified*1000, 0)
		return nil
	}
	name := s.table.Columns[x.column].Name
	text, ok := partitionValue(s.path, p.Path, name)
	if !ok || text == s.defaultName {
		v.AppendNull()
		return nil
	}
	if reason := fill.AppendText(v, []byte(text), &partitionStyle); reason != "" {
		return errs.New(errs.BadRecord, "%s: the value of partition column %s, '%s', %s", p.Path, name, text, reason)
	}
	return nil
}

// partitionStyle is how times are written in the names of folders.
var partitionStyle = fill.Style{Separator: ' '}

// addExtras fills the columns that do not come from the data for the rows from first on.
func (r *reader) addExtras(b *batch.Batch, first int) {
	for i := range r.extras {
		x := &r.extras[i]
		for v, row := b.Own(x.own), first; row < b.Len(); row++ {
			v.AppendFrom(x.value, 0)
		}
	}
}

// rowError says where in the file a malformed record is. Lines before the place at which reading began are counted now.
func (r *reader) rowError(err error) error {
	var e *connector.RowError
	if !errors.As(err, &e) {
		return fmt.Errorf("reading %s: %w", r.stream.path, err)
	}
	line := e.Line
	if r.opened > 0 {
		before, countErr := countLines(r.stream.path, r.opened)
		if countErr != nil {
			return errors.Join(err, countErr)
		}
		line += before
	}
	where := fmt.Sprintf("%s: line %d", r.stream.path, line)
	if e.Column > 0 {
		where += fmt.Sprintf(", column %d", e.Column)
	}
	if e.Field != "" {
		where += ", field " + e.Field
	}
	return errs.New(errs.BadRecord, "%s: %w; the record is: %s", where, err, e.Text)
}

// Snapshot implements connector.Reader.
func (r *reader) Snapshot() ([]connector.Split, error) {
	var out []connector.Split
	for _, p := range r.parts {
		if p == nil {
			continue
		}
		s, err := p.encode()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Close implements connector.Reader.
func (r *reader) Close() error {
	if r.stream == nil {
		return nil
	}
	return r.shut()
}
