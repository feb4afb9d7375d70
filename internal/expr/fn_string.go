// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/kernel"
	"spate/internal/col/mem"
	"spate/schema"
)

func stringFunctions() []*Function {
	return []*Function{
		{
			Name: "LOWER", Doc: "The text in lower case.", Example: "LOWER('ABc')", Result: "abc", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString)}, Result: RetArg(0)}}, Compile: fixedKernel(changeCase(false)),
		},
		{
			Name: "UPPER", Doc: "The text in upper case.", Example: "UPPER('abC')", Result: "ABC", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString)}, Result: RetArg(0)}}, Compile: fixedKernel(changeCase(true)),
		},
		{
			Name: "CHAR_LENGTH", Aliases: []string{"CHARACTER_LENGTH"}, Doc: "The number of characters of a text.", Example: "CHAR_LENGTH('añb')", Result: "3",
			Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString)}, Result: Ret(schema.TypeInt)}}, Compile: fixedKernel(charLength),
		},
		concatOperator(),
		{
			Name: "CONCAT", Doc: "The texts one after the other; NULL when one is.", Example: "CONCAT('a', 'b', 'c')", Result: "abc", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString)}, Variadic: true, Result: Ret(schema.TypeString)}}, Compile: fixedKernel(concat),
		},
		{
			Name: "CONCAT_WS", Doc: "The texts that are not NULL with a separator between them; NULL when the separator is.", Example: "CONCAT_WS('~', 'a', 'b')",
			Result: "a~b", Category: "string",
			Overloads: []Overload{{Params: []Param{P("", FamString), P("", FamString)}, Variadic: true, Result: retFirstNull(schema.TypeString)}},
			Compile:   textCompile(concatWS),
		},
		substring(),
		{
			Name: "REPLACE", Doc: "The first text with every occurrence of the second replaced by the third.", Example: "REPLACE('hello world', 'world', 'flink')",
			Result: "hello flink", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamString), P("", FamString), P("", FamString)}, Result: Ret(schema.TypeString)}},
			Compile:   textCompile(replaceAll),
		},
		{
			Name: "SPLIT_INDEX", Doc: "The part of a text at an index from 0, split at a delimiter; NULL when there is none.", Example: "SPLIT_INDEX('a,b,c', ',', 1)",
			Result: "b", Category: "string", Strict: true,
			Overloads: []Overload{
				{Params: []Param{P("", FamString), P("", FamString), P("", FamInt)}, Result: RetNull(schema.TypeString)},
				{Params: []Param{P("", FamString), P("", FamInt), P("", FamInt)}, Result: RetNull(schema.TypeString)},
			},
			Compile: compileSplitIndex,
		},
	}
}

// retFirstNull is t, NULL only where the first argument may be.
func retFirstNull(t *schema.Type) func([]Arg) *schema.Type {
	return func(args []Arg) *schema.Type { return t.WithNull(args[0].Type.Nullable) }
}

func changeCase(upper bool) Kernel {
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		v := args[0]
		w := writeBytes(out, rows.N, len(v.Data()))
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			s := v.Bytes(r)
			w.skip(r)
			w.room(len(s))
			start := len(w.buf)
			w.buf = w.buf[:start+len(s)]
			if !kernel.ChangeCase(w.buf[start:], s, upper) {
				w.buf = w.buf[:start]
				b := bytes.ToLower(s)
				if upper {
					b = javaUpper(s)
				}
				w.room(len(b))
				w.buf = append(w.buf, b...)
			}
			w.end(r)
		}
		return w.done(rows.N)
	}
}

// javaUpper is bytes.ToUpper with the one letter of Latin scripts that grows.
func javaUpper(s []byte) []byte {
	if bytes.ContainsRune(s, 'ß') {
		s = bytes.ReplaceAll(s, []byte("ß"), []byte("SS"))
	}
	return bytes.ToUpper(s)
}

