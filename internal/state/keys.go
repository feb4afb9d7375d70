// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"math"

	"spate/batch"
	"spate/internal/col/hash"
	"spate/internal/col/mem"
	"spate/internal/col/rowcodec"
	"spate/schema"
)

// keyCol is one key column in a row.
type keyCol struct {
	typ  *schema.Type
	phys schema.Physical
	off  int // Word in the key.
	view bool
}

// keyLayout is the form of a key: words for its columns; NULL bits of the first columns live in the header, later ones in words.
type keyLayout struct {
	types  []*schema.Type
	cols   []keyCol
	nested bool // Word 0 is the owner's id.
	words  int
	nullAt int   // First word of null bits beyond the header's, when there are more than nullBits columns.
	views  []int // Offsets of views.
}

func newKeyLayout(types []*schema.Type, nested bool) keyLayout {
	l := keyLayout{types: types, nested: nested}
	if nested {
		l.words = 1
	}
	for _, t := range types {
		c := keyCol{typ: t, phys: t.Physical(), off: l.words}
		switch c.phys {
		case schema.PhysNone:
		case schema.PhysInt128, schema.PhysTime9:
			l.words += 2
		case schema.PhysBytes, schema.PhysList, schema.PhysMap, schema.PhysStruct:
			c.view = true
			l.views = append(l.views, c.off)
			l.words += 2
		default:
			l.words++
		}
		l.cols = append(l.cols, c)
	}
	l.nullAt = l.words
	if len(types) > nullBits {
		l.words += (len(types) - nullBits + 63) / 64
	}
	return l
}

// Keys holds the keys of a batch's rows in the row form of a table, ready for lookups. It is loaded once per batch and may serve
// several tables with the same key types. The loaded vectors must stay unchanged as long as it is used.
type Keys struct {
	keyLayout
	n      int
	buf    []uint64 // words per key.
	nulls  []uint64 // Null bits at their place in the header; nil when no key column is NULL anywhere in the batch.
	nbuf   []uint64
	hashes []uint64
	src    []*batch.Vector
	sel    []int32
	owners []int32
	route  []uint64 // Scratch of routes.
	at     []int32
	long   bool // Some view is long.
	codecs []*rowcodec.Codec
	blobs  []rowcodec.Rows
	rows   *rowcodec.Rows // Set by LoadRows.

	table    *Table // Set by LoadTable.
	tableIDs []int32
}

// NewKeys returns keys for tables with the given key column types. Nested keys start with the row id of an owner.
func NewKeys(types []*schema.Type, nested bool) *Keys {
	k := &Keys{keyLayout: newKeyLayout(types, nested)}
	k.codecs = make([]*rowcodec.Codec, len(types))
	k.blobs = make([]rowcodec.Rows, len(types))
	for i, c := range k.cols {
		if c.view && c.phys != schema.PhysBytes {
			k.codecs[i] = rowcodec.New([]*schema.Type{c.typ.WithNull(true)}, rowcodec.Options{Key: true})
		}
	}
	return k
}

// Len returns the number of keys.
func (k *Keys) Len() int { return k.n }

// Load takes the keys of n rows from the key columns: rows 0..n-1, or those at the positions in sel.
func (k *Keys) Load(cols []*batch.Vector, sel []int32, n int) { k.load(nil, cols, sel, n) }

// LoadNested is Load for nested tables: row j belongs to the owner owners[j].
func (k *Keys) LoadNested(owners []int32, cols []*batch.Vector, sel []int32) {
	k.load(owners, cols, sel, len(owners))
}

// LoadRows takes encoded rows as keys, for tables whose only key column is BYTES NOT NULL: row j is that of the owner owners[j], or
// of nobody when owners is nil.
func (k *Keys) LoadRows(owners []int32, rows *rowcodec.Rows) {
	k.n, k.owners, k.src, k.sel = rows.N, owners, nil, nil
	k.nulls, k.long = nil, false
	k.buf = sized(k.buf, k.n*k.words)
	k.hashes = sized(k.hashes, k.n)
	k.rows, k.table = rows, nil
	off := k.cols[0].off
	for j := range k.n {
		if k.nested {
			k.buf[j*k.words] = uint64(uint32(owners[j]))
		}
		k.putView(k.buf[j*k.words+off:j*k.words+off+2], rows.Row(j))
	}
	hash.IndexFixed(mem.Bytes(k.buf), 8*k.words, k.hashes)
}

