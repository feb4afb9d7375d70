// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"spate/batch"
	"spate/schema"
)

// firstID is the id of the first person and the first auction; hotStep is the distance of hot ids.
const (
	firstID     = 1000
	hotStep     = 100
	personLead  = 10 // Ids of people that do not exist yet.
	auctionLead = 11
	bidOverhead = 32 // Bytes of a bid without its extra.
)

var timestamp3 = schema.NewTimestamp(3)

// bidFields are the fields of a bid.
var bidFields = []field{
	{name: "auction", typ: schema.TypeBigInt, fill: (*generator).bidAuction, need: needKeys},
	{name: "bidder", typ: schema.TypeBigInt, fill: (*generator).bidBidder, need: needKeys},
	{name: "price", typ: schema.TypeBigInt, fill: (*generator).bidPrice, need: needKeys | needPrices},
	{
		name: "channel", typ: schema.TypeString, fill: (*generator).bidChannel, need: needKeys | needPages | needChannels,
		width: func(*config) int { return maxChannel },
	},
	{
		name: "url", typ: schema.TypeString, fill: (*generator).bidURL, need: needKeys | needPages | needURLs,
		width: func(*config) int { return maxURL },
	},
	{name: "dateTime", typ: timestamp3, fill: func(g *generator, v *batch.Vector) { g.times(v, bid) }},
	{
		name: "extra", typ: schema.TypeString, fill: (*generator).bidExtraText, need: needKeys | needPool,
		width: func(c *config) int { x := newExtraSize(bidOverhead, c.bidSize); return x.longest() },
	},
}

func (g *generator) bidAuction(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid {
			continue
		}
		last := g.lastAuction(r)
		hot := firstID + last/hotStep*hotStep
		least := max(last-g.inFlight, 0)
		span := uint64(last - least + auctionLead)
		base := firstID + least
		ratio := g.hotAuctions
		keys := g.keys[r.at : r.at+r.n]
		o := out[r.at:][:len(keys)]
		for j, key := range keys {
			id := base + int64(below(draw(key, 1), span))
			if below(draw(key, 0), ratio) > 0 {
				id = hot
			}
			o[j] = id
		}
	}
}

func (g *generator) bidBidder(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid {
			continue
		}
		last := g.lastPerson(r)
		hot := firstID + last/hotStep*hotStep + 1
		base, span := g.somePerson(last)
		ratio := g.hotBidders
		keys := g.keys[r.at : r.at+r.n]
		o := out[r.at:][:len(keys)]
		for j, key := range keys {
			id := base + int64(below(draw(key, 3), span))
			if below(draw(key, 2), ratio) > 0 {
				id = hot
			}
			o[j] = id
		}
	}
}

// somePerson returns the range that the id of some active person is drawn from.
func (g *generator) somePerson(last int64) (base int64, span uint64) {
	people := last + 1
	active := min(people, g.activePeople)
	return firstID + people - active, uint64(active + personLead)
}

// price maps a draw to a price between 100 and 100 million, evenly over the orders of magnitude.
func price(t *[priceSteps + 1]int64, r uint64) int64 {
	k := r >> 54
	low, high := t[k], t[k+1]
	return low + int64((uint64(high-low)*(r>>22&0xFFFFFFFF))>>32)
}

func (g *generator) bidPrice(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	t := g.priceTable
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid {
			continue
		}
		keys := g.keys[r.at : r.at+r.n]
		o := out[r.at:][:len(keys)]
		for j, key := range keys {
			o[j] = price(t, draw(key, 4))
		}
	}
}

func (g *generator) bidChannel(v *batch.Vector) { g.pageText(v, g.channels, maxChannel) }

func (g *generator) bidURL(v *batch.Vector) { g.pageText(v, g.urls, maxURL) }

// pageText copies the text of each bid's page.
func (g *generator) pageText(v *batch.Vector, list *texts, width int) {
	col := g.newTextColumn(v, bid, width)
	w := blockWidth(width)
	from, data := list.data, col.data
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid {
			continue
		}
		col.skipTo(r.at)
		end := col.end
		pages := g.pages[r.at : r.at+r.n]
		off := col.off[r.at+1:][:len(pages)]
		for j, page := range pages {
			at := int(list.off[page])
			copy(data[end:end+w], from[at:at+w])
			end += int(list.off[page+1]) - at
			off[j] = int32(end)
		}
		col.end, col.row = end, r.at+r.n
	}
	col.finish(g.rows)
}

func (g *generator) bidExtraText(v *batch.Vector) {
	width := g.bidExtra.longest()
	col := g.newTextColumn(v, bid, width)
	size, data, pool := g.bidExtra, col.data, g.pool
	w := blockWidth(width)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid || size.none {
			continue
		}
		col.skipTo(r.at)
		end := col.end
		keys := g.keys[r.at : r.at+r.n]
		off := col.off[r.at+1:][:len(keys)]
		for j, key := range keys {
			length := size.length(draw(key, 7))
			from := int(below(draw(key, 8), uint64(poolLen-length)))
			if w > 0 {
				copy(data[end:end+w], pool[from:from+w])
			} else {
				copy(data[end:], pool[from:from+length])
			}
			end += length
			off[j] = int32(end)
		}
		col.end, col.row = end, r.at+r.n
	}
	col.finish(g.rows)
}
