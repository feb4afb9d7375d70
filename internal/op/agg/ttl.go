// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package agg

import (
	"spate/internal/flow"
	"spate/internal/op"
)

// expireStep is the number of groups that a call removes at most.
const expireStep = 1024

// refresh puts off the expiry of the groups of the batch. A group that expired is as good as new; rows that are in the bundle under
// way are not looked at again.
func (g *Group) refresh() {
	root, now := g.tabs.Root, g.rt.Now()
	for _, id := range g.ids {
		at, ok := g.expiry.Get(id)
		if ok && at == now+flow.Millis(g.spec.TTL) {
			continue
		}
		if ok && at <= now && *root.Word(id, g.mark)&seqMask != g.bundle.seq {
			g.prog.Reset(g.tabs, id)
			*root.Word(id, g.mark) = markNew
		}
		g.expiry.Set(id, now+flow.Millis(g.spec.TTL))
	}
	g.wake()
}

// wake asks for a call when the next group may expire.
func (g *Group) wake() {
	if at, ok := g.expiry.Peek(); ok {
		g.rt.ProcTimer(at)
	}
}

// Timer implements op.Operator: groups expire.
func (g *Group) Timer(now flow.Millis) (op.Result, error) {
	if g.expiry == nil {
		return op.Result{}, nil
	}
	g.until, g.phase = now, phaseExpire
	return g.step()
}

// expire removes some of the groups that expired and returns whether there may be more. Groups of a bundle under way stay until
// they are touched again or expire anew.
func (g *Group) expire() bool {
	root := g.tabs.Root
	for range expireStep {
		id, _ := g.expiry.Pop(g.until)
		if id < 0 {
			g.wake()
			return false
		}
		if *root.Word(id, g.mark)&seqMask == g.bundle.seq {
			g.expiry.Set(id, g.until+flow.Millis(g.spec.TTL))
			continue
		}
		g.prog.DeleteOwned(g.tabs, id)
		root.Delete(id)
	}
	return true
}
