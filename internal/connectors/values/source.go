// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package values

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

type source struct {
	set      *Set
	caps     connector.SourceCapabilities
	columns  int
	metadata schema.Schema
}

func newSource(d *Data, t *connector.Table) (connector.Source, error) {
	s := &source{columns: len(t.Columns)}
	if id, ok := t.Options[keyDataID]; ok {
		if s.set = d.set(id); s.set == nil {
			return nil, unknownSet(d, t, id)
		}
	} else {
		s.set = New().Register("")
	}
	kinds, err := parseKinds(keyChangelog, t.Options.Get(keyChangelog, "I"))
	if err != nil {
		return nil, err
	}
	if s.metadata, err = parseMetadata(keyReadable, t.Options.Get(keyReadable, "")); err != nil {
		return nil, err
	}
	s.caps = connector.SourceCapabilities{
		Bounded: t.Options.Bool(keyBounded, false), Changelog: kinds, Metadata: s.metadata,
		Projection: t.Options.Bool(keyProjection, true), Parallelism: 1, DeleteByKey: t.Options.Bool(keySourceKeyOnly, false),
	}
	return s, nil
}

// Capabilities implements connector.Source.
func (s *source) Capabilities() connector.SourceCapabilities { return s.caps }

// state is a split in a checkpoint: the number of rows that were read.
type state struct {
	Version  int `json:"v"`
	Position int `json:"position"`
}

const (
	stateVersion = 1
	splitID      = "values"
)

func encode(position int) (connector.Split, error) {
	b, err := json.Marshal(state{Version: stateVersion, Position: position})
	return connector.Split{ID: splitID, State: b}, err
}

// enumerator has one split.
type enumerator struct {
	mu   sync.Mutex
	open []connector.Split
}

// Enumerator implements connector.Source.
func (*source) Enumerator(*connector.Scan, int) (connector.Enumerator, error) {
	split, err := encode(0)
	return &enumerator{open: []connector.Split{split}}, err
}

// Next implements connector.Enumerator.
func (e *enumerator) Next(context.Context, int) ([]connector.Split, bool, <-chan struct{}, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := e.open
	e.open = nil
	return out, true, nil, nil
}

// Return implements connector.Enumerator.
func (e *enumerator) Return(splits []connector.Split) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = append(e.open, splits...)
}

// Snapshot implements connector.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return json.Marshal(e.open)
}

// Restore implements connector.Enumerator.
func (e *enumerator) Restore(b []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = nil
	return json.Unmarshal(b, &e.open)
}

// Close implements connector.Enumerator.
func (*enumerator) Close() error { return nil }

type reader struct {
	set     *Set
	columns []int // Value of a row that each column is.
	paths   [][]int
	at      []int // Position of each split; -1 when finished.
}

// Reader implements connector.Source.
func (s *source) Reader(scan *connector.Scan, _ *connector.ReaderContext) (connector.Reader, error) {
	r := &reader{set: s.set}
	for _, c := range scan.Columns {
		if c.Metadata != "" {
			i := s.metadata.Index(c.Metadata)
			if i < 0 {
				return nil, fmt.Errorf("reading metadata %s: no such key", c.Metadata)
			}
			r.columns, r.paths = append(r.columns, s.columns+i), append(r.paths, nil)
			continue
		}
		r.columns, r.paths = append(r.columns, c.Path[0]), append(r.paths, c.Path[1:])
	}
	return r, nil
}

// AddSplits implements connector.Reader.
func (r *reader) AddSplits(splits []connector.Split) error {
	for _, s := range splits {
		var st state
		if err := json.Unmarshal(s.State, &st); err != nil {
			return fmt.Errorf("reading split %s: %w", s.ID, err)
		}
		if st.Version != stateVersion || st.Position < 0 {
			return fmt.Errorf("reading split %s: no valid state: %s", s.ID, s.State)
		}
		r.at = append(r.at, st.Position)
	}
	return nil
}

// Next implements connector.Reader.
func (r *reader) Next(b *batch.Batch, limit int) (connector.Status, error) {
	split := len(r.at) - 1
	if split < 0 || r.at[split] < 0 {
		return connector.Status{State: connector.Starve}, nil
	}
	st := connector.Status{Split: split}
	rows, ended, wake := r.set.from(r.at[split], limit)
	for _, row := range rows {
		for c, i := range r.columns {
			if i >= len(row.Values) {
				return st, fmt.Errorf("row %d of a data set has %d values, column %d is asked for", r.at[split], len(row.Values), i)
			}
			v := row.Values[i]
			for _, f := range r.paths[c] {
				if v.Null {
					break
				}
				v = v.Elems[f]
			}
			b.Own(c).AppendValue(v)
		}
		b.AppendKind(row.Kind)
		r.at[split]++
	}
	switch {
	case ended:
		r.at[split] = -1
		st.Finished = []int{split}
	case len(rows) == 0:
		st.State, st.Wake = connector.Wait, wake
	}
	return st, nil
}

// Snapshot implements connector.Reader.
func (r *reader) Snapshot() ([]connector.Split, error) {
	var out []connector.Split
	for _, at := range r.at {
		if at < 0 {
			continue
		}
		s, err := encode(at)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Close implements connector.Reader.
func (*reader) Close() error { return nil }
