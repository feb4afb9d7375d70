// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package graph is the job graph: plain versioned data, the waist between the front half, the control plane and the data plane.
//
// A Job is a list of vertices; a vertex is a chain (a tree) of operator nodes that one task runs; edges connect vertices. Nodes
// say what to do as data: bound expressions, column indexes, options. Nothing in a graph is compiled, open or shared.
package graph

import (
	"spate/connector"
	"spate/internal/expr"
	"spate/schema"
)

// Version is the format version of an encoded graph.
const Version = 1

// Job is a job graph.
type Job struct {
	Version  int               `json:"version"`
	Name     string            `json:"name"`
	Config   map[string]string `json:"config"` // The effective configuration: every key that was set.
	Vertices []*Vertex         `json:"vertices"`
	Edges    []*Edge           `json:"edges"`
}

// Vertex is what one task runs: nodes chained together. Node 0 is the head: a source, or the one that the in-edges feed.
type Vertex struct {
	ID             int     `json:"id"`
	UID            string  `json:"uid"` // Stable: the same SQL always gives the same.
	Name           string  `json:"name"`
	Parallelism    int     `json:"parallelism"`
	MaxParallelism int     `json:"maxParallelism"`
	Nodes          []*Node `json:"nodes"`
}

// Node is one operator of a chain. From is the index of the node in the vertex whose output it takes, -1 for the head; a node
// may feed several others.
type Node struct {
	UID  string         `json:"uid"`
	Name string         `json:"name"`
	From int            `json:"from"`
	Spec Spec           `json:"-"`   // Encoded with its kind.
	Out  []*schema.Type `json:"out"` // Types of the output columns; nil for sinks.
	// In is the types of the input columns of a head that edges feed (joins have their own); nil elsewhere.
	In []*schema.Type `json:"in,omitempty"`
	// Names of the output columns, for explain and errors.
	OutNames []string `json:"outNames"`
}

// Edge carries the output of a node of one vertex to an input of another's head.
type Edge struct {
	From         int          `json:"from"`     // Vertex id.
	FromNode     int          `json:"fromNode"` // Index in the vertex.
	To           int          `json:"to"`
	Input        int          `json:"input"` // Input of the head: 0, or 0 and 1 for joins. Several edges may feed one input (UNION ALL).
	Partitioning Partitioning `json:"partitioning"`
}

// Ship is how rows are spread over the consumers.
type Ship string

// The partitionings, named as in Flink.
const (
	Forward   Ship = "FORWARD"
	Hash      Ship = "HASH"
	Rebalance Ship = "REBALANCE"
	Rescale   Ship = "RESCALE"
	Broadcast Ship = "BROADCAST"
	Global    Ship = "GLOBAL"
)

// Partitioning is a Ship and the key columns of Hash.
type Partitioning struct {
	Ship Ship  `json:"ship"`
	Keys []int `json:"keys,omitempty"`
}

// Spec is what a node does: one of the types of this package that end in Spec.
type Spec interface{ isSpec() }

// SortKey orders by a column.
type SortKey struct {
	Col       int  `json:"col"`
	Desc      bool `json:"desc,omitempty"`
	NullsLast bool `json:"nullsLast,omitempty"`
}

// JoinKind is the kind of a join.
type JoinKind string

// Join kinds.
const (
	Inner JoinKind = "INNER"
	Left  JoinKind = "LEFT"
	Right JoinKind = "RIGHT"
	Full  JoinKind = "FULL"
	Semi  JoinKind = "SEMI"
	Anti  JoinKind = "ANTI"
)

// WindowKind is the kind of a window.
type WindowKind string

// Window kinds.
const (
	Tumble   WindowKind = "TUMBLE"
	Hop      WindowKind = "HOP"
	Cumulate WindowKind = "CUMULATE"
	Session  WindowKind = "SESSION"
)

// Window assigns rows to windows. Times are milliseconds.
type Window struct {
	Kind   WindowKind `json:"kind"`
	Size   int64      `json:"size"`            // TUMBLE and HOP size, CUMULATE max size, SESSION gap.
	Slide  int64      `json:"slide,omitempty"` // HOP slide, CUMULATE step.
	Offset int64      `json:"offset,omitempty"`
	// TimeCol is the time attribute's column; -1 when ProcTime or when the window is attached (StartCol, EndCol).
	TimeCol  int  `json:"timeCol"`
	ProcTime bool `json:"procTime,omitempty"`
	// Zone is the session zone when the time attribute is a TIMESTAMP_LTZ (windows align to local time), else "".
	Zone string `json:"zone,omitempty"`
	// Attached windows: the rows already carry their window (output of a windowing TVF or of a window aggregate).
	Attached bool `json:"attached,omitempty"`
	StartCol int  `json:"startCol,omitempty"`
	EndCol   int  `json:"endCol,omitempty"`
}

