// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"spate/internal/app"
	"spate/internal/serve/console"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// sqlFlags are those of `spate sql`.
type sqlFlags struct {
	file, execute, init string
	set                 []string
	output              string
}

// sqlHelp says what --output does; the README repeats it.
const sqlHelp = `Run SQL statements: typed at a prompt, from a file (-f), from the command line (-e), or from standard input.

How the rows of a SELECT are shown (--output, or SET 'sql-client.execution.result-mode'):
  table      the final rows, when the query has ended; for a query without end: when it is stopped
  tableau    a table that grows, with the kind of each change: +I added, -U +U updated, -D deleted
  changelog  a line per change, such as +U[apple, 3]
  json       one object a row, in column order; TIMESTAMP(p) has exactly p digits of a second
  csv        a line of column names, then one line a row; NULL is empty, an empty text is ""
json and csv show rows as they come when a query only adds rows, and the final rows when it also updates them.
Without --output a query that ends is shown as a table, one without end as tableau.

Exit codes: 0, 1 for a failed job, 2 for bad usage or SQL.`

// sqlCommand is the SQL shell.
func sqlCommand() *cobra.Command {
	var f sqlFlags
	c := &cobra.Command{
		Use: "sql", Short: "Run SQL: at a prompt, from a file (-f) or from the command line (-e)", Long: sqlHelp, Args: noArgs,
		Example: "  spate sql\n  spate sql -e \"SELECT 1\" --output json\n  spate sql -i tables.sql -f queries.sql --set parallelism.default=2",
		RunE:    func(c *cobra.Command, _ []string) error { return runSQL(c, &f) },
	}
	c.Flags().StringVarP(&f.file, "file", "f", "", "file of statements to run")
	c.Flags().StringVarP(&f.execute, "execute", "e", "", "statements to run")
	c.Flags().StringVarP(&f.init, "init", "i", "", "file of statements to run first")
	c.Flags().StringArrayVar(&f.set, "set", nil, "setting `key=value`; may be repeated")
	c.Flags().StringVar(&f.output, "output", "", "how rows are shown: table, tableau, changelog, json or csv")
	return c
}

func runSQL(c *cobra.Command, f *sqlFlags) error {
	changed := c.Flags().Changed
	if changed("file") && changed("execute") {
		return usageError{errors.New("-f and -e exclude each other; -i runs a file first")}
	}
	sh, err := newShell(c, f.set, f.output)
	if err != nil {
		return err
	}
	defer sh.session.Close()
	if err := sh.runInit(c.Context(), f.init); err != nil {
		return notQuit(err)
	}
	switch {
	case changed("execute"):
		err = sh.runScript(c.Context(), f.execute)
	case changed("file"):
		err = sh.runFile(c.Context(), f.file)
	default:
		err = sh.interactive(c.Context(), os.Stdin)
	}
	return notQuit(err)
}

// errQuit ends the session: QUIT was typed, or the user stopped what ran.
var errQuit = errors.New("quit")

func notQuit(err error) error {
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
	prompt  bool   // A person types: statements without an answer say OK, and times are shown.
	titles  bool   // Comments above queries are shown as their titles, and each query ends with its figures.
}

func newShell(c *cobra.Command, set []string, output string) (*shell, error) {
	if output != "" {
		if _, err := console.ParseMode(output); err != nil {
			return nil, usageError{fmt.Errorf("--output: %w", err)}
		}
	}
	e := app.New(app.Config{})
	sh := &shell{engine: e, session: e.NewSession(), out: c.OutOrStdout(), errOut: c.ErrOrStderr(), output: output}
	for _, kv := range set {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("--set %s: want key=value", kv)}
		}
		if err := sh.session.Set(k, v); err != nil {
			return nil, usageError{fmt.Errorf("--set: %w", err)}
		}
	}
	return sh, nil
}

// runInit runs the file of --init, if there is one.
func (sh *shell) runInit(ctx context.Context, path string) error {
	if path == "" {
		return nil
	}
	return sh.runFile(ctx, path)
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

// runScript runs statements one after another and stops at the first that fails. Nothing runs when the script does not parse.
func (sh *shell) runScript(ctx context.Context, script string) error {
	stmts, err := parse.Statements(script)
	if err != nil {
		return err
	}
	for _, stmt := range stmts {
		if err := sh.run(ctx, stmt, script); err != nil {
			return err
		}
	}
	return nil
}

// run runs one statement and shows its outcome; it waits for jobs.
func (sh *shell) run(ctx context.Context, stmt ast.Statement, script string) error {
	if c, ok := stmt.(*ast.ClientCommand); ok {
		return sh.client(c)
	}
	o, err := sh.session.Run(ctx, stmt, script)
	if err != nil {
		return err
	}
	switch {
	case o.Table != nil:
		return sh.showTable(o.Table)
	case o.Query != nil:
		if sh.titles {
			sh.showTitle(stmt, script)
		}
		err = sh.showQuery(ctx, o.Query)
	case o.Job != nil:
		err = sh.watch(ctx, o.Job, o.Sinks)
	case sh.prompt:
		_, err = fmt.Fprintln(sh.errOut, "OK")
	}
	if err == nil && ctx.Err() != nil {
		return errQuit // Stopped: what follows is not run.
	}
	return err
}
