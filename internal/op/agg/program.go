// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package agg computes aggregates: the accumulators, their update, merge and result, and the unbounded keyed aggregation.
//
// A Program is the aggregates of one operator compiled for its input. Its accumulators are words in the rows of a state table, one
// row per group; equal accumulators of several aggregates (SUM and AVG of one column) exist once. An update runs each accumulator's
// loop over a chunk of rows that is small enough for the rows to stay in the fastest cache.
//
// Invariants:
//
//	A1. An update of a list of rows has the same effect as its rows one by one, in order.
//	A2. With retraction, adding a row and taking it away again leaves every result as it was, up to the rounding of floats.
//	A3. Init was called for every new row before its first update; Finish for every changed row before its result is read.
//
// Threading: a Program has scratch memory and belongs to the goroutine of its operator. Lifetime: that of the operator.
package agg

import (
	"errors"
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/aggs"
	"spate/internal/col/rowcodec"
	"spate/internal/col/rowkey"
	"spate/internal/graph"
	"spate/internal/state"
	"spate/schema"
)

// Options say how the aggregates are used.
type Options struct {
	// Retract: rows may be taken away.
	Retract bool
	// Owners: groups are merged one by one (sessions), not table by table.
	Owners bool
	// Counted: with retraction the operator itself keeps the number of rows of each group (RowCountOff).
	Counted bool
}

// Program is the compiled aggregates of an operator.
type Program struct {
	o     Options
	calls []graph.AggCall
	in    []*schema.Type

	fields    []state.Field // Of the accumulators.
	accs      []acc
	results   []result
	sources   []source
	distincts []*distinct
	trees     []*tree
	lists     []*elements
	base      int // Index of the first accumulator's field in the table.
	rowCount  int // The accumulator that counts rows, or -1.

	fused   []fused
	run     runState
	scratch []byte
	vecs    [1]*batch.Vector
	single  [1]int32
	fresh   []int32
	bufA    [16]byte
	bufB    [16]byte
}

// source is a set of rows that accumulators are fed with: those that pass a filter, are new in a distinct set and not NULL.
type source struct {
	filter   int // BOOLEAN column, or -1.
	arg      int // Column that must not be NULL, or -1.
	distinct int // Index in distincts, or -1.
	of       int // The source that this one narrows, or -1: all rows.
}

// accKind is what an accumulator does.
type accKind uint8

const (
	accCount accKind = iota
	accSum           // 64-bit integers, wrapping.
	accSumFloat
	accSumDouble
	accSumWide // 128 bits.
	accMin
	accMax
	accMoments // Mean and sum of squared deviations, by Welford.
	accFirst
	accLast
	accSingle
	accListagg
	accTree     // An ordered multiset.
	accElements // A list of values.
	accCollect  // The result of COLLECT, made from a list.
	accArray    // The result of ARRAY_AGG, made from a list.
)

// acc is one accumulator.
type acc struct {
	kind  accKind
	src   int
	arg   int // Column, or -1.
	phys  schema.Physical
	field int // The first field.
	off   int // Word offset of it in a row.
	off2  int // Of the second field.
	tree  int
	list  int // Index of the list plus one, 0: none.
	sep   string
	codec *rowcodec.Codec
	rows  rowcodec.Rows
	fused bool          // Updated together with others, when rows only add.
	vec   *batch.Vector // Scratch of accCollect and accArray: one value.
}

// Tables is the state of one set of groups.
type Tables struct {
	Root      *state.Table
	distincts []*state.Table
	trees     []*state.Ordered
	lists     []*state.Table
}

// Compile prepares aggregates over input columns of the given types.
func Compile(calls []graph.AggCall, in []*schema.Type, o Options) (*Program, error) {
	p := &Program{o: o, calls: calls, in: in, rowCount: -1}
	p.sources = append(p.sources, source{filter: -1, arg: -1, distinct: -1, of: -1})
	if o.Retract {
		p.CountRows()
	}
	for i := range calls {
		if err := p.compile(&calls[i]); err != nil {
			return nil, fmt.Errorf("aggregate %s: %w", calls[i].Fn, err)
		}
	}
	return p, nil
}

