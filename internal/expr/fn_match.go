// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"spate/batch"
	"spate/internal/col/kernel"
	"spate/internal/expr/pattern"
	"spate/schema"
)

func matchFunctions() []*Function {
	strs := func(n int) []Param {
		ps := make([]Param, n)
		for i := range ps {
			ps[i] = P("", FamString)
		}
		return ps
	}
	like := []Overload{{Params: strs(2), Result: Ret(schema.TypeBoolean)}, {Params: strs(3), Result: Ret(schema.TypeBoolean)}}
	return []*Function{
		{
			Name: "LIKE", Doc: "Whether a text matches a pattern: % is any text, _ one character, and what follows the escape character stands for itself.",
			Example: "'banana' LIKE 'b%n_'", Result: "TRUE", Category: "comparison", Strict: true, Fallible: true, Safe: literalPattern,
			Overloads: like, Check: checkLike, Compile: func(call *Call, _ *Env) (Kernel, error) { return compileLike(call, false) },
		},
		{
			Name: "ILIKE", Doc: "LIKE, where letters match in either case.", Example: "'Banana' ILIKE 'bAN%'", Result: "TRUE", Category: "comparison",
			Strict: true, Fallible: true, Safe: literalPattern, Overloads: like, Check: checkLike,
			Compile: func(call *Call, _ *Env) (Kernel, error) { return compileLike(call, true) },
		},
		{
			Name: "SIMILAR TO", Doc: "Whether a text matches a pattern of SQL: that of LIKE with | * + ? ( ) [ ] of regular expressions.",
			Example: "'abc' SIMILAR TO '(a|x)%'", Result: "TRUE", Category: "comparison", Strict: true, Fallible: true, Overloads: like, Compile: compileSimilar,
		},
		{
			Name: "REGEXP", Aliases: []string{"RLIKE"}, Doc: "Whether any part of a text matches a regular expression.", Example: "REGEXP('foobar', 'o+b')", Result: "TRUE",
			Category: "string", Strict: true, Overloads: []Overload{{Params: strs(2), Result: Ret(schema.TypeBoolean)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				re := newRegexps(call)
				return boolKernel(func(args []*batch.Vector, r int) (bool, bool) {
					p := re.at(args[1], r)
					if p == nil {
						return false, true
					}
					return len(args[0].Bytes(r)) > 0 && p.Find(args[0].Bytes(r)), true
				}), nil
			},
		},
		{
			Name: "REGEXP_EXTRACT", Doc: "A group of the first match of a regular expression, 0 being the whole match; NULL without one.",
			Example: "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", Result: "bar", Category: "string", Strict: true,
			Overloads: []Overload{
				{Params: strs(2), Result: RetNull(schema.TypeString)},
				{Params: append(strs(2), P("", FamInt)), Result: RetNull(schema.TypeString)},
			},
			Compile: compileRegexpExtract,
		},
		{
			Name: "REGEXP_REPLACE", Doc: "A text with every match of a regular expression replaced by another text.",
			Example: "REGEXP_REPLACE('foobar', 'oo|ar', '')", Result: "fb", Category: "string", Strict: true,
			Overloads: []Overload{{Params: strs(3), Result: Ret(schema.TypeString)}},
			Compile: func(call *Call, _ *Env) (Kernel, error) {
				re := newRegexps(call)
				return textKernel(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
					p := re.at(args[1], r)
					if p == nil {
						return dst, false
					}
					return p.ReplaceAll(dst, args[0].Bytes(r), args[2].Bytes(r)), true
				}), nil
			},
		},
	}
}

// literalPattern tells whether the pattern is a literal, so that what is wrong with it shows while compiling.
func literalPattern(call *Call) bool {
	for _, a := range call.Args[1:] {
		if _, ok := a.(*Lit); !ok {
			return false
		}
	}
	return true
}

func likeOf(pat, escape string, hasEscape, fold bool) (*pattern.Like, error) {
	esc := rune(0)
	if hasEscape && escape != "" {
		var err error
		if esc, err = pattern.EscapeRune(escape); err != nil {
			return nil, err
		}
	}
	return pattern.CompileLike(pat, esc, fold)
}

