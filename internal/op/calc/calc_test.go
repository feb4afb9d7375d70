// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package calc_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/calc"
	"spate/internal/op/exprtext"
	"spate/internal/op/optest"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expected output anew")

// TestFiles runs the cases of testdata. Keys: op (calc, union, drop, expand), in and out (types), filter, exprs (parted by semicolons);
// for expand: grouped, sets (parted by semicolons) and ids.
func TestFiles(t *testing.T) {
	optest.Files(t, "testdata/*.txt", *rewrite, func(c *optest.Case) (optest.Subject, error) {
		in := batchtest.Types(c.Keys["in"])
		s := optest.Subject{In: [][]*schema.Type{in}}
		switch c.Keys["op"] {
		case "calc":
			spec := &graph.CalcSpec{}
			if f := c.Keys["filter"]; f != "" {
				spec.Filter = graph.Box(exprtext.Parse(f, in))
			}
			for text := range strings.SplitSeq(c.Keys["exprs"], ";") {
				e := exprtext.Parse(text, in)
				spec.Exprs = append(spec.Exprs, graph.Box(e))
				s.Out = append(s.Out, e.Type())
			}
			s.New = func() (op.Operator, error) { return calc.New(spec, s.In, s.Out) }
		case "union":
			s.Out = in
			s.New = func() (op.Operator, error) { return calc.NewUnion(&graph.UnionSpec{}, s.In, s.Out) }
		case "drop":
			s.Out = in
			s.New = func() (op.Operator, error) {
				return calc.NewDropUpdateBefore(&graph.DropUpdateBeforeSpec{}, s.In, s.Out)
			}
		case "expand":
			s.Out = append(append(s.Out, in...), schema.TypeBigInt.NotNull())
			spec := &graph.ExpandSpec{Grouped: ints(c.Keys["grouped"])}
			for set := range strings.SplitSeq(c.Keys["sets"], ";") {
				spec.Sets = append(spec.Sets, ints(set))
			}
			for _, id := range ints(c.Keys["ids"]) {
				spec.IDs = append(spec.IDs, int64(id))
			}
			s.New = func() (op.Operator, error) { return calc.NewExpand(spec, s.In, s.Out) }
		default:
			return s, fmt.Errorf("operator %q is unknown", c.Keys["op"])
		}
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
