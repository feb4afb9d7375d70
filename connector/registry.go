// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector

import (
	"maps"
	"slices"

	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// Registry finds connectors and formats by identifier. It is filled once, from explicit lists, and read-only afterwards, so it is
// safe for concurrent use.
type Registry struct {
	factories map[string]*Factory
	formats   map[string]*Format
}

// NewRegistry returns a registry of the given connectors and formats; of two with one identifier the later one counts, so that
// a program can replace a built-in one.
func NewRegistry(factories []*Factory, formats []*Format) *Registry {
	r := &Registry{factories: map[string]*Factory{}, formats: map[string]*Format{}}
	for _, f := range factories {
		r.factories[f.Identifier] = f
	}
	for _, f := range formats {
		r.formats[f.Identifier] = f
	}
	return r
}

// Factory returns a connector; the error lists the known ones.
func (r *Registry) Factory(identifier string) (*Factory, error) {
	if f := r.factories[identifier]; f != nil {
		return f, nil
	}
	names := slices.Collect(maps.Keys(r.factories))
	return nil, errs.New(errs.InvalidOption, "connector '%s' is not known%s; known connectors are: %s",
		identifier, suffixHint(identifier, names), suggest.Sorted(names))
}

// Format returns a format; the error lists the known ones. It makes a Registry a Formats.
func (r *Registry) Format(identifier string) (*Format, error) {
	if f := r.formats[identifier]; f != nil {
		return f, nil
	}
	names := slices.Collect(maps.Keys(r.formats))
	return nil, errs.New(errs.InvalidOption, "format '%s' is not known%s; known formats are: %s",
		identifier, suffixHint(identifier, names), suggest.Sorted(names))
}

// Factories returns all connectors in the order of their identifiers.
func (r *Registry) Factories() []*Factory {
	out := make([]*Factory, 0, len(r.factories))
	for _, id := range slices.Sorted(maps.Keys(r.factories)) {
		out = append(out, r.factories[id])
	}
	return out
}

// Open finds the connector that the options of a table name and validates the options against it.
func (r *Registry) Open(options Options) (*Factory, error) {
	id, ok := options[ConnectorKey]
	if !ok {
		names := slices.Collect(maps.Keys(r.factories))
		hint := ""
		if near := suggest.Nearest(ConnectorKey, slices.Collect(maps.Keys(options))); near != "" {
			hint = " (it has '" + near + "')"
		}
		return nil, errs.New(errs.InvalidOption, "option '%s' is required to say what holds the table%s; known connectors are: %s",
			ConnectorKey, hint, suggest.Sorted(names))
	}
	f, err := r.Factory(id)
	if err != nil {
		return nil, err
	}
	return f, Validate(f, r, options)
}

// NewSource makes the source of a table, or says that the connector cannot be read.
func (f *Factory) NewSource(t *Table) (Source, error) {
	if f.Source == nil {
		return nil, errs.New(errs.InvalidOption, "connector '%s' can only be written to, not read", f.Identifier)
	}
	return f.Source(t)
}

// NewSink makes the sink of a table, or says that the connector cannot be written to.
func (f *Factory) NewSink(t *Table) (Sink, error) {
	if f.Sink == nil {
		return nil, errs.New(errs.InvalidOption, "connector '%s' can only be read, not written to", f.Identifier)
	}
	return f.Sink(t)
}
