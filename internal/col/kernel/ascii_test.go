// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"spate/internal/col/kernel"
)

// TestTextAgainstStandardLibrary compares with the plain functions on texts of all lengths around the width of a word.
func TestTextAgainstStandardLibrary(t *testing.T) {
	all := make([]byte, 128)
	for i := range all {
		all[i] = byte(i)
	}
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", string(all), "aé", "日本語のテキスト", "ABCDEFGHÀ", strings.Repeat("zZ@[`{", 7)}
	letters := []rune("azAZ@[`{09 cñß日𝄞")
	for n := range 40 {
		s := make([]rune, n)
		for i := range s {
			s[i] = letters[r.IntN(len(letters))]
		}
		texts = append(texts, string(s))
	}
	for _, s := range texts {
		ascii := !strings.ContainsFunc(s, func(c rune) bool { return c >= utf8.RuneSelf })
		for _, upper := range []bool{false, true} {
			dst := make([]byte, len(s))
			if got := kernel.ChangeCase(dst, []byte(s), upper); got != ascii {
				t.Errorf("%q is ASCII: %v", s, got)
			}
			want := strings.ToLower
			if upper {
				want = strings.ToUpper
			}
			if w := want(s); ascii && string(dst) != w {
				t.Errorf("%q upper=%v gives %q, want %q", s, upper, dst, w)
			}
		}
		if got := kernel.Runes([]byte(s)); got != utf8.RuneCountInString(s) {
			t.Errorf("%q has %d code points, not %d", s, utf8.RuneCountInString(s), got)
		}
		if got := kernel.Drop([]byte("x"), []byte(s), 'c'); !bytes.Equal(got, []byte("x"+strings.ReplaceAll(s, "c", ""))) {
			t.Errorf("%q without c is %q", s, got)
		}
	}
}
