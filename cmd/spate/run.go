// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

const runHelp = `Run the statements of a SQL file one after another: INSERTs and statement sets to their end or until stopped, SELECTs with their
rows shown under the comment lines that stand right above them. On a terminal a line shows how a job gets on: rows in and out,
rate, watermark and its lag behind the clock. Ctrl-C or SIGTERM stops the job in an orderly way; what follows it is not run.`

// runCommand runs the INSERTs of a file.
func runCommand() *cobra.Command {
	var set []string
	var init, output string
	c := &cobra.Command{
		Use: "run FILE.sql", Short: "Run the jobs of a SQL file to their end, or until stopped", Long: runHelp, Args: oneFile,
		RunE: func(c *cobra.Command, args []string) error {
			sh, err := newShell(c, set, output)
			if err != nil {
				return err
			}
			defer sh.session.Close()
			if err := sh.runInit(c.Context(), init); err != nil {
				return notQuit(err)
			}
			sh.titles = output == "" || output == "table"
			return notQuit(sh.runJobs(c, args[0]))
		},
	}
	c.Flags().StringVarP(&init, "init", "i", "", "file of statements to run first")
	c.Flags().StringArrayVar(&set, "set", nil, "setting `key=value`; may be repeated")
	c.Flags().StringVar(&output, "output", "", "how rows of SELECTs are shown, see `spate sql --help`")
	return c
}

func (sh *shell) runJobs(c *cobra.Command, path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return usageError{err}
	}
	stmts, err := parse.Statements(string(b))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	jobs := 0
	for _, s := range stmts {
		switch st := s.(type) {
		case *ast.Insert, *ast.StatementSet, *ast.QueryStmt, *ast.Execute:
			jobs++
		case *ast.CreateTable:
			if st.As != nil {
				jobs++
			}
		}
	}
	if jobs == 0 {
		return usageError{fmt.Errorf("%s holds no INSERT and no SELECT to run", path)}
	}
	for _, s := range stmts {
		if err := sh.run(c.Context(), s, string(b)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
