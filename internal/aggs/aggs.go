// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package aggs declares the aggregate functions: names, argument and result types, documentation. How they compute is the
// business of internal/op/agg; the front half binds calls by this package and knows nothing of operators.
//
// There is one declaration per function, in the list of this package; a test in internal/op/agg demands an accumulator for each.
// Everything here is pure and safe for concurrent use.
package aggs

import (
	"fmt"
	"strings"

	"spate/schema"
)

// Function declares one aggregate function.
type Function struct {
	Name    string // Canonical, upper case.
	Aliases []string
	Doc     string
	// Form is how a call is written.
	Form string
	// MinArgs and MaxArgs bound the arguments; MaxArgs < 0: any number.
	MinArgs, MaxArgs int
	// Never says that the result is never NULL, not even of no rows.
	Never bool
	// NullOnEmpty says that the result of no rows (or of only NULL) is NULL although the argument is NOT NULL.
	NullOnEmpty bool
	// DistinctNoop says that DISTINCT changes nothing.
	DistinctNoop bool
	// result derives the result type, nullable as the argument; its error names what is expected.
	result func(args []*schema.Type) (*schema.Type, error)
}

var functions = []*Function{
	{
		Name: "COUNT", Form: "COUNT(*), COUNT([DISTINCT] x, ...)", MaxArgs: -1, Never: true, result: fixed(schema.TypeBigInt.NotNull()),
		Doc: "The number of rows, or of rows in which no argument is NULL.",
	},
	{
		Name: "SUM", Form: "SUM([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: numeric(sumType),
		Doc: "The sum. Integers keep their type and wrap around; DECIMAL(p, s) gives DECIMAL(38, s), NULL when it does not fit.",
	},
	{
		Name: "SUM0", Aliases: []string{"$SUM0"}, Form: "SUM0(x)", MinArgs: 1, MaxArgs: 1, Never: true, result: numeric(sumType),
		Doc: "Like SUM, but 0 of no rows.",
	},
	{
		Name: "AVG", Form: "AVG([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: numeric(avgType),
		Doc: "The mean. Of integers it is cut to their type; DECIMAL(p, s) gives DECIMAL(38, max(6, s)), rounded half up.",
	},
	{
		Name: "MIN", Form: "MIN(x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, DistinctNoop: true, result: ordered,
		Doc: "The smallest value.",
	},
	{
		Name: "MAX", Form: "MAX(x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, DistinctNoop: true, result: ordered,
		Doc: "The greatest value.",
	},
	{
		Name: "FIRST_VALUE", Form: "FIRST_VALUE(x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, DistinctNoop: true, result: same,
		Doc: "The first value that is not NULL, by arrival.",
	},
	{
		Name: "LAST_VALUE", Form: "LAST_VALUE(x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: same,
		Doc: "The last value that is not NULL, by arrival.",
	},
	{
		Name: "SINGLE_VALUE", Form: "SINGLE_VALUE(x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: same,
		Doc: "The value of the only row; more than one row is an error. It stands for a scalar sub-query.",
	},
	{
		Name: "STDDEV_POP", Form: "STDDEV_POP([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: numeric(avgType),
		Doc: "The population standard deviation, in the type of AVG.",
	},
	{
		Name: "STDDEV_SAMP", Aliases: []string{"STDDEV"}, Form: "STDDEV_SAMP([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true,
		result: numeric(avgType), Doc: "The sample standard deviation, in the type of AVG; NULL of fewer than two values.",
	},
	{
		Name: "VAR_POP", Form: "VAR_POP([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true, result: numeric(avgType),
		Doc: "The population variance, in the type of AVG.",
	},
	{
		Name: "VAR_SAMP", Aliases: []string{"VARIANCE"}, Form: "VAR_SAMP([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true,
		result: numeric(avgType), Doc: "The sample variance, in the type of AVG; NULL of fewer than two values.",
	},
	{
		Name: "LISTAGG", Form: "LISTAGG(x [, separator])", MinArgs: 1, MaxArgs: 2, NullOnEmpty: true, result: listagg,
		Doc: "The values joined by the separator, a comma unless given, in order of arrival; NULL is passed over.",
	},
	{
		Name: "COLLECT", Form: "COLLECT([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, result: func(args []*schema.Type) (*schema.Type, error) {
			return schema.NewMultiset(plain(args[0])).NotNull(), nil
		},
		Doc: "The multiset of the values that are not NULL.",
	},
	{
		Name: "ARRAY_AGG", Form: "ARRAY_AGG([DISTINCT] x)", MinArgs: 1, MaxArgs: 1, NullOnEmpty: true,
		result: func(args []*schema.Type) (*schema.Type, error) { return schema.NewArray(plain(args[0])), nil },
		Doc:    "The array of the values, NULL included, in order of arrival.",
	},
}

