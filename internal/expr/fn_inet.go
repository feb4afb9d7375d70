// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"bytes"
	"strconv"

	"spate/batch"
	"spate/schema"
)

func inetFunctions() []*Function {
	return []*Function{
		{
			Name: "INET_ATON", Doc: "The number of an IPv4 address; of two or three parts the last stands at the end. NULL when the text is none.", Example: "INET_ATON('127.0.0.1')",
			Result: "2130706433", Category: "string", Strict: true, Overloads: []Overload{{Params: []Param{P("", FamString)}, Result: RetNull(schema.TypeBigInt)}},
			Compile: fixedKernel(intKernel64(func(args []*batch.Vector, r int) (int64, bool) { return parseIPv4(args[0].Bytes(r)) })),
		},
		{
			Name: "INET_NTOA", Doc: "The IPv4 address of a number; NULL when it is out of range.", Example: "INET_NTOA(2130706433)", Result: "127.0.0.1", Category: "string", Strict: true,
			Overloads: []Overload{{Params: []Param{P("", FamInt)}, Result: RetNull(schema.TypeString)}},
			Compile: textCompile(func(args []*batch.Vector, r int, dst []byte) ([]byte, bool) {
				n := intAt(args[0], r)
				if n < 0 || n > 1<<32-1 {
					return dst, false
				}
				for shift := 24; shift >= 0; shift -= 8 {
					dst = strconv.AppendInt(dst, n>>shift&0xFF, 10)
					if shift > 0 {
						dst = append(dst, '.')
					}
				}
				return dst, true
			}),
		},
	}
}

// parseIPv4 reads one to four parts of 0 to 255; missing ones are zeros before the last.
func parseIPv4(s []byte) (int64, bool) {
	parts := bytes.Count(s, []byte{'.'}) + 1
	if parts > 4 || len(s) == 0 {
		return 0, false
	}
	var n int64
	for i := range parts {
		part, rest, _ := bytes.Cut(s, []byte{'.'})
		s = rest
		v := int64(0)
		for _, c := range part {
			if c < '0' || c > '9' {
				return 0, false
			}
			if v = v*10 + int64(c-'0'); v > 255 {
				return 0, false
			}
		}
		if len(part) == 0 {
			return 0, false
		}
		if i == parts-1 {
			n <<= 8 * uint(4-parts)
		}
		n = n<<8 | v
	}
	return n, true
}
