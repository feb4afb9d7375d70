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
	"strings"
	"syscall"

	"github.com/reeflective/readline"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// maxLine bounds a line of input that does not come from a terminal.
const maxLine = 4 << 20

// interactive reads statements from a terminal until its end: an error does not end the session, and Ctrl-C cancels the statement that
// runs, not the shell. Input that is no terminal is run as a script.
func (sh *shell) interactive(ctx context.Context, in *os.File) error {
	if !isTerminal(sh.out) || !isTerminal(in) {
		return sh.readStatements(ctx, in)
	}
	sh.prompt = true
	// The root context ends with an interrupt; here an interrupt means the statement, and one between two statements nothing.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	unheard := make(chan os.Signal, 1)
	signal.Notify(unheard, os.Interrupt)
	defer signal.Stop(unheard)

	rl := sh.newLineEditor()
	fmt.Fprintf(sh.out, "Spate %s. Statements end with a semicolon. HELP lists what there is, QUIT leaves.\n", version)
	for ctx.Err() == nil {
		text, err := rl.Readline()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			fmt.Fprintln(sh.out)
			return nil
		case err != nil:
			return fmt.Errorf("reading the terminal: %w", err)
		}
		if err := sh.statement(ctx, text); errors.Is(err, errQuit) && ctx.Err() == nil && parse.IsClientCommand(strings.TrimRight(strings.TrimSpace(text), ";")) {
			return nil
		} else if err != nil && !errors.Is(err, errQuit) {
			fmt.Fprintln(sh.errOut, errorText(err))
		}
	}
	return nil
}

// newLineEditor returns the editor of the prompt: history in a file, statements over several lines, completion.
func (sh *shell) newLineEditor() *readline.Shell {
	rl := readline.NewShell()
	rl.Prompt.Primary(func() string { return "spate> " })
	rl.Prompt.Secondary(func() string { return "     > " })
	rl.AcceptMultiline = func(line []rune) bool {
		return parse.Input(string(line)) != parse.InputIncomplete || parse.IsClientCommand(string(line))
	}
	rl.Completer = func(line []rune, cursor int) readline.Completions {
		return readline.CompleteValues(sh.completions(string(line[:cursor]))...)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		rl.History.Add("statements", openHistory(filepath.Join(dir, "spate", "history")))
	}
	return rl
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

// readStatements runs statements as they come from a pipe or a file, up to the first that fails.
func (sh *shell) readStatements(ctx context.Context, r io.Reader) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	var text strings.Builder
	for in.Scan() {
		text.WriteString(in.Text() + "\n")
		if parse.Input(text.String()) != parse.InputComplete {
			continue
		}
		if err := sh.runScript(ctx, text.String()); err != nil {
			return err
		}
		text.Reset()
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("reading statements: %w", err)
	}
	return sh.runScript(ctx, text.String())
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

const helpText = `SELECT ...                      run a query; Ctrl-C stops it
INSERT INTO t SELECT ...        run a job and wait for it; Ctrl-C stops it
CREATE TABLE t (...) WITH (...) declare a table; also VIEW, DATABASE, CATALOG
SHOW TABLES | VIEWS | DATABASES | CATALOGS | FUNCTIONS | JOBS | COLUMNS FROM t | CREATE TABLE t
DESCRIBE t                      columns, keys and watermark of a table
EXPLAIN statement               how a statement would run
SET 'key' = 'value', SET, RESET settings, such as 'parallelism.default' = '2';
                                'sql-client.execution.result-mode' is table, tableau or changelog
CLEAR, HELP, QUIT               Tab completes keywords and names, arrows walk through the history
`
