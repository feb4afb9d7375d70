// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"bytes"
	"math/bits"

	"spate/internal/col/hash"
	"spate/internal/col/mem"
	"spate/internal/col/rowcodec"
	"spate/internal/flow"
	"spate/internal/sys/invariant"
	"spate/schema"
)

// Outcomes of a lookup other than an id.
const (
	Absent      int32 = -1 // There is no such row.
	NotResident int32 = -2 // There may be one, but not in memory; a fetch has begun.
)

// Kind is the kind of a field.
type Kind uint8

// Kinds of field.
const (
	Word    Kind = iota // Eight bytes of the operator's own.
	Pair                // Sixteen bytes.
	Bytes               // A byte string, see Table.Bytes. Two words.
	Scratch             // Eight bytes that are not kept by snapshots: zero after a restore.
	Time                // A time that Timers fires at; 0 means none. At most one in a table.
)

// words returns the words of a field.
func (k Kind) words() int {
	if k == Pair || k == Bytes {
		return 2
	}
	return 1
}

// Field is a named field of a row. The name is part of the durable form.
type Field struct {
	Name string
	Kind Kind
}

// Spec declares a table.
type Spec struct {
	Name   string
	Key    []*schema.Type // Key columns; none: one row, or the rows of a list when List is set.
	Fields []Field
	// Owner makes the table nested: every row belongs to a row of Owner, and keys hold within it. The owner's Chains must have
	// room for it when Chained is set.
	Owner *Table
	// Chained links the rows of an owner, oldest first (First, Next).
	Chained bool
	// List makes rows that have no key and are only reached by their chain: Append instead of Upsert.
	List bool
	// Unrouted is the number of key columns at the end that have no part in the key group.
	Unrouted int
	// Chains is the number of chained or ordered tables that this one will own.
	Chains int

	unchained bool // A List that is reached otherwise: the rows of an Ordered.
}

// maxRows bounds the rows of a table: ids are int32.
const maxRows = 1<<31 - 2

// slotPad is the room behind the last home slot, which keeps probes from wrapping around.
const slotPad = 64

// Table is a set of rows, found by key.
type Table struct {
	rowStore
	space  *Space
	spec   Spec
	key    keyLayout
	offs   []int // Word offset of each field.
	heads  int   // Word offset of the first chain head.
	used   int   // Chain heads taken.
	links  int   // Word offset of the links of a chained row, 0: none.
	headAt int   // Word offset of this table's chain head in the owner's row.
	views  []int // Word offsets of the Bytes fields.
	kids   []*Table
	orders []*Ordered
	timers *Timers
	tree   *Ordered // Set when the rows are those of an Ordered.
	slab   slab
	codecs []*rowcodec.Codec // Of nested key columns, made when they are decoded.

	slots []uint64 // Tag (the top half of the index hash) in the high half, id plus one in the low half; 0: free.
	homes uint64   // Number of home slots; some more follow for probes to run into.
	limit int32    // Rows at which the index grows.

	hold bool // Strings are freed later, see Hold.
	held []block

	fresh []int32
	dirty []int32
	dead  []int32 // Rows deleted while tracked, in order; their ids are given back by Written.
}

func newTable(sp *Space, spec Spec) *Table {
	t := &Table{space: sp, spec: spec, key: newKeyLayout(spec.Key, spec.Owner != nil)}
	at := 1 + t.key.words
	for _, f := range spec.Fields {
		t.offs = append(t.offs, at)
		if f.Kind == Bytes {
			t.views = append(t.views, at)
		}
		at += f.Kind.words()
	}
	t.heads = at
	at += spec.Chains
	if (spec.Chained || spec.List) && !spec.unchained {
		invariant.Check(spec.Owner != nil, "table %s is chained and has no owner", spec.Name)
		t.links = at
		at++
		t.headAt = spec.Owner.takeHead(spec.Name)
	}
	if spec.Owner != nil {
		spec.Owner.kids = append(spec.Owner.kids, t)
	}
	t.init(sp.store.alloc, at)
	t.slab.alloc = sp.store.alloc
	return t
}

