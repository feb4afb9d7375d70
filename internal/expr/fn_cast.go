// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"time"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

func castFunctions() []*Function {
	return []*Function{
		{
			Name: "CAST", Doc: "Converts a value to another type; what cannot be converted fails the query.", Example: "CAST('42' AS INT) + 1", Result: "43",
			Category: "conversion", Strict: true, Fallible: true, Safe: safeCast, Infer: inferCast,
			Compile: func(call *Call, env *Env) (Kernel, error) { return compileCast(call, env, false) },
		},
		{
			Name: "TRY_CAST", Doc: "Converts a value to another type; what cannot be converted is NULL.", Example: "TRY_CAST('x' AS INT)", Result: "NULL",
			Category: "conversion", Strict: true, Fallible: true, Safe: safeCast, Infer: inferCast,
			Compile: func(call *Call, env *Env) (Kernel, error) { return compileCast(call, env, true) },
		},
		{
			Name: "REINTERPRET", Doc: "Gives a value another logical type of the same form.", Category: "internal", Strict: true, Infer: inferCast, Compile: notCompiled,
		},
	}
}

// inferCast refuses: the target of a cast is no argument, so casts are made by Cast.
func inferCast([]Arg) (Signature, error) {
	return Signature{}, &mismatch{"a cast is written CAST(value AS type)"}
}

// safeCast tells whether a cast cannot fail on data: it does not parse text.
func safeCast(call *Call) bool { return !parses(call.Args[0].Type(), call.T) }

func parses(from, to *schema.Type) bool {
	if from.IsString() && !to.IsString() {
		return true
	}
	a, b := from.Children(), to.Children()
	if len(a) == 0 || len(a) != len(b) {
		return false
	}
	for i := range a {
		if parses(a[i], b[i]) {
			return true
		}
	}
	return false
}

func compileCast(call *Call, env *Env, try bool) (Kernel, error) {
	loc, err := location(env)
	if err != nil {
		return nil, err
	}
	k, err := newCast(call.Args[0].Type(), call.T, loc, try)
	if err != nil {
		return nil, err
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		return k.run(args[0], rows, out)
	}, nil
}

// cast is a compiled conversion of one type to another. A row that fails is NULL with try, else an error.
type cast struct {
	from, to *schema.Type
	try      bool
	loc      *time.Location
	clock    *clock
	conv     func(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error
	kids     []*cast
	scratch  []*batch.Vector
	buf      []byte
}

func newCast(from, to *schema.Type, loc *time.Location, try bool) (*cast, error) {
	c := &cast{from: from, to: to, loc: loc, try: try, clock: newClock(loc)}
	switch {
	case sameForm(from, to):
		c.conv = castCopy
	case to.IsString():
		c.conv = castToText
	case to.IsBinary():
		c.conv = castToBytes
	case to.Root == schema.Boolean:
		c.conv = castToBool
	case to.IsInteger(), to.IsInterval():
		c.conv = castToInt
	case to.Root == schema.Decimal:
		c.conv = castToDecimal
	case to.IsApprox():
		c.conv = castToFloat
	case to.Root == schema.Date:
		c.conv = castToDate
	case to.Root == schema.Time:
		c.conv = castToTime
	case to.IsTimestamp():
		c.conv = castToTimestamp
	default:
		if err := c.nested(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// nested prepares the cast of a constructed type, child by child.
func (c *cast) nested() error {
	a, b := c.from.Children(), c.to.Children()
	if len(a) == 0 || len(a) != len(b) {
		return fmt.Errorf("Cast function cannot convert value of type %s to type %s", c.from, c.to)
	}
	for i := range a {
		k, err := newCast(a[i], b[i], c.loc, c.try)
		if err != nil {
			return err
		}
		c.kids = append(c.kids, k)
	}
	c.conv = castNested
	return nil
}

func (c *cast) run(src *batch.Vector, rows Rows, out *batch.Vector) error {
	return c.conv(c, src, rows, out)
}

// fail makes row r NULL or an error.
func (c *cast) fail(out *batch.Vector, r int, format string, args ...any) error {
	if c.try {
		out.SetNull(r)
		return nil
	}
	return &RowError{Row: r, Reason: fmt.Sprintf(format, args...)}
}

func castCopy(_ *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	if src.IsConst() {
		out.AppendFrom(src, 0)
		return nil
	}
	copyRows(src, rows, out)
	return nil
}

func castToText(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeBytes(out, rows.N, rows.Count()*16)
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		if src.IsNull(r) {
			w.null(r) // The evaluator's NULL; the text of one is never wanted.
			continue
		}
		c.buf = text.AppendValue(c.buf[:0], src, r, c.loc)
		w.add(r, fitText(c.buf, c.to, &c.buf))
	}
	return w.done(rows.N)
}

// fitText cuts a text to the length of a type and pads CHAR with blanks; buf is where b may be extended.
func fitText(b []byte, t *schema.Type, buf *[]byte) []byte {
	if t.Length == schema.MaxLength {
		return b
	}
	n := len(b)
	if n > t.Length || t.Root == schema.Char {
		n = 0
		for i := 0; i < len(b); n++ {
			if n == t.Length {
				return b[:i]
			}
			if b[i] < utf8.RuneSelf {
				i++
				continue
			}
			_, size := utf8.DecodeRune(b[i:])
			i += size
		}
	}
	if t.Root == schema.Char {
		for ; n < t.Length; n++ {
			b = append(b, ' ')
		}
		*buf = b
	}
	return b
}

func castToBytes(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeBytes(out, rows.N, len(src.Data()))
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		b := src.Bytes(r)
		if len(b) > c.to.Length {
			b = b[:c.to.Length]
		}
		if c.to.Root == schema.Binary && len(b) < c.to.Length {
			c.buf = append(c.buf[:0], b...)
			for len(c.buf) < c.to.Length {
				c.buf = append(c.buf, 0)
			}
			b = c.buf
		}
		w.add(r, b)
	}
	return w.done(rows.N)
}

func castToBool(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	dst := out.ResizeBits(rows.N)
	var x floats
	if !c.from.IsString() {
		x = readFloats(src)
	}
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		var v bool
		if c.from.IsString() {
			var ok bool
			b := text.TrimJava(src.Bytes(r))
			if v, ok = text.ParseBool(b); !ok {
				if err := c.fail(out, r, "Cannot parse '%s' as BOOLEAN.", src.Bytes(r)); err != nil {
					return err
				}
			}
		} else {
			v = x.float(r) != 0
		}
		setBit(dst, r, v)
	}
	return nil
}

// castNested casts lists, maps and rows child by child.
func castNested(c *cast, src *batch.Vector, rows Rows, out *batch.Vector) error {
	if c.scratch == nil {
		for _, k := range c.kids {
			c.scratch = append(c.scratch, batch.NewVector(k.to))
		}
	}
	count := src.Len()
	if src.IsConst() {
		count = 1
	}
	row := src.Physical() == schema.PhysStruct
	for i, k := range c.kids {
		child := src.Child(i)
		c.scratch[i].Reset()
		if err := k.runStrict(child, childRows(src, rows, child, row), c.scratch[i]); err != nil {
			return err
		}
	}
	next := 0
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		for ; next < r; next++ {
			out.AppendNull()
		}
		next++
		if src.IsNull(r) || c.lost(src, min(r, count-1), row) {
			out.AppendNull()
			continue
		}
		c.appendNested(src, min(r, count-1), row, out)
	}
	for ; next < rows.N; next++ {
		out.AppendNull()
	}
	return nil
}

