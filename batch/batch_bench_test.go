// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch_test

import (
	"testing"

	"spate/batch"
	"spate/schema"
)

var bidTypes = []*schema.Type{schema.TypeBigInt, schema.TypeBigInt, schema.TypeBigInt, schema.NewTimestamp(3)}

func perRow(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch.MaxRows), "ns/row")
}

func BenchmarkAppendFourNumbers(b *testing.B) {
	pool := batch.NewPool(bidTypes, nil)
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		c0, c1, c2, c3 := x.Own(0), x.Own(1), x.Own(2), x.Own(3)
		for i := range int64(batch.MaxRows) {
			batch.Append(c0, i)
			batch.Append(c1, i+1)
			batch.Append(c2, i+2)
			batch.Append(c3, i+3)
		}
		x.SetLen(batch.MaxRows)
		x.Release()
	}
	perRow(b)
}

func BenchmarkResizeFourNumbers(b *testing.B) {
	pool := batch.NewPool(bidTypes, nil)
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		c0 := batch.Resize[int64](x.Own(0), batch.MaxRows)
		c1 := batch.Resize[int64](x.Own(1), batch.MaxRows)
		c2 := batch.Resize[int64](x.Own(2), batch.MaxRows)
		c3 := batch.Resize[int64](x.Own(3), batch.MaxRows)
		c1, c2, c3 = c1[:len(c0)], c2[:len(c0)], c3[:len(c0)]
		for i := range c0 {
			j := int64(i)
			c0[i], c1[i], c2[i], c3[i] = j, j+1, j+2, j+3
		}
		x.SetLen(batch.MaxRows)
		x.Release()
	}
	perRow(b)
}

func BenchmarkAppendString(b *testing.B) {
	pool := batch.NewPool([]*schema.Type{schema.TypeString}, nil)
	text := []byte("https://www.example.org/item")
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		v := x.Own(0)
		for range batch.MaxRows {
			v.AppendBytes(text)
		}
		x.SetLen(batch.MaxRows)
		x.Release()
	}
	perRow(b)
}

func BenchmarkAppendWithNulls(b *testing.B) {
	pool := batch.NewPool(bidTypes[:1], nil)
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		v := x.Own(0)
		for i := range int64(batch.MaxRows) {
			if i%8 == 0 {
				v.AppendNull()
			} else {
				batch.Append(v, i)
			}
		}
		x.SetLen(batch.MaxRows)
		x.Release()
	}
	perRow(b)
}

func BenchmarkAppendBool(b *testing.B) {
	pool := batch.NewPool([]*schema.Type{schema.TypeBoolean}, nil)
	b.ReportAllocs()
	for b.Loop() {
		x := pool.Get()
		v := x.Own(0)
		for i := range batch.MaxRows {
			v.AppendBool(i&3 == 0)
		}
		x.SetLen(batch.MaxRows)
		x.Release()
	}
	perRow(b)
}
