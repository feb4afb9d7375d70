// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"spate/internal/aggs"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/agg"
	"spate/internal/op/optest"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the expected output in testdata")

// calls parses aggregates, parted by semicolons: NAME(col, ...) [distinct] [filter=col] [sep=text].
func calls(text string, in []*schema.Type) ([]graph.AggCall, error) {
	var cs []graph.AggCall
	for s := range strings.SplitSeq(text, ";") {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		name, rest, _ := strings.Cut(s, "(")
		args, opts, _ := strings.Cut(rest, ")")
		c := graph.AggCall{Fn: name, Filter: -1}
		var types []*schema.Type
		for a := range strings.FieldsSeq(strings.ReplaceAll(args, ",", " ")) {
			n, err := strconv.Atoi(a)
			if err != nil {
				return nil, err
			}
			c.Args = append(c.Args, n)
			types = append(types, in[n])
		}
		for o := range strings.FieldsSeq(opts) {
			key, value, _ := strings.Cut(o, "=")
			switch key {
			case "distinct":
				c.Distinct = true
			case "filter":
				c.Filter, _ = strconv.Atoi(value)
			case "sep":
				c.Lits = []schema.Value{schema.StringValue(value)}
			}
		}
		t, err := aggs.Infer(name, types, c.Distinct)
		if err != nil {
			return nil, err
		}
		if f, _ := aggs.Lookup(name); f.NullOnEmpty {
			t = t.WithNull(true)
		}
		c.Type = t
		cs = append(cs, c)
	}
	return cs, nil
}

func groupSubject(c *optest.Case) (optest.Subject, error) {
	in := batchtest.Types(c.Keys["in"])
	spec := &graph.GroupAggSpec{UpdateBefore: c.Keys["updateBefore"] != "false", Retract: c.Keys["retract"] == "true"}
	var out []*schema.Type
	for f := range strings.FieldsSeq(c.Keys["keys"]) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return optest.Subject{}, err
		}
		spec.Keys = append(spec.Keys, n)
		out = append(out, in[n])
	}
	var err error
	if spec.Aggs, err = calls(c.Keys["agg"], in); err != nil {
		return optest.Subject{}, err
	}
	for _, a := range spec.Aggs {
		out = append(out, a.Type)
	}
	for o := range strings.FieldsSeq(c.Keys["bundle"]) {
		key, value, _ := strings.Cut(o, "=")
		n, _ := strconv.ParseInt(value, 10, 64)
		switch key {
		case "row":
			spec.Bundle.PerRow = true
		case "size":
			spec.Bundle.Size = n
		case "latency":
			spec.Bundle.Latency = n
		default:
			return optest.Subject{}, fmt.Errorf("unknown bundle %s", o)
		}
	}
	if spec.TTL, err = strconv.ParseInt("0"+c.Keys["ttl"], 10, 64); err != nil {
		return optest.Subject{}, err
	}
	return optest.Subject{
		New: func() (op.Operator, error) { return agg.New(spec, in, out) },
		In:  [][]*schema.Type{in},
		Out: out,
	}, nil
}

func TestGroup(t *testing.T) {
	optest.Files(t, "testdata/group_*.txt", *rewrite, groupSubject)
}
