// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package join has the joins of two inputs: Join keeps both sides in state for ever (or for their TTL), WindowJoin per window.
//
// Join works on a batch in four steps: look its keys up in the one table of join keys that both sides share; bring its own
// side's state up to date; walk the rows of the other side under each key and collect candidate pairs, at most one output batch
// of them at a time; decide by condition and numbers of associations what is emitted, and materialise that column by column.
// Within a batch the other side never changes, so the result is that of joining row by row, in Flink's order; only when a row has
// more matches than an output batch holds their padding goes out batch by batch instead of before or after all of them.
//
// Invariants:
//
//	J1. A key without a chained row on either side is deleted at the end of the batch that emptied it.
//	J2. On a side whose other side is preserved (outer), the association number of a stored row is the number of rows of the
//	    other side that match it now.
//	J3. A row whose key holds NULL where NULL does not match is never stored: nothing can match it later.
//	J4. All lookups of a batch come before its first change that is not repeatable, so that an answer "not resident" can be
//	    waited for at any of them.
//
// An operator belongs to the goroutine of its task and holds at most one input batch.
package join

import (
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/expr"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// The inputs.
const (
	leftInput  = 0
	rightInput = 1
)

// phase is how far the batch at hand is.
type phase uint8

const (
	idle     phase = iota
	lookKeys       // Keys are to be looked up.
	lookRows       // Rows of the own side are to be looked up.
	emitting       // Pairs are collected and emitted.
)

// Join is the regular join.
type Join struct {
	op.Base
	spec  *graph.JoinSpec
	kind  graph.JoinKind
	out   []*schema.Type
	sides [2]*side

	rt       op.Runtime
	pool     *batch.Pool
	condPool *batch.Pool
	cond     *expr.Program
	keyTable *state.Table
	keys     *state.Keys
	limit    int

	in     *batch.Batch
	input  int
	phase  phase
	rows   inputRows
	cursor cursor
	pairs  pairs
	plan   plan
	mat    materialiser
	gone   []int32 // Keys that may have lost their last row.
	timer  timerState
}

// New makes the operator of a JoinSpec.
func New(spec *graph.JoinSpec, in [][]*schema.Type, out []*schema.Type) (op.Operator, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("join takes two inputs, not %d", len(in))
	}
	if err := checkKeys(in, spec.LeftKeys, spec.RightKeys, spec.NullSafe); err != nil {
		return nil, err
	}
	want := len(in[0])
	if spec.Kind != graph.Semi && spec.Kind != graph.Anti {
		want += len(in[1])
	}
	if len(out) != want {
		return nil, fmt.Errorf("%s join makes %d columns, not %d", spec.Kind, want, len(out))
	}
	j := &Join{spec: spec, kind: spec.Kind, out: out}
	j.sides[leftInput] = newSide("left", in[0], spec.LeftKeys, spec.LeftUnique, spec.LeftRetract, spec.LeftTTL)
	j.sides[rightInput] = newSide("right", in[1], spec.RightKeys, spec.RightUnique, spec.RightRetract, spec.RightTTL)
	switch spec.Kind {
	case graph.Inner:
	case graph.Left, graph.Semi, graph.Anti:
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

// checkKeys checks that the keys of both sides are columns of the same physical form.
func checkKeys(in [][]*schema.Type, left, right []int, nullSafe []bool) error {
	if len(left) != len(right) || len(nullSafe) > len(left) {
		return fmt.Errorf("join of %d keys with %d", len(left), len(right))
	}
	for i, l := range left {
		r := right[i]
		if l < 0 || l >= len(in[0]) || r < 0 || r >= len(in[1]) {
			return fmt.Errorf("join on columns %d and %d of %d and %d", l, r, len(in[0]), len(in[1]))
		}
		if a, b := in[0][l], in[1][r]; a.Physical() != b.Physical() || a.IsTimestamp() && a.Precision <= 3 != (b.Precision <= 3) {
			return fmt.Errorf("join on columns of different types %s and %s", a, b)
		}
	}
	return nil
}

// Open implements op.Operator.
func (j *Join) Open(rt op.Runtime) error {
	j.rt, j.limit = rt, max(1, rt.BatchRows())
	j.pool = rt.Pool(j.out)
	left, right := j.sides[leftInput], j.sides[rightInput]
	all := slices.Concat(left.types, right.types)
	if !j.spec.Condition.IsZero() {
		p, err := expr.Compile(rt.Registry(), rt.Env(), []expr.Expr{j.spec.Condition.Expr}, all)
		if err != nil {
			return fmt.Errorf("compiling the join condition: %w", err)
		}
		j.cond, j.condPool = p, rt.Pool(all)
	}
	types := make([]*schema.Type, len(left.keyCols))
	for i, c := range left.keyCols {
		types[i] = left.types[c]
	}
	st := rt.State()
	j.keyTable = st.Table(state.Spec{Name: "keys", Key: types, Chains: 2})
	j.keys = state.NewKeys(types, false)
	for _, s := range j.sides {
		s.open(st, j.keyTable)
	}
	return nil
}

// Process implements op.Operator.
func (j *Join) Process(input int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	if j.expires() {
		j.expire(j.rt.Now(), batch.MaxRows)
	}
	j.in, j.input, j.phase = b, input, lookKeys
	j.rows.load(b, j.sides[input].keyCols, j.spec.NullSafe)
	return j.Continue()
}

// Continue implements op.Operator.
func (j *Join) Continue() (op.Result, error) {
	if j.phase == idle {
		return op.Result{}, nil
	}
	r, err := j.step()
	if err != nil || j.phase == idle {
		j.drop()
	}
	return r, err
}

func (j *Join) step() (op.Result, error) {
	s := j.sides[j.input]
	if j.phase == lookKeys {
		j.rows.loadKeys(j.keys, j.in, s.keyCols)
		if _, ok := j.keyTable.Upsert(j.keys, j.rows.keyIDs()); !ok {
			return op.Result{Wait: true}, nil
		}
		j.rows.spread()
		if err := s.encode(j.in, &j.rows); err != nil {
			return op.Result{}, err
		}
		j.phase = lookRows
	}
	if j.phase == lookRows {
		if !s.locate(j.in, &j.rows) {
			return op.Result{Wait: true}, nil
		}
		s.store(j.in, &j.rows)
		j.arm(s)
		j.cursor.start()
		j.plan.reset()
		j.phase = emitting
	}
	return j.emit()
}

// emit makes the next output batch. When nothing is left it ends the batch and leaves the phase idle.
func (j *Join) emit() (op.Result, error) {
	var out *batch.Batch
	var err error
	if j.kind == graph.Inner {
		out, err = j.emitInner()
	} else {
		out, err = j.emitOuter()
	}
	if err != nil {
		return op.Result{}, err
	}
	if j.cursor.done(&j.rows) && j.plan.empty() {
		j.finish()
		return op.Result{Out: out}, nil
	}
	return op.Result{Out: out, More: true}, nil
}

// finish removes what the batch has emptied.
func (j *Join) finish() {
	j.phase = idle
	s := j.sides[j.input]
	j.gone = s.sweep(j.in, &j.rows, j.gone[:0])
	j.dropKeys()
}

// dropKeys deletes the keys in gone that have no row left.
func (j *Join) dropKeys() {
	if len(j.gone) == 0 {
		return
	}
	slices.Sort(j.gone)
	j.gone = slices.Compact(j.gone)
	for _, k := range j.gone {
		if j.sides[leftInput].table.First(k) < 0 && j.sides[rightInput].table.First(k) < 0 {
			j.keyTable.Delete(k)
		}
	}
	j.gone = j.gone[:0]
}

// drop releases the batch at hand.
func (j *Join) drop() {
	if j.in != nil {
		j.in.Release()
		j.in = nil
	}
	j.phase = idle
	j.mat.release()
}

// Timer implements op.Operator.
func (j *Join) Timer(now flow.Millis) (op.Result, error) {
	j.timer.asked = false
	j.expire(now, batch.MaxRows)
	for _, s := range j.sides {
		j.arm(s)
	}
	return op.Result{}, nil
}

// Close implements op.Operator.
func (j *Join) Close() error {
	j.drop()
	return nil
}
