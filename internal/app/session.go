// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"spate/internal/control/worker"
	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
	"spate/internal/sql/session"
)

// Session executes statements of one user, one at a time.
type Session struct {
	engine *Engine
	sql    *session.Session
	jobs   []*startedJob
}

// startedJob is a job of the session, for SHOW JOBS.
type startedJob struct {
	id    string
	name  string
	start int64
	job   *worker.Job
}

// Outcome is what a statement led to: exactly one field is set besides Text.
type Outcome struct {
	// Table is the answer of SHOW, DESCRIBE, EXPLAIN, SET; Done says that the statement has no answer but "OK".
	Table *session.Result
	Done  bool
	// Query is a running SELECT; the caller reads and closes it.
	Query *Query
	// Job is a running INSERT or statement set into Sinks; the caller waits for it or cancels it.
	Job   *worker.Job
	Sinks []string
}

// NewSession returns a session with the built-in catalog and default settings.
func (e *Engine) NewSession() *Session {
	s := &Session{engine: e}
	s.sql = session.New(session.Config{
		Functions: e.functions, Connectors: e.registry, Zone: LocalZone(), Jobs: s.listJobs, NowMillis: e.tests.NowMillis,
	})
	return s
}

// SQL returns the front half of the session: catalog and settings.
func (s *Session) SQL() *session.Session { return s.sql }

// Set changes a setting.
func (s *Session) Set(key, value string) error { return s.sql.Settings().Set(key, value) }

// Close cancels what still runs.
func (s *Session) Close() {
	for _, j := range s.jobs {
		j.job.Cancel()
	}
	for _, j := range s.jobs {
		<-j.job.Done()
	}
	s.jobs = nil
}

// Execute executes one statement; jobs are started, not awaited.
func (s *Session) Execute(ctx context.Context, text string) (*Outcome, error) {
	stmt, err := parse.Statement(text)
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, stmt, text)
}

// Run executes a parsed statement of the text src.
func (s *Session) Run(ctx context.Context, stmt ast.Statement, src string) (*Outcome, error) {
	r, err := s.sql.Run(stmt, src)
	if err != nil {
		return nil, err
	}
	switch {
	case r.OK:
		return &Outcome{Done: true}, nil
	case r.Job == nil:
		return &Outcome{Table: r}, nil
	case r.Job.Collect != "":
		q, err := s.engine.startQuery(ctx, r.Job.Graph, r.Job.Columns)
		if err != nil {
			return nil, err
		}
		q.Bounded, q.InsertOnly = r.Job.Bounded, r.Job.InsertOnly
		s.remember(q.Job)
		return &Outcome{Query: q}, nil
	}
	j, err := s.engine.Start(ctx, r.Job.Graph, nil)
	if err != nil {
		return nil, err
	}
	s.remember(j)
	return &Outcome{Job: j, Sinks: r.Job.Sinks}, nil
}

// RunScript executes the statements of a script one after another and waits for each job. SELECTs are read to their end and
// dropped. Errors name the place in the script.
func (s *Session) RunScript(ctx context.Context, script string) error {
	stmts, err := parse.Statements(script)
	if err != nil {
		return err
	}
	for _, stmt := range stmts {
		o, err := s.Run(ctx, stmt, script)
		if err != nil {
			return err
		}
		switch {
		case o.Job != nil:
			err = o.Job.Wait()
		case o.Query != nil:
			_, err = o.Query.All()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Query executes a SELECT.
func (s *Session) Query(ctx context.Context, text string) (*Query, error) {
	o, err := s.Execute(ctx, text)
	if err != nil {
		return nil, err
	}
	if o.Query == nil {
		if o.Job != nil {
			o.Job.Cancel()
		}
		return nil, errors.New("the statement is not a query")
	}
	return o.Query, nil
}

func (s *Session) remember(j *worker.Job) {
	var alive []*startedJob
	for _, old := range s.jobs {
		select {
		case <-old.job.Done():
		default:
			alive = append(alive, old)
		}
	}
	alive = append(alive, &startedJob{id: j.ID(), name: j.Graph().Name, start: j.StartMillis(), job: j})
	s.jobs = alive
}

func (s *Session) listJobs() []session.JobStatus {
	var list []session.JobStatus
	for _, j := range s.jobs {
		status := "RUNNING"
		select {
		case <-j.job.Done():
			switch err := j.job.Wait(); {
			case err == nil:
				status = "FINISHED"
			case worker.IsCanceled(err):
				status = "CANCELED"
			default:
				status = "FAILED"
			}
		default:
		}
		list = append(list, session.JobStatus{ID: j.id, Name: j.name, Status: status, StartMillis: j.start})
	}
	return list
}

// LocalZone returns the IANA name of the machine's time zone, or UTC when it cannot be told.
func LocalZone() string {
	if tz, ok := os.LookupEnv("TZ"); ok {
		if tz == "" {
			return "UTC"
		}
		return strings.TrimPrefix(tz, ":")
	}
	if link, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(link, "zoneinfo/"); ok && !strings.HasPrefix(name, "posixrules") {
			return strings.TrimPrefix(name, "Etc/")
		}
	}
	if b, err := os.ReadFile("/etc/timezone"); err == nil {
		if name := strings.TrimSpace(string(b)); name != "" {
			return strings.TrimPrefix(name, "Etc/")
		}
	}
	return "UTC"
}
