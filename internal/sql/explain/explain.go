// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"strings"

	"spate/internal/graph"
	"spate/internal/sql/phys"
	"spate/internal/sql/plan"
)

// Stages are the plans of one statement.
type Stages struct {
	Logical, Optimized []plan.Node
	Physical           *phys.Plan
	Graph              *graph.Job
}

// Text prints all stages under headings. changelog adds to the operators of the physical plan what changes they emit.
func (s *Stages) Text(changelog bool) string {
	var b strings.Builder
	section := func(heading, text string) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("== " + heading + " ==\n" + text)
	}
	section("Abstract Syntax Tree", Logical(s.Logical))
	section("Optimized Logical Plan", Logical(s.Optimized))
	section("Optimized Physical Plan", s.Physical.Text(changelog))
	section("Job Graph", Graph(s.Graph))
	return b.String()
}
