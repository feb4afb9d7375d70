// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/optest"
	"spate/internal/op/topn"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expected output anew")

// TestFiles runs the cases of testdata. Keys: in (types), partition, sort ("2 desc, 0 nullslast"), start, end, rank, retract, unique,
// before (no: -U is not wanted), rowtime (a column), perRow (no: one change per batch), ttl, hold, timeCol.
func TestFiles(t *testing.T) {
	optest.Files(t, "testdata/*.txt", *rewrite, func(c *optest.Case) (optest.Subject, error) {
		in := batchtest.Types(c.Keys["in"])
		if v := c.Keys["rowtime"]; v != "" {
			i := int(number(v))
			in[i] = in[i].WithAttr(schema.RowTime)
		}
		spec := &graph.TopNSpec{
			Partition: ints(c.Keys["partition"]), Sort: sortKeys(c.Keys["sort"]), Start: 1, End: number(c.Keys["end"]),
			OutputRank: c.Keys["rank"] == "yes", Retract: c.Keys["retract"] == "yes", Unique: ints(c.Keys["unique"]),
			UpdateBefore: c.Keys["before"] != "no", Bundle: graph.Bundle{PerRow: c.Keys["perRow"] != "no"},
		}
		if v := c.Keys["start"]; v != "" {
			spec.Start = number(v)
		}
		if v := c.Keys["ttl"]; v != "" {
			spec.TTL = number(v)
		}
		if v := c.Keys["hold"]; v != "" {
			spec.Hold, spec.TimeCol = graph.Hold(v), -1
			if col := c.Keys["timeCol"]; col != "" {
				spec.TimeCol = int(number(col))
			}
		}
		s := optest.Subject{In: [][]*schema.Type{in}, Out: outTypes(spec, in)}
		s.New = func() (op.Operator, error) { return topn.New(spec, s.In, s.Out) }
		return s, nil
	})
}

func outTypes(spec *graph.TopNSpec, in []*schema.Type) []*schema.Type {
	out := append([]*schema.Type{}, in...)
	if spec.OutputRank {
		out = append(out, schema.TypeBigInt.NotNull())
	}
	return out
}

func sortKeys(text string) []graph.SortKey {
	if text == "" {
		return nil
	}
	var keys []graph.SortKey
	for part := range strings.SplitSeq(text, ",") {
		f := strings.Fields(part)
		k := graph.SortKey{Col: int(number(f[0]))}
		for _, w := range f[1:] {
			k.Desc = k.Desc || w == "desc"
			k.NullsLast = k.NullsLast || w == "nullslast"
		}
		keys = append(keys, k)
	}
	return keys
}

func ints(text string) []int {
	var is []int
	for f := range strings.FieldsSeq(text) {
		is = append(is, int(number(f)))
	}
	return is
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("%q is no number", text))
	}
	return n
}
