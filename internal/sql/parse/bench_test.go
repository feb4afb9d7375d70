// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package parse_test

import (
	"strings"
	"testing"

	"spate/internal/sql/ast"
	"spate/internal/sql/parse"
)

// benchSelect is a query of 600 characters.
const benchSelect = `SELECT b.auction, b.bidder, MAX(b.price) AS max_price, COUNT(*) AS bids, SUM(b.price * 0.908) AS dollars,
       CASE WHEN HOUR(b.date_time) >= 8 AND HOUR(b.date_time) <= 18 THEN 'day' ELSE 'night' END AS part_of_day
FROM TABLE(HOP(TABLE bid, DESCRIPTOR(date_time), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) AS b
JOIN (SELECT id, seller, category FROM auction WHERE category IN (10, 14, 20) AND reserve > 1000) AS a ON a.id = b.auction
WHERE b.channel LIKE '%channel_name%' AND b.extra IS NOT NULL AND b.price BETWEEN 100 AND 1000000
GROUP BY b.auction, b.bidder, window_start, window_end, b.date_time`

func BenchmarkSelect(b *testing.B) {
	b.SetBytes(int64(len(benchSelect)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse.Statement(benchSelect); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	s, err := parse.Statement(benchSelect)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		ast.Print(s)
	}
}

// BenchmarkValues parses a statement of a megabyte.
func BenchmarkValues(b *testing.B) {
	src := "INSERT INTO t VALUES (0, 'x')" + strings.Repeat(",\n(123, 'some text', 1.5, NULL)", 35_000)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse.Statement(src); err != nil {
			b.Fatal(err)
		}
	}
}
