// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package jsonpath parses JSON texts, evaluates paths on them ($.a[0].b, with the modes lax and strict of SQL) and writes them again.
//
// A Doc keeps its memory from text to text, so that parsing does not allocate in steady state; it belongs to one goroutine, and its nodes
// hold until the next Parse. A Path is immutable.
package jsonpath
