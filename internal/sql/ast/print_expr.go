// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Precedences as the parser has them: an operand of a lower one stands in parentheses.
const (
	precLowest   = 0
	precOr       = 10
	precAnd      = 20
	precNot      = 30
	precIs       = 40
	precCompare  = 50
	precRange    = 60
	precMultiset = 65
	precAdd      = 70
	precMul      = 80
	precUnary    = 90
	precPostfix  = 100
	precPrimary  = 110
)

var opNames = [...]string{
	OpEq: "=", OpNe: "<>", OpLt: "<", OpLe: "<=", OpGt: ">", OpGe: ">=", OpIsDistinct: "IS DISTINCT FROM",
	OpIsNotDistinct: "IS NOT DISTINCT FROM", OpAdd: "+", OpSub: "-", OpMul: "*", OpDiv: "/", OpMod: "%", OpConcat: "||",
	OpOverlaps: "OVERLAPS", OpContains: "CONTAINS", OpPeriodEquals: "EQUALS", OpPrecedes: "PRECEDES", OpSucceeds: "SUCCEEDS",
	OpImmediatelyPrecedes: "IMMEDIATELY PRECEDES", OpImmediatelySucceeds: "IMMEDIATELY SUCCEEDS", OpMemberOf: "MEMBER OF",
	OpSubmultisetOf: "SUBMULTISET OF", OpMultisetUnion: "MULTISET UNION", OpMultisetUnionAll: "MULTISET UNION ALL",
	OpMultisetIntersect: "MULTISET INTERSECT", OpMultisetIntersectAll: "MULTISET INTERSECT ALL",
	OpMultisetExcept: "MULTISET EXCEPT", OpMultisetExceptAll: "MULTISET EXCEPT ALL",
}

// String returns the operator as SQL writes it.
func (o BinaryOp) String() string { return opNames[o] }

// String returns the operator as SQL writes it.
func (o UnaryOp) String() string { return [...]string{OpNot: "NOT", OpNeg: "-", OpPlus: "+"}[o] }

// String returns the operator as SQL writes it.
func (o LikeOp) String() string {
	return [...]string{OpLike: "LIKE", OpILike: "ILIKE", OpSimilarTo: "SIMILAR TO", OpRLike: "RLIKE"}[o]
}

// String returns the test as SQL writes it after IS.
func (t IsTest) String() string {
	return [...]string{
		IsNull: "NULL", IsTrue: "TRUE", IsFalse: "FALSE", IsUnknown: "UNKNOWN", IsJSON: "JSON", IsJSONValue: "JSON VALUE",
		IsJSONObject: "JSON OBJECT", IsJSONArray: "JSON ARRAY", IsJSONScalar: "JSON SCALAR", IsASet: "A SET", IsEmpty: "EMPTY",
	}[t]
}

// String returns the value as SQL writes it.
func (v BoolValue) String() string {
	return [...]string{False: "FALSE", True: "TRUE", Unknown: "UNKNOWN"}[v]
}

// precOp returns the precedence of an operator, and the one that its right operand must have at least.
func precOp(o BinaryOp) (prec, right int) {
	switch {
	case o <= OpGe:
		return precCompare, precCompare + 1
	case o <= OpIsNotDistinct:
		return precIs, precCompare + 1
	case o <= OpSub:
		return precAdd, precAdd + 1
	case o <= OpConcat:
		return precMul, precMul + 1
	case o <= OpSubmultisetOf:
		return precRange, precRange + 1
	default:
		return precMultiset, precMultiset + 1
	}
}

// precOf returns the precedence of an expression.
func precOf(x Expr) int {
	switch x := x.(type) {
	case *Logical:
		if x.Or {
			return precOr
		}
		return precAnd
	case *Unary:
		if x.Op == OpNot {
			return precNot
		}
		return precUnary
	case *Is:
		return precIs
	case *BinaryExpr:
		p, _ := precOp(x.Op)
		return p
	case *Between, *Like, *In:
		return precRange
	case *Quantified:
		return precCompare
	case *Index, *FieldAccess, *ColumnRef:
		return precPostfix
	default:
		return precPrimary
	}
}

// expr prints x, in parentheses if its precedence is below least.
func (b *printer) expr(x Expr, least int) {
	if precOf(x) < least {
		b.str("(")
		b.bare(x)
		b.str(")")
		return
	}
	b.bare(x)
}

