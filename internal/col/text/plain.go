// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"bytes"
	"strconv"

	"spate/internal/col/mem"
)

// AppendPlain appends the shortest decimal digits of a float without an exponent.
func AppendPlain(dst []byte, f float64, bitSize int) []byte {
	return strconv.AppendFloat(dst, f, 'f', -1, bitSize)
}

// RoundPlain rounds a decimal number in plain notation to digits after the point (before it when negative), half away from zero or
// towards zero, and returns it as DOUBLE. s is overwritten.
func RoundPlain(s []byte, digits int, half bool) float64 {
	point := bytes.IndexByte(s, '.')
	if point < 0 {
		point = len(s)
	}
	cut := point + digits // The first character that goes.
	if digits >= 0 {
		cut++
	}
	if cut >= len(s) && digits >= 0 {
		return parsePlain(s)
	}
	first := 0
	if s[0] == '-' {
		first = 1
	}
	if cut < first {
		return 0
	}
	up := half && cut < len(s) && roundDigit(s, cut) >= '5'
	for i := cut; i < len(s); i++ {
		if s[i] != '.' {
			s[i] = '0'
		}
	}
	if !up {
		return parsePlain(s)
	}
	for i := cut - 1; i >= first; i-- {
		if s[i] == '.' {
			continue
		}
		if s[i] != '9' {
			s[i]++
			return parsePlain(s)
		}
		s[i] = '0'
	}
	// All nines: one more digit in front.
	grown := append([]byte{'1'}, s[first:]...)
	v := parsePlain(grown)
	if first == 1 {
		return -v
	}
	return v
}

func roundDigit(s []byte, i int) byte {
	if s[i] == '.' {
		i++
	}
	if i >= len(s) {
		return '0'
	}
	return s[i]
}

func parsePlain(s []byte) float64 {
	f, _ := strconv.ParseFloat(mem.String(s), 64)
	return f
}
