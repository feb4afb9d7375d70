// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package pattern_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"spate/internal/expr/pattern"
)

func TestLikeAgainstRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(alphabet string, n int) string {
		var b strings.Builder
		rs := []rune(alphabet)
		for range r.IntN(n) {
			b.WriteRune(rs[r.IntN(len(rs))])
		}
		return b.String()
	}
	for range 20_000 {
		pat, s := word("ab%_é", 7), word("abé", 9)
		l, err := pattern.CompileLike(pat, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		want := regexp.MustCompile(`(?s)\A` + strings.NewReplacer("%", ".*", "_", ".").Replace(pat) + `\z`).MatchString(s)
		if got := l.Match([]byte(s)); got != want {
			t.Fatalf("%q LIKE %q is %v, want %v", s, pat, got, want)
		}
	}
}

func TestLikeEscape(t *testing.T) {
	l, err := pattern.CompileLike(`a\%b\\c`, '\\', false)
	if err != nil || !l.Match([]byte(`a%b\c`)) || l.Match([]byte(`axb\c`)) {
		t.Errorf("escape: %v", err)
	}
	for _, bad := range []string{`a\b`, `a\`} {
		if _, err := pattern.CompileLike(bad, '\\', false); err == nil {
			t.Errorf("%s compiles", bad)
		}
	}
}

func TestFastShapesAgreeWithTheAutomaton(t *testing.T) {
	texts := []string{
		"", "channel_id=5", "https://x/y?channel_id=55&b=1", "https://x/y?a=1&channel_id=55", "xchannel_id=4&channel_id=7", "a=b", "a=&",
		"foo bar", "foo", "key: value; next", "aé=ü&", "&channel_id=&channel_id=3", "a\nb=c",
	}
	for _, p := range []string{
		`(&|^)channel_id=([^&]*)`, `channel_id=([^&]+)`, `^foo`, `foo`, `key: ([a-z]+);`, `(^|&)a=(.*)`, `a([^=]*)=(.*)`, `b=c`,
		`=([^&]*)&`, `x*foo`,
	} {
		re, err := pattern.CompileRegexp(p)
		if err != nil {
			t.Fatal(err)
		}
		want := regexp.MustCompile(p)
		for _, s := range texts {
			m := want.FindStringSubmatch(s)
			if got := re.Find([]byte(s)); got != (m != nil) {
				t.Errorf("%q in %q: %v", p, s, got)
			}
			for g := range want.NumSubexp() + 1 {
				text, found := re.Group([]byte(s), g)
				if found != (m != nil) || found && string(text) != m[g] {
					t.Errorf("group %d of %q in %q: %q %v, want %v", g, p, s, text, found, m)
				}
			}
		}
	}
}

func TestJavaSyntax(t *testing.T) {
	for _, c := range []struct{ pat, s, want string }{
		{`\p{Alpha}+`, "12abc3", "abc"},
		{`[\p{Digit}x]+`, "a1x2", "1x2"},
		{`\u0041+`, "xAAy", "AA"},
		{`(?<n>\d+)-`, "a12-", "12-"},
		{`\Qa.b\E`, "xa.by", "a.b"},
		{`[a\-z]+`, "b-a", "-a"},
		{`\"x\"`, `a"x"`, `"x"`},
	} {
		re, err := pattern.CompileRegexp(c.pat)
		if err != nil {
			t.Errorf("%s: %v", c.pat, err)
			continue
		}
		if got, ok := re.Group([]byte(c.s), 0); !ok || string(got) != c.want {
			t.Errorf("%s in %s is %q, want %q", c.pat, c.s, got, c.want)
		}
	}
	re, _ := pattern.CompileRegexp(`a(b)?`)
	if out := re.ReplaceAll(nil, []byte("xabya"), []byte(`$1\`)); string(out) != `x$1\y$1\` {
		t.Errorf("replace gives %q", out)
	}
	for _, bad := range []string{`(a)\1`, `a++`, `(`, `(?=x)`} {
		if _, err := pattern.CompileRegexp(bad); err == nil {
			t.Errorf("%s compiles", bad)
		}
	}
}

func TestSimilar(t *testing.T) {
	for _, c := range []struct {
		s, pat string
		want   bool
	}{{"abc", "a_c", true}, {"abc", "(a|x)%", true}, {"abc", "b", false}, {"a.c", "a.c", true}, {"abc", "a.c", true}, {"aab", "[ab]+", true}} {
		re, err := pattern.CompileSimilar(c.pat, 0)
		if err != nil || re.Find([]byte(c.s)) != c.want {
			t.Errorf("%q SIMILAR TO %q is not %v (%v)", c.s, c.pat, c.want, err)
		}
	}
}

func BenchmarkChannel(b *testing.B) {
	b.ReportAllocs()
	re, _ := pattern.CompileRegexp(`(&|^)channel_id=([^&]*)`)
	s := []byte("https://www.nexmark.com/abo/xyz/item.htm?query=1&channel_id=12345")
	for b.Loop() {
		if _, ok := re.Group(s, 2); !ok {
			b.Fatal("no match")
		}
	}
}
