// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package explain prints plans and job graphs for people: the text of EXPLAIN.
//
// The forms follow Flink's where there is one. Texts are for reading only; nothing parses them. Secrets in options are never
// part of them. Everything is a pure function.
package explain
