// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package console

import (
	"bytes"
	"time"

	"spate/batch"
	"spate/internal/col/text"
)

// AppendCSVRow appends row i as a line of RFC 4180 (with \n): values as CAST to STRING prints them, NULL as nothing, an empty text
// as "".
func AppendCSVRow(dst []byte, b *batch.Batch, i int, zone *time.Location) []byte {
	for c, v := range b.Cols() {
		if c > 0 {
			dst = append(dst, ',')
		}
		if v.IsNull(i) {
			continue
		}
		start := len(dst)
		dst = text.AppendValue(dst, v, i, zone)
		dst = quoteCSV(dst, start)
	}
	return append(dst, '\n')
}

// AppendCSVTexts appends a line of texts.
func AppendCSVTexts(dst []byte, cells []string) []byte {
	for c, cell := range cells {
		if c > 0 {
			dst = append(dst, ',')
		}
		start := len(dst)
		dst = quoteCSV(append(dst, cell...), start)
	}
	return append(dst, '\n')
}

// quoteCSV puts the field that starts at start in quotes when it needs them.
func quoteCSV(dst []byte, start int) []byte {
	field := dst[start:]
	if len(field) > 0 && !bytes.ContainsAny(field, "\",\r\n") && field[0] != ' ' && field[len(field)-1] != ' ' {
		return dst
	}
	field = bytes.Clone(field)
	dst = append(dst[:start], '"')
	dst = append(dst, bytes.ReplaceAll(field, []byte{'"'}, []byte{'"', '"'})...)
	return append(dst, '"')
}
