// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"spate/batch"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// Group is the unbounded keyed aggregation (graph.GroupAggSpec).
//
// Rows are admitted to a bundle: the first row of a group in a bundle saves the group as it was. At the end of the bundle the groups
// are compared with what was saved and the changes are emitted, in the order of first touch. With a bundle per row the rows of a
// batch still go through the accumulators together, as long as they are of different groups: a bundle then ends at the first
// row whose group is in it already, which gives the changelog of row after row.
type Group struct {
	op.Base
	spec *graph.GroupAggSpec
	prog *Program
	in   []*schema.Type
	out  []*schema.Type

	rt   op.Runtime
	pool *batch.Pool
	keys *state.Keys
	tabs *Tables
	cut  int // Rows of an output batch.
	mark int // Word offset of the mark of a row, see the constants.

	phase   phase
	b       *batch.Batch
	keyCols []*batch.Vector
	rows    []int32 // Positions of the batch's rows.
	weights []int64 // Nil when all are +1.
	ids     []int32
	next    int // The first row that is not in a bundle yet.
	run     list
	empties []int32 // Groups without rows: deleted when no ids of the batch are in use any more.

	bundle  bundle
	emitter emitter

	expiry *state.Timers // When groups expire; nil: never.
	until  flow.Millis   // Groups that expire up to here are being removed.
}

// phase is where the operator stands between two calls.
type phase uint8

const (
	phaseIdle phase = iota
	phaseLookup
	phaseAdmit
	phaseEmit
	phaseDone
	phaseExpire
)

// The mark of a row is the number of the bundle that it was last touched in. A row that was never emitted has the bit markNew as well.
const (
	markNew = uint64(1) << 63
	seqMask = markNew - 1
)

// New makes the operator of a spec. in is the type of the input columns, out that of the output columns: keys, then aggregates.
func New(spec *graph.GroupAggSpec, in, out []*schema.Type) (op.Operator, error) {
	prog, err := Compile(spec.Aggs, in, Options{Retract: spec.Retract, Counted: spec.Retract, Owners: spec.TTL > 0})
	if err != nil {
		return nil, err
	}
	return &Group{spec: spec, prog: prog, in: in, out: out}, nil
}

// Open implements op.Operator.
func (g *Group) Open(rt op.Runtime) error {
	g.rt = rt
	g.pool = rt.Pool(g.out)
	g.cut = rt.BatchRows()
	types := make([]*schema.Type, len(g.spec.Keys))
	for i, k := range g.spec.Keys {
		types[i] = g.in[k]
	}
	g.keys = state.NewKeys(types, false)
	fields := []state.Field{{Name: "mark", Kind: state.Scratch}}
	if g.spec.TTL > 0 {
		fields = append(fields, state.Field{Name: "expires", Kind: state.Time})
	}
	g.tabs = g.prog.Declare(&rt.State().Space, state.Spec{Name: "groups", Key: types, Fields: fields})
	root := g.tabs.Root
	g.mark = root.Off(0)
	if g.spec.TTL > 0 {
		g.expiry = root.Timers()
	}
	g.bundle.seq = 1
	g.bundle.save = g.prog.needsBefore(g.spec.UpdateBefore)
	g.emitter.init(g, root.Width())
	return nil
}

// Process implements op.Operator.
func (g *Group) Process(_ int, b *batch.Batch) (op.Result, error) {
	if b.Rows() == 0 {
		b.Release()
		return op.Result{}, nil
	}
	g.b, g.next, g.phase = b, 0, phaseLookup
	n := b.Rows()
	if g.rows = b.Sel(); g.rows == nil {
		g.rows = identity(n)
	}
	g.weights = weightsOf(b, g.rows, g.weights[:0], g.spec.Retract)
	g.keyCols = g.keyCols[:0]
	for _, k := range g.spec.Keys {
		g.keyCols = append(g.keyCols, b.Col(k))
	}
	g.keys.Load(g.keyCols, b.Sel(), n)
	g.ids = sized(g.ids, n)
	if g.spec.Bundle.Latency > 0 && g.bundle.rows == 0 {
		l := flow.Millis(g.spec.Bundle.Latency)
		g.rt.FlushAt(g.rt.Now() - g.rt.Now()%l + l)
	}
	return g.step()
}

// Continue implements op.Operator.
func (g *Group) Continue() (op.Result, error) { return g.step() }

// Flush implements op.Operator.
func (g *Group) Flush() (op.Result, error) {
	if len(g.bundle.touched) == 0 {
		return op.Result{}, nil
	}
	g.finish()
	return g.step()
}

// Close implements op.Operator.
func (g *Group) Close() error {
	g.release()
	g.emitter.close()
	return nil
}

func (g *Group) release() {
	if g.b != nil {
		g.b.Release()
		g.b = nil
	}
}

// step goes on until there is an output batch or nothing more to do.
func (g *Group) step() (op.Result, error) {
	for {
		switch g.phase {
		case phaseIdle:
			return op.Result{}, nil
		case phaseLookup:
			if !g.lookup() {
				return op.Result{Wait: true}, nil
			}
			g.phase = phaseAdmit
		case phaseAdmit:
			if g.next == len(g.rows) {
				g.phase = phaseDone
				continue
			}
			if err := g.admit(); err != nil {
				return op.Result{}, err
			}
		case phaseEmit:
			if g.emitter.emit() {
				return op.Result{Out: g.emitter.take(), More: true}, nil
			}
			g.bundle.reset()
			g.phase = phaseAdmit
			if g.b == nil {
				g.phase = phaseDone
			}
		case phaseDone:
			g.release()
			g.rows = nil
			g.phase = phaseIdle
			out := g.emitter.take()
			if len(g.bundle.touched) > 0 {
				return op.Result{Out: out}, nil
			}
			g.deleteEmpties()
			g.tabs.Root.Unhold()
			return op.Result{Out: out}, nil
		case phaseExpire:
			more := g.expire()
			if !more {
				g.phase = phaseIdle
			}
			return op.Result{More: more}, nil
		}
	}
}

