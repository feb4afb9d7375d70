// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"
	"strings"

	"spate/schema"
)

// Overload is one form of a function: its parameters and its result.
type Overload struct {
	Params   []Param
	Variadic bool // The last parameter repeats, at least once.
	Result   func(args []Arg) *schema.Type
}

// Param is a parameter of an Overload.
type Param struct {
	Name string
	Fam  Family
}

// Family is a set of types that a parameter takes.
type Family struct {
	Text string // As messages print it.
	// Fit says whether an argument of the type is taken, and what it must be cast to first (nil: nothing).
	Fit func(a Arg) (cast *schema.Type, ok bool)
}

// P declares a parameter.
func P(name string, fam Family) Param { return Param{Name: name, Fam: fam} }

// rootFamily takes the given roots as they are and what converts implicitly to the type standing for the family.
func rootFamily(text string, stand *schema.Type, roots ...schema.Root) Family {
	return Family{Text: text, Fit: func(a Arg) (*schema.Type, bool) {
		if slices.Contains(roots, a.Type.Root) {
			return nil, true
		}
		if a.Type.Root == schema.Null || stand != nil && implicitCast(a.Type, stand) {
			return stand, stand != nil
		}
		return nil, false
	}}
}

// The families.
var (
	FamString = rootFamily("<CHARACTER_STRING>", schema.TypeString, schema.Varchar, schema.Char)
	FamBinary = rootFamily("<BINARY_STRING>", schema.TypeBytes, schema.Varbinary, schema.Binary)
	FamBool   = rootFamily("<BOOLEAN>", schema.TypeBoolean, schema.Boolean)
	FamInt    = rootFamily("<INTEGER_NUMERIC>", schema.TypeInt, schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt)
	FamExact  = rootFamily("<EXACT_NUMERIC>", schema.TypeInt,
		schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.Decimal)
	FamNumeric = rootFamily("<NUMERIC>", schema.TypeInt,
		schema.TinyInt, schema.SmallInt, schema.Int, schema.BigInt, schema.Decimal, schema.Float, schema.Double)
	FamArray     = rootFamily("<ARRAY>", nil, schema.Array)
	FamMap       = rootFamily("<MAP>", nil, schema.Map)
	FamRow       = rootFamily("<ROW>", nil, schema.Row, schema.Structured)
	FamVariant   = rootFamily("<VARIANT>", schema.TypeVariant, schema.Variant)
	FamBitmap    = rootFamily("<BITMAP>", schema.TypeBitmap, schema.Bitmap)
	FamDate      = rootFamily("<DATE>", schema.TypeDate, schema.Date)
	FamTimestamp = rootFamily("<TIMESTAMP>", schema.NewTimestamp(3), schema.Timestamp, schema.TimestampLTZ)
	FamTemporal  = rootFamily("<DATETIME>", nil, schema.Date, schema.Time, schema.Timestamp, schema.TimestampLTZ)
	FamSymbol    = rootFamily("<SYMBOL>", nil, schema.Symbol)
	FamAny       = Family{Text: "<ANY>", Fit: func(Arg) (*schema.Type, bool) { return nil, true }}
)

// FamType takes what converts implicitly to the type, and converts it.
func FamType(t *schema.Type) Family {
	return Family{Text: t.String(), Fit: func(a Arg) (*schema.Type, bool) {
		switch {
		case a.Type.Root == schema.Null:
			return t, true
		case sameButNull(a.Type, t):
			return nil, true
		case implicitCast(a.Type, t):
			return t, true
		}
		return nil, false
	}}
}

// FamLit takes what fam takes, but only as a literal that is not NULL.
func FamLit(fam Family) Family {
	return Family{Text: fam.Text, Fit: func(a Arg) (*schema.Type, bool) {
		if a.Lit == nil || a.Lit.Value.Null {
			return nil, false
		}
		return fam.Fit(a)
	}}
}

// anyNull tells whether an argument may be NULL.
func anyNull(args []Arg) bool {
	for _, a := range args {
		if a.Type.Nullable {
			return true
		}
	}
	return false
}

// Ret is the result type t, NULL only where an argument may be.
func Ret(t *schema.Type) func([]Arg) *schema.Type {
	return func(args []Arg) *schema.Type { return t.WithNull(anyNull(args)) }
}

// RetNull is the result type t, always nullable.
func RetNull(t *schema.Type) func([]Arg) *schema.Type {
	return func([]Arg) *schema.Type { return t.WithNull(true) }
}

// RetNotNull is the result type t, never NULL.
func RetNotNull(t *schema.Type) func([]Arg) *schema.Type {
	return func([]Arg) *schema.Type { return t.NotNull() }
}

// RetArg is the type of argument i, nullable where any argument is.
func RetArg(i int) func([]Arg) *schema.Type {
	return func(args []Arg) *schema.Type { return args[i].Type.WithNull(anyNull(args)) }
}

// RetArgNull is the type of argument i, nullable.
func RetArgNull(i int) func([]Arg) *schema.Type {
	return func(args []Arg) *schema.Type { return args[i].Type.WithNull(true) }
}

// resolve finds the first overload that the arguments fit.
func resolve(overloads []Overload, args []Arg) (Signature, bool) {
	for i := range overloads {
		o := &overloads[i]
		if len(args) < len(o.Params) || len(args) > len(o.Params) && !o.Variadic {
			continue
		}
		sig := Signature{Args: make([]*schema.Type, len(args))}
		typed := make([]Arg, len(args))
		ok := true
		for j, a := range args {
			to, fits := o.Params[min(j, len(o.Params)-1)].Fam.Fit(a)
			if !fits {
				ok = false
				break
			}
			typed[j] = a
			if to != nil {
				sig.Args[j] = to
				typed[j].Type = to.WithNull(a.Type.Nullable)
			}
		}
		if ok {
			sig.Result = o.Result(typed)
			return sig, true
		}
	}
	return Signature{}, false
}

// signatures returns the forms of the function for messages.
func (f *Function) signatures() []string {
	if f.Signatures != nil {
		return f.Signatures
	}
	var forms []string
	for i := range f.Overloads {
		o := &f.Overloads[i]
		var b strings.Builder
		b.WriteString(f.Name)
		b.WriteByte('(')
		for j, p := range o.Params {
			if j > 0 {
				b.WriteString(", ")
			}
			if p.Name != "" {
				b.WriteString(p.Name)
				b.WriteByte(' ')
			}
			b.WriteString(p.Fam.Text)
		}
		if o.Variadic {
			b.WriteString("...")
		}
		b.WriteByte(')')
		forms = append(forms, b.String())
	}
	return forms
}