func (t *Table) takeHead(child string) int {
	if t.used == t.spec.Chains {
		panic("BUG: table " + t.spec.Name + " has no chain left for " + child)
	}
	t.used++
	return t.heads + t.used - 1
}

// Name returns the table's name.
func (t *Table) Name() string { return t.spec.Name }

// Len returns the number of rows.
func (t *Table) Len() int { return int(t.live) }

// Off returns the offset of field i in a row, in words.
func (t *Table) Off(i int) int { return t.offs[i] }

// OwnerOf returns the owner's id of a row of a nested table.
func (t *Table) OwnerOf(id int32) int32 { return int32(uint32(t.At(id)[1])) }

// View returns the rows for loops over many ids.
func (t *Table) View() Rows { return t.Rows }

// Row returns row id with all its words. Call Touch before or after changing it.
func (t *Table) Row(id int32) []uint64 { return t.At(id) }

// Group returns the key group of a row.
func (t *Table) Group(id int32) flow.KeyGroup {
	return flow.KeyGroup(t.At(id)[0] >> groupShift & groupMask)
}

// Lookup sets ids[j] to the row of key j, or to Absent or NotResident. It returns whether all answers are final, that is,
// none is NotResident. k must have been loaded for the types of this table.
func (t *Table) Lookup(k *Keys, ids []int32) bool {
	if !t.resident(ids[:k.n]) {
		return false
	}
	t.find(k, ids, 0, k.n)
	return true
}

// Upsert is Lookup, but inserts the keys that are absent, in order; the fields of new rows are zero. It returns the positions of
// the keys that were inserted, ascending, each at its first occurrence; the slice is valid until the next call.
// When the second result is false some rows are not resident and nothing was inserted.
func (t *Table) Upsert(k *Keys, ids []int32) (fresh []int32, ok bool) {
	return t.UpsertPart(k, 0, k.n, ids)
}

// UpsertPart is Upsert for the keys lo..hi-1 only; ids and the positions returned count from key 0 as ever.
func (t *Table) UpsertPart(k *Keys, lo, hi int, ids []int32) (fresh []int32, ok bool) {
	if !t.resident(ids[lo:hi]) {
		return nil, false
	}
	t.fresh = t.fresh[:0]
	// A key that is new is found from the next stage on, so that a frequent one takes the slow path but a few times.
	for ; lo < hi; lo += stage {
		end := min(lo+stage, hi)
		if t.find(k, ids, lo, end) == 0 {
			continue
		}
		for j := lo; j < end; j++ {
			if ids[j] >= 0 {
				continue
			}
			// An earlier row of the stage may have brought the same key.
			if ids[j] = t.probe(k, j); ids[j] < 0 {
				ids[j] = t.insert(k, j)
				t.fresh = append(t.fresh, int32(j))
			}
		}
	}
	t.route(k, ids)
	return t.fresh, true
}

// route sets the key groups of the rows that were just inserted.
func (t *Table) route(k *Keys, ids []int32) {
	if len(t.fresh) == 0 || t.key.nested || k.table != nil {
		return
	}
	first := uint64(t.space.store.cfg.First) << groupShift
	if len(t.key.cols) == t.spec.Unrouted {
		for _, j := range t.fresh {
			*t.Word(ids[j], 0) |= first
		}
		return
	}
	for i, h := range k.routes(t.fresh, t.spec.Unrouted) {
		*t.Word(ids[t.fresh[i]], 0) |= uint64(flow.KeyGroupOf(h, t.space.store.cfg.MaxParallelism)) << groupShift
	}
}

// resident tells whether all rows that a lookup may want are in memory. Those under a resident owner are.
func (t *Table) resident(ids []int32) bool {
	return t.key.nested || t.space.scratch || t.space.store.resident(ids)
}

// stage is the number of keys that go through one stage of a lookup before the next stage: their cache misses overlap.
const stage = 256

