// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"cmp"
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/col/rowcodec"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// lateMetric counts rows that came after their window had been emitted.
const lateMetric = "numLateRecordsDropped"

// WindowJoin joins the rows of the same window. It buffers both inputs per window, emits a window when the watermark passes its
// end, and drops its tables as a whole. The inputs are append-only.
type WindowJoin struct {
	op.Base
	spec  *graph.WindowJoinSpec
	out   []*schema.Type
	sides [2]*windowSide
	zone  *flow.Zone

	rt      op.Runtime
	pool    *batch.Pool
	cond    *expr.Program
	conds   *batch.Pool
	windows *state.Family[*windowTables]
	keys    *state.Keys
	limit   int
	mark    flow.Watermark

	in    *batch.Batch
	input int
	rows  []windowRow // Of the batch at hand, by window.
	next  int         // First row that is not stored yet.
	cols  []*batch.Vector
	sel   []int32
	ids   []int32

	fire fire
	mat  materialiser
}

// windowSide is one input.
type windowSide struct {
	types   []*schema.Type
	keyCols []int
	end     int
	outer   bool // Rows without a match are emitted, or asked for.
	codec   *rowcodec.Codec
	null    []byte
	rows    rowcodec.Rows
}

// windowTables are the rows of one window.
type windowTables struct {
	keys    *state.Table
	noMatch int // Word offset of the flag of keys that hold a NULL that matches nothing.
	sides   [2]*state.Table
	rowAt   int
	matched int // Word offset of the flag of stored rows that had a match.
}

// windowRow is a row of the batch at hand.
type windowRow struct {
	end int64
	pos int32
}

// NewWindow makes the operator of a WindowJoinSpec.
func NewWindow(spec *graph.WindowJoinSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("window join takes two inputs, not %d", len(in))
	}
	if err := checkKeys(in, spec.LeftKeys, spec.RightKeys, spec.NullSafe); err != nil {
		return nil, err
	}
	want := len(in[0])
	if spec.Kind != graph.Semi && spec.Kind != graph.Anti {
		want += len(in[1])
	}
	if len(out) != want {
		return nil, fmt.Errorf("%s window join makes %d columns, not %d", spec.Kind, want, len(out))
	}
	j := &WindowJoin{spec: spec, out: out, mark: flow.MinWatermark}
	j.sides[leftInput] = &windowSide{types: in[0], keyCols: spec.LeftKeys, end: spec.LeftEnd}
	j.sides[rightInput] = &windowSide{types: in[1], keyCols: spec.RightKeys, end: spec.RightEnd}
	for i, s := range j.sides {
		if s.end < 0 || s.end >= len(s.types) || s.types[s.end].Physical() != schema.PhysInt64 {
			return nil, fmt.Errorf("window join reads the window end of input %d from column %d, which is no TIMESTAMP(3)", i, s.end)
		}
	}
	switch spec.Kind {
	case graph.Inner, graph.Semi:
	case graph.Left, graph.Anti:
		j.sides[leftInput].outer = true
	case graph.Right:
		j.sides[rightInput].outer = true
	case graph.Full:
		j.sides[leftInput].outer, j.sides[rightInput].outer = true, true
	default:
		return nil, fmt.Errorf("join kind %q is unknown", spec.Kind)
	}
	return j, nil
}

// Open implements op.Operator.
func (j *WindowJoin) Open(rt op.Runtime) error {
	j.rt, j.limit = rt, max(1, rt.BatchRows())
	j.pool = rt.Pool(j.out)
	zone, err := flow.NewZone(j.spec.Zone)
	if err != nil {
		return fmt.Errorf("opening a window join: %w", err)
	}
	j.zone = zone
	left := j.sides[leftInput]
	if !j.spec.Condition.IsZero() {
		all := slices.Concat(left.types, j.sides[rightInput].types)
		p, err := expr.Compile(rt.Registry(), rt.Env(), []expr.Expr{j.spec.Condition.Expr}, all)
		if err != nil {
			return fmt.Errorf("compiling the join condition: %w", err)
		}
		j.cond, j.conds = p, rt.Pool(all)
	}
	keyTypes := make([]*schema.Type, len(left.keyCols))
	for i, c := range left.keyCols {
		keyTypes[i] = left.types[c]
	}
	j.keys = state.NewKeys(keyTypes, false)
	for _, s := range j.sides {
		nullable := make([]*schema.Type, len(s.types))
		for i, t := range s.types {
			nullable[i] = t.WithNull(true)
		}
		s.codec = rowcodec.New(nullable, rowcodec.Options{})
		s.null = nullRow(s.codec, nullable)
	}
	j.windows = state.NewFamily(rt.State(), "windows", func(sp *state.Space) *windowTables {
		return newWindowTables(sp, keyTypes)
	})
	return nil
}

