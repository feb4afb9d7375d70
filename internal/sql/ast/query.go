// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// Query is a query expression with everything that stands around its body:
// [WITH ...] body [ORDER BY ...] [LIMIT n] [OFFSET n] [FETCH ...].
type Query struct {
	Span
	// With lists the common table expressions, in order.
	With []CTE
	// Recursive is WITH RECURSIVE.
	Recursive bool
	Body      QueryBody
	OrderBy   []OrderItem
	// Limit is the row count of LIMIT n or FETCH FIRST n ROWS ONLY; nil for none and for LIMIT ALL.
	Limit Expr
	// Offset is the rows to skip.
	Offset Expr
}

// CTE is name [(columns)] AS (query).
type CTE struct {
	Span
	Name    Ident
	Columns []Ident
	Query   *Query
}

// QueryBody is *Select, *SetOp, *Values, *ExplicitTable or *Query (in parentheses).
type QueryBody interface {
	Node
	queryBody()
}

// Select is one SELECT block.
type Select struct {
	Span
	Hints []Hint
	// Distinct is SELECT DISTINCT; SELECT ALL is the default and not kept.
	Distinct bool
	Items    []SelectItem
	// From is nil when there is no FROM. Comma-separated tables are a left-deep Join of kind CommaJoin.
	From  TableExpr
	Where Expr
	// GroupBy is nil when there is no GROUP BY; GROUP BY () is one GroupExpr without expressions.
	GroupBy *GroupBy
	Having  Expr
	// Windows are the definitions of the WINDOW clause.
	Windows []NamedWindow
	Qualify Expr
}

// SelectItem is expression [AS alias]; Expr may be a *Star, with no alias.
type SelectItem struct {
	Span
	Expr  Expr
	Alias *Ident
}

// GroupBy is GROUP BY [DISTINCT] items.
type GroupBy struct {
	Span
	Distinct bool
	Items    []GroupItem
}

// GroupItem is *GroupExpr, *GroupingSets, *Rollup or *Cube.
type GroupItem interface {
	Node
	groupItem()
}

// GroupExpr is one expression, or a list of them in parentheses: (a, b) or (). (a) is the same as a.
type GroupExpr struct {
	Span
	Exprs []Expr
}

// GroupingSets is GROUPING SETS (item, ...).
type GroupingSets struct {
	Span
	Items []GroupItem
}

// Rollup is ROLLUP (item, ...); every item is an expression or a list of them.
type Rollup struct {
	Span
	Items []GroupItem
}

// Cube is CUBE (item, ...); every item is an expression or a list of them.
type Cube struct {
	Span
	Items []GroupItem
}

// OrderItem is expression [ASC | DESC] [NULLS FIRST | NULLS LAST].
type OrderItem struct {
	Span
	Expr  Expr
	Desc  bool
	Nulls NullsOrder
}

// NullsOrder says where NULLs go.
type NullsOrder uint8

// The places of NULLs; NullsDefault is Flink's: first when ascending, last when descending.
const (
	NullsDefault NullsOrder = iota
	NullsFirst
	NullsLast
)

// SetOp is left UNION | INTERSECT | EXCEPT [ALL] right.
type SetOp struct {
	Span
	Kind        SetOpKind
	All         bool
	Left, Right QueryBody
}

// SetOpKind is the kind of a set operation.
type SetOpKind uint8

// The set operations; MINUS is Except.
const (
	Union SetOpKind = iota
	Intersect
	Except
)

// Values is VALUES row, ...; a row is a *RowCtor or a single expression.
type Values struct {
	Span
	Rows []Expr
}

// ExplicitTable is TABLE name as a query.
type ExplicitTable struct {
	Span
	Name Name
}

// TableExpr is *TableName, *Derived, *TableFunc, *Unnest, *Join or *MatchRecognize.
type TableExpr interface {
	Node
	tableExpr()
}

// Alias is [AS] name [(columns)].
type Alias struct {
	Span
	Name    Ident
	Columns []Ident
}

// TableName is a table by name.
type TableName struct {
	Span
	Name  Name
	Hints []Hint
	// Period is the point in time of FOR SYSTEM_TIME AS OF, nil without.
	Period Expr
	Sample *Sample
	Alias  *Alias
}

// Sample is TABLESAMPLE method (percentage) [REPEATABLE (seed)].
type Sample struct {
	Span
	// Method is BERNOULLI or SYSTEM.
	Method     string
	Percentage Expr
	Repeatable Expr
}

