// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package extension

import (
	"strings"

	"spate/batch"
	"spate/schema"
	"spate/udf"
)

// Initials returns a scalar function: the first letters of the words of a text. An empty text is an error that names its row.
func Initials() udf.Scalar {
	return udf.Scalar{
		Name: "INITIALS", Doc: "The first letters of the words of a text.",
		Params: []*schema.Type{schema.TypeString}, Result: schema.TypeString, NullInNullOut: true,
		Eval: func(args []*batch.Vector, rows udf.Rows, out *batch.Vector) error {
			at := 0
			for row := range rows.All() {
				for ; at < row; at++ {
					out.AppendString("")
				}
				words := strings.Fields(string(args[0].Bytes(row)))
				if len(words) == 0 {
					return &udf.DataError{Row: row, Reason: "a text without words has no initials"}
				}
				var letters strings.Builder
				for _, w := range words {
					letters.WriteString(w[:1])
				}
				out.AppendString(letters.String())
				at = row + 1
			}
			for ; at < rows.N; at++ {
				out.AppendString("")
			}
			return nil
		},
	}
}
