// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package session executes statements: it changes the catalog and the configuration, answers SHOW and DESCRIBE, and turns queries
// and INSERTs into job graphs. It does not run jobs.
//
// A Session belongs to one goroutine at a time.
package session

import (
	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Config is what a session is made of.
type Config struct {
	Functions  *expr.Registry
	Connectors *connector.Registry
	Settings   *conf.Config // Cloned; nil: all defaults.
	// Zone is what the time zone "default" stands for, an IANA name; "" is UTC.
	Zone string
	// Jobs lists the jobs for SHOW JOBS; nil: none.
	Jobs func() []JobStatus
	// NowMillis is the clock for functions that are fixed for a query; nil: the machine's.
	NowMillis func() int64
}

// JobStatus is a row of SHOW JOBS.
type JobStatus struct {
	ID, Name, Status string
	StartMillis      int64
}

// Session is the state of a user's connection: catalog, current names, settings.
type Session struct {
	cfg      Config
	catalog  *catalog.Store
	settings *conf.Config
}

// Result is the outcome of a statement: exactly one of OK, Rows (with Columns) and Job.
type Result struct {
	OK      bool
	Columns schema.Schema
	Rows    [][]schema.Value
	Job     *Job
}

// Job is what a query or INSERT became.
type Job struct {
	Graph *graph.Job
	// Collect is the id of the CollectSpec of a SELECT, "" for INSERTs; Columns are its columns.
	Collect string
	Columns schema.Schema
	// Bounded tells that all sources end; InsertOnly that a SELECT's result has only +I rows.
	Bounded    bool
	InsertOnly bool
	// Sinks are the full names of the tables that INSERTs write to, in order.
	Sinks []string
}

// New returns a session with the built-in catalog.
func New(c Config) *Session {
	if c.Settings == nil {
		c.Settings = conf.New()
	}
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	settings := c.Settings.Clone()
	return &Session{
		cfg: c, settings: settings,
		catalog: catalog.New(conf.BuiltinCatalog.Get(settings), conf.BuiltinDatabase.Get(settings)),
	}
}

// Settings returns the session's configuration.
func (s *Session) Settings() *conf.Config { return s.settings }

// Catalog returns the session's catalogs.
func (s *Session) Catalog() *catalog.Store { return s.catalog }

// Zone returns the session's time zone, an IANA name.
func (s *Session) Zone() string {
	if z := conf.LocalTimeZone.Get(s.settings); z != "default" {
		return z
	}
	return s.cfg.Zone
}

// Execute executes the text of one statement. Errors show the place in the text.
func (s *Session) Execute(text string) (*Result, error) {
	stmt, err := parse.Statement(text)
	if err != nil {
		return nil, err
	}
	return s.Run(stmt, text)
}

// Run executes a parsed statement of the text src.
func (s *Session) Run(stmt ast.Statement, src string) (*Result, error) {
	r, err := s.run(stmt, src)
	if err != nil {
		return nil, sqlerr.WithSource(err, src)
	}
	return r, nil
}

var done = &Result{OK: true}

func (s *Session) run(stmt ast.Statement, src string) (*Result, error) {
	switch st := stmt.(type) {
	case *ast.QueryStmt, *ast.Insert, *ast.StatementSet, *ast.Explain, *ast.Execute, *ast.CreateTable, *ast.CreateView:
		return s.plan(stmt, src)
	case *ast.CreateDatabase:
		return s.createDatabase(st)
	case *ast.CreateCatalog:
		return s.createCatalog(st)
	case *ast.Drop:
		return s.drop(st)
	case *ast.Use:
		return s.use(st)
	case *ast.Set:
		return s.set(st)
	case *ast.Reset:
		return s.reset(st)
	case *ast.Show:
		return s.show(st)
	case *ast.Describe:
		return s.describe(st)
	default:
		return nil, sqlerr.New(errs.NotSupported, stmt, "this statement is not supported yet")
	}
}

// ok wraps the error of a change of the catalog with the place of the name.
func ok(at ast.Node, err error) (*Result, error) {
	if err != nil {
		return nil, atNode(at, err)
	}
	return done, nil
}
