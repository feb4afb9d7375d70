// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"slices"
	"strings"

	"spate/internal/sys/errs"
	"spate/schema"
)

// Bind applies the function of that name to bound arguments: it resolves the signature, casts arguments where Flink does so
// implicitly, and returns the typed expression. Errors are plain text that names the function, the argument types and the forms
// that there are; the caller adds the place.
func (r *Registry) Bind(name string, args []Expr, pos Pos) (Expr, error) {
	f, ok := r.Lookup(name)
	if !ok {
		text := fmt.Sprintf("No match found for function signature %s(%s)", name, typeList(args, ", "))
		if hint := r.Suggest(name); hint != "" {
			text += "; " + hint
		}
		return nil, errs.New(errs.ObjectNotFound, "%s", text)
	}
	return r.bind(f, args, pos)
}

func (r *Registry) bind(f *Function, args []Expr, pos Pos) (Expr, error) {
	if f.Name != "JSON_OBJECT" && f.Name != "JSON_ARRAY" {
		for _, a := range args {
			if c, ok := a.(*Call); ok && c.Fn == "JSON" {
				return nil, errs.Wrap(errs.TypeMismatch, errJSONPlace)
			}
		}
	}
	sig, err := f.infer(args)
	if err != nil {
		return nil, errs.Wrap(errs.TypeMismatch, err)
	}
	args = slices.Clone(args)
	for i, t := range sig.Args {
		if t == nil {
			continue
		}
		if f.Coerce != nil {
			args[i], err = f.Coerce(r, args[i], t)
		} else {
			args[i], err = implicit(args[i], t, pos)
		}
		if err != nil {
			return nil, errs.Wrap(errs.TypeMismatch, err)
		}
	}
	call := &Call{Fn: f.Name, Version: max(1, f.Version), Args: args, T: sig.Result, Pos: pos}
	if f.Check != nil {
		if err := f.Check(call); err != nil {
			return nil, errs.Wrap(errs.TypeMismatch, f.reject(args, err))
		}
	}
	if f.Rewrite != nil {
		return f.Rewrite(r, call)
	}
	return call, nil
}

// implicit casts an argument, keeping its nullability.
func implicit(e Expr, to *schema.Type, pos Pos) (Expr, error) {
	from := e.Type()
	if sameButNull(from, to) {
		return e, nil
	}
	c, err := Cast(e, to.WithNull(from.Nullable), false)
	if call, ok := c.(*Call); ok && call != e {
		call.Pos = pos
	}
	return c, err
}

// ArgsOf returns bound expressions as the arguments that Function.Infer takes.
func ArgsOf(es []Expr) []Arg {
	args := make([]Arg, len(es))
	for i, e := range es {
		args[i].Type = e.Type()
		args[i].Lit, _ = e.(*Lit)
	}
	return args
}

func (f *Function) infer(es []Expr) (Signature, error) {
	args := ArgsOf(es)
	if f.Infer != nil {
		sig, err := f.Infer(args)
		if err != nil {
			return sig, f.reject(es, err)
		}
		return sig, nil
	}
	sig, ok := resolve(f.Overloads, args)
	if !ok {
		return sig, f.reject(es, nil)
	}
	return sig, nil
}

// mismatch is the error of Infer when the arguments fit no form; the list of forms follows it.
type mismatch struct{ text string }

func (m *mismatch) Error() string { return m.text }

// noFit is the mismatch without more to say.
var noFit error = &mismatch{}

// reject words a refused call.
func (f *Function) reject(es []Expr, why error) error {
	if f.Infix || strings.Contains(f.Name, " ") {
		return f.rejectOperator(es, why)
	}
	if m, ok := why.(*mismatch); (why == nil || ok && m.text == "") && !f.takes(len(es)) { //nolint:errorlint // Made here, never wrapped.
		ts := make([]string, len(es))
		for i, e := range es {
			switch t := e.Type(); {
			case t.Root == schema.Array:
				ts[i] = "<" + t.Elem.WithNull(true).String() + " ARRAY>"
			case t.IsNumeric():
				ts[i] = "<NUMERIC>"
			case t.IsString():
				ts[i] = "<CHARACTER>"
			default:
				ts[i] = "<" + t.WithNull(true).String() + ">"
			}
		}
		text := fmt.Sprintf("No match found for function signature %s(%s)", f.Name, strings.Join(ts, ", "))
		if s := f.signatures(); len(s) > 0 {
			text += ".\nSupported signatures are:\n" + strings.Join(s, "\n")
		}
		return fmt.Errorf("%s", text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "SQL validation failed. Invalid function call:\n%s(%s)", f.Name, typeList(es, ", "))
	if why != nil && why.Error() != "" {
		b.WriteString("\n")
		b.WriteString(why.Error())
	}
	if m, ok := why.(*mismatch); (why == nil || ok && m.text == "") && len(f.signatures()) > 0 { //nolint:errorlint // Made here, never wrapped.
		b.WriteString("\nInvalid input arguments. Expected signatures are:\n")
		b.WriteString(strings.Join(f.signatures(), "\n"))
	}
	return fmt.Errorf("%s", b.String())
}

// takes tells whether any form of the function takes n arguments, as far as that is declared.
func (f *Function) takes(n int) bool {
	if len(f.Overloads) == 0 {
		return n > 0
	}
	for i := range f.Overloads {
		o := &f.Overloads[i]
		if n == len(o.Params) || o.Variadic && n > len(o.Params) {
			return true
		}
	}
	return false
}

// rejectOperator words a refused operator.
func (f *Function) rejectOperator(es []Expr, why error) error {
	ts := make([]string, len(es))
	for i, e := range es {
		ts[i] = "<" + e.Type().NotNull().String() + ">"
	}
	form := f.Name + " " + strings.Join(ts, ", ")
	switch {
	case len(es) == 2:
		form = ts[0] + " " + f.Name + " " + ts[1]
	case len(es) == 1 && !f.Infix:
		form = ts[0] + " " + f.Name
	}
	text := fmt.Sprintf("Cannot apply '%s' to arguments of type '%s'.", f.Name, form)
	if s := f.signatures(); len(s) > 0 {
		text += " Supported form(s): '" + strings.Join(s, "', '") + "'"
	}
	if why != nil && why.Error() != "" {
		text += "\n" + why.Error()
	}
	return fmt.Errorf("%s", text)
}

func typeList(es []Expr, sep string) string {
	ts := make([]string, len(es))
	for i, e := range es {
		ts[i] = e.Type().Summary()
	}
	return strings.Join(ts, sep)
}

// FieldOf returns field i of a row.
func FieldOf(e Expr, i int, pos Pos) Expr {
	f := e.Type().Fields[i].Type
	return &Call{
		Fn: "FIELD", Version: 1, Args: []Expr{e, &Lit{Value: schema.IntValue(int64(i)), T: schema.TypeInt.NotNull()}},
		T: f.WithNull(f.Nullable || e.Type().Nullable), Pos: pos,
	}
}

// SymbolLit returns a keyword argument, such as the unit of EXTRACT, for Bind.
func SymbolLit(name string) *Lit {
	return &Lit{Value: schema.StringValue(name), T: schema.New(schema.Symbol).NotNull()}
}
