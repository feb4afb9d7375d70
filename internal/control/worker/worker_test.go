// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package worker_test

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/connectors/blackhole"
	"spate/internal/connectors/nexmark"
	"spate/internal/control/worker"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/schema"
)

// tables opens connectors by the name of the spec.
type tables struct{}

func (tables) Source(t *graph.TableSpec) (connector.Source, error) {
	return nexmark.Factory().Source(table(t))
}

func (tables) Sink(t *graph.TableSpec) (connector.Sink, error) {
	return blackhole.Factory().Sink(table(t))
}

func table(t *graph.TableSpec) *connector.Table {
	return &connector.Table{Name: t.Name, Columns: t.Columns, Options: t.Options, TimeZone: "UTC"}
}

var (
	ts       = schema.NewTimestamp(3)
	bidType  = schema.NewRow(field("auction", schema.TypeBigInt), field("bidder", schema.TypeBigInt), field("price", schema.TypeBigInt), field("channel", schema.TypeString), field("url", schema.TypeString), field("dateTime", ts), field("extra", schema.TypeString))
	person   = schema.NewRow(field("id", schema.TypeBigInt), field("name", schema.TypeString), field("emailAddress", schema.TypeString), field("creditCard", schema.TypeString), field("city", schema.TypeString), field("state", schema.TypeString), field("dateTime", ts), field("extra", schema.TypeString))
	auction  = schema.NewRow(field("id", schema.TypeBigInt), field("itemName", schema.TypeString), field("description", schema.TypeString), field("initialBid", schema.TypeBigInt), field("reserve", schema.TypeBigInt), field("dateTime", ts), field("expires", ts), field("seller", schema.TypeBigInt), field("category", schema.TypeBigInt), field("extra", schema.TypeString))
	events   = schema.Schema{field("event_type", schema.TypeInt), field("person", person), field("auction", auction), field("bid", bidType)}
	outTypes = []*schema.Type{schema.TypeBigInt, schema.TypeBigInt}
)

func field(name string, t *schema.Type) schema.Field { return schema.Field{Name: name, Type: t} }

// bidsByAuction is source -> hash -> collect, at parallelism p.
func bidsByAuction(n int64, p int) *graph.Job {
	src := &graph.SourceSpec{
		Table: graph.TableSpec{Name: "events", Columns: events, Options: map[string]string{"connector": "nexmark", "events.num": strconv.FormatInt(n, 10)}},
		Scan: connector.Scan{
			Columns: []connector.ScanColumn{{Path: []int{3, 0}}, {Path: []int{3, 2}}}, Types: outTypes,
			Filters: []connector.Filter{{Path: []int{0}, Op: connector.Eq, Value: schema.IntValue(2)}},
		},
	}
	return &graph.Job{
		Version: graph.Version, Name: "test",
		Vertices: []*graph.Vertex{
			{ID: 1, Name: "source", Parallelism: p, MaxParallelism: 128, Nodes: []*graph.Node{{UID: "a", Name: "source", From: -1, Spec: src, Out: outTypes}}},
			{ID: 2, Name: "collect", Parallelism: p, MaxParallelism: 128, Nodes: []*graph.Node{{UID: "b", Name: "collect", From: -1, Spec: &graph.CollectSpec{ID: "x"}, In: outTypes}}},
		},
		Edges: []*graph.Edge{{From: 1, To: 2, Partitioning: graph.Partitioning{Ship: graph.Hash, Keys: []int{0}}}},
	}
}

func options(collect func(string, int, *batch.Batch) error) worker.Options {
	return worker.Options{Registry: expr.Builtins(), Tables: tables{}, Collect: collect, BufferTimeout: 5}
}

func TestEveryRowArrivesOnce(t *testing.T) {
	const n = 200_000
	for _, p := range []int{1, 3} {
		var rows atomic.Int64
		j, err := worker.Start(t.Context(), bidsByAuction(n, p), options(func(_ string, _ int, b *batch.Batch) error {
			rows.Add(int64(b.Rows()))
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Wait(); err != nil {
			t.Fatal(err)
		}
		if got, want := rows.Load(), int64(n/50*46); got != want {
			t.Errorf("p=%d: %d rows arrived, want %d", p, got, want)
		}
		if s := j.Status(); s.RowsIn != n/50*46 {
			t.Errorf("p=%d: status has %d rows in", p, s.RowsIn)
		}
	}
}

func TestCancelLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	blocked := make(chan struct{})
	var once atomic.Bool
	ctx, cancel := context.WithCancel(t.Context())
	j, err := worker.Start(ctx, bidsByAuction(0, 2), options(func(string, int, *batch.Batch) error {
		if once.CompareAndSwap(false, true) {
			close(blocked)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	<-blocked
	j.Cancel()
	if err := j.Wait(); !worker.IsCanceled(err) {
		t.Errorf("got %v, want the error of a cancel", err)
	}
	cancel()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func TestFailureStopsTheJob(t *testing.T) {
	boom := context.DeadlineExceeded
	j, err := worker.Start(t.Context(), bidsByAuction(0, 2), options(func(string, int, *batch.Batch) error { return boom }))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Wait(); err == nil || worker.IsCanceled(err) {
		t.Errorf("got %v, want the error of the task", err)
	}
}

func TestGraphSurvivesEncoding(t *testing.T) {
	j := bidsByAuction(1000, 2)
	b, err := graph.Encode(j)
	if err != nil {
		t.Fatal(err)
	}
	again, err := graph.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	c, err := graph.Encode(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, c) {
		t.Errorf("encoded anew:\n%s\nbefore:\n%s", c, b)
	}
}
