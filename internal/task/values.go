// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"context"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// constants reads the rows of a VALUES node: one split, read by subtask 0.
type constants struct {
	rows [][]schema.Value
	next int
	open bool
}

// AddSplits implements connector.Reader.
func (c *constants) AddSplits([]connector.Split) error {
	c.open = true
	return nil
}

// Next implements connector.Reader.
func (c *constants) Next(b *batch.Batch, limit int) (connector.Status, error) {
	for c.open && c.next < len(c.rows) && limit > 0 {
		b.AppendRow(schema.Insert, c.rows[c.next]...)
		c.next++
		limit--
	}
	if !c.open || c.next == len(c.rows) {
		return connector.Status{State: connector.Starve}, nil
	}
	return connector.Status{State: connector.More}, nil
}

// Snapshot implements connector.Reader.
func (*constants) Snapshot() ([]connector.Split, error) { return nil, nil }

// Close implements connector.Reader.
func (*constants) Close() error { return nil }

// oneSplit gives subtask 0 a single split.
type oneSplit struct{ given bool }

// Next implements Splits.
func (o *oneSplit) Next(_ context.Context, subtask int) ([]connector.Split, bool, <-chan struct{}, error) {
	if o.given || subtask != 0 {
		return nil, true, nil, nil
	}
	o.given = true
	return []connector.Split{{ID: "values"}}, true, nil, nil
}

var (
	_ connector.Reader = (*constants)(nil)
	_ Splits           = (*oneSplit)(nil)
)
