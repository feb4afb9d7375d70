// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/control/worker"
	"spate/internal/exchange"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sys/budget"
	"spate/internal/sys/conf"
)

// Engine runs jobs in this process.
type Engine struct {
	registry  *connector.Registry
	functions *expr.Registry
	budget    *budget.Node
	tests     Faults
}

// Faults are the ways in which tests make life harder for a job; the zero value is production.
type Faults struct {
	BatchRows   int    // Cap on the rows of a batch.
	Poison      bool   // Released buffers are overwritten.
	NotResident uint64 // Seed of random "not resident" answers of state lookups.
	Carrier     exchange.Carrier
	EncodeGraph bool // The graph is encoded and decoded before it runs.
	NowMillis   func() int64
}

// Config is what an engine is made of. The zero value has what comes with Spate.
type Config struct {
	// Connectors, Formats and Functions come on top of the built-in ones.
	Connectors []*connector.Factory
	Formats    []*connector.Format
	Functions  []*expr.Function
	// Memory limits the process in bytes; 0: no limit.
	Memory int64
	Faults Faults
}

// New returns an engine.
func New(c Config) *Engine {
	e := &Engine{
		registry:  connector.NewRegistry(append(builtinConnectors(), c.Connectors...), append(builtinFormats(), c.Formats...)),
		functions: expr.Builtins(), budget: budget.New("process", c.Memory), tests: c.Faults,
	}
	if len(c.Functions) > 0 {
		e.functions = e.functions.With(c.Functions)
	}
	return e
}

// Connectors returns the engine's connectors and formats.
func (e *Engine) Connectors() *connector.Registry { return e.registry }

// Functions returns the engine's functions.
func (e *Engine) Functions() *expr.Registry { return e.functions }

// Start runs a job graph. collect receives the rows of SELECT results from the goroutines of the tasks and must copy what it keeps.
func (e *Engine) Start(ctx context.Context, g *graph.Job, collect func(id string, subtask int, b *batch.Batch) error) (*worker.Job, error) {
	if e.tests.EncodeGraph {
		b, err := graph.Encode(g)
		if err != nil {
			return nil, err
		}
		if g, err = graph.Decode(b); err != nil {
			return nil, err
		}
	}
	c, err := conf.FromMap(g.Config)
	if err != nil {
		return nil, fmt.Errorf("configuration of job %s: %w", g.Name, err)
	}
	return worker.Start(ctx, g, worker.Options{
		Registry: e.functions, Tables: tables{e.registry}, Budget: e.budget.Child(g.Name, int64(conf.MemoryLimit.Get(c))), Collect: collect,
		Env: expr.Env{
			TimeZone:   conf.LocalTimeZone.Get(c),
			LegacyCast: conf.LegacyCast.Get(c) == "ENABLED",
		},
		BufferTimeout: bufferTimeout(c),
		BatchRows:     e.tests.BatchRows, NowMillis: e.tests.NowMillis, Poison: e.tests.Poison,
		NotResident: e.tests.NotResident, Carrier: e.tests.Carrier,
	})
}

// bufferTimeout returns the milliseconds that rows wait for their batch to fill; a century when they wait for nothing else.
func bufferTimeout(c *conf.Config) int64 {
	if !conf.BufferTimeoutEnabled.Get(c) {
		return 100 * 365 * 24 * 3600 * 1000
	}
	return conf.BufferTimeout.Get(c).Milliseconds()
}
