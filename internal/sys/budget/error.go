// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package budget

import (
	"fmt"

	"spate/internal/sys/errs"
)

// Error says that a request for memory was refused.
type Error struct {
	// Node is the path of the node whose limit would have been passed.
	Node string
	// Asker is the path of the node that asked; it equals Node or lies below it.
	Asker string
	// Asked is the number of bytes that were asked for.
	Asked int64
	// Used is the number of bytes that Node held then.
	Used int64
	// Limit is the limit of Node in bytes.
	Limit int64
}

// Error names both nodes and the three figures.
func (e *Error) Error() string {
	if e.Asker == e.Node {
		return fmt.Sprintf("memory budget of %s is used up: asked for %d bytes, holds %d of %d", e.Node, e.Asked, e.Used, e.Limit)
	}
	return fmt.Sprintf("memory budget of %s is used up: %s asked for %d bytes, %s holds %d of %d",
		e.Node, e.Asker, e.Asked, e.Node, e.Used, e.Limit)
}

// Code returns errs.MemoryBudget.
func (*Error) Code() errs.Code { return errs.MemoryBudget }

// Is matches errs.MemoryBudget and its class.
func (*Error) Is(target error) bool { return errs.MemoryBudget.Matches(target) }