// find looks up the keys lo..end-1 and returns how many are absent.
func (t *Table) find(k *Keys, ids []int32, lo, end int) (missing int) {
	switch {
	case t.live == 0:
		for j := lo; j < end; j++ {
			ids[j] = Absent
		}
		return end - lo
	case t.key.words == 0:
		// There is one row at most.
		id := t.Walk(0)
		for j := lo; j < end; j++ {
			ids[j] = id
		}
		return 0
	}
	for ; lo < end; lo += stage {
		hi := min(lo+stage, end)
		t.candidates(k.hashes[lo:hi], ids[lo:hi])
		switch {
		case k.nulls != nil || k.long:
			missing += t.confirm(k, ids[lo:hi], lo)
		case t.key.words == 1:
			missing += t.confirmWord(k, ids[lo:hi], lo)
		default:
			missing += t.confirmWords(k, ids[lo:hi], lo)
		}
	}
	return missing
}

// candidates sets ids to the first row with the tag of each hash.
func (t *Table) candidates(hashes []uint64, ids []int32) {
	slots, homes := t.slots, t.homes
	ids = ids[:len(hashes)]
	for j, h := range hashes {
		p := home(h, homes)
		s := slots[p]
		for s != 0 && s>>32 != h>>32 {
			p++
			s = slots[p]
		}
		ids[j] = int32(uint32(s)) - 1
	}
}

// confirmWord compares the keys of candidates, for keys of one word without NULL.
func (t *Table) confirmWord(k *Keys, ids []int32, lo int) (missing int) {
	rows := t.Rows
	keys := k.buf[lo : lo+len(ids)]
	for j, id := range ids {
		if id >= 0 {
			row := rows.At(id)
			if row[1] == keys[j] && row[0]>>nullShift == 0 {
				continue
			}
			ids[j] = t.probe(k, lo+j)
			if ids[j] >= 0 {
				continue
			}
		}
		missing++
	}
	return missing
}

// confirmWords compares the keys of candidates, for keys of several words without NULL and long strings.
func (t *Table) confirmWords(k *Keys, ids []int32, lo int) (missing int) {
	rows := t.Rows
	n := t.key.words
	keys := k.buf[lo*n:]
	for j, id := range ids {
		key := keys[j*n : j*n+n]
		if id >= 0 {
			row := rows.At(id)
			same := row[0]>>nullShift == 0
			row = row[1 : 1+n]
			for i, x := range key {
				same = same && row[i] == x
			}
			if same {
				continue
			}
			ids[j] = t.probe(k, lo+j)
			if ids[j] >= 0 {
				continue
			}
		}
		missing++
	}
	return missing
}

// confirm compares the keys of candidates.
func (t *Table) confirm(k *Keys, ids []int32, lo int) (missing int) {
	for j, id := range ids {
		if id >= 0 {
			if t.equal(k, lo+j, id) {
				continue
			}
			ids[j] = t.probe(k, lo+j)
			if ids[j] >= 0 {
				continue
			}
		}
		missing++
	}
	return missing
}

// probe looks up one key from its home slot on.
func (t *Table) probe(k *Keys, j int) int32 {
	if t.slots == nil {
		return Absent
	}
	h := k.hashes[j]
	for p := home(h, t.homes); ; p++ {
		s := t.slots[p]
		if s == 0 {
			return Absent
		}
		if s>>32 == h>>32 {
			if id := int32(uint32(s)) - 1; t.equal(k, j, id) {
				return id
			}
		}
	}
}

// equal tells whether row id has key j.
func (t *Table) equal(k *Keys, j int, id int32) bool {
	row := t.At(id)
	var nulls uint64
	if k.nulls != nil {
		nulls = k.nulls[j]
	}
	if (row[0]^nulls)>>nullShift != 0 {
		return false
	}
	w := k.buf[j*t.key.words : (j+1)*t.key.words]
	r := row[1 : 1+len(w)]
	if len(t.key.views) == 0 || !k.long {
		// No view of the batch is long: a long one of the row differs in its length.
		for i, x := range w {
			if r[i] != x {
				return false
			}
		}
		return true
	}
	return t.equalLong(k, j, r, w)
}

