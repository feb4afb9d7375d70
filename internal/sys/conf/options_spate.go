// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

// Options that Flink does not have. All begin with "spate.".
var (
	// MemoryLimit is the limit of the job in the budget tree.
	MemoryLimit = memoryOption(Spec{
		Key: "spate.memory.limit",
		Doc: "Memory that a job may hold for batches and state. Unset means no limit.",
	})
)

var spateOptions = []*Spec{
	MemoryLimit.Spec,
}
