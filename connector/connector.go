// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package connector is what sources, sinks and formats are written against.
//
// A connector is a Factory: it validates the options of a table and makes a Source or a Sink from them. Planning asks a source
// what it can do (Capabilities) and describes what it wants in a Scan, which is plain data; at run time an Enumerator hands
// splits to Readers, one per subtask, which fill batches. Abilities are fields of structs, never type assertions.
//
// Threading: a factory and a source are used by one goroutine at a time while planning; an enumerator is called by one
// goroutine at a time; a reader and a writer belong to their subtask's goroutine.
package connector

import (
	"context"

	"spate/batch"
	"spate/schema"
)

// OptionKind is the form of an option's value.
type OptionKind uint8

// Option kinds. Durations and sizes are in Flink's notation ("5 s", "64 mb").
const (
	StringOption OptionKind = iota
	BoolOption
	IntOption
	LongOption
	DoubleOption
	DurationOption
	SizeOption
	EnumOption
)

// Option declares one key of the WITH clause.
type Option struct {
	Key      string
	Kind     OptionKind
	Required bool
	Default  string   // Text form; "" means none.
	Enum     []string // Allowed values of an EnumOption, compared without case.
	// Prefix makes Key a prefix: 'fields.' allows fields.NAME.kind. Such options are validated by the connector.
	Prefix bool
	Doc    string
}

// Table is what a factory gets: one table as declared.
type Table struct {
	Name          string        // Catalog, database and table, dotted, for messages.
	Columns       schema.Schema // Physical columns.
	Metadata      schema.Schema // Metadata columns by metadata key, with the declared types.
	PrimaryKey    []int         // Into Columns; nil when none.
	PartitionKeys []int         // Into Columns.
	Options       Options       // Validated against the declared options; format options included.
	Formats       Formats
	TimeZone      string // Session zone (IANA).
}

// Formats finds a format by identifier; the error lists the known ones.
type Formats interface {
	Format(identifier string) (*Format, error)
}

// Factory declares a connector.
type Factory struct {
	Identifier string
	Doc        string
	Options    []Option
	// UsesFormat tells that the table has a 'format' option whose own options ("csv.field-delimiter") are allowed too.
	UsesFormat bool
	Source     func(t *Table) (Source, error) // nil: cannot be read.
	Sink       func(t *Table) (Sink, error)   // nil: cannot be written.
}

// Changelog is the set of row kinds that a source emits or a sink accepts.
type Changelog uint8

// Changelog sets.
const (
	KindInsert Changelog = 1 << iota
	KindUpdateBefore
	KindUpdateAfter
	KindDelete

	InsertOnly = KindInsert
	Upsert     = KindInsert | KindUpdateAfter | KindDelete
	AllKinds   = KindInsert | KindUpdateBefore | KindUpdateAfter | KindDelete
)

// Op is a comparison that can be pushed into a source.
type Op string

// Comparisons.
const (
	Eq Op = "="
	Ne Op = "<>"
	Lt Op = "<"
	Le Op = "<="
	Gt Op = ">"
	Ge Op = ">="
)

// Filter compares a column (a path into the physical columns: column, field, field of field) with a constant. NULL does not pass.
type Filter struct {
	Path  []int        `json:"path"`
	Op    Op           `json:"op"`
	Value schema.Value `json:"value"`
}

// GuardedTime says: when the guard holds, the column at Path is the time of the event. Sources whose rows are variants of several
// kinds list one per kind.
type GuardedTime struct {
	Guard []Filter
	Path  []int
}

// SourceCapabilities tells what a source can do.
type SourceCapabilities struct {
	Bounded   bool
	Changelog Changelog // Zero means InsertOnly.
	// Metadata lists the readable metadata keys with their types.
	Metadata schema.Schema
	// Projection: the source makes only the columns asked for; NestedProjection: also fields of rows.
	Projection       bool
	NestedProjection bool
	// AcceptFilter tells whether the source applies the filter exactly; nil: none. All accepted filters hold for every row.
	AcceptFilter func(f Filter) bool
	// EventTime, when not nil, says which column is the event's time, so that watermarks with a constant delay can be made
	// by the source for all events, dropped ones included (Scan.WatermarkDelay).
	EventTime []GuardedTime
	// DeleteByKey: -D rows have only the columns of the primary key, the others are NULL.
	DeleteByKey bool
	// Parallelism fixes the number of subtasks; 0: the job's.
	Parallelism int
}

// ScanColumn is one produced column: a path into the physical columns, or a metadata key.
type ScanColumn struct {
	Path     []int  `json:"path,omitempty"`
	Metadata string `json:"metadata,omitempty"`
}

// Scan is what the planner asks of a source.
type Scan struct {
	Columns []ScanColumn   `json:"columns"`
	Types   []*schema.Type `json:"types"` // Of the produced columns.
	Filters []Filter       `json:"filters,omitempty"`
	// WatermarkDelay, when not nil, asks for Status.EventTime: the greatest event time seen, less nothing; the engine subtracts
	// the delay (milliseconds).
	WatermarkDelay *int64 `json:"watermarkDelay,omitempty"`
}

