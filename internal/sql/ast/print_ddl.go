// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import "fmt"

// ddl prints the statements that define, change and drop objects.
func (b *printer) ddl(s Statement) {
	switch s := s.(type) {
	case *CreateTable:
		b.createTable(s)
	case *CreateView:
		b.createView(s)
	case *CreateDatabase:
		b.str("CREATE DATABASE ")
		b.flag(s.IfNotExists, "IF NOT EXISTS ")
		b.name(s.Name)
		b.comment(s.Comment)
		b.options(s.Options)
	case *CreateCatalog:
		b.str("CREATE CATALOG ")
		b.flag(s.IfNotExists, "IF NOT EXISTS ")
		b.ident(s.Name)
		b.comment(s.Comment)
		b.options(s.Options)
	case *CreateFunction:
		b.createFunction(s)
	case *CreateModel:
		b.createModel(s)
	case *CreateConnection:
		b.str("CREATE ")
		b.temporary(s.Temporary, s.System)
		b.str("CONNECTION ")
		b.flag(s.IfNotExists, "IF NOT EXISTS ")
		b.name(s.Name)
		b.comment(s.Comment)
		b.options(s.Options)
	case *CreateMaterializedTable:
		b.createMaterialized(s)
	case *Drop:
		b.str("DROP ")
		b.temporary(s.Temporary, s.System)
		b.str(s.Kind.String() + " ")
		b.flag(s.IfExists, "IF EXISTS ")
		b.name(s.Name)
		b.flag(s.Cascade, " CASCADE")
	case *Alter:
		b.str("ALTER ")
		b.temporary(s.Temporary, false)
		b.str(s.Kind.String() + " ")
		b.flag(s.IfExists, "IF EXISTS ")
		b.name(s.Name)
		b.str(" ")
		b.alterAction(s.Action)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", s))
	}
}

func (b *printer) temporary(temporary, system bool) {
	b.flag(temporary, "TEMPORARY ")
	b.flag(system, "SYSTEM ")
}

// comment prints a COMMENT clause of a statement.
func (b *printer) comment(c *Text) {
	if c != nil {
		b.sep()
		b.str("COMMENT ")
		b.quoted(c.Value)
	}
}

// options prints WITH (...), nothing for no options.
func (b *printer) options(list []Option) {
	if len(list) == 0 {
		return
	}
	b.sep()
	b.str("WITH ")
	b.block(len(list), func(i int) { b.option(list[i]) })
}

func (b *printer) createTable(s *CreateTable) {
	switch {
	case s.OrReplace:
		b.str("CREATE OR REPLACE ")
	case s.Replace:
		b.str("REPLACE ")
	default:
		b.str("CREATE ")
	}
	b.temporary(s.Temporary, false)
	b.str("TABLE ")
	b.flag(s.IfNotExists, "IF NOT EXISTS ")
	b.name(s.Name)
	if s.HasSchema {
		b.str(" ")
		b.schema(&s.Schema)
	}
	b.comment(s.Comment)
	b.distribution(s.Distribution)
	b.partitionedBy(s.PartitionedBy)
	if !s.Connection.IsZero() {
		b.sep()
		b.str("USING CONNECTION ")
		b.name(s.Connection)
	}
	b.options(s.Options)
	if l := s.Like; l != nil {
		b.sep()
		b.str("LIKE ")
		b.name(l.Table)
		if len(l.Options) > 0 {
			b.str(" ")
			b.block(len(l.Options), func(i int) { b.likeOption(l.Options[i]) })
		}
	}
	b.as(s.As)
}

// as prints AS query.
func (b *printer) as(q *Query) {
	if q != nil {
		b.sep()
		b.str("AS ")
		b.query(q)
	}
}

func (b *printer) likeOption(o LikeOption) {
	b.str([...]string{LikeIncluding: "INCLUDING ", LikeExcluding: "EXCLUDING ", LikeOverwriting: "OVERWRITING "}[o.Merge])
	b.str([...]string{
		LikeAll: "ALL", LikeConstraints: "CONSTRAINTS", LikeDistribution: "DISTRIBUTION", LikeGenerated: "GENERATED",
		LikeMetadata: "METADATA", LikeOptions: "OPTIONS", LikePartitions: "PARTITIONS", LikeWatermarks: "WATERMARKS",
	}[o.Feature])
}

func (b *printer) distribution(d *Distribution) {
	if d != nil {
		b.sep()
		b.str("DISTRIBUTED")
		b.distributionTail(d)
	}
}

func (b *printer) distributionTail(d *Distribution) {
	if len(d.Columns) > 0 {
		b.str(" BY ")
		switch d.Kind {
		case DistributionHash:
			b.str("HASH ")
		case DistributionRange:
			b.str("RANGE ")
		case DistributionUnknown:
		}
		b.idents(d.Columns)
	}
	if d.Buckets > 0 {
		b.str(" INTO ")
		b.number(d.Buckets)
		b.str(" BUCKETS")
	}
}

