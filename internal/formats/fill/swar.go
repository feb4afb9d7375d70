// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package fill

import (
	"math/bits"

	"spate/internal/col/civil"
	"spate/internal/col/mem"
)

// Constants of arithmetic on eight bytes at once.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	zeros = 0x3030303030303030 // "00000000".
	// overNine added to a byte of 0-9 leaves its high bit clear; 10 and more set it.
	overNine = 0x7676767676767676
)

// WordSize is the number of bytes that Word functions look at.
const WordSize = 8

// Repeat returns a word of eight times the byte.
func Repeat(c byte) uint64 { return uint64(c) * ones }

// Match marks the bytes of w that equal the byte repeated in pattern: the lowest set bit is in the first such byte; bits above it are
// unspecified. It is 0 when there is none.
func Match(w, pattern uint64) uint64 {
	x := w ^ pattern
	return (x - ones) &^ x & highs
}

// Special marks the bytes that end a run of plain bytes in a JSON string, a quote, a backslash or a control character, as Match does. A
// quote and a blank change places by the exclusive or, so that one comparison finds quotes and control characters.
func Special(w uint64) uint64 {
	x := w ^ 0x5C*ones
	return (((w^0x02*ones)-0x21*ones)&^w | (x-ones)&^x) & highs
}

// Match2 is Match for either of two bytes.
func Match2(w, pattern1, pattern2 uint64) uint64 {
	x, y := w^pattern1, w^pattern2
	return ((x-ones)&^x | (y-ones)&^y) & highs
}

// NotASCII is not 0 when a byte of w is above 127.
func NotASCII(w uint64) uint64 { return w & highs }

// First returns the index of the first byte marked in m, 0 to 7.
func First(m uint64) int { return bits.TrailingZeros64(m) >> 3 }

// Int reads a decimal integer of 1 to 18 digits with an optional minus sign at p and returns the index behind it. It looks at whole
// words: ok is false when there are not enough bytes after it, no digit or too many, and the caller has to take its slow road.
func Int(src []byte, p int) (x int64, end int, ok bool) {
	if p+2*WordSize+4 > len(src) {
		return 0, p, false
	}
	neg := src[p] == '-'
	if neg {
		p++
	}
	w := mem.Load64(src, p) ^ zeros
	m := (w + overNine | w) & highs
	if m == 0 {
		return moreDigits(src, p, w, neg)
	}
	n := First(m)
	if n == 0 {
		return 0, p, false
	}
	x = int64(eight(w << (64 - 8*uint(n))))
	if neg {
		x = -x
	}
	return x, p + n, true
}

// moreDigits goes on after eight digits.
func moreDigits(src []byte, p int, first uint64, neg bool) (int64, int, bool) {
	x := int64(eight(first))
	p += WordSize
	w := mem.Load64(src, p) ^ zeros
	m := (w + overNine | w) & highs
	n := WordSize
	if m != 0 {
		n = First(m)
	}
	if n > 0 {
		x = x*pow10[n] + int64(eight(w<<(64-8*uint(n))))
		p += n
	}
	if n == WordSize {
		for k := 0; k < 2 && src[p]-'0' <= 9; k++ {
			x = x*10 + int64(src[p]-'0')
			p++
		}
		if src[p]-'0' <= 9 {
			return 0, p, false
		}
	}
	if neg {
		x = -x
	}
	return x, p, true
}

var pow10 = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

// eight is the number whose eight digits (0-9) are the bytes of w, the first in the lowest byte.
func eight(w uint64) uint64 {
	const mask = 0x000000FF000000FF
	w = w*10 + w>>8
	return ((w&mask)*(100+1000000<<32) + (w>>16&mask)*(1+10000<<32)) >> 32
}

// Clock reads timestamps of the form yyyy-MM-dd HH:mm:ss and yyyy-MM-dd HH:mm:ss.SSS. It remembers the last date, which most often
// is also the next one. The zero Clock is ready.
type Clock struct {
	date  uint64
	day   uint64
	days  int64
	known bool
}

// Read reads a timestamp at p, with sep between date and time, as milliseconds and returns the index behind it. ok is false for any
// other form, and near the end of src: the caller then takes its slow road.
func (c *Clock) Read(src []byte, p int, sep byte) (millis int64, end int, ok bool) {
	if p+3*WordSize > len(src) {
		return 0, p, false
	}
	date, mid, tail := mem.Load64(src, p), mem.Load64(src, p+8), mem.Load64(src, p+16)
	a := date ^ 0x2D30302D30303030                    // yyyy-MM-
	b := mid ^ (0x30303A3030003030 | uint64(sep)<<16) // dd HH:mm
	t := tail ^ 0x303030302E30303A                    // :ss.SSS
	const aSep, bSep, tSep = 0xFF0000FF00000000, 0x0000FF0000FF0000, 0x00000000000000FF
	bad := (a+overNine|a)&highs | (b+overNine|b)&highs | a&aSep | b&bSep | t&tSep | (t&0xFFFF00+0x767600|t&0xFFFF00)&0x808000
	if bad != 0 {
		return 0, p, false
	}
	if !c.known || c.date != date || c.day != mid&0xFFFF {
		if !c.newDate(a, b, date, mid) {
			return 0, p, false
		}
	}
	h := b>>24&15*10 + b>>32&15
	m := b>>48&15*10 + b>>56
	s := t>>8&15*10 + t>>16&15
	if h > 23 || m > 59 || s > 59 {
		return 0, p, false
	}
	millis = c.days*civil.MillisPerDay + int64(h*civil.MillisPerHour+m*civil.MillisPerMinute+s*civil.MillisPerSecond)
	end = p + 19
	if t&0xFF000000 != 0 {
		return millis, end, byte(tail>>24)-'0' > 9
	}
	f := t >> 32 & 0xFFFFFF
	if (f+0x767676|f)&0x808080 != 0 || byte(tail>>56)-'0' <= 9 {
		return 0, p, false
	}
	return millis + int64(f&15*100+f>>8&15*10+f>>16), end + 4, true
}

// newDate computes the day of a date; a and b are its words with digits as numbers.
func (c *Clock) newDate(a, b, date, mid uint64) bool {
	y := int(a&15*1000 + a>>8&15*100 + a>>16&15*10 + a>>24&15)
	m := int(a>>40&15*10 + a>>48&15)
	d := int(b&15*10 + b>>8&15)
	if !civil.Valid(y, m, d) {
		return false
	}
	c.date, c.day, c.days, c.known = date, mid&0xFFFF, civil.Days(y, m, d), true
	return true
}
