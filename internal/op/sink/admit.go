// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"fmt"

	"spate/batch"
	"spate/connector"
	"spate/internal/sys/errs"
	"spate/schema"
)

// kindBit maps a row kind to its bit in a connector.Changelog.
var kindBit = [4]connector.Changelog{
	schema.Insert: connector.KindInsert, schema.UpdateBefore: connector.KindUpdateBefore,
	schema.UpdateAfter: connector.KindUpdateAfter, schema.Delete: connector.KindDelete,
}

// admit returns the rows of b that may be written, and whether they are fewer than those of b.
func (o *Operator) admit(b *batch.Batch) (keep []int32, narrowed bool, err error) {
	if kinds := b.Kinds(); kinds != nil && o.accepts != connector.AllKinds {
		keep, narrowed, err = o.admitKinds(b, kinds)
		if err != nil {
			return nil, false, err
		}
	}
	for _, c := range o.spec.NotNull {
		valid := b.Col(c).Valid()
		if valid == nil {
			continue
		}
		if !narrowed {
			keep = allRows(b)
		}
		n := dropNull(keep, valid)
		if n == len(keep) {
			continue
		}
		if o.spec.NotNullEnforce != enforceDrop {
			return nil, false, nullError(o.columns[c].Name)
		}
		o.rt.Count(droppedMetric, int64(len(keep)-n))
		keep, narrowed = keep[:n], true
	}
	if len(o.nested) == 0 {
		return keep, narrowed, nil
	}
	if !narrowed {
		keep = allRows(b)
	}
	return o.admitNested(b, keep, narrowed)
}

// droppedMetric counts rows that were dropped for a NULL.
const droppedMetric = "numNullRecordsDropped"

// admitNested looks below the columns, row by row: values that deep are rare and small.
func (o *Operator) admitNested(b *batch.Batch, rows []int32, narrowed bool) (keep []int32, fewer bool, err error) {
	n := 0
	for _, i := range rows {
		path := ""
		for _, c := range o.nested {
			if path = findNull(o.columns[c].Type, o.spec.NotNullNested, b.Col(c), int(i), o.columns[c].Name); path != "" {
				break
			}
		}
		if path == "" {
			rows[n] = i
			n++
			continue
		}
		if o.spec.NotNullEnforce != enforceDrop {
			return nil, false, nullError(path)
		}
	}
	if n < len(rows) {
		o.rt.Count(droppedMetric, int64(len(rows)-n))
	}
	return rows[:n], narrowed || n < len(rows), nil
}

// admitKinds drops the -U rows that the sink does not take. Any other kind that it does not take is the planner's mistake, which
// must not become a wrong table.
func (o *Operator) admitKinds(b *batch.Batch, kinds []schema.RowKind) (keep []int32, narrowed bool, err error) {
	rows := allRows(b)
	n := 0
	for _, i := range rows {
		k := kinds[i]
		if o.accepts&kindBit[k&3] != 0 {
			rows[n] = i
			n++
			continue
		}
		if k != schema.UpdateBefore {
			return nil, false, fmt.Errorf("sink %s does not accept %s rows", o.spec.Table.Name, k)
		}
	}
	return rows[:n], n < len(rows), nil
}

// allRows returns the selected rows of b in a scratch that lives with the batch.
func allRows(b *batch.Batch) []int32 {
	rows := b.SplitBuf(b.Rows())
	if sel := b.Sel(); sel != nil {
		copy(rows, sel)
		return rows
	}
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// dropNull moves the rows that are valid to the front and returns how many there are.
func dropNull(rows []int32, valid []uint64) int {
	n := 0
	for _, i := range rows {
		rows[n] = i
		n += int(valid[i>>6] >> (uint(i) & 63) & 1)
	}
	return n
}

// nullError is the error for a NULL in a NOT NULL column, in Flink's words.
func nullError(path string) error {
	return errs.New(errs.EvaluationFailed, "Column '%s' is NOT NULL, however, a null value is being written into it. "+
		"You can set job configuration 'table.exec.sink.not-null-enforcer'='DROP' to suppress this exception and drop such records silently.",
		path)
}
