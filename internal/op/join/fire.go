// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"spate/batch"
	"spate/internal/graph"
	"spate/internal/op"
	"spate/internal/state"
)

// fire is the emission of one window: a walk over its keys, under each key over all pairs of a left and a right row, then, when
// right rows are preserved, over the right rows.
type fire struct {
	open  bool
	end   int64
	w     *windowTables
	key   int32
	left  int32
	right int32
	stage stage
	// matches of the left row at hand.
	matches int

	items []item
	pairs struct{ left, right [][]byte }
	pass  []int32
	out   struct{ left, right [][]byte }
	next  int // First entry of out that is not emitted yet.
	room  []byte
	used  int
}

// stage is where the walk under a key stands.
type stage uint8

const (
	nextKey stage = iota
	pairing
	checking // Right rows for a match.
)

// item is one thing that the walk came by: a pair, the end of a left row (right is negative), or a right row to be checked (left is
// negative).
type item struct{ left, right int32 }

// step emits the next batch of the windows that the watermark has passed.
func (j *WindowJoin) step() (op.Result, error) {
	f := &j.fire
	if f.next < len(f.out.left) {
		return j.emit(), nil
	}
	if !f.open && !j.openWindow() {
		return op.Result{}, nil
	}
	j.collect()
	var out *batch.Batch
	var err error
	if j.spec.Kind == graph.Inner {
		out, err = j.emitPairs()
	} else if err = j.pass(); err == nil {
		j.decide()
		if len(f.out.left) > 0 {
			return j.emit(), nil
		}
	}
	if err != nil {
		return op.Result{}, err
	}
	return op.Result{Out: out, More: j.closeWindow()}, nil
}

// openWindow takes the earliest window when the watermark has passed it.
func (j *WindowJoin) openWindow() bool {
	names := j.windows.Names()
	if len(names) == 0 || j.fireTime(names[0]) > j.mark {
		return false
	}
	f := &j.fire
	f.open, f.end, f.stage, f.matches = true, names[0], nextKey, 0
	f.w = j.windows.Get(f.end)
	f.key = f.w.keys.Walk(0)
	return true
}

// closeWindow drops the window when all of it was emitted, and tells whether there is more to do.
func (j *WindowJoin) closeWindow() bool {
	f := &j.fire
	if f.next < len(f.out.left) {
		return true
	}
	f.forget()
	if f.key >= 0 {
		return true
	}
	j.windows.Drop(f.end)
	f.open, f.w = false, nil
	names := j.windows.Names()
	return len(names) > 0 && j.fireTime(names[0]) <= j.mark
}

// forget drops the references into state.
func (f *fire) forget() {
	for _, d := range []*[][]byte{&f.pairs.left, &f.pairs.right, &f.out.left, &f.out.right} {
		clear(*d)
		*d = (*d)[:0]
	}
	f.next = 0
}

// collect walks on until there are limit items or the window ends. The pairs among them are listed with their bytes.
func (j *WindowJoin) collect() {
	f := &j.fire
	f.items = f.items[:0]
	f.forget()
	f.used = 0
	f.room = sized(f.room, 2*j.limit*inlineRoom)
	inner := j.spec.Kind == graph.Inner
	left, right := f.w.sides[leftInput], f.w.sides[rightInput]
	bytes := 0
	for f.key >= 0 && len(f.items) < j.limit && bytes <= batch.MaxBytes {
		switch f.stage {
		case nextKey:
			f.left, f.right = left.First(f.key), right.First(f.key)
			if f.w.keys.Row(f.key)[f.w.noMatch] != 0 {
				f.right = -1
			}
			f.stage = pairing
		case pairing:
			if f.left < 0 || inner && f.right < 0 {
				f.stage = checking
				f.right = right.First(f.key)
				if !j.sides[rightInput].outer {
					f.right = -1
				}
				continue
			}
			if f.right >= 0 {
				bytes += f.pair(left, right)
				f.right = right.Next(f.right)
				if f.right >= 0 {
					continue
				}
			}
			if !inner {
				f.items = append(f.items, item{f.left, -1})
			}
			if f.left = left.Next(f.left); f.left >= 0 && f.w.keys.Row(f.key)[f.w.noMatch] == 0 {
				f.right = right.First(f.key)
			}
		case checking:
			if f.right < 0 {
				f.key = f.w.keys.Walk(f.key + 1)
				f.stage = nextKey
				continue
			}
			f.items = append(f.items, item{-1, f.right})
			f.right = right.Next(f.right)
		}
	}
}

