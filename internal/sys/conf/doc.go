// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package conf is the registry of configuration keys and the set of values that a session or a job runs with.
//
// Duty: know every key by name, type, default and meaning; refuse a value that does not fit, and a key that nobody knows,
// with the nearest known one. Keys, types and notations are Flink's ('5 s', '64 mb', 'a;b', 'k:v,k:v'); where a default is
// ours, its documentation says so. Keys that Flink has and this version does not act on are accepted and marked inert, so
// that scripts written for Flink run; Inert tells them apart.
//
// Invariants:
//
//	C1  A Config holds only keys of the registry and only values that parse as their type: Get never fails.
//	C2  A key that is unset reads as its default; Lookup tells unset from set to the default.
//
// Threading: options are immutable. A Config is written by its owner only; others get a Clone. Reads are safe for concurrent
// use while nobody writes. Lifetime: plain data; a nil *Config is valid for reading and holds nothing.
package conf