func (b *printer) exprs(list []Expr) {
	b.list(len(list), func(i int) { b.expr(list[i], precLowest) })
}

// bare prints x without parentheses around it.
func (b *printer) bare(x Expr) {
	switch x := x.(type) {
	case *ColumnRef:
		b.path(x.Parts)
	case *Star:
		b.path(x.Qualifier)
		if len(x.Qualifier) > 0 {
			b.str(".")
		}
		b.str("*")
	case *FieldAccess:
		b.base(x.Base, true)
		b.str(".")
		b.ident(x.Field)
	case *Index:
		b.base(x.Base, false)
		b.str("[")
		b.expr(x.Index, precLowest)
		b.str("]")
	case *Unary, *BinaryExpr, *Logical, *Is, *Between, *Like, *In, *Quantified:
		b.operator(x)
	case *Case:
		b.caseExpr(x)
	case *Cast:
		if x.Try {
			b.str("TRY_")
		}
		b.str("CAST(")
		b.expr(x.X, precLowest)
		b.str(" AS ")
		b.dataType(x.Type)
		b.str(")")
	case *Call:
		b.call(x)
	case *Exists, *Subquery, *CollectionQuery:
		b.subquery(x)
	case *RowCtor, *ArrayCtor, *MultisetCtor, *MapCtor:
		b.constructor(x)
	case *TableArg, *ModelArg, *Descriptor, *DefaultArg, *Symbol:
		b.special(x)
	default:
		b.literal(x)
	}
}

// base prints what stands before [ or a point.
func (b *printer) base(x Expr, point bool) {
	plain := false
	switch x := x.(type) {
	case *ColumnRef:
		plain = !point
	case *Call:
		plain = !x.NoParens
	case *Index, *FieldAccess, *Cast, *ArrayCtor, *MapCtor, *MultisetCtor, *RowCtor, *Subquery:
		plain = true
	}
	if plain {
		b.bare(x)
		return
	}
	b.str("(")
	b.bare(x)
	b.str(")")
}

func (b *printer) literal(x Expr) {
	switch x := x.(type) {
	case *Number:
		b.str(x.Text)
	case *String:
		b.quoted(x.Value)
	case *Binary:
		b.str("x'")
		b.str(strings.ToUpper(hex.EncodeToString(x.Value)))
		b.str("'")
	case *Bool:
		b.str(x.Value.String())
	case *Null:
		b.str("NULL")
	case *Temporal:
		b.str(x.Kind.String())
		b.str(" ")
		b.quoted(x.Text)
	case *Interval:
		b.str("INTERVAL ")
		if x.Negative {
			b.str("-")
		}
		b.quoted(x.Text)
		b.str(" ")
		b.units(x.Units)
	default:
		panic(fmt.Sprintf("BUG: cannot print %T", x))
	}
}

func (b *printer) units(q IntervalUnits) {
	b.str(q.From.String())
	switch {
	case q.Precision >= 0 && q.From == Second && q.Fraction >= 0:
		b.params(q.Precision, q.Fraction)
	case q.Precision >= 0:
		b.params(q.Precision, -1)
	}
	if q.To == NoUnit {
		return
	}
	b.str(" TO ")
	b.str(q.To.String())
	if q.Fraction >= 0 {
		b.params(q.Fraction, -1)
	}
}

func (b *printer) not(not bool) {
	if not {
		b.str("NOT ")
	}
}

