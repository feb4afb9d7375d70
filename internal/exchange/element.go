// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package exchange carries stream elements between tasks: result partitions on the sending side, gates on the receiving side.
//
// Invariants:
//
//	X1. A channel keeps the order of its elements.
//	X2. Nothing here blocks: Send refuses when there is no credit and wakes the sender when there is again; Poll returns at once.
//	X3. A channel with an empty queue always has credit for one element, so that no pair of tasks can starve each other.
//	X4. Sending an element hands its batch over.
//
// A gate is used by many senders and one receiver; an output belongs to the sending task's goroutine.
package exchange

import (
	"spate/batch"
	"spate/internal/flow"
)

// Kind is the kind of an element.
type Kind uint8

// Element kinds.
const (
	Data   Kind = iota // A batch.
	Mark               // A watermark.
	Idle               // The channel is idle: its watermark does not count until it is Active or sends data.
	Active             // The channel is active again.
	End                // No more elements.
)

// Element is what travels in a channel.
type Element struct {
	Kind  Kind
	Batch *batch.Batch
	Mark  flow.Watermark
}

// Signal wakes a task: a hint that something changed, never lost, possibly spurious.
type Signal chan struct{}

// NewSignal returns a signal. Its capacity of one makes raising it idempotent.
func NewSignal() Signal { return make(Signal, 1) }

// Raise wakes whoever waits, or the next one to wait.
func (s Signal) Raise() {
	select {
	case s <- struct{}{}:
	default:
	}
}
