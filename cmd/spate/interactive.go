// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/reeflective/readline"

	"spate/internal/sql/ast"
	"spate/internal/sql/keyword"
	"spate/internal/sql/parse"
)

const (
	// maxLine bounds a line of input that does not come from a terminal.
	maxLine = 4 << 20
	// historyFile lies in the user's configuration folder.
	historyFile = "spate/history"
)

// errQuit ends the session.
var errQuit = errors.New("quit")

// interactive reads statements from standard input until its end. An error does not end the session, and Ctrl-C cancels the
// statement that runs, not the shell.
func (sh *shell) interactive(ctx context.Context) error {
	if !isTerminal(sh.out) || !isTerminal(os.Stdin) {
		return sh.readStatements(ctx, os.Stdin)
	}
	// The root context ends with an interrupt; here an interrupt means the statement.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	rl := readline.NewShell()
	rl.Prompt.Primary(func() string { return "spate> " })
	rl.Prompt.Secondary(func() string { return "     > " })
	rl.AcceptMultiline = func(line []rune) bool {
		return parse.Input(string(line)) != parse.InputIncomplete || parse.IsClientCommand(string(line))
	}
	rl.Completer = func(line []rune, cursor int) readline.Completions {
		return readline.CompleteValues(sh.completions(string(line[:cursor]))...)
	}
	if dir, err := os.UserConfigDir(); err == nil && os.MkdirAll(filepath.Join(dir, filepath.Dir(historyFile)), 0o700) == nil {
		rl.History.AddFromFile("statements", filepath.Join(dir, historyFile))
	}
	fmt.Fprintf(sh.out, "Spate %s. Statements end with a semicolon; HELP; lists what there is, QUIT; leaves.\n", version)
	for ctx.Err() == nil {
		text, err := rl.Readline()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading the terminal: %w", err)
		}
		if err := sh.statement(ctx, text); errors.Is(err, errQuit) {
			return nil
		} else if err != nil {
			fmt.Fprintln(sh.errOut, "error:", strings.TrimSpace(err.Error()))
		}
	}
	return nil
}

// statement runs what was typed; an interrupt cancels it.
func (sh *shell) statement(ctx context.Context, text string) error {
	if parse.Input(text) == parse.InputEmpty {
		return nil
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	return sh.runScript(ctx, text)
}

// readStatements runs statements as they come from a pipe.
func (sh *shell) readStatements(ctx context.Context, r io.Reader) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	var text strings.Builder
	run := func() error {
		err := sh.runScript(ctx, text.String())
		text.Reset()
		return err
	}
	var last error
	for in.Scan() {
		text.WriteString(in.Text() + "\n")
		if parse.Input(text.String()) != parse.InputComplete {
			continue
		}
		if err := run(); errors.Is(err, errQuit) {
			return last
		} else if err != nil {
			last = err
			fmt.Fprintln(sh.errOut, "error:", strings.TrimSpace(err.Error()))
		}
	}
	if parse.Input(text.String()) != parse.InputEmpty {
		if err := run(); err != nil && !errors.Is(err, errQuit) {
			return err
		}
	}
	return in.Err()
}

// client runs a command for the shell itself.
func (sh *shell) client(c *ast.ClientCommand) error {
	switch c.Kind {
	case ast.ClientQuit:
		return errQuit
	case ast.ClientClear:
		_, err := io.WriteString(sh.out, "\x1b[H\x1b[2J")
		return err
	case ast.ClientHelp:
		_, err := io.WriteString(sh.out, helpText)
		return err
	}
	return nil
}

const helpText = `SELECT ...                      run a query; Ctrl-C cancels it
INSERT INTO t SELECT ...        run a job and wait for it
CREATE TABLE t (...) WITH (..)  declare a table; also VIEW, DATABASE, CATALOG
SHOW TABLES | VIEWS | DATABASES | CATALOGS | FUNCTIONS | COLUMNS FROM t | CREATE TABLE t | JOBS
DESCRIBE t                      columns, keys and watermark of a table
EXPLAIN statement               how a statement would run
SET 'key' = 'value', SET, RESET settings; 'sql-client.execution.result-mode' is table, tableau or changelog
CLEAR, HELP, QUIT
`

// completions lists the words that may stand at the end of the text: keywords, and names of the current database and its columns.
func (sh *shell) completions(before string) []string {
	start := strings.LastIndexFunc(before, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) + 1
	prefix := before[start:]
	lower := prefix != "" && prefix == strings.ToLower(prefix)
	var out []string
	for _, k := range keyword.All() {
		if lower {
			k = strings.ToLower(k)
		}
		if strings.HasPrefix(strings.ToUpper(k), strings.ToUpper(prefix)) {
			out = append(out, k)
		}
	}
	for _, n := range sh.session.SQL().NamesInSight() {
		if strings.HasPrefix(strings.ToUpper(n), strings.ToUpper(prefix)) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
