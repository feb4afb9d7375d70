// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

//go:build invariants

package invariant

import (
	"strconv"
	"strings"
)

// Enabled says whether checks are compiled in.
const Enabled = true

// Check panics with "BUG: " and the formatted text when ok is false. The format knows %d, %s, %v and %q for integers, texts and
// truth values; other values print as (value). It does not use package fmt, because arguments of fmt escape to the heap at every
// call, broken check or not, and allocation tests run with invariants on.
func Check(ok bool, format string, args ...any) {
	if ok {
		return
	}
	var b strings.Builder
	b.WriteString("BUG: ")
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		if format[i] == '%' || len(args) == 0 {
			b.WriteByte('%')
			continue
		}
		b.WriteString(text(args[0], format[i] == 'q'))
		args = args[1:]
	}
	panic(b.String())
}

func text(arg any, quoted bool) string {
	switch x := arg.(type) {
	case string:
		if quoted {
			return strconv.Quote(x)
		}
		return strings.Clone(x)
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case int32:
		return strconv.FormatInt(int64(x), 10)
	case int64:
		return strconv.FormatInt(x, 10)
	case uint32:
		return strconv.FormatUint(uint64(x), 10)
	case uint64:
		return strconv.FormatUint(x, 10)
	}
	return "(value)"
}