// byName finds functions by canonical name and alias. It is built once and never written again.
var byName = func() map[string]*Function {
	m := map[string]*Function{}
	for _, f := range functions {
		m[f.Name] = f
		for _, a := range f.Aliases {
			m[a] = f
		}
	}
	return m
}()

// All returns the functions in the order of their documentation.
func All() []*Function { return functions }

// Lookup returns the function of a name or alias, in any case.
func Lookup(name string) (*Function, bool) {
	f, ok := byName[strings.ToUpper(name)]
	return f, ok
}

// Infer returns the result type of a call. The result is nullable when an argument is, or when the type says so of itself; whoever
// knows that there may be no rows (no GROUP BY, a FILTER) adds nullability for functions with NullOnEmpty.
func Infer(fn string, args []*schema.Type, distinct bool) (*schema.Type, error) {
	f, ok := Lookup(fn)
	if !ok {
		return nil, fmt.Errorf("%s is no aggregate function", fn)
	}
	if len(args) < f.MinArgs || f.MaxArgs >= 0 && len(args) > f.MaxArgs {
		return nil, fmt.Errorf("%s takes another number of arguments: %s", f.Name, f.Form)
	}
	if distinct && len(args) == 0 {
		return nil, fmt.Errorf("%s(DISTINCT) needs an argument", f.Name)
	}
	t, err := f.result(args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return t, nil
}

// plain returns a type without time attribute.
func plain(t *schema.Type) *schema.Type { return t.WithAttr(schema.NotTimeAttr) }

func fixed(t *schema.Type) func([]*schema.Type) (*schema.Type, error) {
	return func([]*schema.Type) (*schema.Type, error) { return t, nil }
}

func same(args []*schema.Type) (*schema.Type, error) { return plain(args[0]), nil }

func numeric(derive func(*schema.Type) *schema.Type) func([]*schema.Type) (*schema.Type, error) {
	return func(args []*schema.Type) (*schema.Type, error) {
		if !args[0].IsNumeric() {
			return nil, fmt.Errorf("the argument must be a number, not %s", args[0])
		}
		return derive(args[0]), nil
	}
}

func sumType(t *schema.Type) *schema.Type {
	if t.Root != schema.Decimal {
		return t
	}
	return schema.NewDecimal(schema.MaxDecimal, t.Scale).WithNull(t.Nullable)
}

// avgScale is the least scale of the average of a DECIMAL.
const avgScale = 6

func avgType(t *schema.Type) *schema.Type {
	if t.Root != schema.Decimal {
		return t
	}
	return schema.NewDecimal(schema.MaxDecimal, max(avgScale, t.Scale)).WithNull(t.Nullable)
}

func ordered(args []*schema.Type) (*schema.Type, error) {
	t := args[0]
	switch {
	case t.IsNumeric(), t.IsString(), t.IsTemporal(), t.IsInterval(), t.IsBinary(), t.Root == schema.Boolean:
		return plain(t), nil
	}
	return nil, fmt.Errorf("the argument must have an order, which %s has not", t)
}

func listagg(args []*schema.Type) (*schema.Type, error) {
	for _, t := range args {
		if !t.IsString() {
			return nil, fmt.Errorf("the arguments must be character strings, not %s", t)
		}
	}
	return schema.TypeString.WithNull(args[0].Nullable), nil
}
