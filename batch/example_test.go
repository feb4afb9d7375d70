// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch_test

import (
	"fmt"

	"spate/batch"
	"spate/schema"
)

// A source fills the own vectors of a batch. Appending is the simple way; resizing to the most rows that may come, writing slices and
// truncating to what came is the fast one.
func Example() {
	pool := batch.NewPool([]*schema.Type{schema.TypeBigInt, schema.TypeString}, nil)
	b := pool.Get()
	defer b.Release()

	id, name := b.Own(0), b.Own(1)
	batch.Append(id, int64(1))
	name.AppendString("one")
	b.AppendKind(schema.Insert)
	batch.Append(id, int64(2))
	name.AppendNull()
	b.AppendKind(schema.Delete)

	for i := range b.Len() {
		fmt.Println(b.Kind(i), b.Row(i))
	}
	// Output:
	// +I [{false 1 0 {0 0} 0  []} {false 0 0 {0 0} 0 one []}]
	// -D [{false 2 0 {0 0} 0  []} {true 0 0 {0 0} 0  []}]
}

func ExampleResize() {
	b := batch.New([]*schema.Type{schema.TypeInt})
	const most = 100
	values := batch.Resize[int32](b.Own(0), most)
	n := 0
	for x := range int32(most) {
		if x%33 == 0 {
			values[n] = x
			n++
		}
	}
	b.Truncate(n)
	fmt.Println(b.Len(), batch.Values[int32](b.Col(0)))
	// Output: 4 [0 33 66 99]
}

// An operator that keeps the columns of its input takes the input over and adds its own.
func ExampleBatch_Adopt() {
	in := batch.New([]*schema.Type{schema.TypeInt})
	for x := range int32(3) {
		batch.Append(in.Own(0), x)
	}
	in.SetLen(3)

	out := batch.NewPool([]*schema.Type{schema.TypeInt, schema.TypeInt}, nil).Get()
	out.Adopt(in)
	out.SetCol(0, in.Col(0))
	squares := batch.Resize[int32](out.Own(1), in.Len())
	for i, x := range batch.Values[int32](in.Col(0)) {
		squares[i] = x * x
	}
	fmt.Println(out.Len(), batch.Values[int32](out.Col(0)), batch.Values[int32](out.Col(1)))
	out.Release() // Releases in, too.
	// Output: 3 [0 1 2] [0 1 4]
}