// checkLike looks at a literal pattern while binding.
func checkLike(call *Call) error {
	pat, ok := litString(call, 1)
	if !ok || !literalPattern(call) {
		return nil
	}
	esc, _ := litString(call, 2)
	_, err := likeOf(pat, esc, len(call.Args) == 3, false)
	return err
}

func compileLike(call *Call, fold bool) (Kernel, error) {
	pat, ok := litString(call, 1)
	esc, okEsc := litString(call, 2)
	if ok && literalPattern(call) && (len(call.Args) == 2 || okEsc) {
		l, err := likeOf(pat, esc, len(call.Args) == 3, fold)
		if err != nil {
			return nil, err
		}
		return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
			dst := out.ResizeBits(rows.N)
			v := args[0]
			for i, n := 0, rows.Count(); i < n; i++ {
				r := rows.At(i)
				kernel.SetAt(dst, r, l.Match(v.Bytes(r)))
			}
			return nil
		}, nil
	}
	var last string
	var l *pattern.Like
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			if p := args[1].Bytes(r); l == nil || last != string(p) || len(args) == 3 {
				var esc string
				if len(args) == 3 {
					esc = string(args[2].Bytes(r))
				}
				var err error
				if l, err = likeOf(string(p), esc, len(args) == 3, fold); err != nil {
					l = nil
					return &RowError{Row: r, Reason: err.Error()}
				}
				last = string(p)
			}
			kernel.SetAt(dst, r, l.Match(args[0].Bytes(r)))
		}
		return nil
	}, nil
}

func compileSimilar(call *Call, _ *Env) (Kernel, error) {
	make1 := func(pat, esc string, has bool) (*pattern.Regexp, error) {
		e := rune(0)
		if has {
			var err error
			if e, err = pattern.EscapeRune(esc); err != nil {
				return nil, err
			}
		}
		return pattern.CompileSimilar(pat, e)
	}
	var last string
	var re *pattern.Regexp
	if pat, ok := litString(call, 1); ok && literalPattern(call) {
		esc, _ := litString(call, 2)
		var err error
		if re, err = make1(pat, esc, len(call.Args) == 3); err != nil {
			return nil, err
		}
		last = pat
	}
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		dst := out.ResizeBits(rows.N)
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			if p := args[1].Bytes(r); re == nil || string(p) != last {
				var esc string
				if len(args) == 3 {
					esc = string(args[2].Bytes(r))
				}
				var err error
				if re, err = make1(string(p), esc, len(args) == 3); err != nil {
					re = nil
					return &RowError{Row: r, Reason: err.Error()}
				}
				last = string(p)
			}
			kernel.SetAt(dst, r, re.Find(args[0].Bytes(r)))
		}
		return nil
	}, nil
}

// regexps compiles the pattern argument of a call: once when it is a literal, else as it changes.
type regexps struct {
	last string
	re   *pattern.Regexp
	made bool
}

func newRegexps(call *Call) *regexps {
	p := &regexps{}
	if pat, ok := litString(call, 1); ok {
		p.set(pat)
	}
	return p
}

func (p *regexps) set(pat string) {
	p.last, p.made = pat, true
	p.re = nil
	if re, err := pattern.CompileRegexp(pat); err == nil {
		p.re = re
	}
}

// at returns the compiled pattern of row r, nil when it is invalid.
func (p *regexps) at(v *batch.Vector, r int) *pattern.Regexp {
	if b := v.Bytes(r); !p.made || string(b) != p.last {
		p.set(string(b))
	}
	return p.re
}

func compileRegexpExtract(call *Call, _ *Env) (Kernel, error) {
	re := newRegexps(call)
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeBytes(out, rows.N, rows.Count()*8)
		var group ints
		if len(args) == 3 {
			group = readInts(args[2])
		}
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			g := int64(0)
			if len(args) == 3 {
				g = group.at(r)
			}
			p := re.at(args[1], r)
			if p == nil || g < 0 || g > int64(p.Groups()) {
				w.null(r)
				continue
			}
			text, ok := p.Group(args[0].Bytes(r), int(g))
			if !ok || text == nil {
				w.null(r)
				continue
			}
			w.add(r, text)
		}
		return w.done(rows.N)
	}, nil
}
