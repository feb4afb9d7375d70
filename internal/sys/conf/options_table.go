// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

// Options of SQL planning and of the operators that SQL becomes.
var (
	// LocalTimeZone is the session's zone; "default" is that of the machine.
	LocalTimeZone = stringOption(Spec{
		Key: "table.local-time-zone", Default: "default",
		Doc: "Time zone of the session: a name such as Europe/Berlin, an offset such as GMT-08:00, or default for the machine's.",
	})
	// BuiltinCatalog is the name of the catalog that a session starts in.
	BuiltinCatalog = stringOption(Spec{
		Key: "table.builtin-catalog-name", Default: "default_catalog",
		Doc: "Name of the catalog that a session starts in.",
	})
	// BuiltinDatabase is the name of the database that a session starts in.
	BuiltinDatabase = stringOption(Spec{
		Key: "table.builtin-database-name", Default: "default_database",
		Doc: "Name of the database that a session starts in.",
	})
	// SQLDialect is the dialect of SQL; there is one.
	SQLDialect = enumOption(Spec{
		Key: "table.sql-dialect", Default: "default", Values: []string{"default"}, Inert: true,
		Doc: "Dialect of SQL. Only Flink's own is known.",
	})
	// DMLSync says whether INSERT waits for its job to end.
	DMLSync = boolOption(Spec{
		Key: "table.dml-sync", Default: "false", Inert: true,
		Doc: "Whether an INSERT in an interactive session waits for its job to end.",
	})
	// ColumnExpansion names the columns that SELECT * leaves out.
	ColumnExpansion = listOption(Spec{
		Key: "table.column-expansion-strategy", Inert: true,
		Doc: "Kinds of columns that SELECT * leaves out.",
	})
	// DynamicTableOptions says whether the hint OPTIONS may change the options of a table.
	DynamicTableOptions = boolOption(Spec{
		Key: "table.dynamic-table-options.enabled", Default: "true", Inert: true,
		Doc: "Whether the hint OPTIONS may change the options of a table in one query.",
	})
	// MiniBatchEnabled sets the bundle trigger: unset, a bundle is one batch; false, one row; true, by latency and size.
	MiniBatchEnabled = boolOption(Spec{
		Key: "table.exec.mini-batch.enabled", Default: "false",
		Doc: "When aggregates, joins and ranks emit changes: false, set, after every row as Flink does; true, after table.exec.mini-batch.allow-latency or table.exec.mini-batch.size; unset, after every batch of rows. The materialised result is the same.",
	})
	// MiniBatchLatency is the longest that rows are gathered with mini-batch on.
	MiniBatchLatency = durationOption(Spec{
		Key: "table.exec.mini-batch.allow-latency", Default: "0 ms",
		Doc: "Longest time that rows are gathered before changes are emitted. Must be set when mini-batch is enabled.",
	})
	// MiniBatchSize is the most rows that are gathered with mini-batch on.
	MiniBatchSize = longOption(Spec{
		Key: "table.exec.mini-batch.size", Default: "-1",
		Doc: "Most rows that are gathered before changes are emitted. Must be positive when mini-batch is enabled.",
	})
	// SourceIdleTimeout is the time after which a silent source no longer holds the watermark back; 0 is never.
	SourceIdleTimeout = durationOption(Spec{
		Key: "table.exec.source.idle-timeout", Default: "0 ms",
		Doc: "Time without a row after which a source or split no longer holds watermarks back. 0 means never.",
	})
	// StateTTL is the least time that state without an access is kept; 0 is for ever.
	StateTTL = durationOption(Spec{
		Key: "table.exec.state.ttl", Default: "0 ms",
		Doc: "Least time that state is kept after its last write. 0 means for ever.",
	})
	// ExecParallelism overrides the default parallelism for SQL operators; -1 does not.
	ExecParallelism = intOption(Spec{
		Key: "table.exec.resource.default-parallelism", Default: "-1", Min: -1, Max: MaxParallelism,
		Doc: "Number of parallel subtasks of SQL operators. -1 takes parallelism.default.",
	})
	// LegacyCast says whether CAST behaves as before Flink 1.15.
	LegacyCast = enumOption(Spec{
		Key: "table.exec.legacy-cast-behaviour", Default: "DISABLED", Values: []string{"ENABLED", "DISABLED"},
		Doc: "Whether CAST returns NULL where it would fail, as before Flink 1.15.",
	})
	// NotNullEnforcer says what a sink does with NULL in a NOT NULL column.
	NotNullEnforcer = enumOption(Spec{
		Key: "table.exec.sink.not-null-enforcer", Default: "ERROR", Values: []string{"ERROR", "DROP"},
		Doc: "What a sink does with a NULL in a NOT NULL column: fail or drop the row.",
	})
	// TypeLengthEnforcer says what a sink does with values that are longer or shorter than their type.
	TypeLengthEnforcer = enumOption(Spec{
		Key: "table.exec.sink.type-length-enforcer", Default: "IGNORE", Values: []string{"IGNORE", "TRIM_PAD", "ERROR"},
		Doc: "What a sink does with values that do not have the length of their CHAR, VARCHAR, BINARY or VARBINARY type.",
	})
	// KeyedShuffle says when rows are exchanged by primary key before a sink.
	KeyedShuffle = enumOption(Spec{
		Key: "table.exec.sink.keyed-shuffle", Default: "AUTO", Values: []string{"NONE", "AUTO", "FORCE"}, Inert: true,
		Doc: "When rows are exchanged by primary key before a sink.",
	})
	// UpsertMaterialize says when a sink with a primary key keeps the changelog in state to put it in order.
	UpsertMaterialize = enumOption(Spec{
		Key: "table.exec.sink.upsert-materialize", Default: "AUTO", Values: []string{"NONE", "AUTO", "FORCE"},
		Doc: "When a sink with a primary key keeps changes in state to put them in order.",
	})
	// ReuseSubPlan says whether equal parts of a plan run once.
	ReuseSubPlan = boolOption(Spec{
		Key: "table.optimizer.reuse-sub-plan-enabled", Default: "true",
		Doc: "Whether equal parts of the queries of one job run once.",
	})
	// ReuseSource says whether equal sources run once.
	ReuseSource = boolOption(Spec{
		Key: "table.optimizer.reuse-source-enabled", Default: "true",
		Doc: "Whether equal sources of one job run once. Needs table.optimizer.reuse-sub-plan-enabled.",
	})
)

var tableOptions = []*Spec{
	LocalTimeZone.Spec, BuiltinCatalog.Spec, BuiltinDatabase.Spec, SQLDialect.Spec, DMLSync.Spec, ColumnExpansion.Spec,
	DynamicTableOptions.Spec, MiniBatchEnabled.Spec, MiniBatchLatency.Spec, MiniBatchSize.Spec, SourceIdleTimeout.Spec,
	StateTTL.Spec, ExecParallelism.Spec, LegacyCast.Spec, NotNullEnforcer.Spec, TypeLengthEnforcer.Spec, KeyedShuffle.Spec,
	UpsertMaterialize.Spec, ReuseSubPlan.Spec, ReuseSource.Spec,
}
