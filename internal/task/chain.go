// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"fmt"
	"slices"

	"spate/batch"
	"spate/internal/exchange"
	"spate/internal/flow"
	"spate/internal/graph"
	"spate/internal/op"
)

// event is what a node is being driven through.
type event uint8

const (
	evData event = iota
	evMark
	evFlush
	evTimer
	evEnd
)

// phase is how far a node is within an event.
type phase uint8

const (
	phFlush     phase = iota // The bundle is to be flushed first.
	phCall                   // The operator is to be called for the event.
	phDrain                  // The operator has more: Continue.
	phPropagate              // Children and outputs are to get the event.
	phDone
)

// node is one operator of the chain at run time.
type node struct {
	graph    *graph.Node
	op       op.Operator
	rt       *runtime
	children []int
	outputs  []*exchange.Output
	views    *batch.Pool // Headers for fan-out; nil when there is one consumer.
	inputs   int         // Of the operator that are still open.
	// swallowsMarks: a watermark assigner; of those from upstream only the last counts.
	swallowsMarks bool
	isSink        bool
	rowsIn        int64
	rowsOut       int64
}

func (n *node) consumers() int { return len(n.children) + len(n.outputs) }

// frame is a node in the middle of an event. A chain is a stack of frames: the top one runs, those below wait for their output
// to be consumed. That makes every state between two calls a place to stop and go on.
type frame struct {
	node  int
	event event
	phase phase
	batch *batch.Batch   // Argument of evData, until the call.
	mark  flow.Watermark // Argument of evMark; time of evTimer.
	input int            // Argument of evData and evEnd.

	out      *batch.Batch // Output that is being delivered.
	next     int          // The next consumer to get out, or the event.
	more     bool
	wait     bool
	ownMark  flow.Watermark // A watermark of the operator itself, to follow out.
	hasMark  bool
	markNext int
}

// outcome is what one step of a chain came to.
type outcome uint8

const (
	idleChain    outcome = iota // Nothing to do: give it an event.
	stepped                     // Something was done.
	blockedChain                // An output has no credit.
	waitingState                // State is being fetched.
)

// chain drives the operators of one task.
type chain struct {
	nodes []*node
	stack []frame
}

// start gives the head an event. The chain must be idle.
func (c *chain) start(f frame) { c.stack = append(c.stack, f) }

// busy tells whether an event is under way.
func (c *chain) busy() bool { return len(c.stack) > 0 }

// step does one bounded piece of work.
func (c *chain) step() (outcome, error) {
	if len(c.stack) == 0 {
		return idleChain, nil
	}
	f := &c.stack[len(c.stack)-1]
	n := c.nodes[f.node]
	if f.out != nil {
		return c.deliver(f, n)
	}
	if f.hasMark {
		return c.sendOwnMark(f, n)
	}
	if f.wait {
		if !n.rt.resident() {
			return waitingState, nil
		}
		f.wait = false
	}
	if f.more {
		r, err := n.op.Continue()
		return c.took(f, n, r, err)
	}
	switch f.phase {
	case phFlush:
		f.phase = phCall
		n.rt.flushed()
		r, err := n.op.Flush()
		return c.took(f, n, r, err)
	case phCall:
		return c.call(f, n)
	case phDrain, phPropagate:
		f.phase = phPropagate
		return c.propagate(f, n)
	case phDone:
	}
	c.stack = c.stack[:len(c.stack)-1]
	return stepped, nil
}

// call calls the operator for the frame's event.
func (c *chain) call(f *frame, n *node) (outcome, error) {
	var r op.Result
	var err error
	f.phase = phPropagate
	switch f.event {
	case evData:
		b := f.batch
		f.batch = nil
		n.rowsIn += int64(b.Rows())
		f.phase = phDone
		r, err = n.op.Process(f.input, b)
	case evMark:
		if n.swallowsMarks && f.mark != flow.MaxWatermark {
			f.phase = phDone
			break
		}
		r, err = n.op.Advance(f.mark)
	case evFlush:
	case evTimer:
		f.phase = phDone
		r, err = n.op.Timer(f.mark)
	case evEnd:
		n.inputs--
		if n.inputs > 0 {
			f.phase = phDone
		}
		r, err = n.op.EndInput(f.input)
	}
	return c.took(f, n, r, err)
}

