// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
)

// changes is what a node may emit besides inserts.
type changes struct {
	update, delete bool
}

func (c changes) any() bool { return c.update || c.delete }

func (c changes) or(o changes) changes { return changes{c.update || o.update, c.delete || o.delete} }

// traits derives properties of plan nodes, each once.
type traits struct {
	kinds map[plan.Node]changes
	keys  map[plan.Node][][]int
	// order are the upsert keys; see upsert.
	order map[plan.Node][][]int
	// before says that a node must emit -U, full that its -D rows must have all columns.
	before map[plan.Node]bool
	full   map[plan.Node]bool
	marked map[plan.Node]bool
}

func newTraits() *traits {
	return &traits{
		kinds: map[plan.Node]changes{}, keys: map[plan.Node][][]int{}, order: map[plan.Node][][]int{}, before: map[plan.Node]bool{},
		full: map[plan.Node]bool{}, marked: map[plan.Node]bool{},
	}
}

// changes returns what a node emits besides inserts.
func (t *traits) changes(n plan.Node) changes {
	if c, ok := t.kinds[n]; ok {
		return c
	}
	var c changes
	switch n := n.(type) {
	case *plan.Scan:
		k := n.Source.Caps.Changelog
		c = changes{update: k&connector.KindUpdateAfter != 0, delete: k&connector.KindDelete != 0}
	case *plan.Aggregate:
		in := t.changes(n.Input)
		switch {
		case n.Window != nil:
		case len(n.Aggs) == 0:
			c = changes{delete: in.any()}
		default:
			c = changes{update: true, delete: in.any() && len(n.Keys) > 0}
		}
	case *plan.Join:
		c = t.changes(n.Left).or(t.changes(n.Right))
		if n.Kind != graph.Inner && n.Kind != graph.Semi && !n.KeepTime {
			c = changes{true, true}
		}
	case *plan.TopN:
		if n.Hold == graph.HoldNot && (t.changes(n.Input).any() || len(n.Sort) > 0) {
			c = changes{true, true}
		}
	default:
		for _, in := range plan.Inputs(n) {
			c = c.or(t.changes(in))
		}
	}
	t.kinds[n] = c
	return c
}

// normalizes tells whether the changes of a scan must be put in order by its key: not when whoever consumes them does so by
// itself.
func (t *traits) normalizes(s *plan.Scan) bool {
	if !s.Source.Normalize {
		return false
	}
	return s.Source.Duplicates || t.before[s] || s.Source.Caps.DeleteByKey && t.full[s]
}

// unique returns keys such that no two rows of the result so far agree on one.
func (t *traits) unique(n plan.Node) [][]int {
	if k, ok := t.keys[n]; ok {
		return k
	}
	var keys [][]int
	switch n := n.(type) {
	case *plan.Scan:
		keys = scanKeys(n)
	case *plan.Project:
		keys = projectKeys(n.Exprs, t.unique(n.Input))
	case *plan.Filter:
		keys = t.unique(n.Input)
	case *plan.Watermark:
		keys = t.unique(n.Input)
	case *plan.Aggregate:
		keys = t.aggregateKeys(n)
	case *plan.Join:
		keys = joinKeys(n, t.unique(n.Left), t.unique(n.Right))
	case *plan.TopN:
		keys = slices.Clone(t.unique(n.Input))
		if n.Start == n.End {
			keys = append(keys, n.Partition)
		}
		if n.OutputRank {
			keys = append(keys, append(slices.Clone(n.Partition), len(n.Input.Schema())))
		}
	case *plan.WindowTable:
		at := len(n.Input.Schema())
		for _, k := range t.unique(n.Input) {
			keys = append(keys, append(slices.Clone(k), at, at+1))
		}
	case *plan.Sort, *plan.Over:
		keys = t.unique(plan.Inputs(n)[0])
	case *plan.Values:
		if len(n.Rows) <= 1 {
			keys = [][]int{{}}
		}
	}
	keys = minimal(keys)
	t.keys[n] = keys
	return keys
}

// upsert returns unique keys such that all changes of one key are in order: no exchange on the way has parted them.
func (t *traits) upsert(n plan.Node) [][]int {
	if !t.updates(n) {
		return t.unique(n)
	}
	if k, ok := t.order[n]; ok {
		return k
	}
	var keys [][]int
	switch n := n.(type) {
	case *plan.Project:
		keys = minimal(projectKeys(n.Exprs, t.upsert(n.Input)))
	case *plan.Filter:
		keys = t.upsert(n.Input)
	case *plan.Join:
		lk, rk := joinColumns(n)
		keys = minimal(joinKeys(n, t.exchanged(n.Left, lk), t.exchanged(n.Right, rk)))
	case *plan.Aggregate:
		key := make([]int, len(n.Keys))
		for i := range key {
			key[i] = i
		}
		keys = minimal(append(positions(n.Keys, t.unique(n.Input)), key))
	case *plan.TopN:
		for _, k := range t.unique(n) {
			if contains(k, n.Partition) {
				keys = append(keys, k)
			}
		}
	default:
		keys = t.unique(n)
	}
	t.order[n] = keys
	return keys
}

