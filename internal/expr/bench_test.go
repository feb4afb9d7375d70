// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"fmt"
	"testing"

	"spate/batch"
	"spate/internal/expr"
	"spate/schema"
)

// benchRows is a usual length of a batch.
const benchRows = 2048

var (
	channels   = []string{"Apple", "Google", "Facebook", "Baidu", "channel-1234", "channel-77"}
	bidColumns = []*schema.Type{
		schema.TypeBigInt, schema.TypeBigInt, schema.TypeBigInt, schema.TypeString, schema.TypeString, schema.NewTimestamp(3), schema.TypeString,
	}
	colAuction, colPrice, colChannel = col(0, bidColumns[0]), col(2, bidColumns[2]), col(3, bidColumns[3])
	colURL, colTime, colExtra        = col(4, bidColumns[4]), col(5, bidColumns[5]), col(6, bidColumns[6])
)

// bids makes a batch like the bids of Nexmark.
func bids() *batch.Batch {
	b := batch.New(bidColumns)
	for i := range benchRows {
		url := fmt.Sprintf("https://www.nexmark.com/abc/def_%d/ghi/item.htm?query=1", i%97)
		if i%2 == 0 {
			url += fmt.Sprintf("&channel_id=%d", i*7919)
		}
		ms := int64(1_700_000_000_000 + i*13)
		b.AppendRow(schema.Insert,
			schema.IntValue(int64(1000+i%311)), schema.IntValue(int64(i%1000)), schema.IntValue(int64(i)*7919%10_000_000),
			schema.StringValue(channels[i%len(channels)]), schema.StringValue(url), schema.Value{I: ms * 1000},
			schema.StringValue("some extra text of a bid with a few c characters in it, cc"))
	}
	return b
}

// hot are the expressions of the Nexmark queries and a few more of their kind.
func hot(tb testing.TB) []struct {
	name string
	e    expr.Expr
} {
	tb.Helper()
	rate := &expr.Lit{Value: schema.IntValue(908), T: schema.NewDecimal(3, 3).NotNull()}
	converted := call(tb, "*", rate, colPrice)
	hour := call(tb, "EXTRACT", expr.SymbolLit("HOUR"), colTime)
	lower := call(tb, "LOWER", colChannel)
	channelID := call(tb, "REGEXP_EXTRACT", colURL, strLit("(&|^)channel_id=([^&]*)"), intLit(2))
	return []struct {
		name string
		e    expr.Expr
	}{
		{"q1/multiply", converted},
		{"q2/mod", call(tb, "=", call(tb, "MOD", colAuction, intLit(123)), intLit(0))},
		{"q14/filter", call(tb, "AND", call(tb, ">", converted, intLit(1000000)), call(tb, "<", converted, intLit(50000000)))},
		{"q14/hours", call(tb, "CASE",
			call(tb, "AND", call(tb, ">=", hour, intLit(8)), call(tb, "<=", hour, intLit(18))), strLit("dayTime"),
			call(tb, "OR", call(tb, "<=", hour, intLit(6)), call(tb, ">=", hour, intLit(20))), strLit("nightTime"), strLit("otherTime"))},
		{"q14/count", call(tb, "-", call(tb, "CHAR_LENGTH", colExtra), call(tb, "CHAR_LENGTH", call(tb, "REPLACE", colExtra, strLit("c"), strLit(""))))},
		{"q15/range", call(tb, "AND", call(tb, ">=", colPrice, intLit(10000)), call(tb, "<", colPrice, intLit(1000000)))},
		{"q15/day", call(tb, "DATE_FORMAT", colTime, strLit("yyyy-MM-dd"))},
		{"q16/minute", call(tb, "DATE_FORMAT", colTime, strLit("HH:mm"))},
		{"millis", call(tb, "DATE_FORMAT", colTime, strLit("yyyy-MM-dd HH:mm:ss.SSS"))},
		{"q21/lower", call(tb, "=", lower, strLit("apple"))},
		{"q21/in", call(tb, "IN", lower, strLit("apple"), strLit("google"), strLit("facebook"), strLit("baidu"))},
		{"q21/extract", channelID},
		{"q21/channel", call(tb, "CASE",
			call(tb, "=", lower, strLit("apple")), strLit("0"), call(tb, "=", lower, strLit("google")), strLit("1"),
			call(tb, "=", lower, strLit("facebook")), strLit("2"), call(tb, "=", lower, strLit("baidu")), strLit("3"), channelID)},
		{"q22/split", call(tb, "SPLIT_INDEX", colURL, strLit("/"), intLit(3))},
		{"like/contains", call(tb, "LIKE", colURL, strLit("%channel_id%"))},
		{"like/prefix", call(tb, "LIKE", colURL, strLit("https://www.nex%"))},
		{"substring", call(tb, "SUBSTRING", colURL, intLit(9), intLit(15))},
		{"concat", call(tb, "||", colChannel, colURL)},
		{"upper", call(tb, "UPPER", colURL)},
		{"trim", call(tb, "BTRIM", colURL)},
		{"cast/bigint-string", cast(tb, colPrice, schema.TypeString)},
		{"cast/string-bigint", cast(tb, cast(tb, colPrice, schema.TypeString), schema.TypeBigInt)},
		{"cast/timestamp-string", cast(tb, colTime, schema.TypeString)},
		{"cast/decimal-string", cast(tb, converted, schema.TypeString)},
		{"cast/double-string", cast(tb, cast(tb, converted, schema.TypeDouble), schema.TypeString)},
	}
}

func cast(tb testing.TB, e expr.Expr, to *schema.Type) expr.Expr {
	tb.Helper()
	c, err := expr.Cast(e, to, false)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// BenchmarkHot measures expressions over a batch; see ns/row.
func BenchmarkHot(b *testing.B) {
	in := bids()
	for _, h := range hot(b) {
		b.Run(h.name, func(b *testing.B) {
			p, err := expr.Compile(reg, &expr.Env{TimeZone: "UTC"}, []expr.Expr{h.e}, bidColumns)
			if err != nil {
				b.Fatal(err)
			}
			out := batch.NewVector(h.e.Type())
			b.ReportAllocs()
			for b.Loop() {
				out.Reset()
				if err := p.Eval(0, in, expr.RowsOf(in), out); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}

// BenchmarkFilter measures conditions that select rows.
func BenchmarkFilter(b *testing.B) {
	in := bids()
	for _, h := range hot(b) {
		if h.e.Type().Root != schema.Boolean {
			continue
		}
		b.Run(h.name, func(b *testing.B) {
			p, err := expr.Compile(reg, &expr.Env{TimeZone: "UTC"}, []expr.Expr{h.e}, bidColumns)
			if err != nil {
				b.Fatal(err)
			}
			sel := make([]int32, benchRows)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Filter(0, in, sel); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}

func TestHotExpressionsDoNotAllocate(t *testing.T) {
	in := bids()
	for _, h := range hot(t) {
		p, err := expr.Compile(reg, &expr.Env{TimeZone: "UTC"}, []expr.Expr{h.e}, bidColumns)
		if err != nil {
			t.Fatal(err)
		}
		out := batch.NewVector(h.e.Type())
		run := func() {
			out.Reset()
			if err := p.Eval(0, in, expr.RowsOf(in), out); err != nil {
				t.Fatal(err)
			}
		}
		run()
		if a := testing.AllocsPerRun(20, run); a != 0 {
			t.Errorf("%s: %v allocations a batch", h.name, a)
		}
	}
}
