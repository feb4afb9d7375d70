// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package text turns values into Flink's text and back: what CAST to and from STRING does, and what the text formats write.
//
// All functions append to a buffer or read from a byte slice, hold no state and do not allocate (AppendValue neither, apart from the
// growth of the buffer). Parsers return false for text that is not of the form; what is done about it is the caller's.
package text