// exchanged are the upsert keys behind an exchange by columns: those that hold all of them.
func (t *traits) exchanged(n plan.Node, by []int) [][]int {
	keys := t.upsert(n)
	if !t.updates(n) {
		return keys
	}
	var out [][]int
	for _, k := range keys {
		if contains(k, by) {
			out = append(out, k)
		}
	}
	return out
}

// minimal sorts the keys and drops those that contain another.
func minimal(keys [][]int) [][]int {
	var out [][]int
	for _, k := range keys {
		k = slices.Compact(slices.Sorted(slices.Values(k)))
		if k == nil {
			k = []int{}
		}
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b []int) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	var kept [][]int
	for _, k := range out {
		if !slices.ContainsFunc(kept, func(s []int) bool { return contains(k, s) }) {
			kept = append(kept, k)
		}
	}
	return kept
}

// contains tells whether all of b is in a.
func contains(a, b []int) bool {
	return !slices.ContainsFunc(b, func(x int) bool { return !slices.Contains(a, x) })
}

// scanKeys is the primary key, if the scan produces it.
func scanKeys(n *plan.Scan) [][]int {
	pk := n.Source.Table.PrimaryKey
	if len(pk) == 0 {
		return nil
	}
	key := make([]int, 0, len(pk))
	for _, p := range pk {
		i := slices.IndexFunc(n.Columns, func(c connector.ScanColumn) bool { return c.Metadata == "" && len(c.Path) == 1 && c.Path[0] == p })
		if i < 0 {
			return nil
		}
		key = append(key, i)
	}
	return [][]int{key}
}

// projectKeys carries keys through a projection.
func projectKeys(exprs []expr.Expr, in [][]int) [][]int {
	at := map[int]int{}
	for i, e := range exprs {
		if c, ok := e.(*expr.Col); ok {
			if _, dup := at[c.Index]; !dup {
				at[c.Index] = i
			}
		}
	}
	var out [][]int
	for _, k := range in {
		moved := make([]int, 0, len(k))
		for _, c := range k {
			if i, ok := at[c]; ok {
				moved = append(moved, i)
			}
		}
		if len(moved) == len(k) {
			out = append(out, moved)
		}
	}
	return out
}

func (t *traits) aggregateKeys(n *plan.Aggregate) [][]int {
	key := make([]int, len(n.Keys))
	for i := range key {
		key[i] = i
	}
	if n.Window == nil {
		return append(positions(n.Keys, t.unique(n.Input)), key)
	}
	if n.Window.Attached && slices.Contains(n.Keys, n.Window.StartCol) && slices.Contains(n.Keys, n.Window.EndCol) {
		return [][]int{key}
	}
	start := slices.Index(n.Props, graph.WindowStart)
	end := slices.Index(n.Props, graph.WindowEnd)
	if start < 0 && end < 0 {
		return nil
	}
	at := end
	if n.Window.Kind == graph.Cumulate && start >= 0 && end >= 0 || at < 0 {
		at = max(start, end)
	}
	return [][]int{slices.Concat(key, []int{len(n.Keys) + len(n.Aggs) + at})}
}

// positions are the keys that lie within cols, by their place in it.
func positions(cols []int, keys [][]int) [][]int {
	var out [][]int
	for _, k := range keys {
		if !contains(cols, k) {
			continue
		}
		p := make([]int, len(k))
		for i, c := range k {
			p[i] = slices.Index(cols, c)
		}
		out = append(out, p)
	}
	return out
}

// joinKeys are the keys of a join by those of its inputs.
func joinKeys(n *plan.Join, left, right [][]int) [][]int {
	if n.Kind == graph.Semi || n.Kind == graph.Anti {
		return left
	}
	lk, rk := joinColumns(n)
	leftOne := slices.ContainsFunc(left, func(k []int) bool { return contains(lk, k) })
	rightOne := slices.ContainsFunc(right, func(k []int) bool { return contains(rk, k) })
	shift := len(n.Left.Schema())
	var keys [][]int
	moved := make([][]int, len(right))
	for i, k := range right {
		moved[i] = make([]int, len(k))
		for j, c := range k {
			moved[i][j] = c + shift
		}
	}
	// At most one partner on the other side: the keys of this side stay keys, unless padding can add NULLs to them.
	if rightOne && (n.Kind == graph.Inner || n.Kind == graph.Left) {
		keys = append(keys, left...)
	}
	if leftOne && (n.Kind == graph.Inner || n.Kind == graph.Right) {
		keys = append(keys, moved...)
	}
	for _, l := range left {
		for _, r := range moved {
			keys = append(keys, append(slices.Clone(l), r...))
		}
	}
	return keys
}

// joinColumns returns the key columns of a join, left and right, each by its own input.
func joinColumns(n *plan.Join) (left, right []int) {
	keys, _ := plan.SplitJoin(n)
	for _, k := range keys {
		l, ok1 := k.Left.(*expr.Col)
		r, ok2 := k.Right.(*expr.Col)
		if ok1 && ok2 {
			left, right = append(left, l.Index), append(right, r.Index)
		}
	}
	return left, right
}
