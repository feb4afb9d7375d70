// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"

	"spate/batch"
	"spate/internal/col/civil"
	"spate/schema"
)

func clockFunctions() []*Function {
	ltz := schema.NewTimestampLTZ(3).NotNull()
	return []*Function{
		currentWatermark(),
		clockFunction("CURRENT_TIMESTAMP", []string{"NOW"}, "The present time.", ltz, false),
		clockFunction("CURRENT_ROW_TIMESTAMP", nil, "The present time.", ltz, false),
		clockFunction("PROCTIME", nil, "The processing time, as a time attribute.", ltz.WithAttr(schema.ProcTime), false),
		clockFunction("LOCALTIMESTAMP", nil, "The present time of the session zone.", schema.NewTimestamp(3).NotNull(), true),
		clockFunction("CURRENT_DATE", nil, "The present date in the session zone.", schema.TypeDate.NotNull(), true),
		clockFunction("CURRENT_TIME", nil, "The present time of day in the session zone.", schema.NewTime(0).NotNull(), true),
		clockFunction("LOCALTIME", nil, "The present time of day in the session zone.", schema.NewTime(0).NotNull(), true),
		clockFunction("UNIX_TIMESTAMP_NOW", nil, "The present time in seconds since 1970-01-01 UTC; written UNIX_TIMESTAMP().", schema.TypeBigInt.NotNull(), false),
	}
}

// currentWatermark declares CURRENT_WATERMARK.
func currentWatermark() *Function {
	return &Function{
		Name: "CURRENT_WATERMARK", Doc: "The present watermark of the operator, NULL while there is none.", Category: "temporal", Determinism: PerBatch,
		Signatures: []string{"CURRENT_WATERMARK(<ROWTIME>)"},
		Infer: func(args []Arg) (Signature, error) {
			if len(args) != 1 || args[0].Type.Attr != schema.RowTime {
				return Signature{}, &mismatch{"CURRENT_WATERMARK() must be called with a single rowtime attribute argument"}
			}
			t := schema.New(args[0].Type.Root)
			t.Precision = 3
			return Signature{Args: make([]*schema.Type, 1), Result: t}, nil
		},
		Compile: func(_ *Call, env *Env) (Kernel, error) {
			return func(_ []*batch.Vector, rows Rows, out *batch.Vector) error {
				ms, ok := int64(0), false
				if env.Watermark != nil {
					ms, ok = env.Watermark()
				}
				for range rows.N {
					if ok {
						batch.Append(out, ms)
					} else {
						out.AppendNull()
					}
				}
				return nil
			}, nil
		},
	}
}

func clockFunction(name string, aliases []string, doc string, t *schema.Type, local bool) *Function {
	example := "CAST(" + name + " AS STRING) <> ''"
	switch name {
	case "PROCTIME", "CURRENT_ROW_TIMESTAMP":
		example = "CAST(" + name + "() AS STRING) <> ''"
	case "UNIX_TIMESTAMP_NOW":
		example = "UNIX_TIMESTAMP() > 0"
	}
	return &Function{
		Name: name, Aliases: aliases, Doc: doc, Example: example, Category: "temporal", Determinism: PerBatch,
		Overloads: []Overload{{Result: func([]Arg) *schema.Type { return t }}},
		Compile: func(call *Call, env *Env) (Kernel, error) {
			loc, err := location(env)
			if err != nil {
				return nil, err
			}
			clk := newClock(loc)
			return func(_ []*batch.Vector, rows Rows, out *batch.Vector) error {
				if env.NowMillis == nil {
					return errors.New(name + " has no clock here")
				}
				ms := env.NowMillis()
				if local {
					ms = clk.local(ms*1000) / 1000
				}
				day := civil.FloorDiv(ms, civil.MillisPerDay)
				for range rows.N {
					switch call.T.Root {
					case schema.Date:
						batch.Append(out, int32(day))
					case schema.Time:
						t := ms - day*civil.MillisPerDay
						batch.Append(out, int32(t-t%1000))
					case schema.BigInt:
						batch.Append(out, civil.FloorDiv(ms, 1000))
					default:
						batch.Append(out, ms)
					}
				}
				return nil
			}, nil
		},
	}
}
