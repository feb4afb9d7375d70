// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"spate/internal/app"
	"spate/internal/control/worker"
	"spate/internal/expr"
	"spate/internal/serve/console"
	"spate/internal/sql/ast"
	"spate/internal/sql/session"
	"spate/internal/sys/conf"
	"spate/schema"
)

// maxTableWidth lets the tables of SHOW and DESCRIBE be as wide as they need.
const maxTableWidth = 1 << 10

// showTable shows the answer of SHOW, DESCRIBE, EXPLAIN and SET. A single cell of several lines (EXPLAIN, SHOW CREATE) is shown bare.
func (sh *shell) showTable(t *session.Result) error {
	if len(t.Rows) == 1 && len(t.Rows[0]) == 1 && t.Columns[0].Name == "result" {
		_, err := fmt.Fprintln(sh.out, strings.TrimRight(t.Rows[0][0].S, "\n"))
		return err
	}
	rows := make([][]string, len(t.Rows))
	for i, r := range t.Rows {
		for j, v := range r {
			rows[i] = append(rows[i], cell(t.Columns[j].Type, v))
		}
	}
	names := t.Columns.Names()
	switch console.Mode(strings.ToLower(sh.output)) {
	case console.ModeCSV:
		text := console.AppendCSVTexts(nil, names)
		for _, r := range rows {
			text = console.AppendCSVTexts(text, r)
		}
		_, err := sh.out.Write(text)
		return err
	case console.ModeJSON:
		var text []byte
		for _, r := range rows {
			text = append(console.AppendJSONTexts(text, names, r), '\n')
		}
		_, err := sh.out.Write(text)
		return err
	case console.ModeTable, console.ModeTableau, console.ModeChangelog:
	}
	return console.Table(sh.out, names, rows, maxTableWidth, "")
}

// cell renders a value of a metadata table: NULL is empty there.
func cell(t *schema.Type, v schema.Value) string {
	switch {
	case v.Null:
		return ""
	case t.Root == schema.Boolean && v.I != 0:
		return "TRUE"
	case t.Root == schema.Boolean:
		return "FALSE"
	}
	return v.S
}

// mode decides how a query is shown.
func (sh *shell) mode(q *app.Query) console.Mode {
	if m, err := console.ParseMode(sh.output); err == nil {
		return m
	}
	if s, ok := conf.ResultMode.Lookup(sh.session.SQL().Settings()); ok {
		if m, err := console.ParseMode(s); err == nil && (m != console.ModeTable || q.Bounded) {
			return m
		}
	}
	if q.Bounded {
		return console.ModeTable
	}
	return console.ModeTableau
}

// showQuery shows the rows of a query to its end, or until ctx ends.
func (sh *shell) showQuery(ctx context.Context, q *app.Query) error {
	defer q.Close()
	settings := sh.session.SQL().Settings()
	zone, err := expr.LoadZone(sh.session.SQL().Zone())
	if err != nil {
		return usageError{err}
	}
	mode := sh.mode(q)
	c := console.Config{
		Columns: q.Schema, Mode: mode, InsertOnly: q.InsertOnly, Zone: zone,
		Width: conf.MaxColumnWidth.Get(settings), MaxRows: conf.MaxTableRows.Get(settings),
	}
	if sh.prompt && conf.PrintTimeCost.Get(settings) {
		c.Note = func() string { return fmt.Sprintf(" (%.2f seconds)", q.Job.Status().Elapsed.Seconds()) }
	}
	r, err := console.NewResult(sh.out, c)
	if err != nil {
		return err
	}
	// Rows that come as the query runs show by themselves that it does.
	line := sh.progress(q.Job, mode == console.ModeTable || mode == console.ModeJSON && !q.InsertOnly)
	err = addAll(q, r)
	line.stop()
	if errors.Is(err, console.ErrTooManyRows) {
		return jobError{fmt.Errorf("%w: '%s' is %d; --output changelog shows rows as they come", err, conf.MaxTableRows.Key, c.MaxRows)}
	}
	if err != nil {
		return err
	}
	if err := q.Err(); err != nil && ctx.Err() == nil {
		return jobError{err}
	}
	if ctx.Err() != nil && isTerminal(sh.out) {
		fmt.Fprint(sh.out, clearLine) // Over the ^C of the terminal.
	}
	if err := r.Close(); err != nil {
		return err
	}
	if sh.titles {
		fmt.Fprintln(sh.errOut, summary(q.Job, ctx.Err() != nil, nil))
	}
	return nil
}

func addAll(q *app.Query, r *console.Result) error {
	for b := q.Next(); b != nil; b = q.Next() {
		err := r.Add(b)
		b.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// showTitle shows the comment lines right above a statement.
func (sh *shell) showTitle(stmt ast.Statement, script string) {
	fmt.Fprintln(sh.out)
	for _, line := range commentAbove(script, int(stmt.Range().Start.Offset)) {
		fmt.Fprintln(sh.out, line)
	}
}

// commentAbove returns the comment lines that end right above the line of an offset.
func commentAbove(script string, offset int) []string {
	before := script[:offset]
	lines := strings.Split(before[:strings.LastIndexByte(before, '\n')+1], "\n")
	lines = lines[:len(lines)-1] // What follows the last newline.
	first := len(lines)
	for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "--") {
		first--
	}
	var out []string
	for _, l := range lines[first:] {
		out = append(out, strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(l), "--"), " "))
	}
	return out
}

// watch waits for a job, with a progress line, and sums it up. The end of ctx stops the job, which is no error.
func (sh *shell) watch(ctx context.Context, job *worker.Job, sinks []string) error {
	line := sh.progress(job, true)
	select {
	case <-job.Done():
	case <-ctx.Done():
		job.Cancel()
		<-job.Done()
	}
	line.stop()
	err := job.Wait()
	stopped := err != nil && (ctx.Err() != nil || worker.IsCanceled(err))
	fmt.Fprintln(sh.errOut, summary(job, stopped, sinks))
	if err != nil && !stopped {
		return jobError{err}
	}
	return nil
}

// summary is one line about a job that has ended. sinks is nil for a query.
func summary(job *worker.Job, stopped bool, sinks []string) string {
	s := job.Status()
	word := "finished"
	if stopped {
		word = "stopped"
	} else if job.Wait() != nil {
		word = "failed"
	}
	text := fmt.Sprintf("%s: %s in", word, rows(s.Read))
	if sinks != nil {
		text += fmt.Sprintf(", %s out to %s", count(s.RowsOut), strings.Join(shortNames(sinks), ", "))
	}
	text += fmt.Sprintf(", %s, %s rows/s", s.Elapsed.Round(time.Millisecond), count(int64(float64(s.Read)/max(s.Elapsed.Seconds(), 1e-3))))
	if s.Late > 0 {
		text += fmt.Sprintf(", %s dropped as late", rows(s.Late))
	}
	if s.Errors > 0 {
		text += fmt.Sprintf(", %s skipped as malformed", rows(s.Errors))
	}
	return text
}

// shortNames leaves out the catalog and the database that every session starts in.
func shortNames(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.TrimPrefix(n, "default_catalog.default_database.")
	}
	return out
}

// rows counts rows.
func rows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return count(n) + " rows"
}
