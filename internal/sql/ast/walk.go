// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import "fmt"

// Inspect calls visit for n and, where visit returns true, for the nodes below it, in the order of the text.
func Inspect(n Node, visit func(Node) bool) {
	if visit(n) {
		Children(n, func(c Node) { Inspect(c, visit) })
	}
}

// TooHigh returns a node that has more than limit nodes above it, nil when there is none. It does not recurse, so it may
// look at any tree.
func TooHigh(n Node, limit int) Node {
	type item struct {
		node  Node
		depth int
	}
	stack := []item{{n, 0}}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top.depth > limit {
			return top.node
		}
		Children(top.node, func(c Node) { stack = append(stack, item{c, top.depth + 1}) })
	}
	return nil
}

// children calls visit for what hangs directly below a node.
type children struct{ visit func(Node) }

// Children calls visit for the nodes directly below n: statements, queries, tables, expressions, types. The value parts in
// between (OrderItem, Arg and so on) are passed over.
func Children(n Node, visit func(Node)) {
	c := children{visit}
	switch n := n.(type) {
	case Expr:
		c.ofExpr(n)
	case Statement:
		c.ofStmt(n)
	case QueryBody:
		c.ofQuery(n)
	case TableExpr:
		c.ofTable(n)
	case GroupItem:
		c.ofGroup(n)
	case *DataType:
		c.ofType(n)
	case AlterAction:
		c.ofAction(n)
	}
}

func (c children) expr(x Expr) {
	if x != nil {
		c.visit(x)
	}
}

func (c children) exprs(list []Expr) {
	for _, x := range list {
		c.expr(x)
	}
}

func (c children) query(q *Query) {
	if q != nil {
		c.visit(q)
	}
}

func (c children) typ(t *DataType) {
	if t != nil {
		c.visit(t)
	}
}

func (c children) order(list []OrderItem) {
	for i := range list {
		c.expr(list[i].Expr)
	}
}

func (c children) ofExpr(n Expr) {
	switch n := n.(type) {
	case *ColumnRef, *Star, *Number, *String, *Binary, *Bool, *Null, *Temporal, *Interval, *Symbol, *DefaultArg, *Descriptor, *ModelArg:
	case *FieldAccess:
		c.expr(n.Base)
	case *Index:
		c.expr(n.Base)
		c.expr(n.Index)
	case *Unary:
		c.expr(n.X)
	case *BinaryExpr:
		c.expr(n.Left)
		c.expr(n.Right)
	case *Logical:
		c.exprs(n.Operands)
	case *Is:
		c.expr(n.X)
	case *Between:
		c.exprs([]Expr{n.X, n.Low, n.High})
	case *Like:
		c.exprs([]Expr{n.X, n.Pattern, n.Escape})
	case *In:
		c.expr(n.X)
		c.exprs(n.List)
		c.query(n.Query)
	case *Quantified:
		c.expr(n.Left)
		c.exprs(n.List)
		c.query(n.Query)
	case *Exists:
		c.query(n.Query)
	case *Subquery:
		c.query(n.Query)
	case *Case:
		c.expr(n.Operand)
		for i := range n.Whens {
			c.exprs(n.Whens[i].Conds)
			c.expr(n.Whens[i].Result)
		}
		c.expr(n.Else)
	case *Cast:
		c.expr(n.X)
		c.typ(n.Type)
	case *Call:
		c.ofCall(n)
	case *TableArg:
		c.query(n.Query)
		c.exprs(n.PartitionBy)
		c.order(n.OrderBy)
	default:
		c.ofConstructor(n)
	}
}

func (c children) ofConstructor(n Expr) {
	switch n := n.(type) {
	case *RowCtor:
		c.exprs(n.Elems)
	case *ArrayCtor:
		c.exprs(n.Elems)
	case *MultisetCtor:
		c.exprs(n.Elems)
	case *MapCtor:
		for i := range n.Keys {
			c.expr(n.Keys[i])
			c.expr(n.Values[i])
		}
	case *CollectionQuery:
		c.query(n.Query)
	default:
		panic(fmt.Sprintf("BUG: unknown expression %T", n))
	}
}

func (c children) ofCall(n *Call) {
	for i := range n.Args {
		c.expr(n.Args[i].Value)
	}
	c.order(n.OrderBy)
	if j := n.JSON; j != nil {
		c.typ(j.Returning)
		c.expr(j.OnEmpty.Default)
		c.expr(j.OnError.Default)
	}
	c.order(n.WithinGroup)
	c.expr(n.Filter)
	if n.Over != nil {
		c.window(n.Over)
	}
}

func (c children) window(w *WindowSpec) {
	c.exprs(w.PartitionBy)
	c.order(w.OrderBy)
	if w.Frame != nil {
		c.expr(w.Frame.Start.Offset)
		c.expr(w.Frame.End.Offset)
	}
}

func (c children) ofQuery(n QueryBody) {
	switch n := n.(type) {
	case *Query:
		for i := range n.With {
			c.query(n.With[i].Query)
		}
		c.visit(n.Body)
		c.order(n.OrderBy)
		c.expr(n.Limit)
		c.expr(n.Offset)
	case *Select:
		for i := range n.Items {
			c.expr(n.Items[i].Expr)
		}
		if n.From != nil {
			c.visit(n.From)
		}
		c.expr(n.Where)
		if n.GroupBy != nil {
			for _, g := range n.GroupBy.Items {
				c.visit(g)
			}
		}
		c.expr(n.Having)
		for i := range n.Windows {
			c.window(n.Windows[i].Spec)
		}
		c.expr(n.Qualify)
	case *SetOp:
		c.visit(n.Left)
		c.visit(n.Right)
	case *Values:
		c.exprs(n.Rows)
	case *ExplicitTable:
	default:
		panic(fmt.Sprintf("BUG: unknown query %T", n))
	}
}

func (c children) ofGroup(n GroupItem) {
	var items []GroupItem
	switch n := n.(type) {
	case *GroupExpr:
		c.exprs(n.Exprs)
	case *GroupingSets:
		items = n.Items
	case *Rollup:
		items = n.Items
	case *Cube:
		items = n.Items
	default:
		panic(fmt.Sprintf("BUG: unknown grouping %T", n))
	}
	for _, i := range items {
		c.visit(i)
	}
}

func (c children) ofTable(n TableExpr) {
	switch n := n.(type) {
	case *TableName:
		c.expr(n.Period)
		if n.Sample != nil {
			c.expr(n.Sample.Percentage)
			c.expr(n.Sample.Repeatable)
		}
	case *Derived:
		c.query(n.Query)
		c.expr(n.Period)
	case *TableFunc:
		c.visit(n.Call)
	case *Unnest:
		c.exprs(n.Exprs)
	case *Join:
		c.visit(n.Left)
		c.visit(n.Right)
		c.expr(n.On)
	case *MatchRecognize:
		c.visit(n.Input)
		c.exprs(n.PartitionBy)
		c.order(n.OrderBy)
		for i := range n.Measures {
			c.expr(n.Measures[i].Expr)
		}
		c.expr(n.Within)
		for i := range n.Define {
			c.expr(n.Define[i].Condition)
		}
	default:
		panic(fmt.Sprintf("BUG: unknown table expression %T", n))
	}
}

func (c children) ofType(t *DataType) {
	c.typ(t.Key)
	c.typ(t.Elem)
	for i := range t.Fields {
		c.typ(t.Fields[i].Type)
	}
}