// Source is a table that can be read.
type Source interface {
	Capabilities() SourceCapabilities
	// Enumerator makes the finder of splits for a job of the given parallelism.
	Enumerator(scan *Scan, parallelism int) (Enumerator, error)
	// Reader makes the reader of one subtask.
	Reader(scan *Scan, rt *ReaderContext) (Reader, error)
}

// Split is a part of a source: an identifier that is unique in the job and the position to read from, in the connector's own
// encoding (it is stored in checkpoints: version it).
type Split struct {
	ID    string `json:"id"`
	State []byte `json:"state"`
}

// Enumerator finds splits and gives them out.
type Enumerator interface {
	// Next returns splits for a subtask that has none left. done: there will never be more for it. With neither splits nor
	// done the engine asks again after the returned wake-up closes or fires, or 100 ms when it is nil. It may do I/O.
	Next(ctx context.Context, subtask int) (splits []Split, done bool, wake <-chan struct{}, err error)
	// Return gives back splits of a failed or rescaled reader.
	Return(splits []Split)
	// Snapshot returns what has been given out and what not, for a checkpoint; Restore sets it.
	Snapshot() ([]byte, error)
	Restore(state []byte) error
	Close() error
}

// ReaderContext is a reader's view of its subtask.
type ReaderContext struct {
	Subtask     int
	Parallelism int
	// NewPool makes a pool charged to the subtask's budget; the subtask closes it.
	NewPool func(types []*schema.Type) *batch.Pool
	// Count adds to a metric of the subtask ("numRecordsInErrors", ...).
	Count func(metric string, n int64)
	// NowMillis reads the clock.
	NowMillis func() int64
}

// State says what a reader wants next.
type State uint8

// Reader states.
const (
	More   State = iota // Call Next again.
	Wait                // Nothing now: call again when Status.Wake is ready or at Status.WakeAt.
	Starve              // All splits are read: ask the enumerator for more.
)

// Status is the outcome of one Next.
type Status struct {
	State State
	// Split is the index, in order of AddSplits, of the split that the rows came from: a batch never mixes splits.
	Split int
	// Finished lists splits (by that index) that came to their end with this call.
	Finished []int
	// EventTime is the greatest event time (ms) of the split so far, dropped events included, when the scan asked for it.
	EventTime    int64
	HasEventTime bool
	Wake         <-chan struct{}
	WakeAt       int64 // Milliseconds since the epoch; 0: none.
}

// Reader reads splits into batches.
type Reader interface {
	// AddSplits gives the reader more to read.
	AddSplits(splits []Split) error
	// Next appends at most limit rows to b's own vectors, in the order of Scan.Columns, and counts them (b.SetLen or
	// AppendKind). b may hold rows of an earlier call already. It does bounded work and does not block for longer than a disk read.
	Next(b *batch.Batch, limit int) (Status, error)
	// Snapshot returns the unfinished splits with their positions after the last row that Next returned.
	Snapshot() ([]Split, error)
	Close() error
}

// SinkCapabilities tells what a sink can do.
type SinkCapabilities struct {
	// Accepts is the set of row kinds; zero means AllKinds.
	Accepts Changelog
	// Metadata lists the writable metadata keys.
	Metadata schema.Schema
	// DeleteByKey: -D rows need only the columns of the primary key.
	DeleteByKey bool
	// Parallelism fixes the number of subtasks; 0: the job's.
	Parallelism int
}

// Sink is a table that can be written.
type Sink interface {
	Capabilities() SinkCapabilities
	Writer(rt *WriterContext) (Writer, error)
	// Committer makes the committer of what writers prepared; nil when the sink has no second phase.
	Committer() (Committer, error)
}

// WriterContext is a writer's view of its subtask.
type WriterContext struct {
	Job         string
	Subtask     int
	Parallelism int
	// Columns are the columns that arrive, in order: physical, then written metadata.
	Columns schema.Schema
	// NewPool makes a pool charged to the subtask's budget, for rows that the writer holds; the subtask closes it.
	NewPool   func(types []*schema.Type) *batch.Pool
	Count     func(metric string, n int64)
	NowMillis func() int64
}

// Committable is staged work of a writer, in the connector's own encoding (it is stored in checkpoints: version it).
type Committable struct {
	Data []byte `json:"data"`
}

// Writer writes batches.
type Writer interface {
	// Write writes the selected rows of b, which stays the caller's.
	Write(b *batch.Batch) error
	// Tick is called now and then, and before the task waits: flush what is due at the given time.
	Tick(nowMillis int64) error
	// Prepare ends the epoch of a checkpoint: all rows so far must be durable but not yet visible, and are described by what is
	// returned. At the end of input it is called with end = true.
	Prepare(checkpoint int64, end bool) ([]Committable, error)
	Close() error
}

// Committer makes prepared work visible. Commit is idempotent: the same committables may come again after a failure.
type Committer interface {
	Commit(ctx context.Context, work []Committable) error
	Close() error
}
