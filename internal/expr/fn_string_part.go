// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/schema"
)

func partFunctions() []*Function {
	str, num := P("", FamString), P("", FamInt)
	edge := func(name string, left bool, doc, example, result string) *Function {
		return &Function{
			Name: name, Doc: doc, Example: example, Result: result, Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str, num}, Result: func(args []Arg) *schema.Type {
				return &schema.Type{Root: schema.Varchar, Nullable: true, Length: args[0].Type.Length}
			}}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				s, n := args[0].Bytes(r), intAt(args[1], r)
				total := int64(kernel.Runes(s))
				n = max(min(n, total), 0)
				if left {
					return append(dst, s[:runeOffset(s, int(n))]...), true
				}
				return append(dst, s[runeOffset(s, int(total-n)):]...), true
			}),
		}
	}
	return []*Function{
		edge("LEFT", true, "The first characters of a text.", "LEFT('hello', 2)", "he"),
		edge("RIGHT", false, "The last characters of a text.", "RIGHT('hello', 2)", "lo"),
		{
			Name: "POSITION", Doc: "The position of the first text in the second, from 1; 0 when it is not there.", Example: "POSITION('lo' IN 'hello')", Result: "4",
			Category: "string", Strict: true, Overloads: []Overload{
				{Params: []Param{str, str}, Result: Ret(schema.TypeInt)}, {Params: []Param{str, str, num}, Result: Ret(schema.TypeInt)},
			},
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) { return locate(args, r, args[1], args[0]) })),
		},
		{
			Name: "LOCATE", Doc: "The position of the first text in the second, from 1 or a given position; 0 when it is not there.", Example: "LOCATE('l', 'hello')", Result: "3",
			Category: "string", Strict: true, Overloads: []Overload{
				{Params: []Param{str, str}, Result: Ret(schema.TypeInt)}, {Params: []Param{str, str, num}, Result: Ret(schema.TypeInt)},
			},
			Compile: fixedKernel(intKernel32(func(args []*batch.Vector, r int) (int32, bool) { return locate(args, r, args[1], args[0]) })),
		},
		{
			Name: "INSTR", Doc: "The position of the second text in the first; optionally where to start (negative: from the end, backwards) and which occurrence.",
			Example: "INSTR('hello', 'l', 1, 2)", Result: "4", Category: "string", Strict: true, Overloads: []Overload{
				{Params: []Param{str, str}, Result: Ret(schema.TypeInt)},
				{Params: []Param{str, str, num}, Result: Ret(schema.TypeInt)},
				{Params: []Param{str, str, num, num}, Result: Ret(schema.TypeInt)},
			},
			Compile: fixedKernel(intKernel32(instr)),
		},
		{
			Name: "OVERLAY", Doc: "The text with a part, from a position and of a length, replaced by another text.", Example: "OVERLAY('This is old' PLACING 'new' FROM 9 FOR 3)",
			Result: "This is new", Category: "string", Strict: true, Overloads: []Overload{
				{Params: []Param{str, str, num}, Result: overlayType}, {Params: []Param{str, str, num, num}, Result: overlayType},
			},
			Compile: textCompile(overlay),
		},
		{
			Name: "INITCAP", Doc: "The text with each word's first letter in upper case and the others in lower case.", Example: "INITCAP('hello WORLD')", Result: "Hello World",
			Category: "string", Strict: true, Overloads: []Overload{{Params: []Param{str}, Result: RetArg(0)}}, Compile: textCompile(initcap),
		},
		{
			Name: "REVERSE", Doc: "The text backwards.", Example: "REVERSE('abc')", Result: "cba", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{str}, Result: Ret(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				for s := args[0].Bytes(r); len(s) > 0; {
					c, n := utf8.DecodeLastRune(s)
					dst = utf8.AppendRune(dst, c)
					s = s[:len(s)-n]
				}
				return dst, true
			}),
		},
		{
			Name: "TRANSLATE", Doc: "The text with each character of one set replaced by that of another at the same place; without a counterpart it is dropped.",
			Example: "TRANSLATE('www.apache.org', 'wapcheorg', ' APCHEcom')", Result: "   .APACHE.com", Category: "string", Strict: true,
			Signatures: []string{"TRANSLATE3(expr <CHARACTER_STRING>, fromStr <CHARACTER_STRING>, toStr <CHARACTER_STRING>)"},
			Overloads:  []Overload{{Params: []Param{str, str, str}, Result: Ret(schema.TypeString)}}, Compile: textCompile(translate),
		},
		affix("STARTSWITH", "startExpr", bytes.HasPrefix, "Whether a text (or binary value) begins with another.", "STARTSWITH('abc', 'ab')"),
		affix("ENDSWITH", "endExpr", bytes.HasSuffix, "Whether a text (or binary value) ends with another.", "ENDSWITH('abc', 'bc')"),
		elt(),
		classTest("IS_ALPHA", "Whether all characters are letters.", "IS_ALPHA('abc')", func(s []byte) bool { return all(s, unicode.IsLetter) }),
		classTest("IS_DIGIT", "Whether all characters are digits.", "IS_DIGIT('123')", func(s []byte) bool { return all(s, unicode.IsDigit) }),
		classTest("IS_DECIMAL", "Whether the text is a number.", "IS_DECIMAL('12.5')", isDecimalText),
	}
}

