// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Command spate is the one binary: SQL shell, job runner, benchmarks.
//
// Exit codes: 0 when all went well or the user stopped a job, 1 when a job failed, 2 for bad usage and for SQL that cannot run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"spate/internal/sys/errs"
)

// version is set by the linker.
var version = "dev"

// Exit codes.
const (
	exitFailed = 1 // A job failed.
	exitUsage  = 2 // Bad usage, or SQL that cannot be run.
)

// usageError marks errors of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// jobError marks errors of a job that had started.
type jobError struct{ error }

func (e jobError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // The first signal asks for an orderly stop, the second one kills.
	err := root().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, errorText(err))
		os.Exit(exitCode(err))
	}
}

// errorText is an error as the user sees it.
func errorText(err error) string { return "error: " + strings.TrimSpace(err.Error()) }

// exitCode tells errors that the user can mend in what was typed from those of a running job.
func exitCode(err error) int {
	var usage usageError
	var job jobError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &job):
		return exitFailed
	}
	// Data that an expression or a format cannot take is a failed job even when planning came across it.
	switch code := errs.CodeOf(err); {
	case code == errs.EvaluationFailed || code == errs.BadRecord:
		return exitFailed
	case errs.ClassOf(err) == errs.User:
		return exitUsage
	}
	return exitFailed
}

// root is the command line.
func root() *cobra.Command {
	c := &cobra.Command{
		Use:               "spate",
		Short:             "Streaming SQL in one binary",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w\nrun '%s --help' for the flags", err, c.CommandPath())}
	})
	c.AddCommand(sqlCommand(), runCommand(), explainCommand(), benchCommand(), versionCommand())
	wantSubcommand(c)
	return c
}

// wantSubcommand makes a group of commands show its help when called bare, and refuse what is not in it as bad usage.
func wantSubcommand(c *cobra.Command) {
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		err := fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())
		c.SuggestionsMinimumDistance = 2
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			err = fmt.Errorf("%w; did you mean `%s`?", err, near[0])
		}
		return usageError{fmt.Errorf("%w\nrun '%s --help' for the commands", err, c.CommandPath())}
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// versionCommand prints the version, and what it was built from when it was not built by make.
func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			line := "spate " + version
			if info, ok := debug.ReadBuildInfo(); ok {
				line += " (" + info.GoVersion + ")"
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), line)
			return err
		},
	}
}

// noArgs refuses arguments as bad usage.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q\nrun '%s --help' for the flags", c.CommandPath(), args, c.CommandPath())}
	}
	return nil
}

// oneFile wants exactly one argument.
func oneFile(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s takes one SQL file, got %d arguments", c.CommandPath(), len(args))}
	}
	return nil
}