func (b *printer) partitionedBy(list []Ident) {
	if len(list) > 0 {
		b.sep()
		b.str("PARTITIONED BY ")
		b.idents(list)
	}
}

// schema prints columns, then the watermark, then constraints.
func (b *printer) schema(s *TableSchema) {
	columns, n := len(s.Columns), len(s.Columns)
	if s.Watermark != nil {
		n++
	}
	b.block(n+len(s.Constraints), func(i int) {
		switch {
		case i < columns:
			b.column(s.Columns[i])
		case i < n:
			b.watermark(s.Watermark)
		default:
			b.constraint(s.Constraints[i-n])
		}
	})
}

func (b *printer) column(c *ColumnDef) {
	b.ident(c.Name)
	if c.Type != nil {
		b.str(" ")
		b.dataType(c.Type)
	}
	if c.Computed != nil {
		b.str(" AS ")
		b.expr(c.Computed, precLowest)
	}
	if m := c.Metadata; m != nil {
		b.str(" METADATA")
		if m.From != nil {
			b.str(" FROM ")
			b.quoted(m.From.Value)
		}
		b.flag(m.Virtual, " VIRTUAL")
	}
	if c.Key != nil {
		b.str(" ")
		b.constraint(c.Key)
	}
	if c.Comment != nil {
		b.str(" COMMENT ")
		b.quoted(c.Comment.Value)
	}
	b.flag(c.Position.First, " FIRST")
	if c.Position.After != nil {
		b.str(" AFTER ")
		b.ident(*c.Position.After)
	}
}

func (b *printer) watermark(w *WatermarkDef) {
	b.str("WATERMARK FOR ")
	b.name(w.Column)
	b.str(" AS ")
	b.expr(w.Expr, precLowest)
}

func (b *printer) constraint(c *ConstraintDef) {
	if c.Name != nil {
		b.str("CONSTRAINT ")
		b.ident(*c.Name)
		b.str(" ")
	}
	if c.Unique {
		b.str("UNIQUE")
	} else {
		b.str("PRIMARY KEY")
	}
	if len(c.Columns) > 0 {
		b.str(" ")
		b.idents(c.Columns)
	}
	switch c.Enforced {
	case Enforced:
		b.str(" ENFORCED")
	case NotEnforced:
		b.str(" NOT ENFORCED")
	case EnforcementNone:
	}
}

func (b *printer) createView(s *CreateView) {
	b.str("CREATE ")
	b.flag(s.OrReplace, "OR REPLACE ")
	b.temporary(s.Temporary, false)
	b.str("VIEW ")
	b.flag(s.IfNotExists, "IF NOT EXISTS ")
	b.name(s.Name)
	if len(s.Columns) > 0 {
		b.str(" ")
		b.block(len(s.Columns), func(i int) {
			b.ident(s.Columns[i].Name)
			if c := s.Columns[i].Comment; c != nil {
				b.str(" COMMENT ")
				b.quoted(c.Value)
			}
		})
	}
	b.comment(s.Comment)
	b.as(s.Query)
}

func (b *printer) createFunction(s *CreateFunction) {
	if s.Alter {
		b.str("ALTER ")
	} else {
		b.str("CREATE ")
	}
	b.temporary(s.Temporary, s.System)
	b.str("FUNCTION ")
	b.flag(s.IfNotExists, "IF NOT EXISTS ")
	b.flag(s.IfExists, "IF EXISTS ")
	b.name(s.Name)
	b.str(" AS ")
	b.quoted(s.Identifier.Value)
	if s.Language != "" {
		b.str(" LANGUAGE " + s.Language)
	}
	if len(s.Resources) > 0 {
		b.str(" USING ")
		b.list(len(s.Resources), func(i int) {
			b.str(s.Resources[i].Kind + " ")
			b.quoted(s.Resources[i].Path.Value)
		})
	}
	b.options(s.Options)
}

func (b *printer) createModel(s *CreateModel) {
	b.str("CREATE ")
	b.temporary(s.Temporary, false)
	b.str("MODEL ")
	b.flag(s.IfNotExists, "IF NOT EXISTS ")
	b.name(s.Name)
	if len(s.Input) > 0 {
		b.sep()
		b.str("INPUT ")
		b.block(len(s.Input), func(i int) { b.column(s.Input[i]) })
	}
	if len(s.Output) > 0 {
		b.sep()
		b.str("OUTPUT ")
		b.block(len(s.Output), func(i int) { b.column(s.Output[i]) })
	}
	b.comment(s.Comment)
	b.options(s.Options)
	b.as(s.As)
}

