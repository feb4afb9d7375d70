// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"spate/connector"
)

// work is a committable: the files of one subtask that a checkpoint holds.
type work struct {
	Version int       `json:"v"`
	Files   []pending `json:"files"`
	End     bool      `json:"end,omitempty"` // The subtask's input has ended.
}

func encodeWork(w *work) (connector.Committable, error) {
	b, err := json.Marshal(w)
	return connector.Committable{Data: b}, err
}

// committer gives files their names and announces partitions.
type committer struct {
	sink *sink
	// first is when the first file of a partition was committed; partitions that were announced since their last file are not in it.
	first map[string]time.Time
}

// Commit implements connector.Committer.
func (c *committer) Commit(ctx context.Context, committables []connector.Committable) error {
	ended := false
	touched := map[string]bool{}
	for _, x := range committables {
		var w work
		if err := json.Unmarshal(x.Data, &w); err != nil {
			return fmt.Errorf("committing to %s: %w", c.sink.table.Name, err)
		}
		if w.Version != stateVersion {
			return fmt.Errorf("committing to %s: version %d is not known", c.sink.table.Name, w.Version)
		}
		ended = ended || w.End
		for i := range w.Files {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := c.publish(&w.Files[i]); err != nil {
				return fmt.Errorf("committing to %s: %w", c.sink.table.Name, err)
			}
			touched[w.Files[i].Folder] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(touched)) {
		if err := syncFolder(filepath.Join(c.sink.path, filepath.FromSlash(folder))); err != nil {
			return fmt.Errorf("committing to %s: %w", c.sink.table.Name, err)
		}
	}
	return c.announce(touched, ended)
}

// publish gives a file its name. One that has it already was committed before.
func (c *committer) publish(p *pending) error {
	dir := filepath.Join(c.sink.path, filepath.FromSlash(p.Folder))
	hidden, name := filepath.Join(dir, p.Hidden), filepath.Join(dir, p.Name)
	err := os.Rename(hidden, name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, statErr := os.Stat(name); statErr == nil {
			return nil
		}
	}
	return err
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// announce writes the success files of the partitions that are due: with new files and older than the delay, or all at the end. A table
// without partitions is announced at the end.
func (c *committer) announce(touched map[string]bool, ended bool) error {
	if !c.sink.commit.successFile {
		return nil
	}
	if len(c.sink.partitions) == 0 {
		if !ended {
			return nil
		}
		return c.success("")
	}
	now := time.Now()
	for folder := range touched {
		if _, ok := c.first[folder]; !ok {
			c.first[folder] = now
		}
	}
	for folder, first := range c.first {
		if !ended && now.Sub(first) < c.sink.commit.delay {
			continue
		}
		if err := c.success(folder); err != nil {
			return err
		}
		delete(c.first, folder)
	}
	return nil
}

func (c *committer) success(folder string) error {
	dir := filepath.Join(c.sink.path, filepath.FromSlash(folder))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("announcing %s: %w", dir, err)
	}
	if err := os.WriteFile(filepath.Join(dir, c.sink.commit.name), nil, 0o644); err != nil {
		return fmt.Errorf("announcing %s: %w", dir, err)
	}
	return nil
}

// Close implements connector.Committer.
func (*committer) Close() error { return nil }
