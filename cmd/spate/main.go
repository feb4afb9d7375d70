// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Command spate is the one binary: SQL shell, job runner, benchmarks.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", strings.TrimSpace(err.Error()))
		os.Exit(exitCode(err))
	}
}

// exitCode tells errors that the user can mend in what was typed from those of a running job.
func exitCode(err error) int {
	var u usageError
	if errors.As(err, &u) {
		return exitUsage
	}
	var f jobError
	if errors.As(err, &f) {
		return exitFailed
	}
	if errs.ClassOf(err) == errs.User {
		return exitUsage
	}
	return exitFailed
}

// jobError marks errors of a job that had started.
type jobError struct{ error }

func (e jobError) Unwrap() error { return e.error }

func (e usageError) Unwrap() error { return e.error }

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
		return usageError{fmt.Errorf("%w\n%s", err, strings.TrimSpace(c.UsageString()))}
	})
	c.AddCommand(sqlCommand(), runCommand(), explainCommand(), benchCommand(), versionCommand())
	return c
}

// versionCommand prints the version.
func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "spate", version)
			return err
		},
	}
}

// noArgs refuses arguments as bad usage.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", c.CommandPath(), args)}
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
