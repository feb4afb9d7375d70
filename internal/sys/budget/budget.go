// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package budget

import (
	"fmt"
	"math"
	"sync/atomic"
)

// Unlimited is the limit of a node that only counts.
const Unlimited int64 = math.MaxInt64

// Node is one holder of memory in the tree.
type Node struct {
	name   string
	parent *Node
	limit  int64
	used   atomic.Int64
	peak   atomic.Int64
}

// New returns a root node. A limit of zero or less means Unlimited; limits are bytes.
func New(name string, limit int64) *Node {
	if limit <= 0 {
		limit = Unlimited
	}
	return &Node{name: name, limit: limit}
}

// Child returns a new node below n, whose bytes are charged to n and all above it too. A limit of zero or less means
// Unlimited: then only the nodes above limit it. The child of a nil node is a root.
func (n *Node) Child(name string, limit int64) *Node {
	c := New(name, limit)
	c.parent = n
	return c
}

// Grow charges size bytes to n and to every node above it. When that would pass a limit, nothing is charged and the
// error is an *Error that names the node whose limit it was. A negative size is a bug and panics.
func (n *Node) Grow(size int64) error {
	if size < 0 {
		panic(fmt.Sprintf("BUG: budget of %s grown by %d bytes", n.Path(), size))
	}
	for at := n; at != nil; at = at.parent {
		used := at.used.Add(size)
		if used > at.limit || used < 0 {
			n.undo(at, size)
			return &Error{Node: at.Path(), Asker: n.Path(), Asked: size, Used: used - size, Limit: at.limit}
		}
	}
	// The peaks rise only when all nodes agreed, so that a refused request does not show up as memory that was held.
	for at := n; at != nil; at = at.parent {
		at.raisePeak()
	}
	return nil
}

// undo takes a refused charge back from n up to and including last.
func (n *Node) undo(last *Node, size int64) {
	for at := n; ; at = at.parent {
		at.used.Add(-size)
		if at == last {
			return
		}
	}
}

func (n *Node) raisePeak() {
	// A request of another goroutine that is about to be refused may be in used for a moment; it was never held.
	used := min(n.used.Load(), n.limit)
	for {
		peak := n.peak.Load()
		if used <= peak || n.peak.CompareAndSwap(peak, used) {
			return
		}
	}
}

// Shrink gives size bytes back, here and in every node above. Giving back more than was charged, or a negative size,
// is a bug and panics.
func (n *Node) Shrink(size int64) {
	if size < 0 {
		panic(fmt.Sprintf("BUG: budget of %s shrunk by %d bytes", n.Path(), size))
	}
	for at := n; at != nil; at = at.parent {
		if left := at.used.Add(-size); left < 0 {
			panic(fmt.Sprintf("BUG: budget of %s gave back %d bytes and is at %d", at.Path(), size, left))
		}
	}
}

// Close gives back everything that n still holds and returns how much that was: 0 when the owner gave all back itself.
// The children of n must be closed before it. Close may be called more than once.
func (n *Node) Close() int64 {
	if n == nil {
		return 0
	}
	left := n.used.Load()
	n.Shrink(left)
	return left
}

// Used returns the bytes charged now, those of the children included.
func (n *Node) Used() int64 {
	if n == nil {
		return 0
	}
	return n.used.Load()
}

// Peak returns the most bytes that were ever charged at once.
func (n *Node) Peak() int64 {
	if n == nil {
		return 0
	}
	return n.peak.Load()
}

// Limit returns the node's own limit in bytes, or Unlimited. A node above may have a tighter one.
func (n *Node) Limit() int64 {
	if n == nil {
		return Unlimited
	}
	return n.limit
}

// Available returns how many bytes Grow would grant now: the least room that any node up to the root has.
func (n *Node) Available() int64 {
	room := Unlimited
	for at := n; at != nil; at = at.parent {
		if at.limit != Unlimited {
			room = min(room, max(0, at.limit-at.used.Load()))
		}
	}
	return room
}

// Name returns the name the node was made with, or "" for a nil node.
func (n *Node) Name() string {
	if n == nil {
		return ""
	}
	return n.name
}

// Path returns the names from the root down to n, parted by slashes, such as "process/job-1/join".
func (n *Node) Path() string {
	if n == nil {
		return ""
	}
	if n.parent == nil {
		return n.name
	}
	return n.parent.Path() + "/" + n.name
}
