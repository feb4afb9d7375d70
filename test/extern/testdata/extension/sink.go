// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package extension

import (
	"context"
	"slices"
	"strings"
	"sync"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// Board is where a sink publishes lines. Prepared lines are not on it before they were committed.
type Board struct {
	mu    sync.Mutex
	lines []string
}

// Lines returns what was committed, sorted.
func (b *Board) Lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(slices.Values(b.lines))
}

func (b *Board) publish(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

// BoardSink writes rows to a board through the format of the table, in two phases.
func BoardSink(board *Board) *connector.Factory {
	return &connector.Factory{
		Identifier: "board",
		Doc:        "A list of lines in this process.",
		Options:    []connector.Option{{Key: "board.limit", Kind: connector.SizeOption, Default: "1 mb", Doc: "Most bytes that may wait for a commit."}},
		UsesFormat: true,
		Sink: func(t *connector.Table) (connector.Sink, error) {
			format, err := t.Formats.Format(t.Options.Get(connector.FormatKey, ""))
			if err != nil {
				return nil, err
			}
			encoder, err := format.Encoder(&connector.FormatContext{
				Columns: t.Columns, Options: connector.FormatOptions(format, t.Options),
			})
			if err != nil {
				return nil, err
			}
			return &boardSink{board: board, encoder: encoder, budget: batch.NewBudget("board", t.Options.Size("board.limit", 1<<20))}, nil
		},
	}
}

type boardSink struct {
	board   *Board
	encoder connector.Encoder
	budget  *batch.Budget
}

func (s *boardSink) Capabilities() connector.SinkCapabilities {
	return connector.SinkCapabilities{Accepts: connector.InsertOnly}
}

func (s *boardSink) Writer(rt *connector.WriterContext) (connector.Writer, error) {
	var types []*schema.Type
	for _, c := range rt.Columns {
		types = append(types, c.Type)
	}
	pool := rt.NewPool(types)
	return &boardWriter{encoder: s.encoder, pool: pool, held: pool.Get(), types: types, budget: s.budget}, nil
}

func (s *boardSink) Committer() (connector.Committer, error) {
	return &boardCommitter{board: s.board}, nil
}

// boardWriter holds rows until they are prepared: rows in a batch of the job's budget, encoded lines in a budget of its own.
type boardWriter struct {
	encoder connector.Encoder
	budget  *batch.Budget
	pool    *batch.Pool
	held    *batch.Batch
	types   []*schema.Type
	staged  []byte
}

func (w *boardWriter) Write(b *batch.Batch) error {
	add := func(row int) error {
		if w.held.Len() == 2 { // Small, so that tests see more than one flush.
			if err := w.flush(); err != nil {
				return err
			}
		}
		for c := range w.types {
			w.held.Own(c).AppendFrom(b.Col(c), row)
		}
		w.held.AppendKind(b.Kind(row))
		return w.pool.Err()
	}
	if sel := b.Sel(); sel != nil {
		for _, row := range sel {
			if err := add(int(row)); err != nil {
				return err
			}
		}
		return nil
	}
	for row := range b.Len() {
		if err := add(row); err != nil {
			return err
		}
	}
	return nil
}

// flush encodes the rows that are held.
func (w *boardWriter) flush() error {
	positions := make([]int32, w.held.Len())
	for i := range positions {
		positions[i] = int32(i)
	}
	staged, err := w.encoder.Encode(w.staged, w.held, positions)
	if err != nil {
		return err
	}
	if err := w.budget.Grow(int64(len(staged) - len(w.staged))); err != nil {
		return err
	}
	w.staged = staged
	w.held.Release()
	w.held = w.pool.Get()
	return nil
}

func (w *boardWriter) Tick(int64) error { return nil }

func (w *boardWriter) Prepare(int64, bool) ([]connector.Committable, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	if len(w.staged) == 0 {
		return nil, nil
	}
	staged := w.staged
	w.staged = nil
	w.budget.Shrink(int64(len(staged)))
	return []connector.Committable{{Data: staged}}, nil
}

func (w *boardWriter) Close() error {
	w.held.Release()
	w.budget.Shrink(int64(len(w.staged)))
	w.staged = nil
	return nil
}

type boardCommitter struct{ board *Board }

func (c *boardCommitter) Commit(_ context.Context, work []connector.Committable) error {
	for _, w := range work {
		for rest := string(w.Data); rest != ""; {
			var line string
			line, rest, _ = strings.Cut(rest, "\n")
			c.board.publish(line)
		}
	}
	return nil
}

func (c *boardCommitter) Close() error { return nil }
