// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package formattest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// Decode decodes everything with batches of at most limit rows, handing out the bytes in pieces of at most piece bytes more than the
// decoder has left, and returns the rows. The error is the decoder's.
func Decode(tb testing.TB, d connector.Decoder, types []*schema.Type, data []byte, limit, piece int) (rows [][]schema.Value, err error) {
	tb.Helper()
	pool := batch.NewPool(types, nil)
	b := pool.Get()
	d.Reset(true)
	from, to := 0, 0
	for stuck := 0; ; {
		eof := to == len(data)
		before := b.Len()
		n, err := d.Decode(data[from:to:to], eof, b, limit-before)
		if n < 0 || from+n > to || b.Len() > limit {
			tb.Fatalf("%d bytes consumed of %d, %d rows for a limit of %d", n, to-from, b.Len(), limit)
		}
		progress := n > 0 || b.Len() > before
		from += n
		if b.Len() == limit || err != nil || eof && from == to {
			for i := range b.Len() {
				rows = append(rows, b.Row(i))
			}
			b.Release()
			b = pool.Get()
		}
		if err != nil || eof && from == to {
			return rows, err
		}
		if !progress && eof {
			if stuck++; stuck > 1 {
				tb.Fatalf("the decoder is stuck at %q", data[from:min(to, from+100)])
			}
		} else {
			stuck = 0
		}
		if !progress || from == to {
			to = min(to+piece, len(data))
		}
	}
}

// Limits and Pieces are the sizes that conformance tests go through.
var (
	Limits = []int{1, 3, 64, 4096}
	Pieces = []int{1, 7, 100, 1 << 20}
)

// Case is a set of columns that a format can hold.
type Case struct {
	Name    string
	Columns schema.Schema
	Options connector.Options
	// NoNulls: NULL is not told from an empty text.
	NoNulls bool
}

// RoundTrip writes random rows with the encoder of a format, reads them with its decoder and demands the same rows, whatever the batch
// limits, pieces and projection.
func RoundTrip(t *testing.T, f *connector.Format, c Case) {
	t.Helper()
	const n = 100
	r := rand.New(rand.NewPCG(7, uint64(len(c.Columns))))
	types := c.Columns.Types()
	b := batch.New(types)
	var positions []int32
	for i := range n {
		row := make([]schema.Value, len(types))
		for k, typ := range types {
			row[k] = RandomValue(r, typ, !c.NoNulls)
		}
		b.AppendRow(schema.Insert, row...)
		positions = append(positions, int32(i))
	}
	enc, err := f.Encoder(&connector.FormatContext{Columns: c.Columns, Options: c.Options})
	if err != nil {
		t.Fatal(err)
	}
	data, err := enc.Encode(append([]byte{}, enc.Header()...), b, positions)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(types))
	some := []int{}
	for i := range types {
		all[i] = i
		if i%2 == 0 {
			some = append([]int{i}, some...)
		}
	}
	for _, wanted := range [][]int{all, some, {}} {
		var want [][]schema.Value
		var wantTypes []*schema.Type
		for _, k := range wanted {
			wantTypes = append(wantTypes, types[k])
		}
		for i := range n {
			row := make([]schema.Value, 0, len(wanted))
			for _, k := range wanted {
				row = append(row, b.Col(k).Value(i))
			}
			want = append(want, row)
		}
		for _, limit := range Limits {
			for _, piece := range Pieces {
				d, err := f.Decoder(&connector.FormatContext{Columns: c.Columns, Wanted: wanted, Options: c.Options})
				if err != nil {
					t.Fatal(err)
				}
				got, err := Decode(t, d, wantTypes, data, limit, piece)
				if err != nil {
					t.Fatalf("limit %d, piece %d: %v (%+v)\n%.500s", limit, piece, err, err, data)
				}
				if len(got) != n {
					t.Fatalf("limit %d, piece %d: %d rows of %d\n%.500s", limit, piece, len(got), n, data)
				}
				for i := range got {
					if fmt.Sprint(got[i]) != fmt.Sprint(want[i]) && !reflect.DeepEqual(got[i], want[i]) {
						t.Fatalf("limit %d, piece %d, row %d:\n%+v, want\n%+v", limit, piece, i, got[i], want[i])
					}
				}
			}
		}
	}
}

