// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// Expr is a scalar expression, or something that stands where one does: Star, TableArg, ModelArg, Descriptor, Symbol, DefaultArg.
type Expr interface {
	Node
	expr()
}

// ColumnRef is a chain of names, a.b.c: table and catalog parts, a column, fields inside of it. Which is which is the
// binder's business.
type ColumnRef struct {
	Span
	Parts []Ident
}

// FieldAccess is base.field where base is no chain of names.
type FieldAccess struct {
	Span
	Base  Expr
	Field Ident
}

// Index is base[index]: an element of an array, map, row or variant.
type Index struct {
	Span
	Base, Index Expr
}

// Star is * or t.* in a select list. COUNT(*) is Call.Star.
type Star struct {
	Span
	Qualifier []Ident
}

// NumberKind says how a number was written; Flink types them by that.
type NumberKind uint8

// The kinds of numbers.
const (
	// Integer is digits only: INT or, when too big, BIGINT.
	Integer NumberKind = iota
	// Decimal has a point and no exponent: DECIMAL.
	Decimal
	// Approx has an exponent: DOUBLE.
	Approx
)

// Number is an unsigned numeric literal.
type Number struct {
	Span
	Kind NumberKind
	// Text is the literal as written.
	Text string
}

// String is a character literal; U&'..' and _charset'..' forms arrive decoded.
type String struct {
	Span
	Value string
}

// Binary is x'..'; Value holds the bytes.
type Binary struct {
	Span
	Value []byte
}

// Bool is TRUE, FALSE or UNKNOWN.
type Bool struct {
	Span
	Value BoolValue
}

// BoolValue is a three-valued truth value.
type BoolValue uint8

// The truth values.
const (
	False BoolValue = iota
	True
	Unknown
)

// Null is NULL.
type Null struct {
	Span
}

// TemporalKind is the kind of a temporal literal.
type TemporalKind uint8

// The kinds of temporal literals.
const (
	Date TemporalKind = iota
	Time
	Timestamp
	// TimestampLTZ is TIMESTAMP WITH LOCAL TIME ZONE '..'.
	TimestampLTZ
)

// Temporal is DATE '..', TIME '..' or TIMESTAMP '..'. The parser checks that Text has the form of the kind.
type Temporal struct {
	Span
	Kind TemporalKind
	Text string
	// Value is the range of the quoted text, for messages about it.
	Value Span
}

// TimeUnit is a unit of time of an interval or of EXTRACT, FLOOR, TIMESTAMPADD and so on.
type TimeUnit uint8

// The units of time; NoUnit is the absent one.
const (
	NoUnit TimeUnit = iota
	Year
	Month
	Day
	Hour
	Minute
	Second
	Quarter
	Week
	Millisecond
	Microsecond
	Nanosecond
	DayOfWeek
	DayOfYear
	IsoDayOfWeek
	IsoYear
	Epoch
	Decade
	Century
	Millennium
)

// IntervalUnits is the qualifier of an interval: DAY(3) TO SECOND(6).
type IntervalUnits struct {
	Span
	From TimeUnit
	// To is NoUnit for a single unit.
	To TimeUnit
	// Precision is the digits of the leading field, -1 when absent.
	Precision int
	// Fraction is the digits of the fractional second, -1 when absent.
	Fraction int
}

// Interval is INTERVAL [-] 'text' units; also INTERVAL 5 DAY, whose number becomes Text.
type Interval struct {
	Span
	Negative bool
	Text     string
	// Value is the range of the text, for messages about it.
	Value Span
	Units IntervalUnits
}

// SymbolKind is the family of a Symbol.
type SymbolKind uint8

// The families of symbols.
const (
	// UnitSymbol is a unit of time; Symbol.Unit has it.
	UnitSymbol SymbolKind = iota
	// TrimSymbol is BOTH, LEADING or TRAILING.
	TrimSymbol
)

// Symbol is a keyword that serves as a function's argument: the unit in EXTRACT, TIMESTAMPADD, FLOOR(x TO DAY), the side of TRIM.
type Symbol struct {
	Span
	Kind SymbolKind
	// Name is the keyword in canonical upper case.
	Name string
	Unit TimeUnit
}

// UnaryOp is an operator with one operand.
type UnaryOp uint8

// The unary operators.
const (
	OpNot UnaryOp = iota
	OpNeg
	OpPlus
)

// Unary is op operand.
type Unary struct {
	Span
	Op UnaryOp
	X  Expr
}

// BinaryOp is an operator with two operands.
type BinaryOp uint8

// The binary operators.
const (
	OpEq BinaryOp = iota
	OpNe
	OpLt
	OpLe
	OpGt
	OpGe
	OpIsDistinct
	OpIsNotDistinct
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpMod
	OpConcat
	// OpOverlaps and what follows compare periods, each a row of two.
	OpOverlaps
	OpContains
	OpPeriodEquals
	OpPrecedes
	OpSucceeds
	OpImmediatelyPrecedes
	OpImmediatelySucceeds
	// OpMemberOf and OpSubmultisetOf and what follows work on multisets.
	OpMemberOf
	OpSubmultisetOf
	OpMultisetUnion
	OpMultisetUnionAll
	OpMultisetIntersect
	OpMultisetIntersectAll
	OpMultisetExcept
	OpMultisetExceptAll
)

