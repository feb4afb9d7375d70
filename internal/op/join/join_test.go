// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join_test

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spate/internal/col/batchtest"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/op/exprtext"
	"spate/internal/op/join"
	"spate/internal/op/optest"
	"spate/schema"
)

var rewrite = flag.Bool("rewrite", false, "write the expected output anew")

// TestFiles runs the cases of testdata. Keys: kind, left and right (types), leftKeys, rightKeys, nullSafe, condition, leftUnique,
// rightUnique, retract (of: left, right), leftTTL, rightTTL; leftEnd and rightEnd make it a window join.
func TestFiles(t *testing.T) {
	optest.Files(t, "testdata/*.txt", *rewrite, func(c *optest.Case) (optest.Subject, error) {
		left, right := batchtest.Types(c.Keys["left"]), batchtest.Types(c.Keys["right"])
		s := optest.Subject{In: [][]*schema.Type{left, right}}
		kind := graph.JoinKind(c.Keys["kind"])
		s.Out = outTypes(kind, left, right)
		var cond graph.ExprBox
		if text := c.Keys["condition"]; text != "" {
			cond = graph.Box(exprtext.Parse(text, slices.Concat(left, right)))
		}
		var safe []bool
		for f := range strings.FieldsSeq(c.Keys["nullSafe"]) {
			safe = append(safe, f == "true")
		}
		if c.Keys["leftEnd"] != "" {
			spec := &graph.WindowJoinSpec{
				Kind: kind, LeftKeys: ints(c.Keys["leftKeys"]), RightKeys: ints(c.Keys["rightKeys"]), NullSafe: safe, Condition: cond,
				LeftEnd: ints(c.Keys["leftEnd"])[0], RightEnd: ints(c.Keys["rightEnd"])[0], LeftTypes: left, RightTypes: right,
				Zone: c.Keys["zone"],
			}
			s.New = func() (op.Operator, error) { return join.NewWindow(spec, s.In, s.Out) }
			return s, nil
		}
		spec := &graph.JoinSpec{
			Kind: kind, LeftKeys: ints(c.Keys["leftKeys"]), RightKeys: ints(c.Keys["rightKeys"]), NullSafe: safe, Condition: cond,
			LeftUnique: ints(c.Keys["leftUnique"]), RightUnique: ints(c.Keys["rightUnique"]), LeftTypes: left, RightTypes: right,
			LeftRetract: strings.Contains(c.Keys["retract"], "left"), RightRetract: strings.Contains(c.Keys["retract"], "right"),
			UpdateBefore: true, Bundle: graph.Bundle{PerRow: true},
		}
		if v := ints(c.Keys["leftTTL"]); v != nil {
			spec.LeftTTL = int64(v[0])
		}
		if v := ints(c.Keys["rightTTL"]); v != nil {
			spec.RightTTL = int64(v[0])
		}
		s.New = func() (op.Operator, error) { return join.New(spec, s.In, s.Out) }
		return s, nil
	})
}

// outTypes returns the columns of a join; those of a side that may be padded are nullable.
func outTypes(kind graph.JoinKind, left, right []*schema.Type) []*schema.Type {
	var out []*schema.Type
	for _, t := range left {
		out = append(out, t.WithNull(t.Nullable || kind == graph.Right || kind == graph.Full))
	}
	if kind == graph.Semi || kind == graph.Anti {
		return out
	}
	for _, t := range right {
		out = append(out, t.WithNull(t.Nullable || kind == graph.Left || kind == graph.Full))
	}
	return out
}

func ints(text string) []int {
	var is []int
	for f := range strings.FieldsSeq(text) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic(fmt.Sprintf("%q is no list of numbers", text))
		}
		is = append(is, n)
	}
	return is
}
