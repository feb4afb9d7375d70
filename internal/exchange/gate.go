// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"sync"
	"sync/atomic"

	"spate/internal/flow"
)

// Credits of a gate. Few batches in flight keep them in the processor's caches; control elements do not count.
const (
	channelBatches = 4       // Batches queued in one channel.
	gateBytes      = 8 << 20 // Bytes queued in all channels of a gate beyond one batch each.
)

// Gate is the receiving side of a task: its input channels, in order, and the combined watermark.
type Gate struct {
	wake Signal

	mu       sync.Mutex
	channels []*channel
	bytes    int64
	next     int // Channel to poll first: round robin.
	closed   bool
	queued   atomic.Int32 // Batches in all channels, for idleness without the lock.

	// The rest belongs to the receiver.
	marks []flow.Watermark
	state []channelState
	last  flow.Watermark
}

type channelState uint8

const (
	active channelState = iota
	idle
	ended
)

// channel is a queue of elements from one sender to one input.
type channel struct {
	input   int
	queue   []entry
	head    int
	batches int
	sender  Signal // To be raised when there is credit again; nil when the sender does not wait.
}

// entry is a queued element and the bytes it was charged.
type entry struct {
	Element
	bytes int64
}

// NewGate returns a gate with one channel per entry of inputs, which tells the input of the task's head that it feeds. The
// signal is raised whenever an element arrives.
func NewGate(inputs []int, wake Signal) *Gate {
	g := &Gate{wake: wake, marks: make([]flow.Watermark, len(inputs)), state: make([]channelState, len(inputs)), last: flow.MinWatermark}
	for i, in := range inputs {
		g.channels = append(g.channels, &channel{input: in})
		g.marks[i] = flow.MinWatermark
	}
	return g
}

// Channels returns the number of channels.
func (g *Gate) Channels() int { return len(g.channels) }

// Empty tells whether no batch waits: the receiver is about to run out of work. It is a hint.
func (g *Gate) Empty() bool { return g.queued.Load() == 0 }

// send queues an element if there is credit; otherwise the signal will be raised when there is.
func (g *Gate) send(ch int, e Element, size int64, sender Signal) bool {
	g.mu.Lock()
	c := g.channels[ch]
	if g.closed {
		g.mu.Unlock()
		if e.Batch != nil {
			e.Batch.Release()
		}
		return true
	}
	if e.Kind == Data {
		if c.batches > 0 && (c.batches >= channelBatches || g.bytes+size > gateBytes) {
			c.sender = sender
			g.mu.Unlock()
			return false
		}
		c.batches++
		g.bytes += size
		g.queued.Add(1)
	}
	c.queue = append(c.queue, entry{Element: e, bytes: size})
	g.mu.Unlock()
	g.wake.Raise()
	return true
}

// Poll returns the next element of any channel with its channel and the input that it feeds. ok is false when all are empty.
func (g *Gate) Poll() (e Element, ch, input int, ok bool) {
	g.mu.Lock()
	for i := range g.channels {
		ch = (g.next + i) % len(g.channels)
		c := g.channels[ch]
		if c.head == len(c.queue) {
			continue
		}
		size := c.queue[c.head].bytes
		e = c.queue[c.head].Element
		c.queue[c.head] = entry{}
		c.head++
		if c.head == len(c.queue) {
			c.queue, c.head = c.queue[:0], 0
		}
		g.next = ch + 1
		var sender Signal
		if e.Kind == Data {
			c.batches--
			g.bytes -= size
			g.queued.Add(-1)
			sender, c.sender = c.sender, nil
		}
		g.mu.Unlock()
		if sender != nil {
			sender.Raise()
		}
		return e, ch, c.input, true
	}
	g.mu.Unlock()
	return Element{}, 0, 0, false
}

// Advance records a channel's watermark and returns the combined one when it rose.
func (g *Gate) Advance(ch int, w flow.Watermark) (flow.Watermark, bool) {
	g.state[ch] = active
	g.marks[ch] = max(g.marks[ch], w)
	return g.combine()
}

// SetIdle records that a channel is idle or active again. allIdle tells whether no active channel is left.
func (g *Gate) SetIdle(ch int, isIdle bool) (w flow.Watermark, rose, allIdle bool) {
	if g.state[ch] != ended {
		g.state[ch] = active
		if isIdle {
			g.state[ch] = idle
		}
	}
	w, rose = g.combine()
	allIdle = true
	for _, s := range g.state {
		if s == active {
			allIdle = false
		}
	}
	return w, rose, allIdle
}

// EndChannel records the end of a channel. inputEnded tells that it was the last of its input, allEnded that of the gate.
func (g *Gate) EndChannel(ch int) (inputEnded, allEnded bool) {
	g.state[ch] = ended
	inputEnded, allEnded = true, true
	for i, s := range g.state {
		if s != ended {
			allEnded = false
			if g.channels[i].input == g.channels[ch].input {
				inputEnded = false
			}
		}
	}
	return inputEnded, allEnded
}

// combine returns the least watermark of the active channels, when it is above the last one. Ended channels hold nobody back.
func (g *Gate) combine() (flow.Watermark, bool) {
	w, counts := flow.MaxWatermark, false
	for i, s := range g.state {
		switch s {
		case active:
			w, counts = min(w, g.marks[i]), true
		case ended:
			// A channel that ended had sent its last watermark.
			if g.marks[i] == flow.MaxWatermark {
				counts = true
			}
		case idle:
		}
	}
	if !counts || w <= g.last {
		return 0, false
	}
	g.last = w
	return w, true
}

// Close releases all that is queued and whatever is still sent.
func (g *Gate) Close() {
	g.mu.Lock()
	g.closed = true
	var drop []entry
	var senders []Signal
	for _, c := range g.channels {
		drop = append(drop, c.queue[c.head:]...)
		c.queue, c.head, c.batches = nil, 0, 0
		if c.sender != nil {
			senders = append(senders, c.sender)
			c.sender = nil
		}
	}
	g.mu.Unlock()
	for _, e := range drop {
		if e.Batch != nil {
			e.Batch.Release()
		}
	}
	for _, s := range senders {
		s.Raise()
	}
}
