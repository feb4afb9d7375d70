// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package errs

import (
	"maps"
	"slices"
)

// The codes. Names are never changed; a code that nobody raises any more stays and says so in its meaning.
const (
	// InvalidSyntax: the text is not in the grammar.
	InvalidSyntax Code = "INVALID_SYNTAX"
	// LimitExceeded: an input is right in form and larger or deeper than a documented limit.
	LimitExceeded Code = "LIMIT_EXCEEDED"
	// ObjectNotFound: a catalog, database, table, view, column or function of that name does not exist.
	ObjectNotFound Code = "OBJECT_NOT_FOUND"
	// ObjectExists: an object of that name exists already.
	ObjectExists Code = "OBJECT_EXISTS"
	// TypeMismatch: an expression, argument or column has a type that does not fit.
	TypeMismatch Code = "TYPE_MISMATCH"
	// InvalidStatement: the statement parses and names things that exist, and still cannot mean anything.
	InvalidStatement Code = "INVALID_STATEMENT"
	// NotSupported: the statement or option is Flink's and this version does not have it.
	NotSupported Code = "NOT_SUPPORTED"
	// InvalidOption: a configuration key or a connector option is unknown, missing or of the wrong form.
	InvalidOption Code = "INVALID_OPTION"
	// BadRecord: a record of a source cannot be decoded as its table declares.
	BadRecord Code = "BAD_RECORD"
	// EvaluationFailed: an expression has no value for a row, such as a division by zero.
	EvaluationFailed Code = "EVALUATION_FAILED"
	// MemoryBudget: a limit of the memory budget is used up.
	MemoryBudget Code = "MEMORY_BUDGET"
	// Unavailable: a system outside does not answer now.
	Unavailable Code = "UNAVAILABLE"
	// IncompatibleState: stored state or a stored graph does not fit the plan it is to be used with.
	IncompatibleState Code = "INCOMPATIBLE_STATE"
	// UnknownFormatVersion: stored or received data has a format version that this build does not read.
	UnknownFormatVersion Code = "UNKNOWN_FORMAT_VERSION"
	// CorruptData: a checksum or a structural rule of stored or received bytes does not hold.
	CorruptData Code = "CORRUPT_DATA"
	// Internal: the engine broke one of its own rules.
	Internal Code = "INTERNAL"
)

// codes is the table of all codes with the class and one sentence each.
var codes = map[Code]struct {
	class   Class
	meaning string
}{
	InvalidSyntax:        {User, "The text is not in the grammar."},
	LimitExceeded:        {User, "The input is larger or deeper than a documented limit."},
	ObjectNotFound:       {User, "A catalog, database, table, view, column or function of that name does not exist."},
	ObjectExists:         {User, "An object of that name exists already."},
	TypeMismatch:         {User, "An expression, argument or column has a type that does not fit."},
	InvalidStatement:     {User, "The statement parses and its names exist, but it cannot mean anything."},
	NotSupported:         {User, "The statement or option is known, but this version does not have it."},
	InvalidOption:        {User, "A configuration key or connector option is unknown, missing or of the wrong form."},
	BadRecord:            {User, "A record of a source cannot be decoded as its table declares."},
	EvaluationFailed:     {User, "An expression has no value for a row."},
	MemoryBudget:         {Fatal, "A limit of the memory budget is used up."},
	Unavailable:          {Retryable, "A system outside does not answer now."},
	IncompatibleState:    {User, "Stored state does not fit the plan it is to be used with."},
	UnknownFormatVersion: {Fatal, "Stored or received data has a format version that this build does not read."},
	CorruptData:          {Corruption, "Stored or received bytes are not what was written."},
	Internal:             {Fatal, "The engine broke one of its own rules; this is a bug."},
}

// Codes returns all codes of the table in alphabetical order.
func Codes() []Code {
	return slices.Sorted(maps.Keys(codes))
}
