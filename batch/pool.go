// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package batch

import (
	"sync"
	"sync/atomic"

	"spate/internal/sys/budget"
	"spate/schema"
)

// maxFree bounds the batches that a pool keeps; more than that in flight at once is rare, and the surplus goes to the
// garbage collector.
const maxFree = 64

// Pool makes and recycles batches of one layout. It is safe for concurrent use: consumers release batches from their own
// goroutines. What its batches own is charged to a budget; a charge over the limit is remembered and reported by Err, which
// the task driver checks after every step, so that appends need no error path.
type Pool struct {
	types  []*schema.Type
	budget *budget.Node
	poison bool

	mu     sync.Mutex
	free   []*Batch
	closed bool

	err     atomic.Pointer[error]
	refused atomic.Int64 // Bytes held that the budget refused.
}

// NewPool returns a pool of batches with columns of the given types, charged to a budget; nil charges nobody.
func NewPool(types []*schema.Type, b *budget.Node) *Pool { return &Pool{types: types, budget: b} }

// Poison makes the pool overwrite what is released, so that a use after release shows in tests.
func (p *Pool) Poison() { p.poison = true }

// Types returns the column types.
func (p *Pool) Types() []*schema.Type { return p.types }

// Get returns an empty batch that the caller owns.
func (p *Pool) Get() *Batch {
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free[n-1] = nil
		p.free = p.free[:n-1]
		p.mu.Unlock()
		b.free = false
		return b
	}
	p.mu.Unlock()
	b := &Batch{pool: p, own: make([]*Vector, len(p.types)), cols: make([]*Vector, len(p.types))}
	for i, t := range p.types {
		b.own[i] = newVector(t, p)
	}
	copy(b.cols, b.own)
	return b
}

// View returns a batch over the columns, kinds and selection of b, a batch of the pool's layout, which it owns as after Adopt: a header
// for one holder of a shared batch, who may give it a selection of its own.
func (p *Pool) View(b *Batch) *Batch {
	v := p.Get()
	v.Adopt(b)
	copy(v.cols, b.cols)
	return v
}

// Err returns the first charge that went over the budget, or nil.
func (p *Pool) Err() error {
	if e := p.err.Load(); e != nil {
		return *e
	}
	return nil
}

// Close gives the budget of all free batches back; that of batches still in flight follows when they are released. The pool goes on
// making batches, but keeps none.
func (p *Pool) Close() {
	p.mu.Lock()
	free := p.free
	p.free, p.closed = nil, true
	p.mu.Unlock()
	for _, b := range free {
		p.drop(b)
	}
}

func (p *Pool) put(b *Batch) {
	if p.poison {
		b.poison()
	}
	b.reset()
	p.mu.Lock()
	if len(p.free) < maxFree && !p.closed {
		p.free = append(p.free, b)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.drop(b)
}

func (p *Pool) drop(b *Batch) {
	var n int64
	for _, v := range b.own {
		n += v.memory()
	}
	p.uncharge(n)
}

// charge counts n more bytes, or fewer when n is negative.
func (p *Pool) charge(n int64) {
	if n <= 0 {
		p.uncharge(-n)
		return
	}
	if err := p.budget.Grow(n); err != nil {
		p.refused.Add(n)
		p.err.CompareAndSwap(nil, &err)
	}
}

// uncharge gives n bytes back: first what the budget refused, so that it never gets back more than it granted.
func (p *Pool) uncharge(n int64) {
	for n > 0 {
		r := p.refused.Load()
		if r == 0 {
			p.budget.Shrink(n)
			return
		}
		if take := min(r, n); p.refused.CompareAndSwap(r, r-take) {
			n -= take
		}
	}
}

// poisonByte fills released buffers under Poison.
const (
	poisonByte = 0xA5
	poisonWord = 0xA5A5A5A5A5A5A5A5
	poisonKind = 0x5A
	poisonRow  = -0x5A5A5A5B
)

func (b *Batch) poison() {
	for _, v := range b.own {
		v.poison()
	}
	for i := range b.kbuf {
		b.kbuf[i] = poisonKind
	}
	for i := range b.sbuf {
		b.sbuf[i] = poisonRow
	}
}

func (v *Vector) poison() {
	for _, buf := range [][]byte{v.ownData, v.ownAux[:cap(v.ownAux)]} {
		for i := range buf {
			buf[i] = poisonByte
		}
	}
	for i := range v.valid {
		v.valid[i] = poisonWord
	}
	for _, k := range v.ownKids {
		k.poison()
	}
}

// Budget is a node of the budget tree that memory is charged to. A nil Budget is valid and unlimited.
type Budget = budget.Node

// NewBudget returns the root of a budget tree of its own with a limit in bytes; 0 means no limit.
func NewBudget(name string, limit int64) *Budget { return budget.New(name, limit) }