func (t *Table) equalLong(k *Keys, j int, r, w []uint64) bool {
	for i := range t.key.cols {
		c := &t.key.cols[i]
		if c.view && isLong(w[c.off]) {
			if r[c.off] != w[c.off] || r[c.off+1]>>32 != w[c.off+1]>>32 {
				return false
			}
			if !bytes.Equal(t.slab.get(uint32(r[c.off+1]), viewLen(w[c.off])), k.bytes(i, j)) {
				return false
			}
			continue
		}
		end := t.key.nullAt
		if i+1 < len(t.key.cols) {
			end = t.key.cols[i+1].off
		}
		for x := c.off; x < end; x++ {
			if r[x] != w[x] {
				return false
			}
		}
	}
	for x := t.key.nullAt; x < len(w); x++ {
		if r[x] != w[x] {
			return false
		}
	}
	return !t.key.nested || r[0] == w[0]
}

// insert adds a row for key j, which is absent.
func (t *Table) insert(k *Keys, j int) int32 {
	id := t.take()
	row := t.At(id)
	w := row[1 : 1+t.key.words]
	copy(w, k.buf[j*t.key.words:])
	hdr := liveBit
	if k.nulls != nil {
		hdr |= k.nulls[j]
	}
	if k.long {
		for i := range t.key.cols {
			if c := &t.key.cols[i]; c.view && isLong(w[c.off]) {
				w[c.off+1] |= uint64(t.slab.put(k.bytes(i, j)))
			}
		}
	}
	switch {
	case t.key.nested:
		hdr |= t.spec.Owner.At(int32(uint32(w[0])))[0] & (groupMask << groupShift)
	case k.table != nil:
		hdr |= k.table.At(k.tableIDs[j])[0] & (groupMask << groupShift)
	}
	row[0] = hdr
	t.link(id, row)
	t.enter(k.hashes[j], id)
	t.born(id)
	return id
}

// home returns the slot at which the probe for a hash starts. It rises with the hash, so that an index is doubled by walking both
// arrays from front to back.
func home(h, homes uint64) uint64 { return (h >> 32) * homes >> 32 }

// enter puts a row into the index.
func (t *Table) enter(h uint64, id int32) {
	if t.live > t.limit {
		t.growIndex()
	}
	for !place(t.slots, t.homes, h&^(1<<32-1)|uint64(uint32(id+1))) {
		t.growIndex()
	}
}

// place enters a slot; it fails when the probe runs to the end. The last slot stays free: it ends every probe.
func place(slots []uint64, homes, s uint64) bool {
	last := uint64(len(slots)) - 1
	p := home(s, homes)
	for p < last && slots[p] != 0 {
		p++
	}
	if p >= last {
		return false
	}
	slots[p] = s
	return true
}

// growIndex doubles the index. The tag in a slot is all that it needs, the rows are not touched.
func (t *Table) growIndex() {
	old := t.slots
	n := max(16, 2*len(old))
	if old == nil && t.hint > 0 {
		n = max(n, 1<<bits.Len(uint(t.hint*2)))
	}
	for ; ; n *= 2 {
		t.slots = t.space.store.alloc.alloc(n, true)
		t.homes = uint64(n - min(slotPad, n/4))
		if t.refill(old) {
			break
		}
		t.space.store.alloc.release(t.slots)
	}
	t.space.store.alloc.release(old)
	t.limit = int32(min(maxRows, t.homes*5/8))
}

func (t *Table) refill(old []uint64) bool {
	for _, s := range old {
		if s != 0 && !place(t.slots, t.homes, s) {
			return false
		}
	}
	return true
}

// hashOf returns the index hash of a row's key.
func (t *Table) hashOf(row []uint64) uint64 {
	var buf [16]uint64
	w := append(buf[:0], row[1:1+t.key.words]...)
	for _, o := range t.key.views {
		if isLong(w[o]) {
			w[o+1] &^= 1<<32 - 1
		}
	}
	var h [1]uint64
	hash.IndexFixed(mem.Bytes(w), 8*len(w), h[:])
	return h[0]
}

// leave takes a row out of the index: the slots behind it move up, so that no tombstones are needed.
func (t *Table) leave(row []uint64, id int32) {
	h := t.hashOf(row)
	p := home(h, t.homes)
	for int32(uint32(t.slots[p]))-1 != id {
		p++
	}
	hole := p
	for p++; t.slots[p] != 0; p++ {
		if home(t.slots[p], t.homes) <= hole {
			t.slots[hole] = t.slots[p]
			hole = p
		}
	}
	t.slots[hole] = 0
}
