// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package budget accounts for memory in a tree of nodes: the process at the root, its jobs below, their operators below those.
//
// Duty: say how many bytes each part of the engine holds, and refuse bytes that would pass a limit anywhere on the way up
// to the root. It counts; it allocates nothing itself.
//
// Invariants:
//
//	B1  What is charged to a node is charged to all its ancestors: a node's Used is at least the sum of its children's.
//	B2  A refused Grow leaves every node as it was.
//	B3  A node's Used never passes its limit, not even for a moment that another goroutine could see as a success.
//	B4  Bytes given back were charged before: Used is never negative.
//
// Threading: all methods are safe for concurrent use. Two concurrent calls of Grow near a limit may both be refused although
// one of them alone would fit; that errs on the safe side.
//
// Lifetime: a node lives as long as its owner. Close gives back what the owner still holds, so that a parent does not leak
// what a failed operator forgot. A nil *Node is valid: it has no limit and counts nothing.
package budget
