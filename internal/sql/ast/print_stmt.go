// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import "fmt"

var objectNames = [...]string{
	ObjectTable: "TABLE", ObjectView: "VIEW", ObjectDatabase: "DATABASE", ObjectCatalog: "CATALOG", ObjectFunction: "FUNCTION",
	ObjectModel: "MODEL", ObjectMaterializedTable: "MATERIALIZED TABLE", ObjectConnection: "CONNECTION", ObjectModule: "MODULE",
	ObjectProcedure: "PROCEDURE", ObjectColumn: "COLUMN", ObjectPartition: "PARTITION", ObjectJar: "JAR", ObjectJob: "JOB",
}

// String returns the kind as SQL writes it.
func (k ObjectKind) String() string { return objectNames[k] }

var detailNames = [...]string{
	ExplainEstimatedCost: "ESTIMATED_COST", ExplainChangelogMode: "CHANGELOG_MODE",
	ExplainJSONExecutionPlan: "JSON_EXECUTION_PLAN", ExplainPlanAdvice: "PLAN_ADVICE",
}

// String returns the detail as SQL writes it.
func (d ExplainDetail) String() string { return detailNames[d] }

func (b *printer) stmt(s Statement) {
	switch s := s.(type) {
	case *QueryStmt:
		b.query(s.Query)
	case *Insert:
		b.insert(s)
	case *StatementSet:
		b.statementSet(s)
	case *Update:
		b.update(s)
	case *Delete:
		b.str("DELETE FROM ")
		b.name(s.Target)
		b.plainAlias(s.Alias)
		b.where(s.Where)
	case *Truncate:
		b.str("TRUNCATE TABLE ")
		b.name(s.Name)
	case *CallProcedure:
		b.str("CALL ")
		b.call(s.Call)
	case *Explain:
		b.explain(s)
	case *CompilePlan:
		b.str("COMPILE ")
		if s.Execute {
			b.str("AND EXECUTE ")
		}
		b.str("PLAN ")
		b.quoted(s.Path.Value)
		b.flag(s.IfNotExists, " IF NOT EXISTS")
		b.str(" FOR ")
		b.stmt(s.Stmt)
	case *ExecutePlan:
		b.str("EXECUTE PLAN ")
		b.quoted(s.Path.Value)
	case *Execute:
		b.str("EXECUTE ")
		b.stmt(s.Stmt)
	case *Use, *Set, *Reset, *Show, *Describe, *LoadModule, *UnloadModule, *Jar, *Analyze, *StopJob, *ClientCommand:
		b.command(s)
	default:
		b.ddl(s)
	}
}

// flag writes text if set.
func (b *printer) flag(set bool, text string) {
	if set {
		b.str(text)
	}
}

func (b *printer) plainAlias(a *Ident) {
	if a != nil {
		b.str(" AS ")
		b.ident(*a)
	}
}

func (b *printer) where(x Expr) {
	if x != nil {
		b.sep()
		b.str("WHERE ")
		b.expr(x, precLowest)
	}
}

func (b *printer) insert(s *Insert) {
	switch {
	case s.Upsert:
		b.str("UPSERT INTO ")
	case s.Overwrite:
		b.str("INSERT OVERWRITE ")
	default:
		b.str("INSERT INTO ")
	}
	b.name(s.Target)
	b.hints(s.Hints)
	if len(s.Partition) > 0 {
		b.str(" ")
		b.partition(s.Partition)
	}
	if len(s.Columns) > 0 {
		b.str(" ")
		b.idents(s.Columns)
	}
	b.sep()
	b.query(s.Query)
	switch s.OnConflict {
	case OnConflictError:
		b.str(" ON CONFLICT DO ERROR")
	case OnConflictNothing:
		b.str(" ON CONFLICT DO NOTHING")
	case OnConflictDeduplicate:
		b.str(" ON CONFLICT DO DEDUPLICATE")
	case OnConflictNone:
	}
}

func (b *printer) partition(list []PartitionValue) {
	b.str("PARTITION (")
	b.list(len(list), func(i int) {
		b.ident(list[i].Column)
		if list[i].Value != nil {
			b.str(" = ")
			b.expr(list[i].Value, precLowest)
		}
	})
	b.str(")")
}

func (b *printer) statementSet(s *StatementSet) {
	if s.Execute {
		b.str("EXECUTE STATEMENT SET BEGIN")
	} else {
		b.str("BEGIN STATEMENT SET;")
	}
	b.sets(s)
}

func (b *printer) sets(s *StatementSet) {
	for _, st := range s.Stmts {
		b.sep()
		b.stmt(st)
		b.str(";")
	}
	b.sep()
	b.str("END")
}

func (b *printer) update(s *Update) {
	b.str("UPDATE ")
	b.name(s.Target)
	b.plainAlias(s.Alias)
	b.sep()
	b.str("SET ")
	b.list(len(s.Set), func(i int) {
		b.name(s.Set[i].Column)
		b.str(" = ")
		b.expr(s.Set[i].Value, precLowest)
	})
	b.where(s.Where)
}