func charLength(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	dst := batch.Resize[int32](out, rows.N)
	v := args[0]
	if v.IsConst() {
		dst[0] = int32(kernel.Runes(v.Bytes(0)))
		return nil
	}
	offs, data := v.Offsets(), v.Data()
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		dst[r] = int32(kernel.Runes(data[offs[r]:offs[r+1]]))
	}
	return nil
}

func concatOperator() *Function {
	return &Function{
		Name: "||", Doc: "Two texts, or two binary values, one after the other.", Example: "'a' || 'b'", Result: "ab", Category: "string", Strict: true, Infix: true,
		Signatures: []string{"<STRING> || <STRING>"},
		Infer: func(args []Arg) (Signature, error) {
			sig := Signature{Args: make([]*schema.Type, len(args))}
			if len(args) != 2 {
				return sig, noFit
			}
			a, b := args[0].Type, args[1].Type
			for i, t := range []**schema.Type{&a, &b} {
				other := args[1-i].Type
				switch {
				case (*t).IsString() || (*t).IsBinary():
				case (*t).Root == schema.Null, other.IsString():
					sig.Args[i] = schema.TypeString
					*t = schema.TypeString
				default:
					return sig, noFit
				}
			}
			if a.IsBinary() != b.IsBinary() {
				return sig, noFit
			}
			root := schema.Varchar
			switch {
			case a.Root == schema.Char && b.Root == schema.Char:
				root = schema.Char
			case a.Root == schema.Binary && b.Root == schema.Binary:
				root = schema.Binary
			case a.IsBinary():
				root = schema.Varbinary
			}
			sig.Result = &schema.Type{Root: root, Nullable: anyNull(args), Length: min(a.Length+b.Length, schema.MaxLength)}
			return sig, nil
		},
		Compile: fixedKernel(concat),
	}
}

func concat(args []*batch.Vector, rows Rows, out *batch.Vector) error {
	w := writeBytes(out, rows.N, rows.Count()*16)
	for i, n := 0, rows.Count(); i < n; i++ {
		r := rows.At(i)
		w.skip(r)
		for _, a := range args {
			b := a.Bytes(r)
			w.room(len(b))
			w.buf = append(w.buf, b...)
		}
		w.end(r)
	}
	return w.done(rows.N)
}

func concatWS(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	if args[0].IsNull(r) {
		return dst, false
	}
	sep, first := args[0].Bytes(r), true
	for _, a := range args[1:] {
		if a.IsNull(r) {
			continue
		}
		if !first {
			dst = append(dst, sep...)
		}
		dst, first = append(dst, a.Bytes(r)...), false
	}
	return dst, true
}

func substring() *Function {
	result := func(args []Arg) *schema.Type {
		t := args[0].Type
		root := schema.Varchar
		if t.IsBinary() {
			root = schema.Varbinary
		}
		return &schema.Type{Root: root, Nullable: true, Length: t.Length}
	}
	famText := Family{Text: "<CHARACTER_STRING>", Fit: func(a Arg) (*schema.Type, bool) {
		if a.Type.IsBinary() {
			return nil, true
		}
		return FamString.Fit(a)
	}}
	return &Function{
		Name: "SUBSTRING", Aliases: []string{"SUBSTR"}, Doc: "The part of a text from a position (1 is the first character, negative ones count from the end) and of a length.",
		Example: "SUBSTRING('hello', 2, 3)", Result: "ell", Category: "string", Strict: true,
		Overloads: []Overload{
			{Params: []Param{P("", famText), P("", FamInt)}, Result: result},
			{Params: []Param{P("", famText), P("", FamInt), P("", FamInt)}, Result: result},
		},
		Compile: func(call *Call, _ *Env) (Kernel, error) {
			binary := call.Args[0].Type().IsBinary()
			return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
				w := writeBytes(out, rows.N, len(args[0].Data()))
				from := readInts(args[1])
				var length ints
				if len(args) == 3 {
					length = readInts(args[2])
				}
				for i, n := 0, rows.Count(); i < n; i++ {
					r := rows.At(i)
					size := int64(1) << 40
					if len(args) == 3 {
						if size = length.at(r); size < 0 {
							w.null(r)
							continue
						}
					}
					w.add(r, slice(args[0].Bytes(r), from.at(r), size, binary))
				}
				return w.done(rows.N)
			}, nil
		},
	}
}