// locate finds needle in s, from the position of a third argument.
func locate(args []*batch.Vector, r int, s, needle *batch.Vector) (int32, bool) {
	from := int64(1)
	if len(args) == 3 {
		if from = intAt(args[2], r); from < 1 {
			return 0, true
		}
	}
	text := s.Bytes(r)
	skip := runeOffset(text, int(min(from-1, int64(len(text)))))
	k := bytes.Index(text[skip:], needle.Bytes(r))
	if k < 0 {
		return 0, true
	}
	return int32(kernel.Runes(text[:skip+k])) + 1, true
}

func instr(args []*batch.Vector, r int) (int32, bool) {
	s, needle := args[0].Bytes(r), args[1].Bytes(r)
	start, nth := int64(1), int64(1)
	if len(args) > 2 {
		start = intAt(args[2], r)
	}
	if len(args) > 3 {
		nth = intAt(args[3], r)
	}
	if len(needle) == 0 || start == 0 || nth < 1 {
		return 0, true
	}
	total := int64(kernel.Runes(s))
	if start > 0 {
		at := runeOffset(s, int(min(start-1, total)))
		for ; ; nth-- {
			k := bytes.Index(s[at:], needle)
			if k < 0 {
				return 0, true
			}
			at += k
			if nth == 1 {
				return int32(kernel.Runes(s[:at])) + 1, true
			}
			at += runeOffset(s[at:], 1)
		}
	}
	// Backwards: the occurrence begins at or before the position.
	limit := total + start
	for i := limit; i >= 0; i-- {
		if at := runeOffset(s, int(i)); bytes.HasPrefix(s[at:], needle) {
			if nth--; nth == 0 {
				return int32(i) + 1, true
			}
		}
	}
	return 0, true
}

func overlayType(args []Arg) *schema.Type {
	return &schema.Type{
		Root: schema.Varchar, Nullable: anyNull(args), Length: min(args[0].Type.Length+args[1].Type.Length, schema.MaxLength),
	}
}

func overlay(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	s, by := args[0].Bytes(r), args[1].Bytes(r)
	from := intAt(args[2], r)
	length := int64(kernel.Runes(by))
	if len(args) == 4 {
		length = intAt(args[3], r)
	}
	total := int64(kernel.Runes(s))
	if from <= 0 || from > total {
		return append(dst, s...), true
	}
	lo := runeOffset(s, int(from-1))
	dst = append(append(dst, s[:lo]...), by...)
	if length < 0 || from-1+length >= total {
		return dst, true
	}
	return append(dst, s[lo+runeOffset(s[lo:], int(length)):]...), true
}

func initcap(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	word := false
	for _, c := range args[0].Bytes(r) {
		lower := c >= 'a' && c <= 'z'
		upper := c >= 'A' && c <= 'Z'
		switch {
		case lower && !word, upper && word:
			c ^= 0x20
		}
		word = lower || upper || c >= '0' && c <= '9'
		dst = append(dst, c)
	}
	return dst, true
}

