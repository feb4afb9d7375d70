// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"math"

	"spate/internal/sql/plan"
)

// sortToTopN turns ORDER BY with LIMIT, and LIMIT alone, into a Top-N over all rows.
func sortToTopN(root plan.Node) plan.Node {
	return plan.Rewrite(root, func(n plan.Node) plan.Node {
		s, ok := n.(*plan.Sort)
		if !ok || s.Limit < 0 {
			return n
		}
		if s.Limit == 0 {
			return &plan.Values{Out: n.Schema()}
		}
		end := int64(math.MaxInt64)
		if s.Offset <= math.MaxInt64-s.Limit {
			end = s.Offset + s.Limit
		}
		return &plan.TopN{Input: s.Input, Sort: s.Keys, Start: s.Offset + 1, End: end}
	})
}