// took stores the outcome of an operator's call in the frame.
func (*chain) took(f *frame, n *node, r op.Result, err error) (outcome, error) {
	f.more, f.wait = r.More || r.Wait, r.Wait
	f.ownMark, f.hasMark, f.markNext = r.Mark, r.HasMark, 0
	if r.Out != nil {
		n.rowsOut += int64(r.Out.Rows())
		f.out, f.next = r.Out, 0
	}
	if err != nil {
		return stepped, fmt.Errorf("%s: %w", n.graph.Name, err)
	}
	if err := n.rt.err(); err != nil {
		return stepped, fmt.Errorf("%s: %w", n.graph.Name, err)
	}
	return stepped, nil
}

// deliver gives the output batch to the next consumer.
func (c *chain) deliver(f *frame, n *node) (outcome, error) {
	total := n.consumers()
	if total == 0 {
		f.out.Release()
		f.out = nil
		return stepped, nil
	}
	if total > 1 && f.next == 0 {
		f.out.Share(total - 1)
	}
	i := f.next
	if i >= len(n.children) {
		if o := n.outputs[i-len(n.children)]; o.Blocked() && !o.Flush() {
			return blockedChain, nil
		}
	}
	b := f.out
	if total > 1 {
		b = n.views.View(b)
	}
	f.next++
	if f.next == total {
		f.out, f.next = nil, 0 // The event itself is to be passed on to all consumers.
	}
	if i >= len(n.children) {
		return stepped, n.outputs[i-len(n.children)].Put(b)
	}
	c.stack = append(c.stack, frame{node: n.children[i], event: evData, phase: phCall, batch: b})
	return stepped, nil
}

// propagate passes the frame's event on to the next consumer, and pops the frame after the last.
func (c *chain) propagate(f *frame, n *node) (outcome, error) {
	if f.event == evFlush || f.next >= n.consumers() {
		c.stack = c.stack[:len(c.stack)-1]
		return stepped, nil
	}
	i := f.next
	f.next++
	c.pass(n, i, f.event, f.mark)
	return stepped, nil
}

// sendOwnMark passes an assigner's own watermark to the next consumer.
func (c *chain) sendOwnMark(f *frame, n *node) (outcome, error) {
	i, mark := f.markNext, f.ownMark
	f.markNext++
	if f.markNext >= n.consumers() {
		f.hasMark = false
	}
	if n.consumers() == 0 {
		return stepped, nil
	}
	c.pass(n, i, evMark, mark)
	return stepped, nil
}

// pass gives consumer i of a node a watermark or the end of its input. Control elements need no credit.
func (c *chain) pass(n *node, i int, e event, mark flow.Watermark) {
	if i < len(n.children) {
		c.stack = append(c.stack, frame{node: n.children[i], event: e, phase: phFlush, mark: mark})
		return
	}
	o := n.outputs[i-len(n.children)]
	switch e {
	case evMark:
		o.PutControl(exchange.Element{Kind: exchange.Mark, Mark: mark})
	case evEnd:
		o.PutControl(exchange.Element{Kind: exchange.End})
	case evData, evFlush, evTimer:
	}
}

// setIdle tells all tasks downstream of the chain that it is idle or active again.
func (c *chain) setIdle(idle bool) {
	k := exchange.Active
	if idle {
		k = exchange.Idle
	}
	for _, n := range c.nodes {
		for _, o := range n.outputs {
			o.PutControl(exchange.Element{Kind: k})
		}
	}
}

// flushOutputs sends what waited for credit and reports whether all is sent.
func (c *chain) flushOutputs() bool {
	all := true
	for _, n := range c.nodes {
		for _, o := range n.outputs {
			if o.Blocked() && !o.Flush() {
				all = false
			}
		}
	}
	return all
}

// hungry tells whether a consumer downstream has run out of work, so that a partial batch should go now.
func (c *chain) hungry() bool {
	outputs := false
	for _, n := range c.nodes {
		for _, o := range n.outputs {
			outputs = true
			if o.Hungry() {
				return true
			}
		}
	}
	return !outputs
}

// abort releases the batches of unfinished frames.
func (c *chain) abort() {
	for i := range c.stack {
		f := &c.stack[i]
		if f.batch != nil {
			f.batch.Release()
		}
		if f.out == nil {
			continue
		}
		// Consumers that did not get their share yet give it back here.
		left := 1
		if total := c.nodes[f.node].consumers(); total > 1 && f.next > 0 {
			left = total - f.next
		}
		for range left {
			f.out.Release()
		}
	}
	c.stack = nil
}

// close closes the operators, tail first, and the outputs.
func (c *chain) close() error {
	var first error
	for _, n := range slices.Backward(c.nodes) {
		if n.op != nil {
			if err := n.op.Close(); err != nil && first == nil {
				first = fmt.Errorf("closing %s: %w", n.graph.Name, err)
			}
		}
		for _, o := range n.outputs {
			o.Close()
		}
		n.rt.close()
	}
	return first
}
