// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// Statement is one statement of a script. Its Range is its own text, without the semicolon and without comments around it.
type Statement interface {
	Node
	stmt()
}

// QueryStmt is a query as a statement.
type QueryStmt struct {
	Span
	Query *Query
}

// Insert is INSERT INTO | OVERWRITE target [PARTITION (..)] [(columns)] query [ON CONFLICT ..].
type Insert struct {
	Span
	// Overwrite is INSERT OVERWRITE, Upsert is UPSERT INTO.
	Overwrite, Upsert bool
	Target            Name
	Hints             []Hint
	// Partition is the static partition, in order.
	Partition []PartitionValue
	// Columns is empty when none were named.
	Columns    []Ident
	Query      *Query
	OnConflict OnConflict
}

// PartitionValue is column = literal of a PARTITION clause; Value is nil when only the column was named.
type PartitionValue struct {
	Span
	Column Ident
	Value  Expr
}

// OnConflict is what INSERT does about rows with the same key.
type OnConflict uint8

// The ways to treat a conflict.
const (
	OnConflictNone OnConflict = iota
	OnConflictError
	OnConflictNothing
	OnConflictDeduplicate
)

// StatementSet is EXECUTE STATEMENT SET BEGIN .. END and BEGIN STATEMENT SET; .. END.
type StatementSet struct {
	Span
	// Execute says that the EXECUTE form was written.
	Execute bool
	// Stmts are *Insert (the only kind in streaming mode), *CreateTable with a query, *Update or *Delete.
	Stmts []Statement
}

// Update is UPDATE target [alias] SET column = value, ... [WHERE ..].
type Update struct {
	Span
	Target Name
	Alias  *Ident
	Set    []Assignment
	Where  Expr
}

// Assignment is column = value.
type Assignment struct {
	Span
	Column Name
	Value  Expr
}

// Delete is DELETE FROM target [alias] [WHERE ..].
type Delete struct {
	Span
	Target Name
	Alias  *Ident
	Where  Expr
}

// Truncate is TRUNCATE TABLE name.
type Truncate struct {
	Span
	Name Name
}

// CallProcedure is CALL procedure(args).
type CallProcedure struct {
	Span
	Call *Call
}

// ExplainDetail is an extra that EXPLAIN prints.
type ExplainDetail uint8

// The details of EXPLAIN.
const (
	ExplainEstimatedCost ExplainDetail = iota
	ExplainChangelogMode
	ExplainJSONExecutionPlan
	ExplainPlanAdvice
)

// Explain is EXPLAIN [details | PLAN FOR] statement.
type Explain struct {
	Span
	Details []ExplainDetail
	// PlanFor says that PLAN FOR was written.
	PlanFor bool
	Stmt    Statement
}

// CompilePlan is COMPILE PLAN 'path' [IF NOT EXISTS] FOR statement and COMPILE AND EXECUTE PLAN 'path' FOR statement.
type CompilePlan struct {
	Span
	Path        Text
	IfNotExists bool
	// Execute is COMPILE AND EXECUTE.
	Execute bool
	Stmt    Statement
}

// ExecutePlan is EXECUTE PLAN 'path'.
type ExecutePlan struct {
	Span
	Path Text
}

// Execute is EXECUTE statement.
type Execute struct {
	Span
	Stmt Statement
}

// ObjectKind is the kind of a catalog object.
type ObjectKind uint8

// The kinds of catalog objects.
const (
	ObjectTable ObjectKind = iota
	ObjectView
	ObjectDatabase
	ObjectCatalog
	ObjectFunction
	ObjectModel
	ObjectMaterializedTable
	ObjectConnection
	ObjectModule
	ObjectProcedure
	ObjectColumn
	ObjectPartition
	ObjectJar
	ObjectJob
)

// Drop is DROP [TEMPORARY [SYSTEM]] kind [IF EXISTS] name [RESTRICT | CASCADE].
type Drop struct {
	Span
	Kind      ObjectKind
	Temporary bool
	System    bool
	IfExists  bool
	Name      Name
	// Cascade is CASCADE; RESTRICT is the default.
	Cascade bool
}

// Use is USE [CATALOG] name, or USE MODULES with Modules set.
type Use struct {
	Span
	// Kind is ObjectDatabase, ObjectCatalog or ObjectModule.
	Kind    ObjectKind
	Name    Name
	Modules []Ident
}

