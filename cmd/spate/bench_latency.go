// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spate/bench/latency"
	"spate/internal/app"
)

const latencyHelp = `Measure the time from an event to the sink: the embedded nexmark source emits each event when the clock reaches its time, the sink compares
the clock with the time in the row. count is a running count per auction with a row for every bid; window counts bids in tumbling
windows of 100 ms without watermark delay, from the last bid of the window. The first 2 seconds are not counted.

Settings that matter: execution.buffer-timeout.interval (flush), pipeline.auto-watermark-interval (windows wait for a watermark).`

// benchLatencyCommand measures the time from an event to the sink.
func benchLatencyCommand() *cobra.Command {
	var f benchFlags
	var cfg latency.Config
	c := &cobra.Command{
		Use: "latency", Short: "Measure the time from an event to the sink", Long: latencyHelp, Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			var err error
			if cfg.Set, err = settings(f.set); err != nil {
				return err
			}
			if cfg.Rate < 1 || cfg.Seconds < 1 {
				return usageError{errors.New("--rate and --seconds must be at least 1")}
			}
			names := strings.Split(cfg.Query, ",")
			if cfg.Query == "all" {
				names = latency.Names()
			}
			for _, name := range names {
				if !slices.Contains(latency.Names(), name) {
					return usageError{fmt.Errorf("no latency query '%s'; known are: %s", name, strings.Join(latency.Names(), ", "))}
				}
			}
			out := c.OutOrStdout()
			if f.format == formatTable {
				fmt.Fprintln(out, latency.Head())
			}
			for _, name := range names {
				one := cfg
				one.Query = name
				r, err := latency.Run(c.Context(), app.New(app.Config{}), one)
				if err != nil {
					return err
				}
				if f.format == formatTable {
					fmt.Fprintln(out, r.Line())
				} else if err := json.NewEncoder(out).Encode(r); err != nil {
					return fmt.Errorf("writing result: %w", err)
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&cfg.Query, "query", "all", "count, window, or all")
	c.Flags().Int64Var(&cfg.Rate, "rate", 100_000, "events a second")
	c.Flags().IntVar(&cfg.Seconds, "seconds", 10, "how long to measure")
	f.add(c)
	return c
}