func newWindowTables(sp *state.Space, keyTypes []*schema.Type) *windowTables {
	w := &windowTables{keys: sp.Table(state.Spec{
		Name: "keys", Key: keyTypes, Chains: 2, Fields: []state.Field{{Name: "noMatch", Kind: state.Word}},
	})}
	w.noMatch = w.keys.Off(0)
	for i, name := range []string{"left", "right"} {
		w.sides[i] = sp.Table(state.Spec{Name: name, Owner: w.keys, List: true, Fields: []state.Field{
			{Name: "row", Kind: state.Bytes}, {Name: "matched", Kind: state.Scratch},
		}})
	}
	w.rowAt, w.matched = w.sides[0].Off(0), w.sides[0].Off(1)
	return w
}

// fireTime returns the watermark at which a window is emitted.
func (j *WindowJoin) fireTime(end int64) flow.Watermark {
	return j.zone.Timer(flow.Millis(end - 1))
}

// Process implements op.Operator.
func (j *WindowJoin) Process(input int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	j.in, j.input, j.next = b, input, 0
	j.assign(b, j.sides[input])
	return j.Continue()
}

// Continue implements op.Operator.
func (j *WindowJoin) Continue() (op.Result, error) {
	if j.in == nil {
		return j.step()
	}
	for j.next < len(j.rows) {
		if !j.storeWindow() {
			return op.Result{Wait: true}, nil
		}
	}
	j.in.Release()
	j.in = nil
	return op.Result{}, nil
}

// assign lists the rows of b that are neither late nor in vain, by window and in their order.
func (j *WindowJoin) assign(b *batch.Batch, s *windowSide) {
	j.rows = j.rows[:0]
	end := b.Col(s.end)
	ends := batch.Values[int64](end)
	n, late, sorted := b.Rows(), int64(0), true
	sel := b.Sel()
	for i := range n {
		p := int32(i)
		if sel != nil {
			p = sel[i]
		}
		if end.IsNull(int(p)) {
			late++
			continue
		}
		e := ends[p]
		if j.mark != flow.MinWatermark && j.fireTime(e) <= j.mark {
			late++
			continue
		}
		if !s.outer && j.matchesNothing(b, s, int(p)) {
			continue
		}
		if k := len(j.rows); k > 0 && j.rows[k-1].end > e {
			sorted = false
		}
		j.rows = append(j.rows, windowRow{end: e, pos: p})
	}
	if late > 0 {
		j.rt.Count(lateMetric, late)
	}
	if !sorted {
		slices.SortStableFunc(j.rows, func(x, y windowRow) int { return cmp.Compare(x.end, y.end) })
	}
}

// matchesNothing tells whether the key of a row holds a NULL that is equal to nothing.
func (j *WindowJoin) matchesNothing(b *batch.Batch, s *windowSide, pos int) bool {
	for i, c := range s.keyCols {
		if (i >= len(j.spec.NullSafe) || !j.spec.NullSafe[i]) && b.Col(c).IsNull(pos) {
			return true
		}
	}
	return false
}

// storeWindow stores the rows of the next window. It returns false when its keys are not resident.
func (j *WindowJoin) storeWindow() bool {
	s := j.sides[j.input]
	end := j.rows[j.next].end
	j.sel = j.sel[:0]
	for _, r := range j.rows[j.next:] {
		if r.end != end {
			break
		}
		j.sel = append(j.sel, r.pos)
	}
	w := j.windows.Get(end)
	j.cols = j.cols[:0]
	for _, c := range s.keyCols {
		j.cols = append(j.cols, j.in.Col(c))
	}
	j.ids = sized(j.ids, len(j.sel))
	j.keys.Load(j.cols, j.sel, len(j.sel))
	fresh, ok := w.keys.Upsert(j.keys, j.ids)
	if !ok {
		return false
	}
	if s.outer {
		for _, k := range fresh {
			if j.matchesNothing(j.in, s, int(j.sel[k])) {
				w.keys.Row(j.ids[k])[w.noMatch] = 1
			}
		}
	}
	s.codec.Encode(j.in.Cols(), j.sel, len(j.sel), &s.rows)
	t := w.sides[j.input]
	for k, owner := range j.ids {
		t.SetBytes(t.Append(owner), w.rowAt, s.rows.Row(k))
	}
	j.next += len(j.sel)
	return true
}

// Advance implements op.Operator.
func (j *WindowJoin) Advance(wm flow.Watermark) (op.Result, error) {
	j.mark = max(j.mark, wm)
	return j.step()
}

// Close implements op.Operator.
func (j *WindowJoin) Close() error {
	if j.in != nil {
		j.in.Release()
		j.in = nil
	}
	return nil
}
