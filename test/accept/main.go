// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Command accept runs recorded cases against Spate and counts what passes: `make accept DATA=folder`.
//
// The folder holds sets (nexmark, taxi, functions, programs, itcases), each with its own files; any subset will do. A case passes
// when Spate's answer is the recorded one, is n/a when the data itself says that it cannot be run, and has failed otherwise. With
// -ratchet the counts of the ratchet file may only grow.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "accept:", err)
	}
	os.Exit(code)
}

// options are the command's flags.
type options struct {
	data    string
	out     string
	ratchet string
	rebase  bool
	sets    string
	match   string
	jobs    int
	verbose bool
	worker  bool
}

// run returns the exit code: 0, 1 when the ratchet slipped, 2 for bad usage or data.
func run(ctx context.Context, args []string, w io.Writer) (int, error) {
	var o options
	fs := flag.NewFlagSet("accept", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "folder of the recorded cases")
	fs.StringVar(&o.out, "out", "", "file for one JSON line a case")
	fs.StringVar(&o.ratchet, "ratchet", "", "ratchet file: counts may only grow")
	fs.BoolVar(&o.rebase, "rebase", false, "write the ratchet file from this run")
	fs.StringVar(&o.sets, "sets", "", "comma-separated sets to run (default: all that are there)")
	fs.StringVar(&o.match, "match", "", "run only cases whose id contains this")
	fs.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "cases that run at once")
	fs.BoolVar(&o.verbose, "v", false, "print each failed case")
	fs.BoolVar(&o.worker, "worker", false, "run the cases whose numbers come on standard input (the command starts itself so)")
	if err := fs.Parse(args); err != nil {
		return 2, nil //nolint:nilerr // The flag package has printed it.
	}
	cases, err := collect(&o)
	if err != nil {
		return 2, err
	}
	if o.worker {
		if err := serve(ctx, cases); err != nil {
			return 2, err
		}
		return 0, nil
	}
	results := runAll(ctx, cases, o.jobs, []string{"-data", o.data, "-sets", o.sets, "-match", o.match})
	if err := ctx.Err(); err != nil {
		return 2, err
	}
	if err := writeResults(o.out, results); err != nil {
		return 2, err
	}
	counts := report(w, results, o.verbose)
	code := 0
	if o.ratchet != "" && o.rebase {
		err = writeRatchet(o.ratchet, counts)
	} else if o.ratchet != "" {
		var problems []string
		if problems, err = checkRatchet(o.ratchet, counts, o.match != "" || o.sets != ""); len(problems) > 0 {
			code = 1
			for _, p := range problems {
				fmt.Fprintln(w, "ratchet:", p)
			}
		}
	}
	if err != nil {
		return 2, err
	}
	passed, failed, na := total(results)
	fmt.Fprintf(w, "%d not applicable\n%d passed, %d failed\n", na, passed, failed)
	return code, nil
}

// loader finds the cases of one set in the data folder; nil, nil when the set is not there.
type loader struct {
	set  string
	load func(o *options) ([]*testCase, error)
}

// loaders are the known sets, in the order of the report.
func loaders() []loader {
	return []loader{
		{"nexmark", loadNexmark},
		{"taxi", loadTaxi},
		{"functions", loadFunctions},
		{"programs", loadPrograms},
		{"itcases", loadITCases},
	}
}

// collect gathers the cases of all sets that are there.
func collect(o *options) ([]*testCase, error) {
	if st, err := os.Stat(o.data); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("%q is no folder: name the folder of the recorded cases with DATA=", o.data)
	}
	var only []string
	if o.sets != "" {
		only = strings.Split(o.sets, ",")
	}
	var cases []*testCase
	var known []string
	found := false
	for _, l := range loaders() {
		known = append(known, l.set)
		if only != nil && !slices.Contains(only, l.set) {
			continue
		}
		cs, err := l.load(o)
		if err != nil {
			return nil, fmt.Errorf("set %s: %w", l.set, err)
		}
		found = found || cs != nil
		for _, c := range cs {
			c.set = l.set
			if strings.Contains(c.id, o.match) {
				cases = append(cases, c)
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("%s holds none of the known sets: %s", o.data, strings.Join(known, ", "))
	}
	return cases, nil
}

// testCase is one recorded case.
type testCase struct {
	set, class, id string
	// notApplicable says why the data marks the case as one that cannot be run; "" runs it.
	notApplicable string
	limit         time.Duration // 0: the default one.
	run           func(ctx context.Context) error
}

// result is the outcome of a case, as written to OUT.
type result struct {
	Set    string `json:"set"`
	Class  string `json:"class"`
	ID     string `json:"id"`
	Result string `json:"result"` // pass, fail or n/a.
	Reason string `json:"reason,omitempty"`
	Millis int64  `json:"millis"`
}

func runCase(ctx context.Context, c *testCase) (r result) {
	r = result{Set: c.set, Class: c.class, ID: c.id, Result: "pass"}
	defer func() {
		if p := recover(); p != nil {
			r.Result, r.Reason = "fail", fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := c.run(ctx); err != nil {
		r.Result, r.Reason = "fail", err.Error()
	}
	return r
}

func writeResults(path string, results []result) (err error) {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for _, r := range results {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return w.Flush()
}

// count is the passed and all counted cases of a set.
type count struct{ passed, total int }

// report prints a line per set and class, and returns the counts by set.
func report(w io.Writer, results []result, verbose bool) map[string]count {
	type key struct{ set, class string }
	byClass := make(map[key]count)
	bySet := make(map[string]count)
	var order []key
	for _, r := range results {
		k := key{r.Set, r.Class}
		if _, seen := byClass[k]; !seen {
			order = append(order, k)
			byClass[k] = count{}
		}
		if r.Result == "n/a" {
			continue
		}
		c, s := byClass[k], bySet[r.Set]
		c.total++
		s.total++
		if r.Result == "pass" {
			c.passed++
			s.passed++
		} else if verbose {
			fmt.Fprintf(w, "FAIL %s %s: %s\n", r.Set, r.ID, firstLines(r.Reason))
		}
		byClass[k], bySet[r.Set] = c, s
	}
	for _, k := range order {
		fmt.Fprintf(w, "%-10s %-48s %5d of %5d\n", k.set, k.class, byClass[k].passed, byClass[k].total)
	}
	return bySet
}

func firstLines(s string) string {
	lines := strings.SplitN(s, "\n", 4)
	if len(lines) > 3 {
		lines = lines[:3]
	}
	return strings.Join(lines, " / ")
}

func total(results []result) (passed, failed, na int) {
	for _, r := range results {
		switch r.Result {
		case "pass":
			passed++
		case "fail":
			failed++
		default:
			na++
		}
	}
	return passed, failed, na
}