func (b *printer) operator(x Expr) {
	switch x := x.(type) {
	case *Unary:
		b.str(x.Op.String())
		if x.Op == OpNot {
			b.str(" ")
			b.expr(x.X, precNot)
			return
		}
		if _, ok := x.X.(*Unary); ok {
			b.str(" ") // Two minus signs in a row would start a comment.
		}
		b.expr(x.X, precUnary)
	case *BinaryExpr:
		prec, right := precOp(x.Op)
		b.expr(x.Left, prec)
		b.str(" " + x.Op.String() + " ")
		b.expr(x.Right, right)
	case *Logical:
		word, prec := " AND ", precAnd
		if x.Or {
			word, prec = " OR ", precOr
		}
		for i, o := range x.Operands {
			if i > 0 {
				b.str(word)
			}
			b.expr(o, prec+1)
		}
	case *Is:
		b.expr(x.X, precIs)
		b.str(" IS ")
		b.not(x.Not)
		b.str(x.Test.String())
	case *Between:
		b.expr(x.X, precRange)
		b.str(" ")
		b.not(x.Not)
		b.str("BETWEEN ")
		if x.Symmetric {
			b.str("SYMMETRIC ")
		}
		b.expr(x.Low, precRange+1)
		b.str(" AND ")
		b.expr(x.High, precRange+1)
	case *Like:
		b.expr(x.X, precRange)
		b.str(" ")
		b.not(x.Not)
		b.str(x.Op.String() + " ")
		b.expr(x.Pattern, precRange+1)
		if x.Escape != nil {
			b.str(" ESCAPE ")
			b.expr(x.Escape, precRange+1)
		}
	case *In:
		b.expr(x.X, precRange)
		b.str(" ")
		b.not(x.Not)
		b.str("IN ")
		b.listOrQuery(x.List, x.Query)
	case *Quantified:
		b.expr(x.Left, precCompare)
		b.str(" " + x.Op.String())
		if x.All {
			b.str(" ALL ")
		} else {
			b.str(" ANY ")
		}
		b.listOrQuery(x.List, x.Query)
	}
}

func (b *printer) listOrQuery(list []Expr, q *Query) {
	if q != nil {
		b.inParens(q)
		return
	}
	b.str("(")
	b.exprs(list)
	b.str(")")
}

func (b *printer) caseExpr(x *Case) {
	b.str("CASE")
	if x.Operand != nil {
		b.str(" ")
		b.expr(x.Operand, precLowest)
	}
	for i := range x.Whens {
		w := &x.Whens[i]
		b.str(" WHEN ")
		b.exprs(w.Conds)
		b.str(" THEN ")
		b.expr(w.Result, precLowest)
	}
	if x.Else != nil {
		b.str(" ELSE ")
		b.expr(x.Else, precLowest)
	}
	b.str(" END")
}

func (b *printer) subquery(x Expr) {
	switch x := x.(type) {
	case *Exists:
		b.str("EXISTS ")
		b.inParens(x.Query)
	case *Subquery:
		b.inParens(x.Query)
	case *CollectionQuery:
		b.str([...]string{ArrayCollection: "ARRAY", MapCollection: "MAP", MultisetCollection: "MULTISET"}[x.Kind])
		b.inParens(x.Query)
	}
}

func (b *printer) constructor(x Expr) {
	switch x := x.(type) {
	case *RowCtor:
		if x.Explicit || len(x.Elems) < 2 {
			b.str("ROW")
		}
		b.str("(")
		b.exprs(x.Elems)
		b.str(")")
	case *ArrayCtor:
		b.str("ARRAY[")
		b.exprs(x.Elems)
		b.str("]")
	case *MultisetCtor:
		b.str("MULTISET[")
		b.exprs(x.Elems)
		b.str("]")
	case *MapCtor:
		b.str("MAP[")
		b.list(len(x.Keys), func(i int) {
			b.expr(x.Keys[i], precLowest)
			b.str(", ")
			b.expr(x.Values[i], precLowest)
		})
		b.str("]")
	}
}

func (b *printer) special(x Expr) {
	switch x := x.(type) {
	case *Symbol:
		b.str(x.Name)
	case *DefaultArg:
		b.str("DEFAULT")
	case *Descriptor:
		b.str("DESCRIPTOR")
		b.idents(x.Columns)
	case *ModelArg:
		b.str("MODEL ")
		b.name(x.Name)
	case *TableArg:
		b.str("TABLE ")
		if x.Table != nil {
			b.name(*x.Table)
		} else {
			b.inParens(x.Query)
		}
		b.hints(x.Hints)
		b.keyed(" PARTITION BY ", len(x.PartitionBy), func(i int) { b.expr(x.PartitionBy[i], precLowest) })
		b.keyed(" ORDER BY ", len(x.OrderBy), func(i int) { b.orderItem(x.OrderBy[i]) })
	}
}

// keyed prints a word and a list, in parentheses so that its commas are not taken for those between arguments.
func (b *printer) keyed(word string, n int, item func(i int)) {
	if n == 0 {
		return
	}
	b.str(word + "(")
	b.list(n, item)
	b.str(")")
}
