// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package window aggregates per window and implements the windowing table functions.
//
// TUMBLE, HOP and CUMULATE cut time into slices of which every window is made (flow.Slices). A row goes into the groups of its
// slice, once; a window fires by merging its slices. Slices of cumulating windows are merged into the first slice of the window as
// they fire. SESSION keeps sessions per key, merged as rows bring them together.
//
// Invariants:
//
//	W1. A window fires when the watermark (or processing time) reaches its end less one millisecond, in the order of window ends,
//	    groups in the order in which they were first seen.
//	W2. A row all of whose windows have fired is dropped and counted (numLateRecordsDropped); otherwise it counts in those that have
//	    not.
//	W3. A slice is dropped when the last window that it belongs to has fired.
//
// Threading: operators belong to the goroutine of their task. Lifetime: that of the operator.
package window

import (
	"spate/internal/graph"
	"spate/internal/op"
	"spate/schema"
)

// lateDropped is Flink's metric of rows that came too late.
const lateDropped = "numLateRecordsDropped"

// NewAggregate makes the operator of a windowed aggregation. Output columns: keys, aggregates, properties.
func NewAggregate(spec *graph.WindowAggSpec, in, out []*schema.Type) (op.Operator, error) {
	if spec.Window.Kind == graph.Session && !spec.Window.Attached {
		return newSession(spec, in, out)
	}
	return newSliced(spec, in, out)
}
