// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package testkit runs SQL in process: with connectors, formats and functions of one's own, to their end, for tests and for small
// programs.
//
// An Env belongs to one goroutine.
package testkit

import (
	"context"
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/app"
	"spate/internal/expr"
	"spate/schema"
	"spate/udf"
)

// Config is what an environment has beyond what comes with Spate.
type Config struct {
	Connectors []*connector.Factory
	Formats    []*connector.Format
	Functions  []udf.Scalar
	// Settings are configuration keys and values.
	Settings map[string]string
	// MemoryLimit in bytes; 0: none.
	MemoryLimit int64
}

// Env is a session: tables, views and settings last until Close.
type Env struct{ session *app.Session }

// New returns an environment.
func New(c Config) (*Env, error) {
	var functions []*expr.Function
	for _, u := range c.Functions {
		functions = append(functions, app.ScalarFunction(u))
	}
	e := app.New(app.Config{Connectors: c.Connectors, Formats: c.Formats, Functions: functions, Memory: c.MemoryLimit})
	env := &Env{session: e.NewSession()}
	for k, v := range c.Settings {
		if err := env.session.Set(k, v); err != nil {
			return nil, err
		}
	}
	return env, nil
}

// Exec executes the statements of a script one after another and waits for the jobs of its INSERTs.
func (e *Env) Exec(ctx context.Context, script string) error { return e.session.RunScript(ctx, script) }

// Row is one change of a result.
type Row struct {
	Kind   schema.RowKind
	Values []schema.Value
}

// Query runs a query to its end and returns its changes in order.
func (e *Env) Query(ctx context.Context, query string) ([]Row, error) {
	var rows []Row
	_, err := e.Each(ctx, query, func(b *batch.Batch) error {
		for _, c := range app.AppendChanges(nil, b) {
			rows = append(rows, Row{Kind: c.Kind, Values: c.Row})
		}
		return nil
	})
	return rows, err
}

// Each runs a query and hands the batches of its result to f, which must not keep them. It returns the result's columns.
func (e *Env) Each(ctx context.Context, query string, f func(b *batch.Batch) error) (schema.Schema, error) {
	q, err := e.session.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	for b := q.Next(); b != nil; b = q.Next() {
		err := f(b)
		b.Release()
		if err != nil {
			return nil, fmt.Errorf("reading result: %w", err)
		}
	}
	return q.Schema, q.Err()
}

// Close cancels what still runs.
func (e *Env) Close() { e.session.Close() }