// lookup finds or makes the groups of the batch.
func (g *Group) lookup() bool {
	root := g.tabs.Root
	fresh, ok := root.Upsert(g.keys, g.ids)
	if !ok {
		return false
	}
	if len(fresh) > 0 {
		g.run.reset(len(g.rows), false)
		for _, k := range fresh {
			*root.Word(g.ids[k], g.mark) = markNew
			g.run.ids = append(g.run.ids, g.ids[k])
		}
		g.prog.Init(g.tabs, g.run.ids)
	}
	root.TouchAll(g.ids)
	if g.expiry != nil {
		g.refresh()
	}
	return true
}

// admit takes rows into the bundle, up to its end, and updates their groups.
func (g *Group) admit() error {
	if len(g.bundle.touched) == 0 {
		g.tabs.Root.Hold()
	}
	end := len(g.rows)
	if s := g.spec.Bundle.Size; s > 0 {
		end = int(min(int64(end), int64(g.next)+s-g.bundle.rows))
	}
	lo := g.next
	if g.spec.Retract {
		g.admitCounted(end)
	} else {
		g.admitRows(end)
	}
	g.bundle.rows += int64(g.next - lo)
	if err := g.prog.Update(g.tabs, g.b.Cols(), g.run.ids, g.run.pos, g.run.w); err != nil {
		return err
	}
	switch b := g.spec.Bundle; {
	case b.PerRow, b.Size > 0 && g.bundle.rows >= b.Size:
		g.finish()
	case b.Size > 0 || b.Latency > 0 || g.next < len(g.rows):
	case g.bundle.rows >= int64(g.rt.BatchRows()):
		g.finish()
	default:
		// A fragment of a batch: the bundle takes in what follows at once.
		g.rt.FlushIdle()
	}
	return nil
}

// admitRows marks the groups of rows that only add.
func (g *Group) admitRows(end int) {
	root, bd := g.tabs.Root, &g.bundle
	rows := root.View()
	k := g.next
	for ; k < end; k++ {
		id := g.ids[k]
		m := rows.Word(id, g.mark)
		if *m&seqMask == bd.seq {
			if g.spec.Bundle.PerRow {
				break
			}
			continue
		}
		bd.touch(rows.At(id), id, m)
	}
	g.run.ids, g.run.pos, g.run.w = g.ids[g.next:k], g.rows[g.next:k], nil
	g.next = k
}

// admitCounted is admitRows for rows that add or take away. It counts the rows of each group and drops those that take a row away
// from a group that has none, as Flink does.
func (g *Group) admitCounted(end int) {
	root, bd := g.tabs.Root, &g.bundle
	rows := root.View()
	count := g.prog.RowCountOff()
	g.run.reset(len(g.rows), g.weights != nil)
	k := g.next
	for ; k < end; k++ {
		id := g.ids[k]
		row := rows.At(id)
		m := &row[g.mark]
		if *m&seqMask != bd.seq {
			bd.touch(row, id, m)
		} else if g.spec.Bundle.PerRow {
			break
		}
		w := int64(1)
		if g.weights != nil {
			w = g.weights[k]
		}
		if w < 0 && row[count] == 0 {
			continue
		}
		row[count] += uint64(w)
		g.run.ids, g.run.pos = append(g.run.ids, id), append(g.run.pos, g.rows[k])
		if g.weights != nil {
			g.run.w = append(g.run.w, w)
		}
	}
	g.next = k
}

// finish ends the bundle: its changes are emitted next.
func (g *Group) finish() {
	if g.prog.Derives() {
		g.run.reset(len(g.bundle.touched), false)
		for _, t := range g.bundle.touched {
			g.run.ids = append(g.run.ids, t.id)
		}
		g.prog.Finish(g.tabs, g.run.ids)
	}
	g.emitter.start()
	g.phase = phaseEmit
}

// deleteEmpties removes the groups that lost their last row and did not get one since.
func (g *Group) deleteEmpties() {
	root := g.tabs.Root
	for _, id := range g.empties {
		if root.Live(id) && g.prog.RowCount(root.Row(id)) == 0 {
			g.prog.DeleteOwned(g.tabs, id)
			root.Delete(id)
		}
	}
	g.empties = g.empties[:0]
}

// identities is 0, 1, 2, ..., for batches without selection.
var identities = func() []int32 {
	s := make([]int32, batch.MaxRows)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}()

// identity returns the positions 0..n-1.
func identity(n int) []int32 {
	if n <= len(identities) {
		return identities[:n]
	}
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// weightsOf returns the weights of rows, or nil when all are +1.
func weightsOf(b *batch.Batch, rows []int32, buf []int64, retract bool) []int64 {
	kinds := b.Kinds()
	if kinds == nil || !retract {
		return nil
	}
	var odd schema.RowKind
	for _, at := range rows {
		odd |= kinds[at]
	}
	if odd&1 == 0 {
		return nil
	}
	for _, at := range rows {
		buf = append(buf, 1-2*int64(kinds[at]&1))
	}
	return buf
}
