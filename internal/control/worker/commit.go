// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"spate/connector"
	"spate/internal/graph"
	"spate/internal/task"
)

// commits collects what the sinks of a job prepared and commits it, in the order in which it was prepared.
type commits struct {
	tables task.Tables
	sinks  map[string]*graph.SinkSpec // By node UID.

	mu         sync.Mutex
	staged     map[string][]connector.Committable
	order      []string
	committers map[string]connector.Committer
}

func newCommits(g *graph.Job, tables task.Tables) *commits {
	c := &commits{
		tables: tables, sinks: make(map[string]*graph.SinkSpec),
		staged: make(map[string][]connector.Committable), committers: make(map[string]connector.Committer),
	}
	for _, v := range g.Vertices {
		for _, n := range v.Nodes {
			if s, ok := n.Spec.(*graph.SinkSpec); ok {
				c.sinks[n.UID] = s
			}
		}
	}
	return c
}

// stage takes what a sink's writer prepared.
func (c *commits) stage(uid string, _ int64, work []connector.Committable) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.staged[uid]) == 0 {
		c.order = append(c.order, uid)
	}
	c.staged[uid] = append(c.staged[uid], work...)
}

// finish commits all that is staged: the job's input has ended and every writer has prepared its last work.
func (c *commits) finish(ctx context.Context) error {
	c.mu.Lock()
	order := c.order
	c.order = nil
	c.mu.Unlock()
	for _, uid := range order {
		committer, err := c.committer(uid)
		if err != nil {
			return err
		}
		if committer == nil {
			continue
		}
		c.mu.Lock()
		work := c.staged[uid]
		delete(c.staged, uid)
		c.mu.Unlock()
		if err := committer.Commit(ctx, work); err != nil {
			return fmt.Errorf("committing to sink %s: %w", c.sinks[uid].Table.Name, err)
		}
	}
	return nil
}

func (c *commits) committer(uid string) (connector.Committer, error) {
	if k, ok := c.committers[uid]; ok {
		return k, nil
	}
	spec := c.sinks[uid]
	sink, err := c.tables.Sink(&spec.Table)
	if err != nil {
		return nil, fmt.Errorf("sink %s: %w", spec.Table.Name, err)
	}
	k, err := sink.Committer()
	if err != nil {
		return nil, fmt.Errorf("sink %s: %w", spec.Table.Name, err)
	}
	c.committers[uid] = k
	return k, nil
}

func (c *commits) close() error {
	var err error
	for _, k := range c.committers {
		if k != nil {
			err = errors.Join(err, k.Close())
		}
	}
	return err
}
