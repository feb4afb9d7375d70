// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package changelog_test

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/changelog"
	"spate/internal/op/exprtext"
	"spate/internal/op/optest"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expected output anew")

// TestFiles runs the cases of testdata. Keys: op (normalize, materialize), in (types), key, upsert, filter,
// before (no: -U is not wanted), ttl.
func TestFiles(t *testing.T) {
	optest.Files(t, "testdata/*.txt", *rewrite, func(c *optest.Case) (optest.Subject, error) {
		types := batchtest.Types(c.Keys["in"])
		s := optest.Subject{In: [][]*schema.Type{types}, Out: types}
		if c.Keys["op"] == "materialize" {
			s.New = func() (op.Operator, error) {
				return changelog.NewMaterializer(ints(c.Keys["key"]), ints(c.Keys["upsert"]), types)
			}
			return s, nil
		}
		spec := &graph.NormalizeSpec{Keys: ints(c.Keys["key"]), UpdateBefore: c.Keys["before"] != "no"}
		if f := c.Keys["filter"]; f != "" {
			spec.Filter = graph.Box(exprtext.Parse(f, types))
		}
		if v := ints(c.Keys["ttl"]); v != nil {
			spec.TTL = int64(v[0])
		}
		s.New = func() (op.Operator, error) { return changelog.NewNormalize(spec, s.In, s.Out) }
		return s, nil
	})
}

func ints(text string) []int {
	var is []int
	for f := range strings.FieldsSeq(text) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic(err)
		}
		is = append(is, n)
	}
	return is
}
