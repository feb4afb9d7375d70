// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"spate/batch"
	"spate/internal/flow"
	"spate/internal/state"
	"spate/internal/sys/budget"
	"spate/schema"
)

var (
	seedFlag = flag.Uint64("state.seed", 0, "seed of the random tests; 0: from the clock")
	opsFlag  = flag.Int("state.ops", 120_000, "operations of the metamorphic test")
)

const maxParallelism = 128

// key is a key of the root table in the model.
type key struct {
	a     int64
	aNull bool
	s     string
	sNull bool
}

// entry is a row of the root table in the model, with all that it owns.
type entry struct {
	word  uint64
	bytes string
	time  int64             // 0: none.
	set   map[string]uint64 // Chained nested table.
	order []string          // Of set, oldest first.
	ints  map[int64]uint64  // Nested table without chain.
	list  []string
	tree  map[string]uint64
}

// subject is the tables under test.
type subject struct {
	st    *state.Store
	root  *state.Table
	set   *state.Table
	ints  *state.Table
	list  *state.Table
	tree  *state.Ordered
	tm    *state.Timers
	fam   *state.Family[*state.Table]
	keys  *state.Keys
	skeys *state.Keys
	ikeys *state.Keys
	fkeys *state.Keys
}

var (
	rootTypes = []*schema.Type{schema.TypeBigInt, schema.TypeString}
	setTypes  = []*schema.Type{schema.TypeString.NotNull()}
	intTypes  = []*schema.Type{schema.TypeBigInt.NotNull()}
)

func newSubject(b *budget.Node, first, last flow.KeyGroup, track bool) *subject {
	st := state.NewStore(state.Config{Budget: b, First: first, Last: last, MaxParallelism: maxParallelism, Track: track})
	s := &subject{st: st}
	s.root = st.Table(state.Spec{
		Name: "root", Key: rootTypes, Chains: 3,
		Fields: []state.Field{{Name: "word"}, {Name: "bytes", Kind: state.Bytes}, {Name: "time", Kind: state.Time}, {Name: "mark", Kind: state.Scratch}},
	})
	s.set = st.Table(state.Spec{Name: "set", Key: setTypes, Owner: s.root, Chained: true, Fields: []state.Field{{Name: "n"}}})
	s.ints = st.Table(state.Spec{Name: "ints", Key: intTypes, Owner: s.root, Fields: []state.Field{{Name: "n"}}})
	s.list = st.Table(state.Spec{Name: "list", Owner: s.root, List: true, Fields: []state.Field{{Name: "row", Kind: state.Bytes}}})
	s.tree = st.Ordered(state.OrderedSpec{Name: "tree", Owner: s.root, Fields: []state.Field{{Name: "n"}}})
	s.tm = s.root.Timers()
	s.fam = state.NewFamily(st, "slices", func(sp *state.Space) *state.Table {
		return sp.Table(state.Spec{Name: "slice", Key: intTypes, Fields: []state.Field{{Name: "n"}}})
	})
	s.keys = state.NewKeys(rootTypes, false)
	s.skeys = state.NewKeys(setTypes, true)
	s.ikeys = state.NewKeys(intTypes, true)
	s.fkeys = state.NewKeys(intTypes, false)
	return s
}

// model is the same content in plain Go.
type model struct {
	rows   map[key]*entry
	slices map[int64]map[int64]uint64
}

type meta struct {
	t   *testing.T
	rng *rand.Rand
	s   *subject
	m   model
	b   *budget.Node
}

// word returns a string from a small set, of lengths around those at which the layout changes.
func (x *meta) word(n int) string {
	i := x.rng.IntN(n)
	size := []int{0, 1, 3, 4, 7, 8, 9, 11, 12, 13, 16, 17, 40, 300}[i%14]
	s := fmt.Sprintf("%d-", i)
	if size < len(s) {
		return s[:size]
	}
	return s + strings.Repeat(string(rune('a'+i%26)), size-len(s))
}