func (b *printer) explain(s *Explain) {
	b.str("EXPLAIN ")
	b.flag(s.PlanFor, "PLAN FOR ")
	if len(s.Details) > 0 {
		b.list(len(s.Details), func(i int) { b.str(s.Details[i].String()) })
		b.str(" ")
	}
	if set, ok := s.Stmt.(*StatementSet); ok && set.Execute {
		b.str("STATEMENT SET BEGIN")
		b.sets(set)
		return
	}
	b.stmt(s.Stmt)
}

func (b *printer) command(s Statement) {
	switch s := s.(type) {
	case *Use:
		b.use(s)
	case *Set:
		b.str("SET")
		if s.Key != nil {
			b.str(" ")
			b.option(Option{Key: *s.Key, Value: s.Value})
		}
	case *Reset:
		b.str("RESET")
		if s.Key != nil {
			b.str(" ")
			b.quoted(s.Key.Value)
		}
	case *Show:
		b.show(s)
	case *Describe:
		b.describe(s)
	case *LoadModule:
		b.str("LOAD MODULE ")
		b.ident(s.Name)
		b.options(s.Options)
	case *UnloadModule:
		b.str("UNLOAD MODULE ")
		b.ident(s.Name)
	case *Jar:
		if s.Remove {
			b.str("REMOVE JAR ")
		} else {
			b.str("ADD JAR ")
		}
		b.quoted(s.Path.Value)
	case *Analyze:
		b.analyze(s)
	case *StopJob:
		b.str("STOP JOB ")
		b.quoted(s.ID.Value)
		b.flag(s.Savepoint, " WITH SAVEPOINT")
		b.flag(s.Drain, " WITH DRAIN")
	case *ClientCommand:
		b.str([...]string{ClientQuit: "QUIT", ClientClear: "CLEAR", ClientHelp: "HELP"}[s.Kind])
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", s))
	}
}

func (b *printer) use(s *Use) {
	b.str("USE ")
	switch s.Kind {
	case ObjectCatalog:
		b.str("CATALOG ")
		b.name(s.Name)
	case ObjectModule:
		b.str("MODULES ")
		b.list(len(s.Modules), func(i int) { b.ident(s.Modules[i]) })
	default:
		b.name(s.Name)
	}
}

func (b *printer) analyze(s *Analyze) {
	b.str("ANALYZE TABLE ")
	b.name(s.Table)
	if len(s.Partition) > 0 {
		b.str(" ")
		b.partition(s.Partition)
	}
	b.str(" COMPUTE STATISTICS")
	b.flag(s.AllColumns, " FOR ALL COLUMNS")
	if len(s.Columns) > 0 {
		b.str(" FOR COLUMNS ")
		b.list(len(s.Columns), func(i int) { b.ident(s.Columns[i]) })
	}
}

var showNames = [...]string{
	ShowTables: "TABLES", ShowViews: "VIEWS", ShowMaterializedTables: "MATERIALIZED TABLES", ShowDatabases: "DATABASES",
	ShowCatalogs: "CATALOGS", ShowFunctions: "FUNCTIONS", ShowUserFunctions: "USER FUNCTIONS", ShowModels: "MODELS",
	ShowConnections: "CONNECTIONS", ShowProcedures: "PROCEDURES", ShowModules: "MODULES", ShowFullModules: "FULL MODULES",
	ShowColumns: "COLUMNS", ShowPartitions: "PARTITIONS", ShowJars: "JARS", ShowJobs: "JOBS",
	ShowCurrentCatalog: "CURRENT CATALOG", ShowCurrentDatabase: "CURRENT DATABASE", ShowCreate: "CREATE",
}

// String returns what SHOW lists as SQL writes it.
func (k ShowKind) String() string { return showNames[k] }

func (b *printer) show(s *Show) {
	b.str("SHOW " + s.Kind.String())
	switch {
	case s.Kind == ShowCreate:
		b.flag(s.OrAlter, " OR ALTER")
		b.str(" " + s.Object.String() + " ")
		b.name(s.From)
	case s.Kind == ShowPartitions:
		b.str(" ")
		b.name(s.From)
	case !s.From.IsZero():
		if s.In {
			b.str(" IN ")
		} else {
			b.str(" FROM ")
		}
		b.name(s.From)
	}
	if len(s.Partition) > 0 {
		b.str(" ")
		b.partition(s.Partition)
	}
	if l := s.Like; l != nil {
		b.flag(l.Not, " NOT")
		if l.ILike {
			b.str(" ILIKE ")
		} else {
			b.str(" LIKE ")
		}
		b.quoted(l.Pattern.Value)
	}
}

func (b *printer) describe(s *Describe) {
	b.str("DESCRIBE ")
	if s.Kind != ObjectTable {
		b.str(s.Kind.String() + " ")
	}
	if s.Kind == ObjectJob {
		b.quoted(s.Job.Value)
		return
	}
	b.flag(s.Extended, "EXTENDED ")
	b.name(s.Name)
}
