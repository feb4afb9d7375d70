// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

// KeyOff returns the word offset of key column i in a row: of its first word, or of the view that Bytes takes for a byte string.
func (t *Table) KeyOff(i int) int { return 1 + t.key.cols[i].off }
