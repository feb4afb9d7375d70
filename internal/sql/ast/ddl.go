// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// CreateTable is CREATE [TEMPORARY] TABLE in all its forms: with a schema, LIKE another table, AS query (CTAS), and
// [CREATE OR] REPLACE TABLE .. AS query (RTAS).
type CreateTable struct {
	Span
	Temporary bool
	// OrReplace is CREATE OR REPLACE, Replace is REPLACE alone.
	OrReplace, Replace bool
	IfNotExists        bool
	Name               Name
	// HasSchema says that a schema in parentheses was written, if only an empty one.
	HasSchema     bool
	Schema        TableSchema
	Comment       *Text
	Distribution  *Distribution
	PartitionedBy []Ident
	// Connection is the name of USING CONNECTION.
	Connection Name
	Options    []Option
	// Like is the LIKE clause, nil without.
	Like *TableLike
	// As is the query of CTAS and RTAS, nil without.
	As *Query
}

// TableSchema is what stands in the parentheses of CREATE TABLE.
type TableSchema struct {
	Span
	Columns []*ColumnDef
	// Watermark is nil when there is none; a second one is a parse error.
	Watermark *WatermarkDef
	// Constraints are the table constraints; those of single columns are in their ColumnDef.
	Constraints []*ConstraintDef
}

// ColumnDef is a column: physical (Type only), computed (Computed), metadata (Type and Metadata), or a name alone in CTAS.
type ColumnDef struct {
	Span
	Name Ident
	// Type is nil for computed columns and for names alone.
	Type *DataType
	// Computed is the expression of name AS expression.
	Computed Expr
	// Metadata is nil unless METADATA was written.
	Metadata *MetadataSpec
	// Key is the PRIMARY KEY or UNIQUE that was written at the column.
	Key     *ConstraintDef
	Comment *Text
	// Position is where ALTER TABLE puts the column.
	Position ColumnPosition
}

// MetadataSpec is METADATA [FROM 'key'] [VIRTUAL].
type MetadataSpec struct {
	Span
	From    *Text
	Virtual bool
}

// ColumnPosition is FIRST or AFTER column in ALTER TABLE; the zero value is none given.
type ColumnPosition struct {
	Span
	First bool
	After *Ident
}

// WatermarkDef is WATERMARK FOR column AS expression.
type WatermarkDef struct {
	Span
	// Column may be a path into a row: a.b.
	Column Name
	Expr   Expr
}

// ConstraintDef is [CONSTRAINT name] PRIMARY KEY | UNIQUE (columns) [NOT ENFORCED].
type ConstraintDef struct {
	Span
	Name *Ident
	// Unique is UNIQUE, else PRIMARY KEY.
	Unique bool
	// Columns is empty when the constraint stands at a column.
	Columns []Ident
	// Enforced says what was written about it.
	Enforced Enforcement
}

// Enforcement is ENFORCED, NOT ENFORCED or neither.
type Enforcement uint8

// The enforcements.
const (
	EnforcementNone Enforcement = iota
	Enforced
	NotEnforced
)

// DistributionKind is how rows are spread over buckets.
type DistributionKind uint8

// The kinds of distribution; DistributionUnknown leaves it to the connector.
const (
	DistributionUnknown DistributionKind = iota
	DistributionHash
	DistributionRange
)

// Distribution is DISTRIBUTED [BY [HASH | RANGE] (columns)] [INTO n BUCKETS].
type Distribution struct {
	Span
	Kind    DistributionKind
	Columns []Ident
	// Buckets is 0 when absent.
	Buckets int
}

// TableLike is LIKE table [(options)].
type TableLike struct {
	Span
	Table   Name
	Options []LikeOption
}

// LikeMerge says what LIKE does with a feature of the other table.
type LikeMerge uint8

// The ways to merge.
const (
	LikeIncluding LikeMerge = iota
	LikeExcluding
	LikeOverwriting
)

// LikeFeature is a feature that LIKE merges.
type LikeFeature uint8

