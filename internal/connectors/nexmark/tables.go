// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"math"
	"math/bits"
	"strconv"
	"sync"
)

// golden is the increment of the splitmix64 sequence, 2^64 over the golden ratio.
const golden = 0x9E3779B97F4A7C15

// Seeds of the tables: the names of the tables in ASCII.
const (
	seedPool    = 0x706F6F6C
	seedWords   = 0x776F726473
	seedLetters = 0x6C657474657273
	seedURL     = 0x75726C
)

const (
	poolLen     = 1 << 20
	plainPages  = 10_000
	pages       = plainPages + 4 // The last four are the hot channels.
	priceSteps  = 1024
	maxURL      = 80
	maxChannel  = 12
	urlPrefix   = "https://www.nexmark.com/"
	urlSuffix   = "item.htm?query=1"
	urlChannel  = "&channel_id="
	channelName = "channel-"
)

// mix is the finaliser of splitmix64.
func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

// below maps a draw to [0, n), n < 2^31.
func below(r, n uint64) uint64 { return ((r >> 32) * n) >> 32 }

// draw is draw k of the event with the given key. k is a constant wherever it is hot, so that the product is, too.
func draw(key uint64, k uint64) uint64 { return mix(key + (k+1)*golden) }

// texts is a list of byte strings in one buffer, padded for copies in blocks.
type texts struct {
	data []byte
	off  []int32
}

func newTexts(list []string) *texts {
	t := &texts{off: make([]int32, 1, len(list)+1)}
	for _, s := range list {
		t.data = append(t.data, s...)
		t.off = append(t.off, int32(len(t.data)))
	}
	t.data = append(t.data, make([]byte, copyPad)...)
	return t
}

func (t *texts) len(i uint64) int { return int(t.off[i+1] - t.off[i]) }

var (
	firstNames = newTexts([]string{"Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"})
	lastNames  = newTexts([]string{"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"})
	cities     = newTexts([]string{"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"})
	states     = newTexts([]string{"AZ", "CA", "ID", "OR", "WA", "WY"})
)

// The big tables are made when a query first needs them: each takes milliseconds, and most queries need none or one.
var (
	lettersTable = sync.OnceValue(makePool)
	wordsTable   = sync.OnceValue(makeWords)
	urlTable     = sync.OnceValue(makeURLs)
	channelTable = sync.OnceValue(makeChannels)
	priceTable   = sync.OnceValue(makePrices)
)

func makePool() []byte {
	b := make([]byte, poolLen+copyPad)
	for i := range poolLen {
		b[i] = byte('a' + below(mix(seedPool+uint64(i+1)*golden), 26))
	}
	return b
}

// word is letter i of the words: a letter, or gap.
func word(i int, gap byte) byte {
	g := uint64(i+1) * golden
	if below(mix(seedWords+g), 13) == 0 {
		return gap
	}
	return byte('a' + below(mix(seedLetters+g), 26))
}

func makeWords() []byte {
	b := make([]byte, poolLen+copyPad)
	for i := range poolLen {
		b[i] = word(i, ' ')
	}
	return b
}

func makeURLs() *texts {
	t := &texts{data: make([]byte, 0, pages*maxURL+copyPad), off: make([]int32, 1, pages+1)}
	for j := range uint64(pages) {
		u := mix(seedURL + (j+1)*golden)
		t.data = append(t.data, urlPrefix...)
		for s := range uint64(3) {
			n := 3 + int(below(draw(u, 2*s), 2))
			from := int(below(draw(u, 2*s+1), uint64(poolLen-n)))
			for i := from; i < from+n; i++ {
				t.data = append(t.data, word(i, '_'))
			}
			t.data = append(t.data, '/')
		}
		t.data = append(t.data, urlSuffix...)
		if j < plainPages && below(draw(u, 6), 10) > 0 {
			id := int64(int32(bits.Reverse32(uint32(j))))
			t.data = append(t.data, urlChannel...)
			t.data = strconv.AppendInt(t.data, max(id, -id), 10)
		}
		t.off = append(t.off, int32(len(t.data)))
	}
	t.data = append(t.data, make([]byte, copyPad)...)
	return t
}

func makeChannels() *texts {
	names := make([]string, 0, pages)
	for j := range plainPages {
		names = append(names, channelName+strconv.Itoa(j))
	}
	return newTexts(append(names, "Google", "Facebook", "Baidu", "Apple"))
}

func makePrices() *[priceSteps + 1]int64 {
	var t [priceSteps + 1]int64
	for k := range t {
		t[k] = int64(math.Floor(100*math.Pow(10, 6*float64(k)/priceSteps) + 0.5))
	}
	return &t
}
