// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package pattern

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Regexp is a compiled regular expression in Java's syntax. Look-around and back references do not exist.
type Regexp struct {
	re   *regexp.Regexp
	fast *sequence
	loc  []int
	// whole matches must span the text.
	whole *regexp.Regexp
}

// CompileRegexp compiles a regular expression.
func CompileRegexp(pat string) (*Regexp, error) {
	translated, err := translate(pat)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(translated)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression '%s': %w", pat, err)
	}
	return &Regexp{re: re, fast: analyse(translated)}, nil
}

// Groups returns the number of capturing groups.
func (r *Regexp) Groups() int { return r.re.NumSubexp() }

// Find tells whether the text holds a match.
func (r *Regexp) Find(s []byte) bool {
	if r.fast != nil {
		return r.fast.find(s, -1)
	}
	return r.re.Match(s)
}

// MatchWhole tells whether the whole text matches.
func (r *Regexp) MatchWhole(s []byte) bool {
	if r.whole == nil {
		r.whole = regexp.MustCompile(`\A(?:` + r.re.String() + `)\z`)
	}
	return r.whole.Match(s)
}

// Group finds the first match and returns the bytes of a group, 0 being the whole match. found is false without a match, and the
// result is nil when the group took no part in it.
func (r *Regexp) Group(s []byte, group int) (text []byte, found bool) {
	if r.fast != nil {
		if !r.fast.find(s, group) {
			return nil, false
		}
		return s[r.fast.from:r.fast.to], true
	}
	r.loc = r.re.FindSubmatchIndex(s)
	if r.loc == nil {
		return nil, false
	}
	if r.loc[2*group] < 0 {
		return nil, true
	}
	return s[r.loc[2*group]:r.loc[2*group+1]], true
}

// All returns the indexes of all matches with their groups, as regexp.FindAllSubmatchIndex does.
func (r *Regexp) All(s []byte) [][]int { return r.re.FindAllSubmatchIndex(s, -1) }

// ReplaceAll appends s to dst with every match replaced by a text, which is taken as it is.
func (r *Regexp) ReplaceAll(dst, s, by []byte) []byte {
	last := 0
	for _, m := range r.re.FindAllIndex(s, -1) {
		dst = append(append(dst, s[last:m[0]]...), by...)
		last = m[1]
	}
	return append(dst, s[last:]...)
}

// javaClasses maps Java's \p names to Go's.
var javaClasses = map[string]string{
	"Lower": "[:lower:]", "Upper": "[:upper:]", "ASCII": "[:ascii:]", "Alpha": "[:alpha:]", "Digit": "[:digit:]", "Alnum": "[:alnum:]",
	"Punct": "[:punct:]", "Graph": "[:graph:]", "Print": "[:print:]", "Blank": "[:blank:]", "Cntrl": "[:cntrl:]", "XDigit": "[:xdigit:]",
	"Space": "[:space:]",
}