// pair lists the pair at hand and returns its size.
func (f *fire) pair(left, right *state.Table) int {
	f.items = append(f.items, item{f.left, f.right})
	l, r := f.bytes(left, f.left), f.bytes(right, f.right)
	f.pairs.left = append(f.pairs.left, l)
	f.pairs.right = append(f.pairs.right, r)
	return len(l) + len(r)
}

// bytes returns the encoded row, which stays valid for the step.
func (f *fire) bytes(t *state.Table, id int32) []byte {
	if f.used+inlineRoom > len(f.room) {
		f.room, f.used = make([]byte, max(1024, 2*len(f.room))), 0
	}
	b := t.Bytes(id, f.w.rowAt, f.room[f.used:f.used:f.used+inlineRoom])
	f.used += inlineRoom
	return b
}

// emitPairs makes a batch of the pairs and narrows it to those that the condition lets through; nil when none does.
func (j *WindowJoin) emitPairs() (*batch.Batch, error) {
	n := len(j.fire.pairs.left)
	if n == 0 {
		return nil, nil
	}
	out := j.pool.Get()
	j.fill(out, j.fire.pairs.left, j.fire.pairs.right)
	if j.cond == nil {
		return out, nil
	}
	sel, err := j.cond.Filter(0, out, out.SelBuf(n))
	if err != nil || len(sel) == 0 {
		out.Release()
		return nil, err
	}
	if len(sel) < n {
		out.SetSel(sel)
	}
	return out, nil
}

// fill appends joined rows.
func (j *WindowJoin) fill(out *batch.Batch, left, right [][]byte) {
	j.mat.encodedSide(out, 0, j.sides[leftInput].codec, len(j.sides[leftInput].types), left)
	if right != nil {
		j.mat.encodedSide(out, len(j.sides[leftInput].types), j.sides[rightInput].codec, len(j.sides[rightInput].types), right)
	}
	out.SetLen(len(left))
}

// pass finds the pairs that the condition lets through.
func (j *WindowJoin) pass() error {
	f := &j.fire
	n := len(f.pairs.left)
	f.pass = sized(f.pass, n)
	if j.cond == nil || n == 0 {
		for i := range f.pass {
			f.pass[i] = int32(i)
		}
		return nil
	}
	b := j.conds.Get()
	defer b.Release()
	j.fill(b, f.pairs.left, f.pairs.right)
	sel, err := j.cond.Filter(0, b, f.pass)
	f.pass = sel
	return err
}

// decide turns the items into output rows.
func (j *WindowJoin) decide() {
	f := &j.fire
	left, right := f.w.sides[leftInput], f.w.sides[rightInput]
	both := j.spec.Kind != graph.Semi && j.spec.Kind != graph.Anti
	pair, pass := int32(0), f.pass
	for _, it := range f.items {
		switch {
		case it.left >= 0 && it.right >= 0:
			if len(pass) > 0 && pass[0] == pair {
				pass = pass[1:]
				f.matches++
				if both {
					f.add(f.pairs.left[pair], f.pairs.right[pair])
				}
				if j.sides[rightInput].outer {
					*right.Word(it.right, f.w.matched) = 1
				}
			}
			pair++
		case it.left >= 0:
			if f.matches == 0 && j.sides[leftInput].outer || f.matches > 0 && j.spec.Kind == graph.Semi {
				f.add(f.bytes(left, it.left), j.sides[rightInput].null)
			}
			f.matches = 0
		case *right.Word(it.right, f.w.matched) == 0:
			f.add(j.sides[leftInput].null, f.bytes(right, it.right))
		}
	}
}

func (f *fire) add(left, right []byte) {
	f.out.left = append(f.out.left, left)
	f.out.right = append(f.out.right, right)
}

// emit makes a batch of the next decided rows.
func (j *WindowJoin) emit() op.Result {
	f := &j.fire
	hi := min(len(f.out.left), f.next+j.limit)
	out := j.pool.Get()
	right := f.out.right[f.next:hi]
	if j.spec.Kind == graph.Semi || j.spec.Kind == graph.Anti {
		right = nil
	}
	j.fill(out, f.out.left[f.next:hi], right)
	f.next = hi
	return op.Result{Out: out, More: j.closeWindow()}
}
