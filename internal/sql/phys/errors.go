// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"strconv"
	"strings"

	"spate/connector"
	"spate/internal/sql/plan"
	"spate/internal/sys/errs"
)

func itoa(n int) string { return strconv.Itoa(n) }

func unsortable(n *plan.Sort) error {
	return n.Place.Errorf(errs.NotSupported, "Sort on a non-time-attribute field is not supported.").
		WithHint("a result that never ends can be ordered only with a LIMIT: ORDER BY ... LIMIT n")
}

func overUnsupported(n *plan.Over) error {
	c := n.Calls[0]
	if c.Agg.Fn == "ROW_NUMBER" {
		return c.Place.Errorf(errs.NotSupported, "ROW_NUMBER() is supported as Top-N only").
			WithHint("bound it from above in the query around: WHERE rownum <= n")
	}
	return c.Place.Errorf(errs.NotSupported, "%s in an OVER clause is not supported yet", c.Agg.Fn)
}

func noPrimaryKey(n *plan.Scan) error {
	return errs.New(errs.InvalidStatement,
		"Table '%s' produces a changelog stream contains UPDATE_AFTER, no UPDATE_BEFORE. This requires to define primary key constraint on the table.",
		n.Source.Table.Name)
}

// consumes is Flink's refusal of changes by a node that cannot take them.
func consumes(n, producer plan.Node, t *traits) error {
	name, _, _ := strings.Cut(Describe(n), "(")
	return errs.New(errs.InvalidStatement, "StreamPhysical%s doesn't support consuming %s which is produced by node %s",
		name, changeWords(t.changes(producer)), Describe(t.origin(producer)))
}

func changeWords(c changes) string {
	switch {
	case c.update && c.delete:
		return "update and delete changes"
	case c.update:
		return "update changes"
	default:
		return "delete changes"
	}
}

// origin is the node that first makes the changes.
func (t *traits) origin(n plan.Node) plan.Node {
	for {
		next := n
		switch n.(type) {
		case *plan.Project, *plan.Filter, *plan.Watermark:
			next = plan.Inputs(n)[0]
		}
		if next == n || !t.changes(next).any() {
			return n
		}
		n = next
	}
}

// check refuses sinks that do not take what comes to them.
func (t *traits) check(root plan.Node) error {
	s, ok := root.(*plan.Sink)
	if !ok {
		return nil
	}
	c := t.changes(s.Input)
	kinds := sinkKinds(s.Target)
	refused := changes{c.update && kinds&connector.KindUpdateAfter == 0, c.delete && kinds&connector.KindDelete == 0}
	if !refused.any() {
		return nil
	}
	return s.Target.Place.Errorf(errs.InvalidStatement, "Table sink '%s' doesn't support consuming %s which is produced by node %s",
		s.Target.Table.Name, changeWords(refused), Describe(t.origin(s.Input)))
}
