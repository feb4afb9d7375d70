// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"context"
	"fmt"
	"strconv"
	"syscall"
	"time"

	"spate/internal/app"
	"spate/internal/sys/conf"
)

// Config says what to measure.
type Config struct {
	Query       string
	Events      int64
	Rate        int64 // Events a second of event time.
	Parallelism int
	Set         map[string]string // Further settings.
}

// Result is one measurement. CPU is that of the whole process from its start to the end of the job.
type Result struct {
	Query       string  `json:"query"`
	Events      int64   `json:"events"`
	Parallelism int     `json:"parallelism"`
	WallS       float64 `json:"wall_s"`
	CPUS        float64 `json:"cpu_s"`
	KevPerS     float64 `json:"kev_per_s"`
	KevPerCPUS  float64 `json:"kev_per_cpu_s"`
	PeakRSSMB   float64 `json:"peak_rss_mb"`
	RowsOut     int64   `json:"rows_out"`
}

// sink receives every column of the query and drops it.
const sink = "CREATE TABLE bench_sink WITH ('connector' = 'blackhole') AS\n"

// open returns a session with the tables of the benchmark.
func open(ctx context.Context, e *app.Engine, c Config, options map[string]string) (*app.Session, error) {
	s := e.NewSession()
	if err := s.Set(conf.ParallelismDefault.Key, strconv.Itoa(c.Parallelism)); err != nil {
		return nil, err
	}
	for k, v := range c.Set {
		if err := s.Set(k, v); err != nil {
			return nil, err
		}
	}
	err := s.RunScript(ctx, Tables(c.Events, c.Rate, options))
	return s, err
}

// Run runs one query into a sink that drops what it gets, and measures it.
func Run(ctx context.Context, e *app.Engine, c Config) (Result, error) {
	query, err := Query(c.Query)
	if err != nil {
		return Result{}, err
	}
	s, err := open(ctx, e, c, nil)
	if err != nil {
		return Result{}, err
	}
	defer s.Close()
	start := time.Now()
	o, err := s.Execute(ctx, sink+query)
	if err != nil {
		return Result{}, err
	}
	if err := o.Job.Wait(); err != nil {
		return Result{}, err
	}
	wall := time.Since(start).Seconds()
	cpu, rss, err := usage()
	if err != nil {
		return Result{}, err
	}
	status := o.Job.Status()
	if status.Read == 0 || status.Read%c.Events != 0 { // A query may read the events more than once.
		return Result{}, fmt.Errorf("%s passed %d events of %d", c.Query, status.Read, c.Events)
	}
	return Result{
		Query: c.Query, Events: c.Events, Parallelism: c.Parallelism, WallS: round(wall), CPUS: round(cpu),
		KevPerS: round(float64(c.Events) / wall / 1000), KevPerCPUS: round(float64(c.Events) / cpu / 1000),
		PeakRSSMB: round(rss), RowsOut: status.RowsOut,
	}, nil
}

func round(x float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 3, 64), 64)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return r
}

// usage returns the CPU seconds (user and system) of the process and its greatest resident memory in MiB.
func usage() (cpu, rss float64, err error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0, fmt.Errorf("reading the process's usage: %w", err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(u.Utime) + seconds(u.Stime), float64(u.Maxrss) / 1024, nil
}
