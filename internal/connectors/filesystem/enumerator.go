// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"spate/connector"
)

// enumerator lists files and gives out splits in their order to whoever asks. In watched mode it lists again, at most every interval, and
// remembers every path that it has seen: a table of files that come and go for ever needs memory for their names.
type enumerator struct {
	source      *source
	parallelism int

	mu      sync.Mutex
	listed  bool
	pending []connector.Split
	seen    map[string]bool
	next    time.Time // When to list again.
	wake    chan struct{}
	timer   *time.Timer
}

// Enumerator implements connector.Source.
func (s *source) Enumerator(_ *connector.Scan, parallelism int) (connector.Enumerator, error) {
	return &enumerator{source: s, parallelism: parallelism, seen: map[string]bool{}}, nil
}

// Next implements connector.Enumerator.
func (e *enumerator) Next(_ context.Context, _ int) ([]connector.Split, bool, <-chan struct{}, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	watched := e.source.monitor > 0
	if now := time.Now(); !e.listed || watched && len(e.pending) == 0 && !now.Before(e.next) {
		if err := e.list(); err != nil {
			return nil, false, nil, err
		}
		e.listed = true
		if watched {
			e.schedule(now)
		}
	}
	if len(e.pending) > 0 {
		split := e.pending[0]
		e.pending = e.pending[1:]
		return []connector.Split{split}, !watched && len(e.pending) == 0, nil, nil
	}
	return nil, !watched, e.wake, nil
}

// schedule sets the time of the next listing and a wake-up for it.
func (e *enumerator) schedule(now time.Time) {
	e.next = now.Add(e.source.monitor)
	wake := make(chan struct{})
	e.wake = wake
	e.timer = time.AfterFunc(e.source.monitor, func() { close(wake) }) // Ends by itself, or by Close.
}

// list adds the splits of new files.
func (e *enumerator) list() error {
	files, err := e.source.list()
	if err != nil {
		return err
	}
	if len(files) == 0 && e.source.monitor == 0 && !isFolder(e.source.path) {
		return fmt.Errorf("table %s: no file matches %s", e.source.table.Name, e.source.path)
	}
	for _, f := range files {
		if e.seen[f.Path] {
			continue
		}
		e.seen[f.Path] = true
		for _, p := range e.source.cut(f, e.parallelism) {
			split, err := p.encode()
			if err != nil {
				return err
			}
			e.pending = append(e.pending, split)
		}
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Return implements connector.Enumerator.
func (e *enumerator) Return(splits []connector.Split) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pending = append(append([]connector.Split{}, splits...), e.pending...)
}

// enumeratorState is the enumerator in a checkpoint.
type enumeratorState struct {
	Version int               `json:"v"`
	Listed  bool              `json:"listed"`
	Pending []connector.Split `json:"pending"`
	Seen    []string          `json:"seen"`
}

// Snapshot implements connector.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	st := enumeratorState{Version: stateVersion, Listed: e.listed, Pending: e.pending}
	if e.source.monitor > 0 {
		for path := range e.seen {
			st.Seen = append(st.Seen, path)
		}
	}
	return json.Marshal(st)
}

// Restore implements connector.Enumerator.
func (e *enumerator) Restore(state []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var st enumeratorState
	if err := json.Unmarshal(state, &st); err != nil {
		return fmt.Errorf("restoring the splits of %s: %w", e.source.table.Name, err)
	}
	if st.Version != stateVersion {
		return fmt.Errorf("restoring the splits of %s: version %d is not known", e.source.table.Name, st.Version)
	}
	e.listed, e.pending, e.seen = st.Listed, st.Pending, map[string]bool{}
	for _, path := range st.Seen {
		e.seen[path] = true
	}
	return nil
}

// Close implements connector.Enumerator.
func (e *enumerator) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.timer != nil {
		e.timer.Stop()
	}
	return nil
}