// CountRows makes sure that rows are counted, so that RowCount can be asked.
func (p *Program) CountRows() {
	if p.rowCount < 0 {
		p.rowCount = p.count(0)
	}
}

// RowCount returns the number of rows that went into a group, given a row of its table.
func (p *Program) RowCount(row []uint64) int64 { return int64(row[p.accs[p.rowCount].off]) }

// RowCountOff returns the word offset of RowCount in a row.
func (p *Program) RowCountOff() int { return p.accs[p.rowCount].off }

// Declare makes the tables of the aggregates. spec is the table of the groups as the operator wants it; the accumulators' fields are
// added behind its own.
func (p *Program) Declare(sp *state.Space, spec state.Spec) *Tables {
	p.base = len(spec.Fields)
	spec.Fields = slices.Concat(spec.Fields, p.fields)
	spec.Chains += len(p.trees) + len(p.lists)
	if p.o.Owners {
		spec.Chains += len(p.distincts)
	}
	t := &Tables{Root: sp.Table(spec)}
	for i, d := range p.distincts {
		t.distincts = append(t.distincts, sp.Table(state.Spec{
			Name: fmt.Sprintf("%s.distinct%d", spec.Name, i), Key: d.types, Owner: t.Root, Chained: p.o.Owners,
			Fields: d.fields(p.o.Retract),
		}))
	}
	for i := range p.trees {
		t.trees = append(t.trees, sp.Ordered(state.OrderedSpec{
			Name: fmt.Sprintf("%s.ordered%d", spec.Name, i), Owner: t.Root,
			Fields: []state.Field{{Name: "count"}, {Name: "value", Kind: state.Bytes}},
		}))
	}
	for i := range p.lists {
		t.lists = append(t.lists, sp.Table(state.Spec{
			Name: fmt.Sprintf("%s.list%d", spec.Name, i), Owner: t.Root, List: true,
			Fields: []state.Field{{Name: "value", Kind: state.Bytes}},
		}))
	}
	p.resolve(t)
	p.fuse()
	return t
}

// resolve sets the offsets of the accumulators in rows; they are the same in all tables of the program.
func (p *Program) resolve(t *Tables) {
	for i := range p.accs {
		a := &p.accs[i]
		offs := [2]int{}
		for j := range offs {
			if f := p.base + a.field + j; f < p.base+len(p.fields) {
				offs[j] = t.Root.Off(f)
			}
		}
		a.off, a.off2 = offs[0], offs[1]
	}
	for i, d := range p.distincts {
		d.off = t.distincts[i].Off(0)
	}
}

// add returns the index of an accumulator, made when there is none like it.
func (p *Program) add(a acc, kinds ...state.Kind) int {
	for i := range p.accs {
		b := &p.accs[i]
		if b.kind == a.kind && b.src == a.src && b.arg == a.arg && b.sep == a.sep && b.list == a.list && b.tree == a.tree {
			return i
		}
	}
	a.field = len(p.fields)
	for j, k := range kinds {
		p.fields = append(p.fields, state.Field{Name: fmt.Sprintf("acc%d.%d", len(p.accs), j), Kind: k})
	}
	p.accs = append(p.accs, a)
	return len(p.accs) - 1
}

// source returns the index of a source.
func (p *Program) source(s source) int {
	if i := slices.Index(p.sources, s); i >= 0 {
		return i
	}
	p.sources = append(p.sources, s)
	return len(p.sources) - 1
}

// count returns the accumulator that counts the rows of a source.
func (p *Program) count(src int) int {
	return p.add(acc{kind: accCount, src: src, arg: -1}, state.Word)
}

// rowsOf returns the source of a call's rows and, when arg is a column, of those in which it is not NULL.
func (p *Program) rowsOf(c *graph.AggCall, arg int, useDistinct bool) int {
	s := 0
	if c.Filter >= 0 {
		s = p.source(source{filter: c.Filter, arg: -1, distinct: -1, of: 0})
	}
	if useDistinct && c.Distinct {
		d := p.distinct(c)
		return p.source(source{filter: c.Filter, arg: -1, distinct: d, of: 0})
	}
	if arg >= 0 && p.in[arg].Nullable {
		s = p.source(source{filter: -1, arg: arg, distinct: -1, of: s})
	}
	return s
}

