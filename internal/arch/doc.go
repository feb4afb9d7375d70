// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package arch holds the rules of the tree and the tests that enforce them.
//
// Duty: layers.txt says which package may import which; the tests check it against the real import graph, and beside it
// the habits that a person would forget: package comments, licence headers, no init functions, unsafe in two places only,
// no goroutines and locks in pure packages, documents that name what exists, and that public packages suffice to extend
// the engine from another module.
//
// Threading, lifetime: tests only.
package arch
