// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import "spate/batch"

// nodeKind says how a node is computed.
type nodeKind uint8

const (
	nodeCol      nodeKind = iota // Column of the batch.
	nodeLit                      // Constant, held in own.
	nodeField                    // Field of a row, borrowed.
	nodeAlias                    // The argument under another logical type of the same form.
	nodeCall                     // A kernel.
	nodeJunction                 // AND, OR.
	nodeCase
	nodeCoalesce
)

// node is one compiled sub-expression. It belongs to a scope and computes its value for that scope's rows.
type node struct {
	kind     nodeKind
	scope    int
	index    int // Column, field.
	args     []*node
	refs     int // Users: nodes and roots.
	fn       string
	pos      Pos
	kernel   Kernel
	strict   bool
	fallible bool
	volatile bool
	or       bool // Junction: OR.
	symbol   bool // A keyword, not a value.

	in   []*batch.Vector // Arguments of the call under way.
	own  *batch.Vector
	val  *batch.Vector
	memo uint64
	bits []uint64
	more []uint64
	sel  []int32
	pick []uint16
	subs []int // Scopes of special forms: see special.go.
}
