// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"spate/batch"
	"spate/internal/col/text"
	"spate/schema"
)

func printfFunctions() []*Function {
	return []*Function{{
		Name: "PRINTF", Doc: "A text with the arguments put into it by the format of Java's Formatter (%d, %s, %f, ...).", Example: "PRINTF('%s is %05d', 'a', 42)",
		Result: "a is 00042", Category: "string", Signatures: []string{"PRINTF(format <CHARACTER_STRING>, obj <ANY>...)"},
		Infer: func(args []Arg) (Signature, error) {
			sig := Signature{Args: make([]*schema.Type, len(args)), Result: schema.TypeString}
			if len(args) == 0 {
				return sig, noFit
			}
			c, ok := FamString.Fit(args[0])
			if !ok {
				return sig, noFit
			}
			sig.Args[0] = c
			return sig, nil
		},
		Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
			if args[0].IsNull(r) {
				return dst, false
			}
			p := printfer{args: args[1:], row: r, last: -1}
			return p.format(dst, string(args[0].Bytes(r)))
		}),
	}}
}

// printfer formats one row.
type printfer struct {
	args []*batch.Vector
	row  int
	next int
	last int
}

// spec is a format specifier: %[index$][flags][width][.precision]conversion.
type spec struct {
	index       int
	flags       string
	width, prec int
	conv        byte
}

// format appends the text; a format that Java refuses gives NULL.
func (p *printfer) format(dst []byte, f string) ([]byte, bool) {
	for i := 0; i < len(f); {
		k := strings.IndexByte(f[i:], '%')
		if k < 0 {
			return append(dst, f[i:]...), true
		}
		dst = append(dst, f[i:i+k]...)
		s, end, ok := parseSpec(f, i+k+1)
		if !ok {
			return dst, false
		}
		i = end
		if dst, ok = p.one(dst, s); !ok {
			return dst, false
		}
	}
	return dst, true
}

func parseSpec(f string, i int) (s spec, end int, ok bool) {
	s.width, s.prec = -1, -1
	num := func() int {
		start := i
		for i < len(f) && f[i] >= '0' && f[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(f[start:i])
		if err != nil || n > batch.MaxRowBytes {
			return -1
		}
		return n
	}
	start := i
	if n := num(); n > 0 && i < len(f) && f[i] == '$' {
		s.index = n
		i++
	} else {
		i = start
	}
	for i < len(f) && strings.IndexByte("-#+ 0,(<", f[i]) >= 0 {
		s.flags += string(f[i])
		i++
	}
	s.width = num()
	if i < len(f) && f[i] == '.' {
		i++
		if s.prec = num(); s.prec < 0 {
			return s, i, false
		}
	}
	if i >= len(f) {
		return s, i, false
	}
	s.conv = f[i]
	return s, i + 1, true
}

func (s *spec) has(flag byte) bool { return strings.IndexByte(s.flags, flag) >= 0 }

// one appends one conversion.
func (p *printfer) one(dst []byte, s spec) ([]byte, bool) {
	switch s.conv {
	case '%':
		return s.pad(dst, "%"), true
	case 'n':
		return append(dst, '\n'), true
	}
	at := p.next
	switch {
	case s.has('<'):
		at = p.last
	case s.index > 0:
		at = s.index - 1
	default:
		p.next++
	}
	if at < 0 || at >= len(p.args) {
		return dst, false
	}
	p.last = at
	out, ok := p.convert(s, p.args[at])
	if !ok {
		return dst, false
	}
	if s.conv >= 'A' && s.conv <= 'Z' {
		out = strings.ToUpper(out)
	}
	return s.pad(dst, out), true
}

// pad appends a text in the width.
func (s *spec) pad(dst []byte, out string) []byte {
	fill := s.width - utf8.RuneCountInString(out)
	if s.has('-') {
		dst = append(dst, out...)
	}
	for range max(fill, 0) {
		dst = append(dst, ' ')
	}
	if !s.has('-') {
		dst = append(dst, out...)
	}
	return dst
}

func (p *printfer) convert(s spec, v *batch.Vector) (string, bool) {
	t, null := v.Type(), v.IsNull(p.row)
	switch s.conv {
	case 's', 'S':
		out := "null"
		if !null {
			out = javaText(v, p.row)
		}
		return s.cut(out), true
	case 'b', 'B':
		b := !null && (t.Root != schema.Boolean || v.Bool(p.row))
		return s.cut(strconv.FormatBool(b)), true
	case 'c', 'C':
		switch {
		case null:
			return "null", true
		case !t.IsInteger():
			return "", false
		}
		return string(rune(intAt(v, p.row))), true
	case 'd', 'x', 'X', 'o':
		switch {
		case null:
			return "null", true
		case !t.IsInteger():
			return "", false
		}
		return s.integer(intAt(v, p.row), t), true
	case 'f', 'e', 'E', 'g', 'G':
		switch {
		case null:
			return "null", true
		case !t.IsApprox() && t.Root != schema.Decimal:
			return "", false
		}
		x := readFloats(v)
		return s.real(x.float(p.row)), true
	}
	return "", false
}

// cut applies the precision of %s.
func (s *spec) cut(out string) string {
	if s.prec >= 0 && utf8.RuneCountInString(out) > s.prec {
		return out[:runeOffset([]byte(out), s.prec)]
	}
	return out
}

func (s *spec) integer(n int64, t *schema.Type) string {
	if s.conv != 'd' {
		// Negative numbers print in two's complement of their width.
		u := uint64(n)
		switch t.Root {
		case schema.TinyInt:
			u &= math.MaxUint8
		case schema.SmallInt:
			u &= math.MaxUint16
		case schema.Int:
			u &= math.MaxUint32
		default:
		}
		base, prefix := 16, "0x"
		if s.conv == 'o' {
			base, prefix = 8, "0"
		}
		out := strconv.FormatUint(u, base)
		if s.has('#') {
			out = prefix + out
		}
		return s.zeros("", out)
	}
	u := uint64(n)
	if n < 0 {
		u = -u
	}
	digits := strconv.FormatUint(u, 10)
	return s.signed(n < 0, digits)
}

// signed adds grouping, sign and leading zeros.
func (s *spec) signed(neg bool, digits string) string {
	if s.has(',') {
		digits = group(digits)
	}
	sign := ""
	switch {
	case neg && s.has('('):
		return s.zeros("(", digits) + ")"
	case neg:
		sign = "-"
	case s.has('+'):
		sign = "+"
	case s.has(' '):
		sign = " "
	}
	return s.zeros(sign, digits)
}

func (s *spec) zeros(sign, digits string) string {
	if s.has('0') {
		if n := s.width - len(sign) - len(digits); n > 0 {
			digits = strings.Repeat("0", n) + digits
		}
	}
	return sign + digits
}

// group puts commas between the thousands before the point.
func group(digits string) string {
	whole, frac, has := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		return whole + "." + frac
	}
	return whole
}