// alphabet holds what formats stumble over.
var alphabet = []rune("abcXYZ019 ,;:\"'\\/\n\r\t#{}[]=é日😀")

// RandomValue returns a random value of a type.
func RandomValue(r *rand.Rand, t *schema.Type, nulls bool) schema.Value {
	if nulls && r.IntN(8) == 0 {
		return schema.NullValue
	}
	switch t.Root {
	case schema.Char, schema.Varchar:
		s := make([]rune, 1+r.IntN(40))
		for i := range s {
			s[i] = alphabet[r.IntN(len(alphabet))]
			if s[i] == '\r' || s[i] == '\n' && r.IntN(4) > 0 {
				s[i] = 'n'
			}
		}
		return schema.StringValue(string(s))
	case schema.Boolean:
		return schema.IntValue(r.Int64N(2))
	case schema.TinyInt:
		return schema.IntValue(int64(int8(r.Int64())))
	case schema.SmallInt:
		return schema.IntValue(int64(int16(r.Int64())))
	case schema.Int, schema.IntervalYearMonth:
		return schema.IntValue(int64(int32(r.Int64() >> r.IntN(40))))
	case schema.BigInt, schema.IntervalDayTime:
		return schema.IntValue((r.Int64() - r.Int64()) >> r.IntN(60))
	case schema.Float:
		return schema.FloatValue(float64(float32(r.NormFloat64() * 1000)))
	case schema.Double:
		return schema.FloatValue(math.Exp(r.NormFloat64() * 20))
	case schema.Decimal:
		x := r.Int64N(1_000_000_000) - 500_000_000
		for p := t.Precision; p < 9; p++ {
			x /= 10
		}
		if t.Precision > schema.MaxCompactDecimal {
			return schema.Value{Wide: schema.Int128{Lo: uint64(x), Hi: x >> 63}}
		}
		return schema.IntValue(x)
	case schema.Date:
		return schema.IntValue(r.Int64N(40_000) - 10_000)
	case schema.Time:
		return schema.IntValue(r.Int64N(86_400) * 1000)
	case schema.Timestamp, schema.TimestampLTZ:
		ms := r.Int64N(4_000_000_000_000) - 1_000_000_000_000
		switch t.Precision {
		case 3:
			return schema.IntValue(ms)
		case 6:
			return schema.IntValue(ms*1000 + r.Int64N(1000))
		case 9:
			return schema.Value{I: ms * 1000, Nanos: int16(r.IntN(1000))}
		}
		panic("BUG: timestamps of precision 3, 6 and 9 only")
	case schema.Binary, schema.Varbinary:
		b := make([]byte, 1+r.IntN(20))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return schema.StringValue(string(b))
	case schema.Array, schema.Map, schema.Multiset, schema.Row:
		return randomCollection(r, t, nulls)
	default:
		panic("BUG: no random value of type " + t.String())
	}
}

func randomCollection(r *rand.Rand, t *schema.Type, nulls bool) schema.Value {
	var v schema.Value
	switch t.Root {
	case schema.Array:
		for range 1 + r.IntN(3) {
			v.Elems = append(v.Elems, RandomValue(r, t.Elem, nulls))
		}
	case schema.Map, schema.Multiset:
		for i := range r.IntN(3) {
			key := RandomValue(r, t.Children()[0], false)
			key.S = fmt.Sprint(i, key.S)
			v.Elems = append(v.Elems, key, RandomValue(r, t.Children()[1], nulls && t.Root == schema.Map))
		}
	case schema.Row:
		for _, f := range t.Fields {
			v.Elems = append(v.Elems, RandomValue(r, f.Type, nulls))
		}
	default:
	}
	return v
}