// Derived is [LATERAL] (query) [alias]; VALUES in FROM is a Derived as well.
type Derived struct {
	Span
	Lateral bool
	Query   *Query
	// Period is the point in time of FOR SYSTEM_TIME AS OF, nil without.
	Period Expr
	Alias  *Alias
}

// TableFunc is a table function or window function in FROM: TABLE(f(...)), LATERAL TABLE(f(...)) or f(...) alone.
type TableFunc struct {
	Span
	Lateral bool
	// Wrapped says that TABLE( ) stood around the call.
	Wrapped bool
	Call    *Call
	Alias   *Alias
}

// Unnest is UNNEST(expression, ...) [WITH ORDINALITY] [alias].
type Unnest struct {
	Span
	Lateral    bool
	Exprs      []Expr
	Ordinality bool
	Alias      *Alias
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of join. CommaJoin is a comma in FROM: a cross join that binds weaker than the others.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
	CommaJoin
	// SemiJoin and AntiJoin are LEFT SEMI JOIN and LEFT ANTI JOIN.
	SemiJoin
	AntiJoin
)

// Join is left JOIN right [ON condition | USING (columns)].
type Join struct {
	Span
	Kind        JoinKind
	Natural     bool
	Left, Right TableExpr
	On          Expr
	Using       []Ident
}

// MatchRecognize is table MATCH_RECOGNIZE (...) [alias].
type MatchRecognize struct {
	Span
	Input       TableExpr
	PartitionBy []Expr
	OrderBy     []OrderItem
	Measures    []SelectItem
	// AllRows is ALL ROWS PER MATCH, else ONE ROW PER MATCH.
	AllRows bool
	After   AfterMatch
	Pattern PatternExpr
	// Within is the interval of WITHIN, nil without.
	Within  Expr
	Subsets []PatternSubset
	Define  []PatternDefine
	Alias   *Alias
}

// AfterMatch is AFTER MATCH SKIP ...; the zero value is the default, SkipToNextRow.
type AfterMatch struct {
	Span
	Kind AfterMatchKind
	// Symbol is the pattern variable of TO FIRST and TO LAST.
	Symbol Ident
}

// AfterMatchKind says where matching goes on.
type AfterMatchKind uint8

// The places where matching goes on.
const (
	SkipToNextRow AfterMatchKind = iota
	SkipPastLastRow
	SkipToFirst
	SkipToLast
)

// PatternSubset is SUBSET name = (variables).
type PatternSubset struct {
	Span
	Name    Ident
	Members []Ident
}

// PatternDefine is variable AS condition.
type PatternDefine struct {
	Span
	Name      Ident
	Condition Expr
}

// PatternExpr is *PatternVar, *PatternSeq, *PatternAlt, *PatternRepeat, *PatternPermute or *PatternExclude.
type PatternExpr interface {
	Node
	patternExpr()
}

// PatternVar is a pattern variable.
type PatternVar struct {
	Span
	Name Ident
}

// PatternSeq is a sequence of patterns.
type PatternSeq struct {
	Span
	Items []PatternExpr
}

// PatternAlt is alternatives: a | b.
type PatternAlt struct {
	Span
	Items []PatternExpr
}

// PatternRepeat is a quantified pattern.
type PatternRepeat struct {
	Span
	Item PatternExpr
	// Min and Max bound the repetitions; Max is -1 for no bound.
	Min, Max int
	// Reluctant is the trailing question mark.
	Reluctant bool
}

// PatternPermute is PERMUTE(a, b, ...).
type PatternPermute struct {
	Span
	Items []PatternExpr
}

// PatternExclude is {- pattern -}.
type PatternExclude struct {
	Span
	Item PatternExpr
}

func (*Select) queryBody()        {}
func (*SetOp) queryBody()         {}
func (*Values) queryBody()        {}
func (*ExplicitTable) queryBody() {}
func (*Query) queryBody()         {}

func (*GroupExpr) groupItem()    {}
func (*GroupingSets) groupItem() {}
func (*Rollup) groupItem()       {}
func (*Cube) groupItem()         {}

func (*TableName) tableExpr()      {}
func (*Derived) tableExpr()        {}
func (*TableFunc) tableExpr()      {}
func (*Unnest) tableExpr()         {}
func (*Join) tableExpr()           {}
func (*MatchRecognize) tableExpr() {}

func (*PatternVar) patternExpr()     {}
func (*PatternSeq) patternExpr()     {}
func (*PatternAlt) patternExpr()     {}
func (*PatternRepeat) patternExpr()  {}
func (*PatternPermute) patternExpr() {}
func (*PatternExclude) patternExpr() {}
