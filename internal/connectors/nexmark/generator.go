// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"math"

	"spate/batch"
	"spate/schema"
)

// The kinds of event, as in the column event_type.
const (
	person = iota
	auction
	bid
	kinds
)

// blockPositions is the unit of splitting: split i of n has the blocks whose number is i modulo n.
const blockPositions = 1000

// maxScan bounds the positions that one call looks at when nearly all of them are filtered out.
const maxScan = 1 << 17

// run is a stretch of rows: events of one kind with consecutive numbers, which lie in one epoch (one turn of the proportions).
type run struct {
	at, n int // Rows.
	kind  int
	first int64 // Event number of the first.
	epoch int64 // first / T.
	rem   int64 // first mod T.
}

// cursor is the position of one split.
type cursor struct {
	index, of int64
	done      int64 // Positions of the split that have been passed.
	max       int64 // Greatest event number passed, -1 for none.
}

// position returns the position that the split is at.
func (c *cursor) position() int64 {
	return (c.done/blockPositions*c.of+c.index)*blockPositions + c.done%blockPositions
}

// generator turns stretches of positions into columns. collect chooses the rows of a batch; the fill methods, one a column,
// then write a whole column for them, with all arithmetic that is the same within a run done once a run.
type generator struct {
	config
	total      int64 // P + A + B.
	byRate     divider
	byTotal    divider
	horizon    int64 // Events that an auction stays open for.
	bidExtra   extraSize
	priceTable *[priceSteps + 1]int64
	pool       []byte
	words      []byte
	urls       *texts
	channels   *texts

	base   int        // Rows that the batch had before.
	rows   int        // Rows of the batch with the new ones.
	ofKind [kinds]int // New rows of each kind.
	runs   []run
	keys   []uint64
	pages  []uint16 // Channel of each bid.
}

func newGenerator(c *config) *generator {
	g := &generator{config: *c, total: c.persons + c.auctions + c.bids, byRate: newDivider(c.rate)}
	g.byTotal = newDivider(g.total)
	if c.auctions > 0 {
		g.horizon = c.inFlight * g.total / c.auctions
	}
	g.bidExtra = newExtraSize(bidOverhead, c.bidSize)
	return g
}

// time returns the event time of event e.
func (g *generator) time(e int64) int64 { return g.baseTime + g.byRate.div(e*1000) }

// collect passes positions below until, chooses the events whose kind is in the mask, at most limit, and advances the cursor
// behind the last position that it looked at. The rows follow the base that the batch has.
func (g *generator) collect(c *cursor, base, limit int, until int64, mask uint) {
	g.base, g.rows, g.ofKind, g.runs = base, base, [kinds]int{}, g.runs[:0]
	limit += base
	for scan := int64(maxScan); scan > 0 && g.rows < limit; {
		from := c.position()
		end := min(from+blockPositions-c.done%blockPositions, until)
		if from >= end {
			break
		}
		var at int64
		if g.groupSize == 1 {
			at = g.collectInOrder(from, end, limit, mask)
			c.max = at - 1
		} else {
			at = g.collectGroups(from, end, limit, mask, c)
		}
		c.done += at - from
		scan -= at - from
	}
}

func (g *generator) collectInOrder(at, end int64, limit int, mask uint) int64 {
	epoch := g.byTotal.div(at)
	rem := at - epoch*g.total
	for at < end && g.rows < limit {
		kind, last := g.segment(rem)
		n := min(last-rem, end-at)
		if mask>>uint(kind)&1 != 0 {
			n = min(n, int64(limit-g.rows))
			g.runs = append(g.runs, run{at: g.rows, n: int(n), kind: kind, first: at, epoch: epoch, rem: rem})
			g.ofKind[kind] += int(n)
			g.rows += int(n)
		}
		at += n
		if rem += n; rem == g.total {
			rem, epoch = 0, epoch+1
		}
	}
	return at
}

// segment returns the kind of the event at rem within its epoch, and where that kind ends.
func (g *generator) segment(rem int64) (kind int, end int64) {
	switch {
	case rem < g.persons:
		return person, g.persons
	case rem < g.persons+g.auctions:
		return auction, g.persons + g.auctions
	default:
		return bid, g.total
	}
}

// shuffle is the factor of the permutation within groups.
const shuffle = 953

