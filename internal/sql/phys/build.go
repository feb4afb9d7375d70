// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package phys

import (
	"slices"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/sql/plan"
	"spate/internal/sys/conf"
	"spate/schema"
)

// Options is what the physical plan depends on besides the logical one.
type Options struct {
	Config *conf.Config
	// Name is that of the job.
	Name string
	// Origins are stable digests of nodes that are not those of their plans, see opt.Optimize.
	Origins map[plan.Node]string
}

// node is an operator before it is put into a vertex.
type node struct {
	spec graph.Spec
	name string
	uid  string
	in   []input
	out  schema.Schema
	// kinds are the row kinds that it emits.
	kinds connector.Changelog
	// parallelism is 0 until it is known: that of the input.
	parallelism int
	// dist is how its rows lie: hash-partitioned by these columns; nil when unknown.
	dist []int
	// single says that all rows are in one subtask.
	single bool
	of     plan.Node
}

// input is an edge before vertices are known.
type input struct {
	from []*node
	ship graph.Partitioning
}

type builder struct {
	o       Options
	t       *traits
	d       *plan.Digests
	stable  *plan.Digests
	memo    map[string]*node
	sources map[*plan.Scan]*node
	nodes   []*node
	reuse   bool
	uids    map[string]int
	p       int
	bundle  graph.Bundle
	ttl     int64
}

// Build makes the job graph of the plans of one job.
func Build(roots []plan.Node, o Options) (*graph.Job, *Plan, error) {
	b := &builder{
		o: o, t: newTraits(), d: plan.NewDigests(), stable: plan.NewStableDigests(), memo: map[string]*node{}, sources: map[*plan.Scan]*node{}, uids: map[string]int{},
		reuse: conf.ReuseSubPlan.Get(o.Config), p: Parallelism(o.Config),
		ttl: conf.StateTTL.Get(o.Config).Milliseconds(),
	}
	var err error
	if b.bundle, err = bundle(o.Config); err != nil {
		return nil, nil, err
	}
	if b.reuse {
		roots = b.shareEqual(roots)
	}
	for _, r := range roots {
		if err := b.t.check(r); err != nil {
			return nil, nil, err
		}
		b.t.mark(r, true, true)
	}
	var tops []*node
	for _, r := range roots {
		n, err := b.build(r)
		if err != nil {
			return nil, nil, err
		}
		tops = append(tops, n)
	}
	job := b.job()
	return job, &Plan{tops: tops, t: b.t}, nil
}

// Parallelism is the default number of subtasks of a job's operators.
func Parallelism(c *conf.Config) int {
	if p := conf.ExecParallelism.Get(c); p > 0 {
		return p
	}
	return conf.ParallelismDefault.Get(c)
}

// shareEqual makes equal sub-plans one node, so that what is derived for a node holds for all its uses.
func (b *builder) shareEqual(roots []plan.Node) []plan.Node {
	byDigest, done, origins := map[string]plan.Node{}, map[plan.Node]plan.Node{}, map[plan.Node]string{}
	out := make([]plan.Node, len(roots))
	for i, r := range roots {
		out[i] = plan.RewriteFrom(r, done, func(old, n plan.Node) plan.Node {
			k := b.d.Digest(n)
			if same, ok := byDigest[k]; ok {
				if _, sink := n.(*plan.Sink); !sink {
					return same
				}
			}
			byDigest[k] = n
			if from, ok := b.o.Origins[old]; ok {
				origins[n] = from
			}
			return n
		})
	}
	b.o.Origins = origins
	return out
}

// uid is the base of the ids of a node's operators.
func (b *builder) uid(n plan.Node) string {
	d, ok := b.o.Origins[n]
	if s, isScan := n.(*plan.Scan); isScan {
		d = b.stable.Bare(s)
	} else if !ok {
		d = b.stable.Digest(n)
	}
	return d[:20]
}

// build makes the operators of a plan node and returns the last of them.
func (b *builder) build(n plan.Node) (*node, error) {
	key := b.d.Digest(n)
	if m, ok := b.memo[key]; ok && b.reuse {
		if _, sink := n.(*plan.Sink); !sink {
			return m, nil
		}
	}
	m, err := b.make(n)
	if err != nil {
		return nil, err
	}
	b.memo[key] = m
	return m, nil
}

