// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batchtest

import (
	"math"
	"math/big"
	"math/rand/v2"

	"spate/batch"
	"spate/schema"
)

// AllTypes returns one or more types of every root that a column can have, nested ones included, nullable at all levels.
func AllTypes() []*schema.Type {
	row := schema.NewRow(
		schema.Field{Name: "a", Type: schema.TypeInt},
		schema.Field{Name: "b", Type: schema.TypeString},
		schema.Field{Name: "c", Type: schema.NewArray(schema.TypeDouble)})
	return []*schema.Type{
		schema.TypeBoolean, schema.TypeTinyInt, schema.TypeSmallInt, schema.TypeInt, schema.TypeBigInt,
		schema.TypeFloat, schema.TypeDouble, schema.NewDecimal(10, 2), schema.NewDecimal(18, 0), schema.NewDecimal(38, 18),
		schema.TypeDate, schema.NewTime(0), schema.NewTime(3),
		schema.NewTimestamp(0), schema.NewTimestamp(3), schema.NewTimestamp(6), schema.NewTimestamp(9),
		schema.NewTimestampLTZ(3), schema.NewTimestampLTZ(6), schema.NewTimestampLTZ(9),
		schema.NewYearMonthInterval(schema.UnitYearToMonth, 2), schema.NewDayTimeInterval(schema.UnitDayToSecond, 2, 6),
		schema.NewChar(5), schema.NewVarchar(20), schema.TypeString, schema.NewBinary(4), schema.NewVarbinary(9), schema.TypeBytes,
		schema.TypeVariant, schema.TypeBitmap,
		{Root: schema.Raw, Nullable: true, Class: "java.lang.Object", Snapshot: "AA=="},
		schema.NewArray(schema.TypeInt), schema.NewArray(schema.TypeString), schema.NewMap(schema.TypeString, schema.TypeBigInt),
		schema.NewMultiset(schema.NewVarchar(3)), row, schema.NewArray(row), schema.NewMap(schema.TypeInt, schema.NewArray(row)),
		schema.NewArray(schema.NewTimestamp(9)), schema.NewRow(schema.Field{Name: "n", Type: row}, schema.Field{Name: "d", Type: schema.NewDecimal(30, 3)}),
	}
}

// Random returns a batch of n rows of random values; about one value in nullEvery is NULL where the type allows it, none when 0.
// kinds mixes row kinds in.
func Random(rng *rand.Rand, types []*schema.Type, n, nullEvery int, kinds bool) *batch.Batch {
	b := batch.New(types)
	row := make([]schema.Value, len(types))
	for range n {
		for c, t := range types {
			row[c] = RandomValue(rng, t, nullEvery)
		}
		k := schema.Insert
		if kinds {
			k = schema.RowKind(rng.IntN(4))
		}
		b.AppendRow(k, row...)
	}
	return b
}

// RandomValue returns a random value that a column of the type can hold: small and special values are frequent.
func RandomValue(rng *rand.Rand, t *schema.Type, nullEvery int) schema.Value {
	if t.Nullable && nullEvery > 0 && rng.IntN(nullEvery) == 0 {
		return schema.NullValue
	}
	switch t.Root {
	case schema.Boolean:
		return schema.BoolValue(rng.IntN(2) == 0)
	case schema.TinyInt:
		return schema.IntValue(int64(int8(randomInt(rng))))
	case schema.SmallInt:
		return schema.IntValue(int64(int16(randomInt(rng))))
	case schema.Int, schema.IntervalYearMonth:
		return schema.IntValue(int64(int32(randomInt(rng))))
	case schema.BigInt, schema.IntervalDayTime:
		return schema.IntValue(randomInt(rng))
	case schema.Date:
		return schema.IntValue(rng.Int64N(3_652_059) - 719_162) // Years 1 to 9999.
	case schema.Time:
		step := int64(math.Pow10(max(0, 3-t.Precision)))
		return schema.IntValue(rng.Int64N(86_400_000) / step * step)
	case schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		return randomTimestamp(rng, t)
	case schema.Float:
		return schema.FloatValue(float64(float32(randomFloat(rng))))
	case schema.Double:
		return schema.FloatValue(randomFloat(rng))
	case schema.Decimal:
		limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(1+rng.IntN(t.Precision))), nil)
		x := new(big.Int).Mul(new(big.Int).SetUint64(rng.Uint64()), new(big.Int).SetUint64(rng.Uint64()))
		x.Mod(x, limit)
		if rng.IntN(2) == 0 {
			x.Neg(x)
		}
		return decimalValue(t, x)
	case schema.Array, schema.Multiset, schema.Map, schema.Row, schema.Structured:
		return randomNested(rng, t, nullEvery)
	case schema.Char, schema.Binary:
		return randomBytes(rng, t, t.Length)
	default:
		return randomBytes(rng, t, rng.IntN(min(40, max(20, t.Length))+1))
	}
}

func randomInt(rng *rand.Rand) int64 {
	switch rng.IntN(4) {
	case 0:
		return int64(rng.IntN(7)) - 3
	case 1:
		return []int64{math.MinInt64, math.MaxInt64, math.MinInt32, math.MaxInt32, 0, 1 << 40}[rng.IntN(6)]
	default:
		return int64(rng.Uint64()) >> rng.IntN(64)
	}
}

func randomFloat(rng *rand.Rand) float64 {
	switch rng.IntN(3) {
	case 0:
		return []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1, -1, math.MaxFloat32}[rng.IntN(8)]
	case 1:
		return float64(rng.IntN(2000)-1000) / 8
	default:
		return rng.NormFloat64() * 1e6
	}
}

func randomTimestamp(rng *rand.Rand, t *schema.Type) schema.Value {
	if t.Precision <= 3 {
		step := int64(math.Pow10(3 - t.Precision))
		return schema.IntValue((rng.Int64N(253_402_300_800_000+62_135_596_800_000) - 62_135_596_800_000) / step * step)
	}
	v := schema.IntValue(rng.Int64N(253_402_300_800_000_000+62_135_596_800_000_000) - 62_135_596_800_000_000)
	if t.Precision > 6 {
		step := int(math.Pow10(9 - t.Precision))
		v.Nanos = int16(rng.IntN(1000) / step * step)
	}
	return v
}

func randomNested(rng *rand.Rand, t *schema.Type, nullEvery int) schema.Value {
	v := schema.Value{Elems: []schema.Value{}}
	kids := t.Children()
	n := 1
	switch t.Root {
	case schema.Row, schema.Structured:
	default:
		n = rng.IntN(4)
	}
	keys := map[string]bool{}
	for range n {
		at := len(v.Elems)
		for c, k := range kids {
			if t.Root == schema.Multiset && c == 1 {
				v.Elems = append(v.Elems, schema.IntValue(1+rng.Int64N(3)))
				continue
			}
			v.Elems = append(v.Elems, RandomValue(rng, k, nullEvery))
		}
		if t.Root == schema.Map || t.Root == schema.Multiset {
			key := FormatValue(kids[0], v.Elems[at])
			if keys[key] {
				v.Elems = v.Elems[:at]
			}
			keys[key] = true
		}
	}
	return v
}

func randomBytes(rng *rand.Rand, t *schema.Type, n int) schema.Value {
	b := make([]byte, n)
	for i := range b {
		switch {
		case !t.IsString():
			b[i] = byte(rng.IntN(256))
		case rng.IntN(10) == 0:
			b[i] = '\''
		default:
			b[i] = byte('a' + rng.IntN(26))
		}
	}
	return schema.StringValue(string(b))
}
