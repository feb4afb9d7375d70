// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package latency measures how long an event takes from its place in time to the sink. The `nexmark` source emits each event when the
// clock reaches the event's time, and the sink, which is a function in this process, compares the clock with the time that a row
// carries. So the figures hold all that lies between: a late source, batching, exchange, state, watermarks.
package latency

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"spate/batch"
	"spate/internal/app"
	"spate/internal/sql/parse"
	"spate/internal/sys/conf"
)

// The queries.
const (
	// Count is a running count per auction; every bid updates its auction, and the row carries the time of that bid.
	Count = "count"
	// Window counts all bids in tumbling windows of 100 ms; the row carries the time of the last bid of the window.
	Window = "window"
)

const (
	// lead is the time between planning and the first event, so that the job runs when it is due.
	lead = 500 * time.Millisecond
	// warmUp is the time whose events are not counted.
	warmUp = 2 * time.Second
)

const tables = `CREATE TABLE events (
  event_type INT,
  person ROW<` + "`dateTime`" + ` TIMESTAMP(3)>,
  auction ROW<` + "`dateTime`" + ` TIMESTAMP(3)>,
  bid ROW<auction BIGINT, ` + "`dateTime`" + ` TIMESTAMP(3)>,
  at AS CASE WHEN event_type = 0 THEN person.` + "`dateTime`" + ` WHEN event_type = 1 THEN auction.` + "`dateTime`" + ` ELSE bid.` + "`dateTime`" + ` END,
  WATERMARK FOR at AS at
) WITH (
  'connector' = 'nexmark', 'max-emit-speed' = 'false', 'base-time' = '%d', 'events.num' = '%d', 'first-event.rate' = '%d'
);
CREATE VIEW bid AS SELECT bid.auction, at FROM events WHERE event_type = 2;`

// queries give rows whose first column is the time that the latency counts from.
var queries = map[string]string{
	Count: "SELECT MAX(at), auction, COUNT(*) FROM bid GROUP BY auction",
	Window: `SELECT MAX(at), window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(at), INTERVAL '0.1' SECOND))
		GROUP BY window_start, window_end`,
}

// Config says what to measure.
type Config struct {
	Query   string
	Rate    int64 // Events a second.
	Seconds int   // How long to measure, after the warm-up.
	Set     map[string]string
}

// Result is one measurement; times are in milliseconds.
type Result struct {
	Query           string  `json:"query"`
	Rate            int64   `json:"rate"`
	BufferTimeoutMS int64   `json:"buffer_timeout_ms"`
	P50MS           float64 `json:"p50_ms"`
	P99MS           float64 `json:"p99_ms"`
	P999MS          float64 `json:"p999_ms"`
	MaxMS           float64 `json:"max_ms"`
	// Rows is the number of rows that the figures rest on, and Watermark the interval of watermarks.
	Rows      int           `json:"-"`
	Watermark time.Duration `json:"-"`
}

// Run measures one query.
func Run(ctx context.Context, e *app.Engine, c Config) (Result, error) {
	query, ok := queries[c.Query]
	if !ok {
		return Result{}, fmt.Errorf("no latency query '%s'; known are: %s, %s", c.Query, Count, Window)
	}
	s := e.NewSession()
	defer s.Close()
	// One row for every bid, as Flink makes them without mini-batch: a row per bundle would hide what the older bids of it waited.
	if err := s.Set(conf.MiniBatchEnabled.Key, "false"); err != nil {
		return Result{}, fmt.Errorf("preparing the session: %w", err)
	}
	for k, v := range c.Set {
		if err := s.Set(k, v); err != nil {
			return Result{}, err
		}
	}
	base := time.Now().Add(lead)
	events := c.Rate * int64(c.Seconds+int(warmUp/time.Second))
	if err := s.RunScript(ctx, fmt.Sprintf(tables, base.UnixMilli(), events, c.Rate)); err != nil {
		return Result{}, err
	}
	stmt, err := parse.Statement(query)
	if err != nil {
		return Result{}, err
	}
	planned, err := s.SQL().Run(stmt, query)
	if err != nil {
		return Result{}, err
	}
	r := &recorder{from: base.Add(warmUp).UnixMilli(), micros: make([]int64, 0, events)}
	job, err := e.Start(ctx, planned.Job.Graph, r.add)
	if err != nil {
		return Result{}, err
	}
	if err := job.Wait(); err != nil {
		return Result{}, fmt.Errorf("running %s: %w", c.Query, err)
	}
	settings := s.SQL().Settings()
	return r.result(Result{
		Query: c.Query, Rate: c.Rate, BufferTimeoutMS: conf.BufferTimeout.Get(settings).Milliseconds(),
		Watermark: conf.AutoWatermarkInterval.Get(settings),
	})
}

// recorder keeps the latency of every row; the sinks of all subtasks share it.
type recorder struct {
	from   int64 // Event time in milliseconds from which on rows count.
	mu     sync.Mutex
	micros []int64
}

// add records the added rows of a batch, with one look at the clock.
func (r *recorder) add(_ string, _ int, b *batch.Batch) error {
	now := time.Now().UnixMicro()
	at := batch.Values[int64](b.Col(0))
	if b.Col(0).IsConst() {
		return errors.New("BUG: a column of aggregates is constant")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	take := func(i int) {
		if b.Kind(i).IsAdd() && at[i] >= r.from {
			r.micros = append(r.micros, now-at[i]*1000)
		}
	}
	if sel := b.Sel(); sel != nil {
		for _, i := range sel {
			take(int(i))
		}
		return nil
	}
	for i := range b.Len() {
		take(i)
	}
	return nil
}

func (r *recorder) result(out Result) (Result, error) {
	if len(r.micros) == 0 {
		return out, errors.New("no row reached the sink after the warm-up")
	}
	slices.Sort(r.micros)
	at := func(q float64) float64 { return millis(r.micros[int(q*float64(len(r.micros)-1))]) }
	out.P50MS, out.P99MS, out.P999MS, out.MaxMS, out.Rows = at(0.5), at(0.99), at(0.999), at(1), len(r.micros)
	return out, nil
}

func millis(micros int64) float64 { return float64(micros) / 1000 }

// Names lists the queries.
func Names() []string { return []string{Count, Window} }

// Head returns the heading of the lines that Line returns.
func Head() string {
	return fmt.Sprintf("%-8s %9s %9s %10s %9s %9s %9s %9s %9s", "query", "events/s", "flush ms", "mark ms", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "rows")
}

// Line returns a result as a line for a person.
func (r *Result) Line() string {
	return strings.Join([]string{
		fmt.Sprintf("%-8s %9d %9d %10d", r.Query, r.Rate, r.BufferTimeoutMS, r.Watermark.Milliseconds()),
		fmt.Sprintf("%9.2f %9.2f %9.2f %9.2f", r.P50MS, r.P99MS, r.P999MS, r.MaxMS), fmt.Sprintf("%9s", strconv.Itoa(r.Rows)),
	}, " ")
}
