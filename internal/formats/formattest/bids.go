// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package formattest is the conformance suite of formats, and the seeded writer of the files that their speed is measured on.
package formattest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"spate/schema"
)

// Bid is a bid of the Nexmark benchmark.
type Bid struct {
	Auction, Bidder, Price int64
	Channel, URL           string
	DateTime               int64 // Milliseconds.
	Extra                  string
}

// BidSchema is the columns of a bid, in the order of the fields of Bid.
var BidSchema = schema.Schema{
	{Name: "auction", Type: schema.TypeBigInt},
	{Name: "bidder", Type: schema.TypeBigInt},
	{Name: "price", Type: schema.TypeBigInt},
	{Name: "channel", Type: schema.TypeString},
	{Name: "url", Type: schema.TypeString},
	{Name: "dateTime", Type: schema.NewTimestamp(3)},
	{Name: "extra", Type: schema.TypeString},
}

// Values returns the bid as a row of BidSchema.
func (b *Bid) Values() []schema.Value {
	return []schema.Value{
		schema.IntValue(b.Auction), schema.IntValue(b.Bidder), schema.IntValue(b.Price), schema.StringValue(b.Channel),
		schema.StringValue(b.URL), schema.IntValue(b.DateTime), schema.StringValue(b.Extra),
	}
}

const letters = "abcdefghijklmnopqrstuvwxyz"

func word(r *rand.Rand, n int) string {
	var s strings.Builder
	for range n {
		s.WriteByte(letters[r.IntN(len(letters))])
	}
	return s.String()
}

// Bids returns n bids. One in ten has a text with quotes, delimiters, line ends, backslashes or letters beyond ASCII.
func Bids(seed uint64, n int) []Bid {
	r := rand.New(rand.NewPCG(seed, 1))
	special := []string{`"`, `,`, "\n", `\`, "é", "日本", "\t", `""`, "😀", "/"}
	hot := []string{"Google", "Facebook", "Baidu", "Apple"}
	bids := make([]Bid, n)
	for i := range bids {
		b := &bids[i]
		b.Auction, b.Bidder = 1000+int64(i/16+r.IntN(100)), 1000+int64(i/46+r.IntN(1000))
		b.Price = 100 + r.Int64N(1<<r.IntN(27)+1)
		b.Channel = hot[r.IntN(len(hot))]
		b.URL = fmt.Sprintf("https://www.nexmark.com/%s/%s/%s/item.htm?query=1", word(r, 3), word(r, 4), word(r, 3))
		if r.IntN(2) == 0 {
			b.Channel = "channel-" + strconv.Itoa(r.IntN(10000))
			b.URL += "&channel_id=" + strconv.Itoa(r.IntN(1<<31-1))
		}
		b.DateTime = 1_436_918_400_000 + int64(i)/10
		b.Extra = word(r, 54+r.IntN(28))
		if i%10 == 3 {
			at := r.IntN(len(b.Extra))
			b.Extra = b.Extra[:at] + special[r.IntN(len(special))] + b.Extra[at:]
		}
	}
	return bids
}

const layout = "2006-01-02 15:04:05.000"

func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format(layout) }

// CSV writes bids as CSV. Texts are quoted where they have to be, and in a few more rows.
func CSV(bids []Bid) []byte {
	var out []byte
	for i := range bids {
		b := &bids[i]
		text := func(s string) string {
			if strings.ContainsAny(s, "\",\n\r") || i%20 == 7 {
				return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
			}
			return s
		}
		out = fmt.Appendf(out, "%d,%d,%d,%s,%s,%s,%s\n", b.Auction, b.Bidder, b.Price, text(b.Channel), text(b.URL), stamp(b.DateTime), text(b.Extra))
	}
	return out
}

// JSON writes bids as lines of JSON. Besides the rows with escapes, one in twenty has its keys in another order and one in twenty has
// keys that the schema does not know.
func JSON(bids []Bid) []byte {
	var out []byte
	for i := range bids {
		b := &bids[i]
		fields := []string{
			fmt.Sprintf(`"auction":%d`, b.Auction), fmt.Sprintf(`"bidder":%d`, b.Bidder), fmt.Sprintf(`"price":%d`, b.Price), `"channel":` + quote(b.Channel),
			`"url":` + quote(b.URL), `"dateTime":` + quote(stamp(b.DateTime)), `"extra":` + quote(b.Extra),
		}
		switch i % 20 {
		case 5:
			k := i / 20 % (len(fields) - 1)
			fields[k], fields[k+1] = fields[k+1], fields[k]
		case 15:
			fields = append(fields[:2:2], append([]string{`"more":{"a":[1,2,{"b":"]}"}],"c":null}`}, fields[2:]...)...)
		}
		out = append(out, '{')
		out = append(out, strings.Join(fields, ",")...)
		out = append(out, "}\n"...)
	}
	return out
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("BUG: a string is no JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}
