// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package opt

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/schema"
)

// pruneColumns removes what nobody reads: columns of projections and scans, aggregates, ranks, window properties.
func pruneColumns(root plan.Node) plan.Node {
	all := make([]int, len(root.Schema()))
	for i := range all {
		all[i] = i
	}
	n, _ := prune(root, all)
	return n
}

// prune returns a node that has at least the columns of need (ascending), and where each old column lies in it, -1 for those
// that are gone.
func prune(n plan.Node, need []int) (plan.Node, []int) {
	switch n := n.(type) {
	case *plan.Scan:
		return pruneScan(n, need)
	case *plan.Values:
		return n, identity(len(n.Out))
	case *plan.Project:
		return pruneProject(n, need)
	case *plan.Filter:
		in, to := prune(n.Input, merge(need, expr.Columns(n.Cond)))
		return &plan.Filter{Input: in, Cond: move(n.Cond, to)}, to
	case *plan.Watermark:
		in, to := prune(n.Input, merge(need, []int{n.Col}, expr.Columns(n.Mark)))
		c := *n
		c.Input, c.Col, c.Mark = in, to[n.Col], move(n.Mark, to)
		return &c, to
	case *plan.Aggregate:
		return pruneAggregate(n, need)
	case *plan.Join:
		return pruneJoin(n, need)
	case *plan.Union:
		return pruneUnion(n, need)
	case *plan.WindowTable:
		return pruneWindowTable(n, need)
	case *plan.TopN:
		return pruneTopN(n, need)
	case *plan.Unnest:
		return pruneUnnest(n, need)
	case *plan.Sink, *plan.Collect:
		in := plan.Inputs(n)[0]
		all := identity(len(in.Schema()))
		p, to := prune(in, all)
		return plan.WithInputs(n, []plan.Node{arrange(p, in.Schema(), all, to)}), all
	default:
		// Sort, Over, Expand: everything below stays.
		old := plan.Inputs(n)
		in := make([]plan.Node, len(old))
		for i := range old {
			all := identity(len(old[i].Schema()))
			p, to := prune(old[i], all)
			in[i] = arrange(p, old[i].Schema(), all, to)
		}
		return plan.WithInputs(n, in), identity(len(n.Schema()))
	}
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// merge returns the union of sets of columns, ascending.
func merge(sets ...[]int) []int {
	out := slices.Concat(sets...)
	slices.Sort(out)
	return slices.Compact(out)
}

// move points the columns of an expression to their new places.
func move(e expr.Expr, to []int) expr.Expr {
	if e == nil {
		return nil
	}
	return expr.Remap(e, func(i int) int { return to[i] })
}

func moveAll(cols, to []int) []int {
	out := make([]int, len(cols))
	for i, c := range cols {
		out[i] = to[c]
	}
	return out
}

// arrange projects a pruned node to exactly the wanted old columns.
func arrange(n plan.Node, old schema.Schema, want, to []int) plan.Node {
	exprs := make([]expr.Expr, len(want))
	names := make([]string, len(want))
	out := n.Schema()
	for i, w := range want {
		exprs[i] = plan.Retype(plan.ColOf(out, to[w]), old[w].Type)
		names[i] = old[w].Name
	}
	if plan.IsIdentity(exprs, len(out)) && slices.Equal(names, out.Names()) {
		return n
	}
	return &plan.Project{Input: n, Exprs: exprs, Names: names}
}

// mapping says where each of n old columns lies when only those of keep are left.
func mapping(n int, keep []int) []int {
	to := make([]int, n)
	for i := range to {
		to[i] = -1
	}
	for at, k := range keep {
		to[k] = at
	}
	return to
}

func pruneScan(n *plan.Scan, need []int) (plan.Node, []int) {
	if !n.Source.Caps.Projection {
		return n, identity(len(n.Out))
	}
	if n.Watermark != nil && n.Watermark.Mark != nil {
		need = merge(need, expr.Columns(n.Watermark.Mark))
	}
	need = merge(need, keyColumns(n))
	if len(need) == 0 {
		need = []int{cheapest(n.Out)}
	}
	c := *n
	c.Columns, c.Out = nil, nil
	for _, i := range need {
		c.Columns = append(c.Columns, n.Columns[i])
		c.Out = append(c.Out, n.Out[i])
	}
	to := mapping(len(n.Out), need)
	if n.Watermark != nil {
		c.Watermark = &plan.ScanWatermark{Mark: move(n.Watermark.Mark, to), Delay: n.Watermark.Delay}
	}
	return &c, to
}

// keyColumns are the columns of the primary key of a source whose changes are to be put in order by it.
func keyColumns(n *plan.Scan) []int {
	if !n.Source.Normalize {
		return nil
	}
	var cols []int
	for i, c := range n.Columns {
		if c.Metadata == "" && len(c.Path) == 1 && slices.Contains(n.Source.Table.PrimaryKey, c.Path[0]) {
			cols = append(cols, i)
		}
	}
	return cols
}

// cheapest returns the column that costs least: a batch must have one to have rows.
func cheapest(s schema.Schema) int {
	best, cost := 0, 1000
	for i, f := range s {
		c := 0
		switch f.Type.Physical() {
		case schema.PhysBool, schema.PhysInt8, schema.PhysInt16, schema.PhysInt32:
			c = 1
		case schema.PhysInt64, schema.PhysFloat32, schema.PhysFloat64:
			c = 2
		case schema.PhysNone, schema.PhysInt128, schema.PhysTime9:
			c = 3
		case schema.PhysBytes:
			c = 10
		case schema.PhysList, schema.PhysMap, schema.PhysStruct:
			c = 20
		}
		if c < cost {
			best, cost = i, c
		}
	}
	return best
}

func pruneProject(n *plan.Project, need []int) (plan.Node, []int) {
	if len(need) == 0 {
		need = []int{0}
	}
	c := &plan.Project{}
	for _, i := range need {
		c.Exprs = append(c.Exprs, n.Exprs[i])
		c.Names = append(c.Names, n.Names[i])
	}
	in, to := prune(n.Input, expr.Columns(c.Exprs...))
	for i, e := range c.Exprs {
		c.Exprs[i] = move(e, to)
	}
	c.Input = in
	return c, mapping(len(n.Exprs), need)
}

func pruneAggregate(n *plan.Aggregate, need []int) (plan.Node, []int) {
	c := *n
	c.Aggs, c.Props, c.PropTypes = nil, nil, nil
	c.Names = slices.Clone(n.Names[:len(n.Keys)])
	keep := identity(len(n.Keys))
	reads := slices.Clone(n.Keys)
	for i, a := range n.Aggs {
		at := len(n.Keys) + i
		if !slices.Contains(need, at) && (len(n.Keys) > 0 || len(need) > 0) {
			continue
		}
		keep = append(keep, at)
		c.Aggs = append(c.Aggs, a)
		c.Names = append(c.Names, n.Names[at])
		reads = append(reads, a.Args...)
		if a.Filter >= 0 {
			reads = append(reads, a.Filter)
		}
	}
	for i, p := range n.Props {
		at := len(n.Keys) + len(n.Aggs) + i
		// The bounds stay: they cost nothing, and operators above find the window by them.
		if !slices.Contains(need, at) && n.Legacy {
			continue
		}
		keep = append(keep, at)
		c.Props = append(c.Props, p)
		c.PropTypes = append(c.PropTypes, n.PropTypes[i])
		c.Names = append(c.Names, n.Names[at])
	}
	w := n.Window
	if w != nil {
		if w.Attached {
			reads = append(reads, w.StartCol, w.EndCol)
		} else {
			reads = append(reads, w.TimeCol)
		}
	}
	in, to := prune(n.Input, merge(reads))
	if len(reads) == 0 && len(in.Schema()) == 0 {
		in, to = prune(n.Input, []int{0})
	}
	c.Input = in
	c.Keys = moveAll(n.Keys, to)
	for i := range c.Aggs {
		c.Aggs[i].Args = moveAll(c.Aggs[i].Args, to)
		if c.Aggs[i].Filter >= 0 {
			c.Aggs[i].Filter = to[c.Aggs[i].Filter]
		}
	}
	if w != nil {
		m := *w
		if w.Attached {
			m.StartCol, m.EndCol = to[w.StartCol], to[w.EndCol]
		} else {
			m.TimeCol = to[w.TimeCol]
		}
		c.Window = &m
	}
	return &c, mapping(len(n.Names), keep)
}

func pruneJoin(n *plan.Join, need []int) (plan.Node, []int) {
	left, right := n.Left.Schema(), n.Right.Schema()
	reads := need
	if n.Cond != nil {
		reads = merge(need, expr.Columns(n.Cond))
	}
	var l, r []int
	for _, i := range reads {
		if i < len(left) {
			l = append(l, i)
		} else {
			r = append(r, i-len(left))
		}
	}
	if n.KeepTime { // The bounds and the time of the window say what kind of join this is.
		l, r = merge(l, windowCols(n.Left)), merge(r, windowCols(n.Right))
	}
	if len(l) == 0 {
		l = []int{cheapest(left)}
	}
	if len(r) == 0 {
		r = []int{cheapest(right)}
	}
	c := *n
	lp, lto := prune(n.Left, l)
	rp, rto := prune(n.Right, r)
	c.Left, c.Right = arrange(lp, left, l, lto), arrange(rp, right, r, rto)
	to := append(mapping(len(left), l), mapping(len(right), r)...)
	for i := len(left); i < len(to); i++ {
		if to[i] >= 0 {
			to[i] += len(l)
		}
	}
	c.Cond = move(n.Cond, to)
	if n.Kind == graph.Semi || n.Kind == graph.Anti {
		to = to[:len(left)]
	}
	return &c, to
}

func windowCols(n plan.Node) []int {
	w := plan.WindowOf(n)
	if w == nil {
		return nil
	}
	return []int{w.Start[0], w.End[0]}
}

func pruneUnion(n *plan.Union, need []int) (plan.Node, []int) {
	if len(need) == 0 {
		need = []int{cheapest(n.Out)}
	}
	c := &plan.Union{}
	for _, i := range need {
		c.Out = append(c.Out, n.Out[i])
	}
	for _, in := range n.Inputs {
		p, to := prune(in, need)
		c.Inputs = append(c.Inputs, arrange(p, in.Schema(), need, to))
	}
	return c, mapping(len(n.Out), need)
}

func pruneWindowTable(n *plan.WindowTable, need []int) (plan.Node, []int) {
	inner := len(n.Input.Schema())
	var below []int
	for _, i := range need {
		if i < inner {
			below = append(below, i)
		}
	}
	below = merge(below, n.Keys, []int{n.Window.TimeCol})
	p, to := prune(n.Input, below)
	in := arrange(p, n.Input.Schema(), below, to)
	to = mapping(inner, below)
	c := *n
	c.Input, c.Keys = in, moveAll(n.Keys, to)
	c.Window.TimeCol = to[n.Window.TimeCol]
	for i := range 3 {
		to = append(to, len(below)+i)
	}
	return &c, to
}

// pruneUnnest keeps all columns of the element, and of the others what is read.
func pruneUnnest(n *plan.Unnest, need []int) (plan.Node, []int) {
	c := *n
	c.Keep = nil
	to := make([]int, len(n.Keep)+len(n.Out))
	for i, k := range n.Keep {
		to[i] = -1
		if slices.Contains(need, i) {
			to[i] = len(c.Keep)
			c.Keep = append(c.Keep, k)
		}
	}
	for i := range n.Out {
		to[len(n.Keep)+i] = len(c.Keep) + i
	}
	in, moved := prune(n.Input, merge(c.Keep, []int{n.Col}))
	c.Input, c.Col, c.Keep = in, moved[n.Col], moveAll(c.Keep, moved)
	return &c, to
}

func pruneTopN(n *plan.TopN, need []int) (plan.Node, []int) {
	inner := len(n.Input.Schema())
	c := *n
	c.OutputRank = n.OutputRank && slices.Contains(need, inner)
	below := slices.DeleteFunc(slices.Clone(need), func(i int) bool { return i == inner })
	below = merge(below, n.Partition)
	for _, s := range n.Sort {
		below = merge(below, []int{s.Col})
	}
	if len(below) == 0 {
		below = []int{cheapest(n.Input.Schema())}
	}
	p, to := prune(n.Input, below)
	c.Input = arrange(p, n.Input.Schema(), below, to)
	to = mapping(inner, below)
	c.Partition = moveAll(n.Partition, to)
	if n.Hold == graph.HoldWindow || n.Hold == graph.HoldTime {
		c.TimeCol = to[n.TimeCol]
	}
	c.Sort = slices.Clone(n.Sort)
	for i := range c.Sort {
		c.Sort[i].Col = to[c.Sort[i].Col]
	}
	if n.OutputRank {
		if c.OutputRank {
			to = append(to, len(below))
		} else {
			to = append(to, -1)
		}
	}
	return &c, to
}