// never tells whether a result over a source is never NULL as long as the group has rows.
func never(src int) bool { return src == 0 }

// compile adds the accumulators and the result of a call.
func (p *Program) compile(c *graph.AggCall) error {
	f, ok := aggs.Lookup(c.Fn)
	if !ok {
		return errors.New("there is no such function")
	}
	distinct := c.Distinct && !f.DistinctNoop
	arg := -1
	if len(c.Args) > 0 {
		arg = c.Args[0]
	}
	switch f.Name {
	case "COUNT":
		p.compileCount(c)
	case "SUM", "SUM0", "AVG":
		src := p.rowsOf(c, arg, distinct)
		p.compileSum(f.Name, c, src, arg)
	case "MIN", "MAX":
		return p.compileExtreme(f.Name == "MAX", c, p.rowsOf(c, arg, false), arg)
	case "STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP":
		src := p.rowsOf(c, arg, distinct)
		m := p.add(acc{kind: accMoments, src: src, arg: arg}, state.Word, state.Word, state.Word)
		p.results = append(p.results, result{kind: resMoments, acc: m, null: -1, fn: f.Name, typ: c.Type})
	case "FIRST_VALUE", "LAST_VALUE", "SINGLE_VALUE":
		p.compileOne(f.Name, c, p.rowsOf(c, arg, distinct && f.Name == "LAST_VALUE"), arg)
	case "LISTAGG":
		p.compileListagg(c, p.rowsOf(c, arg, distinct), arg)
	case "COLLECT":
		p.compileElements(accCollect, c, p.rowsOf(c, arg, distinct), arg)
	case "ARRAY_AGG":
		src := p.rowsOf(c, -1, distinct)
		p.compileElements(accArray, c, src, arg)
	default:
		return errors.New("it has no accumulator")
	}
	return nil
}

func (p *Program) compileCount(c *graph.AggCall) {
	s := p.rowsOf(c, -1, c.Distinct)
	if !c.Distinct {
		for _, a := range c.Args {
			if p.in[a].Nullable {
				s = p.source(source{filter: -1, arg: a, distinct: -1, of: s})
			}
		}
	}
	p.results = append(p.results, result{kind: resCount, acc: p.count(s), null: -1, typ: c.Type})
}

func (p *Program) compileSum(fn string, c *graph.AggCall, src, arg int) {
	t := p.in[arg]
	a := acc{src: src, arg: arg, phys: t.Physical()}
	kind := resWord
	switch {
	case t.Root == schema.Decimal:
		a.kind, kind = accSumWide, resWide
	case t.Root == schema.Double || t.Root == schema.Float && fn == "AVG":
		a.kind, kind = accSumDouble, resDouble
	case t.Root == schema.Float:
		a.kind, kind = accSumFloat, resFloat
	default:
		a.kind = accSum
	}
	words := state.Word
	if a.kind == accSumWide {
		words = state.Pair
	}
	i := p.add(a, words)
	null := -1
	if fn == "AVG" || fn == "SUM" && !never(src) {
		null = p.count(src)
	}
	r := result{kind: kind, acc: i, null: null, typ: c.Type, scale: t.Scale}
	if fn == "AVG" {
		r.avg = true
	}
	p.results = append(p.results, r)
}

// nullCount returns the accumulator whose zero makes a result NULL, or -1 when it never is.
func (p *Program) nullCount(src int) int {
	if never(src) {
		return -1
	}
	return p.count(src)
}