func (x *meta) key() key {
	k := key{a: int64(x.rng.IntN(40)), s: x.word(20)}
	if x.rng.IntN(10) == 0 {
		k.a, k.aNull = 0, true
	}
	if x.rng.IntN(10) == 0 {
		k.s, k.sNull = "", true
	}
	return k
}

func keyBatch(ks []key) *batch.Batch {
	b := batch.New(rootTypes)
	for _, k := range ks {
		b.AppendRow(schema.Insert, schema.Value{Null: k.aNull, I: k.a}, schema.Value{Null: k.sNull, S: k.s})
	}
	return b
}

// lookup returns the ids of keys, after checking which of them are there.
func (x *meta) lookup(ks []key) []int32 {
	b := keyBatch(ks)
	sel := make([]int32, len(ks))
	for i := range sel {
		sel[i] = int32(i)
	}
	x.s.keys.Load(b.Cols(), sel, len(ks))
	ids := make([]int32, len(ks))
	if !x.s.root.Lookup(x.s.keys, ids) {
		x.t.Fatal("not resident")
	}
	for i, k := range ks {
		if _, ok := x.m.rows[k]; ok != (ids[i] >= 0) {
			x.t.Fatalf("key %v: in the model %v, found id %d", k, ok, ids[i])
		}
	}
	return ids
}

func (x *meta) upsert() {
	ks := make([]key, 1+x.rng.IntN(20))
	for i := range ks {
		ks[i] = x.key()
	}
	b := keyBatch(ks)
	x.s.keys.Load(b.Cols(), nil, len(ks))
	ids := make([]int32, len(ks))
	fresh, ok := x.s.root.Upsert(x.s.keys, ids)
	if !ok {
		x.t.Fatal("not resident")
	}
	var want []int32
	for i, k := range ks {
		e := x.m.rows[k]
		if e == nil {
			e = &entry{set: map[string]uint64{}, ints: map[int64]uint64{}, tree: map[string]uint64{}}
			x.m.rows[k] = e
			want = append(want, int32(i))
		}
		w := x.rng.Uint64()
		e.word, e.bytes = w, x.word(50)
		x.s.root.Touch(ids[i])
		x.s.root.Row(ids[i])[x.s.root.Off(0)] = w
		x.s.root.SetBytes(ids[i], x.s.root.Off(1), []byte(e.bytes))
	}
	if !slices.Equal(fresh, want) {
		x.t.Fatalf("fresh is %v, want %v", fresh, want)
	}
}

// some returns up to n keys of the model, in a fixed order for the seed.
func (x *meta) some(n int) []key {
	all := slices.SortedFunc(maps.Keys(x.m.rows), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.s, b.s), boolCmp(a.aNull, b.aNull), boolCmp(a.sNull, b.sNull))
	})
	x.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

