// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"
	"strings"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/schema"
)

// Node is a relational operator: one of the types of this file.
type Node interface {
	// Schema returns the names and types of the output columns.
	Schema() schema.Schema
	isNode()
}

// Source is a table as scans see it: what the connector needs and what it can do.
type Source struct {
	Table graph.TableSpec
	Caps  connector.SourceCapabilities
	// Parallelism is that of the option scan.parallelism, 0 for none.
	Parallelism int
	// Normalize: the changes must be put in order by the primary key before they mean anything: the source emits +U without -U.
	// Duplicates says so of a source whose changes may come twice.
	Normalize, Duplicates bool
	// WatermarkOnEvent and IdleTimeout are set by options of the table, beside the session's.
	WatermarkOnEvent bool
	IdleTimeout      int64
}

// Scan reads a table. Its columns are those asked for, in that order.
type Scan struct {
	Source  *Source
	Columns []connector.ScanColumn
	Out     schema.Schema
	// Filters have been taken over by the source.
	Filters []connector.Filter
	// Watermark is made in the source: by Delay when Mark is nil, else by Mark over the columns of the scan.
	Watermark *ScanWatermark
}

// ScanWatermark is a watermark that the source makes.
type ScanWatermark struct {
	Mark  expr.Expr
	Delay int64
}

// Values is constant rows.
type Values struct {
	Rows [][]schema.Value
	Out  schema.Schema
}

// Project computes columns.
type Project struct {
	Input Node
	Exprs []expr.Expr
	Names []string
}

// Filter keeps the rows for which Cond is TRUE.
type Filter struct {
	Input Node
	Cond  expr.Expr
}

// Watermark makes the column Col the row time attribute, with watermarks by Mark over the columns of the input.
type Watermark struct {
	Input Node
	Col   int
	Mark  expr.Expr
	// OnEvent and IdleTimeout (milliseconds, -1: the session's) come from the table's options.
	OnEvent     bool
	IdleTimeout int64
}

// Aggregate groups by columns. Output: the keys, the aggregates, and the properties of the window.
//
// Without a Window it groups over all time. A Window that is not Attached assigns rows by its time column; an Attached one is
// that of the columns StartCol and EndCol of the input. Legacy is GROUP BY TUMBLE(..).
type Aggregate struct {
	Input  Node
	Keys   []int
	Aggs   []graph.AggCall
	Window *graph.Window
	Props  []graph.WindowProp
	Legacy bool
	// Names are those of all output columns.
	Names []string
	// PropTypes are the types of Props.
	PropTypes []*schema.Type
	// TimeKeys are the keys that stay time attributes: window_time beside both bounds of its window.
	TimeKeys []int
}

// Expand emits each row once for every grouping set; see graph.ExpandSpec.
type Expand struct {
	Input   Node
	Grouped []int
	Sets    [][]int
	IDs     []int64
	// IDName is the name of the added column.
	IDName string
}

// Unnest emits a row for each element of the collection in column Col: the columns Keep, then those of the element, which are Out;
// see graph.UnnestSpec.
type Unnest struct {
	Input      Node
	Col        int
	Keep       []int
	Left       bool
	Expand     bool
	Ordinality bool
	Out        schema.Schema
}

// Join joins on any condition; nil is none. Semi and anti joins have the columns of the left only.
type Join struct {
	Left, Right Node
	Kind        graph.JoinKind
	Cond        expr.Expr
	// KeepTime: the join emits rows in step with watermarks (a window join), so time attributes stay what they are.
	KeepTime bool
}

// WindowTable is a windowing table function: the input's columns, window_start, window_end, window_time.
type WindowTable struct {
	Input  Node
	Window graph.Window
	Keys   []int
	// TimeType is the type of window_time.
	TimeType *schema.Type
}

// OverCall is a window function of an OVER clause.
type OverCall struct {
	Agg       graph.AggCall
	Partition []int
	Sort      []graph.SortKey
	Name      string
	Place     Place
}