func (b *printer) createMaterialized(s *CreateMaterializedTable) {
	b.str("CREATE ")
	b.flag(s.OrAlter, "OR ALTER ")
	b.str("MATERIALIZED TABLE ")
	b.flag(s.IfNotExists, "IF NOT EXISTS ")
	b.name(s.Name)
	if s.HasSchema {
		b.str(" ")
		b.schema(&s.Schema)
	}
	b.comment(s.Comment)
	b.distribution(s.Distribution)
	b.partitionedBy(s.PartitionedBy)
	b.options(s.Options)
	if m := s.StartMode; m != nil {
		b.sep()
		b.str("START_MODE = ")
		b.str([...]string{
			StartFromBeginning: "FROM_BEGINNING", StartFromNow: "FROM_NOW", StartFromTimestamp: "FROM_TIMESTAMP",
			StartResumeOrFromBeginning: "RESUME_OR_FROM_BEGINNING", StartResumeOrFromNow: "RESUME_OR_FROM_NOW",
			StartResumeOrFromTimestamp: "RESUME_OR_FROM_TIMESTAMP",
		}[m.Kind])
		if m.Arg != nil {
			b.str("(")
			b.expr(m.Arg, precLowest)
			b.str(")")
		}
	}
	if s.Freshness != nil {
		b.sep()
		b.freshness(s.Freshness)
	}
	if s.RefreshMode != RefreshDefault {
		b.sep()
		b.refreshMode(s.RefreshMode)
	}
	b.as(s.As)
}

func (b *printer) freshness(x Expr) {
	b.str("FRESHNESS = ")
	b.expr(x, precUnary)
}

func (b *printer) refreshMode(m RefreshMode) {
	b.str("REFRESH_MODE = ")
	b.str([...]string{RefreshDefault: "", RefreshContinuous: "CONTINUOUS", RefreshFull: "FULL"}[m])
}

func (b *printer) alterAction(a AlterAction) {
	switch a := a.(type) {
	case *RenameTo:
		b.str("RENAME TO ")
		b.name(a.Name)
	case *RenameColumn:
		b.str("RENAME ")
		b.name(a.From)
		b.str(" TO ")
		b.name(a.To)
	case *SetOptions:
		b.str("SET ")
		b.block(len(a.Options), func(i int) { b.option(a.Options[i]) })
	case *ResetOptions:
		b.str("RESET ")
		b.block(len(a.Keys), func(i int) { b.quoted(a.Keys[i].Value) })
	case *SetComment:
		b.str("COMMENT ")
		b.quoted(a.Comment.Value)
	case *AlterSchema:
		b.alterSchema(a)
	case *DropParts:
		b.dropParts(a)
	case *AlterQuery:
		b.str("AS ")
		b.query(a.Query)
	case *AddPartitions:
		b.str("ADD")
		b.flag(a.IfNotExists, " IF NOT EXISTS")
		for i := range a.Partitions {
			b.str(" ")
			b.partition(a.Partitions[i].Values)
			b.options(a.Partitions[i].Options)
		}
	case *DropPartitions:
		b.str("DROP ")
		b.flag(a.IfExists, "IF EXISTS ")
		b.list(len(a.Partitions), func(i int) { b.partition(a.Partitions[i].Values) })
	case *AlterRefresh:
		b.alterRefresh(a)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", a))
	}
}

func (b *printer) alterSchema(a *AlterSchema) {
	if a.Modify {
		b.str("MODIFY ")
	} else {
		b.str("ADD ")
	}
	if a.Distribution != nil {
		b.str("DISTRIBUTION")
		b.distributionTail(a.Distribution)
		return
	}
	b.schema(&a.Schema)
}

func (b *printer) dropParts(a *DropParts) {
	b.str("DROP ")
	switch {
	case a.PrimaryKey:
		b.str("PRIMARY KEY")
	case a.Constraint != nil:
		b.str("CONSTRAINT ")
		b.ident(*a.Constraint)
	case a.Watermark:
		b.str("WATERMARK")
	case a.Distribution:
		b.str("DISTRIBUTION")
	default:
		b.block(len(a.Columns), func(i int) { b.name(a.Columns[i]) })
	}
}

func (b *printer) alterRefresh(a *AlterRefresh) {
	switch a.Action {
	case RefreshSuspend:
		b.str("SUSPEND")
	case RefreshResume:
		b.str("RESUME")
		b.options(a.Options)
	case RefreshNow:
		b.str("REFRESH")
		if len(a.Partition) > 0 {
			b.str(" ")
			b.partition(a.Partition)
		}
	case RefreshSetFreshness:
		b.str("SET ")
		b.freshness(a.Freshness)
	case RefreshSetMode:
		b.str("SET ")
		b.refreshMode(a.Mode)
	}
}
