// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector

// Options are the validated options of a table: key to text, as written.
type Options map[string]string

// Get returns the text of a key, or the default.
func (o Options) Get(key, def string) string {
	if v, ok := o[key]; ok {
		return v
	}
	return def
}

// Has tells whether the key is set.
func (o Options) Has(key string) bool {
	_, ok := o[key]
	return ok
}
