// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"spate/batch"
	"spate/schema"
)

// Lengths of the parts of a person.
const (
	personOverhead = 8 // Bytes of a person without its texts.
	maxName        = 15
	maxEmail       = 16
	cardLen        = 19
	cardGroups     = 4
	maxCity        = 13
	maxState       = 2
	minPart        = 3 // The shortest of any drawn text.
	emailSpan      = 4
	domainSpan     = 2
	domainEnd      = ".com"
)

// personFields are the fields of a person.
var personFields = []field{
	{name: "id", typ: schema.TypeBigInt, fill: (*generator).personID},
	{name: "name", typ: schema.TypeString, fill: (*generator).personName, need: needKeys, width: func(*config) int { return maxName }},
	{
		name: "emailAddress", typ: schema.TypeString, fill: (*generator).personEmail, need: needKeys | needPool,
		width: func(*config) int { return maxEmail },
	},
	{name: "creditCard", typ: schema.TypeString, fill: (*generator).personCard, need: needKeys, width: func(*config) int { return cardLen }},
	{name: "city", typ: schema.TypeString, fill: (*generator).personCity, need: needKeys, width: func(*config) int { return maxCity }},
	{name: "state", typ: schema.TypeString, fill: (*generator).personState, need: needKeys, width: func(*config) int { return maxState }},
	{name: "dateTime", typ: timestamp3, fill: func(g *generator, v *batch.Vector) { g.times(v, person) }},
	{
		name: "extra", typ: schema.TypeString, fill: (*generator).personExtra, need: needKeys | needPool,
		width: func(c *config) int { x := newExtraSize(personOverhead, c.personSize); return x.longest() },
	},
}

func (g *generator) personID(v *batch.Vector) {
	out := batch.Resize[int64](v, g.rows)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		id := firstID + g.lastPerson(r)
		for j := range out[r.at : r.at+r.n] {
			out[r.at+j] = id + int64(j)
		}
	}
}

func (g *generator) personName(v *batch.Vector) {
	col := g.newTextColumn(v, person, maxName)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			col.addText(firstNames, below(draw(key, 0), uint64(len(firstNames.off)-1)))
			col.addByte(' ')
			col.addText(lastNames, below(draw(key, 1), uint64(len(lastNames.off)-1)))
			col.endRow()
		}
	}
	col.finish(g.rows)
}

// slice returns a drawn slice of a table of letters.
func slice(table []byte, length int, r uint64) []byte {
	from := int(below(r, uint64(poolLen-length)))
	return table[from : from+length]
}

func (g *generator) personEmail(v *batch.Vector) {
	col := g.newTextColumn(v, person, maxEmail)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			col.add(slice(g.pool, minPart+int(below(draw(key, 2), emailSpan)), draw(key, 3)))
			col.addByte('@')
			col.add(slice(g.pool, minPart+int(below(draw(key, 4), domainSpan)), draw(key, 5)))
			col.end += copy(col.data[col.end:], domainEnd)
			col.endRow()
		}
	}
	col.finish(g.rows)
}

func (g *generator) personCard(v *batch.Vector) {
	col := g.newTextColumn(v, person, cardLen)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			for k := range uint64(cardGroups) {
				n := below(draw(key, 6+k), 10000)
				if k > 0 {
					col.addByte(' ')
				}
				d := col.data[col.end : col.end+4]
				d[0], d[1], d[2], d[3] = byte('0'+n/1000), byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10)
				col.end += 4
			}
			col.endRow()
		}
	}
	col.finish(g.rows)
}

func (g *generator) personCity(v *batch.Vector) { g.personChoice(v, cities, 10, maxCity) }

func (g *generator) personState(v *batch.Vector) { g.personChoice(v, states, 11, maxState) }

// personChoice writes one text of a list, chosen by draw k.
func (g *generator) personChoice(v *batch.Vector, list *texts, k uint64, width int) {
	col := g.newTextColumn(v, person, width)
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			col.addText(list, below(draw(key, k), uint64(len(list.off)-1)))
			col.endRow()
		}
	}
	col.finish(g.rows)
}

// personText is the number of bytes of a person without its extra.
func personText(key uint64) int {
	name := firstNames.len(below(draw(key, 0), uint64(len(firstNames.off)-1))) + 1 + lastNames.len(below(draw(key, 1), uint64(len(lastNames.off)-1)))
	email := minPart + int(below(draw(key, 2), emailSpan)) + 1 + minPart + int(below(draw(key, 4), domainSpan)) + len(domainEnd)
	city := cities.len(below(draw(key, 10), uint64(len(cities.off)-1)))
	state := states.len(below(draw(key, 11), uint64(len(states.off)-1)))
	return personOverhead + name + email + cardLen + city + state
}

func (g *generator) personExtra(v *batch.Vector) {
	longest := newExtraSize(personOverhead, g.personSize)
	col := g.newTextColumn(v, person, longest.longest())
	for i := range g.runs {
		r := &g.runs[i]
		if r.kind != person {
			continue
		}
		col.skipTo(r.at)
		for _, key := range g.keys[r.at : r.at+r.n] {
			if size := newExtraSize(personText(key), g.personSize); !size.none {
				col.add(slice(g.pool, size.length(draw(key, 12)), draw(key, 13)))
			}
			col.endRow()
		}
	}
	col.finish(g.rows)
}
