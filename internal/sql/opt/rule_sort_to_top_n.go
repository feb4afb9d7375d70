// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"math"

	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// sortToTopN turns orders and limits into Top-Ns over all rows: with a LIMIT; by the row time, where rows wait for the watermark;
// over bounded input and in batch mode, where they wait for the end of the input. Rows come in the order of processing time by
// themselves. Other orders stay, and are refused later.
func (o *Options) sortToTopN(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		s, ok := n.(*plan.Sort)
		if !ok {
			return n
		}
		if s.Limit == 0 {
			return &plan.Values{Out: n.Schema()}
		}
		t := &plan.TopN{Input: s.Input, Sort: s.Keys, Start: s.Offset + 1, End: math.MaxInt64}
		if s.Limit > 0 && s.Offset <= math.MaxInt64-s.Limit {
			t.End = s.Offset + s.Limit
		}
		switch {
		case o.Batch:
			if len(s.Keys) > 0 {
				t.Hold = graph.HoldEnd
			}
			return t
		case s.Limit > 0:
			return t
		case len(s.Keys) == 0:
			return n
		}
		first := s.Keys[0]
		attr := s.Input.Schema()[first.Col].Type.Attr
		switch {
		case attr == schema.ProcTime && !first.Desc && s.Offset == 0:
			return s.Input
		case attr == schema.RowTime && !first.Desc && s.Offset == 0:
			t.Partition, t.Sort = []int{first.Col}, s.Keys[1:]
			t.Hold, t.TimeCol = graph.HoldTime, first.Col
			return t
		case bounded(s.Input):
			t.Hold = graph.HoldEnd
			return t
		}
		return n
	})
}

// bounded tells whether all sources below a node end.
func bounded(n plan.Node) bool {
	all := true
	plan.Each(n, func(x plan.Node) {
		if s, ok := x.(*plan.Scan); ok && !s.Source.Caps.Bounded {
			all = false
		}
	})
	return all
}