func boolCmp(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (x *meta) remove() {
	ks := x.some(1 + x.rng.IntN(3))
	for i, id := range x.lookup(ks) {
		x.s.set.DeleteOwned(id)
		x.s.list.DeleteOwned(id)
		x.s.tree.DeleteOwned(id)
		for n := range x.m.rows[ks[i]].ints {
			x.deleteInt(id, n)
		}
		x.s.root.Delete(id)
		delete(x.m.rows, ks[i])
	}
}

func (x *meta) intRow(owner int32, n int64, insert bool) int32 {
	b := batch.New(intTypes)
	b.AppendRow(schema.Insert, schema.IntValue(n))
	x.s.ikeys.LoadNested([]int32{owner}, b.Cols(), nil)
	ids := []int32{0}
	if insert {
		x.s.ints.Upsert(x.s.ikeys, ids)
	} else {
		x.s.ints.Lookup(x.s.ikeys, ids)
	}
	return ids[0]
}

func (x *meta) deleteInt(owner int32, n int64) {
	id := x.intRow(owner, n, false)
	if id < 0 {
		x.t.Fatalf("no nested row %d of %d", n, owner)
	}
	x.s.ints.Delete(id)
}

func (x *meta) nested() {
	ks := x.some(4)
	ids := x.lookup(ks)
	b := batch.New(setTypes)
	words := make([]string, len(ks))
	for i := range ks {
		words[i] = x.word(30)
		b.AppendRow(schema.Insert, schema.StringValue(words[i]))
	}
	x.s.skeys.LoadNested(ids, b.Cols(), nil)
	sub := make([]int32, len(ks))
	x.s.set.Upsert(x.s.skeys, sub)
	for i, k := range ks {
		e := x.m.rows[k]
		w := x.s.set.Row(sub[i])
		x.s.set.Touch(sub[i])
		w[x.s.set.Off(0)]++
		if e.set[words[i]]++; e.set[words[i]] == 1 {
			e.order = append(e.order, words[i])
		}
		if e.set[words[i]] == 3 {
			x.s.set.Delete(sub[i])
			delete(e.set, words[i])
			e.order = slices.DeleteFunc(e.order, func(s string) bool { return s == words[i] })
		}
		n := int64(x.rng.IntN(5))
		id := x.intRow(ids[i], n, true)
		x.s.ints.Row(id)[x.s.ints.Off(0)] += 2
		x.s.ints.Touch(id)
		e.ints[n] += 2
		if x.rng.IntN(3) == 0 {
			x.deleteInt(ids[i], n)
			delete(e.ints, n)
		}
		l := x.s.list.Append(ids[i])
		x.s.list.SetBytes(l, x.s.list.Off(0), []byte(words[i]))
		e.list = append(e.list, words[i])
		if len(e.list) > 20 {
			x.s.list.Delete(x.s.list.First(ids[i]))
			e.list = e.list[1:]
		}
	}
}

func (x *meta) ordered() {
	ks := x.some(2)
	for i, id := range x.lookup(ks) {
		e := x.m.rows[ks[i]]
		for range 1 + x.rng.IntN(30) {
			w := x.word(400)
			row := x.s.tree.Find(id, []byte(w))
			if _, ok := e.tree[w]; ok != (row >= 0) {
				x.t.Fatalf("ordered key %q: in the model %v, found %d", w, ok, row)
			}
			if row >= 0 && x.rng.IntN(2) == 0 {
				x.s.tree.Delete(row)
				delete(e.tree, w)
				continue
			}
			row, _ = x.s.tree.Insert(id, []byte(w))
			x.s.tree.Row(row)[x.s.tree.Off(0)]++
			x.s.tree.Touch(row)
			e.tree[w]++
		}
		x.checkTree(id, e)
	}
}

func (x *meta) checkTree(owner int32, e *entry) {
	t, tree := x.t, x.s.tree
	want := slices.Sorted(maps.Keys(e.tree))
	if tree.Len(owner) != len(want) {
		t.Fatalf("ordered has %d rows, want %d", tree.Len(owner), len(want))
	}
	id := tree.First(owner)
	prev := state.Absent
	for i, w := range want {
		if id < 0 || string(tree.Key(id, nil)) != w || tree.Row(id)[tree.Off(0)] != e.tree[w] {
			t.Fatalf("row %d of ordered is wrong", i)
		}
		if tree.Nth(owner, i) != id || tree.Rank(id) != i || tree.Prev(id) != prev {
			t.Fatalf("row %d of ordered: nth %d, rank %d, prev %d", i, tree.Nth(owner, i), tree.Rank(id), tree.Prev(id))
		}
		prev, id = id, tree.Next(id)
	}
	if id >= 0 || tree.Last(owner) != prev {
		t.Fatalf("ordered does not end where it should")
	}
	probe := x.word(400)
	i, _ := slices.BinarySearch(want, probe)
	if id := tree.Seek(owner, []byte(probe)); id != tree.Nth(owner, i) {
		t.Fatalf("seek %q gives %d, want %d", probe, id, tree.Nth(owner, i))
	}
}

func (x *meta) timers() {
	ks := x.some(5)
	for i, id := range x.lookup(ks) {
		at := int64(1 + x.rng.IntN(1000))
		x.s.root.Touch(id)
		if x.rng.IntN(5) == 0 {
			x.s.tm.Clear(id)
			at = 0
		} else {
			x.s.tm.Set(id, flow.Millis(at))
		}
		x.m.rows[ks[i]].time = at
	}
	if x.rng.IntN(4) != 0 {
		return
	}
	until := int64(x.rng.IntN(700))
	last := int64(0)
	for {
		id, at := x.s.tm.Pop(flow.Millis(until))
		if id < 0 {
			break
		}
		k := x.keyOf(id)
		e := x.m.rows[k]
		if e == nil || e.time != int64(at) || int64(at) < last || int64(at) > until {
			x.t.Fatalf("timer of %v fired at %d after %d, until %d", k, at, last, until)
		}
		x.s.root.Touch(id)
		last, e.time = int64(at), 0
	}
	for k, e := range x.m.rows {
		if e.time != 0 && e.time <= until {
			x.t.Fatalf("timer of %v at %d did not fire until %d", k, e.time, until)
		}
	}
}

func (x *meta) keyOf(id int32) key {
	row := make([]uint64, x.s.root.Width())
	x.s.root.Copy([]int32{id}, row)
	b := batch.New(rootTypes)
	x.s.root.AppendKeys(row, 1, b.Cols())
	a, s := b.Col(0).Value(0), b.Col(1).Value(0)
	return key{a: a.I, aNull: a.Null, s: s.S, sNull: s.Null}
}

func (x *meta) slice() {
	ns := int64(x.rng.IntN(8)) * 1000
	if x.rng.IntN(6) == 0 {
		x.s.fam.Drop(ns)
		delete(x.m.slices, ns)
		return
	}
	t := x.s.fam.Get(ns)
	b := batch.New(intTypes)
	n := 1 + x.rng.IntN(40)
	for range n {
		b.AppendRow(schema.Insert, schema.IntValue(int64(x.rng.IntN(100))))
	}
	x.s.fkeys.Load(b.Cols(), nil, n)
	ids := make([]int32, n)
	t.Upsert(x.s.fkeys, ids)
	if x.m.slices[ns] == nil {
		x.m.slices[ns] = map[int64]uint64{}
	}
	t.TouchAll(ids)
	for i, id := range ids {
		t.Row(id)[t.Off(0)]++
		x.m.slices[ns][b.Col(0).Value(i).I]++
	}
}

// check compares everything.
func (x *meta) check() {
	ks := x.some(1 << 30)
	if x.s.root.Len() != len(ks) {
		x.t.Fatalf("%d rows, want %d", x.s.root.Len(), len(ks))
	}
	for i, id := range x.lookup(ks) {
		e := x.m.rows[ks[i]]
		x.checkRow(id, ks[i], e)
		x.checkTree(id, e)
	}
	for ns, want := range x.m.slices {
		t, ok := x.s.fam.Find(ns)
		if !ok || t.Len() != len(want) {
			x.t.Fatalf("slice %d is wrong", ns)
		}
	}
	if len(x.s.fam.Names()) != len(x.m.slices) {
		x.t.Fatalf("slices %v, want %d", x.s.fam.Names(), len(x.m.slices))
	}
}

func (x *meta) checkRow(id int32, k key, e *entry) {
	t, s := x.t, x.s
	if got := x.keyOf(id); got != k {
		t.Fatalf("row %d has key %v, want %v", id, got, k)
	}
	row := s.root.Row(id)
	if row[s.root.Off(0)] != e.word || string(s.root.Bytes(id, s.root.Off(1), nil)) != e.bytes {
		t.Fatalf("fields of %v are wrong", k)
	}
	if at, ok := s.tm.Get(id); ok != (e.time != 0) || ok && int64(at) != e.time {
		t.Fatalf("timer of %v is %d, %v, want %d", k, at, ok, e.time)
	}
	i := 0
	for sub := s.set.First(id); sub >= 0; sub = s.set.Next(sub) {
		if i >= len(e.order) || s.set.Row(sub)[s.set.Off(0)] != e.set[e.order[i]] || s.set.OwnerOf(sub) != id {
			t.Fatalf("set of %v is wrong at %d", k, i)
		}
		i++
	}
	if i != len(e.order) {
		t.Fatalf("set of %v has %d rows, want %d", k, i, len(e.order))
	}
	for n, c := range e.ints {
		if sub := x.intRow(id, n, false); sub < 0 || s.ints.Row(sub)[s.ints.Off(0)] != c {
			t.Fatalf("nested %d of %v is wrong", n, k)
		}
	}
	var list []string
	for sub := s.list.First(id); sub >= 0; sub = s.list.Next(sub) {
		list = append(list, string(s.list.Bytes(sub, s.list.Off(0), nil)))
	}
	if !slices.Equal(list, e.list) {
		t.Fatalf("list of %v is %q, want %q", k, list, e.list)
	}
}

// restore writes a snapshot and goes on with what two stores made of it, each half of the key groups, put into one again.
func (x *meta) restore() {
	var whole bytes.Buffer
	if err := x.s.st.Snapshot(&whole); err != nil {
		x.t.Fatal(err)
	}
	mid := flow.KeyGroup(x.rng.IntN(maxParallelism - 1))
	joined := newSubject(x.b, 0, maxParallelism-1, x.rng.IntN(2) == 0)
	for _, r := range [][2]flow.KeyGroup{{0, mid}, {mid + 1, maxParallelism - 1}} {
		half := newSubject(x.b, r[0], r[1], false)
		if err := half.st.Restore(bytes.NewReader(whole.Bytes())); err != nil {
			x.t.Fatal(err)
		}
		var part bytes.Buffer
		if err := half.st.Snapshot(&part); err != nil {
			x.t.Fatal(err)
		}
		if err := joined.st.Restore(&part); err != nil {
			x.t.Fatal(err)
		}
		half.st.Close()
	}
	x.s.st.Close()
	x.s = joined
	// Dropped namespaces leave no trace; what is left must be the same byte for byte, except for the order within chained sets,
	// which is by key after a restore.
	var again bytes.Buffer
	if err := x.s.st.Snapshot(&again); err != nil {
		x.t.Fatal(err)
	}
	if !bytes.Equal(whole.Bytes(), again.Bytes()) {
		x.t.Fatalf("a snapshot of what was restored differs: %d and %d bytes", whole.Len(), again.Len())
	}
	for _, e := range x.m.rows {
		slices.SortFunc(e.order, func(a, b string) int {
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
	}
}

func TestMetamorphic(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("replay with -args -state.seed=%d -state.ops=%d", seed, *opsFlag)
	b := budget.New("test", 0)
	x := &meta{t: t, rng: rand.New(rand.NewPCG(seed, 1)), b: b, s: newSubject(b, 0, maxParallelism-1, true)}
	x.m = model{rows: map[key]*entry{}, slices: map[int64]map[int64]uint64{}}
	for i := 0; i < *opsFlag; {
		before := i
		switch n := x.rng.IntN(1000); {
		case n < 400:
			x.upsert()
			i += 10
		case n < 550:
			x.nested()
			i += 12
		case n < 700:
			x.ordered()
			i += 30
		case n < 800:
			x.timers()
			i += 6
		case n < 900:
			x.slice()
			i += 20
		case n < 960:
			x.remove()
			i += 3
		case n < 993:
			x.s.st.NextEpoch()
			if x.rng.IntN(2) == 0 {
				x.s.st.Written()
			}
			i++
		case n < 998:
			x.check()
			i++
		default:
			x.restore()
			i++
		}
		if t.Failed() {
			t.Fatalf("failed at operation %d", before)
		}
	}
	x.check()
	x.s.st.Close()
	if b.Used() != 0 {
		t.Errorf("%d bytes are still charged after Close", b.Used())
	}
}
