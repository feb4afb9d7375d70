// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package calc_test

import (
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/calc"
	"spate/internal/op/exprtext"
	"spate/internal/op/optest"
	"spate/schema"
)

// shapes are calcs as the benchmark queries have them, over (auction BIGINT, price BIGINT, url STRING).
var shapes = []struct{ name, filter, exprs string }{
	{"q0", "", "$0;$1;$2"},
	{"q1", "", "$0;(* $1 2L);$2"},
	{"q2", "(= (% $0 123L) 0L)", "$0;$1"},
	{"half", "(> $1 500L)", "$0;(+ $1 $0);$2"},
}

// open returns an operator and a source of batches of n rows that it may release.
func open(tb testing.TB, filter, exprs string, n int) (op.Operator, func() *batch.Batch) {
	tb.Helper()
	in := batchtest.Types("BIGINT NOT NULL; BIGINT NOT NULL; STRING NOT NULL")
	spec := &graph.CalcSpec{}
	var out []*schema.Type
	if filter != "" {
		spec.Filter = graph.Box(exprtext.Parse(filter, in))
	}
	for text := range strings.SplitSeq(exprs, ";") {
		e := exprtext.Parse(text, in)
		spec.Exprs = append(spec.Exprs, graph.Box(e))
		out = append(out, e.Type())
	}
	o, err := calc.New(spec, [][]*schema.Type{in}, out)
	if err != nil {
		tb.Fatal(err)
	}
	rt := optest.NewRuntime(optest.Options{})
	if err := o.Open(rt); err != nil {
		tb.Fatal(err)
	}
	src := batch.New(in)
	a := batch.Resize[int64](src.Own(0), n)
	p := batch.Resize[int64](src.Own(1), n)
	for i := range n {
		a[i], p[i] = int64(i*7919%5000), int64(i*31%1000)
		src.Own(2).AppendString("https://www.nexmark.com/item.htm?query=1")
	}
	src.SetLen(n)
	return o, func() *batch.Batch {
		src.Share(1)
		return src
	}
}

func step(tb testing.TB, o op.Operator, b *batch.Batch) int {
	tb.Helper()
	r, err := o.Process(0, b)
	if err != nil {
		tb.Fatal(err)
	}
	if r.Out == nil {
		return 0
	}
	n := r.Out.Rows()
	r.Out.Release()
	return n
}

func BenchmarkCalc(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) {
			o, next := open(b, s.filter, s.exprs, batch.MaxRows)
			b.ReportAllocs()
			for b.Loop() {
				step(b, o, next())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch.MaxRows, "ns/row")
		})
	}
}

// TestAllocs checks that no batch allocates once the operator is warm.
func TestAllocs(t *testing.T) {
	for _, s := range shapes {
		o, next := open(t, s.filter, s.exprs, 1000)
		rows := step(t, o, next())
		if rows == 0 {
			t.Fatalf("%s: no row passes", s.name)
		}
		if n := testing.AllocsPerRun(100, func() { step(t, o, next()) }); n > 0 {
			t.Errorf("%s: %v allocations a batch", s.name, n)
		}
	}
}
