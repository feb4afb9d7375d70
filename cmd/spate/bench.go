// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"spate/bench/nexmark"
	"spate/internal/app"
)

// benchCommand groups the benchmarks.
func benchCommand() *cobra.Command {
	c := &cobra.Command{Use: "bench", Short: "Measure Spate"}
	c.AddCommand(benchNexmarkCommand(), benchLatencyCommand())
	wantSubcommand(c)
	return c
}

// The formats of results.
const (
	formatTable = "table"
	formatJSON  = "json"
)

// benchFlags are those of every benchmark.
type benchFlags struct {
	set    []string
	format string
}

func (f *benchFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.set, "set", nil, "setting `key=value`; may be repeated")
	c.Flags().StringVar(&f.format, "format", formatTable, "table or json")
}

func (f *benchFlags) check() error {
	if f.format != formatTable && f.format != formatJSON {
		return usageError{fmt.Errorf("--format %s: want table or json", f.format)}
	}
	return nil
}

// settings parses the --set flags.
func settings(set []string) (map[string]string, error) {
	m := make(map[string]string)
	for _, kv := range set {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("--set %s: want key=value", kv)}
		}
		m[k] = v
	}
	return m, nil
}

// benchNexmarkCommand measures Nexmark queries. With more than one query each runs in a process of its own, so that the CPU time and
// the memory are its own.
func benchNexmarkCommand() *cobra.Command {
	var f benchFlags
	cfg := nexmark.Config{}
	c := &cobra.Command{
		Use: "nexmark", Short: "Run Nexmark queries into a sink that drops what it gets", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := settings(f.set)
			if err != nil {
				return err
			}
			cfg.Set = set
			if err := f.check(); err != nil {
				return err
			}
			queries := strings.Split(cfg.Query, ",")
			if cfg.Query == "all" {
				queries = append([]string{nexmark.Source}, nexmark.Queries()...)
			}
			if f.format == formatTable {
				printNexmarkHead(c.OutOrStdout())
			}
			if len(queries) > 1 {
				return eachInProcess(c, queries, cfg, f)
			}
			r, err := nexmark.Run(c.Context(), app.New(app.Config{}), cfg)
			if err != nil {
				return err
			}
			return printNexmark(c.OutOrStdout(), f.format, r)
		},
	}
	c.Flags().StringVar(&cfg.Query, "query", "all", "query, comma-separated queries, or all")
	c.Flags().Int64Var(&cfg.Events, "events", 10_000_000, "number of events")
	c.Flags().Int64Var(&cfg.Rate, "rate", 100_000, "events a second of event time")
	c.Flags().IntVar(&cfg.Parallelism, "parallelism", 1, "parallelism")
	f.add(c)
	return c
}

// eachInProcess runs each query by this binary anew.
func eachInProcess(c *cobra.Command, queries []string, cfg nexmark.Config, f benchFlags) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this binary: %w", err)
	}
	for _, q := range queries {
		args := []string{
			"bench", "nexmark", "--query", q, "--events", strconv.FormatInt(cfg.Events, 10), "--rate", strconv.FormatInt(cfg.Rate, 10),
			"--parallelism", strconv.Itoa(cfg.Parallelism), "--format", formatJSON,
		}
		for _, kv := range f.set {
			args = append(args, "--set", kv)
		}
		cmd := exec.CommandContext(c.Context(), self, args...)
		cmd.Stderr = c.ErrOrStderr()
		out, err := cmd.Output()
		if err != nil {
			fmt.Fprintf(c.ErrOrStderr(), "%s: %v\n", q, err)
			continue
		}
		var r nexmark.Result
		if err := json.Unmarshal(out, &r); err != nil {
			return fmt.Errorf("reading the result of %s: %w", q, err)
		}
		if err := printNexmark(c.OutOrStdout(), f.format, r); err != nil {
			return err
		}
	}
	return nil
}

func printNexmarkHead(w io.Writer) {
	fmt.Fprintf(w, "%-8s %12s %4s %8s %8s %10s %12s %10s %12s\n",
		"query", "events", "p", "wall s", "CPU s", "K/s", "K/CPU-s", "RSS MB", "rows out")
}

func printNexmark(w io.Writer, format string, r nexmark.Result) error {
	if format == formatJSON {
		return json.NewEncoder(w).Encode(r)
	}
	_, err := fmt.Fprintf(w, "%-8s %12d %4d %8.2f %8.2f %10.0f %12.0f %10.0f %12d\n",
		r.Query, r.Events, r.Parallelism, r.WallS, r.CPUS, r.KevPerS, r.KevPerCPUS, r.PeakRSSMB, r.RowsOut)
	return err
}