func (s *spec) real(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return s.signed(f < 0, "Infinity")
	}
	prec := s.prec
	if prec < 0 {
		prec = 6
	}
	m := math.Abs(f)
	var digits string
	switch s.conv {
	case 'e', 'E':
		digits = strconv.FormatFloat(m, 'e', prec, 64)
	case 'g', 'G':
		if prec == 0 {
			prec = 1
		}
		if m != 0 && (m < 1e-4 || m >= math.Pow(10, float64(prec))) {
			digits = strconv.FormatFloat(m, 'e', prec-1, 64)
		} else {
			whole := 1
			if m >= 1 {
				whole = int(math.Log10(m)) + 1
			}
			digits = strconv.FormatFloat(m, 'f', max(prec-whole, 0), 64)
		}
	default:
		digits = fixedHalfUp(m, prec)
	}
	return s.signed(math.Signbit(f), digits)
}

// fixedHalfUp rounds the shortest digits of a number half up, as Java does.
func fixedHalfUp(m float64, prec int) string {
	return strconv.FormatFloat(text.RoundPlain(text.AppendPlain(nil, m, 64), prec, true), 'f', prec, 64)
}

// javaText is what Java's String.valueOf gives of Flink's internal value.
func javaText(v *batch.Vector, r int) string {
	r = constIndex(v, r)
	switch t := v.Type(); t.Root {
	case schema.Boolean:
		return strconv.FormatBool(v.Bool(r))
	case schema.Date, schema.Time, schema.IntervalYearMonth, schema.IntervalDayTime:
		return strconv.FormatInt(intAt(v, r), 10)
	case schema.Timestamp, schema.TimestampLTZ:
		us, ns := text.Micros(v, r)
		return string(text.AppendLocalDateTime(nil, us, ns))
	case schema.Binary, schema.Varbinary:
		return fmt.Sprintf("[B@%x", len(v.Bytes(r)))
	default:
		return string(text.AppendValue(nil, v, r, nil))
	}
}
