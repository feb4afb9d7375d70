// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package phys turns optimised relational plans into job graphs: it derives which changes flow where, picks operators, places
// exchanges, and chains operators into vertices.
//
// Invariants:
//
//	Y1  A node emits -U only if a consumer needs it, and every consumer that needs it gets it.
//	Y2  Keyed operators get all rows of a key in one subtask; an exchange is left out only where the rows lie so already.
//	Y3  The uid of an operator depends on the plan below it and, for sinks, on the table: an unrelated statement changes none.
//	Y4  Equal sub-plans are one operator, as long as the configuration does not forbid it.
//
// Everything is a pure function of the plan and the configuration.
package phys
