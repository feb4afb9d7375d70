// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

// Options that Flink does not have. All begin with "spate.".
var (
	// BatchRows is the most rows of a batch.
	BatchRows = intOption(Spec{
		Key: "spate.batch.max-rows", Default: "4096", Min: 1, Max: 4096,
		Doc: "Most rows of a batch. Smaller batches give the same answers at a higher cost; tests use them.",
	})
	// MemoryLimit is the limit of the process in the budget tree.
	MemoryLimit = memoryOption(Spec{
		Key: "spate.memory.limit",
		Doc: "Memory that the engine may hold for batches and state. Unset means no limit.",
	})
)

var spateOptions = []*Spec{
	BatchRows.Spec, MemoryLimit.Spec,
}
