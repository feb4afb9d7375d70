// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// explainCommand prints the plans of the queries and INSERTs of a file; other statements are executed, jobs are not.
func explainCommand() *cobra.Command {
	var set []string
	var init string
	c := &cobra.Command{
		Use: "explain FILE.sql", Short: "Show how the queries and INSERTs of a SQL file would run", Args: oneFile,
		RunE: func(c *cobra.Command, args []string) error {
			sh, err := newShell(c, set, "")
			if err != nil {
				return err
			}
			defer sh.session.Close()
			if err := sh.runInit(c.Context(), init); err != nil {
				return notQuit(err)
			}
			b, err := os.ReadFile(args[0])
			if err != nil {
				return usageError{err}
			}
			return explainScript(sh, args[0], string(b))
		},
	}
	c.Flags().StringVarP(&init, "init", "i", "", "file of statements to run first")
	c.Flags().StringArrayVar(&set, "set", nil, "setting `key=value`; may be repeated")
	return c
}

func explainScript(sh *shell, path, script string) error {
	stmts, err := parse.Statements(script)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	found := false
	for _, stmt := range stmts {
		plan := false
		switch st := stmt.(type) {
		case *ast.QueryStmt, *ast.Insert, *ast.StatementSet:
			stmt = &ast.Explain{Span: st.Range(), Stmt: st}
			plan, found = true, true
		}
		r, err := sh.session.SQL().Run(stmt, script)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if r.Rows != nil {
			if plan {
				sh.showTitle(stmt, script)
			}
			if err := sh.showTable(r); err != nil {
				return err
			}
		}
	}
	if !found {
		return usageError{errors.New(path + " holds no query and no INSERT to explain")}
	}
	return nil
}