// BinaryExpr is left op right. Chains are left-deep.
type BinaryExpr struct {
	Span
	Op BinaryOp
	// OpSpan is where the operator stands, for messages about it.
	OpSpan      Span
	Left, Right Expr
}

// Logical is a AND b AND ... or a OR b OR ... : at least two operands, so that generated conditions of any length stay flat.
// An operand may be a Logical with the same operator when the text had parentheses.
type Logical struct {
	Span
	// Or is OR, else AND.
	Or       bool
	Operands []Expr
}

// IsTest is what IS tests.
type IsTest uint8

// The tests of IS.
const (
	IsNull IsTest = iota
	IsTrue
	IsFalse
	IsUnknown
	IsJSON
	IsJSONValue
	IsJSONObject
	IsJSONArray
	IsJSONScalar
	// IsASet and IsEmpty test multisets.
	IsASet
	IsEmpty
)

// Is is operand IS [NOT] test.
type Is struct {
	Span
	X    Expr
	Not  bool
	Test IsTest
}

// Between is operand [NOT] BETWEEN [SYMMETRIC] low AND high.
type Between struct {
	Span
	X         Expr
	Not       bool
	Symmetric bool
	Low, High Expr
}

// LikeOp is the kind of a pattern match.
type LikeOp uint8

// The kinds of pattern matches.
const (
	OpLike LikeOp = iota
	OpILike
	OpSimilarTo
	OpRLike
)

// Like is operand [NOT] LIKE pattern [ESCAPE escape] and its relatives.
type Like struct {
	Span
	Op      LikeOp
	X       Expr
	Not     bool
	Pattern Expr
	Escape  Expr
}

// In is operand [NOT] IN (list) or [NOT] IN (query): exactly one of List, Query is set. A tuple operand is a RowCtor.
type In struct {
	Span
	X     Expr
	Not   bool
	List  []Expr
	Query *Query
}

// Quantified is left op ANY | SOME | ALL (query or list).
type Quantified struct {
	Span
	Op   BinaryOp
	Left Expr
	// All is ALL, else ANY.
	All   bool
	List  []Expr
	Query *Query
}

// Exists is EXISTS (query); UNIQUE (query) is not kept.
type Exists struct {
	Span
	Query *Query
}

// Subquery is (query) as a scalar.
type Subquery struct {
	Span
	Query *Query
}

// Case is CASE [operand] WHEN .. THEN .. [ELSE ..] END.
type Case struct {
	Span
	// Operand is nil in the searched form.
	Operand Expr
	Whens   []When
	// Else is nil when absent, which means NULL.
	Else Expr
}

// When is WHEN cond THEN result; in the simple form several Conds are alternatives.
type When struct {
	Span
	Conds  []Expr
	Result Expr
}

// Cast is CAST(x AS type) or TRY_CAST(x AS type).
type Cast struct {
	Span
	Try  bool
	X    Expr
	Type *DataType
}

// RowCtor is ROW(a, b) or (a, b).
type RowCtor struct {
	Span
	// Explicit says that ROW was written.
	Explicit bool
	Elems    []Expr
}

// ArrayCtor is ARRAY[a, b].
type ArrayCtor struct {
	Span
	Elems []Expr
}

// MapCtor is MAP[k1, v1, k2, v2]; Keys and Values have the same length.
type MapCtor struct {
	Span
	Keys, Values []Expr
}

// MultisetCtor is MULTISET[a, b].
type MultisetCtor struct {
	Span
	Elems []Expr
}

// CollectionKind says what a query is collected into.
type CollectionKind uint8

// The collections.
const (
	ArrayCollection CollectionKind = iota
	MapCollection
	MultisetCollection
)

// CollectionQuery is ARRAY(query), MAP(query) or MULTISET(query).
type CollectionQuery struct {
	Span
	Kind  CollectionKind
	Query *Query
}

// Quantifier is DISTINCT or ALL in a call.
type Quantifier uint8

// The quantifiers.
const (
	NoQuantifier Quantifier = iota
	DistinctArgs
	AllArgs
)

// NullTreatment is RESPECT NULLS or IGNORE NULLS after a call.
type NullTreatment uint8

// The treatments of NULL.
const (
	NoNullTreatment NullTreatment = iota
	RespectNulls
	IgnoreNulls
)