// AggCall is one aggregate of an aggregation.
type AggCall struct {
	Fn       string       `json:"fn"` // Canonical name: COUNT, SUM, MIN, MAX, AVG, ...; COUNT without arguments is COUNT(*).
	Args     []int        `json:"args"`
	Distinct bool         `json:"distinct,omitempty"`
	Filter   int          `json:"filter"` // BOOLEAN column, -1 for none.
	Type     *schema.Type `json:"type"`   // Result.
	// Lits are literal arguments after Args (separator of LISTAGG, ...).
	Lits []schema.Value `json:"lits,omitempty"`
}

// WindowProp is a property of the window that an aggregation adds after its aggregates.
type WindowProp string

// Window properties. WindowTime is the end less one millisecond, as time attribute.
const (
	WindowStart WindowProp = "START"
	WindowEnd   WindowProp = "END"
	WindowTime  WindowProp = "TIME"
)

// SourceSpec reads a table. Its output columns are those of Scan.
type SourceSpec struct {
	Table     TableSpec      `json:"table"`
	Scan      connector.Scan `json:"scan"`
	Watermark *WatermarkSpec `json:"watermark,omitempty"` // Made in the source: per split. Its expression reads the source's output columns.
	// IdleTimeout in milliseconds, 0 for none.
	IdleTimeout int64 `json:"idleTimeout,omitempty"`
}

// TableSpec is a table as the connector needs it.
type TableSpec struct {
	Name          string            `json:"name"`
	Connector     string            `json:"connector"`
	Columns       schema.Schema     `json:"columns"`
	Metadata      schema.Schema     `json:"metadata,omitempty"`
	PrimaryKey    []int             `json:"primaryKey,omitempty"`
	PartitionKeys []int             `json:"partitionKeys,omitempty"`
	Options       map[string]string `json:"options"`
	TimeZone      string            `json:"timeZone"`
}

// WatermarkSpec makes watermarks from an expression of type TIMESTAMP(3) or TIMESTAMP_LTZ(3).
type WatermarkSpec struct {
	// Expr is evaluated on each row; the watermark is the greatest value so far. Nil when the source makes it (Delay).
	Expr ExprBox `json:"expr,omitzero"`
	// Delay in milliseconds, subtracted from the source's own event time when Expr is nil.
	Delay int64 `json:"delay,omitempty"`
	// OnEvent emits after every row (scan.watermark.emit.strategy = on-event).
	OnEvent bool `json:"onEvent,omitempty"`
	// Interval in milliseconds between periodic watermarks (pipeline.auto-watermark-interval); 0: after every batch.
	Interval int64 `json:"interval"`
}

// WatermarkAssignerSpec assigns watermarks behind the source (when they cannot be made in it).
type WatermarkAssignerSpec struct {
	Watermark   WatermarkSpec `json:"watermark"`
	IdleTimeout int64         `json:"idleTimeout,omitempty"`
}

// CalcSpec filters and projects.
type CalcSpec struct {
	Filter ExprBox   `json:"filter,omitzero"` // Nil: all rows.
	Exprs  []ExprBox `json:"exprs"`
}

// GroupAggSpec is an unbounded keyed aggregation. Output: keys, then aggregates.
type GroupAggSpec struct {
	Keys []int     `json:"keys"`
	Aggs []AggCall `json:"aggs"`
	// Retract: the input may hold -U and -D. UpdateBefore: emit -U for changes.
	Retract      bool   `json:"retract,omitempty"`
	UpdateBefore bool   `json:"updateBefore,omitempty"`
	Bundle       Bundle `json:"bundle"`
	TTL          int64  `json:"ttl,omitempty"` // Milliseconds, 0 for ever.
}

// Bundle is the trigger of emission (architecture 4.2).
type Bundle struct {
	// PerRow: emit after every row, Flink's changelog row for row (mini-batch.enabled = false).
	PerRow bool `json:"perRow,omitempty"`
	// Latency (ms) and Size: collect until either is reached (mini-batch.enabled = true). Both zero and not PerRow: one batch.
	Latency int64 `json:"latency,omitempty"`
	Size    int64 `json:"size,omitempty"`
}

// WindowAggSpec aggregates per window. Output: keys, aggregates, properties.
type WindowAggSpec struct {
	Keys   []int        `json:"keys"`
	Aggs   []AggCall    `json:"aggs"`
	Window Window       `json:"window"`
	Props  []WindowProp `json:"props"`
	// Retract: the input may hold retractions.
	Retract bool `json:"retract,omitempty"`
	// PropTypes are the types of Props (TIMESTAMP(3), or TIMESTAMP_LTZ(3) for WindowTime).
	// Legacy marks GROUP BY TUMBLE(...): SESSION windows merge as there, and the output has no attached window.
	Legacy bool `json:"legacy,omitempty"`
}