func (b *builder) make(n plan.Node) (*node, error) {
	switch n := n.(type) {
	case *plan.Scan:
		return b.scan(n)
	case *plan.Values:
		return b.add(n, "Values", &graph.ValuesSpec{Rows: n.Rows}, "", node{parallelism: 1, single: true}), nil
	case *plan.Project, *plan.Filter:
		return b.calc(n)
	case *plan.Watermark:
		return b.watermark(n)
	case *plan.Aggregate:
		return b.aggregate(n)
	case *plan.Join:
		return b.join(n)
	case *plan.WindowTable:
		return b.windowTable(n)
	case *plan.Expand:
		in, err := b.build(n.Input)
		if err != nil {
			return nil, err
		}
		spec := &graph.ExpandSpec{Grouped: n.Grouped, Sets: n.Sets, IDs: n.IDs}
		return b.add(n, "Expand", spec, "", node{in: forward(in)}), nil
	case *plan.Unnest:
		in, err := b.build(n.Input)
		if err != nil {
			return nil, err
		}
		spec := &graph.UnnestSpec{Col: n.Col, Keep: n.Keep, Left: n.Left, Expand: n.Expand, Ordinality: n.Ordinality}
		if spec.Keep == nil {
			spec.Keep = []int{}
		}
		return b.add(n, "Correlate", spec, "", node{in: forward(in)}), nil
	case *plan.TopN:
		return b.topN(n)
	case *plan.Union:
		return b.union(n)
	case *plan.Sink:
		return b.sink(n)
	case *plan.Collect:
		return b.collect(n)
	case *plan.Sort:
		return nil, unsortable(n)
	case *plan.Over:
		return nil, overUnsupported(n)
	}
	panic("BUG: no operator for " + Describe(n))
}

// add makes an operator of a plan node. Its uid comes from the node's digest and the role, which parts operators of one node.
func (b *builder) add(of plan.Node, name string, spec graph.Spec, role string, n node) *node {
	n.of, n.spec = of, spec
	if n.out == nil {
		n.out = of.Schema()
	}
	if n.kinds == 0 {
		n.kinds = b.t.kindsOf(of)
	}
	n.name = name
	n.uid = b.uid(of) + role
	b.uids[n.uid]++
	if k := b.uids[n.uid]; k > 1 {
		n.uid += "-" + itoa(k)
	}
	if n.parallelism == 0 {
		n.parallelism = b.parallelismOf(&n)
	}
	n.single = n.single || n.parallelism == 1
	p := &n
	b.nodes = append(b.nodes, p)
	return p
}

// parallelismOf is that of the inputs when rows just go on, the job's when they are exchanged by key.
func (b *builder) parallelismOf(n *node) int {
	for _, in := range n.in {
		switch in.ship.Ship { //nolint:exhaustive // The others leave the parallelism open.
		case graph.Hash:
			return b.p
		case graph.Global:
			return 1
		case graph.Forward:
			if len(in.from) > 0 {
				return in.from[0].parallelism
			}
		}
	}
	return b.p
}

// forward is the edge of an operator that goes on where its input is. A union before it gives several producers.
func forward(from *node) []input {
	return []input{{from: producers(from), ship: graph.Partitioning{Ship: graph.Forward}}}
}

// producers are the operators that feed what consumes n: a union is no operator, its inputs are.
func producers(n *node) []*node {
	if _, ok := n.spec.(*graph.UnionSpec); !ok {
		return []*node{n}
	}
	var out []*node
	for _, in := range n.in {
		for _, f := range in.from {
			out = append(out, producers(f)...)
		}
	}
	return out
}

// keyed is the edge into an operator that needs all rows of a key in one place; no columns: all rows.
func keyed(from *node, keys []int) input {
	in := input{from: producers(from)}
	switch {
	case len(keys) == 0:
		in.ship.Ship = graph.Global
		if from.single && len(in.from) == 1 {
			in.ship.Ship = graph.Forward
		}
	case len(in.from) == 1 && from.dist != nil && slices.Equal(from.dist, keys):
		in.ship.Ship = graph.Forward
	default:
		in.ship = graph.Partitioning{Ship: graph.Hash, Keys: keys}
	}
	return in
}

