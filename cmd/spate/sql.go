// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"spate/internal/app"
	"spate/internal/expr"
	"spate/internal/serve/console"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/session"
	"spate/internal/sys/conf"
	"spate/schema"
)

// sqlFlags are those of `spate sql`.
type sqlFlags struct {
	file, execute, init string
	set                 []string
	output              string
}

// sqlCommand is the SQL shell.
func sqlCommand() *cobra.Command {
	var f sqlFlags
	c := &cobra.Command{
		Use: "sql", Short: "Run SQL: interactively, from a file (-f) or from the command line (-e)", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runSQL(c, &f) },
	}
	c.Flags().StringVarP(&f.file, "file", "f", "", "file of statements to run")
	c.Flags().StringVarP(&f.execute, "execute", "e", "", "statements to run")
	c.Flags().StringVarP(&f.init, "init", "i", "", "file of statements to run first")
	c.Flags().StringArrayVar(&f.set, "set", nil, "setting key=value; may be repeated")
	c.Flags().StringVar(&f.output, "output", "", "how SELECT results are shown: table, tableau, changelog, json or csv")
	return c
}

func runSQL(c *cobra.Command, f *sqlFlags) error {
	sh, err := newShell(c, f.set, f.output)
	if err != nil {
		return err
	}
	defer sh.session.Close()
	if f.init != "" {
		if err := sh.runFile(c.Context(), f.init); err != nil {
			return err
		}
	}
	switch {
	case f.execute != "":
		err = sh.runScript(c.Context(), f.execute)
	case f.file != "":
		err = sh.runFile(c.Context(), f.file)
	default:
		err = sh.interactive(c.Context())
	}
	if errors.Is(err, errQuit) {
		return nil
	}
	return err
}

// shell runs statements and shows their results.
type shell struct {
	engine  *app.Engine
	session *app.Session
	out     io.Writer
	errOut  io.Writer
	output  string // As asked for; "": by the kind of query.
}

func newShell(c *cobra.Command, set []string, output string) (*shell, error) {
	if output != "" {
		if _, err := console.ParseMode(output); err != nil {
			return nil, usageError{err}
		}
	}
	e := app.New(app.Config{})
	sh := &shell{engine: e, session: e.NewSession(), out: c.OutOrStdout(), errOut: c.ErrOrStderr(), output: output}
	pairs, err := settings(set)
	if err != nil {
		return nil, err
	}
	for k, v := range pairs {
		if err := sh.session.Set(k, v); err != nil {
			return nil, usageError{err}
		}
	}
	return sh, nil
}

func (sh *shell) runFile(ctx context.Context, path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return usageError{err}
	}
	if err := sh.runScript(ctx, string(b)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// runScript runs statements one after another and stops at the first that fails.
func (sh *shell) runScript(ctx context.Context, script string) error {
	stmts, err := parse.Statements(script)
	if err != nil {
		return err
	}
	for _, stmt := range stmts {
		if c, ok := stmt.(*ast.ClientCommand); ok {
			if err := sh.client(c); err != nil {
				return err
			}
			continue
		}
		o, err := sh.session.Run(ctx, stmt, script)
		if err != nil {
			return err
		}
		if err := sh.show(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// show shows the outcome of a statement; it waits for jobs.
func (sh *shell) show(ctx context.Context, o *app.Outcome) error {
	switch {
	case o.Table != nil:
		return sh.showTable(o.Table)
	case o.Query != nil:
		return sh.showQuery(ctx, o.Query)
	case o.Job != nil:
		if err := o.Job.Wait(); err != nil {
			return jobError{err}
		}
		s := o.Job.Status()
		_, err := fmt.Fprintf(sh.errOut, "[INFO] %s rows into %s in %s\n", count(s.RowsOut), joinNames(o.Sinks), s.Elapsed.Round(time.Millisecond))
		return err
	default:
		_, err := fmt.Fprintln(sh.errOut, "[INFO] OK")
		return err
	}
}

// showTable shows the answer of SHOW, DESCRIBE, EXPLAIN and SET. A single cell of several lines (EXPLAIN, SHOW CREATE) is shown bare.
func (sh *shell) showTable(t *session.Result) error {
	if len(t.Rows) == 1 && len(t.Rows[0]) == 1 && t.Columns[0].Name == "result" {
		_, err := fmt.Fprintln(sh.out, t.Rows[0][0].S)
		return err
	}
	rows := make([][]string, len(t.Rows))
	for i, r := range t.Rows {
		for j, v := range r {
			rows[i] = append(rows[i], cell(t.Columns[j].Type, v))
		}
	}
	return console.Rows(sh.out, t.Columns.Names(), rows, maxTableWidth)
}

// maxTableWidth lets the tables of SHOW and DESCRIBE be as wide as they need.
const maxTableWidth = 1 << 10

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

func (sh *shell) showQuery(ctx context.Context, q *app.Query) error {
	defer q.Close()
	zone, err := expr.LoadZone(sh.session.SQL().Zone())
	if err != nil {
		return usageError{err}
	}
	r, err := console.NewResult(sh.out, console.Config{
		Columns: q.Schema, Mode: sh.mode(q), InsertOnly: q.InsertOnly, Zone: zone, Formats: sh.engine.Connectors(),
		Width: conf.MaxColumnWidth.Get(sh.session.SQL().Settings()),
	})
	if err != nil {
		return err
	}
	for b := q.Next(); b != nil; b = q.Next() {
		err := r.Add(b)
		b.Release()
		if err != nil {
			return err
		}
	}
	if err := q.Err(); err != nil && ctx.Err() == nil {
		return jobError{err}
	}
	return r.Close()
}