// The features.
const (
	LikeAll LikeFeature = iota
	LikeConstraints
	LikeDistribution
	LikeGenerated
	LikeMetadata
	LikeOptions
	LikePartitions
	LikeWatermarks
)

// LikeOption is INCLUDING | EXCLUDING | OVERWRITING feature.
type LikeOption struct {
	Span
	Merge   LikeMerge
	Feature LikeFeature
}

// CreateView is CREATE [TEMPORARY] VIEW [IF NOT EXISTS] name [(columns)] [COMMENT ..] AS query.
type CreateView struct {
	Span
	Temporary   bool
	OrReplace   bool
	IfNotExists bool
	Name        Name
	// Columns may carry comments.
	Columns []ViewColumn
	Comment *Text
	Query   *Query
}

// ViewColumn is a name in the column list of a view.
type ViewColumn struct {
	Span
	Name    Ident
	Comment *Text
}

// CreateDatabase is CREATE DATABASE [IF NOT EXISTS] name [COMMENT ..] [WITH (..)].
type CreateDatabase struct {
	Span
	IfNotExists bool
	Name        Name
	Comment     *Text
	Options     []Option
}

// CreateCatalog is CREATE CATALOG [IF NOT EXISTS] name [COMMENT ..] [WITH (..)].
type CreateCatalog struct {
	Span
	IfNotExists bool
	Name        Ident
	Comment     *Text
	Options     []Option
}

// CreateFunction is CREATE [TEMPORARY [SYSTEM]] FUNCTION [IF NOT EXISTS] name AS 'id' [LANGUAGE ..] [USING ..] [WITH (..)],
// and ALTER FUNCTION with the same clauses.
type CreateFunction struct {
	Span
	Alter             bool
	Temporary, System bool
	IfNotExists       bool
	IfExists          bool
	Name              Name
	// Identifier is the class or symbol that implements the function.
	Identifier Text
	// Language is JAVA, SCALA, PYTHON or another word in upper case, empty when absent.
	Language  string
	Resources []Resource
	Options   []Option
}

// Resource is JAR 'path', FILE 'path', ARCHIVE 'path' or ARTIFACT 'path' of USING; Kind is in upper case.
type Resource struct {
	Span
	Kind string
	Path Text
}

// CreateModel is CREATE [TEMPORARY] MODEL [IF NOT EXISTS] name [INPUT (..)] [OUTPUT (..)] [COMMENT ..] [WITH (..)] [AS query].
type CreateModel struct {
	Span
	Temporary     bool
	IfNotExists   bool
	Name          Name
	Input, Output []*ColumnDef
	Comment       *Text
	Options       []Option
	As            *Query
}

// CreateConnection is CREATE [TEMPORARY [SYSTEM]] CONNECTION [IF NOT EXISTS] name [COMMENT ..] WITH (..).
type CreateConnection struct {
	Span
	Temporary, System bool
	IfNotExists       bool
	Name              Name
	Comment           *Text
	Options           []Option
}

// CreateMaterializedTable is CREATE [OR ALTER] MATERIALIZED TABLE [IF NOT EXISTS] name [(..)] clauses AS query.
type CreateMaterializedTable struct {
	Span
	OrAlter       bool
	IfNotExists   bool
	Name          Name
	HasSchema     bool
	Schema        TableSchema
	Comment       *Text
	Distribution  *Distribution
	PartitionedBy []Ident
	Options       []Option
	StartMode     *StartMode
	// Freshness is the interval of FRESHNESS, nil without.
	Freshness   Expr
	RefreshMode RefreshMode
	As          *Query
}

// StartModeKind is where the refresh of a materialized table starts.
type StartModeKind uint8

// The starts.
const (
	StartFromBeginning StartModeKind = iota
	StartFromNow
	StartFromTimestamp
	StartResumeOrFromBeginning
	StartResumeOrFromNow
	StartResumeOrFromTimestamp
)

// StartMode is START_MODE = kind[(argument)].
type StartMode struct {
	Span
	Kind StartModeKind
	// Arg is the interval or timestamp, nil without.
	Arg Expr
}

// RefreshMode is how a materialized table is refreshed.
type RefreshMode uint8

