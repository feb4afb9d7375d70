// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package plan is the relational plan: what the binder makes of a query and what the optimiser's rules rewrite.
//
// A plan is a tree (after sub-plan reuse a directed acyclic graph) of plain data nodes over bound expressions of package expr,
// whose columns index the output of the node's input; in a join those of the right input follow those of the left.
//
// Invariants:
//
//	P1  A node is never changed after it was built: rules build new nodes and share what stays.
//	P2  Time attributes travel in the types of expressions (schema.Type.Attr): a column that a projection only passes on keeps
//	    its attribute, one that is computed has none, unless the expression's own type says so.
//	P3  Digest of two nodes is equal only if they produce the same rows.
//
// Everything here is a pure function over immutable data and safe for concurrent use.
package plan
