// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package task

import (
	"spate/batch"
	"spate/internal/op"
)

// collect hands rows to whoever runs the job.
type collect struct {
	op.Base
	id      string
	subtask int
	sink    func(id string, subtask int, b *batch.Batch) error
}

// Open implements op.Operator.
func (*collect) Open(op.Runtime) error { return nil }

// Process implements op.Operator.
func (c *collect) Process(_ int, b *batch.Batch) (op.Result, error) {
	var err error
	if c.sink != nil {
		err = c.sink(c.id, c.subtask, b)
	}
	b.Release()
	return op.Result{}, err
}
