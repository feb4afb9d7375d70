// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"
	"strings"
	"sync"

	"spate/internal/sys/suggest"
)

// Registry is an immutable set of functions, found by name or alias in any case. It is safe for concurrent use.
type Registry struct {
	byName map[string]*Function
	names  []string
}

// NewRegistry makes a registry of the given lists. Two functions of one name are a bug and panic.
func NewRegistry(lists ...[]*Function) *Registry {
	r := &Registry{byName: make(map[string]*Function)}
	for _, list := range lists {
		for _, f := range list {
			r.add(f.Name, f)
			r.names = append(r.names, f.Name)
			for _, a := range f.Aliases {
				r.add(a, f)
			}
		}
	}
	slices.Sort(r.names)
	return r
}

func (r *Registry) add(name string, f *Function) {
	if name != strings.ToUpper(name) {
		panic("BUG: function name " + name + " is not in upper case")
	}
	if _, dup := r.byName[name]; dup {
		panic("BUG: two functions named " + name)
	}
	r.byName[name] = f
}

// With returns a registry with further functions, for example those of the user.
func (r *Registry) With(lists ...[]*Function) *Registry {
	own := make([]*Function, 0, len(r.names))
	for _, n := range r.names {
		own = append(own, r.byName[n])
	}
	return NewRegistry(append([][]*Function{own}, lists...)...)
}

// Lookup finds a function by name or alias; case does not count.
func (r *Registry) Lookup(name string) (*Function, bool) {
	f, ok := r.byName[name]
	if !ok {
		f, ok = r.byName[strings.ToUpper(name)]
	}
	return f, ok
}

// Names returns the canonical names in alphabetical order, operators and special forms included.
func (r *Registry) Names() []string { return r.names }

// Suggest returns "did you mean `X`?" for the function whose name is nearest, or "" when none is near.
func (r *Registry) Suggest(name string) string {
	all := make([]string, 0, len(r.byName))
	for n := range r.byName {
		all = append(all, n)
	}
	slices.Sort(all)
	return suggest.Hint(strings.ToUpper(name), all)
}

// Builtins returns the registry of all functions that come with Spate.
var Builtins = sync.OnceValue(func() *Registry { return NewRegistry(builtins()...) })
