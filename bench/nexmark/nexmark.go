// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package nexmark holds the queries of the Nexmark benchmark in Spate's (Flink's) dialect, and builds the scripts that run them
// against the `nexmark` source.
package nexmark

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

//go:embed queries/*.sql digests.tsv
var files embed.FS

// Source is the pseudo query that makes every event and drops it: the cost of the source alone.
const Source = "source"

// Queries lists the queries by name in numeric order, without the pseudo query.
func Queries() []string {
	entries, err := files.ReadDir("queries")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		if n := strings.TrimSuffix(e.Name(), ".sql"); strings.HasPrefix(n, "q") {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return number(a) - number(b) })
	return names
}

func number(query string) int {
	n, err := strconv.Atoi(query[1:])
	if err != nil {
		panic("BUG: query file " + query)
	}
	return n
}

// Query returns the text of a query.
func Query(name string) (string, error) {
	b, err := files.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("no Nexmark query %q; known are %s and %s", name, strings.Join(Queries(), ", "), Source)
	}
	return string(b), nil
}

// Tables returns the statements that create the source and its views. options are further options of the connector.
func Tables(events, rate int64, options map[string]string) string {
	b, err := files.ReadFile("queries/ddl.sql")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	var more strings.Builder
	for _, k := range slices.Sorted(maps.Keys(options)) {
		fmt.Fprintf(&more, ", '%s' = '%s'", k, strings.ReplaceAll(options[k], "'", "''"))
	}
	return strings.NewReplacer(
		"${EVENTS}", strconv.FormatInt(events, 10), "${RATE}", strconv.FormatInt(rate, 10), "${OPTIONS}", more.String(),
	).Replace(string(b))
}