func (p *Program) compileExtreme(maximum bool, c *graph.AggCall, src, arg int) error {
	t := p.in[arg]
	a := acc{kind: accMin, src: src, arg: arg, phys: t.Physical()}
	if maximum {
		a.kind = accMax
	}
	var kinds []state.Kind
	r := result{null: p.nullCount(src), typ: c.Type}
	switch a.phys {
	case schema.PhysInt128:
		r.kind, kinds = resPair, []state.Kind{state.Pair}
	case schema.PhysTime9:
		r.kind, kinds = resTime9, []state.Kind{state.Pair}
	case schema.PhysBytes:
		r.kind, kinds = resBytes, []state.Kind{state.Bytes, state.Word}
	case schema.PhysFloat32, schema.PhysFloat64:
		r.kind, kinds = resReal, []state.Kind{state.Word}
	case schema.PhysBool, schema.PhysInt8, schema.PhysInt16, schema.PhysInt32, schema.PhysInt64:
		r.kind, kinds = resWord, []state.Kind{state.Word}
	case schema.PhysNone, schema.PhysList, schema.PhysMap, schema.PhysStruct:
		return fmt.Errorf("%s has no order", t)
	}
	if p.o.Retract {
		return p.compileTree(a, r, src, arg)
	}
	r.acc = p.add(a, kinds...)
	p.results = append(p.results, r)
	return nil
}

// compileTree keeps all values in order: the extreme may be taken away. The value itself is a derived field, see Finish.
func (p *Program) compileTree(a acc, r result, src, arg int) error {
	keys, err := rowkey.NewOrdered([]*schema.Type{p.in[arg].NotNull()}, []rowkey.Order{{}})
	if err != nil {
		return err
	}
	a.tree = slices.IndexFunc(p.trees, func(t *tree) bool { return t.src == src && t.arg == arg })
	if a.tree < 0 {
		a.tree = len(p.trees)
		p.trees = append(p.trees, &tree{src: src, arg: arg, keys: keys, codec: valueCodec(p.in[arg])})
	}
	a.codec = p.trees[a.tree].codec
	p.add(acc{kind: accTree, src: src, arg: arg, tree: a.tree})
	// The derived value is the encoded row of the value; it is empty when there is none.
	r.kind, r.null, r.codec = resValue, -1, a.codec
	r.acc = p.add(a, state.Bytes)
	p.results = append(p.results, r)
	return nil
}

// valueCodec encodes values of one type.
func valueCodec(t *schema.Type) *rowcodec.Codec {
	return rowcodec.New([]*schema.Type{t.WithNull(true)}, rowcodec.Options{})
}

func (p *Program) compileOne(fn string, c *graph.AggCall, src, arg int) {
	a := acc{kind: accFirst, src: src, arg: arg, codec: valueCodec(p.in[arg])}
	r := result{kind: resValue, null: -1, typ: c.Type, codec: a.codec}
	switch fn {
	case "LAST_VALUE":
		a.kind = accLast
	case "SINGLE_VALUE":
		a.kind = accSingle
	}
	if p.o.Retract && fn != "SINGLE_VALUE" {
		a.list = p.list(src, arg) + 1
	}
	r.acc = p.add(a, state.Bytes)
	p.results = append(p.results, r)
}

// list returns the list of the values of a source.
func (p *Program) list(src, arg int) int {
	i := slices.IndexFunc(p.lists, func(l *elements) bool { return l.src == src && l.arg == arg })
	if i < 0 {
		i = len(p.lists)
		p.lists = append(p.lists, &elements{src: src, arg: arg, codec: valueCodec(p.in[arg])})
		p.add(acc{kind: accElements, src: src, arg: arg, list: i + 1})
	}
	return i
}

func (p *Program) compileListagg(c *graph.AggCall, src, arg int) {
	a := acc{kind: accListagg, src: src, arg: arg, sep: ","}
	if len(c.Lits) > 0 {
		a.sep = c.Lits[0].S
	}
	if p.o.Retract {
		a.list = p.list(src, arg) + 1
	}
	n := p.count(src)
	r := result{kind: resBytes, null: n, typ: c.Type}
	r.acc = p.add(a, state.Bytes, state.Word)
	p.results = append(p.results, r)
}

func (p *Program) compileElements(kind accKind, c *graph.AggCall, src, arg int) {
	l := p.list(src, arg)
	t := c.Type.WithNull(true)
	a := acc{kind: kind, src: src, arg: arg, list: l + 1, codec: valueCodec(t), vec: batch.NewVector(t)}
	p.results = append(p.results, result{kind: resValue, null: -1, typ: c.Type, codec: a.codec, acc: p.add(a, state.Bytes)})
}
