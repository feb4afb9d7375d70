// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/schema"
)

// Determinism says when a function may be evaluated.
type Determinism uint8

// Kinds of determinism.
const (
	Pure             Determinism = iota // Same arguments, same result: may be folded at planning.
	PerQuery                            // Fixed for one query (CURRENT_TIMESTAMP in batch mode, CURRENT_DATABASE): folded by the planner where it may.
	PerBatch                            // From the clock, read once a batch (PROCTIME, CURRENT_TIMESTAMP in streaming mode).
	NonDeterministic                    // Each row on its own (RAND, UUID).
)

// Arg is an argument as the binder sees it.
type Arg struct {
	Type *schema.Type
	Lit  *Lit // Not nil when the argument is a literal.
}

// Signature is what Infer resolved: the types that the arguments must be cast to, and the result.
type Signature struct {
	Args   []*schema.Type // Same length as the arguments; nil entries stay as they are.
	Result *schema.Type
}

// Rows says which rows of the vectors a kernel works on: all positions 0..N-1, or those in Sel. Kernels write at the row's position.
type Rows struct {
	N   int
	Sel []int32
}

// Kernel computes out from args on the given rows. out is empty, of the result type, and must get N rows. Arguments may be
// constant vectors. Nulls: with Function.Strict the evaluator makes out NULL where any argument is and calls the kernel with only
// the valid rows selected when Function.Fallible, or with all rows when values under NULL do no harm.
// A data error is a *RowError naming the row.
type Kernel func(args []*batch.Vector, rows Rows, out *batch.Vector) error

// RowError is an error of one row's data, for example a division by zero.
type RowError struct {
	Row    int
	Reason string
}

// Error implements error.
func (e *RowError) Error() string { return e.Reason }

// Function declares one function: one declaration holds all there is to know about it.
type Function struct {
	Name        string // Canonical, upper case.
	Aliases     []string
	Doc         string // One or two sentences.
	Example     string // A SQL expression...
	Result      string // ...and what it gives, as CAST(x AS STRING) prints it; a test runs it.
	Category    string // comparison, logical, arithmetic, string, temporal, conditional, collection, ...
	Determinism Determinism
	Version     int
	Strict      bool // NULL in, NULL out.
	Fallible    bool // The kernel can fail on data and so runs on selected, valid rows only.
	// Safe tells for a Fallible function which calls cannot fail; nil: none.
	Safe func(call *Call) bool
	// Cheap says that a row costs a few nanoseconds on fixed-width arguments: AND and OR then do not narrow rows for it.
	Cheap bool
	// Infix says that the name prints between the arguments.
	Infix bool
	// Signatures are the forms that error messages list.
	Signatures []string
	// Overloads are the forms of the function when Infer is nil: the first that fits is taken.
	Overloads []Overload
	// Infer resolves argument and result types, or says what is wrong with the arguments.
	Infer func(args []Arg) (Signature, error)
	// Coerce, when set, casts an argument to the type that Infer wants; nil: Cast.
	Coerce func(r *Registry, e Expr, to *schema.Type) (Expr, error)
	// Rewrite, when set, replaces the call while binding by an expression of other functions. Its arguments are already coerced.
	Rewrite func(r *Registry, call *Call) (Expr, error)
	// Compile makes the kernel of one call. Literal arguments are in call.Args (precompute from them).
	// Check looks at literal arguments while binding and says what is wrong with them.
	Check   func(call *Call) error
	Compile func(call *Call, env *Env) (Kernel, error)
}

// fallible tells whether the kernel of a call can fail on data.
func (f *Function) fallible(call *Call) bool { return f.Fallible && (f.Safe == nil || !f.Safe(call)) }

// Env is what kernels may know of their surroundings: the effective configuration, plain data.
type Env struct {
	TimeZone         string       // table.local-time-zone, IANA.
	LegacyCast       bool         // table.exec.legacy-cast-behaviour = ENABLED.
	NowMillis        func() int64 // The batch's clock, read once a batch; nil while planning.
	QueryStartMillis int64
	CurrentDatabase  string
	CurrentCatalog   string
	// Watermark returns the present watermark in milliseconds, false while there is none; nil where there are no watermarks.
	Watermark func() (millis int64, ok bool)
}
