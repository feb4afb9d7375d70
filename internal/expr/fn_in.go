// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/internal/col/mem"
	"spate/schema"
)

func inFunction() *Function {
	return &Function{
		Name: "IN", Doc: "Whether the value equals one of a list.", Example: "2 IN (1, 2, 3)", Result: "TRUE", Category: "comparison",
		Infer:   inferIn,
		Rewrite: rewriteIn,
		Compile: compileIn,
		Cheap:   true,
	}
}

func inferIn(args []Arg) (Signature, error) {
	if len(args) < 2 {
		return Signature{}, noFit
	}
	sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeBoolean.WithNull(anyNull(args))}
	ts := make([]*schema.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type
		if i == 0 {
			continue
		}
		if _, err := compareTypes(args[0].Type, a.Type, false); err != nil {
			return sig, err
		}
	}
	// One type for all where there is one; else every element is compared on its own terms.
	if t, err := schema.CommonType(ts...); err == nil {
		for i := range args {
			if !args[i].Type.IsString() {
				sig.Args[i] = t
			}
		}
	}
	return sig, nil
}

// rewriteIn makes alternatives of a list that is short or has elements that are no constants.
func rewriteIn(r *Registry, call *Call) (Expr, error) {
	value, literal := call.Args[0], len(call.Args) > 3
	args := slices.Clone(call.Args)
	for i, a := range args[1:] {
		f, err := Fold(r, &Env{}, a)
		if err != nil {
			return nil, err
		}
		args[i+1] = f
		l, ok := f.(*Lit)
		literal = literal && ok && (l.T.EqualIgnoreNull(value.Type()) || l.T.IsString() && value.Type().IsString())
	}
	switch value.Type().Physical() {
	case schema.PhysInt8, schema.PhysInt16, schema.PhysInt32, schema.PhysInt64, schema.PhysBytes:
	default:
		literal = false
	}
	if literal {
		n := *call
		n.Args = args
		return &n, nil
	}
	var alts []Expr
	for _, a := range args[1:] {
		e, err := r.Bind("=", []Expr{value, a}, call.Pos)
		if err != nil {
			return nil, err
		}
		alts = append(alts, e)
	}
	return Or(alts...), nil
}

func compileIn(call *Call, _ *Env) (Kernel, error) {
	var hasNull bool
	var nums []int64
	var texts []string
	for _, a := range call.Args[1:] {
		l, ok := a.(*Lit)
		if !ok {
			return nil, errNotLiteral(call, "the list")
		}
		switch {
		case l.Value.Null:
			hasNull = true
		case call.Args[0].Type().Physical() == schema.PhysBytes:
			texts = append(texts, l.Value.S)
		default:
			nums = append(nums, l.Value.I)
		}
	}
	if call.Args[0].Type().Physical() == schema.PhysBytes {
		set := newTextSet(texts)
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			dst := out.ResizeBits(rows.N)
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				kernel.SetAt(dst, r, set.has(args[0].Bytes(r)))
			}
			finishIn(args[0], hasNull, out)
			return nil
		}, nil
	}
	slices.Sort(nums)
	nums = slices.Compact(nums)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		x := readInts(args[0])
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			_, found := slices.BinarySearch(nums, x.at(r))
			kernel.SetAt(dst, r, found)
		}
		finishIn(args[0], hasNull, out)
		return nil
	}, nil
}

// finishIn makes the result NULL where the value is, and where nothing was found in a list that holds NULL.
func finishIn(v *batch.Vector, hasNull bool, out *batch.Vector) {
	switch {
	case v.IsConst() && v.IsNull(0):
		kernel.Fill(out.MakeValid(), 0)
		return
	case v.HasNulls() && !v.IsConst():
		out.SetValid(v.Valid())
	}
	if hasNull {
		valid := out.MakeValid()
		kernel.And(valid, valid, out.Bits())
	}
}

// textSet is a set of strings that is searched by length first.
type textSet struct {
	byLen [][]string
}

func newTextSet(texts []string) *textSet {
	s := &textSet{}
	for _, t := range texts {
		for len(s.byLen) <= len(t) {
			s.byLen = append(s.byLen, nil)
		}
		if !slices.Contains(s.byLen[len(t)], t) {
			s.byLen[len(t)] = append(s.byLen[len(t)], t)
		}
	}
	for _, l := range s.byLen {
		slices.Sort(l)
	}
	return s
}

// linearLimit is up to how many strings of one length are tried one after the other.
const linearLimit = 8

func (s *textSet) has(b []byte) bool {
	if len(b) >= len(s.byLen) {
		return false
	}
	l := s.byLen[len(b)]
	if len(l) > linearLimit {
		lo, hi := 0, len(l)
		for lo < hi {
			m := int(uint(lo+hi) >> 1)
			if l[m] < string(b) {
				lo = m + 1
			} else {
				hi = m
			}
		}
		return lo < len(l) && l[lo] == string(b)
	}
	return slices.Contains(l, mem.String(b))
}
