// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"spate/connector"
	"spate/internal/catalog"
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/schema"
)

// Env is what a binder may know of the session.
type Env struct {
	Catalog    *catalog.Store
	Functions  *expr.Registry
	Connectors *connector.Registry
	Config     *conf.Config
	// Expr is the surroundings in which constant expressions are evaluated.
	Expr *expr.Env
	// Zone is the session's time zone, an IANA name.
	Zone string
}

// Binder binds one statement.
type Binder struct {
	env Env
	// catalog and database complete names; inside a view they are those of its creation.
	catalog, database string
	// views is the views that are being bound, outermost first: a view must not contain itself.
	views []catalog.Path
	// text is that of the innermost view, empty outside of views.
	text string
	// ctes are the common table expressions in sight, the innermost last.
	ctes []*cte
	// sources remembers the tables that were opened, so that one table is one Source.
	sources map[string]*plan.Source
	// trace records what names stand for, nil when nobody asks.
	trace *trace
	// spans finds the text of bound column references, for messages about them later.
	spans map[*expr.Col]ast.Span
}

// New returns a binder.
func New(env Env) *Binder {
	c, d := env.Catalog.Current()
	return &Binder{env: env, catalog: c, database: d, sources: map[string]*plan.Source{}, spans: map[*expr.Col]ast.Span{}}
}

// cte is a common table expression. It is bound at each use, so that each use can be optimised for itself; equal parts are
// found again afterwards.
type cte struct {
	name string
	def  *ast.CTE
	// depth is the number of expressions in sight of the definition.
	depth int
	// used guards against recursion.
	busy bool
}

// Query binds a query.
func (b *Binder) Query(q *ast.Query) (plan.Node, error) {
	return b.query(q, nil)
}

// pos is the place of a node for run-time errors.
func pos(at ast.Node) expr.Pos {
	p := at.Range().Start
	return expr.Pos{Line: p.Line, Col: p.Col}
}

// batch tells whether the statement runs once over bounded input: then there are no watermarks, and windows may be made of any
// timestamp.
func (b *Binder) batch() bool { return conf.RuntimeMode.Get(b.env.Config) == "BATCH" }

// place is where a node stands, for messages of later stages.
func (b *Binder) place(at ast.Node) plan.Place {
	p := plan.Place{Span: at.Range()}
	if n := len(b.views); n > 0 {
		p.View, p.Text = b.views[n-1].String(), b.text
	}
	return p
}

// fold evaluates what is constant.
func (b *Binder) fold(e expr.Expr) expr.Expr {
	r, err := expr.Fold(b.env.Functions, b.env.Expr, e)
	if err != nil {
		return e
	}
	return r
}

// castTo casts e implicitly to a type, unless it has it already.
func castTo(at ast.Node, e expr.Expr, t *schema.Type) (expr.Expr, error) {
	if e.Type().Equal(t) {
		return e, nil
	}
	r, err := expr.Cast(e, t, false)
	if err != nil {
		return nil, At(at, err)
	}
	return r, nil
}
