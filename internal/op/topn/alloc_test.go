// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn_test

import (
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op/optest"
	"spate/internal/op/topn"
	"spate/schema"
)

// TestAllocs checks that a Top-N allocates next to nothing per batch once its partitions are there.
func TestAllocs(t *testing.T) {
	in := batchtest.Types("BIGINT NOT NULL; BIGINT; STRING")
	in[1] = schema.NewTimestamp(3).WithAttr(schema.RowTime)
	sort := []graph.SortKey{{Col: 1, Desc: true}}
	cases := map[string]graph.TopNSpec{
		"keep last":         {Partition: []int{0}, Sort: sort, Start: 1, End: 1, UpdateBefore: true},
		"keep last per row": {Partition: []int{0}, Sort: sort, Start: 1, End: 1, UpdateBefore: true, Bundle: graph.Bundle{PerRow: true}},
		"three":             {Partition: []int{0}, Sort: sort, Start: 1, End: 3, UpdateBefore: true},
		"three with rank":   {Partition: []int{0}, Sort: sort, Start: 1, End: 3, OutputRank: true, UpdateBefore: true},
		"three per row":     {Partition: []int{0}, Sort: sort, Start: 1, End: 3, OutputRank: true, UpdateBefore: true, Bundle: graph.Bundle{PerRow: true}},
		"retracting":        {Partition: []int{0}, Sort: sort, Start: 1, End: 3, Retract: true, UpdateBefore: true},
		"updating":          {Partition: []int{0}, Sort: sort, Start: 1, End: 3, Retract: true, Unique: []int{2}, UpdateBefore: true},
	}
	for name, spec := range cases {
		o, err := topn.New(&spec, [][]*schema.Type{in}, outTypes(&spec, in))
		if err != nil {
			t.Fatal(err)
		}
		rt := optest.NewRuntime(optest.Options{})
		if err := o.Open(rt); err != nil {
			t.Fatal(err)
		}
		pool := rt.Pool(in)
		at := int64(0)
		run := func() {
			b := pool.Get()
			for i := range int64(500) {
				row := []schema.Value{schema.IntValue(i % 100), schema.IntValue(at), schema.StringValue("a text that is longer than a view")}
				at++
				b.AppendRow(schema.Insert, row...)
				if spec.Retract {
					b.AppendRow(schema.Delete, row...)
				}
			}
			r, err := o.Process(0, b)
			drain(t, o, r, err)
		}
		for range 4 {
			run()
		}
		if n := testing.AllocsPerRun(50, run); n > 2 {
			t.Errorf("%s: %v allocations a batch", name, n)
		}
	}
}
