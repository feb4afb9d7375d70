// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package unnest_test

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/optest"
	"spate/internal/op/unnest"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expected output anew")

// TestFiles runs the cases of testdata. Keys: in and out (types), col, keep, left, expand, ordinality.
func TestFiles(t *testing.T) {
	optest.Files(t, "testdata/*.txt", *rewrite, func(c *optest.Case) (optest.Subject, error) {
		spec := &graph.UnnestSpec{
			Left: c.Keys["left"] == "yes", Expand: c.Keys["expand"] == "yes", Ordinality: c.Keys["ordinality"] == "yes",
		}
		var err error
		if spec.Col, err = strconv.Atoi(c.Keys["col"]); err != nil {
			return optest.Subject{}, err
		}
		for f := range strings.FieldsSeq(c.Keys["keep"]) {
			k, err := strconv.Atoi(f)
			if err != nil {
				return optest.Subject{}, err
			}
			spec.Keep = append(spec.Keep, k)
		}
		s := optest.Subject{In: [][]*schema.Type{batchtest.Types(c.Keys["in"])}, Out: batchtest.Types(c.Keys["out"])}
		s.New = func() (op.Operator, error) { return unnest.New(spec, s.In, s.Out) }
		return s, nil
	})
}

func TestNoAllocations(t *testing.T) {
	in := batchtest.Types("BIGINT; ARRAY<STRING>")
	o, err := unnest.New(&graph.UnnestSpec{Col: 1, Keep: []int{0}}, [][]*schema.Type{in}, batchtest.Types("BIGINT; STRING"))
	if err != nil {
		t.Fatal(err)
	}
	rt := optest.NewRuntime(optest.Options{})
	if err := o.Open(rt); err != nil {
		t.Fatal(err)
	}
	pool := rt.Pool(in)
	step := func() {
		b := pool.Get()
		for i := range 1000 {
			b.Own(0).AppendValue(schema.IntValue(int64(i)))
			b.Own(1).AppendValue(list)
		}
		b.SetLen(1000)
		res, err := o.Process(0, b)
		for ; err == nil && res.Out != nil; res, err = o.Continue() {
			res.Out.Release()
			if !res.More {
				break
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	step()
	if n := testing.AllocsPerRun(10, step); n > 0 {
		t.Errorf("%v allocations a batch", n)
	}
}

var list = schema.Value{Elems: []schema.Value{schema.StringValue("one"), schema.NullValue, schema.StringValue("three")}}