// WindowTableSpec appends window_start, window_end and window_time to every row, once per window of the row (a windowing TVF that no
// aggregate absorbed). SESSION has Keys as PARTITION BY.
type WindowTableSpec struct {
	Window Window `json:"window"`
	Keys   []int  `json:"keys,omitempty"`
}

// JoinSpec joins two inputs on equal keys, keeping both in state. Output: columns of the left, then of the right.
// A NULL key never matches, except where NullSafe says IS NOT DISTINCT FROM.
type JoinSpec struct {
	Kind      JoinKind `json:"kind"`
	LeftKeys  []int    `json:"leftKeys"`
	RightKeys []int    `json:"rightKeys"`
	NullSafe  []bool   `json:"nullSafe,omitempty"`
	Condition ExprBox  `json:"condition,omitzero"` // Over left then right columns; nil: none.
	// LeftUnique and RightUnique are a unique key of each input's rows (nil: rows may repeat).
	LeftUnique   []int          `json:"leftUnique,omitempty"`
	RightUnique  []int          `json:"rightUnique,omitempty"`
	LeftTypes    []*schema.Type `json:"leftTypes"`
	RightTypes   []*schema.Type `json:"rightTypes"`
	LeftRetract  bool           `json:"leftRetract,omitempty"`
	RightRetract bool           `json:"rightRetract,omitempty"`
	UpdateBefore bool           `json:"updateBefore,omitempty"`
	Bundle       Bundle         `json:"bundle"`
	LeftTTL      int64          `json:"leftTTL,omitempty"`
	RightTTL     int64          `json:"rightTTL,omitempty"`
}

// WindowJoinSpec joins rows of the same window: both inputs carry their window end (StartCol, EndCol). State is dropped and
// results are emitted when the watermark passes the end.
type WindowJoinSpec struct {
	Kind       JoinKind       `json:"kind"`
	LeftKeys   []int          `json:"leftKeys"`
	RightKeys  []int          `json:"rightKeys"`
	NullSafe   []bool         `json:"nullSafe,omitempty"`
	LeftEnd    int            `json:"leftEnd"`
	RightEnd   int            `json:"rightEnd"`
	Condition  ExprBox        `json:"condition,omitzero"`
	LeftTypes  []*schema.Type `json:"leftTypes"`
	RightTypes []*schema.Type `json:"rightTypes"`
	// Zone is the session zone when the windows are over a TIMESTAMP_LTZ (their ends are local times), else "".
	Zone string `json:"zone,omitempty"`
}

// TopNSpec keeps the first rows of each partition by an order: rows Start..End (1-based, inclusive) by ROW_NUMBER.
type TopNSpec struct {
	Partition []int     `json:"partition"`
	Sort      []SortKey `json:"sort"`
	Start     int64     `json:"start"`
	End       int64     `json:"end"`
	// OutputRank appends the rank (BIGINT NOT NULL).
	OutputRank bool `json:"outputRank,omitempty"`
	// LastWins lets the later of two rows with equal sort keys win, as deduplication by descending time does. A sort column whose
	// type is still a time attribute has the same effect: projections that change nothing else may have dropped the attribute.
	LastWins bool `json:"lastWins,omitempty"`
	// Retract: the input may hold -U and -D (all rows are then kept). Unique: a unique key of the input's rows that updates replace by.
	Retract      bool   `json:"retract,omitempty"`
	Unique       []int  `json:"unique,omitempty"`
	UpdateBefore bool   `json:"updateBefore,omitempty"`
	Bundle       Bundle `json:"bundle"`
	TTL          int64  `json:"ttl,omitempty"`
	// Hold says when the rows of a partition are emitted; TimeCol is the TIMESTAMP(3) column that HoldWindow and HoldTime go by, one
	// of Partition. Zone is the session zone when windows are over a TIMESTAMP_LTZ (their ends are local times), else "".
	Hold    Hold   `json:"hold,omitempty"`
	TimeCol int    `json:"timeCol,omitempty"`
	Zone    string `json:"zone,omitempty"`
}

// Hold says how long a Top-N keeps its rows back. What was held is emitted as inserts, in order.
type Hold string

// The ways to hold rows.
const (
	HoldNot    Hold = ""       // Changes are emitted at once.
	HoldWindow Hold = "WINDOW" // Until the watermark passes the window end in TimeCol; later rows are dropped and counted.
	HoldTime   Hold = "TIME"   // Until the watermark passes the time in TimeCol; later rows are dropped and counted.
	HoldEnd    Hold = "END"    // Until the input ends.
)

