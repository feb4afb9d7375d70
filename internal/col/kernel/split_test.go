// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"spate/internal/col/kernel"
)

func TestPart(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		data := make([]byte, rng.IntN(40))
		for i := range data {
			data[i] = "a/b\x80\xaf."[rng.IntN(6)]
		}
		from := rng.IntN(len(data) + 1)
		to := from + rng.IntN(len(data)-from+1)
		parts := strings.Split(string(data[from:to]), "/")
		for k := range len(parts) + 2 {
			start, end, ok := kernel.Part(data, from, to, '/', k)
			if ok != (k < len(parts)) {
				t.Fatalf("%q: part %d: ok %v", data[from:to], k, ok)
			}
			if ok && string(data[start:end]) != parts[k] {
				t.Fatalf("%q: part %d is %q, want %q", data[from:to], k, data[start:end], parts[k])
			}
		}
	}
}

func BenchmarkPart(b *testing.B) {
	data := []byte("https://www.nexmark.com/abc/defg/hij/item.htm?query=1")
	for b.Loop() {
		kernel.Part(data, 0, len(data), '/', 5)
	}
}
