// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package window_test

import (
	"flag"
	"strconv"
	"strings"
	"testing"

	"spate/internal/aggs"
	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/optest"
	"spate/internal/op/window"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the expected output in testdata")

func ints(text string) []int {
	var ns []int
	for f := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic(err)
		}
		ns = append(ns, n)
	}
	return ns
}

// calls parses aggregates, parted by semicolons: NAME(col, ...) [distinct] [filter=col].
func calls(text string, in []*schema.Type) []graph.AggCall {
	var cs []graph.AggCall
	for s := range strings.SplitSeq(text, ";") {
		name, rest, ok := strings.Cut(strings.TrimSpace(s), "(")
		if !ok {
			continue
		}
		args, opts, _ := strings.Cut(rest, ")")
		c := graph.AggCall{Fn: name, Filter: -1, Args: ints(args)}
		var types []*schema.Type
		for _, a := range c.Args {
			types = append(types, in[a])
		}
		for o := range strings.FieldsSeq(opts) {
			key, value, _ := strings.Cut(o, "=")
			c.Distinct = c.Distinct || key == "distinct"
			if key == "filter" {
				c.Filter = ints(value)[0]
			}
		}
		t, err := aggs.Infer(name, types, c.Distinct)
		if err != nil {
			panic(err)
		}
		if f, _ := aggs.Lookup(name); f.NullOnEmpty {
			t = t.WithNull(true)
		}
		c.Type = t
		cs = append(cs, c)
	}
	return cs
}

// parseWindow parses "TUMBLE size=10 offset=1 zone=Asia/Shanghai"; time is the column of the time attribute.
func parseWindow(text string) (graph.Window, []graph.WindowProp) {
	f := strings.Fields(text)
	w := graph.Window{Kind: graph.WindowKind(f[0]), TimeCol: 0}
	props := []graph.WindowProp{graph.WindowStart, graph.WindowEnd}
	for _, o := range f[1:] {
		key, value, _ := strings.Cut(o, "=")
		n, _ := strconv.ParseInt(value, 10, 64)
		switch key {
		case "size":
			w.Size = n
		case "slide":
			w.Slide = n
		case "offset":
			w.Offset = n
		case "time":
			w.TimeCol = int(n)
		case "zone":
			w.Zone = value
		case "proc":
			w.ProcTime = true
		case "attached":
			w.Attached, w.StartCol, w.EndCol = true, int(n), int(n)+1
		case "props":
			props = nil
			for p := range strings.SplitSeq(value, ",") {
				if p != "" {
					props = append(props, graph.WindowProp(p))
				}
			}
		default:
			panic("unknown option " + key)
		}
	}
	return w, props
}

func subject(c *optest.Case) (optest.Subject, error) {
	in := batchtest.Types(c.Keys["in"])
	w, props := parseWindow(c.Keys["window"])
	if c.Keys["agg"] == "" && c.Keys["table"] != "" {
		return tableSubject(c, in, w)
	}
	spec := &graph.WindowAggSpec{Keys: ints(c.Keys["keys"]), Window: w, Props: props, Retract: c.Keys["retract"] == "true"}
	spec.Aggs = calls(c.Keys["agg"], in)
	var out []*schema.Type
	for _, k := range spec.Keys {
		out = append(out, in[k])
	}
	for _, a := range spec.Aggs {
		out = append(out, a.Type)
	}
	for _, p := range props {
		t := schema.NewTimestamp(3)
		if p == graph.WindowTime && w.Zone != "" {
			t = schema.NewTimestampLTZ(3)
		}
		out = append(out, t.NotNull())
	}
	return optest.Subject{
		New: func() (op.Operator, error) { return window.NewAggregate(spec, in, out) },
		In:  [][]*schema.Type{in},
		Out: out,
	}, nil
}

func TestWindows(t *testing.T) { optest.Files(t, "testdata/*.txt", *rewrite, subject) }

func tableSubject(c *optest.Case, in []*schema.Type, w graph.Window) (optest.Subject, error) {
	spec := &graph.WindowTableSpec{Window: w, Keys: ints(c.Keys["keys"])}
	out := append([]*schema.Type{}, in...)
	out = append(out, schema.NewTimestamp(3).NotNull(), schema.NewTimestamp(3).NotNull(), schema.NewTimestamp(3).NotNull())
	if w.Zone != "" {
		out[len(out)-1] = schema.NewTimestampLTZ(3).NotNull()
	}
	return optest.Subject{
		New: func() (op.Operator, error) { return window.NewTable(spec, in, out) },
		In:  [][]*schema.Type{in},
		Out: out,
	}, nil
}
