// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import (
	"bytes"
	"fmt"

	"spate/internal/op"
)

// Restored opens a fresh operator on a snapshot of the state of h, closes h and returns a harness for the new one. Emit is taken over.
func (h *Harness) Restored(fresh op.Operator) (*Harness, error) {
	var snapshot bytes.Buffer
	if err := h.RT.store.Snapshot(&snapshot); err != nil {
		return nil, fmt.Errorf("taking a snapshot: %w", err)
	}
	next, err := NewHarness(fresh, h.inputs, h.out, h.RT.o)
	if err != nil {
		return nil, err
	}
	next.Emit = h.Emit
	next.RT.now = h.RT.now
	if err := next.RT.store.Restore(&snapshot); err != nil {
		return nil, err
	}
	return next, h.Close()
}