// slice cuts out a part of a text in characters, or of bytes.
func slice(b []byte, from, size int64, binary bool) []byte {
	ascii := binary || isASCII(b)
	total := int64(len(b))
	if !ascii {
		total = int64(kernel.Runes(b))
	}
	start := from - 1
	switch {
	case from == 0:
		start = 0
	case from < 0:
		if start = total + from; start < 0 {
			return nil
		}
	}
	if start >= total || size <= 0 {
		return nil
	}
	end := min(total, start+min(size, total))
	if ascii {
		return b[start:end]
	}
	lo := runeOffset(b, int(start))
	return b[lo : lo+runeOffset(b[lo:], int(end-start))]
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if mem.Load64(b, 0)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func replaceAll(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
	s, old, repl := args[0].Bytes(r), args[1].Bytes(r), args[2].Bytes(r)
	if len(old) == 0 {
		// Java puts the replacement before every character and at the end.
		for i := 0; i < len(s); {
			_, n := utf8.DecodeRune(s[i:])
			dst = append(append(dst, repl...), s[i:i+n]...)
			i += n
		}
		return append(dst, repl...), true
	}
	if len(old) == 1 && len(repl) == 0 {
		return kernel.Drop(dst, s, old[0]), true
	}
	for {
		k := bytes.Index(s, old)
		if k < 0 {
			return append(dst, s...), true
		}
		dst = append(append(dst, s[:k]...), repl...)
		s = s[k+len(old):]
	}
}

func compileSplitIndex(call *Call, _ *Env) (Kernel, error) {
	if k := splitAtByte(call); k != nil {
		return k, nil
	}
	code := call.Args[1].Type().IsInteger()
	return func(args []*batch.Vector, rows Rows, out *batch.Vector) error {
		w := writeBytes(out, rows.N, rows.Count()*16)
		index := readInts(args[2])
		var codes ints
		if code {
			codes = readInts(args[1])
		}
		var sepBuf [utf8.UTFMax]byte
		for i, n := 0, rows.Count(); i < n; i++ {
			r := rows.At(i)
			var sep []byte
			if code {
				c := codes.at(r)
				if c <= 0 || c > 255 {
					w.null(r)
					continue
				}
				sep = utf8.AppendRune(sepBuf[:0], rune(c))
			} else {
				sep = args[1].Bytes(r)
			}
			part, ok := splitPart(args[0].Bytes(r), sep, index.at(r))
			if !ok {
				w.null(r)
				continue
			}
			w.add(r, part)
		}
		return w.done(rows.N)
	}, nil
}

// splitPart returns the k-th part of a text split at a separator. An empty text has no parts; an empty separator splits at white space.
func splitPart(s, sep []byte, k int64) ([]byte, bool) {
	if k < 0 || len(s) == 0 {
		return nil, false
	}
	if len(sep) == 0 {
		fs := bytes.FieldsFunc(s, unicode.IsSpace)
		if k >= int64(len(fs)) {
			return nil, false
		}
		return fs[k], true
	}
	if len(sep) == 1 {
		c := sep[0]
		for ; k > 0; k-- {
			i := bytes.IndexByte(s, c)
			if i < 0 {
				return nil, false
			}
			s = s[i+1:]
		}
		if i := bytes.IndexByte(s, c); i >= 0 {
			s = s[:i]
		}
		return s, true
	}
	for ; k > 0; k-- {
		i := bytes.Index(s, sep)
		if i < 0 {
			return nil, false
		}
		s = s[i+len(sep):]
	}
	if i := bytes.Index(s, sep); i >= 0 {
		s = s[:i]
	}
	return s, true
}
