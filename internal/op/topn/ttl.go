// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package topn

import (
	"errors"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/internal/state"
	"spate/schema"
)

// errRetract is the planner's mistake of sending a retraction to an operator that was planned for an append-only input.
var errRetract = errors.New("Top-N was planned for an append-only input and got a retraction")

func onlyAdds(b *batch.Batch, kinds []schema.RowKind) error {
	if sel := b.Sel(); sel != nil {
		for _, p := range sel {
			if !kinds[p].IsAdd() {
				return errRetract
			}
		}
		return nil
	}
	for _, k := range kinds[:b.Len()] {
		if !k.IsAdd() {
			return errRetract
		}
	}
	return nil
}

// ttl removes partitions that nothing was written to for a time.
type ttl struct {
	rt     op.Runtime
	span   flow.Millis
	timers *state.Timers
	asked  bool
	at     flow.Millis
	remove func(partition int32)
	// timed: the time field is an event time instead, see held.
	timed bool
}

// fields adds the time field when there is a TTL, in milliseconds.
func (t *ttl) fields(fs []state.Field, span int64) []state.Field {
	t.span = flow.Millis(span)
	if t.timed {
		t.span = 0
	} else if span <= 0 {
		return fs
	}
	return append(fs, state.Field{Name: "expires", Kind: state.Time})
}

func (t *ttl) open(rt op.Runtime, table *state.Table, remove func(partition int32)) {
	t.rt, t.remove = rt, remove
	if t.span > 0 || t.timed {
		t.timers = table.Timers()
	}
}

// touch postpones the expiry of partitions.
func (t *ttl) touch(ids []int32) {
	if t.span <= 0 {
		return
	}
	at := t.rt.Now() + t.span
	for _, id := range ids {
		t.timers.Set(id, at)
	}
	t.arm()
}

func (t *ttl) arm() {
	if at, ok := t.timers.Peek(); ok && (!t.asked || at < t.at) {
		t.asked, t.at = true, at
		t.rt.ProcTimer(at)
	}
}

// fired notes that the call that was asked for has come.
func (t *ttl) fired() { t.asked = false }

// expire removes partitions whose time has come, at most a batch of them.
func (t *ttl) expire(now flow.Millis) {
	if t.span <= 0 {
		return
	}
	for range batch.MaxRows {
		id, _ := t.timers.Pop(now)
		if id < 0 {
			break
		}
		t.remove(id)
	}
	t.arm()
}
