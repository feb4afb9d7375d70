// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"

	"spate/connector"
	"spate/internal/graph"
)

// tables makes connectors of table specs, for the tasks of a job.
type tables struct{ registry *connector.Registry }

// Source implements task.Tables.
func (t tables) Source(spec *graph.TableSpec) (connector.Source, error) {
	f, table, err := t.open(spec)
	if err != nil {
		return nil, err
	}
	s, err := f.NewSource(table)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", spec.Name, err)
	}
	return s, nil
}

// Sink implements task.Tables.
func (t tables) Sink(spec *graph.TableSpec) (connector.Sink, error) {
	f, table, err := t.open(spec)
	if err != nil {
		return nil, err
	}
	s, err := f.NewSink(table)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", spec.Name, err)
	}
	return s, nil
}

func (t tables) open(spec *graph.TableSpec) (*connector.Factory, *connector.Table, error) {
	f, err := t.registry.Open(spec.Options)
	if err != nil {
		return nil, nil, fmt.Errorf("table %s: %w", spec.Name, err)
	}
	return f, &connector.Table{
		Name: spec.Name, Columns: spec.Columns, Metadata: spec.Metadata, PrimaryKey: spec.PrimaryKey,
		PartitionKeys: spec.PartitionKeys, Options: spec.Options, Formats: t.registry, TimeZone: spec.TimeZone,
	}, nil
}