// LoadTable takes the keys of rows of a table with the same key types. For nested tables row j gets the owner owners[j]. The rows
// must stay unchanged as long as the keys are used.
func (k *Keys) LoadTable(t *Table, ids, owners []int32) {
	n := len(ids)
	k.n, k.owners, k.src, k.sel, k.rows = n, owners, nil, nil, nil
	k.nulls, k.long = nil, false
	k.buf = sized(k.buf, n*k.words)
	k.hashes = sized(k.hashes, n)
	k.table, k.tableIDs = t, ids
	k.nbuf = sized(k.nbuf, n)
	var nulls uint64
	for j, id := range ids {
		row := t.At(id)
		w := k.buf[j*k.words : (j+1)*k.words]
		copy(w, row[1:])
		if k.nested {
			w[0] = uint64(uint32(owners[j]))
		}
		for _, o := range k.views {
			if isLong(w[o]) {
				k.long = true
				w[o+1] &^= 1<<32 - 1
			}
		}
		k.nbuf[j] = row[0] >> nullShift << nullShift
		nulls |= k.nbuf[j]
	}
	if nulls != 0 {
		k.nulls = k.nbuf
	}
	hash.IndexFixed(mem.Bytes(k.buf), 8*k.words, k.hashes)
}

func (k *Keys) load(owners []int32, cols []*batch.Vector, sel []int32, n int) {
	k.n, k.owners, k.src, k.sel = n, owners, cols, sel
	k.nulls, k.long, k.rows, k.table = nil, false, nil, nil
	k.buf = sized(k.buf, n*k.words)
	k.hashes = sized(k.hashes, n)
	if n == 0 {
		return
	}
	if k.nullAt < k.words {
		clear(k.buf)
	}
	if k.nested {
		for j, o := range owners {
			k.buf[j*k.words] = uint64(uint32(o))
		}
	}
	for i := range k.cols {
		k.column(i, cols[i])
	}
	hash.IndexFixed(mem.Bytes(k.buf), 8*k.words, k.hashes)
}

// column writes the words of one key column.
func (k *Keys) column(i int, v *batch.Vector) {
	c := &k.cols[i]
	dst := k.buf[c.off:]
	sel := k.sel
	switch c.phys {
	case schema.PhysNone:
	case schema.PhysBool:
		k.bools(dst, v)
	case schema.PhysInt8:
		putInts(dst, k.words, k.n, batch.Values[int8](v), sel)
	case schema.PhysInt16:
		putInts(dst, k.words, k.n, batch.Values[int16](v), sel)
	case schema.PhysInt32:
		putInts(dst, k.words, k.n, batch.Values[int32](v), sel)
	case schema.PhysInt64:
		putInts(dst, k.words, k.n, batch.Values[int64](v), sel)
	case schema.PhysFloat32:
		putFloats(dst, k.words, k.n, batch.Values[float32](v), sel)
	case schema.PhysFloat64:
		putFloats(dst, k.words, k.n, batch.Values[float64](v), sel)
	case schema.PhysInt128, schema.PhysTime9:
		k.pairs(dst, v)
	case schema.PhysBytes:
		k.strings(dst, v)
	case schema.PhysList, schema.PhysMap, schema.PhysStruct:
		k.nestedValues(i, dst, v)
	}
	if v.HasNulls() || c.phys == schema.PhysNone {
		k.nullsOf(i, v)
	}
}

// pos returns the position of key j in the vectors.
func (k *Keys) pos(j int) int {
	if k.sel != nil {
		return int(k.sel[j])
	}
	return j
}

func putInts[T int8 | int16 | int32 | int64](dst []uint64, step, n int, vals []T, sel []int32) {
	switch {
	case sel != nil:
		for j, p := range sel[:n] {
			dst[j*step] = uint64(int64(vals[p]))
		}
	case step == 1:
		dst = dst[:n]
		for j, x := range vals[:n] {
			dst[j] = uint64(int64(x))
		}
	default:
		for j, x := range vals[:n] {
			dst[j*step] = uint64(int64(x))
		}
	}
}

// putFloats writes the bits of floats as doubles; all NaN are one value, -0.0 is not 0.0.
func putFloats[T float32 | float64](dst []uint64, step, n int, vals []T, sel []int32) {
	for j := range n {
		p := j
		if sel != nil {
			p = int(sel[j])
		}
		dst[j*step] = FloatBits(float64(vals[p]))
	}
}