// scan builds a source and, where its changes need it, what puts them in order.
func (b *builder) scan(n *plan.Scan) (*node, error) {
	raw := b.source(n)
	if !b.t.normalizes(n) {
		return raw, nil
	}
	return b.normalize(n, n, nil)
}

// source builds the source of a scan, once.
func (b *builder) source(n *plan.Scan) *node {
	if raw := b.sources[n]; raw != nil && b.reuse {
		return raw
	}
	src := n.Source
	spec := &graph.SourceSpec{Table: src.Table}
	spec.Scan = connector.Scan{Columns: n.Columns, Types: n.Out.Types(), Filters: n.Filters}
	if w := n.Watermark; w != nil {
		spec.Watermark = &graph.WatermarkSpec{Delay: w.Delay, OnEvent: src.WatermarkOnEvent, Interval: b.watermarkInterval()}
		if w.Mark != nil {
			spec.Watermark.Expr = graph.Box(w.Mark)
			spec.Watermark.Delay = 0
		} else {
			spec.Scan.WatermarkDelay = &w.Delay
		}
		spec.IdleTimeout = b.idleTimeout(src.IdleTimeout)
	}
	m := node{parallelism: b.p}
	if src.Parallelism > 0 {
		m.parallelism = src.Parallelism
	}
	if src.Caps.Parallelism > 0 {
		m.parallelism = src.Caps.Parallelism
	}
	role := ""
	if b.t.normalizes(n) {
		role, m.kinds = "s", src.Caps.Changelog
	}
	raw := b.add(n, "Source: "+shortName(src.Table.Name), spec, role, m)
	b.sources[n] = raw
	return raw
}

// normalize puts the changes of a scan in order by its key; cond, when not nil, drops rows and deletes those that come to be
// dropped. of is the plan node that this makes: the scan, or the filter on it.
func (b *builder) normalize(of plan.Node, n *plan.Scan, cond expr.Expr) (*node, error) {
	keys := b.t.unique(n)
	if len(keys) == 0 {
		return nil, noPrimaryKey(n)
	}
	spec := &graph.NormalizeSpec{Keys: keys[0], Filter: graph.Box(cond), UpdateBefore: b.t.before[of], Bundle: b.bundle, TTL: b.ttl}
	m := node{in: []input{keyed(b.source(n), keys[0])}, dist: keys[0]}
	return b.add(of, "ChangelogNormalize", spec, "", m), nil
}

func (b *builder) watermarkInterval() int64 {
	return conf.AutoWatermarkInterval.Get(b.o.Config).Milliseconds()
}

// idleTimeout prefers the table's own setting to the session's.
func (b *builder) idleTimeout(own int64) int64 {
	if own >= 0 {
		return own
	}
	return conf.SourceIdleTimeout.Get(b.o.Config).Milliseconds()
}

func (b *builder) watermark(n *plan.Watermark) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	spec := &graph.WatermarkAssignerSpec{
		Watermark:   graph.WatermarkSpec{Expr: graph.Box(n.Mark), OnEvent: n.OnEvent, Interval: b.watermarkInterval()},
		IdleTimeout: b.idleTimeout(n.IdleTimeout),
	}
	return b.add(n, "WatermarkAssigner", spec, "", node{in: forward(in), dist: in.dist}), nil
}

// calc fuses a projection with the filter below it.
func (b *builder) calc(n plan.Node) (*node, error) {
	spec := &graph.CalcSpec{}
	below := n
	var exprs []expr.Expr
	if p, ok := below.(*plan.Project); ok {
		exprs, below = p.Exprs, p.Input
	}
	if f, ok := below.(*plan.Filter); ok {
		if scan, ok := f.Input.(*plan.Scan); ok && b.t.normalizes(scan) {
			if n == below {
				return b.normalize(f, scan, f.Cond)
			}
		} else {
			spec.Filter, below = graph.Box(f.Cond), f.Input
		}
	}
	in, err := b.build(below)
	if err != nil {
		return nil, err
	}
	if exprs == nil {
		exprs = plan.Identity(below.Schema())
	}
	if spec.Filter.IsZero() && plan.IsIdentity(exprs, len(in.out)) {
		return in, nil // Only names or time attributes change.
	}
	spec.Exprs = graph.Boxes(exprs)
	return b.add(n, "Calc", spec, "", node{in: forward(in), dist: movedDist(in.dist, exprs)}), nil
}