// Set is SET 'key' = 'value', or SET alone (Key is nil).
type Set struct {
	Span
	Key   *Text
	Value Text
}

// Reset is RESET 'key', or RESET alone (Key is nil).
type Reset struct {
	Span
	Key *Text
}

// ShowKind is what SHOW lists.
type ShowKind uint8

// The things that SHOW lists.
const (
	ShowTables ShowKind = iota
	ShowViews
	ShowMaterializedTables
	ShowDatabases
	ShowCatalogs
	ShowFunctions
	ShowUserFunctions
	ShowModels
	ShowConnections
	ShowProcedures
	ShowModules
	ShowFullModules
	ShowColumns
	ShowPartitions
	ShowJars
	ShowJobs
	ShowCurrentCatalog
	ShowCurrentDatabase
	// ShowCreate is SHOW CREATE kind name; Show.Object has the kind.
	ShowCreate
)

// Show is SHOW what [FROM | IN name] [[NOT] LIKE | ILIKE 'pattern'].
type Show struct {
	Span
	Kind ShowKind
	// Object is the kind of ShowCreate.
	Object ObjectKind
	// OrAlter is SHOW CREATE OR ALTER MATERIALIZED TABLE.
	OrAlter bool
	// From is the database, catalog or table of FROM; the object of ShowCreate and ShowPartitions.
	From Name
	// In says that IN was written, not FROM.
	In bool
	// Like is nil when there is no pattern.
	Like *ShowLike
	// Partition is the PARTITION (..) of SHOW PARTITIONS.
	Partition []PartitionValue
}

// ShowLike is [NOT] LIKE | ILIKE 'pattern'.
type ShowLike struct {
	Span
	Not     bool
	ILike   bool
	Pattern Text
}

// Describe is DESCRIBE | DESC [kind] [EXTENDED] name.
type Describe struct {
	Span
	// Kind is ObjectTable when none was written.
	Kind     ObjectKind
	Extended bool
	Name     Name
	// Job is the id of DESCRIBE JOB.
	Job Text
}

// LoadModule is LOAD MODULE name [WITH (..)].
type LoadModule struct {
	Span
	Name    Ident
	Options []Option
}

// UnloadModule is UNLOAD MODULE name.
type UnloadModule struct {
	Span
	Name Ident
}

// Jar is ADD JAR 'path' and REMOVE JAR 'path'.
type Jar struct {
	Span
	Remove bool
	Path   Text
}

// Analyze is ANALYZE TABLE name [PARTITION(..)] COMPUTE STATISTICS [FOR COLUMNS .. | FOR ALL COLUMNS].
type Analyze struct {
	Span
	Table      Name
	Partition  []PartitionValue
	Columns    []Ident
	AllColumns bool
}

// StopJob is STOP JOB 'id' [WITH SAVEPOINT] [WITH DRAIN].
type StopJob struct {
	Span
	ID        Text
	Savepoint bool
	Drain     bool
}

// ClientKind is a command for the client itself.
type ClientKind uint8

// The commands of the client.
const (
	ClientQuit ClientKind = iota
	ClientClear
	ClientHelp
)

// ClientCommand is QUIT, EXIT, CLEAR or HELP.
type ClientCommand struct {
	Span
	Kind ClientKind
}

func (*QueryStmt) stmt()     {}
func (*Insert) stmt()        {}
func (*StatementSet) stmt()  {}
func (*Update) stmt()        {}
func (*Delete) stmt()        {}
func (*Truncate) stmt()      {}
func (*CallProcedure) stmt() {}
func (*Explain) stmt()       {}
func (*CompilePlan) stmt()   {}
func (*ExecutePlan) stmt()   {}
func (*Execute) stmt()       {}
func (*Drop) stmt()          {}
func (*Use) stmt()           {}
func (*Set) stmt()           {}
func (*Reset) stmt()         {}
func (*Show) stmt()          {}
func (*Describe) stmt()      {}
func (*LoadModule) stmt()    {}
func (*UnloadModule) stmt()  {}
func (*Jar) stmt()           {}
func (*Analyze) stmt()       {}
func (*StopJob) stmt()       {}
func (*ClientCommand) stmt() {}