// childRows selects the rows of a child that belong to the given rows of its parent.
func childRows(src *batch.Vector, rows Rows, child *batch.Vector, row bool) Rows {
	all := Rows{N: child.Len()}
	if rows.Sel == nil && !src.HasNulls() || src.IsConst() {
		return all
	}
	sel := make([]int32, 0, child.Len())
	var offs []int32
	if !row {
		offs = src.Offsets()
	}
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		switch {
		case src.IsNull(r):
		case row:
			sel = append(sel, int32(r))
		default:
			for j := offs[r]; j < offs[r+1]; j++ {
				sel = append(sel, j)
			}
		}
	}
	all.Sel = sel
	return all
}

// runStrict is run with the handling of NULL that the evaluator does for whole calls.
func (c *cast) runStrict(src *batch.Vector, rows Rows, out *batch.Vector) error {
	if src.HasNulls() {
		sel := make([]int32, 0, rows.Count())
		for i, n := 0, rows.Count(); i < n; i++ {
			if r := rows.At(i); !src.IsNull(r) {
				sel = append(sel, int32(r))
			}
		}
		rows.Sel = sel
	}
	if src.Physical() == schema.PhysNone {
		for range rows.N {
			out.AppendNull()
		}
		return nil
	}
	if err := c.run(src, rows, out); err != nil {
		return err
	}
	if src.HasNulls() {
		valid := out.MakeValid()
		for i, m := range src.Valid()[:len(valid)] {
			valid[i] &= m
		}
	}
	return nil
}

// lost tells whether a child of row r failed under try: the whole row is then NULL.
func (c *cast) lost(src *batch.Vector, r int, row bool) bool {
	if !c.try {
		return false
	}
	from, to := r, r+1
	if !row {
		o := src.Offsets()
		from, to = int(o[r]), int(o[r+1])
	}
	for i, k := range c.scratch {
		for j := from; j < to; j++ {
			if k.IsNull(j) && !src.Child(i).IsNull(j) {
				return true
			}
		}
	}
	return false
}

func (c *cast) appendNested(src *batch.Vector, r int, row bool, out *batch.Vector) {
	if row {
		for i, k := range c.scratch {
			out.Child(i).AppendFrom(k, r)
		}
		out.EndStruct()
		return
	}
	o := src.Offsets()
	for j := int(o[r]); j < int(o[r+1]); j++ {
		for i, k := range c.scratch {
			out.Child(i).AppendFrom(k, j)
		}
	}
	out.EndList()
}