// Over appends the results of OVER calls to its input.
type Over struct {
	Input Node
	Calls []OverCall
}

// TopN keeps rows Start..End (1-based) of each partition by an order; with OutputRank the rank is appended under RankName. Held rows
// are emitted when they are final, as inserts, in order: see graph.TopNSpec.
type TopN struct {
	Input      Node
	Partition  []int
	Sort       []graph.SortKey
	Start, End int64
	OutputRank bool
	RankName   string
	Hold       graph.Hold
	// TimeCol is the column of Partition that Hold goes by, Zone the zone of its windows.
	TimeCol int
	Zone    string
}

// Sort orders the whole result, or with a limit keeps a part of it. Limit is -1 for none.
type Sort struct {
	Input  Node
	Keys   []graph.SortKey
	Offset int64
	Limit  int64
	Place  Place
}

// Union is UNION ALL. All inputs have the same types; names are those of the first.
type Union struct {
	Inputs []Node
	Out    schema.Schema
}

// Sink writes a table.
type Sink struct {
	Input  Node
	Target *Target
}

// Target is a table as sinks see it.
type Target struct {
	Table graph.TableSpec
	Caps  connector.SinkCapabilities
	// NotNull lists columns that the table declares NOT NULL and the query does not promise to be.
	NotNull     []int
	Parallelism int
	// OnConflict is "", "ERROR", "NOTHING" or "DEDUPLICATE".
	OnConflict string
	Place      Place
}

// Collect hands the rows to the caller.
type Collect struct {
	Input Node
	ID    string
}

// Schema implements Node.
func (n *Scan) Schema() schema.Schema { return n.Out }

// Schema implements Node.
func (n *Values) Schema() schema.Schema { return n.Out }

// Schema implements Node.
func (n *Project) Schema() schema.Schema {
	out := make(schema.Schema, len(n.Exprs))
	for i, e := range n.Exprs {
		out[i] = schema.Field{Name: n.Names[i], Type: e.Type()}
	}
	return out
}

// Schema implements Node.
func (n *Filter) Schema() schema.Schema { return n.Input.Schema() }

// Schema implements Node.
func (n *Watermark) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, len(in))
	copy(out, in)
	out[n.Col].Type = out[n.Col].Type.WithAttr(schema.RowTime)
	return out
}

// Schema implements Node.
func (n *Aggregate) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, 0, len(n.Names))
	for i, k := range n.Keys {
		t := in[k].Type
		if !slices.Contains(n.TimeKeys, i) {
			t = t.WithAttr(schema.NotTimeAttr)
		}
		out = append(out, schema.Field{Type: t})
	}
	for _, a := range n.Aggs {
		out = append(out, schema.Field{Type: a.Type})
	}
	for _, t := range n.PropTypes {
		out = append(out, schema.Field{Type: t})
	}
	for i := range out {
		out[i].Name = n.Names[i]
	}
	return out
}

// Schema implements Node.
func (n *Expand) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, len(in), len(in)+1)
	copy(out, in)
	for _, g := range n.Grouped {
		if !n.Always(g) {
			out[g].Type = out[g].Type.WithNull(true).WithAttr(schema.NotTimeAttr)
		}
	}
	return append(out, schema.Field{Name: n.IDName, Type: schema.TypeBigInt.NotNull()})
}

// Always tells whether a column is in every grouping set, so that it never loses its value.
func (n *Expand) Always(col int) bool {
	return !slices.ContainsFunc(n.Sets, func(s []int) bool { return !slices.Contains(s, col) })
}

