// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package opt rewrites relational plans into ones that do less work and give the same rows. One rule a file; Optimize says in
// which order they run. Rules are pure functions over plans.
//
// Invariants:
//
//	R1  The names, types and time attributes of the root's output never change.
//	R2  Watermarks see every event: a filter passes below a watermark only where the source itself knows the time of the
//	    events that it leaves out (rule_watermark_to_source.go).
//	R3  What is not deterministic (RAND, the clock) is neither doubled nor moved past a filter.
package opt
