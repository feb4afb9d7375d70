// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batchtest

import (
	"encoding/hex"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"spate/batch"
	"spate/schema"
)

// Format returns the rows of a batch that count, a line each, every one with its kind.
func Format(b *batch.Batch) string { return strings.Join(Lines(b), "") }

// Lines returns the rows of a batch that count, each with its kind and a line end.
func Lines(b *batch.Batch) []string {
	var lines []string
	each := func(i int) {
		var sb strings.Builder
		sb.WriteString(b.Kind(i).String())
		for c := range b.NumCols() {
			v := b.Col(c)
			sb.WriteByte(' ')
			writeValue(&sb, v.Type(), v.Value(i))
		}
		sb.WriteByte('\n')
		lines = append(lines, sb.String())
	}
	if sel := b.Sel(); sel != nil {
		for _, i := range sel {
			each(int(i))
		}
		return lines
	}
	for i := range b.Len() {
		each(i)
	}
	return lines
}

// Sorted is Format with the lines in byte order: for results whose order does not matter.
func Sorted(bs ...*batch.Batch) string {
	var lines []string
	for _, b := range bs {
		lines = append(lines, Lines(b)...)
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// Materialise applies the changelog of the batches and returns the rows that are left, sorted, without kinds.
func Materialise(bs ...*batch.Batch) string {
	count := map[string]int{}
	for _, b := range bs {
		for _, l := range Lines(b) {
			switch l[:2] {
			case "+I", "+U":
				count[l[3:]]++
			default:
				count[l[3:]]--
			}
		}
	}
	var lines []string
	for l, n := range count {
		for range n {
			lines = append(lines, l)
		}
		if n < 0 {
			lines = append(lines, "retracted too often: "+l)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// FormatVector returns the values of a vector at positions 0..n-1, parted by blanks.
func FormatVector(v *batch.Vector, n int) string {
	var sb strings.Builder
	for i := range n {
		if i > 0 {
			sb.WriteByte(' ')
		}
		writeValue(&sb, v.Type(), v.Value(i))
	}
	return sb.String()
}

// FormatValue returns the text of one value.
func FormatValue(t *schema.Type, v schema.Value) string {
	var sb strings.Builder
	writeValue(&sb, t, v)
	return sb.String()
}

func writeValue(sb *strings.Builder, t *schema.Type, v schema.Value) {
	if v.Null {
		sb.WriteString("null")
		return
	}
	switch t.Root {
	case schema.Boolean:
		sb.WriteString(strconv.FormatBool(v.I != 0))
	case schema.Float:
		sb.WriteString(formatFloat(v.F, 32))
	case schema.Double:
		sb.WriteString(formatFloat(v.F, 64))
	case schema.Decimal:
		sb.WriteString(formatDecimal(t, v))
	case schema.Char, schema.Varchar:
		sb.WriteString("'" + strings.ReplaceAll(v.S, "'", "''") + "'")
	case schema.Binary, schema.Varbinary, schema.Variant, schema.Bitmap, schema.Raw:
		sb.WriteString("x'" + hex.EncodeToString([]byte(v.S)) + "'")
	case schema.Date:
		sb.WriteString(time.Unix(v.I*86400, 0).UTC().Format("2006-01-02"))
	case schema.Time:
		sb.WriteString(time.UnixMilli(v.I).UTC().Format("15:04:05.999"))
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		sb.WriteString(formatTimestamp(t, v))
	case schema.Array:
		writeList(sb, '[', ']', v.Elems, t.Children())
	case schema.Map, schema.Multiset:
		writeList(sb, '{', '}', v.Elems, t.Children())
	case schema.Row, schema.Structured:
		writeList(sb, '(', ')', v.Elems, t.Children())
	default:
		sb.WriteString(strconv.FormatInt(v.I, 10))
	}
}

func writeList(sb *strings.Builder, open, end byte, elems []schema.Value, kids []*schema.Type) {
	sb.WriteByte(open)
	for i, e := range elems {
		if i > 0 {
			sb.WriteByte(' ')
		}
		writeValue(sb, kids[i%len(kids)], e)
	}
	sb.WriteByte(end)
}

func formatFloat(x float64, bits int) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	s := strconv.FormatFloat(x, 'g', -1, bits)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

func formatDecimal(t *schema.Type, v schema.Value) string {
	x := big.NewInt(v.I)
	if t.Physical() == schema.PhysInt128 {
		x = new(big.Int).Lsh(big.NewInt(v.Wide.Hi), 64)
		x.Add(x, new(big.Int).SetUint64(v.Wide.Lo))
	}
	s := new(big.Int).Abs(x).String()
	if n := t.Scale + 1 - len(s); n > 0 {
		s = strings.Repeat("0", n) + s
	}
	if t.Scale > 0 {
		s = s[:len(s)-t.Scale] + "." + s[len(s)-t.Scale:]
	}
	if x.Sign() < 0 {
		s = "-" + s
	}
	return s
}

func formatTimestamp(t *schema.Type, v schema.Value) string {
	x := time.UnixMilli(v.I)
	if t.Precision > 3 {
		x = time.UnixMicro(v.I).Add(time.Duration(v.Nanos))
	}
	return x.UTC().Format("2006-01-02T15:04:05.999999999")
}
