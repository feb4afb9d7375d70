// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
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

const nexmarkHelp = `Run Nexmark queries over the embedded source, into a sink that receives every column and drops it. The query source makes no event
and passes all of them: the cost of the source itself. With more than one query each runs in a process of its own.

CPU s is user and system time of the whole process from its start to the end of the job. With --verify each query then runs over a few events
as well, and its rows are compared with a digest of the right ones.`

// benchNexmarkCommand measures Nexmark queries. With more than one query each runs in a process of its own, so that the CPU time and
// the memory are its own.
func benchNexmarkCommand() *cobra.Command {
	var f benchFlags
	var verify bool
	cfg := nexmark.Config{}
	c := &cobra.Command{
		Use: "nexmark", Short: "Run Nexmark queries into a sink that drops what it gets", Long: nexmarkHelp, Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			var err error
			if cfg.Set, err = settings(f.set); err != nil {
				return err
			}
			if cfg.Events < 1 || cfg.Rate < 1 {
				return usageError{errors.New("--events and --rate must be at least 1")}
			}
			queries := strings.Split(cfg.Query, ",")
			if cfg.Query == "all" {
				queries = append([]string{nexmark.Source}, nexmark.Queries()...)
			}
			for _, q := range queries {
				if _, err := nexmark.Query(q); err != nil {
					return usageError{err}
				}
			}
			if f.format == formatTable {
				printNexmarkHead(c.OutOrStdout())
			}
			if len(queries) > 1 {
				return eachInProcess(c, queries, cfg, f, verify)
			}
			return benchNexmark(c, cfg, f, verify)
		},
	}
	c.Flags().StringVar(&cfg.Query, "query", "all", "query, comma-separated queries, or all")
	c.Flags().Int64Var(&cfg.Events, "events", 10_000_000, "number of events")
	c.Flags().Int64Var(&cfg.Rate, "rate", 100_000, "events a second of event time")
	c.Flags().IntVar(&cfg.Parallelism, "parallelism", 1, "parallelism")
	c.Flags().BoolVar(&verify, "verify", false, "also check the answers over a few events")
	f.add(c)
	return c
}

// benchNexmark measures one query in this process.
func benchNexmark(c *cobra.Command, cfg nexmark.Config, f benchFlags, verify bool) error {
	r, err := nexmark.Run(c.Context(), app.New(app.Config{}), cfg)
	if err != nil {
		return err
	}
	if err := printNexmark(c.OutOrStdout(), f.format, r); err != nil {
		return err
	}
	if !verify {
		return nil
	}
	switch a, known, err := nexmark.Verify(c.Context(), app.New(app.Config{}), cfg); {
	case err != nil:
		return jobError{err}
	case !known:
		fmt.Fprintf(c.ErrOrStderr(), "%s: no right answer is known\n", cfg.Query)
	default:
		fmt.Fprintf(c.ErrOrStderr(), "%s: the answer is right: %s rows\n", cfg.Query, count(a.Rows))
	}
	return nil
}

// eachInProcess runs each query by this binary anew, all of them even when one fails.
func eachInProcess(c *cobra.Command, queries []string, cfg nexmark.Config, f benchFlags, verify bool) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this binary: %w", err)
	}
	var failed []string
	for _, q := range queries {
		args := []string{
			"bench", "nexmark", "--query", q, "--events", strconv.FormatInt(cfg.Events, 10), "--rate", strconv.FormatInt(cfg.Rate, 10),
			"--parallelism", strconv.Itoa(cfg.Parallelism), "--format", formatJSON, "--verify=" + strconv.FormatBool(verify),
		}
		for _, kv := range f.set {
			args = append(args, "--set", kv)
		}
		cmd := exec.CommandContext(c.Context(), self, args...)
		cmd.Stderr = c.ErrOrStderr()
		out, err := cmd.Output()
		if c.Context().Err() != nil {
			return c.Context().Err()
		}
		if err != nil {
			failed = append(failed, q)
		}
		if len(out) == 0 {
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
	if len(failed) > 0 {
		return jobError{fmt.Errorf("failed: %s", strings.Join(failed, ", "))}
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
