// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"maps"
	"slices"
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/internal/sys/suggest"
	"spate/schema"
)

// tvfArgs are the names of the arguments of the windowing table functions, in order; those from optional on may be missing.
var tvfArgs = map[string]struct {
	names    []string
	optional int
}{
	"TUMBLE":   {[]string{"DATA", "TIMECOL", "SIZE", "OFFSET"}, 3},
	"HOP":      {[]string{"DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"}, 4},
	"CUMULATE": {[]string{"DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"}, 4},
	"SESSION":  {[]string{"DATA", "TIMECOL", "GAP"}, 3},
}

// tableFunc binds a table function in FROM.
func (b *Binder) tableFunc(t *ast.TableFunc, left *scope) (plan.Node, *scope, error) {
	name := strings.ToUpper(t.Call.Name.Last())
	if _, ok := tvfArgs[name]; !ok || len(t.Call.Name.Parts) > 1 {
		if _, known := b.env.Functions.Lookup(name); known {
			return nil, nil, invalid(t.Call, "%s is no table function", name)
		}
		e := unsupported(t.Call, "table function `%s`", t.Call.Name.Last())
		if h := suggest.Hint(name, slices.Sorted(maps.Keys(tvfArgs))); h != "" {
			e = e.WithHint("%s", h)
		}
		return nil, nil, e
	}
	_ = left // Windowing functions see nothing of the tables before them.
	n, err := b.windowTable(t.Call, name)
	if err != nil {
		return nil, nil, err
	}
	return newRelation(n, t.Alias, "", nil)
}

// tvfArguments sorts positional and named arguments into the order of the declaration.
func tvfArguments(call *ast.Call, name string) ([]ast.Expr, error) {
	def := tvfArgs[name]
	out := make([]ast.Expr, len(def.names))
	for i, a := range call.Args {
		at := i
		if a.Name != nil {
			if at = slices.Index(def.names, strings.ToUpper(a.Name.Name)); at < 0 {
				return nil, notFound(a.Name, strings.ToUpper(a.Name.Name), def.names, "%s has no argument `%s`; its arguments are %s",
					name, a.Name.Name, strings.Join(def.names, ", "))
			}
		}
		if at >= len(out) {
			return nil, invalid(a, "%s takes at most %d arguments", name, len(def.names))
		}
		if out[at] != nil {
			return nil, invalid(a, "argument %s of %s is given twice", def.names[at], name)
		}
		out[at] = a.Value
	}
	for i := range def.optional {
		if out[i] == nil {
			return nil, invalid(call, "%s needs the argument %s", name, def.names[i])
		}
	}
	return out, nil
}

// windowTable binds TUMBLE, HOP, CUMULATE or SESSION over a table.
func (b *Binder) windowTable(call *ast.Call, name string) (plan.Node, error) {
	args, err := tvfArguments(call, name)
	if err != nil {
		return nil, err
	}
	data, ok := args[0].(*ast.TableArg)
	if q, isQuery := args[0].(*ast.Subquery); isQuery {
		data, ok = &ast.TableArg{Span: q.Span, Query: q.Query}, true
	}
	if !ok {
		return nil, invalid(args[0], "the first argument of %s must be a table: TABLE name, or a query in parentheses", name)
	}
	in, sc, err := b.tableArg(data)
	if err != nil {
		return nil, err
	}
	w := graph.Window{Kind: graph.WindowKind(name)}
	time, err := b.timeColumn(args[1], sc, name)
	if err != nil {
		return nil, err
	}
	w.TimeCol, w.ProcTime, w.Zone = time.Index, time.T.Attr == schema.ProcTime, b.windowZone(time.T)
	n := &plan.WindowTable{Input: b.timed(in, time), TimeType: time.T.NotNull()}
	if len(data.PartitionBy) > 0 && w.Kind != graph.Session {
		return nil, invalid(data.PartitionBy[0], "PARTITION BY is for SESSION windows only; %s takes none", name)
	}
	for _, p := range data.PartitionBy {
		x, err := b.expr(&ctx{scope: sc, clause: "PARTITION BY"}, p)
		if err != nil {
			return nil, err
		}
		c, ok := x.(*expr.Col)
		if !ok {
			return nil, invalid(p, "PARTITION BY of a table argument must name columns")
		}
		n.Keys = append(n.Keys, c.Index)
	}
	spans := make([]int64, len(args))
	for i := 2; i < len(args); i++ {
		if args[i] == nil {
			continue
		}
		x, err := b.expr(&ctx{scope: &scope{}, clause: name}, args[i])
		if err != nil {
			return nil, err
		}
		if spans[i], err = b.windowSpan(args[i], x, tvfArgs[name].names[i] == "OFFSET"); err != nil {
			return nil, err
		}
	}
	switch w.Kind {
	case graph.Tumble:
		w.Size, w.Offset = spans[2], spans[3]
	case graph.Session:
		w.Size = spans[2]
	case graph.Hop, graph.Cumulate:
		w.Slide, w.Size, w.Offset = spans[2], spans[3], spans[4]
		if w.Kind == graph.Cumulate && w.Size%w.Slide != 0 {
			return nil, invalid(args[3], "CUMULATE table function based aggregate requires maxSize must be an integral multiple of step, but got maxSize %d ms and step %d ms", w.Size, w.Slide)
		}
	}
	n.Window = w
	return n, nil
}

// tableArg binds TABLE t or a query as an argument.
func (b *Binder) tableArg(a *ast.TableArg) (plan.Node, *scope, error) {
	if a.Query != nil {
		n, err := b.query(a.Query, nil)
		if err != nil {
			return nil, nil, err
		}
		return newRelation(n, nil, "", nil)
	}
	return b.table(&ast.TableName{Span: a.Span, Name: *a.Table, Hints: a.Hints})
}

// timeColumn finds the column of DESCRIPTOR(time).
func (b *Binder) timeColumn(e ast.Expr, sc *scope, name string) (*expr.Col, error) {
	d, ok := e.(*ast.Descriptor)
	if !ok || len(d.Columns) != 1 {
		return nil, invalid(e, "the second argument of %s must be DESCRIPTOR(column) of the time attribute", name)
	}
	found := sc.find(d.Columns[0].Name)
	if len(found) == 0 {
		return nil, notFound(d.Columns[0], d.Columns[0].Name, sc.names(), "column `%s` not found", d.Columns[0].Name)
	}
	c, ok := found[0].(*expr.Col)
	if !ok || len(found) > 1 {
		return nil, invalid(d.Columns[0], "column `%s` is ambiguous", d.Columns[0].Name)
	}
	if !c.T.IsTimeAttr() && (!b.batch() || !c.T.IsTimestamp() || c.T.Precision > 3) {
		return nil, invalid(d.Columns[0], "The window function requires the timecol is a time attribute type, but is %s.", c.T).
			WithHint("a column becomes a time attribute by WATERMARK FOR in CREATE TABLE, and stays one while queries only pass it on")
	}
	return c, nil
}