// Call is a function call with all that can hang on one.
//
// Special syntaxes arrive as plain arguments:
//
//	POSITION(a IN b)                    POSITION: a, b
//	SUBSTRING(a FROM b FOR c)           SUBSTRING: a, b, c
//	OVERLAY(a PLACING b FROM c FOR d)   OVERLAY: a, b, c, d
//	TRIM(BOTH a FROM b)                 TRIM: Symbol BOTH, a, b (always three; TRIM(b) is TRIM(BOTH ' ' FROM b))
//	EXTRACT(YEAR FROM a)                EXTRACT: Symbol YEAR, a
//	FLOOR(a TO DAY), CEIL(a TO DAY)     FLOOR: a, Symbol DAY
//	TIMESTAMPADD(DAY, a, b)             TIMESTAMPADD: Symbol DAY, a, b
//	JSON_OBJECT(KEY a VALUE b)          JSON_OBJECT: a, b, ... and JSON for the rest
//
// DESCRIPTOR, TABLE t and named arguments appear in Args as Descriptor, TableArg and Arg.Name.
type Call struct {
	Span
	Name Name
	// NoParens says that none were written: CURRENT_TIMESTAMP.
	NoParens   bool
	Quantifier Quantifier
	// Star is f(*).
	Star bool
	Args []Arg
	// OrderBy is the order inside of the parentheses: ARRAY_AGG(x ORDER BY y).
	OrderBy []OrderItem
	// JSON holds the clauses of the JSON_* functions, nil for all others and when none was written.
	JSON          *JSONClauses
	NullTreatment NullTreatment
	// WithinGroup is WITHIN GROUP (ORDER BY ...).
	WithinGroup []OrderItem
	// Filter is FILTER (WHERE ...).
	Filter Expr
	// Over is OVER (...) or OVER name.
	Over *WindowSpec
}

// Arg is an argument, with its name in the form name => value.
type Arg struct {
	Span
	// Name is nil for a positional argument.
	Name  *Ident
	Value Expr
}

// DefaultArg is DEFAULT as the value of an argument.
type DefaultArg struct {
	Span
}

// Descriptor is DESCRIPTOR(column, ...).
type Descriptor struct {
	Span
	Columns []Ident
}

// TableArg is a table as an argument: TABLE name or (query), with PARTITION BY and ORDER BY. Exactly one of Table, Query is set.
type TableArg struct {
	Span
	Table       *Name
	Query       *Query
	Hints       []Hint
	PartitionBy []Expr
	OrderBy     []OrderItem
}

// ModelArg is MODEL name as an argument.
type ModelArg struct {
	Span
	Name Name
}

// JSONClauses are the clauses of JSON_VALUE, JSON_QUERY, JSON_EXISTS, JSON_OBJECT, JSON_ARRAY and their aggregates.
type JSONClauses struct {
	Span
	// Returning is the type of RETURNING, nil without.
	Returning *DataType
	// Wrapper is the wrapper behaviour of JSON_QUERY.
	Wrapper JSONWrapper
	OnEmpty JSONBehavior
	OnError JSONBehavior
	// OnNull is NULL ON NULL or ABSENT ON NULL.
	OnNull JSONOnNull
}

// JSONWrapper is the wrapper behaviour of JSON_QUERY.
type JSONWrapper uint8

// The wrapper behaviours.
const (
	JSONWrapperDefault JSONWrapper = iota
	JSONWithoutWrapper
	JSONConditionalWrapper
	JSONUnconditionalWrapper
)

// JSONBehavior is what ON EMPTY and ON ERROR do; the zero value is none given.
type JSONBehavior struct {
	Span
	Kind JSONBehaviorKind
	// Default is the expression of DEFAULT x.
	Default Expr
}

// JSONBehaviorKind is the kind of a JSONBehavior.
type JSONBehaviorKind uint8

// The kinds of behaviours.
const (
	JSONBehaviorNone JSONBehaviorKind = iota
	JSONBehaviorNull
	JSONBehaviorError
	JSONBehaviorDefault
	JSONBehaviorEmpty
	JSONBehaviorEmptyArray
	JSONBehaviorEmptyObject
	JSONBehaviorTrue
	JSONBehaviorFalse
	JSONBehaviorUnknown
)

// JSONOnNull says what becomes of NULL in a constructed JSON value.
type JSONOnNull uint8

// The treatments of NULL.
const (
	JSONOnNullDefault JSONOnNull = iota
	JSONNullOnNull
	JSONAbsentOnNull
)

func (*ColumnRef) expr()       {}
func (*FieldAccess) expr()     {}
func (*Index) expr()           {}
func (*Star) expr()            {}
func (*Number) expr()          {}
func (*String) expr()          {}
func (*Binary) expr()          {}
func (*Bool) expr()            {}
func (*Null) expr()            {}
func (*Temporal) expr()        {}
func (*Interval) expr()        {}
func (*Symbol) expr()          {}
func (*Unary) expr()           {}
func (*BinaryExpr) expr()      {}
func (*Logical) expr()         {}
func (*Is) expr()              {}
func (*Between) expr()         {}
func (*Like) expr()            {}
func (*In) expr()              {}
func (*Quantified) expr()      {}
func (*Exists) expr()          {}
func (*Subquery) expr()        {}
func (*Case) expr()            {}
func (*Cast) expr()            {}
func (*RowCtor) expr()         {}
func (*ArrayCtor) expr()       {}
func (*MapCtor) expr()         {}
func (*MultisetCtor) expr()    {}
func (*CollectionQuery) expr() {}
func (*Call) expr()            {}
func (*DefaultArg) expr()      {}
func (*Descriptor) expr()      {}
func (*TableArg) expr()        {}
func (*ModelArg) expr()        {}
