// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package print is the sink that prints every row: `+I[1, abc, null]`, with the identifier of the table and the number of the subtask
// before it as Flink prints them.
//
// All subtasks of all print tables of a process write to the same two streams; every batch is one write under one lock, so lines
// never mix. What is printed is not held back: a batch is written when it comes.
package print //nolint:forbidigo // The connector has this name, and nobody prints with the builtin.

import (
	"fmt"
	"io"
	"strconv"
	"sync"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/rowtext"
)

// Identifier is the name of the connector.
const Identifier = "print"

// Option keys.
const (
	keyIdentifier  = "print-identifier"
	keyStderr      = "standard-error"
	keyParallelism = "sink.parallelism"
)

// maxBuffer bounds the text that is gathered before it is written.
const maxBuffer = 1 << 20

// stream is an output that many writers share.
type stream struct {
	mu  sync.Mutex
	out io.Writer
}

func (s *stream) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.out.Write(b)
	return err
}

// Factory returns the connector, which prints to the two given streams.
func Factory(stdout, stderr io.Writer) *connector.Factory {
	out, errs := &stream{out: stdout}, &stream{out: stderr}
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Prints every row to the standard output or the standard error of the process.",
		Options: []connector.Option{
			{Key: keyIdentifier, Doc: "Text that is put before every row."},
			{Key: keyStderr, Kind: connector.BoolOption, Default: "false", Doc: "true: print to standard error."},
			{Key: keyParallelism, Kind: connector.IntOption, Doc: "Number of subtasks; the job's when not set."},
		},
		Sink: func(t *connector.Table) (connector.Sink, error) {
			s := &sink{out: out, identifier: t.Options.Get(keyIdentifier, ""), parallelism: t.Options.Int(keyParallelism, 0)}
			if t.Options.Has(keyParallelism) && s.parallelism < 1 {
				return nil, connector.BadValue(keyParallelism, t.Options[keyParallelism], "a number of at least 1")
			}
			if t.Options.Bool(keyStderr, false) {
				s.out = errs
			}
			return s, nil
		},
	}
}

type sink struct {
	out         *stream
	identifier  string
	parallelism int
}

// Capabilities implements connector.Sink.
func (s *sink) Capabilities() connector.SinkCapabilities {
	return connector.SinkCapabilities{Parallelism: s.parallelism}
}

// Writer implements connector.Sink.
func (s *sink) Writer(ctx *connector.WriterContext) (connector.Writer, error) {
	prefix := s.identifier
	if ctx.Parallelism > 1 {
		if prefix != "" {
			prefix += ":"
		}
		prefix += strconv.Itoa(ctx.Subtask + 1)
	}
	if prefix != "" {
		prefix += "> "
	}
	return &writer{out: s.out, prefix: prefix}, nil
}

// Committer implements connector.Sink.
func (*sink) Committer() (connector.Committer, error) { return nil, nil } //nolint:nilnil // No second phase.

type writer struct {
	out    *stream
	prefix string
	buf    []byte
}

// Write implements connector.Writer.
func (w *writer) Write(b *batch.Batch) error {
	w.buf = w.buf[:0]
	sel := b.Sel()
	for k := range b.Rows() {
		i := k
		if sel != nil {
			i = int(sel[k])
		}
		w.buf = append(w.buf, w.prefix...)
		w.buf = append(rowtext.AppendRow(w.buf, b, i), '\n')
		if len(w.buf) >= maxBuffer {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return w.flush()
}

func (w *writer) flush() error {
	err := w.out.write(w.buf)
	w.buf = w.buf[:0]
	if err != nil {
		return fmt.Errorf("printing rows: %w", err)
	}
	return nil
}

// Tick implements connector.Writer.
func (*writer) Tick(int64) error { return nil }

// Prepare implements connector.Writer.
func (*writer) Prepare(int64, bool) ([]connector.Committable, error) { return nil, nil }

// Close implements connector.Writer.
func (*writer) Close() error { return nil }