// ExpandSpec emits each row once per grouping set, with the columns outside the set NULL and the set's id in a last BIGINT column.
type ExpandSpec struct {
	// Sets lists, per grouping set, the columns that keep their value among Grouped.
	Grouped []int   `json:"grouped"`
	Sets    [][]int `json:"sets"`
	IDs     []int64 `json:"ids"`
}

// UnnestSpec emits a row for each element of a collection. Output: the columns Keep, the columns of the element, its number.
type UnnestSpec struct {
	Col  int   `json:"col"` // ARRAY, MAP (columns key and value) or MULTISET (an element as often as it is in there).
	Keep []int `json:"keep"`
	// Left: a row without elements is emitted once, with NULLs.
	Left bool `json:"left,omitempty"`
	// Expand: elements are rows, whose fields become columns.
	Expand bool `json:"expand,omitempty"`
	// Ordinality appends the number of the element, from 1 on (INT).
	Ordinality bool `json:"ordinality,omitempty"`
}

// ValuesSpec emits constant rows and ends.
type ValuesSpec struct {
	Rows [][]schema.Value `json:"rows"`
}

// UnionSpec passes its input on: the head of a vertex that several edges feed.
type UnionSpec struct{}

// NormalizeSpec turns an upsert or duplicate-ridden changelog into a clean one, by key (Flink's ChangelogNormalize).
// A -U is passed over: the +U behind it says the same.
type NormalizeSpec struct {
	Keys []int `json:"keys"`
	// Filter, when not nil, lets through only rows that pass it: a row that no longer does is deleted, and is not kept in state.
	Filter       ExprBox `json:"filter,omitzero"`
	UpdateBefore bool    `json:"updateBefore,omitempty"`
	Bundle       Bundle  `json:"bundle"`
	TTL          int64   `json:"ttl,omitempty"`
}

// DropUpdateBeforeSpec drops -U rows.
type DropUpdateBeforeSpec struct{}

// SinkSpec writes a table.
type SinkSpec struct {
	Table TableSpec `json:"table"`
	// Accepts is the set of row kinds that the sink takes (connector.Changelog).
	Accepts uint8 `json:"accepts"`
	// NotNull lists columns that must not be NULL, and what happens then: "ERROR" or "DROP".
	NotNull        []int  `json:"notNull,omitempty"`
	NotNullEnforce string `json:"notNullEnforce,omitempty"`
	// Materialize: the rows of one primary key may arrive out of order; keep them and write the last.
	Materialize bool `json:"materialize,omitempty"`
	// UpsertKey is the upsert key of the rows that arrive, by which Materialize tells them apart; nil: all columns.
	UpsertKey []int `json:"upsertKey,omitempty"`
	// NotNullNested also checks the fields of rows ("ROWS"), or these and elements, keys and values of collections
	// ("ROWS_AND_COLLECTIONS"), by the types of the table; "" or "IGNORE": columns only.
	NotNullNested string `json:"notNullNested,omitempty"`
}

// CollectSpec hands rows to whoever runs the job: the result of a SELECT. Changelog included.
type CollectSpec struct {
	ID string `json:"id"`
}

func (*SourceSpec) isSpec()            {}
func (*WatermarkAssignerSpec) isSpec() {}
func (*CalcSpec) isSpec()              {}
func (*GroupAggSpec) isSpec()          {}
func (*WindowAggSpec) isSpec()         {}
func (*WindowTableSpec) isSpec()       {}
func (*JoinSpec) isSpec()              {}
func (*WindowJoinSpec) isSpec()        {}
func (*TopNSpec) isSpec()              {}
func (*ExpandSpec) isSpec()            {}
func (*UnnestSpec) isSpec()            {}
func (*ValuesSpec) isSpec()            {}
func (*UnionSpec) isSpec()             {}
func (*NormalizeSpec) isSpec()         {}
func (*DropUpdateBeforeSpec) isSpec()  {}
func (*SinkSpec) isSpec()              {}
func (*CollectSpec) isSpec()           {}

// ExprBox holds an expression, or none, and encodes it.
type ExprBox struct{ Expr expr.Expr }

// IsZero tells whether there is no expression.
func (b ExprBox) IsZero() bool { return b.Expr == nil }

// Box wraps an expression.
func Box(e expr.Expr) ExprBox { return ExprBox{Expr: e} }

// Boxes wraps expressions.
func Boxes(es []expr.Expr) []ExprBox {
	bs := make([]ExprBox, len(es))
	for i, e := range es {
		bs[i] = Box(e)
	}
	return bs
}