// FloatBits returns the bits of a float with all NaN made one value.
func FloatBits(x float64) uint64 {
	if x != x {
		return 0x7ff8000000000000
	}
	return math.Float64bits(x)
}

func (k *Keys) bools(dst []uint64, v *batch.Vector) {
	w := v.Bits()
	for j := range k.n {
		p := k.pos(j)
		dst[j*k.words] = w[p>>6] >> (uint(p) & 63) & 1
	}
}

func (k *Keys) pairs(dst []uint64, v *batch.Vector) {
	if v.Physical() == schema.PhysInt128 {
		vals := batch.Values[schema.Int128](v)
		for j := range k.n {
			x := vals[k.pos(j)]
			dst[j*k.words], dst[j*k.words+1] = x.Lo, uint64(x.Hi)
		}
		return
	}
	vals, nanos := batch.Values[uint64](v), v.Nanos()
	for j := range k.n {
		p := k.pos(j)
		dst[j*k.words], dst[j*k.words+1] = vals[p], uint64(nanos[p])
	}
}

func (k *Keys) strings(dst []uint64, v *batch.Vector) {
	offs, data := v.Offsets(), v.Data()
	for j := range k.n {
		p := k.pos(j)
		k.putView(dst[j*k.words:j*k.words+2], data[offs[p]:offs[p+1]])
	}
}

func (k *Keys) putView(dst []uint64, b []byte) {
	if len(b) <= inlineBytes {
		dst[0], dst[1] = inlineView(b)
		return
	}
	k.long = true
	dst[0], dst[1] = longView(b, viewHash(b))
}

// viewHash returns the hash whose upper half stands in a long view of a key.
func viewHash(b []byte) uint64 { return hash.IndexBytes(b) }

func (k *Keys) nestedValues(i int, dst []uint64, v *batch.Vector) {
	k.codecs[i].Encode([]*batch.Vector{v}, k.sel, k.n, &k.blobs[i])
	for j := range k.n {
		k.putView(dst[j*k.words:j*k.words+2], k.blobs[i].Row(j))
	}
}

// nullsOf zeroes the words of NULL values and sets their bits.
func (k *Keys) nullsOf(i int, v *batch.Vector) {
	c := &k.cols[i]
	if k.nulls == nil && i < nullBits {
		k.nbuf = sized(k.nbuf, k.n)
		clear(k.nbuf)
		k.nulls = k.nbuf
	}
	end := k.nullAt
	if i+1 < len(k.cols) {
		end = k.cols[i+1].off
	}
	for j := range k.n {
		if !v.IsNull(k.pos(j)) {
			continue
		}
		w := k.buf[j*k.words : (j+1)*k.words]
		clear(w[c.off:end])
		if i < nullBits {
			k.nulls[j] |= 1 << (nullShift + i)
		} else {
			w[k.nullAt+(i-nullBits)/64] |= 1 << ((i - nullBits) % 64)
		}
	}
}

// bytes returns the string of a long view of column i, key j.
func (k *Keys) bytes(i, j int) []byte {
	switch {
	case k.table != nil:
		row := k.table.At(k.tableIDs[j])
		o := 1 + k.cols[i].off
		return k.table.slab.get(uint32(row[o+1]), viewLen(row[o]))
	case k.rows != nil:
		return k.rows.Row(j)
	case k.codecs[i] != nil:
		return k.blobs[i].Row(j)
	}
	return k.src[i].Bytes(k.pos(j))
}

// routes returns the routing hashes of some keys, without the last unrouted columns.
func (k *Keys) routes(keys []int32, unrouted int) []uint64 {
	k.route = sized(k.route, len(keys))
	if k.rows != nil {
		for i, j := range keys {
			k.route[i] = hash.RouteBytes(k.rows.Row(int(j)))
		}
		return k.route
	}
	k.at = sized(k.at, len(keys))
	for i, j := range keys {
		k.at[i] = int32(k.pos(int(j)))
	}
	hash.Route(k.src[:len(k.src)-unrouted], k.at, k.route)
	return k.route
}

// sized returns s with length n; its content is unspecified.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		s = make([]T, max(n, 64))
	}
	return s[:n]
}