// The refresh modes.
const (
	RefreshDefault RefreshMode = iota
	RefreshContinuous
	RefreshFull
)

// Alter is ALTER kind [IF EXISTS] name action. Tables, views, databases, catalogs, models, connections and materialized
// tables have it; ALTER FUNCTION is a CreateFunction.
type Alter struct {
	Span
	Kind      ObjectKind
	Temporary bool
	IfExists  bool
	Name      Name
	Action    AlterAction
}

// AlterAction is *RenameTo, *RenameColumn, *SetOptions, *ResetOptions, *SetComment, *AlterSchema, *DropParts, *AlterQuery,
// *AlterRefresh, *AddPartitions or *DropPartitions.
type AlterAction interface {
	Node
	alterAction()
}

// RenameTo is RENAME TO name.
type RenameTo struct {
	Span
	Name Name
}

// RenameColumn is RENAME column TO column.
type RenameColumn struct {
	Span
	From, To Name
}

// SetOptions is SET ('k' = 'v', ...).
type SetOptions struct {
	Span
	Options []Option
}

// ResetOptions is RESET ('k', ...).
type ResetOptions struct {
	Span
	Keys []Text
}

// SetComment is COMMENT 'text'.
type SetComment struct {
	Span
	Comment Text
}

// AlterSchema is ADD (..) or MODIFY (..) of columns, constraints, watermark and distribution.
type AlterSchema struct {
	Span
	// Modify is MODIFY, else ADD.
	Modify       bool
	Schema       TableSchema
	Distribution *Distribution
}

// DropParts is DROP of columns, PRIMARY KEY, CONSTRAINT name, WATERMARK or DISTRIBUTION.
type DropParts struct {
	Span
	Columns      []Name
	PrimaryKey   bool
	Constraint   *Ident
	Watermark    bool
	Distribution bool
}

// AlterQuery is AS query, of views and materialized tables.
type AlterQuery struct {
	Span
	Query *Query
}

// AddPartitions is ADD [IF NOT EXISTS] PARTITION (..) [WITH (..)] ...
type AddPartitions struct {
	Span
	IfNotExists bool
	Partitions  []PartitionSpec
}

// DropPartitions is DROP [IF EXISTS] PARTITION (..), PARTITION (..).
type DropPartitions struct {
	Span
	IfExists   bool
	Partitions []PartitionSpec
}

// PartitionSpec is PARTITION (column = value, ...) [WITH (..)].
type PartitionSpec struct {
	Span
	Values  []PartitionValue
	Options []Option
}

// RefreshAction is what ALTER MATERIALIZED TABLE does about refreshing.
type RefreshAction uint8

// The actions.
const (
	RefreshSuspend RefreshAction = iota
	RefreshResume
	RefreshNow
	RefreshSetFreshness
	RefreshSetMode
)

// AlterRefresh is SUSPEND, RESUME [WITH (..)], REFRESH [PARTITION (..)], SET FRESHNESS = .., SET REFRESH_MODE = ...
type AlterRefresh struct {
	Span
	Action    RefreshAction
	Options   []Option
	Partition []PartitionValue
	Freshness Expr
	Mode      RefreshMode
}

func (*CreateTable) stmt()             {}
func (*CreateView) stmt()              {}
func (*CreateDatabase) stmt()          {}
func (*CreateCatalog) stmt()           {}
func (*CreateFunction) stmt()          {}
func (*CreateModel) stmt()             {}
func (*CreateConnection) stmt()        {}
func (*CreateMaterializedTable) stmt() {}
func (*Alter) stmt()                   {}

func (*RenameTo) alterAction()       {}
func (*RenameColumn) alterAction()   {}
func (*SetOptions) alterAction()     {}
func (*ResetOptions) alterAction()   {}
func (*SetComment) alterAction()     {}
func (*AlterSchema) alterAction()    {}
func (*DropParts) alterAction()      {}
func (*AlterQuery) alterAction()     {}
func (*AddPartitions) alterAction()  {}
func (*DropPartitions) alterAction() {}
func (*AlterRefresh) alterAction()   {}
