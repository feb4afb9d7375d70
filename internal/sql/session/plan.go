// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/internal/sql/bind"
	"spate/internal/sql/explain"
	"spate/internal/sql/opt"
	"spate/internal/sql/phys"
	"spate/internal/sql/plan"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
	"spate/schema"
)

// plan executes queries, INSERTs, statement sets, EXPLAIN, CREATE TABLE (also LIKE and AS) and CREATE VIEW.
func (s *Session) plan(stmt ast.Statement, src string) (*Result, error) {
	switch st := stmt.(type) {
	case *ast.QueryStmt, *ast.Insert, *ast.StatementSet:
		return s.job(stmt)
	case *ast.Explain:
		return s.explain(st)
	case *ast.Execute:
		return s.run(st.Stmt, src)
	case *ast.CreateTable:
		if st.As != nil {
			return s.job(stmt)
		}
		return s.createTable(st)
	case *ast.CreateView:
		return s.createView(st, src)
	}
	return nil, sqlerr.New(errs.NotSupported, stmt, "this statement is not supported yet")
}

// binder returns a binder for one statement.
func (s *Session) binder() *bind.Binder {
	c, d := s.catalog.Current()
	return bind.New(bind.Env{
		Catalog: s.catalog, Functions: s.cfg.Functions, Connectors: s.cfg.Connectors, Config: s.settings, Zone: s.Zone(),
		Expr: s.env(c, d),
	})
}

// env is the surroundings in which constants are folded.
func (s *Session) env(catalogName, database string) *expr.Env {
	return &expr.Env{
		TimeZone: s.Zone(), LegacyCast: conf.LegacyCast.Get(s.settings) == "ENABLED", CurrentCatalog: catalogName, CurrentDatabase: database,
	}
}

// planned is a statement on its way to a job.
type planned struct {
	// logical and optimized are the plans of its parts: one for a query, one for each INSERT.
	logical, optimized []plan.Node
	physical           *phys.Plan
	job                *Job
	// table is the table that CTAS creates.
	table *catalog.Table
}

// job plans a query, an INSERT, a statement set or CTAS.
func (s *Session) job(stmt ast.Statement) (*Result, error) {
	p, err := s.planJob(stmt)
	if err != nil {
		return nil, err
	}
	if p.table != nil {
		if err := s.storeCTAS(stmt.(*ast.CreateTable), p.table); err != nil { //nolint:forcetypeassert // Only CTAS makes tables.
			return nil, err
		}
		if p.job == nil {
			return done, nil
		}
	}
	return &Result{Job: p.job}, nil
}

// collectID names the result of a SELECT in its graph.
const collectID = "result"

// planJob takes a statement through all stages.
func (s *Session) planJob(stmt ast.Statement) (*planned, error) {
	if ex, ok := stmt.(*ast.Execute); ok {
		return s.planJob(ex.Stmt)
	}
	p := &planned{job: &Job{}}
	b := s.binder()
	name := ""
	switch st := stmt.(type) {
	case *ast.QueryStmt:
		n, err := b.Query(st.Query)
		if err != nil {
			return nil, err
		}
		p.logical = []plan.Node{&plan.Collect{Input: n, ID: collectID}}
		p.job.Collect, p.job.Columns = collectID, outward(n.Schema())
		name = "collect"
	case *ast.Insert:
		sink, err := b.Insert(st)
		if err != nil {
			return nil, err
		}
		p.logical = []plan.Node{sink}
	case *ast.StatementSet:
		for _, part := range st.Stmts {
			in, ok := part.(*ast.Insert)
			if !ok {
				return nil, sqlerr.New(errs.NotSupported, part, "a statement set holds INSERT statements only")
			}
			sink, err := b.Insert(in)
			if err != nil {
				return nil, err
			}
			p.logical = append(p.logical, sink)
		}
		if len(p.logical) == 0 {
			return nil, sqlerr.New(errs.InvalidStatement, st, "NO statements in the statement set")
		}
	case *ast.CreateTable:
		if err := s.planCTAS(st, b, p); err != nil || p.job == nil {
			return p, err
		}
	default:
		return nil, sqlerr.New(errs.NotSupported, stmt, "this statement makes no job")
	}
	for i, n := range p.logical {
		if sink, ok := n.(*plan.Sink); ok {
			p.job.Sinks = append(p.job.Sinks, sink.Target.Table.Name)
			if i == 0 {
				name = "insert-into_" + sink.Target.Table.Name
			} else if i < 3 {
				name += "," + sink.Target.Table.Name
			}
		}
	}
	return p, s.finish(p, name)
}

