// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package state holds the keyed state of operators: tables without Go pointers, looked up a batch at a time.
//
// # Shapes
//
//	Table     rows by key (value state). With Spec.Owner it is nested: each row belongs to a row of another table, and its key
//	          holds within the owner: a map, a multiset or a distinct set with counts, depending on its fields. Chained tables can
//	          also be walked owner by owner, oldest row first. A nested table without key columns is a list.
//	Ordered   rows of an owner in the order of their key bytes (package rowkey makes them): Top-N, MIN with retraction.
//	Timers    the rows of a table by a time that each holds in a field.
//	Family    one set of tables per namespace (a window or a slice), dropped as a whole.
//
// A row is a run of 64-bit words: a header, the key, the fields. Its id is a small dense number that stays the same until the row
// is deleted; operators look ids up once per batch and then work on arrays of ids. Fields are words at fixed offsets (Table.Off),
// read and written in place through Table.Row or Table.Rows. Variable parts (Bytes fields) live in a slab beside the rows.
//
// # Lookups have three outcomes
//
// A lookup answers an id, Absent, or NotResident: the row may exist, but not in memory. Lookup and Upsert say by their last result
// whether all rows were resident. When they were not, nothing was changed and a fetch has begun: the operator keeps its batch,
// returns op.Result{Wait: true}, and does the same again when Continue is called. An operator that needs several lookups does all
// of them before it changes anything. Rows that are nested in, or ordered under, a resident row are resident.
// Config.Fault makes lookups answer NotResident at random, so that tests see to this.
//
// # Invariants
//
//	S1. No state holds Go pointers; the collector never looks into it.
//	S2. A view (Row, Rows, Bytes) is valid until the next insertion into the same table.
//	S3. The header of a live row holds the epoch of its last change. The first change of a row in an epoch appends its id to the
//	    dirty list. Whoever changes a row in place calls Touch or TouchAll.
//	S4. The key group of a row is that of its routing hash (hash.Route) and lies in the store's range. A nested row has that of
//	    its owner.
//	S5. With Config.Track a deleted row keeps its id and key until the epoch in which it died was written (Store.Written).
//	S6. A snapshot is canonical: it depends on the content of the tables only, not on ids, layout or history, except where order
//	    is content (lists). Scratch fields and timers' heaps are not part of it.
//	S7. All memory of a store is charged to its budget. A refused charge does not fail the call: it is remembered and reported by
//	    Store.Err, which the driver checks after every step.
//
// Threading: a store belongs to the goroutine of its task. Lifetime: Close frees memory outside the Go heap; no view may be used
// after it.
package state
