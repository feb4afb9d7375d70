// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// ofStmt visits what hangs below a statement. Statements that consist of names and strings have nothing there.
func (c children) ofStmt(n Statement) {
	switch n := n.(type) {
	case *QueryStmt:
		c.query(n.Query)
	case *Insert:
		c.partition(n.Partition)
		c.query(n.Query)
	case *StatementSet:
		for _, s := range n.Stmts {
			c.visit(s)
		}
	case *Update:
		for i := range n.Set {
			c.expr(n.Set[i].Value)
		}
		c.expr(n.Where)
	case *Delete:
		c.expr(n.Where)
	case *CallProcedure:
		c.visit(n.Call)
	case *Explain:
		c.visit(n.Stmt)
	case *CompilePlan:
		c.visit(n.Stmt)
	case *Execute:
		c.visit(n.Stmt)
	case *Show:
		c.partition(n.Partition)
	case *Analyze:
		c.partition(n.Partition)
	case *CreateTable:
		c.schema(&n.Schema)
		c.query(n.As)
	case *CreateView:
		c.query(n.Query)
	case *CreateModel:
		c.columns(n.Input)
		c.columns(n.Output)
		c.query(n.As)
	case *CreateMaterializedTable:
		c.schema(&n.Schema)
		if n.StartMode != nil {
			c.expr(n.StartMode.Arg)
		}
		c.expr(n.Freshness)
		c.query(n.As)
	case *Alter:
		c.visit(n.Action)
	}
}

func (c children) ofAction(n AlterAction) {
	switch n := n.(type) {
	case *AlterSchema:
		c.schema(&n.Schema)
	case *AlterQuery:
		c.query(n.Query)
	case *AddPartitions:
		for i := range n.Partitions {
			c.partition(n.Partitions[i].Values)
		}
	case *DropPartitions:
		for i := range n.Partitions {
			c.partition(n.Partitions[i].Values)
		}
	case *AlterRefresh:
		c.partition(n.Partition)
		c.expr(n.Freshness)
	}
}

func (c children) schema(s *TableSchema) {
	c.columns(s.Columns)
	if s.Watermark != nil {
		c.expr(s.Watermark.Expr)
	}
}

func (c children) columns(list []*ColumnDef) {
	for _, d := range list {
		c.typ(d.Type)
		c.expr(d.Computed)
	}
}

func (c children) partition(list []PartitionValue) {
	for i := range list {
		c.expr(list[i].Value)
	}
}