func (g *generator) collectGroups(at, end int64, limit int, mask uint, c *cursor) int64 {
	size := g.groupSize
	step := shuffle % size
	in := at % size
	start := at - in
	place := in * shuffle % size
	for ; at < end && g.rows < limit; at++ {
		e := start + place
		if in++; in == size {
			in, place, start = 0, 0, start+size
		} else if place += step; place >= size {
			place -= size
		}
		c.max = max(c.max, e)
		epoch := g.byTotal.div(e)
		rem := e - epoch*g.total
		kind, _ := g.segment(rem)
		if mask>>uint(kind)&1 == 0 {
			continue
		}
		g.ofKind[kind]++
		if k := len(g.runs) - 1; k >= 0 && g.runs[k].kind == kind && g.runs[k].epoch == epoch && g.runs[k].first+int64(g.runs[k].n) == e {
			g.runs[k].n++
		} else {
			g.runs = append(g.runs, run{at: g.rows, n: 1, kind: kind, first: e, epoch: epoch, rem: rem})
		}
		g.rows++
	}
	return at
}

// makeKeys computes the key of every row, from which all its draws derive.
func (g *generator) makeKeys() {
	if cap(g.keys) < g.rows {
		g.keys = make([]uint64, max(64, g.rows))
	}
	keys := g.keys[:cap(g.keys)]
	for i := range g.runs {
		r := &g.runs[i]
		z := uint64(g.seed) + uint64(r.first)*golden
		ks := keys[r.at : r.at+r.n]
		for j := range ks {
			z += golden
			ks[j] = mix(z)
		}
	}
}

// makePages draws the channel of every bid.
func (g *generator) makePages() {
	if cap(g.pages) < g.rows {
		g.pages = make([]uint16, max(64, g.rows))
	}
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != bid {
			continue
		}
		keys := g.keys[r.at : r.at+r.n]
		out := g.pages[r.at:][:len(keys)]
		for j, key := range keys {
			d := draw(key, 6)
			c := below(d, plainPages)
			if hot := plainPages + below(d, pages-plainPages); below(draw(key, 5), 2) > 0 {
				c = hot
			}
			out[j] = uint16(c)
		}
	}
}

// clearOthers makes the new rows that are not of the kind NULL.
func (g *generator) clearOthers(v *batch.Vector, kind int) {
	valid := v.MakeValid()
	from := g.base
	for i := range g.runs {
		if r := &g.runs[i]; r.kind == kind {
			clearBits(valid, from, r.at)
			from = r.at + r.n
		}
	}
	clearBits(valid, from, g.rows)
}

// clearBits clears the bits [from, end).
func clearBits(words []uint64, from, end int) {
	for from < end {
		low := from & 63
		n := min(64-low, end-from)
		words[from>>6] &^= (math.MaxUint64 >> (64 - uint(n))) << uint(low)
		from += n
	}
}

// eventType writes the column event_type.
func (g *generator) eventType(v *batch.Vector) {
	out := batch.Resize[int32](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		for j := range out[r.at : r.at+r.n] {
			out[r.at+j] = int32(r.kind)
		}
	}
}

// times writes dateTime of the rows of a kind.
func (g *generator) times(v *batch.Vector, kind int) {
	out := batch.Resize[int64](v, g.rows)
	div := g.byRate
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != kind {
			continue
		}
		e, base := r.first*1000, g.baseTime
		o := out[r.at : r.at+r.n]
		for j := range o {
			o[j] = base + div.div(e)
			e += 1000
		}
	}
}

// lastPerson is the number of the last person up to the first event of the run, of whatever kind.
func (g *generator) lastPerson(r *run) int64 { return r.epoch*g.persons + min(r.rem, g.persons-1) }

// lastAuction is the number of the last auction up to the first event of the run.
func (g *generator) lastAuction(r *run) int64 {
	if r.kind == person {
		return r.epoch*g.auctions - 1
	}
	return r.epoch*g.auctions + min(r.rem-g.persons, g.auctions-1)
}

// field is one field of a kind of event: its name, type and the method that fills its column.
type field struct {
	name string
	typ  *schema.Type
	fill func(g *generator, v *batch.Vector)
	need need
	// width is the greatest number of bytes of a value, for fields of type STRING.
	width func(c *config) int
}

// need says what must be made before a column can be filled.
type need uint

const (
	needKeys need = 1 << iota
	needPages
	needPrices
	needPool
	needWords
	needURLs
	needChannels
)

// prepare makes the tables for the columns to come, and returns what has to be made for every batch.
func (g *generator) prepare(n need) {
	if n&needPrices != 0 {
		g.priceTable = priceTable()
	}
	if n&needPool != 0 {
		g.pool = lettersTable()
	}
	if n&needWords != 0 {
		g.words = wordsTable()
	}
	if n&needURLs != 0 {
		g.urls = urlTable()
	}
	if n&needChannels != 0 {
		g.channels = channelTable()
	}
}