// outward is the columns of a result: what the caller sees has no time attributes.
func outward(in schema.Schema) schema.Schema {
	out := make(schema.Schema, len(in))
	for i, f := range in {
		out[i] = schema.Field{Name: f.Name, Type: f.Type.WithAttr(schema.NotTimeAttr)}
	}
	return out
}

// finish optimises a bound plan and makes its graph.
func (s *Session) finish(p *planned, name string) error {
	c, d := s.catalog.Current()
	reuse := conf.ReuseSubPlan.Get(s.settings)
	optimized, origins := opt.Optimize(p.logical, &opt.Options{
		Functions: s.cfg.Functions, Env: s.env(c, d), Batch: conf.RuntimeMode.Get(s.settings) == "BATCH", ReuseSource: reuse && conf.ReuseSource.Get(s.settings),
	})
	if own := conf.PipelineName.Get(s.settings); own != "" {
		name = own
	}
	p.optimized = optimized
	var err error
	p.job.Graph, p.physical, err = phys.Build(optimized, phys.Options{Config: s.settings, Name: name, Origins: origins})
	if err != nil {
		return sqlerr.Wrap(errs.InvalidStatement, nil, err)
	}
	// The graph runs in the zone that it was planned in.
	p.job.Graph.Config[conf.LocalTimeZone.Key] = s.Zone()
	p.job.Bounded = bounded(p.optimized)
	p.job.InsertOnly = p.physical.InsertOnly()
	return nil
}

// bounded tells whether all sources of a plan end.
func bounded(roots []plan.Node) bool {
	all := true
	for _, r := range roots {
		plan.Each(r, func(n plan.Node) {
			if s, ok := n.(*plan.Scan); ok && !s.Source.Caps.Bounded {
				all = false
			}
		})
	}
	return all
}

func (s *Session) createTable(st *ast.CreateTable) (*Result, error) {
	if st.OrReplace || st.Replace {
		return nil, sqlerr.New(errs.NotSupported, st, "CREATE OR REPLACE TABLE without AS is not supported")
	}
	t, err := s.binder().Table(st, nil)
	if err != nil {
		return nil, err
	}
	return ok(st.Name, s.catalog.Create(t, st.IfNotExists, false))
}

// planCTAS plans CREATE TABLE AS.
func (s *Session) planCTAS(st *ast.CreateTable, b *bind.Binder, p *planned) error {
	if st.Like != nil {
		return sqlerr.New(errs.InvalidStatement, st.Like, "CREATE TABLE AS cannot have a LIKE clause")
	}
	q, err := b.Query(st.As)
	if err != nil {
		return err
	}
	t, err := b.Table(st, q.Schema())
	if err != nil {
		return err
	}
	p.table = t
	if _, exists := s.catalog.Get(t.Path); exists && st.IfNotExists {
		p.job, p.logical = nil, nil
		return nil
	}
	sink, err := b.InsertInto(t, q, st.As)
	if err != nil {
		return err
	}
	p.logical = []plan.Node{sink}
	return nil
}

// storeCTAS creates the table of a CTAS whose plan stands.
func (s *Session) storeCTAS(st *ast.CreateTable, t *catalog.Table) error {
	if st.Replace {
		if _, exists := s.catalog.Get(t.Path); !exists {
			return sqlerr.New(errs.ObjectNotFound, st.Name, "The table %s to be replaced doesn't exist. You can try to use CREATE TABLE AS statement or CREATE OR REPLACE TABLE AS statement.", t.Path)
		}
	}
	_, err := ok(st.Name, s.catalog.Create(t, st.IfNotExists, st.Replace || st.OrReplace))
	return err
}

func (s *Session) createView(st *ast.CreateView, src string) (*Result, error) {
	v, err := s.binder().View(st, st.Query.Text(src))
	if err != nil {
		return nil, err
	}
	return ok(st.Name, s.catalog.Create(v, st.IfNotExists, st.OrReplace))
}

// explain answers EXPLAIN.
func (s *Session) explain(st *ast.Explain) (*Result, error) {
	p, err := s.planJob(st.Stmt)
	if err != nil {
		return nil, err
	}
	return names("result", []string{p.text(st)}, nil), nil
}

// text prints the stages of a plan.
func (p *planned) text(*ast.Explain) string {
	st := explain.Stages{Logical: p.logical, Optimized: p.optimized, Physical: p.physical, Graph: p.job.Graph}
	return st.Text(true)
}