// Schema implements Node.
func (n *Join) Schema() schema.Schema {
	left := n.Left.Schema()
	if n.Kind == graph.Semi || n.Kind == graph.Anti {
		return left
	}
	right := n.Right.Schema()
	out := make(schema.Schema, 0, len(left)+len(right))
	leftNull := n.Kind == graph.Right || n.Kind == graph.Full
	rightNull := n.Kind == graph.Left || n.Kind == graph.Full
	for _, f := range left {
		out = append(out, n.joined(f, leftNull))
	}
	for _, f := range right {
		out = append(out, n.joined(f, rightNull))
	}
	return out
}

// joined is a column of an input behind the join: the outer side may be NULL, and time attributes end at most joins.
func (n *Join) joined(f schema.Field, outer bool) schema.Field {
	if !n.KeepTime {
		f.Type = f.Type.WithAttr(schema.NotTimeAttr)
	}
	if outer {
		f.Type = f.Type.WithNull(true)
	}
	return f
}

// Names of the columns that a windowing table function adds.
const (
	ColWindowStart = "window_start"
	ColWindowEnd   = "window_end"
	ColWindowTime  = "window_time"
)

// TypeWindowBound is the type of window_start and window_end.
var TypeWindowBound = schema.NewTimestamp(3).NotNull()

// Schema implements Node.
func (n *WindowTable) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, 0, len(in)+3)
	out = append(out, in...)
	// window_time takes over: the time column itself is an ordinary timestamp from here on.
	if t := n.Window.TimeCol; t >= 0 {
		out[t].Type = out[t].Type.WithAttr(schema.NotTimeAttr)
	}
	return append(out,
		schema.Field{Name: ColWindowStart, Type: TypeWindowBound},
		schema.Field{Name: ColWindowEnd, Type: TypeWindowBound},
		schema.Field{Name: ColWindowTime, Type: n.TimeType})
}

// Schema implements Node.
func (n *Over) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, 0, len(in)+len(n.Calls))
	out = append(out, in...)
	for _, c := range n.Calls {
		out = append(out, schema.Field{Name: c.Name, Type: c.Agg.Type})
	}
	return out
}

// Schema implements Node.
func (n *Unnest) Schema() schema.Schema {
	in := n.Input.Schema()
	out := make(schema.Schema, 0, len(n.Keep)+len(n.Out))
	for _, k := range n.Keep {
		out = append(out, in[k])
	}
	return append(out, n.Out...)
}

// Schema implements Node.
func (n *TopN) Schema() schema.Schema {
	in := n.Input.Schema()
	if !n.OutputRank {
		return in
	}
	out := make(schema.Schema, 0, len(in)+1)
	out = append(out, in...)
	return append(out, schema.Field{Name: n.RankName, Type: schema.TypeBigInt.NotNull()})
}

// Schema implements Node.
func (n *Sort) Schema() schema.Schema { return n.Input.Schema() }

// Schema implements Node.
func (n *Union) Schema() schema.Schema { return n.Out }

// Schema implements Node.
func (n *Sink) Schema() schema.Schema { return n.Input.Schema() }

// Schema implements Node.
func (n *Collect) Schema() schema.Schema { return n.Input.Schema() }

func (*Scan) isNode()        {}
func (*Values) isNode()      {}
func (*Project) isNode()     {}
func (*Filter) isNode()      {}
func (*Watermark) isNode()   {}
func (*Aggregate) isNode()   {}
func (*Expand) isNode()      {}
func (*Unnest) isNode()      {}
func (*Join) isNode()        {}
func (*WindowTable) isNode() {}
func (*Over) isNode()        {}
func (*TopN) isNode()        {}
func (*Sort) isNode()        {}
func (*Union) isNode()       {}
func (*Sink) isNode()        {}
func (*Collect) isNode()     {}

// PathName is the dotted name of a column or of a field inside of it.
func PathName(cols schema.Schema, path []int) string {
	names, t := []string{cols[path[0]].Name}, cols[path[0]].Type
	for _, i := range path[1:] {
		names = append(names, t.Fields[i].Name)
		t = t.Fields[i].Type
	}
	return strings.Join(names, ".")
}