// translate turns Java's syntax into Go's where they differ.
func translate(pat string) (string, error) {
	var b strings.Builder
	inClass, quantifier := 0, -2 // The place of the last quantifier.
	for i := 0; i < len(pat); i++ {
		c := pat[i]
		switch {
		case c == '\\' && i+1 < len(pat):
			i++
			n, err := escape(&b, pat, i, inClass > 0)
			if err != nil {
				return "", err
			}
			i = n
		case c == '[':
			if inClass > 0 && (i+1 >= len(pat) || pat[i+1] != ':') {
				b.WriteByte('\\')
				inClass--
			}
			inClass++
			b.WriteByte(c)
			if i+1 < len(pat) && pat[i+1] == '^' {
				b.WriteByte('^')
				i++
			}
			if i+1 < len(pat) && pat[i+1] == ']' {
				b.WriteString(`\]`)
				i++
			}
		case c == ']' && inClass > 0:
			inClass--
			b.WriteByte(c)
		case c == '(' && inClass == 0 && strings.HasPrefix(pat[i:], "(?<") && i+3 < len(pat) && pat[i+3] != '=' && pat[i+3] != '!':
			b.WriteString("(?P<")
			i += 2
		case c == '+' && inClass == 0 && i > 0 && quantifier == i-1:
			return "", fmt.Errorf("possessive quantifiers are not supported: '%s'", pat)
		default:
			if inClass == 0 && strings.IndexByte("*+?}", c) >= 0 {
				quantifier = i
			}
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// escape translates the escape whose letter is at i and returns the index of its last byte.
func escape(b *strings.Builder, pat string, i int, inClass bool) (int, error) {
	switch c := pat[i]; c {
	case 'Z':
		b.WriteString(`\z`)
	case 'h':
		b.WriteString(classOr(`\t\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000} `, inClass))
	case 'R':
		b.WriteString(`(?:\r\n|[\n\x0b\f\r\x{85}\x{2028}\x{2029}])`)
	case 's':
		b.WriteString(classOr(`\s\x0b`, inClass))
	case 'e':
		b.WriteString(`\x1b`)
	case 'u':
		if i+4 < len(pat) {
			b.WriteString(`\x{` + pat[i+1:i+5] + `}`)
			return i + 4, nil
		}
		return i, fmt.Errorf("illegal Unicode escape in '%s'", pat)
	case 'p', 'P':
		if i+1 < len(pat) && pat[i+1] == '{' {
			if end := strings.IndexByte(pat[i:], '}'); end > 0 {
				name := strings.TrimPrefix(pat[i+2:i+end], "Is")
				if posix, ok := javaClasses[name]; ok {
					if c == 'P' {
						posix = "[:^" + posix[2:]
					}
					b.WriteString(classOr(posix, inClass))
				} else {
					b.WriteString(`\` + string(c) + "{" + name + "}")
				}
				return i + end, nil
			}
		}
		b.WriteString(`\` + string(c))
	case '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k':
		if inClass {
			break
		}
		return i, fmt.Errorf("back references are not supported: '%s'", pat)
	case '<', '>', '-', '"', '\'', '#', '@', '&', '%', '~', '`', '!', '=', ':', ';', ',', '/', '_', ' ':
		if c == '-' || c == '&' || c == '~' {
			b.WriteString(`\` + string(c))
		} else {
			b.WriteByte(c)
		}
	default:
		b.WriteByte('\\')
		_, n := utf8.DecodeRuneInString(pat[i:])
		b.WriteString(pat[i : i+n])
		return i + n - 1, nil
	}
	return i, nil
}

func classOr(set string, inClass bool) string {
	if inClass {
		return set
	}
	return "[" + set + "]"
}

// sequence is a pattern without choice once its first literal is found: literals and runs of bytes of a set, each run ending where
// what follows must begin.
type sequence struct {
	begin    bool   // Anchored at the start.
	alt      []byte // What may stand before the first literal in place of the start of the text: (&|^).
	hasAlt   bool
	altGroup int
	lit      []byte // The first literal.
	steps    []step
	groups   int

	from, to int // Of the group asked for.
}

// step is a literal, a run, or the start or end of a group.
type step struct {
	lit   []byte
	set   *[4]uint64 // A run of bytes of the set, greedy.
	atl   bool       // At least one.
	open  int        // Group that starts here.
	close int        // Group that ends here.
}

// analyse recognises the patterns that sequence can match; nil for others.
func analyse(pat string) *sequence {
	re, err := syntax.Parse(pat, syntax.Perl)
	if err != nil {
		return nil
	}
	re = re.Simplify()
	q := &sequence{altGroup: -1}
	if !q.add(re, true) || !q.settle() {
		return nil
	}
	return q
}

func (q *sequence) add(re *syntax.Regexp, top bool) bool {
	switch re.Op {
	case syntax.OpConcat:
		for _, s := range re.Sub {
			if !q.add(s, top) {
				return false
			}
		}
		return true
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return false
		}
		q.steps = append(q.steps, step{lit: []byte(string(re.Rune))})
		return true
	case syntax.OpCapture:
		q.groups++
		if alt, ok := altOf(re.Sub[0]); ok && len(q.steps) == 0 && !q.hasAlt && !q.begin {
			q.hasAlt, q.alt, q.altGroup = true, alt, re.Cap
			return true
		}
		q.steps = append(q.steps, step{open: re.Cap})
		if !q.add(re.Sub[0], false) {
			return false
		}
		q.steps = append(q.steps, step{close: re.Cap})
		return true
	case syntax.OpStar, syntax.OpPlus:
		if re.Flags&syntax.NonGreedy != 0 {
			return false
		}
		set, ok := byteSet(re.Sub[0])
		if !ok {
			return false
		}
		q.steps = append(q.steps, step{set: set, atl: re.Op == syntax.OpPlus})
		return true
	case syntax.OpBeginText:
		if len(q.steps) > 0 || q.hasAlt || !top {
			return false
		}
		q.begin = true
		return true
	case syntax.OpEmptyMatch:
		return true
	default:
		return false
	}
}

// altOf recognises x|^ and ^|x.
func altOf(re *syntax.Regexp) ([]byte, bool) {
	if re.Op != syntax.OpAlternate || len(re.Sub) != 2 {
		return nil, false
	}
	a, b := re.Sub[0], re.Sub[1]
	if a.Op == syntax.OpBeginText {
		a, b = b, a
	}
	if a.Op != syntax.OpLiteral || a.Flags&syntax.FoldCase != 0 || b.Op != syntax.OpBeginText {
		return nil, false
	}
	return []byte(string(a.Rune)), true
}

// byteSet returns the bytes of a class that is closed under UTF-8: it has all runes beyond ASCII or none.
func byteSet(re *syntax.Regexp) (*[4]uint64, bool) {
	var set [4]uint64
	switch re.Op {
	case syntax.OpAnyChar:
		return &[4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, true
	case syntax.OpAnyCharNotNL:
		set = [4]uint64{^uint64(0) &^ (1 << '\n'), ^uint64(0), ^uint64(0), ^uint64(0)}
		return &set, true
	case syntax.OpLiteral:
		if len(re.Rune) != 1 || re.Rune[0] >= utf8.RuneSelf || re.Flags&syntax.FoldCase != 0 {
			return nil, false
		}
		set[re.Rune[0]>>6] |= 1 << (re.Rune[0] & 63)
		return &set, true
	case syntax.OpCharClass:
	default:
		return nil, false
	}
	high := false
	for i := 0; i < len(re.Rune); i += 2 {
		lo, hi := re.Rune[i], re.Rune[i+1]
		if hi >= utf8.RuneSelf {
			if lo > utf8.RuneSelf || hi != utf8.MaxRune {
				return nil, false
			}
			high = true
			hi = utf8.RuneSelf - 1
		}
		for r := lo; r <= hi; r++ {
			set[r>>6] |= 1 << (r & 63)
		}
	}
	if high {
		set[2], set[3] = ^uint64(0), ^uint64(0)
	}
	return &set, true
}

func (s *step) has(c byte) bool { return s.set[c>>6]>>(c&63)&1 != 0 }

// settle checks that no run needs to give bytes back, and takes the first literal out.
func (q *sequence) settle() bool {
	for i := range q.steps {
		if q.steps[i].set == nil {
			continue
		}
		for j := i + 1; j < len(q.steps); j++ {
			next := &q.steps[j]
			if next.set != nil {
				return false
			}
			if next.lit != nil {
				if q.steps[i].has(next.lit[0]) {
					return false
				}
				break
			}
		}
	}
	if len(q.steps) > 0 && q.steps[0].lit != nil {
		q.lit = q.steps[0].lit
		q.steps = q.steps[1:]
	}
	// Without a literal to look for there is nothing to gain.
	return len(q.lit) > 0
}

// find looks for a match and notes the place of a group, unless group is negative.
func (q *sequence) find(s []byte, group int) bool {
	for at := 0; ; {
		k := bytes.Index(s[at:], q.lit)
		if k < 0 {
			return false
		}
		start := at + k
		at = start + 1
		from := start
		if q.begin && start > 0 {
			return false
		}
		if q.hasAlt {
			from -= len(q.alt)
			if start == 0 {
				from = 0
			} else if from < 0 || !bytes.Equal(s[from:start], q.alt) {
				continue
			}
		}
		if q.run(s, from, start+len(q.lit), group) {
			if group == q.altGroup && group > 0 {
				q.from, q.to = from, start
			}
			return true
		}
	}
}

func (q *sequence) run(s []byte, from, i, group int) bool {
	for k := range q.steps {
		p := &q.steps[k]
		switch {
		case p.lit != nil:
			if len(s)-i < len(p.lit) || !bytes.Equal(s[i:i+len(p.lit)], p.lit) {
				return false
			}
			i += len(p.lit)
		case p.set != nil:
			j := i
			for j < len(s) && p.has(s[j]) {
				j++
			}
			if p.atl && j == i {
				return false
			}
			i = j
		case p.open != 0:
			if p.open == group {
				q.from = i
			}
		case p.close == group:
			q.to = i
		}
	}
	if group == 0 {
		q.from, q.to = from, i
	}
	return true
}

// Index returns where the first match begins, or -1.
func (r *Regexp) Index(s []byte) int {
	if m := r.re.FindIndex(s); m != nil {
		return m[0]
	}
	return -1
}
