// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"bytes"

	"spate/batch"
	"spate/schema"
)

// Lengths of the parts of an auction.
const (
	auctionOverhead = 48 // Bytes of an auction without its texts.
	itemSpan        = 17
	descriptionSpan = 97
	maxItem         = minPart + itemSpan
	maxDescription  = minPart + descriptionSpan
	firstCategory   = 10
	categories      = 5
)

// auctionFields are the fields of an auction.
var auctionFields = []field{
	{name: "id", typ: schema.TypeBigInt, fill: (*generator).auctionID},
	{
		name: "itemName", typ: schema.TypeString, fill: (*generator).auctionItem, need: needKeys | needWords,
		width: func(*config) int { return maxItem },
	},
	{
		name: "description", typ: schema.TypeString, fill: (*generator).auctionDescription, need: needKeys | needWords,
		width: func(*config) int { return maxDescription },
	},
	{name: "initialBid", typ: schema.TypeBigInt, fill: (*generator).auctionInitial, need: needKeys | needPrices},
	{name: "reserve", typ: schema.TypeBigInt, fill: (*generator).auctionReserve, need: needKeys | needPrices},
	{name: "dateTime", typ: timestamp3, fill: func(g *generator, v *batch.Vector) { g.times(v, auction) }},
	{name: "expires", typ: timestamp3, fill: (*generator).auctionExpires, need: needKeys},
	{name: "seller", typ: schema.TypeBigInt, fill: (*generator).auctionSeller, need: needKeys},
	{name: "category", typ: schema.TypeBigInt, fill: (*generator).auctionCategory, need: needKeys},
	{
		name: "extra", typ: schema.TypeString, fill: (*generator).auctionExtra, need: needKeys | needPool | needWords,
		width: func(c *config) int { x := newExtraSize(auctionOverhead, c.auctionSize); return x.longest() },
	},
}

func (g *generator) auctionID(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		id := firstID + g.lastAuction(r)
		for j := range out[r.at : r.at+r.n] {
			out[r.at+j] = id + int64(j)
		}
	}
}

// item and description return the texts of the auction with the given key.
func (g *generator) item(key uint64) []byte {
	return bytes.Trim(slice(g.words, minPart+int(below(draw(key, 5), itemSpan)), draw(key, 6)), " ")
}

func (g *generator) description(key uint64) []byte {
	return bytes.Trim(slice(g.words, minPart+int(below(draw(key, 7), descriptionSpan)), draw(key, 8)), " ")
}

func (g *generator) auctionItem(v *batch.Vector) {
	col := g.newTextColumn(v, auction, maxItem)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			col.add(g.item(key))
			col.endRow()
		}
	}
	col.finish(g.rows)
}

func (g *generator) auctionDescription(v *batch.Vector) {
	col := g.newTextColumn(v, auction, maxDescription)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			col.add(g.description(key))
			col.endRow()
		}
	}
	col.finish(g.rows)
}

func (g *generator) auctionInitial(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		for j, key := range g.keys[r.at : r.at+r.n] {
			out[r.at+j] = price(g.priceTable, draw(key, 3))
		}
	}
}

func (g *generator) auctionReserve(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		for j, key := range g.keys[r.at : r.at+r.n] {
			out[r.at+j] = price(g.priceTable, draw(key, 3)) + price(g.priceTable, draw(key, 9))
		}
	}
}

func (g *generator) auctionExpires(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		for j, key := range g.keys[r.at : r.at+r.n] {
			e := r.first + int64(j)
			t := g.time(e)
			h := g.time(e+g.horizon) - t
			out[r.at+j] = t + 1 + int64(below(draw(key, 4), uint64(max(2*h, 1))))
		}
	}
}

func (g *generator) auctionSeller(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		last := g.lastPerson(r)
		hot := firstID + last/hotStep*hotStep
		base, span := g.somePerson(last)
		for j, key := range g.keys[r.at : r.at+r.n] {
			id := base + int64(below(draw(key, 1), span))
			if below(draw(key, 0), g.hotSellers) > 0 {
				id = hot
			}
			out[r.at+j] = id
		}
	}
}

func (g *generator) auctionCategory(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		for j, key := range g.keys[r.at : r.at+r.n] {
			out[r.at+j] = firstCategory + int64(below(draw(key, 2), categories))
		}
	}
}

func (g *generator) auctionExtra(v *batch.Vector) {
	longest := newExtraSize(auctionOverhead, g.auctionSize)
	col := g.newTextColumn(v, auction, longest.longest())
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != auction {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			used := auctionOverhead + len(g.item(key)) + len(g.description(key))
			if size := newExtraSize(used, g.auctionSize); !size.none {
				col.add(slice(g.pool, size.length(draw(key, 10)), draw(key, 11)))
			}
			col.endRow()
		}
	}
	col.finish(g.rows)
}