// movedDist is a distribution behind a projection.
func movedDist(dist []int, exprs []expr.Expr) []int {
	if dist == nil {
		return nil
	}
	out := make([]int, len(dist))
	for i, d := range dist {
		out[i] = slices.IndexFunc(exprs, func(e expr.Expr) bool {
			c, ok := e.(*expr.Col)
			return ok && c.Index == d
		})
		if out[i] < 0 {
			return nil
		}
	}
	return out
}

func (b *builder) union(n *plan.Union) (*node, error) {
	m := node{parallelism: 0}
	for _, x := range n.Inputs {
		in, err := b.build(x)
		if err != nil {
			return nil, err
		}
		m.in = append(m.in, forward(in)...)
		m.parallelism = max(m.parallelism, in.parallelism)
	}
	u := b.add(n, "Union", &graph.UnionSpec{}, "", m)
	u.single = false
	return u, nil
}

func (b *builder) windowTable(n *plan.WindowTable) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	spec := &graph.WindowTableSpec{Window: n.Window, Keys: n.Keys}
	if n.Window.Kind == graph.Session {
		if b.t.updates(n.Input) {
			return nil, consumes(n, n.Input, b.t)
		}
		return b.add(n, "WindowTableFunction", spec, "", node{in: []input{keyed(in, n.Keys)}, dist: distOf(n.Keys)}), nil
	}
	return b.add(n, "WindowTableFunction", spec, "", node{in: forward(in), dist: in.dist}), nil
}

// distOf is the distribution behind an exchange by keys.
func distOf(keys []int) []int {
	if len(keys) == 0 {
		return nil
	}
	return keys
}

func (b *builder) topN(n *plan.TopN) (*node, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	spec := &graph.TopNSpec{
		Partition: n.Partition, Sort: n.Sort, Start: n.Start, End: n.End, OutputRank: n.OutputRank,
		Unique: b.t.replaces(n), UpdateBefore: b.t.before[n], Bundle: b.bundle, TTL: b.ttl,
		Hold: n.Hold, TimeCol: n.TimeCol, Zone: n.Zone,
		LastWins: n.End == 1 && !n.OutputRank && len(n.Sort) == 1 && n.Sort[0].Desc && n.Input.Schema()[n.Sort[0].Col].Type.IsTimeAttr(),
	}
	switch {
	case spec.Unique == nil:
		spec.Retract = b.t.updates(n.Input)
	case in.kinds&connector.KindUpdateBefore != 0: // Somebody else wants them.
		in = b.dropBefore(n, in)
	}
	by := n.Partition
	name := "Rank"
	switch n.Hold {
	case graph.HoldWindow:
		name = "WindowRank"
	case graph.HoldTime:
		name, by = "TemporalSort", nil // All rows go through one subtask; times are its partitions.
	case graph.HoldEnd:
		name = "Sort"
	case graph.HoldNot:
		if len(n.Sort) == 0 {
			name = "Limit"
		}
	}
	if spec.Retract && (n.Hold == graph.HoldWindow || n.Hold == graph.HoldTime) {
		return nil, consumes(n, n.Input, b.t)
	}
	return b.add(n, name, spec, "", node{in: []input{keyed(in, by)}, dist: distOf(by)}), nil
}

// dropBefore takes -U out of the changes on the way to a node.
func (b *builder) dropBefore(to plan.Node, in *node) *node {
	drop := node{in: forward(in), dist: in.dist, out: in.out, kinds: in.kinds &^ connector.KindUpdateBefore}
	return b.add(to, "DropUpdateBefore", &graph.DropUpdateBeforeSpec{}, "d", drop)
}

// maxParallelism is the number of key groups of the job.
func (b *builder) maxParallelism(p int) int {
	if m := conf.MaxParallelismOption.Get(b.o.Config); m > 0 {
		return max(m, p)
	}
	return flow.DefaultMaxParallelism(max(p, b.p))
}