func translate(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	s, from, to := args[0].Bytes(r), args[1].Bytes(r), args[2].Bytes(r)
	for len(s) > 0 {
		c, n := utf8.DecodeRune(s)
		k, at := 0, -1
		for i := 0; i < len(from); k++ {
			f, size := utf8.DecodeRune(from[i:])
			if f == c {
				at = k
				break
			}
			i += size
		}
		switch {
		case at < 0:
			dst = append(dst, s[:n]...)
		case at < kernel.Runes(to):
			rest := to[runeOffset(to, at):]
			_, size := utf8.DecodeRune(rest)
			dst = append(dst, rest[:size]...)
		}
		s = s[n:]
	}
	return dst, true
}

func affix(name, param string, has func(s, affix []byte) bool, doc, example string) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: "TRUE", Category: "string", Strict: true,
		Overloads: []Overload{
			{Params: []Param{P("expr", FamString), P(param, FamString)}, Result: Ret(schema.TypeBoolean)},
			{Params: []Param{P("expr", FamBinary), P(param, FamBinary)}, Result: Ret(schema.TypeBoolean)},
		},
		Compile: fixedKernel(boolKernel(func(args []*batch.Vector, r int) (bool, bool) { return has(args[0].Bytes(r), args[1].Bytes(r)), true })),
	}
}

func elt() *Function {
	result := func(args []Arg) *schema.Type {
		ts := make([]*schema.Type, 0, len(args))
		for _, a := range args[1:] {
			ts = append(ts, a.Type)
		}
		t, err := schema.CommonType(ts...)
		if err != nil {
			t = args[1].Type
		}
		return t.WithNull(true)
	}
	return &Function{
		Name: "ELT", Doc: "The argument at an index from 1; NULL when there is none.", Example: "ELT(2, 'scala', 'java')", Result: "java", Category: "string",
		Signatures: []string{
			"ELT(index <INTEGER_NUMERIC>, expr <CHARACTER_STRING>, exprs <CHARACTER_STRING>...)", "ELT(index <INTEGER_NUMERIC>, expr <BINARY_STRING>, exprs <BINARY_STRING>...)",
		},
		Overloads: []Overload{
			{Params: []Param{P("index", FamInt), P("expr", FamString)}, Variadic: true, Result: result},
			{Params: []Param{P("index", FamInt), P("expr", FamBinary)}, Variadic: true, Result: result},
		},
		Check: func(call *Call) error {
			if i, ok := litInt(call, 0); ok && i < 0 {
				return fmt.Errorf("Index must be an integer starting from '0', but was '%d'.", i) //nolint:staticcheck,revive // Flink's text.
			}
			return nil
		},
		Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
			if args[0].IsNull(r) {
				return dst, false
			}
			i := intAt(args[0], r)
			if i < 1 || i >= int64(len(args)) || args[i].IsNull(r) {
				return dst, false
			}
			return append(dst, args[i].Bytes(r)...), true
		}),
	}
}

func all(s []byte, is func(rune) bool) bool {
	return len(s) > 0 && strings.IndexFunc(string(s), func(r rune) bool { return !is(r) }) < 0
}

// isDecimalText takes an optional sign, digits and at most one point.
func isDecimalText(s []byte) bool {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, points := 0, 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// classTest declares a test of the characters of a text; NULL gives FALSE.
func classTest(name, doc, example string, is func([]byte) bool) *Function {
	return &Function{
		Name: name, Doc: doc, Example: example, Result: "TRUE", Category: "string",
		Overloads: []Overload{
			{Params: []Param{P("", FamString)}, Result: RetNotNull(schema.TypeBoolean)}, {Params: []Param{P("", FamNumeric)}, Result: RetNotNull(schema.TypeBoolean)},
		},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			isText := call.Args[0].Type().IsString()
			return boolKernel(func(args []*batch.Vector, r int) (bool, bool) {
				switch {
				case args[0].IsNull(r):
					return false, true
				case !isText:
					return name != "IS_ALPHA", true
				}
				return is(args[0].Bytes(r)), true
			}), nil
		},
	}
}
