// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spate/internal/app"
	"spate/internal/control/worker"
	"spate/internal/flow"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// progressEvery is how often the progress line is drawn.
const progressEvery = 500 * time.Millisecond

// runCommand runs the INSERTs of a file.
func runCommand() *cobra.Command {
	var set []string
	c := &cobra.Command{
		Use: "run FILE.sql", Short: "Run the INSERTs of a SQL file to their end, or until stopped", Args: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return runFile(c, args[0], set) },
	}
	c.Flags().StringArrayVar(&set, "set", nil, "setting key=value; may be repeated")
	return c
}

func runFile(c *cobra.Command, path string, set []string) error {
	sh, err := newShell(c, set, "")
	if err != nil {
		return err
	}
	defer sh.session.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		return usageError{err}
	}
	script := string(b)
	stmts, err := parse.Statements(script)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	jobs := 0
	for _, stmt := range stmts {
		o, err := sh.session.Run(c.Context(), stmt, script)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		switch {
		case o.Job != nil:
			jobs++
			err = watch(c.Context(), sh.errOut, o)
		case o.Query != nil:
			err = sh.showQuery(c.Context(), o.Query)
		case o.Table != nil:
			err = sh.showTable(o.Table)
		}
		if err != nil {
			return err
		}
	}
	if jobs == 0 && !hasQuery(stmts) {
		return usageError{fmt.Errorf("%s holds no INSERT to run", path)}
	}
	return nil
}

func hasQuery(stmts []ast.Statement) bool {
	for _, s := range stmts {
		if _, ok := s.(*ast.QueryStmt); ok {
			return true
		}
	}
	return false
}

// watch waits for a job: with a progress line on a terminal, and a summary at the end. The end of ctx stops the job, which is no error.
func watch(ctx context.Context, w io.Writer, o *app.Outcome) error {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	live := isTerminal(w)
	last := worker.Status{}
	for running := true; running; {
		select {
		case <-o.Job.Done():
			running = false
		case <-ctx.Done():
			o.Job.Cancel()
			<-o.Job.Done()
			running = false
		case <-tick.C:
			if live {
				s := o.Job.Status()
				fmt.Fprintf(w, "\r\x1b[K%s", progress(s, last))
				last = s
			}
		}
	}
	if live {
		fmt.Fprint(w, "\r\x1b[K")
	}
	err := o.Job.Wait()
	s := o.Job.Status()
	stopped := ctx.Err() != nil || worker.IsCanceled(err)
	word := "finished"
	if stopped {
		word = "stopped"
	} else if err != nil {
		word = "failed"
	}
	seconds := max(s.Elapsed.Seconds(), 1e-3)
	fmt.Fprintf(w, "%s: %s rows in, %s rows out to %s, %s, %s rows/s", word, count(s.RowsIn), count(s.RowsOut), joinNames(o.Sinks),
		s.Elapsed.Round(time.Millisecond), count(int64(float64(s.RowsIn)/seconds)))
	if s.Late > 0 {
		fmt.Fprintf(w, ", %s late rows dropped", count(s.Late))
	}
	if s.Errors > 0 {
		fmt.Fprintf(w, ", %s malformed rows skipped", count(s.Errors))
	}
	fmt.Fprintln(w)
	if err != nil && !stopped {
		return jobError{err}
	}
	return nil
}

// progress is one line on a running job.
func progress(s, last worker.Status) string {
	rate := float64(s.RowsIn-last.RowsIn) / max(s.Elapsed.Seconds()-last.Elapsed.Seconds(), 1e-3)
	line := fmt.Sprintf("%s rows in, %s out, %s rows/s", count(s.RowsIn), count(s.RowsOut), count(int64(rate)))
	if s.Watermark > flow.MinWatermark && s.Watermark < flow.MaxWatermark {
		at := time.UnixMilli(int64(s.Watermark)).UTC()
		line += ", watermark " + at.Format("2006-01-02 15:04:05.000")
		if lag := time.Since(at); lag > 0 && lag < 365*24*time.Hour {
			line += ", lag " + lag.Round(time.Millisecond).String()
		}
	}
	return line
}

// isTerminal tells whether a writer is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// count prints a number with commas.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func joinNames(names []string) string { return strings.Join(names, ", ") }
