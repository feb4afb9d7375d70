// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package mem

// mapPages takes memory from the Go heap where mapping is not implemented.
func mapPages(words int) []uint64 { return make([]uint64, words) }

func unmapPages([]uint64) {}

func discardMapped([]uint64) bool { return false }
