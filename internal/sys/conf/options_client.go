// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

// Options of the SQL client and of how results are shown.
var (
	// ResultMode is the form in which the client shows results.
	ResultMode = enumOption(Spec{
		Key: "sql-client.execution.result-mode", Default: "TABLE", Values: []string{"TABLE", "CHANGELOG", "TABLEAU"},
		Doc: "Form in which the SQL client shows results: the materialised table, the changelog, or a changelog drawn as a table.",
	})
	// MaxTableRows bounds the rows of a materialised result.
	MaxTableRows = intOption(Spec{
		Key: "sql-client.execution.max-table-result.rows", Default: "1000000", Min: -1, Max: 1<<31 - 1,
		Doc: "Most rows that the SQL client keeps of a materialised result.",
	})
	// PrintTimeCost says whether the client prints how long a query took.
	PrintTimeCost = boolOption(Spec{
		Key: "sql-client.display.print-time-cost", Default: "true",
		Doc: "Whether the SQL client prints how long a bounded query took.",
	})
	// Verbose says whether the client prints the whole chain of an error.
	Verbose = boolOption(Spec{
		Key: "sql-client.verbose", Default: "false", Inert: true,
		Doc: "Whether the SQL client prints the whole chain of an error.",
	})
	// MaxColumnWidth is the widest that a column of variable length is shown.
	MaxColumnWidth = intOption(Spec{
		Key: "table.display.max-column-width", Default: "30", Min: 1, Max: 1<<31 - 1,
		Doc: "Most characters of a column of variable length that tables show.",
	})
)

var clientOptions = []*Spec{
	ResultMode.Spec, MaxTableRows.Spec, PrintTimeCost.Spec, Verbose.Spec, MaxColumnWidth.Spec,
}
