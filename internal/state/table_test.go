// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/flow"
	"spate/internal/state"
	"spate/internal/sys/budget"
	"spate/internal/sys/errs"
	"spate/internal/sys/invariant"
	"spate/schema"
)

// orderless are types whose values have equal forms that print differently: maps have no order.
func orderless(t *schema.Type) bool {
	if t.Physical() == schema.PhysMap {
		return true
	}
	return slices.ContainsFunc(t.Children(), orderless)
}

// TestKeysOfAllTypes groups random rows by every type, alone and all together, and reads the keys back.
func TestKeysOfAllTypes(t *testing.T) {
	all := slices.DeleteFunc(batchtest.AllTypes(), orderless)
	lists := [][]*schema.Type{all}
	for _, ty := range all {
		lists = append(lists, []*schema.Type{ty})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, types := range lists {
		t.Run(fmt.Sprint(types), func(t *testing.T) { keysOf(t, rng, types) })
	}
}

func keysOf(t *testing.T, rng *rand.Rand, types []*schema.Type) {
	t.Helper()
	st := state.NewStore(state.Config{Last: 127, MaxParallelism: 128})
	defer st.Close()
	table := st.Table(state.Spec{Name: "t", Key: types})
	keys := state.NewKeys(types, false)
	seen := map[string]int32{} // Text of the key: its id.
	for range 30 {
		b := batchtest.Random(rng, types, 1+rng.IntN(40), 1+rng.IntN(5), false)
		sel := []int32{}
		for i := range b.Len() {
			if rng.IntN(4) > 0 {
				sel = append(sel, int32(i))
			}
		}
		keys.Load(b.Cols(), sel, len(sel))
		ids := make([]int32, len(sel))
		table.Upsert(keys, ids)
		b.SetSel(sel)
		for k, line := range batchtest.Lines(b) {
			if id, ok := seen[line]; ok && id != ids[k] {
				t.Fatalf("%s has id %d and %d", line, id, ids[k])
			}
			seen[line] = ids[k]
		}
	}
	if table.Len() != len(seen) {
		t.Fatalf("%d rows, want %d", table.Len(), len(seen))
	}
	out := batch.New(types)
	var ids []int32
	for _, id := range seen {
		ids = append(ids, id)
	}
	rows := make([]uint64, len(ids)*table.Width())
	table.Copy(ids, rows)
	table.AppendKeys(rows, len(ids), out.Cols())
	out.SetLen(len(ids))
	for k, line := range batchtest.Lines(out) {
		if id, ok := seen[line]; !ok || id != ids[k] {
			t.Fatalf("row %d reads as %s", ids[k], line)
		}
	}
}

// TestNotResident demands the third outcome, that nothing changes by it, and that it passes.
func TestNotResident(t *testing.T) {
	st := state.NewStore(state.Config{NotResident: 7})
	defer st.Close()
	types := []*schema.Type{schema.TypeBigInt}
	table := st.Table(state.Spec{Name: "t", Key: types})
	keys := state.NewKeys(types, false)
	b := batch.New(types)
	for i := range 10 {
		b.AppendRow(schema.Insert, schema.IntValue(int64(i%3)))
	}
	keys.Load(b.Cols(), nil, 10)
	ids := make([]int32, 10)
	waits := 0
	for range 200 {
		before := table.Len()
		if _, ok := table.Upsert(keys, ids); ok {
			if table.Len() != 3 || slices.Min(ids) < 0 {
				t.Fatalf("%d rows, ids %v", table.Len(), ids)
			}
			continue
		}
		waits++
		if table.Len() != before || !slices.Contains(ids, state.NotResident) {
			t.Fatalf("%d rows, ids %v", table.Len(), ids)
		}
		for polls := 0; !st.Resident(); polls++ {
			if polls > 10 {
				t.Fatal("the fetch does not end")
			}
		}
	}
	if waits == 0 || waits == 200 {
		t.Fatalf("%d of 200 lookups were not resident", waits)
	}
}

// TestBudget grows a table beyond its budget.
func TestBudget(t *testing.T) {
	b := budget.New("operator", 1<<20)
	st := state.NewStore(state.Config{Budget: b})
	types := []*schema.Type{schema.TypeBigInt}
	table := st.Table(state.Spec{Name: "t", Key: types, Fields: []state.Field{{Name: "x", Kind: state.Bytes}}})
	keys := state.NewKeys(types, false)
	ids := make([]int32, 1000)
	for n := int64(0); st.Err() == nil; n += 1000 {
		if n > 1<<20 {
			t.Fatal("no error")
		}
		in := batch.New(types)
		for i := range int64(1000) {
			in.AppendRow(schema.Insert, schema.IntValue(n+i))
		}
		keys.Load(in.Cols(), nil, 1000)
		table.Upsert(keys, ids)
	}
	if !errors.Is(st.Err(), errs.MemoryBudget) {
		t.Errorf("the error is %v", st.Err())
	}
	if b.Used() > 1<<20 {
		t.Errorf("%d bytes are charged", b.Used())
	}
	st.Close()
	if b.Used() != 0 {
		t.Errorf("%d bytes are charged after Close", b.Used())
	}
}

// TestDamagedSnapshot demands an error for every damaged byte and every length.
func TestDamagedSnapshot(t *testing.T) {
	declare := func() (*state.Store, *state.Table) {
		st := state.NewStore(state.Config{Last: 127, MaxParallelism: 128})
		types := []*schema.Type{schema.TypeString}
		table := st.Table(state.Spec{Name: "t", Key: types, Fields: []state.Field{{Name: "x"}, {Name: "y", Kind: state.Bytes}}})
		return st, table
	}
	st, table := declare()
	defer st.Close()
	keys := state.NewKeys([]*schema.Type{schema.TypeString}, false)
	in := batchtest.Parse([]*schema.Type{schema.TypeString}, "a\n'a string that is long'\nnull\nb")
	keys.Load(in.Cols(), nil, 4)
	ids := make([]int32, 4)
	table.Upsert(keys, ids)
	for _, id := range ids {
		table.SetBytes(id, table.Off(1), []byte("some more bytes"))
	}
	var buf bytes.Buffer
	if err := st.Snapshot(&buf); err != nil {
		t.Fatal(err)
	}
	check := func(what string, data []byte) {
		other, _ := declare()
		defer other.Close()
		if err := other.Restore(bytes.NewReader(data)); !errors.Is(err, state.ErrCorrupt) && !errors.Is(err, state.ErrLayout) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range buf.Len() {
		check(fmt.Sprintf("cut at %d", i), buf.Bytes()[:i])
		data := bytes.Clone(buf.Bytes())
		data[i] ^= 1 << (i % 8)
		check(fmt.Sprintf("byte %d", i), data)
	}
	whole, _ := declare()
	defer whole.Close()
	if err := whole.Restore(bytes.NewReader(buf.Bytes())); err != nil {
		t.Error(err)
	}
}

// TestNoAllocations demands that lookups and updates of known keys allocate nothing.
func TestNoAllocations(t *testing.T) {
	if invariant.Enabled {
		t.Skip("only release builds are free of cost")
	}
	types := []*schema.Type{schema.TypeBigInt, schema.TypeString}
	st := state.NewStore(state.Config{Track: true})
	defer st.Close()
	table := st.Table(state.Spec{Name: "t", Key: types, Fields: []state.Field{{Name: "n"}}})
	keys := state.NewKeys(types, false)
	b := batchtest.Random(rand.New(rand.NewPCG(1, 2)), types, 4096, 5, false)
	ids := make([]int32, b.Len())
	if n := testing.AllocsPerRun(10, func() {
		keys.Load(b.Cols(), nil, b.Len())
		table.Upsert(keys, ids)
		table.TouchAll(ids)
		rows := table.View()
		for _, id := range ids {
			*rows.Word(id, table.Off(0))++
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkUpsert(b *testing.B) {
	types := []*schema.Type{schema.TypeBigInt}
	for _, n := range []int{1000, 100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("keys=%d", n), func(b *testing.B) {
			st := state.NewStore(state.Config{Last: 127, MaxParallelism: 128})
			defer st.Close()
			table := st.Table(state.Spec{Name: "t", Key: types, Fields: make([]state.Field, 6)})
			keys := state.NewKeys(types, false)
			rng := rand.New(rand.NewPCG(1, 2))
			const size = 4096
			ids := make([]int32, size)
			in := batch.New(types)
			fill := func(next func() int64) {
				in.Own(0).Reset()
				vals := batch.Resize[int64](in.Own(0), size)
				for i := range vals {
					vals[i] = next() * 0x5bd1e995
				}
				keys.Load(in.Cols(), nil, size)
			}
			at := int64(0)
			for at < int64(n) {
				fill(func() int64 { at++; return at })
				table.Upsert(keys, ids)
			}
			const batches = 64
			vals := make([][]int64, batches)
			for i := range vals {
				vals[i] = make([]int64, size)
				for j := range vals[i] {
					vals[i][j] = 1 + rng.Int64N(int64(n))
				}
			}
			rows, off, i := table.View(), table.Off(0), 0
			for b.Loop() {
				v, j := vals[i%batches], 0
				fill(func() int64 { j++; return v[j-1] })
				table.Upsert(keys, ids)
				for _, id := range ids {
					*rows.Word(id, off)++
				}
				i++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/row")
		})
	}
}

// TestTimersOfDeletedRows keeps setting and deleting; no timer of a row that is gone may fire, and the heap stays small.
func TestTimersOfDeletedRows(t *testing.T) {
	types := []*schema.Type{schema.TypeBigInt}
	st := state.NewStore(state.Config{})
	defer st.Close()
	table := st.Table(state.Spec{Name: "t", Key: types, Fields: []state.Field{{Name: "at", Kind: state.Time}}})
	tm := table.Timers()
	keys := state.NewKeys(types, false)
	for round := range int64(5000) {
		b := batch.New(types)
		b.AppendRow(schema.Insert, schema.IntValue(round))
		keys.Load(b.Cols(), nil, 1)
		ids := []int32{0}
		table.Upsert(keys, ids)
		tm.Set(ids[0], flow.Millis(1_000_000+round))
		table.Delete(ids[0])
	}
	if id, at := tm.Pop(flow.MaxWatermark - 1); id >= 0 {
		t.Errorf("row %d fired at %d", id, at)
	}
}
