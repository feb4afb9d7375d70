// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join_test

import (
	"slices"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op/exprtext"
	"spate/internal/op/join"
	"spate/internal/op/optest"
	"spate/schema"
)

// TestAllocs checks that joins allocate nothing per row, and next to nothing per batch, once their state does not grow any more: the left
// side is updated by its key, the right side stands.
func TestAllocs(t *testing.T) {
	left, right := batchtest.Types("BIGINT NOT NULL; STRING; BIGINT"), batchtest.Types("BIGINT NOT NULL; STRING NOT NULL; BIGINT")
	for _, kind := range []graph.JoinKind{graph.Inner, graph.Left, graph.Full, graph.Semi, graph.Anti} {
		spec := &graph.JoinSpec{
			Kind: kind, LeftKeys: []int{0}, RightKeys: []int{0}, LeftUnique: []int{0}, LeftRetract: true, LeftTypes: left, RightTypes: right,
			Condition: graph.Box(exprtext.Parse("(< $2 $5)", slices.Concat(left, right))),
		}
		o, err := join.New(spec, [][]*schema.Type{left, right}, outTypes(kind, left, right))
		if err != nil {
			t.Fatal(err)
		}
		rt := optest.NewRuntime(optest.Options{})
		if err := o.Open(rt); err != nil {
			t.Fatal(err)
		}
		dim, fact := batch.New(right), batch.New(left)
		for i := range int64(1000) {
			if i%3 > 0 {
				dim.AppendRow(schema.Insert, schema.IntValue(i), schema.StringValue("a name that is longer than a view"), schema.IntValue(i%7))
			}
			row := []schema.Value{schema.IntValue(i), schema.StringValue("some text, also long enough"), schema.IntValue(i % 5)}
			fact.AppendRow(schema.UpdateBefore, row...)
			fact.AppendRow(schema.UpdateAfter, row...)
		}
		r, err := o.Process(1, dim)
		drain(t, o, r, err)
		run := func() {
			fact.Share(1)
			r, err := o.Process(0, fact)
			if drain(t, o, r, err) == 0 {
				t.Fatalf("%s join emits nothing", kind)
			}
		}
		for range 3 {
			run()
		}
		if n := testing.AllocsPerRun(50, run); n > 1 {
			t.Errorf("%s join: %v allocations a batch", kind, n)
		}
	}
}
