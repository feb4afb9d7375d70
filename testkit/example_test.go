// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package testkit_test

import (
	"context"
	"fmt"
	"log/slog"

	"spate/batch"
	"spate/schema"
	"spate/testkit"
	"spate/udf"
)

// A function of one's own, used in a query.
func Example() {
	double := udf.Scalar{
		Name: "double_it", Doc: "Twice the argument.",
		Params: []*schema.Type{schema.TypeBigInt}, Result: schema.TypeBigInt, NullInNullOut: true,
		Eval: func(args []*batch.Vector, rows udf.Rows, out *batch.Vector) error {
			result := batch.Resize[int64](out, rows.N)
			in := batch.Values[int64](args[0])
			for i := range rows.All() {
				x := in[0]
				if !args[0].IsConst() {
					x = in[i]
				}
				result[i] = 2 * x
			}
			return nil
		},
	}
	env, err := testkit.New(testkit.Config{Functions: []udf.Scalar{double}})
	if err != nil {
		slog.Error("starting", "error", err)
		return
	}
	defer env.Close()
	rows, err := env.Query(context.Background(), "SELECT double_it(x) FROM (VALUES (1), (21)) AS t (x)")
	if err != nil {
		slog.Error("running", "error", err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Kind, r.Values[0].I)
	}
	// Output:
	// +I 2
	// +I 42
}
