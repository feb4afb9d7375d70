// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package state

import "slices"

// maxIdle bounds the dropped namespaces whose tables a family keeps for re-use.
const maxIdle = 4

// family is a set of namespaces, each with the same tables.
type family struct {
	name   string
	store  *Store
	names  []int64  // Ascending.
	spaces []*Space // Parallel to names.
	idle   []*Space
	make   func() *Space
}

// template returns a space with the tables of the family: for their layout.
func (f *family) template() *Space {
	if len(f.spaces) > 0 {
		return f.spaces[0]
	}
	if len(f.idle) == 0 {
		f.idle = append(f.idle, f.make())
	}
	return f.idle[0]
}

// Family keeps one T, a struct of tables, for each namespace: a window or a slice, by its end. Namespaces are few compared with rows.
type Family[T any] struct {
	*family
	values  map[*Space]T
	lastKey int64
	last    T
	lastOK  bool
}

// NewFamily declares a family. declare makes the tables of one namespace and is called for each.
func NewFamily[T any](st *Store, name string, declare func(*Space) T) *Family[T] {
	f := &Family[T]{family: &family{name: name, store: st}, values: map[*Space]T{}}
	f.make = func() *Space {
		sp := &Space{store: st}
		f.values[sp] = declare(sp)
		return sp
	}
	st.families = append(st.families, f.family)
	return f
}

// Get returns the tables of a namespace, made when there are none yet.
func (f *Family[T]) Get(ns int64) T {
	if f.lastOK && f.lastKey == ns {
		return f.last
	}
	f.lastKey, f.last, f.lastOK = ns, f.values[f.open(ns)], true
	return f.last
}

// Find returns the tables of a namespace if there are any.
func (f *Family[T]) Find(ns int64) (t T, ok bool) {
	i, ok := slices.BinarySearch(f.names, ns)
	if !ok {
		return t, false
	}
	return f.values[f.spaces[i]], true
}

// Names returns the namespaces in ascending order. The slice is valid until the next Get or Drop.
func (f *Family[T]) Names() []int64 { return f.names }

// Drop removes a namespace with all its rows.
func (f *Family[T]) Drop(ns int64) {
	f.lastOK = false
	if sp := f.drop(ns); sp != nil {
		delete(f.values, sp)
	}
}

// open returns the space of a namespace.
func (f *family) open(ns int64) *Space {
	i, ok := slices.BinarySearch(f.names, ns)
	if ok {
		return f.spaces[i]
	}
	var sp *Space
	if n := len(f.idle); n > 0 {
		sp = f.idle[n-1]
		f.idle = f.idle[:n-1]
	} else {
		sp = f.make()
	}
	f.names = slices.Insert(f.names, i, ns)
	f.spaces = slices.Insert(f.spaces, i, sp)
	return sp
}

// drop removes a namespace and returns its space when it is not kept for re-use.
func (f *family) drop(ns int64) *Space {
	i, ok := slices.BinarySearch(f.names, ns)
	if !ok {
		return nil
	}
	sp := f.spaces[i]
	f.names = slices.Delete(f.names, i, i+1)
	f.spaces = slices.Delete(f.spaces, i, i+1)
	sp.Reset()
	if len(f.idle) < maxIdle {
		f.idle = append(f.idle, sp)
		return nil
	}
	return sp
}
