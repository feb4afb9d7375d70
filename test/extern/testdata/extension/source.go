// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package extension is an extension of Spate that lies in a module of its own: a source of lines, a sink that publishes what
// was committed, a format and a function. It imports public packages only.
package extension

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// LinesSource reads the text of the option `text`, cut into splits at every blank line, through the format of the table.
func LinesSource() *connector.Factory {
	return &connector.Factory{
		Identifier: "lines",
		Doc:        "Text that stands in the table's own options.",
		Options:    []connector.Option{{Key: "text", Required: true, Doc: "The text; an empty line begins a new split."}},
		UsesFormat: true,
		Source: func(t *connector.Table) (connector.Source, error) {
			format, err := t.Formats.Format(t.Options.Get(connector.FormatKey, ""))
			if err != nil {
				return nil, err
			}
			return &linesSource{table: t, format: format, splits: cutAtBlankLines(t.Options.Get("text", ""))}, nil
		},
	}
}

func cutAtBlankLines(text string) [][]byte {
	var out [][]byte
	for rest, more := text, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, "\n\n")
		out = append(out, []byte(part))
	}
	return out
}

type linesSource struct {
	table  *connector.Table
	format *connector.Format
	splits [][]byte
}

func (s *linesSource) Capabilities() connector.SourceCapabilities {
	return connector.SourceCapabilities{Bounded: true, Projection: true}
}

func (s *linesSource) Enumerator(*connector.Scan, int) (connector.Enumerator, error) {
	e := &linesEnumerator{}
	for i := range s.splits {
		e.left = append(e.left, connector.Split{ID: fmt.Sprintf("part-%d", i), State: position(i, 0)})
	}
	return e, nil
}

func (s *linesSource) Reader(scan *connector.Scan, rt *connector.ReaderContext) (connector.Reader, error) {
	var wanted []int
	var types []*schema.Type
	for _, c := range scan.Columns {
		wanted = append(wanted, c.Path[0])
		types = append(types, s.table.Columns[c.Path[0]].Type)
	}
	decoder, err := s.format.Decoder(&connector.FormatContext{
		Columns: s.table.Columns, Wanted: wanted, Options: connector.FormatOptions(s.format, s.table.Options), Count: rt.Count,
	})
	if err != nil {
		return nil, err
	}
	// The staging batch is charged to the subtask: a reader that holds rows of its own holds memory of the job.
	return &linesReader{source: s, decoder: decoder, staging: rt.NewPool(types)}, nil
}

// position encodes a split's place: which part, and how many of its bytes were read.
func position(part, offset int) []byte {
	b := []byte{1} // Version.
	b = binary.AppendUvarint(b, uint64(part))
	return binary.AppendUvarint(b, uint64(offset))
}

func parsePosition(b []byte) (part, offset int, err error) {
	if len(b) == 0 || b[0] != 1 {
		return 0, 0, errors.New("position has an unknown version")
	}
	p, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return 0, 0, errors.New("position ends early")
	}
	o, m := binary.Uvarint(b[1+n:])
	if m <= 0 {
		return 0, 0, errors.New("position ends early")
	}
	return int(p), int(o), nil
}

type linesEnumerator struct{ left []connector.Split }

func (e *linesEnumerator) Next(context.Context, int) ([]connector.Split, bool, <-chan struct{}, error) {
	if len(e.left) == 0 {
		return nil, true, nil, nil
	}
	next := e.left[:1]
	e.left = e.left[1:]
	return next, false, nil, nil
}

func (e *linesEnumerator) Return(splits []connector.Split) { e.left = append(e.left, splits...) }

func (e *linesEnumerator) Snapshot() ([]byte, error) { return nil, nil }

func (e *linesEnumerator) Restore([]byte) error { return nil }

func (e *linesEnumerator) Close() error { return nil }

// linesSplit is a split under way.
type linesSplit struct {
	connector.Split
	part, offset int
	done         bool
}

type linesReader struct {
	source  *linesSource
	decoder connector.Decoder
	staging *batch.Pool
	splits  []linesSplit
}

func (r *linesReader) AddSplits(splits []connector.Split) error {
	for _, s := range splits {
		part, offset, err := parsePosition(s.State)
		if err != nil {
			return fmt.Errorf("reading split %s: %w", s.ID, err)
		}
		r.splits = append(r.splits, linesSplit{Split: s, part: part, offset: offset})
	}
	return nil
}

func (r *linesReader) Next(b *batch.Batch, limit int) (connector.Status, error) {
	for i := range r.splits {
		s := &r.splits[i]
		if s.done {
			continue
		}
		if s.offset == 0 {
			r.decoder.Reset(true)
		}
		text := r.source.splits[s.part]
		rows := r.staging.Get()
		defer rows.Release()
		n, err := r.decoder.Decode(text[s.offset:], true, rows, limit)
		if err != nil {
			return connector.Status{}, fmt.Errorf("reading %s: %w", s.ID, err)
		}
		for row := range rows.Len() {
			for c, v := range rows.Cols() {
				b.Own(c).AppendFrom(v, row)
			}
			b.AppendKind(schema.Insert)
		}
		s.offset += n
		status := connector.Status{State: connector.More, Split: i}
		if s.offset == len(text) {
			s.done = true
			status.Finished = []int{i}
		}
		return status, nil
	}
	return connector.Status{State: connector.Starve}, nil
}

func (r *linesReader) Snapshot() ([]connector.Split, error) {
	var out []connector.Split
	for _, s := range r.splits {
		if !s.done {
			out = append(out, connector.Split{ID: s.ID, State: position(s.part, s.offset)})
		}
	}
	return out, nil
}

func (r *linesReader) Close() error { return nil }
