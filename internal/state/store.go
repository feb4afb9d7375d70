// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import (
	"math/rand/v2"

	"spate/internal/flow"
	"spate/internal/sys/budget"
)

// Config says what a store is for.
type Config struct {
	Budget *budget.Node // Charged for all memory; nil charges nobody.
	// First and Last are the key groups of the subtask, both inclusive, of MaxParallelism ones.
	First, Last    flow.KeyGroup
	MaxParallelism int // 0 means 1.
	// Track keeps the list of rows that changed in an epoch, for checkpoints.
	Track bool
	// NotResident is the seed of random "not resident" answers, for tests; 0: none.
	NotResident uint64
}

// Store is the keyed state of one operator in one subtask.
type Store struct {
	Space
	cfg      Config
	alloc    *allocator
	epoch    uint32
	track    bool
	families []*family
	scratch  []*Space
	rand     *rand.Rand
	fetching int
}

// NewStore returns an empty store in epoch 1.
func NewStore(cfg Config) *Store {
	if cfg.MaxParallelism == 0 {
		cfg.MaxParallelism = 1
	}
	st := &Store{cfg: cfg, alloc: newAllocator(cfg.Budget), epoch: 1, track: cfg.Track}
	st.store = st
	if cfg.NotResident != 0 {
		st.rand = rand.New(rand.NewPCG(cfg.NotResident, 0x5bd1e995))
	}
	return st
}

// ScratchSpace returns a space whose tables are not part of snapshots: for results in the making. Its memory is freed with the store.
func (st *Store) ScratchSpace() *Space {
	sp := &Space{store: st, scratch: true}
	st.scratch = append(st.scratch, sp)
	return sp
}

// Space is a set of tables: the one of the store itself, or that of a namespace of a family.
type Space struct {
	store   *Store
	tables  []*Table
	scratch bool
}

// Reset removes all rows of the space.
func (sp *Space) Reset() {
	for _, t := range sp.tables {
		t.reset()
	}
}

// Table declares a table. Tables are declared when the operator opens, in an order that does not depend on data.
func (sp *Space) Table(spec Spec) *Table {
	t := newTable(sp, spec)
	sp.tables = append(sp.tables, t)
	return t
}

// Store returns the store of the space.
func (sp *Space) Store() *Store { return sp.store }

// Epoch returns the present epoch.
func (st *Store) Epoch() uint32 { return st.epoch }

// NextEpoch begins a new epoch: changes from now on belong to it. It is what a barrier does.
func (st *Store) NextEpoch() { st.epoch++ }

// Err returns the first charge that went over the budget, or nil.
func (st *Store) Err() error { return st.alloc.err }

// Bytes returns the memory that the store holds.
func (st *Store) Bytes() int64 { return st.alloc.held }

// Resident tells whether everything that lookups asked for is in memory now. The driver asks it before it calls Continue of an
// operator that returned Wait.
func (st *Store) Resident() bool {
	if st.fetching > 0 {
		st.fetching--
	}
	return st.fetching == 0
}

// faultEvery is the mean number of lookups between two that answer "not resident" under Config.NotResident.
const faultEvery = 4

// resident decides whether a lookup finds its rows in memory; when it does not, some of ids become NotResident.
func (st *Store) resident(ids []int32) bool {
	if st.rand == nil || len(ids) == 0 || st.rand.IntN(faultEvery) != 0 {
		return true
	}
	for j := range ids {
		ids[j] = Absent
		if st.rand.IntN(8) == 0 {
			ids[j] = NotResident
		}
	}
	ids[st.rand.IntN(len(ids))] = NotResident
	st.fetching = st.rand.IntN(3)
	return false
}

// Written says that all changes up to the present epoch were written or need not be: ids of deleted rows are free again and the
// dirty lists are empty.
func (st *Store) Written() {
	st.each(func(t *Table) {
		for _, id := range t.dead {
			t.live++
			t.bury(id, t.At(id))
		}
		t.dead, t.dirty = t.dead[:0], t.dirty[:0]
	})
}

// each calls f for all tables.
func (st *Store) each(f func(*Table)) {
	for _, t := range st.tables {
		f(t)
	}
	for _, fam := range st.families {
		for _, sp := range fam.spaces {
			for _, t := range sp.tables {
				f(t)
			}
		}
	}
}

// Close gives all memory back. It may be called more than once.
func (st *Store) Close() {
	st.each((*Table).reset)
	for _, sp := range st.scratch {
		sp.Reset()
	}
	for _, fam := range st.families {
		for _, sp := range fam.idle {
			for _, t := range sp.tables {
				t.reset()
			}
		}
		fam.idle = nil
	}
	st.alloc.close()
}
